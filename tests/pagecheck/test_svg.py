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
from matplotlib.patches import Circle
from matplotlib.patheffects import withStroke

from pagecheck.house import FigureError

from . import drawings
from .drawings import TEXTS, draw, drawn, drawn_in_chinese, made, plot

SVG = "{http://www.w3.org/2000/svg}"
every_figure = pytest.mark.parametrize("make", drawings.ALL, ids=lambda f: f.__name__)


def elements(svg, tag, fill=None):
    found = ElementTree.fromstring(svg).iter(SVG + tag)
    return [each for each in found if fill in (None, each.get("fill"))]


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


@every_figure
def test_a_file_is_small_and_has_what_a_reader_sees_and_nothing_else(make):
    svg = drawn(make)
    tags = {one.tag.removeprefix(SVG) for one in ElementTree.fromstring(svg).iter()}
    assert tags <= {"svg", "style", "clipPath", "g", "path", "circle", "text"}
    assert not re.search("(?i)#[0-9a-f]{6}|DejaVu", svg.partition("</style>")[2])
    assert len(svg.encode()) < 30_000
    words = {
        line
        for text in made(make).findobj(matplotlib.text.Text)
        if re.search("^[^$]*[a-z]{3}", text.get_text())
        for line in text.get_text().split("\n")
    }
    assert words <= {*texts(svg)}


@every_figure
def test_drawing_gives_the_same_characters_and_leaves_no_trace(make):
    figure = made(make)
    figure.set_dpi(72)

    def state():
        place = figure.axes[0].get_position().get_points().tolist()
        return dict(matplotlib.rcParams), figure.canvas, figure.dpi, place

    before = state()
    draw(figure, TEXTS)
    assert state() == before
    again = drawn(make)
    with matplotlib.rc_context({"font.size": 20.0, "text.usetex": True}):
        assert draw(figure) == again


def test_another_process_draws_the_same_characters():
    code = "from tests.pagecheck.drawings import *; print(ascii(drawn(curves)))"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "MPLBACKEND": "Agg"}
    command, root = [sys.executable, "-c", code], Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True)
    assert done.stdout.decode().rstrip() == ascii(drawn(drawings.curves))


def test_what_is_not_finite_leaves_a_gap():
    svg = plot(lambda a: a.plot([0, 1, np.nan, 2, 3], [0, 1, 0, 1, np.inf], "o-"))
    assert not re.search("nan|inf", svg)
    assert len(elements(svg, "circle")) == 3


def test_alpha_becomes_opacity():
    def act(axes):
        axes.fill_between([0, 1], [0, 1], color="C3", alpha=0.25, linewidth=0)

    (area,) = elements(plot(act), "path", "var(--c3)")
    assert area.get("fill-opacity") == "0.25"
    assert area.get("stroke") is None


def test_a_text_keeps_its_signs_and_is_anchored_along_its_own_line():
    turned = {"slanted": (45, "right"), "upright": (90, "center"), "flat": (0, "left")}

    def act(axes):
        axes.set(xlim=(0, 3), title="a < b & c")
        for at, (word, (rotation, side)) in enumerate(turned.items()):
            axes.text(at + 0.5, 0.5, word, rotation=rotation, ha=side)

    shown = texts(plot(act))
    anchors = [shown[word].get("text-anchor") for word in turned]
    assert anchors == ["end", "middle", None]
    assert "a < b & c" in shown
    assert {"10⁰", "10¹", "10⁻¹"} <= {*texts(drawn(drawings.areas))}


REFUSED = {
    "#ff0000": lambda a: a.plot([0, 1], color="red"),
    "#123456": lambda a: a.set_title("t", color="#123456"),
    "not in the palette": lambda a: a.scatter([0], [0], c=[1], cmap="hot"),
    "a raster": lambda a: a.imshow(np.eye(3)),
    r"mathematics .*'\$x\^2\$'": lambda a: a.set_title("$x^2$"),
    "by TeX": lambda a: a.set_title("x", usetex=True),
    "in bold": lambda a: a.set_title("x", fontweight="bold"),
    "in italics": lambda a: a.set_title("x", fontstyle="italic"),
    "in another font": lambda a: a.set_title("x", family="monospace"),
    r"Glyph 57344 .* missing": lambda a: a.set_title("\ue000"),
    "a hatch": lambda a: a.bar([0], [1], hatch="/"),
    "a sketched": lambda a: a.plot([0, 1], sketch_params=(1, 2, 3)),
    "or a round frame": lambda a: a.plot([0], clip_path=Circle((0, 0), 1)),
    "path effects": lambda a: a.plot([0], path_effects=[withStroke(linewidth=3)]),
    "gouraud": lambda a: a.pcolormesh(np.eye(3), shading="gouraud"),
    "shows nothing": lambda a: a.figure.clear(),
}


def test_what_does_not_belong_on_a_page_is_refused():
    for told, act in REFUSED.items():
        with pytest.raises(FigureError, match=told):
            plot(act)


def test_every_text_is_translated_and_the_same_marks_are_drawn():
    for make in drawings.ALL:
        english, chinese = drawn(make), drawn_in_chinese(make)
        assert not re.search(r"weight|loss|class \d|output", "".join(texts(chinese)))
        assert re.findall(r"<\w+", english) == re.findall(r"<\w+", chinese)


def test_boxes_and_legends_fit_the_translation_that_they_are_drawn_around():
    def width(svg):
        left, right = box(elements(svg, "path", "var(--paper)")[-1])
        return right - left

    chinese, english = drawn_in_chinese(drawings.network), drawn(drawings.network)
    assert width(chinese) < 0.75 * width(english)
    wide = "双曲正切函数（取值从−1到1）"
    svg = draw(made(drawings.curves), {**TEXTS, "tanh": wide})
    squares = sum(ord(one) > 0x2E80 for one in wide)
    (legend,) = elements(svg, "path", "var(--paper)")
    left = float(texts(svg)[wide].get("x"))
    assert left + squares * 13.89 < box(legend)[1] < 640
