"""Results of a run built by hand: ordinary ones, and values that outputs may stumble over."""

import json
from collections import defaultdict
from pathlib import Path

from records import record

from extractor.outputs import tidy
from extractor.runs.batch import Result

CORPUS = Path(__file__).parent.parent / "corpus"
HOSTILE = (
    "=1+1", "+44 20", "-", "@sum(a1)", "\ttab", "\rreturn", "\nline", "'=1", "''", "'", '"', '""', '"=1', " =1", "＝1",
    "", " ", "a,b;c\td", "a\r\nb\nc\rd", '",\r\n"', "nul\0inside", "£5 “so” – é", "\U0001f52a knife",
    "e\u0301\u202e\x1b[31m", "007", "1e5", "2024-05-03", "NULL", "'; DROP TABLE counts; --", "a\u2028b\x85c",
    "<script>alert(1)</script>", "x" * 70_000, "'" * 400,
)  # fmt: skip


def corpus() -> list[Result]:
    """The records of the corpus and a failure among them."""
    found = []
    for file in sorted(CORPUS.glob("*.txt")):
        data = json.loads(file.with_suffix(".json").read_text("utf-8"))
        found.append(Result(data["source"]["id"], json.dumps(data, ensure_ascii=False)))
    return [*found[:3], Result("broken/é.txt", None, "binary", "=not a text: “\0”"), *found[3:]]


def one(id_: str, value: str = "value", *, number: float = 3, **source) -> Result:
    """A small record with `value` in every place that takes any text."""
    spot = {"start": 1, "end": 2, "text": value}
    data = {
        "schema_version": "2.0",
        "source": {"id": id_, "sha256": "0" * 64, "characters": 9, "encoding": value, "title": value,
                   "published": "2024-05-03", "url": value, **source},
        "segments": [],
        "dates": [{**spot, "id": "d1", "rule": value, "type": "DATE", "value": value, "earliest": "2024-05-03",
                   "latest": None, "anchor": None}],
        "counts": [{**spot, "id": "c1", "rule": value, "value": number, "value_max": number, "modifier": "exact",
                    "unit": "item", "categories": ["weapon.knife", "weapon"], "action": None,
                    "when": {"id": "d1", "via": "sentence"}, "where": {**spot, "via": "heading"},
                    "organisations": [{"id": "o1", "via": "publisher"}], "subset_of": None, "same_as": None,
                    "quote": "q1"}],
        "items": [{**spot, "id": "i1", "rule": value, "category": "weapon.knife", "action": "found", "count": "c1"}],
        "organisations": [{"id": "o1", "name": value, "kind": "police_force", "key": None, "mentions": [spot]}],
        "operations": [{"id": "p1", "name": value, "mentions": [spot]}],
        "speakers": [{"id": "s1", "name": value, "rank": value, "role": value, "organisation": "o1", "mentions": []}],
        "quotes": [{"id": "q1", "rule": value, "kind": "direct", "text": value, "speaker": "s1", "cue": spot,
                    "spans": [{"start": 4, "end": 4 + max(1, len(value))}]}],
        "numerals": [{**spot, "verdict": value, "entry": "c1"}],
        "warnings": [{"code": value, "message": value, "start": 1, "end": 2}],
        "provenance": {"extractor": value, "tables": value, "model": value},
    }  # fmt: skip
    return Result(id_, json.dumps(data, ensure_ascii=False))


def hostile() -> list[Result]:
    """Values that break a format that does not mind them, as texts, names and messages."""
    found = [one(f"{n}{value[:50]}.txt", value) for n, value in enumerate(HOSTILE)]
    found += [one(f"number {number}.txt", number=number) for number in (0.5, 1_200_000, 1e15, 1e300, 0.1 + 0.2, 2.5e-9)]
    found += [Result(f"{n}{value[:50]}.bad", None, "odd", value) for n, value in enumerate(HOSTILE)]
    return [*found, one("bare", title=None, published=None, url=None)]


def tables(rows) -> dict[str, list]:
    """The rows by table, each table in order."""
    found = defaultdict(list)
    for table, row in rows:
        found[table].append(row)
    return dict(found)


def expected(results) -> dict[str, list]:
    return tables(tidy.rows_of_results(results))


def made(name: str, text: str, **lists) -> Result:
    """A result of a record that `records.record` builds."""
    return Result(name, record(text, name, **lists).model_dump_json())
