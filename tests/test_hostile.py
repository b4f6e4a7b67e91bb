"""Inputs made to hurt: whatever the bytes, a reader gives a text or an InputError, and in time."""

import gzip
import io
import json
import time
import zipfile

import pytest
from documents import bomb, page, pdf, put, read_bytes, units_of, word
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractor import extract_many
from extractor.errors import InputError
from extractor.models import misplaced
from extractor.reading.plain import without_marks
from extractor.reading.units import Settings
from extractor.text.mojibake import warnings_of

ONE = (".txt", ".md", ".html", ".xhtml", ".eml", ".docx", ".pdf")
ROWS = (".json", ".jsonl", ".csv", ".tsv", ".parquet", ".jsonl.gz", ".csv.gz")


def word_with(xml: bytes) -> bytes:
    """A Word document with another body."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word(lambda d: None))) as whole, zipfile.ZipFile(out, "w", 8) as archive:
        for name in whole.namelist():
            archive.writestr(name, xml if name == "word/document.xml" else whole.read(name))
    return out.getvalue()


SEEDS = {
    ".html": page("<p>Two men were charged on Friday.</p>"),
    ".eml": b"Subject: A\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nTwo men.\n--b--\n",
    ".docx": word(lambda document: document.add_paragraph("Two men.")),
    ".pdf": pdf(["Two men."]),
    ".md": b"---\ntitle: a\n---\nTwo men.",
}


def outcome(data: bytes, suffix: str) -> str:
    try:
        source = read_bytes(data, suffix)
    except InputError as error:
        assert error.code and str(error)
        return error.code
    source.text.encode("utf-8")
    assert source.text.strip()
    return "ok"


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=400), st.sampled_from(ONE))
def test_bytes_of_any_kind_are_a_text_or_an_error(data, suffix):
    outcome(data, suffix)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(SEEDS)), st.data())
def test_a_file_that_was_spoilt_is_a_text_or_an_error(suffix, data):
    spoilt = bytearray(SEEDS[suffix])
    for _ in range(data.draw(st.integers(1, 6))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    outcome(bytes(spoilt[: data.draw(st.integers(1, len(spoilt)))]), suffix)


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from(ROWS))
def test_tables_of_any_bytes_are_rows_or_errors(tmp_path, data, suffix):
    data = gzip.compress(data) if suffix.endswith(".gz") and data[:1] != b"!" else data
    found = units_of(put(tmp_path / f"a{suffix}", data), Settings(max_bytes=200))
    assert found
    assert len({unit.id for unit in found}) == len(found)
    assert all((unit.data is None) == bool(unit.code) for unit in found)


texts = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=80)


@settings(deadline=None, max_examples=80)
@given(st.lists(texts, min_size=1, max_size=5), st.sampled_from([".html", ".eml", ".md"]))
def test_evidence_stands_in_the_derived_text_of_any_words(paragraphs, suffix):
    from html import escape

    lines = ["Officers seized 187 knives – more than in May 2023.", *paragraphs]
    data = {
        ".html": page("".join(f"<p>{escape(line)}</p>" for line in lines)),
        ".eml": b"Subject: A\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        + "\n\n".join(lines).encode(),
        ".md": "\n\n".join(lines).encode(),
    }[suffix]
    source = read_bytes(data, suffix)
    (release,) = extract_many([source])
    assert not misplaced(release, source.text)
    assert "187 knives" in [count.text for count in release.counts]


MANY = 100_000
BILLION = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
HOSTILE = {
    "deep html": (".html", page("<div>" * MANY + "Two men were charged on Friday." + "</div>" * MANY)),
    "deep lists": (".html", page("<ul><li>" * MANY + "Two men")),
    "deep inline": (".html", page("<p>" + "<b>" * MANY + "Two men were charged.")),
    "many paragraphs": (".html", page("<p>Two men were charged on Friday.</p>" * 20_000)),
    "many attributes": (".html", page("<p " + "a=b " * MANY + ">Two men were charged on Friday.")),
    "one line of html": (".html", page("<p>" + "x" * 3_000_000)),
    "open angles": (".html", page("<" * MANY)),
    "entities": (".xhtml", f"<!DOCTYPE html [<!ENTITY a0 'ha'>{BILLION}]>".encode() + page("<p>&a11;</p>")),
    "many charsets": (".html", b"<meta charset=" * MANY),
    "wide table": (".html", page("<table><tr>" + "<td>1</td>" * 20_000 + "</tr></table>")),
    "spans": (
        ".html",
        page("<table><tr><td colspan=100000000 rowspan=100000000>Two men were charged</td></tr></table>"),
    ),
    "deep mail": (
        ".eml",
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(5_000)) + b"\nx",
    ),
    "many headers": (".eml", b"X: y\n" * MANY + b"\nTwo men."),
    "long header": (".eml", b"Subject: " + b"=?utf-8?q?a?= " * 5_000 + b"\n\nTwo men."),
    "many addresses": (".eml", b"To: " + b"<a@b>, " * 5_000 + b"\n\nTwo men."),
    "many parts": (".eml", b"Subject: A\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 20_000),
    "comments": (".eml", b"Date: " + b"(" * 5_000 + b"\n\nTwo men."),
    "deep yaml": (".md", b"---\na: " + b"[" * 50_000 + b"\n---\nTwo men."),
    "aliases": (".md", b"---\na: &a [x]\n" + b"b: [*a, *a]\n" * 2_000 + b"---\nTwo men."),
    "dashes": (".md", b"---\n" + b"-" * MANY + b"\nTwo men."),
    "stars": (".md", b"*" * MANY + b"a"),
    "stars and words": (".md", b"**a " * MANY),
    "brackets": (".md", b"[" * MANY),
    "links": (".md", b"[a](" * MANY),
    "hashes": (".md", b"# " * MANY),
    "quotes": (".md", b"> " * MANY + b"a"),
    "word bomb": (".docx", bomb(60_000_000)),
    "deep word": (
        ".docx",
        word_with(
            b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
            + b"<w:tbl><w:tr><w:tc>" * 5_000
        ),
    ),
    "word entities": (
        ".docx",
        word_with(f"<!DOCTYPE a [<!ENTITY a0 'ha'>{BILLION}]><w>&a11;</w>".encode()),
    ),
    "pdf pages": (".pdf", pdf(["x"]).replace(b"/Count 1", b"/Count 99999999")),
    "pdf nothing": (".pdf", b"%PDF-1.7\n" + b"1 0 obj\n" * MANY),
    "pdf brackets": (".pdf", b"%PDF-1.7\ntrailer\n" + b"[" * MANY),
    "nul": (".txt", b"\0" * 1_000_000),
    "no utf-8": (".txt", b"\x81" * 1_000_000),
    "marks": (".txt", "â€™".encode() * MANY),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_time(name):
    suffix, data = HOSTILE[name]
    begin = time.monotonic()
    outcome(data, suffix)
    assert time.monotonic() - begin < 20


@pytest.mark.parametrize(
    "make",
    [
        lambda n: without_marks("**a " * n),
        lambda n: without_marks("[" * n),
        lambda n: without_marks("*a_ " * n),
        lambda n: without_marks("![a](b " * n),
        lambda n: without_marks("\\*# > " * n),
        lambda n: warnings_of("Ã© " * n),
        lambda n: warnings_of("â" * n),
        lambda n: read_bytes(b"---\n" + b"a: b\n" * n, ".md"),
    ],
)
def test_time_grows_with_the_length_and_not_faster(make):
    def seconds(n):
        begin = time.perf_counter()
        make(n)
        return time.perf_counter() - begin

    make(10)
    short = min(seconds(4_000) for _ in range(3))
    assert min(seconds(32_000) for _ in range(2)) < 40 * short + 0.05


def test_rows_made_to_hurt(tmp_path):
    deep = b'{"text": ' + b"[" * 200_000 + b"\n"
    assert [u.code for u in units_of(put(tmp_path / "a.jsonl", deep + b'{"text": "b"}'))] == ["broken", ""]
    quotes = put(tmp_path / "a.csv", b"text\n" + b'"a\n' * 20_001)
    begin = time.monotonic()
    assert {u.code for u in units_of(quotes)} == {"broken"}
    assert time.monotonic() - begin < 10
    path = put(tmp_path / "b.jsonl", json.dumps({"id": "=cmd|x", "text": "=1+1"}).encode())
    assert [(u.id, u.data) for u in units_of(path)] == [("=cmd|x", "=1+1")]
