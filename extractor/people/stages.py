"""What became of a person: the cues of each stage of a case, and which stage is the furthest."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from extractor import tables
from extractor.tables import Row

# In the order in which a case goes on; of a victim and of a missing person, the later one is the graver.
SUSPECT = ("wanted", "arrested", "released", "cautioned", "charged", "remanded", "pleaded_guilty", "convicted",
           "acquitted", "sentenced")  # fmt: skip
VICTIM = ("hurt", "injured", "killed")
MISSING = ("missing", "found")
ROLE = {**dict.fromkeys(SUSPECT, "suspect"), **dict.fromkeys(VICTIM, "victim"), **dict.fromkeys(MISSING, "missing")}


class StageRow(Row):
    """A stage and the expressions that tell it."""

    patterns: tuple[str, ...]


@cache
def _expression() -> re.Pattern[str]:
    rows = tables.load("people.toml", "stage", StageRow)
    return re.compile("|".join(rf"(?P<{row.id}>\b(?:{'|'.join(row.patterns)}))" for row in rows))


class Cue(NamedTuple):
    """Words that tell a stage.

    Attributes:
        start: Offset of the first character.
        end: Offset behind the last one.
        stage: One of `SUSPECT`, `VICTIM` or `MISSING`, or ``future`` (a sentence yet to come).
    """

    start: int
    end: int
    stage: str


def cues(low: str, start: int, end: int) -> list[Cue]:
    """The cues of a sentence in lower case, in order."""
    found = []
    for hit in _expression().finditer(low, start, end):
        stage = str(hit.lastgroup)
        if _denied(low, start, hit.start()) and stage not in ("released", "acquitted", "future"):
            continue
        found.append(Cue(hit.start(), hit.end(), stage))
    return found


_NOT = re.compile(
    r"\b(?:no|not|never|without|nobody|if|could|may|might|would|should|risk)\b(?: \w+){0,3}$|n['’]t(?: \w+){0,2}$"
)


def _denied(low: str, start: int, at: int) -> bool:
    return _NOT.search(low[max(start, at - 30) : at].rstrip()) is not None


def furthest(stages: list[str]) -> str | None:
    """The stage that a case has reached; the one role that it speaks of most decides.

    >>> furthest(["arrested", "charged", "arrested"]), furthest(["charged", "custody"])
    ('charged', 'remanded')
    >>> furthest(["pleaded_guilty", "future"])
    'convicted'
    """
    known = [stage for stage in stages if stage in SUSPECT]
    best = max(known, key=SUSPECT.index) if known else None
    if best in ("arrested", None) and "custody" in stages:
        best = "arrested"
    if best == "charged" and "custody" in stages:
        best = "remanded"
    if "future" in stages and best != "sentenced":
        best = "convicted"
    return best
