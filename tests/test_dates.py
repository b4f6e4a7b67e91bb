"""dates: each form by its examples, cases of whole texts, bounds, hostile input."""

import re
import sys
import time
from datetime import date
from pathlib import Path

import pytest
import spacy
from edtf import parse_edtf
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from extractor import tables
from extractor.dates import component as dates
from extractor.dates import edtf, forms, years
from extractor.text.source import Source, as_date

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

NLP = spacy.blank("en")
DAY = date(2023, 5, 10)
CASES = tomllib.loads((Path(__file__).parent / "cases" / "dates.toml").read_text("utf-8"))["case"]
FORMS = tables.load(forms.FILE, "form", forms.Form)
CUES = tables.load(forms.FILE, "cue", years.Cue)
EXAMPLES = [(form, *example.partition(" => ")[::2]) for form in FORMS for example in form.examples]


def read(text, published=DAY):
    source = Source(text, published=published)
    return dates.resolve(dates.component(NLP.make_doc(source.cleaned)), source)


@pytest.mark.parametrize(("form", "text", "value"), EXAMPLES, ids=[f"{f.id}: {t}" for f, t, _ in EXAMPLES])
def test_example(form, text, value):
    found, _ = read(f"It was {text} there.")
    if not form.type:
        assert found == []
    elif value:
        assert [d.value for d in found if d.text in text] == [None if value == "null" else value]


@pytest.mark.parametrize("form", FORMS, ids=lambda f: f.id)
def test_not_examples(form):
    assert [d.text for text in form.not_examples for d in read(f"It was {text} there.")[0]] == []


@pytest.mark.parametrize("example", [example for cue in CUES for example in cue.examples])
def test_cue(example):
    text, _, value = example.partition(" => ")
    assert [d.value for d in read(text)[0]][-1:] == [value]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["id"])
def test_case(case):
    found, _ = read(case["text"], as_date(case.get("published")))
    assert [[d.text, d.type, d.value or "", d.anchor or ""] for d in found] == case["expected"]


def test_cases_are_there():
    assert len(CASES) > 10
    assert len(EXAMPLES) > 60


def test_weekday_that_contradicts_its_day_keeps_the_day():
    found, warnings = read("It began on Friday 4 May 2023.")
    assert [d.value for d in found] == ["2023-05-04"]
    assert [(w.code, w.start) for w in warnings] == [("weekday-mismatch", 12)]


def test_a_stored_doc_is_resolved_alike():
    source = Source("He was fined yesterday (Tuesday 9 May) at around 6pm.", published=DAY)
    doc = dates.component(NLP.make_doc(source.cleaned))
    stored = Doc(NLP.vocab).from_bytes(doc.to_bytes())
    assert dates.resolve(stored, source) == dates.resolve(doc, source)
    assert len(dates.resolve(doc, source)[0]) == 1


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Published: 17 November 2020\n\nTwo men were fined yesterday.", date(2020, 11, 17)),
        ("Two men were fined on 17 November 2020 in Leeds, at the end of a long trial.", None),
        ("", None),
    ],
)
def test_published_in(text, day):
    assert dates.published_in(dates.component(NLP.make_doc(text))) == day
    assert dates.published_in(NLP.make_doc(text)) is None


@pytest.mark.parametrize(("year", "day"), [(1961, "1961-04-02"), (2000, "2000-04-23"), (2049, "2049-04-18")])
def test_easter(year, day):
    assert edtf.easter(year).isoformat() == day


WORDS = sorted(forms.grammar().words)
phrases = st.lists(
    st.sampled_from([*WORDS, "5", "12th", "2019", "10.25pm", "31/12/2019", "\n", ". ", "x"]), max_size=14
)


@settings(deadline=None)
@given(phrases, st.sampled_from([None, DAY, date(1, 1, 1), date(9999, 12, 31)]))
def test_every_value_is_sound(words, published):
    text = " ".join(words)
    for found in read(text, published)[0]:
        assert text[found.start : found.end] == found.text
        days = edtf.bounds(found.value)
        assert (found.earliest, found.latest) == (tuple(d.isoformat() for d in days) if days else (None, None))
        if days:
            assert found.earliest <= found.latest
        if found.value and found.type in ("DATE", "TIME"):
            days = re.sub(r"T[A-Z\d:]+", "", found.value)  # TIMEX3 parts of days are no EDTF
            if days.strip("/") and "W" not in days:  # nor does the library know the weeks of ISO 8601
                parse_edtf(days)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read(text):
    for found in read(text)[0]:
        assert text[found.start : found.end] == found.text


HOSTILE = [
    "1 ",
    "and ",
    "Monday ",
    "1",
    ".",
    "5 May - ",
    "from 1 to ",
    "the ",
    "two and a half ",
    "( ",
    "10.30pm ",
    "1,000",
    "£1,",
    "the morning of ",
    "½ ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_linear(piece):
    def cost(length):
        text = piece * (length // len(piece))
        begin = time.perf_counter()
        forms.parse(text)
        return time.perf_counter() - begin

    cost(1000)
    short, long = (min(cost(n) for _ in range(3)) for n in (8_000, 32_000))
    assert long < 12 * short + 0.02
