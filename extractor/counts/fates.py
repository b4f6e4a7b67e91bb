"""What befalls people, in several words or without a verb: "taken to hospital", "found guilty", "lost their lives"."""

from __future__ import annotations

from extractor.language.words import Words, word_list

_CONDITIONS = {"critical", "serious", "stable", "life-threatening"}


def fate(words: Words, at: int) -> str | None:
    """What several words say of people: "taken to hospital", "pronounced dead", "handed fines", "found guilty"."""
    low = words.low
    if low[at] == "lost":
        return "killed" if life_behind(low, at) else None
    if low[at] in word_list("to hospital") and "hospital" in low[at + 1 : at + 8]:
        return "injured"
    if low[at] in ("handed", "given", "issued") and not word_list("penalty").isdisjoint(low[at + 1 : at + 7]):
        return "ticketed"
    if low[at] == "found" and low[at + 1 : at + 2] == ["guilty"]:
        return "convicted"
    if low[at] in ("pronounced", "declared", "confirmed") and low[at + 1 : at + 2] == ["dead"]:
        return "killed"
    if low[at] in word_list("victimised"):
        return "victimised"
    harm = low[at] in ("suffered", "sustained") and not word_list("injury").isdisjoint(low[at + 1 : at + 8])
    return "injured" if harm else None


def badly_off(words: Words, at: int) -> bool:
    """Whether people are said to be hurt without a verb: "one person seriously injured", "in a critical condition"."""
    low = words.low
    if low[at] == "in":
        return "condition" in low[at + 2 : at + 8] and not _CONDITIONS.isdisjoint(low[at + 1 : at + 4])
    return low[at] in ("seriously", "badly", "slightly") and low[at + 1 : at + 2] in (["injured"], ["hurt"])


def life_behind(low: list[str], at: int) -> bool:
    """Whether "their lives" or the like stands behind a word."""
    return not {"life", "lives"}.isdisjoint(low[at + 1 : at + 4])
