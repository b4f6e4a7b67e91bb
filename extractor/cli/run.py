"""The command ``extractor run``: its options, the screen and the exit code; what it does is in runs/run.py."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.options import INTERRUPTED, NOTHING_WORKED, SOME_FAILED, Country, Model, Published, Publisher, say
from extractor.errors import InputError, OutputError
from extractor.judging import safe
from extractor.text.files import STDIN

if TYPE_CHECKING:
    from extractor.outputs.writers import Format
    from extractor.runs.batch import Result
    from extractor.runs.run import Plan
    from extractor.runs.tally import Tally


class FailOn(str, Enum):
    """What makes the exit code 1, beside documents that fail."""

    warnings = "warnings"


class Engine(str, Enum):
    """What drives the work."""

    processes = "processes"
    spark = "spark"


def _encoding(name: str) -> str:
    from extractor.text.encodings import known_encoding

    try:
        return known_encoding(name)
    except InputError as error:
        raise typer.BadParameter(str(error)) from error


def _configured(context: typer.Context, file: Path | None) -> Path | None:
    """Makes what a file says the defaults of the other options, which the command line outranks."""
    from extractor.runs.config import read_config

    try:
        path, found = read_config(file, "run")
    except InputError as error:
        raise typer.BadParameter(str(error)) from error
    names = {option.lstrip("-"): p.name for p in context.command.params for option in p.opts if option != "--config"}
    unknown = [key for key in found if key.replace("_", "-") not in names]
    if unknown:
        raise typer.BadParameter(f"{path}: run has no option {unknown[0]!r}")
    context.default_map = {str(names[key.replace("_", "-")]): value for key, value in found.items()}
    return path


def run(
    # As they are spelled, for a Path would make s3a:/ of s3a://.
    inputs: Annotated[
        list[str] | None, typer.Argument(metavar="INPUT", help="Files, folders, patterns; - is a text on stdin.")
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("-o", "--output", metavar="PATH", help="Where the records go; the suffix tells the format."),
    ] = None,
    form: Annotated[
        str | None, typer.Option("--format", metavar="NAME", help="jsonl, json, csv, sqlite or parquet.")
    ] = None,
    listed: Annotated[
        Path | None, typer.Option("--list", metavar="FILE", help="More inputs, one path a line; - is stdin.")
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            is_eager=True,
            callback=_configured,
            help="Options, as [run] in a TOML file; else extractor.toml or pyproject.toml here.",
        ),
    ] = None,
    published: Published = None,
    country: Country = None,
    publisher: Publisher = None,
    metadata: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Table (.csv, .json, .toml): id, published, title, url, country, publisher."),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(metavar="NAME", parser=_encoding, help="Of all text files; else it is detected.")
    ] = None,
    text_column: Annotated[str, typer.Option(metavar="NAME", help="Column or key with the text.")] = "text",
    id_column: Annotated[str, typer.Option(metavar="NAME", help="Column or key with the name.")] = "id",
    date_column: Annotated[
        str, typer.Option(metavar="NAME", help="Column or key with the day of publication.")
    ] = "published",
    save_text: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Keep the text that offsets count, one .txt a document.")
    ] = None,
    max_size: Annotated[
        int, typer.Option(metavar="BYTES", min=1, help="A larger document fails, unread.")
    ] = 20_000_000,
    workers: Annotated[
        int | None, typer.Option("-w", "--workers", metavar="N", min=1, help="Processes; else as many as cores.")
    ] = None,
    timeout: Annotated[
        float | None, typer.Option(metavar="SECONDS", min=0.1, help="A document that takes longer fails (60).")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Do again what an earlier run has done.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Let records go whose documents are not among the inputs.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an output that this program did not write.")
    ] = False,
    into_database: Annotated[
        bool, typer.Option("--into-database", help="Put the tables beside those of a SQLite database of yours.")
    ] = False,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Do again what failed.")] = False,
    limit: Annotated[int | None, typer.Option(metavar="N", min=1, help="Only the first N documents.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only list the documents, and what would be done with each.")
    ] = False,
    fail_on: Annotated[FailOn | None, typer.Option(help="Exit with 1 if any record has warnings.")] = None,
    engine: Annotated[
        Engine, typer.Option(help="spark: INPUT and PATH are what Spark reads and writes.")
    ] = Engine.processes,
    master: Annotated[str | None, typer.Option(metavar="URL", help="Of Spark, for example local[4].")] = None,
    model: Model = "blank",
    quiet: Annotated[
        bool, typer.Option("--quiet", help="No progress and no summary; failures are still told.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="The summary as JSON: on stdout if -o is given, else on stderr.")
    ] = False,
) -> int:
    """Read releases and write their records, in the order of the inputs.

    A document that fails is told of, on the screen and in the output, and the rest goes on. What is done is kept in a
    manifest: the same command goes on where it stopped, and reads only what has changed. The output takes its place
    when it is whole.
    """
    from extractor.reading import listing
    from extractor.reading.metadata import read_metadata
    from extractor.reading.units import Settings
    from extractor.runs import guard
    from extractor.runs import run as running
    from extractor.runs.tally import Tally

    begin = time.perf_counter()
    settings = Settings(published, encoding, text_column, id_column, date_column, max_size, country, publisher)
    tables = read_metadata(metadata) if metadata else {}
    if engine is Engine.spark:
        from extractor.cli import spark as spark_command

        spark_command.refuse(
            {
                "--list": listed,
                "--save-text": save_text,
                "-w": workers,
                "--retry-failed": retry_failed,
                "--dry-run": dry_run,
                "--into-database": into_database,
            }
        )
        tally = spark_command.run(inputs, to, form, settings, tables, model, timeout, limit, force, master, quiet=quiet)
        return INTERRUPTED if tally is None else _ended(tally, begin, fail_on, quiet=quiet, as_json=as_json)
    if master is not None:
        raise typer.BadParameter("--master is for --engine spark")
    output = None if to is None else Path(to)
    names = [*map(Path, inputs or ()), *(listing.read_list(listed) if listed else ())]
    if not names:
        raise typer.BadParameter("no INPUT, and no --list")
    target = _beside_others(_target(output, form)) if into_database else _target(output, form)
    found = listing.find(names, exclude=_own(target, metadata, save_text))
    if not found.documents:
        raise InputError(f"nothing to read in {', '.join(map(str, names))}; nothing written", "no-input")
    missing = [
        document.path for document in found.documents if not document.path.exists() and str(document.path) != STDIN
    ]
    if missing and len(missing) == len(found.documents):
        raise InputError(f"{missing[0]}: not found; nothing written", "no-input")
    reads = [*(document.path for document in found.documents), *filter(None, (metadata, listed, config)), *names]
    if save_text is not None:
        guard.check_texts(save_text, reads=[document.path for document in found.documents], overwrite=overwrite)
    _protect(output, target and target[1], reads=reads, overwrite=overwrite)
    plan = running.Plan(
        found,
        settings,
        tables,
        model,
        workers or os.cpu_count() or 1,
        timeout,
        save_text,
        force,
        retry_failed,
        limit,
    )
    if dry_run:
        return _foretell(plan, target, quiet=quiet)
    tally = Tally(found.skipped)
    try:
        if target is None:
            _stream(plan, tally, output, quiet=quiet)
        else:
            _into(plan, tally, *target, quiet=quiet, replace=replace)
    except KeyboardInterrupt:
        done = f"{tally.documents:,} documents are kept, the same command goes on from there" if target else ""
        say(f"extractor: interrupted; {done or 'nothing is kept'}")
        return INTERRUPTED
    return _ended(tally, begin, fail_on, quiet=quiet, as_json=as_json, piped=to in (None, STDIN))


def _ended(
    tally: Tally, begin: float, fail_on: FailOn | None, *, quiet: bool, as_json: bool, piped: bool = False
) -> int:
    """Reports a run, and says with which exit code it ends."""
    tally.seconds = time.perf_counter() - begin
    _report(tally, quiet=quiet, as_json=as_json, to_stdout=piped)
    if not tally.ok:
        return NOTHING_WORKED
    return SOME_FAILED if tally.failed or (fail_on and tally.warnings) else 0


def _target(output: Path | None, form: str | None) -> tuple[Path, Format] | None:
    """Where the records go and how; None for a stream of JSON Lines to stdout, a pipe or a device."""
    from extractor.outputs.writers import format_for

    is_stream = (
        output is None or str(output) == STDIN or (output.exists() and not (output.is_file() or output.is_dir()))
    )
    if output is None or is_stream:
        if form not in (None, "jsonl"):
            raise typer.BadParameter(f"--format {form} needs -o PATH; only jsonl goes to a stream")
        return None
    try:
        target = format_for(output, form)
    except InputError as error:
        raise typer.BadParameter(str(error)) from error
    target.require()
    return output, target


def _beside_others(target: tuple[Path, Format] | None) -> tuple[Path, Format]:
    """The target of a run that leaves the other tables of a database as they are."""
    from extractor.outputs.writers import INTO_DATABASE

    if target is None or target[1].name != INTO_DATABASE.name:
        raise typer.BadParameter("--into-database needs -o with a SQLite database")
    return target[0], INTO_DATABASE


def _own(target: tuple[Path, Format] | None, *others: Path | None) -> list[Path]:
    """What stands in input folders and is ours, not a release."""
    from extractor.runs.atomic import failures_path
    from extractor.runs.manifest import manifest_path

    own = [path for path in others if path]
    if target:
        output, form = target
        own += [output, failures_path(output), manifest_path(output, form.is_folder)]
    return own


def _stream(plan: Plan, tally: Tally, output: Path | None, *, quiet: bool) -> None:
    from extractor.runs import atomic
    from extractor.runs import run as running

    results = running.stream(plan, tally)
    if output is None or str(output) == STDIN:
        shown = safe.quiet_json if sys.stdout.isatty() else str  # a pipe gets the bytes that a file would
        for result in results:
            if result.record is not None:
                sys.stdout.write(shown(result.record) + "\n")
        return
    with atomic.atomic(output) as file:
        for result in _shown(results, plan, quiet=quiet):
            if result.record is not None:
                file.write(result.record + "\n")


def _protect(output: Path | None, form: Format | None, *, reads: list[Path], overwrite: bool) -> None:
    """Refuses to write where a file of the user's would be lost."""
    from extractor.outputs import tidy_sqlite
    from extractor.outputs.tidy import TABLES
    from extractor.outputs.writers import INTO_DATABASE
    from extractor.runs.atomic import failures_path
    from extractor.runs.guard import check, check_folder, is_database

    if output is None or str(output) == STDIN:
        return
    if form is None:
        check([output], reads=reads, overwrite=overwrite)
        return
    if form is INTO_DATABASE and is_database(output):
        check([output], reads=reads, ours=is_database)
        tidy_sqlite.check_names(output)
        return
    if not form.is_folder:
        check([output, failures_path(output)], reads=reads, overwrite=overwrite)
        return
    if output.is_file():
        raise OutputError(f"{output}: a file, and the format {form.name} writes a folder; name another output")
    check_folder(output)
    files = [] if form.name == "json" else [output / f"{name}{form.suffix}" for name in TABLES]
    check(files, reads=reads, overwrite=overwrite)


def _into(plan: Plan, tally: Tally, output: Path, form: Format, *, quiet: bool, replace: bool) -> None:
    from extractor.runs import run as running
    from extractor.runs.manifest import Manifest, manifest_path

    with Manifest(manifest_path(output, form.is_folder)) as manifest:
        for _ in _shown(running.into(plan, manifest, tally), plan, quiet=quiet):
            pass
        if gone := 0 if replace else manifest.unlisted():
            raise OutputError(
                f"{output}: {gone:,} records of earlier runs are of documents that are not among these inputs; nothing "
                f"was changed. Name another output, or let them go with --replace"
            )
        form.write(output, manifest.results())
        manifest.finish()


def _foretell(plan: Plan, target: tuple[Path, Format] | None, *, quiet: bool) -> int:
    from extractor.runs import run as running
    from extractor.runs.manifest import manifest_path

    path = manifest_path(target[0], target[1].is_folder) if target else None
    verdicts: Counter[str] = Counter()
    for prospect in running.prospects(plan, path):
        verdicts[prospect.verdict] += 1
        typer.echo(f"{prospect.verdict}\t{safe.on_a_line(prospect.id)}")
    if not quiet:
        for skipped in plan.listing.skipped:
            say(f"skipped: {skipped.path}: {skipped.reason}")
        said = ", ".join(f"{number:,} {verdict}" for verdict, number in verdicts.most_common())
        say(f"{verdicts.total():,} documents: {said}; nothing was written")
    return 0


def _is_device(path: Path) -> bool:
    return path.exists() and not (path.is_file() or path.is_dir())


def _report(tally: Tally, *, quiet: bool, as_json: bool, to_stdout: bool) -> None:
    if as_json:
        typer.echo(safe.as_json(tally.as_json()), err=to_stdout)
        return
    from extractor.cli import show

    if not quiet:
        show.console(stderr=True).print(show.summary(tally))
    elif tally.failed:
        show.console(stderr=True).print(show.failures(tally))


def _shown(results: Iterable[Result], plan: Plan, *, quiet: bool) -> Iterator[Result]:
    """The results, with a bar, a rate and the time left on stderr if that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield from results
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from extractor.cli import show

    columns = (
        TextColumn("reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=show.console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=plan.total, rate="")
        for result in results:
            speed = progress.tasks[0].speed
            progress.update(task, advance=1, rate=f"{speed:,.0f} documents/s" if speed else "")
            yield result
