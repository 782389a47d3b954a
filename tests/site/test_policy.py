"""The Content Security Policy is in force; that every page has it, test_built.py sees.

That nothing on the site breaks it is seen by all other tests of this folder: whatever
is stopped by a policy is a complaint that fails the test which opened the page.
"""

from __future__ import annotations

import pytest

from .built import ADDRESS
from .conftest import PAPER, Open, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site-policy")]

TRY = """
async ([kind, host]) => {
  const stopped = new Promise(resolve => {
    addEventListener("securitypolicyviolation", e => resolve(e.effectiveDirective))
    setTimeout(resolve, 1000, "let through")
  })
  const make = (tag, properties) =>
    document.body.append(Object.assign(document.createElement(tag), properties))
  if (kind === "script") make("script", {textContent: "window.ran = true"})
  if (kind === "style") make("style", {textContent: "body { color: red }"})
  if (kind === "attribute") document.body.setAttribute("style", "color: red")
  if (kind === "image") make("img", {src: host})
  if (kind === "frame") make("iframe", {src: host})
  if (kind === "request") fetch(host).catch(() => {})
  return stopped
}
"""


@pytest.mark.parametrize(
    ("kind", "directive"),
    [
        ("script", "script-src-elem"),
        ("style", "style-src-elem"),
        ("attribute", "style-src-attr"),
        ("image", "img-src"),
        ("frame", "frame-src"),
        ("request", "connect-src"),
    ],
)
def test_the_policy_stops(keep_page: Open, kind: str, directive: str):
    page = keep_page("en/about/cite/", expected=r"policy|Policy|example\.org")
    assert page.evaluate(TRY, [kind, "https://example.org/"]) == directive
    assert page.evaluate("window.ran") is None


def test_palette_search_and_instant_navigation_go_on_under_the_policy(open_page: Open):
    page = open_page("en/")
    body = page.locator("body")
    for scheme in ("default", "slate"):  # what the system says, light, dark
        page.locator(".palette button:visible").click()
        expect(body).to_have_attribute("data-md-color-scheme", scheme)
    bars = page.locator("meta[name=theme-color]")
    expect(bars).to_have_attribute("content", "rgb(13, 47, 57)")  # of the header, dark
    page.evaluate("window.sameDocument = true")
    page.locator("article a[href$='recipes/basic-network/']").first.click()
    page.wait_for_url(f"{ADDRESS}en/recipes/basic-network/")
    assert page.evaluate("window.sameDocument") is True
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    page.locator("input.md-search__input").click()
    page.locator("input.md-search__input").fill("plateau")
    page.locator(".md-search-result__list > li").first.wait_for()
    page.reload()
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    expect(body).to_have_css("background-color", PAPER["dark"])
