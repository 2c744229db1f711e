# Set-up is one command each: `make demo` to see it work, `make test` to run the tests.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: demo test lint bench docs clean

demo: $(VENV)/installed
	rm -rf demo
	$(BIN)/changegate demo demo

test: $(VENV)/tested
	$(BIN)/python -m pytest -n auto

lint: $(VENV)/tested
	$(BIN)/ruff check checks tests benchmarks
	$(BIN)/ruff format --check checks tests benchmarks
	$(BIN)/mypy

docs: $(VENV)/installed
	$(BIN)/changegate rules -o markdown > docs/rules.md
	$(BIN)/python tests/parity/page.py > docs/engine-differences.md

bench: $(VENV)/tested
	$(BIN)/python benchmarks/run.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/tested: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@

clean:
	rm -rf $(VENV) demo build dist
