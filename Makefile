# make run: the demonstration tracker in the browser.   make test: every test.   Both set up .venv themselves.
PYTHON ?= python3
PORT ?= 8001
BIN := .venv/bin

.PHONY: run test kills setup lint check docs docs-write clean

run: setup
	$(BIN)/solieu demo --db demo.db
	$(BIN)/solieu serve --db demo.db --port $(PORT)

test: setup
	$(BIN)/pytest

# 200 kills of every stage of a crawl: an hour
kills: setup
	SOLIEU_KILLS=200 $(BIN)/pytest -s tests/crawler/test_kill.py

check: lint docs test

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: setup
	$(BIN)/cog --check -r README.md docs/*.md

docs-write: setup
	$(BIN)/cog -r README.md docs/*.md

setup: .venv/.ready

# torch first, as a CPU build where pip can find one: anything that needs torch would else bring gigabytes for GPUs.
.venv/.ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade pip
	@echo "Installing (a few minutes the first time) …"
	$(BIN)/pip install --progress-bar on "torch==2.13.0+cpu" || $(BIN)/pip install --progress-bar on torch
	$(BIN)/pip install --progress-bar on --editable ".[backfill]" --group dev
	touch .venv/.ready

clean:
	rm -rf .venv demo.db demo.published.db archive
