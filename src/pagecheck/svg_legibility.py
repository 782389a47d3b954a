"""Whether what a figure shows can be read: on light paper and on dark.

Measured on the drawing, mark by mark: no text lies on another or is cut off, every text
stands out from what is painted under it by 4.5:1, and every line and point by 3:1, the
ratios that WCAG 2 asks for at its level AA. The grid, the frame, translucent shading
and the levels of a colour map are hints, or have lines and texts of their own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from matplotlib.font_manager import FontProperties
from numpy.typing import NDArray

from pagecheck.figure_texts import measure
from pagecheck.house import COLOURS, PAPER
from pagecheck.svg_differences import Drawing, Mark, Points, along

TEXT_CONTRAST, LINE_CONTRAST = 4.5, 3.0
SLACK = 1.0  # pixels by which measured boxes may touch
SCHEMES = ("light", "dark")

_PAPER, _MUTED, _GRID = "var(--paper)", "var(--muted)", "var(--grid)"
_VARIABLES = {f"var(--{one.variable})": one for one in COLOURS.values()}


def crowded(drawing: Drawing) -> Iterator[str]:
    """The texts of a figure that lie on others or are cut off, each as a sentence."""
    texts = [(i, m, _box(m)) for i, m in enumerate(drawing.marks) if m.tag == "text"]
    size = [float(drawing.frame[name]) for name in ("width", "height")]
    for order, (_, mark, box) in enumerate(texts):
        if not _within(box, np.array([[0.0, 0.0], size])):
            yield f"the text {mark.text!r} leaves the figure"
        elif mark.clip and not _within(box, np.vstack(mark.clip)):
            yield f"the text {mark.text!r} is cut off"
        for _, other, place in texts[:order]:
            if _overlap(box, place):
                yield f"the text {mark.text!r} lies on {other.text!r}"


def faint(drawing: Drawing) -> Iterator[str]:
    """The marks of a figure that hardly stand out, each as a sentence."""
    for index, mark in enumerate(drawing.marks):
        if mark.tag == "text":
            yield from _faint(drawing, index, _grid(_box(mark)), TEXT_CONTRAST)
        elif mark.tag == "circle":
            yield from _faint(drawing, index, np.array([mark.place]), LINE_CONTRAST)
        elif mark.tag == "path" and not _is_hint(mark):
            yield from _faint(drawing, index, _along(mark), LINE_CONTRAST)


def _is_hint(mark: Mark) -> bool:
    """Whether a reader misses nothing where a path is hardly seen."""
    if "fill" in mark.paint:
        translucent = "fill-opacity" in mark.paint or "stroke-opacity" in mark.paint
        bare = mark.paint["fill"] == _PAPER and "stroke" not in mark.paint
        level = mark.paint["fill"].startswith("var(--h")  # of the colour map
        return mark.kind != "patch" or translucent or bare or level
    frame = mark.kind == "patch" and mark.paint.get("stroke") == _MUTED
    return frame or mark.paint.get("stroke") == _GRID


# -- contrast --------------------------------------------------------------------------


def _faint(drawing: Drawing, index: int, points: Points, least: float) -> Iterator[str]:
    """Say so where a mark does not stand out from what is painted under it.

    A line counts as seen where it is for half of its length, a text only as a whole.
    """
    mark = drawing.marks[index]
    names = ("fill",) if mark.tag == "text" else ("fill", "stroke")
    paints = [name for name in names if name in mark.paint]
    if not paints or not len(points):
        return
    for scheme in SCHEMES:
        under = _under(drawing, index, points, scheme)
        seen = [contrast(_over(mark, name, under, scheme), under) for name in paints]
        ratios = np.max(seen, axis=0)
        ratio = float(ratios.min() if mark.tag == "text" else np.median(ratios))
        if ratio < least:
            called = (
                f"the text {mark.text!r}" if mark.tag == "text" else f"the {mark.kind}"
            )
            where = f" of {mark.group}" if mark.group else ""
            yield (
                f"{called}{where} stands out by {ratio:.1f}:1 on {scheme} paper, "
                f"where {least:g}:1 is the least"
            )


def _over(mark: Mark, name: str, under: Points, scheme: str) -> Points:
    """The colours that a paint of a mark gives where others lie under it."""
    opacity = float(mark.paint.get(f"{name}-opacity", 1.0))
    colour = rgb(getattr(_VARIABLES[mark.paint[name]], scheme))
    result: Points = opacity * colour + (1 - opacity) * under
    return result


def _under(drawing: Drawing, index: int, points: Points, scheme: str) -> Points:
    """The colours at some points before a mark is painted."""
    own = drawing.marks[index]
    colours = np.tile(rgb(getattr(PAPER, scheme)), (len(points), 1))
    for mark in drawing.marks[:index]:
        if "fill" not in mark.paint or mark.tag == "text" or _alike(mark, own):
            continue
        inside = _inside(mark, points)
        if inside.any():
            colours[inside] = _over(mark, "fill", colours[inside], scheme)
    return colours


def _alike(mark: Mark, other: Mark) -> bool:
    """Whether two marks are of one series: a point may lie on another of its own."""
    return mark.tag == other.tag and mark.paint == other.paint


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


def _inside(mark: Mark, points: Points) -> NDArray[np.bool_]:
    """Which points lie in the area of a mark, and in what it is clipped to."""
    if mark.tag == "circle":
        inside = np.hypot(*(points - mark.place).T) <= mark.extent
    else:
        inside = _winds(mark.outlines, points)
    both: NDArray[np.bool_] = (
        inside & _winds(mark.clip, points) if mark.clip else inside
    )
    return both


def _winds(outlines: Sequence[Points], points: Points) -> NDArray[np.bool_]:
    """Which points some outlines wind around."""
    turns = np.zeros(len(points), dtype=int)
    x, y = points.T[:, :, None]
    for outline in outlines:
        (x1, y1), (x2, y2) = outline.T[:, None], np.roll(outline, -1, axis=0).T[:, None]
        side = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
        up, down = (y1 <= y) & (y < y2) & (side > 0), (y2 <= y) & (y < y1) & (side < 0)
        turns += up.sum(axis=1) - down.sum(axis=1)
    found: NDArray[np.bool_] = turns != 0
    return found


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
    """Points in a text: nine along it in each of three rows."""
    right_by, down_by = np.meshgrid(np.linspace(0.02, 0.98, 9), [0.2, 0.5, 0.8])
    right, down = box[1] - box[0], box[3] - box[0]
    shares = right_by.reshape(-1, 1) * right + down_by.reshape(-1, 1) * down
    points: Points = box[0] + shares
    return points


def _along(mark: Mark) -> Points:
    """Points along the lines of a mark, where it is not clipped."""
    points = np.vstack([along(line) for line in mark.outlines])
    found = points[:: len(points) // 60 + 1]
    return found[_winds(mark.clip, found)] if mark.clip and len(found) else found
