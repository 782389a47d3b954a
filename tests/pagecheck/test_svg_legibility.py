"""What can be read of a figure: no text on another or cut off, no curve covered."""

import numpy as np
import pytest

from pagecheck.svg import FigureError, draw

from .drawings import made, new_figure

RAMP = np.linspace(0, 1, 9)


def figure_with(act):
    def make():
        figure = new_figure(figsize=(4, 3))
        axes = figure.subplots()
        axes.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[])
        act(axes)
        return figure

    return made(make)


def legend(axes, loc):
    axes.plot([], [], label="a curve with a long name")
    axes.legend(loc=loc)


@pytest.mark.parametrize(
    ("act", "fault"),
    [
        (
            lambda a: (a.text(0.3, 0.5, "one text"), a.text(0.33, 0.51, "another")),
            "'another' lies on 'one text'",
        ),
        (
            lambda a: (
                a.text(0.5, 0.5, "slanted text", rotation=45, ha="center"),
                a.text(0.5, 0.6, "upright", ha="center"),
            ),
            "lies on",
        ),
        (
            lambda a: (a.text(0.2, 0.5, "a long text"), a.text(0.3, 0.5, "i")),
            "'i' lies on 'a long text'",
        ),
        (
            lambda a: a.set_xticks([0.5, 0.51], ["one tick", "the next"]),
            "'the next' lies on 'one tick'",
        ),
        (
            lambda a: a.text(0.9, 0.5, "beyond the axes", clip_on=True),
            "cut off|leaves the figure",
        ),
        (
            lambda a: a.text(0.9, 0.5, "too far right").set_in_layout(False),
            "'too far right' leaves the figure",
        ),
        (
            lambda a: (a.plot(RAMP, RAMP, label="rise"), legend(a, "upper right")),
            "covers the line 'rise'",
        ),
        (
            lambda a: (a.scatter(RAMP, RAMP, label="data"), legend(a, "lower left")),
            "covers the points 'data'",
        ),
        (
            lambda a: (
                a.plot([0.9], [0.9], "o", label="one"),
                legend(a, "upper right"),
            ),
            "covers the line 'one'",
        ),
        (
            lambda a: (
                a.set(yscale="log", ylim=(0.1, 1)),
                a.plot(RAMP, 10**RAMP / 10, label="power"),
                legend(a, "upper right"),
            ),
            "covers the line 'power'",
        ),
    ],
)
def test_what_cannot_be_read_is_refused(act, fault):
    with pytest.raises(FigureError, match=fault):
        draw(figure_with(act))


@pytest.mark.parametrize(
    "act",
    [
        lambda a: (a.text(0.1, 0.5, "one text"), a.text(0.1, 0.4, "below")),
        lambda a: a.text(0.1, 0.5, "two lines\nof text"),
        lambda a: a.set_xticks([0.2, 0.8], ["one tick", "the next"]),
        lambda a: a.set_xticks(RAMP, [f"{x:.5f}" for x in RAMP], rotation=60),
        lambda a: (a.plot(RAMP, RAMP), legend(a, "lower right")),
        lambda a: (a.scatter(RAMP, RAMP), legend(a, "lower right")),
        lambda a: (a.axhline(0.9), legend(a, "upper right")),
        lambda a: (a.plot(RAMP, 2 * RAMP), legend(a, "lower right")),
        lambda a: (a.fill_between(RAMP, RAMP), legend(a, "upper left")),
    ],
)
def test_what_can_be_read_is_drawn(act):
    assert draw(figure_with(act))


def test_a_translation_is_measured_and_not_the_text_that_it_stands_for():
    figure = figure_with(lambda a: (a.text(0.1, 0.5, "few"), a.text(0.4, 0.5, "b")))
    assert draw(figure)
    with pytest.raises(FigureError, match="'b' lies on '许多许多许多许多的字'"):
        draw(figure, {"few": "许多许多许多许多的字"})
