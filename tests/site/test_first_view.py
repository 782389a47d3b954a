"""A page is laid out from its first view on; readers find every place as it was."""

import time

import pytest

from .conftest import Open, expect, laid_out

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site-first-view")]

NO_SCRIPTS = {"java_script_enabled": False}
PAGES = ["recipes/basic-network/", "en/reference/api/"]  # unlike in what they hold
WAITING = """() => [...document.querySelectorAll("article *")]
  .filter(one => getComputedStyle(one).contentVisibility === "auto").length"""


def at_a_late_heading(keep_page: Open, path: str):
    late = "[...document.querySelectorAll('article :is(h2, h3)[id]')].at(-3).id"
    page = keep_page(f"{path}#{keep_page(path, **NO_SCRIPTS).evaluate(late)}")
    laid_out(page)
    return page


@pytest.mark.parametrize("path", PAGES)
def test_what_is_below_waits_on_a_screen_and_then_is_laid_out(keep_page: Open, path):
    early = keep_page(path, **NO_SCRIPTS)
    early.emulate_media(media="print")
    assert early.evaluate(WAITING) == 0
    early.emulate_media(media="screen")
    assert early.evaluate(WAITING) > 20
    assert at_a_late_heading(keep_page, path).evaluate(WAITING) == 0


@pytest.mark.parametrize("path", PAGES)
def test_no_file_of_a_script_is_waited_for(keep_page: Open, path: str):
    files = keep_page(path, **NO_SCRIPTS).locator("script[src]")
    waits = "one => !one.defer && one.type !== 'module'"
    assert files.count() >= 4
    assert files.evaluate_all(f"all => all.filter({waits}).map(one => one.src)") == []


@pytest.mark.parametrize("path", PAGES)
def test_a_link_to_a_heading_ends_there(keep_page: Open, path: str):
    page = at_a_late_heading(keep_page, path)
    top = page.locator(":target").evaluate("one => one.getBoundingClientRect().top")
    assert (
        0 <= top <= 2 * page.locator(".md-header").evaluate("one => one.offsetHeight")
    )


def test_the_way_back_ends_where_it_began(keep_page: Open):
    """From a shorter page too, on a slow line: its end does not become the place."""
    page = at_a_late_heading(keep_page, PAGES[0])
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

    page.route(f"**/{PAGES[0]}", lambda route: time.sleep(0.5) or route.continue_())
    page.go_back()
    expect(heading).to_have_text(title)
    page.wait_for_function("y => Math.abs(scrollY - y) < 5", arg=left)
