"""Search finds what readers look for, in the words of their language."""

from __future__ import annotations

import gzip
import re
import tomllib
from pathlib import Path

import pytest

from .built import ADDRESS, PREFIX
from .conftest import Open, expect

pytestmark = pytest.mark.browser

QUERIES = tomllib.loads(Path(__file__).with_name("queries.toml").read_text("utf-8"))
LIGHT = "assets/favicon.svg"  # costs nearly nothing to open
in_both = pytest.mark.parametrize("language", ["zh", "en"])

# What the search of a page finds, from the worker that the page itself asks: for each
# query the pages, the best first.
RANKED = """
async ([page, queries]) => {
  const html = await (await fetch(page)).text()
  const parsed = new DOMParser().parseFromString(html, "text/html")
  const {search} = JSON.parse(parsed.getElementById("__config").textContent)
  const {config} = await (await fetch(`${page}search/search_index.json`)).json()
  const worker = new Worker(new URL(search, page))
  const answers = []
  const answer = type => new Promise(resolve => {
    worker.onmessage = ({data}) => data.type === type && resolve(data.data)
  })
  const ready = answer(1)
  worker.postMessage({type: 0, data: {config, docs: [], options: {suggest: true}}})
  await ready
  for (const query of queries) {
    const result = answer(3)
    worker.postMessage({type: 2, data: query})
    answers.push((await result).items.map(([best]) => best.location))
  }
  worker.terminate()
  return answers
}
"""


@in_both
def test_search_finds_the_right_page_first(open_page: Open, language: str):
    queries = QUERIES[language]
    assert len(queries) >= 80
    page = open_page(LIGHT, expected="favicon.ico")
    answers = page.evaluate(RANKED, [ADDRESS + PREFIX[language], list(queries)])
    second, wrong = [], []
    for (query, right), found in zip(queries.items(), answers, strict=True):
        pages = list(dict.fromkeys(section.split("#")[0] for section in found))[:3]
        told = f"{query}: {pages}"
        if not pages or pages[0] not in right:
            (second if set(pages) & set(right) else wrong).append(told)
    assert not wrong, "the page is not among the first three"
    assert len(second) <= 0.05 * len(queries), "the page is not the first"


def test_the_index_is_read_when_somebody_searches_and_leads_to_the_recipe(
    open_page: Open,
):
    page = open_page(LIGHT, expected="favicon.ico")
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.goto(ADDRESS)
    page.wait_for_load_state("networkidle")
    assert asked
    assert not [address for address in asked if address.endswith("search/pages.json")]
    page.keyboard.press("/")
    page.keyboard.type("sigmoid")
    results = page.locator(".md-search-result__list > li > a:first-of-type")
    results.first.wait_for()
    page.locator("input.md-search__input").fill("激活函数")
    recipe = re.compile("/recipes/activation-functions/")
    expect(results.first).to_have_attribute("href", recipe)
    page.keyboard.press("Enter")
    page.wait_for_url("**/recipes/activation-functions/**")


@in_both
def test_the_index_is_small(site: Path, language: str):
    index = (site / PREFIX[language] / "search" / "pages.json").read_bytes()
    assert len(gzip.compress(index, 9)) < 169_000  # 35 pages
