PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PEERS := .venv-bench

.DEFAULT_GOAL := demo
.PHONY: demo pictures bench bench-purge test check format clean

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(STAMP)  ## a made-up store, and the application on it
	@$(BIN)/habeas demo

pictures: $(STAMP)  ## the pictures in docs/screens, of the application as it is
	HABEAS_CONFIG=/dev/null $(BIN)/python -m docs.pictures

$(PEERS)/.installed: benchmarks/requirements.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

bench: $(STAMP) $(PEERS)/.installed  ## how soon it paints, beside others
	$(BIN)/python -m benchmarks.frames --harlequin $(PEERS)/bin/harlequin

bench-purge: $(STAMP)  ## what a purge takes, beside DuckDB's own copy of the file
	$(BIN)/python -m benchmarks.purge

check: $(STAMP)  ## formatting, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

test: check  ## everything that is checked before a change is kept
	$(BIN)/python -m pytest

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) $(PEERS) .mypy_cache .pytest_cache .ruff_cache .hypothesis dist
