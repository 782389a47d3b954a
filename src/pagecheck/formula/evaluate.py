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
# What an expression or a function of a page may raise; an interruption is not its own.
RAISED = (Exception, SystemExit)
# The most terms of a sum or a product.
MOST_TERMS = 1_000_000
# The operators with an index.
BIG = ("sum", "prod", "max", "min")


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


def _normal_cdf(x: Array) -> Array:
    return (1 + _erf(x / math.sqrt(2))) / 2


def _normal_density(x: Array) -> Array:
    return np.asarray(np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi))


def _softplus(x: Array) -> Array:
    return _relu(x) + np.log1p(np.exp(np.where(x.real > 0, -x, x)))


def _softmax(x: Array) -> Array:
    powers = np.exp(x - np.max(x.real))
    return np.asarray(powers / np.sum(powers))


def _diagonal(x: Array) -> Array:
    vector = x.ndim < 2 or 1 in x.shape
    return np.diag(x.reshape(-1)) if vector else np.diag(x).reshape(-1, 1)


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
    "diag": _diagonal,
    "softplus": _softplus,
    "softmax": _softmax,
    # The normal distribution's; a page's own function of that name goes before.
    "Phi": _normal_cdf,
    "phi": _normal_density,
}
_OWN_FIRST = ("Phi", "phi")

# -- names -----------------------------------------------------------------------------

_ALIASES = {
    "eta": ("lr",),
    "L": ("loss",),
    "ell": ("loss",),
    "lambda": ("lam",),
}


def python_names(node: Node) -> list[str]:
    r"""What a page may call a name in its code: ``\hat y_1`` is y_hat_1 or y_hat1."""
    if node.kind == "name":
        return [node.value, *_ALIASES.get(node.value, ())]
    if node.kind == "marked":
        bases = python_names(node.children[0])
        means = [f"{base}_mean" for base in bases if node.value == "_bar"]
        return [*(f"{base}{node.value}" for base in bases), *means]
    if node.kind == "prime":
        bases = python_names(node.children[0])
        return [f"{base}_{suffix}" for base in bases for suffix in ("prime", "new")]
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
    elif node.kind in BIG:
        for child in node.children:
            yield from _free(child, known, bound | {node.value})
    elif node.kind in ("call", "call or product"):
        if called(node).value not in FUNCTIONS:
            head = called(node)
            yield from _free(head, known, bound)
        for child in node.children[1:]:
            yield from _free(child, known, bound)
    else:
        for child in node.children:
            yield from _free(child, known, bound)


def called(call: Node) -> Node:
    """The name that a call is of, without primes and indices."""
    head = call.children[0]
    while head.kind in ("prime", "index"):
        head = head.children[0]
    return head


def index_lengths(node: Node, names: Mapping[str, Any]) -> dict[str, int]:
    """How many values each name takes that stands in a term as an index and only so.

    It points into what the session holds: ``i`` in ``x_i``.
    """
    lengths: dict[str, int] = {}
    plain = set(_plain_names(node))
    for each in _nodes(node):
        if each.kind != "index" or any(n in names for n in python_names(each)):
            continue
        held = [names[n] for n in python_names(each.children[0]) if n in names]
        shape = tuple(getattr(held[0], "shape", ())) if held else ()
        for part, length in zip(each.children[1:], shape, strict=False):
            if part.kind == "name" and part.value not in plain:
                lengths.setdefault(part.value, int(length))
    return lengths


def summed_lengths(node: Node, names: Mapping[str, Any]) -> dict[str, int]:
    """What the session does not say: the ``n`` that a sum ends at.

    It is the length of what the sum's index points into.
    """
    lengths: dict[str, int] = {}
    for each in _nodes(node):
        if each.kind not in BIG or len(each.children) != 3:
            continue
        body, first, last = each.children
        unknown = last.kind == "name" and last.value not in names
        if unknown and first == Node("number", "1"):
            try:
                length = _Evaluator(names).length(body, each.value)
            except LatexError:
                continue
            lengths.setdefault(last.value, length)
    return lengths


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _nodes(child)


def _plain_names(node: Node) -> Iterator[str]:
    """The names in a term that do not stand as an index."""
    if node.kind == "name":
        yield node.value
    for child in node.children[: 1 if node.kind == "index" else None]:
        yield from _plain_names(child)


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
    try:
        with np.errstate(all="ignore"):
            return _Evaluator(names).value(node)
    except LatexError:
        raise
    except RAISED as error:  # by the page's own function, or by numpy
        raise LatexError(f"{type(error).__name__}: {error}") from error


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


# The step of a derivative along the imaginary axis: nothing is subtracted there.
STEP = 1e-30


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
        if held is None and not python_names(base):
            held = self.value(base)
        if held is None:
            raise UnknownNameError((python_names(node) or python_names(base))[0])
        array = np.asarray(held.detach() if hasattr(held, "detach") else held)
        place = tuple(self.place(part) for part in _split(parts, array.ndim))
        if array.ndim == 2 and len(place) == 1 and 1 in array.shape:
            array = array.reshape(-1)
        try:
            return as_matrix(array[place])
        except IndexError as error:
            what = (python_names(base) or ["what is indexed"])[0]
            place = tuple(each + 1 for each in place)
            raise LatexError(f"{what} has no element {place}") from error

    def place(self, part: Node) -> int:
        """Where an index points, counted from 0."""
        if part.kind == "number":
            if int(part.value) < 1:
                raise LatexError("an index below 1: elements are counted from 1")
            return int(part.value) - 1
        if part.value in self.indices:
            return self.indices[part.value] - 1
        if part.kind == "binary":
            first, step = part.children
            by = int(step.value) if step.kind == "number" else self.place(step) + 1
            place = self.place(first) + (by if part.value == "+" else -by)
            if place < 0:
                raise LatexError("an index below 1: elements are counted from 1")
            return place
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
        if not value.ndim:
            return value**power
        if value.shape[0] == value.shape[1] and power == round(float(power.real)):
            return np.linalg.matrix_power(value, int(power.real))
        raise LatexError("a power of a vector; write a norm or an elementwise product")

    def _sqrt(self, node: Node) -> Array:
        return np.sqrt(self.value(node.children[0]))

    def _root(self, node: Node) -> Array:
        value, degree = (self.value(child) for child in node.children)
        sign = np.where(value.real < 0, -1, 1) if degree.real % 2 == 1 else 1
        return np.asarray(sign * (sign * value) ** (1 / degree))

    def _abs(self, node: Node) -> Array:
        value = self.value(node.children[0])
        return np.where(value.real < 0, -value, value)

    def _norm(self, node: Node) -> Array:
        value = self.value(node.children[0])
        sizes = np.where(value.real < 0, -value, value)
        if node.value == "1":
            return np.asarray(np.sum(sizes))
        if node.value == "inf":
            return np.asarray(np.max(sizes))
        if node.value == "2" and sizes.ndim and 1 not in sizes.shape:
            raise LatexError("a norm of a matrix; write \\lVert A \\rVert_F")
        return np.asarray(np.sqrt(np.sum(value**2)))

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

    def _max(self, node: Node) -> Array:
        return np.asarray(np.max(np.stack(list(self.terms(node))), axis=0))

    def _min(self, node: Node) -> Array:
        return np.asarray(np.min(np.stack(list(self.terms(node))), axis=0))

    def terms(self, node: Node) -> Iterator[Array]:
        body, *limits = node.children
        condition = limits.pop() if len(limits) == 1 else None
        if limits:
            first, last = (float(self.value(limit)) for limit in limits)
        else:
            first, last = 1.0, float(self.length(body, node.value))
        if not (first.is_integer() and last.is_integer()):
            raise LatexError("a sum whose limits are no integers")
        if last - first >= MOST_TERMS:
            raise LatexError(f"a sum of more than {MOST_TERMS:,} terms")
        for index in range(int(first), int(last) + 1):
            inner = _Evaluator(self.names, {**self.indices, node.value: index})
            if condition is None or inner.holds(condition):
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
            return self.slope(head, values)
        if head.kind == "index" and head.children[0].value == "log":
            base = head.children[1]
            if base.kind == "number":
                return np.asarray(np.log(values[0]) / math.log(float(base.value)))
        if head.kind == "name":
            own = self.own_function(head)
            if head.value in FUNCTIONS and not (own and head.value in _OWN_FIRST):
                return np.asarray(FUNCTIONS[head.value](*values))
            if own is not None:
                return as_matrix(own(*(_as_tensor(value) for value in values)))
            raise UnknownNameError(head.value)
        raise UnknownNameError((python_names(head) or ["a function"])[0])

    def own_function(self, head: Node) -> Callable[..., Any] | None:
        """The page's function of a name, if it has one."""
        held = (self.names.get(name) for name in python_names(head))
        return next((each for each in held if callable(each)), None)

    def slope(self, head: Node, values: Sequence[Array]) -> Array:
        """The value of a derivative with a prime, of one variable."""
        if len(values) != 1:
            raise LatexError("a derivative of a function of several variables")
        inner, order = head.children[0], 1
        while inner.kind == "prime":
            inner, order = inner.children[0], order + 1
        if inner.kind == "name" and inner.value in FUNCTIONS:

            def at(x: Array) -> Array:
                return self.apply(inner, [x])

            return _derivative(at, values[0], order)
        own = self.own_function(inner)
        if own is None or "torch" not in sys.modules:
            raise UnknownNameError(inner.value + "'" * order)
        return _by_autograd(own, values[0], order)

    def _prime(self, node: Node) -> Array:
        found = self.find(node)
        if found is None:
            raise UnknownNameError((python_names(node) or ["a derivative"])[0])
        return as_matrix(found)

    def _derivative(self, node: Node) -> Array:
        r"""A derivative: of a term by a number in it, or as the session holds it."""
        of, *by = node.children
        if (held := self.held_derivative(of, by)) is not None:
            return as_matrix(held)
        known = [[n for n in python_names(each) if n in self.names] for each in by]
        if by and all(known) and not python_names(of):
            return self.by_steps(of, [names[0] for names in known])
        raise UnknownNameError("a derivative")

    def held_derivative(self, of: Node, by: Sequence[Node]) -> object | None:
        """A derivative that the session holds: ``grad_w``, ``dz_dw``, ``w_grad``."""
        call = of.kind in ("call", "call or product")
        ofs = python_names(called(of) if call else of)
        if not ofs or len(by) > 1:
            return None
        bys = [name for each in by for name in python_names(each)]
        names = [f"d{one}_d{other}" for one in ofs for other in bys]
        # A gradient is the loss's, not that of what has a gradient itself.
        if not any(f"grad_{each}" in self.names for each in ofs):
            names += [name for n in bys for name in (f"grad_{n}", f"{n}_grad", f"d{n}")]
            names += [] if by else [f"grad_{ofs[0]}", "grad", "gradient"]
        found = (self.names[name] for name in names if name in self.names)
        return next((each for each in found if not callable(each)), None)

    def by_steps(self, of: Node, names: Sequence[str]) -> Array:
        """A derivative by one number or, element by element, by one vector; or by two.

        The last one is a complex step, which loses no digit.
        """
        name, *others = names

        def value(moved: Array) -> Array:
            return _Evaluator({**self.names, name: moved}, self.indices).value(of)

        held = as_matrix(self.names[name])
        if others:
            if held.ndim or len(others) > 1:
                raise LatexError("a second derivative by a vector, or a third one")
            if others == [name]:
                return _derivative(value, held, 2)

            def inner(moved: Array) -> Array:
                evaluator = _Evaluator({**self.names, name: moved}, self.indices)
                return evaluator.by_steps(of, others)

            return _by_differences(inner, held)
        if not held.ndim:
            return _derivative(value, held, 1)
        if held.shape[1] != 1:
            raise LatexError("a derivative by a matrix")
        columns = []
        for place in range(len(held)):
            direction = np.zeros(held.shape)
            direction[place] = 1
            column = np.imag(value(held + 1j * STEP * direction)) / STEP
            columns.append(np.reshape(column, (-1, 1)))
        return np.hstack(columns)


def _derivative(function: Callable[[Array], Array], at: Array, order: int) -> Array:
    if order > 2:
        raise LatexError("a derivative of an order above 2")

    def first(x: Array) -> Array:
        return np.asarray(np.imag(function(x + 1j * STEP)) / STEP)

    return first(at) if order == 1 else _by_differences(first, at)


def _by_autograd(function: Callable[..., Any], at: Array, order: int) -> Array:
    """The derivative of a page's own function, elementwise in what it is given."""
    torch = sys.modules["torch"]
    x = torch.from_numpy(np.array(at)).requires_grad_()
    value = function(x)
    for _ in range(order):
        (value,) = torch.autograd.grad(value.sum(), x, create_graph=True)
    return as_matrix(value)


def _by_differences(function: Callable[[Array], Array], at: Array) -> Array:
    """A derivative by central differences, extrapolated: about 1e-11 off."""
    wide, narrow = (
        (function(at + step) - function(at - step)) / (2 * step)
        for step in (2e-3, 1e-3)
    )
    return np.asarray((4 * narrow - wide) / 3)


def _split(parts: Sequence[Node], axes: int) -> Sequence[Node]:
    """The indices of an array: 12 are two of a matrix."""
    first = parts[0]
    if len(parts) == 1 < axes == len(first.value) and first.kind == "number":
        return [Node("number", digit) for digit in first.value]
    return parts


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
