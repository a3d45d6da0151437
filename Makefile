# The list of chores. Paths are relative, so a checkout may stand anywhere, also in a folder with a space in its name.
#
#   make up        set everything up and start the workshop      PORT=8800 PARTICIPANTS=1 WORKSHOP=workshop LABS=a,b
#   make install   only set up .venv                             PYTHON=python3.12 to name another Python
#   make test      run all the tests, installing what they need  ARGS="-k page" goes to pytest
#   make lint      ruff, mypy and the import contract
#   make rehearse  play a whole workshop without people          PARTICIPANTS=10
#   make docs      write docs/reference/commands.md anew
#   make lock      write the lock files anew (needs uv)
#   make clean     remove .venv and caches; the workshop's folder stays

SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
PYTHON ?=
ARGS ?=
BIN := .venv/bin

.PHONY: install install-dev up test lint docs rehearse lock clean
.DEFAULT_GOAL := up

install:
	@PYTHON="$(PYTHON)" sh tools/install.sh requirements.lock

install-dev:
	@PYTHON="$(PYTHON)" sh tools/install.sh requirements-dev.lock

up: install
	@exec $(BIN)/spamlab up $(if $(PORT),--port "$(PORT)") $(if $(PARTICIPANTS),--participants "$(PARTICIPANTS)") \
	  $(if $(WORKSHOP),--workshop "$(WORKSHOP)") $(if $(LABS),--labs "$(LABS)")

test: install-dev lint
	@sh tools/browser.sh
	@sh tools/postgres.sh
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

lint: install-dev
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

docs: install
	@$(BIN)/python -m spamlab.cli.reference > docs/reference/commands.md

rehearse: install
	@exec $(BIN)/spamlab rehearse --participants "$(or $(PARTICIPANTS),10)"

lock:
	uv pip compile --universal --generate-hashes --no-header --extra build --python-version 3.11 pyproject.toml -o requirements.lock
	uv pip compile --universal --generate-hashes --no-header --extra build --extra dev --extra cluster --extra postgres --extra fast --python-version 3.11 -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
