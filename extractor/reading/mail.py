"""E-mail: the text of the message, its subject as title and its date, in its own zone, as day of publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractor.errors import InputError
from extractor.reading import markup
from extractor.reading.parsed import Parsed, guarded, one_line
from extractor.text.source import Note, decode

if TYPE_CHECKING:
    from datetime import date
    from email.message import EmailMessage, MIMEPart

    from extractor.reading.units import Settings

_READ = ("subject", "date", "content-type", "content-disposition", "content-transfer-encoding")
_LONGEST = 5_000  # characters of one of these headers
_DEEPEST = 50  # parts within parts; the parser goes into itself for each


def eml(data: bytes, settings: Settings) -> Parsed:
    """A message: its plain text if it has one, else its HTML; what is attached is named in a note, not read.

    Raises:
        InputError: With the code ``no-text``, ``broken``, or one of `source.decode` or `markup.html`.
    """
    from email import message_from_bytes, policy

    if _depth(data) > _DEEPEST:
        raise InputError(f"parts within parts, more than {_DEEPEST} deep", "broken")
    with guarded("e-mail"):
        _check_headers(data)
        message = message_from_bytes(data, policy=policy.default)
        if not message.keys():
            raise InputError("no header of a message", "broken")
        title = one_line(str(message["subject"] or "").encode("utf-8", "replace").decode("utf-8"))
        published = _day(message)
        notes = _attachments(message)
        found = _body(message, settings)
    missing = () if published else (Note("no-date", "the message has no date that can be read"),)
    return Parsed(found.text, found.encoding, "eml", published, title, found.url, (*missing, *notes))


def _check_headers(data: bytes) -> None:
    # Read by the old policy, which leaves them as they are: to take an endless one to pieces takes for ever.
    from email import message_from_bytes, policy

    for part in message_from_bytes(data, policy=policy.compat32).walk():
        if any(name.lower() in _READ and len(str(value)) > _LONGEST for name, value in part.raw_items()):
            raise InputError(f"a header of more than {_LONGEST:,} characters", "broken")


def _depth(data: bytes) -> int:
    """How many parts within parts there may be at most: each announces itself."""
    lowered = data.lower()
    return lowered.count(b"multipart/") + lowered.count(b"message/rfc822")


def _body(message: EmailMessage, settings: Settings) -> Parsed:
    plain = message.get_body(preferencelist=("plain",))
    page = message.get_body(preferencelist=("html",))
    if plain is not None:
        payload = _payload(plain)
        if payload.strip() or page is None:
            text, encoding = decode(payload, settings.encoding, plain.get_content_charset())
            return Parsed(_unflowed(plain, text.replace("\r\n", "\n")), encoding)
    if page is None:
        raise InputError("the message has no text", "no-text")
    text, encoding = decode(_payload(page), settings.encoding, page.get_content_charset())
    return markup.parsed(text, encoding)


def _payload(part: MIMEPart) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _unflowed(part: MIMEPart, text: str) -> str:
    """The text with its paragraphs whole again, where the sender has marked soft line ends (RFC 3676)."""
    if part.get_param("format", "") != "flowed":
        return text
    lines: list[str] = []
    soft = False
    for line in text.split("\n"):
        bare = line.removeprefix(" ")  # a line that begins with a space has one more
        if soft:
            lines[-1] += bare
        else:
            lines.append(bare)
        soft = line.endswith(" ") and line != "-- "
    return "\n".join(lines)


def _day(message: EmailMessage) -> date | None:
    from datetime import datetime

    moment = getattr(message["date"], "datetime", None)
    return moment.date() if isinstance(moment, datetime) else None


def _attachments(message: EmailMessage) -> tuple[Note, ...]:
    body = (message.get_body(preferencelist=("plain",)), message.get_body(preferencelist=("html",)))
    names = [
        one_line(part.get_filename()) or part.get_content_type()
        for part in message.walk()
        if not part.is_multipart() and all(part is not shown for shown in body)
    ]
    if not names:
        return ()
    shown = ", ".join(name[:80] for name in names[:5]) + (" …" if len(names) > 5 else "")
    shown = shown.encode("utf-8", "replace").decode("utf-8")
    return (Note("attachments", f"{len(names)} attached and not read: {shown}"),)
