# Set-up is one command each: `make demo` to see it work, `make test` to run the tests.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PROGRAM := checks/changegate/rego/program/decision.program

.PHONY: demo test lint bench docs site clean

demo: $(PROGRAM)
	rm -rf demo
	$(BIN)/changegate demo demo

test: $(VENV)/tested $(PROGRAM)
	$(BIN)/python -m pytest -n auto

lint: $(VENV)/tested
	$(BIN)/ruff check checks tests benchmarks hatch_build.py
	$(BIN)/ruff format --check checks tests benchmarks hatch_build.py
	$(BIN)/mypy

docs: $(VENV)/installed
	$(BIN)/changegate rules -o markdown > docs/rules.md
	$(BIN)/python tests/parity/page.py > docs/engine-differences.md

# The site of docs/, in build/site; a page or an anchor that is not there is an error.
site: $(VENV)/documented
	$(BIN)/python .ci/site
	$(BIN)/zensical build --clean --strict

bench: $(VENV)/tested $(PROGRAM)
	$(BIN)/python benchmarks/run.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/tested: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@

$(VENV)/documented: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	touch $@

# Installing makes it, too; an edit of the policies makes it stale.
$(PROGRAM): $(shell find rego -name "*.rego" -o -type d) $(wildcard checks/changegate/rego/program/*.py) | $(VENV)/installed
	$(BIN)/python -m changegate.rego.program

clean:
	rm -rf $(VENV) $(PROGRAM) demo build dist
