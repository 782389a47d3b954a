"""Figures: draw one as SVG, translate its texts, tell two of them apart.

A file has only what a reader sees: paths, circles and texts in the order in which
they are painted, grouped by what drew them, in pixels with two decimals. It has no
date, no hash and no raster, and each colour is a CSS variable with a light and a
dark value.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any, cast
from xml.etree import ElementTree
from xml.sax.saxutils import escape, unescape

from matplotlib import rc_context
from matplotlib.font_manager import FontProperties

from pagecheck.figure_texts import UntranslatedText, measure, translation
from pagecheck.house import HOUSE_STYLE, FigureError, register_house
from pagecheck.svg_differences import differences, read
from pagecheck.svg_legibility import crowded, faint
from pagecheck.svg_painting import paint

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "HOUSE_STYLE",
    "FigureError",
    "UntranslatedText",
    "differences",
    "draw",
    "register_house",
    "translate",
]

DPI = 100  # pixels of the SVG to an inch of the figure
LEGEND_SLACK = 4  # pixels that a text may be wider in its legend
_SVG = {"svg": "http://www.w3.org/2000/svg"}


def draw(figure: Figure, texts: Mapping[str, str] | None = None) -> str:
    """Draw a figure as SVG: the same characters each time, in each process.

    Args:
        figure: A figure made while ``HOUSE_STYLE`` was active.
        texts: The translations of its texts, as ``translate`` takes them. Given here,
            they are laid out by their own width: boxes fit, and arrows reach them.

    Returns:
        The SVG. Its colours follow the ``color-scheme`` of the page that shows it.

    Raises:
        FigureError: The figure shows nothing, or has a colour that is not the
            house's, a raster, mathematics, a character without a glyph, a text that
            leaves the figure or lies on another, a mark that hardly stands out on
            light or on dark paper, or anything else not drawn here.
        UntranslatedText: A text with a word in it is not in ``texts``.
    """
    register_house()
    for artist in figure.findobj(lambda artist: bool(artist.get_path_effects())):
        raise FigureError(f"path effects on a {type(artist).__name__}; draw it plainly")
    style = rc_context(cast("Any", HOUSE_STYLE))
    with style, _layout_kept(figure), warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        try:
            svg = paint(figure, DPI, texts)
        except UserWarning as warning:
            raise FigureError(f"matplotlib warns: {warning}") from None
    _refuse_illegible(svg)
    return svg


@contextmanager
def _layout_kept(figure: Figure) -> Iterator[None]:
    """Leave the axes where they were: each layout begins where the last one ended."""
    before = [
        (axes, axes.get_position(original=True), axes.get_in_layout())
        for axes in figure.axes
    ]
    try:
        yield
    finally:
        for axes, position, in_layout in before:
            axes.set_position(position)
            axes.set_in_layout(in_layout)


def translate(svg: str, table: Mapping[str, str]) -> str:
    """Put each text's translation in its place; see ``translation`` for the table.

    Raises:
        UntranslatedText: A text with a word in it is not in the table.
        FigureError: A translation is too wide for its legend, leaves the figure, or
            cannot be read where it stands.
    """

    def swap(found: re.Match[str]) -> str:
        text = translation(unescape(found[2]), table)
        return f"{found[1]}{escape(text)}</text>"

    translated = re.sub(r"(<text\b[^>]*>)([^<]*)</text>", swap, svg)
    before, after = ElementTree.fromstring(svg), ElementTree.fromstring(translated)
    _refuse_illegible(translated)
    for old, new in zip(_legend_texts(before), _legend_texts(after), strict=True):
        if _width(new) > _width(old) + LEGEND_SLACK:
            raise FigureError(
                f"the text {new.text!r} is wider than {old.text!r} and leaves its "
                "legend; shorten it"
            )
    return translated


def _legend_texts(svg: ElementTree.Element) -> list[ElementTree.Element]:
    legends = svg.iterfind(".//svg:g[@class='legend']", _SVG)
    return [text for legend in legends for text in legend.iterfind(".//svg:text", _SVG)]


def _refuse_illegible(svg: str) -> None:
    """Refuse texts that cannot be read, and marks that are hardly seen."""
    drawing = read(svg)
    for fault in chain(crowded(drawing), faint(drawing)):
        raise FigureError(fault)


def _width(text: ElementTree.Element) -> float:
    font = FontProperties(size=float(text.attrib["font-size"]))
    return measure(text.text or "", font)[0]
