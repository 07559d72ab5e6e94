# Two commands for a newcomer: `make run` and `make test`. Needs only Python 3.11+, its venv module and make.
.PHONY: run demo test check install install-dev format lock bench clean
BIN = .venv/bin
export PYTHON

run: install            ## the whole monitor with config.toml; Ctrl-C ends it
	@exec $(BIN)/rasad run

demo: install           ## a small offline show of everything, about a minute
	@exec $(BIN)/rasad demo

test: install-dev       ## the whole test suite
	@$(BIN)/python -m pytest --numprocesses=auto --dist=worksteal

check: install-dev      ## what .ci/run calls: style, types, layers, then the test command of the README
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(MAKE) --no-print-directory test

bench: install-dev      ## every figure of docs/performance.md
	@for file in benchmarks/[a-z]*.py; do name=$$(basename $$file .py); echo "== benchmarks.$$name"; $(BIN)/python -m benchmarks.$$name || exit 1; done

install:
	@sh install.sh runtime
install-dev:
	@sh install.sh dev

format: install-dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock:                   ## renew the locks (needs uv); read the difference before committing it
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --extra dev -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements-dev.lock

clean:
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache
