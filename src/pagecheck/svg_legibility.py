"""Whether what a figure shows can be read: on light paper and on dark.

Measured on the drawing, mark by mark: no text lies on another or is cut off, every text
stands out from all that is painted in its place by 4.5:1, and every line, point and
area by 3:1 from what is beside it: the ratios that WCAG 2 asks for at its level AA.
What only helps is exempt: the grid, the frame of the axes, paper behind a text,
translucent bands, and the levels of a colour map, which have lines or texts of their
own where they matter.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib.font_manager import FontProperties
from numpy.typing import NDArray

from pagecheck.figure_texts import measure
from pagecheck.house import COLOURS, PAPER
from pagecheck.svg_differences import (
    Drawing,
    Mark,
    Points,
    along,
    distances,
    repeated,
)

TEXT_CONTRAST, MARK_CONTRAST = 4.5, 3.0
CROSSED = 0.1  # of a text may be crossed by lines
SHADE = 0.5  # is the highest opacity of a fill that only shades
BORDER = 8  # pixels that two areas must share to be told apart
MOST = 600  # points along a line that are looked at
SLACK = 1.0  # pixels by which measured boxes may touch
SCHEMES = ("light", "dark")

_PAPER, _MUTED, _GRID = "var(--paper)", "var(--muted)", "var(--grid)"
_VARIABLES = {f"var(--{one.variable})": one for one in COLOURS.values()}


def crowded(drawing: Drawing) -> Iterator[str]:
    """The texts of a figure that lie on others or are cut off, each as a sentence."""
    texts = [(mark, _box(mark)) for mark in drawing.marks if mark.tag == "text"]
    size = [float(drawing.frame[name]) for name in ("width", "height")]
    for order, (mark, box) in enumerate(texts):
        if not _within(box, np.array([[0.0, 0.0], size])):
            yield f"the text {mark.text!r} leaves the figure"
        elif mark.clip and not _within(box, np.vstack(mark.clip)):
            yield f"the text {mark.text!r} is cut off"
        for other, place in texts[:order]:
            if _overlap(box, place):
                yield f"the text {mark.text!r} lies on {other.text!r}"


def faint(drawing: Drawing) -> Iterator[str]:
    """The marks of a figure that hardly stand out, each as a sentence."""
    texts = [mark for mark in drawing.marks if mark.tag == "text"]
    shapes = _Shapes.of([mark for mark in drawing.marks if mark.tag != "text"])
    boxes = [_box(text) for text in texts]
    for text, box in zip(texts, boxes, strict=True):
        yield from _faint_text(text, box, shapes)
    for index, mark in enumerate(shapes.marks):
        if not _is_hint(mark, shapes.marks[index + 1 :], boxes):
            yield from _faint_mark(mark, shapes.before(index))


# -- what only helps -------------------------------------------------------------------


def _is_hint(mark: Mark, after: Sequence[Mark], texts: Sequence[Points]) -> bool:
    """Whether a reader misses nothing where a mark is hardly seen."""
    if mark.tag != "path":
        return False
    if "fill" not in mark.paint:
        return _is_grid(mark) or _is_frame(mark) or _is_rim(mark, after)
    return _is_level(mark) or _is_band(mark) or _is_under_text(mark, texts)


def _innermost(mark: Mark) -> str:
    """The innermost of the groups that a mark is in."""
    return mark.group.rpartition(", ")[2]


def _is_grid(mark: Mark) -> bool:
    ticks = _innermost(mark).startswith(("x tick", "y tick"))
    return ticks and mark.paint.get("stroke") == _GRID


def _is_frame(mark: Mark) -> bool:
    """Whether it is a line around axes: upright or level, and clipped to nothing."""
    if mark.kind != "patch" or mark.clip or mark.paint.get("stroke") != _MUTED:
        return False
    return not any(np.diff(line, axis=0).all(axis=1).any() for line in mark.outlines)


def _is_rim(mark: Mark, after: Sequence[Mark]) -> bool:
    """Whether it is paper under a later line, which it keeps apart from others."""
    return mark.paint["stroke"] == _PAPER and any(
        "stroke" in other.paint
        and other.paint["stroke"] != _PAPER
        and len(other.outlines) == len(mark.outlines)
        and all(map(np.array_equal, mark.outlines, other.outlines))
        for other in after
    )


def _is_level(mark: Mark) -> bool:
    of_map = mark.kind == "shape" and mark.paint["fill"].startswith("var(--h")
    return of_map and _innermost(mark).startswith(("contours", "QuadMesh"))


def _is_band(mark: Mark) -> bool:
    """Whether it shades what ``fill_between`` fills, or the axes from side to side."""
    if not all(
        float(mark.paint.get(f"{name}-opacity", 1)) <= SHADE
        for name in ("fill", "stroke")
        if name in mark.paint
    ):
        return False
    if mark.kind == "area" or _innermost(mark).startswith("area"):
        return True
    if not mark.clip:
        return False
    size, frame = (np.ptp(np.vstack(e), axis=0) for e in (mark.outlines, mark.clip))
    return bool((size >= frame - SLACK).any())


def _is_under_text(mark: Mark, texts: Sequence[Points]) -> bool:
    """Whether it is the paper that a text or a legend stands on."""
    if mark.paint["fill"] != _PAPER or mark.paint.get("stroke", _GRID) != _GRID:
        return False
    return any(_inside(mark, box).all() for box in texts)


# -- contrast --------------------------------------------------------------------------


def _faint_text(text: Mark, box: Points, shapes: _Shapes) -> Iterator[str]:
    """Say so where a text does not stand out from its place, as good as everywhere."""
    points = _grid(box)
    layers = _layers(shapes, points, lambda _: True)
    for scheme in SCHEMES:
        place = _painted(layers, len(points), scheme)
        ratios = contrast(_over(text, "fill", place, scheme), place)
        ratio = float(np.quantile(ratios, CROSSED))
        if ratio < TEXT_CONTRAST:
            yield (
                f"the text {text.text!r} stands out by {ratio:.2f}:1 on {scheme} "
                f"paper, where {TEXT_CONTRAST:g}:1 is the least; move it, or write it "
                'in "black"'
            )


def _faint_mark(mark: Mark, before: _Shapes) -> Iterator[str]:
    """Say so where a line, a point or an area does not stand out from its neighbours.

    A line and a point count as seen where half of their edge is, an area where half of
    each border is that it shares with another.
    """
    points = _beside(mark)
    if not len(points):
        return
    is_area = "patch" in (mark.kind, *mark.group.split()) and "fill" in mark.paint
    layers = _layers(before, points, lambda other: _matters(mark, other, is_area))
    borders = _borders(layers, len(points)) if is_area else [slice(None)]
    paints = [name for name in ("fill", "stroke") if name in mark.paint]
    where = f" of {mark.group}" if mark.group else ""
    for scheme in SCHEMES:
        beside = _painted(layers, len(points), scheme)
        each = [contrast(_over(mark, one, beside, scheme), beside) for one in paints]
        seen = np.max(each, axis=0)
        ratio = min(float(np.median(seen[border])) for border in borders)
        if ratio < MARK_CONTRAST:
            yield (
                f"the {mark.kind}{where} stands out by {ratio:.2f}:1 on {scheme} "
                f"paper, where {MARK_CONTRAST:g}:1 is the least; take another colour, "
                'less transparency, or an edge in "black" or "white"'
            )


def _matters(mark: Mark, other: Mark, is_area: bool) -> bool:
    """Whether a mark must stand out from another.

    Points and lines may lie on others of their own series, and everything on the grid.
    An area must be told from areas; lines that run along its edge hide nothing of it.
    """
    if "fill" in other.paint:
        return mark.tag != other.tag or mark.paint != other.paint
    of_series = other.paint["stroke"] in (
        mark.paint.get("fill"),
        mark.paint.get("stroke"),
    )
    return not (is_area or of_series or _is_grid(other))


@dataclass(frozen=True, eq=False)
class _Shapes:
    """Marks that are no text, in the order of painting, each between two corners."""

    marks: Sequence[Mark]
    low: Points
    high: Points

    @classmethod
    def of(cls, marks: Sequence[Mark]) -> _Shapes:
        """Measure some marks."""
        corners = np.array([_extent(mark) for mark in marks]).reshape(-1, 2, 2)
        return cls(marks, corners[:, 0], corners[:, 1])

    def before(self, index: int) -> _Shapes:
        """Those that are painted before one of them."""
        return _Shapes(self.marks[:index], self.low[:index], self.high[:index])


@dataclass(frozen=True)
class _Layer:
    """A paint of a mark, and which points it covers."""

    mark: Mark
    name: str
    covers: NDArray[np.int_]


def _layers(
    shapes: _Shapes, points: Points, chosen: Callable[[Mark], bool]
) -> list[_Layer]:
    """What covers some of the points, in the order of painting."""
    found: list[_Layer] = []
    low, high = shapes.low, shapes.high
    apart = (low > points.max(axis=0)) | (high < points.min(axis=0))
    for index in np.flatnonzero(~apart.any(axis=1)).tolist():
        mark = shapes.marks[index]
        if not chosen(mark):
            continue
        near = (points >= low[index]) & (points <= high[index])
        where = np.flatnonzero(near.all(axis=1))
        for name, covers in (("fill", _inside), ("stroke", _on_line)):
            if name in mark.paint and len(where):
                found.append(_Layer(mark, name, where[covers(mark, points[where])]))
    return found


def _painted(layers: Sequence[_Layer], count: int, scheme: str) -> Points:
    """The colours at some points where those layers lie on paper."""
    colours = np.tile(rgb(getattr(PAPER, scheme)), (count, 1))
    for layer in layers:
        under = colours[layer.covers]
        colours[layer.covers] = _over(layer.mark, layer.name, under, scheme)
    return colours


def _borders(layers: Sequence[_Layer], count: int) -> list[NDArray[np.int_]]:
    """The points beside an area, by what is uppermost there."""
    uppermost = np.full(count, -1)
    for index, layer in enumerate(layers):
        uppermost[layer.covers] = index
    borders = [np.flatnonzero(uppermost == one) for one in np.unique(uppermost)]
    return [one for one in borders if len(one) >= BORDER] or borders


def _over(mark: Mark, name: str, under: Points, scheme: str) -> Points:
    """The colours that a paint of a mark gives where others lie under it."""
    opacity = float(mark.paint.get(f"{name}-opacity", 1.0))
    colour = rgb(getattr(_VARIABLES[mark.paint[name]], scheme))
    result: Points = opacity * colour + (1 - opacity) * under
    return result


def contrast(one: Points, other: Points) -> Points:
    """The contrast ratio of WCAG 2, from 1 to 21, of colours as rows of sRGB."""
    lights = np.sort(np.stack([_luminance(one), _luminance(other)]), axis=0)
    ratio: Points = (lights[1] + 0.05) / (lights[0] + 0.05)
    return ratio


def _luminance(colours: Points) -> Points:
    linear = np.where(
        colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4
    )
    light: Points = linear @ np.array([0.2126, 0.7152, 0.0722])
    return light


@cache
def rgb(colour: str) -> Points:
    """A colour ``#rrggbb`` as three numbers from 0 to 1."""
    return np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])


# -- geometry --------------------------------------------------------------------------


def _extent(mark: Mark) -> tuple[Points, Points]:
    """The corners of what a mark may cover."""
    reach = float(mark.paint.get("stroke-width", 0)) / 2
    if mark.tag == "circle":
        reach += mark.extent
        return np.array(mark.place) - reach, np.array(mark.place) + reach
    points = np.vstack(mark.outlines)
    return points.min(axis=0) - reach, points.max(axis=0) + reach


def _inside(mark: Mark, points: Points) -> NDArray[np.bool_]:
    """Which points lie in the area of a mark, and in what it is clipped to."""
    if mark.tag == "circle":
        inside = np.hypot(*(points - mark.place).T) <= mark.extent
    else:
        inside = _winds(mark.outlines, points)
    return _clipped(mark, points, inside)


def _on_line(mark: Mark, points: Points) -> NDArray[np.bool_]:
    """Which points lie on the line of a mark, its dashes and gaps alike."""
    reach = float(mark.paint["stroke-width"]) / 2
    if mark.tag == "circle":
        away = np.abs(np.hypot(*(points - mark.place).T) - mark.extent)
        return _clipped(mark, points, away <= reach)
    lines = np.vstack([np.hstack([one[:-1], one[1:]]) for one in mark.outlines])
    low = np.minimum(lines[:, :2], lines[:, 2:]) - reach
    high = np.maximum(lines[:, :2], lines[:, 2:]) + reach
    near, line = _between(points[:, 0], low[:, 0], high[:, 0])
    level = (low[line, 1] <= points[near, 1]) & (points[near, 1] <= high[line, 1])
    near, line = near[level], line[level]
    on_line = np.zeros(len(points), dtype=bool)
    on_line[near[distances(points[near], lines[line]) <= reach]] = True
    return _clipped(mark, points, on_line)


def _clipped(
    mark: Mark, points: Points, chosen: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    if mark.clip:
        where = np.flatnonzero(chosen)
        chosen[where] = _winds(mark.clip, points[where])
    return chosen


def _winds(outlines: Sequence[Points], points: Points) -> NDArray[np.bool_]:
    """Which points some outlines wind around."""
    starts = np.vstack(outlines)
    ends = np.vstack([np.roll(outline, -1, axis=0) for outline in outlines])
    low, high = (
        np.minimum(starts[:, 1], ends[:, 1]),
        np.maximum(starts[:, 1], ends[:, 1]),
    )
    near, edge = _between(points[:, 1], low, high)
    x, y = points[near].T
    (x1, y1), (x2, y2) = starts[edge].T, ends[edge].T
    side = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
    up, down = (y1 <= y) & (y < y2) & (side > 0), (y2 <= y) & (y < y1) & (side < 0)
    turns = np.bincount(near[up], minlength=len(points))
    found: NDArray[np.bool_] = turns != np.bincount(near[down], minlength=len(points))
    return found


def _between(
    values: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """The pairs of a value and a range that it lies in, as indices of either."""
    order = np.argsort(values)
    first = np.searchsorted(values, low, "left", order)
    after = np.searchsorted(values, high, "right", order)
    which, ahead = repeated(after - first)
    return order[first[which] + ahead], which


def _box(text: Mark) -> Points:
    """The corners of a text, in the order of reading."""
    font = FontProperties(size=float(text.paint["font-size"]))
    width, height, descent = measure(text.text, font)
    share = {"middle": 0.5, "end": 1.0}.get(text.paint.get("text-anchor", ""), 0.0)
    left, right = -share * width, (1 - share) * width
    top, bottom = descent - height, descent
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    turn = math.radians(text.extent)
    spin = np.array(
        [[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]]
    )
    placed: Points = np.array(corners) @ spin + np.array(text.place)
    return placed


def _within(box: Points, frame: Points) -> bool:
    low, high = frame.min(axis=0) - SLACK, frame.max(axis=0) + SLACK
    return bool((low <= box).all() and (box <= high).all())


def _overlap(one: Points, other: Points) -> bool:
    """Whether two boxes share more than an edge: no line separates them."""
    for box in (one, other):
        for start, end in ((box[0], box[1]), (box[1], box[2])):
            axis = (end - start) / max(float(np.hypot(*(end - start))), 1e-9)
            ours, theirs = one @ axis, other @ axis
            gap = max(ours.min() - theirs.max(), theirs.min() - ours.max())
            if gap > -SLACK:
                return False
    return True


def _grid(box: Points) -> Points:
    """Points all over the letters of a text, about two pixels apart."""
    right, down = box[1] - box[0], box[3] - box[0]
    columns, rows = (
        max(3, round(float(np.hypot(*side)) / 2)) for side in (right, down)
    )
    x, y = np.meshgrid(np.linspace(0.02, 0.98, columns), np.linspace(0.15, 0.85, rows))
    points: Points = box[0] + x.reshape(-1, 1) * right + y.reshape(-1, 1) * down
    return points


def _beside(mark: Mark) -> Points:
    """Points a pixel outside of a mark, on either side of a line."""
    away = float(mark.paint.get("stroke-width", 0)) / 2 + 1
    if mark.tag == "circle":
        turns = np.linspace(0, 2 * np.pi, 24, endpoint=False)
        ring = np.column_stack([np.cos(turns), np.sin(turns)])
        return np.array(mark.place) + (mark.extent + away) * ring
    edge, normals = np.hstack([_edge(line) for line in mark.outlines])
    kept = _clipped(mark, edge, np.ones(len(edge), dtype=bool))
    edge, normals = edge[kept], normals[kept]
    points = np.vstack([edge + away * normals, edge - away * normals])
    return points[~_winds(mark.outlines, points)] if "fill" in mark.paint else points


def _edge(line: Points) -> Points:
    """Points along a line, and the directions across it there."""
    points = along(line)
    steps = np.diff(points, axis=0)
    lengths = np.hypot(*steps.T)[:, None]
    across = np.column_stack([-steps[:, 1], steps[:, 0]]) / np.maximum(lengths, 1e-9)
    middles = (points[:-1] + points[1:]) / 2
    every = len(middles) // MOST + 1
    return np.stack([middles[::every], across[::every]])
