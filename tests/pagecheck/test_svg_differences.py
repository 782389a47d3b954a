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

from pagecheck.svg_differences import differences, leave

from . import drawings
from .drawings import drawn, drawn_in_chinese


def bump(x):
    return 0.6 + 0.2 * np.sin(7 * x)


def plot(curve=bump, change=lambda axes: None):
    def act(axes):
        x = np.linspace(0, 1, 400)
        axes.plot(x, curve(x), label="curve")
        axes.plot(x, x**2, label="parabola")
        axes.scatter([0.2, 0.4, 0.6], [0.8, 0.7, 0.9], label="points")
        axes.set(xlim=(0, 1), ylim=(0, 2))
        axes.legend(loc="upper left")
        change(axes)

    return drawings.plot(act)


PLOT = cache(plot)


def one_path(data, **attributes):
    """The smallest SVG with a path."""
    painted = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return f'<svg>\n<path d="{data}" {painted}/>\n</svg>'


def line(points):
    first, *others = (f"{x:.6f} {y:.6f}" for x, y in points)
    return one_path(f"M{first}L{' '.join(others)}")


@pytest.mark.parametrize("size", [1e-12, 1e-7, 1e-6])
def test_noise_in_the_last_bits_of_data_is_not_seen(size):
    noise = size * np.random.default_rng(0).standard_normal(400)
    assert differences(PLOT(), plot(lambda x: bump(x) * (1 + noise))) == []


def test_a_place_may_be_off_by_a_quarter_of_a_pixel_and_no_more():
    svg = '<svg>\n<text x="{}" y="7" transform="rotate(30 {} 7)">5</text>\n</svg>'
    assert differences(svg.format(10, 10), svg.format(10.25, 10.25)) == []
    (found,) = differences(svg.format(10, 10), svg.format(10.3, 10.3))
    assert found.startswith("line 2: off by 0.30 px: <text x=")
    (found,) = differences(PLOT(), plot(lambda x: bump(x) + 0.01))
    assert re.match(r'line \d+: off by [12]\.\d\d px: <path d="M', found)


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


@given(points, st.floats(0, 2 * np.pi), st.floats(0.5, 50))
def test_a_moved_line_is_seen_whatever_its_form(points, turn, distance):
    step = distance * np.cos(turn), distance * np.sin(turn)
    moved = [(x + step[0], y + step[1]) for x, y in points]
    assert differences(line(points), line(moved)) != [] or len({*points}) == 1


COURSES = [
    ("M0 100L600 100", "M0 100L300 100 301 90 302 100 600 100"),
    ("M0 0L600 0", "M0 0L299 0M301 0L600 0"),
    ("M0 0L9 0 9 9 0 9ZM2 2L2 7 7 7 7 2Z", "M0 0L9 0 9 9 0 9ZM2 2L7 2 7 7 2 7Z"),
    ("M0 0L9 0 9 9Z", "M0 0L9 0 9 9"),
    ("M0 0L9 0 9 9", "M0 0Q9 0 9 9"),
    ("M0 0L9 0 9 9", "M0 0L9 0 9 9 A1 1 0 0 0 3 3"),
    ("M0 0L90 0", "M0 0L90 0 99999 0 90 0"),
    ("M0 0L9 0", "M0 0"),
]
VALUES = [
    ("stroke-width", "1.8", "1.9"),
    ("opacity", "0.9", "0.8"),
    ("r", "3", "3.1"),
    ("stroke-dasharray", "5 2", "5 2.1"),
    ("transform", "rotate(30 1 1)", "rotate(30.1 1 1)"),
    ("transform", "scale(1)", "scale(0.9)"),
    ("transform", "matrix(1 0 0 1 0 0)", "matrix(0.9 0 0 1 0 0)"),
    ("viewBox", "0 0 640 400", "0 0 640 400.1"),
    ("stroke", "#101010", "#101011"),
    ("id", "c1.1", "c1.2"),
    ("x", "1", "1e9"),
    ("x", "1", "١"),
]


def test_lines_of_another_course_and_values_that_are_no_places_are_seen():
    pairs = [(one_path(one), one_path(other)) for one, other in COURSES]
    pairs += [
        (one_path("M0 0L1 1", **{name: a}), one_path("M0 0L1 1", **{name: b}))
        for name, a, b in VALUES
    ]
    svg = "<svg>\n<text>{}</text>\n</svg>"
    texts = (("0.1", "0.2"), (' x="1"', ' x="1.1"'))
    pairs += [(svg.format(one), svg.format(other)) for one, other in texts]
    for one, other in pairs:
        assert differences(one, other), (one, other)
        assert differences(other, one), (other, one)


HIDDEN = ('transform="scale(0)"', 'display="none"', 'visibility="hidden"',
          'style="display:none"', 'opacity="0"', 'clip-path="url(#none)"')  # fmt: skip


def test_whatever_hides_something_is_seen():
    for tag in ("svg", "clipPath", "path", "g", "text", "circle"):
        for attribute in HIDDEN:
            shown = PLOT().replace(f"<{tag} ", f"<{tag} {attribute} ", 1)
            assert differences(shown, PLOT()), (tag, attribute)


CHANGES = {
    "a line less": lambda axes: axes.lines[0].remove(),
    "a line more": lambda axes: axes.plot([0, 1], [1, 0]),
    "a colour": lambda axes: axes.lines[0].set_color("C3"),
    "a width": lambda axes: axes.lines[0].set_linewidth(1.9),
    "dashes": lambda axes: axes.lines[0].set_linestyle("--"),
    "a point": lambda axes: axes.collections[0].set_offsets([[0.2, 0.8], [0.41, 0.7]]),
    "an entry": lambda axes: axes.legend(["curve", "parable"], loc="upper left"),
    "a limit": lambda axes: axes.set_xlim(-0.01, 1),
    "ticks": lambda axes: axes.set_xticks([0, 0.5, 1]),
    "a title": lambda axes: axes.set_title("Title"),
    "the order": lambda axes: axes.collections[0].set_zorder(2.5),
    "the size": lambda axes: axes.figure.set_size_inches(6.4, 4.01),
}


def test_what_a_reader_sees_is_told():
    for name, change in CHANGES.items():
        assert 1 <= len(differences(PLOT(), plot(change=change))) <= 4, name
    svg = drawn(drawings.curves)
    (found,) = differences(svg.replace("--c0:#2", "--c0:#3", 1), svg)
    assert "--c0:#3" in found
    assert differences(svg, drawn_in_chinese(drawings.curves))


def moved(element):
    """The element a pixel to the right."""
    shift = re.compile("[0-9.]+(?= )")
    element.set("d", shift.sub(lambda x: str(float(x[0]) + 1), element.get("d", "")))
    for name in {"x", "cx"} & {*element.attrib}:
        element.set(name, str(float(element.get(name)) + 1))


@pytest.mark.parametrize("make", [drawings.surface, drawings.network, drawings.bars])
@pytest.mark.parametrize("harm", [moved, ElementTree.Element.clear])
def test_each_mark_counts(make, harm):
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    for index, mark in enumerate(ElementTree.fromstring(drawn(make)).iter()):
        if mark.tag.rpartition("}")[2] in ("path", "circle", "text"):
            root = ElementTree.fromstring(drawn(make))
            harm([*root.iter()][index])
            harmed = ElementTree.tostring(root, encoding="unicode") + "\n"
            assert differences(harmed, drawn(make)), (index, mark.attrib)


@given(st.integers(0, 1_000_000), st.sampled_from("0x<>&\"' Z"))
def test_a_damaged_file_is_told_and_nothing_raised(at, character):
    svg = drawn(drawings.bars)
    at %= len(svg)
    found = differences(svg[:at] + character + svg[at + 1 :], svg)
    assert all(isinstance(one, str) for one in found)
    assert differences(svg[:at], svg)
    for shown in ("", "<html/>", "\0"):
        assert differences(shown, svg)


def test_two_figures_are_left_to_be_looked_at(tmp_path):
    sheet = leave("<svg>1</svg>", "<svg>2</svg>", "en-page-loss", tmp_path / "new")
    (pair,) = re.findall(r'<div><img src="(.*?)"><img src="(.*?)">', sheet.read_text())
    left = [(sheet.parent / name).read_text() for name in pair]
    assert left == ["<svg>1</svg>", "<svg>2</svg>"]
