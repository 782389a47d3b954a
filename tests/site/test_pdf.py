"""A language on paper: nothing is cut off, and the contents lead to its pages."""

from __future__ import annotations

import io
import unicodedata

import pytest

from .built import PREFIX
from .pdf import CONTENTS, book, gathered

PAGES = ["recipes/basic-network/", "xor/walk-through/", "reference/notation/"]

# Deeper than the text is wide; a formula or a figure would be scrolled on a screen.
CUT = """
() => {
  const book = document.querySelector(".book")
  const {left, right} = book.getBoundingClientRect()
  return [...book.querySelectorAll("*")].filter(one => {
    const box = one.getBoundingClientRect()
    return box.width && (box.left < left - 1 || box.right > right + 1)
      && getComputedStyle(one).position !== "absolute" && !one.closest(".spoken")
  }).map(one => one.outerHTML.slice(0, 200))
}
"""


def plain(text: str) -> str:
    """A text without blanks; what looks like a radical is the character."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.browser
@pytest.mark.parametrize("language", PREFIX)
def test_a_language_is_a_book(browser, language: str):
    paths = [PREFIX[language] + path for path in PAGES]
    from pypdf import PdfReader  # slow to import

    page, titles = gathered(browser, language, paths)
    page.emulate_media(media="print")
    assert page.evaluate(CUT) == []
    assert page.evaluate("document.fonts.check('1em \"STIX Two Math\"')")
    assert page.evaluate("[...document.images].every(one => one.naturalWidth > 0)")
    numbers = page.locator(".contents .number")
    reader = PdfReader(io.BytesIO(book(page, len(titles))))
    listed = [int(text) for text in numbers.all_inner_texts()]
    assert len(listed) == len(titles) == len(PAGES)
    texts = [plain(sheet.extract_text()) for sheet in reader.pages]
    assert texts[1].startswith(f"2{CONTENTS[language]}")
    for number, title in zip(listed, titles, strict=True):
        assert plain(f"{title}{number}") in texts[1]
        heading = page.locator(f"#page-{titles.index(title) + 1}").inner_text()
        assert texts[number - 1].startswith(plain(f"{number}{heading}"))
    # Links between pages lead within the document; headings are bookmarks.
    inside = [
        note.get_object()
        for sheet in reader.pages
        for note in sheet.get("/Annots", [])
        if "/Dest" in note.get_object()
    ]
    assert len(inside) > 20
    known = reader.named_destinations
    assert {note["/Dest"] for note in inside} <= known.keys()
    assert len(reader.outline) >= len(PAGES)
    page.close()
