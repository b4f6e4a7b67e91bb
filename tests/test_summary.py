"""summary: sums calculated by hand, the same on the screen, the page and as data; a hostile release stays inert."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import pytest
from results import corpus, hostile, made
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

from extractor.cli.app import app
from extractor.cli.summary_page import page
from extractor.cli.summary_screen import screen
from extractor.errors import InputError
from extractor.judging.summary import NOTE, Section, Summary, summarise
from extractor.outputs.writers import FORMATS
from extractor.runs.batch import Result

ROOT = Path(__file__).parent.parent
FIRST = (
    "Kent Police: 245 weapons recovered, 187 knives among them, and 58 were handed in. Later Kent Police said 245 "
    "weapons. £900 cash seized. £2,000 of goods seized. €50 cash seized. 1.5kg of cannabis seized. 12% fewer. "
    "Op Rook. Ann Lee: “Good.” “So.”"
)
SECOND = (
    "Kent Police seized 13 knives and 20-30 more, and £100 cash. Surrey Police made 4 arrests of 6 people. Op Rook."
)
THIRD = "Officers arrested 2 people."


def results() -> list[Result]:
    knife, cash, arrest = ["weapon.knife"], ["cash"], ["activity.arrest"]
    first = made(
        "a.txt", FIRST, published="2024-05-03",
        counts=[
            {"at": "245 weapons", "value": 245, "categories": ["weapon"], "action": "recovered"},
            {"at": "187 knives", "value": 187, "categories": knife, "action": "recovered", "subset_of": "c1"},
            {"at": "58", "value": 58, "categories": knife, "action": "surrendered"},
            {"at": ("245 weapons", 2), "value": 245, "categories": ["weapon"], "same_as": "c1"},
            {"at": "£900", "value": 900, "unit": "GBP", "categories": cash, "action": "seized"},
            {"at": "£2,000", "value": 2000, "unit": "GBP", "categories": ["money"], "action": "seized"},
            {"at": "€50", "value": 50, "unit": "EUR", "categories": cash, "action": "seized"},
            {"at": "1.5kg", "value": 1.5, "unit": "kg", "categories": ["drug.cannabis"], "action": "seized"},
            {"at": "12%", "value": 12, "unit": "percent", "categories": ["other"]},
        ],
        items=[{"at": "187 knives", "category": "weapon.knife", "action": "recovered", "count": "c2"},
               {"at": "cannabis", "category": "drug.cannabis", "action": "seized"}],
        organisations=[{"name": "Kent Police", "kind": "police_force", "mentions": ["Kent Police", "Kent Police"]}],
        operations=[{"name": "Op Rook"}],
        speakers=[{"name": "Ann Lee", "organisation": "o1"}],
        quotes=[{"at": "Good.", "speaker": "s1"}, {"at": "So.", "speaker": "s1"}],
        warnings=[{"at": "187"}, {"at": "58"}],
    )  # fmt: skip
    second = made(
        "b.txt", SECOND, published="2024-07-09",
        counts=[
            {"at": "13 knives", "value": 13, "categories": knife, "action": "seized"},
            {"at": "20-30", "value": 20, "value_max": 30, "categories": knife, "action": "seized"},
            {"at": "£100", "value": 100, "unit": "GBP", "categories": cash, "action": "seized"},
            {"at": "4 arrests", "value": 4, "unit": "activity", "categories": arrest, "action": "arrested"},
            {"at": "6 people", "value": 6, "unit": "person", "categories": arrest, "action": "arrested"},
        ],
        organisations=[{"name": "Kent Police", "kind": "police_force"},
                       {"name": "Surrey Police", "kind": "police_force"}],
        operations=[{"name": "Op Rook"}],
    )  # fmt: skip
    arrested = {"value": 2, "unit": "person", "categories": arrest, "action": "arrested"}
    third = made("c.txt", THIRD, counts=[{"at": "2 people", **arrested}])
    return [first, Result("d.txt", None, "empty", "no text"), second, third, Result("e.txt", None, "empty", "no text")]


def output(place: Path, name: str = "sqlite", found=None) -> Path:
    path = place / f"out{FORMATS[name].suffix}"
    FORMATS[name].write(path, iter(results() if found is None else found))
    return path


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    with closing(sqlite3.connect(output(tmp_path_factory.mktemp("views")))) as found:
        yield found


def test_figures_by_force_month_and_category(database):
    columns = "force, month, category, action, unit, total, largest, figures, releases, part_total, parts"
    kent, may, july = "Kent Police", "2024-05", "2024-07"
    found = database.execute(f"SELECT {columns} FROM figures").fetchall()
    assert sorted(found, key=repr) == sorted([
        (None, None, "activity.arrest", "arrested", "person", 2, 2, 1, 1, 0, 0),
        (kent, may, "cash", "seized", "EUR", 50, 50, 1, 1, 0, 0),
        (kent, may, "cash", "seized", "GBP", 900, 900, 1, 1, 0, 0),
        (kent, may, "drug.cannabis", "seized", "kg", 1.5, 1.5, 1, 1, 0, 0),
        (kent, may, "money", "seized", "GBP", 2000, 2000, 1, 1, 0, 0),
        (kent, may, "weapon", "recovered", "item", 245, 245, 1, 1, 0, 0),  # told twice, counted once
        (kent, may, "weapon.knife", "recovered", "item", 0, 0, 0, 0, 187, 1),  # in the 245 already
        (kent, may, "weapon.knife", "surrendered", "item", 58, 58, 1, 1, 0, 0),
        (kent, july, "activity.arrest", "arrested", "activity", 4, 4, 1, 1, 0, 0),
        (kent, july, "activity.arrest", "arrested", "person", 6, 6, 1, 1, 0, 0),
        (kent, july, "cash", "seized", "GBP", 100, 100, 1, 1, 0, 0),
        (kent, july, "weapon.knife", "seized", "item", 33, 20, 2, 1, 0, 0),
    ], key=repr)  # fmt: skip


def test_routes_stand_side_by_side(database):
    found = database.execute(
        "SELECT category, unit, surrendered, seized, found, recovered, other, not_stated, figures, releases FROM routes"
    ).fetchall()
    assert found == [
        ("cash", "EUR", 0, 50, 0, 0, 0, 0, 1, 1),
        ("cash", "GBP", 0, 1000, 0, 0, 0, 0, 2, 2),
        ("drug.cannabis", "kg", 0, 1.5, 0, 0, 0, 0, 1, 1),
        ("weapon", "item", 0, 0, 0, 245, 0, 0, 1, 1),
        ("weapon.knife", "item", 58, 33, 0, 0, 0, 0, 3, 2),
    ]


def test_things_sayings_and_timeline(database):
    assert database.execute("SELECT * FROM things").fetchall() == [
        ("drug.cannabis", "seized", 1, 0, 1),
        ("weapon.knife", "recovered", 1, 1, 1),
    ]
    assert database.execute("SELECT release, force, quote, text, name, organisation FROM sayings").fetchall() == [
        ("a.txt", "Kent Police", "q1", "Good.", "Ann Lee", "Kent Police"),
        ("a.txt", "Kent Police", "q2", "So.", "Ann Lee", "Kent Police"),
    ]
    assert database.execute("SELECT published, release, counts, operations FROM timeline").fetchall() == [
        (None, "c.txt", 1, None),
        ("2024-05-03", "a.txt", 9, "Op Rook"),
        ("2024-07-09", "b.txt", 5, "Op Rook"),
    ]


def rows(summary: Summary, name: str) -> list:
    return next((list(section.rows) for section in summary.sections if section.name == name), [])


def test_the_summary_adds_up(tmp_path):
    found = summarise(output(tmp_path))
    assert (found.read, found.failed, found.first, found.last, found.undated) == (3, 2, "2024-05-03", "2024-07-09", 1)
    assert found.months == {"2024-05": 1, "2024-06": 0, "2024-07": 1}
    # category, action, releases, figures, total, largest, in parts
    assert rows(found, "people") == [("activity.arrest", "arrested", 2, 2, 8, 6, 0)]
    assert rows(found, "things") == [
        ("weapon", "recovered", 1, 1, 245, 245, 0),
        ("weapon.knife", "surrendered", 1, 1, 58, 58, 0),
        ("weapon.knife", "seized", 1, 2, 33, 20, 0),
        ("weapon.knife", "recovered", 0, 0, 0, 0, 187),
    ]
    assert rows(found, "money") == [
        ("GBP", "cash", "seized", 2, 2, 1000, 900, 0),
        ("GBP", "money", "seized", 1, 1, 2000, 2000, 0),
        ("EUR", "cash", "seized", 1, 1, 50, 50, 0),
    ]
    assert rows(found, "measures") == [("kg", "drug.cannabis", "seized", 1, 1, 1.5, 1.5, 0)]
    assert rows(found, "failures") == [("empty", 2)]
    assert rows(found, "organisations") == [
        ("Kent Police", "police_force", 2, 3),
        ("Surrey Police", "police_force", 1, 1),
    ]
    assert rows(found, "operations") == [("Op Rook", 2, 2)]
    assert rows(found, "speakers") == [("Ann Lee", "Kent Police", 2, 1)]
    assert rows(found, "warnings") == [("odd", 2, 1)]


@pytest.mark.parametrize(("by", "value"), [("force", "Kent Police"), ("month", "2024-07"), ("year", "2024")])
def test_figures_are_broken_down(tmp_path, by, value):
    section = next(s for s in summarise(output(tmp_path), by=by).sections if s.name == "people")
    assert section.columns[0] == by
    assert section.rows == (
        (value, "activity.arrest", "arrested", 1, 1, 6, 6, 0),
        (None, "activity.arrest", "arrested", 1, 1, 2, 2, 0),
    )


@pytest.mark.parametrize("found", [results, corpus, hostile, list], ids=["small", "corpus", "hostile", "nothing"])
def test_every_format_comes_to_the_same(tmp_path, found):
    summaries = [summarise(output(tmp_path, name, found())).as_json() for name in FORMATS]
    assert all(summary == summaries[0] for summary in summaries)


def test_tops_are_of_each_unit(tmp_path):
    found = summarise(output(tmp_path), top=1)
    assert [row[0] for row in rows(found, "money")] == ["GBP", "EUR"]
    section = next(section for section in found.sections if section.name == "things")
    assert (len(section.rows), section.more) == (1, 3)


def test_bars_are_compared_within_their_unit():
    section = Section("a", "A", ("unit", "n"), (("GBP", 4), ("GBP", 1), ("EUR", 3), ("kg", 0)), "n", "unit")
    assert section.lengths() == [1.0, 0.25, 1.0, 0.0]
    assert Section("a", "A", ("n",), ((4,), (1,), (None,)), "n").lengths() == [1.0, 0.25, 0.0]


# Releases by force, month and year


def summary_of(months: dict[str, int], forces) -> Summary:
    return Summary(9, 0, None, None, sum(n for _, month, n in forces if month is None), months, tuple(forces), ())


FORCES = [
    ("Kent", "2023-12", 3),
    ("Kent", "2024-01", 1),
    ("Devon", "2024-01", 4),
    ("Avon", "2022-01", 1),
    (None, None, 2),
]
MONTHS = {f"{year}-{month:02}": 0 for year in (2022, 2023, 2024) for month in range(1, 13)}


@pytest.mark.parametrize(
    ("top", "columns", "titles", "table"),
    [
        (9, 3, ("2022", "2023", "2024", "no date"),
         [("Devon", 4, 0, 0, 4, 0), ("Kent", 4, 0, 3, 1, 0), ("Avon", 1, 1, 0, 0, 0), (None, 2, 0, 0, 0, 2)]),
        (1, 2, ("before 2024", "2024", "no date"),
         [("Devon", 4, 0, 4, 0), ("2 other forces", 5, 4, 1, 0), (None, 2, 0, 0, 2)]),
    ],
)  # fmt: skip
def test_releases_by_force(top, columns, titles, table):
    section = summary_of(MONTHS, FORCES).by_force(top, columns)
    assert section.columns == ("force", "releases", *titles)
    assert list(section.rows) == table


def test_few_months_are_shown_as_months():
    months = {"2023-12": 3, "2024-01": 5}
    summary = summary_of(months, [("Kent", "2023-12", 3), ("Devon", "2024-01", 5)])
    assert summary.by_force(9, 2).columns == ("force", "releases", "2023-12", "2024-01")
    assert summary.by_month().rows == (("2023-12", 3), ("2024-01", 5))
    assert summary_of({**MONTHS, "2022-03": 2, "2022-05": 3}, []).by_month().rows == (
        ("2022", 5),
        ("2023", 0),
        ("2024", 0),
    )


# On the screen


def shown(summary: Summary, width: int, top: int = 10) -> str:
    console = Console(width=width, color_system=None, highlight=False, markup=False, emoji=False)
    with console.capture() as capture:
        console.print(screen(summary, width, top))
    return capture.get()


@pytest.mark.parametrize("width", [40, 80, 120, 200])
@pytest.mark.parametrize("found", [results, corpus, hostile, list], ids=["small", "corpus", "hostile", "nothing"])
def test_it_fits_the_terminal(tmp_path, width, found):
    text = shown(summarise(output(tmp_path, found=found())), width)
    assert max(map(cell_len, text.splitlines())) <= width
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
    assert " ".join(NOTE.split()) in " ".join(text.split())


def test_the_tables_on_the_screen(tmp_path):
    text = shown(summarise(output(tmp_path)), 120)
    lines = [re.sub(r"\s+", " ", line).strip() for line in text.splitlines()]
    assert lines[0] == "3 releases read, 2 failed; published 2024-05-03 to 2024-07-09, 1 of no known day"
    assert "Kent Police 2 1 – 1 – ██████████████████████████████" in lines
    assert "no force named 1 – – – 1 ███████████████" in lines
    assert "weapon.knife surrendered 1 1 58 58 – ██████████████████████████████" in lines
    assert "weapon.knife recovered – – – – 187" in lines
    assert "weapon.knife item 58 33 – – – 2" in lines


def test_a_narrow_terminal_keeps_what_matters(tmp_path):
    found = summarise(output(tmp_path, found=corpus()))
    narrow, wide = shown(found, 80), shown(found, 140)
    assert "in parts" in wide.split("Policing activity")[1].split("\n")[1]
    head = narrow.split("Policing activity")[1].split("\n")[1]
    assert head.split() == ["category", "action", "releases", "figures", "total", "largest"]
    for line in narrow.splitlines():
        assert "…" not in line or line.startswith("  … and "), line


# The page


class Elements(HTMLParser):
    """What a page consists of, and whether its elements close in the order they open."""

    VOID = ("meta", "link", "rect")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open, self.seen, self.attributes, self.texts = [], set(), set(), []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def test_the_page_has_the_same_tables(tmp_path):
    found = summarise(output(tmp_path))
    text = page(found, 10)
    elements = Elements(text)
    assert not elements.open
    for section in found.sections:
        assert section.title in elements.texts
    assert {"Kent Police", "Ann Lee", "2,000", "245", "weapon.knife", NOTE} <= set(elements.texts)
    assert "2024-06: 0" in elements.texts
    widths = [float(width) for width in re.findall(r'<rect class="\w+" x="[\d.]+" width="([\d.]+)"', text)]
    assert 63.74 in widths and 36.26 in widths  # 58 of 91 knives handed in, 33 seized


@pytest.mark.parametrize("found", [hostile, list], ids=["hostile", "nothing"])
def test_a_hostile_release_is_inert_on_the_page(tmp_path, found):
    marks = "<script>alert(1)</script><img src=x onerror=alert(1)>\"' onload=x"
    results_ = [*found(), Result(marks, None, marks, marks)]
    text = page(summarise(output(tmp_path, found=results_), top=99), 99)
    elements = Elements(text)
    assert not elements.open
    assert not {"script", "img", "iframe", "object", "a", "base", "form"} & elements.seen
    assert not [name for name in elements.attributes if name.startswith("on")]
    assert "default-src 'none'" in text and "script-src" not in text
    assert not re.search(r"https?:|url\(|@import", text)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


def test_the_page_without_anything(tmp_path):
    text = page(summarise(output(tmp_path, found=[])), 10)
    assert not Elements(text).open
    assert "{{" not in text


# The command


def run(*words: object):
    return CliRunner().invoke(app, ["summary", *map(str, words)])


def test_the_command_shows_writes_and_tells(tmp_path):
    path = output(tmp_path, "jsonl")
    assert run(path).stdout.startswith("3 releases read, 2 failed")
    done = run(path, "--html", tmp_path / "new" / "page.html")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.endswith("page.html: 3 releases\n")
    assert (tmp_path / "new" / "page.html").read_text("utf-8") == page(summarise(path), 10)
    data = json.loads(run(path, "--json", "--by", "year", "--top", 1).stdout)
    assert data["documents"] == {"read": 3, "failed": 2}
    assert data["published"] == {"first": "2024-05-03", "last": "2024-07-09", "unknown": 1}
    assert data["things"] == [
        {"year": "2024", "category": "weapon", "action": "recovered", "releases": 1, "figures": 1, "total": 245.0,
         "largest": 245.0, "in_parts": 0.0}
    ]  # fmt: skip
    assert {"force": "Kent Police", "month": "2024-07", "releases": 1} in data["releases"]
    assert data["note"] == NOTE


@pytest.mark.parametrize("words", [["nothing.jsonl"], ["."], ["a.jsonl"]])
def test_what_is_no_output_is_told_in_a_line(tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.jsonl").write_text("{}\n")
    done = run(*words)
    assert (done.exit_code, done.stdout) == (3, "")
    assert done.stderr.startswith(f"extractor: {words[0]}") and done.stderr.count("\n") == 1


@pytest.mark.parametrize("words", [["--top", "0"], ["--by", "colour"], []])
def test_wrong_usage(tmp_path, words):
    assert run(output(tmp_path, "jsonl"), *words).exit_code == (2 if words else 0)


def test_two_records_of_one_name_are_told(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(f"{results()[0].record}\n" * 2, "utf-8")
    with pytest.raises(InputError, match="two entries have one name"):
        summarise(path)


def test_no_colour_where_none_is_wanted(tmp_path):
    path = output(tmp_path, "jsonl")
    env = {**os.environ, "NO_COLOR": "1", "COLUMNS": "80", "PYTHONPATH": str(ROOT), "FORCE_COLOR": "1", "TERM": "xterm"}
    command = [sys.executable, "-m", "extractor", "summary", str(path)]
    done = subprocess.run(command, env=env, capture_output=True, check=True, timeout=60)
    assert not re.search(rb"\x1b\[[\d;]*3[0-9]", done.stdout)  # bold may be, colours not
    assert "█".encode() in done.stdout
