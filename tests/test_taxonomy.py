"""taxonomy: the terms, and the crosswalk to the stop-and-search values of data.police.uk."""

import pytest

from extractor import extract, tables
from extractor.counts import categories as taxonomy
from extractor.counts.categories import CategoryRow, StopAndSearchRow
from extractor.language.words import ActionRow

KNOWN = {row.id: row for row in tables.load("items.toml", "stop_and_search", StopAndSearchRow)}
ROWS = tables.load("items.toml", "category", CategoryRow)
ACTIONS = tables.load("actions.toml", "action", ActionRow)


def test_objects_belong_to_things_and_outcomes_to_activities():
    for row in ROWS:
        values = KNOWN["object" if row.kind == "thing" else "outcome"].values
        assert set(row.stop_and_search) <= set(values), row.id
    for action in ACTIONS:
        assert set(action.stop_and_search) <= set(KNOWN["outcome"].values), action.id


def test_every_object_and_outcome_has_its_categories():
    found = taxonomy.crosswalk()
    assert [value for row in KNOWN.values() for value in row.values] == list(found)
    assert [value for value, names in found.items() if not names] == []
    for row in KNOWN.values():
        assert set(row.values).isdisjoint(row.other)


def test_people_and_their_activity_correspond_to_the_same_outcomes():
    people = {action.person: set(action.stop_and_search) for action in ACTIONS if action.stop_and_search}
    for row in ROWS:
        if row.id in people:
            assert set(row.stop_and_search) == people[row.id], row.id


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Officers seized a Rambo knife.", "Offensive weapons"),
        ("Officers seized a crossbow.", "Crossbows"),
        ("Officers seized a sawn-off shotgun.", "Firearms"),
        ("Officers seized a box of fireworks.", "Fireworks"),
        ("Officers seized 40 snap bags of cocaine.", "Controlled drugs"),
        ("Officers recovered a stolen e-scooter.", "Stolen goods"),
        ("Officers seized a crowbar.", "Article for use in theft"),
        ("Officers seized 12,000 illicit cigarettes.", "Goods on which duty has not been paid etc."),
    ],
)
def test_what_is_found_corresponds(text, value):
    categories = [item.category for item in extract(text).items]
    assert categories
    assert set(categories) <= set(taxonomy.crosswalk()[value])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Three men were arrested.", "Arrest"),
        ("Six drivers were cautioned.", "Caution (simple or conditional)"),
        ("Officers issued 12 fixed penalty notices.", "Penalty Notice for Disorder"),
        ("There were five community resolutions.", "Community resolution"),
        ("Two women have been charged.", "Summons / charged by post"),
    ],
)
def test_what_was_done_corresponds(text, value):
    (count,) = extract(text).counts
    assert set(count.categories) & set(taxonomy.crosswalk()[value])
