"""Quotations: passages, joining, speakers and warnings by cases, and what holds for any text."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from extractor.models import Mention, Organisation, Quote, ReleaseWarning, Speaker
from extractor.quotes import component as quotes
from extractor.text import segments
from extractor.text.source import Source, clean

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = tomllib.loads((Path(__file__).parent / "cases" / "quotes.toml").read_text("utf-8"))["case"]
NLP = spacy.blank("en")
ALPHABET = st.sampled_from(
    [
        *"\"“”‘’'„ \n.,:;-aA1é\U0001f600",
        "said",
        "PC Bell ",
        "He ",
        "he added",
        "A spokesperson ",
        "\n\n",
        "Det Insp ",
        "’s ",
    ]
)


def extract(
    text: str, bodies: list[Organisation] | None = None
) -> tuple[list[Quote], list[Speaker], list[ReleaseWarning]]:
    source = Source(text)
    doc = quotes.component(segments.component(NLP.make_doc(source.cleaned)))
    return quotes.resolve(doc, source, bodies or [])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_cases(case: dict[str, Any]) -> None:
    text = case["text"]
    found, speakers, warnings = extract(text)
    names = {speaker.id: speaker.name for speaker in speakers}
    got = [([text[s.start : s.end] for s in q.spans], q.kind, names.get(q.speaker or "", "")) for q in found]
    assert got == [(q["spans"], q["kind"], q.get("speaker", "")) for q in case["quotes"]]
    assert [warning.code for warning in warnings] == case.get("warnings", [])


def test_the_verb_is_the_cue_and_ids_count_in_text_order() -> None:
    found, speakers, _ = extract("PC Ann Bell said: “Stop there.”\n\nDS Tom Marsh added: “We will go on.”")
    assert [(q.id, q.cue and q.cue.text, q.speaker) for q in found] == [("q1", "said", "s1"), ("q2", "added", "s2")]
    assert [s.id for s in speakers] == ["s1", "s2"]


def test_text_joins_paragraphs_with_a_blank_line_and_halves_with_a_space() -> None:
    found, _, _ = extract("“We saw it,” said PC Ann Bell. “It was red.”\n\n“We wrote it down.”")
    assert [q.text for q in found] == ["We saw it, It was red.\n\nWe wrote it down."]


def body(text: str, name: str, kind: Any, key: str) -> Organisation:
    start = text.index(name)
    mention = Mention(start=start, end=start + len(name), text=name)
    return Organisation(id=key, name=name, kind=kind, key=None, mentions=(mention,))


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("Inspector Ann Bell, of Hull Roads Unit at Kent Police, said: “We saw it.”", "o1"),
        ("Kent Police Inspector Ann Bell, Hull Roads Unit, said: “We saw it.”", "o1"),
        ("Inspector Ann Bell, of the Hull Roads Unit, thanked Kent Police and said: “We saw it.”", "o2"),
        ("Kent Police and Hull Roads Unit met. Inspector Ann Bell said: “We saw it.”", None),
    ],
)
def test_the_force_is_linked_before_the_unit_and_only_by_the_wording(text: str, linked: str | None) -> None:
    bodies = [body(text, "Kent Police", "police_force", "o1"), body(text, "Hull Roads Unit", "police_unit", "o2")]
    _, speakers, _ = extract(text, bodies)
    assert speakers[0].organisation == linked


def test_very_many_marks_are_read_in_a_loop() -> None:
    found, _, _ = extract("He said “go on now.” " * 3000)
    assert len(found) == 3000


@given(st.lists(ALPHABET, max_size=60).map("".join))
def test_any_text(text: str) -> None:
    found, speakers, warnings = extract(text)
    ids = {speaker.id for speaker in speakers}
    spans = [span for quote in found for span in quote.spans]
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all("\n" not in clean(text)[span.start : span.end] for span in spans)  # a hard wrap is no paragraph
    assert all(quote.speaker is None or quote.speaker in ids for quote in found)
    mentions = [m for s in speakers for m in s.mentions] + [q.cue for q in found if q.cue]
    assert all(text[m.start : m.end] == m.text for m in mentions)
    assert all(warning.end <= len(text) for warning in warnings)


@pytest.mark.parametrize(
    ("paragraph", "codes"),
    [
        ("‘Ghost broking’ is the name of a fraud.", ["unread-quote"]),
        ("'Operation Elm' saw teams out across the city.", []),
        ("’Twas a quiet night across the whole county.", []),
        ("“We are pleased with how it went,” she said.", []),
    ],
)
def test_a_paragraph_that_opens_with_a_mark_is_read_or_warned_of(paragraph: str, codes: list[str]) -> None:
    _, _, warnings = extract("A first paragraph of the story, long enough to be one.\n\n" + paragraph)
    assert [w.code for w in warnings] == codes
