"""How a project's figures look: the table ``[tool.pagecheck.figures]`` of its settings.

Page code names colours as matplotlib does. matplotlib carries each as one fixed colour,
and the drawing puts a CSS variable in its place, which has one value on light paper and
another on dark.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

# The variables of "black", "gray", "lightgray" and "white"; the others are c0, c1, …
# (C0, C1, … in code) and h0, h1, …, the levels of the colour map "house".
NAMED = {"ink": "#000000", "muted": "#808080", "grid": "#d3d3d3", "paper": "#ffffff"}


class FigureError(ValueError):
    """A figure that cannot stand on a page."""


@dataclass(frozen=True)
class House:
    """The palette, the fonts and the style of a project's figures, as the settings say.

    The palette has, by the name of its CSS variable, each colour on light paper and on
    dark; without one, figures keep the colours that their code names. Fonts are as CSS
    lists them, the style is matplotlib's settings while page code runs.
    """

    palette: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fonts: str = "sans-serif"
    style: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if re.search("[<>&{}]", self.fonts):
            raise ValueError(f"figures.fonts is no list as CSS has it: {self.fonts!r}")
        known = re.compile(rf"(?:{'|'.join(NAMED)}|[ch]\d+)(?: #[0-9a-f]{{6}}){{2}}")
        for name, pair in self.palette.items():
            if not known.fullmatch(" ".join((name, *pair))):
                raise ValueError(
                    f"figures.palette.{name} is {[*pair]}; expected ink, muted, grid, "
                    'paper, c0, … or h0, … = ["#rrggbb", "#rrggbb"], light and dark'
                )
        if len(self.variables) < len(self.palette):
            raise ValueError("figures.palette has a colour twice for light paper")

    @cached_property
    def variables(self) -> dict[str, str]:
        """The variables by the colours that matplotlib carries for them."""
        return {NAMED.get(name, pair[0]): name for name, pair in self.palette.items()}

    @property
    def rc(self) -> dict[str, object]:
        """The style with the series' colours, the colour map, and a fixed font."""
        # One that matplotlib brings along: it lays figures out alike everywhere.
        rc: dict[str, object] = {**self.style, "font.sans-serif": ["DejaVu Sans"]}
        if series := self._carried("c"):
            rc["axes.prop_cycle"] = f"cycler('color', {series})"
        if self._carried("h"):
            rc["image.cmap"] = "house"
        return rc

    def register(self) -> None:
        """Make the colour map known to matplotlib."""
        from matplotlib import colormaps
        from matplotlib.colors import ListedColormap

        if (levels := self._carried("h")) and "house" not in colormaps:
            colormaps.register(ListedColormap(levels, "house"))

    def _carried(self, letter: str) -> list[str]:
        known = self.variables.items()
        return [colour for colour, name in known if re.fullmatch(rf"{letter}\d+", name)]

    def paint(self, colour: str) -> str:
        """The CSS value that takes the place of a colour, given as ``#rrggbb``.

        Raises:
            FigureError: There is a palette, and the colour is not in it.
        """
        if not self.palette:
            return colour
        if colour not in self.variables:
            last = len(self._carried("c")) - 1
            raise FigureError(
                f"the colour {colour} is not in the palette; use C0 to C{last}, "
                '"black", "gray", "lightgray", "white", alpha= or cmap="house"'
            )
        return f"var(--{self.variables[colour]})"

    def stylesheet(self) -> str:
        """The style that each SVG holds: both palettes, and the fonts."""
        light, dark = (
            ";".join(f"--{name}:{pair[at]}" for name, pair in self.palette.items())
            for at in (0, 1)
        )
        return (
            f"\n:root{{color-scheme:light dark;{light}}}"
            f"\n@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"
            f"\nsvg{{font-family:{self.fonts}}}\ntext{{white-space:pre}}\n"
        )
