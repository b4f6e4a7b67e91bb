"""Tables flattened to lines: each figure takes its category from the head of its column or the label of its row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractor.counts import categories
from extractor.counts.frames import Governor
from extractor.counts.leads import lead_in
from extractor.language.words import Words
from extractor.text.layout import Layout, Line

_LABEL = 60  # characters of a label or a row of heads

_PAGE = 4  # digits from which a number is none of a page
_MANY = 5

Terms = tuple[categories.Term, ...]


@dataclass(frozen=True)
class Cell:
    """A figure of a table: the terms that say what it counts, and the lead-ins of the table."""

    terms: Terms
    leads: Sequence[tuple[int, int]]

    def governor(self, words: Words) -> Governor | None:
        """The action that the lead-ins of the table state."""
        kind = self.terms[0].row.kind
        for start, end in self.leads:
            found = lead_in(words, words.at(start), words.at(end - 1), kind)
            if found:
                return found
        return None


def cells(words: Words, layout: Layout) -> dict[int, Cell]:
    """The figures of the tables of a text, by the index of their word.

    A row is a line that ends in as many figures as the last line of heads has nouns of the taxonomy ("Force Searches
    Arrests" over "Kent 3,120 410"), or a run of lines of one figure each below a line without any ("Drugs", "88").
    """
    found: dict[int, Cell] = {}
    run: list[tuple[Line, int]] = []  # lines of one figure each
    labels: list[Line] = []  # the lines without figures right above them
    heads: list[Terms] = []  # the heads of the columns
    for line in layout.lines:
        figures, alone = _figures(words, line)
        if alone and labels:
            run.append((line, figures[0]))
            continue
        if run:
            heads = _close(words, run, labels, heads, found)
            run, labels = [], []
        if len(figures) > 1 and len(figures) == len(heads):
            found.update((at, Cell(terms, line.leads)) for at, terms in zip(figures, heads, strict=True) if terms)
        elif figures or line.end - line.start > _LABEL or words.text[line.end - 1] in ".!?,;:”":
            labels, heads = [], heads if len(figures) > 1 else []
        else:
            labels.append(line)
            columns = _columns(words, line)
            if len(columns) > 1:
                heads = columns
    if run:
        _close(words, run, labels, heads, found)
    return found


def _close(
    words: Words, run: list[tuple[Line, int]], labels: list[Line], heads: list[Terms], found: dict[int, Cell]
) -> list[Terms]:
    """Reads a run of lines of one figure each; returns the heads of the table's columns."""
    if len(run) == 1:
        terms = tuple(_terms(words, labels[-1]))
        column = () if terms else _column(words, labels, heads)
        if terms or column:
            found[run[0][1]] = Cell(terms or column, labels[-1].leads)
        return [column] if column else []
    above = labels[-len(run) - 1 : -1]
    if len(above) == len(run):
        heads = [tuple(_terms(words, line)) for line in above]
    if len(heads) != len(run):
        return []
    found.update((at, Cell(terms, line.leads)) for (line, at), terms in zip(run, heads, strict=True) if terms)
    return heads


def _column(words: Words, labels: list[Line], heads: list[Terms]) -> Terms:
    """What the figures of a table of two columns count: "Force", "Arrests", "Kent", "16", "Surrey", "5"."""
    if len(labels) > 1:
        return tuple(_terms(words, labels[-2]))
    return heads[0] if len(heads) == 1 else ()


def pages(words: Words, layout: Layout) -> set[int]:
    """The numbers of pages to turn to: five or more lines that have nothing but one number each, in order."""
    found: set[int] = set()
    run: list[int] = []
    for line in layout.lines:
        body = words.text[line.start : line.end]
        at = words.at(line.start) if len(body) < _PAGE and body.isdecimal() else -1
        if at < 0 or (run and int(words.low[run[-1]]) >= int(body)):
            found.update(run if len(run) >= _MANY else ())
            run = []
        if at >= 0:
            run.append(at)
    found.update(run if len(run) >= _MANY else ())
    return found


def _figures(words: Words, line: Line) -> tuple[list[int], bool]:
    """The figures at the end of a line, in order, and whether there is one and nothing else."""
    if not words.text[line.end - 1].isdecimal():
        return [], False
    first = words.at(line.start)
    at = words.at(line.end - 1)
    stop, figures = max(first, at - 12), []
    while at >= stop and words.tag[at] == "x":
        figures.append(at)
        at -= 1
    figures.reverse()
    return figures, len(figures) == 1 and at < first


def _terms(words: Words, line: Line) -> Iterator[categories.Term]:
    """The nouns of a label: "Offensive weapons and blades"."""
    first, last = words.at(line.start), words.at(line.end - 1)
    at = last
    found: list[categories.Term] = []
    while at >= first:
        term = categories.term_at(words.low, first, at)
        if term and (term.plural or words.low[at] in categories.mass()):
            found.append(term)
            at -= term.length
        elif found and words.low[at] not in ("and", "&", "/", ",", "or"):
            break
        else:
            at -= 1
    kind = found[0].row.kind if found else ""
    yield from (term for term in reversed(found) if term.row.kind == kind)


def _columns(words: Words, line: Line) -> list[Terms]:
    """The heads of the columns of a line that has nothing else behind the first: "Force Searches Arrests"."""
    first, at = words.at(line.start), words.at(line.end - 1)
    found: list[Terms] = []
    while at >= first:
        term = categories.term_at(words.low, first, at)
        if term is None or not term.plural:
            break
        found.append((term,))
        at -= term.length
    return found[::-1]
