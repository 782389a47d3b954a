"""A figure's size stands in the page, so that nothing moves when it comes.

Figures are asked for as the reader comes near them; the first one at once. Each is a
link to its file, which assets/js/site.js shows large on the page. Below it stands
what it shows, for those who see it: its alternative text, which is not read out, nor
found by the search, a second time. A figure has the colours of its page's scheme;
where a browser would give it others, its address names the scheme: `figure.svg#dark`,
`figure.svg#light` (assets/js/site.js).
"""

import re
from pathlib import Path
from posixpath import dirname, join, normpath

from site_finish.settings import Language, SiteError, SitePage

IMAGE = re.compile(r'<img (?P<attributes>[^>]*?)src="(?P<source>[^"]+\.svg)"[^>]*?/?>')
SIZE = re.compile(r'<svg [^>]*?viewBox="0 0 (?P<width>[\d.]+) (?P<height>[\d.]+)"')
ALONE = re.compile(
    r'<p>(?P<link><a class="enlarge"[^>]*><img [^>]*?alt="(?P<alt>[^"]+)"[^>]*></a>)'
    r"\s*</p>"
)
CAPTIONED = (
    r'<figure class="drawn">\g<link>'
    r'<figcaption aria-hidden="true" data-search-exclude>\g<alt></figcaption></figure>'
)
PALETTES = re.compile(
    r"<svg (?P<root>.*?)<style>(?P<both>\s*:root\{(?P<light>[^}]*)\}\s*"
    r"@media\(prefers-color-scheme:dark\)\{:root\{(?P<dark>[^}]*)\}\})",
    re.DOTALL,
)
NAMED = (
    r'<svg id="dark" \g<root><style id="light">\g<both>'
    r"\n:root:target{\g<dark>}\n:root:has(:target){\g<light>}"
)


def sized(html: str, page: SitePage, language: Language) -> str:
    """Write width, height and caption to the images of a page."""
    seen = 0

    def one(image: re.Match[str]) -> str:
        nonlocal seen
        seen += 1
        if " width=" in image[0]:
            return image[0]
        file = place(image["source"], page, language)
        size = SIZE.search(file.read_text("utf-8")) if file.is_file() else None
        if size is None:
            raise SiteError(
                f"{page.uri}: {image['source']} is no figure with a viewBox from 0 0"
            )
        width, height = (round(float(size[name])) for name in ("width", "height"))
        lazily = ' loading="lazy"' if seen > 1 else ""
        drawn = image[0].replace(
            "<img ", f'<img width="{width}" height="{height}"{lazily} ', 1
        )
        return f'<a class="enlarge" href="{image["source"]}">{drawn}</a>'

    return ALONE.sub(CAPTIONED, IMAGE.sub(one, html))


def place(source: str, page: SitePage, language: Language) -> Path:
    """The file of an image on a page."""
    return language.folder / normpath(join(dirname(page.url), source))


def let_addresses_name_schemes(site: Path) -> None:
    """Let the address of each figure name its scheme."""
    for file in site.rglob("figures/*.svg"):
        svg = file.read_text("utf-8")
        if (named := PALETTES.sub(NAMED, svg, count=1)) != svg:
            file.write_text(named, "utf-8")
