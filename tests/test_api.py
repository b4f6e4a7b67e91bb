"""The front door: extract, extract_many, build, and what importing the package costs."""

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

import extractor
from extractor import Failure, InputError, ModelError, Release, Source, build, extract, extract_many
from extractor.models import misplaced, schema_text
from extractor.pipeline import PIPES

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "corpus" / "sceptre.txt").read_text("utf-8")
PIECES = [*"“”\"'‘’.,:;()-–£%\n\u00a0 019aAé😀", " said ", "May ", "two ", " Police "]
PUNCTUATED = st.lists(st.sampled_from(PIECES), max_size=80).map("".join)


def run_python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.strip()


def test_all_is_sorted_and_every_name_is_there():
    assert extractor.__all__ == sorted(extractor.__all__)
    assert all(getattr(extractor, name) is not None for name in extractor.__all__)
    assert dir(extractor) == extractor.__all__


def test_unknown_names_are_refused():
    with pytest.raises(AttributeError, match="extarct"):
        extractor.extarct  # noqa: B018


def test_importing_loads_neither_spacy_nor_pydantic():
    code = "import sys, extractor; print([m for m in ('spacy', 'pydantic', 'rich') if m in sys.modules])"
    assert run_python(code) == "[]"


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=200) | PUNCTUATED)
def test_any_text_gives_a_record_with_true_offsets(text):
    release = extract(text, published="2020-11-17")
    assert misplaced(release, text) == []
    assert Release.model_validate_json(release.model_dump_json()) == release


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)))
def test_any_cut_of_the_fixture_gives_true_offsets(a, b):
    text = TEXT[min(a, b) : max(a, b)]
    assert misplaced(extract(text), text) == []


def test_the_record_fits_the_schema():
    jsonschema.validate(json.loads(extract(TEXT).model_dump_json()), json.loads(schema_text()))


def test_segments_are_in_order_and_apart():
    segments = extract(TEXT).segments
    assert segments
    assert all(a.end <= b.start for a, b in itertools.pairwise(segments))


def test_lists_are_in_text_order_and_ids_count():
    release = extract(TEXT, published="2020-11-17")
    for name, letter in (("dates", "d"), ("counts", "c"), ("items", "i")):
        rows = getattr(release, name)
        assert rows, name
        assert [r.start for r in rows] == sorted(r.start for r in rows)
        assert [r.id for r in rows] == [f"{letter}{n}" for n in range(1, len(rows) + 1)]
    for name, letter in (("organisations", "o"), ("operations", "p"), ("speakers", "s"), ("quotes", "q")):
        rows = getattr(release, name)
        assert rows, name
        assert [r.id for r in rows] == [f"{letter}{n}" for n in range(1, len(rows) + 1)]


def test_source_and_publication_are_kept():
    release = extract("A man was arrested.", published="2020-11-17", source="one.txt")
    assert (release.source.id, release.source.published, release.source.characters) == ("one.txt", "2020-11-17", 19)


def test_bad_publication_date_is_an_input_error():
    with pytest.raises(InputError, match="yesterday"):
        extract("A man was arrested.", published="yesterday")


def test_extract_many_is_lazy_and_ordered():
    def texts():
        yield "First."
        yield Source("Second.", id="2")
        raise AssertionError("read too far")

    stream = extract_many(texts())
    assert next(stream).source.characters == 6
    assert next(stream).source.id == "2"


def test_a_failing_document_stays_in_its_place():
    nlp = build()
    nlp.max_length = 20
    found = list(extract_many([Source("Short.", id="a"), Source("x" * 21, id="b"), Source("Short.", id="c")], nlp=nlp))
    assert [type(f) for f in found] == [Release, Failure, Release]
    assert found[1] == Failure(source="b", error="too-long", message="21 characters, the limit is 20")


def test_a_rule_that_breaks_is_a_failure_of_its_document(monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("a rule broke")

    monkeypatch.setattr("extractor.release.resolve", broken)
    assert [f.error for f in extract_many(["One.", "Two."])] == ["ZeroDivisionError"] * 2


def test_one_long_run_gives_the_same_bytes_as_single_calls():
    texts = [TEXT, "Two men were arrested on Friday.", TEXT[:900], ""]
    assert [r.model_dump_json() for r in extract_many(texts)] == [extract(t).model_dump_json() for t in texts]


def test_the_hash_seed_does_not_matter():
    code = (
        "from pathlib import Path; from extractor import extract; "
        "print(extract(Path('corpus/sceptre.txt').read_text('utf-8')).model_dump_json())"
    )
    outs = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outs) == 1


def test_a_model_that_is_not_installed_is_named():
    with pytest.raises(ModelError, match="en_core_web_none"):
        build("en_core_web_none")


def test_the_model_may_be_the_copy_on_the_package_index():
    nlp = build("en_core_web_sm")
    release = extract("Two men were arrested.", nlp=nlp)
    assert release.provenance.model == "en_core_web_sm 3.8.0"
    assert release.counts == extract("Two men were arrested.").counts


@pytest.mark.parametrize("name", PIPES)
def test_each_component_runs_by_name_in_any_pipeline(name):
    nlp = spacy.blank("en")
    nlp.add_pipe(name)
    doc = nlp(TEXT)
    assert doc.text == TEXT
    assert list(doc.spans) != []
    again = nlp.get_pipe(name)(doc)
    assert again.to_bytes() == doc.to_bytes()


def test_components_are_announced_as_entry_points():
    code = (
        "import spacy; nlp = spacy.blank('en'); nlp.add_pipe('extractor_dates'); "
        "print(len(nlp('On 5 May 2020.').spans['dates']))"
    )
    assert run_python(code) == "1"


def test_a_dateline_in_the_text_gives_the_publication_date():
    text = "Published: 17 November 2020\n\nTwo men were arrested in Ludlow on Friday."
    release = extract(text)
    assert release.source.published == "2020-11-17"
    assert [(d.value, d.anchor) for d in release.dates if d.text == "Friday"] == [("2020-11-13", "text")]
    assert extract(text, published="2020-11-24").source.published == "2020-11-24"
