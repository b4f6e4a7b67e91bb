"""Speakers: who an attribution names, and the rows of data/speech.toml."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

import extractor
from extractor import tables
from extractor.names.titles import Forms, NotName, Rank, Role, Title, Verb, lexicon
from tests.test_quotes import extract

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = tomllib.loads((Path(__file__).parent / "cases" / "speakers.toml").read_text("utf-8"))["case"]
SECTIONS = {
    "verb": Verb, "rank": Rank, "prefix": Forms, "title": Title, "role": Role, "unnamed": Forms, "honours": Forms,
    "not_name": NotName,
}  # fmt: skip
ROWS = [(section, row) for section, kind in SECTIONS.items() for row in tables.load("speech.toml", section, kind)]


@pytest.mark.parametrize("case", [c for c in CASES if "organisation" not in c], ids=lambda case: case["text"])
def test_cases(case: dict[str, Any]) -> None:
    _, speakers, _ = extract(case["text"] + " “We will be there again tomorrow.”")
    got = [(s.name, s.rank, s.role) for s in speakers]
    assert got == [(case["name"], case.get("rank"), case.get("role"))]


@pytest.mark.parametrize("case", [c for c in CASES if "organisation" in c], ids=lambda case: case["text"])
def test_organisation_and_role_apart(case: dict[str, Any]) -> None:
    release = extractor.extract(case["text"] + " “We will be there again tomorrow.”")
    names = {o.id: o.name for o in release.organisations}
    got = [(s.name, s.rank, s.role, names.get(s.organisation or "")) for s in release.speakers]
    assert got == [(case["name"], case.get("rank"), case.get("role"), case["organisation"])]


def test_one_person_has_one_entry_with_all_mentions() -> None:
    text = "PC Ann Bell was on patrol.\n\nPC Bell said: “Stop there.”\n\nMrs Bell added: “We will go on.”"
    found, speakers, _ = extract(text)
    assert [[m.text for m in s.mentions] for s in speakers] == [["Ann Bell", "Bell", "Bell"]]
    assert {q.speaker for q in found} == {"s1"}


@pytest.mark.parametrize(("section", "row"), ROWS, ids=lambda value: value if isinstance(value, str) else value.id)
def test_rows(section: str, row: Forms) -> None:
    assert row.examples
    for example in row.examples:
        found, speakers, _ = extract(example)
        assert found, example
        assert _shows(section, row, example, [s.name or "" for s in speakers], [q.cue.text for q in found if q.cue])
    for other in row.not_examples:
        lex = lexicon()
        assert not {"verb": lex.verb, "rank": lex.rank}[section].search(other)


def _shows(section: str, row: Forms, example: str, names: list[str], cues: list[str]) -> bool:
    """Does the example use the row's words, and are they read as what they are?"""
    words = [*row.forms, *(row.short if isinstance(row, Rank) else ())]
    if section == "verb":
        return any(cue.lower() in words for cue in cues)
    used = any(word.lower() in example.lower() for word in words)
    if section == "unnamed":
        return used and any(word in name.lower() for name in names for word in words)
    return used and not any(word in name.split() for name in names for word in words if section != "role")
