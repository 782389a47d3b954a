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

from pagecheck.notebook import page_of

from . import drawings
from .drawings import drawn, drawn_in_chinese, plot

pytestmark = pytest.mark.browser

DOCS = Path(__file__).parents[2] / "docs"
SCHEMES = ["light", "dark"]
FIRST, INK, PAPER = (drawings.HOUSE.palette[name] for name in ("c0", "ink", "paper"))


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
        f'<body style="margin: 0; background: {PAPER[SCHEMES.index(scheme)]}">'
        '<img src="figure.svg" alt=""></body></html>',
        encoding="utf-8",
    )
    page.goto((folder / "page.html").as_uri())


def colours(page: Page) -> set[str]:
    pixels = imread(io.BytesIO(page.screenshot()))[..., :3].reshape(-1, 3)
    return {to_hex(pixel) for pixel in np.unique(pixels, axis=0)}


def tile(axes):
    axes.set_axis_off()
    axes.bar([0], [1], color="C0")
    axes.axhline(1.5, color="black", linewidth=20)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_image_takes_its_palette_from_the_page(page, tmp_path, scheme):
    show(page, tmp_path, plot(tile), scheme)
    seen, at = colours(page), SCHEMES.index(scheme)
    for colour in (FIRST, INK, PAPER):
        assert colour[at] in seen
        assert colour[1 - at] not in seen


@pytest.mark.parametrize("preferred", SCHEMES)
def test_an_image_follows_the_switch_and_not_the_system(page, tmp_path, preferred):
    page.emulate_media(color_scheme=preferred)
    show(page, tmp_path, plot(tile), "light")
    assert FIRST[0] in colours(page)
    page.evaluate("document.documentElement.style.colorScheme = 'dark'")
    until = time.monotonic() + 20
    while FIRST[1] not in (seen := colours(page)) and time.monotonic() < until:
        page.wait_for_timeout(50)
    assert FIRST[1] in seen
    assert FIRST[0] not in seen


FAULTS = """
() => {
  // The corners of a text's line on the screen, in the order of reading.
  const corners = one => {
    const {x, y, width, height} = one.getBBox(), turn = one.getScreenCTM()
    const [top, bottom] = [y + 0.2 * height, y + 0.8 * height]  // about the letters
    return [[x, top], [x + width, top], [x + width, bottom], [x, bottom]]
      .map(place => new DOMPoint(...place).matrixTransform(turn))
  }

  // Two boxes overlap where no line separates them.
  const span = (points, x, y) => {
    const shares = points.map(point => point.x * x + point.y * y)
    return [Math.min(...shares), Math.max(...shares)]
  }
  const overlap = (one, other) => [one, other].every(([a, b, c]) =>
    [[a, b], [b, c]].every(([start, end]) => {
      const x = end.x - start.x, y = end.y - start.y, length = Math.hypot(x, y) || 1
      const [low, high] = span(one, x / length, y / length)
      const [least, most] = span(other, x / length, y / length)
      return Math.min(high, most) - Math.max(low, least) > 1
    })
  )
  const within = (points, outer) => {
    const {left, right, top, bottom} = outer.getBoundingClientRect()
    return points.every(({x, y}) =>
      left - 1 <= x && x <= right + 1 && top - 1 <= y && y <= bottom + 1
    )
  }

  const found = []
  let count = 0
  for (const svg of document.querySelectorAll("svg")) {
    const say = (...words) => found.push([svg.id, ...words].join(" "))
    const texts = [...svg.querySelectorAll("text")]
    const boxes = texts.map(corners)
    const frames = [...svg.querySelectorAll('path[fill="var(--paper)"]')]
    count += texts.length
    texts.forEach((text, index) => {
      const called = text.textContent, box = boxes[index]
      if (!text.getBBox().width) say(called, "is not there")
      if (!within(box, svg)) say(called, "leaves the figure")
      for (const frame of frames) {
        if (within(box.slice(0, 1), frame) && !within(box, frame)) {
          say(called, "leaves its frame")
        }
      }
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


def test_the_texts_of_figures_are_whole_apart_and_within(page):
    figures = {
        str(file.relative_to(DOCS)): file.read_text(encoding="utf-8")
        for file in sorted(DOCS.rglob("figures/*.svg"))
    }
    for file in sorted(DOCS.rglob("*.ipynb")):
        notebook = page_of(file.read_text(encoding="utf-8"), file.relative_to(DOCS))
        for name, svg in notebook.figures.items():
            figures[f"{notebook.path}/{name}"] = svg
    for make in drawings.ALL:
        figures[make.__name__] = drawn(make)
        figures[f"{make.__name__} in Chinese"] = drawn_in_chinese(make)
    found, count = faults(page, figures)
    assert found == []
    assert count == sum(svg.count("<text ") for svg in figures.values()) > 0


def test_texts_that_cannot_be_read_are_found(page):
    figure = """<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200">
        <text x="20" y="50">one text</text><text x="60" y="55">another</text>
        <text x="50" y="150" transform="rotate(-60 50 150)">turned</text>
        <text x="90" y="150" transform="rotate(-60 90 150)">beside it</text>
        <text x="270" y="90">too long</text><text x="9" y="9" display="none">gone</text>
        <path fill="var(--paper)" d="M150 110L190 110 190 140 150 140Z"/>
        <text x="155" y="130">a long entry</text></svg>"""
    found, _ = faults(page, {"f": figure})
    assert found == [
        "f another lies on one text",
        "f too long leaves the figure",
        "f gone is not there",
        "f a long entry leaves its frame",
    ]
