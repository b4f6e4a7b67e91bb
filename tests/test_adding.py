"""CONTRIBUTING, "How to add …", done: a row is added to a copy of the tables, found, tested, and refused if wrong.

Everything happens in a copied package and other processes: nothing of it reaches the tables that are tested elsewhere.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


class Addition(NamedTuple):
    """A row, and how one sees that it works.

    Attributes:
        tests: The module that runs the examples of such rows.
        show: An expression over `extract` that gives `found` only with the row.
    """

    tests: str
    show: str
    found: str


ADDITIONS = {
    "organisations.toml": Addition(
        "test_organisations.py",
        "[(o.name, o.key) for o in extract('Two men were held by Marlowshire Police on Sunday.').organisations]",
        "[('Marlowshire Constabulary', 'marlowshire')]",
    ),
    "items.toml": Addition(
        "test_items.py",
        "[(i.text, i.category) for i in extract('Officers seized 14 boomerangs.').items]",
        "[('14 boomerangs', 'weapon.boomerang')]",
    ),
    "dates.toml": Addition(
        "test_dates.py",
        "[(d.text, d.value, d.rule) for d in extract('In the week from 8 May 2023 five were fined.').dates]",
        "[('the week from 8 May 2023', '2023-W19', 'week-from')]",
    ),
    "speech.toml": Addition(
        "test_speakers.py",
        "[(q.cue and q.cue.text, len(r.speakers)) for r in [extract('“We are glad,” enthused PC Ann Bell.')] "
        "for q in r.quotes]",
        "[('enthused', 1)]",
    ),
}


def row_for(table):
    """The row as the guide shows it: the block of TOML that names the table in its first line."""
    return next(body for body in re.findall(r"^```toml\n(.*?)^```$", GUIDE, re.M | re.S) if table in body[:60])


def id_of(row):
    return re.search(r'^id = "(.+)"', row, re.M)[1]


def copied(place):
    """A copy of the package and of its tests."""
    for name in ("extractor", "tests", "scripts", "corpus"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__", "test_adding.py"))
    shutil.copy(ROOT / "pyproject.toml", place)
    return place


def run(copy, *words):
    env = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *words], cwd=copy, env=env, capture_output=True, encoding="utf-8", check=False, timeout=500
    )


def add(copy, rows):
    for table, row in rows.items():
        with (copy / "extractor" / "data" / table).open("a", encoding="utf-8") as file:
            file.write("\n" + row)


def shown(copy):
    """What each of the expressions gives in the copy."""
    expressions = ", ".join(f"{table!r}: repr({addition.show})" for table, addition in ADDITIONS.items())
    code = "import json, extractor; from extractor import extract; print(extractor.__file__); "
    code += f"print(json.dumps({{{expressions}}}))"
    done = run(copy, "-c", code)
    assert done.returncode == 0, done.stderr
    file, found = done.stdout.splitlines()
    assert Path(file).is_relative_to(copy)
    return json.loads(found)


def verdicts(copy, rows):
    """Runs the tests of the rows alone, which are named after them; the verdicts of those of each table."""
    modules = [f"tests/{addition.tests}" for addition in ADDITIONS.values()]
    names = " or ".join(id_of(row) for row in rows.values())
    done = run(copy, "-m", "pytest", "-p", "no:cacheprovider", "-rpf", *modules, "-k", names)
    assert done.returncode in (0, 1), done.stdout
    lines = done.stdout.splitlines()
    return {
        table: {line.split()[0] for line in lines if f"/{addition.tests}::" in line and id_of(rows[table]) in line}
        for table, addition in ADDITIONS.items()
    }


def test_rows_are_found_and_their_examples_are_run(tmp_path):
    copy, rows = copied(tmp_path), {table: row_for(table) for table in ADDITIONS}
    before = shown(copy)
    assert [table for table, addition in ADDITIONS.items() if before[table] == addition.found] == []
    add(copy, rows)
    assert shown(copy) == {table: addition.found for table, addition in ADDITIONS.items()}
    assert verdicts(copy, rows) == {table: {"PASSED"} for table in ADDITIONS}


def test_an_example_that_is_not_found_fails(tmp_path):
    wrong = 'examples = ["Nothing of the sort => 2001"]'
    rows = {table: re.sub(r"^examples = .*$", wrong, row_for(table), flags=re.M) for table in ADDITIONS}
    copy = copied(tmp_path)
    add(copy, rows)
    assert [table for table, found in verdicts(copy, rows).items() if "FAILED" not in found] == []


REFUSE = """
import json, sys
from pathlib import Path
import extractor
from extractor import DataError, extract, tables
path, variants = Path(extractor.__file__).parent / "data" / sys.argv[1], json.loads(sys.argv[2])
original = path.read_text("utf-8")
for row in variants:
    path.write_text(original + "\\n" + row, "utf-8")
    tables.raw.cache_clear()
    tables.load.cache_clear()
    try:
        extract("“12 knives were seized on 9 November,” said PC Ann Bell of Kent Police.")
        print("taken")
    except DataError as error:
        print(str(error).replace("\\n", " "))
"""
WRONG = [
    (lambda row: row + 'colour = "red"\n', r"\[\[\w+\]\] row \d+ \(.+\): colour: Extra inputs"),
    (lambda row: row + "\n" + row, r"\[\[\w+\]\] id '.+' stands twice"),
    (lambda row: re.sub(r"^id = .*\n", "", row, flags=re.M), r"\[\[\w+\]\] row \d+ \(no id\): id"),
    (lambda row: re.sub(r"^id = .*$", "id = 7", row, flags=re.M), r"\[\[\w+\]\] row \d+ \(7\): id"),
]
SHARED = {  # a word of the row, a word of another one, and whose it is
    "items.toml": ('"boomerang"', '"machete"', "weapon.knife"),
    "speech.toml": ('"enthused"', '"said"', "say"),
    "organisations.toml": ('"Marlow Constabulary"', '"Thames Valley Police"', "thames-valley"),
}


@pytest.mark.parametrize("table", ADDITIONS)
def test_a_wrong_row_is_refused_with_file_and_row(tmp_path, table):
    row = row_for(table)
    variants = [(change(row), message) for change, message in WRONG]
    if table in SHARED:
        ours, theirs, owner = SHARED[table]
        assert ours in row
        variants.append((row.replace(ours, theirs), rf".*{owner}"))
    done = run(copied(tmp_path), "-c", REFUSE, table, json.dumps([variant for variant, _ in variants]))
    assert done.returncode == 0, done.stderr
    for said, (_, message) in zip(done.stdout.splitlines(), variants, strict=True):
        assert re.match(rf"{re.escape(table)}: {message}", said), said


def test_the_tables_themselves_are_untouched():
    for table in ADDITIONS:
        text = (ROOT / "extractor" / "data" / table).read_text("utf-8")
        assert row_for(table).partition("\n")[2] not in text
