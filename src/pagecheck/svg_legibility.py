"""Whether a figure's texts and curves can be read, by matplotlib's own extents.

That the colours of a palette stand out from the paper is for the project to test.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from matplotlib.collections import PathCollection
from matplotlib.legend import Legend
from matplotlib.transforms import Bbox, BboxBase

from pagecheck.svg_painting import Line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SLACK = 2.0  # pixels by which a legend's frame may reach over a curve


def illegible(figure: Figure, lines: Sequence[Line]) -> Iterator[str]:
    """What cannot be read of a figure as it was painted, each as a sentence.

    Args:
        figure: The figure, laid out.
        lines: The lines of text that were painted.
    """
    for line in lines:
        extent = line.box.get_extents()
        if not _within(extent, figure.bbox):
            yield f"the text {line.text!r} leaves the figure"
        elif line.clip is not None and not _within(extent, line.clip):
            yield f"the text {line.text!r} is cut off"
    for one, other in combinations(lines, 2):
        if one.box.intersects_path(other.box, filled=True):
            yield f"the text {other.text!r} lies on {one.text!r}"
    for legend in figure.findobj(Legend):
        frame = legend.get_window_extent().padded(-SLACK)
        for axes in figure.axes:
            seen = Bbox.intersection(frame, axes.bbox)
            for curve in _crossing(axes, seen) if seen else ():
                yield f"the legend covers {curve}; place it elsewhere"


def _within(extent: BboxBase, frame: BboxBase) -> bool:
    (left, bottom), (right, top) = frame.padded(0.5).get_points().tolist()
    x0, y0, x1, y1 = extent.extents
    return bool(left <= x0 and bottom <= y0 and x1 <= right and y1 <= top)


def _crossing(axes: Axes, box: Bbox) -> Iterator[str]:
    """The curves and points of some axes in a box, straight lines across them apart."""
    for line in axes.lines:
        transform = line.get_transform()
        path = transform.transform_path(line.get_path())
        curve = all(transform.contains_branch_seperately(axes.transData))
        drawn = curve and line.get_linestyle() != "None"
        if (drawn and path.intersects_bbox(box, filled=False)) or (
            line.get_marker() != "None" and box.count_contains(path.vertices)
        ):
            yield f"the line {str(line.get_label()).lstrip('_')!r}"
    for points in axes.collections:
        if isinstance(points, PathCollection):
            places = points.get_offset_transform().transform(points.get_offsets())
            if box.count_contains(places):
                yield f"the points {str(points.get_label()).lstrip('_')!r}"
