"""Who the case is about: nobody who was harmed is made a suspect, and no phrase that is no person is one."""

import pytest

from extractor import extract, tables
from extractor.people import stages
from extractor.people.stages import StageRow


def people(text, published="2024-05-07"):
    return [(p.mentions[0].text, p.role, p.outcome) for p in extract(text, published=published).people]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "A 52-year-old man had suffered cuts to the arm. He received treatment in hospital and was later "
            "discharged.",
            [("A 52-year-old man", "victim", "injured")],
        ),
        (
            "The 47-year-old man who died in the crash has been named. The driver of the lorry, who is 33 years-old, "
            "was arrested on suspicion of careless driving and released under investigation.",
            [("The 47-year-old man", "victim", "killed")],
        ),
        (
            "A 19-year-old woman was taken to hospital with a broken arm. He was arrested nearby.",
            [("A 19-year-old woman", "victim", "injured")],
        ),
        (
            "Owen Tarrick, 44, was found guilty of sexual activity with a child.",
            [("Owen Tarrick, 44", "suspect", "convicted")],
        ),
        (
            "Nia Holbeck, 31, was arrested after a man died.",
            [("Nia Holbeck, 31", "suspect", "arrested"), ("a man", "victim", "killed")],
        ),
        (
            "Rhys Calder, 29, was jailed. He received a three-year sentence.",
            [("Rhys Calder, 29", "suspect", "sentenced")],
        ),
        ("He is being held at HMP Marlow. Registered Violent Offenders were visited.", []),
    ],
)
def test_roles(text, expected):
    assert people(text) == expected


def test_how_long_a_trial_lasted_is_no_sentence():
    text = "Ivor Pennick, 40, was sentenced at Marlow Crown Court following a trial which lasted over two weeks."
    person = extract(text, published="2024-05-07").people[0]
    assert person.outcome == "sentenced"
    assert person.sentences == ()


def test_the_pronoun_of_somebody_else_tells_no_sex():
    text = (
        "Leon Wardle, 39, of Marlow, was arrested in Marlow at a flat.\n\nMarrion had a phone in her hand.\n\n"
        "Wardle was jailed for six years after he admitted the charge."
    )
    assert extract(text, published="2024-05-07").people[0].sex == "male"


@pytest.mark.parametrize("row", tables.load("people.toml", "stage", StageRow), ids=lambda row: row.id)
def test_the_examples_of_each_stage(row):
    assert row.examples
    for text in row.examples:
        assert row.id in [cue.stage for cue in stages.cues(text.lower(), 0, len(text))], text
