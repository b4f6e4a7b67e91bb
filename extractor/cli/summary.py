"""The command ``extractor summary``; app.py registers it. What is heavy loads inside."""

from __future__ import annotations

import json
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer


class By(str, Enum):
    """What figures are broken down by."""

    force = "force"
    month = "month"
    year = "year"


def summary(
    output: Annotated[
        Path,
        typer.Argument(metavar="OUT", help="What a run has written, in any format, or a folder of records."),
    ],
    by: Annotated[By | None, typer.Option(help="Break figures down by it, beside category and action.")] = None,
    top: Annotated[int, typer.Option(metavar="N", min=1, help="So many rows of each table at most.")] = 10,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page with charts: no network, works from disk.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as data.")] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a page that this program did not write.")
    ] = False,
) -> int:
    """Sum up the output of a run: releases by force and month, figures by category and action, who and what is named.

    Figures are as police reported them. Units are never added up, nor what is told twice within a release.
    """
    from extractor.cli import show
    from extractor.cli.summary_page import page
    from extractor.cli.summary_screen import screen
    from extractor.judging.summary import summarise
    from extractor.runs import atomic, guard

    if html:
        guard.check([html], reads=[output], overwrite=overwrite, ours=guard.is_page)
    found = summarise(output, top=top, by=by.value if by else None)
    if html:
        with atomic.atomic(html) as file:
            file.write(page(found, top))
        typer.echo(f"{html}: {found.read:,} releases", err=True)
    if as_json:
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False))
    elif not html:
        console = show.console()
        console.print(screen(found, console.width, top))
    return 0
