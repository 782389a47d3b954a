"""Figures as SVG: paths, circles and texts, in pixels with two decimals.

A file has no date, no hash and no raster, and each colour of the palette is a CSS
variable with a light and a dark value, both in the one ``<style>`` at its top.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import matplotlib

from pagecheck.figure_texts import UntranslatedText
from pagecheck.house import FigureError, house, use
from pagecheck.svg_differences import differences
from pagecheck.svg_legibility import illegible
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
    "use",
]

DPI = 100  # pixels of the SVG to an inch of the figure
HOUSE_STYLE: Mapping[str, Any]


def __getattr__(name: str) -> object:
    if name == "HOUSE_STYLE":  # the project's, which is known when it is asked for
        return house().rc
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def register_house() -> None:
    """Make the project's colour map known to matplotlib, as ``house``."""
    house().register()


def draw(figure: Figure, texts: Mapping[str, str] | None = None) -> str:
    """Draw a figure as SVG: the same characters each time, in each process.

    Args:
        figure: A figure made while ``HOUSE_STYLE`` was active.
        texts: The translations of its texts, see ``figure_texts.translation``; boxes
            and arrows are laid out by the translations' own widths.

    Returns:
        The SVG. Its colours follow the ``color-scheme`` of the page that shows it.

    Raises:
        FigureError: The figure shows nothing, or has a colour that is not in the
            palette, a raster, mathematics, a character without a glyph, a text that
            leaves the figure or lies on another, a legend that covers data, or
            anything else not drawn here.
        UntranslatedText: A text with a word in it is not in ``texts``.
    """
    register_house()
    for artist in figure.findobj(lambda artist: bool(artist.get_path_effects())):
        raise FigureError(f"path effects on a {type(artist).__name__}; draw it plainly")
    with _plain_style(), _left_as_it_was(figure), warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        # On a busy machine every legend is slow.
        warnings.filterwarnings("ignore", "Creating legend with loc=.best. can be slow")
        figure.dpi = DPI
        try:
            svg, lines = paint(figure, house(), texts)
        except UserWarning as warning:
            raise FigureError(f"matplotlib warns: {warning}") from None
        for fault in illegible(figure, lines):
            raise FigureError(fault)
    return svg


@contextmanager
def _plain_style() -> Iterator[None]:
    """Draw in the project's style, whatever page code has set."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(cast("Any", house().rc))
        yield


@contextmanager
def _left_as_it_was(figure: Figure) -> Iterator[None]:
    """Restore what drawing changes; each layout begins where the last one ended."""
    canvas, dpi = figure.canvas, figure.dpi
    before = [
        (axes, axes.get_position(original=True), axes.get_in_layout())
        for axes in figure.axes
    ]
    try:
        yield
    finally:
        figure.set_canvas(canvas)
        figure.dpi = dpi
        for axes, position, in_layout in before:
            axes.set_position(position)
            axes.set_in_layout(in_layout)
