"""Quotation marks: which open, which close, which are apostrophes or inches; the passages between them.

A mark is judged by what stands beside it, and by its shape only where that decides nothing: releases close with “,
open with ” and mix ‘ with " freely. Double and single marks are two families; a passage is closed by its own family,
or by the other one where its own never comes.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple

Role = Literal["open", "close", "either"]

_DOUBLE = '"“”„‟«»'
_SINGLE = "'‘’‛`"
_ANY = _DOUBLE + _SINGLE
_ELISION = re.compile(r"(?:(?:til|tis|twas|em|cause|bout|n|ave|im|er|ere|ello|round|un)\b|\d{2,4}s\b)", re.IGNORECASE)
_BEFORE_OPENING = frozenset("([{-–—/:;,>*_|=+&")
_AFTER_CLOSING = frozenset(".,;:!?)]}-–—/…|*_")
_ORNAMENT = " _*-–—•·>|"
_REACH = 200  # marks ahead of an opening one among which its closing one is looked for
_LONGEST = 3_000  # characters of a passage whose opening mark is missing
_LOOK_AHEAD = 6  # paragraphs without a mark that one quotation may run over


class Mark(NamedTuple):
    """A quotation mark: one character, or two for ''."""

    start: int
    end: int
    double: bool
    role: Role


class Passage(NamedTuple):
    """The text between two marks within one paragraph.

    Attributes:
        start: Offset behind the opening mark.
        end: Offset of the closing mark.
        paragraph: Index of its paragraph.
        rule: ``closed``; ``reopened`` (no closing mark, the next paragraph opens again); ``carried`` (the quotation
            goes on in the next paragraph without a mark); ``unclosed``; ``unopened``.
    """

    start: int
    end: int
    paragraph: int
    rule: str


@cache
def _candidates() -> re.Pattern[str]:
    # Apostrophes within words are by far the most common marks: they are skipped here. The set of all marks comes
    # first, so that the engine leaps from one to the next; what may stand beside each is looked at behind it.
    return re.compile(
        r"[\"“”„‟«»'‘’‛`](?:(?<=[\"“”„‟«»])|(?<!\w.)(?<=['‘’‛`])['‘’‛`]|(?<=['’])['’](?!\w)|(?<=‘)"
        r"|(?<!\w.)|(?<=['’])(?!\w))"
    )


_SIDE = 8  # more marks than this side by side are no quotation's


def marks(text: str, start: int, end: int) -> list[Mark]:
    """The marks of ``text[start:end]``, one paragraph, with the role that their neighbours give them."""
    found = []
    for hit in _candidates().finditer(text, start, end):
        mark = _mark(text, hit.start(), hit.end(), start, end)
        if mark is not None:
            found.append(mark)
    return found


def _mark(text: str, at: int, stop: int, low: int, high: int) -> Mark | None:
    char = text[at]
    double = char in _DOUBLE or stop - at == 2
    left, right = at - 1, stop
    low_side, high_side = max(low, at - _SIDE), min(high, stop + _SIDE)
    while left >= low_side and text[left] in _ANY:  # marks side by side share their neighbours
        left -= 1
    while right < high_side and text[right] in _ANY:
        right += 1
    before = text[left] if left >= low else " "
    after = text[right] if right < high else " "
    if before in _ORNAMENT and left - low < _SIDE and not text[low : left + 1].strip(_ORNAMENT):
        before = " "  # _“ or - “ at the start of a line
    if before.isdigit() and not double and after.isdigit():
        return None  # 5'10
    if double and before.isdigit() and left > low and re.match(r"\d['’]\d{1,2}", text[max(low, at - 4) : at].lstrip()):
        return None  # 5'10"
    if not double and _ELISION.match(text, stop, high) and (before.isspace() or before in _BEFORE_OPENING):
        return None
    role = _role(char, before, after, text[right : right + 3])
    if role != "close" and right >= high and left >= low:
        role = "close"  # nothing follows that it could open
    return Mark(at, stop, double, role)


def _role(char: str, before: str, after: str, ahead: str) -> Role:
    opens = (before.isspace() or before in _BEFORE_OPENING) and not after.isspace()
    opens = opens and (after not in _AFTER_CLOSING or after in "…-–—" or ahead == "...")
    closes = not before.isspace() and before not in "([{" and not after.isalnum()
    if opens and not closes:
        return "open"
    if closes and not opens:
        return "close"
    if char in "“‘„«‛`":
        return "open"
    return "close" if char in "”»" else "either"


def passages(text: str, paragraphs: list[tuple[int, int]]) -> list[Passage]:
    """The passages in quotation marks, in text order. Never fails: what does not add up gets a rule that says so."""
    reader = _Reader(text, paragraphs)
    for index in range(len(paragraphs)):
        reader.read(index)
    return reader.finish()


class _Reader:
    """Goes through the paragraphs; `carry` is the family of a quotation still open at the end of the last one."""

    def __init__(self, text: str, paragraphs: list[tuple[int, int]]) -> None:
        self.text, self.paragraphs = text, paragraphs
        self.marks = [marks(text, a, b) for a, b in paragraphs]
        self.found: list[Passage] = []
        self.carry: bool | None = None  # True: double marks, False: single ones

    def finish(self) -> list[Passage]:
        if self.carry is not None:
            self._relabel("unclosed")
        return [p for p in self.found if p.start < p.end]

    def _relabel(self, rule: str) -> None:
        self.found[-1] = self.found[-1]._replace(rule=rule)

    def read(self, index: int) -> None:
        start = self.paragraphs[index][0]
        here = self.marks[index]
        if self.carry is not None:
            double, self.carry = self.carry, None
            if here and here[0].role != "close" and not self.text[start : here[0].start].strip(_ORNAMENT):
                self._relabel("reopened")
            elif self._goes_on(index, double):
                self._relabel("carried")
                closed = self._within(index, 0, start, double)
                if closed is not None:
                    self._outside(index, closed + 1)
                return
            else:
                self._relabel("unclosed")
        self._outside(index, 0)

    def _goes_on(self, index: int, double: bool) -> bool:
        """Is the next mark one that closes? Then the paragraphs up to it belong to the open quotation."""
        for below in range(index, min(index + _LOOK_AHEAD, len(self.paragraphs))):
            for mark in self.marks[below]:
                if mark.double == double:
                    return mark.role == "close" and (double or self._strong(mark))
        return False

    def _strong(self, mark: Mark) -> bool:
        """A single mark behind punctuation closes; behind a letter it may be an apostrophe."""
        return mark.start > 0 and not self.text[mark.start - 1].isalpha()

    def _outside(self, index: int, at: int) -> None:
        """Reads the marks of a paragraph from number `at`, no quotation being open there."""
        here = self.marks[index]
        while at < len(here):
            mark = here[at]
            closed: int | None = at
            if mark.role == "close":
                if mark.double:
                    self._unopened(index, mark)
            elif not self._inch(mark) if mark.double else self._single_opens(index, at):
                closed = self._within(index, at + 1, mark.end, mark.double)
            if closed is None:
                return
            at = closed + 1

    def _inch(self, mark: Mark) -> bool:
        return mark.role == "either" and mark.start > 0 and self.text[mark.start - 1].isdigit()

    def _single_opens(self, index: int, at: int) -> bool:
        """A single mark opens if something closes it, or if it begins a paragraph or stands behind a colon."""
        here = self.marks[index]
        mark = here[at]
        lead = self.text[self.paragraphs[index][0] : mark.start].rstrip()
        begins = not lead or lead[-1] in ":,"
        if mark.role == "either" and not begins:
            return False
        if self._single_close(here, at + 1) is not None:
            return True
        roles = {m.role for m in here[at + 1 : at + _REACH] if m.double}
        if "close" in roles and "open" not in roles:
            return True
        return begins and (not lead or lead[-1] == ":") and mark.role == "open"

    def _single_close(self, here: list[Mark], at: int) -> int | None:
        """Number of the mark that closes a single quotation: not the apostrophe of a plural if a better one follows."""
        weak = None
        for number in range(at, min(at + _REACH, len(here))):
            mark = here[number]
            if mark.double:
                continue
            if mark.role == "open" and weak is not None:
                break
            if mark.role == "open":
                continue
            if self._possessive(mark):
                weak = number if weak is None else weak
                continue
            return number
        return weak

    def _possessive(self, mark: Mark) -> bool:
        behind = self.text[mark.end : mark.end + 2]
        return self.text[mark.start - 1 : mark.start] in "sSzx" and behind[:1] == " " and behind[1:].islower()

    def _within(self, index: int, at: int, begin: int, double: bool) -> int | None:
        """Ends a quotation that began at `begin`, before mark number `at`; returns the number of the closing mark."""
        here = self.marks[index]
        number = self._double_close(index, at) if double else self._single_close(here, at)
        if number is None and double:
            number = self._stand_in(index, at)
        elif number is None:
            near = range(at, min(at + _REACH, len(here)))
            number = next((n for n in near if here[n].double and here[n].role == "close"), None)
        if number is None:
            self._add(begin, self.paragraphs[index][1], index, "unclosed")
            self.carry = double
        else:
            self._add(begin, here[number].start, index, "closed")
        return number

    def _double_close(self, index: int, at: int) -> int | None:
        here, end = self.marks[index], self.paragraphs[index][1]
        depth = 0
        for number in range(at, len(here)):
            mark = here[number]
            if not mark.double:
                continue
            if mark.role == "open":
                depth += 1
            elif mark.end == end or depth == 0:
                if self._measure(here, number):
                    continue
                return number
            else:
                depth -= 1
        return None

    def _measure(self, here: list[Mark], number: int) -> bool:
        """Is it the sign for inches: behind a digit, before a small letter, and another mark closes later?"""
        mark = here[number]
        if not self.text[mark.start - 1].isdigit() or not self.text[mark.end : mark.end + 2].strip().islower():
            return False
        later = next((m for m in here[number + 1 : number + _REACH] if m.double), None)
        return later is not None and later.role == "close"

    def _stand_in(self, index: int, at: int) -> int | None:
        """A single mark at the paragraph's end that closes a double one: “… tonight.’"""
        here, end = self.marks[index], self.paragraphs[index][1]
        if at < len(here) and not here[-1].double and here[-1].role == "close" and here[-1].end == end:
            opened = any(m.role == "open" and not m.double for m in here[at:-1])
            return len(here) - 1 if not opened and self._strong(here[-1]) else None
        return None

    def _unopened(self, index: int, mark: Mark) -> None:
        """A closing mark whose opening one is missing: the passage began after the colon."""
        last = self.found[-1] if self.found else None
        if self.text[mark.start - 1] not in ".,!?…" or (last and last.paragraph == index):
            return
        colon = self.text.rfind(": ", max(self.paragraphs[index][0], mark.start - _LONGEST), mark.start)
        if colon >= 0:
            self._add(colon + 2, mark.start, index, "unopened")

    def _add(self, start: int, end: int, index: int, rule: str) -> None:
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and (self.text[end - 1].isspace() or (rule == "unclosed" and self.text[end - 1] in _DOUBLE)):
            end -= 1
        if start < end:
            self.found.append(Passage(start, end, index, rule))
        elif rule == "unclosed":  # a mark with nothing behind it opens nothing
            self.found.append(Passage(start, start, index, rule))
