"""Named police operations: "Operation Sceptre", "Op Sceptre", "#OpSceptre", and "Sceptre" once it is introduced."""

from __future__ import annotations

import re
from collections import Counter

from extractor import spans
from extractor.names.bodies import words

_CUE = re.compile(r"(?<![^\W_])(?:(?:Operation|Op|OPERATION|OP)(s|S)?(?: ['‘“\"]?(?=[A-Z])|(?=[A-Z][a-z]{2})))")
_WORD = re.compile(r"[A-Z][\w’'-]*|\d+(?![\w:.])")
_AND = re.compile(r"(?:, and|,| and| &) (?=[A-Z])")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[a-z])(?=\d)")
_MOST = 3  # words of a name


def found(text: str) -> list[spans.Match]:
    """The operations of a text in order; the row of a match is the canonical name."""
    if "Op" not in text and "OP" not in text:
        return []
    matches: list[spans.Match] = []
    for cue in _CUE.finditer(text):
        at = cue.end()
        while (end := _name_end(text, at)) > at:
            start = at if matches and matches[-1].end > cue.start() else cue.start()
            more = _AND.match(text, end) if cue.group(1) else None
            if cue.group(1) and not more and start == cue.start():
                break  # "Operations Snap" is no list, but a department or a misprint
            matches.append(spans.Match(start, end, "operation", _canonical(text[at:end])))
            if not more:
                break
            at = more.end()
    matches = _shortened(text, matches)
    return sorted(matches + _bare(text, matches))


def _name_end(text: str, at: int) -> int:
    end = at
    for n in range(_MOST):
        hit = _WORD.match(text, end + (1 if n else 0))
        if not hit or (n and text[end] != " ") or (not n and hit.group()[0].isdigit()):
            break
        word = hit.group()
        if word in words("not_operation") or word.rstrip("s") in words("not_operation"):
            break
        core = re.sub(r"['’]s?$", "", word)
        end = hit.start() + len(core)
        if core != word:
            break
    return end


def _canonical(name: str) -> str:
    spaced = _CAMEL.sub(" ", name) if " " not in name and "-" not in name else name
    if spaced.isupper() and len(spaced) > 3:
        spaced = spaced.title()
    return f"Operation {spaced}"


def _shortened(text: str, matches: list[spans.Match]) -> list[spans.Match]:
    # A headline in Title Case runs on: the shorter of two names wins if it stands alone somewhere.
    names = {m.row for m in matches}
    out = []
    for match in matches:
        short = [n for n in names if match.row.startswith(n + " ") and not match.row[len(n) + 1 :].isdigit()]
        if short:
            name = min(short, key=len)
            out.append(match._replace(end=match.end - (len(match.row) - len(name)), row=name))
        else:
            out.append(match)
    return out


def _bare(text: str, matches: list[spans.Match]) -> list[spans.Match]:
    rows = {m.row.removeprefix("Operation "): m.row for m in matches}
    introduced = Counter(name for m in matches for name in rows if text.endswith(name, m.start, m.end))
    if not any(text.count(name) > introduced[name] for name in rows):
        return []
    taken = {m.end for m in matches}
    pattern = re.compile(
        r"(?<=[a-z,] )(?<!\bin )(?<!\bat )(?<!\bnear )(?<!\bacross )(?:"
        + "|".join(map(re.escape, rows))
        + r")(?![\w-]| [A-Z])"
    )
    return [
        spans.Match(h.start(), h.end(), "operation", rows[h.group()])
        for h in pattern.finditer(text)
        if h.end() not in taken
    ]
