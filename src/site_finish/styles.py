"""The colours in the style sheets, and one style sheet a page instead of five.

Each would be a request before anything is seen. What it buys, measured: 10 files for a
page instead of 14, of which 12 are the budget (tests/site/test_weight.py), and half a
kilobyte. The name changes with the contents, so that no reader's cache keeps an older
one.
"""

import hashlib
import re
from pathlib import Path

from pagecheck.config import Config
from site_finish.settings import SiteError

LINK = re.compile(r'<link rel="stylesheet" href="([^"]*?)(assets/[^"?]+\.css)">\s*')
# For who writes them, but for a licence.
COMMENT = re.compile(r"/\*(?!!).*?\*/\s*", re.DOTALL)
RELATIVE = re.compile(r"url\((?!\s*[\"']?(?:data:|#))")
FOLDER = Path("assets", "css")
OWN = FOLDER / "site.css"


def write_colours(folder: Path, checks: Config) -> None:
    """Give the pages of a language the figures' colours, of series and maps.

    The home page and the explorers take them from there, light or dark as the page is.
    """
    file = folder / OWN
    light, dark = (
        "".join(f"--{name}:{p[scheme]};" for name, p in checks.figures.palette.items())
        for scheme in (0, 1)
    )
    # Not by light-dark(), which browsers of 2023 do not know.
    colours = f":root{{{light}}}@media screen{{[data-scheme=slate]{{{dark}}}}}\n"
    style = file.read_text("utf-8")
    if not style.startswith(colours):
        file.write_text(colours + style, "utf-8")


class Sheets:
    """The style sheets of a language, joined as its pages ask for them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._joined: dict[tuple[str, ...], str] = {}

    def join(self, html: str, name: str) -> str:
        """Let a page link to one style sheet that has all of what it linked to."""
        links = LINK.findall(html)
        if not links:
            raise SiteError(f"{name} has no style sheet under assets/")
        sheet = self._written(tuple(path for _, path in links))
        joined = f'<link rel="stylesheet" href="{links[0][0]}{sheet}">\n'
        first = LINK.search(html)
        assert first is not None
        return html[: first.start()] + joined + LINK.sub("", html[first.end() :])

    def _written(self, paths: tuple[str, ...]) -> str:
        if paths not in self._joined:
            css = "\n".join(read_style(self.folder / path) for path in paths)
            sheet = FOLDER / f"all.{hashlib.sha256(css.encode()).hexdigest()[:8]}.css"
            (self.folder / sheet).write_text(css, "utf-8")
            self._joined[paths] = sheet.as_posix()
        return self._joined[paths]


def read_style(file: Path) -> str:
    """Return a style sheet without comments, whose addresses the joined one keeps."""
    css = COMMENT.sub("", file.read_text("utf-8"))
    if RELATIVE.search(css) and file.parent.parts[-2:] != FOLDER.parts:
        raise SiteError(f"{file} has an address that its joined style would change")
    return css
