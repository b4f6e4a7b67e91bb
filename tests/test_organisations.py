from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor import extract
from extractor.names import bodies, capitals, organisations

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = Path(__file__).parent / "cases"


def cases(file: str) -> list[Any]:
    rows = tomllib.loads((CASES / file).read_text("utf-8"))["case"]
    assert rows
    return [pytest.param(row["text"], [tuple(f) for f in row["found"]], id=row["about"]) for row in rows]


def mentions(found: Any) -> list[tuple[str, str]]:
    rows = [(m.start, m.text, row.name) for row in found for m in row.mentions]
    return [(text, name) for _, text, name in sorted(rows)]


@pytest.mark.parametrize(("text", "found"), cases("organisations.toml"))
def test_organisations(text: str, found: list[tuple[str, str]]) -> None:
    assert mentions(extract(text).organisations) == found


@pytest.mark.parametrize(("text", "found"), cases("operations.toml"))
def test_operations(text: str, found: list[tuple[str, str]]) -> None:
    assert mentions(extract(text).operations) == found


@pytest.mark.parametrize("body", bodies.bodies().values(), ids=lambda b: b.id)
def test_every_surface_of_a_body_names_it(body: bodies.Body) -> None:
    for surface in body.surfaces():
        found = organisations.found(f"Staff of the {surface} spoke.")[0]
        assert [(m.start, m.end, m.row) for m in found] == [(13, 13 + len(surface), body.id)], surface


@pytest.mark.parametrize("body", [b for b in bodies.bodies().values() if b.examples], ids=lambda b: b.id)
def test_examples_of_bodies(body: bodies.Body) -> None:
    for text in body.examples:
        assert body.id in {m.row for m in organisations.found(text)[0]}, text
    for text in body.not_examples:
        assert body.id not in {m.row for m in organisations.found(text)[0]}, text


@pytest.mark.parametrize("form", bodies.forms().values(), ids=lambda f: f.id)
def test_examples_of_forms(form: bodies.Form) -> None:
    assert form.examples
    for text in form.examples:
        assert form.id in {m.rule for m in organisations.found(text)[0]}, text
    for text in form.not_examples:
        assert form.id not in {m.rule for m in organisations.found(text)[0]}, text


def test_every_territorial_force_has_its_id_at_data_police_uk() -> None:
    ids = {b.data_police_uk for b in bodies.bodies().values() if b.data_police_uk}
    assert len(ids) == 45
    assert {"metropolitan", "west-midlands", "avon-and-somerset", "northern-ireland", "city-of-london"} <= ids


def test_ids_count_in_order_of_first_mention() -> None:
    release = extract("Kent Police and Essex Police ran Operation Ash and Operation Elm. Kent Police said so.")
    assert [(o.id, o.key, len(o.mentions)) for o in release.organisations] == [("o1", "kent", 2), ("o2", "essex", 1)]
    assert [(p.id, p.name) for p in release.operations] == [("p1", "Operation Ash"), ("p2", "Operation Elm")]


def test_kind_and_key_of_a_name_found_by_form() -> None:
    (court,) = extract("He appeared at Norwich Crown Court.").organisations
    assert (court.kind, court.key) == ("court", None)


def test_lowered_keeps_the_length() -> None:
    text = "POLICE OF KENT AND THE NCA Şİẞ STRASSE\nNormal line\n"
    assert len(capitals.lowered(text, {"NCA"})) == len(text)
    assert "Police of Kent and the NCA" in capitals.lowered(text, {"NCA"})


PIECES = "Kent Police|’s |the |and |Team|Norwich |Crown Courts| (|KP)|Operation |Op|, |\n|Trust|of |University |#|St |"
PIECES += "Sceptre |rural |crime |team|. |Police |& |Operations |Essex |Office of the "


@settings(deadline=None, max_examples=150)
@given(st.lists(st.one_of(st.sampled_from(PIECES.split("|")), st.text(max_size=6))).map("".join))
def test_any_text_gives_mentions_at_their_offsets(text: str) -> None:
    release = extract(text)
    for row in (*release.organisations, *release.operations):
        assert [m.start for m in row.mentions] == sorted(m.start for m in row.mentions)
        for m in row.mentions:
            assert text[m.start : m.end] == m.text
            assert "\n" not in m.text and m.text == m.text.strip()
    spans = sorted((m.start, m.end) for o in release.organisations for m in o.mentions)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
