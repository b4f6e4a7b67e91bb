"""What a release holds made harmless before it is shown: on a terminal, in a page, as JSON on a screen.

A release, and the name of its file, may hold anything: sequences that move the cursor or retitle the window, characters
that turn the writing round, line breaks that forge a message. They are shown, never obeyed.
"""

from __future__ import annotations

import json
import re
from typing import Any

_TURNS = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))  # what turns the writing
# One for one, so that offsets stay true: control characters as their pictures, what turns the writing as a box.
_INERT: dict[int, int | str] = {
    **{code: 0x2400 + code for code in range(0x20)},
    **dict.fromkeys((0x09, 0x2028, 0x2029), " "),
    0x0A: "\n",
    0x7F: 0x2421,
    **dict.fromkeys((*range(0x80, 0xA0), *_TURNS), 0xFFFD),
    **dict.fromkeys(range(0xD800, 0xE000), 0xFFFD),
}
_LOUD = re.compile(f"[\x7f-\x9f{''.join(map(chr, _TURNS))}\u2028\u2029\ud800-\udfff]")


def plain(text: str) -> str:
    """The text with every control character but the line break made visible and harmless, one for one.

    >>> plain("\\x1b[31m")
    '␛[31m'
    """
    return text.replace("\r\n", " \n").translate(_INERT)


def on_a_line(text: str) -> str:
    """The same for what must stay on its line: a name with a line break would write the next line of the screen.

    >>> on_a_line("a\\nextractor: all well")
    'a␊extractor: all well'
    """
    return plain(text).replace("\n", "␊")


def quiet_json(text: str) -> str:
    """JSON that means the same, with what a terminal might obey escaped; JSON itself only asks for what is below U+20.

    >>> quiet_json('{"a": "\\x9b31m"}')
    '{"a": "\\\\u009b31m"}'
    """
    return _LOUD.sub(lambda hit: f"\\u{ord(hit[0]):04x}", text)


def as_json(value: Any) -> str:
    """A value as one line of JSON, readable, and harmless on a screen."""
    return quiet_json(json.dumps(value, ensure_ascii=False))
