# Niannian. `make help` lists the targets.
PORT ?=
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
UV := $(shell command -v uv 2>/dev/null)
ARGS ?=
EXTRAS ?=

# uv where it is installed, else venv and pip: the same packages either way.
ifneq ($(UV),)
MAKE_VENV = $(UV) venv --quiet --allow-existing --python $(PYTHON) $(VENV)
# Compiled once here, not by every process that starts.
INSTALL = $(UV) pip install --quiet --compile-bytecode --require-hashes --python $(PY)
else
MAKE_VENV = $(PYTHON) -m venv $(VENV)
INSTALL = $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
endif

# Hashes, so that only what was looked at when it was locked is ever installed. No address
# of an index in the files: everybody installs from where they install from.
LOCK = .lock/bin/uv pip compile --quiet $(if $(KEEP),,--upgrade) --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links

# What one process has compiled the next ones needn't: the tests start hundreds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup check check-models run serve mem0-server demo demo-remove move backup restore verify repair test test-all lint format bench eval eval-care load screenshots lock audit sbom clean
.DEFAULT_GOAL := help

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(PY):
	@$(PYTHON) -c 'import sys; v=sys.version_info[:2]; sys.exit(0 if (3,11) <= v <= (3,13) else "Niannian needs Python 3.11 to 3.13; this is %d.%d. Try: make PYTHON=python3.12 …" % v)'
	$(MAKE_VENV)

$(VENV)/.run: requirements.txt | $(PY)
	$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run | $(PY)
	$(INSTALL) -r requirements-dev.txt
	@touch $@

$(VENV)/.voice $(VENV)/.neo4j: $(VENV)/.%: requirements-%.txt $(VENV)/.run | $(PY)
	$(INSTALL) -r $<
	@touch $@

setup: $(VENV)/.run $(addprefix $(VENV)/.,$(EXTRAS)) ## Make .venv with what the app needs (EXTRAS=voice: hear without a network; neo4j: mirror the graph)

run: setup ## Start the app: the page, and the REST API beside it (PORT=8501)
	$(PY) server.py $(if $(PORT),--port $(PORT))

serve: run ## The same, for a server

mem0-server: setup ## mem0's REST API alone, at the root of its own port (PORT=8888); not while the app runs
	$(PY) -m scripts.mem0_server $(if $(PORT),--port $(PORT))

demo: setup ## Load the demo story (two users, three months) into the data folder
	$(PY) -m scripts.demo load

move: setup ## Move everything to servers, or back (TO=servers or TO=folder FOLDER=…); stop the app first
	$(PY) -m scripts.move to-$(or $(TO),servers) $(if $(FOLDER),--folder "$(FOLDER)")

backup: setup ## Back up the data folder while the app runs (ARGS="/place --keep 7")
	$(PY) -m scripts.backup $(ARGS)

restore: setup ## Restore a backup into an empty data folder (FROM=…)
	$(PY) -m scripts.restore "$(FROM)"

verify: setup ## Compare the memories with the history; stop the app first
	$(PY) -m scripts.verify

repair: setup ## Rebuild from the history what differs; stop the app first (ARGS=--accept-loss)
	$(PY) -m scripts.repair $(ARGS)

demo-remove: setup ## Remove the demo story again
	$(PY) -m scripts.demo remove

# Some tests wait for a process that they killed: one more worker than cores. Each more
# would collect all the tests once more.
# The browser tests watch the clock, so they come by themselves, no more than two at
# once. A test that fails is run again, and the summary says so ("1 rerun").
test: $(VENV)/.dev ## Run the tests (ARGS="tests/memory -k dates" for some)
ifeq ($(strip $(ARGS)),)
	$(PY) -m pytest -n 3 --reruns 2 --ignore=tests/browser
	$(PY) -m pytest -n 2 tests/browser --reruns 2
else
	$(PY) -m pytest $(ARGS)
endif

check: lint ## lint, types and the quick tests without server and browser: about a minute on two cores, the first time two (mypy)
	$(PY) -m pytest -n 2 -q -m "not slow" tests/test_architecture.py tests/test_docs.py tests/components \
	  tests/memory/nlp tests/memory/chat/safety tests/memory/extraction tests/memory/builtin/extraction

test-all: $(VENV)/.dev ## The tests with every case of those that take minutes
	$(PY) -m pytest -n 3 --reruns 2 --exhaustive --ignore=tests/browser
	$(PY) -m pytest -n 2 tests/browser --reruns 2 --exhaustive

lint: $(VENV)/.dev ## ruff and mypy
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

format: $(VENV)/.dev ## Let ruff format and fix
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

check-models: setup ## Ask each configured model for something small; exit code 0 only if all work
	$(PY) -m scripts.check_models

eval: $(VENV)/.dev ## What the configured models remember and how they talk: 40 dialogues, 30 situations (ARGS=--show)
	$(PY) -m benchmarks.model_eval $(ARGS)

eval-care: $(VENV)/.dev ## Say care sets (ARGS="set.jsonl …") to the configured companion and count help and cheering
	$(PY) -m benchmarks.care_replies $(ARGS)

bench: $(VENV)/.dev ## Measure reply overhead, the store, the cost of remembering, and pages in a browser
	$(PY) -m benchmarks.first_token
	$(PY) -m benchmarks.store
	$(PY) -m benchmarks.cost
	$(PY) -m benchmarks.pages --sizes 1000,10000,100000
	$(PY) -m benchmarks.bulk

load: $(VENV)/.dev ## Let 50 people chat through the API for a minute; the same calls against stock mem0
	$(PY) -m benchmarks.load

screenshots: $(VENV)/.dev ## Take every place from the running app (needs chromium; ARGS="chat studio" for some)
	$(PY) -m scripts.screenshots $(ARGS)

lock: ## Pin requirements*.txt with hashes from requirements*.in (KEEP=1: leave the versions)
	$(PYTHON) -m venv .lock
	.lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-neo4j.in -o requirements-neo4j.txt
	$(LOCK) requirements-dev.in -o requirements-dev.txt
	$(LOCK) requirements-voice.in -o requirements-voice.txt
	$(LOCK) requirements-audit.in -o requirements-audit.txt
	rm -rf .lock

# An environment of their own: what audits is none of what is audited.
.audit/.done: requirements-audit.txt
	$(PYTHON) -m venv .audit
	.audit/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-audit.txt
	@touch $@

audit: .audit/.done ## Look for known weaknesses of what is installed (skipped where the data can't be reached)
	.audit/bin/python -m scripts.audit requirements.txt

sbom: .audit/.done ## Write down what the app is made of (sbom.json, CycloneDX)
	.audit/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --of JSON -o sbom.json requirements.txt

clean: ## Remove the virtual environment and caches (never the data folder)
	rm -rf $(VENV) .audit .lock sbom.json .pytest_cache .mypy_cache .ruff_cache .hypothesis
