# Everything a fresh machine needs is Python 3.11 or newer and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: run test lint bench tune recovery clean

run: $(VENV)/ready
	$(BIN)/flywheel run scenarios/sora.yaml
	@echo "for the flywheel command itself: . $(BIN)/activate"

test: $(VENV)/ready-to-test
	$(BIN)/python -m pytest -n 2 -m "not slow"
	$(BIN)/python -m pytest -n 2 -m slow

lint: $(VENV)/ready-to-develop
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/ready-to-test
	$(BIN)/python -m tests.benchmarks start day twin runs growth
	@if $(MAKE) $(VENV)-peers/ready; then $(VENV)-peers/bin/python -m tests.benchmarks tiny --out runs/bench-tiny.json; \
	else echo "mesa-frames and Starsim do not install here"; $(BIN)/python -m tests.benchmarks tiny --out runs/bench-tiny.json; fi

tune: $(VENV)/ready
	$(BIN)/python -m analysis.tune_sora

TEN := people creators_share adoption.buzz_per_day adoption.buzz_days adoption.open_share habit.initial habit.forgetting_per_day \
	watching.outside_logit making.acceptable_miss compute.first_unit_cost_usd

recovery: $(VENV)/ready
	$(BIN)/flywheel calibrate recovery sora --days 62 $(addprefix --only ,$(TEN))

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit("Flywheel needs Python 3.11 or newer; say where: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/ready: $(VENV)/made pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/ready-to-test: $(VENV)/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	touch $@

$(VENV)/ready-to-develop: $(VENV)/ready-to-test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@

$(VENV)-peers/ready: tests/benchmarks/peers.txt
	$(PYTHON) -m venv $(VENV)-peers
	$(VENV)-peers/bin/python -m pip install --quiet --disable-pip-version-check -r tests/benchmarks/peers.txt
	touch $@

clean:
	rm -rf $(VENV) $(VENV)-peers
