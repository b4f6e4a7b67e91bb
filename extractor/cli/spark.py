"""``extractor run --engine spark``: its options and its messages; what it does is in extractor/spark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import typer

from extractor.cli.options import say
from extractor.errors import InputError
from extractor.spark.run import Plan
from extractor.spark.run import run as run_plan

if TYPE_CHECKING:
    from extractor.reading.metadata import Known
    from extractor.reading.units import Settings
    from extractor.runs.tally import Tally


def refuse(options: Mapping[str, object]) -> None:
    """Says which option is not for this engine, rather than to do without.

    Raises:
        typer.BadParameter: One of them is given.
    """
    for name, value in options.items():
        if value:
            raise typer.BadParameter(f"{name} is not for --engine spark")


def run(
    inputs: Sequence[str] | None,
    output: str | None,
    form: str | None,
    settings: Settings,
    known: Mapping[str, Known],
    model: str,
    timeout: float | None,
    limit: int | None,
    force: bool,
    master: str | None,
    *,
    quiet: bool,
) -> Tally | None:
    """Runs it; the options are those of ``extractor run``. None if it was interrupted.

    Raises:
        typer.BadParameter: No input, or no output that Spark can write.
        ExtractorError: See `spark.run`.
    """
    if not inputs:
        raise typer.BadParameter("no INPUT")
    if output is None or output == "-":
        raise typer.BadParameter("--engine spark writes a folder: say -o PATH")
    plan = Plan(inputs, output, form, settings, known, model, timeout, limit, force, master)
    try:
        tally, remarks = run_plan(plan)
    except KeyboardInterrupt:
        say("extractor: interrupted; nothing was written")
        return None
    except InputError as error:
        if error.code == "bad-option":
            raise typer.BadParameter(str(error)) from error
        raise
    if not quiet:
        for remark in remarks:
            say(remark)
    return tally
