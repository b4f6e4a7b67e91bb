"""The same bytes whatever the hash seed, the order, the company, the process and the Python."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from extractor import Source, build, extract, extract_many, release

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "corpus").glob("*.txt"))
TEXTS = [file.read_text("utf-8") for file in FILES]
PROGRAM = """
import hashlib, pathlib, sys
from extractor import Source, extract_many
files = sorted(pathlib.Path(sys.argv[1]).glob("*.txt"))
if "backwards" in sys.argv:
    files.reverse()
sources = [Source(file.read_text("utf-8"), id=file.name) for file in files]
# The version is told by what is installed, which a folder on the path is not.
version = {"provenance": {"extractor"}}
records = sorted(record.model_dump_json(exclude=version) for record in extract_many(sources))
print(hashlib.sha256("\\n".join(records).encode()).hexdigest())
"""
PYTHONS = ("python3.10", "python3.11", "python3.12", "python3.13")
NEEDED = ("spacy", "pydantic", "regex", "numpy")


def digest():
    """What PROGRAM prints, worked out in this process."""
    sources = [Source(file.read_text("utf-8"), id=file.name) for file in FILES]
    records = sorted(r.model_dump_json(exclude={"provenance": {"extractor"}}) for r in extract_many(sources))
    return hashlib.sha256("\n".join(records).encode()).hexdigest()


def run(python, *arguments, seed="random"):
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    command = [python, "-c", PROGRAM, str(ROOT / "corpus"), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("seed", ["0", "1", "4294967295"])
def test_hash_seed(seed):
    assert run(sys.executable, seed=seed) == digest()


def test_order_of_files():
    assert run(sys.executable, "backwards") == digest()


def test_company_and_order():
    alone = {text: extract(text).model_dump_json() for text in TEXTS}
    draw = random.Random(8)
    for _ in range(3):
        texts = draw.choices(TEXTS, k=2 * len(TEXTS))
        assert [found.model_dump_json() for found in extract_many(texts)] == [alone[text] for text in texts]


def test_fresh_pipeline_and_used_one():
    used = build()
    strange = [f"Xq{n} said “Yz{n} is Vv{n * 7}” to {n} men on {n % 28 + 1} May." for n in range(300)]
    before = [extract(text, nlp=used).model_dump_json() for text in TEXTS]
    list(extract_many(strange, nlp=used))
    assert [extract(text, nlp=used).model_dump_json() for text in TEXTS] == before
    assert [extract(text, nlp=build()).model_dump_json() for text in TEXTS] == before


def test_doc_with_tokens_and_without(monkeypatch):
    bare = [extract(text).model_dump_json() for text in TEXTS]
    monkeypatch.setattr(release, "COMPONENTS", ())  # as if somebody else's component wanted tokens
    nlp = build()
    assert [extract(text, nlp=nlp).model_dump_json() for text in TEXTS] == bare
    assert len(nlp.vocab) > 500
    monkeypatch.setattr(release, "WORDS_KEPT", 0)  # every document in a memory zone of its own
    assert [extract(text, nlp=nlp).model_dump_json() for text in TEXTS] == bare


def test_inside_a_memory_zone():
    nlp = build()
    outside = [extract(text, nlp=nlp).model_dump_json() for text in TEXTS]
    with nlp.memory_zone():
        assert [extract(text, nlp=nlp).model_dump_json() for text in TEXTS] == outside


@pytest.mark.parametrize("name", PYTHONS)
def test_other_pythons(name):
    python = shutil.which(name)
    if python is None:
        pytest.skip(f"{name} is not installed")
    needs = f"import sys, {', '.join(NEEDED)}; assert sys.version_info[1] == {name.partition('.')[2]}"
    able = subprocess.run([python, "-c", needs], capture_output=True, text=True, check=False)
    if able.returncode:
        lines = able.stderr.strip().splitlines()
        pytest.skip(f"{name} cannot run extractor: {lines[-1] if lines[0].startswith('Traceback') else lines[0]}")
    assert run(python) == digest()
