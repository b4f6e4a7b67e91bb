"""The screen of the review loop: one difference at a time with its sentence, one key for each decision."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from typing import Any

from rich.console import Console
from rich.text import Text

from extractor.cli import show
from extractor.errors import InputError
from extractor.judging.review import MAIN, Change, Decision, Session, Verdict, value_of
from extractor.judging.safe import on_a_line, plain

HELP = """\
a  accept: what was found is right      r  reject: what was expected is right
s  skip for now (also space)            u  undo the last decision
e  edit the value, then accept it       f  flag: somebody else must look
A  accept all like this one             w  say why, for the next decision
q  quit; go on later where you were     ?  this help"""
_SHORT = "a accept  r reject  s skip  u undo  e edit  f flag  A all like  w why  q quit  ?"
_VERDICTS: dict[str, Verdict] = {"a": "accept", "r": "reject", "f": "flag"}
_SAID = {"accept": "accepted", "reject": "rejected", "flag": "flagged"}


class Keyboard:
    """Keys one by one, as they are pressed; what is typed ahead waits its turn."""

    def __init__(self) -> None:
        self._waiting = ""

    def key(self) -> str:
        """The next key; an arrow or another special key is its whole escape sequence.

        Raises:
            EOFError: The terminal is gone.
            KeyboardInterrupt: The key is control-C.
        """
        if not self._waiting:
            self._waiting = self._read()
        if self._waiting.startswith("\x1b[") and len(self._waiting) > 2:
            end = next((n for n, c in enumerate(self._waiting[2:], 3) if c.isalpha() or c == "~"), len(self._waiting))
        else:
            end = 1
        key, self._waiting = self._waiting[:end], self._waiting[end:]
        if key == "\x03":
            raise KeyboardInterrupt
        return key

    def _read(self) -> str:
        data = b""
        while True:
            piece = os.read(sys.stdin.fileno(), 1024)
            if not piece:
                raise EOFError
            data += piece
            with suppress(UnicodeDecodeError):  # a character may come in two pieces
                return data.decode("utf-8")


@contextmanager
def keyboard() -> Iterator[Keyboard]:
    """The terminal, set to give keys at once and without showing them."""
    try:
        import termios
        import tty
    except ImportError as error:  # Windows
        raise InputError("the loop needs a Unix terminal; use --list and --accept", "no-terminal") from error
    place = sys.stdin.fileno()
    before = termios.tcgetattr(place)
    tty.setcbreak(place, termios.TCSADRAIN)
    # Control-C comes as a key, so that it never breaks into what is being shown or written.
    quiet = termios.tcgetattr(place)
    quiet[6][termios.VINTR] = bytes([os.fpathconf(place, "PC_VDISABLE")])
    termios.tcsetattr(place, termios.TCSADRAIN, quiet)
    try:
        yield Keyboard()
    finally:
        termios.tcsetattr(place, termios.TCSADRAIN, before)


def now() -> str:
    """The time as the log tells it."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


class Loop:
    """Goes through the changes of a session until they are all decided or the person quits."""

    def __init__(
        self, session: Session, keys: Keyboard, console: Console, text_of: Callable[[str], str | None]
    ) -> None:
        self._session = session
        self._keys = keys
        self._console = console
        self._text_of = text_of
        self._why = ""

    def run(self) -> None:
        """Asks about each change in turn."""
        at = 0
        with suppress(EOFError, KeyboardInterrupt):  # what was decided is written already
            while at < len(self._session.changes):
                if at in self._session.decisions:
                    at += 1
                    continue
                self._show(at)
                step = self._ask(at)
                if step is None:
                    break
                at = step
        self._end()

    def _show(self, at: int) -> None:
        change = self._session.changes[at]
        head = Text(f"[{at + 1}/{len(self._session.changes)}] ", style="bold")
        head.append(on_a_line(change.document), style="bold")
        if change.rule:
            head.append(f"  rule {on_a_line(change.rule)}", style="dim")
        self._console.print()
        self._console.print(head)
        for part in show.entry_lines(change.pair, self._text_of(change.document)):
            self._console.print(part)
        self._console.print(Text(_SHORT, style="dim"))

    def _ask(self, at: int) -> int | None:
        """Obeys keys until the change is left; where to go on, or None to quit."""
        while True:
            key = self._keys.key()
            if key in _VERDICTS:
                self._decide([at], Decision(_VERDICTS[key]))
                return at + 1
            if key == "A" and self._all_like(at):
                return at + 1
            if key == "e" and self._edit(at):
                return at + 1
            if key in ("s", " "):
                self._session.skip(at)
                self._say("skipped")
                return at + 1
            if key == "u":
                back = self._session.undo(when=now())
                self._say("nothing to undo" if back is None else "undone")
                if back is not None:
                    return back
            elif key == "w":
                typed = self._line("why: ", self._why)
                self._why = self._why if typed is None else typed
            elif key == "q":
                return None
            elif key == "?":
                self._console.print(HELP)

    def _decide(self, indexes: list[int], decision: Decision) -> None:
        self._session.decide(indexes, decision, when=now(), why=self._why)
        self._why = ""
        many = f" {len(indexes)}" if len(indexes) > 1 else ""
        self._say(_SAID[decision.verdict] + many)

    def _all_like(self, at: int) -> bool:
        like = self._session.like(at)
        change = self._session.changes[at]
        what = " ".join(filter(None, (change.difference.kind, change.difference.what, change.difference.field)))
        self._say(f"accept {len(like)} like this ({what}, rule {change.rule or 'none'})? y or n")
        if self._keys.key() != "y":
            self._say("not accepted")
            return False
        self._decide(like, Decision("accept"))
        return True

    def _edit(self, at: int) -> bool:
        change = self._session.changes[at]
        field = _editable(change)
        if field is None:
            self._say("there is no value here to edit")
            return False
        value = change.difference.new
        value = value[field] if change.difference.what == "added" else value
        typed = self._line(f"{field}: ", _typed(value))
        if typed is None:
            self._say("not edited")
            return False
        try:
            self._decide([at], Decision("accept", {field: value_of(typed)}))
        except InputError as error:
            self._say(str(error))
            return False
        return True

    def _line(self, prompt: str, text: str) -> str | None:
        """A line, edited in place; None if left with escape or control-C, which ends the line and not the loop."""
        try:
            return self._typed_line(prompt, text)
        except KeyboardInterrupt:
            self._console.file.write("\n")
            return None

    def _typed_line(self, prompt: str, text: str) -> str | None:
        at = len(text)
        while True:
            back = f"\x1b[{len(text) - at}D" if at < len(text) else ""
            self._console.file.write(f"\r\x1b[K{prompt}{on_a_line(text)}{back}")
            self._console.file.flush()
            key = self._keys.key()
            if key in ("\r", "\n", "\x1b"):
                self._console.file.write("\n")
                return None if key == "\x1b" else text
            if key in ("\x7f", "\b"):
                text, at = text[: max(0, at - 1)] + text[at:], max(0, at - 1)
            elif key == "\x15":  # control-U
                text, at = text[at:], 0
            elif key in ("\x1b[D", "\x1b[C"):
                at = max(0, at - 1) if key.endswith("D") else min(len(text), at + 1)
            elif key.isprintable():
                text, at = text[:at] + key + text[at:], at + 1

    def _say(self, message: str) -> None:
        self._console.print(Text(f"→ {plain(message)}", style="bold"))

    def _end(self) -> None:
        total, done = len(self._session.changes), len(self._session.decisions)
        left = f", {total - done} left; start again to go on" if done < total else ""
        self._console.print(f"\n{done} of {total} decided{left}")


def _editable(change: Change) -> str | None:
    """The field whose value can be typed: a plain value of a changed field, or the main one of a new entry."""
    difference = change.difference
    if difference.what == "added":
        return MAIN.get(difference.kind)
    linked = ("when", "subset_of", "same_as", "quote", "count", "organisation", "speaker", "organisations", "mentions",
              "court", "hearing", "offences", "sentences")  # fmt: skip
    if difference.what == "changed" and difference.field not in linked:
        return difference.field
    return None


def _typed(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def listing(session: Session) -> Iterator[str]:
    """What is to be decided, one change a line, with its key; tabs between the columns."""
    for change in session.changes:
        d = change.difference
        sides = f"{_typed(d.old)} → {_typed(d.new)}" if d.what == "changed" else ""
        what = f"{d.kind}.{d.field} {d.what}" if d.field else f"{d.kind} {d.what}"
        row = (change.key, change.document, what, f"rule:{change.rule}" if change.rule else "", d.label, sides)
        yield "\t".join(on_a_line(" ".join(cell.split())) for cell in row)
