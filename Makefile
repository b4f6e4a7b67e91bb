# make run: install into .venv and run the main job over corpus/. make test: everything CI runs.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: run test lint bench lock clean

run: $(READY)
	$(BIN)/extractor run corpus --metadata corpus/index.toml -o out/corpus.jsonl
	$(BIN)/extractor diff out/corpus.jsonl corpus --exit-zero
	@echo "Records: out/corpus.jsonl. One release in colour: $(BIN)/extractor explain corpus/sceptre.txt"

test: $(READY)
	$(BIN)/python scripts/check.py

lint: $(READY)
	$(BIN)/python scripts/check.py --only ruff --only format --only mypy

bench: $(READY)
	$(BIN)/python scripts/bench.py

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

# Needs uv; the lock names no index, pip takes the one it is set up for.
lock:
	uv pip compile --universal --python-version 3.10 --generate-hashes --no-header --extra dev --extra model pyproject.toml -o requirements.lock

clean:
	rm -rf .venv out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
