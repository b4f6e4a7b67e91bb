"""find: spans keep the offsets of characters, whatever the tokens are."""

import spacy
from hypothesis import given
from hypothesis import strategies as st

from extractor import spans
from extractor.spans import Match, Terms

NLP = spacy.blank("en")


@given(st.text(max_size=80), st.data())
def test_what_is_written_is_read_back(text, data):
    doc = NLP(text)
    edges = data.draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=6))
    matches = sorted({Match(min(e), max(e), "rule", "row") for e in edges if e[0] != e[1]})
    spans.write(doc, "dates", matches)
    assert spans.read(doc, "dates") == matches


def test_offsets_may_lie_inside_a_token():
    doc = NLP("He said:“Good")
    spans.write(doc, "quotes", [Match(9, 13, "mark")])
    assert spans.read(doc, "quotes") == [Match(9, 13, "mark")]
    assert doc.spans["quotes"][0].text == "said:“Good"


def test_offsets_survive_serialisation():
    doc = NLP("He said:“Good")
    spans.write(doc, "quotes", [Match(9, 13, "mark", "row")])
    again = spacy.tokens.Doc(NLP.vocab).from_bytes(doc.to_bytes())
    assert spans.read(again, "quotes") == [Match(9, 13, "mark", "row")]


def test_nothing_is_found_in_boilerplate():
    doc = NLP("READ MORE: 12 knives\n12 knives")
    spans.write(doc, "segments", [Match(0, 20, "boilerplate"), Match(21, 30, "paragraph")])
    spans.write(doc, "counts", [Match(11, 20, "n"), Match(21, 30, "n")])
    assert spans.read(doc, "counts") == [Match(21, 30, "n")]


def test_a_feature_that_did_not_run_has_no_matches():
    assert spans.read(NLP("text"), "dates") == []


def test_longest_wins_then_leftmost():
    a, b, c, d = Match(0, 4, "a"), Match(2, 9, "b"), Match(9, 12, "c"), Match(11, 14, "d")
    assert spans.longest([a, b, c, d]) == [b, c]


def test_terms_take_the_longest_whole_word_in_either_apostrophe():
    terms = Terms({"Kent": "place", "Kent Police": "kent", "Magistrates' Court": "court"})
    text = "Kent  Police at Magistrates’ Court, Kentish Town, Kent."
    assert [(text[a:b], row) for a, b, row in terms.find(text)] == [
        ("Kent  Police", "kent"),
        ("Magistrates’ Court", "court"),
        ("Kent", "place"),
    ]


def test_terms_without_regard_to_case():
    terms = Terms({"deal bags": "paraphernalia"}, ignore_case=True)
    assert [row for _, _, row in terms.find("Deal Bags and DEAL BAGS, ordeal bags")] == ["paraphernalia"] * 2


def test_no_terms_find_nothing():
    assert list(Terms({}).find("anything")) == []


@given(
    st.dictionaries(st.text("ab '.", min_size=1, max_size=5).map(str.strip).filter(bool), st.just("row"), max_size=8)
)
def test_every_term_finds_itself(words):
    terms = Terms(words)
    for word in words:
        assert [hit[:2] for hit in terms.find(f"| {word} |")] == [(2, 2 + len(word))], word
