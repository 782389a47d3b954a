"""What can be read of a figure: no text on another, enough contrast on both papers."""

import re

import numpy as np
import pytest

from pagecheck.svg import FigureError, draw
from pagecheck.svg_differences import read
from pagecheck.svg_legibility import contrast, faint, rgb

from .drawings import made, new_figure


def figure_with(act):
    def make():
        figure = new_figure(figsize=(4, 3))
        axes = figure.subplots()
        axes.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[])
        act(axes)
        return figure

    return made(make)


def bar(axes, colour="C0", **options):
    axes.bar([0.5], [1.0], width=1.0, color=colour, **options)


def surface(axes):
    x, y = np.meshgrid(np.linspace(0, 1, 30), np.linspace(0, 1, 30))
    axes.contourf(x, y, x, levels=np.linspace(0, 1, 11))


def test_the_contrast_of_black_and_white_is_21_and_of_a_colour_with_itself_1():
    black, white = rgb("#000000")[None], rgb("#ffffff")[None]
    assert contrast(black, white) == pytest.approx(21)
    assert contrast(white, white) == pytest.approx(1)


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
            lambda a: a.set_xticks([0.5, 0.51], ["one tick", "the next"]),
            "'the next' lies on 'one tick'",
        ),
        (
            lambda a: a.text(0.9, 0.5, "beyond the axes", clip_on=True),
            "cut off|leaves the figure",
        ),
        (lambda a: a.text(0.5, 0.5, "unseen", color="white"), "'unseen'.* stands out"),
        (
            lambda a: a.text(0.5, 0.5, "a hint", color="lightgray"),
            "'a hint'.* stands out",
        ),
        (lambda a: a.text(0.5, 0.5, "faint", alpha=0.3), "'faint'.* stands out"),
        (lambda a: (bar(a), a.text(0.5, 0.5, "on a bar")), "'on a bar'.* stands out"),
        (
            lambda a: (surface(a), a.text(0.1, 0.5, "on a surface", color="C1")),
            "'on a surface'.* stands out",
        ),
        (lambda a: a.plot([0, 1], [0, 1], color="white"), "the line.* on light paper"),
        (lambda a: a.plot([0, 1], [0, 1], alpha=0.2), "the line.* stands out"),
        (
            lambda a: (bar(a), a.plot([0, 1], [0.5, 0.6], color="C0")),
            "the line.* stands out by 1.00:1",
        ),
        (lambda a: bar(a, "lightgray"), "the patch.* stands out"),
        (lambda a: a.scatter([0.5], [0.5], color="white"), "the markers.* stands out"),
    ],
)
def test_what_cannot_be_read_is_refused(act, fault):
    try:
        found = "\n".join(faint(read(draw(figure_with(act)))))
    except FigureError as error:
        found = str(error)
    assert re.search(fault, found)


@pytest.mark.parametrize(
    "act",
    [
        lambda a: (a.text(0.1, 0.5, "one text"), a.text(0.1, 0.4, "below")),
        lambda a: a.text(0.1, 0.5, "two lines\nof text"),
        lambda a: a.set_xticks([0.2, 0.8], ["one tick", "the next"]),
        lambda a: (bar(a), a.text(0.3, 0.5, "on a bar", color="white")),
        lambda a: (surface(a), a.text(0.1, 0.5, "on a surface")),
        lambda a: (surface(a), a.plot([0, 1], [0, 1], color="black")),
        lambda a: (bar(a, alpha=0.2), a.plot([0, 1], [0, 1], color="C0")),
        lambda a: bar(a, "lightgray", edgecolor="gray"),
        lambda a: a.scatter([0.5], [0.5], color="white", edgecolor="black"),
        lambda a: a.plot([0.5, 0.5, 0.5], [0.5, 0.5, 0.5], "o"),
        lambda a: (a.plot([0, 1], [0, 1], label="a line"), a.legend()),
        lambda a: (a.grid(), a.plot([0, 1], [0, 1])),
    ],
)
def test_what_can_be_read_is_drawn(act):
    assert list(faint(read(draw(figure_with(act))))) == []
