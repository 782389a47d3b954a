"""Figures as pages draw them, for the tests of their SVG."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from pagecheck import svg
from pagecheck.config import load_config

HOUSE = load_config(Path(__file__).parents[2]).figures
HOUSE.register()


def draw(figure, texts=None):
    return svg.draw(figure, HOUSE, texts)


def new_axes(**options):
    figure = Figure(layout="constrained", **options)
    return figure, figure.subplots()


def curves():
    figure, axes = new_axes()
    x = np.linspace(-6, 6, 1500)
    axes.plot(x, 1 / (1 + np.exp(-x)), label="sigmoid")
    axes.plot(x, np.tanh(x), label="tanh", linestyle="--")
    axes.set(xlabel="x", ylabel="output", title="Two activations")
    axes.legend()
    return figure


def surface():
    figure, axes = new_axes(figsize=(5.4, 4.0))
    grid = np.linspace(-0.5, 1.5, 60)
    x, y = np.meshgrid(grid, grid)
    z = 1 / (1 + np.exp(-8 * (x - y) * (x + y - 1)))
    tiles = axes.contourf(x, y, z, levels=np.linspace(0, 1, 11))
    axes.contour(x, y, z, levels=[0.5], colors="black")
    figure.colorbar(tiles, label="predicted probability")
    axes.scatter([0, 1], [0, 1], color="C0", edgecolors="white", label="class 0")
    axes.legend()
    return figure


def areas():
    figure, axes = new_axes()
    steps = np.arange(1, 2001)
    axes.plot(steps, loss := 3 * np.exp(-steps / 300) + 1e-3, label="loss")
    axes.fill_between(steps, loss, 2 * loss, alpha=0.2, linewidth=0)
    axes.set(xscale="log", yscale="log", xlabel="step")
    axes.legend()
    return figure


def bars():
    figure, axes = new_axes()
    colours = ["C0", "C1", "C2"]
    drawn = axes.bar(["ReLU", "tanh", "leaky\nReLU"], [0.9, 0.8, 0.7], color=colours)
    axes.bar_label(drawn, fmt="%.2f")
    axes.tick_params(axis="x", rotation=30)
    axes.axhline(0.95, color="black", linestyle=":")
    return figure


def network():
    figure, axes = new_axes()
    axes.set_axis_off()
    axes.set_aspect("equal")
    for layer, count in enumerate((2, 3)):
        for unit in range(count):
            place = (2 * layer, unit - (count - 1) / 2)
            axes.plot([-2, place[0]], [0, place[1]], color="gray", linewidth=1)
            edge = {"facecolor": "white", "edgecolor": f"C{layer}"}
            axes.add_patch(Circle(place, 0.3, zorder=2, **edge))
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


ALL = [curves, surface, areas, bars, network]
TEXTS = {name: name for name in ("sigmoid", "tanh", "ReLU", "leaky")} | {
    "output": "输出",
    "Two activations": "两个激活函数",
    "predicted probability": "预测概率",
    "class {}": "类别{}",
    "loss": "损失",
    "step": "步",
    "{} weights": "{}个权重",
    "{} biases": "{}个偏置",
    "backward pass": "反向传播",
}


def made(make):
    """A figure, made while the house style is active."""
    with matplotlib.rc_context(HOUSE.rc):
        return make()


@cache
def drawn(make):
    return draw(made(make))


@cache
def drawn_in_chinese(make):
    return draw(made(make), TEXTS)


def plot(act, **options):
    """The SVG of axes on which something acts."""

    def make():
        figure, axes = new_axes(**options)
        act(axes)
        return figure

    return draw(made(make))
