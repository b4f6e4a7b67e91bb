"""How things came to somebody, where the verb alone does not say: "took", "in possession of"."""

from __future__ import annotations

from extractor.language.words import ActionRow, Words, lexicon, word_list

_ANYBODY = {"he", "male", "males", "man", "men", "she", "woman", "women", "youth", "youths"}  # police say "officers"


def had(words: Words, at: int) -> bool:
    """Whether "in possession of" tells a find and not an offence."""
    low = words.low
    if "in" not in low[max(0, at - 3) : at] or not word_list("accusation").isdisjoint(low[max(0, at - 14) : at]):
        return False
    if _pretended(low[words.first_of_sentence(at) : at]):
        return False
    if low[at - 3 : at - 2] == ["also"]:
        return True  # what else a search brought to light
    return not word_list("caught").isdisjoint(low[max(words.first_of_sentence(at), at - 20) : at + 12])


def _pretended(low: list[str]) -> bool:
    """Whether somebody was only told it: "he told his victims that a man was in possession of their cards"."""
    if not word_list("told a lie").isdisjoint(low):
        return True
    return "told" in low and not {"victim", "victims"}.isdisjoint(low[(at := low.index("told")) : at + 4])


def taken(words: Words, at: int, last: int) -> ActionRow:
    """What "took" says of things: police took them off people or off the streets, a bin took them in, thieves stole."""
    actions, low = lexicon().actions, words.low
    subject = set(low[words.first_of_sentence(at) : at])
    if subject & word_list("amnesty"):
        return actions["surrendered"]
    off = "off" in low[last + 1 : last + 3]
    if off and "street" in "".join(low[last + 2 : last + 5]):
        return actions["recovered"]
    if off and words.tag[last + 2 : last + 3] == ["n"]:
        return actions["seized"]
    police = subject & word_list("police")
    return actions["seized" if police or off else "stolen"]


def by_offenders(words: Words, at: int) -> bool:
    """Whether those who do what an active verb says are offenders: "the gang had removed"."""
    offenders, tag, low = word_list("offenders"), words.tag, words.low
    before = at - 1
    while before > 0 and tag[before] in "ha":
        before -= 1
    if before < 0 or tag[before] != "c":
        group = low[before - 1 : before + 1] in (["crime", "group"], ["criminal", "group"])
        slipped = low[at] == "removed" and low[before] in _ANYBODY
        return before >= 0 and (group or slipped or low[before] in offenders)
    index = words.first_of_sentence(at)
    while index < before and tag[index] in "dweg":
        if low[index] in offenders:
            return tag[index + 1] in "vo"
        index += 1
    return False


def robbed(words: Words, first: int) -> bool:
    """Whether things were handed over to an offender rather than to police."""
    low, begin = words.low, words.first_of_sentence(first)
    if not word_list("robbery").isdisjoint(low[begin:first]):
        return True
    before = words.first_of_sentence(begin - 1) if begin > 1 else begin
    return "over" in low[begin:first] and not word_list("robbing").isdisjoint(low[before:begin])
