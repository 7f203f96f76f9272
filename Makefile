# Everything a newcomer needs: `make demo` and `make test` set up what they need themselves.
# PYTHON picks the interpreter (3.11 to 3.13); the environment is rebuilt when the lock changes.

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
UV := 0.13.9
FAULTS ?= 100
SEED ?= 2026
export DAGSTER_HOME := $(CURDIR)/.dagster
export DO_NOT_TRACK := 1
export PYTHONHASHSEED := 0
# What is imported is compiled once, also where the caller says that Python writes no bytecode.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test soak check lint types sql slow bench ui reference clean help
.DEFAULT_GOAL := help

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

$(READY): requirements.lock pyproject.toml
	@.ci/environment $(PYTHON) $(VENV) $(UV)
	@touch $@

demo: $(READY) ## write the demo company and run its newest planning cycle
	@.ci/system-libraries || true
	@$(BIN)/sop demo

test: $(READY) ## the tests (at most 10 minutes)
	@.ci/system-libraries || true
	$(BIN)/pytest -n 2 --dist loadfile -m "not slow"

slow: $(READY) ## the slow suites that .ci/run adds
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m slow

soak: $(READY) ## the audit of fifty companies made by chance, properties of plans at 500 examples, every fault of every step, three years with kills, every way to plan, faults planted in the code
	SOP_SOAK=1 $(BIN)/pytest -n 2 --dist worksteal -m "slow or not slow" -rP tests/audit tests/faults tests/mutation tests/assets/test_crash.py tests/assets/test_only_production.py tests/assets/test_taken_over.py tests/assets/test_whole_cycle.py tests/packs/test_end_to_end.py tests/packs/test_files.py tests/packs/test_markets.py tests/steps/test_diff.py tests/steps/test_every_way_to_plan.py tests/steps/test_money_in_part.py tests/steps/test_run.py tests/supply/oracles tests/supply/strategies
	$(BIN)/python -m tests.mutation --sample $(FAULTS) --seed $(SEED)

check: lint types sql ## what CI checks beside the tests

lint: $(READY) ## ruff: style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY) ## mypy
	$(BIN)/mypy

sql: $(READY) ## every statement prepared on empty tables, then sqlfluff
	$(BIN)/python -m sop_pipeline.statements
	$(BIN)/python .ci/lint_sql.py

bench: $(READY) ## benchmarks, as ratios against peers in the same run
	@for program in bench/bench_*.py; do echo "== $$program"; $(BIN)/python -m bench.$$(basename $$program .py) || exit 1; done

ui: $(READY) ## the Dagster web UI on 127.0.0.1
	@$(BIN)/sop ui

reference: $(READY) ## write docs/reference from the registry and the command
	@$(BIN)/python -m sop_pipeline.reference

clean: ## remove what was made, the environment included
	rm -rf $(VENV) .dagster companies .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
