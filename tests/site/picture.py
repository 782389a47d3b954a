"""Take the READMEs' picture: one recipe in Chinese and light, in English and dark.

`make picture` runs this; look at docs/site.png before it is committed.
"""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import Browser

from .built import ADDRESS, ROOT, browsing

PICTURE = ROOT / "docs" / "site.png"
VIEWS = (
    ("recipes/activation-functions/#sigmoid", "light"),
    ("en/recipes/activation-functions/#sigmoid", "dark"),
)
SIZE = {"width": 880, "height": 1240}


def view(browser: Browser, path: str, scheme: str) -> Image.Image:
    """A page as it is on the screen when it was opened at a heading."""
    page = browser.new_page(viewport=SIZE, color_scheme=scheme)
    page.goto(ADDRESS + path)
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot()))
    page.close()
    return picture


def main() -> None:
    """Build the site, take both views and put them side by side."""
    with browsing() as browser:
        views = [view(browser, path, scheme) for path, scheme in VIEWS]
    picture = Image.new("RGB", (sum(one.width for one in views), views[0].height))
    for index, one in enumerate(views):
        picture.paste(one, (index * views[0].width, 0))
    # Few colours are on a page; a palette of them makes the file a third as large. It
    # keeps the rare ones, such as those of links and of code, too.
    few = picture.quantize(
        256, Image.Quantize.MAXCOVERAGE, kmeans=4, dither=Image.Dither.NONE
    )
    few.save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
