"""The formats of a document: its text and what it says of itself; offsets count the text that was derived."""

import builtins
import sys
from datetime import date
from pathlib import Path

import pytest
from documents import mail, page, pdf, put, read_bytes, read_file, units_of, word

from extractor import extract, extract_many
from extractor.errors import InputError
from extractor.models import misplaced
from extractor.reading.metadata import Known
from extractor.reading.readers import read
from extractor.reading.units import Settings, Unit


def code_of(data, suffix, settings=None):
    with pytest.raises(InputError) as caught:
        read_bytes(data, suffix, settings or Settings())
    return caught.value.code


def codes(source):
    return [note.code for note in source.notes]


def test_a_place_that_is_no_file_has_a_code(tmp_path):
    (tmp_path / "x.txt").mkdir()
    (tmp_path / "link.txt").symlink_to(tmp_path / "gone")
    found = [units_of(tmp_path / name)[0] for name in ("x.txt", "link.txt", "gone.txt", "link.txt\0")]
    assert [unit.code for unit in found] == ["is-folder", "broken-link", "not-found", "unreadable"]
    for unit in found:
        with pytest.raises(InputError, match=unit.message[:10]):
            read(unit, Settings())


def test_a_file_that_is_closed_to_us_is_unreadable(tmp_path, monkeypatch):
    def closed(self, mode):
        raise PermissionError(13, "Permission denied")

    path = put(tmp_path / "a.txt")
    monkeypatch.setattr(Path, "open", closed)
    assert units_of(path)[0].code == "unreadable"


def test_a_file_over_the_limit_is_not_read(tmp_path):
    path = put(tmp_path / "a.txt", b"x" * 11)
    assert units_of(path, Settings(max_bytes=10))[0].code == "too-large"
    assert units_of(path, Settings(max_bytes=11))[0].code == ""
    if Path("/dev/zero").exists():
        assert units_of(Path("/dev/zero"), Settings(max_bytes=10))[0].code == "too-large"


def test_a_text_is_its_bytes_decoded(tmp_path):
    source = read_file(put(tmp_path / "a.text", b"\xef\xbb\xbfTwo\r\nknives \r\n"))
    assert (source.text, source.encoding, source.derived_from) == ("Two\r\nknives \r\n", "utf-8-sig", None)
    assert read_file(put(tmp_path / "a.notes", b"It\x92s")).text == "It’s"
    assert read_bytes(b"It\xd5s", ".txt", Settings(encoding="mac-roman")).text == "It’s"


def test_what_is_known_from_outside_outranks_the_document_and_that_the_run(tmp_path):
    data = b"---\npublished: 2023-05-08\ntitle: Its own\n---\nTwo knives."
    run = Settings(published=date(2020, 1, 1))
    assert read_bytes(data, ".md", run).published == date(2023, 5, 8)
    assert read_bytes(b"Two knives.", ".md", run).published == date(2020, 1, 1)
    known = Known(date(2021, 1, 1), None, "https://example.org/a")
    source = read(Unit("a.md", ".md", data, known), run)
    assert (source.published, source.title, source.url) == (date(2021, 1, 1), "Its own", "https://example.org/a")


def test_a_record_says_that_its_text_was_derived():
    (release,) = extract_many([read_bytes(b"---\ntitle: A\n---\n**187** knives were seized.", ".md")])
    assert release.source.derived_from == "markdown"
    assert [count.text for count in release.counts] == ["187 knives"]
    assert extract("187 knives").source.derived_from is None


# Markdown

MARKDOWN = """---
title: "Two charged: knives"
published: 2023-05-08T09:30
url: https://example.org/a
---

# Two charged ##

Officers seized **187 knives** and _three_ [machetes](https://example.org/m "m") on 1 May.

* one
- two
> Inspector Ada Marsh said: “Good.”
![A knife](knife.jpg) Snake_case_stays and 3 * 4 * 5, \\*starred\\*.
"""


def test_markdown_gives_its_front_matter_and_a_text_without_marks():
    source = read_bytes(MARKDOWN.encode(), ".md")
    assert source.text == (
        "Two charged\n\nOfficers seized 187 knives and three machetes on 1 May.\n\n* one\n- two\n"
        "Inspector Ada Marsh said: “Good.”\nA knife Snake_case_stays and 3 * 4 * 5, *starred*.\n"
    )
    assert (source.title, source.published, source.url) == (
        "Two charged: knives",
        date(2023, 5, 8),
        "https://example.org/a",
    )
    assert not source.notes


@pytest.mark.parametrize(
    ("front", "code"),
    [
        ("title: a: b", "front-matter"),
        ("published: 8/5/2023", "bad-date"),
        ("date: 2023-05", "no-day"),
        ("a: [" * 40, "front-matter"),
    ],
)
def test_front_matter_that_cannot_be_read_is_told_and_nothing_is_read_from_it(front, code):
    source = read_bytes(f"---\n{front}\n---\nTwo knives.".encode(), ".md")
    assert (source.text, codes(source), source.published) == ("Two knives.", [code], None)


@pytest.mark.parametrize(
    "text", ["---\nTwo men\n---\nwere held.", "--- a\n---\n", "Two.\n---\na: b\n---\n", "---\na: b\n"]
)
def test_dashes_that_are_no_front_matter_stay(text):
    assert read_bytes(text.encode(), ".md").text == text


@pytest.mark.parametrize(
    "name", [path.stem for path in sorted((Path(__file__).parent.parent / "corpus").glob("*.txt"))]
)
def test_a_release_saved_as_markdown_gives_the_same_record(name):
    data = (Path(__file__).parent.parent / "corpus" / f"{name}.txt").read_bytes()
    marked, plain = (
        next(extract_many([read_bytes(data, suffix)])).model_dump(exclude={"source"}) for suffix in (".md", ".txt")
    )
    assert marked == plain


# HTML

HEAD = """<title>Two charged after raid | Kent Police</title>
<meta property="article:published_time" content="2023-05-08T23:30:00+01:00">
<link rel="canonical" href="https://example.org/news/1">"""
BODY = """<nav><ul><li><a href="/">Home</a></li><li><a href="/n">News</a></li></ul></nav>
<main><h1>Two charged after raid</h1>
<p>Officers seized <b>187&nbsp;knives</b> in
<a href="/d">Dover</a> on Friday.</p><h2>Figures</h2>
<ul><li>Two men were charged</li><li>&pound;4,000 was seized</li></ul>
<p>Line one<br>line two</p><table><tr><th>Place</th><th>Knives</th></tr><tr><td>Dover</td><td>187</td></tr></table>
<p>Inspector Ada Marsh said: “Every knife off the street matters.”</p></main><footer><p>Copyright 2024</p></footer>"""


def test_a_page_gives_its_main_text_and_its_metadata():
    source = read_bytes(page(BODY, HEAD), ".html")
    assert source.text == (
        "Two charged after raid\n\nOfficers seized 187 knives in Dover on Friday.\n\nFigures\n\n"
        "• Two men were charged\n• £4,000 was seized\n\nLine one\nline two\n\nPlace\tKnives\nDover\t187\n\n"
        "Inspector Ada Marsh said: “Every knife off the street matters.”"
    )
    assert (source.title, source.published, source.url) == (
        "Two charged after raid",
        date(2023, 5, 8),
        "https://example.org/news/1",
    )
    assert (source.derived_from, source.encoding) == ("html", "utf-8")


def test_a_headline_outside_the_story_comes_first():
    story = "<p>Officers seized 187 knives in Dover on Friday. Two men were charged.</p>" * 2
    source = read_bytes(page(f"<header><h1>Raid in Dover</h1></header><article>{story}</article>"), ".htm")
    assert source.text.startswith("Raid in Dover\n\nOfficers")


def test_a_page_that_names_no_day_has_none():
    body = "<p>Officers made two arrests on 8 May 2019 and 3 June 2020.</p><p>Copyright 2018</p>"
    assert read_bytes(page(body), ".html").published is None


@pytest.mark.parametrize(
    ("charset", "encoding"), [("iso-8859-1", "cp1252"), ("windows-1252", "cp1252"), ("nonsense", "cp1252")]
)
def test_a_page_is_decoded_as_it_says(charset, encoding):
    data = f'<html><head><meta charset="{charset}"></head><body><p>It’s £100 that was seized there.</p>'.encode(
        "cp1252"
    )
    source = read_bytes(data, ".html")
    assert (source.text, source.encoding) == ("It’s £100 that was seized there.", encoding)


def test_an_xhtml_page_with_a_declaration_is_read():
    text = '<?xml version="1.0" encoding="ISO-8859-2"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{}</p></body></html>'
    source = read_bytes(text.format("Two men from Łódź were charged on Friday.").encode("iso8859-2"), ".xhtml")
    assert (source.text, source.encoding) == ("Two men from Łódź were charged on Friday.", "iso8859-2")


@pytest.mark.parametrize("body", ["", "<script>var a = 'Two men were charged on Friday';</script>", "<img src=a.png>"])
def test_a_page_without_text_says_so(body):
    assert code_of(page(body), ".html") == "no-main-text"


def test_the_network_is_never_asked(monkeypatch):
    import socket

    def forbidden(*args, **kwargs):
        raise AssertionError("network")

    monkeypatch.setattr(socket, "socket", forbidden)
    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    head = '<base href="http://192.0.2.1/"><link rel="stylesheet" href="http://192.0.2.1/a.css">' + HEAD
    doctype = '<!DOCTYPE html SYSTEM "http://192.0.2.1/x.dtd" [<!ENTITY e SYSTEM "http://192.0.2.1/e">]>'
    assert "187" in read_bytes(doctype.encode() + page(BODY + "&e;", head), ".xhtml").text


# e-mail


def test_a_message_gives_its_text_its_subject_and_its_day_in_its_own_zone():
    message = mail(Subject="Two charged – Dover", Date="Mon, 08 May 2023 23:30:00 -0500")
    message.set_content("Officers seized £100.\n\nIt’s over.\n")
    message.add_alternative("<p>Not this.</p>", subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="knives.pdf")
    source = read_bytes(message.as_bytes(), ".eml")
    assert source.text == "Officers seized £100.\n\nIt’s over.\n"
    assert (source.title, source.published, source.derived_from) == ("Two charged – Dover", date(2023, 5, 8), "eml")
    assert codes(source) == ["attachments"] and "knives.pdf" in source.notes[0].message


def test_a_message_in_html_only_is_read_as_a_page():
    message = mail(Subject="A", Date="Mon, 08 May 2023 10:00:00 +0000")
    message.set_content(page(BODY).decode(), subtype="html")
    source = read_bytes(message.as_bytes(), ".eml")
    assert source.text.startswith("Two charged after raid\n\nOfficers seized")
    assert (source.title, source.notes) == ("A", ())


def test_lines_of_a_flowed_message_are_joined():
    head = b"Subject: A\r\nDate: Mon, 8 May 2023 10:00:00 +0000\r\n"
    kind = b"Content-Type: text/plain; charset=utf-8; format=flowed\r\n"
    source = read_bytes(head + kind + b"\r\nOfficers seized \r\n187 knives.\r\n\r\n-- \r\nPress\r\n", ".eml")
    assert source.text == "Officers seized 187 knives.\n\n-- \nPress\n"


@pytest.mark.parametrize("charset", ["iso-8859-1", "us-ascii", "nonsense", "utf-8"])
def test_a_message_with_a_wrong_charset_loses_no_character(charset):
    head = f"Subject: A\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"
    source = read_bytes(head.encode() + "It’s £100.".encode("cp1252"), ".eml")
    assert (source.text, source.encoding, codes(source)) == ("It’s £100.", "cp1252", ["no-date"])


def test_a_message_without_text_says_so():
    message = mail(Subject="A")
    message.add_attachment(b"x", maintype="image", subtype="png", filename="a.png")
    assert code_of(message.as_bytes(), ".eml") == "no-text"
    assert code_of(b"Two knives were found.", ".eml") == "broken"


# Word


def build(document):
    document.core_properties.title = "Two charged"
    document.core_properties.created = document.core_properties.modified = __import__("datetime").datetime(
        2023, 5, 8, 9
    )
    document.add_heading("Two charged after raid", 1)
    document.add_paragraph("Officers seized ").add_run("187 knives.").bold = True
    document.add_paragraph("one", style="List Bullet")
    document.add_paragraph("two", style="List Number")
    table = document.add_table(2, 2)
    for cell, text in zip(
        [c for row in table.rows for c in row.cells], ("Place", "Knives", "Dover", "187"), strict=True
    ):
        cell.text = text
    document.add_paragraph("Inspector Ada Marsh\tsaid so.")


def test_a_word_document_gives_all_it_holds_in_order():
    source = read_bytes(word(build), ".docx")
    assert source.text == (
        "Two charged after raid\n\nOfficers seized 187 knives.\n\n• one\n• two\n\nPlace\tKnives\nDover\t187\n\n"
        "Inspector Ada Marsh\tsaid so."
    )
    assert (source.title, source.published, source.derived_from) == ("Two charged", date(2023, 5, 8), "docx")
    assert codes(source) == ["published-from-file"]
    known = read(Unit("a.docx", ".docx", word(build), Known(date(2023, 5, 9))), Settings())
    assert (known.published, known.notes) == (date(2023, 5, 9), ())


def test_text_that_was_inserted_is_read_and_text_that_was_deleted_is_not():
    from docx.oxml import parse_xml

    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

    def changed(document):
        document.add_paragraph("Officers seized ")._p.append(parse_xml(f"<w:ins {w}><w:r><w:t>187</w:t></w:r></w:ins>"))
        document.paragraphs[-1]._p.append(parse_xml(f"<w:del {w}><w:r><w:t>189</w:t></w:r></w:del>"))
        document.paragraphs[-1].add_run(" knives.")
        box = (
            f"<w:r {w}><w:pict><w:txbxContent><w:p><w:r><w:t>Call 101.</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
        )
        document.paragraphs[-1]._p.append(parse_xml(box))

    assert read_bytes(word(changed), ".docx").text == "Officers seized 187 knives.\n\nCall 101."


def test_a_day_of_a_file_that_was_kept_for_long_is_not_taken():
    from datetime import datetime

    def old(document):
        build(document)
        document.core_properties.created = datetime(2019, 5, 8)

    assert read_bytes(word(old), ".docx").published is None


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"\xd0\xcf\x11\xe0", "broken"),
        (b"PK\x03\x04", "broken"),
        (word(lambda document: None), "empty"),
    ],
)
def test_a_word_document_that_cannot_be_read_has_a_code(data, code):
    assert code_of(data, ".docx") == code


# PDF

LINES = [
    "Two charged after raid",
    "",
    "Officers seized 187 knives from a house in Dover on Friday, and from",
    "another in Deal. Two men, who both live there, were charged with hav-",
    "ing them (under caution).",
    "• one",
    "• two",
]


def test_a_pdf_gives_its_pages_in_paragraphs():
    data = pdf(LINES, ["It’s over."], Title="Two charged", CreationDate="D:20230508093000+01'00'")
    source = read_bytes(data, ".pdf")
    assert source.text == (
        "Two charged after raid\n\nOfficers seized 187 knives from a house in Dover on Friday, and from another in "
        "Deal. Two men, who both live there, were charged with hav-ing them (under caution).\n\n"
        "• one\n\n• two\n\nIt’s over."
    )
    assert (source.title, source.published, codes(source)) == ("Two charged", date(2023, 5, 8), ["published-from-file"])


def test_a_page_without_text_is_told():
    assert codes(read_bytes(pdf(LINES, []), ".pdf")) == ["pages-without-text"]
    assert code_of(pdf([]), ".pdf") == "no-text"


def test_a_locked_pdf_is_told_and_one_that_is_only_marked_is_read():
    assert code_of(pdf(LINES, password="secret"), ".pdf") == "encrypted"
    assert "187 knives" in read_bytes(pdf(LINES, password=""), ".pdf").text
    assert code_of(b"%PDF-1.7\nnothing", ".pdf") == "broken"


@pytest.mark.parametrize(
    ("suffix", "module", "extra"),
    [(".docx", "docx", "docx"), (".pdf", "pypdf", "pdf"), (".parquet", "pyarrow", "parquet")],
)
def test_what_an_extra_is_missing_for_is_told_with_the_command(tmp_path, monkeypatch, suffix, module, extra):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name == module or name.startswith(f"{module}."):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    for name in [n for n in sys.modules if n == module or n.startswith(f"{module}.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match=rf"pip install 'police-press-extractor\[{extra}\]'") as caught:
        read_file(put(tmp_path / f"a{suffix}"))
    assert caught.value.code == "missing-extra"


DERIVED = {
    ".md": MARKDOWN.encode(),
    ".html": page(BODY, HEAD),
    ".eml": b"Subject: A\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + page(BODY),
    ".docx": word(build),
    ".pdf": pdf(LINES),
}


@pytest.mark.parametrize("suffix", DERIVED)
def test_evidence_stands_in_the_derived_text_and_is_the_same_every_time(suffix):
    source = read_bytes(DERIVED[suffix], suffix)
    (release,) = extract_many([source])
    assert "187 knives" in [count.text for count in release.counts]
    assert not misplaced(release, source.text)
    assert read_bytes(DERIVED[suffix], suffix) == source
