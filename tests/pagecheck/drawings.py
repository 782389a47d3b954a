"""Figures as pages draw them, for the tests of their SVG."""

from __future__ import annotations

from functools import cache

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from pagecheck.svg import HOUSE_STYLE, draw, register_house

register_house()


def new_figure(**options):
    return Figure(layout="constrained", **options)


def curves():
    figure = new_figure()
    axes = figure.subplots()
    x = np.linspace(-6, 6, 1500)
    axes.plot(x, 1 / (1 + np.exp(-x)), label="sigmoid")
    axes.plot(x, np.tanh(x), label="tanh", linestyle="--")
    axes.set_xlabel("x")
    axes.set_ylabel("output")
    axes.set_title("Two activations")
    axes.legend()
    return figure


def surface():
    figure = new_figure(figsize=(5.4, 4.0))
    axes = figure.subplots()
    grid = np.linspace(-0.5, 1.5, 60)
    x, y = np.meshgrid(grid, grid)
    z = 1 / (1 + np.exp(-8 * (x - y) * (x + y - 1)))
    tiles = axes.contourf(x, y, z, levels=np.linspace(0, 1, 11), cmap="house")
    axes.contour(x, y, z, levels=[0.5], colors="black")
    figure.colorbar(tiles, label="predicted probability")
    axes.scatter([0, 1], [0, 1], color="C0", edgecolors="white", label="class 0")
    axes.legend()
    return figure


def small_multiples():
    figure = new_figure(figsize=(7.2, 4.0))
    x = np.linspace(-5, 5, 400)
    grid = figure.subplots(2, 4, sharex=True).flat
    for index, axes in enumerate(grid):
        if index == 7:
            axes.set_axis_off()
            continue
        axes.plot(x, np.tanh(x * (index + 1) / 3), color=f"C{index}")
        axes.fill_between(
            x, 0, np.tanh(x), where=x > 2, color=f"C{index}", alpha=0.2, linewidth=0
        )
        axes.set_title(f"slope {index}")
    return figure


def logarithmic():
    figure = new_figure()
    axes = figure.subplots()
    steps = np.arange(1, 2001)
    axes.plot(steps, 3 * np.exp(-steps / 300) + 1e-3, label="loss")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("step")
    axes.legend()
    return figure


def bars():
    figure = new_figure()
    axes = figure.subplots()
    colours = ["C0", "C1", "C2"]
    drawn = axes.bar(["ReLU", "tanh", "leaky\nReLU"], [0.9, 0.8, 0.7], color=colours)
    axes.bar_label(drawn, fmt="%.2f")
    axes.tick_params(axis="x", rotation=30)
    axes.axhline(0.95, color="black", linestyle=":")
    return figure


def network():
    figure = new_figure()
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set_aspect("equal")
    layers = [
        [(2 * i, j - (n - 1) / 2) for j in range(n)] for i, n in enumerate((2, 3))
    ]
    for start in layers[0]:
        for end in layers[1]:
            axes.plot(*zip(start, end, strict=True), color="gray", linewidth=1)
    for index, layer in enumerate(layers):
        for place in layer:
            axes.add_patch(
                Circle(place, 0.3, facecolor="white", edgecolor=f"C{index}", zorder=2)
            )
            axes.text(*place, "x₁", ha="center", va="center", zorder=3)
    axes.text(0, -1.6, "6 weights\n3 biases", ha="center")
    axes.annotate(
        "backward pass",
        (0, 1.2),
        xytext=(2.4, 1.2),
        va="center",
        arrowprops={"arrowstyle": "-|>", "color": "C1"},
        bbox={"boxstyle": "round", "facecolor": "white", "edgecolor": "C1"},
    )
    return figure


ALL = [curves, surface, small_multiples, logarithmic, bars, network]

TEXTS = {
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "ReLU": "ReLU",
    "leaky": "leaky",
    "output": "输出",
    "Two activations": "两个激活函数",
    "predicted probability": "预测概率",
    "class {}": "类别{}",
    "slope {}": "斜率{}",
    "loss": "损失",
    "step": "步",
    "{} weights": "{}个权重",
    "{} biases": "{}个偏置",
    "backward pass": "反向传播",
}


def made(make):
    """A figure, made while the house style is active."""
    with matplotlib.rc_context(dict(HOUSE_STYLE)):
        return make()


@cache
def drawn(make):
    return draw(made(make))


@cache
def drawn_in_chinese(make):
    return draw(made(make), TEXTS)
