"""One small font for the formulas of both languages.

Brackets, braces, roots and sums grow only in a font with a MATH table, and many a
machine has none. It stands in the style sheet, without which nothing is painted: a font
that came later would move the text.
"""

import base64
import re
import unicodedata
from collections.abc import Iterable
from html import unescape
from pathlib import Path

from site_finish.kept import kept

FACE = """@font-face {{
  font-family: "STIX Two Math";
  src: url("data:font/woff2;base64,{font}") format("woff2");
}}

"""

EARLIER = re.compile(r"\A@font-face \{\n.*?\n\}\n\n", re.DOTALL)
LEAF = re.compile(r"<(mi|mn|mo)( [^>]*)?>([^<]+)</")
ITALIC = {
    chr(int(decomposition.removeprefix("<font> "), 16)): letter
    for letter in map(chr, [*range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C)])
    if (decomposition := unicodedata.decomposition(letter))
} | {"h": "ℎ"}
"""The sign that a browser draws for a variable's letter."""


def write_font(site: Path, pages: Iterable[str]) -> None:
    """Write a font for the formulas of all pages into their style sheets."""
    characters = "".join(sorted(set().union(*map(characters_in_formulas, pages))))
    if not characters:
        return
    font, licence = kept("font", characters, lambda: _font(characters))
    for style in site.rglob("assets/css/math.css"):
        css = EARLIER.sub("", style.read_text("utf-8"), count=1)
        style.write_text(FACE.format(font=font) + css, "utf-8")
        style.with_name("math.LICENSE.txt").write_text(licence, "utf-8")


def _font(characters: str) -> tuple[str, str]:
    """A font in base64, and its licence."""
    from site_finish.stix_two_math import cut, licence  # with all of fontTools

    return base64.b64encode(cut(characters)).decode(), licence()


def characters_in_formulas(html: str) -> set[str]:
    """Return the characters that a browser draws a page's formulas with."""
    characters = {"√"} if "<msqrt" in html else set()
    for tag, attributes, text in LEAF.findall(html):
        text = unescape(text)
        if tag == "mi" and 'mathvariant="normal"' not in attributes:
            text = ITALIC.get(text, text)
        characters.update(text)
    # Signs that are not drawn: of a function's application, of a letter's variant.
    return {c for c in characters if unicodedata.category(c) != "Cf"} - {"\ufe00"}
