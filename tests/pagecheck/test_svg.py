"""Figures drawn as SVG, their texts translated.

That each mark looks as it did, the site's own figures tell, which are compared anew.
"""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from matplotlib.patheffects import withStroke

from pagecheck import svg_painting
from pagecheck.svg import (
    HOUSE_STYLE,
    FigureError,
    UntranslatedText,
    differences,
    draw,
)

from . import drawings
from .drawings import TEXTS, drawn, drawn_in_chinese, made, new_figure

SVG = "{http://www.w3.org/2000/svg}"

every_figure = pytest.mark.parametrize(
    "make", drawings.ALL, ids=lambda make: make.__name__
)


@pytest.fixture(autouse=True)
def _house_style():
    with matplotlib.rc_context(dict(HOUSE_STYLE)):
        yield


def one_axes(**options):
    figure = new_figure(**options)
    return figure, figure.subplots()


def elements(svg, tag, kind=None):
    found = ElementTree.fromstring(svg).iter(SVG + tag)
    return [each for each in found if kind in (None, each.get("class"))]


def texts(svg):
    return {text.text: text for text in elements(svg, "text")}


def box(path):
    """The left and right end of a path's points."""
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", path.get("d"))]
    return min(numbers[::2]), max(numbers[::2])


def test_a_legend_that_takes_long_on_a_busy_machine_is_drawn(monkeypatch):
    seconds = itertools.count(step=10)
    monkeypatch.setattr("matplotlib.legend.time.perf_counter", lambda: next(seconds))
    assert "sigmoid" in texts(draw(made(drawings.curves)))
    assert next(seconds) > 0


# --- the file


@every_figure
def test_a_file_is_small_and_has_what_a_reader_sees_and_nothing_else(make):
    svg = drawn(make)
    tags = {one.tag.removeprefix(SVG) for one in ElementTree.fromstring(svg).iter()}
    assert tags <= {"svg", "style", "defs", "clipPath", "g", "path", "circle", "text"}
    body = svg.partition("</style>")[2]
    assert not re.search("(?i)#[0-9a-f]{6}|DejaVu", body)
    assert len(svg.encode()) < 40_000


@every_figure
def test_a_figure_drawn_twice_has_the_same_characters(make):
    figure = made(make)
    assert draw(figure) == draw(figure) == drawn(make)


def test_drawing_leaves_no_trace_on_the_figure_or_on_matplotlib():
    figure = made(drawings.network)
    figure.set_dpi(72)

    def state():
        place = figure.axes[0].get_position().get_points().tolist()
        return dict(matplotlib.rcParams), figure.canvas, figure.dpi, place

    before = state()
    draw(figure, TEXTS)
    assert state() == before


def test_another_process_draws_the_same_characters(tmp_path):
    file = tmp_path / "curves.svg"
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.pagecheck.drawings import curves, drawn\n"
        "Path(sys.argv[1]).write_text(drawn(curves), encoding='utf-8')\n"
    )
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONHASHSEED": "7", "MPLBACKEND": "Agg"}
    command = [sys.executable, "-c", code, str(file)]
    subprocess.run(command, check=True, cwd=root, env=environment)
    assert file.read_text(encoding="utf-8") == drawn(drawings.curves)


def test_what_page_code_has_set_by_then_does_not_matter():
    figure = made(drawings.curves)
    figure.set_dpi(72)
    with matplotlib.rc_context({"font.size": 20.0, "text.usetex": True}):
        assert draw(figure) == drawn(drawings.curves)


# --- shapes


def test_areas_are_simplified_without_a_visible_change(monkeypatch):
    simplified = draw(made(drawings.small_multiples))
    monkeypatch.setattr(svg_painting, "_fewer_points", lambda path: path)
    whole = draw(made(drawings.small_multiples))
    assert differences(simplified, whole) == []
    assert len(simplified) < 0.7 * len(whole)


def test_what_is_not_finite_leaves_a_gap():
    figure, axes = one_axes()
    axes.grid(visible=False)
    axes.plot([0, 1, np.nan, 2, 3], [0, 1, 0, 1, np.inf], "o-")
    svg = draw(figure)
    assert not re.search("nan|inf", svg)
    assert len(elements(svg, "circle")) == 3


def test_alpha_becomes_opacity_and_what_is_transparent_is_left_out():
    figure, axes = one_axes()
    axes.fill_between([0, 1], [0, 1], color="C3", alpha=0.25, linewidth=0)
    axes.axvline(0.5, color="C4", alpha=0)
    svg = draw(figure)
    (area,) = [one for one in elements(svg, "path") if one.get("fill") == "var(--c3)"]
    assert area.get("fill-opacity") == "0.25"
    assert area.get("stroke") is None
    assert 'stroke="var(--c4)"' not in svg


# --- texts


@every_figure
def test_every_text_is_a_text(make):
    figure = made(make)
    words = {
        line
        for text in figure.findobj(matplotlib.text.Text)
        if re.search("^[^$]*[a-z]{3}", text.get_text())
        for line in text.get_text().split("\n")
    }
    assert words <= {*texts(draw(figure))}


@pytest.mark.parametrize(
    ("angle", "alignment", "anchor"),
    [
        (90, {"va": "bottom"}, None),
        (90, {"va": "center"}, "middle"),
        (90, {"va": "top"}, "end"),
        (270, {"va": "top"}, None),
        (90, {"ha": "right", "rotation_mode": "anchor"}, "end"),
        (45, {"ha": "right"}, "end"),
        (0, {"ha": "left"}, None),
    ],
)
def test_a_turned_text_is_anchored_along_its_own_line(angle, alignment, anchor):
    figure, axes = one_axes()
    axes.text(0.5, 0.5, "word", rotation=angle, **alignment)
    assert texts(draw(figure))["word"].get("text-anchor") == anchor


def test_logarithmic_ticks_are_unicode():
    assert {"10⁰", "10¹", "10⁻¹"} <= {*texts(drawn(drawings.logarithmic))}


def test_markup_weight_style_and_monospace_of_texts_are_kept():
    figure, axes = one_axes()
    axes.set_title("a < b & c", fontweight="bold")
    axes.text(0.1, 0.3, "slanted", fontstyle="italic")
    axes.text(0.1, 0.1, "code", family="monospace")
    shown = texts(draw(figure))
    assert shown["a < b & c"].get("font-weight") == "700"
    assert shown["slanted"].get("font-style") == "italic"
    assert shown["code"].get("font-family").endswith("monospace")


# --- what is refused


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda axes: axes.plot([0, 1], color="red"), r'#ff0000 \("red"\)'),
        (lambda axes: axes.set_title("t", color="#123456"), "#123456"),
        (lambda axes: axes.scatter([0], [0], c=[1], cmap="hot"), "not in the palette"),
        (lambda axes: axes.imshow(np.eye(3)), "raster"),
        (lambda axes: axes.set_title("$x^2$"), r"mathematics .*'\$x\^2\$'"),
        (lambda axes: axes.set_title("x", usetex=True), "TeX"),
        (lambda axes: axes.set_title("\ue000"), r"Glyph 57344 .* missing"),
        (lambda axes: axes.bar([0], [1], hatch="/"), "hatch"),
        (lambda axes: axes.plot([0, 1], sketch_params=(1, 2, 3)), "sketch"),
        (
            lambda axes: axes.plot([0, 1], path_effects=[withStroke(linewidth=3)]),
            "path effects on a Line2D",
        ),
        (
            lambda axes: axes.pcolormesh(np.eye(3), shading="gouraud", cmap="house"),
            "gouraud",
        ),
        (lambda axes: axes.figure.clear(), "shows nothing"),
    ],
)
def test_what_does_not_belong_on_a_page_is_refused(change, told):
    figure, axes = one_axes()
    change(axes)
    with pytest.raises(FigureError, match=told):
        draw(figure)


# --- translated texts


@every_figure
def test_every_text_is_translated_and_only_texts_and_their_places_differ(make):
    english, chinese = drawn(make), drawn_in_chinese(make)
    assert not re.search(r"weight|data|loss|class \d|slope", "".join(texts(chinese)))
    marks = [[one.tag for one in ElementTree.fromstring(svg).iter()]
             for svg in (english, chinese)]  # fmt: skip
    assert marks[0] == marks[1]


def test_a_frame_fits_the_text_that_it_is_drawn_around():
    def frame(svg):
        boxes = (
            one for one in elements(svg, "g", "text") if one[0].tag == SVG + "path"
        )
        left, right = box(next(boxes)[0])
        return right - left

    chinese, english = drawn_in_chinese(drawings.network), drawn(drawings.network)
    assert frame(chinese) < 0.75 * frame(english)


def test_a_legend_fits_a_wider_translation():
    wide = "双曲正切函数（取值从−1到1）"
    svg = draw(made(drawings.curves), {**TEXTS, "tanh": wide})
    (legend,) = elements(svg, "g", "legend")
    squares = sum(ord(one) > 0x2E80 for one in wide)
    left = float(texts(svg)[wide].get("x"))
    assert left + squares * 13.89 < box(legend[0])[1] < 640


def test_an_untranslated_text_is_refused_by_name():
    table = {text: called for text, called in TEXTS.items() if text != "sigmoid"}
    with pytest.raises(UntranslatedText, match="'sigmoid'"):
        draw(made(drawings.curves), table)
