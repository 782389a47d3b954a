"""MkDocs hook: small pictures on the home page, made from figures of pages it names.

A figure that is drawn small cannot be read. What remains of it is the drawing within
its first panel: without words, grid, ticks and legend, with lines as wide as they are
on the screen, and in the colours of either scheme.
"""

import re
from posixpath import basename, join, normpath
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

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


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put a picture of its page to each explorer that the home page names."""
    if not page.is_homepage:
        return html
    pages = {one.url_relative_to(page.file): one for one in files.documentation_pages()}

    def pictured(item: re.Match[str]) -> str:
        target = pages[item["page"]]
        found = FIGURE.search(target.content_string)
        figure = normpath(join(target.src_uri, "..", found[1])) if found else ""
        file = files.get_file_from_path(figure)
        if file is None:
            raise PluginError(
                f"{page.file.src_uri}: {target.src_uri}, of which the list of explorers"
                " shows a picture, has no figure that one could be made of"
            )
        svg, width, height = thumbnail(file.content_string)
        made = File.generated(config, f"{FOLDER}/{basename(figure)}", content=svg)
        files.append(made)
        return item[0] + PICTURE.format(made.url_relative_to(page.file), width, height)

    def listed(found: re.Match[str]) -> str:
        return f'{found[1]}<ul class="pictured">{ITEM.sub(pictured, found[2])}'

    return LIST.sub(listed, html, count=1)


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
