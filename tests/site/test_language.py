"""The language switch leads to the same page, at the same heading."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page

from .built import ADDRESS
from .conftest import Open, Visit

pytestmark = pytest.mark.browser

DEEP = "recipes/basic-network/"


def switched(page: Page) -> str:
    """Press the switch; where it led to, below the site's address."""
    switch = page.locator("a.language-switch")
    target = "en" if page.locator("html").get_attribute("lang") == "zh" else "zh"
    switch.click()
    page.wait_for_function(
        "language => document.documentElement.lang === language", arg=target
    )
    return page.url.removeprefix(ADDRESS)


def heading_ids(page: Page) -> list[str]:
    return page.eval_on_selector_all("article h2[id]", "all => all.map(one => one.id)")


def test_the_switch_leads_to_the_twin(visit: Visit):
    switch = visit.shown.locator("a.language-switch")
    assert switch.get_attribute("hreflang") != visit.page.language
    for address in (switch.evaluate("link => link.href"), aimed(switch)):
        assert address == ADDRESS + visit.page.twin


def aimed(switch: Locator) -> str:
    """Where the switch leads once it is about to be used."""
    switch.dispatch_event("pointerenter")
    return switch.evaluate("link => link.href")


@pytest.mark.parametrize("prefix", ["", "en/"], ids=["zh", "en"])
def test_the_switch_keeps_the_heading_of_a_deep_link(open_page: Open, prefix: str):
    shown = open_page(prefix + DEEP)
    ids = heading_ids(shown)
    assert len(ids) > 3
    shown = open_page(f"{prefix}{DEEP}#{ids[2]}")
    other = "en/" if prefix == "" else ""
    assert switched(shown) == f"{other}{DEEP}#{ids[2]}"
    top = shown.locator(f"article h2#{ids[2]}").bounding_box()
    assert top is not None
    assert 0 <= top["y"] < 200


@pytest.mark.parametrize("prefix", ["", "en/"], ids=["zh", "en"])
def test_the_switch_keeps_page_and_heading_after_instant_navigation(
    open_page: Open, prefix: str
):
    shown = open_page(prefix)
    shown.evaluate("window.sameDocument = true")
    shown.locator(f".md-nav--primary a[href$='{DEEP}']").first.click()
    shown.wait_for_url(f"{ADDRESS}{prefix}{DEEP}")
    shown.wait_for_function(
        "document.querySelector('article h1').id === 'basic-network'"
    )
    assert shown.evaluate("window.sameDocument") is True, "navigation was not instant"
    heading = heading_ids(shown)[1]
    shown.locator(f".md-sidebar--secondary a[href$='#{heading}']").click()
    shown.wait_for_url(f"{ADDRESS}{prefix}{DEEP}#{heading}")
    other = "en/" if prefix == "" else ""
    assert switched(shown) == f"{other}{DEEP}#{heading}"
