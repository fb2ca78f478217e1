PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PEERS := .venv-bench

.DEFAULT_GOAL := demo
.PHONY: demo pictures bench bench-full bench-purge test check format clean

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

bench: $(STAMP) $(PEERS)/.installed  ## how fast it is, beside others, in minutes
	$(BIN)/python -m benchmarks --peers $(PEERS)/bin --people 200000 --events 2000000

bench-full: $(STAMP) $(PEERS)/.installed  ## ten million people with a hundred million events, in a night
	$(BIN)/python -m benchmarks --peers $(PEERS)/bin --people 10000000 --events 100000000 \
		--rounds 7 --report docs/performance.md --json docs/performance.json

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
