"""Whether the value of an expression says something of the page's code.

It does not where the expression names nothing that the code has made, or where its
value stays as it is whatever is put in place of what it names: ``0 * n``, ``x - x``,
``len([a])``. Each name's data is replaced by changed copies, and the expression is
evaluated anew. What cannot be copied and changed (a function, a network) is believed.
"""

from __future__ import annotations

import ast
import math
import time
import types
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

# The most seconds of processor time that evaluating an expression anew may take; what
# takes longer is believed.
SECONDS = 1.0
# What numbers are changed by, ``factor * x + term``: a little, to the other sign, a
# lot, to 0; and to what is no number, for an expression that asks for that.
_CHANGES = (
    *((1.37, 0.91), (1, 1), (-1, -0.53), (7.3, 0)),
    *((1e4, 1e4), (-1e4, -1e4), (0, 0)),
)
_NO_NUMBER = {"isfinite", "isnan", "isinf"}
_COLLECTIONS = (str, dict, list, tuple, set, frozenset, range)
# What an array has besides its numbers; an expression that asks for it is believed.
_BESIDES = {
    *("grad", "grad_fn", "is_leaf", "requires_grad", "data_ptr", "is_contiguous"),
    *("stride", "dtype", "device", "element_size", "itemsize", "nbytes", "flags"),
}


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
    nodes = list(ast.walk(tree))
    named = dict.fromkeys(n.id for n in nodes if isinstance(n, ast.Name))
    made = [n for n in named if n in names and _is_made(names[n], own)]
    if not made:
        calls = [n for node in nodes if isinstance(node, ast.Call) for n in _root(node)]
        if any(name in names for name in calls):  # math.log(2): a library computes it
            return ""
        return "it names nothing that the page's code has made"
    asked = {node.attr for node in nodes if isinstance(node, ast.Attribute)} | {*named}
    if asked & _BESIDES or any(isinstance(n, ast.Is | ast.IsNot) for n in nodes):
        return ""
    changes = [*_CHANGES, (math.nan, 0)] if asked & _NO_NUMBER else _CHANGES
    code, end = compile(tree, "<expression>", "eval"), time.process_time() + SECONDS
    same = False
    for name in made:
        try:
            for changed in _changed(names[name], changes):
                found = _evaluated(code, {**names, name: changed})
                differs = found != value and (found == found or value == value)
                if (found is not None and differs) or time.process_time() > end:
                    return ""
                same |= found is not None
        except Exception:  # it cannot be copied, or not be changed
            return ""
    if not same:
        return ""
    are = "are" if made[1:] else "is"
    some = " and ".join(f"`{name}`" for name in made)
    return f"its value stays the same whatever {some} {are}"


def _root(call: ast.Call) -> Iterator[str]:
    """The name that a call's function is of: ``math`` of ``math.log(2)``."""
    root = call.func
    while isinstance(root, ast.Attribute):
        root = root.value
    if isinstance(root, ast.Name):
        yield root.id


def _is_made(value: object, own: Collection[str]) -> bool:
    """Whether an object is none that a library or Python itself has brought."""
    if isinstance(value, types.FunctionType | types.BuiltinFunctionType | type):
        return str(value.__module__).split(".")[0] in ("__main__", *own)
    return not isinstance(value, types.ModuleType)


def _evaluated(code: types.CodeType, names: dict[str, Any]) -> Any:  # noqa: ANN401
    try:
        found = eval(code, names)
        return found.item() if hasattr(found, "item") else found
    except Exception:  # it does not take what has another shape
        return None


def _changed(value: Any, changes: Collection[tuple[float, float]]) -> Iterator[Any]:  # noqa: ANN401
    """Copies of data with other numbers, then with more, fewer or in another order."""
    for factor, term in changes:
        yield _with(value, factor, term)
    if isinstance(value, _COLLECTIONS) and value:
        items = list(value.items() if isinstance(value, dict) else value)
        for others in (items + items, items[1:], items[::-1]):
            yield _like(value, others)
        if isinstance(value, dict):
            yield from (
                dict(zip(value, each, strict=True)) for each in _apart(value.values())
            )
        else:
            yield from (_like(value, each) for each in _apart(value))
    elif hasattr(value, "dtype"):
        array, first = _with(value, 1, 0), (0,) * len(value.shape)
        yield array[None]
        yield array[None][[0, 0]]
        if first:
            order = list(range(len(array)))
            for places in (order + order, order[1:], order[::-1]):
                yield array[places]
            yield array[..., 1:]
            array[first] = _with(value, 3, 1)[first]
            yield array


def _apart(items: Iterable[Any]) -> Iterator[list[Any]]:
    """Copies of items, each changed otherwise than the others."""
    items = list(items)
    yield [_with(each, 1, index) for index, each in enumerate(items)]
    yield [_with(each, 1 + index / 10, 0) for index, each in enumerate(items)]


def _with(value: Any, factor: float, term: float) -> Any:  # noqa: ANN401
    """A copy of data with other numbers, each about ``factor * x + term``."""
    if isinstance(value, int):  # small, for loops are counted
        factor, term = (max(-97, min(97, each)) for each in (factor, term))
        return type(value)(factor * value + term)
    if isinstance(value, float | complex):
        return factor * value + term
    if isinstance(value, str):
        return f"{value[::-1]}~"
    if isinstance(value, dict):
        return {key: _with(each, factor, term) for key, each in value.items()}
    if isinstance(value, _COLLECTIONS):
        return _like(value, [_with(each, factor, term) for each in value])
    if not hasattr(value, "dtype"):
        raise TypeError
    array = value.detach() if hasattr(value, "detach") else value
    moved = factor * array + term
    return (moved.to if hasattr(moved, "to") else moved.astype)(value.dtype)


def _like(value: Any, items: list[Any]) -> Any:  # noqa: ANN401
    """A collection of the same kind, with other items."""
    if isinstance(value, str | range):
        return "".join(items) if isinstance(value, str) else items
    return getattr(type(value), "_make", type(value))(items)
