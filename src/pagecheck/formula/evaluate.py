r"""Evaluate a formula's terms in float64, with the names of a page's session.

Vectors are columns, as in mathematics: ``W x`` is a matrix product, ``u^\top v`` a
number, ``\delta a^\top`` a matrix, ``\odot`` the elementwise product. An index counts
from 1 in a sum and as a literal (``o_1`` is the first element of ``o``).
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pagecheck.formula.parse import LatexError, Node

Array = npt.NDArray[Any]


class UnknownNameError(LatexError):
    """A name that the session does not have."""


# -- functions -------------------------------------------------------------------------


def _sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))


def _erf(x: Array) -> Array:
    if np.iscomplexobj(x):  # for a derivative by a complex step
        slope = 2 / math.sqrt(math.pi) * np.exp(-(x.real**2))
        return np.asarray(_erf(x.real) + 1j * slope * x.imag)
    return np.asarray(np.vectorize(math.erf, otypes=[float])(x))


def _relu(x: Array) -> Array:
    return np.where(x.real > 0, x, 0 * x)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sigma": _sigmoid,
    "exp": np.exp,
    "log": np.log,
    "ln": np.log,
    "tanh": np.tanh,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "sin": np.sin,
    "cos": np.cos,
    "erf": _erf,
    "ReLU": _relu,
    "sign": np.sign,
    "max": lambda *xs: np.max(np.stack(np.broadcast_arrays(*xs)), axis=0),
    "min": lambda *xs: np.min(np.stack(np.broadcast_arrays(*xs)), axis=0),
    "tr": np.trace,
    "det": np.linalg.det,
}
# -- names -----------------------------------------------------------------------------

_ALIASES = {
    "eta": ("lr",),
    "L": ("loss",),
    "ell": ("loss",),
    "x_bar": ("x_mean",),
    "y_bar": ("y_mean",),
}


def python_names(node: Node) -> list[str]:
    r"""What a page may call a name in its code: ``\hat y_1`` is y_hat_1 or y_hat1."""
    if node.kind == "name":
        return [node.value, *_ALIASES.get(node.value, ())]
    if node.kind == "marked":
        bases = python_names(node.children[0])
        names = [f"{base}{node.value}" for base in bases]
        return [*names, *(alias for each in names for alias in _ALIASES.get(each, ()))]
    if node.kind == "index" and all(
        part.kind in ("number", "word", "name") for part in node.children[1:]
    ):
        suffix = "".join(part.value for part in node.children[1:])
        bases = python_names(node.children[0])
        names = [f"{base}_{suffix}" for base in bases]
        if not suffix[:1].isalpha() or node.children[1].kind == "word":
            names += [f"{base}{suffix}" for base in bases]
        return names
    return []


def used_names(node: Node, names: Mapping[str, Any]) -> set[str]:
    """The session's names that a term stands on."""
    held = {name for name in python_names(node) if name in names}
    return held.union(*(used_names(child, names) for child in node.children))


def free_names(node: Node, known: Callable[[str], bool]) -> Iterator[str]:
    """The names in a term that nothing is known of, each as its code would call it."""
    yield from dict.fromkeys(_free(node, known, frozenset()))


def _free(
    node: Node, known: Callable[[str], bool], bound: frozenset[str]
) -> Iterator[str]:
    names = python_names(node)
    if any(known(name) for name in names):
        return
    if node.kind == "name":
        if node.value not in bound and not (node.value == "e" and not known("e")):
            yield node.value
    elif node.kind == "marked":
        if not (node.value == "_bar" and known(python_names(node.children[0])[0])):
            yield names[0]
    elif node.kind in ("sum", "prod"):
        for child in node.children:
            yield from _free(child, known, bound | {node.value})
    elif node.kind in ("call", "call or product"):
        head = node.children[0]
        while head.kind in ("prime", "index"):
            head = head.children[0]
        if head.value not in FUNCTIONS:
            yield from _free(head, known, bound)
        for child in node.children[1:]:
            yield from _free(child, known, bound)
    else:
        for child in node.children:
            yield from _free(child, known, bound)


# -- evaluation ------------------------------------------------------------------------


def evaluate(node: Node, names: Mapping[str, Any]) -> Array:
    """The value of a term in float64: a number (0 axes) or a matrix (2 axes).

    Args:
        node: The term.
        names: The session's names; numbers, tensors and functions among their values.

    Raises:
        UnknownNameError: When a name is unknown.
        LatexError: When the term has no value.
    """
    with np.errstate(all="ignore"):
        return _Evaluator(names).value(node)


def as_matrix(value: object) -> Array:
    """A value as mathematics sees it: a number, or a matrix; a vector is a column.

    Raises:
        LatexError: When it is no number and no array of numbers.
    """
    if hasattr(value, "detach"):
        value = value.detach()
    try:
        array = np.asarray(value)
        array = array.astype(complex if array.dtype.kind == "c" else np.float64)
    except (TypeError, ValueError) as error:
        raise LatexError(f"no number: {value!r:.40}") from error
    if array.size == 1:
        return array.reshape(())
    if array.ndim == 1:
        return array.reshape(-1, 1)
    return array


class _Evaluator:
    def __init__(
        self, names: Mapping[str, Any], indices: Mapping[str, int] | None = None
    ) -> None:
        self.names = names
        self.indices = indices or {}

    def value(self, node: Node) -> Array:
        method = getattr(self, "_" + node.kind.replace(" ", "_"), None)
        if method is None:
            raise LatexError(f"a {node.kind} where a value should stand")
        value: Array = method(node)
        return value

    def find(self, node: Node) -> object | None:
        """What the session holds under a node's name, functions left out."""
        for name in python_names(node):
            if name in self.names and not callable(self.names[name]):
                found: object = self.names[name]
                return found
        return None

    def _number(self, node: Node) -> Array:
        return np.asarray(float(node.value))

    def _constant(self, node: Node) -> Array:
        return np.asarray({"pi": math.pi, "inf": math.inf}[node.value])

    def _name(self, node: Node) -> Array:
        if node.value in self.indices:
            return np.asarray(float(self.indices[node.value]))
        found = self.find(node)
        if found is not None:
            return as_matrix(found)
        if node.value == "e":
            return np.asarray(math.e)
        raise UnknownNameError(node.value)

    def _marked(self, node: Node) -> Array:
        found = self.find(node)
        if found is not None:
            return as_matrix(found)
        if node.value == "_bar":
            return np.asarray(np.mean(self.value(node.children[0])))
        raise UnknownNameError(python_names(node)[0])

    def _index(self, node: Node) -> Array:
        parts = node.children[1:]
        bound = [part.value for part in parts if part.value in self.indices]
        found = None if bound else self.find(node)
        if found is not None:
            return as_matrix(found)
        base = node.children[0]
        held = self.find(base)
        if held is None:
            names = python_names(node) or python_names(base)
            raise UnknownNameError(names[0] if names else "an indexed term")
        array = np.asarray(held.detach() if hasattr(held, "detach") else held)
        place = tuple(self.place(part) for part in parts)
        if array.ndim == 2 and len(place) == 1 and 1 in array.shape:
            array = array.reshape(-1)
        try:
            return as_matrix(array[place])
        except IndexError as error:
            raise LatexError(
                f"{python_names(base)[0]} has no element {place}"
            ) from error

    def place(self, part: Node) -> int:
        """Where an index points, counted from 0."""
        if part.kind == "number":
            if int(part.value) < 1:
                raise LatexError("an index below 1: elements are counted from 1")
            return int(part.value) - 1
        if part.value in self.indices:
            return self.indices[part.value] - 1
        held = self.names.get(part.value)
        if isinstance(held, int):  # the code's own index counts from 0
            return held
        raise UnknownNameError(part.value)

    def _negate(self, node: Node) -> Array:
        return -self.value(node.children[0])

    def _binary(self, node: Node) -> Array:
        left, right = (self.value(child) for child in node.children)
        left, right = _as_rows(left, right), _as_rows(right, left)
        if left.ndim and right.ndim and left.shape != right.shape:
            rows = {left.shape[0], right.shape[0]}
            if not (1 in rows and left.shape[1] == right.shape[1]):
                raise LatexError(f"a sum of shapes {left.shape} and {right.shape}")
        return left + right if node.value == "+" else left - right

    def _times(self, node: Node) -> Array:
        left, right = (self.value(child) for child in node.children)
        if not (left.ndim and right.ndim):
            return left * right
        if left.shape[-1] != right.shape[0]:
            raise LatexError(
                f"a product of shapes {left.shape} and {right.shape}; "
                r"the elementwise product is \odot"
            )
        product = left @ right
        return product.reshape(()) if product.size == 1 else product

    def _elementwise(self, node: Node) -> Array:
        left, right = (self.value(child) for child in node.children)
        if left.ndim and right.ndim and left.shape != right.shape:
            raise LatexError(
                f"an elementwise product of {left.shape} and {right.shape}"
            )
        return left * right

    def _divide(self, node: Node) -> Array:
        left, right = (self.value(child) for child in node.children)
        if right.ndim and left.ndim:
            raise LatexError("a quotient of two vectors or matrices")
        return left / right

    def _power(self, node: Node) -> Array:
        base, exponent = node.children
        value = self.value(base)
        power = self.value(exponent)
        if value.ndim:
            if power == -1 and value.shape[0] == value.shape[1]:
                return np.linalg.inv(value)
            raise LatexError(
                "a power of a vector; write a norm or an elementwise product"
            )
        return value**power

    def _sqrt(self, node: Node) -> Array:
        return np.sqrt(self.value(node.children[0]))

    def _abs(self, node: Node) -> Array:
        value = self.value(node.children[0])
        return np.where(value.real < 0, -value, value)

    def _norm(self, node: Node) -> Array:
        return np.asarray(np.sqrt(np.sum(self.value(node.children[0]) ** 2)))

    def _transpose(self, node: Node) -> Array:
        return self.value(node.children[0]).T

    def _matrix(self, node: Node) -> Array:
        rows = [[self.value(cell) for cell in row.children] for row in node.children]
        if len({len(row) for row in rows}) > 1:
            raise LatexError("a matrix whose rows differ in length")
        return as_matrix(
            np.block([[cell.reshape(1, 1) for cell in row] for row in rows])
        )

    def _sum(self, node: Node) -> Array:
        return np.asarray(sum(self.terms(node), start=np.zeros(())))

    def _prod(self, node: Node) -> Array:
        return np.asarray(math.prod(self.terms(node), start=np.ones(())))

    def terms(self, node: Node) -> Iterator[Array]:
        body, *limits = node.children
        if limits:
            first, last = (float(self.value(limit)) for limit in limits)
        else:
            first, last = 1.0, float(self.length(body, node.value))
        if not (first.is_integer() and last.is_integer()):
            raise LatexError("a sum whose limits are no integers")
        for index in range(int(first), int(last) + 1):
            inner = _Evaluator(self.names, {**self.indices, node.value: index})
            yield inner.value(body)

    def length(self, node: Node, index: str) -> int:
        """How many values an index takes: the length of what it points into."""
        if node.kind == "index":
            for axis, part in enumerate(node.children[1:]):
                held = self.find(node.children[0])
                if part.value == index and held is not None:
                    return int(np.asarray(as_matrix(held)).shape[axis])
        for child in node.children:
            try:
                return self.length(child, index)
            except LatexError:
                continue
        raise LatexError(f"a sum over {index} without limits, and nothing to count")

    def _cases(self, node: Node) -> Array:
        chosen = []
        for row in node.children:
            if len(row.children) != 2 or row.children[1].kind != "condition":
                raise LatexError("a case without a condition")
            if self.holds(row.children[1]):
                chosen.append(row.children[0])
        if len(chosen) > 1:
            raise LatexError("cases that are not disjoint")
        return self.value(chosen[0]) if chosen else np.asarray(math.nan)

    def holds(self, condition: Node) -> bool:
        values = [self.value(child).real for child in condition.children]
        relations = condition.value.split()
        return all(
            bool(relate(relation, left, right))
            for relation, left, right in zip(
                relations, values, values[1:], strict=False
            )
        )

    # -- functions and derivatives

    def _call(self, node: Node) -> Array:
        head, *arguments = node.children
        values = [self.value(argument) for argument in arguments]
        return self.apply(head, values)

    def _call_or_product(self, node: Node) -> Array:
        head, *arguments = node.children
        if len(arguments) == 1 and self.is_value(head):
            return self._times(Node("times", "", (head, arguments[0])))
        return self._call(node)

    def is_value(self, head: Node) -> bool:
        if head.kind in ("name", "index", "marked"):
            if head.kind == "name" and head.value in self.indices:
                return True
            if head.kind == "name" and head.value == "e" and "e" not in self.names:
                return True
            try:
                self.value(head)
            except LatexError:
                return False
            return True
        return False

    def apply(self, head: Node, values: Sequence[Array]) -> Array:
        if head.kind == "prime":
            if len(values) != 1:
                raise LatexError("a derivative of a function of several variables")
            step = 1e-30
            moved = values[0] + 1j * step
            inner = head.children[0]
            if inner.kind == "name" and inner.value in FUNCTIONS:
                return np.asarray(np.imag(self.apply(inner, [moved])) / step)
            raise UnknownNameError(f"{inner.value}'")
        if head.kind == "name":
            held = next(
                (
                    self.names[n]
                    for n in python_names(head)
                    if callable(self.names.get(n))
                ),
                None,
            )
            if head.value in FUNCTIONS:
                return np.asarray(FUNCTIONS[head.value](*values))
            if held is not None:
                return as_matrix(held(*(_as_tensor(value) for value in values)))
            raise UnknownNameError(head.value)
        raise UnknownNameError((python_names(head) or ["a function"])[0])

    def _prime(self, node: Node) -> Array:
        raise LatexError("a derivative without its argument")

    def _derivative(self, node: Node) -> Array:
        r"""A derivative: of a term by a number in it, or as the session holds it."""
        of, *by = node.children
        names = [name for each in by for name in python_names(each)]
        bare = bool(python_names(of)) or of.kind in ("call", "call or product")
        if len(by) == 1 and node.value == "1":
            for name in names:
                for held in (f"grad_{name}", f"{name}_grad", f"d{name}"):
                    if bare and held in self.names and not callable(self.names[held]):
                        return as_matrix(self.names[held])
            for name in names:
                if name in self.names and not python_names(of):
                    return self.by_complex_step(of, name)
        raise UnknownNameError("a derivative")

    def by_complex_step(self, of: Node, name: str) -> Array:
        """A derivative by a number or, element by element, by a vector."""
        held, step = as_matrix(self.names[name]), 1e-30
        columns = []
        for place in np.ndindex(held.shape):
            moved = held.astype(complex)
            moved[place] += 1j * step
            names = {**self.names, name: moved}
            value = _Evaluator(names, self.indices).value(of)
            columns.append(np.imag(value) / step)
        if not held.ndim:
            return np.asarray(columns[0])
        if held.shape[1] != 1:
            raise LatexError("a derivative by a matrix")
        return np.hstack([np.reshape(column, (-1, 1)) for column in columns])


def _as_rows(value: Array, other: Array) -> Array:
    """A column as the row added to each row of a matrix, where only that fits."""
    column = value.ndim == 2 and value.shape[1] == 1 and other.ndim == 2
    if column and other.shape[0] != value.shape[0] == other.shape[1]:
        return value.T
    return value


def _as_tensor(value: Array) -> object:
    """A value as the page's own functions take it."""
    if "torch" in sys.modules:
        return sys.modules["torch"].from_numpy(np.array(value))
    return value


def relate(relation: str, left: Array, right: Array) -> bool:
    """Whether a relation holds between two values."""
    relations: dict[str, Callable[[Array, Array], Any]] = {
        "=": np.equal,
        "!=": np.not_equal,
        "<": np.less,
        ">": np.greater,
        "<=": np.less_equal,
        ">=": np.greater_equal,
    }
    return bool(np.all(relations[relation](left, right)))
