"""scope and figures: what a figure is about, what it is part of, and where figures contradict each other."""

import sys
from pathlib import Path

import pytest

from extractor import extract

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = tomllib.loads((Path(__file__).parent / "cases" / "scope.toml").read_text("utf-8"))["case"]


def linked(release, count):
    """The links of a count as texts, in the manner of the cases."""
    dates = {d.id: d.text for d in release.dates}
    names = {o.id: o.name for o in release.organisations}
    counts = {c.id: c.text for c in release.counts}
    return {
        "when": dates.get(count.when.id, "") if count.when else "",
        "where": count.where.text if count.where else "",
        "organisations": [names[o.id] for o in count.organisations],
        "subset_of": counts.get(count.subset_of, ""),
        "same_as": counts.get(count.same_as, ""),
    }


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_links(case):
    release = extract(case["text"], published="2020-06-30")
    for wanted in case["counts"]:
        found = [c for c in release.counts if c.text == wanted["text"]]
        assert len(found) >= wanted.get("n", 1), [c.text for c in release.counts]
        links = linked(release, found[wanted.get("n", 1) - 1])
        assert {key: links[key] for key in wanted if key in links} == {k: v for k, v in wanted.items() if k in links}
    if "warnings" in case:
        assert [w.code for w in release.warnings] == case["warnings"]


def test_a_figure_says_via_what_it_has_its_scope():
    text = (
        "On Monday 1 June 2020 Kent Police made 12 arrests in Dover.\n\n"
        "In Deal on Tuesday 2 June 2020:\n\n- 3 knives seized\n"
    )
    arrests, knives = extract(text, published="2020-06-30").counts
    assert (arrests.when.via, arrests.where.via, [o.via for o in arrests.organisations]) == (
        "sentence",
        "sentence",
        ["sentence"],
    )
    assert (knives.when.via, knives.where.via, knives.where.text) == ("heading", "heading", "Deal")
