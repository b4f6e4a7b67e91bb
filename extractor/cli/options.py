"""What the commands share: options, exit codes, messages."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from extractor.errors import InputError
from extractor.judging.safe import plain

SOME_FAILED, USAGE, NOTHING_WORKED, INTERRUPTED, CLOSED_PIPE = 1, 2, 3, 130, 141


def say(message: str) -> None:
    """A line on stderr, harmless whatever stands in it."""
    typer.echo(plain(message), err=True)


def _day(value: str) -> date:
    from extractor.text.source import as_date

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


def _country(value: str) -> str:
    from extractor.text.country import checked

    try:
        return checked(value)
    except InputError as error:
        raise typer.BadParameter(str(error)) from error


Country = Annotated[
    str | None, typer.Option(parser=_country, metavar="CODE", help="Country of all inputs: GB, IE, US, CA, AU or NZ.")
]
Publisher = Annotated[str | None, typer.Option(metavar="NAME", help="The body that published all inputs.")]
