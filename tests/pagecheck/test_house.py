"""The palette: legible on its paper, told apart by every kind of eye; its settings."""

from __future__ import annotations

from itertools import combinations, pairwise

import matplotlib
import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.colors import to_hex, to_rgb

from pagecheck.house import FigureError, House
from pagecheck.svg import draw

from .drawings import HOUSE, curves, drawn

SERIES = [f"c{index}" for index in range(7)]
LEVELS = [f"h{index}" for index in range(10)]

# How linear RGB looks without one kind of cone (Machado, Oliveira and Fernandes 2009,
# severity 1), and with all of them.
EYES = {
    "all cones": np.eye(3),
    "no red cones": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                     [-0.003882, -0.048116, 1.051998]],
    "no green cones": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                       [-0.011820, 0.042940, 0.968881]],
    "no blue cones": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                      [0.004733, 0.691367, 0.303900]],
}  # fmt: skip
# From linear RGB to the cones of OKLab, and from their cube roots to OKLab itself.
TO_CONES = np.array([
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
])  # fmt: skip
TO_OKLAB = np.array([
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
])  # fmt: skip

PALETTES = {
    scheme: {name: pair[at] for name, pair in HOUSE.palette.items()}
    for at, scheme in enumerate(("light", "dark"))
}
both = pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)


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


@both
def test_ink_and_series_are_legible_even_as_text_and_the_grid_is_a_hint(palette):
    for name in ("ink", "muted", *SERIES):
        assert contrast(palette[name], palette["paper"]) >= 4.5, name
    for name in LEVELS:
        assert contrast(palette["ink"], palette[name]) >= 4.5, name
    assert 1.3 <= contrast(palette["grid"], palette["paper"]) <= 2


@both
def test_series_and_levels_are_told_apart_without_one_kind_of_cone(palette):
    for eyes in EYES:
        series = [oklab(palette[name], eyes) for name in (*SERIES, "ink")]
        levels = [oklab(palette[name], eyes) for name in LEVELS]
        # 0.02 is just noticeable
        assert min(np.linalg.norm(a - b) for a, b in combinations(series, 2)) >= 0.07
        assert min(np.linalg.norm(a - b) for a, b in pairwise(levels)) >= 0.03


@both
def test_the_map_grows_fainter_towards_the_border_of_the_classes(palette):
    ratios = [contrast(palette[name], palette["paper"]) for name in LEVELS]
    assert ratios[:5] == sorted(ratios[:5], reverse=True)
    assert ratios[5:] == sorted(ratios[5:])


def test_the_colours_of_page_code_become_variables_and_others_are_refused():
    names = {"black": "ink", "gray": "muted", "lightgray": "grid", "white": "paper"}
    names |= {f"C{index}": name for index, name in enumerate(SERIES)}
    with matplotlib.rc_context(HOUSE.rc):
        for said, variable in names.items():
            assert HOUSE.paint(to_hex(said)) == f"var(--{variable})"
        levels = [HOUSE.paint(to_hex(colormaps["house"](i / 9))) for i in range(10)]
    assert levels == [f"var(--{level})" for level in LEVELS]
    with pytest.raises(FigureError, match=r'#ff0000 is not .* C0 to C6, "black"'):
        HOUSE.paint("#ff0000")


def test_the_style_sheet_has_both_palettes():
    light, dark = HOUSE.stylesheet().split("@media")
    for name, colours in HOUSE.palette.items():
        assert f"--{name}:{colours[0]}" in light
        assert f"--{name}:{colours[1]}" in dark
    assert HOUSE.stylesheet() in drawn(curves)


def test_without_settings_figures_keep_their_colours():
    figure = matplotlib.rc_context()(curves)()
    assert 'stroke="#1f77b4"' in draw(figure, House())
