"""An expression whose value depends on nothing that the page's code has made."""

import random

import numpy as np
import torch

from pagecheck.vacuous import vacuity

NAMES = {
    **{"n": 3, "x": 0.5, "losses": [0.9, 0.5, 0.1], "same": [0.2, 0.2], "word": "loss"},
    **{"table": {"a": 1, "b": 2}, "mask": torch.tensor([True, False])},
    "W": torch.tensor([[1.0, -2.0], [3.0, 4.0]], requires_grad=True),
    "curves": {"a": [0.9, 0.1], "b": [0.9, 0.1]},
    "label": torch.tensor(0),
    "counts": np.array([3, 0, 2]),
    "network": torch.nn.Linear(2, 1),
    **{"relu": torch.relu, "torch": torch, "F": torch.nn.functional},
    "f": eval("lambda x: 2 * x", {"__name__": "__main__"}),
}


def why(expression, **more):
    names = {**NAMES, **more}
    value = eval(expression, dict(names))
    value = value.item() if hasattr(value, "item") else value
    return vacuity(expression, value, names, ())


def test_a_value_that_depends_on_the_page_is_none():
    for expression in [
        *("n", "x", "x + 1", "n // 2", "2 * n - n", "len(losses)", "min(losses)"),
        *("losses[0]", "losses.index(min(losses))", "sum(l < 0.2 for l in losses)"),
        *("len(table)", "table['b']", "len(word)", "len(set(same)) == 1"),
        *("W.sum()", "W[0, 1]", "W.shape[0]", "W.dim()", "W.numel()", "(W == 0).sum()"),
        *("W.argmax()", "(W.abs() < 1000).all()", "torch.isfinite(W).all()"),
        *("W.dtype == torch.float32", "W.grad is None", "W.requires_grad"),
        *("mask.sum()", "int(mask[0])", "counts.max()", "counts.size", "counts[1]"),
        *("network.weight.shape[1]", "f(1)", "torch.sigmoid(W).max()", "relu(W).min()"),
        *("losses[0] > losses[-1]", "all(l >= 0 for l in losses)", "n == 3", "x < 1"),
        *("sorted(losses) == losses[::-1]", "abs(max(curves['a']) - curves['b'][0])"),
        "F.cross_entropy(torch.tensor([1.0, 0.0]), label)",  # few values are labels
        # what a library computes
        *("torch.finfo().bits", "relu(torch.ones(1)).item()", "torch.ones(3).sum()"),
    ]:
        assert why(expression) == "", expression


def test_what_names_nothing_of_the_page_is_vacuous():
    for expression in ["3", "0.25**10", "abs(-3)", "torch.pi", "len([1, 2])"]:
        assert why(expression) == "it names nothing that the page's code has made"


def test_what_no_change_of_the_page_changes_is_vacuous():
    for expression, named in {
        **{"0 * n": "`n` is", "x - x + 3": "`x` is", "len([losses])": "`losses` is"},
        **{"0 * W.sum() + n - n": "`n` and `W` are", "bool(x) or True": "`x` is"},
        **{"1 + 0 * len(losses)": "`losses` is", "0 * label": "`label` is"},
        **{"0 * losses[n - 1]": "`losses` and `n`"},
    }.items():
        said = why(expression)
        assert said.startswith(f"its value stays the same whatever {named}"), expression


def test_functions_and_classes_of_the_project_are_the_page_s_own():
    own = type("Own", (), {"__module__": "tiny_package.deep"})
    assert vacuity("Own.__len__ is None", True, {"Own": own}, ()) != ""
    assert vacuity("Own.__len__ is None", True, {"Own": own}, ["tiny_package"]) == ""


def test_nothing_of_the_page_is_changed_and_long_expressions_are_believed(monkeypatch):
    before = repr([NAMES["losses"], NAMES["W"], NAMES["counts"]])
    assert why("0 * sum(losses) + 0 * W.sum() + 0 * counts.sum()") != ""
    assert repr([NAMES["losses"], NAMES["W"], NAMES["counts"]]) == before
    monkeypatch.setattr("pagecheck.vacuous.SECONDS", -1.0)
    assert why("0 * n") == ""


def test_what_cannot_be_changed_is_believed():
    assert why("0 * generator.random() + 1", generator=random.Random(0)) == ""
    assert why("0 * len(things)", things=[object()]) == ""
    assert why("0 * len(names)", names=np.array(["a"])) == ""
