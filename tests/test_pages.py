"""What holds of all pages together; what holds of each is collected from docs/."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pagecheck.checked import CheckedPage
from pagecheck.config import load_config
from pagecheck.files import read_page
from pagecheck.rules import checks_of

ROOT = Path(__file__).parents[1]
CONFIG = load_config(ROOT)
# Read under the names that the items of pages have for them, and so read once.
PAGES = {file: read_page(file, CONFIG.relative(file)) for file in CONFIG.page_files()}


def test_there_are_pages_in_every_language():
    for folder in CONFIG.pages.values():
        assert sum(file.is_relative_to(folder) for file in PAGES) > 1


def test_each_page_is_described():
    # MkDocs takes a front matter that is no YAML for text of the page, without a word.
    for file in CONFIG.page_files():
        if file.suffix == ".md":
            front = file.read_text("utf-8").split("\n---\n")[0].removeprefix("---\n")
            assert len(yaml.safe_load(front)["description"]) > 15, file


def test_the_items_of_the_pages_are_their_checks_no_two_called_the_same():
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "docs"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout
    items = [line for line in found.splitlines() if line.startswith("docs/")]
    checks = [
        f"{file.relative_to(ROOT).as_posix()}::{check.name}"
        for file in PAGES
        for check in checks_of(CheckedPage(file, CONFIG))
    ]
    assert sorted(items) == sorted({*checks}) == sorted(checks)


@pytest.mark.parametrize("language", CONFIG.pages)
def test_every_recorded_figure_is_drawn_by_exactly_one_page(language):
    folder = CONFIG.pages[language]
    drawn = sorted(
        file.parent / block.image.target
        for file, page in PAGES.items()
        if file.is_relative_to(folder)
        for block in page.blocks
        if block.image
    )
    held = [
        file.parent / target
        for file, page in PAGES.items()
        if file.is_relative_to(folder)
        for target in page.figures
    ]
    assert drawn == sorted([*folder.rglob("*.svg"), *held])


def test_every_translation_of_a_figure_text_is_used():
    figures = [
        file.read_text(encoding="utf-8") for file in ROOT.glob("docs/zh/**/*.svg")
    ]
    figures += [svg for page in PAGES.values() for svg in page.figures.values()]
    for chinese in CONFIG.figure_texts["zh"].values():
        # Lines stand apart in a figure, and numbers in the place of each {}.
        escaped = chinese.replace("&", "&amp;").replace("<", "&lt;")
        words = re.split(r"\n|\{\}", escaped)
        assert any(all(word in figure for word in words) for figure in figures), chinese


@pytest.mark.parametrize("language", CONFIG.pages)
def test_every_caption_is_a_sentence_with_its_full_stop(language):
    stop = {"zh": "。", "en": "."}[language]
    open_ended = [
        f"{CONFIG.relative(file)}:{image.line}: {image.alt[-20:]} … needs a {stop}"
        for file, page in PAGES.items()
        if file.is_relative_to(CONFIG.pages[language])
        for image in page.images
        if not image.alt.endswith(stop)
    ]
    assert not open_ended, "\n".join(open_ended)


def test_all_that_is_to_be_remembered_of_code_is_a_claim_or_has_a_computed_number():
    bare = [
        f"{CONFIG.relative(file)}:{region.line}: {region.text.strip()}"
        for file, page in PAGES.items()
        if any(block.language == "python" for block in page.blocks)
        for region in page.regions
        if (region.kind, page.sections[region.section].slug) == ("item", "remember")
        and not any(region.start <= claim.start < region.end for claim in page.claims)
        and all(number.binding is None for number in region.numbers)
    ]
    assert not bare, "\n".join(bare)


def test_every_name_that_is_listed_stands_on_a_page():
    text = "\n".join(page.text for page in PAGES.values())
    assert [name for name in CONFIG.names if name not in text] == []
