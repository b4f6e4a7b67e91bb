from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marks import marked

from extractor import extract, tables
from extractor.counts import categories
from extractor.language.words import ActionRow, words_of
from extractor.models import misplaced
from extractor.numbers import ledger
from extractor.numbers.guards import GuardRow
from extractor.numbers.numerals import numerals
from extractor.pipeline import default
from extractor.tables import tomllib

CASES = tomllib.loads((Path(__file__).parent / "cases" / "counts.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", marked(CASES, lambda c: c["text"][:40]))
def test_cases(case: dict[str, Any]) -> None:
    release = extract(case["text"])
    found = [f"{c.text} | {c.value} | {c.unit} | {','.join(c.categories)} | {c.action or ''}" for c in release.counts]
    for expected in case["counts"]:
        assert expected in found
    if not case["counts"]:
        assert not found
    if "modifiers" in case:
        assert [c.modifier for c in release.counts][: len(case["modifiers"])] == case["modifiers"]
    assert [w.code for w in release.warnings if w.code == "odd-number"] == case.get("warnings", [])


@pytest.mark.parametrize("row", tables.load("numbers.toml", "guard", GuardRow), ids=lambda r: r.id)
def test_guards_keep_their_examples_out(row: GuardRow) -> None:
    for text in row.examples:
        assert not extract(text).counts, text


@pytest.mark.parametrize("row", tables.load("actions.toml", "action", ActionRow), ids=lambda r: r.id)
def test_actions(row: ActionRow) -> None:
    assert row.examples
    for text in row.examples:
        release = extract(text)
        actions = {c.action for c in release.counts} | {i.action for i in release.items}
        assert row.action in actions, text
    for text in row.not_examples:
        assert row.action not in {c.action for c in extract(text).counts}, text


@pytest.mark.parametrize(
    ("text", "value", "value_max", "modifier", "unit"),
    [
        ("two dozen", 24, None, "exact", None),
        ("£1.2m", 1_200_000, None, "exact", "GBP"),
        ("£16 million", 16_000_000, None, "exact", "GBP"),
        ("half a kilo", 0.5, None, "exact", "kg"),
        ("40-50 people", 40, 50, "exact", None),
        ("one hundred and twenty-five", 125, None, "exact", None),
        ("one (1) car", 1, None, "exact", None),
        ("an estimated 30", 30, None, "approximately", None),
        ("12 or more points", 12, None, "at_least", None),
        ("two and a half kilos", 2.5, None, "exact", "kg"),
    ],
)
def test_numerals(text: str, value: float, value_max: float | None, modifier: str, unit: str | None) -> None:
    first = next(numerals(words_of(text)))
    assert (first.value, first.value_max, first.modifier, first.unit) == (value, value_max, modifier, unit)


def test_every_numeral_has_a_verdict() -> None:
    doc = default()("The man, aged 31, had 40 wraps. Call 0800 555 111.")
    verdicts = [v for _, _, v in ledger.verdicts(doc)]
    assert verdicts == ["age", "count", "phone", "phone", "phone"]


def test_terms_are_found_in_singular_and_plural() -> None:
    assert categories.terms()["knives"].plural
    assert not categories.terms()["knife"].plural


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["two", "40", "£", "knives", "seized", "were", "of", "and", "-", "half", "a", "\n", ".", "1,2,3", "½", "x"]
        )
        | st.text(max_size=6)
    )
)
def test_no_text_breaks_it(parts: list[str]) -> None:
    text = " ".join(parts)
    release = extract(text)
    assert not misplaced(release, text)
