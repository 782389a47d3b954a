"""The picture that goes with a link to the site, where it is shared.

It has no words, which each page brings along in its own language, and is drawn when the
site knows its address, without which no picture can be named.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

FILE = "assets/preview.png"
SIZE = (1200, 630)
"""Width and height, as those who show previews ask for."""
GROUND = "#0a252d"

Curve = Callable[[np.ndarray], np.ndarray]
# In the order of the figures' colours.
CURVES: list[Curve] = [
    lambda x: 1 / (1 + np.exp(-x)),
    np.tanh,
    lambda x: np.maximum(x, 0),
    lambda x: x / (1 + np.exp(-x)),
]


def colours(palette: Mapping[str, Sequence[str]]) -> list[str]:
    """The colours of the curves on dark paper."""
    return [palette[f"c{number}"][1] for number in range(len(CURVES))]


def draw(file: Path, colours: Sequence[str]) -> None:
    """Write the graphs of activation functions as a PNG."""
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
    x = np.linspace(-5, 5, 1001)
    for curve, colour in zip(CURVES, colours, strict=True):
        axes.plot(x, curve(x), color=colour, linewidth=9, solid_capstyle="round")
    # No version of matplotlib is told: the same picture is the same file.
    figure.savefig(file, format="png", metadata={"Software": None}, facecolor=GROUND)
