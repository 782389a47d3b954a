"""Photograph every type of page in three engines, to be looked at: `make sheets`.

A sheet for each view and engine, in .cache/sheets: Chinese on the left, English on the
right, light above dark, a phone beside a desktop. Names of engines or of views leave
the others out: `python -m tests.site.contact_sheet webkit home`.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.conftest import chromium

from .built import ADDRESS, PREFIX, ROOT, build, resolver_rules, serving
from .conftest import laid_out
from .engines import Reader, reading

FOLDER = ROOT / ".cache" / "sheets"
ENGINES = ("chromium", "firefox", "webkit")
PHONE, DESKTOP, HEIGHT = 390, 1280, 800
GAP = 12

VIEWS = {
    "home": "",
    "home-explorers": "#explorers",
    "text": "installation/",
    "start": "start/neural-network/",
    "recipe": "recipes/activation-functions/#sigmoid",
    "recipe-end": "recipes/activation-functions/#exercises",
    "at-a-glance": "recipes/basic-network/#at-a-glance",
    "walk-through": "xor/walk-through/#backward",
    "lab": "labs/xor-training/",
    "api": "reference/api-xor/",
    "errata": "reference/errata/",
    "errors": "reference/errors/#symptoms",
    "notation": "reference/notation/#symbols",
    "verification": "about/verification/#counts",
    "contract": "about/page-contract/#directives",
    "404": "no-such-page/",
    "search": "installation/",
    "figure": "recipes/activation-shapes/",
    "term": "xor/training/",
    "menu": "xor/training/",
    "activation": "recipes/activation-shapes/?f=elu,gelu&x=-1.5&view=10&p=elu:0.5",
    "descent": "recipes/basic-network/?rate=1.05&steps=40&centre=1&w=0.5&b=3",
    "autograd": "recipes/tensor-differentiation/?expr=sigmoid%28w*x%29%2Bx&step=5",
    "xor": "xor/training/?start=7&run=all-mse-sgd-1-40_cyclic-bce-adam-0.1-3&step=11",
}
EXPLORER = (
    "document.querySelector('[data-explorer]').scrollIntoView()",
    "[data-explorer] svg",
)
ASKED = {
    "search": (
        "document.querySelector('[data-md-toggle=search]:not(:checked)')?.click()",
        "input.md-search__input",
    ),
    "figure": ("document.querySelector('a.enlarge').click()", "dialog > img"),
    "term": (
        """const word = document.querySelector("glossary-term > [role=button]")
        word.scrollIntoView({block: "center"})
        word.click()""",
        "glossary-term [role=status] a",
    ),
    "menu": ("document.querySelector('[data-md-toggle=drawer]').click()", "article"),
    **dict.fromkeys(["activation", "descent", "autograd", "xor"], EXPLORER),
}
"""What is done for a view, and what comes of it."""

PICTURED = """
return document.fonts.status === "loaded" && [...document.images].every(one => {
  const {top, bottom, width} = one.getBoundingClientRect()
  return one.complete || !width || bottom < 0 || top > innerHeight
})
"""
"""All pictures that are seen are there."""


@dataclass
class Chromium:
    """A Chromium that is moved as the other engines are."""

    page: Page

    def open(self, path: str, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.page.goto(ADDRESS + path)
        laid_out(self.page)

    def run(self, script: str) -> Any:
        return self.page.evaluate(f"() => {{ {script} }}")

    def find(self, selector: str) -> Any:
        return self.page.wait_for_selector(selector)

    def type(self, place: Any, text: str) -> None:
        place.type(text)

    def until(self, script: str) -> Any:
        return self.page.wait_for_function(f"() => {{ {script} }}")

    def photograph(self, width: int) -> Image.Image:
        return Image.open(io.BytesIO(self.page.screenshot()))


class Other(Reader):
    """Firefox or WebKit: the frame is the page."""

    def type(self, place: Any, text: str) -> None:
        place.send_keys(text)

    def photograph(self, width: int) -> Image.Image:
        return self.seen([0, 0, width, HEIGHT])


@contextmanager
def camera(engine: str, site: Path, dark: bool) -> Iterator[Chromium | Other]:
    """A browser whose system is light or dark."""
    if engine != "chromium":
        with reading(engine, site, dark) as one:
            yield Other(one.engine, dark, one.address, one.driver)
        return
    with (
        serving(site) as port,
        sync_playwright() as playwright,
        chromium(playwright, resolver_rules(port)) as browser,
    ):
        scheme = "dark" if dark else "light"
        page = browser.new_page(color_scheme=scheme, reduced_motion="reduce")
        yield Chromium(page)


def photographs(
    engine: str, site: Path, views: dict[str, str]
) -> Iterator[tuple[str, tuple[int, int], Image.Image]]:
    """Each view's pictures: its name, where on its sheet it belongs, and a picture."""
    for dark in (False, True):
        with camera(engine, site, dark) as browser:
            for name, path in views.items():
                # No address is opened twice in a row, which would not load it anew.
                for narrow in (True, False):
                    for column, prefix in enumerate(PREFIX.values()):
                        width = PHONE if narrow else DESKTOP
                        browser.open(prefix + path, width)
                        if name in ASKED and (name != "menu" or narrow):
                            script, awaited = ASKED[name]
                            browser.run(script)
                            found = browser.find(awaited)
                            if name == "search":
                                browser.type(found, "sigmoid")
                                browser.find(".md-search-result__list > li")
                        browser.until(PICTURED)
                        time.sleep(0.3)  # what moves to its place is there
                        left = column * (PHONE + DESKTOP + 2 * GAP)
                        left += 0 if narrow else PHONE + GAP
                        place = left, dark * (HEIGHT + GAP)
                        yield name, place, browser.photograph(width)


def main(chosen: list[str]) -> None:
    """Build the site and write the sheets."""
    engines = [one for one in ENGINES if one in chosen] or ENGINES
    views = {name: VIEWS[name] for name in VIEWS if name in chosen} or VIEWS
    size = 2 * (PHONE + DESKTOP + 2 * GAP) - GAP, 2 * HEIGHT + GAP
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder)
        build(site)
        for engine in engines:
            (FOLDER / engine).mkdir(parents=True, exist_ok=True)
            sheets = {name: Image.new("RGB", size, "#808080") for name in views}
            for name, place, picture in photographs(engine, site, views):
                sheets[name].paste(picture, place)
                if place[0] + picture.width == size[0] and place[1]:  # its last
                    sheets[name].save(FOLDER / engine / f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
