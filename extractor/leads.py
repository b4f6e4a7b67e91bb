"""The action that the line which leads in a list states for its entries."""

from __future__ import annotations

from extractor.clauses import Governor, fits
from extractor.words import Words, lexicon, verb_at


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
