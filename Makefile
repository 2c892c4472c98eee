# The one entry for people. `make demo` and `make test` work in a fresh clone.
.PHONY: demo test check prove pins
PYTHON := $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
  if $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$p; break; fi; done)
READY := .venv/.ready
BIN := .venv/bin
MINUTES ?= 5

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "closeout needs Python 3.11 or newer with venv: install python3 and python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt $(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

demo: $(READY)
	@$(BIN)/python tools/demo.py

test: $(READY)
	$(BIN)/pytest -q -n 2

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

prove: $(READY)
	PROVE_MINUTES=$(MINUTES) $(BIN)/python tools/prove.py

pins:
	@rm -rf .venv-pins && $(PYTHON) -m venv .venv-pins && .venv-pins/bin/pip install --quiet --upgrade -e '.[dev]' hatchling
	.venv-pins/bin/pip freeze --exclude-editable | grep -E '^[A-Za-z0-9._-]+==[^ ]+$$' | LC_ALL=C sort -f > constraints.txt
	@rm -rf .venv-pins
