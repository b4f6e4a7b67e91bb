"""The examples of frames and of offences are read as their rows say."""

from typing import get_args

import pytest

from extractor import extract, tables
from extractor.counts.frames import FrameRow
from extractor.entries import Action
from extractor.people import offences
from extractor.people.offences import OffenceRow


@pytest.mark.parametrize("row", tables.load("frames.toml", "frame", FrameRow), ids=lambda row: row.id)
def test_the_examples_of_each_frame(row):
    action = row.action if row.action in get_args(Action) else None  # some are of no action of the record
    for text in row.examples:
        release = extract(text)
        assert action in [entry.action for entry in (*release.counts, *release.items)], text
    for text in row.not_examples:
        assert not extract(text).items, text


@pytest.mark.parametrize("row", tables.load("offences.toml", "offence", OffenceRow), ids=lambda row: row.id)
def test_the_examples_of_each_group_of_offences(row):
    assert row.examples
    for text in row.examples:
        assert row.id in [offence.group for offence in offences.offences(text.lower(), 0, len(text))], text
