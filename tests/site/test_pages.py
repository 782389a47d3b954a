"""A page of each type in a browser: whole, quiet, in two widths."""

from __future__ import annotations

import pytest

from pagecheck.files import read_page

from .conftest import NARROW, PAPER, WIDE, Visit, colour, expect

pytestmark = pytest.mark.browser


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
  for (let n = 0; n < 100 && one.scrollWidth > one.clientWidth; n++)
    await new Promise(resolve => setTimeout(resolve, 30))
  return one.scrollWidth <= one.clientWidth // less where room is kept for a scroll bar
}
"""

SCROLLING_TABLES = """() => [...document.querySelectorAll(".table")]
  .filter(one => one.scrollWidth > one.clientWidth).map(one => one.textContent)"""


def test_a_page_is_whole_in_both_widths_and_palettes(visit: Visit):
    shown = visit.shown
    assert shown.evaluate(IMAGES) == []
    for (scheme, paper), size in zip(PAPER.items(), (WIDE, NARROW), strict=True):
        colour(shown, scheme)
        shown.set_viewport_size(size)
        expect(shown.locator("body")).to_have_css("background-color", paper)
        assert shown.evaluate(AS_WIDE_AS_THE_SCREEN), size
        assert size == NARROW or shown.evaluate(SCROLLING_TABLES) == []
