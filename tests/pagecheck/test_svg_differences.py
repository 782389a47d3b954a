"""Two figures told apart: texts exactly, places to a quarter of a pixel."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagecheck.svg import differences, draw
from pagecheck.svg_differences import leave

from . import drawings
from .drawings import drawn, drawn_in_chinese, made, new_figure


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
        axes.set_ylim(0, 2)
        axes.legend(loc="upper left")
        change(axes)
        return figure

    return draw(made(make))


def bump(x):
    return 0.6 + 0.2 * np.sin(7 * x)


PLOT = cache(lambda: plot(bump))


def one_path(data, **attributes):
    """The smallest SVG with a path."""
    painted = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return f'<svg>\n<path d="{data}" {painted}/>\n</svg>'


def line(points):
    first, *others = (f"{x:.6f} {y:.6f}" for x, y in points)
    return one_path(f"M{first}L{' '.join(others)}")


# --- what is the same


@pytest.mark.parametrize("size", [1e-12, 1e-7, 1e-6])
def test_noise_in_the_last_bits_of_data_is_not_seen(size):
    noise = size * np.random.default_rng(0).standard_normal(400)
    assert differences(PLOT(), plot(lambda x: bump(x) * (1 + noise))) == []


def test_a_place_may_be_off_by_a_quarter_of_a_pixel_and_no_more():
    svg = '<svg>\n<text x="{}" y="7" transform="rotate(30 {} 7)">5</text>\n</svg>'
    assert differences(svg.format(10, 10), svg.format(10.25, 10.25)) == []
    (found,) = differences(svg.format(10, 10), svg.format(10.3, 10.3))
    assert found.startswith("line 2: off by 0.30 px: <text x=")


points = st.lists(
    st.tuples(st.integers(0, 640), st.integers(0, 400)), min_size=2, max_size=8
)


@given(points, st.lists(st.floats(0.01, 0.99), min_size=1, max_size=5))
def test_points_added_on_a_line_change_nothing(points, shares):
    more = [
        (x + share * (u - x), y + share * (v - y))
        for (x, y), (u, v) in pairwise(points)
        for share in (0, *sorted(shares))
    ]
    assert differences(line(points), line([*more, points[-1]])) == []


# --- what is seen


def test_a_shift_of_a_hundredth_is_seen_with_its_line_and_size():
    (found,) = differences(PLOT(), plot(lambda x: bump(x) + 0.01))
    assert re.match(r'line \d+: off by [12]\.\d\d px: <path d="M', found)


@given(points, st.floats(0, 2 * np.pi), st.floats(0.5, 50))
def test_a_moved_line_is_seen_whatever_its_form(points, turn, distance):
    step = distance * np.cos(turn), distance * np.sin(turn)
    moved = [(x + step[0], y + step[1]) for x, y in points]
    assert differences(line(points), line(moved)) != [] or len({*points}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("M0 100L600 100", "M0 100L300 100 301 90 302 100 600 100"),
        ("M0 0L600 0", "M0 0L299 0M301 0L600 0"),
        ("M0 0L9 0 9 9 0 9ZM2 2L2 7 7 7 7 2Z", "M0 0L9 0 9 9 0 9ZM2 2L7 2 7 7 2 7Z"),
        ("M0 0L9 0 9 9Z", "M0 0L9 0 9 9"),
        ("M0 0L9 0 9 9", "M0 0Q9 0 9 9"),
        ("M0 0L9 0 9 9", "M0 0L9 0 9 9 A1 1 0 0 0 3 3"),
        ("M0 0L90 0", "M0 0L90 0 99999 0 90 0"),
        ("M0 0L9 0", "M0 0"),
    ],
)
def test_lines_of_another_course_are_told_both_ways(one, other):
    assert differences(one_path(one), one_path(other))
    assert differences(one_path(other), one_path(one))


@pytest.mark.parametrize(
    ("name", "value", "other"),
    [
        ("stroke-width", "1.8", "1.9"),
        ("opacity", "0.9", "0.8"),
        ("r", "3", "3.1"),
        ("font-size", "10", "10.1"),
        ("stroke-dasharray", "5 2", "5 2.1"),
        ("transform", "rotate(30 1 1)", "rotate(30.1 1 1)"),
        ("transform", "scale(1)", "scale(0.9)"),
        ("transform", "matrix(1 0 0 1 0 0)", "matrix(0.9 0 0 1 0 0)"),
        ("viewBox", "0 0 640 400", "0 0 640 400.1"),
        ("stroke", "#101010", "#101011"),
        ("id", "c1.1", "c1.2"),
        ("x", "1", "1e9"),
        ("x", "1", "١"),
    ],
)
def test_only_places_are_compared_by_their_size(name, value, other):
    one, another = (one_path("M0 0L1 1", **{name: each}) for each in (value, other))
    assert differences(one, another)


def test_a_number_in_a_text_is_no_place():
    svg = "<svg>\n<text>{}</text>\n</svg>"
    for one, other in (("0.1", "0.2"), (' x="1"', ' x="1.1"')):
        assert differences(svg.format(one), svg.format(other))


HIDDEN = ('transform="scale(0)"', 'display="none"', 'visibility="hidden"',
          'style="display:none"', 'opacity="0"', 'clip-path="url(#none)"')  # fmt: skip


@pytest.mark.parametrize("tag", ["svg", "clipPath", "path", "g", "text", "circle"])
def test_whatever_hides_something_is_seen(tag):
    for attribute in HIDDEN:
        shown = PLOT().replace(f"<{tag} ", f"<{tag} {attribute} ", 1)
        assert differences(shown, PLOT()), attribute


CHANGES = {
    "a line less": lambda axes: axes.lines[0].remove(),
    "a line more": lambda axes: axes.plot([0, 1], [1, 0]),
    "a colour": lambda axes: axes.lines[0].set_color("C3"),
    "a width": lambda axes: axes.lines[0].set_linewidth(1.9),
    "dashes": lambda axes: axes.lines[0].set_linestyle("--"),
    "opacity": lambda axes: axes.lines[0].set_alpha(0.9),
    "a point": lambda axes: axes.collections[0].set_offsets([[0.2, 0.8], [0.41, 0.7]]),
    "sizes": lambda axes: axes.collections[0].set_sizes([40]),
    "points' colour": lambda axes: axes.collections[0].set_color("C3"),
    "an entry": lambda axes: axes.legend(["curve", "parable"], loc="upper left"),
    "no legend": lambda axes: axes.get_legend().remove(),
    "a place of the legend": lambda axes: axes.legend(loc="upper center"),
    "a limit of x": lambda axes: axes.set_xlim(-0.01, 1),
    "a limit of y": lambda axes: axes.set_ylim(0.005, 2),
    "a scale": lambda axes: axes.set_yscale("symlog"),
    "ticks": lambda axes: axes.set_xticks([0, 0.5, 1]),
    "ticks' texts": lambda axes: axes.set_xticks([0, 0.5, 1], list("abc")),
    "a title": lambda axes: axes.set_title("Title"),
    "no grid": lambda axes: axes.grid(visible=False),
    "no axes": lambda axes: axes.set_axis_off(),
    "the order": lambda axes: axes.collections[0].set_zorder(2.5),
    "the size": lambda axes: axes.figure.set_size_inches(6.4, 4.01),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_a_reader_sees_is_told(name):
    assert 1 <= len(differences(PLOT(), plot(bump, CHANGES[name]))) <= 4


def moved(element):
    """The element a pixel to the right."""
    shift = re.compile("[0-9.]+(?= )")
    element.set("d", shift.sub(lambda x: str(float(x[0]) + 1), element.get("d", "")))
    for name in {"x", "cx"} & {*element.attrib}:
        element.set(name, str(float(element.get(name)) + 1))


def recoloured(element):
    """The element in the colour of another series."""
    element.attrib |= {"stroke": "var(--c3)", "fill": "var(--c3)"}


@pytest.mark.parametrize("make", [drawings.surface, drawings.network, drawings.bars])
@pytest.mark.parametrize("harm", [moved, recoloured, ElementTree.Element.clear])
def test_each_mark_counts(make, harm):
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    for index, mark in enumerate(ElementTree.fromstring(drawn(make)).iter()):
        if mark.tag.rpartition("}")[2] in ("path", "circle", "text"):
            root = ElementTree.fromstring(drawn(make))
            harm([*root.iter()][index])
            harmed = ElementTree.tostring(root, encoding="unicode") + "\n"
            assert differences(harmed, drawn(make)), (index, mark.attrib)


def test_another_palette_or_language_is_told():
    svg = drawn(drawings.curves)
    (found,) = differences(svg.replace("--c0:#2", "--c0:#3", 1), svg)
    assert "--c0:#3" in found
    assert differences(svg, drawn_in_chinese(drawings.curves))


# --- what is damaged


@pytest.mark.parametrize("shown", ["", "no figure", "<html/>", "<svg/>", "\0"])
def test_a_file_that_is_no_figure_is_told(shown):
    assert differences(shown, drawn(drawings.curves))


@given(st.integers(0, 1_000_000))
def test_a_truncated_file_is_told(cut):
    svg = drawn(drawings.logarithmic)
    assert differences(svg[: cut % len(svg)], svg)


@given(st.integers(0, 1_000_000), st.sampled_from("0x<>&\"' Z"))
def test_no_damage_of_a_character_is_raised(at, character):
    svg = drawn(drawings.bars)
    at %= len(svg)
    found = differences(svg[:at] + character + svg[at + 1 :], svg)
    assert all(isinstance(one, str) for one in found)


def test_two_figures_are_left_to_be_looked_at(tmp_path):
    sheet = leave("<svg>1</svg>", "<svg>2</svg>", "en-page-loss", tmp_path / "new")
    shown, drawn = re.findall(
        r'<div><img src="(.*?)"><img src="(.*?)">', sheet.read_text()
    )[0]
    assert (sheet.parent / shown).read_text() == "<svg>1</svg>"
    assert (sheet.parent / drawn).read_text() == "<svg>2</svg>"
