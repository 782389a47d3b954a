"""Every page of the built site, in a browser: whole, quiet, in two widths."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from pagecheck.page import read_page

from .built import site_pages
from .conftest import NARROW, PAPER, WIDE, Visit, colour

pytestmark = pytest.mark.browser


def test_the_site_has_a_page_for_each_file_and_no_other(site: Path):
    built = {str(file.relative_to(site)) for file in site.rglob("*.html")}
    assert built == {f"{page.path}index.html" for page in site_pages()} | {
        "404.html",
        "en/404.html",
    }


def test_both_languages_have_the_same_pages():
    chinese, english = (
        {page.name for page in site_pages() if page.language == language}
        for language in ("zh", "en")
    )
    assert chinese == english


IMAGES = """
async () => {
  const empty = []
  for (const image of document.images) {
    image.loading = "eager"
    await image.decode().catch(() => empty.push(image.src))
    if (!image.naturalWidth || !image.naturalHeight) empty.push(image.src)
  }
  return empty
}
"""

AS_WIDE_AS_THE_SCREEN = """
async () => {
  const one = document.documentElement
  for (let n = 0; n < 100 && one.scrollWidth !== one.clientWidth; n++)
    await new Promise(resolve => setTimeout(resolve, 30))
  return one.scrollWidth === one.clientWidth
}
"""


def test_a_page_is_whole_in_both_widths_and_palettes(visit: Visit):
    shown = visit.shown
    assert shown.locator("html").get_attribute("lang") == visit.page.language
    assert shown.locator("article h1").count() == 1
    for scheme, paper in PAPER.items():
        colour(shown, scheme)
        expect(shown.locator("body")).to_have_css("background-color", paper)
        for size in (WIDE, NARROW):
            shown.set_viewport_size(size)
            assert shown.evaluate(AS_WIDE_AS_THE_SCREEN), (scheme, size)
            assert shown.evaluate(IMAGES) == []


NOT_FOR_READERS = re.compile(
    r'"(?:cell_type|nbformat|metadata)":|Traceback \(most recent call last\)'
    r"|<!--|\{\{|\{%|\]\(|\*\*|\{ *#"
)
LATEX = re.compile(r"\\[a-zA-Z]+|\$")

PROSE = """
() => {
  const article = document.querySelector("article").cloneNode(true)
  for (const one of article.querySelectorAll("code, pre, annotation")) one.remove()
  return article.textContent
}
"""


def test_nothing_of_the_making_is_left_on_a_page(visit: Visit):
    prose = visit.shown.evaluate(PROSE)
    assert not NOT_FOR_READERS.findall(prose)
    assert not LATEX.findall(prose)


def test_every_displayed_formula_is_mathml(visit: Visit):
    text = re.sub(
        r"^( *)```.*?^\1```",
        "",
        read_page(visit.page.source).text,
        flags=re.MULTILINE | re.DOTALL,
    )
    formulas = len(re.findall(r"^ *\$\$", text, re.MULTILINE)) // 2
    assert visit.shown.locator("article .formula > math").count() == formulas


CODE = ":is(.language-python, .language-bash):not(.doc *) .copy"

COPIED = """
async selector => {
  const copied = []
  for (const details of document.querySelectorAll("details")) details.open = true
  for (const button of document.querySelectorAll(selector)) {
    await navigator.clipboard.writeText("nothing was copied")
    button.click()
    copied.push(await navigator.clipboard.readText())
  }
  return copied
}
"""


def test_the_copy_button_copies_the_block(visit: Visit):
    blocks = [block.code.rstrip() for block in read_page(visit.page.source).blocks]
    expect(visit.shown.locator(CODE)).to_have_count(len(blocks))
    assert visit.shown.evaluate(COPIED, CODE) == blocks
