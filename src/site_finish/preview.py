"""The picture that goes with a link to the site, where it is shared.

It has no words, which each page brings along in its own language, and is drawn when the
site knows its address, without which no picture can be named.
"""

import io
import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from site_finish.kept import write_kept

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FILE = "assets/preview.png"
SIZE = (1200, 630)
"""Width and height, as those who show previews ask for."""
GROUND = "#0a252d"

Curve = Callable[[float], float]
# In the order of the figures' colours.
CURVES: list[Curve] = [
    lambda x: 1 / (1 + math.exp(-x)),
    math.tanh,
    lambda x: max(x, 0),
    lambda x: x / (1 + math.exp(-x)),
]


def write(file: Path, palette: Mapping[str, Sequence[str]]) -> None:
    """Write it, in the colours of the curves on dark paper."""
    colours = [palette[f"c{number}"][1] for number in range(len(CURVES))]
    write_kept(file, "preview", colours, partial(draw, colours))


def draw(colours: Sequence[str]) -> bytes:
    """Return the graphs of activation functions as a PNG."""
    # Imported where it is drawn, which is seldom.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    dots = 100
    figure = Figure(
        figsize=(SIZE[0] / dots, SIZE[1] / dots), dpi=dots, facecolor=GROUND
    )
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.axis("off")
    axes.set(xlim=(-4.6, 4.6), ylim=(-1.6, 3.2))
    axes.axhline(0, color="#ffffff", alpha=0.35, linewidth=2)
    axes.axvline(0, color="#ffffff", alpha=0.35, linewidth=2)
    x = [number / 100 for number in range(-500, 501)]
    for curve, colour in zip(CURVES, colours, strict=True):
        y = [*map(curve, x)]
        axes.plot(x, y, color=colour, linewidth=9, solid_capstyle="round")
    return as_png(figure)


def as_png(figure: "Figure") -> bytes:
    """Return a picture as a PNG, in the figure's own colours."""
    png = io.BytesIO()
    # No version of matplotlib is told: the same picture is the same file.
    figure.savefig(png, format="png", metadata={"Software": None})
    return png.getvalue()
