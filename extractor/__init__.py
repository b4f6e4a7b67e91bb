"""Reads police press releases and returns validated, evidence-grounded records."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extractor.errors import DataError, ExtractorError, InputError, ModelError, OutputError
    from extractor.models import (
        Count,
        Date,
        Extent,
        Failure,
        Item,
        Mention,
        Operation,
        Organisation,
        Provenance,
        Quote,
        Release,
        ReleaseWarning,
        Segment,
        SourceInfo,
        Speaker,
    )
    from extractor.pipeline import build
    from extractor.release import extract, extract_many
    from extractor.text.source import Source

_HOME = {
    "errors": ("DataError", "ExtractorError", "InputError", "ModelError", "OutputError"),
    "models": ("Count", "Date", "Extent", "Failure", "Item", "Mention", "Operation", "Organisation", "Provenance",
               "Quote", "Release", "ReleaseWarning", "Segment", "SourceInfo", "Speaker"),
    "pipeline": ("build",),
    "release": ("extract", "extract_many"),
    "text.source": ("Source",),
}  # fmt: skip
_MODULE = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "Count", "DataError", "Date", "Extent", "ExtractorError", "Failure", "InputError", "Item", "Mention", "ModelError",
    "Operation", "Organisation", "OutputError", "Provenance", "Quote", "Release", "ReleaseWarning", "Segment",
    "Source", "SourceInfo", "Speaker", "build", "extract", "extract_many",
]  # fmt: skip


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("police-press-extractor")
    except PackageNotFoundError:  # run from a source tree that is not installed
        return "0+unknown"


def __getattr__(name: str) -> Any:
    # spaCy and pydantic load when a name is first used, so that importing the package costs nothing.
    if name == "__version__":
        return _version()
    if name not in _MODULE:
        raise AttributeError(f"module 'extractor' has no attribute {name!r}")
    return getattr(import_module(f"extractor.{_MODULE[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
