"""What can be read of a figure: no text on another or cut off, no curve covered."""

import numpy as np
import pytest

from pagecheck.house import FigureError

from .drawings import draw, made, new_axes

RAMP = np.linspace(0, 1, 9)


def figure_with(*acts):
    def make():
        figure, axes = new_axes(figsize=(4, 3))
        axes.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[])
        for name, *values, options in acts:
            getattr(axes, name)(*values, **options)
        return figure

    return made(make)


def text(x, y, words, **options):
    return "text", x, y, words, options


def data(name, *values, **options):
    return name, *values, {"label": "data", **options}


def legend(loc):
    return "legend", {"loc": loc}


LONG = ("plot", [], [], {"label": "a curve with a long name"})
RISE, DOTS = data("plot", RAMP, RAMP), data("scatter", RAMP, RAMP)
GROWTH = data("plot", RAMP, 10**RAMP / 10)
POWER = ("set", {"yscale": "log", "ylim": (0.1, 1)})
SLANTED = text(0.5, 0.5, "slanted text", rotation=45, ha="center")
CLOSE = ("set_xticks", [0.5, 0.51], ["tick", "next"], {})
APART = ("set_xticks", RAMP, [f"{x:.5f}" for x in RAMP], {"rotation": 60})
FAULTS = [
    ("'b' lies on 'one'", text(0.3, 0.5, "one"), text(0.33, 0.51, "b")),
    ("lies on", SLANTED, text(0.5, 0.6, "upright", ha="center")),
    ("'i' lies on 'a long text'", text(0.2, 0.5, "a long text"), text(0.3, 0.5, "i")),
    ("'next' lies on 'tick'", CLOSE),
    ("cut off", text(0.9, 0.5, "beyond the axes", clip_on=True)),
    ("cut off", text(0.9, 0.5, "too far right", in_layout=False)),
    ("covers the data", RISE, LONG, legend("upper right")),
    ("covers the data", DOTS, LONG, legend("lower left")),
    ("covers the data", data("plot", [0.9], [0.9], "o"), LONG, legend("upper right")),
    ("covers the data", POWER, GROWTH, legend("upper right")),
]
LEGIBLE = [
    (text(0.1, 0.5, "one text"), text(0.1, 0.4, "below")),
    (text(0.1, 0.5, "two lines\nof text"),),
    (APART,),
    (RISE, LONG, legend("lower right")),
    (DOTS, LONG, legend("lower right")),
    (("axhline", 0.9, {}), LONG, legend("upper right")),
    (data("plot", RAMP, 2 * RAMP), LONG, legend("lower right")),
    (data("fill_between", RAMP, RAMP), LONG, legend("upper left")),
]


def test_what_cannot_be_read_is_refused_and_what_can_be_is_drawn():
    for fault, *acts in FAULTS:
        with pytest.raises(FigureError, match=fault):
            draw(figure_with(*acts))
    for acts in LEGIBLE:
        assert draw(figure_with(*acts))


def test_a_translation_is_measured_and_not_the_text_that_it_stands_for():
    figure = figure_with(text(0.1, 0.5, "few"), text(0.4, 0.5, "b"))
    assert draw(figure)
    with pytest.raises(FigureError, match="'b' lies on '许多许多许多许多的字'"):
        draw(figure, {"few": "许多许多许多许多的字"})
