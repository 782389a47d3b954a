"""The house style of figures: what page code may say, and what becomes of it.

Page code names few colours: ``C0`` to ``C6``, ``"black"``, ``"gray"``,
``"lightgray"``, ``"white"`` and the colour map ``"house"``. matplotlib carries each
of them as one fixed colour, and the drawing puts a CSS variable in its place, which
has one value on light paper and another on dark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


class FigureError(ValueError):
    """A figure that cannot stand on a page."""


@dataclass(frozen=True)
class Colour:
    """A colour of the house.

    Attributes:
        variable: The CSS variable's name, without its dashes.
        said: The colour that matplotlib carries.
        light: The variable's value on light paper.
        dark: Its value on dark paper.
    """

    variable: str
    said: str
    light: str
    dark: str


# Ink, muted and cycle stand out from the paper by 4.5:1 or more, so that texts may
# have them, and the cycle's seven can be told apart without red, green or blue cones.
# The grid is no more than a hint.
INK = Colour("ink", "#000000", "#1f2328", "#e3e6ed")
MUTED = Colour("muted", "#808080", "#5f6670", "#a3aab8")
GRID = Colour("grid", "#d3d3d3", "#d5d9df", "#3d4353")
PAPER = Colour("paper", "#ffffff", "#ffffff", "#1e2129")

CYCLE = tuple(
    Colour(f"c{index}", light, light, dark)
    for index, (light, dark) in enumerate(
        [
            ("#2654a1", "#2291c4"),
            ("#b2500e", "#f89636"),
            ("#05856d", "#97ee97"),
            ("#860051", "#fbaaf7"),
            ("#623a00", "#b77f26"),
            ("#8655d1", "#9c99ff"),
            ("#004967", "#59beba"),
        ]
    )
)

# From the first class to the second, with their border between the two middle levels.
# Ink is legible on every level.
LEVELS = tuple(
    Colour(f"h{index}", light, light, dark)
    for index, (light, dark) in enumerate(
        [
            ("#7fabeb", "#00628e"),
            ("#99bdf1", "#155476"),
            ("#b3cef6", "#1d465f"),
            ("#cde0fb", "#203949"),
            ("#e7f1ff", "#212c33"),
            ("#fdece3", "#322820"),
            ("#f6d7c5", "#453120"),
            ("#efc1a7", "#5a391d"),
            ("#e7ac89", "#6f4217"),
            ("#de966a", "#854a0b"),
        ]
    )
)

COLOURS: Mapping[str, Colour] = {
    colour.said: colour for colour in (INK, MUTED, GRID, PAPER, *CYCLE, *LEVELS)
}

# matplotlib measures with a font that it brings along, so that a figure's layout is
# the same on every machine. Readers get the fonts of their system, which are narrower.
FONTS = (
    'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans",'
    '"Liberation Sans",Arial,"PingFang SC","Hiragino Sans GB","Microsoft YaHei",'
    '"Noto Sans CJK SC","Source Han Sans SC",sans-serif'
)
MONOSPACE = (
    "ui-monospace,Menlo,Consolas,Liberation Mono,PingFang SC,Microsoft YaHei,"
    "Noto Sans CJK SC,monospace"
)

HOUSE_STYLE: Mapping[str, object] = {
    "axes.axisbelow": True,
    "axes.edgecolor": "gray",
    "axes.facecolor": "none",
    "axes.formatter.use_mathtext": False,
    "axes.grid": True,
    "axes.labelcolor": "black",
    "axes.linewidth": 0.8,
    "axes.prop_cycle": f"cycler('color', {[colour.said for colour in CYCLE]})",
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": "black",
    "axes.titlesize": "medium",
    "axes.unicode_minus": True,
    "figure.dpi": 100.0,
    "figure.facecolor": "none",
    "figure.figsize": (6.4, 4.0),
    "font.family": ["sans-serif"],
    "font.monospace": ["DejaVu Sans Mono"],
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 10.0,
    "grid.color": "lightgray",
    "grid.linewidth": 0.8,
    "image.cmap": "house",
    "legend.edgecolor": "lightgray",
    "legend.facecolor": "white",
    "legend.fancybox": False,
    "legend.fontsize": "medium",
    "legend.framealpha": 0.85,
    "lines.dash_joinstyle": "round",
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "butt",
    "lines.solid_joinstyle": "round",
    "patch.edgecolor": "black",
    "patch.facecolor": CYCLE[0].said,
    "path.effects": [],
    "path.simplify": True,
    "path.simplify_threshold": 1 / 9,
    "path.sketch": None,
    "savefig.bbox": None,
    "savefig.edgecolor": "auto",
    "savefig.facecolor": "auto",
    "text.color": "black",
    "text.parse_math": True,
    "text.usetex": False,
    "xtick.color": "gray",
    "xtick.labelcolor": "black",
    "xtick.labelsize": "medium",
    "ytick.color": "gray",
    "ytick.labelcolor": "black",
    "ytick.labelsize": "medium",
}


def register_house() -> None:
    """Make the colour map ``house`` known to matplotlib."""
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap

    if "house" not in colormaps:
        colormaps.register(ListedColormap([level.said for level in LEVELS], "house"))


def variable(colour: str) -> str:
    """The CSS value that takes the place of a colour, given as ``#rrggbb``.

    Raises:
        FigureError: It is none of the house's colours.
    """
    if colour in COLOURS:
        return f"var(--{COLOURS[colour].variable})"
    from matplotlib.colors import CSS4_COLORS, to_hex

    names = [name for name in CSS4_COLORS if to_hex(name) == colour]
    called = f' ("{names[0]}")' if names else ""
    raise FigureError(
        f"the colour {colour}{called} is not the house's; use C0 to C6, "
        '"black", "gray", "lightgray", "white", alpha= or cmap="house"'
    )


def stylesheet() -> str:
    """The style that each SVG holds: both palettes, and the fonts."""
    light = ";".join(f"--{one.variable}:{one.light}" for one in COLOURS.values())
    dark = ";".join(f"--{one.variable}:{one.dark}" for one in COLOURS.values())
    return f"""
:root{{color-scheme:light dark;{light}}}
@media(prefers-color-scheme:dark){{:root{{{dark}}}}}
svg{{font-family:{FONTS}}}
text{{white-space:pre}}
"""
