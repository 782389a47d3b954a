"""Photograph every type of page, to be looked at: `make sheets`.

One picture for each view, in .cache/sheets: both languages and both palettes below each
other, three widths side by side.
"""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import Browser, Page

from .built import ADDRESS, PREFIX, ROOT, browsing

FOLDER = ROOT / ".cache" / "sheets"
WIDTHS = (360, 800, 1280)
HEIGHT = 900
SCHEMES = ("light", "dark")

PAGES = {
    "home": "",
    "recipe": "recipes/activation-functions/#sigmoid",
    "recipe-end": "recipes/activation-functions/#exercises",
    "walk-through": "xor/walk-through/#backward",
    "lab": "labs/xor-training/",
    "api": "reference/api-xor/",
    "errata": "reference/errata/",
    "notation": "reference/notation/",
    "verification": "about/verification/#counts",
    "404": "no-such-page/",
    "search": "installation/",
}
EXPLORERS = {
    "activation": "recipes/activation-shapes/?f=elu,gelu&x=-1.5&view=10&p=elu:0.5",
    "xor": "xor/training/?start=7&run=all-mse-sgd-1-40_cyclic-bce-adam-0.1-3&step=11",
    "descent": "recipes/basic-network/?rate=1.05&steps=40&centre=1&w=0.5&b=3",
    "autograd": "recipes/tensor-differentiation/?expr=sigmoid%28w*x%29%2Bx&step=5",
}


def photograph(page: Page, name: str) -> Image.Image:
    """What a reader sees of a page; of an explorer, all of it."""
    page.evaluate("document.fonts.ready")
    if name == "search":
        page.keyboard.press("/")
        page.keyboard.type("sigmoid")
        page.locator(".md-search-result__list > li").first.wait_for()
    if name in EXPLORERS:
        place = page.locator("[data-explorer]")
        place.scroll_into_view_if_needed()
        place.locator("svg").first.wait_for()
        page.evaluate("document.querySelector('header.md-header').hidden = true")
        return Image.open(io.BytesIO(place.screenshot()))
    return Image.open(io.BytesIO(page.screenshot()))


def sheet(browser: Browser, name: str, path: str) -> Image.Image:
    """One view in both languages, both palettes and all widths."""
    rows = []
    for prefix in PREFIX.values():
        for scheme in SCHEMES:
            row = []
            for width in WIDTHS:
                page = browser.new_page(
                    viewport={"width": width, "height": HEIGHT},
                    color_scheme=scheme,
                    reduced_motion="reduce",
                )
                page.goto(ADDRESS + prefix + path)
                row.append(photograph(page, name))
                page.close()
            rows.append(beside(row, across=True))
    return beside(rows, across=False)


def beside(pictures: list[Image.Image], *, across: bool) -> Image.Image:
    """Pictures in a row, or in a column, with a gap."""
    gap = 12
    widths, heights = zip(*(one.size for one in pictures), strict=True)
    size = (
        (sum(widths) + gap * len(widths), max(heights))
        if across
        else (max(widths), sum(heights) + gap * len(heights))
    )
    joined = Image.new("RGB", size, "#808080")
    place = 0
    for one in pictures:
        joined.paste(one, (place, 0) if across else (0, place))
        place += (one.width if across else one.height) + gap
    return joined


def main() -> None:
    """Build the site and write the sheets."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with browsing() as browser:
        for name, path in (PAGES | EXPLORERS).items():
            sheet(browser, name, path).save(FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
