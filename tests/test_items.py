from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from marks import marked

from extractor import extract, tables
from extractor.counts.categories import CategoryRow
from extractor.tables import tomllib

CASES = tomllib.loads((Path(__file__).parent / "cases" / "items.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", marked(CASES, lambda c: c["text"][:40]))
def test_cases(case: dict[str, Any]) -> None:
    found = [f"{i.text} | {i.category} | {i.action}" for i in extract(case["text"]).items]
    assert found == case["items"]


@pytest.mark.parametrize("row", tables.load("items.toml", "category", CategoryRow), ids=lambda r: r.id)
def test_categories(row: CategoryRow) -> None:
    assert row.examples or row.kind != "thing"
    for text in row.examples:
        release = extract(text)
        assert row.id in {i.category for i in release.items} | {c for k in release.counts for c in k.categories}, text
    for text in row.not_examples:
        assert not extract(text).items, text


def test_items_point_to_their_counts() -> None:
    release = extract("Officers seized 12 knives and a phone.")
    assert [i.count for i in release.items] == ["c1", None]
