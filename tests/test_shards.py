"""A frame of documents to a frame of results: the same records as everywhere, and every row accounted for."""

import json
import multiprocessing
import threading
from datetime import date, datetime

import pytest
import spark_jobs

from extractor import extract
from extractor.errors import InputError
from extractor.reading.metadata import Known
from extractor.reading.units import Settings
from extractor.spark import shards

pd = pytest.importorskip("pandas", reason="needs the extra spark")

TEXT = "Kent Police seized {} knives on 3 May.\n\nInspector Ada Marsh said: “Every blade counts.”\n"


def rows(frame):
    return [tuple(row) for row in frame.itertuples(index=False)]


@pytest.fixture
def with_accidents(monkeypatch):
    """Documents that hang or kill their process, in a process of this test's own."""
    shards._worker.cache_clear()
    monkeypatch.setattr(shards, "reader", spark_jobs.reader)
    yield
    for child in multiprocessing.active_children():
        child.kill()
        child.join()
    shards._worker.cache_clear()


def test_records_are_those_of_extract_in_the_order_of_the_rows():
    frame = pd.DataFrame(
        {
            "id": ["b", "a", "c"],
            "text": [TEXT.format(2), TEXT.format(3), "No figures."],
            "published": ["2024-05-07", None, datetime(2024, 5, 7, 12)],
        },
        index=[9, 9, 1],
    )
    found = shards.extract_frame(frame)
    expected = [
        extract(text, source=id_, published=day).model_dump_json().replace('_from":"given"', '_from":"metadata"')
        for id_, text, day in zip("bac", frame["text"], ("2024-05-07", None, date(2024, 5, 7)), strict=True)
    ]
    assert list(found.columns) == list(shards.COLUMNS)
    assert rows(found) == [
        (id_, record, None, None, len(text.split()))
        for id_, record, text in zip("bac", expected, frame["text"], strict=True)
    ]


def test_a_bad_row_is_a_row_of_the_results():
    frame = pd.DataFrame(
        {
            "id": ["null", None, "", "number", "day", "list", "blank", "half", ["x"], "good"],
            "text": [None, "x", "x", 5, "x", ["x"], " \n", "\ud800", "x", "Three men were arrested."],
            "published": [None, None, None, None, "May", None, None, None, None, pd.NaT],
        }
    )
    found = shards.extract_frame(frame)
    assert [(row[0], row[2]) for row in rows(found)] == [
        ("null", "no-text"),
        (None, "no-id"),
        (None, "no-id"),
        ("number", "no-text"),
        ("day", "bad-date"),
        ("list", "no-text"),
        ("blank", "empty"),
        ("half", "not-unicode"),
        (None, "bad-row"),
        ("good", None),
    ]
    assert all((record is None) == (error is not None) for _, record, error, _, _ in rows(found))
    assert all(message for _, _, error, message, _ in rows(found) if error)


def test_names_are_what_the_column_meant():
    assert list(shards.extract_frame(pd.DataFrame({"id": [7, 8], "text": ["x", "y"]}))["id"]) == ["7", "8"]
    with_null = pd.DataFrame({"id": [7.0, None], "text": ["x", "y"]})  # what Spark makes of a bigint with nulls
    assert list(shards.extract_frame(with_null)["id"]) == ["7", None]


def test_columns_go_by_the_names_given_and_metadata_outranks_them():
    frame = pd.DataFrame({"key": ["a"], "body": ["Two men were arrested on Friday."], "day": ["2024-05-07"]})
    settings = Settings(text_column="body", id_column="key", date_column="day")
    record = json.loads(shards.extract_frame(frame, settings=settings)["record"][0])
    assert record["source"]["published"] == "2024-05-07"
    known = {"a": Known(date(2023, 5, 8), "Two arrested", None)}
    record = json.loads(shards.extract_frame(frame, settings=settings, known=known)["record"][0])
    assert (record["source"]["published"], record["source"]["title"]) == ("2023-05-08", "Two arrested")
    with pytest.raises(InputError, match="no column 'text'"):
        shards.extract_frame(frame.rename(columns={"key": "id"}))


def test_an_empty_frame_has_the_same_columns():
    frame = pd.DataFrame({"id": ["a"], "text": ["x"]})
    assert list(shards.extract_frame(frame[:0]).dtypes) == list(shards.extract_frame(frame).dtypes)


def test_a_document_that_hangs_or_kills_its_process_fails_alone(with_accidents):
    texts = ["One arrest.", "hang", "Two arrests.", "die", "Three arrests."]
    frame = pd.DataFrame({"id": list("abcde"), "text": texts})
    frames = list(shards.extract_frames([frame, frame[:1]], timeout=5.0))
    assert list(frames[0]["error"]) == [None, "timeout", None, "worker-died", None]
    assert list(frames[1]["error"]) == [None]
    assert len(multiprocessing.active_children()) == 1  # kept for the next frame


def test_threads_share_the_pipeline():
    frame = pd.DataFrame({"id": [str(n) for n in range(30)], "text": [TEXT.format(n + 2) for n in range(30)]})
    expected = rows(shards.extract_frame(frame))
    found = []
    threads = [threading.Thread(target=lambda: found.append(rows(shards.extract_frame(frame)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4
