"""Words: where they stand, and that what is asked of each is answered as if each had been asked."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor import spans
from extractor.dates import forms
from extractor.language import words
from extractor.language.words import Chosen, words_of
from extractor.names import bodies

TEXTS = st.text(alphabet=st.sampled_from("abKP’'-_ .,\n0129£“é²\U0001f600İ"), max_size=60)
PIECES = (
    "Kent Police", "3rd", "two men", "St John’s", "ex-Kent Police", "10-12 May", "october2019", "Monday-Friday",
    "20,000", "m&s", "o’clock", "the RSPCA", "9am", ".", "\n", "1,000.50",
)  # fmt: skip
MORE = st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two men’s knives", ["two", "men’s", "knives"]),
        ("a zero-tolerance area", ["a", "zero-tolerance", "area"]),
        ("1,250.50 and 3rd", ["1,250.50", "and", "3", "rd"]),
        ("knives -- and", ["knives", "-", "-", "and"]),
        ("the ‘haul’", ["the", "‘", "haul", "’"]),
        ("snake_case_1 _x", ["snake_case_1", "_", "x"]),
        ("O'Brien-Hall's", ["o'brien-hall's"]),
        ("Zoë’s café", ["zoë’s", "café"]),
        ("a\nb", ["a", "\n", "b"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words_of(text).low == expected


@given(TEXTS | MORE)
def test_offsets(text: str) -> None:
    found = words_of(text)
    lower = spans.lowered(text)
    assert [lower[a:b] for a, b in zip(found.start, found.end, strict=True)] == found.low
    between = [text[b:a] for b, a in zip([0, *found.end], [*found.start, len(text)], strict=True)]
    assert not "".join(between).strip()
    assert len(found.tag) == len(found.low)


@given(TEXTS | MORE)
def test_what_is_chosen_is_what_holds(text: str) -> None:
    found = words_of(text)
    for chosen in Chosen.made:
        expected = [index for index, low in enumerate(found.low) if chosen.holds(low)]
        assert chosen.indices(found) == expected
        assert chosen.some(found) == bool(expected)


def test_what_is_chosen_after_a_text_was_split_is_found_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Chosen, "made", list(Chosen.made))
    found = words_of("two knives and a late sword")
    late = Chosen(lambda low: low == "late")
    assert late.indices(found) == [4]
    assert late.some(found)
    assert late.indices(words_of("the late, late show")) == [1, 3]


def test_a_word_that_is_not_remembered_is_read_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Officers unprecedentedly seized forty-five zombie-knives"
    remembered = words_of(text)
    monkeypatch.setattr(words, "_FACTS_KEPT", 0)
    words._FACTS.clear()
    words_of.cache_clear()
    assert words_of(text) == remembered


@given(TEXTS | MORE)
def test_bodies_begin_where_words_say_they_may(text: str) -> None:
    terms = bodies.terms()
    offsets = bodies.beginnings().offsets(words_of(text))
    assert list(terms.begin(offsets, text)) == list(terms.find(text))


@given(TEXTS | MORE)
def test_dates_spark_where_words_say_they_may(text: str) -> None:
    known = forms.grammar()
    lower = spans.lowered(text).replace("’", "'")
    expected = [at for at in range(len(lower)) if known.spark.match(lower, at)]
    assert list(forms._sparks(text, lower, known)) == expected


def test_a_stretch_too_long_to_be_remembered_is_read_alike() -> None:
    day = "3 May 2020 and "
    nodes = forms.parse(day * 40)
    assert [node.row for node in nodes] == [node.row for node in forms.parse(day)] * 40
    assert re.findall(r"3 May 2020", day * 40) == [(day * 40)[node.start : node.end] for node in nodes]
