# The verbs of this project. `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
# Each process of the tests would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Set-up: hashed, repeatable, silent when there is nothing to do.
.venv/run.stamp: requirements/run.txt
	@PYTHON=$(PYTHON) dev/set-up run
	@$(BIN)/python -m website.build.assets 2>/dev/null || true # for `mkdocs serve`; what is wrong is said by whoever builds

.venv/check.stamp: requirements/check.txt .venv/run.stamp
	@PYTHON=$(PYTHON) dev/set-up check

.PHONY: run site content preview
run: .venv/run.stamp ## build the site, serve it with the form, and keep what arrives in var/inbox/
	@exec env PORT=$(PORT) $(BIN)/python -m dev.run

site: .venv/run.stamp ## build the site into site/, ready for any static host
	@$(BIN)/python -m website

content: .venv/run.stamp ## the content check for editors: one sentence for each thing to mend (REFRESH=yes writes anew what comes from the code)
	@$(BIN)/python -m website.check $(if $(REFRESH),--refresh)

.PHONY: test check format lock
test: .venv/check.stamp ## the tests, in a real browser and on real databases too; ARGS=tests/test_letter.py runs one file
	@$(if $(ARGS),,echo "Running the tests: about 5 minutes on two cores ...")
	@marks="not needs and not slow"; $(CHROMIUM_PATH) || { $(if $(ARGS),:,echo "The tests in a browser are left out." >&2); marks="$$marks and not browser"; }; \
	$(PYTEST) $(or $(ARGS),-m "$$marks")

CHROMIUM_PATH = export CHROMIUM; CHROMIUM="$$($(BIN)/python -m tests.browser.chromium)"
PYTEST = $(BIN)/python -m pytest --quiet --numprocesses logical --dist worksteal

check: .venv/check.stamp ## what a build server runs: format, lint, types, lock files, then every test with coverage
	@echo "Checking format, lint, types, lock files and pages ..."
	@$(MAKE) --no-print-directory --jobs lint types locks content
	@echo "Running every test, with coverage: about 15 minutes on two cores ..."
	@$(CHROMIUM_PATH) && $(PYTEST) --cov

# The parts of `make check` before the tests, side by side.
.PHONY: lint types locks
lint:
	@$(BIN)/ruff format --check --quiet || { echo "Some files are not formatted: make format" >&2; exit 1; }
	@$(BIN)/ruff check --quiet

types:
	@$(BIN)/mypy

locks:
	@for set in $(LOCKS); do cp requirements/$$set.txt .venv/$$set.txt && $(COMPILE) $$($(MAKE) --silent groups-of-$$set) -o .venv/$$set.txt && \
	diff -q requirements/$$set.txt .venv/$$set.txt >/dev/null || { echo "requirements/$$set.txt is not what pyproject.toml asks for: make lock" >&2; exit 1; }; done

.PHONY: lowest
lowest: .venv/check.stamp ## the tests without a browser, with the lowest versions that pyproject.toml allows
	@$(BIN)/uv venv --quiet --allow-existing .venv/lowest
	@$(BIN)/uv pip install --quiet --python .venv/lowest --resolution lowest-direct -r pyproject.toml --extra postgres --extra dns --group check
	@.venv/lowest/bin/python -m pytest --quiet --numprocesses logical --dist worksteal -m "not browser and not needs and not slow"

format: .venv/check.stamp ## put the code in the house format
	@$(BIN)/ruff format --quiet && $(BIN)/ruff check --fix --quiet

# The lock files: what the function needs, what a serverless host of each kind needs beside it, what `make run` and
# `make site` need, what the tests need beside that.
LOCKS := function aws google run check
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url pyproject.toml --extra postgres --extra dns
.PHONY: groups-of-function groups-of-aws groups-of-google groups-of-run groups-of-check
groups-of-function: ; @:
groups-of-aws: ; @echo --group aws
groups-of-google: ; @echo --group google
groups-of-run: ; @echo --group site --group local
groups-of-check: ; @echo --group check

lock: .venv/check.stamp ## write the lock files anew after a change of pyproject.toml (UPGRADE=--upgrade takes newer releases)
	@for set in $(LOCKS); do $(COMPILE) $(UPGRADE) $$($(MAKE) --silent groups-of-$$set) -o requirements/$$set.txt; done
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url $(UPGRADE) --constraints requirements/check.txt bench/requirements.in -o bench/requirements.txt

preview: .venv/run.stamp ## a live preview of the pages for editors, with the real forms
	@PORT=$(PORT) $(BIN)/python -m dev.preview

.PHONY: campaign power-cuts
campaign: .venv/check.stamp ## the fault campaign (ARGS="--engine postgres --relay postfix --referrals 20000 --seconds 900 --crashes 20 --bounces 5")
	@$(BIN)/python -m tests.campaign $(ARGS)

power-cuts: .venv/check.stamp ## cut the power many times, replayed from every write (needs strace; ARGS="--cuts 500")
	@$(BIN)/python -m tests.campaign.power_cuts $(ARGS)

.PHONY: mutants
mutants: .venv/check.stamp ## which small changes of the code no test notices (ARGS=referral_function/deciding, or ARGS="--tenth 7" for a sample)
	@$(BIN)/python -m tests.mutants $(ARGS)

.PHONY: bench
bench: .venv/check.stamp ## the benchmark beside its peers, in at most six minutes: bench/REPORT.md (ARGS="form cold" prints these parts)
	@$(BIN)/python -m bench $(ARGS)

.PHONY: pictures
pictures: .venv/check.stamp ## pictures of the site and the form: all in var/pictures/, a small set in handbook/screenshots/
	@$(BIN)/python -m tests.browser.pictures

.PHONY: lighthouse
lighthouse: .venv/check.stamp ## what Lighthouse says of six pages, performance too (needs npm)
	@$(BIN)/python -m tests.browser.lighthouse

.PHONY: editor-pictures
editor-pictures: .venv/check.stamp ## pictures of the editor for its guide, in handbook/screenshots/editor/ (needs npm)
	@$(BIN)/python -m tests.browser.editor.pictures

.PHONY: paper-pictures
paper-pictures: .venv/check.stamp ## pictures of the printed pages and of the Word and LibreOffice forms (needs LibreOffice and pdftoppm)
	@$(BIN)/python -m tests.browser.paper_pictures

.PHONY: asvs audit fuzz agreement record
asvs: .venv/check.stamp ## run the tests that show an OWASP ASVS requirement, and write the table in handbook/asvs.md
	@$(CHROMIUM_PATH) && $(BIN)/python -m tests.asvs

audit: .venv/check.stamp ## ask for known weaknesses of every locked library (needs the network)
	@$(BIN)/python -m tests.audit

fuzz: .venv/check.stamp ## coverage-guided fuzzing from form to letter (ARGS="-max_total_time=60 -runs=1000000")
	@$(BIN)/python -m tests.fuzz $(ARGS)

agreement: .venv/check.stamp ## generated referrals against their plain text, HTML text and record (ARGS="--referrals 100000")
	@$(BIN)/python -m tests.agreement $(ARGS)

record: .venv/check.stamp ## write the record of processing anew from the questions
	@$(BIN)/python -m website.content.record_of_processing
