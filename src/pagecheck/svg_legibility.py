"""Whether a figure's texts and curves can be read, by matplotlib's own extents.

That the colours of a palette stand out from the paper is for the project to test.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from matplotlib.collections import PathCollection
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.transforms import Bbox, BboxBase

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SLACK = 2.0  # pixels by which a legend's frame may reach over a curve


class Line(NamedTuple):
    """A line of text as it was painted."""

    text: str
    box: Path  # half a pixel inwards, y upwards
    frame: BboxBase  # what it is clipped to


def illegible(figure: Figure, lines: Sequence[Line]) -> Iterator[str]:
    """What cannot be read of a figure that has been painted, each as a sentence."""
    for line in lines:
        corners = line.box.vertices
        frames = figure.bbox.padded(0.5), line.frame.padded(0.5)
        if any(frame.count_contains(corners) < len(line.box) for frame in frames):
            yield f"the text {line.text!r} is cut off"
    for one, other in combinations(lines, 2):
        if one.box.intersects_path(other.box, filled=True):
            yield f"the text {other.text!r} lies on {one.text!r}"
    for legend in figure.findobj(Legend):
        frame = legend.get_window_extent().padded(-SLACK)
        for axes in figure.axes:
            seen = Bbox.intersection(frame, axes.bbox)
            for artist in [*axes.lines, *axes.collections]:
                if seen and _is_in(seen, artist, axes):
                    name = str(artist.get_label()).lstrip("_")
                    yield f"the legend covers the data of {name!r}; place it elsewhere"


def _is_in(box: Bbox, artist: Artist, axes: Axes) -> bool:
    """Whether a curve or a point is in a box, straight lines across the axes apart."""
    if isinstance(artist, PathCollection):
        places = artist.get_offset_transform().transform(artist.get_offsets())
        return bool(box.count_contains(places))
    if not isinstance(artist, Line2D):
        return False
    transform = artist.get_transform()
    path = transform.transform_path(artist.get_path())
    is_curve = all(transform.contains_branch_seperately(axes.transData))
    if is_curve and artist.get_linestyle() != "None":
        return bool(path.intersects_bbox(box, filled=False))
    return artist.get_marker() != "None" and bool(box.count_contains(path.vertices))
