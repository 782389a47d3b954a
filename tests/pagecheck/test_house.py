"""The palette: legible on its paper, told apart by every kind of eye; its settings."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.colors import to_hex, to_rgb

from pagecheck.config import ConfigError, load_config
from pagecheck.house import FigureError, House, house, use
from pagecheck.svg import draw, register_house

from .drawings import curves, made

HOUSE = load_config(Path(__file__).parents[2]).figures
COLOURS = {one.variable: one for one in HOUSE.palette.values()}
CYCLE = [COLOURS[f"c{index}"] for index in range(7)]
LEVELS = [COLOURS[f"h{index}"] for index in range(10)]

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

both_schemes = pytest.mark.parametrize("scheme", ["light", "dark"])


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


@both_schemes
def test_ink_and_series_are_legible_even_as_text_and_the_grid_is_a_hint(scheme):
    shades = {name: getattr(one, scheme) for name, one in COLOURS.items()}
    for name in ("ink", "muted", *(f"c{index}" for index in range(7))):
        assert contrast(shades[name], shades["paper"]) >= 4.5, name
    for index in range(10):
        assert contrast(shades["ink"], shades[f"h{index}"]) >= 4.5, index
    assert 1.3 <= contrast(shades["grid"], shades["paper"]) <= 2


@both_schemes
@pytest.mark.parametrize("eyes", EYES)
def test_series_and_levels_are_told_apart_without_one_kind_of_cone(eyes, scheme):
    series, levels = (
        [oklab(getattr(one, scheme), eyes) for one in several]
        for several in ([*CYCLE, COLOURS["ink"]], LEVELS)
    )
    # 0.02 is just noticeable
    assert min(np.linalg.norm(a - b) for a, b in combinations(series, 2)) >= 0.07
    assert min(np.linalg.norm(a - b) for a, b in pairwise(levels)) >= 0.03


@both_schemes
def test_the_map_grows_fainter_towards_the_border_of_the_classes(scheme):
    paper = getattr(COLOURS["paper"], scheme)
    ratios = [contrast(getattr(one, scheme), paper) for one in LEVELS]
    assert ratios[:5] == sorted(ratios[:5], reverse=True)
    assert ratios[5:] == sorted(ratios[5:])


def test_the_colours_of_page_code_become_variables():
    names = {"black": "ink", "gray": "muted", "lightgray": "grid", "white": "paper"}
    names |= {f"C{index}": f"c{index}" for index in range(7)}
    register_house()
    with matplotlib.rc_context(HOUSE.rc):
        for said, variable in names.items():
            assert HOUSE.paint(to_hex(said)) == f"var(--{variable})"
        levels = [HOUSE.paint(to_hex(colormaps["house"](i / 9))) for i in range(10)]
    assert levels == [f"var(--h{level})" for level in range(10)]


def test_a_foreign_colour_is_refused_by_its_name_with_what_is_allowed():
    with pytest.raises(FigureError, match=r'#ff0000 \("red"\).* C0 to C6, "black"'):
        HOUSE.paint("#ff0000")


def test_the_style_sheet_has_both_palettes_or_one_in_the_same_place():
    light, dark = HOUSE.stylesheet().split("@media")
    for colour in COLOURS.values():
        assert f"--{colour.variable}:{colour.light}" in light
        assert f"--{colour.variable}:{colour.dark}" in dark
    svg = draw(made(curves))
    alone = svg.replace(HOUSE.stylesheet(), HOUSE.stylesheet("dark"))
    assert f"--c0:{COLOURS['c0'].dark}" in alone
    assert COLOURS["c0"].light not in alone


def test_without_settings_figures_keep_their_colours():
    before = house()
    use(House())
    try:
        assert 'stroke="#1f77b4"' in draw(matplotlib.rc_context()(curves)())
    finally:
        use(before)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ('figures = "dark"', "figures is a table of palette, style, fonts, monospace"),
        ("[tool.pagecheck.figures]\ncolours = {}", "not {'colours': {}}"),
        ("[tool.pagecheck.figures]\nfonts = 3", "figures.fonts is fonts as CSS"),
        ('[tool.pagecheck.figures]\nfonts = "</style>"', "figures.fonts is fonts as"),
        ("[tool.pagecheck.figures]\nstyle = []", "figures.style is a table, not"),
        (
            '[tool.pagecheck.figures.palette]\nink = "#000000"',
            "palette.ink is '#000000'",
        ),
        ("[tool.pagecheck.figures.palette]\nc0 = [1, 2]", r"palette.c0 is \[1, 2\]"),
        (
            '[tool.pagecheck.figures.palette]\nred = ["#ff0000", "#ff0000"]',
            "palette.red is .*expected ink, muted, grid, paper, c0",
        ),
        (
            '[tool.pagecheck.figures.palette]\nc0 = ["#ff0000", "#ff0000"]\n'
            'c1 = ["#ff0000", "#00ff00"]',
            "the colour #ff0000 twice",
        ),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(tmp_path, settings, told):
    head = '[tool.pagecheck]\npages = { en = "." }\n'
    (tmp_path / "pyproject.toml").write_text(head + settings, encoding="utf-8")
    with pytest.raises(ConfigError, match=told):
        load_config(tmp_path)
