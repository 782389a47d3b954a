"""Figures drawn as SVG, and their texts translated."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.patches import Circle
from matplotlib.patheffects import withStroke

from pagecheck import svg_painting
from pagecheck.svg import (
    HOUSE_STYLE,
    FigureError,
    UntranslatedText,
    differences,
    draw,
    translate,
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


def elements(svg, tag):
    return list(ElementTree.fromstring(svg).iter(SVG + tag))


def texts(svg):
    return {text.text: text for text in elements(svg, "text")}


def box(path):
    """The left and right end of a path's points."""
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", path.get("d"))]
    return min(numbers[::2]), max(numbers[::2])


# --- the file


@every_figure
def test_a_file_is_small_and_has_what_a_reader_sees_and_nothing_else(make):
    svg = drawn(make)
    tags = {
        element.tag.removeprefix(SVG) for element in ElementTree.fromstring(svg).iter()
    }
    assert tags <= {"svg", "style", "defs", "clipPath", "g", "path", "circle", "text"}
    assert not re.search(
        "(?i)#[0-9a-f]{6}", svg.replace(svg[: svg.index("</style>")], "")
    )
    assert len(svg.encode()) < 40_000


def test_an_image_of_it_has_a_size():
    root = ElementTree.fromstring(drawn(drawings.curves))
    assert (root.get("width"), root.get("height")) == ("640", "400")
    assert root.get("viewBox") == "0 0 640 400"


@every_figure
def test_a_figure_drawn_twice_has_the_same_characters(make):
    figure = made(make)
    assert draw(figure) == draw(figure) == drawn(make)


def test_drawing_leaves_no_trace_on_the_figure_or_on_matplotlib():
    figure = made(drawings.network)
    before = dict(matplotlib.rcParams), figure.canvas, figure.axes[0].get_position()
    draw(figure, TEXTS)
    after = dict(matplotlib.rcParams), figure.canvas, figure.axes[0].get_position()
    assert before[0] == after[0]
    assert before[1] is after[1]
    assert np.array_equal(before[2].get_points(), after[2].get_points())


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


def test_the_style_that_is_active_when_drawing_does_not_matter():
    figure = made(drawings.curves)
    with matplotlib.rc_context({"font.size": 20.0, "text.usetex": True}):
        assert draw(figure) == drawn(drawings.curves)


# --- shapes


def test_a_curve_of_many_points_is_simplified():
    lines = [
        path
        for path in elements(drawn(drawings.curves), "path")
        if path.get("class") == "line2d"
    ]
    longest = max(lines, key=lambda path: len(path.get("d")))
    assert 20 < len(longest.get("d").split()) < 250


def test_a_straight_line_of_few_points_is_simplified_to_its_ends():
    figure, axes = one_axes()
    axes.grid(visible=False)
    axes.plot(np.linspace(0, 1, 50), np.linspace(0, 1, 50))
    (line,) = [
        path for path in elements(draw(figure), "path") if path.get("class") == "line2d"
    ]
    assert len(line.get("d").split()) == 3


def test_areas_are_simplified_without_a_visible_change(monkeypatch):
    simplified = draw(made(drawings.small_multiples))
    monkeypatch.setattr(svg_painting, "_fewer_points", lambda path: path)
    whole = draw(made(drawings.small_multiples))
    assert differences(simplified, whole) == []
    assert len(simplified) < 0.7 * len(whole)


def test_circles_are_circles():
    figure, axes = one_axes()
    axes.set_aspect("equal")
    axes.set_xlim(0, 4)
    axes.add_patch(Circle((2, 0.5), 0.25, facecolor="white", edgecolor="C2"))
    axes.scatter([1, 3], [0.5, 0.5])
    circles = elements(draw(figure), "circle")
    assert len(circles) == 3
    patch = next(one for one in circles if one.get("fill") == "var(--paper)")
    others = [float(one.get("cx")) for one in circles if one is not patch]
    assert float(patch.get("cx")) == pytest.approx(sum(others) / 2, abs=0.02)


def test_what_is_not_finite_leaves_a_gap():
    figure, axes = one_axes()
    axes.grid(visible=False)
    axes.plot([0, 1, np.nan, 2, 3], [0, 1, 0, 1, np.inf], "o-")
    svg = draw(figure)
    assert "nan" not in svg
    assert "inf" not in svg
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


def test_tiles_overlap_so_that_no_paper_shines_through():
    root = ElementTree.fromstring(drawn(drawings.surface))
    (tiles,) = [
        group
        for group in root.iter(SVG + "g")
        if group.get("class") == "QuadContourSet" and "fill" in group[0].attrib
    ]
    assert len(tiles) == 10
    assert all(tile.get("stroke") == tile.get("fill") for tile in tiles)


def test_a_line_outside_the_axes_is_clipped_to_them():
    figure, axes = one_axes()
    axes.plot([0, 10], [0, 10])
    axes.set_xlim(0, 1)
    svg = draw(figure)
    (line,) = [one for one in elements(svg, "path") if one.get("stroke") == "var(--c0)"]
    (clip,) = elements(svg, "clipPath")
    assert line.get("clip-path") == f"url(#{clip.get('id')})"


# --- texts


@every_figure
def test_every_text_is_a_text(make):
    figure = made(make)
    svg = draw(figure)
    words = {
        line
        for text in figure.findobj(matplotlib.text.Text)
        if re.search("^[^$]*[a-z]{3}", text.get_text())
        for line in text.get_text().split("\n")
    }
    assert words <= {*texts(svg)}
    assert "DejaVu" not in svg.replace("</style>", "")


def test_texts_are_anchored_as_they_are_aligned():
    shown = texts(drawn(drawings.curves))
    assert shown["Two activations"].get("text-anchor") == "middle"
    assert shown["x"].get("text-anchor") == "middle"
    assert shown["1.00"].get("text-anchor") == "end"
    assert shown["sigmoid"].get("text-anchor") is None


def test_a_label_of_the_y_axis_is_turned_about_its_middle():
    figure, axes = one_axes()
    axes.set_ylabel("output")
    svg = draw(figure)
    label = texts(svg)["output"]
    assert label.get("text-anchor") == "middle"
    assert label.get("transform") == f"rotate(-90 {label.get('x')} {label.get('y')})"
    spine = min(
        (one for one in elements(svg, "path") if one.get("class") == "patch"),
        key=lambda one: box(one)[1],
    )
    ends = [float(one) for one in re.findall(r"[\d.]+", spine.get("d"))][1::2]
    assert float(label.get("y")) == pytest.approx(sum(ends) / 2, abs=0.02)


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


def test_each_line_of_a_text_is_anchored_as_the_whole():
    shown = texts(drawn(drawings.network))
    first, second = shown["6 weights"], shown["3 biases"]
    assert first.get("text-anchor") == second.get("text-anchor") == "middle"
    assert first.get("x") == second.get("x")
    assert float(second.get("y")) > float(first.get("y"))


def test_logarithmic_ticks_are_unicode():
    assert {"10⁰", "10¹", "10⁻¹"} <= {*texts(drawn(drawings.logarithmic))}


def test_marks_of_xml_in_a_text_are_escaped():
    figure, axes = one_axes()
    axes.set_title("a < b & c")
    assert "a < b & c" in texts(draw(figure))


def test_font_weight_style_and_monospace_are_kept():
    figure, axes = one_axes()
    axes.text(0.1, 0.5, "heavy", fontweight="bold")
    axes.text(0.1, 0.3, "slanted", fontstyle="italic")
    axes.text(0.1, 0.1, "code", family="monospace")
    shown = texts(draw(figure))
    assert shown["heavy"].get("font-weight") == "700"
    assert shown["slanted"].get("font-style") == "italic"
    assert shown["code"].get("font-family").endswith("monospace")


# --- what is refused


def with_(change):
    figure, axes = one_axes()
    change(axes)
    return figure


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda axes: axes.plot([0, 1], color="red"), r'#ff0000 \("red"\)'),
        (lambda axes: axes.set_title("t", color="#123456"), "#123456"),
        (lambda axes: axes.scatter([0], [0], c=[1], cmap="hot"), "not the house's"),
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
        (
            lambda axes: axes.text(0.9, 0.5, "too far right").set_in_layout(False),
            "'too far right' leaves the figure",
        ),
    ],
)  # fmt: skip
def test_what_does_not_belong_on_a_page_is_refused(change, told):
    with pytest.raises(FigureError, match=told):
        draw(with_(change))


def test_a_figure_without_axes_is_refused():
    with pytest.raises(FigureError, match="shows nothing"):
        draw(new_figure())


# --- translated texts


@every_figure
def test_chinese_texts_stand_where_the_english_ones_stood(make):
    english, chinese = drawn(make), translate(drawn(make), TEXTS)
    for old, new in zip(
        elements(english, "text"), elements(chinese, "text"), strict=True
    ):
        assert old.attrib == new.attrib
    bare = re.compile(">[^<]*</text>")
    assert bare.sub("", english) == bare.sub("", chinese)
    assert not re.search(r"weight|data|loss|class \d|slope", "".join(texts(chinese)))


@every_figure
def test_texts_translated_as_they_are_drawn_are_the_same(make):
    translated = translate(drawn(make), TEXTS)
    assert [one.text for one in elements(translated, "text")] == [
        one.text for one in elements(drawn_in_chinese(make), "text")
    ]


def test_a_frame_fits_the_text_that_it_is_drawn_around():
    def frame(svg):
        group = next(
            one
            for one in ElementTree.fromstring(svg).iter(SVG + "g")
            if one.get("class") == "text" and len(one.findall(SVG + "path")) == 1
        )
        left, right = box(group[0])
        return right - left

    chinese, english = drawn_in_chinese(drawings.network), drawn(drawings.network)
    assert frame(chinese) < 0.75 * frame(english)


def test_a_legend_fits_a_wider_translation_that_it_is_drawn_with():
    wide = {**TEXTS, "tanh": "双曲正切函数（取值从−1到1）"}
    svg = draw(made(drawings.curves), wide)
    legend = next(
        one
        for one in ElementTree.fromstring(svg).iter(SVG + "g")
        if one.get("class") == "legend"
    )
    text = next(one for one in legend.iter(SVG + "text") if one.text == wide["tanh"])
    squares = sum(ord(one) > 0x2E80 for one in wide["tanh"])
    assert float(text.get("x")) + squares * 13.89 < box(legend[0])[1] < 640


def test_a_translation_too_wide_for_the_legend_is_refused():
    wide = {**TEXTS, "tanh": "双曲正切函数"}
    with pytest.raises(FigureError, match="'双曲正切函数' is wider than 'tanh'"):
        translate(drawn(drawings.curves), wide)


def test_a_translation_that_leaves_the_figure_is_refused():
    wide = {**TEXTS, "Two activations": "两个激活函数" * 9}
    with pytest.raises(FigureError, match="leaves the figure"):
        translate(drawn(drawings.curves), wide)


@pytest.mark.parametrize("missing", ["output", "sigmoid", "Two activations"])
def test_an_untranslated_text_is_refused_by_name(missing):
    table = {text: called for text, called in TEXTS.items() if text != missing}
    with pytest.raises(UntranslatedText, match=repr(missing)):
        translate(drawn(drawings.curves), table)
    with pytest.raises(UntranslatedText, match=repr(missing)):
        draw(made(drawings.curves), table)


SHORT = """<svg xmlns="http://www.w3.org/2000/svg" width="640" height="400">
<text x="320" y="200" text-anchor="middle" font-size="10" fill="var(--ink)">output\
</text></svg>"""


@given(st.text("aé <>&\"'—²损失，（）", min_size=1, max_size=9))
def test_any_translation_is_kept_as_it_is_written(called):
    svg = translate(SHORT, {"output": called})
    assert called in texts(svg)
