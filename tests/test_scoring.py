"""Scores: the definitions by small worked cases, the readings by what they show."""

import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records import record

from extractor.errors import InputError
from extractor.judging.gold import Gold, entries_of, gold_of, read_column, read_gold, read_texts
from extractor.judging.measures import MEASURES, SLOTS, words
from extractor.judging.scorecard import as_html, as_json, as_markdown, as_tables, examples_of
from extractor.judging.scoring import breakdown, rates, score, score_document

TEXT = (
    "Kent Police seized 12 knives on 9 November. Officers found three knives and arrested 44 people last week.\n"
    "Inspector Ada Marsh, of the Force, said: “Every knife counts.” Operation Sceptre ended on 15 November."
)
NOVEMBER = {"at": "9 November", "value": "XXXX-11-09"}
KNIVES = {"at": "12 knives", "value": 12, "categories": ["weapon.knife"], "action": "seized"}
PEOPLE = {"at": "44 people", "value": 44, "categories": ["activity.arrest"], "unit": "person", "action": "arrested"}


def scores_of(gold, found, text=TEXT):
    """Scores of one document; both sides are the lists of a record, gold may be an annotation."""
    right = gold_of({"id": "a", **gold["annotation"]}, text) if "annotation" in gold else None
    right = right or Gold("a", entries_of(record(text, **gold)))
    return score([right], {"a": entries_of(record(text, **found))})


def figures(scores, name):
    return scores.relaxed[name].tally.counts, scores.strict[name].tally.counts


CASES = [
    ("same", {"dates": [NOVEMBER]}, {"dates": [NOVEMBER]}, "dates.value", (1, 0, 0), (1, 0, 0)),
    ("longer", {"dates": [NOVEMBER]}, {"dates": [{**NOVEMBER, "at": "on 9 November"}]}, "dates.value",
     (1, 0, 0), (0, 1, 1)),
    ("value", {"dates": [NOVEMBER]}, {"dates": [{**NOVEMBER, "value": None}]}, "dates.value", (0, 1, 1), (0, 1, 1)),
    ("span of it", {"dates": [NOVEMBER]}, {"dates": [{**NOVEMBER, "value": None}]}, "dates.span",
     (1, 0, 0), (1, 0, 0)),
    ("missed", {"dates": [NOVEMBER]}, {}, "dates.span", (0, 0, 1), (0, 0, 1)),
    ("spurious", {}, {"dates": [NOVEMBER]}, "dates.span", (0, 1, 0), (0, 1, 0)),
    ("vague dates are not judged", {}, {"dates": [{"at": "ended"}]}, "dates.span", (0, 1, 0), (0, 1, 0)),
    ("figure", {"counts": [KNIVES]}, {"counts": [{**KNIVES, "value": 3}]}, "counts.value", (0, 1, 1), (0, 1, 1)),
    ("one category is enough", {"counts": [{**KNIVES, "categories": ["weapon", "weapon.knife"]}]},
     {"counts": [KNIVES]}, "counts.full", (1, 0, 0), (1, 0, 0)),
    ("action", {"counts": [KNIVES]}, {"counts": [{**KNIVES, "action": "found"}]}, "counts.full", (0, 1, 1), (0, 1, 1)),
    ("twice", {"counts": [KNIVES]}, {"counts": [KNIVES, KNIVES]}, "counts.value", (1, 1, 0), (1, 1, 0)),
    ("top level", {"items": [{"at": "12 knives", "category": "weapon.knife"}]},
     {"items": [{"at": "knives", "category": "weapon"}]}, "items.top", (1, 0, 0), (0, 1, 1)),
    ("level", {"items": [{"at": "12 knives", "category": "weapon.knife"}]},
     {"items": [{"at": "12 knives", "category": "weapon"}]}, "items.category", (0, 1, 1), (0, 1, 1)),
    ("name", {"organisations": [{"name": "Kent Constabulary", "mentions": ["Kent Police"]}]},
     {"organisations": [{"name": "Kent Police"}]}, "organisations", (1, 0, 0), (0, 1, 1)),
    ("canonical", {"organisations": [{"name": "Kent Constabulary", "mentions": ["Kent Police"]}]},
     {"organisations": [{"name": "Kent Police"}]}, "organisations.canonical", (0, 1, 1), (0, 1, 1)),
    ("operation", {"operations": [{"name": "Operation Sceptre"}]}, {"operations": [{"name": "Operation Sceptre"}]},
     "operations", (1, 0, 0), (1, 0, 0)),
    ("four fifths", {"quotes": [{"at": "Every knife counts."}]}, {"quotes": [{"at": "Every knife counts"}]},
     "quotes.span", (1, 0, 0), (0, 1, 1)),
    ("less", {"quotes": [{"at": "Every knife counts."}]}, {"quotes": [{"at": "knife counts"}]}, "quotes.span",
     (0, 1, 1), (0, 1, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("gold", "found", "measure", "relaxed", "strict"), [c[1:] for c in CASES],
                         ids=[c[0] for c in CASES])  # fmt: skip
def test_definitions(gold, found, measure, relaxed, strict):
    assert figures(scores_of(gold, found), measure) == (relaxed, strict)


def test_every_measure_has_a_case():
    assert {c[3] for c in CASES} | {"counts.category", "quotes.speaker"} == {m.name for m in MEASURES}


@pytest.mark.parametrize(
    ("want", "got", "right"),
    [("Ada Marsh", "Marsh", True), ("Ada Marsh", "Ben Marsh", True), ("Ada Marsh", None, False), (None, None, True)],
)
def test_a_speaker_is_right_by_surname(want, got, right):
    def quoted(name):
        speakers = [{"name": name, "mentions": ["Ada Marsh"]}] if name else []
        return {"speakers": speakers, "quotes": [{"at": "Every knife counts.", "speaker": "s1" if name else None}]}

    assert scores_of(quoted(want), quoted(got)).relaxed["quotes.speaker"].tally.counts == (
        (1, 0, 0) if right else (0, 1, 1)
    )


def test_an_optional_entry_is_neither_missed_nor_spurious():
    optional = {"annotation": {"dates": [{"text": "last week", "type": "DATE", "value": None, "optional": True}]}}
    assert figures(scores_of(optional, {}), "dates.value") == ((0, 0, 0), (0, 0, 0))
    found = {"dates": [{"at": "last week", "value": "2020-W46"}]}
    assert figures(scores_of(optional, found), "dates.value") == ((0, 0, 0), (0, 0, 0))


def test_a_vague_date_without_value_is_not_judged_unless_the_gold_has_it():
    text = "Crime fell recently."
    found = {"dates": [{"at": "recently"}]}
    assert figures(scores_of({}, found, text), "dates.span")[0] == (0, 0, 0)
    assert figures(scores_of(found, found, text), "dates.span")[0] == (1, 0, 0)


def test_the_largest_overlap_is_aligned_first():
    found = {"dates": [{"at": "9 November. Officers"}, NOVEMBER]}
    tally = scores_of({"dates": [{**NOVEMBER, "at": "on 9 November"}]}, found).relaxed["dates.value"].tally
    assert tally.counts == (1, 1, 0)
    assert [e.found.text for e in tally.spurious] == ["9 November. Officers"]


def test_annotation_quotes_are_found_in_pieces():
    text = "“We will act,” said Ada Marsh, “and we will act now.”"
    gold = gold_of({"id": "a", "quotes": [{"text": "We will act, and we will act now.", "speaker": "Ada Marsh"}]}, text)
    assert [text[slice(*span)] for span in gold.entries[0].spans] == ["We will act,", "and we will act now."]


def test_an_annotation_whose_text_does_not_occur_is_missed():
    scores = scores_of({"annotation": {"dates": [{"text": "10 May", "type": "DATE", "value": None}]}}, {})
    assert scores.relaxed["dates.span"].tally.counts == (0, 0, 1)


def test_slots_count_only_aligned_entries():
    slots = scores_of(
        {"counts": [KNIVES, PEOPLE]},
        {"counts": [{**KNIVES, "action": "found", "value": 13}, {**PEOPLE, "at": "three knives"}]},
    ).slots
    assert slots["counts.action"].tally.counts == (0, 1, 0)
    assert slots["counts.unit"].rates.precision == 1
    assert [(e.gold.text, e.found.slots["action"]) for e in slots["counts.action"].tally.spurious] == [
        ("12 knives", "found")
    ]


def test_words_and_rates():
    assert words("The  Kent Police’s") == "kent police"
    assert rates(0, 0, 0) == (1, 1, 1)
    assert rates(0, 1, 0) == (0, 1, 0)


ENTRIES = st.lists(
    st.tuples(st.integers(0, len(TEXT) - 12), st.integers(1, 12), st.sampled_from(["2020", "2021", None])), max_size=8
)


def dated(spans):
    rows = [{"at": TEXT[a : a + n], "value": v} for a, n, v in spans]
    return Gold("a", entries_of(record(TEXT, dates=rows)))


@given(ENTRIES, ENTRIES)
def test_both_sides_are_counted_whole(gold, found):
    right, ours = dated(gold), dated(found)
    document = score_document(right, ours.entries)
    for tally in (document.relaxed["dates.value"], document.strict["dates.value"]):
        hits, spurious, missed = tally.counts
        assert hits + missed == len(gold)
        assert hits + spurious <= len(found)
    assert document.strict["dates.span"].counts[0] <= document.relaxed["dates.span"].counts[0]
    assert score_document(right, right.entries).relaxed["dates.value"].counts == (len(gold), 0, 0)


# Many documents


@pytest.fixture(scope="module")
def many():
    golds = [Gold(f"r{n}", entries_of(record(TEXT, dates=[NOVEMBER], counts=[KNIVES, PEOPLE]))) for n in range(12)]
    found = {f"r{n}": entries_of(record(TEXT, counts=[KNIVES, PEOPLE][: n % 3])) for n in range(11)}
    return score(golds, found)


def test_a_document_without_a_record_has_missed_everything(many):
    assert many.documents[[d.id for d in many.documents].index("r11")].relaxed["counts.full"].counts == (0, 0, 2)


def test_intervals_are_the_same_each_time_and_hold_the_figure(many):
    again = score([], {})
    assert again.relaxed["dates.value"].rates.f1 == 1
    figure = many.relaxed["counts.full"]
    assert figure.low.f1 < figure.rates.f1 < figure.high.f1
    assert many.relaxed["dates.value"].high == (1, 0, 0)


def test_the_worst_documents_come_first(many):
    assert [d.id for d in many.worst][:2] == ["r0", "r11"]
    assert len(many.worst) == 10


def test_breakdown_adds_up(many):
    groups = breakdown(many, {f"r{n}": "Kent" if n < 9 else None for n in range(12)})
    assert {name: len(g.documents) for name, g in groups.items()} == {"Kent": 9, "(none)": 3}
    total = sum(len(g.relaxed["counts.full"].tally.missed) for g in groups.values())
    assert total == len(many.relaxed["counts.full"].tally.missed) > 0


def test_json_has_an_example_for_every_number(many):
    data = json.loads(as_json(many, breakdown(many, {})))
    for measure in data["measures"].values():
        for reading in measure.values():
            assert {k: len(v) for k, v in reading["examples"].items()} == {
                k: reading[k] for k in ("hits", "spurious", "missed")
            }
    assert set(data["slots"]) == set(SLOTS)
    assert data["by"]["(none)"]["documents"] == 12


def test_every_linked_figure_has_its_target_in_markdown_and_html(many):
    for page, link, target in (
        (as_markdown(many), r"\]\(#([^)]+)\)", r'<a id="([^"]+)">'),
        (as_html(many), r'href="#([^"]+)"', r'<details id="([^"]+)">'),
    ):
        links = set(re.findall(link, page))
        assert len(links) > 10
        assert links <= set(re.findall(target, page))


def test_nothing_from_a_release_is_live_in_html_or_markdown():
    text = "Officers seized <script>alert(1)</script> on 9 November."
    scores = scores_of({"dates": [{"at": "<script>alert(1)</script>"}]}, {"dates": [NOVEMBER]}, text)
    assert "<script>alert" not in as_html(scores)
    assert "<script>alert" not in as_markdown(scores)
    assert "&lt;script&gt;alert(1)" in as_html(scores)


def test_tables_and_examples_of_a_measure(many):
    from rich.console import Console

    console = Console(width=100, record=True, file=io.StringIO())
    console.print(*as_tables(many, breakdown(many, {}), "force"))
    shown = console.export_text()
    assert "counts.full" in shown
    assert "F1 by force" in shown
    lines = list(examples_of(many, ["counts.full"]))
    assert len(lines) == sum(many.relaxed["counts.full"].tally.counts[1:])
    assert lines[0].startswith("counts.full missed  r0:")


# Files


def test_gold_folder_of_both_forms(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    (tmp_path / "a.json").write_text(json.dumps({"dates": [{"text": "9 November", "type": "DATE", "value": "X"}]}))
    (tmp_path / "b.json").write_text(record(TEXT, dates=[NOVEMBER]).model_dump_json())
    golds = read_gold(tmp_path, read_texts(tmp_path))
    assert [(g.id, [e.text for e in g.entries]) for g in golds] == [("a", ["9 November"]), ("b", ["9 November"])]


@pytest.mark.parametrize("content", ["", "[]", "{", '{"schema_version": "1.0"}', '{"dates": [{}]}', '{"dates": 3}'])
def test_gold_that_is_none_is_refused_by_name(tmp_path, content):
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(InputError, match=r"a\.json"):
        read_gold(tmp_path, {"a": TEXT})


def test_gold_without_its_text_and_without_files(tmp_path):
    with pytest.raises(InputError, match=r"no \.json file"):
        read_gold(tmp_path, {})
    (tmp_path / "a.json").write_text("{}")
    with pytest.raises(InputError, match="--texts"):
        read_gold(tmp_path, {})


def test_columns_of_metadata(tmp_path):
    table, rows, keyed = tmp_path / "m.csv", tmp_path / "m.json", tmp_path / "k.json"
    table.write_text("id,force,published\na.txt,Kent,2020-11-17\nb.txt,,\n", "utf-8")
    rows.write_text('[{"id": "a", "force": "Kent"}]')
    keyed.write_text('{"a": {"force": "Kent"}}')
    assert read_column(table, "force") == {"a": "Kent", "b": ""}
    assert read_column(table, "year") == {"a": "2020", "b": None}
    assert read_column(rows, "force") == read_column(keyed, "force") == {"a": "Kent"}
    with pytest.raises(InputError, match="no column 'town'; it has force, id"):
        read_column(rows, "town")
    rows.write_text("[1]")
    with pytest.raises(InputError, match="no rows with an id"):
        read_column(rows, "force")
