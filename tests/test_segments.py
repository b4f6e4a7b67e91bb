"""Segments: kinds of lines by cases and table rows, sentences, and what holds for any text."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from extractor import spans, tables
from extractor.text import segments
from extractor.text.source import clean

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = tomllib.loads((Path(__file__).parent / "cases" / "segments.toml").read_text("utf-8"))["case"]
ROWS = tables.load("segments.toml", "line", segments.Line)
NLP = spacy.blank("en")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_cases(case: dict[str, Any]) -> None:
    doc = segments.component(NLP.make_doc(clean(case["text"])))
    assert [segment.kind for segment in segments.resolve(doc)] == case["kinds"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_rows(row: segments.Line) -> None:
    assert row.examples
    assert [segments.kind_of_line(example) for example in row.examples] == [row.kind] * len(row.examples)
    assert row.kind not in [segments.kind_of_line(other) for other in row.not_examples]


def test_each_segment_starts_a_sentence() -> None:
    doc = segments.component(NLP.make_doc("Arrests in Leeds\n\nThree men were held on Monday after a chase in Leeds."))
    starts = [token.text for token in doc if token.is_sent_start]
    assert starts[0] == "Arrests"
    assert "Three" in starts


def test_sentences_are_not_cut_at_abbreviations() -> None:
    text = "Det. Insp. Bell met Mr. Marsh at 5 p.m. on Monday. They spoke for an hour."
    assert [text[a:b] for a, b in segments.sentences(text, 0, len(text))][-1] == "They spoke for an hour."


@given(st.text(alphabet=st.sampled_from("aA1 .:;,-•\n()\u2028\U0001f600é"), max_size=200))
def test_any_text(text: str) -> None:
    doc = segments.component(NLP.make_doc(clean(text)))
    found = segments.resolve(doc)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all("\n" not in doc.text[s.start : s.end] for s in found)
    covered = "".join(doc.text[s.start : s.end] for s in found)
    assert "".join(covered.split()) == "".join(doc.text.split())
    assert len(spans.read(doc, "segments")) == len(found)
