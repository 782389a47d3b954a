"""A page is laid out from its first view on; readers find every place as it was."""

import time

import pytest

from .conftest import WIDE, Open, expect, laid_out

pytestmark = pytest.mark.browser

PAGES = ["recipes/basic-network/", "en/recipes/basic-network/", "en/reference/api/"]

WAITING = """() => [...document.querySelectorAll("article *")]
  .filter(one => getComputedStyle(one).contentVisibility === "auto").length"""


@pytest.mark.parametrize("path", PAGES)
def test_what_is_below_waits_and_then_all_is_laid_out(open_page: Open, path: str):
    page = open_page(path, java_script_enabled=False)
    assert page.evaluate(WAITING) > 20
    page = open_page(path)
    laid_out(page)
    assert page.evaluate(WAITING) == 0


@pytest.mark.parametrize("path", PAGES)
def test_no_file_of_a_script_is_waited_for(open_page: Open, path: str):
    files = open_page(path, java_script_enabled=False).locator("script[src]")
    waits = "one => !one.defer && one.type !== 'module'"
    assert files.count() >= 4
    assert files.evaluate_all(f"all => all.filter({waits}).map(one => one.src)") == []


def test_on_paper_nothing_waits(open_page: Open):
    page = open_page(PAGES[0], java_script_enabled=False)
    page.emulate_media(media="print")
    assert page.evaluate(WAITING) == 0


@pytest.mark.parametrize("path", PAGES)
def test_a_link_to_a_heading_ends_there(open_page: Open, path: str):
    last = "[...document.querySelectorAll('article :is(h2, h3)[id]')].at(-3).id"
    page = open_page(f"{path}#{open_page(path).evaluate(last)}")
    laid_out(page)
    top = page.locator(":target").evaluate("one => one.getBoundingClientRect().top")
    header = page.locator(".md-header").evaluate("one => one.offsetHeight")
    assert 0 <= top <= 2 * header


def test_the_way_back_ends_where_it_began(open_page: Open):
    """From a shorter page too, on a slow line: its end does not become the place."""
    page = open_page("en/recipes/basic-network/", viewport=WIDE)
    laid_out(page)
    page.locator(".md-footer__link--next").scroll_into_view_if_needed()
    left = page.evaluate("scrollY")
    assert left > 2000
    page.wait_for_function("y => history.state?.y === y", arg=left)  # kept by Material
    heading = page.locator("h1")
    title = heading.inner_text()
    page.locator(".md-sidebar--primary a[href$='/installation/']").click()
    expect(heading).not_to_have_text(title)
    assert page.evaluate("document.documentElement.scrollHeight") < left
    page.wait_for_function("() => history.state?.y === scrollY")  # and this one's too

    def late(route):
        time.sleep(0.5)
        route.continue_()

    page.route("**/recipes/basic-network/", late)
    page.go_back()
    expect(heading).to_have_text(title)
    page.wait_for_function("y => Math.abs(scrollY - y) < 5", arg=left)
