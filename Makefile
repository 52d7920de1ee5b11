# Playprint: `make run` starts everything, `make test` checks everything. POSIX sh, any make.
.POSIX:
.SUFFIXES:

PYTHON = python3
VENV = .venv
BIN = $(VENV)/bin
STAMP = $(VENV)/.made-from-the-lock
WORKERS = 2

help:
	@echo 'make run    start Playprint on this machine and print its address'
	@echo 'make env    make the environment in $(VENV) (the other targets do it when needed)'
	@echo 'make test   lint, types, import contracts and every test'
	@echo 'make lint   lint, types and import contracts alone'
	@echo 'make audit  ask whether a locked package has a known weakness (needs the network)'
	@echo 'make bench  measure imports, figures and pages against their budgets'
	@echo 'make lock   write requirements.lock anew from pyproject.toml'
	@echo 'make clean  remove the environment and what tools left behind'

env: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo 'Playprint needs Python 3.11 or newer as "$(PYTHON)"; name another one: make PYTHON=python3.12' >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo 'This Python cannot make environments; install its venv package (Debian, Ubuntu: apt install python3-venv)' >&2; exit 2; }
	@sh scripts/install.sh $(PYTHON) $(VENV) requirements.lock $(STAMP)

run: $(STAMP)
	@exec $(BIN)/playprint run

test: $(STAMP) lint
	@sh scripts/browser.sh $(BIN)/python
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

audit: $(STAMP)
	$(BIN)/pip-audit --requirement requirements.lock --require-hashes --disable-pip --strict

bench: $(STAMP)
	$(BIN)/python -m benchmarks

lock: $(STAMP)
	$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --extra dev --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --no-emit-options --strip-extras -o requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) build playprint.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help env run test lint audit bench lock clean
