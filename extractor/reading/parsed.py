"""What every reader of a format returns, and the guard around the parsers of others."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from extractor.errors import InputError
from extractor.text.source import Note

ABOUT_THE_DAY = frozenset(("bad-date", "no-date", "no-day", "published-from-file"))  # of no interest if it is known
_SILENT = logging.NullHandler()


@dataclass(frozen=True)
class Parsed:
    """The text of a file with what the file says of itself.

    Attributes:
        text: The text; every offset of the record counts its characters.
        encoding: How the bytes were decoded; the name of the format where it decodes them itself.
        derived_from: The format that the text was derived from; None where it is the bytes decoded.
        published: Day of publication, where the file gives it.
        title: Headline, where the file gives it.
        url: Where it was published, where the file gives it.
        notes: What had to be left out or could not be told.
    """

    text: str
    encoding: str
    derived_from: str | None = None
    published: date | None = None
    title: str | None = None
    url: str | None = None
    notes: tuple[Note, ...] = ()


@contextmanager
def guarded(what: str, *loggers: str) -> Iterator[None]:
    """Runs a parser of others on bytes of anybody: what it raises is an `InputError` with the code ``broken``.

    Args:
        what: The format, for the message.
        loggers: Loggers that would print on stderr if nobody has set up logging.
    """
    for name in loggers:
        logging.getLogger(name).addHandler(_SILENT)
    try:
        yield
    except InputError:
        raise
    # Parsers of mail, Word and PDF raise whatever a broken file leads them to: KeyError, AttributeError,
    # RecursionError, errors of zlib and struct. Each is that file's failure, told with its type.
    except Exception as error:
        reason = " ".join(str(error).split())[:200]
        raise InputError(
            f"cannot be read as {what}: {type(error).__name__}{': ' if reason else ''}{reason}", "broken"
        ) from error


def one_line(text: str | None) -> str | None:
    """A title or address on one line, or None where there is nothing in it.

    >>> one_line(" Two men\\n charged ")
    'Two men charged'
    """
    return " ".join(text.split()) or None if text else None


def missing(extra: str, what: str) -> InputError:
    """The error for a format whose library is not installed."""
    return InputError(f"{what} needs an extra: pip install 'police-press-extractor[{extra}]'", "missing-extra")
