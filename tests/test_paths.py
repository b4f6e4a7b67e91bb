"""paths: whatever a document is called, its file stays in the folder and can be written on any system."""

import re
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.text.paths import safe_path, text_path

HOSTILE = [
    "../../etc/passwd", "/etc/passwd", "..", ".", "", "/", "//", "a//b", "a/../b.txt", "a/./b", "C:\\Windows\\x", "C:x",
    "\\\\server\\share\\x", "..\\..\\x", "con", "CON.txt", "nul", "LPT1.csv", "aux.a.b", "a/con/b", "com¹.txt", "a\0b",
    "a\nb", "a\x1b[31m", "trailing.", "trailing ", "a. . .", "…/x", ".bashrc", "~/.ssh/authorized_keys",
    "a\u202etxt.exe", "x" * 5_000, "é" * 300 + ".txt", "a/" * 3_000, "\ud800.txt", "a:b", "what?.txt", "*", "|",
    "a.txt/b.txt", "x.json/y", "." * 300, "a." + "b" * 400, " ", "\u200b",
]  # fmt: skip
names = st.text("abA./\\: ~\0\u00e9\ud800\u202e", max_size=40) | st.text(max_size=300) | st.sampled_from(HOSTILE)


@pytest.mark.parametrize(
    "plain", ["a.txt", "kent/2023/a b (1).txt", "Übersicht/£5.md", "releases.csv#17", "a", "x..y", "~a"]
)
def test_a_plain_name_stays_as_it_is(plain):
    assert str(safe_path(plain)) == plain


@given(names)
def test_a_path_stays_in_its_folder_and_suits_every_system(name):
    for path in (safe_path(name), text_path(name)):
        assert str(path) and not path.is_absolute()
        assert not PureWindowsPath(path).drive and not PureWindowsPath(path).root
        for part in path.parts:
            assert not part.startswith(".") and part == part.rstrip(". ")
            assert not re.search(r'[\x00-\x1f<>:"|?*\\]', part)
            assert not PureWindowsPath(part).is_reserved() if hasattr(PureWindowsPath, "is_reserved") else True
            assert len(part.encode("utf-8")) <= 220
        assert Path("/out", path).resolve().is_relative_to("/out")


@given(names, names)
def test_two_names_have_two_paths(a, b):
    assert (safe_path(a) == safe_path(b)) == (a == b)


@given(names)
def test_no_file_stands_where_another_needs_a_folder(name):
    assert not any(folder.lower().endswith((".txt", ".json")) for folder in text_path(name).parts[:-1])


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_can_be_written_there(name, tmp_path):
    path = tmp_path / text_path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    assert path.resolve().is_relative_to(tmp_path.resolve())


def test_a_long_name_keeps_its_suffix_and_a_changed_name_its_look():
    assert safe_path("x" * 5_000 + ".html").suffix == ".html"
    assert re.fullmatch(r"what_~[0-9a-f]{10}\.txt", str(safe_path("what?.txt")))


def test_texts_end_in_txt():
    assert text_path("kent/a.html") == PurePosixPath("kent/a.html.txt")
    assert text_path("a.txt") == PurePosixPath("a.txt")
    assert text_path("a.TXT") == PurePosixPath("a.TXT")
