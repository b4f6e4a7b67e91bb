"""Tables to documents: columns, bad rows one by one, names, packed files, encodings, limits, memory."""

import csv
import gzip
import io
import json
import tracemalloc
from datetime import date, datetime, timezone
from itertools import islice

import pyarrow
import pytest
from documents import put, units_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from extractor import extract_many
from extractor.models import misplaced
from extractor.reading.listing import find
from extractor.reading.metadata import Known
from extractor.reading.readers import read
from extractor.reading.units import Settings, units

ROWS = [
    {
        "id": "a",
        "text": "Two knives — found.",
        "published": "2023-05-08",
        "title": "Two",
        "url": "https://example.org/a",
    },
    {"id": "7", "text": "Three men\nwere “held”, all, on Friday.", "published": None, "title": None, "url": None},
]


def as_csv(rows, encoding="utf-8", delimiter=","):
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def as_lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def as_parquet(rows, **columns):
    out = io.BytesIO()
    parquet.write_table(pyarrow.table({key: [row[key] for row in rows] for key in rows[0]} | columns), out)
    return out.getvalue()


FILES = {
    "a.json": json.dumps(ROWS).encode(),
    "a.jsonl": as_lines(ROWS),
    "a.ndjson": as_lines(ROWS),
    "a.jsonl.gz": gzip.compress(as_lines(ROWS)),
    "a.csv": as_csv(ROWS),
    "a.CSV.gz": gzip.compress(as_csv(ROWS)),
    "a.tsv": as_csv(ROWS, delimiter="\t"),
    "a.parquet": as_parquet(ROWS),
}


def codes(found):
    return [unit.code for unit in found]


@pytest.mark.parametrize("name", FILES)
def test_every_table_gives_the_same_documents(tmp_path, name):
    found = [read(unit, Settings()) for unit in units_of(put(tmp_path / name, FILES[name]))]
    assert [(s.id, s.text, s.title, s.url) for s in found] == [(r["id"], r["text"], r["title"], r["url"]) for r in ROWS]
    assert [s.published for s in found] == [date(2023, 5, 8), None]
    assert all(s.derived_from is None and s.encoding == "utf-8" and not s.notes for s in found)


def test_one_object_is_one_document(tmp_path):
    (unit,) = units_of(put(tmp_path / "a.json", b'{"text": "Two knives."}'))
    assert (unit.id, unit.data) == ("a.json#1", "Two knives.")


def test_the_columns_have_the_names_they_are_given(tmp_path):
    row = {"body": "Two knives.", "ref": 12, "day": "2023-05-08", "id": "no", "date": "2020-01-01"}
    chosen = Settings(text_column="body", id_column="ref", date_column="day")
    (unit,) = units_of(put(tmp_path / "a.jsonl", as_lines([row])), chosen)
    assert (unit.id, unit.data, unit.known.published) == ("12", "Two knives.", date(2023, 5, 8))
    (unit,) = units_of(put(tmp_path / "b.jsonl", as_lines([{"text": "x", "date": "2020-01-01"}])))
    assert unit.known.published == date(2020, 1, 1)
    (unit,) = units_of(put(tmp_path / "c.jsonl", as_lines([{"text": "x", "date": "1"}])), Settings(date_column="day"))
    assert (unit.known.published, unit.code) == (None, "")


def test_the_table_of_metadata_outranks_the_row(tmp_path):
    known = {"a": Known(date(2020, 1, 1)), "a.jsonl#2": Known(None, "Given")}
    rows = [ROWS[0], {"text": "x", "published": "2023"}]
    first, second = units_of(put(tmp_path / "a.jsonl", as_lines(rows)), known=known)
    assert first.known == Known(date(2020, 1, 1), "Two", "https://example.org/a")
    assert (second.known, codes_of_notes(second)) == (Known(None, "Given"), ["no-day"])


def codes_of_notes(unit):
    return [note.code for note in unit.notes]


BAD_LINES = {
    b"{": "broken",
    b"[" * 100_000: "broken",
    b'{"text": ' + b"1" * 5_000 + b"}": "broken",
    b"[1]": "bad-row",
    b'"text"': "bad-row",
    b"null": "bad-row",
    b"{}": "no-text",
    b'{"text": null}': "no-text",
    b'{"text": 187}': "no-text",
    b'{"text": ["a"]}': "no-text",
    b'{"text": "a", "id": {}}': "bad-row",
    b'{"text": "a", "id": true}': "bad-row",
    b'{"text": "a", "title": []}': "bad-row",
    b'{"text": "a", "published": "8/5/2023"}': "bad-date",
    b'{"text": "a", "published": 20230508}': "bad-date",
    b'{"text": "\0"}': "binary",
    b'{"text": "' + b"x" * 20_000 + b'"}': "too-large",
}


@pytest.mark.parametrize("bad", BAD_LINES, ids=range(len(BAD_LINES)))
def test_a_bad_line_is_told_with_its_number_and_the_others_go_on(tmp_path, bad):
    path = put(tmp_path / "a.jsonl", as_lines(ROWS) + b"\n" + bad + b"\n" + b'{"text": "Four."}')
    found = units_of(path, Settings(max_bytes=10_000 if len(bad) < 50_000 else 1_000_000))
    assert codes(found) == ["", "", BAD_LINES[bad], ""]
    assert "a.jsonl, line 4: " in found[2].message
    assert [unit.data for unit in found][-1] == "Four."


BAD_ROWS = {
    "2,x,y,z,q\n": "bad-row",
    "2\n": "no-text",
    '2,"a"b,c\n': "broken",
    f"2,{'x' * 20_000},c\n": "too-large",
    "2,a\0b,c\n": "binary",
    "2,x,,8/5/2023\n": "bad-date",
}


@pytest.mark.parametrize("bad", BAD_ROWS, ids=range(len(BAD_ROWS)))
def test_a_bad_row_is_told_with_its_number_and_the_others_go_on(tmp_path, bad):
    code = BAD_ROWS[bad]
    data = f'id,text,title,published\n1,"One\nman.",,\n\n{bad}3,Three.,,\n'.encode()
    found = units_of(put(tmp_path / "a.csv", data), Settings(max_bytes=10_000))
    assert codes(found) == ["", code, ""]
    assert found[1].message.startswith("a.csv, row 2 (line 5): ")
    assert (found[0].data, found[2].data, found[2].id) == ("One\nman.", "Three.", "3")


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_table_silently(tmp_path):
    data = 'id,text\n1,"One man.\n' + "".join(f"{n},Knives {n}.\n" for n in range(2, 2_000))
    found = units_of(put(tmp_path / "a.csv", data.encode()))
    assert found[0].message == "a.csv, row 1 (line 2): a quotation mark is not closed"
    assert codes(found) == ["broken"] + [""] * 1_998
    assert [(unit.id, unit.data) for unit in found[1:3]] == [("2", "Knives 2."), ("3", "Knives 3.")]
    found = units_of(put(tmp_path / "a.csv", b'text\n"a\nb\n\0\nc\n'))
    assert codes(found) == ["binary", "", "binary", ""]


def test_a_file_that_is_no_table_fails_as_a_whole(tmp_path):
    whole = {
        "a.csv": (b"a;b\n1;2\n", "no-column"),
        "b.csv": (b"text,text\n1,2\n", "no-column"),
        "c.csv": (b"id,text\n", "empty"),
        "d.csv": (b"", "empty"),
        "e.csv": (b'id,"text\n', "broken"),
        "f.csv": (b"GIF89a\0\1", "binary"),
        "a.json": (b"[]", "empty"),
        "b.json": (b"", "empty"),
        "c.json": (b"{", "broken"),
        "d.json": (b"[" * 100_000, "broken"),
        "e.json": (b"\0", "binary"),
        "a.jsonl": (b"\n\n", "empty"),
        "a.jsonl.gz": (b"no", "broken"),
        "a.parquet": (b"PAR1", "broken"),
        "b.parquet": (as_parquet([{"body": "x"}]), "no-column"),
        "gone.jsonl": (None, "not-found"),
    }
    for name, (data, code) in whole.items():
        if data is not None:
            put(tmp_path / name, data)
        (unit,) = units_of(tmp_path / name)
        assert (unit.id, unit.code) == (name, code), name


def test_what_is_cut_off_is_told_after_the_rows_that_could_be_read(tmp_path):
    rows = [{"text": f"Knives {n} {n * n % 7919}."} for n in range(20_000)]
    packed = gzip.compress(as_lines(rows))
    found = units_of(put(tmp_path / "a.jsonl.gz", packed[: len(packed) // 2]))
    assert len(found) > 5_000 and codes(found) == [""] * (len(found) - 1) + ["broken"]
    assert [unit.data for unit in found[:-1]] == [row["text"] for row in rows[: len(found) - 1]]
    spoilt = bytearray(packed)
    spoilt[len(packed) // 2] ^= 0xFF
    assert codes(units_of(put(tmp_path / "b.jsonl.gz", bytes(spoilt))))[-1] == "broken"
    (unit,) = units_of(put(tmp_path / "a.parquet", as_parquet(ROWS)[:-9]))
    assert unit.code == "broken"


def test_parquet_dates_numbers_and_nulls(tmp_path):
    day = datetime(2023, 5, 8, 23, 30, 0, 1)
    table = as_parquet(
        [{"text": "Two."}, {"text": None}, {"text": "Three."}],
        id=[1, 2, None],
        published=pyarrow.array([day, day, None], pyarrow.timestamp("ns")),
        title=pyarrow.array(["a", None, "b"]).dictionary_encode(),
        other=[b"x", b"y", b"z"],
    )
    first, second, third = units_of(put(tmp_path / "a.parquet", table))
    assert (first.id, first.known) == ("1", Known(date(2023, 5, 8), "a"))
    assert (second.id, second.code) == ("2", "no-text")
    assert (third.id, third.known) == ("a.parquet#3", Known(None, "b"))
    local = pyarrow.array([datetime(2023, 5, 8, 23, 30, tzinfo=timezone.utc)], pyarrow.timestamp("us", "Europe/London"))
    (unit,) = units_of(put(tmp_path / "b.parquet", as_parquet([{"text": "x"}], date=local)))
    assert unit.known.published == date(2023, 5, 9)


@pytest.mark.parametrize(
    ("kind", "far"),
    [
        ("date32[day]", 10**7),
        ("timestamp[us]", 2**60),
        ("duration[s]", 2**62),
        ("duration[s]", 144_155_188_075_856_000),
    ],
)
def test_a_day_that_python_cannot_hold_fails_alone(tmp_path, kind, far):
    days = pyarrow.array([far, None], pyarrow.int32() if kind == "date32[day]" else pyarrow.int64())
    table = as_parquet([{"text": "Two."}, {"text": "Three."}], date=days.cast(pyarrow.type_for_alias(kind)))
    first, second = units_of(put(tmp_path / "a.parquet", table))
    assert (first.code, str(far) in first.message) == ("bad-date", True)
    assert (second.code, second.known.published) == ("", None)


def test_a_text_that_is_not_utf_8_fails_alone(tmp_path):
    buffers = [
        None,
        pyarrow.py_buffer(b"\x00\x00\x00\x00\x04\x00\x00\x00\x0a\x00\x00\x00"),
        pyarrow.py_buffer(b"Two\xffThree."),
    ]
    texts = pyarrow.StringArray.from_buffers(2, buffers[1], buffers[2])
    out = io.BytesIO()
    parquet.write_table(pyarrow.table({"text": texts}), out)
    first, second = units_of(put(tmp_path / "a.parquet", out.getvalue()))
    assert (first.code, second.code, second.data) == ("bad-encoding", "", "Three.")


def test_names_are_unique_over_the_run_and_a_change_is_told(tmp_path):
    put(tmp_path / "a.txt")
    put(
        tmp_path / "b.jsonl",
        as_lines([{"id": "x", "text": "1"}, {"id": "x", "text": "2"}, {"id": "a.txt", "text": "3"}]),
    )
    put(tmp_path / "c.jsonl", as_lines([{"id": "x", "text": "4"}, {"id": "x#1", "text": "5"}, {"text": "6"}]))
    found = list(units(find([tmp_path]).documents, Settings()))
    assert [u.id for u in found] == ["a.txt", "x", "x#2", "a.txt#3", "x#1", "x#1#2", "c.jsonl#3"]
    assert [codes_of_notes(u) for u in found] == [[], [], ["id-twice"], ["id-twice"], ["id-twice"], ["id-twice"], []]
    (release,) = extract_many([read(found[2], Settings())])
    assert [(w.code, w.start, w.end) for w in release.warnings] == [("id-twice", 0, 1)]


def test_a_name_with_half_a_character_is_written_out(tmp_path):
    (unit,) = units_of(put(tmp_path / "a.jsonl", b'{"id": "\\ud800", "text": "x"}'))
    assert unit.id == "\\ud800"


def test_each_row_has_the_encoding_it_has(tmp_path):
    head, new, old = b"id,text\n", "1,It’s £5.\n".encode(), '2,"It’s\n£6."\n'.encode("cp1252")
    found = [
        read(unit, Settings()) for unit in units_of(put(tmp_path / "a.csv", b"\xef\xbb\xbf" + head + new + old + new))
    ]
    assert [(s.text, s.encoding) for s in found] == [
        ("It’s £5.", "utf-8"),
        ("It’s\n£6.", "cp1252"),
        ("It’s £5.", "utf-8"),
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig", "cp1252"])
def test_tables_of_excel_are_read(tmp_path, encoding):
    rows = [{"id": "1", "text": "It’s £5,\nthey said."}, {"id": "2", "text": "Two."}]
    found = units_of(put(tmp_path / "a.csv", as_csv(rows, encoding)))
    assert [(unit.id, unit.data) for unit in found] == [("1", "It’s £5,\nthey said."), ("2", "Two.")]


def test_an_encoding_is_forced_on_every_row(tmp_path):
    path = put(tmp_path / "a.jsonl", '{"text": "It’s"}\n{"text": "ok"}\n'.encode("mac_roman"))
    assert [unit.data for unit in units_of(path, Settings(encoding="mac-roman"))] == ["It’s", "ok"]
    assert codes(units_of(path, Settings(encoding="utf-8"))) == ["bad-encoding", ""]
    wide = put(tmp_path / "b.jsonl", as_lines(ROWS).decode().encode("utf-16-le"))
    assert codes(units_of(wide, Settings(encoding="utf-16-le"))) == ["", ""]
    assert codes(units_of(put(tmp_path / "c.jsonl", b"\xff\xfea\0\n\0\0\xd8"))) == ["broken", "bad-encoding"]


def test_rows_are_read_one_by_one_and_memory_stays_flat(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for number in range(40_000):
            file.write(b'{"text": "%d %s"}\n' % (number, b"Two knives were found. " * 40))
    found = units(find([path]).documents, Settings())
    next(found)
    tracemalloc.start()
    try:
        for _ in islice(found, 5_000):
            pass
        tracemalloc.reset_peak()
        early = tracemalloc.get_traced_memory()[0]
        assert sum(1 for _ in found) == 40_000 - 5_001
        grown = tracemalloc.get_traced_memory()[1] - early
    finally:
        tracemalloc.stop()
    assert grown < 12_000_000  # the names, and no texts: they are 37 MB


def test_a_line_that_is_a_bomb_ends_the_file_and_is_not_held(tmp_path):
    path = put(tmp_path / "a.jsonl.gz", gzip.compress(b'{"text": "a"}\n' + b"x" * 10_000_000 + b'\n{"text": "b"}'))
    assert codes(units_of(path, Settings(max_bytes=1_000_000))) == ["", "too-large", ""]
    assert codes(units_of(path, Settings(max_bytes=10_000))) == ["", "too-large"]


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1).filter(lambda t: t.strip())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(texts, min_size=1, max_size=4))
def test_any_text_comes_back_from_any_table_and_its_evidence_stands_there(tmp_path, found):
    rows = [{"text": f"187 knives. {text}"} for text in found]
    for name, data in (("a.csv", as_csv(rows)), ("a.jsonl", as_lines(rows)), ("a.parquet", as_parquet(rows))):
        sources = [read(unit, Settings()) for unit in units_of(put(tmp_path / name, data))]
        assert [source.text for source in sources] == [row["text"] for row in rows]
    for source, release in zip(sources, extract_many(sources), strict=True):
        assert not misplaced(release, source.text)
