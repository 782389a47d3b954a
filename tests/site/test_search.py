"""Search finds what readers look for, in the words of their language."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from .conftest import Open

pytestmark = pytest.mark.browser


def found(page: Page, query: str) -> list[str]:
    """The addresses of the results for a query, the best first."""
    page.locator("label.md-header__button[for=__search]").or_(
        page.locator("input.md-search__input")
    ).last.click()
    page.locator("input.md-search__input").fill(query)
    page.locator(".md-search-result__list > li").first.wait_for()
    return page.eval_on_selector_all(
        ".md-search-result__list > li > a:first-of-type", "all => all.map(a => a.href)"
    )


@pytest.mark.parametrize(
    ("prefix", "query"),
    [("", "激活函数"), ("en/", "activation")],
    ids=["zh", "en"],
)
def test_search_finds_the_recipe_on_activation_functions(
    open_page: Open, prefix: str, query: str
):
    first = found(open_page(prefix), query)[0]
    assert "/recipes/activation-functions/" in first
    assert ("/en/" in first) == (prefix == "en/")
