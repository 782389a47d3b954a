"""Axe finds nothing on any page, and the keyboard reaches everything.

Twins have the same structure, so of two the Chinese one is looked at wide and light,
the English one narrow and dark.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python
import pytest

from .conftest import NARROW, WIDE, Open, Visit, colour, expect, laid_out

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

pytestmark = pytest.mark.browser

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
WHOLE = {
    "runOnly": {"type": "tag", "values": [*TAGS, "best-practice"]},
    "resultTypes": ["violations"],
    "preload": False,  # of styles and films for rules that are not run: a fourth of it
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


@pytest.mark.parametrize("prefix", ["", "en/"], ids=["zh-light", "en-dark"])
def test_axe_finds_nothing_where_something_is_open(open_page: Open, prefix: str):
    page = open_page(
        prefix + "installation/",  # a short page: what opens is the same on all
        color_scheme="dark" if prefix else "light",
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
  for (const change of document.getAnimations()) change.finish()
  const one = document.activeElement
  const {outlineStyle, boxShadow} = getComputedStyle(one)
  const {left, right, top, bottom} = one.getClientRects()[0] // of two lines, the first
  const [x, y] = [(Math.max(left, 0) + Math.min(right, innerWidth)) / 2,
    (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2]
  const seen = document.elementFromPoint(x, y)
  return [one.tagName, one.className, one.contains(seen) || seen?.contains(one),
    one.matches(":focus-visible") && (outlineStyle !== "none" || boxShadow !== "none")]
}
"""
"""What has the focus, whether it is seen at its middle, and whether it is marked."""


@pytest.mark.parametrize(
    ("prefix", "viewport"), [("", WIDE), ("en/", NARROW)], ids=["zh-wide", "en-narrow"]
)
def test_a_page_can_be_walked_by_keyboard(
    open_page: Open, prefix: str, viewport: ViewportSize
):
    """Tab reaches the skip link, switch, search, blocks and links, and each is seen."""
    page = open_page(f"{prefix}recipes/activation-shapes/", viewport=viewport)
    page.wait_for_load_state("networkidle")
    laid_out(page)
    reached = []
    for _ in range(100):
        page.keyboard.press("Tab")
        page.evaluate(PAINTED)
        reached.append(page.evaluate(FOCUSED))
    classes = " ".join(one[1] for one in reached)
    wide = viewport == WIDE
    for expected in ("md-skip", "language-switch", "md-search__input"):
        assert expected in classes
    assert "md-code__button" in classes
    assert ("md-nav__link" in classes) == wide  # the menu of a narrow screen is closed
    hidden = [one for one in reached if not one[2]]
    assert hidden == []
    unmarked = [one for one in reached if not one[3] and one[0] != "BODY"]
    assert [one[1].split()[0] for one in unmarked] in ([], ["md-search__input"])


@pytest.mark.parametrize("prefix", ["", "en/"], ids=["zh", "en"])
def test_the_menu_of_a_narrow_screen_is_used_by_keyboard(open_page: Open, prefix: str):
    """It opens at the page that is read, shows its contents, and closes behind Tab."""
    page = open_page(f"{prefix}recipes/basic-network/", viewport=NARROW)
    name = "Menu" if prefix else "菜单"
    menu = page.get_by_role("button", name=name, expanded=False)
    side = page.locator(".md-sidebar--primary")
    expect(side.get_by_role("link")).to_have_count(0)  # none that nobody sees

    menu.press("Enter")
    contents = side.get_by_role("button", expanded=False)
    expect(contents).to_be_focused()
    expect(contents).to_be_in_viewport()
    expect(
        side.get_by_role("link", name="XOR" if prefix else "异或").last
    ).to_be_visible()
    laid_out(page)
    assert faults(page, WHOLE) == []

    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    first = side.locator("a[href$='#problem']")
    expect(first).to_be_focused()
    expect(first).to_be_in_viewport()

    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=name, expanded=False)).to_be_focused()
    expect(side.get_by_role("link")).to_have_count(0)

    page.keyboard.press("Enter")
    page.locator(".language-switch").focus()
    expect(menu).to_be_visible()  # closed, since the focus is elsewhere

    menu.press("Enter")
    other = side.locator("a[href$='recipes/activation-shapes/']")
    other.press("Enter")
    expect(page.locator("h1#activation-shapes")).to_be_visible()
    expect(menu).to_be_visible()
    menu.press("Enter")
    expect(side.get_by_role("button", expanded=False)).to_be_focused()


@pytest.mark.parametrize("prefix", ["", "en/"], ids=["zh", "en"])
def test_the_search_of_a_narrow_screen_has_a_button(open_page: Open, prefix: str):
    page = open_page(f"{prefix}installation/", viewport=NARROW)
    page.get_by_role("button", name="Search" if prefix else "搜索").press("Enter")
    expect(page.locator(".md-search__input")).to_be_focused()


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
    assert block.locator("code").inner_text().rstrip() in copied

    wide = page.locator(".table[tabindex='0']").first
    wide.focus()
    page.keyboard.press("ArrowRight")
    expect(wide).not_to_have_js_property("scrollLeft", 0)
