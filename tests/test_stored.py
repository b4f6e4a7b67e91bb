"""Records find the texts they were made of: saved ones, those beside them, and no other."""

import pytest
from documents import page, put, read_bytes

from extractor import Source, extract, extract_many
from extractor.errors import InputError
from extractor.outputs.stored import Stored, read_records, texts_for
from extractor.text.paths import text_path


def stored(release, path):
    return Stored(release, path)


@pytest.mark.parametrize("name", ["a.html", "kent/a.txt", "../../up", "/etc/passwd", "x" * 400, "12", "a.", "CON"])
def test_a_saved_text_is_found_whatever_the_document_is_called(tmp_path, name):
    text = "\ufeffTwo knives\r\nwere found."
    (release,) = extract_many([Source(text, id=name)])
    put(tmp_path / "texts" / text_path(name), text.encode())
    assert texts_for(tmp_path, tmp_path / "texts")(stored(release, tmp_path / "r.jsonl")) == text


def test_a_text_of_a_page_is_the_derived_one(tmp_path):
    source = read_bytes(page("<p>Two men were charged on Friday.</p>"), ".html")
    (release,) = extract_many([source])
    put(tmp_path / "a.html.txt", source.text.encode())
    assert texts_for(tmp_path, tmp_path)(stored(release, tmp_path / "r.jsonl")) == source.text


def test_a_text_beside_the_record_is_decoded_as_it_was_read(tmp_path):
    data = "It’s £5 that was seized.".encode("mac_roman")
    source = read_bytes(data, ".txt")
    (release,) = extract_many([source])
    put(tmp_path / "a.txt", data)
    assert texts_for(tmp_path / "a.json", None)(stored(release, tmp_path / "a.json")) == source.text


def test_another_text_of_that_name_is_not_taken_and_nothing_outside_of_the_folder(tmp_path):
    put(tmp_path / "texts" / "a.txt", b"Another text.")
    put(tmp_path / "b.txt", b"Two knives.")
    find = texts_for(tmp_path, tmp_path / "texts")
    for name in ("a.txt", "../b.txt", str(tmp_path / "b.txt")):
        assert find(stored(extract("Two knives.", source=name), tmp_path / "r.jsonl")) is None


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"schema_version": "1.0"}', b"\0"])
def test_what_is_no_record_is_told_with_its_file(tmp_path, content):
    with pytest.raises(InputError, match=r"r\.json"):
        read_records(put(tmp_path / "r.json", content))


def test_a_bad_line_is_told_with_its_number(tmp_path):
    with pytest.raises(InputError, match="line 2"):
        read_records(put(tmp_path / "r.jsonl", b"\n{}\n"))
