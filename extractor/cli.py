"""The command line: ``extractor run | diff | explain | schema``.

Data goes to stdout, everything else to stderr. Exit codes: 0 all well, 1 some documents failed (`run`) or records
differ (`diff`), 2 wrong usage, 3 nothing worked, 130 interrupted. spaCy, pydantic and rich load inside the commands.
"""

from __future__ import annotations

import functools
import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO, TypeAlias

import typer

from extractor import commands, summary_command
from extractor.errors import ExtractorError, InputError

if TYPE_CHECKING:
    from extractor.batch import Outcome, Summary
    from extractor.stored import Stored

SOME_FAILED, USAGE, NOTHING_WORKED, INTERRUPTED, CLOSED_PIPE = 1, 2, 3, 130, 141

KINDS = ("dates", "counts", "items", "organisations", "operations", "speakers", "quotes", "warnings")
Pairs: TypeAlias = "list[tuple[Stored | None, Stored | None]]"

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Reads police press releases and returns validated, evidence-grounded records.",
    epilog="Data goes to stdout, everything else to stderr. Exit codes: 0 all well, 1 some documents failed or "
    "records differ, 2 wrong usage, 3 nothing worked, 130 interrupted.",
)


def main() -> None:
    """Runs the command line; the entry point of the installed command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a redirected stream on Windows would be cp1252
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    app()


def _command(function: Callable[..., int], name: str | None = None) -> Callable[..., None]:
    """Registers a command: what it returns is the exit code, what it raises on purpose is one line on stderr."""

    @functools.wraps(function)
    def wrapped(**arguments: Any) -> None:
        try:
            code = function(**arguments)
            sys.stdout.flush()
        except ExtractorError as error:
            _say(f"extractor: {error}")
            code = NOTHING_WORKED
        except KeyboardInterrupt:
            _say("extractor: interrupted; no output file was changed")
            code = INTERRUPTED
        except BrokenPipeError:  # `| head` has seen enough; nothing more can be told, not even at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = CLOSED_PIPE
        raise typer.Exit(code)

    app.command(name, no_args_is_help="schema" not in function.__name__)(wrapped)
    return wrapped


def _say(message: str) -> None:
    from extractor.show import plain

    typer.echo(plain(message), err=True)


def _version(wanted: bool) -> None:
    if wanted:
        from extractor import __version__

        typer.echo(f"extractor {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    pass


def _day(value: str) -> date:
    from extractor.source import as_date

    try:
        day = as_date(value)
    except InputError as error:
        raise typer.BadParameter(f"{value!r} is not a date, YYYY-MM-DD") from error
    assert day is not None
    return day


Published = Annotated[
    date | None, typer.Option(parser=_day, metavar="YYYY-MM-DD", help="Day of publication, of all inputs.")
]
Model = Annotated[str, typer.Option(metavar="NAME", help="Base model: blank, or an installed spaCy model.")]
Only = Annotated[list[str] | None, typer.Option(metavar="KIND", help="Only this kind (dates, counts, …); repeatable.")]


@_command
def run(
    inputs: Annotated[
        list[Path], typer.Argument(metavar="INPUT", help="Files, and folders of .txt files; - is stdin.")
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Where the records go, as JSON Lines; else stdout."),
    ] = None,
    published: Published = None,
    metadata: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Table (.csv, .json, .toml) with columns id, published, title, url."),
    ] = None,
    model: Model = "blank",
    quiet: Annotated[
        bool, typer.Option("--quiet", help="No progress and no summary; failures are still told.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as JSON: on stdout if -o is given.")] = False,
) -> int:
    """Read releases and write one record a line, in the order of the inputs.

    A document that fails is told of, on the screen and in FILE.failures.jsonl, and the rest goes on. The output
    takes its place when it is whole.
    """
    from extractor import batch, readers, write
    from extractor.pipeline import build

    listing = readers.find(inputs)
    known = readers.read_metadata(metadata) if metadata else {}
    to_stdout = output is None or str(output) == readers.STDIN
    summary = batch.Summary(listing.skipped)
    begin = time.perf_counter()
    if not listing.documents:
        raise InputError(f"no {readers.SUFFIX} file in {', '.join(map(str, inputs))}; nothing written", "no-input")
    if output is not None and any(_same_file(output, document.path) for document in listing.documents):
        raise typer.BadParameter(f"{output} is one of the inputs")
    found = _shown(
        batch.outcomes(listing.documents, build(model), published, known),
        len(listing.documents),
        quiet=quiet or to_stdout,
    )
    if to_stdout:
        _write(found, summary, sys.stdout)
    else:
        assert output is not None
        with write.atomic(output) as file:
            _write(found, summary, file)
        write.write_failures(output, summary.failures)
    summary.seconds = time.perf_counter() - begin
    _report(summary, quiet=quiet, as_json=as_json, to_stdout=to_stdout)
    if not summary.ok:
        return NOTHING_WORKED
    return SOME_FAILED if summary.failures else 0


def _write(outcomes: Iterable[Outcome], summary: Summary, file: TextIO) -> None:
    from extractor import write
    from extractor.models import Release

    for outcome in outcomes:
        summary.add(outcome)
        if isinstance(outcome.result, Release):
            file.write(write.line(outcome.result))


def _report(summary: Summary, *, quiet: bool, as_json: bool, to_stdout: bool) -> None:
    if as_json:
        typer.echo(json.dumps(summary.as_json(), ensure_ascii=False), err=to_stdout)
        return
    from extractor import show

    if not quiet:
        show.console(stderr=True).print(show.summary(summary))
    elif summary.failures:
        show.console(stderr=True).print(show.failures(summary))


def _same_file(a: Path, b: Path) -> bool:
    return a.exists() and b.exists() and a.samefile(b)


def _shown(outcomes: Iterable[Outcome], total: int, *, quiet: bool) -> Iterator[Outcome]:
    """The outcomes, with a bar on stderr if that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield from outcomes
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from extractor import show

    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=show.console(stderr=True), transient=True) as progress:
        yield from progress.track(outcomes, total=total)


@_command
def diff(
    record: Annotated[
        Path, typer.Argument(metavar="RECORD", help="A record (.json), JSON Lines, or a folder of .json.")
    ],
    expected: Annotated[Path, typer.Argument(metavar="EXPECTED", help="What it is held against, in the same forms.")],
    text: Annotated[
        Path | None,
        typer.Option(
            "--text",
            "--texts",
            metavar="PATH",
            help="The text, or a folder of texts, for the evidence; else beside EXPECTED.",
        ),
    ] = None,
    only: Only = None,
    provenance: Annotated[bool, typer.Option("--provenance", help="Compare versions and rules too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The differences as JSON Lines.")] = False,
    as_html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Also as a page: the texts side by side.")
    ] = None,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 though records differ.")] = False,
) -> int:
    """Show what differs between records and the expected ones, field by field, with the evidence.

    Entries are aligned by their place in the text, never by their number in a list.
    """
    from extractor.compare import match
    from extractor.stored import read_records, texts_for

    kinds = _kinds(only, (*KINDS, "numerals", "segments", "source", "provenance"))
    pairs = match(read_records(record), read_records(expected))
    shown = _json_differences if as_json else _rich_differences
    text_of = texts_for(expected, text)
    differ = shown(pairs, kinds, text_of, provenance)
    if as_html:
        commands.write_page(pairs, text_of, as_html)
    return 0 if exit_zero or not differ else 1


def _kinds(only: list[str] | None, known: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [kind for kind in only or () if kind not in known]
    if unknown:
        raise typer.BadParameter(f"--only {unknown[0]}: not one of {', '.join(known)}")
    return tuple(only) if only else known


def _lonely(record: Stored | None) -> str:
    return "expected, but not in the records" if record is None else "in the records, but not expected"


def _rich_differences(
    pairs: Pairs, kinds: tuple[str, ...], text_of: Callable[[Stored], str | None], provenance: bool
) -> bool:
    from extractor import show
    from extractor.compare import compare

    console, comparisons, differ = show.console(), [], False
    for ours, theirs in pairs:
        if ours is None or theirs is None:
            console.print(f"{show.plain((ours or theirs).id)}: {_lonely(ours)}")  # type: ignore[union-attr]
            differ = True
            continue
        comparison = compare(ours.release, theirs.release, provenance=provenance).only(kinds)
        comparisons.append(comparison)
        if comparison:
            console.print(show.differences(theirs.id, comparison, text_of(theirs)))
            console.print()
    console.print(show.totals(comparisons))
    return differ or any(comparisons)


def _json_differences(
    pairs: Pairs, kinds: tuple[str, ...], text_of: Callable[[Stored], str | None], provenance: bool
) -> bool:
    from dataclasses import asdict

    from extractor.compare import compare

    differ = False
    for ours, theirs in pairs:
        if ours is None or theirs is None:
            rows = [{"id": (ours or theirs).id, "kind": "record", "what": _lonely(ours)}]  # type: ignore[union-attr]
        else:
            comparison = compare(ours.release, theirs.release, provenance=provenance).only(kinds)
            rows = [{"id": theirs.id, **asdict(difference)} for difference in comparison.differences]
        for row in rows:
            typer.echo(json.dumps(row, ensure_ascii=False))
        differ = differ or bool(rows)
    return differ


@_command
def explain(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A text; - is stdin.")],
    published: Published = None,
    only: Only = None,
    numbers: Annotated[
        bool, typer.Option("--numbers", help="The ledger instead: what became of every number.")
    ] = False,
    model: Model = "blank",
) -> int:
    """Show a text with its spans marked, and the rule that found each."""
    from extractor import files, readers, show
    from extractor.inputs import Settings, Unit
    from extractor.pipeline import build
    from extractor.release import release_of

    kinds = _kinds(only, KINDS)
    try:
        settings = Settings(published)
        source = readers.read(Unit(file.name, file.suffix.lower(), files.content(file)), settings)
    except InputError as error:
        raise InputError(f"{file}: {error}", error.code) from error
    release = release_of(source, build(model))
    view = show.ledger(release, source.text) if numbers else show.explanation(release, source.text, kinds)
    show.console().print(view)
    return 0


@_command
def schema() -> int:
    """Print the JSON Schema of a record."""
    from extractor.models import schema_text

    sys.stdout.write(schema_text())
    return 0


_command(commands.score)
_command(commands.report)
_command(commands.review)
_command(commands.export)
_command(commands.import_, "import")
_command(summary_command.summary)
