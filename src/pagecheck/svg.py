"""Figures as SVG: paths, circles and texts, in pixels with two decimals.

A file has no date, no hash and no raster, and each colour of the palette is a CSS
variable with a light and a dark value, both in the one ``<style>`` at its top.

The renderer is our own because matplotlib's would leave the larger half of it to us:
translated texts, Chinese ones measured, turned ones and the lines of longer ones kept
in place where a reader's font is narrower than DejaVu, powers of ten as text, seams
between tiles. Its files of this site's figures, their numbers rounded and their colours
made variables, are 1.7 times as large in the median and up to 8 times (compressed 1.2
and 8), since it keeps each point of an area.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal, cast
from xml.etree import ElementTree

import matplotlib
import numpy as np
from matplotlib.backend_bases import FigureCanvasBase, GraphicsContextBase, RendererBase
from matplotlib.colors import to_hex, to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, BboxTransformTo, Transform

from pagecheck.figure_texts import measure, translation
from pagecheck.house import FigureError, House
from pagecheck.svg_legibility import Line, illegible

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.typing import ColorType

DPI = 100  # pixels of the SVG to an inch of the figure
_SEAM = "0.7"  # pixels by which tiles overlap
_USUAL = {"stroke-linecap": "butt", "stroke-linejoin": "round", "stroke-dasharray": ""}
_USUAL |= {"fill-opacity": "1", "stroke-opacity": "1"}
_ROOT = {"xmlns": "http://www.w3.org/2000/svg", "fill": "none"}
_ROOT |= {"stroke-linejoin": "round"}
_RAISED = str.maketrans("-−0123456789", "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def draw(figure: Figure, house: House, texts: Mapping[str, str] | None = None) -> str:
    """Draw a figure as SVG: the same characters each time, in each process.

    Its texts are called what the table ``texts`` says (``figure_texts.translation``),
    and laid out by their translations' widths; the figure is left as it was.

    Raises:
        FigureError: The figure shows nothing, or has what is not drawn here: a colour
            that is not in the palette, a raster, mathematics, a missing glyph; or it
            cannot be read (``svg_legibility``), or a text has no translation.
    """
    canvas, dpi = figure.canvas, figure.dpi
    places = [(a, a.get_position(True), a.get_in_layout()) for a in figure.axes]
    with matplotlib.rc_context(), warnings.catch_warnings():
        matplotlib.rcdefaults()  # whatever page code has set
        matplotlib.rcParams.update(cast("Any", house.rc))
        warnings.simplefilter("error", UserWarning)
        # On a busy machine every legend is slow.
        warnings.filterwarnings("ignore", "Creating legend with loc=.best. can be slow")
        figure.dpi = DPI
        try:
            renderer = _Renderer(figure, house, texts)
            # Through its canvas, matplotlib's layout measures with this renderer.
            vars(FigureCanvasBase(figure))["get_renderer"] = lambda: renderer
            figure.draw(renderer)
            svg = renderer.svg()
            for fault in illegible(figure, renderer.lines):
                raise FigureError(fault)
        except UserWarning as warning:
            raise FigureError(f"matplotlib warns: {warning}") from None
        except NotImplementedError:
            told = "a raster image or gouraud shading; use contourf or pcolormesh"
            raise FigureError(told) from None
        finally:  # each layout begins where the last one ended
            figure.set_canvas(canvas)
            figure.dpi = dpi
            for axes, place, in_layout in places:
                axes.set_position(place)
                axes.set_in_layout(in_layout)
    return svg


class _Renderer(RendererBase):
    """Paints by adding elements to an SVG tree, each with its style."""

    def __init__(
        self, figure: Figure, house: House, texts: Mapping[str, str] | None
    ) -> None:
        super().__init__()
        for artist in figure.findobj(lambda each: bool(each.get_path_effects())):
            raise FigureError(f"path effects on a {type(artist).__name__}")
        width, height = map(float, figure.bbox.size)
        self.lines: list[Line] = []
        self._figure, self._house, self._texts = figure, house, texts
        self._size = (width, height)
        self._scale = float(figure.dpi) / 72  # pixels to a point
        self._flip = Affine2D().scale(1, -1).translate(0, height)
        self._clips: dict[str, str] = {}
        self._marks: list[tuple[dict[str, str], ElementTree.Element]] = []
        self._tiles = False

    def svg(self) -> str:
        """What has been painted, as a file; marks of one style are a group."""
        if not self._marks:
            raise FigureError("the figure shows nothing")
        width, height = map(_number, self._size)
        frame = {"width": width, "height": height, "viewBox": f"0 0 {width} {height}"}
        svg = ElementTree.Element("svg", _ROOT | frame)
        ElementTree.SubElement(svg, "style").text = self._house.stylesheet()
        for data, name in self._clips.items():
            clip = ElementTree.SubElement(svg, "clipPath", {"id": name})
            ElementTree.SubElement(clip, "path", {"d": data})
        for style, group in groupby(self._marks, key=lambda mark: mark[0]):
            marks = [mark for _, mark in group]
            if len(marks) > 1:
                ElementTree.SubElement(svg, "g", style).extend(marks)
            else:
                marks[0].attrib |= style
                svg.append(marks[0])
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
        said = s if s == "lp" else self._say(s, ismath)  # by "lp" lines are set apart
        width, height, descent = measure(said, prop)
        return width * self._scale, height * self._scale, descent * self._scale

    def open_group(self, s: str, gid: str | None = None) -> None:
        self._tiles = s in ("QuadContourSet", "QuadMesh")

    def close_group(self, s: str) -> None:
        self._tiles = False

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Transform,
        rgbFace: ColorType | None = None,  # noqa: N803
    ) -> None:
        codes = _codes(path)
        style = self._style(gc, rgbFace if len(path) > 2 else None)
        filled, lined = "fill" in style, "stroke" in style
        curved = {*codes} & {Path.CURVE3, Path.CURVE4}
        short = Path.CLOSEPOLY in codes and len(codes) < 100  # keeps its corners
        shape = path.cleaned(
            transform + self._flip,
            remove_nans=True,
            clip=None if filled else (0, 0, *self._size),
            simplify=not (curved or short),
            curves=True,
        )
        if self._tiles and filled and not lined and "fill-opacity" not in style:
            # Between tiles that only touch, browsers show paper.
            style |= {"stroke": style["fill"], "stroke-width": _SEAM}
        circle, data = _circle(shape), _data(shape)
        if data and (filled or lined):
            tag, where = ("circle", circle) if circle else ("path", {"d": data})
            self._marks.append((style, ElementTree.Element(tag, where)))

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
        said = self._say(s, ismath)
        width, height, descent = self.get_text_width_height_descent(s, prop, ismath)
        aligned = (mtext or self._whole(s)).get_horizontalalignment()
        share = {"left": 0.0, "right": 1.0}.get(aligned, 0.5)
        turn = math.radians(angle)
        right = _number(x + share * width * math.cos(turn))
        down = _number(y - share * width * math.sin(turn))
        colour = self._paint("fill", gc.get_rgb(), gc)
        style = self._font(prop) | colour | self._clip(gc)
        if share:
            style["text-anchor"] = "middle" if share == 0.5 else "end"
        text = ElementTree.Element("text", {"x": right, "y": down})
        if angle:
            text.set("transform", f"rotate({_number(-angle)} {right} {down})")
        text.text = said
        self._marks.append((style, text))
        inset = Affine2D().scale(width - 1, height - 1).translate(0.5, 0.5 - descent)
        place = Affine2D().rotate(turn).translate(x, self._size[1] - y)
        box = Path.unit_rectangle().transformed(inset + place)
        self.lines.append(Line(said, box, gc.get_clip_rectangle() or self._figure.bbox))

    # --- how it is written

    def _whole(self, line: str) -> Text:
        """The text of several lines that a line is of; matplotlib does not tell."""
        texts = cast("list[Text]", self._figure.findobj(Text))
        whole = (text for text in texts if line in text.get_text().split("\n"))
        return next(whole, Text())

    def _say(self, text: str, ismath: bool | Literal["TeX"]) -> str:
        if ismath == "TeX":
            raise FigureError("a text set by TeX; write it in Unicode")
        plain = _unicode(text) if ismath else text
        return plain if self._texts is None else translation(plain, self._texts)

    def _paint(
        self, what: str, colour: ColorType, gc: GraphicsContextBase
    ) -> dict[str, str]:
        """A colour and its opacity."""
        alpha = gc.get_alpha() if gc.get_forced_alpha() else to_rgba(colour)[3]
        painted = {what: self._house.paint(to_hex(colour))}
        return _unusual(painted | {f"{what}-opacity": _number(alpha)})

    def _style(self, gc: GraphicsContextBase, face: ColorType | None) -> dict[str, str]:
        if gc.get_hatch() or gc.get_sketch_params() or gc.get_clip_path()[0]:
            raise FigureError("a hatch, a sketched line or a round frame; draw plainly")
        style = {} if face is None else self._paint("fill", face, gc)
        if width := gc.get_linewidth() * self._scale:
            dashes = cast("Sequence[float] | None", gc.get_dashes()[1]) or ()
            stroke = {
                "stroke-width": _number(width),
                "stroke-linecap": gc.get_capstyle().replace("projecting", "square"),
                "stroke-linejoin": gc.get_joinstyle(),
                "stroke-dasharray": " ".join(
                    _number(each * self._scale) for each in dashes
                ),
            }
            style |= self._paint("stroke", gc.get_rgb(), gc) | _unusual(stroke)
        return style | self._clip(gc)

    def _clip(self, gc: GraphicsContextBase) -> dict[str, str]:
        if (box := gc.get_clip_rectangle()) is None:
            return {}
        frame = Path.unit_rectangle().transformed(BboxTransformTo(box) + self._flip)
        name = self._clips.setdefault(_data(frame), f"clip{len(self._clips) + 1}")
        return {"clip-path": f"url(#{name})"}

    def _font(self, prop: FontProperties) -> dict[str, str]:
        plain = prop.get_style() == "normal" and prop.get_weight() in ("normal", 400)
        if not plain or prop.get_family() != ["sans-serif"]:
            raise FigureError("a text in bold, in italics or in another font")
        return {"font-size": _number(prop.get_size_in_points() * self._scale)}


def _unusual(style: Mapping[str, str]) -> dict[str, str]:
    """A style without what holds where nothing is said."""
    return {name: value for name, value in style.items() if value != _USUAL.get(name)}


def _number(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _data(path: Path) -> str:
    """A path's ``d``: absolute M, L, Q, C and Z; nothing where it has but a point."""
    pieces: list[str] = []
    last = ""
    for points, code in path.iter_segments(simplify=False, curves=True):
        letter = "Z" if code == Path.CLOSEPOLY else " MLQC"[int(code)]
        numbers = "" if letter == "Z" else " ".join(map(_number, points))
        if letter == "L" and pieces[-1][1:] == numbers:
            continue
        pieces.append((" " if letter == last else letter) + numbers)
        last = letter
    return "".join(pieces) if len(pieces) > 1 else ""


def _codes(path: Path) -> list[int]:
    return [] if path.codes is None else [int(code) for code in np.ravel(path.codes)]


def _circle(path: Path) -> dict[str, str]:
    """The centre and radius of a path, if it is the one that circles have."""
    codes = _codes(Path.unit_circle())
    if _codes(path)[: len(codes)] != codes:
        return {}
    around = np.asarray(path.vertices, float)[:25:3]
    centre = (around[0] + around[4]) / 2
    radii = np.hypot(*(around - centre).T)
    x, y, radius = map(_number, (*centre, radii.mean()))
    return {"cx": x, "cy": y, "r": radius} if np.ptp(radii) < 0.01 else {}


def _unicode(text: str) -> str:
    """A tick label of a logarithmic axis, which matplotlib sets as a formula."""
    inner = re.fullmatch(r"\$\\mathdefault\{(.*)\}\$", text)
    plain = inner[1].replace(r"\times", "×") if inner else text
    plain = re.sub(r"\^\{([-−\d]+)\}", lambda power: power[1].translate(_RAISED), plain)
    if re.search(r"[\\{}^_$]", plain):
        raise FigureError(f"mathematics in the text {text!r}; write it in Unicode")
    return plain
