"""Gold goes to other tools and comes back the same: emoji, CR LF, overlapping and interrupted spans, no span."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from records import record

from extractor.errors import InputError
from extractor.judging.exchange import (
    from_brat,
    from_docbin,
    from_doccano,
    from_label_studio,
    to_brat,
    to_docbin,
    to_doccano,
    to_label_studio,
)
from extractor.judging.flat import Flat, Mark, flatten, rebuild
from extractor.models import misplaced

TEXT = (
    "🚨 Kent Police seized 187 knives and 12 phones 📱 on 9 November.\r\n"
    "Inspector Ada Marsh 👮🏽‍♀️ said:“Every knife counts.\r\n\r\n“Hand yours in,” she added, “now.” "
    "Kent Police thanked\r\nall."
)
RECORD = record(
    TEXT,
    name="folder/a.txt",
    published="2020-11-17",
    dates=[{"at": "on 9 November"}, {"at": "9 November", "value": "2020-11-09"}],
    counts=[
        {"at": "187 knives", "value": 187, "categories": ["weapon.knife"], "when": "d2", "organisations": ["o1"]},
        {
            "at": "12 phones",
            "value": 12.5,
            "same_as": "c1",
            "where": {"start": 2, "end": 6, "text": "Kent", "via": "heading"},
        },
        {"at": "thanked\r\nall", "value": 3, "subset_of": "c2", "quote": "q1"},
    ],
    items=[{"at": "187 knives", "category": "weapon.knife", "count": "c1"}, {"at": "knives", "category": "weapon"}],
    organisations=[{"name": "Kent Constabulary", "mentions": ["Kent Police"], "kind": "police_force"}],
    operations=[{"name": "Operation Kent", "mentions": ["Kent"]}],
    speakers=[
        {"name": None, "mentions": []},
        {"name": "Ada Marsh", "rank": "Inspector", "organisation": "o1", "mentions": ["Ada Marsh", "she"]},
    ],
    quotes=[
        {"at": ["Every knife counts.", "Hand yours in,", "now."], "speaker": "s2",
         "cue": {"start": TEXT.index("said"), "end": TEXT.index("said") + 4, "text": "said"}},
    ],
    people=[
        {"name": "Ada Marsh", "mentions": ["Ada Marsh", "she"], "role": "witness", "speaker": "s2", "count": "c1",
         "hearing": "d2", "court": "o1", "home": {"start": 2, "end": 6, "text": "Kent"}},
    ],
    warnings=[{"at": "9 November"}],
)  # fmt: skip


def through_label_studio(flats, folder):
    return list(from_label_studio("".join(to_label_studio(flats))))


def through_doccano(flats, folder):
    return list(from_doccano("".join(to_doccano(flats))))


def through_brat(flats, folder):
    to_brat(flats, folder)
    return list(from_brat(folder))


def through_docbin(flats, folder):
    return list(from_docbin(to_docbin(flats)))


TOOLS = [through_label_studio, through_doccano, through_brat, through_docbin]


@pytest.mark.parametrize("through", TOOLS)
def test_a_record_comes_back_the_same(through, tmp_path):
    other = record("No spans here. 🎈", name="b.txt")
    back = through([flatten(RECORD, TEXT), flatten(other, "No spans here. 🎈")], tmp_path)
    assert [flat.text for flat in back] == [TEXT, "No spans here. 🎈"]
    assert [rebuild(flat) for flat in back] == [RECORD, other]


ALPHABET = st.sampled_from([*"ab .,“”\r\n\t\u00a0é", "🚨", "👩‍👧", "\u2028", "1,200 "])
TEXTS = st.lists(ALPHABET, min_size=1, max_size=30).map("".join)


@settings(max_examples=40, deadline=None)
@given(TEXTS, st.data())
@pytest.mark.parametrize("through", TOOLS)
def test_any_marks_on_any_text_come_back(through, tmp_path_factory, text, data):
    edges = st.integers(0, len(text))
    pairs = st.tuples(edges, edges).map(sorted).filter(lambda p: p[0] < p[1] and text[slice(*p)].strip("\r\n"))
    places = data.draw(st.lists(pairs, max_size=6) if text.strip("\r\n") else st.just([]))
    marks = sorted(
        (Mark(f"d{n}", "Date", *place, {"value": "🎈"} if n % 2 else {}) for n, place in enumerate(places, 1)),
        key=lambda m: (m.start, m.end, m.id),
    )
    flat = Flat("a.txt", text, tuple(marks), {})
    (back,) = through([flat], tmp_path_factory.mktemp("brat"))
    assert back.text == text
    by_place = [(m.label, m.start, m.end, m.values) for m in flat.marks]
    assert sorted(map(repr, by_place)) == sorted(repr((m.label, m.start, m.end, dict(m.values))) for m in back.marks)


# What people do to the marks


def edited(change):
    flat = flatten(RECORD, TEXT)
    return rebuild(Flat(flat.name, flat.text, tuple(change(list(flat.marks))), flat.rest))


def test_a_removed_entry_takes_the_links_to_it_along():
    back = edited(lambda marks: [m for m in marks if m.id not in ("d2", "o1", "o1:2", "q1", "q1:2", "q1:3")])
    assert [c.when for c in back.counts] == [None] * 3
    assert back.counts[0].organisations == ()
    assert back.speakers[1].organisation is None
    assert back.quotes == ()
    assert misplaced(back, TEXT) == []


def test_an_added_mark_is_an_entry_in_its_place():
    at = TEXT.index("Police seized")
    back = edited(
        lambda marks: [*marks, Mark("T99", "Date", at, at + 6), Mark("xyz", "Count", TEXT.index("9 Nov"), 70)]
    )
    assert next((d.id, d.text, d.rule) for d in back.dates) == ("d1", "Police", "annotated")
    assert back.counts[0].when.id == "d3"
    assert [c.value for c in back.counts if c.rule == "annotated"] == [9]


def test_a_moved_mark_is_cut_anew_and_keeps_its_values():
    def move(marks):
        return [Mark(m.id, m.label, m.start + 4, m.end, m.values) if m.id == "c1" else m for m in marks]

    moved = edited(move).counts[0]
    assert (moved.text, moved.value, moved.categories) == ("knives", 187, ("weapon.knife",))


def test_a_shortened_quotation_is_joined_anew():
    back = edited(lambda marks: [m for m in marks if m.id != "q1:3"])
    assert back.quotes[0].text == "Every knife counts.\n\nHand yours in,"


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        (Mark("x", "Date", 5, 999), "outside of the text"),
        (Mark("x", "Date", 5, 5), "outside of the text"),
        (Mark("x", "Town", 5, 6), "label 'Town' is not one of"),
        (Mark("x", "Count", 2, 6), "has no figure"),
        (Mark("x", "Date", 2, 6, {"type": "DAY"}), "dates"),
    ],
)
def test_a_mark_that_cannot_be_is_refused(mark, message):
    with pytest.raises(InputError, match=message):
        rebuild(Flat("a.txt", TEXT, (mark,)))


def test_a_record_of_another_text_is_refused():
    with pytest.raises(InputError, match="sha256"):
        flatten(RECORD, TEXT + " ")


# What tools do to the offsets


def task(start, end, quoted):
    region = {"id": "r", "type": "labels", "value": {"start": start, "end": end, "text": quoted, "labels": ["Date"]}}
    return json.dumps({"data": {"text": TEXT}, "annotations": [{"result": [region]}]})


@pytest.mark.parametrize("units", ["code points", "utf-16", "crlf as one", "utf-16 and crlf as one"])
def test_label_studio_offsets_in_every_way_of_counting(units):
    at = TEXT.index("Every knife")
    before = TEXT[:at]
    start = len(before.encode("utf-16-le")) // 2 if "utf-16" in units else at
    start -= before.count("\r\n") if "crlf" in units else 0
    (flat,) = from_label_studio(task(start, start + 11, "Every knife"))
    assert flat.text[flat.marks[0].start : flat.marks[0].end] == "Every knife"


def test_label_studio_offsets_that_fit_no_way_of_counting_are_refused():
    with pytest.raises(InputError, match="however one counts"):
        list(from_label_studio(task(0, 11, "Every knife")))


def test_label_studio_export_as_one_array():
    assert len(list(from_label_studio(f"[{task(2, 6, 'Kent')}, {task(2, 6, 'Kent')}]"))) == 2


def test_older_doccano_labels():
    (flat,) = from_doccano(json.dumps({"text": TEXT, "label": [[2, 6, "Operation"]]}))
    assert [o.name for o in rebuild(flat).operations] == ["Kent"]


def test_a_mark_that_a_person_made_in_brat(tmp_path):
    (tmp_path / "a.txt").write_bytes(TEXT.encode())
    lines = ["T1\tDate 2 6;7 13\tKent Police", '#1\tAnnotatorNotes T1\t{"value": "2020"}', "R1\tx Arg1:T1 Arg2:T1", ""]
    (tmp_path / "a.ann").write_text("\n".join(lines))
    (flat,) = from_brat(tmp_path)
    assert [(d.text, d.value) for d in rebuild(flat).dates] == [("Kent Police", "2020")]


def test_entities_of_a_docbin_that_others_have_made():
    import spacy
    from spacy.tokens import DocBin

    doc = spacy.blank("en")("It ended on 9 November.")
    doc.ents = [doc.char_span(12, 22, label="Date")]
    (flat,) = from_docbin(DocBin(docs=[doc]).to_bytes())
    assert [d.text for d in rebuild(flat).dates] == ["9 November"]


def test_a_docbin_trains_on_ordinary_tokens():
    import spacy
    from spacy.tokens import DocBin

    (doc,) = DocBin().from_bytes(to_docbin([flatten(RECORD, TEXT)])).get_docs(spacy.blank("en").vocab)
    assert not [token.text for token in doc if token.text == " "]
    assert [span.text for span in doc.spans["extractor"] if span.id_ == "c1"] == ["187 knives"]


@pytest.mark.parametrize("data", ["{", "3", '{"data": {}}', '{"data": {"text": 1}, "annotations": [{"result": [1]}]}'])
def test_what_is_not_the_format_is_one_error(data):
    for read in (from_label_studio, from_doccano):
        with pytest.raises(InputError):
            [rebuild(flat) for flat in read(data)]


def test_what_is_no_docbin():
    with pytest.raises(InputError, match="not a DocBin"):
        list(from_docbin(b"nothing"))
