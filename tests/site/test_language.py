"""The language switch leads to the same page, at the same heading."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from .built import ADDRESS, site_pages
from .conftest import Open, expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

DEEP, SHORT = "installation/", "about/cite/"
OTHER = {"": "en/", "en/": ""}
in_both = pytest.mark.parametrize("prefix", OTHER, ids=["zh", "en"])

AT_THE_TOP = """
id => {
  const top = document.getElementById(id)?.getBoundingClientRect().top
  return 0 <= top && top < 200
}
"""


def switched(page: Page) -> str:
    """Press the switch; where it led to, below the site's address."""
    switch = page.locator("a.language-switch")
    target = "en" if page.locator("html").get_attribute("lang") == "zh" else "zh"
    switch.click()
    expect(page.locator("html")).to_have_attribute("lang", target)
    return page.url.removeprefix(ADDRESS)


def aimed(page: Page) -> str:
    switch = page.locator("a.language-switch")
    switch.dispatch_event("pointerenter")  # then it is aimed
    return switch.evaluate("link => link.href").removeprefix(ADDRESS)


@in_both
def test_the_switch_keeps_page_and_heading(open_page: Open, prefix: str):
    """After instant navigation and at a deep link too; `#%` is no heading."""
    shown = open_page(f"{prefix}#%")
    assert aimed(shown) == OTHER[prefix]
    shown.evaluate("window.sameDocument = true")
    shown.locator(f".md-nav--primary a[href$='{DEEP}']").first.click()
    shown.wait_for_url(f"{ADDRESS}{prefix}{DEEP}")
    expect(shown.locator("article h1")).to_have_id("installation")
    assert shown.evaluate("window.sameDocument") is True, "navigation was not instant"
    assert aimed(shown) == OTHER[prefix] + DEEP
    ids = "all => all.map(one => one.id)"
    heading = shown.locator("article h2[id]").evaluate_all(ids)[2]
    shown.locator(f".md-sidebar--secondary a[href$='#{heading}']").click()
    shown.wait_for_url(f"{ADDRESS}{prefix}{DEEP}#{heading}")
    assert switched(shown) == f"{OTHER[prefix]}{DEEP}#{heading}"
    # The page scrolls there once it is laid out.
    shown.wait_for_function(AT_THE_TOP, arg=heading)
    assert aimed(shown) == f"{prefix}{DEEP}#{heading}"


def addresses(sitemap: Path) -> list[str]:
    return re.findall("<loc>(.*?)</loc>", sitemap.read_text("utf-8"))


def test_the_sitemap_has_all_pages_of_both_languages(site: Path):
    pages = sorted(ADDRESS + page.path for page in site_pages())
    assert sorted(addresses(site / "sitemap.xml")) == pages
    english = [page for page in pages if page.startswith(f"{ADDRESS}en/")]
    assert sorted(addresses(site / "en" / "sitemap.xml")) == english


def test_the_sitemap_tells_of_each_page_in_which_languages_it_is(site: Path):
    for entry in ElementTree.parse(site / "sitemap.xml").getroot():
        links = [element.attrib for element in entry if element.tag.endswith("}link")]
        assert [link["hreflang"] for link in links] == ["zh", "en", "x-default"]
        assert entry[0].text in {link["href"] for link in links}


@pytest.mark.parametrize(
    ("reader", "own"), [("en-GB", "en/"), ("zh-TW", ""), ("fr-FR", "en/")]
)
def test_a_first_visit_offers_the_reader_s_language(
    open_page: Open, reader: str, own: str
):
    page = open_page(own + SHORT, locale=reader)
    offer = page.locator(".language-offer")
    expect(offer).to_be_hidden()
    assert page.url == ADDRESS + own + SHORT
    page.goto(ADDRESS + OTHER[own] + SHORT)
    expect(offer).to_be_visible()
    assert page.url == ADDRESS + OTHER[own] + SHORT, "nobody is led elsewhere unasked"
    assert offer.get_attribute("lang") == ("en" if own else "zh")
    if reader == "fr-FR":  # and turns it down, so that it is not made again
        offer.locator("button").click()
        expect(offer).to_be_hidden()
        page.goto(ADDRESS + DEEP)
        page.wait_for_load_state("networkidle")
    else:
        offer.locator("a").click()
        page.wait_for_url(ADDRESS + own + SHORT)
    expect(offer).to_be_hidden()


@in_both
def test_an_address_without_a_page_is_answered_in_both_languages(
    open_page: Open, prefix: str
):
    page = open_page(
        f"{prefix}recipes/no-such-page/", expected="404", java_script_enabled=False
    )
    for language, home in (("zh", ADDRESS), ("en", f"{ADDRESS}en/")):
        sentence = page.locator(f"article p[lang={language}]")
        expect(sentence).to_be_visible()
        assert sentence.locator("a").evaluate("link => link.href") == home
