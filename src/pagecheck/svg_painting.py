"""A renderer for matplotlib that writes small SVG: paths, circles and texts.

matplotlib's own would be less code here, but its files of this site's 63 figures are
1.7 times as large in the median and up to 12 times (compressed 1.5 and 12), rounded to
two decimals still up to 7 times, since it keeps each point of a filled area. It also
centres neither turned texts nor the lines of a longer one where a reader's font is
narrower than DejaVu, measures no Chinese, and sets powers of ten as glyphs in place.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NoReturn, cast
from xml.etree import ElementTree

import numpy as np
from matplotlib.backend_bases import (
    FigureCanvasBase,
    GraphicsContextBase,
    RendererBase,
)
from matplotlib.colors import to_hex, to_rgba
from matplotlib.font_manager import FontProperties, weight_dict
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, BboxBase, Transform
from numpy.typing import NDArray

from pagecheck.figure_texts import UntranslatedText, measure, translation
from pagecheck.house import FigureError, House

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.typing import ColorType

_OWN = {"d", "x", "y", "cx", "cy", "r", "transform", "class"}  # never a group's
_OWN |= {"font-size", "text-anchor"}
_SEAM = 0.7  # pixels by which tiles overlap


class Line(NamedTuple):
    """A line of text that has been painted, and what it is clipped to."""

    text: str
    box: Path  # half a pixel inwards, y upwards
    clip: BboxBase | None


def paint(
    figure: Figure, house: House, texts: Mapping[str, str] | None
) -> tuple[str, list[Line]]:
    """Lay a figure out and paint it, its texts translated if there is a table."""
    renderer = _Renderer(figure, house, texts)
    # Through its canvas, matplotlib's layout measures with this renderer.
    vars(FigureCanvasBase(figure))["get_renderer"] = lambda: renderer
    figure.draw(renderer)
    return renderer.svg(), renderer.lines


class _Renderer(RendererBase):
    """Paints by adding elements to an SVG tree.

    matplotlib's groups become ``<g class="…">``; one that holds a single element
    gives it its class, and what all the elements of a group have alike stands at the
    group.
    """

    def __init__(
        self, figure: Figure, house: House, texts: Mapping[str, str] | None
    ) -> None:
        super().__init__()
        width, height = map(float, figure.bbox.size)
        self.lines: list[Line] = []
        self._figure, self._house, self._texts = figure, house, texts
        self._size = (width, height)
        self._scale = float(figure.dpi) / 72  # pixels to a point
        self._flip = Affine2D().scale(1, -1).translate(0, height)
        self._clips: dict[str, str] = {}
        self._open = [ElementTree.Element("g")]

    def svg(self) -> str:
        """What has been painted, as a file."""
        if not len(self._open[0]):
            raise FigureError("the figure shows nothing")
        width, height = map(_number, self._size)
        frame = {"width": width, "height": height, "viewBox": f"0 0 {width} {height}"}
        plain = {"fill": "none", "stroke-linejoin": "round"}
        names = {"xmlns": "http://www.w3.org/2000/svg"}
        svg = ElementTree.Element("svg", names | frame | plain)
        ElementTree.SubElement(svg, "style").text = self._house.stylesheet()
        definitions = ElementTree.Element("defs")
        for data, name in self._clips.items():
            clip = ElementTree.SubElement(definitions, "clipPath", {"id": name})
            ElementTree.SubElement(clip, "path", {"d": data})
        svg.extend([definitions] if self._clips else [])
        svg.extend(self._open[0])
        ElementTree.indent(svg, " ")
        return ElementTree.tostring(svg, encoding="unicode") + "\n"

    # --- what matplotlib asks

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self._size

    def points_to_pixels(self, points: Any) -> Any:  # noqa: ANN401
        return points * self._scale

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: bool | Literal["TeX"]
    ) -> tuple[float, float, float]:
        if ismath == "TeX":
            raise FigureError("a text set by TeX; write it in Unicode")
        try:
            said = self._say(s, ismath)
        except UntranslatedText:  # what is drawn raises it again; "lp" is only measured
            said = s
        width, height, descent = measure(said, prop)
        return width * self._scale, height * self._scale, descent * self._scale

    def open_group(self, s: str, gid: str | None = None) -> None:
        self._open.append(ElementTree.Element("g", {"class": s.split(".")[-1]}))

    def close_group(self, s: str) -> None:
        group = self._open.pop()
        if len(group) > 1:
            _hoist(group)
            self._open[-1].append(group)
        elif len(group):
            if group[0].tag != "text":
                group[0].attrib.setdefault("class", group.attrib["class"])
            self._open[-1].append(group[0])

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Transform,
        rgbFace: ColorType | None = None,  # noqa: N803
    ) -> None:
        style = self._style(gc, rgbFace)
        filled = "fill" in style
        shape = path.cleaned(
            transform + self._flip,
            remove_nans=True,
            clip=None if filled else (0, 0, *self._size),
            simplify=not filled and bool((_codes(path) <= Path.LINETO).all()),
            curves=True,
        )
        if (
            self._open[-1].get("class") in ("QuadContourSet", "QuadMesh")
            and filled
            and not {"stroke", "fill-opacity"} & {*style}
        ):  # between tiles that only touch, browsers show paper
            style |= {"stroke": style["fill"], "stroke-width": _number(_SEAM)}
        self._add(shape, style)

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Transform,
        path: Path,
        trans: Transform,
        rgbFace: ColorType | None = None,  # noqa: N803
    ) -> None:
        stroke_only = len(_vertices(marker_path)) < 3
        style = self._style(gc, None if stroke_only else rgbFace)
        marker = marker_path.transformed(marker_trans + Affine2D().scale(1, -1))
        places = _vertices(path.transformed(trans + self._flip))
        area, around = "FillBetweenPolyCollection", self._open[-1].get("class")
        self.open_group(area if around == area else "markers")
        for x, y in places[np.isfinite(places).all(axis=1)]:
            self._add(marker.transformed(Affine2D().translate(x, y)), style)
        self.close_group("markers")

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: bool | Literal["TeX"] = False,
        mtext: Text | None = None,
    ) -> None:
        colour = self._paint("fill", gc.get_rgb(), gc)
        if not colour or not s.strip():
            return
        said = self._say(s, ismath)
        width, height, descent = self.get_text_width_height_descent(s, prop, ismath)
        share = _share(mtext or self._whole(s), angle)
        turn = math.radians(angle)
        right = _number(x + share * width * math.cos(turn))
        down = _number(y - share * width * math.sin(turn))
        style = {"x": right, "y": down} | self._font(prop) | colour
        if share:
            style["text-anchor"] = "middle" if share == 0.5 else "end"
        if angle:
            style["transform"] = f"rotate({_number(-angle)} {right} {down})"
        text = ElementTree.SubElement(self._open[-1], "text", style | self._clip(gc))
        text.text = said
        inset = Affine2D().scale(width - 1, height - 1).translate(0.5, 0.5 - descent)
        place = Affine2D().rotate(turn).translate(x, self._size[1] - y)
        box = Path.unit_rectangle().transformed(inset + place)
        self.lines.append(Line(said, box, gc.get_clip_rectangle()))

    def draw_image(self, *_: object, **__: object) -> NoReturn:
        raise FigureError("a raster image; use contourf, pcolormesh or patches")

    def draw_gouraud_triangles(self, *_: object, **__: object) -> NoReturn:
        raise FigureError('shading="gouraud"; use contourf')

    # --- how it is written

    def _whole(self, line: str) -> Text | None:
        """The text of several lines that a line is of; matplotlib does not tell."""
        for text in self._figure.findobj(Text):
            if isinstance(text, Text) and line in text.get_text().split("\n"):
                return text
        return None

    def _say(self, text: str, ismath: bool | Literal["TeX"]) -> str:
        plain = _plain(text) if ismath else text
        return plain if self._texts is None else translation(plain, self._texts)

    def _add(self, shape: Path, style: Mapping[str, str]) -> None:
        if not {"fill", "stroke"} & {*style}:
            return
        if "fill" in style:
            shape = _fewer_points(shape)
        if circle := _circle(shape):
            ElementTree.SubElement(self._open[-1], "circle", {**circle, **style})
        elif data := _data(shape):
            ElementTree.SubElement(self._open[-1], "path", {"d": data, **style})

    def _paint(
        self, what: str, colour: ColorType, gc: GraphicsContextBase
    ) -> dict[str, str]:
        """A colour and its opacity; nothing where nothing would be seen."""
        *_, alpha = to_rgba(colour)
        if gc.get_forced_alpha():
            alpha = gc.get_alpha()
        if not alpha:
            return {}
        opacity = {} if alpha == 1 else {f"{what}-opacity": _number(alpha)}
        return {what: self._house.paint(to_hex(colour))} | opacity

    def _style(self, gc: GraphicsContextBase, face: ColorType | None) -> dict[str, str]:
        if gc.get_hatch():
            raise FigureError("a hatch; tell areas apart by colour and label")
        if gc.get_sketch_params():
            raise FigureError("a sketched line; draw it plainly")
        style = {} if face is None else self._paint("fill", face, gc)
        width = gc.get_linewidth() * self._scale
        if width and (stroke := self._paint("stroke", gc.get_rgb(), gc)):
            style |= stroke | {"stroke-width": _number(width)}
            if gc.get_capstyle() != "butt":
                cap = gc.get_capstyle().replace("projecting", "square")
                style["stroke-linecap"] = cap
            if gc.get_joinstyle() != "round":
                style["stroke-linejoin"] = gc.get_joinstyle()
            offset, dashes = gc.get_dashes()
            if dashes is not None:
                pixels = np.asarray(dashes, dtype=float) * self._scale
                style["stroke-dasharray"] = " ".join(map(_number, pixels))
                if offset:
                    style["stroke-dashoffset"] = _number(offset * self._scale)
        return style | self._clip(gc)

    def _clip(self, gc: GraphicsContextBase) -> dict[str, str]:
        path, transform = gc.get_clip_path()
        box = gc.get_clip_rectangle()
        if path is not None and transform is not None:
            shape = cast("Path", path).cleaned(transform + self._flip, curves=True)
        elif box is not None:
            corners = Affine2D().scale(box.width, box.height).translate(box.x0, box.y0)
            shape = Path.unit_rectangle().transformed(corners + self._flip)
        else:
            return {}
        name = self._clips.setdefault(_data(shape), f"clip{len(self._clips) + 1}")
        return {"clip-path": f"url(#{name})"}

    def _font(self, prop: FontProperties) -> dict[str, str]:
        font = {"font-size": _number(prop.get_size_in_points() * self._scale)}
        weight = prop.get_weight()
        if (weight := weight_dict.get(str(weight), weight)) != 400:
            font["font-weight"] = str(weight)
        if prop.get_style() != "normal":
            font["font-style"] = prop.get_style()
        if "monospace" in prop.get_family():
            font["font-family"] = self._house.monospace
        return font


def _hoist(group: ElementTree.Element) -> None:
    """Move to a group what all its children have alike."""
    for name, value in list(group[0].attrib.items()):
        if name not in _OWN and all(child.get(name) == value for child in group):
            group.set(name, value)
            for child in group:
                del child.attrib[name]


def _number(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _vertices(path: Path) -> NDArray[np.float64]:
    return np.asarray(path.vertices, dtype=np.float64)


def _codes(path: Path) -> NDArray[np.uint8]:
    return np.asarray([] if path.codes is None else path.codes, dtype=np.uint8)


def _data(path: Path) -> str:
    """A path's ``d``: absolute M, L, Q, C and Z; nothing where it has but a point."""
    pieces: list[str] = []
    last = ""
    for points, code in path.iter_segments(simplify=False, curves=True):
        if code == Path.STOP:
            continue
        letter = "Z" if code == Path.CLOSEPOLY else " MLQC"[int(code)]
        numbers = "" if letter == "Z" else " ".join(map(_number, points))
        if letter == "L" and pieces[-1][1:] == numbers:
            continue
        pieces.append((" " if letter == last else letter) + numbers)
        last = letter
    return "".join(pieces) if len(pieces) > 1 else ""


def _fewer_points(path: Path) -> Path:
    """An area's outline with fewer points, none of them off by a visible amount.

    matplotlib simplifies open lines only, so each outline is handed to it as one.
    """
    codes = _codes(path)
    if len(codes) < 100 or np.isin(codes, (Path.CURVE3, Path.CURVE4)).any():
        return path
    outlines = []
    for outline in path.to_polygons(closed_only=False):
        line = Path(outline).cleaned(simplify=True)
        corners = _vertices(line)[_codes(line) != Path.STOP]
        outlines.append(Path(np.vstack([corners, corners[:1]]), closed=True))
    return Path.make_compound_path(*outlines)


def _circle(path: Path) -> dict[str, str]:
    """The centre and radius of a path, if it is the one that circles have."""
    codes = _codes(path)
    if not np.array_equal(codes[codes != Path.STOP], _codes(Path.unit_circle())):
        return {}
    around = _vertices(path)[:25:3]
    centre = (around[0] + around[4]) / 2
    radii = np.hypot(*(around - centre).T)
    if np.ptp(radii) > 0.01:
        return {}
    x, y = map(_number, centre)
    return {"cx": x, "cy": y, "r": _number(float(radii.mean()))}


def _share(text: Text | None, angle: float) -> float:
    """How much of a text lies before the point that it is anchored at."""
    if text is None:
        return 0.0
    if angle % 180 == 90 and text.get_rotation_mode() != "anchor":
        shares = {"bottom": 0.0, "baseline": 0.0, "top": 1.0}
        share = shares.get(text.get_verticalalignment(), 0.5)
        return share if angle % 360 == 90 else 1 - share
    return {"left": 0.0, "right": 1.0}.get(text.get_horizontalalignment(), 0.5)


_RAISED = str.maketrans("-−0123456789", "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _plain(text: str) -> str:
    """A tick label of a logarithmic axis, which matplotlib sets as a formula."""
    inner = re.fullmatch(r"\$\\mathdefault\{(.*)\}\$", text)
    plain = inner[1].replace(r"\times", "×") if inner else text
    plain = re.sub(r"\^\{([-−\d]+)\}", lambda power: power[1].translate(_RAISED), plain)
    if re.search(r"[\\{}^_$]", plain):
        raise FigureError(f"mathematics in the text {text!r}; write it in Unicode")
    return plain
