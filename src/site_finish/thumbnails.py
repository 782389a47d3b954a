"""Small pictures on the home page, made from figures of pages it names.

A figure that is drawn small cannot be read. What remains of it is the drawing within
its first panel: without words, grid, ticks and legend, with lines as wide as they are
on the screen, and in the colours of either scheme.
"""

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from site_finish.settings import Language, SiteError, SitePage

SVG = "http://www.w3.org/2000/svg"
STYLE = "\n*{vector-effect:non-scaling-stroke}\n"
FOLDER = "figures"
PICTURE = '<img class="thumbnail" src="{}" alt="" width="{:.0f}" height="{:.0f}">'
LIST = re.compile(r'(<h2 id="explorers">.*?)<ul>(.*?</ul>)', re.DOTALL)
ITEM = re.compile(r'<li>(?=<strong><a href="(?P<page>[^"#]*))')
FIGURE = re.compile(r"^!\[.*?\]\((figures/[\w-]+\.svg)\)", re.MULTILINE)

_PLACES = {"path": "d", "circle": "cx cy", "use": "x y"}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

Box = tuple[float, ...]

ElementTree.register_namespace("", SVG)


def pictured(html: str, home: SitePage, language: Language) -> str:
    """Put a picture of its page to each explorer that the home page names.

    Args:
        html: The home page.
        home: Which page that is.
        language: Its language, in whose folder the pictures are written.

    Raises:
        SiteError: What is named is no page, or has no figure.
    """
    pages = {home.link_to(page.url): page for page in language.pages}

    def item(found: re.Match[str]) -> str:
        page = pages.get(found["page"])
        figure = FIGURE.search(page.text) if page else None
        if page is None or figure is None:
            raise SiteError(
                f"{home.uri}: {found['page']}, of which the list of explorers shows a"
                " picture, is no page with a figure that one could be made of"
            )
        file = page.source.parent / figure[1]
        small, width, height = thumbnail(file.read_text("utf-8"))
        made = language.folder / FOLDER / file.name
        made.parent.mkdir(exist_ok=True)
        made.write_text(small, "utf-8")
        source = home.link_to(f"{FOLDER}/{file.name}")
        return found[0] + PICTURE.format(source, width, height)

    def items(found: re.Match[str]) -> str:
        return f'{found[1]}<ul class="pictured">{ITEM.sub(item, found[2])}'

    return LIST.sub(items, html, count=1)


def thumbnail(svg: str) -> tuple[str, float, float]:
    """Return what is left of a figure that is shown small, its width and its height."""
    root = ElementTree.fromstring(svg)
    panel = root.find(f"{{{SVG}}}clipPath/{{{SVG}}}path")
    if panel is None:  # a drawing without axes
        left, top, width, height = map(float, root.attrib["viewBox"].split())
        right, bottom = left + width, top + height
    else:
        left, top, right, bottom = _box(panel)
    _thin(root)
    left, top, width, height = left - 2, top - 2, right - left + 4, bottom - top + 4
    for name, value in ("width", width), ("height", height):
        root.set(name, f"{value:.2f}")
    root.set("viewBox", f"{left:.2f} {top:.2f} {width:.2f} {height:.2f}")
    style = root.find(f"{{{SVG}}}style")
    assert style is not None
    style.text = f"{style.text or ''}{STYLE}"
    text = ElementTree.tostring(root, "unicode")
    return text, width, height


def _thin(parent: Element, legend: Box = ()) -> Box:
    """Take out words, grid and legend, which is a box of paper and what is in it."""
    for child in list(parent):
        tag = child.tag.rpartition("}")[2]
        if child.get("fill-opacity") and child.get("fill") == "var(--paper)":
            legend = _box(child)
        if (
            tag == "text"
            or child.get("stroke") == "var(--grid)"
            or (legend and tag in _PLACES and _inside(child, tag, legend))
        ):
            parent.remove(child)
        else:
            legend = _thin(child, legend)
    return legend


def _inside(element: Element, tag: str, box: Box) -> bool:
    said = " ".join(element.get(name, "") for name in _PLACES[tag].split())
    x, y, *_ = [*map(float, _NUMBER.findall(said)), 0.0, 0.0]
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _box(path: Element) -> Box:
    """Left, top, right and bottom of a rectangle that is drawn as a path."""
    numbers = [float(number) for number in _NUMBER.findall(path.get("d", ""))]
    return min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])
