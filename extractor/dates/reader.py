"""Reads the nodes of a text one by one, and keeps what later ones need: the day and the year last spoken of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date

from extractor.dates import edtf, years
from extractor.dates.forms import Grammar, Node

_DAY = re.compile(r"[\dX]{4}-\d\d-\d\d")

_TOO_LATE = re.compile(r"(?:^|/)\d{5}")  # a year that EDTF writes otherwise, and no release means


class Reader:
    """Reads the nodes of one text in order, and remembers the day the story has come to.

    Attributes:
        used: What the value now being read has drawn on: ``published``, ``context``.
        mismatch: Code of the warning, where what the text says of the day now being read contradicts itself.
    """

    def __init__(self, text: str, known: Grammar, meanings: Mapping[str, Meaning], published: date | None) -> None:
        self.text = text
        self.known = known
        self._meanings = meanings
        self.published = published
        self.used: set[str] = set()
        self.mismatch = ""
        self.month_first = False  # the order of all-figure dates in the country of the release
        self.days: list[date] = []  # whole days told so far
        self.told: list[tuple[date, int, int]] = []  # and where
        self._judged = 0  # so many of them have been asked whether they are the day of a hearing
        self._event: date | None = None  # the last of these that is not
        self.day: str | None = None  # the calendar day last spoken of, perhaps without its year
        self.value_before: str | None = None
        self.reporting_year: tuple[date, date] | None = None  # the last year told that is none of the calendar
        self.year: int | None = None  # the year last written in the text

    def value(self, node: Node) -> str | None:
        """The value of a node; None if it cannot be settled."""
        try:
            found = self._meanings[self.known.forms[node.row].means](self, node)
        except (OverflowError, ValueError):  # before year 1 or after year 9999
            return None
        if found and _TOO_LATE.search(found):
            return None
        if found:
            days = _DAY.findall(found)
            if days and not found.startswith("P"):
                exact = edtf.bounds(days[-1])
                self.days += exact[:1] if exact else ()
                self.day = days[-1] if "between" not in self.words(node)[:1] else self.day or days[-1]
            if not found.startswith(("P", "T")):
                self.value_before = found
                self._note_year(found)
        return found

    def tell(self, node: Node, value: str) -> None:
        """Notes where a day was told."""
        days = _DAY.findall(value) if value[0] not in "PT" else ()
        exact = edtf.bounds(days[-1]) if days else None
        if exact:
            self.told.append((exact[0], node.start, node.end))

    def _note_year(self, value: str) -> None:
        exact = edtf.bounds(value) if "/" in value else None
        if exact and exact[0].year < exact[1].year and 363 < (exact[1] - exact[0]).days < 366:
            self.reporting_year = exact

    def words(self, node: Node) -> list[str]:
        """The words of a node, those of its parts included."""
        if node.parts:
            return [word for part in node.parts for word in self.words(part)]
        return [node.kind]

    def pick(self, node: Node, name: str) -> Node | None:
        """The first part that belongs to a class or is of a kind."""
        members = self.known.members(name)
        return next((part for part in node.parts if part.kind in members), None)

    def picks(self, node: Node, name: str) -> list[Node]:
        """All parts that belong to a class or are of a kind."""
        members = self.known.members(name)
        return [part for part in node.parts if part.kind in members]

    def of(self, node: Node, name: str) -> float | int | str | None:
        """The value of the first word of a class."""
        part = self.pick(node, name)
        return None if part is None else self.known.value(name, part.kind)

    def number(self, node: Node) -> float:
        """The number that a figure, a word or an amount stands for."""
        if node.kind == "<amount>":
            half = 0.5 if "half" in self.words(node) else 0
            numbers = [self.number(p) for p in node.parts if p.kind in self.known.members("number")]
            if "couple" in self.words(node):
                return 2
            if len(numbers) == 2 and numbers[1] == 100:
                return numbers[0] * 100
            return (
                sum(numbers) or (100 if "hundred" in self.words(node) else int(bool("and" in self.words(node))))
            ) + half
        if node.kind == "<fraction>":
            figures, mark = self.text[node.start : node.end - 1], self.text[node.end - 1]
            return int(figures) + unicodedata.numeric(mark)
        if node.kind[0] == "<":
            return float(re.sub(r"[^\d.]", "", self.text[node.start : node.end]) or 0)
        for name in ("numeral", "tens", "article", "ordinal_word"):
            if node.kind in self.known.classes[name].words:
                return float(self.known.value(name, node.kind))
        return 0

    def today(self) -> date | None:
        """The day of publication, noting that it was needed."""
        if self.published:
            self.used.add("published")
        return self.published

    def context_day(self) -> date | None:
        """The day the story has come to."""
        found = edtf.bounds(self.day)
        if found:
            self.used.add("context")
        return found[0] if found else None

    def day_meant(self, node: Node) -> date | None:
        """The day the story has come to; for a quotation not today, nor that of a hearing told outside of one."""
        day = self.context_day()
        if not day or not years.is_quoted(self.text, node.start):
            return day
        for told, start, end in reversed(self.told[self._judged :]):
            if told != self.published and self._is_event(start, end):
                self._event = told
                break
        self._judged = len(self.told)
        return self._event or day

    def _is_event(self, start: int, end: int) -> bool:
        """Is a day told by somebody who speaks, or in a sentence that is not about a court?"""
        return years.is_quoted(self.text, start) or not years.is_hearing(self.text, start, end)

    def tense(self, node: Node) -> years.Tense | None:
        """Past or future, by the words around."""
        return years.tense(self.text, node.start, node.end)


Meaning = Callable[[Reader, Node], "str | None"]
