"""The palettes: legible on their paper, and told apart by every kind of eye."""

from __future__ import annotations

from itertools import combinations, pairwise

import matplotlib
import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.colors import to_hex, to_rgb

from pagecheck.house import (
    COLOURS,
    CYCLE,
    GRID,
    HOUSE_STYLE,
    INK,
    LEVELS,
    MUTED,
    PAPER,
    FigureError,
    register_house,
    stylesheet,
    variable,
)

SCHEMES = ("light", "dark")

# How linear RGB looks without one kind of cone (Machado, Oliveira and Fernandes 2009,
# severity 1), and with all of them.
EYES = {
    "all cones": np.eye(3),
    "no red cones": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no green cones": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "no blue cones": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
# From linear RGB to the cones of OKLab, and from their cube roots to OKLab itself.
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(colour):
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """The contrast ratio of WCAG 2."""
    luminances = [linear(colour) @ [0.2126, 0.7152, 0.0722] for colour in (one, other)]
    return (max(luminances) + 0.05) / (min(luminances) + 0.05)


def oklab(colour, eyes):
    seen = np.clip(np.array(EYES[eyes]) @ linear(colour), 0, 1)
    return TO_OKLAB @ np.cbrt(TO_CONES @ seen)


def shade(colour, scheme):
    return getattr(colour, scheme)


def test_the_contrast_of_black_and_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("colour", [INK, MUTED, *CYCLE], ids=lambda one: one.variable)
def test_ink_and_cycle_are_legible_even_as_text(colour, scheme):
    assert contrast(shade(colour, scheme), shade(PAPER, scheme)) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_grid_is_seen_and_does_not_compete(scheme):
    assert 1.3 <= contrast(shade(GRID, scheme), shade(PAPER, scheme)) <= 2


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("level", LEVELS, ids=lambda one: one.variable)
def test_ink_is_legible_on_every_level_of_the_map(level, scheme):
    assert contrast(shade(INK, scheme), shade(level, scheme)) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("eyes", EYES)
def test_the_cycle_is_told_apart_without_one_kind_of_cone(eyes, scheme):
    seen = [oklab(shade(one, scheme), eyes) for one in (*CYCLE, INK)]
    distances = [np.linalg.norm(a - b) for a, b in combinations(seen, 2)]
    assert min(distances) >= 0.07  # 0.02 is just noticeable


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("eyes", EYES)
def test_neighbouring_levels_of_the_map_are_told_apart(eyes, scheme):
    seen = [oklab(shade(one, scheme), eyes) for one in LEVELS]
    distances = [np.linalg.norm(a - b) for a, b in pairwise(seen)]
    assert min(distances) >= 0.03


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_map_grows_fainter_towards_the_border_of_the_classes(scheme):
    ratios = [contrast(shade(one, scheme), shade(PAPER, scheme)) for one in LEVELS]
    assert ratios[:5] == sorted(ratios[:5], reverse=True)
    assert ratios[5:] == sorted(ratios[5:])


def test_no_two_colours_are_said_alike():
    assert len(COLOURS) == 4 + 7 + 10
    assert len({one.variable for one in COLOURS.values()}) == len(COLOURS)


def test_the_style_sheet_gives_each_variable_a_light_and_a_dark_value():
    light, dark = stylesheet().split("@media")
    for colour in COLOURS.values():
        assert f"--{colour.variable}:{colour.light}" in light
        assert f"--{colour.variable}:{colour.dark}" in dark


def test_matplotlib_takes_the_whole_style():
    with matplotlib.rc_context():
        matplotlib.rcParams.update(HOUSE_STYLE)
        assert matplotlib.rcParams["figure.figsize"] == [6.4, 4.0]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("black", INK), ("gray", MUTED), ("lightgray", GRID), ("white", PAPER)]
    + [(f"C{index}", colour) for index, colour in enumerate(CYCLE)],
)
def test_the_colours_of_page_code_become_variables(name, expected):
    with matplotlib.rc_context():
        matplotlib.rcParams.update(HOUSE_STYLE)
        assert variable(to_hex(name)) == f"var(--{expected.variable})"


def test_the_map_has_ten_levels_that_become_variables():
    register_house()
    register_house()  # a second time changes nothing
    house = colormaps["house"]
    assert house.N == 10
    shown = [variable(to_hex(house(level / 9))) for level in range(10)]
    assert shown == [f"var(--h{level})" for level in range(10)]


def test_a_foreign_colour_is_refused_by_its_name_with_what_is_allowed():
    with pytest.raises(FigureError, match=r'#ff0000 \("red"\).* C0 to C6, "black"'):
        variable("#ff0000")
    with pytest.raises(FigureError, match="the colour #123456 is not"):
        variable("#123456")
