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

DEEP = "recipes/basic-network/"


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


def heading_ids(page: Page) -> list[str]:
    return page.eval_on_selector_all("article h2[id]", "all => all.map(one => one.id)")


@pytest.mark.parametrize("path", ["", DEEP], ids=["home", "deep"])
@pytest.mark.parametrize("prefix", ["", "en/"], ids=["zh", "en"])
def test_the_switch_leads_to_the_twin(open_page: Open, prefix: str, path: str):
    switch = open_page(prefix + path).locator("a.language-switch")
    switch.dispatch_event("pointerenter")  # then it is aimed
    other = "en/" if prefix == "" else ""
    assert switch.evaluate("link => link.href") == ADDRESS + other + path


@pytest.mark.parametrize("prefix", ["", "en/"], ids=["zh", "en"])
def test_the_switch_keeps_the_heading_of_a_deep_link(open_page: Open, prefix: str):
    shown = open_page(prefix + DEEP)
    ids = heading_ids(shown)
    assert len(ids) > 3
    shown = open_page(f"{prefix}{DEEP}#{ids[2]}")
    other = "en/" if prefix == "" else ""
    assert switched(shown) == f"{other}{DEEP}#{ids[2]}"
    # The page scrolls there once it is laid out.
    shown.wait_for_function(AT_THE_TOP, arg=ids[2])


@pytest.mark.parametrize("prefix", ["", "en/"], ids=["zh", "en"])
def test_the_switch_keeps_page_and_heading_after_instant_navigation(
    open_page: Open, prefix: str
):
    shown = open_page(prefix)
    shown.evaluate("window.sameDocument = true")
    shown.locator(f".md-nav--primary a[href$='{DEEP}']").first.click()
    shown.wait_for_url(f"{ADDRESS}{prefix}{DEEP}")
    expect(shown.locator("article h1")).to_have_id("basic-network")
    assert shown.evaluate("window.sameDocument") is True, "navigation was not instant"
    heading = heading_ids(shown)[1]
    shown.locator(f".md-sidebar--secondary a[href$='#{heading}']").click()
    shown.wait_for_url(f"{ADDRESS}{prefix}{DEEP}#{heading}")
    other = "en/" if prefix == "" else ""
    assert switched(shown) == f"{other}{DEEP}#{heading}"


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
    ("prefix", "reader", "offered"),
    [
        ("", "en-GB", "en"),
        ("", "zh-TW", ""),
        ("", "fr-FR", "en"),
        ("en/", "zh-CN", "zh"),
        ("en/", "en-US", ""),
        ("en/", "fr-FR", ""),
    ],
)
def test_a_first_visit_offers_the_reader_s_language(
    open_page: Open, prefix: str, reader: str, offered: str
):
    page = open_page(prefix + DEEP, locale=reader)
    offer = page.locator(".language-offer")
    page.locator("[data-md-color-scheme]").first.wait_for()
    assert page.url == ADDRESS + prefix + DEEP, "nobody is led elsewhere unasked"
    expect(offer).to_be_visible(visible=bool(offered))
    if offered:
        assert offer.get_attribute("lang") == offered
        offer.locator("a").click()
        page.wait_for_url(ADDRESS + ("en/" if offered == "en" else "") + DEEP)
        expect(page.locator(".language-offer")).to_be_hidden()


def test_an_offer_turned_down_is_not_made_again(open_page: Open):
    page = open_page("", locale="en-GB")
    page.locator(".language-offer button").click()
    expect(page.locator(".language-offer")).to_be_hidden()
    page.goto(ADDRESS + DEEP)
    page.wait_for_load_state("networkidle")
    expect(page.locator(".language-offer")).to_be_hidden()


@pytest.mark.parametrize("prefix", ["", "en/"], ids=["zh", "en"])
def test_an_address_without_a_page_is_answered_in_both_languages(
    open_page: Open, prefix: str
):
    page = open_page(f"{prefix}recipes/no-such-page/", expected="status 404|404")
    for language, home in (("zh", ADDRESS), ("en", f"{ADDRESS}en/")):
        sentence = page.locator(f"article p[lang={language}]")
        expect(sentence).to_be_visible()
        assert sentence.locator("a").evaluate("link => link.href") == home
