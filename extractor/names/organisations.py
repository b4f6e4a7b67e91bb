"""Named bodies: those of data/organisations.toml, and names found by their form; with them the named operations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc

from extractor import spans
from extractor.language.words import words_of
from extractor.models import Mention, Operation, Organisation
from extractor.names import operations
from extractor.names.bodies import (
    Form,
    abbreviations,
    alone,
    beginnings,
    bodies,
    cued,
    forms,
    grammar,
    regions,
    terms,
    words,
)
from extractor.names.capitals import Edge, following, leftward, lowered, rightward, stands_for
from extractor.names.listed import beside
from extractor.text.source import Source

_KNOWN = "organisation"  # the rule of bodies that have a row
_CUE_BEFORE = re.compile(r"\b[Tt]he $")
_CUE_AFTER = re.compile(
    r"['’]s\b|-wide|-led| (?:[Oo]fficers?|[Dd]etectives?|[Pp]olice|spokes|[Cc]ommissioner|[Cc]hief|said|force|boss)"
)
_ADDRESS = re.compile(r"(?:-uk)?\.(?:org|co|gov|police|uk)\b|-uk\b")  # goes on as the address of a site
_LIST = re.compile(r",? and |, | & ")
_LOCATIVE = re.compile(r"\b(?:to|at|in|near|outside|inside|from|into|of|on|opposite|by|behind|via|and|or) (?:the )?$")
_ACTS = re.compile(
    r"(?:['’]s?)? (?:said|says|has|have|had|was|were|is|are|will|confirmed|added|spokes\w+|staff|bosses|chiefs)\b"
)
_PLURAL = re.compile(r"(?<=\w\w)s\b")  # "Missing Person Team" and "Missing Persons Team" are one
_GLUED = re.compile(r"[\w&]")
_GOES_ON = re.compile(r"\w")
_DEFINED = re.compile(r" ?\((?:the |or |also known as )?['\"‘“]?([A-Z][A-Za-z&]{1,9})['\"’”]?\)")


@Language.component("extractor_organisations")
def component(doc: Doc) -> Doc:
    """Writes ``doc.spans["organisations"]`` and ``doc.spans["operations"]``."""
    organisations_found, operations_found = found(spans.text_of(doc))
    spans.write(doc, "organisations", organisations_found)
    spans.write(doc, "operations", operations_found)
    return doc


def found(text: str) -> tuple[list[spans.Match], list[spans.Match]]:
    """The mentions of organisations and of operations in a text, each in order.

    The row of a match is the id of the body's row, or the full name of a body that has none.
    """
    offsets = beginnings().offsets(words_of(text))
    text = lowered(text, abbreviations())
    named_operations = operations.found(text)
    matches = _acting(text, _Finder(text, named_operations).matches(offsets))
    matches = _linked(text, sorted(matches + beside(text, matches)))
    matches = sorted(matches + _shortened(text, matches))
    return _with_councils(text, matches), named_operations


def _with_councils(text: str, matches: list[spans.Match]) -> list[spans.Match]:
    """A service of a council names the council too: "Hull City Council Trading Standards"."""
    if "Council Trading" not in text:
        return matches
    out = []
    for match in matches:
        name, council, _ = text[match.start : match.end].partition(" Council ")
        if council and match.rule == "government":
            end = match.start + len(name + council) - 1
            out.append(spans.Match(match.start, end, "council", text[match.start : end]))
        out.append(match)
    return out


class _Finder:
    """One reading of a text from left to right; `kept` is what it has found so far."""

    def __init__(self, text: str, named_operations: list[spans.Match]) -> None:
        self.text = text
        self.operations = [Edge(m.start, m.end, whole=False) for m in named_operations]
        self.kept: list[spans.Match] = []

    def matches(self, offsets: Iterable[int]) -> list[spans.Match]:
        """Table rows and names by form; where two overlap, the one that holds the other.

        Args:
            offsets: Where terms may begin.
        """
        passed = 0
        operation = Edge(-1, -1)
        for start, end, tag in terms().begin(offsets, self.text):
            while passed < len(self.operations) and self.operations[passed].end <= start:
                operation = self.operations[passed]
                passed += 1
            if passed < len(self.operations) and self.operations[passed].start < end:
                continue
            last = Edge(self.kept[-1].start, self.kept[-1].end) if self.kept else Edge(-1, -1)
            edge = max(operation, last, key=lambda e: e.end)
            for match in self._read(start, end, tag, edge):
                self._keep(match)
        return self.kept

    def _keep(self, match: spans.Match) -> None:
        if self.kept and self.kept[-1].start == match.start and self.kept[-1].end > match.end:
            return  # "the charity Fearless Futures" is not Fearless
        while self.kept and self.kept[-1].start >= match.start:
            self.kept.pop()
        if self.kept and match.start < self.kept[-1].end:
            # A name that runs to the right ("University of Leeds and Kent Police") ends where another begins.
            last = self.kept.pop()
            name = re.sub(r"(?:,| and| &)$", "", self.text[last.start : match.start].rstrip())
            if not name or last.rule == _KNOWN:
                self.kept.append(last)
                return
            self.kept.append(last._replace(end=last.start + len(name), row=name))
        self.kept.append(match)

    def _read(self, start: int, end: int, tag: str, edge: Edge) -> Iterable[spans.Match]:
        if _ADDRESS.match(self.text, end) or self.text[start - 1 : start] in {".", "/"}:
            return []
        what, _, ids = tag.partition(":")
        if what == "body":
            return self._body(start, end, ids, edge)
        if what == "cued":
            return self._cued(start, end, ids)
        if what == "form" and not _followed_by("streets").match(self.text, end):
            return self._form(start, end, ids.split(","), edge)
        if what == "plural":
            form = forms()[ids]
            return self._forces(start, end) if form.kind == "police_force" else self._several(start, end, form, edge)
        return []

    def _body(self, start: int, end: int, id: str, edge: Edge) -> Iterable[spans.Match]:
        region = bodies()[id].region
        if not region or not self.text.startswith(region, start):
            known = not _followed_by("streets").match(self.text, end)
            return [spans.Match(start, end, _KNOWN, id)] if known else []
        if _followed_by("after_force").match(self.text, end):
            # "Kent Police and Crime Commissioner's Office": a longer head may begin at "Police".
            inner = next(terms().find(self.text, start + len(region) + 1, min(len(self.text), end + 40)), None)
            return self._read(*inner, edge) if inner and inner[1] > end else []
        return [*self._regions_before(start), spans.Match(start, end, _KNOWN, id)]

    def _form(self, start: int, end: int, ids: list[str], edge: Edge) -> list[spans.Match]:
        head = self.text[start:end]
        for form in map(forms().__getitem__, ids):
            if form.position == "first":
                stop = rightward(self.text, end)
                if stop > end:
                    return [spans.Match(start, stop, form.id, self.text[start:stop])]
                continue
            if form.position == "cue":
                span = following(self.text, end, grammar())
                return [spans.Match(*span, form.id, self.text[slice(*span)])] if span else []
            if form.kind == "police_force" and _followed_by("after_force").match(self.text, end):
                continue
            left = leftward(self.text, start, grammar(), edge, lower=form.modified)
            if left.start is not None and self._says_enough(left.start, start, form):
                end = self._tail(end, form, ids)
                name = self.text[left.start : start] + form.full(self.text[start:end])
                return [spans.Match(left.start, end, form.id, name)]
            owner = self._owner(left.reach) if left.reach < start and left.start is None else None
            if owner:
                return [spans.Match(left.reach, end, form.id, f"{owner} {self.text[left.reach : end]}")]
        if head in alone():
            return [spans.Match(start, end, _KNOWN, alone()[head])]
        return self._cued(start, end, cued()[head]) if head in cued() else []

    def _cued(self, start: int, end: int, id: str) -> list[spans.Match]:
        before = _CUE_BEFORE.search(self.text, max(0, start - 5), start)
        return [spans.Match(start, end, _KNOWN, id)] if before or _CUE_AFTER.match(self.text, end) else []

    def _tail(self, end: int, form: Form, ids: list[str]) -> int:
        """Where "Kent Association of Sikh Police" ends, whose head may also begin a name."""
        both = len(ids) > 1 and self.text.startswith(" of ", end)
        return rightward(self.text, end) if both and form.canonical is None else end

    def _says_enough(self, start: int, head: int, form: Form) -> bool:
        before = self.text[start : head - 1]
        if form.modified and (before in regions() or before in alone()):
            return False  # "the Kent team" and "the Kent Police team" name none
        words_before = before.split()
        if form.modified and len(words_before) == 1:
            return before.isupper()  # "BIT team" names one, "Norwich team" does not
        return len(words_before) >= form.least

    def _owner(self, start: int) -> str | None:
        """Full name of the force of "Kent Police's rural crime team", if the unit starts at the offset."""
        last = self.kept[-1] if self.kept else None
        if not last or last.rule != _KNOWN or self.text[last.end : start] not in {"'s ", "’s "}:
            return None
        return bodies()[last.row].name if bodies()[last.row].kind == "police_force" else None

    def _several(self, start: int, end: int, form: Form, edge: Edge) -> list[spans.Match]:
        """The bodies of "Norwich and Ipswich Crown Courts"."""
        left = leftward(self.text, start, grammar(), edge, lower=False)
        if left.start is None:
            return []
        out, at = [], left.start
        for joint in re.finditer(" and | & ", self.text[left.start : start]):
            stop = left.start + joint.start()
            out.append(spans.Match(at, stop, form.id, f"{self.text[at:stop]} {form.canonical or form.heads[0]}"))
            at = left.start + joint.end()
        return [*out, spans.Match(at, end, form.id, self.text[at:start] + (form.canonical or form.heads[0]))]

    def _forces(self, start: int, end: int) -> list[spans.Match]:
        """The forces of "Norfolk and Suffolk Constabularies"."""
        for region, id in regions().items():
            begin = start - len(region) - 1
            if begin >= 0 and self.text.startswith(region + " ", begin):
                return [*self._regions_before(begin), spans.Match(begin, end, _KNOWN, id)]
        return []

    def _regions_before(self, start: int) -> list[spans.Match]:
        """The forces of "Norfolk and Suffolk Police" but the last, whose name starts at an offset."""
        out: list[spans.Match] = []
        for hit in _listed_region().finditer(self.text, max(0, start - 70), start):
            if out and not _LIST.fullmatch(self.text, out[-1].end, hit.start()):
                out.clear()
            out.append(spans.Match(hit.start(), hit.end(), _KNOWN, regions()[hit.group()]))
        return out if out and _LIST.fullmatch(self.text, out[-1].end, start) else []


@cache
def _followed_by(name: str) -> re.Pattern[str]:
    listed = "|".join(sorted(map(re.escape, words(name))))
    return re.compile(rf"(?: |(?=,))(?:{listed})(?!\w)")


@cache
def _listed_region() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{spans.trie_expression(regions())})(?=,? and |, | & )")


def _acting(text: str, matches: list[spans.Match]) -> list[spans.Match]:
    """Leaves out the places that do not act."""
    places = {m.row: m for m in matches if m.rule != _KNOWN and forms()[m.rule].place}
    for match in matches:
        acts = match.row in places and _ACTS.match(text, match.end)
        if acts and not _LOCATIVE.search(text, max(0, match.start - 14), match.start):
            del places[match.row]
    return [m for m in matches if m.row not in places]


def _linked(text: str, matches: list[spans.Match]) -> list[spans.Match]:
    """One name for one body: a shorter form of exactly one longer name takes that name."""
    names = dict.fromkeys((m.rule, m.row) for m in matches if m.rule != _KNOWN)
    longer: dict[tuple[str, str], list[str]] = {}
    starting: dict[tuple[str, str], list[str]] = {}
    for rule, name in names:
        first, *rest = name.split(" ")
        starting.setdefault((rule, first), []).append(name)
        for n in range(len(rest)):
            longer.setdefault((rule, " ".join(rest[n:])), []).append(name)
    full = {}
    for rule, name in names:
        candidates = longer.get((rule, name), [])
        if name.rpartition(" ")[2].isupper():
            candidates = candidates + [n for n in starting[rule, name.partition(" ")[0]] if _initials(name, n)]
        if len(candidates) == 1:
            full[rule, name] = candidates[0]
    matches = [m._replace(row=full.get((m.rule, m.row), m.row)) for m in matches]
    known = {(m.rule, m.row): id for m in matches if (id := _known(text, m))}
    return [_as_row(m, known.get((m.rule, m.row))) for m in matches]


def _known(text: str, match: spans.Match) -> str | None:
    """ "Property Crime Unit (PIPCU)": the abbreviation behind the name is that of a body with a row."""
    defined = None if match.rule == _KNOWN else _DEFINED.match(text, match.end)
    id = alone().get(defined.group(1)) if defined else None
    return id if id and bodies()[id].kind == forms()[match.rule].kind else None


def _as_row(match: spans.Match, id: str | None) -> spans.Match:
    return match._replace(rule=_KNOWN, row=id) if id else match


def _initials(short: str, name: str) -> bool:
    """Whether "Hertsmere CSP" is short for "Hertsmere Community Safety Partnership"."""
    first, _, last = short.rpartition(" ")
    rest = name.removeprefix(f"{first} ")
    return bool(first) and last.isupper() and len(last) < len(rest) < len(name) and stands_for(last, rest)


def _shortened(text: str, matches: list[spans.Match]) -> list[spans.Match]:
    """Later mentions by an abbreviation that the text defines, or by the head: "the Trust"."""
    targets = _heads(text, matches)
    for match in matches:
        defined = _DEFINED.match(text, match.end)
        if defined and stands_for(defined.group(1), text[match.start : match.end]):
            targets[defined.group(1)] = match
    if not targets:
        return []
    out, at = [], 0
    for start, end in _standing(text, targets):
        while at < len(matches) and matches[at].end <= start:
            at += 1
        name = text[start:end]
        target = targets[name]
        if start < target.start or (at < len(matches) and matches[at].start < end):
            continue
        if name not in words("short") or _CUE_BEFORE.search(text, max(0, start - 5), start):
            out.append(spans.Match(start, end, target.rule, target.row))
    return out


def _standing(text: str, names: Iterable[str]) -> list[tuple[int, int]]:
    """Where one of the names stands as a word of its own; of two that begin together the longer one."""
    longest: dict[int, int] = {}
    for name in sorted(names, key=len):
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            if not (_GOES_ON.match(text, end) or (at and _GLUED.match(text, at - 1))):
                longest[at] = end
            at = text.find(name, end)
    return sorted(longest.items())


def _heads(text: str, matches: list[spans.Match]) -> dict[str, spans.Match]:
    """The heads that stand for exactly one of the bodies."""
    out: dict[str, spans.Match] = {}
    several = set()
    for match in matches:
        head = text[match.start : match.end].rpartition(" ")[2]
        if head in words("short") and out.setdefault(head, match).row != match.row:
            several.add(head)
    return {head: match for head, match in out.items() if head not in several}


def resolve(doc: Doc, source: Source) -> tuple[list[Organisation], list[Operation]]:
    """The organisations and operations of a Doc, each once, in order of first mention."""
    organisations = []
    for n, group in enumerate(_grouped(spans.read(doc, "organisations")), 1):
        first = group[0]
        body = bodies()[first.row] if first.rule == _KNOWN else None
        organisations.append(
            Organisation(
                id=f"o{n}",
                name=body.name if body else max((m.row for m in group), key=len),
                kind=body.kind if body else forms()[first.rule].kind,
                key=body.id if body else None,
                mentions=_mentions(source, group),
            )
        )
    named_operations = [
        Operation(id=f"p{n}", name=group[0].row, mentions=_mentions(source, group))
        for n, group in enumerate(_grouped(spans.read(doc, "operations")), 1)
    ]
    return organisations, named_operations


def _grouped(matches: list[spans.Match]) -> list[list[spans.Match]]:
    groups: dict[str, list[spans.Match]] = {}
    for match in matches:
        key = match.row if match.rule == _KNOWN else _PLURAL.sub("", match.row.casefold().replace("’", "'"))
        groups.setdefault(key, []).append(match)
    return list(groups.values())


def _mentions(source: Source, group: list[spans.Match]) -> tuple[Mention, ...]:
    return tuple(Mention(start=m.start, end=m.end, text=source.text[m.start : m.end]) for m in group)
