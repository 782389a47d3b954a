"""Whether the value of an expression says something of the page's code.

It does not where the expression names nothing that the code has made, or where its
value stays as it is whatever is put in place of what it names: ``0 * n``, ``x - x``,
``len([a])``. Each name's object is replaced by changed copies, and the expression is
evaluated anew. What cannot be copied and changed (a function, a network) counts as
something that the value depends on.
"""

from __future__ import annotations

import ast
import builtins
import math
import sys
import time
import types
from collections.abc import Collection, Iterator, Mapping
from typing import Any

# The most seconds of processor time that evaluating an expression anew may take; what
# takes longer is believed.
SECONDS = 1.0

# What numbers are changed by, ``factor * x + term``: a little, a lot, to the other
# sign, to 0.
_CHANGES = ((1.37, 0.91), (-1, -0.53), (7.3, 0), (1e4, 1e4), (-1e4, -1e4), (0, 0))

_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, type)
# Expressions of these tell numbers from what is none.
_ASKS_FOR_NAN = {"isfinite", "isnan", "isinf"}
# What an array has besides its numbers; an expression that asks for it is believed.
_BESIDES = {
    *("grad", "grad_fn", "is_leaf", "requires_grad", "data_ptr", "is_contiguous"),
    *("stride", "dtype", "device", "element_size", "itemsize", "nbytes", "flags"),
}


class _NotCopiedError(Exception):
    """An object that is no data."""


def vacuity(
    expression: str, value: float, names: Mapping[str, Any], own: Collection[str]
) -> str:
    """Why an expression's value says nothing of the page's code; empty if it does.

    Args:
        expression: The expression.
        value: Its value: a number or a truth.
        names: The names of the page's code.
        own: The packages whose functions and classes are the page's own as well.
    """
    tree = ast.parse(expression, mode="eval")
    called = [n.id for n in ast.walk(tree) if isinstance(n, ast.Name)]
    named = [n for n in dict.fromkeys(called) if n in names and _is_made(names[n], own)]
    if not named:
        if _calls_library(tree, names):
            return ""
        return "it names nothing that the page's code has made"
    nodes = list(ast.walk(tree))
    asked = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    if asked & _BESIDES or any(isinstance(n, ast.Is | ast.IsNot) for n in nodes):
        return ""
    code = compile(tree, "<expression>", "eval")
    with_nan = bool(_ASKS_FOR_NAN & {*asked, *called})
    end = time.process_time() + SECONDS
    try:
        for name in named:
            for changed, errors_count in _changed(names[name], with_nan):
                try:
                    found = eval(code, {**names, name: changed})
                    found = found.item() if hasattr(found, "item") else found
                    differs = found != value and not (found != found and value != value)
                except Exception:
                    differs = errors_count
                if differs or time.process_time() > end:
                    return ""
    except Exception:  # it cannot be copied, or not be changed
        return ""
    some = " and ".join(f"`{name}`" for name in named)
    are = "is" if len(named) == 1 else "are"
    return f"its value stays the same whatever {some} {are}"


def _calls_library(tree: ast.AST, names: Mapping[str, Any]) -> bool:
    """Whether it is a library that computes the value: ``math.log(2)``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            root: ast.AST = node.func
            while isinstance(root, ast.Attribute):
                root = root.value
            if isinstance(root, ast.Name) and root.id in names:
                return True
    return False


def _is_made(value: object, own: Collection[str]) -> bool:
    """Whether an object is none that a library or Python itself has brought."""
    if isinstance(value, types.ModuleType):
        return False
    if isinstance(value, _FUNCTIONS):
        return str(value.__module__).split(".")[0] in ("__main__", *own)
    return value is not builtins


def _changed(value: Any, with_nan: bool) -> Iterator[tuple[Any, bool]]:  # noqa: ANN401
    """Changed copies of an object, each with whether an error with it counts.

    Other values at first, in the same shape; then other shapes, which an expression
    may well refuse without depending on the values.
    """
    for factor, term in _CHANGES:
        yield _with(value, factor, term), True
    if with_nan:
        yield _with(value, math.nan, 0), True
    yield from ((each, False) for each in _reshaped(value))


def _with(value: Any, factor: float, term: float) -> Any:  # noqa: ANN401
    """A copy of data with other numbers, each about ``factor * x + term``."""
    kind = type(value)
    if kind is bool:
        return not value
    if kind is int:
        return _whole(factor) * value + _whole(term)
    if kind in (float, complex):
        return factor * value + term
    if kind is str:
        return f"{value[::-1]}~"
    if value is None:
        return term
    if isinstance(value, dict):
        return {key: _with(each, factor, term) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return _like(value, [_with(each, factor, term) for each in value])
    if kind is range:
        return range(value.start + 1, value.stop + 2, value.step)
    array = _array(value)
    if array.dtype == _module_of(value).bool:
        return ~array
    if array.dtype in _floats(_module_of(value)):
        return factor * array + term
    return _whole(factor) * array + _whole(term)


def _whole(number: float) -> int:
    """A whole number in place of a factor or a term; small, for loops are counted."""
    if number != number or not number:
        return bool(number)
    return max(-97, min(97, round(number) or 1))


def _reshaped(value: Any) -> Iterator[Any]:  # noqa: ANN401
    """Copies of data with more, fewer, or one other element, or another order."""
    if isinstance(value, str):
        yield from (value + value, value[1:])
    elif isinstance(value, dict | list | tuple | set | frozenset) and value:
        items = list(value.items() if isinstance(value, dict) else value)
        first = _with(items[0], 1.37, 0.91)
        for changed in (items + items, items[1:], items[::-1], [first, *items[1:]]):
            yield _like(value, changed)
    elif isinstance(value, range):
        yield range(value.start, value.stop + value.step, value.step)
    elif not isinstance(value, bool | int | float | complex | None):
        array, module = _array(value), _module_of(value)
        yield array[None]
        yield module.stack([array, array], -1)
        if array.ndim and len(array):
            yield module.concatenate([array, array])
            yield from (array[1:], array[..., 1:])
            yield module.roll(array, 1, 0)
            one = _array(value)
            one[(0,) * one.ndim] = one.reshape(-1)[0] * 3 + 1
            yield one


def _like(value: Any, items: list[Any]) -> Any:  # noqa: ANN401
    """A collection of the same kind, with other items."""
    if hasattr(value, "_make"):
        return value._make(items)
    return type(value)(items)


def _array(value: Any) -> Any:  # noqa: ANN401
    """A copy of a tensor or an array of numbers.

    Raises:
        _NotCopiedError: It is neither.
    """
    module = _module_of(value)
    if module.__name__ == "torch":
        return value.detach().clone()
    array = module.array(value)
    if array.dtype.kind not in "biufc":
        raise _NotCopiedError
    return array


def _module_of(value: object) -> Any:  # noqa: ANN401
    """The library that a tensor or an array is of."""
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    if torch is not None and isinstance(value, torch.Tensor):
        return torch
    if numpy is not None and isinstance(value, numpy.ndarray | numpy.generic):
        return numpy
    raise _NotCopiedError


def _floats(module: Any) -> list[Any]:  # noqa: ANN401
    """The types of numbers that a fraction can be put in place of."""
    names = ("float16", "bfloat16", "float32", "float64", "complex64", "complex128")
    return [getattr(module, name) for name in names if hasattr(module, name)]
