"""Scores for readers: a table for the terminal, Markdown, JSON and one HTML page; figures lead to their examples."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from extractor.judging.gold import Entry
from extractor.judging.measures import HEADLINE, SLOTS
from extractor.judging.safe import on_a_line, quiet_json
from extractor.judging.scoring import RESAMPLES, Example, Score, Scores, Tally, rates

if TYPE_CHECKING:
    from rich.console import RenderableType

OUTCOMES = ("hits", "spurious", "missed")
_CUT = 120
_STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}
table{border-collapse:collapse;margin:1rem 0}
th,td{padding:.25rem .6rem;text-align:right;border-bottom:1px solid #8886}
th:first-child,td:first-child,.examples td,.examples th{text-align:left;vertical-align:top}
.examples{font-size:.9rem}
.examples td{overflow-wrap:anywhere}
summary{cursor:pointer;font-weight:600;padding:.2rem 0}
details:target{outline:2px solid #36c;outline-offset:4px}
"""
_OPEN_TARGET = """
const open=()=>{
 const id=decodeURIComponent(location.hash.slice(1)),target=id&&document.getElementById(id);
 if(target)target.open=true};
addEventListener('hashchange',open);open();
"""


def _readings(scores: Scores) -> Iterator[tuple[str, str, Score]]:
    """Name, reading and score of each row, in the order of the table."""
    for name in scores.relaxed:
        yield name, "relaxed", scores.relaxed[name]
        yield name, "strict", scores.strict[name]


def _interval(score: Score) -> str:
    return f"{score.low.f1:.3f}–{score.high.f1:.3f}"


def _documents(n: int) -> str:
    return f"{n} document{'' if n == 1 else 's'}"


# JSON


def as_json(scores: Scores, groups: Mapping[str, Scores] | None = None) -> str:
    """All figures and all examples; the examples of a figure stand beside it."""
    data: dict[str, Any] = _figures(scores, examples=True)
    data["worst"] = [{"document": d.id, "errors": d.errors} for d in scores.worst]
    if groups is not None:
        data["by"] = {name: _figures(group, examples=False) for name, group in groups.items()}
    return quiet_json(json.dumps(data, indent=1, ensure_ascii=False)) + "\n"


def _figures(scores: Scores, *, examples: bool) -> dict[str, Any]:
    measures: dict[str, Any] = {}
    for name, reading, score in _readings(scores):
        measures.setdefault(name, {})[reading] = _figure(score) | (_examples(score.tally) if examples else {})
    slots = {}
    for name, score in scores.slots.items():
        right, wrong, _ = score.tally.counts
        slots[name] = {
            "accuracy": round(score.rates.precision, 4),
            "interval": [round(score.low.precision, 4), round(score.high.precision, 4)],
            "right": right,
            "wrong": wrong,
        }
        if examples:
            slots[name]["examples"] = {"wrong": [_example(e) for e in score.tally.spurious]}
    return {"documents": len(scores.documents), "resamples": RESAMPLES, "measures": measures, "slots": slots}


def _figure(score: Score) -> dict[str, Any]:
    hits, spurious, missed = score.tally.counts
    intervals = {
        name: [round(getattr(score.low, name), 4), round(getattr(score.high, name), 4)] for name in score.rates._fields
    }
    found = {name: round(value, 4) for name, value in score.rates._asdict().items()}
    return {**found, "intervals": intervals, "hits": hits, "spurious": spurious, "missed": missed}


def _examples(tally: Tally) -> dict[str, Any]:
    return {"examples": {name: [_example(e) for e in getattr(tally, name)] for name in OUTCOMES}}


def _example(example: Example) -> dict[str, Any]:
    return {"document": example.document, "gold": _entry(example.gold), "found": _entry(example.found)}


def _entry(entry: Entry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    return {"text": entry.text, "spans": entry.spans, **entry.slots}


# Text


def in_short(entry: Entry | None) -> str:
    """An entry on one line: its text and what is said about it."""
    if entry is None:
        return "—"
    text = " ".join(entry.text.split())
    said = [
        ", ".join(value) if isinstance(value, (list, tuple)) else str(value)
        for name, value in entry.slots.items()
        if value not in (None, "", ()) and value != entry.text and (name, value) != ("modifier", "exact")
    ]
    return f"{text if len(text) <= _CUT else text[: _CUT - 1] + '…'}{' · ' if said else ''}{' · '.join(said)}"


def _place(example: Example) -> str:
    entry = example.found or example.gold
    return f"{example.document}:{entry.spans[0][0]}" if entry and entry.spans else example.document


def as_tables(scores: Scores, groups: Mapping[str, Scores] | None = None, by: str = "") -> list[RenderableType]:
    """Rich tables for the terminal."""
    from rich.table import Table

    def table(title: str, first: str, *columns: str) -> Table:
        # So narrow that the widest fits in 80 columns.
        made = Table(
            title=f"\n{title}", title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 1, 0, 0)
        )
        made.add_column(first)
        for column in columns:
            made.add_column(column, justify="right")
        return made

    title = f"{_documents(len(scores.documents))}, F1 with 95% interval; strict F1 last"
    main = table(title, "measure", "P", "R", "F1", "interval", "right", "extra", "missed", "strict")
    for name, score in scores.relaxed.items():
        figures = [f"{rate:.3f}" for rate in score.rates]
        counts = [str(n) for n in score.tally.counts]
        main.add_row(name, *figures, _interval(score), *counts, f"{scores.strict[name].rates.f1:.3f}")
    slots = table("Values of aligned entries", "slot", "accuracy", "interval", "right", "of")
    for name, score in scores.slots.items():
        right, wrong, _ = score.tally.counts
        if right + wrong:
            interval = f"{score.low.precision:.3f}–{score.high.precision:.3f}"
            slots.add_row(name, f"{score.rates.precision:.3f}", interval, str(right), str(right + wrong))
    made: list[RenderableType] = [main, slots]
    if groups is not None:
        parts = table(f"F1 by {by}", by, "n", *(name.partition(".")[0] for name in HEADLINE))
        for value, group in groups.items():
            parts.add_row(
                on_a_line(value), str(len(group.documents)), *(_or_dash(group.relaxed[name]) for name in HEADLINE)
            )
        made.append(parts)
    if scores.worst:
        worst = table("Most errors", "document", "errors", "F1")
        for document in scores.worst:
            worst.add_row(on_a_line(document.id), str(document.errors), f"{_f1_of(document.relaxed):.3f}")
        made.append(worst)
    return made


def _or_dash(score: Score) -> str:
    return f"{score.rates.f1:.3f}" if any(score.tally.counts) else "–"


def _f1_of(tallies: Mapping[str, Tally]) -> float:
    """F1 over all fields of one document, in the measures that ask most."""
    return rates(*(sum(column) for column in zip(*(tallies[name].counts for name in HEADLINE), strict=True))).f1


def examples_of(scores: Scores, names: Iterable[str]) -> Iterator[str]:
    """The errors behind measures or slots, a line each."""
    for name in names:
        chosen = {**scores.slots, **scores.relaxed}
        for key in (k for k in chosen if k == name or k.partition(".")[0] == name):
            for outcome in ("missed", "spurious"):
                word = "wrong" if key not in scores.relaxed else outcome
                for example in getattr(chosen[key].tally, outcome):
                    yield f"{key} {word}  {_place(example)}  {in_short(example.gold)}  →  {in_short(example.found)}"


# Markdown and HTML share their rows: (title, head, rows); a cell is text, or text with the id of its examples.


def _cell(n: int, target: str) -> tuple[str, str]:
    return str(n), target if n else ""


def _sections(
    scores: Scores, groups: Mapping[str, Scores] | None, by: str
) -> Iterator[tuple[str, list[str], list[Any]]]:
    rows: list[Any] = []
    for name, reading, score in _readings(scores):
        counts = [
            _cell(n, f"{name}-{reading}-{outcome}") for n, outcome in zip(score.tally.counts, OUTCOMES, strict=True)
        ]
        rows.append([f"{name}, {reading}", *(f"{rate:.3f}" for rate in score.rates), _interval(score), *counts])
    yield "Measures", ["measure", "P", "R", "F1", "95% interval", "right", "spurious", "missed"], rows
    rows = []
    for name, score in scores.slots.items():
        right, wrong, _ = score.tally.counts
        interval = f"{score.low.precision:.3f}–{score.high.precision:.3f}"
        accuracy = f"{score.rates.precision:.3f}" if right + wrong else "–"
        rows.append(
            [name, accuracy, interval, _cell(right, f"{name}-slot-hits"), _cell(wrong, f"{name}-slot-spurious")]
        )
    yield "Values of aligned entries", ["slot", "accuracy", "95% interval", "right", "wrong"], rows
    if groups is not None:
        rows = [
            [value, str(len(g.documents)), *(_or_dash(g.relaxed[name]) for name in HEADLINE)]
            for value, g in groups.items()
        ]
        yield f"F1 by {by}", [by, "documents", *HEADLINE], rows
    rows = [
        [d.id, _cell(d.errors, f"document-{d.id}"), f"{_f1_of(d.relaxed):.3f}"] for d in scores.worst
    ]  # fmt: skip
    yield "Documents with the most errors", ["document", "errors", "F1"], rows


def _listed(scores: Scores) -> Iterator[tuple[str, str, list[Example]]]:
    """Id, title and examples of every figure that has any."""
    for name, reading, score in _readings(scores):
        for outcome in OUTCOMES:
            yield f"{name}-{reading}-{outcome}", f"{name}, {reading}: {outcome}", getattr(score.tally, outcome)
    for name in SLOTS:
        tally = scores.slots[name].tally
        yield f"{name}-slot-hits", f"{name}: right", tally.hits
        yield f"{name}-slot-spurious", f"{name}: wrong", tally.spurious
    for document in scores.worst:
        tallies = [document.relaxed[name] for name in HEADLINE]
        errors = [example for tally in tallies for example in (*tally.missed, *tally.spurious)]
        yield f"document-{document.id}", f"{document.id}: errors", errors


def as_markdown(scores: Scores, groups: Mapping[str, Scores] | None = None, by: str = "") -> str:
    """A report in Markdown; figures link to the lists of examples below."""
    lines = [f"# Scores over {_documents(len(scores.documents))}", ""]
    for title, head, rows in _sections(scores, groups, by):
        if rows:
            lines += [f"## {title}", "", f"| {' | '.join(head)} |", f"|---{'|--:' * (len(head) - 1)}|"]
            lines += [f"| {' | '.join(map(_markdown_cell, row))} |" for row in rows] + [""]
    lines += ["## Examples", ""]
    for target, title, examples in _listed(scores):
        if examples:
            lines += [f'<a id="{_inert(target)}"></a>', "", f"### {_quiet(title)}", ""]
            lines += [f"- {' | '.join(map(_quiet, _columns(e)))}" for e in examples] + [""]
    return "\n".join(lines)


def _markdown_cell(cell: str | tuple[str, str]) -> str:
    if isinstance(cell, str):
        return _quiet(cell)
    return f"[{cell[0]}](#{quote(on_a_line(cell[1]))})" if cell[1] else cell[0]


def _quiet(text: str) -> str:
    """Text that means nothing to Markdown."""
    text = html.escape(on_a_line(text), quote=False)
    return "".join("\\" + c if c in "\\`*_[]|#!" else c for c in text)


def _columns(example: Example) -> tuple[str, str, str]:
    return _place(example), in_short(example.gold), in_short(example.found)


def as_html(scores: Scores, groups: Mapping[str, Scores] | None = None, by: str = "") -> str:
    """One page without anything from elsewhere; figures link to their examples."""
    n = _documents(len(scores.documents))
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="generator" content="extractor">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">',
        f'<meta name="viewport" content="width=device-width"><title>Scores</title><style>{_STYLE}</style></head><body>',
        f"<main><h1>Scores over {n}</h1>",
    ]
    for title, head, rows in _sections(scores, groups, by):
        if rows:
            cells = "".join(f'<th scope="col">{_inert(name)}</th>' for name in head)
            body = "".join(f"<tr>{''.join(map(_html_cell, row))}</tr>" for row in rows)
            parts.append(f"<h2>{_inert(title)}</h2><table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>")
    parts.append("<h2>Examples</h2>")
    for target, title, examples in _listed(scores):
        if examples:
            rows_ = "".join(f"<tr>{''.join(f'<td>{_inert(text)}</td>' for text in _columns(e))}</tr>" for e in examples)
            parts.append(
                f'<details id="{_inert(target)}"><summary>{_inert(title)} ({len(examples)})</summary>'
                '<table class="examples"><thead><tr><th scope="col">where</th><th scope="col">gold</th>'
                f'<th scope="col">found</th></tr></thead><tbody>{rows_}</tbody></table></details>'
            )
    parts.append(f"</main><script>{_OPEN_TARGET}</script></body></html>\n")
    return "\n".join(parts)


def _policy() -> str:
    """Nothing from outside, and no script but the page's own."""
    digest = base64.b64encode(hashlib.sha256(_OPEN_TARGET.encode()).digest()).decode()
    own = f"style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"


def _inert(text: str) -> str:
    """Text that means nothing to a browser."""
    return html.escape(on_a_line(text))


def _html_cell(cell: str | tuple[str, str]) -> str:
    if isinstance(cell, str):
        return f"<td>{_inert(cell)}</td>"
    return f'<td><a href="#{_inert(cell[1])}">{cell[0]}</a></td>' if cell[1] else f"<td>{cell[0]}</td>"
