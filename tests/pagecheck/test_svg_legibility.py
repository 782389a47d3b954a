"""What can be read of a figure: no text on another, enough contrast on both papers."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from pagecheck.house import LEVELS
from pagecheck.svg import FigureError, draw, translate
from pagecheck.svg_legibility import contrast, rgb

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


LEVEL = LEVELS[4].said
RISING = ([0, 1], [0.2, 0.8])


def rule(axes, height):
    axes.plot([0.1, 0.9], [height, height], color="C1", linewidth=3)


def cover(axes):
    axes.add_patch(Rectangle((0.3, 0.4), 0.5, 0.3, color="C0", zorder=5))


def stack(axes, **options):
    axes.bar([0.5], [0.4], color="C0", width=0.4, **options)
    axes.bar([0.5], [0.4], bottom=[0.4], color="C1", width=0.4, **options)


def band(axes, alpha):
    axes.fill_between([0.1, 0.9], [0.1, 0.2], [0.4, 0.8], alpha=alpha, linewidth=0)


def frame_of_gray():
    return Rectangle((0.02, 0.2), 0.05, 0.6, fill=False, edgecolor="gray")


def bundle(axes):
    for start in np.linspace(0.1, 0.3, 21):
        axes.plot([0, 1], [start, start + 0.6], color="C1", linewidth=3)


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
        (lambda a: (a.text(0.4, 0.5, "struck"), rule(a, 0.52)), "'struck'.* stands"),
        (lambda a: (a.text(0.4, 0.5, "hidden"), cover(a)), "'hidden'.* stands out"),
        (
            lambda a: (a.plot(0.5, 0.5, "s", ms=20), a.plot(0.5, 0.5, "^C1", ms=12)),
            r"the markers.* stands out by 1\.41:1 on light",
        ),
        (
            lambda a: (surface(a), a.scatter([0.05], [0.5], color="gray")),
            "the markers.* stands out",
        ),
        (lambda a: a.scatter([0.2, 0.7], [0.5, 0.5], alpha=0.3), "the point.* stands"),
        (lambda a: a.plot([0.2, 0.7], [0.5, 0.5], "s", alpha=0.3), "the shape.* stan"),
        (
            lambda a: (bar(a, "C2"), a.plot([0, 1], [0.5, 0.6], color="black")),
            r"the line.* stands out by 1\.\d\d:1 on dark",
        ),
        (lambda a: stack(a), r"the patch.* stands out by 1\.41:1 on light"),
        (lambda a: a.bar([0.2], [0.5], width=0.2, alpha=0.3), "the patch.* stands out"),
        (lambda a: bar(a, alpha=0.6), "the patch.* stands out"),
        (lambda a: band(a, 0.6), "the area.* stands out"),
        (lambda a: a.bar([0.2], [0.5], width=0.2, color=LEVEL), "the patch.* stands"),
        (lambda a: a.axhline(0.5, color="lightgray"), "the line.* stands out"),
        (
            lambda a: (surface(a), a.add_patch(frame_of_gray())),
            r"the patch.* stands out by 2\.\d\d:1 on light",
        ),
        (lambda a: (bundle(a), a.plot(*RISING, color="C3")), "the line.* stands out"),
        (lambda a: a.bar([0.2], [0.5], width=0.2, color="white"), "the patch.* stands"),
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
        lambda a: (bar(a), a.text(0.3, 0.5, "on a bar", color="white")),
        lambda a: (surface(a), a.text(0.1, 0.5, "on a surface")),
        lambda a: (surface(a), a.plot([0, 1], [0, 1], color="black")),
        lambda a: (bar(a, alpha=0.2), a.plot([0, 1], [0, 1], color="C0")),
        lambda a: bar(a, "lightgray", edgecolor="gray"),
        lambda a: a.scatter([0.5], [0.5], color="white", edgecolor="black"),
        lambda a: a.plot([0.5, 0.5, 0.5], [0.5, 0.5, 0.5], "o"),
        lambda a: (a.plot([0, 1], [0, 1], label="a line"), a.legend()),
        lambda a: (a.grid(), a.plot([0, 1], [0, 1])),
        lambda a: (a.text(0.4, 0.5, "beside"), rule(a, 0.62)),
        lambda a: (a.text(0.4, 0.5, "crossed"), a.axvline(0.5)),
        lambda a: (
            a.plot(0.5, 0.5, "s", ms=20),
            a.plot(0.5, 0.5, "^C1", ms=12, mec="white"),
        ),
        lambda a: (surface(a), a.scatter([0.05], [0.5], c="white", edgecolors="black")),
        lambda a: a.scatter([0.2, 0.7], [0.5, 0.5], alpha=0.8),
        lambda a: a.scatter([0.5, 0.502, 0.504], [0.5, 0.5, 0.5]),
        lambda a: stack(a, edgecolor="white"),
        lambda a: a.plot([0.2, 0.7], [0.5, 0.5], "o-"),
        lambda a: band(a, 0.3),
        lambda a: (bundle(a), a.plot(*RISING, color="white", lw=6), a.plot(*RISING)),
        lambda a: a.text(0.4, 0.5, "on paper", bbox={"fc": "white", "ec": "none"}),
        lambda a: (
            a.set_yticks([0.5], ["half"]),
            a.grid(linewidth=9),
            a.plot([0, 1], [0.5, 0.5]),
        ),
        lambda a: (a.axvline(0.3, color="C1", lw=9, zorder=0), a.bar([0.5], [1], 0.4)),
        lambda a: (a.plot([0, 1], [0.5, 0.5], lw=9), a.plot([0, 1], [0.5, 0.5], "C0")),
        lambda a: a.scatter(*np.meshgrid(*[np.linspace(0.4, 0.6, 12)] * 2)),
        lambda a: (a.bar([0.3], [0.9], 0.2), a.bar([0.5], [0.02], 0.2, color="C1")),
        lambda a: (a.plot([0, 1], [0, 1]), a.plot([0, 1], [1, 0])),
    ],
)
def test_what_can_be_read_is_drawn(act):
    assert draw(figure_with(act))


def test_a_fault_names_the_mark_both_ratios_the_paper_and_a_way_out():
    with pytest.raises(FigureError) as raised:
        draw(figure_with(lambda axes: axes.plot([0, 1], [0, 1], color="white")))
    assert str(raised.value) == (
        "the line of axes 1 stands out by 1.00:1 on light paper, where 3:1 is the "
        "least; take another colour, less transparency, or an edge in "
        '"black" or "white"'
    )


def test_what_is_seen_on_one_paper_alone_is_refused():
    def act(axes):
        bar(axes, "C1")
        axes.text(0.5, 0.5, "white on orange", color="white", ha="center")
        axes.text(0.5, 0.3, "black on orange", ha="center")

    with pytest.raises(
        FigureError, match=r"'black on orange' .* on (light|dark) paper"
    ):
        draw(figure_with(act))


def test_a_translation_that_reaches_onto_an_area_is_refused():
    def act(axes):
        axes.text(0.5, 0.5, "few", ha="right")
        axes.bar([0.75], [1], width=0.45)

    svg = draw(figure_with(act))
    with pytest.raises(FigureError, match="'a great many more words' stands out"):
        translate(svg.replace("end", "start"), {"few": "a great many more words"})
