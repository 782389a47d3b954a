"""Axe finds nothing on any page, and the keyboard reaches everything.

Twins have the same structure, so of two the Chinese one is looked at wide and light,
the English one narrow and dark.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

from .built import ADDRESS
from .conftest import NARROW, WIDE, Open, Visit, colour, laid_out

pytestmark = pytest.mark.browser

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
WHOLE = {
    "runOnly": {"type": "tag", "values": [*TAGS, "best-practice"]},
    "resultTypes": ["violations"],
}

RUN = """
async options => {
  // Colours that are still changing are none that a reader reads.
  for (const change of document.getAnimations()) change.finish()
  const {violations} = await axe.run(document, options)
  return violations.map(({id, nodes: [{html, failureSummary}, ...more]}) =>
    `${id}: ${html.slice(0, 200)} and ${more.length} more. ${failureSummary}`)
}
"""


PAINTED = (
    "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
)

# Axe measures the contrast of every word of a program, which is most of its time. Words
# of one block that look the same have the same contrast: of these it is given one.
ONE_WORD_OF_EACH_LOOK = """
() => {
  for (const change of document.getAnimations()) change.finish()
  for (const block of document.querySelectorAll("article pre")) {
    const looks = new Set()
    for (const word of block.querySelectorAll("code span:not(:has(*), [id])")) {
      const {color, backgroundColor, font, opacity} = getComputedStyle(word)
      const look = [color, backgroundColor, font, opacity].join()
      if (looks.has(look)) word.replaceWith(word.textContent)
      looks.add(look)
    }
  }
}
"""


def faults(page: Page, options: dict[str, Any]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return page.evaluate(RUN, options)


def all_faults(page: Page) -> list[str]:
    """What axe finds on a page with all that is folded."""
    laid_out(page)
    page.evaluate(
        "for (const one of document.querySelectorAll('details')) one.open = 1"
    )
    page.evaluate(PAINTED)  # what is too wide now can be scrolled by keyboard
    page.evaluate(ONE_WORD_OF_EACH_LOOK)
    return faults(page, WHOLE)


def test_axe_finds_nothing(visit: Visit):
    page = visit.shown
    if visit.page.language == "en":
        colour(page, "dark")
        page.set_viewport_size(NARROW)
    assert all_faults(page) == []


@pytest.mark.parametrize("prefix", ["", "en/"], ids=["zh", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_something_is_open(
    open_page: Open, prefix: str, scheme: str
):
    page = open_page(
        prefix + "installation/",  # a short page: what opens is the same on all
        color_scheme=scheme,
        locale="zh-CN" if prefix else "en-GB",  # the offer of the other language shows
    )
    assert faults(page, WHOLE) == []
    page.keyboard.press("/")
    page.keyboard.type("sigmoid")
    page.locator(".md-search-result__list > li").first.wait_for()
    assert faults(page, WHOLE) == []
    page.set_viewport_size(NARROW)
    assert faults(page, WHOLE) == []


@pytest.mark.parametrize("prefix", ["", "en/"], ids=["zh", "en"])
def test_axe_finds_nothing_on_the_page_of_a_wrong_address(open_page: Open, prefix: str):
    page = open_page(f"{prefix}no-such-page/", expected="404")
    assert faults(page, WHOLE) == []


FOCUSED = """
() => {
  const one = document.activeElement
  const {outlineStyle, boxShadow} = getComputedStyle(one)
  const {width, height} = one.getBoundingClientRect()
  return [one.tagName, one.className, width * height > 0,
    one.matches(":focus-visible") && (outlineStyle !== "none" || boxShadow !== "none")]
}
"""


@pytest.mark.parametrize("prefix", ["", "en/"], ids=["zh", "en"])
def test_a_page_can_be_walked_by_keyboard(open_page: Open, prefix: str):
    """Tab reaches the skip link, switch, search, blocks and links, and is seen."""
    page = open_page(f"{prefix}recipes/activation-shapes/", viewport=WIDE)
    page.wait_for_load_state("networkidle")
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUSED))
    classes = " ".join(one[1] for one in reached)
    for expected in ("md-skip", "language-switch", "md-search__input", "md-nav__link"):
        assert expected in classes
    assert "md-code__button" in classes
    for name, kind, visible, _ in reached:
        # The list of the search is seen once it is open.
        seen_elsewhere = "md-search__scrollwrap"
        assert visible or name == "BODY" or kind.startswith(seen_elsewhere), kind
    assert page.url.startswith(ADDRESS)


@pytest.mark.parametrize("prefix", ["", "en/"], ids=["zh", "en"])
def test_what_a_pointer_does_the_keyboard_does(open_page: Open, prefix: str):
    """Skip to the text, unfold a solution, copy a block, scroll a wide table."""
    page = open_page(
        f"{prefix}recipes/activation-functions/",
        viewport=NARROW,
        permissions=["clipboard-read", "clipboard-write"],
    )
    page.keyboard.press("Tab")
    expect(page.locator(".md-skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("article :target")).to_be_attached()
    page.evaluate(PAINTED)  # only then Tab goes on from here
    page.keyboard.press("Tab")
    expect(page.locator("article :focus")).to_be_attached()

    solution = page.locator("details").first
    solution.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(solution).to_have_attribute("open", "")

    block = page.locator(".language-python.highlight").nth(1)
    block.locator(".copy-runnable").focus()
    page.keyboard.press("Enter")
    expect(block.locator(".copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("import")
    assert copied.rstrip().endswith(block.locator("code").inner_text().rstrip())

    wide = page.locator(".table").last
    expect(wide).to_have_attribute("tabindex", "0")
    wide.focus()
    page.keyboard.press("ArrowRight")
    expect(wide).not_to_have_js_property("scrollLeft", 0)
