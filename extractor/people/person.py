"""One person of a case, while the release is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractor.people import stages
from extractor.people.mentions import Stretch
from extractor.people.offences import Offence
from extractor.people.stages import Cue


@dataclass
class Person:
    """One person of a case, while the release is read.

    Attributes:
        mentions: The phrases that name or describe the person, in order.
        stages: Stage and cue of each thing told of the person.
        offences: The offences named with each stage.
        sentences: Bounds of the sentences that speak of the person, with the stages told there.
    """

    mentions: list[Stretch]
    rule: str
    name: str | None = None
    age: int | None = None
    age_at: Stretch | None = None
    sex: str | None = None
    home: Stretch | None = None
    noun: str | None = None
    indefinite: bool = True
    is_dead: bool = False  # said right behind a mention
    stages: list[Cue] = field(default_factory=list)
    offences: list[tuple[str, Offence]] = field(default_factory=list)
    sentences: list[tuple[int, int, tuple[str, ...]]] = field(default_factory=list)

    @property
    def surname(self) -> str | None:
        """The last word of the name."""
        return self.name.replace("\u00a0", " ").split(" ")[-1] if self.name else None

    @property
    def is_harmed(self) -> bool:
        """Whether the person was harmed, as far as told, and is accused of nothing."""
        return self.role()[0] == "victim" and (self.is_dead or not {c.stage for c in self.stages} & {"hurt", "wanted"})

    def role(self) -> tuple[str | None, Cue | None]:
        """The role that most of what is told speaks for, with the first cue of it."""
        if self.noun == "victim" or self.is_dead:
            return "victim", next((c for c in self.stages if c.stage in stages.VICTIM), None)
        for role in ("suspect", "missing", "victim"):
            strong = [c for c in self.stages if stages.ROLE.get(c.stage) == role and c.stage not in ("wanted", "hurt")]
            if strong:
                return role, strong[0]
        for cue in self.stages:
            if cue.stage in stages.ROLE:
                return stages.ROLE[cue.stage], cue
        return None, None
