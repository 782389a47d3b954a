"""Two figures told apart as a reader would."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from pagecheck.svg import FigureError, differences, draw, translate

from . import drawings
from .drawings import TEXTS, drawn, drawn_in_chinese, made, new_figure

every_figure = pytest.mark.parametrize(
    "make", drawings.ALL, ids=lambda make: make.__name__
)


def plot(curve, change=lambda axes: None):
    """The SVG of a region-sized plot, and of what a change makes of it."""

    def make():
        figure = new_figure()
        axes = figure.subplots()
        x = np.linspace(0, 1, 400)
        axes.plot(x, curve(x), label="curve")
        axes.plot(x, x**2, label="parabola")
        axes.scatter([0.2, 0.4, 0.6], [0.8, 0.7, 0.9], label="points")
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        axes.legend(loc="upper left")
        change(axes)
        return figure

    return draw(made(make))


def bump(x):
    return 0.5 + 0.4 * np.sin(7 * x)


def after(change):
    return differences(plot(bump), plot(bump, change))


def one_path(data, **attributes):
    """The smallest SVG with a path."""
    painted = "".join(
        f' {name.replace("_", "-")}="{value}"'
        for name, value in ({"stroke": "black"} | attributes).items()
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="400">'
        f'<path d="{data}"{painted}/></svg>'
    )


def line(points):
    return one_path("M" + "L".join(f"{x:.6f} {y:.6f}" for x, y in points))


# --- what is the same


@every_figure
def test_a_figure_does_not_differ_from_itself(make):
    assert differences(drawn(make), drawn(make)) == []
    # and not when it is read and compared mark by mark
    assert differences(drawn(make) + "<!-- -->", drawn(make)) == []


@pytest.mark.parametrize("seed", range(3))
def test_noise_of_a_millionth_is_not_seen(seed):
    noise = 1e-6 * np.random.default_rng(seed).standard_normal(400)
    noisy = plot(lambda x: bump(x) * (1 + noise))
    assert noisy != plot(bump)
    assert differences(plot(bump), noisy) == []


def test_a_curve_sampled_otherwise_is_the_same_curve():
    t, s = np.linspace(0, 1, 2000), np.linspace(0, 1, 1777)
    one, other = (
        line(np.column_stack([600 * x, 200 + 150 * np.sin(7 * x)])) for x in (t, s)
    )
    assert differences(one, other) == []


@given(
    st.lists(
        st.tuples(st.integers(0, 640), st.integers(0, 400)), min_size=2, max_size=8
    ),
    st.lists(st.floats(0.01, 0.99), min_size=1, max_size=5),
)
def test_points_added_on_a_line_change_nothing(points, shares):
    more = []
    for start, end in pairwise(points):
        between = [
            (
                start[0] + share * (end[0] - start[0]),
                start[1] + share * (end[1] - start[1]),
            )
            for share in sorted(shares)
        ]
        more += [start, *between]
    assert differences(line(points), line([*more, points[-1]])) == []


def test_a_line_drawn_backwards_is_the_same_line():
    points = [(0, 0), (100, 50), (200, 0)]
    assert differences(line(points), line(points[::-1])) == []


def test_curves_are_compared_as_curves():
    circle = "M100 0C155.23 0 200 44.77 200 100"
    turns = [(90 - degree) * np.pi / 180 for degree in range(91)]
    points = [(100 + 100 * np.cos(t), 100 - 100 * np.sin(t)) for t in turns]
    assert differences(one_path(circle), line(points)) == []
    assert differences(one_path("M100 0L200 100"), line(points)) != []


# --- what is seen


def test_a_shift_of_a_hundredth_is_seen():
    found = differences(plot(bump), plot(lambda x: bump(x) + 0.01))
    assert len(found) == 1
    assert re.fullmatch(
        r"axes 1, line 1: the line is off by \d\.\d\d px at \(\d+\.\d, \d+\.\d\)",
        found[0],
    )


@given(
    st.lists(
        st.tuples(st.integers(0, 640), st.integers(0, 400)), min_size=2, max_size=8
    ),
    st.floats(0, 2 * np.pi),
    st.floats(0.3, 50),
)
def test_a_moved_line_is_seen_whatever_its_form(points, turn, distance):
    assume(len({*points}) > 1)
    step = distance * np.cos(turn), distance * np.sin(turn)
    moved = [(x + step[0], y + step[1]) for x, y in points]
    assert differences(line(points), line(moved)) != []


def test_a_spike_is_seen_both_ways():
    flat = [(0, 100), (600, 100)]
    spike = [(0, 100), (300, 100), (301, 90), (302, 100), (600, 100)]
    for one, other in ((flat, spike), (spike, flat)):
        (found,) = differences(line(one), line(other))
        assert "off by 10.00 px at (301.0, 90.0)" in found


def test_a_gap_is_seen_both_ways():
    whole, gap = one_path("M0 0L600 0"), one_path("M0 0L299 0M301 0L600 0")
    assert "off by 1.00 px" in differences(whole, gap)[0]
    assert "off by 1.00 px" in differences(gap, whole)[0]


def test_a_filled_hole_is_seen():
    outer, hole = "M0 0L100 0 100 100 0 100Z", "M20 20L20 80 80 80 80 20Z"
    filled = "M20 20L80 20 80 80 20 80Z"
    (found,) = differences(
        one_path(outer + filled, fill="black"), one_path(outer + hole, fill="black")
    )
    assert found == "shape 1: the area is 13600 square pixels, drawn 6400"


def move_a_point(axes):
    axes.collections[0].set_offsets([[0.2, 0.8], [0.41, 0.7], [0.6, 0.9]])


def swap_colours(axes):
    axes.lines[0].set_color("C1")
    axes.lines[1].set_color("C0")


def relabel(axes):
    axes.legend(["curve", "parable", "points"], loc="upper left")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda axes: axes.lines[0].remove(), "axes 1: line: 2 shown, 1 drawn"),
        (lambda axes: axes.plot([0, 1], [1, 0]), "axes 1: line: 2 shown, 3 drawn"),
        (swap_colours, "line 1: the colour of the line is 'C0', drawn 'C1'"),
        (lambda axes: axes.lines[0].set_linewidth(2.5), "the width of the line"),
        (lambda axes: axes.lines[0].set_linestyle("--"), "the dash pattern is none"),
        (lambda axes: axes.lines[0].set_alpha(0.8), "the opacity of the line is none"),
        (move_a_point, r"point 2: it stands at \("),
        (lambda axes: axes.collections[0].set_sizes([50]), "point 1 and 2 more: the r"),
        (lambda axes: axes.collections[0].set_color("C3"), "the fill is 'C0', drawn"),
        (relabel, "legend 1.*: the text is 'parabola', drawn 'parable'"),
        (lambda axes: axes.get_legend().remove(), "legend 1 is shown and not drawn"),
        (lambda axes: axes.set_xlim(-0.01, 1), "x tick 1, text 1: it stands at"),
        (lambda axes: axes.set_ylim(0.002, 1), "y tick"),
        (lambda axes: axes.set_yscale("symlog"), "y tick"),
        (lambda axes: axes.set_xticks([0, 0.5, 1]), "x tick 6 is shown and not drawn"),
        (
            lambda axes: axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1], list("abcdef")),
            "x tick 1, text 1: the text is '0.0', drawn 'a'",
        ),
        (lambda axes: axes.set_title("Title"), "axes 1: text: 0 shown, 1 drawn"),
        (lambda axes: axes.grid(visible=False), "x tick 1: line: 1 shown, 0 drawn"),
        (lambda axes: axes.set_axis_off(), "axis 1 is shown and not drawn"),
        (lambda axes: axes.lines[0].set_zorder(2.5), "line 1.*: the line is off by"),
        (lambda axes: axes.collections[0].set_zorder(2.5), "painted in another order"),
        (lambda axes: axes.figure.set_size_inches(6.4, 4.1), "height is '400'"),
    ],
)  # fmt: skip
def test_what_a_reader_sees_is_told(change, told):
    found = after(change)
    assert re.search(told, "\n".join(found)), found
    assert len(found) <= 13


def test_another_palette_is_told():
    svg = drawn(drawings.curves)
    found = differences(svg.replace("--c0:#", "--c0:#0", 1), svg)
    assert found == ["the style sheet (palettes and fonts) is not the house's"]


def test_an_untranslated_figure_differs_from_the_translated_one():
    english, chinese = drawn(drawings.curves), translate(drawn(drawings.curves), TEXTS)
    found = differences(english, chinese)
    assert any("the text is 'output', drawn '输出'" in one for one in found)
    assert differences(drawn_in_chinese(drawings.curves), chinese)


# --- contours, annotations, legends


def chart(
    levels=(0, 0.2, 0.4, 0.6, 0.8, 1),
    lines=(0.25, 0.75),
    says="the border",
    at=(0.4, 0.5),
    text_at=(0.1, 0.8),
    arrow=(("arrowstyle", "->"),),
    entries=(("train", "C0", "-", "o"), ("test", "black", "--", "s")),
    legend=(("loc", "lower right"),),
):
    """A map with labelled contours, an annotation and a legend, as SVG."""

    def make():
        figure = Figure(figsize=(4, 3))
        axes = figure.subplots()
        x, y = np.meshgrid(np.linspace(0, 1, 12), np.linspace(0, 1, 12))
        axes.contourf(x, y, (x + y) / 2, levels=levels)
        axes.clabel(axes.contour(x, y, (x + y) / 2, levels=lines, colors="black"))
        axes.annotate(says, at, xytext=text_at, arrowprops=dict(arrow) or None)
        for label, colour, style, marker in entries:
            axes.plot([], [], color=colour, ls=style, marker=marker, label=label)
        axes.legend(**dict(legend))
        return figure

    return draw(made(make))


CHART = cache(chart)
TRAIN, TEST = ("train", "C0", "-", "o"), ("test", "black", "--", "s")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"levels": (0, 0.2, 0.42, 0.6, 0.8, 1)}, r"contours 1, shape \d.*: the line"),
        ({"levels": (0, 0.2, 0.4, 0.6, 1)}, "contours 1: shape: 5 shown, 4 drawn"),
        ({"lines": (0.27, 0.75)}, r"contours \d.*: the line is off by"),
        ({"lines": (0.25,)}, "contours"),
        ({"lines": (0.27, 0.75)}, "the text is '0.25', drawn '0.27'"),
        ({"says": "the boarder"}, "the text is 'the border', drawn 'the boarder'"),
        ({"text_at": (0.11, 0.8)}, r"text \d: it stands at \("),
        ({"text_at": (0.11, 0.8)}, r"patch 1, shape 1.*: the line is off by"),
        ({"at": (0.4, 0.49)}, r"patch 1, shape 1.*: the line is off by"),
        ({"arrow": (("arrowstyle", "-|>"),)}, "patch|shape"),
        ({"arrow": (("arrowstyle", "<-"),)}, r"shape \d.*: the line is off by"),
        ({"arrow": ()}, "patch"),
        ({"arrow": (("arrowstyle", "->"), ("color", "gray"))}, "drawn 'gray'"),
        ({"arrow": (("arrowstyle", "->"), ("lw", 2))}, "the width of the line"),
        ({"entries": (TEST, TRAIN)}, "legend 1.*: the text is 'train', drawn 'test'"),
        ({"entries": (TRAIN,)}, "legend 1, line 2 is shown and not drawn"),
        (
            {"entries": (("trained", *TRAIN[1:]), TEST)},
            "legend 1, text 1: the text is 'train', drawn 'trained'",
        ),
        (
            {"entries": (("train", "C2", "-", "o"), TEST)},
            "legend 1, line 1.*: the colour of the line is 'C0', drawn 'C2'",
        ),
        (
            {"entries": (("train", "C0", ":", "o"), TEST)},
            "legend 1, line 1.*: the dash pattern is none",
        ),
        ({"entries": (("train", "C0", "-", ""), TEST)}, "legend 1"),
        ({"entries": (("train", "C0", "", "o"), TEST)}, "legend 1"),
        ({"entries": (("train", "C0", "-", "D"), TEST)}, "legend 1"),
        ({"legend": (("loc", "lower center"),)}, "legend 1"),
        ({"legend": (("loc", "lower right"), ("title", "runs"))}, "legend 1: text"),
        ({"legend": (("loc", "lower right"), ("frameon", False))}, "legend 1: patch"),
    ],
)
def test_another_contour_annotation_or_legend_is_told(change, told):
    found = differences(CHART(), chart(**change))
    assert re.search(told, "\n".join(found)), found


def moved(element):
    """The element a pixel to the right."""
    if "d" in element.attrib:
        numbers = iter(range(10_000))
        element.set(
            "d",
            re.sub(
                r"-?[\d.]+",
                lambda one: f"{float(one[0]) + (next(numbers) % 2 == 0):.2f}",
                element.get("d"),
            ),
        )
    for name in {"x", "cx"} & {*element.attrib}:
        element.set(name, str(float(element.get(name)) + 1))


def recoloured(element):
    """The element in the colour of another series."""
    for name in {"stroke", "fill"}:
        element.set(name, "var(--c3)")


@pytest.mark.parametrize("harm", [moved, recoloured, None])
def test_each_mark_of_the_chart_counts(harm):
    """Whatever of it is moved, painted otherwise or taken away, it is told."""
    svg = CHART()
    count = len([*ElementTree.fromstring(svg).iter()])
    kinds = set()
    for index in range(count):
        root = ElementTree.fromstring(svg)
        element = [*root.iter()][index]
        tag = element.tag.rpartition("}")[2]
        if tag not in ("path", "circle", "text"):
            continue
        (parent,) = [one for one in root.iter() if element in one]
        if parent.tag.endswith("clipPath"):
            continue
        if harm is None:
            parent.remove(element)
        else:
            harm(element)
        kinds.add(element.get("class", tag))
        assert differences(ElementTree.tostring(root, encoding="unicode"), svg), index
    assert {"path", "text", "patch", "line2d"} <= kinds


# --- what is damaged


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ("", "not XML"),
        ("not a figure", "not XML"),
        ("<html/>", "not an SVG but <html>"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "shows nothing"),
        ("<svg><script>1</script></svg>", "no figure has: <script>"),
        ("<svg><image/></svg>", "no figure has: <image>"),
        ("<svg><text x='1' y='2'>a<tspan/></text></svg>", "no figure has: <text>"),
        ("<svg><text x='1'>a</text></svg>", "y=None is not a number"),
        ("<svg><circle cx='1' cy='b' r='2'/></svg>", "cy='b' is not a number"),
        ("<svg><path/></svg>", "a path without points"),
        ("<svg><path d='M1'/></svg>", "a path with M'1'"),
        ("<svg><path d='M1 2A3 4 5 6'/></svg>", "a path with A"),
        ("<svg><path d='L1 2'/></svg>", "a path with L"),
        ("<svg><path d='M1 2C3 4'/></svg>", "a path with C"),
        (
            "<svg><path d='M1 2' clip-path='url(#a)'/></svg>",
            r"lacks the clip url\(#a\)",
        ),
        ("<svg><defs><filter/></defs></svg>", "defines a <filter>"),
    ],
)
def test_a_damaged_file_is_told_and_not_raised(shown, told):
    (found,) = differences(shown, drawn(drawings.curves))
    assert re.search(f"the file is no figure of ours: .*{told}", found)


def test_a_damaged_drawing_is_raised():
    with pytest.raises(FigureError, match="not XML"):
        differences(drawn(drawings.curves), "")


@given(st.integers(0, 1_000_000))
def test_a_truncated_file_is_told(cut):
    svg = drawn(drawings.points)
    shown = svg[: cut % (len(svg.rstrip()) - 1)]
    assert differences(shown, svg) != []


@given(st.integers(0, 1_000_000), st.sampled_from("0x<>&\"' Z"))
def test_no_damage_of_a_character_is_raised(at, character):
    svg = drawn(drawings.bars)
    at %= len(svg)
    found = differences(svg[:at] + character + svg[at + 1 :], svg)
    assert all(isinstance(one, str) for one in found)
