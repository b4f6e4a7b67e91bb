"""Names that no table and no head shows, known by what stands beside them: bodies in a list, a spokesperson, "&"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container
from functools import cache

from extractor import spans
from extractor.language.words import Chosen, words_of
from extractor.names.bodies import alone, grammar, regions, words
from extractor.names.titles import lexicon

_WORD = r"[A-Z0-9][\w&’'-]*[a-zA-Z0-9]\+?"
_NAME = rf"{_WORD}(?: (?:(?:and|&|of|for|the|in) )?{_WORD}){{0,4}}"
_ITEM = re.compile(rf"(?:,? and |, | & )(?:the )?({_WORD}(?: (?:(?:&|of|for) )?{_WORD}){{0,4}})")
_LED = re.compile(  # who stands in such a list acts: "officers from …", "in partnership with …"
    r"\b(?:(?:officers|staff|members|representatives|colleagues|volunteers|crews|teams|experts|personnel|agencies"
    r"|partners|organisations|charities|support|help|assistance|advice|stalls) (?:from|at|of|including|such as|like)"
    r"|(?:partnership|conjunction|association|collaboration|together|along|liaison) with|alongside"
    r"|(?:work(?:s|ed|ing)?|join(?:s|ed|ing)?|collaborat(?:es?|ed|ing)|partner(?:s|ed|ing)?)(?: closely)?(?: with| by)"
    r"|(?:supported|run|organised|funded|backed|hosted|attended|assisted) by|with|from|by|including)(?: the)? $"
)
_NO_BODY = re.compile(  # a person, a place, a new clause, or a word that only modifies the next
    r",? (?:who|aged|\d)|['’]s? |\w|\.\w| (?:police|officers?|officials|authorities|residents"
    r"|people|communities|schools|shops|areas?|and Crime"
    r"|was|were|is|has|had|have|will|said|appeared|admitted|pleaded)\b"
)
_COMMON = re.compile(r",? and (?:the |our |other )?[a-z]")
_SPOKEN_FOR = re.compile(rf"\b(?:[Aa]n?|[Tt]he) ({_NAME})(?:['’]s?)? spokes(?:man|woman|person)\b")
_SPEAKS_FOR = re.compile(rf"\b(?<!family )spokes(?:man|woman|person) (?:for|from|of|at) (?:the )?({_NAME})(?![\w’'])")
_FIRM = re.compile(
    r"(?<![\w&-])((?:[A-Z][a-z’'-]+ ){0,2}[A-Z][a-z’'-]+(?:, [A-Z][a-z’'-]+)? & (?:Sons?|Co|Daughters?|Partners)\b"
    r"(?: Ltd| Limited)?)"
    r"|\b(?:[Ss]taff|[Ww]orkers|[Bb]osses|[Oo]wners?|[Dd]irectors?|[Ee]mployees|[Cc]ustomers|[Ff]irm|[Jj]ewellers?"
    r"|[Cc]ompany|[Ss]olicitors|[Aa]ccountants|[Rr]etailer|[Bb]uilders)(?: (?:at|of|from|for))?,? "
    r"([A-Z][a-z’'-]+ & [A-Z][a-z’'-]+)(?![\w-]| [A-Z])"
)
_APPOSABLE = ("charity", "firm", "company", "enterprise", "jeweller", "jewellers", "retailer", "association",
              "organisation", "not-for-profit")  # fmt: skip
_APPOSITION = re.compile(
    r"(?:,|,? (?:which|who) (?:is|are)) (?:an?|the) (?:[a-z][a-z-]* |[A-Z][a-z]+-based ){0,3}"
    r"(charity|firm|company|social enterprise|jewellers?|retailer|housing association|organisation|not-for-profit)"
    r"(?= (?:that|which|based|for|working|supporting|dedicated)\b|[,.]|$)"
)
_BEFORE_IT = re.compile(rf"(?<![\w’'-] )(?<![\w’'&-])({_NAME})$|(?<=[a-z,] )({_NAME})$")
_APPOSED = {
    "charity": "apposed-charity",
    "not-for-profit": "apposed-charity",
    "social enterprise": "apposed-charity",
    "organisation": "listed",
}
_REACH = 60  # characters before a list in which its cue is looked for
_LONGEST = 6  # names that one list adds


def beside(text: str, matches: list[spans.Match]) -> list[spans.Match]:
    """The further bodies of a text, none of which overlaps those of `matches` (in text order)."""
    found = [*_listed(text, matches)]
    if "spokes" in text:
        for pattern in (_SPOKEN_FOR, _SPEAKS_FOR):
            found += [_match(text, *hit.span(1), "spoken-for") for hit in pattern.finditer(text)]
    if " & " in text:
        for hit in _FIRM.finditer(text):
            found.append(_match(text, *hit.span(hit.lastindex or 1), "firm"))
    apposed = _APPOSITION.finditer(text) if _apposable().some(words_of(text)) else ()
    for hit in apposed:
        name = _BEFORE_IT.search(text, max(0, hit.start() - _REACH), hit.start())
        if name:
            found.append(_match(text, *name.span(name.lastindex or 1), _APPOSED.get(hit.group(1), "firm")))
    starts = [m.start for m in matches]
    out: list[spans.Match] = []
    for match in sorted(found):
        before = bisect_left(starts, match.end) - 1  # the last known body that begins before the name ends
        taken = (before >= 0 and matches[before].end > match.start) or (out and out[-1].end > match.start)
        if not taken and _is_name(text, match.start, match.end):
            out.append(match)
    return out


@cache
def _apposable() -> Chosen:
    """The words that the heads of appositions end with."""
    return Chosen(_APPOSABLE.__contains__)


def _match(text: str, start: int, end: int, rule: str) -> spans.Match:
    return spans.Match(start, end, rule, text[start:end])


def _listed(text: str, matches: list[spans.Match]) -> list[spans.Match]:
    """What stands in one list with a known body behind words such as "officers from" or "together with"."""
    out: list[spans.Match] = []
    starts = {m.start: m for m in matches}
    for match in matches:
        if not _LED.search(text, max(0, match.start - _REACH), match.start):
            continue
        at, waiting = match.end, []
        for _ in range(_LONGEST):
            item = _ITEM.match(text, at)
            if item is None:
                break
            known = starts.get(item.start(1))
            start, end = item.start(1), known.end if known else item.end(1)
            if not known and (
                _NO_BODY.match(text, end) or not _is_name(text, start, end) or _is_place(text, start, end)
            ):
                break
            if not known:
                waiting.append(_match(text, start, end, "listed"))
            last = item.group().startswith((" and ", ", and ", " & "))
            if last or _COMMON.match(
                text, end
            ):  # it ends with "and …": a place may stand behind a comma ("Tesco, Deal")
                out += waiting
                waiting = []
            at = end
    return out


@cache
def _passed_over() -> frozenset[str]:
    return words("nobodies") | frozenset(alone())


def _is_place(text: str, start: int, end: int) -> bool:
    return text[start:end] in regions() or text[start:end].rpartition(" ")[2] in words("streets")


def _is_name(text: str, start: int, end: int) -> bool:
    """Is it neither a person with rank, title or role nor the beginning of a sentence?"""
    lex = lexicon()
    names = text[start:end].split(" ")
    barred: Container[str] = grammar().stops
    if names[0] in barred or not any(c.isalpha() for c in names[0]):
        return False
    if " ".join(names) in _passed_over() or lex.never.issuperset(names) or names[0] in ("Op", "Operation"):
        return False
    return not any(rule.search(text, start, end + 2) for rule in (lex.rank, lex.title, lex.role))
