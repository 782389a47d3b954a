"""Whether the value of an expression says something of the page's code.

It does not where the expression names nothing that the code has made, or where its
value stays as it is whatever is put in place of what it names: ``0 * n``, ``x - x``,
``len([a])``. Each name's data is replaced by copies changed at random, and the
expression is evaluated anew. What cannot be copied and changed (a function, a network)
is believed.
"""

from __future__ import annotations

import ast
import math
import time
import types
from collections.abc import Collection, Iterable, Mapping, Sequence
from random import Random
from typing import Any

# The most seconds of processor time that evaluating an expression anew may take; what
# takes longer is believed.
SECONDS = 1.0
_TRIES = 60
# What numbers are changed by, ``factor * x + term``.
_FACTORS, _TERMS = (1, 1.37, -1, 7.3, 0, 1e4, -1e4), (0, 0.91, 1, -0.53, 1e4)
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
        calls = [ast.unparse(n.func) for n in nodes if isinstance(n, ast.Call)]
        if any(call.split(".")[0] in names for call in calls):
            return ""  # math.log(2): a library computes it
        return "it names nothing that the page's code has made"
    asked = {node.attr for node in nodes if isinstance(node, ast.Attribute)} | {*named}
    if asked & _BESIDES or any(isinstance(n, ast.Is | ast.IsNot) for n in nodes):
        return ""
    factors = [*_FACTORS, math.nan] if asked & _NO_NUMBER else _FACTORS
    code, end = compile(tree, "<expression>", "eval"), time.process_time() + SECONDS
    same = False
    for seed in range(_TRIES):
        try:
            changed = {n: _changed(names[n], Random(seed), factors) for n in made}
        except Exception:  # one of them cannot be copied, or not be changed
            return ""
        for name, other in changed.items():
            found = _evaluated(code, {**names, name: other})
            differs = found != value and (found == found or value == value)
            if (found is not None and differs) or time.process_time() > end:
                return ""
            same |= found is not None
    if not same:
        return ""
    are = "are" if made[1:] else "is"
    some = " and ".join(f"`{name}`" for name in made)
    return f"its value stays the same whatever {some} {are}"


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


def _changed(
    value: Any,  # noqa: ANN401
    random: Random,
    factors: Sequence[float],
    terms: Sequence[float] = _TERMS,
) -> Any:  # noqa: ANN401
    """A copy of data with other numbers, and more, fewer or in another order.

    Each number is changed by one of these factors and terms.
    """
    factor, term = random.choice(factors), random.choice(terms)
    if isinstance(value, int):  # small, for loops are counted
        factor, term = (max(-97, min(97, each)) for each in (factor, term))
        return type(value)(factor * value + term)
    if isinstance(value, float | complex):
        return factor * value + term
    if isinstance(value, _COLLECTIONS):
        items = _others(value.items() if isinstance(value, dict) else value, random)
        if isinstance(value, str):
            return f"{''.join(items)}~"
        if random.random() < 0.5:  # all of them alike
            factors, terms = [factor], [term]
        if isinstance(value, dict):
            return {k: _changed(v, random, factors, terms) for k, v in items}
        items = [_changed(each, random, factors, terms) for each in items]
        # A range is no longer one.
        kind = list if isinstance(value, range) else type(value)
        return getattr(kind, "_make", kind)(items)
    if not hasattr(value, "dtype"):
        raise TypeError
    array = value.detach() if hasattr(value, "detach") else value
    moved = factor * array + term
    moved = (moved.to if hasattr(moved, "to") else moved.astype)(value.dtype)
    if not moved.shape:
        return random.choice([moved, moved[None]])
    moved = moved[_others(range(len(moved)), random)]
    if random.random() < 0.5 and math.prod(moved.shape):
        moved[(0,) * len(moved.shape)] = random.choice(terms)
    return random.choice([moved, moved, moved, moved[None], moved[..., 1:]])


def _others(items: Iterable[Any], random: Random) -> list[Any]:
    """As many items, more, fewer, or in another order."""
    items = list(items)
    return random.choice([items, items, items + items, items[1:], items[::-1]])
