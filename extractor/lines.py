"""A stream of bytes to lines of text, each decoded by itself: tables are put together from exports of all ages."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from extractor.encodings import decoded, known_encoding
from extractor.errors import InputError
from extractor.files import too_large

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
        self.encoding = "utf-8"

    def __iter__(self) -> Iterator[Line]:
        """The lines.

        Raises:
            InputError: The stream cannot be read on: a line without end, or wide characters that are broken.
        """
        start = self._file.read(4)
        wide = self._forced if self._forced and self._forced.startswith(_WIDE) else _marked(start)
        rest = _Joined(start, self._file)
        return self._of_wide(rest, wide) if wide else self._of_bytes(rest)

    def texts(self) -> Iterator[str]:
        """The lines as text, with their ends, as the csv module takes them; `encoding` tells of what was read last.

        Raises:
            InputError: At a line that cannot be had; the lines after it still can.
        """
        return _Texts(self)

    def new_row(self) -> None:
        """Forgets the encoding of the lines read so far; a row is in UTF-8 if all its lines are."""
        self.encoding = "utf-8"

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


class _Texts:
    """Not a generator: that would end at the first error it raises."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._each = iter(lines)

    def __iter__(self) -> _Texts:
        return self

    def __next__(self) -> str:
        line = next(self._each)
        if line.error:
            raise line.error
        if line.encoding != "utf-8":
            self._lines.encoding = line.encoding
        return line.text + "\n"


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
