r"""Evaluate the terms of a formula in float64, with the names of a page's session.

Vectors are columns, as in mathematics: `W x` is a matrix product, `u^\top v` a number,
`\delta a^\top` a matrix, `\odot` the elementwise product. An index counts from 1.
"""

from __future__ import annotations

import ast
import functools
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from pagecheck.formula.latex import LatexError, plain

Array = npt.NDArray[Any]
# What an expression or a function of a page may raise; an interruption is not its own.
RAISED = (Exception, SystemExit)
MOST_TERMS = 100_000  # of all the sums in a formula, at all points together
STEP = 1e-30  # of a derivative, along the imaginary axis: nothing is subtracted there


class UnknownNameError(LatexError):
    """A name that the session does not have."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"the session has nothing called {name}: correct it, name it in the "
            f"directive ({name} := …) or say what it is (… where {name} = …)"
        )


class Place(int):
    """Where an index points, counted from 0 as in code; its number is one more."""


# -- values ----------------------------------------------------------------------------


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
        array = np.asarray(value.tolist() if hasattr(value, "tolist") else value)
        return array.astype(complex if array.dtype.kind == "c" else np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise LatexError(f"no number: {value!r:.40}") from error


def as_matrix(value: Any) -> Array:  # noqa: ANN401
    """A value as mathematics sees it: a number, or a matrix; a vector is a column."""
    array = as_array(value)
    if array.size == 1:
        return array.reshape(())
    return array.reshape(-1, 1) if array.ndim == 1 else array


def as_tensor(value: Any) -> Any:  # noqa: ANN401
    """A number or an array as the page's own functions take it."""
    torch = sys.modules.get("torch")
    if torch is None or isinstance(value, int):
        return value
    return torch.from_numpy(np.array(value))


# -- operators and functions -----------------------------------------------------------


def _add(left: Array, right: Array) -> Array:
    if left.ndim == right.ndim == 2 and len(left) != len(right):
        # A column is added to each row of a matrix, where only that fits.
        left, right = (x.T if x.shape[1] == 1 else x for x in (left, right))
    return np.asarray(left + right)


def _multiply(left: Array, right: Array) -> Array:
    return left @ right if left.ndim and right.ndim else left * right


def _multiply_elements(left: Array, right: Array) -> Array:
    if left.shape != right.shape:
        raise LatexError(f"an elementwise product of {left.shape} and {right.shape}")
    return left * right


def _divide(left: Array, right: Array) -> Array:
    if left.ndim and right.ndim:
        raise LatexError("a quotient of two vectors or matrices")
    return np.asarray(left / right)


def _power(left: Array, right: Array) -> Array:
    if left.ndim:
        raise LatexError("a power of a vector or matrix; write a product")
    return np.asarray(left**right)


def _slope(function: Callable[[Array], Array], at: Array) -> Array:
    """The derivative of a function of one number, by a step that loses no digit."""
    if at.ndim:
        raise LatexError("a derivative by something else than one number")
    return np.asarray(np.imag(function(at + 1j * STEP)) / STEP)


def _relu(x: Array) -> Array:
    return np.where(x.real > 0, x, 0 * x)


_OPERATORS: dict[type, Callable[..., Any]] = {
    **{ast.Add: _add, ast.Sub: lambda left, right: _add(left, -right)},
    **{ast.Mult: _multiply, ast.MatMult: _multiply_elements},
    **{ast.Div: _divide, ast.Pow: _power},
    **{ast.UAdd: np.positive, ast.USub: np.negative},
    **{ast.Lt: np.less, ast.LtE: np.less_equal, ast.Gt: np.greater},
    **{ast.GtE: np.greater_equal, ast.Eq: np.equal, ast.NotEq: np.not_equal},
}
_erf = np.vectorize(math.erf, otypes=[float])
FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{name: getattr(np, name) for name in ("exp", "log", "tanh", "sin", "cos")},
    "ln": np.log,
    "sigma": lambda x: 1 / (1 + np.exp(-x)),
    "max": lambda *xs: functools.reduce(np.maximum, xs),
    "min": lambda *xs: functools.reduce(np.minimum, xs),
    "erf": _erf,
    "ReLU": _relu,
    "softplus": lambda x: _relu(x) + np.log1p(np.exp(np.where(x.real > 0, -x, x))),
    "_sqrt": np.sqrt,
    "_abs": lambda x: np.where(x.real < 0, -x, x),
    "_top": np.transpose,
    "_bar": np.mean,
}
# Constants and the normal distribution's functions, unless a page has them otherwise.
DEFAULTS: dict[str, Any] = {
    "e": math.e,
    "pi": math.pi,
    "Phi": lambda x: (1 + _erf(np.asarray(x) / math.sqrt(2))) / 2,
    "phi": lambda x: np.exp(-(np.asarray(x) ** 2) / 2) / math.sqrt(2 * math.pi),
}

# -- terms -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Evaluator:
    """Evaluates terms.

    Attributes:
        names: What the names stand for, each as `plain` spells it.
        budget: One for each term of a sum that may still be added.
    """

    names: Mapping[str, Any]
    budget: Iterator[int]

    def evaluate(self, term: ast.expr) -> Array:
        """The value of a term.

        Raises:
            UnknownNameError: When a name is unknown.
            LatexError: When the term has no value.
        """
        try:
            with np.errstate(all="ignore"):
                return self.value(term)
        except LatexError:
            raise
        except RAISED as error:  # by the page's own function, or by NumPy
            raise LatexError(f"{type(error).__name__}: {error}") from error

    def value(self, node: ast.expr) -> Array:
        """The value of a part of a term."""
        match node:
            case ast.Constant(float(number)):
                return np.asarray(number)
            case ast.Name(name):
                return as_matrix(self.held(name))
            case ast.UnaryOp(op, part):
                return as_matrix(_OPERATORS[type(op)](self.value(part)))
            case ast.BinOp(left, op, right):
                values = self.value(left), self.value(right)
                return as_matrix(_OPERATORS[type(op)](*values))
            case ast.Subscript(ast.Name(name), index):
                return self.element(name, ast.unparse(index).strip("()").split(", "))
            case ast.Call(ast.Name("_over"), [ast.Lambda(index, body), first, last]):
                return self.sum(index.args[0].arg, body, first, last)
            case ast.Call(ast.Name("_d"), [of, ast.Name(by)]):
                return _slope(
                    lambda at: self.where(by, at).value(of), self.value(node.args[1])
                )
            case ast.Call(ast.Name("_cases"), rows):
                return self.case(
                    [row.elts for row in rows if isinstance(row, ast.Tuple)]
                )
            case ast.Call(ast.Name("_matrix"), rows):
                cells = [row.elts for row in rows if isinstance(row, ast.Tuple)]
                return as_matrix(
                    [[self.value(cell).item() for cell in row] for row in cells]
                )
            case ast.Call(head, arguments):
                return as_matrix(self.function(head)(*map(self.value, arguments)))
        raise LatexError(f"no value: {ast.unparse(node)}")

    def held(self, name: str) -> Any:  # noqa: ANN401
        """What a name stands for."""
        if (held := self.names.get(plain(name))) is None:
            raise UnknownNameError(plain(name))
        return held

    def where(self, name: str, value: Any) -> Evaluator:  # noqa: ANN401
        """The evaluator for which a name stands for something else."""
        return replace(self, names={**self.names, plain(name): value})

    def function(self, head: ast.expr) -> Callable[..., Any]:
        """What stands before brackets: a function, or else a factor."""
        if isinstance(head, ast.Call):  # _prime(f)
            return functools.partial(_slope, self.function(head.args[0]))
        name = ast.unparse(head)
        own = self.names.get(plain(name))
        if name in FUNCTIONS and (own is None or callable(own)):
            return FUNCTIONS[name]
        if callable(own):
            return lambda *values: own(*map(as_tensor, values))
        return functools.partial(_multiply, self.value(head))

    def element(self, name: str, indices: list[str]) -> Array:
        """An element of what a name stands for."""
        places = tuple(self.held(index) for index in indices)
        if not all(isinstance(place, int) and place >= 0 for place in places):
            raise LatexError("an index that is no whole number from 1")
        array = as_array(self.held(name))
        flat = len(places) == 1 in array.shape
        return as_matrix((array.ravel() if flat else array)[places])

    def sum(self, index: str, body: ast.expr, *limits: ast.expr) -> Array:
        """The sum of what stands behind a sign of sums."""
        first, last = (self.value(limit).item() for limit in limits)
        if first % 1 or last % 1:
            raise LatexError("a sum whose limits are no whole numbers")
        total = np.zeros(())
        for number in range(int(first), int(last) + 1):
            if next(self.budget, None) is None:
                raise LatexError(f"sums of more than {MOST_TERMS:,} terms")
            total = _add(total, self.where(index, Place(number - 1)).value(body))
        return total

    def case(self, rows: list[list[ast.expr]]) -> Array:
        """The value of the case whose condition holds; NaN where none does."""
        chosen = []
        for value, condition in rows:
            assert isinstance(condition, ast.Compare)
            parts = [
                self.value(part) for part in (condition.left, *condition.comparators)
            ]
            pairs = zip(condition.ops, parts, parts[1:], strict=False)
            if all(
                _OPERATORS[type(op)](left.real, right.real) for op, left, right in pairs
            ):
                chosen.append(value)
        if len(chosen) > 1:
            raise LatexError("cases that are not disjoint")
        return self.value(chosen[0]) if chosen else np.asarray(math.nan)
