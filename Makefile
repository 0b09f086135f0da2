# Every command of the project; `make` lists them. Each one sets up .venv first when it has to.

PYTHON ?= python3
OUT ?= build/tour
BIN := .venv/bin
READY := .venv/.clew-ready

export PYTHON

.PHONY: help run test tour bench bench-full lint format package lock clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s  %s\n", $$1, $$2}' Makefile

# Without docstrings, which are 4 MB of memory. What Python makes of its own modules then has no
# place beside them where they are the system's: all of it goes into .venv.
# Make ends with its own code 2 whatever the program's was: scripts call .venv/bin/clew.
run: $(READY) ## Start Clew (ARGS="..." are its arguments)
	@$(BIN)/python -OO -X pycache_prefix="$(CURDIR)/.venv/pycache" $(BIN)/clew $(ARGS)

test: $(READY) ## Run the tests, without a screen (ARGS="..." go to pytest)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest $(ARGS)

tour: $(READY) ## Take a picture of every page into OUT=build/tour
	$(BIN)/clew tour --out $(OUT) $(ARGS)

bench: $(READY) ## Measure speed and memory (ARGS="..." go to the benchmark)
	$(BIN)/python tests/bench/run.py $(ARGS)

bench-full: $(READY) ## Measure imports of up to a million messages into docs/benchmarks.md
	$(BIN)/python -m tests.bench.full $(ARGS)

lint: $(READY) ## Check style, types and who imports whom
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/basedpyright
	$(BIN)/lint-imports --no-logo

format: $(READY) ## Sort imports and format the code
	$(BIN)/ruff check --select I --fix
	$(BIN)/ruff format

package: $(READY) ## Freeze Clew into the folder dist/clew, which needs no Python
	bash packaging/freeze.sh

# The same lock for everyone: no address of an index, no folder of this machine.
PIP_COMPILE = CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --strip-extras \
	--allow-unsafe --generate-hashes --no-emit-options --no-emit-index-url \
	--no-emit-find-links --no-emit-trusted-host $(ARGS)

lock: $(READY) ## Pin the packages that pyproject.toml asks for (ARGS=--upgrade for the newest)
	$(PIP_COMPILE) --output-file packaging/requirements.txt pyproject.toml
	$(PIP_COMPILE) --extra dev --constraint packaging/requirements.txt \
		--output-file packaging/requirements-dev.txt pyproject.toml

clean: ## Remove what was built, but not .venv
	rm -rf build dist .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find core desktop resources tests packaging -name __pycache__ -prune -exec rm -rf {} +

$(READY): pyproject.toml packaging/requirements-dev.txt packaging/set_up.sh packaging/system_libraries.sh
	@bash packaging/set_up.sh
	@touch $@
