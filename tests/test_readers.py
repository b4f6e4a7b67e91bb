"""Files and folders to documents: order, names, junk, links; and what is told of a file that cannot be read."""

import os
from pathlib import Path

import pytest

from extractor.errors import InputError
from extractor.readers import Document, find, read, read_records

BAD = {
    "not-utf8": "caf\u00e9 \u2019".encode("cp1252"),
    "binary": b"%PDF\0\1",
    "empty": b"",
}
ALSO_BAD = [
    ("not-utf8", "187 knives".encode("utf-16")),
    ("empty", b" \r\n\t\n"),
    ("empty", b"\xef\xbb\xbf"),
    ("empty", "\u200b\u00a0".encode()),
]


def ids(*inputs):
    return [document.id for document in find(inputs).documents]


def put(path: Path, data: bytes = b"Two knives were found.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def code_of(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read(Document(path, path.name))
    return caught.value.code


@pytest.mark.parametrize(("code", "data"), [*BAD.items(), *ALSO_BAD])
def test_a_bad_file_has_a_code(tmp_path, code, data):
    assert code_of(put(tmp_path / "a.txt", data)) == code


def test_a_place_that_is_no_file_has_a_code(tmp_path):
    (tmp_path / "x.txt").mkdir()
    (tmp_path / "link.txt").symlink_to(tmp_path / "gone")
    assert code_of(tmp_path / "x.txt") == "is-folder"
    assert code_of(tmp_path / "link.txt") == "broken-link"
    assert code_of(tmp_path / "gone.txt") == "not-found"


def test_a_file_that_is_closed_to_us_is_unreadable(tmp_path, monkeypatch):
    def closed(self):
        raise PermissionError(13, "Permission denied")

    path = put(tmp_path / "a.txt")
    monkeypatch.setattr(Path, "read_bytes", closed)
    assert code_of(path) == "unreadable"


def test_a_byte_order_mark_is_recorded_and_does_not_count(tmp_path):
    source = read(Document(put(tmp_path / "a.txt", b"\xef\xbb\xbfTwo\r\nknives"), "a.txt"))
    assert (source.text, source.encoding) == ("Two\r\nknives", "utf-8-sig")


def test_a_folder_is_read_in_order_whatever_the_case_of_the_suffix(tmp_path):
    for name in ("b.txt", "a.TXT", "sub/c.Txt", "Z.txt", "sub.txt2/d.txt"):
        put(tmp_path / name)
    assert ids(tmp_path) == sorted(["Z.txt", "a.TXT", "b.txt", "sub.txt2/d.txt", "sub/c.Txt"])


def test_what_is_not_read_is_listed_with_a_reason(tmp_path):
    for name in ("a.txt", ".DS_Store", "~$a.txt", "Thumbs.db", ".git/b.txt", "a.pdf"):
        put(tmp_path / name)
    listing = find([tmp_path])
    assert [document.id for document in listing.documents] == ["a.txt"]
    assert {path.name for path, _ in listing.skipped} == {".DS_Store", "~$a.txt", "Thumbs.db", ".git", "a.pdf"}
    assert all(reason for _, reason in listing.skipped)


def test_a_named_file_is_read_whatever_its_suffix(tmp_path):
    assert ids(put(tmp_path / "release.md")) == ["release.md"]


def test_a_folder_named_like_a_text_is_a_document_that_fails(tmp_path):
    put(tmp_path / "x.txt" / "inside.txt")
    put(tmp_path / "a.txt")
    assert ids(tmp_path) == ["a.txt", "x.txt"]


def test_loops_of_links_are_harmless_and_the_real_folder_keeps_its_name(tmp_path):
    put(tmp_path / "real" / "a.txt")
    (tmp_path / "real" / "up").symlink_to(tmp_path)
    (tmp_path / "alias").symlink_to(tmp_path / "real")
    listing = find([tmp_path])
    assert [document.id for document in listing.documents] == ["real/a.txt"]
    assert len(listing.skipped) == 2


def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "p.txt")
    listing = find([tmp_path])
    assert (listing.documents, len(listing.skipped)) == ((), 1)


def test_names_that_two_folders_share_get_their_folder_in_front(tmp_path):
    for name in ("x/a.txt", "y/a.txt", "y/b.txt", "x/n/c.txt", "y/n/c.txt"):
        put(tmp_path / name)
    assert ids(tmp_path / "x", tmp_path / "y") == ["x/a.txt", "x/n/c.txt", "y/a.txt", "b.txt", "y/n/c.txt"]
    assert ids(tmp_path / "x/n", tmp_path / "y/n") == ["x/n/c.txt", "y/n/c.txt"]


def test_what_is_named_twice_is_read_once(tmp_path):
    path = put(tmp_path / "a.txt")
    listing = find([tmp_path, path])
    assert (len(listing.documents), listing.skipped[0].reason) == (1, "named twice")


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"schema_version": "1.0"}', b"\xff"])
def test_what_is_no_record_is_told_with_its_file(tmp_path, content):
    with pytest.raises(InputError, match=r"r\.json"):
        read_records(put(tmp_path / "r.json", content))


def test_a_bad_line_is_told_with_its_number(tmp_path):
    with pytest.raises(InputError, match="line 2"):
        read_records(put(tmp_path / "r.jsonl", b"\n{}\n"))
