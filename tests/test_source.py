"""source: cleaning keeps every character's place; publication dates are read or refused."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import InputError
from extractor.text.source import Source, as_date, clean


@given(st.text())
def test_cleaning_keeps_the_length(text):
    assert len(clean(text)) == len(text)


@given(st.text("ab \u00a0\u200b\t\n.", max_size=200))
def test_cleaning_moves_no_letter(text):
    assert all(b == a for a, b in zip(text, clean(text), strict=True) if a in "ab.")


def test_odd_spaces_and_hyphens_become_plain():
    assert clean("187\u00a0knives\tstop\u2011check") == "187 knives stop-check"


def test_hard_wraps_are_joined_and_paragraphs_are_not():
    wrapped = "Officers from the neighbourhood team in the north of the county\nmade an arrest.\nA man\nwas held."
    assert clean(wrapped).count("\n") == 2


@pytest.mark.parametrize(
    "given_", [date(2020, 11, 17), datetime(2020, 11, 17, 9, 30), "2020-11-17", "2020-11-17T09:30:00+01:00"]
)
def test_publication_dates(given_):
    assert as_date(given_) == date(2020, 11, 17)


@pytest.mark.parametrize("given_", ["", "17 November 2020", "2020-13-01", "17/11/2020"])
def test_a_publication_date_that_is_none_is_refused(given_):
    with pytest.raises(InputError, match="ISO date"):
        as_date(given_)


def test_source_is_cleaned_once():
    source = Source("a\u00a0b")
    assert source.cleaned is source.cleaned
