r"""Evaluate a formula's terms in float64, with the names of a page's session.

Vectors are columns, as in mathematics: `W x` is a matrix product, `u^\top v` a number,
`\delta a^\top` a matrix, `\odot` the elementwise product. An index counts from 1 in a
sum and as a literal (`o_1` is the first element of `o`).
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pagecheck.formula.latex import LatexError, Node, spellings

Array = npt.NDArray[Any]
# What an expression or a function of a page may raise; an interruption is not its own.
RAISED = (Exception, SystemExit)
MOST_STEPS = 500_000  # nodes that the comparison of one formula evaluates
CALLS = ("call", "call or product")
# The step of a derivative along the imaginary axis: nothing is subtracted there.
STEP = 1e-30


class UnknownNameError(LatexError):
    """A name that the session does not have."""


# -- functions -------------------------------------------------------------------------


def _erf(x: Array) -> Array:
    if np.iscomplexobj(x):  # for a derivative by a complex step
        slope = 2 / math.sqrt(math.pi) * np.exp(-(x.real**2))
        return np.asarray(_erf(x.real) + 1j * slope * x.imag)
    return np.asarray(np.vectorize(math.erf, otypes=[float])(x))


def _relu(x: Array) -> Array:
    return np.where(x.real > 0, x, 0 * x)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sigma": lambda x: 1 / (1 + np.exp(-x)),
    "exp": np.exp,
    "log": np.log,
    "ln": np.log,
    "tanh": np.tanh,
    "sin": np.sin,
    "cos": np.cos,
    "erf": _erf,
    "ReLU": _relu,
    "max": lambda *xs: np.max(np.stack(np.broadcast_arrays(*xs)), axis=0),
    "min": lambda *xs: np.min(np.stack(np.broadcast_arrays(*xs)), axis=0),
    "softplus": lambda x: _relu(x) + np.log1p(np.exp(np.where(x.real > 0, -x, x))),
    # The normal distribution's, unless a page has a function of that name.
    "Phi": lambda x: (1 + _erf(x / math.sqrt(2))) / 2,
    "phi": lambda x: np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi),
}

# -- names -----------------------------------------------------------------------------


def nodes(node: Node) -> Iterator[Node]:
    """A node and all that it is made of."""
    yield node
    for child in node.children:
        yield from nodes(child)


def called(call: Node) -> Node:
    """The name that a call is of, without primes and indices."""
    head = call.children[0]
    while head.kind in ("prime", "index"):
        head = head.children[0]
    return head


def free_names(
    node: Node, names: Mapping[str, Any], bound: frozenset[str] = frozenset()
) -> Iterator[str]:
    """The names in a term that nothing is known of, as its code would call them."""
    spelt = spellings(node)
    if any(each in names for each in spelt) or node.kind == "word":
        return
    parts: Sequence[Node] = node.children
    if node.kind == "derivative" and spellings(parts[0]):
        return  # it has a name of its own
    if node.kind == "name":
        known = node.value in bound or node.value in ("e", "pi")
        yield from () if known else spelt[:1]
    elif node.kind == "mark" and node.value != "_bar":
        yield spelt[0]
        parts = ()
    elif node.kind == "over":
        bound |= {node.value}
    elif node.kind in CALLS and called(node).value in FUNCTIONS:
        parts = parts[1:]
    for child in parts:
        yield from free_names(child, names, bound)


def index_lengths(node: Node, names: Mapping[str, Any]) -> dict[str, int]:
    """How many values each name takes that stands in a term as an index: `i` in `x_i`.

    It points into what the session holds, and stands nowhere but as an index.
    """
    indices = [each for each in nodes(node) if each.kind == "index"]
    as_index = [part.value for each in indices for part in each.children[1:]]
    everywhere = [each.value for each in nodes(node) if each.kind == "name"]
    lengths: dict[str, int] = {}
    for each in indices:
        if any(name in names for name in spellings(each)):
            continue
        held = [names[n] for n in spellings(each.children[0]) if n in names]
        shape = tuple(getattr(held[0], "shape", ())) if held else ()
        for part, length in zip(each.children[1:], shape, strict=False):
            name = part.value
            if part.kind == "name" and as_index.count(name) == everywhere.count(name):
                lengths.setdefault(name, int(length))
    return lengths


# -- values ----------------------------------------------------------------------------


def as_array(value: object) -> Array:
    """A value of a page, such as a tensor, as NumPy has it.

    Raises:
        LatexError: When it is no number and no array of numbers.
    """
    if hasattr(value, "detach"):
        value = value.detach()
    try:
        # NumPy has no bfloat16.
        array = np.asarray(value.tolist() if hasattr(value, "tolist") else value)
        return array.astype(complex if array.dtype.kind == "c" else np.float64)
    except (TypeError, ValueError) as error:
        raise LatexError(f"no number: {value!r:.40}") from error


def as_matrix(value: object) -> Array:
    """A value as mathematics sees it: a number, or a matrix; a vector is a column."""
    array = as_array(value)
    if array.size == 1:
        return array.reshape(())
    return array.reshape(-1, 1) if array.ndim == 1 else array


def as_tensor(value: Array | float) -> object:
    """A number or an array as the page's own functions take it.

    An index stays an integer, which counts from 0 as the page's code does.
    """
    torch = sys.modules.get("torch")
    if torch is None or isinstance(value, int):
        return value
    return torch.from_numpy(np.array(value))


class Evaluator:
    """Evaluates terms: numbers (0 axes) or matrices (2 axes).

    Attributes:
        steps: How many nodes it may still evaluate.
    """

    def __init__(self) -> None:
        self.steps = MOST_STEPS
        self.names: Mapping[str, Any] = {}
        self.indices: dict[str, int] = {}

    def evaluate(self, node: Node, names: Mapping[str, Any]) -> Array:
        """The value of a term.

        Args:
            node: The term.
            names: The session's names; numbers, tensors, functions among their values.

        Raises:
            UnknownNameError: When a name is unknown.
            LatexError: When the term has no value.
        """
        self.names, self.indices = names, {}
        try:
            with np.errstate(all="ignore"):
                return self.value(node)
        except LatexError:
            raise
        except RAISED as error:  # by the page's own function, or by NumPy
            raise LatexError(f"{type(error).__name__}: {error}") from error

    def value(self, node: Node) -> Array:
        """The value of a part of the term."""
        self.steps -= 1
        if self.steps < 0:
            raise LatexError(f"more than {MOST_STEPS:,} steps to evaluate it")
        method = getattr(self, "_" + node.kind.replace(" ", "_"), None)
        if method is None:
            raise LatexError(f"a {node.kind} where a value should stand")
        return np.asarray(method(node))

    def held(self, node: Node) -> object | None:
        """What the session holds under a node's name, functions left out."""
        found = (self.names[n] for n in spellings(node) if n in self.names)
        return next((each for each in found if not callable(each)), None)

    def named(self, node: Node) -> Array:
        """The value that the session holds under a node's name."""
        held = self.held(node)
        if held is None:
            raise UnknownNameError((spellings(node) or [node.kind])[0])
        return as_matrix(held)

    def _number(self, node: Node) -> float:
        return float(node.value)

    def _name(self, node: Node) -> Array | float:
        if node.value in self.indices:
            return float(self.indices[node.value])
        if node.value in ("e", "pi") and node.value not in self.names:
            return math.e if node.value == "e" else math.pi
        return self.named(node)

    def _mark(self, node: Node) -> Array | float:
        if node.value == "_bar" and self.held(node) is None:
            return float(np.mean(self.value(node.children[0])))
        return self.named(node)

    def _index(self, node: Node) -> Array:
        base, *parts = node.children
        runs = any(part.value in self.indices for part in parts)
        if not runs and self.held(node) is not None:
            return self.named(node)
        held = self.held(base)
        if held is None and spellings(base):
            raise UnknownNameError((spellings(node) or spellings(base))[0])
        array = as_array(held) if held is not None else self.value(base)
        if array.ndim == 2 and len(parts) == 1 and 1 in array.shape:
            array = array.reshape(-1)
        place = tuple(self.place(part) for part in parts)
        try:
            return as_matrix(array[place])
        except IndexError as error:
            what = (spellings(base) or ["what is indexed"])[0]
            counted = tuple(each + 1 for each in place)
            raise LatexError(f"{what} has no element {counted}") from error

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

    def _sum(self, node: Node) -> Array:
        total: Array = np.zeros(())
        for sign, part in zip(node.value, node.children, strict=True):
            value = self.value(part)
            total, value = _as_rows(total, value), _as_rows(value, total)
            if total.ndim and value.ndim and total.shape != value.shape:
                rows = {total.shape[0], value.shape[0]}
                if not (1 in rows and total.shape[1] == value.shape[1]):
                    raise LatexError(f"a sum of shapes {total.shape} and {value.shape}")
            total = total + value if sign == "+" else total - value
        return total

    def _product(self, node: Node) -> Array:
        result: Array = np.ones(())
        for operator, part in zip(node.value, node.children, strict=True):
            value = self.value(part)
            if not (result.ndim and value.ndim):
                result = result / value if operator == "/" else result * value
            elif operator == "/":
                raise LatexError("a quotient of two vectors or matrices")
            elif operator == "⊙":
                if result.shape != value.shape:
                    shapes = f"{result.shape} and {value.shape}"
                    raise LatexError(f"an elementwise product of {shapes}")
                result = result * value
            else:
                if result.shape[-1] != value.shape[0]:
                    raise LatexError(
                        f"a product of shapes {result.shape} and {value.shape}; "
                        r"the elementwise product is \odot"
                    )
                result = result @ value
                result = result.reshape(()) if result.size == 1 else result
        return result

    def _power(self, node: Node) -> Array:
        value, power = (self.value(child) for child in node.children)
        if value.ndim:
            raise LatexError("a power of a vector or matrix; write a product")
        return np.asarray(value**power)

    def _sqrt(self, node: Node) -> Array:
        return np.asarray(np.sqrt(self.value(node.children[0])))

    def _abs(self, node: Node) -> Array:
        value = self.value(node.children[0])
        return np.where(value.real < 0, -value, value)

    def _transpose(self, node: Node) -> Array:
        return self.value(node.children[0]).T

    def _matrix(self, node: Node) -> Array:
        rows = [[self.value(cell) for cell in row.children] for row in node.children]
        return as_matrix([[cell.reshape(()) for cell in row] for row in rows])

    def _over(self, node: Node) -> Array:
        body, *limits = node.children
        first, last = 1.0, 0.0
        if limits:
            first, last = (float(self.value(limit).real) for limit in limits)
        else:
            last = float(self.length(body, node.value))
        if not (first.is_integer() and last.is_integer()):
            raise LatexError("a sum whose limits are no integers")
        total, outer = np.zeros(()), self.indices
        for index in range(int(first), int(last) + 1):
            self.indices = {**outer, node.value: index}
            total = total + self.value(body)
        self.indices = outer
        return total

    def length(self, body: Node, index: str) -> int:
        """How many values an index takes: the length of what it points into."""
        for node in nodes(body):
            base = node.children[0] if node.kind == "index" else node
            places = [part.value for part in node.children[1:]]
            if base is not node and index in places and self.held(base) is not None:
                return int(self.named(base).shape[places.index(index)])
        raise LatexError(f"a sum over {index} without limits, and nothing to count")

    def _cases(self, node: Node) -> Array | float:
        rows = [row.children for row in node.children]
        chosen = [value for value, condition in rows if self.holds(condition)]
        if len(chosen) > 1:
            raise LatexError("cases that are not disjoint")
        return self.value(chosen[0]) if chosen else math.nan

    def holds(self, condition: Node) -> bool:
        """Whether the condition of a case is true."""
        values = [self.value(child).real for child in condition.children]
        relations = condition.value.split(" ")
        pairs = zip(relations, values, values[1:], strict=False)
        return all(relate(relation, left, right) for relation, left, right in pairs)

    # -- functions and derivatives

    def _call(self, node: Node) -> Array:
        head, *arguments = node.children
        return self.apply(head, [self.value(argument) for argument in arguments])

    def _call_or_product(self, node: Node) -> Array:
        head, *arguments = node.children
        if len(arguments) > 1 or head.kind == "prime":
            return self._call(node)
        try:
            self.value(head)
        except UnknownNameError:
            return self._call(node)
        return self._product(Node("product", "··", node.children))

    def apply(self, head: Node, values: Sequence[Array]) -> Array:
        """The value of a function: one of those here, or the page's own."""
        if head.kind == "prime":
            return self.slope(lambda x: self.apply(head.children[0], [x]), *values)
        own = next((self.names[n] for n in spellings(head) if n in self.names), None)
        known = FUNCTIONS.get(head.value) if head.kind == "name" else None
        if known and not (callable(own) and head.value in ("Phi", "phi")):
            return np.asarray(known(*values))
        if callable(own):
            return as_matrix(own(*(as_tensor(value) for value in values)))
        raise UnknownNameError((spellings(head) or ["a function"])[0])

    def slope(self, function: Callable[[Array], Array], *at: Array) -> Array:
        """The derivative of a function of one number, by a step that loses no digit."""
        if len(at) != 1 or at[0].ndim:
            raise LatexError("a derivative by something else than one number")
        return np.asarray(np.imag(function(at[0] + 1j * STEP)) / STEP)

    def _derivative(self, node: Node) -> Array:
        of, by = node.children
        name = next((each for each in spellings(by) if each in self.names), None)
        if self.held(node) is not None or name is None or spellings(of):
            return self.named(node)
        outer = self.names

        def value(moved: Array) -> Array:
            self.names = {**outer, name: moved}
            try:
                return self.value(of)
            finally:
                self.names = outer

        return self.slope(value, as_matrix(outer[name]))


def _as_rows(value: Array, other: Array) -> Array:
    """A column as the row added to each row of a matrix, where only that fits."""
    column = value.ndim == 2 and value.shape[1] == 1 and other.ndim == 2
    if column and other.shape[0] != value.shape[0] == other.shape[1]:
        return value.T
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
