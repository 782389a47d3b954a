"""MkDocs hook: one small font for the formulas of both languages.

Brackets, braces, roots and sums grow only in a font with a MATH table, and many a
machine has none. Pages whose formulas are seen at once ask for it early.
"""

import hashlib
import os
import re
import unicodedata
from html import unescape
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from stix_two_math import cut, licence

FACE = """@font-face {{
  font-family: "STIX Two Math";
  src: url("{url}") format("woff2");
  font-display: swap;
}}

"""
PRELOAD = '<link rel="preload" href="{url}" as="font" type="font/woff2" crossorigin>\n'
STYLESHEET = '<link rel="stylesheet"'

LEAF = re.compile(r"<(mi|mn|mo)( [^>]*)?>([^<]+)</")
ITALIC = {
    chr(int(decomposition.removeprefix("<font> "), 16)): letter
    for letter in map(chr, [*range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C)])
    if (decomposition := unicodedata.decomposition(letter))
} | {"h": "ℎ"}
"""The sign that a browser draws for a variable's letter."""


def on_post_build(config: MkDocsConfig) -> None:
    """Write the font and its licence; name it to style sheets and pages."""
    if config.theme["language"] == "en":
        return  # the English site is built inside of the Chinese one, which does it
    site = Path(config.site_dir)
    pages = {path: path.read_text("utf-8") for path in sorted(site.rglob("*.html"))}
    characters = set().union(*map(characters_in_formulas, pages.values()))
    if not characters:
        return
    font = cut("".join(sorted(characters)))
    # A name that changes with the contents: no reader's cache keeps an older one.
    name = f"stix-two-math.{hashlib.sha256(font).hexdigest()[:8]}.woff2"
    file = site / "assets" / "fonts" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(font)
    file.with_name("stix-two-math.LICENSE.txt").write_text(licence(), "utf-8")
    for style in site.rglob("assets/css/math.css"):
        face = FACE.format(url=address(file, style))
        style.write_text(face + style.read_text("utf-8"), "utf-8")
    for page, html in pages.items():
        if shows_formulas_at_once(html):
            preload = PRELOAD.format(url=address(file, page))
            page.write_text(html.replace(STYLESHEET, preload + STYLESHEET, 1), "utf-8")


def characters_in_formulas(html: str) -> set[str]:
    """Return the characters that a browser draws a page's formulas with."""
    characters = {"√"} if "<msqrt" in html else set()
    for tag, attributes, text in LEAF.findall(html):
        text = unescape(text)
        if tag == "mi" and 'mathvariant="normal"' not in attributes:
            text = ITALIC.get(text, text)
        characters.update(text)
    return characters


def shows_formulas_at_once(html: str) -> bool:
    """Say whether a formula stands outside of what is folded."""
    return any(
        html.count("<details", 0, formula.start())
        == html.count("</details>", 0, formula.start())
        for formula in re.finditer("<math", html)
    )


def address(target: Path, file: Path) -> str:
    """Return the address of a target as a file of the site names it."""
    return Path(os.path.relpath(target, file.parent)).as_posix()
