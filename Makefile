# make run    set up, build the index of corpus/ if there is none that this version reads, serve the page on 127.0.0.1
# make test   set up, run every check
# make eval   set up, evaluate, and refresh eval/report.md with its plots
PYTHON ?= python3
PORT ?= $(or $(NAVO_QA_PORT),8000)
BIN := .venv/bin
READY := .venv/.ready
INDEX := embeddings/indexes/corpus
GOLD := eval/gold/corpus.jsonl
DISTRACTORS := $(wildcard ../shared/data/distractors)

.PHONY: run test lint gate eval clean
.DELETE_ON_ERROR:

run: $(READY)
	@$(BIN)/navo-qa search NAVO --index $(INDEX) --json >/dev/null 2>&1 || { \
		echo "navo-qa: no index that this version reads, building one of corpus/"; \
		$(BIN)/navo-qa build corpus --index $(INDEX); }
	@$(BIN)/navo-qa serve --index $(INDEX) --port $(PORT)

test: lint
	@if [ "$$(id -u)" -eq 0 ]; then \
		sh scripts/system-packages.sh >/dev/null || echo "navo-qa: without these, some tests are skipped"; fi
	@echo "navo-qa: running the tests"
	@$(BIN)/pytest
	@$(MAKE) --no-print-directory gate

gate: $(READY)
	@echo "navo-qa: asking the dev questions, for the quality gate"
	@$(BIN)/navo-qa build corpus --index $(INDEX)
	@$(BIN)/navo-qa eval --gold $(GOLD) --index $(INDEX) --split dev --config hybrid --gate eval/gate.toml \
		--out eval/runs/gate

eval: $(READY)
	@$(BIN)/navo-qa build corpus --index $(INDEX)
	@$(BIN)/navo-qa eval --gold $(GOLD) --index $(INDEX) --corpus corpus --perturb --report eval/report.md \
		$(if $(DISTRACTORS),--distractors $(DISTRACTORS) --size 5 --size 20) --config hybrid --config dense --config lexical \
		--config hybrid,lexicon=off --config hybrid,sentences=0 --config hybrid,preference=0 --config hybrid,before=0,document=0,length=0,asks=0 --config hybrid,fusion=rrf --config hybrid,rerank=off

lint: $(READY)
	@echo "navo-qa: checking style, types and the shape of the code"
	@$(BIN)/ruff check src tests scripts embeddings/recipe
	@$(BIN)/ruff format --check --quiet src tests
	@$(BIN)/mypy

clean:
	rm -rf .venv $(INDEX) dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# torch first, by its exact pin: whatever asks for it later takes what is there.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "navo-qa needs Python 3.11 or later; set PYTHON=python3.12, say"; exit 1; }
	@echo "navo-qa: setting up .venv (once; two to four minutes)"
	@$(PYTHON) -m venv .venv
	@echo "navo-qa: installing PyTorch for the CPU"
	@$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt torch==2.13.0
	@echo "navo-qa: installing navo-qa and what it needs"
	@$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $(READY)
