"""tokens: nothing of a text is lost, however hostile it is, and the pipeline can be stored."""

import time

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from extractor import build
from extractor.language.tokens import Tokenizer

TOKENIZER = Tokenizer(spacy.blank("en").vocab)


@given(st.text() | st.text(" \n\ta'’(“£1", max_size=40))
def test_the_doc_is_the_text(text):
    assert TOKENIZER(text).text == text


def test_words_marks_and_white_space():
    doc = TOKENIZER(" Met’s 1,002  arrests:\n\n“Good”")
    assert [t.text for t in doc] == [" ", "Met’s", "1", ",", "002", " ", "arrests", ":", "\n\n", "“", "Good", "”"]


@pytest.mark.parametrize("mark", list("(“\"'.-,£1a "))
def test_time_grows_with_the_length_alone(mark):
    def seconds(length):
        begin = time.perf_counter()
        TOKENIZER(mark * length)
        return time.perf_counter() - begin

    seconds(1000)
    small, large = (min(seconds(n) for _ in range(5)) for n in (20_000, 80_000))
    assert large < 4 * 4 * small + 0.01


def test_the_pipeline_can_be_stored(tmp_path):
    nlp = build()
    nlp.to_disk(tmp_path)
    again = spacy.load(tmp_path)
    text = "Kent Police seized 187 knives on 5 May 2020."
    assert again(text).to_bytes() == nlp(text).to_bytes()
