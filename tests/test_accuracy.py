"""scripts/accuracy.py: the tables it makes, on releases of our own; the model card holds those of this version."""

from pathlib import Path

import accuracy
import pytest

from extractor import __version__
from extractor.judging import gold

ROOT = Path(__file__).parent.parent
INDEX = {
    "amnesty": {"published": "2021-09-27", "force": "A"},
    "appeal": {"published": "2024-02", "force": "B"},
    "tobacco": {"published": "2023-10-19T09:00", "force": "A"},
}


@pytest.fixture(scope="module")
def scores():
    texts = {name: (ROOT / "corpus" / f"{name}.txt").read_text("utf-8") for name in INDEX}
    right = gold.read_gold(ROOT / "corpus", gold.read_texts(ROOT / "corpus"))
    return accuracy.scored(texts, [document for document in right if document.id in INDEX], INDEX)


def test_a_row_for_each_field_with_its_entries_and_interval(scores):
    rows = {line.split(" | ")[0].strip("| "): line for line in accuracy.by_field(scores)}
    spans = scores.relaxed["dates.span"]
    assert f"| {spans.tally.counts[0] + spans.tally.counts[2]} | {spans.rates.precision:.3f} |" in rows["dates.span"]
    assert f"{spans.low.f1:.3f}–{spans.high.f1:.3f}" in rows["dates.span"]
    assert "*" in rows["operations"]
    assert "*" not in rows["counts.value"]


def test_a_date_of_a_month_alone_resolves_nothing(scores):
    appeal = next(document for document in scores.documents if document.id == "appeal")
    assert appeal.relaxed["dates.value"].counts[2] > 0


def test_a_row_for_each_force_with_small_figures_marked(scores):
    values = {name: row["force"] for name, row in INDEX.items()}
    rows = list(accuracy.by_column(scores, "force", values))
    assert [row.split(" | ")[:2] for row in rows[2:]] == [["| A", "2"], ["| B", "1"]]
    assert "*" in rows[3]


def test_documents_are_named_only_if_asked_for(scores):
    assert "appeal (" in accuracy.document(scores, None, {}, True)
    assert "appeal" not in accuracy.document(scores, None, {}, False)


def test_the_tables_take_their_place(tmp_path):
    file = tmp_path / "card.md"
    file.write_text("a\n<!-- accuracy -->\nold\n<!-- /accuracy -->\nz\n", "utf-8")
    accuracy.put(file, "new\n")
    accuracy.put(file, "newer\n")
    assert file.read_text("utf-8") == "a\n<!-- accuracy -->\n\nnewer\n\n<!-- /accuracy -->\nz\n"
    file.write_text("no marks", "utf-8")
    with pytest.raises(SystemExit):
        accuracy.put(file, "new")


def test_the_model_card_is_of_this_version():
    card = (ROOT / "extractor" / "data" / "MODEL_CARD.md").read_text("utf-8")
    assert f"\nVersion {__version__}, tables `" in card
