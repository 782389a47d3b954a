"""Figures in a real browser: their palette follows the page, their texts fit."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.image import imread
from playwright.sync_api import Page

from pagecheck.house import CYCLE, INK, PAPER
from pagecheck.notebook import page_of
from pagecheck.svg import draw

from . import drawings
from .drawings import drawn, drawn_in_chinese, made, new_figure

pytestmark = pytest.mark.browser

DOCS = Path(__file__).parents[2] / "docs"


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
    until = time.monotonic() + 20
    while CYCLE[0].dark not in (seen := colours(page)) and time.monotonic() < until:
        page.wait_for_timeout(50)
    assert CYCLE[0].dark in seen
    assert CYCLE[0].light not in seen


def test_an_image_has_the_size_of_the_figure(page, tmp_path):
    show(page, tmp_path, drawn(drawings.curves), "light")
    size = page.evaluate(
        "[...document.images].map(one => [one.naturalWidth, one.naturalHeight])"
    )
    assert size == [[640, 400]]


FAULTS = """
() => {
  const context = document.createElement("canvas").getContext(
    "2d", {willReadFrequently: true}
  )
  const fontOf = one => {
    const {fontStyle, fontWeight, fontSize, fontFamily} = getComputedStyle(one)
    return `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`
  }

  // The corners of a text's letters on the screen, in the order of reading.
  const corners = one => {
    context.font = fontOf(one)
    const ink = context.measureText(one.textContent)
    const line = one.getBBox()
    const base = one.y.baseVal[0].value
    const top = base - ink.actualBoundingBoxAscent
    const bottom = base + ink.actualBoundingBoxDescent
    const places = [
      [line.x, top], [line.x + line.width, top],
      [line.x + line.width, bottom], [line.x, bottom],
    ]
    const turn = one.getScreenCTM()
    return places.map(place => new DOMPoint(...place).matrixTransform(turn))
  }

  // Two boxes overlap where no line separates them.
  const span = (points, axis) => {
    const shares = points.map(point => point.x * axis.x + point.y * axis.y)
    return [Math.min(...shares), Math.max(...shares)]
  }
  const overlap = (one, other) => [one, other].every(([a, b, c]) =>
    [[a, b], [b, c]].every(([start, end]) => {
      const x = end.x - start.x, y = end.y - start.y, length = Math.hypot(x, y) || 1
      const axis = {x: x / length, y: y / length}
      const [low, high] = span(one, axis), [least, most] = span(other, axis)
      return Math.min(high, most) - Math.max(low, least) > 1
    })
  )
  const within = (points, outer) => {
    const {left, right, top, bottom} = outer.getBoundingClientRect()
    return points.every(({x, y}) =>
      left - 1 <= x && x <= right + 1 && top - 1 <= y && y <= bottom + 1
    )
  }

  // A character without a glyph looks like one that no font has, or like none.
  const looks = new Map()
  const picture = (character, font) => {
    const key = font + character
    if (!looks.has(key)) {
      context.canvas.width = context.canvas.height = 40
      context.font = font
      context.fillText(character, 4, 30)
      looks.set(key, context.getImageData(0, 0, 40, 40).data.join())
    }
    return looks.get(key)
  }
  const missing = one => {
    const font = fontOf(one)
    const nothing = [picture("\\u{10fffd}", font), picture(" ", font)]
    return [...one.textContent.replace(/\\s/g, "")].filter(
      character => nothing.includes(picture(character, font))
    )
  }

  const found = []
  let count = 0
  for (const svg of document.querySelectorAll("svg")) {
    const say = (...words) => found.push([svg.id, ...words].join(" "))
    const texts = [...svg.querySelectorAll("text")]
    const boxes = texts.map(corners)
    count += texts.length
    texts.forEach((text, index) => {
      const called = text.textContent, box = boxes[index]
      const legend = text.closest("g.legend")?.querySelector("path.patch")
      if (!text.getBBox().width) say(called, "is not there")
      if (!within(box, svg)) say(called, "leaves the figure")
      if (legend && !within(box, legend)) say(called, "leaves its legend")
      if (missing(text).length) say(called, "lacks the glyphs", ...missing(text))
      boxes.slice(0, index).forEach((other, earlier) => {
        if (overlap(box, other)) say(called, "lies on", texts[earlier].textContent)
      })
    })
  }
  return {found, count}
}
"""


def faults(page: Page, figures: Mapping[str, str]) -> tuple[list[str], int]:
    """What is wrong with the texts of some figures on one page, and their number."""
    named = (
        svg.replace("<svg ", f'<svg id="{name}" ', 1) for name, svg in figures.items()
    )
    page.set_content("<!doctype html><body>" + "\n".join(named))
    page.evaluate("document.fonts.ready")
    result = page.evaluate(FAULTS)
    return result["found"], result["count"]


def test_the_texts_of_the_site_s_figures_are_whole_apart_and_within(page):
    figures = {
        str(file.relative_to(DOCS)): file.read_text(encoding="utf-8")
        for file in sorted(DOCS.rglob("figures/*.svg"))
    }
    for file in sorted(DOCS.rglob("*.ipynb")):
        notebook = page_of(file.read_text(encoding="utf-8"), file.relative_to(DOCS))
        figures |= {
            f"{notebook.path}/{name}": svg for name, svg in notebook.figures.items()
        }
    found, count = faults(page, figures)
    assert found == []
    assert count == sum(svg.count("<text ") for svg in figures.values()) > 0


@pytest.mark.parametrize("figure", [drawn, drawn_in_chinese])
def test_the_texts_of_every_kind_of_figure_are_whole_apart_and_within(page, figure):
    found, count = faults(page, {one.__name__: figure(one) for one in drawings.ALL})
    assert found == []
    assert count > 0


FIGURE = """<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200">
<style>text{{font:14px sans-serif;fill:black}}</style>{}</svg>"""


@pytest.mark.parametrize(
    ("marks", "fault"),
    [
        (
            '<text x="20" y="50">one text</text><text x="60" y="55">another</text>',
            ["f another lies on one text"],
        ),
        (
            '<text x="20" y="50">one text</text><text x="20" y="68">below it</text>',
            [],
        ),
        (
            '<text x="50" y="50">one text</text>'
            '<text x="60" y="20" transform="rotate(60 60 20)">upright</text>',
            ["f upright lies on one text"],
        ),
        (
            '<text x="50" y="150" transform="rotate(-60 50 150)">one text</text>'
            '<text x="70" y="150" transform="rotate(-60 70 150)">beside it</text>',
            [],
        ),
        ('<text x="270" y="50">too long</text>', ["f too long leaves the figure"]),
        ('<text x="20" y="8">cut</text>', ["f cut leaves the figure"]),
        ('<text x="20" y="50">a \ufffc</text>', ["f a \ufffc lacks the glyphs \ufffc"]),
        ('<text x="20" y="50">a \ue123</text>', ["f a \ue123 lacks the glyphs \ue123"]),
        ('<text x="20" y="50">A b, 训练 x₁ σ′ 10⁻¹</text>', []),
        (
            '<g class="legend"><path class="patch" d="M10 10L60 10 60 40 10 40Z"/>'
            '<text x="20" y="30">a long entry</text></g>',
            ["f a long entry leaves its legend"],
        ),
        ('<text x="20" y="50" display="none">gone</text>', ["f gone is not there"]),
    ],
)
def test_a_text_that_cannot_be_read_is_found(page, marks, fault):
    found, _ = faults(page, {"f": FIGURE.format(marks)})
    assert found == fault
