# `make demo` and `make test` set up all they need below this directory; nothing else has to be installed first.

PYTHON ?= python3
BIN := .venv/bin
NEMO_BIN := .venv-nemo/bin
BENCH_BIN := .venv-bench/bin
RELEASE_BIN := .venv-release/bin
INSTALLED := build/installed
CORPUS := .cache/corpus
SITE := .cache/corpus-site
CASES := ../shared/oracle/cases.jsonl

.PHONY: demo test lint format rules picture oracle fuzz bench bench-signatures dist audit vsix clean

demo: .venv/ready $(CORPUS)/ready $(SITE)/ready  ## real findings, with excerpts, in this repository's broken example and in released NeMo code
	@echo '$$ nemo-run-lint check examples/experiments/broken.py'
	@$(BIN)/nemo-run-lint check examples/experiments/broken.py; test $$? -eq 1
	@echo
	@echo '$$ nemo-run-lint check --profile correctness nemo_toolkit-2.4.0/'
	@cd $(CORPUS) && $(CURDIR)/$(BIN)/nemo-run-lint check --profile correctness --no-respect-gitignore nemo_toolkit; test $$? -le 1
	@echo
	@echo '$$ nemo-run-lint check --select NRL8 --python site-packages/ scripts/performance/  # NeMo 2.4.0 and what it imports, unpacked'
	@cd $(SITE) && $(CURDIR)/$(BIN)/nemo-run-lint check --select NRL8 --python . --no-respect-gitignore --ignore NRL813 scripts/performance; test $$? -le 1

test: lint .venv-nemo/ready $(CORPUS)/ready $(SITE)/ready  ## everything that CI checks
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -n 2

lint: .venv/ready  ## style, types, and the linter on itself
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/nemo-run-lint check --profile strict .

format: .venv/ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

rules: .venv/ready  ## rules.md, from the rules
	$(BIN)/python -m nemo_run_lint.catalogue

PICTURED := check --select NRL203,NRL401,NRL502 examples/experiments/broken.py

picture: .venv/ready  ## the README's picture of a terminal, from what the command really prints
	$(BIN)/nemo-run-lint $(PICTURED) --color always | \
		$(BIN)/python .ci/picture.py examples/broken.svg --title 'nemo-run-lint $(PICTURED)'

oracle: .venv/ready  ## how the rules agree with scripts that the real nemo_run was given
	$(BIN)/python tests/oracle/measure.py $(CASES)

fuzz: .venv/fuzz-ready $(CORPUS)/ready  ## `make fuzz SECONDS=3600`: made and mutated files through all of it; what fails is kept in .cache/fuzz
	PYTHONPATH=tests $(BIN)/python tests/fuzz/campaign.py --seconds $(or $(SECONDS),600)

bench: .venv-bench/ready $(CORPUS)/ready  ## speed, in ratios, against the peers; writes benchmarks/RESULTS.md
	$(BENCH_BIN)/python -m pip install --quiet --no-deps --force-reinstall .
	$(BENCH_BIN)/python benchmarks/bench.py $(CORPUS) --write benchmarks/RESULTS.md

bench-signatures: .venv/ready $(SITE)/ready  ## what the signature rules know of NeMo, which seeded mistakes they see, what that costs
	$(BIN)/python benchmarks/resolution.py --site $(SITE)
	@echo
	$(BIN)/python benchmarks/mutation.py --site $(SITE)
	@echo
	$(BIN)/python benchmarks/cost.py --site $(SITE)

dist: .venv-release/ready  ## what is released: source, wheel, and in build/ the bill of materials (CycloneDX)
	rm -rf dist $(INSTALLED)
	$(RELEASE_BIN)/python -m build --outdir dist .
	$(PYTHON) -m venv --without-pip $(INSTALLED)
	$(RELEASE_BIN)/python -m pip --python $(INSTALLED) install --quiet dist/*.whl
	$(RELEASE_BIN)/python .ci/sbom.py $(INSTALLED) build/nemo-run-lint.cdx.json

audit: dist  ## known vulnerabilities of what the wheel requires; needs the network, and says so
	$(RELEASE_BIN)/python .ci/audit.py $(INSTALLED)

vsix:  ## the VS Code extension, editors/vscode/nemo-run-lint.vsix; needs npm
	cd editors/vscode && npm install --no-package-lock --no-audit --no-fund --ignore-scripts && npm run package

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@

.venv/fuzz-ready: .venv/ready
	$(BIN)/python -m pip install --quiet --group fuzz
	touch $@

.venv-release/ready: pyproject.toml
	$(PYTHON) -m venv .venv-release
	$(RELEASE_BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(RELEASE_BIN)/python -m pip install --quiet --group release
	touch $@

# The real nemo_run, for the tests that ask it; with an older leptonai, since the newest lacks what 0.11.1 imports, and
# kubernetes, which its Kubernetes back ends import; pytest for the tests that `new` writes.
.venv-nemo/ready: Makefile
	$(PYTHON) -m venv .venv-nemo
	$(NEMO_BIN)/python -m pip install --quiet --upgrade pip
	$(NEMO_BIN)/python -m pip install --quiet nemo_run==0.11.1 leptonai==0.26.7 kubernetes pytest
	touch $@

# The linter as users install it, beside those that it is measured against; Fixit wants an older click.
.venv-bench/ready: Makefile pyproject.toml
	$(PYTHON) -m venv .venv-bench
	$(BENCH_BIN)/python -m pip install --quiet --upgrade pip
	$(BENCH_BIN)/python -m pip install --quiet '.[flake8,server]' fixit==2.2.1 'ruff>=0.12'
	touch $@

# Released code that uses NeMo Run: unpacked and read, never installed, imported or committed.
$(CORPUS)/ready: tests/corpus/fetch.py | .venv/ready
	$(BIN)/python tests/corpus/fetch.py $(CORPUS)
	touch $@

# NeMo beside what its configs name, laid as they would be installed.
$(SITE)/ready: tests/corpus/fetch.py | .venv/ready
	$(BIN)/python tests/corpus/fetch.py --site $(SITE)
	touch $@

clean:
	rm -rf .venv .venv-nemo .venv-bench .venv-release .cache build dist *.egg-info
