"""The tagger and parser: a small spaCy model with weights of its own, see scripts/train_parser.py."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import NumpyOps

from extractor.errors import ModelError

FOLDER = Path(__file__).parent.parent / "data" / "grammar"

# Offsets of first characters and behind the last ones, lower case, tags, labels, heads.
Piece = tuple[list[int], list[int], list[str], list[str], list[str], list[int]]


@cache
def model() -> Language:
    """The tagger and parser, loaded once per process.

    Raises:
        ModelError: The weights are missing or damaged.
    """
    try:
        nlp = spacy.load(FOLDER)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{FOLDER}: the weights of the grammar cannot be read: {error}") from error
    ops = NumpyOps(use_blis=False)  # matrix products by numpy are faster for batches of a few sentences
    for name in nlp.pipe_names:
        for node in nlp.get_pipe(name).model.walk():  # type: ignore[attr-defined]
            node.ops = ops
    return nlp


def parsed(text: str, stretches: Sequence[tuple[int, int]], longest: int) -> list[list[Piece]]:
    """Parses stretches of a text together.

    Args:
        text: The text.
        stretches: Offsets of sentences.
        longest: Tokens that are parsed at once; a longer sentence comes in pieces.

    Returns:
        The pieces of each stretch, in order.
    """
    nlp = model()
    docs: list[Doc] = []
    places: list[tuple[int, int]] = []  # the stretch of each Doc, and where it begins in the text
    for number, (start, end) in enumerate(stretches):
        whole = nlp.tokenizer(text[start:end])
        for first in range(0, len(whole), longest):
            piece = whole if len(whole) <= longest else whole[first : first + longest].as_doc()
            docs.append(piece)
            places.append((number, start + whole[first].idx))
    found: list[list[Piece]] = [[] for _ in stretches]
    for doc in docs:
        for token in doc[1:]:
            token.is_sent_start = False
    for name in nlp.pipe_names:
        docs = list(nlp.get_pipe(name).pipe(docs, batch_size=64))  # type: ignore[attr-defined]
    for doc, (number, begin) in zip(docs, places, strict=True):
        piece = _piece(doc, begin)
        if piece[0]:
            found[number].append(piece)
    return found


def _piece(doc: Doc, begin: int) -> Piece:
    tokens = [token for token in doc if not token.is_space]
    place = {token.i: index for index, token in enumerate(tokens)}
    return (
        [begin + t.idx for t in tokens],
        [begin + t.idx + len(t) for t in tokens],
        [t.lower_ for t in tokens],
        [t.tag_ for t in tokens],
        [t.dep_ for t in tokens],
        [place.get(t.head.i, index) for index, t in enumerate(tokens)],
    )
