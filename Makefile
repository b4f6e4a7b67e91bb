# make run: install into .venv and run the main job over corpus/. make test: everything CI runs.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
DEV := .venv/.ready-dev
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test lint docs bench lock clean

run: $(READY)
	$(BIN)/extractor run corpus --metadata corpus/index.toml -o out/corpus.jsonl
	$(BIN)/extractor diff out/corpus.jsonl corpus --exit-zero
	@echo "Records: out/corpus.jsonl. One release in colour: $(BIN)/extractor explain corpus/sceptre.txt"

test: $(DEV)
	$(BIN)/python scripts/check.py

lint: $(DEV)
	$(BIN)/python scripts/check.py --only ruff --only format --only mypy --only imports

docs: $(DEV)
	$(BIN)/python scripts/site_pages.py

bench: $(DEV)
	$(BIN)/python scripts/bench.py

# What the product needs, and, for the tests, everything (Spark and a browser driver are large).
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $(READY)

$(DEV): $(READY) requirements-dev.lock
	$(PIP) --require-hashes -r requirements-dev.lock
	@touch $(DEV)

# Needs uv; the locks name no index, pip takes the one it is set up for.
LOCK := uv pip compile --universal --python-version 3.10 --generate-hashes --no-header --extra build --extra docx --extra parquet --extra pdf
lock:
	$(LOCK) --extra dev --extra model --extra spark pyproject.toml -o requirements-dev.lock
	$(LOCK) --constraint requirements-dev.lock pyproject.toml -o requirements.lock

clean:
	rm -rf .venv out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
