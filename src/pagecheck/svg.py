"""Figures: draw a page's figure as SVG, translate its texts, compare two of them.

``draw`` is a matplotlib backend of its own, so that what it writes has only what a
reader sees: paths, circles and texts in the order they are painted, grouped by the
artist that drew them. Coordinates are pixels with two decimals. There are no dates,
no hashes and no rasters, and the colours are CSS variables with a light and a dark
palette. ``differences`` reads that dialect, and nothing else.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any, NoReturn
from xml.etree import ElementTree
from xml.sax.saxutils import escape, unescape

import numpy as np
from matplotlib import colormaps, rc_context
from matplotlib.backend_bases import (
    FigureCanvasBase,
    FigureManagerBase,
    GraphicsContextBase,
    RendererBase,
)
from matplotlib.colors import CSS4_COLORS, ListedColormap, to_hex
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Transform

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties


class FigureError(ValueError):
    """A figure that cannot stand on a page."""


class UntranslatedText(FigureError):
    """A figure's text that the table of translations lacks."""


# --- colours ---------------------------------------------------------------------
# What page code says (the sentinel that matplotlib carries), the CSS variable that
# it becomes, and that variable's value on light and on dark paper.

COLOURS: Mapping[str, tuple[str, str, str]] = {
    "#000000": ("ink", "#1f2328", "#e3e6ed"),  # "black"
    "#808080": ("muted", "#5f6670", "#a3aab8"),  # "gray"
    "#d3d3d3": ("grid", "#d5d9df", "#3d4353"),  # "lightgray"
    "#ffffff": ("paper", "#ffffff", "#1e2129"),  # "white"
    "#0072b2": ("c0", "#0072b2", "#56b4e9"),
    "#d55e00": ("c1", "#c2480a", "#ff9a4d"),
    "#009e73": ("c2", "#00785a", "#2ecc9b"),
    "#cc79a7": ("c3", "#b0448a", "#f29ac9"),
    "#e69f00": ("c4", "#8a6000", "#f0e442"),
    "#56b4e9": ("c5", "#5b4fc4", "#b3a6ff"),
    "#f0e442": ("c6", "#2f7d7d", "#7fd6d6"),
    # the map "house": from one class, through their border, to the other
    "#1a6fa8": ("h0", "#74b3dd", "#1b5a86"),
    "#3f87b8": ("h1", "#93c4e5", "#1d4e72"),
    "#67a0c8": ("h2", "#b2d5ed", "#1f425f"),
    "#93bcd9": ("h3", "#d0e5f4", "#20374c"),
    "#c3d9ea": ("h4", "#e9f3fa", "#202b3a"),
    "#f0dccb": ("h5", "#fdf0e6", "#33291f"),
    "#e3bd9d": ("h6", "#fadcc3", "#4a3420"),
    "#d79e71": ("h7", "#f6c69d", "#613f20"),
    "#cb8048": ("h8", "#f1b079", "#784a1f"),
    "#bf6322": ("h9", "#eb9955", "#8f551e"),
}
CYCLE = [colour for colour, (name, *_) in COLOURS.items() if re.match(r"c\d", name)]
LEVELS = [colour for colour, (name, *_) in COLOURS.items() if re.match(r"h\d", name)]

HOUSE_STYLE: Mapping[str, object] = {
    "figure.figsize": (6.4, 4.0),
    "figure.dpi": 100.0,
    "figure.facecolor": "none",
    "savefig.facecolor": "auto",
    "savefig.bbox": None,
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans"],  # matplotlib's own: measures alike everywhere
    "font.monospace": ["DejaVu Sans Mono"],
    "font.size": 10.0,
    "text.color": "black",
    "text.usetex": False,
    "text.parse_math": True,
    "axes.facecolor": "none",
    "axes.edgecolor": "gray",
    "axes.labelcolor": "black",
    "axes.titlecolor": "black",
    "axes.titlesize": "medium",
    "axes.linewidth": 0.8,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "axes.prop_cycle": f"cycler('color', {CYCLE})",
    "axes.formatter.use_mathtext": False,
    "grid.color": "lightgray",
    "grid.linewidth": 0.8,
    "xtick.color": "gray",
    "ytick.color": "gray",
    "xtick.labelcolor": "black",
    "ytick.labelcolor": "black",
    "xtick.labelsize": "medium",
    "ytick.labelsize": "medium",
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "lines.solid_joinstyle": "round",
    "lines.dash_joinstyle": "round",
    "patch.facecolor": CYCLE[0],
    "patch.edgecolor": "black",
    "hatch.color": "black",
    "legend.facecolor": "white",
    "legend.edgecolor": "lightgray",
    "legend.framealpha": 0.85,
    "legend.fancybox": False,
    "legend.fontsize": "medium",
    "image.cmap": "house",
    "path.simplify": True,
    "path.simplify_threshold": 1 / 9,
    "path.sketch": None,
    "path.effects": [],
}


def register_house() -> None:
    """Make the colour map ``house`` known to matplotlib."""
    if "house" not in colormaps:
        colormaps.register(ListedColormap(LEVELS, "house"))


def _palette(column: int) -> str:
    values = ";".join(f"--{names[0]}:{names[column]}" for names in COLOURS.values())
    return f":root{{{values}}}"


FONTS = (
    'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans",'
    '"Liberation Sans",Arial,"PingFang SC","Hiragino Sans GB","Microsoft YaHei",'
    '"Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC",sans-serif'
)
MONOSPACE = (
    'ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",'
    '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",monospace'
)
STYLE = f"""
:root{{color-scheme:light dark}}
{_palette(1)}
@media (prefers-color-scheme:dark){{{_palette(2)}}}
text{{font-family:{FONTS};white-space:pre}}
.monospace{{font-family:{MONOSPACE}}}
"""


# --- draw ------------------------------------------------------------------------

DPI = 100


def draw(figure: Figure) -> str:
    """Draw a figure as SVG: the same text each time, in each process.

    Args:
        figure: A figure made while ``HOUSE_STYLE`` was active.

    Returns:
        The SVG's text. Its colours follow the ``color-scheme`` of the page.

    Raises:
        FigureError: It has a colour that is not the house's, a raster, mathematics
            or anything else that ``draw`` does not know.
    """
    register_house()
    for artist in figure.findobj(lambda artist: bool(artist.get_path_effects())):
        raise FigureError(f"{type(artist).__name__} has path effects; draw it without")
    buffer = io.StringIO()
    with rc_context(dict(HOUSE_STYLE)):
        figure.savefig(buffer, format="svg", dpi=DPI, backend=f"module://{__name__}")
    return buffer.getvalue()


class FigureCanvas(FigureCanvasBase):
    """What matplotlib asks of a backend's module."""

    filetypes = {"svg": "Scalable Vector Graphics"}
    manager_class = FigureManagerBase

    def print_svg(self, file: IO[str], **_: object) -> None:
        """Write the figure into an open text file."""
        renderer = _Renderer(self.figure)
        self.figure.draw(renderer)
        file.write(renderer.text())


class _Renderer(RendererBase):
    """Paints by adding elements to an SVG tree."""

    def __init__(self, figure: Figure) -> None:
        super().__init__()
        width, height = figure.bbox.size
        self._dpi = figure.dpi
        self._size = (float(width), float(height))
        self._flip = Affine2D().scale(1, -1).translate(0, height)
        self._lines = {
            line: text
            for text in figure.findobj(Text)
            for line in text.get_text().split("\n")
        }
        self._clips: dict[str, str] = {}
        self._open = [ElementTree.Element("g")]

    def text(self) -> str:
        """The whole file."""
        width, height = map(_number, self._size)
        svg = ElementTree.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "width": width,
                "height": height,
                "viewBox": f"0 0 {width} {height}",
                "fill": "none",
            },
        )
        ElementTree.SubElement(svg, "style").text = STYLE
        if self._clips:
            defs = ElementTree.SubElement(svg, "defs")
            for data, name in self._clips.items():
                clip = ElementTree.SubElement(defs, "clipPath", {"id": name})
                ElementTree.SubElement(clip, "path", {"d": data})
        svg.extend(self._open[0])
        ElementTree.indent(svg, " ")
        return ElementTree.tostring(svg, encoding="unicode") + "\n"

    # what matplotlib asks

    def get_canvas_width_height(self) -> tuple[float, float]:  # noqa: D102
        return self._size

    def points_to_pixels(self, points: Any) -> Any:  # noqa: D102
        return points * self._dpi / 72

    def open_group(self, s: str, gid: str | None = None) -> None:  # noqa: D102
        self._open.append(ElementTree.Element("g", {"class": s.split(".")[-1]}))

    def close_group(self, s: str) -> None:  # noqa: D102
        group = self._open.pop()
        if len(group) == 1 and "class" not in group[0].attrib:
            group[0].set("class", group.attrib["class"])
            self._open[-1].append(group[0])
        elif len(group):
            _hoist(group)
            self._open[-1].append(group)

    def draw_path(  # noqa: D102
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Transform,
        rgbFace: Any = None,  # noqa: N803
    ) -> None:
        style = self._style(gc, rgbFace)
        if "fill" not in style and "stroke" not in style:
            return
        shape = path.cleaned(
            transform + self._flip,
            remove_nans=True,
            clip=None if "fill" in style else (0, 0, *self._size),
            simplify=path.should_simplify,
            curves=True,
        )
        self._add(shape, style)

    def draw_markers(  # noqa: D102
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Transform,
        path: Path,
        trans: Transform,
        rgbFace: Any = None,  # noqa: N803
    ) -> None:
        style = self._style(gc, rgbFace)
        if "fill" not in style and "stroke" not in style:
            return
        marker = marker_path.transformed(marker_trans + Affine2D().scale(1, -1))
        places = (trans + self._flip).transform(path.vertices)
        self.open_group("markers")
        for x, y in places[np.isfinite(places).all(axis=1)]:
            self._add(marker.transformed(Affine2D().translate(x, y)), style)
        self.close_group("markers")

    def draw_image(self, *_: object, **__: object) -> NoReturn:  # noqa: D102
        raise FigureError(
            "a raster image; draw it with contourf, pcolormesh or patches"
        )

    def draw_gouraud_triangles(self, *_: object) -> NoReturn:  # noqa: D102
        raise FigureError('shading="gouraud"; draw it with contourf')

    def draw_tex(self, *_: object, **__: object) -> NoReturn:  # noqa: D102
        raise FigureError("text set by TeX; write it in Unicode")

    def draw_text(  # noqa: D102
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Text | None = None,
    ) -> None:
        width, _, _ = self.get_text_width_height_descent(s, prop, ismath)
        share = _share(mtext or self._lines.get(s), angle)
        turn = math.radians(angle)
        x += share * width * math.cos(turn)
        y -= share * width * math.sin(turn)
        element = {"x": _number(x), "y": _number(y), **_font(prop, self._dpi)}
        element |= self._paint("fill", gc.get_rgb(), gc)
        if share:
            element["text-anchor"] = "middle" if share == 0.5 else "end"
        if angle:
            place = f"{element['x']} {element['y']}"
            element["transform"] = f"rotate({_number(-angle)} {place})"
        element |= self._clip(gc)
        text = ElementTree.SubElement(self._open[-1], "text", element)
        text.text = _plain(s) if ismath else s

    # how it is written

    def _add(self, shape: Path, style: dict[str, str]) -> None:
        circle = _circle(shape)
        if circle:
            ElementTree.SubElement(self._open[-1], "circle", circle | style)
        elif data := _data(shape):
            ElementTree.SubElement(self._open[-1], "path", {"d": data} | style)

    def _style(self, gc: GraphicsContextBase, face: Any) -> dict[str, str]:
        if gc.get_hatch():
            raise FigureError("a hatch; tell areas apart by colour and label")
        if gc.get_sketch_params():
            raise FigureError("sketch parameters; draw it without")
        style = {} if face is None else self._paint("fill", face, gc)
        width = self.points_to_pixels(gc.get_linewidth())
        stroke = self._paint("stroke", gc.get_rgb(), gc) if width else {}
        if not stroke:
            return style | self._clip(gc)
        style |= stroke | {"stroke-width": _number(width)}
        if gc.get_capstyle() != "butt":
            cap = gc.get_capstyle().replace("projecting", "square")
            style["stroke-linecap"] = cap
        if gc.get_joinstyle() != "miter":
            style["stroke-linejoin"] = gc.get_joinstyle()
        offset, dashes = gc.get_dashes()
        if dashes is not None:
            pixels = [_number(self.points_to_pixels(dash)) for dash in dashes]
            style["stroke-dasharray"] = " ".join(pixels)
            if offset:
                style["stroke-dashoffset"] = _number(self.points_to_pixels(offset))
        return style | self._clip(gc)

    def _paint(
        self, what: str, rgba: Sequence[float], gc: GraphicsContextBase
    ) -> dict[str, str]:
        alpha = rgba[3] if len(rgba) == 4 else 1.0
        if gc.get_forced_alpha():
            alpha = gc.get_alpha()
        if not alpha:
            return {}
        paint = {what: f"var(--{_variable(rgba)})"}
        if alpha != 1:
            paint[f"{what}-opacity"] = _number(alpha)
        return paint

    def _clip(self, gc: GraphicsContextBase) -> dict[str, str]:
        path, transform = gc.get_clip_path()
        box = gc.get_clip_rectangle()
        if path is not None:
            data = _data(path.cleaned(transform + self._flip, curves=True))
        elif box is not None:
            corners = [(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1)]
            corners += [(box.x0, box.y1), (box.x0, box.y0)]
            data = _data(Path(corners, closed=True).transformed(self._flip))
        else:
            return {}
        name = self._clips.setdefault(data, f"clip{len(self._clips) + 1}")
        return {"clip-path": f"url(#{name})"}


def _number(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _variable(rgba: Sequence[float]) -> str:
    colour = to_hex(rgba[:3])
    if colour in COLOURS:
        return COLOURS[colour][0]
    called = [
        f' ("{name}")' for name, value in CSS4_COLORS.items() if value.lower() == colour
    ]
    raise FigureError(
        f"the colour {colour}{''.join(called[:1])} is not the house's; use C0 to C6, "
        '"black", "gray", "lightgray", "white" or cmap="house"'
    )


def _hoist(group: ElementTree.Element) -> None:
    """Move to a group what all its children have alike."""
    own = {"d", "x", "y", "cx", "cy", "r", "class", "transform"}
    for name, value in list(group[0].attrib.items()):
        if name not in own and all(child.get(name) == value for child in group):
            group.set(name, value)
            for child in group:
                del child.attrib[name]


def _data(path: Path) -> str:
    """A path's ``d``: absolute M, L, Q, C and Z."""
    pieces: list[str] = []
    last = ""
    for points, code in path.iter_segments(simplify=False, curves=True):
        if code == Path.STOP:
            continue
        if code == Path.CLOSEPOLY:
            piece, letter = "Z", "Z"
        else:
            letter = "?MLQC"[code]
            numbers = " ".join(map(_number, points))
            if letter == "L" and pieces and pieces[-1][1:] == numbers:
                continue
            piece = letter + numbers
        pieces.append(" " + piece[1:] if letter == last in "LQC" else piece)
        last = letter
    return "".join(pieces) if len(pieces) > 1 else ""


def _circle(path: Path) -> dict[str, str] | None:
    """The circle's centre and radius, if the path is matplotlib's circle."""
    codes, unit = path.codes, Path.unit_circle().codes
    if codes is None or unit is None or list(codes[:26]) != list(unit):
        return None
    around = path.vertices[:25:3]
    centre = (around[0] + around[4]) / 2
    radii = np.hypot(*(around - centre).T)
    if np.ptp(radii) > 0.01:
        return None
    x, y = map(_number, centre)
    return {"cx": x, "cy": y, "r": _number(radii.mean())}


def _share(text: Text | None, angle: float) -> float:
    """How much of a text lies before the point that it is anchored at."""
    if text is None:
        return 0.0
    if angle % 180 == 90 and text.get_rotation_mode() != "anchor":
        shares = {"bottom": 0.0, "baseline": 0.0, "top": 1.0}
        share = shares.get(text.get_verticalalignment(), 0.5)
        return share if angle % 360 == 90 else 1 - share
    shares = {"left": 0.0, "right": 1.0}
    return shares.get(text.get_horizontalalignment(), 0.5)


def _font(prop: FontProperties, dpi: float) -> dict[str, str]:
    font = {"font-size": _number(prop.get_size_in_points() * dpi / 72)}
    if prop.get_weight() not in ("normal", "regular", 400):
        font["font-weight"] = str(prop.get_weight())
    if prop.get_style() != "normal":
        font["font-style"] = prop.get_style()
    if "monospace" in prop.get_family():
        font["class"] = "monospace"
    return font


_RAISED = str.maketrans("-−0123456789", "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _plain(text: str) -> str:
    """Matplotlib's own tick labels on a logarithmic axis, in Unicode."""
    inner = re.fullmatch(r"\$\\mathdefault\{(.*)\}\$", text)
    if not inner:
        raise FigureError(f"mathematics in the text {text!r}; write it in Unicode")
    plain = inner[1].replace(r"\times", "×")
    plain = re.sub(r"\^\{([-−\d]+)\}", lambda power: power[1].translate(_RAISED), plain)
    if re.search(r"[\\{}^_$]", plain):
        raise FigureError(f"mathematics in the text {text!r}; write it in Unicode")
    return plain


# --- translate -------------------------------------------------------------------


def translate(svg: str, table: Mapping[str, str]) -> str:
    """Put each text's translation in its place.

    Args:
        svg: What ``draw`` returned.
        table: The translation of each text. A name that stays as it is stands for
            itself: ``"ReLU" = "ReLU"``.

    Raises:
        UntranslatedText: A text with a word in it is not in the table.
    """

    def swap(text: re.Match[str]) -> str:
        return f"{text[1]}{escape(_translation(unescape(text[2]), table))}</text>"

    return re.sub(r"(<text\b[^>]*>)([^<]*)</text>", swap, svg)


def _translation(text: str, table: Mapping[str, str]) -> str:
    if text in table:
        return table[text]
    rest = text
    for name in (name for name, called in table.items() if name == called):
        rest = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", rest)
    if re.search(r"[^\W\d_]{2,}", rest):
        raise UntranslatedText(
            f"the figure's text {text!r} has no translation; "
            "add it to docs/figure-texts.toml"
        )
    return text


# --- differences -----------------------------------------------------------------


def differences(shown: str, drawn: str) -> list[str]:
    """What a reader sees differ between two figures; nothing when they are alike."""
    return [] if shown == drawn else ["the figure differs"]
