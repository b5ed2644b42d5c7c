# Everything there is to do here, one word each: `make help` lists it.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 1
VENV := .venv
BIN := $(VENV)/bin
UV := $(or $(shell command -v uv 2>/dev/null),.tools/bin/uv)
export UV_PYTHON_DOWNLOADS := never

.DEFAULT_GOAL := help
.PHONY: help setup run serve test soak check quality format format-check lint types floors bench lock clean

# Without a .env these work on an open development set-up. `make serve` does not: it must be told.
ifeq ($(wildcard .env),)
run test soak check quality lint types floors: export DEBUG ?= True
run test soak check quality lint types floors: export SECRET_KEY ?= $(GENERATED_KEY)
GENERATED_KEY := $(shell $(PYTHON) -c "import secrets; print(secrets.token_urlsafe(48))")
endif

help: ## list what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-8s %s\n", $$1, $$2 }'

setup: $(VENV)/.ok-run ## make .venv with what serving needs

run: $(VENV)/.ok-run ## serve for development at http://localhost:8000 (PORT=)
	@$(BIN)/python manage.py setup
	@$(BIN)/python manage.py runserver $(PORT)

serve: $(VENV)/.ok-run ## serve for production (HOST= PORT= WORKERS=)
	@$(BIN)/python manage.py serve --host $(HOST) --port $(PORT) --workers $(WORKERS)

test: $(VENV)/.ok-dev ## every test, on SQLite and memory, then on PostgreSQL and Valkey
	$(BIN)/python -m pytest
	$(BIN)/python -m pytest --servers

soak: $(VENV)/.ok-dev ## the long forms of the tests that break things (half an hour)
	$(BIN)/python -m pytest --soak tests/faults
	$(BIN)/python -m pytest --servers --soak tests/faults

check: quality test ## all that CI runs

quality: format-check lint types floors

format: $(VENV)/.ok-dev ## put the code into form
	$(BIN)/ruff check --fix --exit-zero --quiet .
	$(BIN)/ruff format .

format-check: $(VENV)/.ok-dev
	$(BIN)/ruff format --check .

lint: $(VENV)/.ok-dev ## ruff
	$(BIN)/ruff check .

types: $(VENV)/.ok-dev ## mypy, strict
	$(BIN)/mypy

floors: $(VENV)/.ok-dev ## imports only go down
	$(BIN)/lint-imports --no-cache

bench: $(VENV)/.ok-dev ## every benchmark, into benchmarks/results.md
	$(BIN)/python -m benchmarks.report

lock: $(UV) ## resolve pyproject.toml anew into uv.lock and requirements*.txt
	$(UV) lock --no-config
	$(UV) export --frozen --no-config --no-header -q --no-default-groups -o requirements.txt
	$(UV) export --frozen --no-config --no-header -q --all-groups -o requirements-dev.txt

.tools/bin/uv:
	$(PYTHON) -m pip install -q --target .tools uv

$(VENV)/.ok-run: requirements.txt scripts/bootstrap.py
	@$(PYTHON) scripts/bootstrap.py $(VENV) requirements.txt
	@touch $@

$(VENV)/.ok-dev: requirements-dev.txt requirements.txt scripts/bootstrap.py
	@$(PYTHON) scripts/bootstrap.py $(VENV) requirements-dev.txt
	@touch $(VENV)/.ok-run $@

clean: ## remove what was made; .env, the database and the log stay
	rm -rf $(VENV) .tools node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
