# The one entry for people. `make demo` and `make test` work in a fresh clone.
.PHONY: demo test check bless prove mutate fuzz bench docs pins
PYTHON := $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
  if $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$p; break; fi; done)
READY := .venv/.ready
BIN := .venv/bin
MINUTES ?= 5

# Everything that make runs lives in .venv; constraints reach the build backend too, by either name that pip knows.
$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "closeout needs Python 3.11 or newer that can make a virtual environment:" \
	  "install the packages python3 and python3-venv (Debian, Ubuntu) or python3 (others)" >&2; exit 1; }
	@echo "Setting up .venv with $(PYTHON)"
	@$(PYTHON) -m venv --clear .venv
	@PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

demo: $(READY)  ## the main job, on a scratch repository
	@$(BIN)/python tools/demo.py

test: $(READY)  ## the tests, four to five minutes on two cores
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -q -n 2 --dist worksteal

check: $(READY)  ## linters, types, layers, workflows, what deploys the daemon, and that generated pages are fresh
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/reference.py --check
	$(BIN)/python tools/workflows.py
	$(BIN)/python tools/deployed.py

bless: $(READY)  ## write the golden folders anew; look at the difference before you commit it
	$(BIN)/python tools/bless.py

prove: $(READY)  ## the full counts of every proof, or as much as MINUTES allow
	$(BIN)/python tools/prove.py --minutes $(MINUTES)

mutate: $(READY)  ## which changes to the decisions does no test notice? One core, for MINUTES; MODULES="merge settle"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt -e '.[mutate]'
	$(BIN)/python tools/mutate.py --minutes $(MINUTES) $(MODULES)

fuzz: $(READY)  ## the properties with fresh examples, for MINUTES
	$(BIN)/python tools/fuzz.py --minutes $(MINUTES)

bench: $(READY)  ## how long reading and starting take, as ratios beside their limits
	$(BIN)/python bench/run.py
	$(BIN)/python bench/repository.py
	$(BIN)/python bench/ledger.py
	$(BIN)/python bench/engine.py
	$(BIN)/python bench/quiet.py
	$(BIN)/python bench/report.py

docs: $(READY)  ## write the generated pages anew
	$(BIN)/python tools/reference.py

pins: $(READY)  ## constraints.txt with today's versions
	$(BIN)/python tools/pins.py
