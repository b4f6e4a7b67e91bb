"""What a container, a measure or a word like "drugs" holds: the category of what the text names beside it."""

from __future__ import annotations

from extractor.counts import categories
from extractor.language.words import Words

_BACK = 60  # words before "the drug" among which it may be named
_REACH = 25  # words behind a phrase among which a drug may be named


def contents(words: Words, last: int) -> tuple[int, tuple[str, ...]] | None:
    """ "of cocaine" after a container or measure: index of its last word, and its categories."""
    low, tag = words.low, words.tag
    at = last + 1
    if at < len(low) and low[at] in ("worth",):
        at += 1
    if at + 1 >= len(low) or low[at] not in ("of", "in"):
        return None
    best: tuple[int, tuple[str, ...]] | None = None
    begin = at + 1
    stop = min(len(low), begin + 7)
    for index in range(begin, stop):
        if tag[index] not in "wegvd":
            if low[index] == "and" and best is None:
                continue
            break
        term = categories.term_at(low, begin, index)
        if term and term.row.kind == "thing" and (tag[index] != "v"):
            best = (index, (term.row.id,))
    if best:
        best = _with_others(words, *best)
    if best and best[1] == ("drug",) and low[at - 1] != "worth":
        named = drug_nearby(words, begin, best[0])
        if named is None and low[begin : begin + 2] == ["the", "drug"]:
            named = drug_before(words, begin)
        if named:
            best = (best[0], named)
    elif best is None:
        index = begin
        while index < stop and tag[index] in "we":
            index += 1
        best = (index - 1, ("other",)) if index > begin else None
    return best


def _with_others(words: Words, last: int, names: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """Takes in further drugs: "wraps of crack cocaine and heroin"."""
    low, tag = words.low, words.tag
    while names[0].startswith("drug.") and last + 2 < len(low) and low[last + 1] in (",", "and", "&"):
        term, at = None, last + 1
        for at in range(min(last + 4, len(low) - 1), last + 1, -1):
            term = categories.term_at(low, last + 2, at)
            if term and term.length == at - last - 1:
                break
        else:
            break
        bare = tag[at + 1 : at + 2] not in (["w"], ["g"]) and not term.plural
        if not bare or not term.row.id.startswith("drug.") or term.row.id == "drug.paraphernalia":
            break
        last, names = at, tuple(dict.fromkeys((*names, term.row.id)))
    return last, names


def filled(words: Words, last: int) -> tuple[str, ...] | None:
    """The category of a container by what fills it: "bottles filled with petrol", "bags containing cannabis"."""
    low = words.low
    for stop in range(last + 4, last + 1, -1):
        whole = categories.terms().get(" ".join(low[last:stop]))
        if whole and whole.length == stop - last:
            return (whole.row.id,)
    at = last + 1
    if low[at : at + 2] in (["filled", "with"], ["full", "of"], ["stuffed", "with"]):
        at += 2
    elif low[at : at + 1] == ["containing"]:
        at += 1
    else:
        return None
    for index in range(min(at + 2, len(low) - 1), at - 1, -1):
        term = categories.term_at(low, at, index)
        if term and term.row.kind == "thing" and words.tag[at] in "weg":
            return (term.row.id,)
    return None


def drug_before(words: Words, first: int) -> tuple[str, ...] | None:
    """The drug named last before "the drug"."""
    for at in range(first - 1, max(-1, first - _BACK), -1):
        term = categories.term_at(words.low, max(0, at - 2), at)
        if term and term.row.id.startswith("drug.") and term.row.id != "drug.paraphernalia":
            return (term.row.id,)
    return None


def drug_nearby(words: Words, first: int, last: int) -> tuple[str, ...] | None:
    """The drugs that the sentence names, where a phrase says only "drugs" or "wraps"."""
    low = words.low
    names: dict[str, None] = {}
    begin = words.first_of_sentence(first)
    for at in (*range(begin, first), *range(last + 1, min(last + _REACH, len(low)))):
        if at > last and words.tag[at] in ".\n":
            break
        if low[at] == "crack" and low[at + 1 : at + 2] == ["cocaine"]:
            continue
        term = categories.term_at(low, max(begin, at - 2), at)
        if term and term.row.id.startswith("drug.") and term.row.id != "drug.paraphernalia":
            names[term.row.id] = None
    return tuple(names) or None
