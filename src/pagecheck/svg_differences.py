"""Tell two figures apart as a reader would.

A curve is compared as a curve and not vertex by vertex: data that differ by a
millionth part move the vertices of a simplified line by pixels along the line, and
the line not at all. All else is compared mark by mark, in the order of painting.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from pagecheck.house import COLOURS, FigureError

TOLERANCE = 0.25  # pixels
MOST = 12  # differences that are told one by one

Points = NDArray[np.float64]

_GEOMETRY = {
    "path": ("d",),
    "circle": ("cx", "cy", "r"),
    "text": ("x", "y", "transform"),
}
_CALLED = {
    "circle": "point",
    "FillBetweenPolyCollection": "area",
    "line2d": "line",
    "LineCollection": "line collection",
    "path": "shape",
    "PathCollection": "point collection",
    "QuadContourSet": "contours",
    "xtick": "x tick",
    "ytick": "y tick",
}
_PAINTS = {
    "fill": "the fill",
    "fill-opacity": "the opacity of the fill",
    "font-size": "the size of the text",
    "stroke": "the colour of the line",
    "stroke-dasharray": "the dash pattern",
    "stroke-opacity": "the opacity of the line",
    "stroke-width": "the width of the line",
    "text-anchor": "the alignment",
}
_SAID = {"ink": "black", "muted": "gray", "grid": "lightgray", "paper": "white"}
_COLOURS = {
    f"var(--{one.variable})": _SAID.get(one.variable, one.variable.upper())
    for one in COLOURS.values()
}


@dataclass(frozen=True)
class Mark:
    """One path, circle or text.

    Attributes:
        group: The groups that it stands in, numbered: "axes 1, legend 1".
        kind: What it is called: "line", "point", "text".
        tag: The element: ``path``, ``circle`` or ``text``.
        paint: Its attributes, inherited ones too, except for geometry.
        outlines: The lines of a path, with its curves as short straight ones.
        place: The centre of a circle, the anchor of a text.
        extent: The radius of a circle, the turn of a text in degrees.
        text: The content of a text.
        clip: The outlines of what it is clipped to; none where it is not.
    """

    group: str
    kind: str
    tag: str
    paint: Mapping[str, str]
    outlines: tuple[Points, ...] = ()
    place: tuple[float, float] = (0.0, 0.0)
    extent: float = 0.0
    text: str = ""
    clip: tuple[Points, ...] = ()


@dataclass(frozen=True)
class Drawing:
    """What an SVG shows."""

    frame: Mapping[str, str]
    style: str
    marks: tuple[Mark, ...]


def differences(shown: str, drawn: str) -> list[str]:
    """What a reader would see differ; nothing when the figures look the same.

    Args:
        shown: The SVG that a page shows; whatever its file holds.
        drawn: The SVG that ``draw`` has just returned.

    Raises:
        FigureError: ``drawn`` is no such SVG.
    """
    if shown == drawn:
        return []
    right = read(drawn)
    try:
        left = read(shown)
    except FigureError as error:
        return [f"the file is no figure of ours: {error}"]
    found = list(_between_drawings(left, right))
    if len(found) > MOST:
        found = [*found[:MOST], f"and {len(found) - MOST} differences more"]
    return found


# --- reading ---------------------------------------------------------------------


def read(svg: str) -> Drawing:
    """Read what ``draw`` writes.

    Raises:
        FigureError: It is not XML, shows nothing, or has anything that ``draw`` does
            not write.
    """
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as error:
        raise FigureError(f"it is not XML ({error})") from None
    if _tag(root) != "svg":
        raise FigureError(f"it is not an SVG but <{_tag(root)}>")
    style = "".join(root.text or "" for root in root if _tag(root) == "style")
    clips = {}
    for clip in (clip for defs in root if _tag(defs) == "defs" for clip in defs):
        if _tag(clip) != "clipPath" or len(clip) != 1:
            raise FigureError(f"it defines a <{_tag(clip)}>")
        clips[f"url(#{clip.get('id')})"] = _outlines(clip[0].get("d", ""))
    body = [child for child in root if _tag(child) not in ("style", "defs")]
    marks = tuple(_marks(body, "", {}, clips))
    if not marks:
        raise FigureError("it shows nothing")
    return Drawing(dict(root.attrib), style, marks)


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _marks(
    elements: Sequence[ElementTree.Element],
    group: str,
    inherited: Mapping[str, str],
    clips: Mapping[str, tuple[Points, ...]],
) -> Iterator[Mark]:
    counts: Counter[str] = Counter()
    for element in elements:
        name = element.get("class", _tag(element))
        kind = _CALLED.get(name, name)
        attributes = {**inherited, **element.attrib}
        attributes.pop("class", None)
        if _tag(element) == "g":
            counts[kind] += 1
            inner = f"{group}, {kind} {counts[kind]}".removeprefix(", ")
            yield from _marks(list(element), inner, attributes, clips)
        else:
            yield _mark(element, group, kind, attributes, clips)


def _mark(
    element: ElementTree.Element,
    group: str,
    kind: str,
    attributes: Mapping[str, str],
    clips: Mapping[str, tuple[Points, ...]],
) -> Mark:
    tag = _tag(element)
    if tag not in _GEOMETRY or len(element):
        raise FigureError(f"it has an element that no figure has: <{tag}>")
    clip = attributes.get("clip-path")
    if clip is not None and clip not in clips:
        raise FigureError(f"it lacks the clip {clip}")
    geometry = {*_GEOMETRY[tag], "clip-path"}
    outlines: tuple[Points, ...] = ()
    place, extent = (0.0, 0.0), 0.0
    if tag == "path":
        outlines = _outlines(attributes.get("d", ""))
    elif tag == "circle":
        place = _float(attributes, "cx"), _float(attributes, "cy")
        extent = _float(attributes, "r")
    else:
        place = _float(attributes, "x"), _float(attributes, "y")
        turn = re.match(r"rotate\((-?[\d.]+) ", attributes.get("transform", ""))
        extent = float(turn[1]) if turn else 0.0
    return Mark(
        group=group,
        kind=kind,
        tag=tag,
        paint={name: attributes[name] for name in attributes if name not in geometry},
        outlines=outlines,
        place=place,
        extent=extent,
        text=element.text or "" if tag == "text" else "",
        clip=() if clip is None else clips[clip],
    )


def _float(attributes: Mapping[str, str], name: str) -> float:
    try:
        return float(attributes[name])
    except (KeyError, ValueError):
        raise FigureError(f"{name}={attributes.get(name)!r} is not a number") from None


def _outlines(data: str) -> tuple[Points, ...]:
    """The lines of a path's ``d``, as ``draw`` writes it: absolute M, L, Q, C, Z."""
    outlines: list[list[Points]] = []
    for letter, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", data):
        try:
            points = np.array(numbers.split(), dtype=float).reshape(-1, 2)
        except ValueError:
            raise FigureError(f"a path with {letter}{numbers!r}") from None
        degree = {"M": 1, "L": 1, "Q": 2, "C": 3, "Z": 0}.get(letter)
        if degree is None or (letter != "M" and not outlines):
            raise FigureError(f"a path with {letter}{numbers!r}")
        if letter == "Z":
            outlines[-1].append(outlines[-1][0][:1])
        elif not len(points) or len(points) % degree:
            raise FigureError(f"a path with {letter}{numbers!r}")
        elif letter == "M":
            outlines.append([points])
        elif letter == "L":
            outlines[-1].append(points)
        else:
            for curve in points.reshape(-1, degree, 2):
                outlines[-1].append(_curve(np.vstack([outlines[-1][-1][-1:], curve])))
    if not outlines:
        raise FigureError("a path without points")
    return tuple(np.vstack(outline) for outline in outlines)


def _curve(controls: Points, pieces: int = 16) -> Points:
    """A Bézier curve's points after its first, as many as pieces."""
    t = np.linspace(0, 1, pieces + 1)[1:, None]
    degree = len(controls) - 1
    return sum(
        (
            math.comb(degree, k) * t**k * (1 - t) ** (degree - k) * control
            for k, control in enumerate(controls)
        ),
        np.zeros((pieces, 2)),
    )


# --- comparing -------------------------------------------------------------------


def _between_drawings(shown: Drawing, drawn: Drawing) -> Iterator[str]:
    for name in sorted({*shown.frame, *drawn.frame}):
        if shown.frame.get(name) != drawn.frame.get(name):
            yield _changed(name, shown.frame.get(name), drawn.frame.get(name))
    if shown.style != drawn.style:
        yield "the style sheet (palettes and fonts) is not the house's"
    missing = _outermost(drawn, shown)
    added = _outermost(shown, drawn)
    yield from (f"{group} is missing" for group in missing)
    yield from (f"{group} is shown and not drawn" for group in added)
    left = [mark for mark in shown.marks if not _within(mark, added)]
    right = [mark for mark in drawn.marks if not _within(mark, missing)]
    if [(m.group, m.kind) for m in left] == [(m.group, m.kind) for m in right]:
        yield from _between_pairs(left, right)
        return
    shows = Counter((mark.group, mark.kind) for mark in left)
    draws = Counter((mark.group, mark.kind) for mark in right)
    for group, kind in dict.fromkeys([*draws, *shows]):
        if shows[group, kind] != draws[group, kind]:
            counts = f"{shows[group, kind]} shown, {draws[group, kind]} drawn"
            yield f"{group or 'the figure'}: {kind}: {counts}"
    if shows == draws:
        yield "the marks are painted in another order"


def _between_pairs(shown: Sequence[Mark], drawn: Sequence[Mark]) -> Iterator[str]:
    """What differs, mark by mark; what differs alike in many is told once."""
    counts: Counter[tuple[str, str]] = Counter()
    where: dict[str, list[str]] = {}
    for one, other in zip(shown, drawn, strict=True):
        counts[one.group, one.kind] += 1
        name = f"{one.group}, {one.kind} {counts[one.group, one.kind]}"
        for what in _between_marks(one, other):
            where.setdefault(what, []).append(name.removeprefix(", "))
    for what, names in where.items():
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        yield f"{names[0]}{more}: {what}"


def _outermost(drawing: Drawing, other: Drawing) -> list[str]:
    """The groups of a drawing that the other lacks, without those inside them."""
    lacking = [group for group in _groups(drawing) if group not in _groups(other)]
    return [group for group in lacking if group.rpartition(", ")[0] not in lacking]


def _groups(drawing: Drawing) -> dict[str, None]:
    groups: dict[str, None] = {}
    for mark in drawing.marks:
        names = mark.group.split(", ") if mark.group else []
        groups |= {", ".join(names[:depth]): None for depth in range(1, len(names) + 1)}
    return groups


def _within(mark: Mark, groups: Sequence[str]) -> bool:
    return any(f"{mark.group}, ".startswith(f"{group}, ") for group in groups)


def _between_marks(shown: Mark, drawn: Mark) -> Iterator[str]:
    if shown.tag != drawn.tag:
        yield _changed("the element", shown.tag, drawn.tag)
        return
    if shown.text != drawn.text:
        yield _changed("the text", shown.text, drawn.text)
    for name in sorted({*shown.paint, *drawn.paint}):
        if shown.paint.get(name) != drawn.paint.get(name):
            called = _PAINTS.get(name, name)
            yield _changed(called, shown.paint.get(name), drawn.paint.get(name))
    if math.dist(shown.place, drawn.place) > TOLERANCE:
        yield f"it stands at {_at(shown.place)}, drawn at {_at(drawn.place)}"
    if abs(shown.extent - drawn.extent) > TOLERANCE:
        what = "the radius" if shown.tag == "circle" else "the rotation"
        yield f"{what} is {shown.extent:g}, drawn {drawn.extent:g}"
    yield from _between_outlines("the line", shown.outlines, drawn.outlines)
    if "fill" in shown.paint:
        yield from _between_areas(shown.outlines, drawn.outlines)
    yield from _between_outlines("the clipping frame", shown.clip, drawn.clip)


def _changed(what: str, shown: str | None, drawn: str | None) -> str:
    def told(value: str | None) -> str:
        return "none" if value is None else repr(_COLOURS.get(value, value))

    return f"{what} is {told(shown)}, drawn {told(drawn)}"


def _at(place: Sequence[float]) -> str:
    return f"({place[0]:.1f}, {place[1]:.1f})"


def _between_areas(shown: Sequence[Points], drawn: Sequence[Points]) -> Iterator[str]:
    """Outlines may agree where areas do not: a hole that is filled."""
    area, other = (abs(sum(map(_area, outlines))) for outlines in (shown, drawn))
    border = sum(map(_length, drawn))
    if abs(area - other) > 1 + 2 * TOLERANCE * border:
        yield f"the area is {area:.0f} square pixels, drawn {other:.0f}"


def _area(outline: Points) -> float:
    x, y = outline.T
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def _length(outline: Points) -> float:
    return float(np.hypot(*np.diff(outline, axis=0).T).sum())


def _between_outlines(
    what: str, shown: Sequence[Points], drawn: Sequence[Points]
) -> Iterator[str]:
    if bool(shown) != bool(drawn):
        yield _changed(what, "there" if shown else None, "there" if drawn else None)
        return
    if len(shown) == len(drawn) and all(map(np.array_equal, shown, drawn)):
        return
    ways = (_farthest(shown, drawn), _farthest(drawn, shown))
    distance, place = max(ways, key=lambda way: way[0])
    if distance > TOLERANCE:
        yield f"{what} is off by {distance:.2f} px at {_at(place)}"


def _farthest(
    lines: Sequence[Points], others: Sequence[Points]
) -> tuple[float, tuple[float, float]]:
    """How far some lines stray from others, and where.

    Each pixel of the lines is measured against those segments of the others that
    pass through its strip of the figure, and only what is not near one of these
    against all of them.
    """
    points = np.vstack([along(line) for line in lines])
    segments = np.vstack([np.hstack([line[:-1], line[1:]]) for line in others])
    if not len(segments):  # a lone point
        segments = np.hstack([others[0], others[0]])
    far = points[~_near(points, segments)]
    if not len(far):
        return 0.0, (0.0, 0.0)
    far = far[:: len(far) // 200 + 1]
    away = np.array([distances(point, segments).min() for point in far])
    worst = int(away.argmax())
    return float(away[worst]), (float(far[worst, 0]), float(far[worst, 1]))


def along(line: Points) -> Points:
    """Points along a line, at most a pixel apart, its own among them."""
    steps = np.diff(line, axis=0)
    counts = np.maximum(1, np.ceil(np.hypot(*steps.T))).astype(int)
    which, ahead = repeated(counts)
    share = (ahead / counts[which])[:, None]
    return np.vstack([line[which] + share * steps[which], line[-1:]])


def _near(points: Points, segments: Points, strip: float = 4.0) -> NDArray[np.bool_]:
    """Which points lie within the tolerance of a segment."""
    left = np.minimum(segments[:, 0], segments[:, 2]) - TOLERANCE
    right = np.maximum(segments[:, 0], segments[:, 2]) + TOLERANCE
    first = np.floor(left / strip).astype(int)
    counts = np.floor(right / strip).astype(int) - first + 1
    which, ahead = repeated(counts)
    strips = first[which] + ahead
    near = np.zeros(len(points), dtype=bool)
    own = np.floor(points[:, 0] / strip).astype(int)
    for one in np.unique(own):
        inside = np.flatnonzero(own == one)
        candidates = segments[which[strips == one]]
        if len(candidates):
            away = distances(points[inside, None], candidates).min(axis=1)
            near[inside] = away <= TOLERANCE
    return near


def repeated(counts: NDArray[np.int_]) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Each index as many times as it counts, and the how-manieth of these it is."""
    which = np.repeat(np.arange(len(counts)), counts)
    return which, np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)


def distances(points: Points, segments: Points) -> Points:
    """Of points from segments: of each pair, or as their shapes broadcast."""
    start, step = segments[..., :2], segments[..., 2:] - segments[..., :2]
    length = np.maximum((step**2).sum(axis=-1), 1e-12)
    offset = points - start
    share = np.clip((offset * step).sum(axis=-1) / length, 0, 1)
    across: Points = np.hypot(*np.moveaxis(offset - share[..., None] * step, -1, 0))
    return across
