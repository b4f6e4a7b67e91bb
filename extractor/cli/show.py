"""What the command line shows: a run's summary, a record beside its text, the differences of records; made with rich.

A release may hold anything: markup and control characters are shown, never obeyed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from extractor.judging.compare import Comparison, Difference, Pair, Spans, label_of, spans_of
from extractor.judging.safe import on_a_line
from extractor.judging.safe import plain as plain  # noqa: PLC0414 - known by this name to those that show things
from extractor.models import Count, Date, Item, Model, Operation, Organisation, Person, Quote, Release, Speaker
from extractor.text.segments import sentences

if TYPE_CHECKING:
    from extractor.runs.tally import Tally

KINDS = ("dates", "counts", "items", "organisations", "operations", "speakers", "quotes", "people")
COLOURS = {
    "dates": "cyan",
    "counts": "yellow",
    "items": "magenta",
    "organisations": "green",
    "operations": "bright_green",
    "speakers": "blue",
    "quotes": "bright_blue",
    "people": "bright_magenta",
    "warnings": "red",
}
_SIGNS = {"added": ("+", "green"), "missing": ("-", "red"), "changed": ("~", "yellow"), "moved": ("→", "cyan")}
_FAILURES = 20  # so many are shown
_WARNINGS = 10  # the most frequent codes
_WINDOW = 140  # so many characters of evidence are shown on each side at most


def console(*, stderr: bool = False) -> Console:
    """Where to print: as wide as the terminal, or as COLUMNS says; rich leaves colours out where NO_COLOR is set."""
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=False)


# A run


def summary(tally: Tally) -> RenderableType:
    """The end of a run: how many documents, what was found, what was warned of, what failed and why."""
    head = Table.grid(padding=(0, 2))
    became = f"{tally.ok:,} ok, {tally.failed:,} failed"
    head.add_row("documents", f"{tally.documents:,}", Text(became))
    if tally.unchanged:
        head.add_row("unchanged", f"{tally.unchanged:,}", Text("kept from an earlier run"))
    head.add_row("found", "", Text(", ".join(f"{tally.found[kind]:,} {kind}" for kind in (*KINDS, "warnings"))))
    for code, number in tally.warnings.most_common(_WARNINGS):
        head.add_row("warning", f"{number:,}", Text(plain(code)))
    fresh = tally.documents - tally.unchanged
    rate = fresh / tally.seconds if tally.seconds else 0
    head.add_row("speed", f"{rate:,.0f}", Text(f"documents/s ({fresh:,} read in {tally.seconds:.1f} s)"))
    for reason, number in Counter(s.reason for s in tally.skipped).most_common():
        head.add_row("skipped", f"{number:,}", Text(plain(reason)))
    return Group(head, "", failures(tally)) if tally.failed else head


def failures(tally: Tally) -> RenderableType:
    """The documents that failed, and why: how many for which reason, the first of them, and how many more."""
    table = Table(title="Failures", title_justify="left", title_style="bold red", box=None, pad_edge=False)
    table.add_column("document", overflow="fold")
    table.add_column("code", style="red", no_wrap=True)
    table.add_column("reason", overflow="fold")
    for failure in tally.failures[:_FAILURES]:
        table.add_row(
            Text(on_a_line(failure.source or "")), Text(on_a_line(failure.error)), Text(plain(failure.message))
        )
    more = tally.failed - min(_FAILURES, len(tally.failures))
    if more <= 0:
        return table
    codes = ", ".join(f"{number:,} {on_a_line(code)}" for code, number in tally.codes.most_common())
    return Group(table, f"… and {more:,} more; in all {codes}; -o PATH keeps them all")


# A record beside its text


def explanation(release: Release, text: str, only: Collection[str]) -> RenderableType:
    """The text with its spans marked, and below it every entry with its fields and the rule that found it."""
    parts: list[RenderableType] = [Rule(_title(release), align="left"), marked(release, text, only)]
    for kind in KINDS:
        if kind in only and getattr(release, kind):
            parts += ["", _entries(kind, getattr(release, kind), release)]
    if "warnings" in only and release.warnings:
        parts += ["", _entries("warnings", release.warnings, release)]
    return Group(*parts)


def ledger(release: Release, text: str) -> RenderableType:
    """Every number of the text in its context with what became of it, and how many fell under each verdict."""
    table = Table(box=None, pad_edge=False, expand=True)
    table.add_column("at", no_wrap=True, justify="right", style="dim")
    table.add_column("verdict", no_wrap=True)
    table.add_column("entry", no_wrap=True)
    table.add_column("in its context", overflow="ellipsis", no_wrap=True, ratio=1)
    for row in release.numerals:
        style = {"count": COLOURS["counts"], "date": COLOURS["dates"], "unexplained": "bold red"}.get(
            row.verdict, "dim"
        )
        context = Text(plain(text[max(0, row.start - 20) : row.start].replace("\n", " ")))
        context.append(f"[{plain(row.text)}]", style=style)
        context.append(plain(text[row.end : row.end + 20].replace("\n", " ")))
        table.add_row(f"{row.start}-{row.end}", Text(row.verdict, style=style), row.entry or "", context)
    totals = ", ".join(f"{len(rows)} {verdict}" for verdict, rows in release.ledger().items())
    return Group(Rule(_title(release), align="left"), table, "", f"{len(release.numerals)} numbers: {totals or 'none'}")


def _title(release: Release) -> Text:
    name = on_a_line(release.source.id or "text")
    published = release.source.published
    return Text(f"{name}, published {published}" if published else name, style="bold")


def marked(release: Release, text: str, only: Collection[str]) -> Text:
    """The text, each span in the colour of its kind between brackets, its id behind it; one pair for one place."""
    places: dict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
    for kind in (kind for kind in KINDS if kind in only):
        for row in getattr(release, kind):
            for span in spans_of(row):
                places[span].append((row.id, kind))
    edges = [(end, 0, -start, (start, end)) for start, end in places]
    edges += [(start, 1, -end, (start, end)) for start, end in places]
    shown, source, at = Text(), plain(text), 0
    open_now: Counter[str] = Counter()
    for place, opens, _, span in sorted(edges):  # a piece at a time: slices of one styled text cost its square
        shown.append(source[at:place], style=_colour(open_now))
        at = place
        kinds = [kind for _, kind in places[span]]
        if opens:
            open_now.update(kinds)
            shown.append("[", style="dim")
        else:
            open_now.subtract(kinds)
            shown.append_text(_closing(places[span]))
    return shown.append(source[at:])


def _colour(open_now: Mapping[str, int]) -> str | None:
    """That of the first kind, so that what stands inside a quotation keeps its own."""
    return next((COLOURS[kind] for kind in KINDS if open_now.get(kind)), None)


def _closing(here: Sequence[tuple[str, str]]) -> Text:
    names = [Text(name, style=f"dim {COLOURS[kind]}") for name, kind in here]
    return Text.assemble(("]", "dim"), Text("+", style="dim").join(names))


def _entries(kind: str, rows: Sequence[Model], release: Release) -> Table:
    names = {row.id: label_of(row) for row in (*release.organisations, *release.speakers)}
    table = Table(title=kind, title_justify="left", title_style=f"bold {COLOURS[kind]}", box=None, pad_edge=False)
    table.add_column("id", no_wrap=True, style=COLOURS[kind])
    table.add_column("at", no_wrap=True, justify="right", style="dim")
    table.add_column("text", overflow="fold", ratio=5)
    table.add_column("read as", overflow="fold", ratio=6)
    table.add_column("rule", overflow="fold", ratio=3, style="dim")
    for row in rows:
        spans = spans_of(row)
        at = f"{spans[0][0]}-{spans[0][1]}" if spans else ""
        label = plain(_short(label_of(row), 80))
        read_as = " · ".join(part for part in _fields(row, names) if part)
        table.add_row(getattr(row, "id", ""), at, Text(label), Text(plain(read_as)), Text(plain(_rule(row))))
    return table


def _rule(row: Model) -> str:
    return getattr(row, "rule", None) or getattr(row, "key", None) or getattr(row, "code", None) or ""


def _fields(row: Model, names: Mapping[str, str]) -> list[str]:
    """What was read, in few words; organisations and speakers by name, other links by the ids that the text shows."""
    match row:
        case Date():
            return [row.type, row.value or "not settled", f"by {row.anchor}" if row.anchor else ""]
        case Count():
            return _count(row, names)
        case Item():
            return [row.category, row.action or "", f"count {row.count}" if row.count else ""]
        case Organisation():
            return [row.kind, *_forms(row)]
        case Operation():
            return _forms(row)
        case Speaker():
            return [row.rank or "", row.role or "", _name(row.organisation, names)]
        case Quote():
            said = _name(row.speaker, names) or "no speaker"
            return [row.kind, said, f"cue “{row.cue.text}”" if row.cue else ""]
        case Person():
            return _person(row, names)
        case _:
            return []


def _name(id_: str | None, names: Mapping[str, str]) -> str:
    return names.get(id_, id_) if id_ else ""


def _count(row: Count, names: Mapping[str, str]) -> list[str]:
    modifier = "" if row.modifier == "exact" else f"{row.modifier.replace('_', ' ')} "
    upper = "" if row.value_max is None else f" to {row.value_max:,}"
    return [
        f"{modifier}{row.value:,}{upper} {row.unit}",
        ", ".join(row.categories),
        row.action or "",
        f"when {row.when.id}{_via(row.when.via)}" if row.when else "",
        f"where “{row.where.text}”{_via(row.where.via)}" if row.where else "",
        f"by {', '.join(_name(b.id, names) + _via(b.via) for b in row.organisations)}" if row.organisations else "",
        f"part of {row.subset_of}" if row.subset_of else "",
        f"same as {row.same_as}" if row.same_as else "",
        f"in {row.quote}" if row.quote else "",
    ]


def _via(via: str) -> str:
    """Return what ties a figure to its day or place, unless that is its own sentence."""
    return "" if via == "sentence" else f" (by the {via})"


def _person(row: Person, names: Mapping[str, str]) -> list[str]:
    offences = [f"{o.text} ×{o.number}" if o.number else o.text for o in row.offences]
    return [
        f"{row.role}{', protected' if row.protected else ''}",
        f"{row.age.value} years old" if row.age else "",
        row.sex or "",
        f"of {row.home.text}" if row.home else "",
        row.outcome.replace("_", " ") if row.outcome else "",
        f"for {'; '.join(offences)}" if offences else "",
        *(f"sentence “{s.text}”{' (suspended)' if s.suspended else ''}" for s in row.sentences),
        f"at {_name(row.court, names)}" if row.court else "",
        f"hearing {row.hearing}" if row.hearing else "",
        f"one of {row.count}" if row.count else "",
        f"speaks as {_name(row.speaker, names)}" if row.speaker else "",
    ]


def _forms(row: Organisation | Operation) -> list[str]:
    return [f"“{form}”" + (f" ×{n}" if n > 1 else "") for form, n in Counter(m.text for m in row.mentions).items()]


def _short(text: str, length: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


# Differences


def differences(name: str, comparison: Comparison, text: str | None) -> RenderableType:
    """The differences of one document, each with the sentence it stands in."""
    parts: list[RenderableType] = [Rule(Text(on_a_line(name), style="bold"), align="left")]
    for pair in comparison.pairs:
        if pair.differences:
            parts += list(entry_lines(pair, text))
    return Group(*parts)


def entry_lines(pair: Pair, text: str | None) -> Iterator[RenderableType]:
    """The differences of one entry, with the sentence it stands in."""
    sign, colour = _SIGNS[pair.what]
    line = Text(f"{sign} ", style=f"bold {colour}")
    line.append(f"{pair.kind} ", style="bold")
    line.append(f"{pair.what} ", style=colour)
    line.append(plain(_short(label_of(pair.entry), 100)))
    yield line
    read_as = " · ".join(part for part in _fields(pair.entry, {}) if part)
    if read_as and (pair.new is None or pair.old is None):
        yield Padding(Text(plain(read_as)), (0, 0, 0, 4), expand=False)
    for difference in pair.differences:
        if difference.what in {"changed", "moved"}:
            yield Padding(_change(difference), (0, 0, 0, 4), expand=False)
    spans = pair.differences[0].spans
    if text is not None and spans:
        yield Padding(evidence(text, spans, colour), (0, 0, 0, 4), expand=False)


def _change(difference: Difference) -> Text:
    shown = Text(f"{difference.field or 'place'}: ")
    shown.append(plain(_side(difference.old)), style="red")
    shown.append(" → ")
    shown.append(plain(_side(difference.new)), style="green")
    return shown


def _side(value: Any) -> str:
    if isinstance(value, dict) and "text" in value:
        places = value.get("spans") or [(value["start"], value["end"])]
        return f"{_short(str(value['text']), 60)!r} at {', '.join(f'{a}-{b}' for a, b in places)}"
    if isinstance(value, list):
        return ", ".join(_side(v) for v in value) or "none"
    return "none" if value is None else _short(str(value), 200)


def evidence(text: str, spans: Spans, colour: str) -> Text:
    """The sentence that holds the first span, cut to a window around it, with the span coloured and bracketed."""
    start, end = spans[0]
    low = text.rfind("\n", 0, start) + 1
    high = text.find("\n", end)
    bounds = next(
        (s for s in sentences(text, low, len(text) if high < 0 else high) if s[0] <= start < s[1]), (start, end)
    )
    left, right = max(bounds[0], start - _WINDOW), min(max(bounds[1], end), end + _WINDOW)
    before, after = text[left:start], text[end:right]
    shown = Text()
    if left > bounds[0]:  # cut at a word
        before = "…" + before.partition(" ")[2]
    if right < bounds[1]:
        after = after.rpartition(" ")[0] + "…"
    shown.append(plain(before), style="dim")
    shown.append(f"[{plain(_short(text[start:end], 2 * _WINDOW))}]", style=f"bold {colour}")
    shown.append(plain(after), style="dim")
    return shown


def totals(comparisons: Iterable[Comparison]) -> RenderableType:
    """How many differences of each sort, by kind."""
    tally: Counter[tuple[str, str]] = Counter()
    for comparison in comparisons:
        tally.update((d.kind, d.what) for d in comparison.differences)
    if not tally:
        return Text("no differences")
    table = Table(box=None, pad_edge=False)
    table.add_column("kind")
    for what, (sign, colour) in _SIGNS.items():
        table.add_column(f"{sign} {what}", justify="right", style=colour)
    for kind in dict.fromkeys(kind for kind, _ in sorted(tally)):
        table.add_row(kind, *(f"{tally[kind, what]:,}" if tally[kind, what] else "" for what in _SIGNS))
    return table
