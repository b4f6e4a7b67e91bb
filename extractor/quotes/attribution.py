"""Attributions: which words beside a quotation say whose it is.

They stand before it ("PC Bell said:"), behind it ("…," she added), in the paragraph above, or on a line of their own.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from extractor.names.titles import lexicon
from extractor.quotes.people import Subject, fullest, subjects
from extractor.text import segments

_MARKS = " \t\n\"'“”‘’„«»`"
_PRONOUN = re.compile(
    r"\b(he|she|they)\s+(?:(?:also|then|later|further|now|had|has|simply|jokingly|even)\s+){0,2}$", re.IGNORECASE
)
_PRONOUN_BEHIND = re.compile(r"\s+(he|she|they)\b", re.IGNORECASE)
_PASSIVE = re.compile(r"\b(?:was|were|is|are|been|being)\s+(?:\w+ly\s+)?$", re.IGNORECASE)
_BY = re.compile(r"(?:\s+[\w’'-]+){0,4}?\s+by\s", re.IGNORECASE)
_DASH = re.compile(r"\s*[-–—]+\s*(?=\w)")
_ENDS_CLAUSE = re.compile(
    r"\s*(?:[.,:;!?)]|$|(?:to|of|in|at|on|as|after|following|during|when|while|before|about|from|today|yesterday|this|last|the|"
    r"with|for|because|later|outside|earlier)\b)"
)
_FIRST_PERSON = re.compile(r"[^\"“”\n]{0,60}?\b(?:I|my|me|mine|we|our|us)\b")
_SENTENCE = 500  # characters of a sentence in which an attribution is looked for
_BODY = re.compile(
    r"(?<![\w’'-])([A-Z][\w’'-]*(?: (?:of|and|for|the|&|[A-Z][\w’'-]*)){0,6}) (?:(?:also|has|have|later|then) )?$"
)
# "The 58-year-old, who coaches a rowing club, added": what the release calls somebody whom it has named before
_EPITHET = re.compile(
    r"The (?:\d{1,2}-year-old|(?:father|mother|dad|mum|grandfather|grandmother|parent)[- ]of[- ]\w+)"
    r"(?=(?: \w+ly)?(?: (?:also|then|later|has|had))? $|, (?:who|from)\b)"
)
_NEITHER = frozenset(("It", "This", "That", "There", "Which"))  # what speaks is no person, and its name is not told
_SPEAKS_FOR = re.compile(
    r"[Aa]n? [^,]{0,60}?spokes(?:man|woman|person) for [^,\n]{1,80}(?:, (?:which|who)\b[^,\n]{1,80},?)?,? ?(?:\w+ )?"
)
_SOMEONE = re.compile(r"(?:One|Another|An?) (?:[a-z][\w’'-]* ){0,3}[a-z][\w’'-]*(?= who\b)")
_INVERTED = frozenset(
    ("said", "says", "added", "adds", "explained", "explains", "commented", "wrote", "recalled", "according to")
)
_ADVERBS = frozenset(("", "also", "then", "later", "has", "had", "have", "today", "further", "simply"))
_ISSUED = frozenset(("tribute", "issued", "released", "shared", "paid tribute", "paying tribute"))
_WRITTEN_BY = re.compile(
    r"\b(?:statements?|messages?|texts?|letters?|notes?|tweets?|e-?mails?|posts?|tributes?|commendation|nomination"
    r"|citation|words)\b(?: [\w-]+){0,5}? (?:from|by|on behalf of)(?: the)?\s+$",
    re.IGNORECASE,
)


class Attribution(NamedTuple):
    """The words that attribute a quotation.

    Attributes:
        low: Start of the stretch that names the speaker.
        high: Its end.
        subject: Who speaks; None if the words do not say.
        verb_start: Offset of the reporting verb.
        verb_end: Its end; equal to `verb_start` where there is none.
        side: Before or after the quotation.
    """

    low: int
    high: int
    subject: Subject | None
    verb_start: int
    verb_end: int
    side: Literal["before", "after"]


def before(text: str, low: int, at: int) -> Attribution | None:
    """The attribution in the text of the paragraph before a quotation that begins at `at`."""
    stop = at
    while stop > low and text[stop - 1] in _MARKS:
        stop -= 1
    if stop <= low:
        return None
    start = _sentence_start(text, low, stop)
    mark = text[stop - 1]
    verbs = list(lexicon().verb.finditer(text, start, stop))
    if mark in ":;":
        if verbs:
            return _with_verb(text, start, stop, verbs[-1].span(), "before")
        return _label(text, start, stop) if mark == ":" else None
    if not verbs:
        return _introduced(text, start, stop)
    verb = verbs[-1]
    gap = stop - verb.end()
    if mark in ".!?…" and gap > 1:
        return _introduced(text, start, stop)
    if gap > _reach(text, verb, mark, at):
        return None
    return _with_verb(text, start, stop, verb.span(), "before")


def _reach(text: str, verb: re.Match[str], mark: str, at: int) -> int:
    """How far behind a reporting verb words in marks are still what it reports."""
    if mark == "," or text.startswith(" that ", verb.end()) or _FIRST_PERSON.match(text, at):
        return 150
    return 60 if verb.group().lower() in lexicon().weak else 45


def _sentence_start(text: str, low: int, stop: int) -> int:
    """Where the sentence that ends at `stop` begins, at most `_SENTENCE` characters before."""
    return segments.sentences(text, max(low, stop - _SENTENCE), stop)[-1][0]


def _introduced(text: str, start: int, stop: int) -> Attribution | None:
    """The sentence before a quotation begins with an officer and has no verb of reporting for it."""
    named = subjects(text, start, stop)
    if not named or named[0].low != start or named[0].kind not in ("ranked", "titled"):
        return None
    return Attribution(start, stop, named[0], stop, stop, "before")


def _label(text: str, start: int, stop: int) -> Attribution | None:
    """ "DI Ann Bell, Kent Police:" names the speaker without a verb."""
    if stop - start > 160:
        return None
    named = subjects(text, start, stop - 1)
    who = [
        s for s in named if s.kind == "ranked" or (not s.oblique and (s.kind != "named" or s.role or _full(text, s)))
    ]
    found = _author(text, named) or (_best(who) if who else _behind_office(text, named[-1] if named else None))
    return Attribution(start, stop - 1, found, stop - 1, stop - 1, "before") if found else None


def _with_verb(text: str, low: int, high: int, verb: tuple[int, int], side: Literal["before", "after"]) -> Attribution:
    """The attribution around a reporting verb in the clause ``text[low:high]``."""
    pronoun = _PRONOUN.search(text, max(low, verb[0] - 40), verb[0])
    if pronoun:
        who = Subject(*pronoun.span(1), "pronoun", pronoun.start(1))
        return Attribution(low, verb[0], who, *verb, side)
    if _PASSIVE.search(text[max(low, verb[0] - 25) : verb[0]]):
        by = _BY.match(text, verb[1], high)
        if by:
            agents = subjects(text, by.end(), high)
            if agents:
                return Attribution(by.end(), high, agents[0], *verb, side)
    epithet = _EPITHET.match(text, low, verb[0])
    if epithet:
        return Attribution(low, verb[0], Subject(*epithet.span(), "pronoun", low), *verb, side)
    named = subjects(text, low, verb[0])
    author = _author(text, named)
    if author:
        return Attribution(low, verb[0], author, *verb, side)
    found = _choose(text, named, verb[0]) or _known_by_one_name(text, low, high, named)
    if found:
        return Attribution(low, verb[0], found, *verb, side)
    pronoun = _PRONOUN_BEHIND.match(text, verb[1], high)
    if pronoun:
        return Attribution(verb[1], high, Subject(*pronoun.span(1), "pronoun", pronoun.start(1)), *verb, side)
    behind = subjects(text, verb[1], high) if text[slice(*verb)].lower() in _INVERTED else []
    if behind and not text[verb[1] : behind[0].low].strip():
        return Attribution(verb[1], high, behind[0], *verb, side)
    return Attribution(low, verb[0], _body(text, low, verb[0]), *verb, side)


def _body(text: str, low: int, verb: int) -> Subject | None:
    """A body that speaks ("Kent Police tweeted"), or "one viewer who …"."""
    someone = _SOMEONE.match(text, low, verb)
    if someone:
        return Subject(*someone.span(), "unnamed", low)
    hit = _BODY.search(text, max(low, verb - 60), verb)
    return Subject(hit.start(1), hit.end(1), "unnamed", hit.start(1)) if hit and hit.group(1) not in _NEITHER else None


def _author(text: str, named: list[Subject]) -> Subject | None:
    """Whose words a text gives: "texts from Hall which read", "a statement issued by the family said"."""
    for who in reversed(named):
        if _WRITTEN_BY.search(text[max(0, who.low - 60) : who.low]):
            return who
    return None


def _choose(text: str, named: list[Subject], verb: int) -> Subject | None:
    """The one of the named who is the verb's subject."""
    direct = [s for s in named if not s.oblique]
    spokesperson = next((s for s in direct if s.kind == "unnamed" and _SPEAKS_FOR.fullmatch(text, s.start, verb)), None)
    if spokesperson:
        return spokesperson  # "a spokesman for the charity Safer Steps" has no name
    near = next((s for s in reversed(named) if text[s.end : verb].strip(" ,-–").lower() in _ADVERBS), None)
    known = [s for s in direct if s.kind != "unnamed" and (s is near or s.kind != "named" or s.role or _full(text, s))]
    if known and known[0] is not near and _introduces(text, known[0], verb):
        return known[0]
    if near and text[max(0, near.low - 4) : near.low] == "and " and not near.role:
        return _behind_office(text, near) or near
    if near and near.kind != "unnamed" and near in direct and (near is known[0] or _stands_alone(text, near)):
        return near
    ranked = [s for s in known if s.kind == "ranked"]
    if ranked:
        return ranked[0]
    if near and near.kind == "unnamed" and not near.oblique:
        apposed = [s for s in known if s.role or text[s.end : s.end + 2] == ", "]
        return apposed[-1] if apposed else near
    if known:
        return known[0]
    return _behind_office(text, near) or (_best(direct) if direct and direct[0].kind == "unnamed" else None)


def _known_by_one_name(text: str, low: int, high: int, named: list[Subject]) -> Subject | None:
    """Who opens a sentence that leads in with a colon, by one name of the full one: "Ann asked for help, saying:"."""
    first = next((s for s in named if s.low == low and s.kind == "named"), None)
    if first is None or text[high - 1] != ":":
        return None
    return first if " " in text[slice(*fullest(text, first.start, first.end))] else None


def _introduces(text: str, who: Subject, verb: int) -> bool:
    """A full name with its role behind it: "Ann Bell, head of crime at Kent County Council,"."""
    if " " not in text[who.start : who.end] or text[who.end : who.end + 2] != ", ":
        return False
    stop = text.find(",", who.end + 2, verb)
    return lexicon().role.search(text, who.end, stop if stop > 0 else verb) is not None


def _full(text: str, who: Subject) -> bool:
    """A name of two words, or a given name with an addition: "Louise from Leeds"."""
    return " " in text[who.start : who.end] or text.startswith((" from ", " of ", ", who "), who.end)


def _stands_alone(text: str, who: Subject) -> bool:
    """The name is not the end of a longer phrase: rank, title, role or a comma stand before it."""
    if who.kind in ("ranked", "titled") or who.role:
        return True
    return " " in text[who.start : who.end] and text[max(0, who.low - 2) : who.low] in (", ", "", "- ", "– ")


def _behind_office(text: str, near: Subject | None) -> Subject | None:
    """ "Police and Crime Commissioner for Kent Ann Bell said": the last two words of the run are the name."""
    if near is None or near.kind != "named":
        return None
    words = text[near.start : near.end].split(" ")
    head = lexicon().role.search(text, max(0, near.start - 60), near.start)
    if len(words) < 3 or head is None:
        return None
    start = near.end - len(" ".join(words[-2:]))
    return near._replace(start=start, low=start, oblique=False)


def _best(who: list[Subject]) -> Subject:
    order = {"ranked": 0, "titled": 1, "named": 1, "unnamed": 2, "pronoun": 3}
    return min(who, key=lambda s: (s.oblique, order[s.kind] if s.role is None or s.kind == "ranked" else 0, s.start))


def after(text: str, at: int, high: int) -> Attribution | None:
    """The attribution in the text of the paragraph behind a quotation that ends at `at`."""
    start = at
    while start < high and text[start] in _MARKS:
        start += 1
    if start >= high:
        return None
    ended = text[at - 1] in ".!?…" and text[start] not in ","
    while start < high and text[start] in ", ":
        start += 1
    if start >= high:
        return None
    stop = segments.sentences(text, start, min(high, start + 300))[0][1]
    dash = _DASH.match(text, start, stop)
    if dash:
        start = dash.end()
    verb = lexicon().verb.match(text, start, stop)
    if verb and verb.group().lower() not in lexicon().weak:
        return _inverted(text, stop, verb)
    if text[stop - 1] == ":":
        return None
    verbs = [v for v in lexicon().verb.finditer(text, start, stop) if v.group().lower() not in lexicon().weak]
    if not verbs:
        return _signed(text, start, stop) if dash else None
    verb = verbs[0]
    if ended and not _ENDS_CLAUSE.match(text, verb.end(), stop):
        return None
    found = _with_verb(text, start, stop, verb.span(), "after")
    if found.subject is None or found.subject.low - start > 3 or found.subject.start > verb.start():
        return None
    return found


def _inverted(text: str, stop: int, verb: re.Match[str]) -> Attribution | None:
    """… said Inspector Bell."""
    pronoun = _PRONOUN_BEHIND.match(text, verb.end(), stop)
    if pronoun:
        who = Subject(*pronoun.span(1), "pronoun", pronoun.start(1))
        return Attribution(verb.end(), stop, who, *verb.span(), "after")
    named = [s for s in subjects(text, verb.end(), stop) if not s.oblique]
    if not named:
        return Attribution(verb.end(), stop, None, *verb.span(), "after")
    first = named[0]
    if first.kind == "unnamed" and len(named) > 1 and text[first.end : named[1].low].strip(" ,") == "":
        first = named[1]
    return Attribution(verb.end(), stop, first, *verb.span(), "after")


def _signed(text: str, start: int, stop: int) -> Attribution | None:
    """“…” – Ann Bell, resident."""
    named = subjects(text, start, stop)
    if named and named[0].low - start <= 1 and stop - start <= 120:
        return Attribution(start, stop, named[0], start, start, "after")
    return None


def above(text: str, paragraphs: list[tuple[int, int]], number: int, floor: int) -> Attribution | None:
    """The attribution in the paragraph above a quotation that begins paragraph `number`; nothing before `floor`."""
    if number == 0:
        return None
    low, high = paragraphs[number - 1]
    low = max(low, floor)
    if low >= high:
        return None
    while high > low and text[high - 1] in "_* ":
        high -= 1
    if low >= high:
        return None
    start = _sentence_start(text, low, high)
    verbs = list(lexicon().verb.finditer(text, start, high))
    if text[high - 1] in ":;-–—":
        return _with_verb(text, start, high, verbs[-1].span(), "before") if verbs else _label(text, start, high)
    if verbs and high - verbs[-1].end() <= 2:
        return _with_verb(text, start, high, verbs[-1].span(), "before")
    if not verbs and high - low <= 110 and text[high - 1] not in ".!?":
        named = [s for s in subjects(text, low, high) if s.kind == "ranked" and s.low == low]
        return Attribution(low, high, named[0], high, high, "before") if named else None
    if verbs:
        found = _with_verb(text, start, high, verbs[-1].span(), "before")
        issued = text[found.verb_start : found.verb_end].lower() in _ISSUED
        if found.subject and (issued or found.subject.kind in ("ranked", "titled")):
            return found
    return None


def below(text: str, paragraphs: list[tuple[int, int]], number: int, at: int, stop: int) -> Attribution | None:
    """The attribution on a line of its own under a quotation: "– Ann Bell, resident"."""
    if number + 1 >= len(paragraphs):
        return None
    low, high = paragraphs[number + 1]
    if high > stop or high - low > 120 or text[high - 1] == ":":
        return None
    dash = _DASH.match(text, low, high)
    if dash:
        return _signed(text, dash.end(), high)
    if lexicon().verb.search(text, low, high):
        return after(text, low, high) if text[high - 1] == "." and high - low < 80 else None
    named = subjects(text, low, high)
    if named and named[0].kind == "ranked" and named[0].low == low and text[high - 1] not in ".!?":
        return Attribution(low, high, named[0], low, low, "after")
    return None
