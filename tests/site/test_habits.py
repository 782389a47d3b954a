"""Phones, keys, colours of one's own, nothing kept: readers have their habits."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest

from .built import ADDRESS, ROOT
from .conftest import NARROW, WIDE, Open, expect, laid_out

pytestmark = pytest.mark.xdist_group("site-habits")

if TYPE_CHECKING:
    from playwright.sync_api import Route

PAGE = "recipes/basic-network/"

UNDER_BUTTONS = """
() => [...document.querySelectorAll("article pre:has(> .md-code__nav)")].filter(pre => {
  const nav = pre.querySelector(".md-code__nav").getBoundingClientRect()
  const text = document.createRange()
  text.selectNodeContents(pre.querySelector("code"))
  return [...text.getClientRects()].some(({left, right, top, bottom}) =>
    left < nav.right && right > nav.left && top < nav.bottom && bottom > nav.top)
}).map(pre => pre.textContent)
"""


@pytest.fixture(params=["", "en/"], ids=["zh", "en"])
def page(keep_page: Open, request: pytest.FixtureRequest):
    return keep_page(request.param + PAGE, has_touch=True)


@pytest.mark.browser
@pytest.mark.parametrize("path", [PAGE, "en/further/plateau/"])
def test_no_code_is_under_the_buttons(keep_page: Open, path: str):
    page = keep_page(path, viewport=NARROW)
    page.evaluate("for (const e of document.querySelectorAll('details')) e.open = true")
    expect(page.locator(".copy").first).to_be_visible()
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        assert page.evaluate(UNDER_BUTTONS) == [], size


@pytest.mark.browser
def test_lines_are_wrapped_on_a_phone_that_was_asked_to(keep_page: Open):
    page = keep_page(f"en/{PAGE}", viewport=NARROW)
    wrap = page.locator(".wrap-lines").first
    too_long = "all => all.filter(one => one.scrollWidth > one.clientWidth).length"
    assert page.locator("article pre > code").evaluate_all(too_long) > 0
    wrap.press("Enter")
    expect(wrap).to_have_attribute("aria-pressed", "true")
    assert page.locator("article pre > code").evaluate_all(too_long) == 0
    page.goto(ADDRESS + PAGE)  # in either language
    expect(wrap).to_have_attribute("aria-pressed", "true")
    assert page.locator("article pre > code").evaluate_all(too_long) == 0
    wrap.press("Enter")
    page.goto(f"{ADDRESS}en/{PAGE}")
    expect(wrap).to_have_attribute("aria-pressed", "false")


@pytest.mark.browser
def test_a_figure_is_enlarged_by_keyboard_and_by_pointer(page):
    figure, large = page.locator("a.enlarge").first, page.locator("dialog.enlarged")
    size = figure.locator("img").bounding_box()
    for enlarge in (figure.click, lambda: figure.press("Enter")):
        enlarge()
        shown = large.locator("img")
        expect(shown).to_have_js_property("complete", True)
        assert shown.bounding_box()["width"] > 1.2 * size["width"]
        assert shown.get_attribute("alt") == figure.locator("img").get_attribute("alt")
        page.keyboard.press("Escape")
        expect(large).to_have_count(0)
        expect(figure).to_be_focused()


@pytest.mark.browser
def test_a_term_is_explained_by_pointer_key_and_finger(page):
    laid_out(page)
    page.evaluate("moved.length = 0")
    term = page.locator("glossary-term").nth(2)
    word, tip = term.get_by_role("button"), term.get_by_role("status")
    other = page.locator("glossary-term").nth(4).get_by_role("button")

    def tab_to_it() -> None:
        other.focus()
        while not word.evaluate("one => one === document.activeElement"):
            page.keyboard.press("Shift+Tab")

    for ask in (word.hover, word.tap, tab_to_it):
        ask()
        expect(tip.get_by_role("link")).to_be_visible()
        expect(word).to_have_attribute("aria-expanded", "true")
        expect(tip).to_be_in_viewport(ratio=1)
        page.keyboard.press("Escape")
        expect(tip).to_have_count(0)
        expect(word).to_have_attribute("aria-expanded", "false")
        page.mouse.move(0, 0)
    word.press("Enter")
    other.tap()  # elsewhere
    expect(tip).to_have_count(0)
    assert page.evaluate("moved") == []
    word.press("Enter")
    page.keyboard.press("Tab")  # to the page that introduces the term
    address = page.evaluate("document.activeElement.href")
    page.keyboard.press("Enter")
    page.wait_for_url(address)
    page.go_back()
    expect(page.locator("h1#basic-network")).to_be_visible()


@pytest.mark.browser
def test_a_browser_that_keeps_nothing_shows_the_page(open_page: Open):
    page = open_page("assets/favicon.svg", expected="favicon.ico")
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', "
        "{get() { throw new DOMException('Nothing is kept', 'SecurityError') }})"
    )
    page.goto(f"{ADDRESS}en/{PAGE}")
    button = page.locator(".palette button:visible")
    button.click()
    expect(button).to_have_attribute("title", re.compile("^Light"))
    for made in (".table", ".copy"):
        expect(page.locator(made).first).to_be_visible()


@pytest.mark.browser
def test_a_long_fold_begins_on_the_sheet_where_it_is_met(open_page: Open):
    from pypdf import PdfReader  # slow to import

    page = open_page("en/start/neural-network/")
    page.wait_for_selector("html.complete", state="attached")
    first = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages[0]
    assert "import matplotlib.pyplot as plt" in first.extract_text()


@pytest.mark.browser
def test_keys_lead_to_the_pages_before_and_after(page):
    page.locator(".copy").first.wait_for()
    for key, heading in (("n", "tensor-differentiation"), ("p", "basic-network")):
        page.keyboard.press(key)
        expect(page.locator(f"h1#{heading}")).to_be_visible()


@pytest.mark.browser
def test_buttons_are_seen_in_the_reader_s_own_colours(page):
    page.emulate_media(forced_colors="active")
    page.locator(".copy").first.wait_for()
    signs = (".copy", ".md-sidebar--primary .md-status", "article summary")
    ground, *icons = page.evaluate(
        "signs => [getComputedStyle(document.body), ...signs.map("
        "sign => getComputedStyle(document.querySelector(sign), '::after'))]"
        ".map(style => style.backgroundColor)",
        signs,
    )
    page.emulate_media(forced_colors="none")
    assert ground not in icons


BAR = """() => {
  const bar = document.querySelector(".md-progress")
  const {width, height} = bar.getBoundingClientRect()
  return width > 60 && height > 3 && getComputedStyle(bar).opacity === "1"
}"""


@pytest.mark.browser
def test_a_tap_on_a_slow_line_is_answered_by_a_bar(open_page: Open):
    page = open_page(f"en/{PAGE}", viewport=NARROW)
    page.locator(".copy").first.wait_for()
    kept: list[Route] = []

    def keep(route: Route) -> None:
        kept.append(route)

    page.route("**/tensor-differentiation/", keep)
    page.locator(".md-footer__link--next").click()
    page.wait_for_function(BAR)
    kept[0].continue_()
    expect(page.locator("h1#tensor-differentiation")).to_be_visible()


def test_style_sheets_are_written_for_browsers_of_2023(site):
    """They knew nesting with `&` only, masks by their prefix, and no light-dark()."""
    css = (ROOT / "theme/assets/css/explorers.css").read_text("utf-8")
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    assert re.findall(r"^ +[a-z][a-z0-9]*(?:[ .:>\[][^{};]*)?[,{]$", css, re.M) == []
    css = (ROOT / "theme/assets/css/site.css").read_text("utf-8")
    assert len(re.findall(r"[ {]mask:", css)) == css.count("-webkit-mask:") > 0
    for file in site.rglob("all.*.css"):
        assert "light-dark(" not in file.read_text("utf-8")
