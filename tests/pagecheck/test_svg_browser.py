"""Figures in a real browser: their palette follows the page, their texts fit."""

from __future__ import annotations

import io
import time
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.font_manager import FontProperties
from matplotlib.image import imread

from pagecheck.figure_texts import measure

from . import drawings
from .drawings import drawn_in_chinese, plot

pytestmark = pytest.mark.browser

DOCS = Path(__file__).parents[2] / "docs"
COLOURS = [drawings.HOUSE.palette[name] for name in ("c0", "ink", "paper")]


@pytest.fixture
def page(browser):
    opened = browser.new_page(viewport={"width": 900, "height": 600})
    yield opened
    opened.close()


def tile(axes):
    axes.set_axis_off()
    axes.bar([0], [1], color="C0")
    axes.bar([1], [1], color="white")
    axes.axhline(1.5, color="black", linewidth=20)


@pytest.mark.parametrize("preferred", ["light", "dark"])
def test_an_image_follows_the_page_and_not_the_system(page, tmp_path, preferred):
    """The figure is shown as an image, as the site shows it."""
    (tmp_path / "figure.svg").write_text(plot(tile), encoding="utf-8")
    shown = '<!doctype html><html style="color-scheme: light"><img src="figure.svg">'
    (tmp_path / "page.html").write_text(shown, encoding="utf-8")
    page.emulate_media(color_scheme=preferred)
    page.goto((tmp_path / "page.html").as_uri())
    for at, scheme in enumerate(("light", "dark")):
        wanted = {colours[at] for colours in COLOURS}
        page.evaluate(f"document.documentElement.style.colorScheme = '{scheme}'")
        until, seen = time.monotonic() + 20, set()
        while not wanted <= seen and time.monotonic() < until:
            pixels = imread(io.BytesIO(page.screenshot()))[..., :3].reshape(-1, 3)
            seen = {to_hex(pixel) for pixel in np.unique(pixels, axis=0)}
        assert wanted <= seen
        assert not {colours[1 - at] for colours in COLOURS[:2]} & seen


TEXTS = """
() => [...document.querySelectorAll("text")].map(text => {
  const size = parseFloat(getComputedStyle(text).fontSize)
  return [text.textContent, size, text.getComputedTextLength()]
})
"""


def test_texts_are_no_wider_than_they_were_measured(page):
    """So they lie apart and within their frames, as drawing has seen to."""
    figures = [file.read_text("utf-8") for file in DOCS.rglob("figures/*.svg")]
    figures += map(drawn_in_chinese, drawings.ALL)
    page.set_content("<!doctype html><body>" + "\n".join(figures))
    page.evaluate("document.fonts.ready")
    texts = page.evaluate(TEXTS)
    assert len(texts) == sum(svg.count("<text ") for svg in figures) > 0
    for said, size, width in texts:
        measured, _, _ = measure(said, FontProperties(size=size))
        assert 0 < width <= measured + 1, said
