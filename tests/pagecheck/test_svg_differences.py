"""Two figures told apart: texts exactly, places to a quarter of a pixel."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagecheck.svg_differences import differences, leave

from .drawings import bars, drawn, drawn_in_chinese, plot


def wave(shift=0.0, noise=0.0):
    def act(axes):
        x = np.linspace(0, 1, 400)
        rough = 1 + noise * np.random.default_rng(0).standard_normal(400)
        axes.plot(x, (0.6 + 0.2 * np.sin(7 * x)) * rough + shift, label="wave")
        axes.scatter([0.2, 0.4, 0.6], [0.8, 0.7, 0.9], label="points")
        axes.set(xlim=(0, 1), ylim=(0, 2))
        axes.legend(loc="upper left")

    return plot(act)


def one_path(data, name="fill", value="none"):
    """The smallest SVG with a path."""
    return f'<svg>\n<path d="{data}" {name}="{value}"/>\n</svg>'


def line(points):
    first, *others = (f"{x:.6f} {y:.6f}" for x, y in points)
    return one_path(f"M{first}L{' '.join(others)}")


def test_a_place_may_be_off_by_a_quarter_of_a_pixel_and_no_more():
    for noise in (1e-12, 1e-7, 1e-6):
        assert differences(wave(), wave(noise=noise)) == [], noise
    (found,) = differences(wave(), wave(0.01))
    assert re.match(r'line \d+: off by [12]\.\d\d px: <path d="M', found)
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
    ("M0 0L9 0 9 9", "M0 0L9 0 9 9 A1 1 0 0 0 3 3"),
    ("M0 0L90 0", "M0 0L90 0 99999 0 90 0"),
    ("M0 0L9 0", "M0 0"),
]
VALUES = [
    ("stroke-width", "1.8", "1.9"),
    ("r", "3", "3.1"),
    ("stroke-dasharray", "5 2", "5 2.1"),
    ("transform", "rotate(30 1 1)", "rotate(30.1 1 1)"),
    ("transform", "scale(1)", "scale(0.9)"),
    ("stroke", "#101010", "#101011"),
    ("id", "c1.1", "c1.2"),
    ("x", "1", "1e9"),
    ("x", "1", "١"),
]
TEXTS = [("0.1", "0.2"), (' x="1"', ' x="1.1"')]


def test_another_course_a_value_that_is_no_place_and_another_text_are_seen():
    pairs = [tuple(map(one_path, each)) for each in COURSES]
    for name, *values in VALUES:
        pairs.append(tuple(one_path("M0 0L1 1", name, value) for value in values))
    pairs += [(f"<text>{one}</text>", f"<text>{other}</text>") for one, other in TEXTS]
    for one, other in pairs:
        assert differences(one, other), (one, other)
        assert differences(other, one), (other, one)


def test_another_palette_or_language_or_something_hidden_is_seen():
    svg = drawn(bars)
    (found,) = differences(svg.replace("--c0:#2", "--c0:#3", 1), svg)
    assert "--c0:#3" in found
    assert 1 <= len(differences(svg, drawn_in_chinese(bars).replace("tanh", "τ"))) <= 4
    for tag in ("svg", "clipPath", "path", "text"):
        hidden = svg.replace(f"<{tag} ", f'<{tag} display="none" ', 1)
        assert differences(hidden, svg), tag


@given(st.integers(0, 1_000_000), st.sampled_from("0x<>&\"' Z"))
def test_a_damaged_file_is_told_and_nothing_raised(at, character):
    svg = drawn(bars)
    at %= len(svg)
    found = differences(svg[:at] + character + svg[at + 1 :], svg)
    assert all(isinstance(one, str) for one in found)
    assert differences(svg[:at], svg)


@pytest.mark.parametrize("shown", ["", "<html/>", "\0"])
def test_two_figures_are_left_to_be_looked_at(tmp_path, shown):
    assert differences(shown, drawn(bars))
    sheet = leave(shown, "<svg>2</svg>", "en-page-loss", tmp_path / "new")
    (pair,) = re.findall(r'<div><img src="(.*?)"><img src="(.*?)">', sheet.read_text())
    left = [(sheet.parent / name).read_text() for name in pair]
    assert left == [shown, "<svg>2</svg>"]
