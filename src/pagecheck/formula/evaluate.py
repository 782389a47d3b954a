r"""Evaluate the terms of a formula in float64, with the names of a page's session.

Python evaluates them; what its signs do to a `Term` is what mathematics' signs mean.
Vectors are columns: `W x` is a matrix product, `u^\top v` a number, `\delta a^\top` a
matrix, `\odot` the elementwise product. The index of a sum counts from 1.
"""

from __future__ import annotations

import ast
import functools
import math
import sys
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from pagecheck.formula.latex import LatexError

Array = npt.NDArray[Any]
# What an expression or a function of a page may raise; an interruption is not its own.
RAISED = (Exception, SystemExit)
STEP = 1e-4  # of a derivative, which is then right to about eleven digits


class UnknownNameError(LatexError):
    """A name that the session does not have."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"the session has nothing called {name}: correct it, name it in the "
            f"directive ({name} := …) or say what it is (… where {name} = …)"
        )


class Place(int):
    """Where an index points, counted from 0 as in code; its number is one more."""


def as_array(value: Any) -> Array:  # noqa: ANN401
    """A value of a page, such as a tensor, as NumPy has it.

    Raises:
        LatexError: When it is no number and no array of numbers.
    """
    if isinstance(value, Place):
        return np.asarray(value + 1.0)
    try:
        value = value.detach() if hasattr(value, "detach") else value
        # NumPy has no bfloat16.
        return np.asarray(value.tolist() if hasattr(value, "tolist") else value, float)
    except (TypeError, ValueError, OverflowError) as error:
        raise LatexError(f"no number: {value!r:.40}") from error


def as_matrix(value: Any) -> Array:  # noqa: ANN401
    """A value as mathematics sees it: a number, or a matrix; a vector is a column."""
    array = as_array(Term(value).value)
    if array.size == 1:
        return array.reshape(())
    return array.reshape(-1, 1) if array.ndim == 1 else array


def as_tensor(value: Any) -> Any:  # noqa: ANN401
    """A number or an array as the page's own functions take it."""
    torch = sys.modules.get("torch")
    return value if torch is None else torch.from_numpy(np.array(value))


class Term(np.lib.mixins.NDArrayOperatorsMixin):
    """A number, a vector, a matrix or a function, as it stands in a formula."""

    def __init__(self, value: Any) -> None:  # noqa: ANN401
        self.value: Any = value.value if isinstance(value, Term) else value

    def __array_ufunc__(self, sign: np.ufunc, _: str, *parts: object) -> Term:
        """What a sign gives."""
        values = [as_matrix(part) for part in parts]
        shapes = [value.shape for value in values]
        if sign is np.divide and all(shapes):
            raise LatexError("a quotient of two vectors or matrices")
        if sign is np.power and shapes[0]:
            raise LatexError("a power of a vector or matrix; write a product")
        if sign is np.matmul and shapes[0] != shapes[1]:
            raise LatexError("an elementwise product of {} and {}".format(*shapes))
        if sign in (np.multiply, np.matmul) and all(shapes):
            sign = np.matmul if sign is np.multiply else np.multiply
        elif sign in (np.add, np.subtract) and len({x[0] for x in shapes if x}) > 1:
            # A column is added to each row of a matrix, where only that fits.
            values = [each.T if each.shape[1] == 1 else each for each in values]
        return Term(sign(*values))

    def __call__(self, *parts: object) -> Term:
        """The value of a function; a product where a factor stands before brackets."""
        if callable(self.value):
            return Term(self.value(*map(as_matrix, parts)))
        (part,) = parts
        return Term(self * part)

    def __getitem__(self, index: Term | tuple[Term, ...]) -> Term:
        """An element."""
        places = [x.value for x in (index if isinstance(index, tuple) else [index])]
        if not all(isinstance(place, int) and place >= 0 for place in places):
            raise LatexError("an index that is no whole number from 1")
        array = as_array(self.value)
        flat = len(places) == 1 in array.shape
        return Term((array.ravel() if flat else array)[tuple(places)])

    def __bool__(self) -> bool:
        if not isinstance(self.value, bool | np.bool):
            raise LatexError("a case without a condition")
        return bool(self.value)

    def _slope(self, at: object) -> Array:
        """The derivative of a function of one number, by central differences."""
        if (x := as_matrix(at)).ndim:
            raise LatexError("a derivative by something else than one number")
        a, b, c, d, e = (as_matrix(self(x + n * STEP)) for n in range(-2, 3))
        slope: Array = (a - 8 * b + 8 * d - e) / (12 * STEP)
        coarse = (d - b) / (2 * STEP)
        jump = (4 * (b - 2 * c + d) - (a - 2 * c + e)) / (2 * STEP)
        if (abs(coarse - slope) + abs(jump) > 1e-5 * (1 + abs(slope))).any():
            raise LatexError("a derivative at a kink")
        return slope

    T = property(lambda self: Term(as_matrix(self).T))
    bar = property(lambda self: Term(as_matrix(self).mean()))
    prime = property(lambda self: Term(self._slope))


def _cases(*rows: tuple[object, object]) -> object:
    """The value of the case whose condition holds; NaN where none does."""
    chosen = [value for value, condition in rows if Term(condition)]
    if len(chosen) > 1:
        raise LatexError("cases that are not disjoint")
    return chosen[0] if chosen else math.nan


def _sum(first: object, last: object, body: Callable[[Term], Any]) -> Any:  # noqa: ANN401
    """The sum of what stands behind a sign of sums."""
    limits = [as_matrix(limit).item() for limit in (first, last)]
    if not all(limit.is_integer() for limit in limits):
        raise LatexError("a sum whose limits are no whole numbers")
    start, stop = map(int, limits)
    return sum((body(Term(Place(n))) for n in range(start - 1, stop)), Term(0.0))


_erf = np.vectorize(math.erf, otypes=[float])
FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{name: getattr(np, name) for name in ("exp", "log", "tanh", "sin", "cos")},
    "ln": np.log,
    "sigma": lambda x: 1 / (1 + np.exp(-x)),
    "max": lambda *xs: functools.reduce(np.maximum, xs),
    "min": lambda *xs: functools.reduce(np.minimum, xs),
    "erf": _erf,
    "softplus": lambda x: np.log1p(np.exp(x)),
}
# Constants and the normal distribution's functions, unless a page has them otherwise.
DEFAULTS: dict[str, Any] = {
    "e": math.e,
    "pi": math.pi,
    "Phi": lambda x: (1 + _erf(np.asarray(x) / math.sqrt(2))) / 2,
    "phi": lambda x: np.exp(-(np.asarray(x) ** 2) / 2) / math.sqrt(2 * math.pi),
}
# What `source` writes that is no name of the formula.
_SCOPE: dict[str, Any] = {
    **{"_over": _sum, "_cases": _cases, "_abs": abs, "_sqrt": np.sqrt},
    "_d": lambda at, function: Term(lambda x: function(Term(x))).prime(at),
    "_matrix": lambda *rows: Term([[as_matrix(x).item() for x in row] for row in rows]),
}


def names_in(tree: ast.AST) -> set[str]:
    """The names in an expression, without the parameters of functions in it."""
    if isinstance(tree, ast.Name):
        return {tree.id}
    names = {name for node in ast.iter_child_nodes(tree) for name in names_in(node)}
    own = tree.args.args if isinstance(tree, ast.Lambda) else []
    return names - {each.arg for each in own}


def evaluate(term: ast.expr, names: Mapping[str, Any]) -> Array:
    """The value of a term, in which names stand for these.

    Raises:
        UnknownNameError: When a name is unknown.
        LatexError: When the term has no value.
    """
    scope = dict(_SCOPE)
    try:
        for name in names_in(term) - {*scope}:
            scope[name] = Term(_held(name, names))
        with np.errstate(all="ignore"):
            code = compile(ast.Expression(term), "<formula>", "eval")
            return as_matrix(eval(code, scope))
    except LatexError:
        raise
    except RAISED as error:  # by the page's own function, or by NumPy
        raise LatexError(f"{type(error).__name__}: {error}") from error


def _held(name: str, names: Mapping[str, Any]) -> Any:  # noqa: ANN401
    held = names.get(name)
    if name in FUNCTIONS and (held is None or callable(held)):
        return FUNCTIONS[name]
    if held is None:
        raise UnknownNameError(name)
    return (lambda *at: held(*map(as_tensor, at))) if callable(held) else held
