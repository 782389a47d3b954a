"""Firefox prints all of a page, whole, dark on light, and nothing of what is around it.

For a reader whose system and whose page are dark. Chromium's print is looked at in
test_pdf.py; WebKit's driver cannot print, but test_engines.py lays its pages out for
paper.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PageObject, PdfReader
from selenium.webdriver.common.print_page_options import PrintOptions

from .engines import Reader, reading
from .test_engines import contrast
from .test_pdf import plain

PAGES = ["recipes/basic-network/", "en/xor/walk-through/", "en/reference/notation/"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("firefox")]

SAID = """
const done = arguments[0]
const all = selector => [...document.querySelectorAll(selector)]
const text = one => {
  const copy = one.cloneNode(true)
  copy.querySelectorAll(".headerlink, .md-code__nav").forEach(part => part.remove())
  return copy.textContent
}
const unprinted = ".part, .take-along, .feedback, .to-explorer, .explorer"
const words = all("article :is(h1, h2, h3, p, td, figcaption, summary)")
  .filter(one => !one.closest(unprinted) && !one.querySelector("math"))
const around = all(".md-header, .md-sidebar a, .md-footer__inner a, .take-along, .part")
const files = all("article img").map(one => fetch(one.src).then(file => file.text()))
Promise.all(files).then(texts => done({
  words: words.map(text),
  lines: all("article pre").flatMap(one => text(one).split("\\n")),
  headings: all("article :is(h2, h3)").map(text),
  labels: texts.map(file => [...new DOMParser().parseFromString(file, "image/svg+xml")
    .querySelectorAll("text")].map(one => one.textContent)),
  around: [...around.map(one => one.innerText),
    ...all(".md-code__button").map(one => one.dataset.word)],
  article: document.querySelector("article").textContent,
}))
"""


@pytest.fixture(scope="module")
def firefox(site: Path) -> Iterator[Reader]:
    with reading("firefox", site, dark=True) as reader:
        yield reader


def inks(sheet: PageObject) -> set[tuple[int, ...]]:
    """The colours of what is written on a sheet."""
    found = set()
    colours = [(0, 0, 0)]

    def visit(operator: bytes, operands: list[Any], *_: object) -> None:
        if operator == b"q":
            colours.append(colours[-1])
        elif operator == b"Q":
            colours.pop()
        elif operator in (b"g", b"rg"):
            numbers = [round(255 * float(number)) for number in operands]
            colours[-1] = tuple(numbers * (3 // len(numbers)))
        elif operator in (b"Tj", b"TJ"):
            found.add(colours[-1])

    sheet.extract_text(visitor_operand_before=visit)
    return found


def printed_last(text: str, sheets: list[str]) -> bool:
    """Whether a sheet ends with a text."""
    return any(sheet.endswith(plain(text)) for sheet in sheets)


@pytest.mark.parametrize("path", PAGES)
def test_firefox_prints_a_page(firefox: Reader, path: str):
    driver = firefox.driver
    driver.get(firefox.address + path)
    firefox.until("return document.documentElement.classList.contains('complete')")
    firefox.run("palette.chosen = 2; palette.paint()")  # dark, as by its button
    said = driver.execute_async_script(SAID)
    options = PrintOptions()
    options.page_width, options.page_height = 21.0, 29.7
    options.background = True  # what is painted dark would be seen
    reader = PdfReader(io.BytesIO(base64.b64decode(driver.print_page(options))))
    sheets = [plain(sheet.extract_text()) for sheet in reader.pages]
    printed = "".join(sheets)

    def legible(texts: list[str]) -> list[str]:
        """Those that can be read in the PDF; of Chinese it names few characters."""
        return [one for one in texts if not re.search("[\u2e80-\uffef]", one)]

    for one in legible(said["words"] + said["lines"]):
        assert plain(one) in printed
    # What is cut in two, or beyond an edge, has not all of its labels on one sheet.
    for labels in map(legible, said["labels"]):
        assert any(all(plain(one) in sheet for one in labels) for sheet in sheets)
    last = [one for one in legible(said["headings"]) if printed_last(one, sheets)]
    assert last == [], "a heading is alone at the foot of a sheet"
    article = plain(said["article"])
    around = [one for one in legible(said["around"]) if plain(one) not in article]
    assert len(around) > 20 or "en/" not in path
    assert [one for one in around if plain(one) in printed] == []
    written = {ink for sheet in reader.pages for ink in inks(sheet)}
    assert [ink for ink in written if contrast(ink, (255, 255, 255)) < 4.5] == []
