"""tables: what is wrong in a data file is said with file and row."""

import pytest

from extractor import tables
from extractor.errors import DataError
from extractor.tables import Row


class Term(Row):
    terms_in = ("terms",)
    terms: tuple[str, ...]


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "_folder", lambda: tmp_path)
    for cached in (tables.raw, tables.load, tables.digest):
        cached.cache_clear()
    yield tmp_path
    for cached in (tables.raw, tables.load, tables.digest):
        cached.cache_clear()


BAD = {
    "unknown key": ('[[row]]\nid="a"\nterms=[]\ncolour="red"', r"t\.toml: \[\[row\]\] row 1 \(a\): colour"),
    "missing key": ('[[row]]\nid="a"', r"row 1 \(a\): terms"),
    "no id": ("[[row]]\nterms=[]", r"row 1 \(no id\): id"),
    "wrong type": ('[[row]]\nid="a"\nterms=3', r"row 1 \(a\): terms"),
    "double id": ('[[row]]\nid="a"\nterms=[]\n[[row]]\nid="a"\nterms=[]', "id 'a' stands twice"),
    "shared term": ('[[row]]\nid="a"\nterms=["x"]\n[[row]]\nid="b"\nterms=["x"]', "'x' stands in 'a' and in 'b'"),
    "no section": ('[[other]]\nid="a"', r"no section \[\[row\]\]"),
    "not TOML": ("[[row", r"^t\.toml: "),
}


@pytest.mark.parametrize(("toml", "message"), BAD.values(), ids=BAD)
def test_bad_table_is_refused(data, toml, message):
    (data / "t.toml").write_text(toml, "utf-8")
    with pytest.raises(DataError, match=message):
        tables.load("t.toml", "row", Term)


def test_missing_file_is_named(data):
    with pytest.raises(DataError, match=r"none\.toml"):
        tables.load("none.toml", "row", Term)


def test_rows_come_in_order_and_frozen(data):
    (data / "t.toml").write_text('[[row]]\nid="b"\nterms=["x"]\n[[row]]\nid="a"\nterms=["y"]', "utf-8")
    rows = tables.load("t.toml", "row", Term)
    assert [row.id for row in rows] == ["b", "a"]
    with pytest.raises(ValueError, match="frozen"):
        rows[0].id = "c"


def test_digest_changes_with_a_row(data):
    (data / "t.toml").write_text("a = 1", "utf-8")
    before = tables.digest()
    tables.digest.cache_clear()
    (data / "t.toml").write_text("a = 2", "utf-8")
    assert tables.digest() != before
