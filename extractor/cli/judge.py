"""The commands about judging records: ``extractor score | report | review | export | import``; app.py registers them.

Like there, what is heavy loads inside the commands, and what a command returns is the exit code.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from extractor.cli.options import say
from extractor.errors import InputError
from extractor.judging.safe import on_a_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from extractor.judging.flat import Flat
    from extractor.judging.scoring import Scores
    from extractor.models import Release
    from extractor.outputs.stored import Stored

Records = Annotated[Path, typer.Argument(metavar="RECORDS", help="JSON Lines, a record (.json), or a folder of .json.")]
Texts = Annotated[Path | None, typer.Option(metavar="FOLDER", help="The texts, as .txt files named like the records.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace a file that this program did not write.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Where to write; else stdout.")]


class Form(str, Enum):
    """How scores are shown."""

    table = "table"
    markdown = "markdown"
    json = "json"
    html = "html"


class Tool(str, Enum):
    """Whose format gold goes to and comes from."""

    docbin = "docbin"
    label_studio = "label-studio"
    doccano = "doccano"
    brat = "brat"


def score(
    records: Records,
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="Folder of gold: annotations or reviewed records.")],
    texts: Texts = None,
    metadata: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Table (.csv, .json) with a column id, for --by.")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="COLUMN", help="F1 for each value of it, e.g. force, year.")] = None,
    form: Annotated[Form, typer.Option("--format", help="How to show it.")] = Form.table,
    show: Annotated[
        list[str] | None, typer.Option(metavar="MEASURE", help="List the errors of it (counts, dates.value, …).")
    ] = None,
    output: Output = None,
    overwrite: Overwrite = False,
) -> int:
    """Score records against gold: precision, recall and F1, strict and relaxed, with the examples behind them."""
    from extractor.judging import gold as golds
    from extractor.judging import scorecard, scoring
    from extractor.outputs.stored import read_records

    right = golds.read_gold(gold, golds.read_texts(texts or gold))
    if metadata and not by:
        raise InputError("--metadata says nothing without --by COLUMN", "bad-option")
    found: dict[str, Release] = {}
    for stored in read_records(records):
        if stored.stem in found:
            raise InputError(f"two records are named {stored.stem}; gold is found by that name", "twice")
        found[stored.stem] = stored.release
    _say_unmatched({g.id for g in right}, set(found))
    scores = scoring.score(right, {name: golds.entries_of(release) for name, release in found.items()})
    groups = None
    if by:
        years = {document.id: golds.year(document.published) for document in right}
        years |= {n: golds.year(r.source.published) for n, r in found.items() if r.source.published}
        groups = scoring.breakdown(scores, _column(by, metadata, years))
    made = {
        Form.markdown: scorecard.as_markdown,
        Form.html: scorecard.as_html,
        Form.json: lambda scores, groups, _: scorecard.as_json(scores, groups),
    }
    if form is Form.table:
        _print_table(scores, groups, by or "", show or [])
    else:
        _write(made[form](scores, groups, by or ""), output, (records, gold, texts, metadata), overwrite=overwrite)
    return 0


def _column(by: str, metadata: Path | None, years: dict[str, str | None]) -> dict[str, Any]:
    from extractor.judging.gold import read_column

    if metadata:
        return read_column(metadata, by)
    if by != "year":
        raise InputError(f"--by {by} needs --metadata FILE; without it there is only year", "bad-option")
    return years


def _say_unmatched(gold: set[str], found: set[str]) -> None:
    if not gold & found:
        raise InputError("no record has the name of a gold document", "no-match")
    if missing := sorted(gold - found):
        say(f"no record, counted as missed: {', '.join(map(on_a_line, missing))}")
    if more := len(found - gold):
        say(f"{more} records have no gold and are not scored")


def _print_table(scores: Scores, groups: dict[str, Scores] | None, by: str, show: list[str]) -> None:
    from extractor.cli import show as screen
    from extractor.judging import scorecard

    unknown = [n for n in show if not any(k == n or k.startswith(n + ".") for k in (*scores.relaxed, *scores.slots))]
    if unknown:
        raise InputError(f"--show {unknown[0]}: not one of {', '.join((*scores.relaxed, *scores.slots))}", "bad-option")
    console = screen.console()
    console.print(*scorecard.as_tables(scores, groups, by))
    for line in scorecard.examples_of(scores, show):
        console.print(on_a_line(line))


def _write(text: str, output: Path | None, reads: Sequence[Path | None] = (), *, overwrite: bool = False) -> None:
    from extractor.runs import atomic, guard

    if output is None:
        sys.stdout.write(text)
        return
    guard.check([output], reads=[path for path in reads if path], overwrite=overwrite, ours=guard.is_page)
    with atomic.atomic(output) as file:
        file.write(text)


def report(
    records: Records,
    expected: Annotated[
        Path | None, typer.Option(metavar="PATH", help="What they are held against, in the same forms.")
    ] = None,
    texts: Texts = None,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The page.")] = Path("report.html"),
    overwrite: Overwrite = False,
) -> int:
    """Write one HTML page with the texts and what was found in them: no server, no network."""
    from extractor.judging.compare import match
    from extractor.outputs.stored import read_records, texts_for

    ours = read_records(records)
    pairs: list[tuple[Stored | None, Stored | None]] = [(stored, None) for stored in ours]
    if expected:
        pairs = match(ours, read_records(expected))
    write_page(pairs, texts_for(expected or records, texts), output, (records, expected, texts), overwrite=overwrite)
    return 0


def write_page(
    pairs: Iterable[tuple[Stored | None, Stored | None]],
    text_of: Callable[[Stored], str | None],
    output: Path,
    reads: Sequence[Path | None] = (),
    *,
    overwrite: bool = False,
) -> None:
    """Writes the HTML page of records, each beside the expected one if there is one.

    Raises:
        InputError: A text is not there, or not the one the record was made of.
    """
    from extractor.cli.pages import Shown, page
    from extractor.runs import guard

    sources = [Path(s.release.source.id) for pair in pairs for s in pair if s and s.release.source.id]
    guard.check([output], reads=[*filter(None, reads), *sources], overwrite=overwrite, ours=guard.is_page)
    shown = []
    for found, right in pairs:
        if found is None:
            assert right is not None
            say(f"{on_a_line(right.id)}: expected, but not in the records")
        else:
            text = _text(found, text_of(found))
            shown.append(Shown(found.id, text, found.release, right and right.release))
    _write(page(shown), output, reads, overwrite=overwrite)
    say(f"{output}: {len(shown)} releases")


def _text(stored: Stored, text: str | None) -> str:
    if text is None:
        raise InputError(f"{stored.id}: its text is not there, or has changed; name the folder with --texts", "no-text")
    return text


def review(
    records: Records,
    expected: Annotated[Path, typer.Argument(metavar="EXPECTED", help="A .json file or a folder of them: written to.")],
    texts: Texts = None,
    listed: Annotated[bool, typer.Option("--list", help="Only list what is to be decided, one a line.")] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SELECTOR",
            help="Accept without a terminal: a key of --list, counts, counts.action, counts.added, added, rule:NAME, "
            "in:DOCUMENT or all; repeatable.",
        ),
    ] = None,
    why: Annotated[str, typer.Option(metavar="TEXT", help="Reason for the log, with --accept.")] = "",
    who: Annotated[str | None, typer.Option(metavar="NAME", help="Who decides, for the log; else the user.")] = None,
    log: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The log; else review-log.jsonl beside EXPECTED.")
    ] = None,
) -> int:
    """Decide differences one by one with single keys, and write what is accepted into the expected records."""
    from extractor.cli import review as reviewing
    from extractor.judging import review as reviews
    from extractor.judging.compare import match
    from extractor.outputs.stored import read_records, texts_for

    pairs = match(read_records(records), read_records(expected))
    for ours, theirs in pairs:
        if ours is None or theirs is None:
            say(f"{on_a_line((ours or theirs).id)}: in one of the two only, left alone")  # type: ignore[union-attr]
    both = [(ours, theirs) for ours, theirs in pairs if ours and theirs]
    beside = expected if expected.is_dir() else expected.parent
    session = reviews.session(both, log or beside / reviews.LOG, who or _user())
    if listed:
        for line in reviewing.listing(session):
            typer.echo(line)
        return 0
    if os.environ.get("CI", "").lower() not in ("", "0", "false"):
        raise InputError("CI is set: a review writes nothing there; --list shows what is to be decided", "ci")
    if accept:
        _mark(expected)
        indexes = list(reviews.chosen(session.changes, accept))
        session.decide(indexes, reviews.Decision("accept"), when=reviewing.now(), why=why)
        typer.echo(f"accepted {len(indexes)} of {len(session.changes)}", err=True)
        return 0
    if not sys.stdin.isatty():
        raise InputError("no terminal; use --list and --accept", "no-terminal")
    text_of = texts_for(expected, texts)
    by_name = {theirs.id: text_of(theirs) for _, theirs in both}
    if not session.changes:
        typer.echo("nothing to decide", err=True)
        return 0
    from extractor.cli import show

    _mark(expected)
    with reviewing.keyboard() as keys:
        reviewing.Loop(session, keys, show.console(), by_name.get).run()
    return 0


def _mark(expected: Path) -> None:
    """Marks a folder of records as gold as soon as somebody decides about it."""
    from extractor.runs import guard

    if expected.is_dir():
        guard.mark_gold(expected)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError) as error:  # a container without a name for its user
        raise InputError("nobody knows who you are; say so with --who NAME", "no-user") from error


def export(
    records: Records,
    tool: Annotated[Tool, typer.Argument(metavar="TOOL", help="docbin, label-studio, doccano or brat.")],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="PATH", help="The file to write; for brat a folder.")
    ],
    texts: Texts = None,
    overwrite: Overwrite = False,
) -> int:
    """Write records as gold for another tool: spaCy DocBin, Label Studio, doccano or brat."""
    from extractor.judging import exchange
    from extractor.judging.flat import flatten
    from extractor.outputs.stored import read_records, texts_for
    from extractor.runs import atomic, guard

    reads = [path for path in (records, texts) if path]
    guard.check([output], reads=reads, overwrite=overwrite, ours=guard.is_empty)
    text_of = texts_for(records, texts)
    flats = [flatten(r.release, _text(r, text_of(r)), r.id) for r in read_records(records)]
    if tool is Tool.brat:
        files = [path for flat in flats for path in exchange.brat_files(flat.name, output)]
        guard.check(files, reads=reads, overwrite=overwrite, ours=guard.is_empty)
    if tool is Tool.brat:
        exchange.to_brat(flats, output)
    elif tool is Tool.docbin:
        with atomic.atomic(output) as file:
            file.buffer.write(exchange.to_docbin(flats))
    else:
        lines = exchange.to_label_studio if tool is Tool.label_studio else exchange.to_doccano
        with atomic.atomic(output) as file:
            file.writelines(lines(flats))
    return 0


def import_(
    tool: Annotated[Tool, typer.Argument(metavar="TOOL", help="docbin, label-studio, doccano or brat.")],
    file: Annotated[Path, typer.Argument(metavar="PATH", help="What the tool has written; for brat a folder.")],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FOLDER", help="Folder for the records, one .json each.")
    ],
    overwrite: Overwrite = False,
) -> int:
    """Read gold that another tool has changed back into records."""
    from extractor.judging.flat import rebuild
    from extractor.runs import atomic, guard

    rows = [(Path(flat.name), rebuild(flat)) for flat in _read(tool, file)]
    names = [name.stem for name, _ in rows]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(f"{file}: two documents are named {twice}", "twice")
    made = {output / f"{name.stem}.json": release.model_dump_json(indent=1) + "\n" for name, release in rows}
    guard.check_folder(output)
    # A record that differs may have been corrected by hand since it was written.
    guard.check(made, reads=[file], overwrite=overwrite, ours=lambda path: path.read_bytes() == made[path].encode())
    for path, content in made.items():
        with atomic.atomic(path) as out:
            out.write(content)
    say(f"{output}: {len(rows)} records")
    return 0


def _read(tool: Tool, path: Path) -> Iterable[Flat] | Iterator[Flat]:
    from extractor.judging import exchange

    if tool is Tool.brat:
        return exchange.from_brat(path)
    try:
        data = path.read_bytes()
        if tool is Tool.docbin:
            return exchange.from_docbin(data)
        text = data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: {error}", "unreadable") from error
    return exchange.from_label_studio(text) if tool is Tool.label_studio else exchange.from_doccano(text)
