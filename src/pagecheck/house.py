"""How a project's figures look: the table ``[tool.pagecheck.figures]`` of its settings.

Page code names colours as matplotlib does. matplotlib carries each as one fixed colour,
and the drawing puts a CSS variable in its place, which has one value on light paper and
another on dark.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# The variables of "black", "gray", "lightgray" and "white"; the others are c0, c1, …
# (C0, C1, … in code) and h0, h1, …, the levels of the colour map "house".
NAMED = {"ink": "#000000", "muted": "#808080", "grid": "#d3d3d3", "paper": "#ffffff"}


class FigureError(ValueError):
    """A figure that cannot stand on a page."""


@dataclass(frozen=True)
class Colour:
    """A colour of the palette.

    Attributes:
        variable: The CSS variable's name, without its dashes.
        said: The colour that matplotlib carries, as ``#rrggbb``.
        light: The variable's value on light paper.
        dark: Its value on dark paper.
    """

    variable: str
    said: str
    light: str
    dark: str


@dataclass(frozen=True)
class House:
    """The palette, the fonts and the style of a project's figures.

    Attributes:
        palette: The colours by what matplotlib carries; without any, figures keep the
            colours that their code names.
        fonts: The fonts of texts, as CSS lists them.
        monospace: The fonts of code in figures.
        style: matplotlib's settings while page code runs, where they are not its own.
    """

    palette: Mapping[str, Colour] = field(default_factory=dict)
    fonts: str = "sans-serif"
    monospace: str = "monospace"
    style: Mapping[str, object] = field(default_factory=dict)

    @property
    def rc(self) -> dict[str, object]:
        """The style with the series' colours, the colour map, and fixed fonts."""
        # Fonts that matplotlib brings along: it lays figures out alike everywhere.
        rc = {
            "font.sans-serif": ["DejaVu Sans"],
            "font.monospace": ["DejaVu Sans Mono"],
        }
        if series := self._said("c"):
            rc["axes.prop_cycle"] = f"cycler('color', {series})"  # type: ignore[assignment]
        if self._said("h"):
            rc["image.cmap"] = "house"  # type: ignore[assignment]
        return {**self.style, **rc}

    def register(self) -> None:
        """Make the colour map known to matplotlib."""
        from matplotlib import colormaps
        from matplotlib.colors import ListedColormap

        if (levels := self._said("h")) and "house" not in colormaps:
            colormaps.register(ListedColormap(levels, "house"))

    def _said(self, letter: str) -> list[str]:
        name = re.compile(rf"{letter}\d+")
        return [c.said for c in self.palette.values() if name.fullmatch(c.variable)]

    def paint(self, colour: str) -> str:
        """The CSS value that takes the place of a colour, given as ``#rrggbb``.

        Raises:
            FigureError: There is a palette, and the colour is not in it.
        """
        if not self.palette:
            return colour
        if colour in self.palette:
            return f"var(--{self.palette[colour].variable})"
        from matplotlib.colors import CSS4_COLORS, to_hex

        name = next((f' ("{n}")' for n in CSS4_COLORS if to_hex(n) == colour), "")
        raise FigureError(
            f"the colour {colour}{name} is not in the palette; use C0 to "
            f'C{len(self._said("c")) - 1}, "black", "gray", "lightgray", "white", '
            'alpha= or cmap="house"'
        )

    def stylesheet(self, scheme: str | None = None) -> str:
        """The style that each SVG holds: both palettes, or that of one scheme; fonts.

        A build that shows figures where ``prefers-color-scheme`` is not the page's
        scheme can put the one in the other's place.
        """
        colours = self.palette.values()
        light = ";".join(f"--{each.variable}:{each.light}" for each in colours)
        dark = ";".join(f"--{each.variable}:{each.dark}" for each in colours)
        palette = {
            None: f":root{{color-scheme:light dark;{light}}}\n"
            f"@media(prefers-color-scheme:dark){{:root{{{dark}}}}}",
            "light": f":root{{{light}}}",
            "dark": f":root{{{dark}}}",
        }[scheme]
        return (
            f"\n{palette}\nsvg{{font-family:{self.fonts}}}\ntext{{white-space:pre}}\n"
        )


def read_house(settings: object) -> House:
    """Read ``[tool.pagecheck.figures]``.

    Raises:
        ValueError: A setting is unknown or of the wrong type; the sentence names it.
    """
    kinds: dict[str, type] = {"palette": dict, "style": dict}
    kinds |= {"fonts": str, "monospace": str}
    if not isinstance(settings, dict) or not settings.keys() <= kinds.keys():
        raise ValueError(f"figures is a table of {', '.join(kinds)}, not {settings!r}")
    for name, value in settings.items():
        markup = isinstance(value, str) and re.search("[<>&{}]", value)
        if not isinstance(value, kinds[name]) or markup:
            wanted = "a table" if kinds[name] is dict else "fonts as CSS lists them"
            raise ValueError(f"figures.{name} is {wanted}, not {value!r}")
    palette = {}
    for name, pair in settings.get("palette", {}).items():
        colours: list[str] = pair if isinstance(pair, list) else []
        hexes = [one for one in colours if re.fullmatch("#[0-9a-f]{6}", str(one))]
        if len(hexes) != 2 or not (name in NAMED or re.fullmatch(r"[ch]\d+", name)):
            raise ValueError(
                f"figures.palette.{name} is {pair!r}; expected ink, muted, grid, "
                'paper, c0, … or h0, … = ["#rrggbb", "#rrggbb"], light and dark'
            )
        colour = Colour(name, NAMED.get(name) or hexes[0], *hexes)
        if colour.said in palette:
            raise ValueError(f"figures.palette has the colour {colour.said} twice")
        palette[colour.said] = colour
    return House(**{**settings, "palette": palette})


def from_json(content: Mapping[str, Any]) -> House:
    """The settings, from what ``asdict`` and JSON have made of them."""
    palette = {said: Colour(**each) for said, each in content["palette"].items()}
    return House(**{**content, "palette": palette})


_used = [House()]


def use(house: House) -> None:
    """Draw by these settings from now on, in this process."""
    _used[:] = [house]


def house() -> House:
    """The settings that figures are drawn by."""
    return _used[0]
