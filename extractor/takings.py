"""How things came to somebody, where the verb alone does not say: "took", "in possession of"."""

from __future__ import annotations

from extractor.words import ActionRow, Words, lexicon, word_list


def had(words: Words, at: int) -> bool:
    """Whether "in possession of" tells a find and not an offence."""
    low = words.low
    if "in" not in low[max(0, at - 3) : at] or not word_list("accusation").isdisjoint(low[max(0, at - 14) : at]):
        return False
    if low[at - 3 : at - 2] == ["also"]:
        return True  # what else a search brought to light
    return not word_list("caught").isdisjoint(low[max(words.first_of_sentence(at), at - 20) : at + 12])


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
