"""Each language as one PDF: `make pdf`.

Chromium prints what it is shown: all pages of a language one after the other, in the
order of the menu, behind a title and the contents. Links between pages lead within the
document, headings are its bookmarks. The contents are printed twice: which page a title
is on is known once it is printed.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .built import ADDRESS, PREFIX, ROOT, browsing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CONTENTS = {"zh": "目录", "en": "Contents"}

PAPER = {"width": 672, "height": 986}
"""What A4 leaves within the margins of site.css, in CSS's pixels."""

STYLE = """
@page {
  size: A4;
  @bottom-center { content: counter(page); font: 9pt sans-serif }
}
@page :first { @bottom-center { content: none } }
.book > section + section, .book > .contents + section { break-before: page }
.book > .title { padding-top: 8cm; font-size: 12pt }
.book > .title > p:first-child { font-size: 28pt; font-weight: 700 }
.book > .contents { break-before: page; list-style: none }
.book > .contents li { display: flex; gap: 1em; margin: 0.25em 0 }
.book > .contents li > :first-child { flex: 1 }
.book > .contents .section { margin-top: 1em; font-weight: 700 }
.book :is(.table, .formula) { margin-inline: 0; padding-inline: 0; overflow: visible }
.book .cells { font-size: 8pt; width: 100% }
.book .cells :is(th, td) { padding: 0.4em 0.5em }
.book .cells code { white-space: normal; overflow-wrap: anywhere }
.book img { max-height: 20cm }
"""

GATHER = """
async ([paths, contents, said]) => {
  const away = ".headerlink, .part, .take-along, .feedback, .to-explorer, .explorer"
  const menu = document.querySelector(".md-nav--primary")
  const entries = [...menu.querySelectorAll("a.md-nav__link[href]")].map(link => ({
    url: link.href.split("#")[0],
    title: link.innerText.trim(),
    section: link.closest(".md-nav__item--section")
      ?.querySelector(":scope > .md-nav__link").innerText.trim(),
  })).filter((one, i, all) => all.findIndex(other => other.url === one.url) === i)
    .filter(({url}) => !paths || paths.includes(url))
  const key = new Map(entries.map(({url}, i) => [url, `page-${i + 1}`]))
  const made = (tag, name, ...inside) => {
    const one = document.createElement(tag)
    one.className = name
    one.append(...inside)
    return one
  }
  const link = (id, text) => Object.assign(made("a", "", text), {href: `#${id}`})
  const title = made("section", "title", ...said.map(text => made("p", "", text)),
    made("p", "", document.querySelector(".md-copyright__highlight").innerText))
  const list = made("ul", "contents")
  const book = made("article", "md-content__inner md-typeset book", title, list)
  list.append(made("li", "section", contents))
  let last
  for (const {url, title, section} of entries) {
    const text = await (await fetch(url)).text()
    const there = new DOMParser().parseFromString(text, "text/html")
    const article = there.querySelector("article")
    const own = key.get(url)
    article.querySelectorAll(away).forEach(one => one.remove())
    for (const one of article.querySelectorAll("[id]")) one.id = `${own}-${one.id}`
    article.querySelector("h1").id = own
    for (const one of article.querySelectorAll("img")) {
      one.src = new URL(one.getAttribute("src"), url)
      one.loading = "eager"
    }
    for (const one of article.querySelectorAll("details")) one.open = true
    for (const one of article.querySelectorAll("a[href]")) {
      const to = new URL(one.getAttribute("href"), url)
      const [page, heading] = to.href.split("#")
      if (one.matches(".enlarge")) one.removeAttribute("href")
      else if (!key.has(page)) one.href = to
      else one.href = `#${key.get(page)}${heading ? `-${heading}` : ""}`
    }
    if (section && section !== last) list.append(made("li", "section", section))
    last = section
    list.append(made("li", "", link(own, title), made("span", "number", "000")))
    book.append(made("section", "", ...article.childNodes))
  }
  document.querySelector("article").replaceWith(book)
  for (const one of book.querySelectorAll("a[href^='#']"))
    if (!document.getElementById(one.hash.slice(1))) {
      const page = one.hash.match(/^#page-\\d+/)
      one.hash = page ? page[0] : ""
    }
  await document.fonts.ready
  await Promise.all([...book.querySelectorAll("img")].map(one => one.decode()))
  return entries.map(({title}) => title)
}
"""

NUMBER = """
numbers => document.querySelectorAll(".contents .number").forEach(
  (one, i) => { one.textContent = numbers[i] })
"""


def printed(page: Page) -> bytes:
    """What is in a page, on paper."""
    return page.pdf(prefer_css_page_size=True, outline=True, tagged=True)


def pages_of(pdf: bytes, titles: int) -> list[int]:
    """On which page of a PDF each of the pages of the site begins."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(pdf))
    known = reader.named_destinations
    numbers = []
    for number in range(1, titles + 1):
        found = reader.get_destination_page_number(known[f"/page-{number}"])
        assert found is not None
        numbers.append(found + 1)
    return numbers


def gathered(
    browser: Browser, language: str, paths: Sequence[str] | None = None
) -> tuple[Page, list[str]]:
    """Put a language, or some of its pages, into one, and return that and their titles.

    Args:
        browser: A Chromium in which the site is at `ADDRESS`.
        language: The language.
        paths: The pages' paths below the site's address; None for all.
    """
    page = browser.new_page(bypass_csp=True, color_scheme="light", viewport=PAPER)
    page.goto(ADDRESS + PREFIX[language])
    page.wait_for_selector("html.complete")
    page.add_style_tag(content=STYLE)
    described = page.locator("meta[name=description]").get_attribute("content")
    chosen = None if paths is None else [ADDRESS + path for path in paths]
    said = [page.title(), described]
    return page, page.evaluate(GATHER, [chosen, CONTENTS[language], said])


def book(page: Page, titles: int) -> bytes:
    """Print what was gathered, and the contents with the numbers of its pages."""
    numbers = pages_of(printed(page), titles)
    page.evaluate(NUMBER, numbers)
    pdf = printed(page)
    if pages_of(pdf, titles) != numbers:
        raise RuntimeError("the numbers in the contents move what they stand for")
    return pdf


def main() -> None:
    """Build the site and print both languages."""
    with browsing() as browser:
        for language in PREFIX:
            file = ROOT / f"pytorch-recipes-{language}.pdf"
            page, titles = gathered(browser, language)
            file.write_bytes(book(page, len(titles)))
            page.close()


if __name__ == "__main__":
    main()
