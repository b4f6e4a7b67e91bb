"""The action that the line which leads in a list, or the sentence that "These included" goes on with, states."""

from __future__ import annotations

from extractor.counts import categories
from extractor.counts.frames import Governor, action_of, fits
from extractor.language.words import LONGEST_SENTENCE, Words, lexicon, verb_at, word_list

_THOSE = ("these", "they", "this", "those", "them", "it")
_OPENING = 5  # words of "These items also included"


def lead_in(words: Words, first: int, last: int, kind: str) -> Governor | None:
    """The action of the sentence that leads in a list: its last fitting verb or noun."""
    lex = lexicon()
    for at in range(last, first - 1, -1):
        if at and words.low[at] in lex.nouns and words.low[at - 1] in ("on", "during", "in", "by", "after"):
            continue  # "items found on searches"
        if words.tag[at] == "v":
            verb = verb_at(words, at)
            if verb and fits(verb.row, kind):
                return Governor(verb.row, "lead-in")
        elif words.low[at] in lex.nouns and fits(lex.nouns[words.low[at]], kind):
            return Governor(lex.nouns[words.low[at]], "lead-in")
    return None


def carried_on(words: Words, first: int, kind: str) -> Governor | None:
    """The action of the sentence before, where "These included" or "Among them were" goes on with it."""
    begin = words.first_of_sentence(first)
    if not _goes_on(words.low[begin : begin + _OPENING]) or not {"r", "s"}.isdisjoint(words.tag[begin + 2 : first]):
        return None
    end = begin
    while end and words.tag[end - 1] in ".\n":
        end -= 1
    if "\n" in words.tag[end:begin] and words.tag[end : end + 1] != ["."]:
        return None  # a heading
    named = "thing" if kind == "money" else kind
    for at in range(end - 1, max(words.first_of_sentence(end), end - LONGEST_SENTENCE) - 1, -1):
        term = categories.term_at(words.low, 0, at)
        if term and term.row.kind == named:
            found = action_of(words, at - term.length + 1, at, kind)
            if found:
                return Governor(found.row, "carried on")
    return None


def goes_on(words: Words, index: int) -> bool:
    """Whether the sentence of a word opens with "These included" or "Among them were"."""
    begin = words.first_of_sentence(index)
    return _goes_on(words.low[begin : begin + _OPENING])


def _goes_on(opening: list[str]) -> bool:
    """Whether a sentence opens with "These included" or "Among them were"."""
    if opening[:1] in (["among"], ["amongst"]):
        return opening[1:2] != [] and opening[1] in _THOSE and not {"was", "were"}.isdisjoint(opening)
    return opening[:1] != [] and opening[0] in _THOSE and not word_list("inclusion").isdisjoint(opening)
