"""Figures in a real browser: their palette follows the page, their texts fit."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.image import imread
from playwright.sync_api import Page

from pagecheck.house import CYCLE, INK, PAPER
from pagecheck.svg import draw

from . import drawings
from .drawings import drawn, drawn_in_chinese, made, new_figure

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser):
    opened = browser.new_page(viewport={"width": 900, "height": 600})
    yield opened
    opened.close()


def show(page: Page, folder, svg: str, scheme: str) -> None:
    """A page with the figure as an image, as the site shows it."""
    (folder / "figure.svg").write_text(svg, encoding="utf-8")
    (folder / "page.html").write_text(
        f'<!doctype html><html style="color-scheme: {scheme}">'
        f'<body style="margin: 0; background: {getattr(PAPER, scheme)}">'
        '<img src="figure.svg" alt=""></body></html>',
        encoding="utf-8",
    )
    page.goto((folder / "page.html").as_uri())


def colours(page: Page) -> set[str]:
    pixels = imread(io.BytesIO(page.screenshot()))[..., :3].reshape(-1, 3)
    return {to_hex(pixel) for pixel in np.unique(pixels, axis=0)}


def tile():
    figure = new_figure()
    axes = figure.subplots()
    axes.set_axis_off()
    axes.bar([0], [1], color="C0")
    axes.axhline(1.5, color="black", linewidth=20)
    return figure


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_image_takes_its_palette_from_the_page(page, tmp_path, scheme):
    show(page, tmp_path, draw(made(tile)), scheme)
    other = {"light": "dark", "dark": "light"}[scheme]
    seen = colours(page)
    for colour in (CYCLE[0], INK, PAPER):
        assert getattr(colour, scheme) in seen
        assert getattr(colour, other) not in seen


@pytest.mark.parametrize("preferred", ["light", "dark"])
def test_an_image_follows_the_switch_and_not_the_system(page, tmp_path, preferred):
    page.emulate_media(color_scheme=preferred)
    show(page, tmp_path, draw(made(tile)), "light")
    assert CYCLE[0].light in colours(page)
    page.evaluate("document.documentElement.style.colorScheme = 'dark'")
    page.wait_for_timeout(100)
    assert CYCLE[0].dark in colours(page)
    assert CYCLE[0].light not in colours(page)


def test_an_image_has_the_size_of_the_figure(page, tmp_path):
    show(page, tmp_path, drawn(drawings.curves), "light")
    size = page.evaluate(
        "[...document.images].map(one => [one.naturalWidth, one.naturalHeight])"
    )
    assert size == [[640, 400]]


BOXES = """
() => {
  const box = one => {
    const {left, right, top, bottom} = one.getBoundingClientRect()
    return {left, right, top, bottom, text: one.textContent.trim()}
  }
  const within = one => one.closest("g.legend")?.querySelector("path.patch")
  return [...document.querySelectorAll("text")].map(one => [
    box(one), box(within(one) ?? document.documentElement),
  ])
}
"""


@pytest.mark.parametrize("figure", [drawn, drawn_in_chinese])
@pytest.mark.parametrize("make", drawings.ALL, ids=lambda make: make.__name__)
def test_texts_stay_within_their_figure_and_their_legend(page, tmp_path, make, figure):
    file = tmp_path / "figure.svg"
    file.write_text(figure(make), encoding="utf-8")
    page.goto(file.as_uri())
    pairs = page.evaluate(BOXES)
    assert pairs
    for text, outer in pairs:
        assert outer["left"] <= text["left"], text
        assert text["right"] <= outer["right"], text
        assert outer["top"] <= text["top"] + 1, text
        assert text["bottom"] - 1 <= outer["bottom"], text


MISSING = """
characters => {
  const canvas = document.createElement("canvas")
  const context = canvas.getContext("2d", {willReadFrequently: true})
  const picture = character => {
    context.clearRect(0, 0, 40, 40)
    context.font = "24px system-ui, sans-serif"
    context.fillText(character, 4, 30)
    return context.getImageData(0, 0, 40, 40).data.join()
  }
  const none = picture("\\u{10fffd}")
  return characters.filter(character => picture(character) === none)
}
"""


def test_no_character_of_a_chinese_figure_lacks_a_glyph(page):
    texts = "".join(re.findall(r">([^<>]+)</text>", drawn_in_chinese(drawings.points)))
    assert "训练数据" in texts
    missing = page.evaluate(MISSING, sorted({*texts.replace(" ", ""), "\U0010fffc"}))
    assert missing == ["\U0010fffc"]


OVERLAPS = """
() => {
  const texts = [...document.querySelectorAll("text:not([transform])")]
  const boxes = texts.map(one => one.getBoundingClientRect())
  const shared = (a, b) => [
    Math.min(a.right, b.right) - Math.max(a.left, b.left),
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top),
  ]
  const found = []
  boxes.forEach((box, i) => boxes.slice(0, i).forEach((other, j) => {
    const [wide, tall] = shared(box, other)
    // A box is as tall as a line, letters are not.
    if (wide > 1 && tall > 0.3 * box.height)
      found.push([texts[i].textContent, texts[j].textContent])
  }))
  return found
}
"""


@pytest.mark.parametrize("figure", [drawn, drawn_in_chinese])
@pytest.mark.parametrize("make", drawings.ALL, ids=lambda make: make.__name__)
def test_no_text_lies_on_another(page, tmp_path, make, figure):
    file = tmp_path / "figure.svg"
    file.write_text(figure(make), encoding="utf-8")
    page.goto(file.as_uri())
    assert page.evaluate(OVERLAPS) == []
