"""ledger: every number outside boilerplate is in exactly one row, with what became of it."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor import extract

CORPUS = sorted((Path(__file__).parent.parent / "corpus").glob("*.txt"))
NUMBER = re.compile(r"\d+|(?<![^\W\d_])(?:two|three|four|seven|twelve|twenty|hundred|dozen)(?![^\W\d_])", re.I)
PIECES = [
    "12",
    "1,002",
    "two",
    " ",
    " ",
    "knives",
    "-",
    "year-old",
    "£",
    ".",
    "\n",
    "M4",
    "5pm",
    "twenty-",
    "May",
    "²",
    "of",
]

VERDICTS = [
    ("Officers seized 12 knives.", "12", "count"),
    ("The raid was on 5 May 2020.", "5", "date"),
    ("A 25-year-old man was arrested.", "25", "age"),
    ("A boy, aged 15, was stopped.", "15", "age"),
    ("A six-year-old girl was hurt.", "six", "age"),
    ("Call 101 for help.", "101", "phone"),
    ("The crash was on the M4 motorway.", "4", "road"),
    ("It was a blue Audi A3.", "3", "name"),
    ("A grey Fiat 500 was seen.", "500", "name"),
    ("Contact Crimestoppers 100% anonymously.", "100%", "idiom"),
    ("The order is for 32 Old Mill Court.", "32", "address"),
    ("Please contact PC 449 Jones.", "449", "collar"),
    ("Text HELP to 70085.", "70085", "phone"),
    ("Jane Roe, 82 of Potter Road, died.", "82", "age"),
    ("He was 33 at the time.", "33", "age"),
    ("Several hundred people came.", "hundred", "vague"),
    ("About 1 in 4 drivers was late.", "4", "share"),
    ("The chain was bought in 1828.", "1828", "year"),
    ("He is 5'7 tall.", "7", "dimension"),
    ("See www.example.police.uk/news123 for more.", "123", "reference"),
    ("Please quote incident 4567 of that day.", "4567", "reference"),
]


def partition(text):
    """The numbers of a text that are in no row of the ledger, or in more than one."""
    release = extract(text, published="2020-06-30")
    skip = [(s.start, s.end) for s in release.segments if s.kind == "boilerplate"]
    wrong = []
    for hit in NUMBER.finditer(text):
        if any(hit.start() < b and a < hit.end() for a, b in skip):
            continue
        rows = [n for n in release.numerals if n.start < hit.end() and hit.start() < n.end]
        if len(rows) != 1 or not (rows[0].start <= hit.start() and hit.end() <= rows[0].end):
            wrong.append((hit.group(), [r.text for r in rows]))
    return wrong


@pytest.mark.parametrize("file", CORPUS, ids=[file.stem for file in CORPUS])
def test_every_number_of_the_corpus_is_in_one_row(file):
    assert partition(file.read_text("utf-8")) == []


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=60))
def test_every_number_of_any_text_is_in_one_row(text):
    assert partition(text) == []


@pytest.mark.parametrize(("text", "number", "verdict"), VERDICTS, ids=[case[0] for case in VERDICTS])
def test_verdicts(text, number, verdict):
    release = extract(text, published="2020-06-30")
    assert [n.verdict for n in release.numerals if number in n.text] == [verdict]


def test_rows_point_to_their_entries():
    release = extract("Officers seized 12 knives on 5 May 2020, quoting 101.")
    ledger = release.ledger()
    assert [n.entry for n in ledger["count"]] == [release.counts[0].id]
    assert {n.entry for n in ledger["date"]} == {release.dates[0].id}
    assert sum(len(rows) for rows in ledger.values()) == len(release.numerals)
    assert all(n.entry is None for verdict, rows in ledger.items() if verdict not in {"count", "date"} for n in rows)
