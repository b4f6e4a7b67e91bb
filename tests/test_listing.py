"""Files, folders, patterns and lists to documents: order, names, junk, links, and what is skipped with its reason."""

import os
from pathlib import Path

import pytest

from extractor.errors import InputError
from extractor.reading.listing import find, read_list

ROOT = Path(__file__).parent.parent


def ids(*inputs, exclude=()):
    return [document.id for document in find(inputs, exclude).documents]


def reasons(*inputs, exclude=()):
    return {path.name: reason for path, reason in find(inputs, exclude).skipped}


def put(path: Path, data: bytes = b"Two knives were found.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_a_folder_is_read_in_order_whatever_the_case_of_the_suffix(tmp_path):
    for name in ("b.txt", "a.TXT", "sub/c.Txt", "Z.HTM", "sub.txt2/d.md", "e.Jsonl.GZ"):
        put(tmp_path / name)
    assert ids(tmp_path) == sorted(["Z.HTM", "a.TXT", "b.txt", "e.Jsonl.GZ", "sub.txt2/d.md", "sub/c.Txt"])


@pytest.mark.parametrize(
    "suffix",
    [
        "txt",
        "text",
        "md",
        "markdown",
        "html",
        "htm",
        "xhtml",
        "eml",
        "json",
        "jsonl",
        "ndjson",
        "csv",
        "tsv",
        "parquet",
        "docx",
        "pdf",
        "jsonl.gz",
        "csv.gz",
    ],
)
def test_a_file_of_a_known_format_is_a_document(tmp_path, suffix):
    put(tmp_path / f"a.{suffix}")
    assert ids(tmp_path) == [f"a.{suffix}"]


def test_what_is_not_read_is_listed_with_a_reason(tmp_path):
    junk = (".DS_Store", "~$a.txt", "Thumbs.db", "a.txt~", "a.txt.bak", "a.txt.part", "__MACOSX/b.txt", ".git/b.txt")
    for name in ("a.txt", *junk, "a.xyz", "Makefile", "a.toml", "b.txt.gz"):
        put(tmp_path / name)
    assert ids(tmp_path) == ["a.txt"]
    left = "left by another program"
    assert reasons(tmp_path) == {
        ".DS_Store": "hidden",
        ".git": "hidden",
        **dict.fromkeys(("~$a.txt", "Thumbs.db", "a.txt~", "a.txt.bak", "a.txt.part", "__MACOSX"), left),
        "a.xyz": "no reader for .xyz",
        "a.toml": "no reader for .toml",
        "b.txt.gz": "no reader for .txt.gz",
        "Makefile": "no reader for a name without suffix",
    }


def test_what_the_extractor_has_written_is_no_release(tmp_path):
    put(tmp_path / "a.json", b'{\n "schema_version": "1.0"}')
    put(tmp_path / "records.jsonl", b'{"schema_version":"1.0"}\n')
    put(tmp_path / "records.failures.jsonl", b'{"source": "a"}\n')
    put(tmp_path / "baseline.json", b"{}")
    put(tmp_path / "b.json", b'{"text": "the \\"schema_version\\" of it"}')
    assert ids(tmp_path) == ["b.json"]
    assert set(reasons(tmp_path).values()) == {"written by extractor"}


def test_the_corpus_is_its_texts(tmp_path):
    assert ids(ROOT / "corpus") == sorted(path.name for path in (ROOT / "corpus").glob("*.txt"))


def test_what_belongs_to_the_run_is_left_out(tmp_path):
    for name in ("a.txt", "out.jsonl", "meta.csv", "tables/counts.csv"):
        put(tmp_path / name)
    own = [tmp_path / name for name in ("out.jsonl", "meta.csv", "tables", "not-yet-there")]
    assert ids(tmp_path, exclude=own) == ["a.txt"]
    assert reasons(tmp_path, exclude=own) == dict.fromkeys(("out.jsonl", "meta.csv", "tables"), "belongs to this run")


def test_a_named_file_is_read_whatever_its_suffix(tmp_path):
    assert ids(put(tmp_path / "release.notes")) == ["release.notes"]
    assert ids(put(tmp_path / ".hidden")) == [".hidden"]


def test_patterns_are_expanded(tmp_path):
    for name in ("b.txt", "a.txt", "c.html", "x/d.html", "x/y/e.html", "x/.f.html", ".x/g.html", "h.log", "x/a.txt~"):
        put(tmp_path / name)
    assert ids(tmp_path / "*.txt") == ["a.txt", "b.txt"]
    assert ids(tmp_path / "**" / "*.html") == ["c.html", "x/d.html", "x/y/e.html"]
    assert ids(tmp_path / "x*") == ["x/d.html", "x/y/e.html"]
    assert ids(tmp_path / "**") == ["a.txt", "b.txt", "c.html", "x/d.html", "x/y/e.html"]
    assert ids(tmp_path / "*.log") == ["h.log"]  # asked for by its suffix
    assert reasons(tmp_path / "*") == {
        "h.log": "no reader for .log",
        ".x": "hidden",
        "a.txt~": "left by another program",
    } | {".f.html": "hidden"}


def test_a_pattern_without_a_match_fails_and_a_file_of_that_name_does_not(tmp_path):
    for name in ("*.nope", "**nope", "[z-a]*"):
        found = find([tmp_path / name]).documents
        assert [(d.code, d.id) for d in found] == [("no-match", str(tmp_path / name))]
    assert ids(put(tmp_path / "really[1]?.txt")) == ["really[1]?.txt"]


def test_patterns_follow_no_loop(tmp_path):
    put(tmp_path / "a" / "b.txt")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    assert ids(tmp_path / "**" / "*.txt") == ["a/b.txt"]


def test_stdin_is_a_document_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "stdin")
    assert ids(Path("-"), Path("-")) == ["stdin"]
    assert len(set(ids(Path("-"), Path("stdin")))) == 2


def test_a_list_names_inputs_one_a_line(tmp_path):
    put(tmp_path / "a b.txt")
    put(tmp_path / "c.txt")
    listed = put(tmp_path / "list", f"# all\r\n{tmp_path}/a b.txt\r\n\n  # not this\n{tmp_path}/*.txt\n".encode())
    assert ids(*read_list(listed)) == ["a b.txt", "c.txt"]
    assert read_list(put(tmp_path / "le", "é.txt\n".encode("cp1252"))) == [Path("é.txt")]
    with pytest.raises(InputError, match="gone"):
        read_list(tmp_path / "gone")


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


def test_a_folder_that_cannot_be_read_is_a_document_that_fails(tmp_path, monkeypatch):
    put(tmp_path / "closed" / "a.txt")
    put(tmp_path / "b.txt")
    real = Path.iterdir

    def closed(self):
        if self.name == "closed":
            raise PermissionError(13, "Permission denied")
        return real(self)

    monkeypatch.setattr(Path, "iterdir", closed)
    assert ids(tmp_path) == ["b.txt", "closed"]


def test_names_that_two_folders_share_get_their_folder_in_front(tmp_path):
    for name in ("x/a.txt", "y/a.txt", "y/b.txt", "x/n/c.txt", "y/n/c.txt"):
        put(tmp_path / name)
    assert ids(tmp_path / "x", tmp_path / "y") == ["x/a.txt", "x/n/c.txt", "y/a.txt", "b.txt", "y/n/c.txt"]
    assert ids(tmp_path / "x/n", tmp_path / "y/n") == ["x/n/c.txt", "y/n/c.txt"]


def test_names_that_no_record_can_hold_are_written_out_and_stay_apart(tmp_path):
    try:
        put(Path(os.fsdecode(bytes(tmp_path) + b"/\xff.txt")))
    except OSError:
        pytest.skip("the file system takes no such name")
    put(tmp_path / "\\xff.txt")
    names = ids(tmp_path)
    assert len(set(names)) == 2
    assert all(name.encode("utf-8") for name in names)


def test_what_is_named_twice_is_read_once(tmp_path):
    path = put(tmp_path / "a.txt")
    listing = find([tmp_path, path])
    assert (len(listing.documents), listing.skipped[0].reason) == (1, "named twice")
