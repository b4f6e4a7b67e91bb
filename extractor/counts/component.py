"""Counts: numbers of people, things, policing activity or money, with what was done to them.

The component reads every numeral, decides whether it counts something, and writes what it found. The row of each span
holds value, modifier, unit, categories and action; `resolve` makes models of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import cast

from spacy.language import Language
from spacy.tokens import Doc

from extractor import spans
from extractor.counts import categories as taxonomy
from extractor.counts import frames, phrases
from extractor.counts.ellipsis import Told, elliptical, in_cell, recalled
from extractor.counts.items import asked
from extractor.counts.meaning import CURRENCIES, Figure, Sense, headed, kind_of, made, measure, money
from extractor.counts.tabulated import cells, pages
from extractor.language import parse
from extractor.language.words import Words, words_of
from extractor.models import Action, Count, Date, Organisation, Quote, ReleaseWarning
from extractor.numbers.guards import guard
from extractor.numbers.numerals import Number, Numeral
from extractor.numbers.numerals import numerals as numerals_of
from extractor.text.layout import Layout, layout_of
from extractor.text.source import Source


@Language.component("extractor_counts")
def component(doc: Doc) -> Doc:
    """Writes ``doc.spans["counts"]``: label = rule, id = value|value_max|modifier|unit|categories|action|odd|said."""
    verdicts = list(_verdicts(doc))
    words = words_of(spans.text_of(doc))
    found = [v for _, v in verdicts if isinstance(v, Figure)]
    spans.write(doc, "counts", [spans.Match(f.start, f.end, f.rule, _pack(f, words)) for f in found])
    doc.spans["counts"].attrs["numerals"] = [
        [n.start, n.end, "count" if isinstance(v, Figure) else v] for n, v in verdicts
    ]
    return doc


def resolve(
    doc: Doc,
    source: Source,
    dates: Sequence[Date],
    organisations: Sequence[Organisation],
    quotes: Sequence[Quote],
) -> tuple[list[Count], list[ReleaseWarning]]:
    """The counts as models in text order, and warnings about odd numbers."""
    counts, warnings = [], []
    for index, match in enumerate(spans.read(doc, "counts"), 1):
        value, value_max, modifier, unit, categories, action, odd, said = match.row.split("|")
        text = source.text[match.start : match.end]
        counts.append(
            Count(
                id=f"c{index}", start=match.start, end=match.end, text=text, rule=match.rule,
                value=_number(value), value_max=_number(value_max) if value_max else None,
                modifier=modifier, unit=unit, categories=tuple(categories.split(",")),
                action=_action(action, unit, categories),
                when=None, where=None, organisations=(), subset_of=None, same_as=None,
                quote=_quote_of(match.start, match.end, quotes), evidence=frames.evidence_in(said, source.text),
            )
        )  # fmt: skip
        if odd:
            message = f"the digits of {text!r} are grouped as in no number"
            warnings.append(ReleaseWarning(code="odd-number", message=message, start=match.start, end=match.end))
    return counts, warnings


def _action(action: str, unit: str, names: str) -> Action | None:
    """The action of a count: its clause's, else that which an activity is by itself ("44 arrests")."""
    own = taxonomy.actions().get(names.split(",", maxsplit=1)[0]) if unit == "activity" else None
    return cast("Action | None", action or own)


def _quote_of(start: int, end: int, quotes: Sequence[Quote]) -> str | None:
    return next((q.id for q in quotes for s in q.spans if s.start <= start and end <= s.end), None)


def _pack(figure: Figure, words: Words) -> str:
    numeral, sense = figure.numeral, figure.sense
    top = "" if numeral.value_max is None else repr(numeral.value_max)
    parts = (repr(numeral.value), top, figure.modifier, sense.unit, ",".join(sense.categories), sense.action or "")
    governor = None
    if sense.action:
        kind = kind_of(sense.row) if sense.row else sense.kind
        governor = frames.action_of(words, numeral.first, figure.last, kind)
    said = frames.packed(governor) if governor and governor.row.action == sense.action else ""
    return "|".join((*parts, "odd" if numeral.odd else "", said))


def _number(text: str) -> Number:
    return float(text) if "." in text or "e" in text else int(text)


def _verdicts(doc: Doc) -> Iterator[tuple[Numeral, Figure | str]]:
    """Each numeral with the count it is, or the name of the reason why it is none."""
    words = words_of(spans.text_of(doc))
    layout = layout_of(doc)
    grammar = parse.begin(doc, words.text, layout)
    dates = spans.read(doc, "dates")
    starts = [d.start for d in dates]
    found = [(n, _reason(words, n, dates, starts)) for n in numerals_of(words)]
    grammar.prepare([*(words.start[n.number] for n, reason in found if reason is None), *asked(words, layout)])
    told = Told(None, {})
    table, turned = cells(words, layout), pages(words, layout)
    former: tuple[Numeral, str] | None = None
    for numeral, reason in found:
        verdict: Figure | str | None
        if reason == "date":
            verdict = reason
        elif numeral.number in turned:
            verdict = "page"
        elif numeral.number in table and numeral.unit is None:
            verdict = in_cell(words, numeral, table[numeral.number])
        else:
            verdict = reason or _figure(words, numeral, layout, told)
            if former and former[1] in ("age", "road", "law", "phone") and _listed_with(words, former[0], numeral):
                verdict = former[1]
        if isinstance(verdict, Figure) and verdict.sense.unit != "percent":
            if told.previous is None or told.previous.last != verdict.last:  # of "four £10,000 fines" the first counts
                told.previous = verdict
            told.by_value.setdefault((numeral.value, numeral.unit), verdict)
        former = (numeral, verdict if isinstance(verdict, str) else "count")
        yield numeral, verdict


def _reason(words: Words, numeral: Numeral, dates: Sequence[spans.Match], starts: Sequence[int]) -> str | None:
    """Why a numeral by itself is no count, if it is none."""
    return "date" if _in_any(dates, starts, words.start[numeral.number]) else guard(words, numeral)


def _in_any(matches: Sequence[spans.Match], starts: Sequence[int], position: int) -> bool:
    """Whether a position lies within one of the matches, whose starts are given."""
    at = bisect_right(starts, position) - 1
    return at >= 0 and position < matches[at].end


def _listed_with(words: Words, former: Numeral, numeral: Numeral) -> bool:
    """Whether a numeral goes on a list: "aged 15, 17 and 19"."""
    between = words.low[former.last + 1 : numeral.first]
    return 0 < len(between) <= 2 and all(w in (",", "and", "or", "&", "to") for w in between)


def _figure(words: Words, numeral: Numeral, layout: Layout, told: Told) -> Figure | str:
    if numeral.unit in CURRENCIES:
        return recalled(money(words, numeral, layout), told)
    if numeral.unit == "percent":
        return made(words, numeral, numeral.last, "percent", Sense("thing", "percent", ("other",), None))
    if numeral.unit is not None:
        return measure(words, numeral, layout)
    plural = numeral.value != 1 or numeral.value_max is not None or numeral.modifier == "at_least"
    plural = plural and words.low[numeral.last + 1 : numeral.last + 2] not in (["x"], ["×"])  # "2 x burglary"
    head, reason = phrases.head_of(words, numeral.last + 1, plural)
    if reason:
        return reason
    if _adjectival(words, numeral, numeral.last if head is None else head.last):
        return "compound"
    if head is None:
        return elliptical(words, numeral, layout, told)
    if not plural and head.terms[0] is None and words.low[numeral.number] == "one":
        return "pronoun" if words.tag[numeral.last + 1] != "w" else headed(words, numeral, head, layout)
    if words.low[numeral.number] == "one" and numeral.first and _some_place(words, numeral, head):
        return "pronoun"
    return recalled(headed(words, numeral, head, layout), told)


def _adjectival(words: Words, numeral: Numeral, last: int) -> bool:
    """Whether a number with "a" before it belongs to what is one thing: "a two car crash"."""
    article = words.low[numeral.first - 1 : numeral.first] if numeral.first == numeral.number else []
    last = max(last, numeral.last + 1)
    return article in (["a"], ["an"]) and last < len(words.low) and not phrases.is_plural(words.low[last])


def _some_place(words: Words, numeral: Numeral, head: phrases.Head) -> bool:
    """Whether "one" says no more than "a": "at one address", "from one area to another"."""
    if "another" in words.low[head.last + 1 : head.last + 4]:
        return True
    place = head.terms[0] is not None and head.terms[0].row.kind == "place"
    return place and words.tag[numeral.first - 1] == "p"
