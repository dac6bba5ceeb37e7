# `make help` lists the targets. Every target sets up by itself what it needs.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
RUN := .venv/bin/python
STUDY ?= studies/digits-small.toml
BUDGET ?= 420
FALSE ?= 0
RESULTS ?= build/card

.DEFAULT_GOAL := all
PARTS ?= properties attacks files guided faults pages source code
night-properties: TESTS := tests/theory tests/empirics/klom tests/empirics/scores tests/empirics/data tests/empirics/influence \
	--ignore tests/theory/test_attack.py
night-attacks: TESTS := tests/theory/test_attack.py
night-files: TESTS := tests/fuzz
night-faults: TESTS := tests/faults
night-pages: TESTS := tests/figures/test_figures.py tests/docs/test_site.py

.PHONY: all setup verify rocq study figures docs site lock types test release nightly night-properties night-attacks night-files night-faults night-pages night-guided \
	night-source night-code bench gpu clean help

all: setup  ## verify the claims, run the digits study, draw the figures, write build/report.html
	@$(RUN) -m figures everything $(STUDY)

setup: .venv/.ready  ## make the virtual environment (once)

.venv/.ready: pyproject.toml requirements.lock tools/setup.py
	@test -n "$(PYTHON)" || { echo "setup: Python 3.11 or newer is needed; set PYTHON=..." >&2; exit 2; }
	@$(PYTHON) tools/setup.py

verify: setup  ## decide every claim, with exact points, solvers, float forms and mutants
	@$(RUN) -m theory verify --all

rocq: setup  ## have the proof assistant Rocq check every stored proof, and FALSE=50 false statements (it needs coqc: apt-get install coq)
	@$(RUN) -m theory rocq --falsify $(FALSE)

study: setup  ## run the study named by STUDY=studies/digits-small.toml
	@$(RUN) -m empirics run $(STUDY)

figures: setup  ## draw the figures from what the study has so far
	@$(RUN) -m figures

docs: .venv/.docs  ## the documentation site, build/docs/index.html: opens from disk
	@$(RUN) -m figures.pages
	@$(RUN) -m tests.bad_input
	@$(MAKE) --no-print-directory site
	@$(RUN) -m pytest -q -n auto tests/docs/test_site.py
	@echo "docs: build/docs/index.html"

site: .venv/.docs  ## the site from the pages as they are
	@rm -rf build/docs docs/reference/modules
	@$(RUN) -m sphinx -q -W --keep-going -n -b html docs build/docs

.venv/.docs: .venv/.ready
	@$(RUN) -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@touch $@

lock: setup  ## renew requirements.lock: pyproject.toml's packages but torch, with the hashes of all their files (UPGRADE=1)
	@$(RUN) -m venv build/uv && build/uv/bin/python -m pip install -q uv
	@build/uv/bin/uv pip compile -q pyproject.toml $(foreach extra,all dev docs,--extra $(extra)) --universal \
		--python-version 3.11 --generate-hashes --no-annotate --no-emit-package torch --no-emit-package ascentcheck \
		--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade) -o requirements.lock

types: setup  ## check types, in a tree of links with the packages under their import name
	@rm -rf build/types
	@mkdir -p build/types/ascentcheck
	@for f in ascentcheck/__init__.py ascentcheck/py.typed theory empirics figures; do \
		ln -s "$(CURDIR)/$$f" build/types/ascentcheck; done
	@$(RUN) -m mypy

test: types  ## lint, types and the whole test suite
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m pytest -n auto --dist worksteal

release:  ## build sdist and wheel, and try each in a clean environment; no set-up is needed
	@$(PYTHON) tools/release.py --out build/dist

nightly: setup site  ## properties, attacks on the kernel, hostile files, faults, pages and figures, changes of the source: hours (PARTS=)
	@mkdir -p build/night; status=0; for part in $(PARTS); do \
		began=$$(date +%s); $(MAKE) --no-print-directory "night-$$part" >"build/night/$$part.txt" 2>&1; ended=$$?; \
		[ $$ended = 0 ] || status=1; \
		echo "$$part: ended with $$ended after $$(($$(date +%s) - began)) s, build/night/$$part.txt" | tee -a build/night/parts.txt; \
	done; exit $$status

night-properties night-attacks night-files night-faults night-pages:
	HYPOTHESIS_PROFILE=nightly $(RUN) -m pytest -v -n auto --dist worksteal --durations=20 $(TESTS)

night-guided: # 60 seconds for each reader
	$(RUN) -m tests.fuzz.guided all 60

night-source: # every change of the claims' source
	$(RUN) -m theory mutate

night-code: # 200 changes of the code that decides
	$(RUN) -m tools.mutants --sample 200 --seed "$$(date +%F)"

bench: setup  ## ratios against peers, each measured in one run
	@for f in benchmarks/bench_*.py; do $(RUN) $$f; done

gpu:  ## on a card, in BUDGET=420 seconds: its tests, the benchmark, a part of CIFAR-10 (DATA= FORGET_SETS= WHEELS=)
	@$(PYTHON) tools/gpu.py $(if $(WHEELS),--wheels $(WHEELS)) --budget $(BUDGET) --out $(RESULTS) \
		$(if $(DATA),--data $(DATA)) $(foreach file,$(FORGET_SETS),--forget-set $(file)) $(CARD)

clean:  ## remove build/ and the virtual environment
	rm -rf build .venv

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 18
