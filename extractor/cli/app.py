"""The command line: ``extractor run | diff | explain | schema``.

Data goes to stdout, everything else to stderr. Exit codes: 0 all well, 1 some documents failed (`run`) or records
differ (`diff`), 2 wrong usage, 3 nothing worked, 130 interrupted. spaCy, pydantic and rich load inside the commands.
"""

from __future__ import annotations

import functools
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from extractor.cli import judge as commands
from extractor.cli import run as run_command
from extractor.cli import summary
from extractor.cli.options import CLOSED_PIPE, INTERRUPTED, NOTHING_WORKED, Model, Published, say
from extractor.errors import ExtractorError, InputError
from extractor.judging import safe

if TYPE_CHECKING:
    from extractor.outputs.stored import Stored

KINDS = ("dates", "counts", "items", "organisations", "operations", "speakers", "quotes", "people", "warnings")
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
            say(f"extractor: {error}")
            code = NOTHING_WORKED
        except typer.BadParameter as error:
            error.message = safe.plain(error.message)  # it may name a file
            raise
        except KeyboardInterrupt:
            say("extractor: interrupted; no output file was changed")
            code = INTERRUPTED
        except BrokenPipeError:  # `| head` has seen enough; nothing more can be told, not even at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = CLOSED_PIPE
        raise typer.Exit(code)

    # `run` may have its inputs from a file of options, `schema` has none.
    app.command(name, no_args_is_help=function.__name__ not in ("run", "schema"))(wrapped)
    return wrapped


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


Only = Annotated[list[str] | None, typer.Option(metavar="KIND", help="Only this kind (dates, counts, …); repeatable.")]


_command(run_command.run)


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
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a page that this program did not write.")
    ] = False,
) -> int:
    """Show what differs between records and the expected ones, field by field, with the evidence.

    Entries are aligned by their place in the text, never by their number in a list.
    """
    from extractor.judging.compare import match
    from extractor.outputs.stored import read_records, texts_for

    kinds = _kinds(only, (*KINDS, "kinds", "numerals", "segments", "source", "provenance"))
    pairs = match(read_records(record), read_records(expected))
    shown = _json_differences if as_json else _rich_differences
    text_of = texts_for(expected, text)
    differ = shown(pairs, kinds, text_of, provenance)
    if as_html:
        commands.write_page(pairs, text_of, as_html, (record, expected, text), overwrite=overwrite)
    return 0 if exit_zero or not differ else 1


def _kinds(only: list[str] | None, known: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [kind for kind in only or () if kind not in known]
    if unknown:
        raise typer.BadParameter(f"--only {unknown[0]!r}: not one of {', '.join(known)}")
    return tuple(only) if only else known


def _lonely(record: Stored | None) -> str:
    return "expected, but not in the records" if record is None else "in the records, but not expected"


def _rich_differences(
    pairs: Pairs, kinds: tuple[str, ...], text_of: Callable[[Stored], str | None], provenance: bool
) -> bool:
    from extractor.cli import show
    from extractor.judging.compare import compare

    console, comparisons, differ = show.console(), [], False
    for ours, theirs in pairs:
        if ours is None or theirs is None:
            console.print(f"{safe.on_a_line((ours or theirs).id)}: {_lonely(ours)}")  # type: ignore[union-attr]
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

    from extractor.judging.compare import compare

    differ = False
    for ours, theirs in pairs:
        if ours is None or theirs is None:
            rows = [{"id": (ours or theirs).id, "kind": "record", "what": _lonely(ours)}]  # type: ignore[union-attr]
        else:
            comparison = compare(ours.release, theirs.release, provenance=provenance).only(kinds)
            rows = [{"id": theirs.id, **asdict(difference)} for difference in comparison.differences]
        for row in rows:
            typer.echo(safe.as_json(row))
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
    from extractor.cli import show
    from extractor.pipeline import build
    from extractor.reading import readers
    from extractor.reading.units import Settings, Unit
    from extractor.release import release_of
    from extractor.text import files

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


@_command
def convert(
    records: Annotated[
        Path, typer.Argument(metavar="RECORDS", help="Records of schema 1: .json, .jsonl, .gz, or a folder of .json.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT", help="A new file or folder.")],
) -> int:
    """Move records of schema 1 to schema 2; nothing is replaced."""
    from extractor.outputs.convert import convert as converted

    say(f"{output}: {converted(records, output):,} records")
    return 0


_command(commands.score)
_command(commands.report)
_command(commands.review)
_command(commands.export)
_command(commands.import_, "import")
_command(summary.summary)
