"""What can be read of a figure: no text on another or cut off, no curve covered."""

import numpy as np
import pytest

from pagecheck.house import FigureError
from pagecheck.svg import draw

from .drawings import made, new_axes

RAMP = np.linspace(0, 1, 9)


def figure_with(*acts):
    def make():
        figure, axes = new_axes(figsize=(4, 3))
        axes.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[])
        for act in acts:
            act(axes)
        return figure

    return made(make)


def text(x, y, words, **options):
    return lambda axes: axes.text(x, y, words, **options)


def legend(loc):
    def act(axes):
        axes.plot([], [], label="a curve with a long name")
        axes.legend(loc=loc)

    return act


def ticks(at, words, **options):
    return lambda axes: axes.set_xticks(at, words, **options)


RISE = lambda axes: axes.plot(RAMP, RAMP, label="rise")  # noqa: E731
DATA = lambda axes: axes.scatter(RAMP, RAMP, label="data")  # noqa: E731
POINT = lambda axes: axes.plot([0.9], [0.9], "o", label="one")  # noqa: E731


def power(axes):
    axes.set(yscale="log", ylim=(0.1, 1))
    axes.plot(RAMP, 10**RAMP / 10, label="power")


SLANTED = text(0.5, 0.5, "slanted text", rotation=45, ha="center")


@pytest.mark.parametrize(
    ("fault", "acts"),
    [
        ("'b' lies on 'one'", [text(0.3, 0.5, "one"), text(0.33, 0.51, "b")]),
        ("lies on", [SLANTED, text(0.5, 0.6, "upright", ha="center")]),
        ("'i' lies on 'a long", [text(0.2, 0.5, "a long text"), text(0.3, 0.5, "i")]),
        ("'next' lies on 'tick'", [ticks([0.5, 0.51], ["tick", "next"])]),
        ("cut off", [text(0.9, 0.5, "beyond the axes", clip_on=True)]),
        ("cut off", [text(0.9, 0.5, "too far right", in_layout=False)]),
        ("covers the data of 'rise'", [RISE, legend("upper right")]),
        ("covers the data of 'data'", [DATA, legend("lower left")]),
        ("covers the data of 'one'", [POINT, legend("upper right")]),
        ("covers the data of 'power'", [power, legend("upper right")]),
        ("", [text(0.1, 0.5, "one text"), text(0.1, 0.4, "below")]),
        ("", [text(0.1, 0.5, "two lines\nof text")]),
        ("", [ticks(RAMP, [f"{x:.5f}" for x in RAMP], rotation=60)]),
        ("", [RISE, legend("lower right")]),
        ("", [DATA, legend("lower right")]),
        ("", [lambda axes: axes.axhline(0.9), legend("upper right")]),
        ("", [lambda axes: axes.plot(RAMP, 2 * RAMP), legend("lower right")]),
        ("", [lambda axes: axes.fill_between(RAMP, RAMP), legend("upper left")]),
    ],
)
def test_what_cannot_be_read_is_refused_and_what_can_be_is_drawn(acts, fault):
    figure = figure_with(*acts)
    if fault:
        with pytest.raises(FigureError, match=fault):
            draw(figure)
    else:
        assert draw(figure)


def test_a_translation_is_measured_and_not_the_text_that_it_stands_for():
    figure = figure_with(text(0.1, 0.5, "few"), text(0.4, 0.5, "b"))
    assert draw(figure)
    with pytest.raises(FigureError, match="'b' lies on '许多许多许多许多的字'"):
        draw(figure, {"few": "许多许多许多许多的字"})
