# make serve    both languages at http://127.0.0.1:8000, rebuilt on an edit
# make test     run every page, and all other tests
# make build    the site, into site/
# make record   write outputs, figures and bound numbers into the pages (PAGE=…)
# make mutants  make N mistakes in copies, and see which are noticed (N=500)
# make lint     code, prose and workflows
# make lock     requirements.txt, from pyproject.toml
# make offline  the site as a zip that opens without a server
# make epochs   train XOR for a million epochs again, and compare with the record
# make picture  the READMEs' picture of the site

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed
PAGE ?=
N ?= 500

# The switch that Material names in its notice of its end of life, in May 2027.
# The pages are plain Markdown and move to whatever comes after it.
export NO_MKDOCS_2_WARNING := 1

.PHONY: serve test build record mutants lint lock offline epochs picture

serve: $(INSTALLED)
	$(BIN)/mkdocs serve --dev-addr 127.0.0.1:8000

test: $(INSTALLED)
	$(BIN)/pytest -n auto --dist loadgroup

build: $(INSTALLED)
	$(BIN)/mkdocs build --strict

record: $(INSTALLED)
	$(BIN)/python -m pagecheck record --write $(PAGE)

mutants: $(INSTALLED)
	$(BIN)/python -m pagecheck mutants --number $(N) --write docs/mutants.json
	$(BIN)/python -m pagecheck record --write docs/en/reference/verification.md

lint: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/typos
	$(BIN)/rumdl check --quiet .
	$(BIN)/python .ci/chinese.py $$(git ls-files '*.zh.md' 'docs/zh/*.md')
	$(BIN)/shellcheck .ci/run
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/zizmor --offline --pedantic --quiet .github

lock: $(INSTALLED)
	$(BIN)/python .ci/lock.py

offline: $(INSTALLED)
	OFFLINE=1 $(BIN)/mkdocs build --strict --site-dir .cache/offline/pytorch-recipes
	$(BIN)/python .ci/zip.py .cache/offline pytorch-recipes-offline.zip

epochs: $(INSTALLED)
	$(BIN)/python -m torch_recipes.xor_training

picture: $(INSTALLED)
	$(BIN)/python -m tests.site.picture

# On Linux, PyPI's torch asks for gigabytes of CUDA; the CPU build lies elsewhere.
ifeq ($(shell uname -s),Linux)
TORCH_INDEX := --index-url https://download.pytorch.org/whl/cpu
endif

$(INSTALLED): requirements.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	sed -n '/^torch==/,/[^\\]$$/p' requirements.txt > $(VENV)/torch.txt
	$(BIN)/pip install --quiet --no-deps --require-hashes $(TORCH_INDEX) --requirement $(VENV)/torch.txt
	$(BIN)/pip install --quiet --no-deps --require-hashes --requirement requirements.txt
	$(BIN)/pip install --quiet --no-deps --editable .
	touch $@
