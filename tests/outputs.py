"""Helpers of the tests of output formats."""

from pathlib import Path

from extractor.outputs.writers import FORMATS


def write_to(place: Path, name: str, results, suffix: str | None = None) -> Path:
    output = place / f"out{suffix or FORMATS[name].suffix}"
    FORMATS[name].write(output, iter(results))
    return output


def content(output: Path) -> dict[str, bytes]:
    """The files of an output, hidden ones too, by name."""
    around = output.parent
    return {str(file.relative_to(around)): file.read_bytes() for file in sorted(around.rglob("*")) if file.is_file()}


def in_any_order(found):
    return {table: sorted(rows, key=repr) for table, rows in found.items()}
