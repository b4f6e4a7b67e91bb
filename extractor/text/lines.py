"""A stream of bytes to lines of text, each decoded by itself: tables are put together from exports of all ages."""

from __future__ import annotations

import codecs
import io
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from extractor.errors import InputError
from extractor.text.encodings import decoded, known_encoding
from extractor.text.files import too_large

_LONGEST = 50  # a line of more than so many times the limit ends the file: somebody's bomb
_CHUNK = 1 << 20
_WIDE = ("utf-16", "utf-32")  # where a line end is more than one byte


class Line(NamedTuple):
    """A line with its number, from 1, and without its end; or the reason why it cannot be had."""

    number: int
    text: str
    encoding: str = "utf-8"
    error: InputError | None = None


class Lines:
    """The lines of a stream, lazily.

    Args:
        file: The bytes.
        limit: A line of more bytes is an error, and is not held in memory.
        encoding: The encoding they have to be in; None to find it out, line by line.
    """

    def __init__(self, file: BinaryIO, limit: int, encoding: str | None = None) -> None:
        self._file = file
        self._limit = limit
        self._forced = known_encoding(encoding) if encoding else None

    def __iter__(self) -> Iterator[Line]:
        """The lines.

        Raises:
            InputError: The stream cannot be read on: a line without end, or wide characters that are broken.
        """
        start = self._file.read(4)
        wide = self._forced if self._forced and self._forced.startswith(_WIDE) else _marked(start)
        rest = _Joined(start, self._file)
        return self._of_wide(rest, wide) if wide else self._of_bytes(rest)

    def _of_wide(self, file: _Joined, encoding: str) -> Iterator[Line]:
        with io.TextIOWrapper(io.BufferedReader(file), encoding, newline="\n") as text:  # type: ignore[type-var]
            number = 0
            try:
                while line := text.readline(self._limit):
                    number += 1
                    if len(line) >= self._limit and not line.endswith("\n"):
                        raise too_large(None, self._limit)
                    yield Line(number, _bare(line.removeprefix("\ufeff") if number == 1 else line), encoding)
            except UnicodeError as error:
                raise InputError(f"line {number + 1:,} is not {encoding}", "bad-encoding") from error

    def _of_bytes(self, file: _Joined) -> Iterator[Line]:
        number = 0
        while line := file.readline(self._limit + 1):
            number += 1
            if len(line) > self._limit:
                self._skip(file, line)
                yield Line(number, "", error=too_large(None, self._limit))
                continue
            if number == 1:
                line = line.removeprefix(codecs.BOM_UTF8)
            try:
                text, encoding = decoded(line, self._forced)
            except InputError as error:
                yield Line(number, "", error=error)
            else:
                yield Line(number, _bare(text), encoding)

    def _skip(self, file: _Joined, line: bytes) -> None:
        skipped = len(line)
        while line and not line.endswith(b"\n"):
            line = file.readline(_CHUNK)
            skipped += len(line)
            if skipped > _LONGEST * self._limit:
                raise InputError(
                    f"a line of more than {_LONGEST} times the limit; what follows is not read", "too-large"
                )


class RowLines:
    """Lines as the csv module takes them, which may be several for a row, and may be given back.

    Not a generator: that would end at the first error it raises.
    """

    def __init__(self, lines: Lines) -> None:
        self._each = iter(lines)
        self._row: list[Line] = []
        self._again: deque[Line] = deque()

    def __iter__(self) -> RowLines:
        return self

    def __next__(self) -> str:
        """The next line, with its end.

        Raises:
            InputError: It cannot be had; the lines after it still can.
        """
        line = self._again.popleft() if self._again else next(self._each)
        self._row.append(line)
        if line.error:
            raise line.error
        return line.text + "\n"

    def new_row(self) -> None:
        """What is read from now on is another row."""
        self._row.clear()

    def give_back(self) -> None:
        """All lines of the row but the first are read again: a quotation mark was not closed before them."""
        self._again.extendleft(reversed(self._row[1:]))

    @property
    def number(self) -> int:
        """Number of the row's first line."""
        return self._row[0].number

    @property
    def encoding(self) -> str:
        """How the row was decoded: the encoding of its first line that is not UTF-8."""
        return next((line.encoding for line in self._row if line.encoding != "utf-8"), "utf-8")


class _Joined(io.RawIOBase):
    """A stream whose first bytes have been looked at."""

    def __init__(self, start: bytes, file: BinaryIO) -> None:
        self._start = start
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data, self._start = self._start, b""
        data = data or self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def readline(self, size: int | None = -1, /) -> bytes:
        size = -1 if size is None else size
        if not self._start:
            return self._file.readline(size)
        end = self._start.find(b"\n") + 1
        if end:
            line, self._start = self._start[:end], self._start[end:]
            return line
        line, self._start = self._start, b""
        return line + self._file.readline(size - len(line) if size >= 0 else -1)


def _marked(start: bytes) -> str | None:
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    return "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else None


def _bare(line: str) -> str:
    return line.removesuffix("\n")
