# Without make, the two commands are:
#   python3 -m venv .venv && .venv/bin/pip install -U "pip>=25.1" && .venv/bin/pip install -e . --group dev -c constraints.txt
#   .venv/bin/readout demo --if-absent && .venv/bin/readout serve

PYTHON = python3
PORT = 8501
BIN = .venv/bin
STAMP = .venv/.stamp-install

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help install run test test-visual lint chromium libreoffice bench bench-export clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

install: $(STAMP) ## put everything into .venv (Python 3.11 or newer; PYTHON= chooses which)

run: $(STAMP) ## build the demo warehouse once, then serve http://127.0.0.1:8501 (PORT= moves it)
	$(BIN)/readout demo --if-absent
	@exec $(BIN)/readout serve --port $(PORT)

# Three workers on two cores: browsers and servers make one wait. Not reordered: the many small unit modules come last, so
# that all workers end together.
test: $(STAMP) chromium libreoffice ## everything CI runs: lint, types, import contracts, all tests
	@lint=0; $(MAKE) --no-print-directory lint || lint=$$?; \
	$(BIN)/python -m pytest -n 3 --dist loadscope --no-loadscope-reorder || exit $$?; \
	[ $$lint = 0 ] || echo "The tests passed, but lint did not: see above." >&2; exit $$lint

lint: $(STAMP) ## ruff, ty and the import contracts, nothing changed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/ty check
	$(BIN)/lint-imports --no-logo

bench: $(STAMP) ## measure pages and queries, print the table
	$(BIN)/python -m tests.perf.bench

bench-export: $(STAMP) ## write a million rows as CSV and Parquet, print rows and memory
	$(BIN)/python -m tests.perf.export

test-visual: $(STAMP) chromium ## compare pictures of every page with the kept ones (ACCEPT=1 keeps the new ones)
	ACCEPT=$(ACCEPT) $(BIN)/python -m pytest -q tests/visual/looks.py

clean: ## remove .venv, caches and build output (never a warehouse)
	rm -rf .venv .venv-boot dist build .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name .git -prune -o -type d -name __pycache__ -prune -exec rm -rf {} +

chromium:
	@scripts/need-chromium.sh

libreoffice:
	@scripts/need-libreoffice.sh

# pip's own byte-compiling is serial: --no-compile and one parallel compileall give the same result in half the time.
$(STAMP): pyproject.toml constraints.txt
	@scripts/make-venv.sh "$(PYTHON)"
	$(BIN)/python -m pip install -q --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install -q --no-compile -e . --group dev -c constraints.txt
	-@$(BIN)/python -m compileall -qq -j 0 .venv/lib readout
	@touch $@
