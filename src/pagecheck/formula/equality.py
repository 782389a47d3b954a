r"""Whether a formula equals what its directive names.

What it defines by an argument (`\sigma(z) = …`) and what the session does not have runs
over a grid with corners and both signs. Every link of a chain is compared, in float64.

A directive is a Python expression, and says itself what a symbol stands for where code
calls it otherwise: `boost * lr where eta = lr`; `L := mse(y_hat, y)` gives the value a
name, `dL_dw := grad_w` that of a derivative, `grad(lambda w: (L := loss(w)))(w)` says
what is derived by what.
"""

from __future__ import annotations

import ast
import itertools
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from pagecheck.formula.evaluate import (
    DEFAULTS,
    FUNCTIONS,
    RAISED,
    Array,
    UnknownNameError,
    as_matrix,
    as_tensor,
    evaluate,
    names_in,
)
from pagecheck.formula.latex import LatexError, plain, source

# Corners (0, the kinks at ±1), both signs, the small and the large.
GRID = (-20.0, -3.5, -1.0, -0.5, -1e-3, 0.0, 1e-3, 0.5, 1.0, 2.25, 3.25, 20.0)
MOST_POINTS = 250
# The largest relative difference, by the precision that the expression is computed in.
TOLERANCES = {"float64": 1e-9, "float32": 3e-5, "float16": 1e-2, "bfloat16": 3e-2}
_NAME = re.compile(r"(?<!\.)\b(?!lambda )[A-Za-z]\w*")
# What defines a function: `f(x, y)`, `f.prime(x)`, `f[k](x)`, or its derivative.
_DEFINITION = re.compile(
    r"(?:_d\(\w+, lambda \w+: )?(\w+)(?:\[[\w, ]+\])?(?:\.\w+)*\(([\w., ]*)\)+"
)


def differences(latex: str, expression: str, namespace: Mapping[str, Any]) -> list[str]:
    """How a formula differs from what its directive names; empty where it does not.

    Args:
        latex: The formula.
        expression: What its directive says: a Python expression, and after ` where `
            what the formula's symbols stand for, where that is not their own name.
        namespace: The session's names.
    """
    try:
        return _Comparison(latex, expression, dict(namespace)).differences()
    except LatexError as error:
        return [str(error)]
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return [f"{expression:.60}: not understood: {error}"]


class _Comparison:
    """A formula, its names spelt as code spells them, and its directive."""

    def __init__(self, latex: str, directive: str, names: dict[str, Any]) -> None:
        self.names = names
        self.text, _, where = directive.partition(" where ")
        expression = ast.parse(f"({self.text})", mode="eval")
        symbols = ast.parse(f"dict({where})", mode="eval")
        self.expression = compile(expression, "<directive>", "eval")
        self.where = compile(symbols, "<directive>", "eval")
        self.mentioned = names_in(expression)
        keywords = getattr(symbols.body, "keywords", [])
        self.symbols = {k.arg: names_in(k.value) for k in keywords if k.arg}
        spelt = {plain(n): n for n in (*names, *self.mentioned, *self.symbols)}
        text = _NAME.sub(lambda n: spelt.get(plain(n[0]), n[0]), source(latex))
        tree = ast.parse(text, mode="eval").body
        self.terms: list[ast.expr] = [tree]
        if isinstance(tree, ast.Compare):
            self.terms = [tree.left, *tree.comparators]
            if not all(isinstance(op, ast.Eq) for op in tree.ops):
                raise LatexError("an order or inequality: claim it instead")
        left, *others = map(ast.unparse, self.terms)
        found = _DEFINITION.fullmatch(left) if others else None
        # The function that the left-hand side may define, and its arguments.
        self.function = found[1] if found else ""
        self.arguments = re.findall(r"\b[A-Za-z]\w*", found[2]) if found else []
        self.error = "it has none at the points of the grid"

    def differences(self) -> list[str]:
        free = self.free_names()
        found = self.at_all_points(self.names, free, self.terms)
        if found is None and any(name in self.names for name in free):
            # The expression takes no single numbers: what the session holds, then.
            free -= {*self.names}
            found = self.at_all_points(self.names, free, self.terms)
        if found is None:
            return [f"{self.text} has no value: {self.error}"]
        return found or self.where_moved(free)

    def free_names(self) -> set[str]:
        """What runs over the grid.

        It is the arguments of what the left-hand side defines, and the names that
        nothing but the expression says anything of.
        """
        held = self.names.get(self.function)
        free = set(self.arguments if held is None or callable(held) else ())
        for name in free - {*self.mentioned, *self.symbols}:
            raise UnknownNameError(name)
        given = re.findall(r"(\w+) *:=", self.text)
        known = {*self.names, *self.symbols, *given, *DEFAULTS, *FUNCTIONS}
        free |= {n for term in self.terms for n in names_in(term) if n not in known}
        return free & self.mentioned

    def at_all_points(
        self, names: dict[str, Any], free: set[str], terms: Sequence[ast.expr]
    ) -> list[str] | None:
        """The differences at the first point that has any; None where no value is."""
        compared = False
        for point in _points(len(free)):
            given = dict(zip(sorted(free), point, strict=True))
            scope = names | {name: as_tensor(value) for name, value in given.items()}
            try:
                scope |= eval(self.where, scope)
                wanted = eval(self.expression, scope)
            except RAISED as error:
                self.error = f"{type(error).__name__}: {error}"
                continue
            compared = True
            if found := self.at_one_point(wanted, DEFAULTS | scope | given, terms):
                where = ", ".join(f"{name} = {at:g}" for name, at in given.items())
                return [f"{each} at {where}" if where else each for each in found]
        return [] if compared else None

    def at_one_point(
        self, wanted: object, names: Mapping[str, Any], terms: Sequence[ast.expr]
    ) -> list[str]:
        target = as_matrix(wanted)
        dtype = str(getattr(wanted, "dtype", "")).removeprefix("torch.")
        tolerance = TOLERANCES.get(dtype, TOLERANCES["float64"])
        found, compared = [], 0
        for term in terms:
            try:
                value = evaluate(term, names)
            except LatexError as error:
                if getattr(error, "name", "") not in self.without_value(term):
                    found.append(str(error))
                continue
            compared += 1
            if not _equal(value, target, tolerance):
                place = f"term {self.terms.index(term) + 1} of the chain"
                place = "the left-hand side" if term is self.terms[0] else place
                found.append(f"{place} is {_show(value)}, not {_show(target)}")
        if not compared and not found:
            found.append("nothing in it has a value; is it notation?")
        return list(dict.fromkeys(found))

    def without_value(self, term: ast.expr) -> list[str]:
        """What in a term needs no value: what it defines, or the directive derives."""
        if term is self.terms[0] and self.function:
            return [self.function]
        derived = re.findall(r"lambda (\w+): \((\w+) :=", self.text)
        name = ast.unparse(term)
        return [name for by, of in derived if plain(f"d{of}_d{by}") == plain(name)]

    def where_moved(self, free: set[str]) -> list[str]:
        """The differences where the session's own values are moved a little.

        A value of 0 or 1 hides a sign or a power. What both the formula and the
        expression name is moved in both; terms that stand on anything else are left.
        """
        for term in self.terms:
            used = set().union(*(self.symbols.get(n, {n}) for n in names_in(term)))
            movable = {n for n in used - free if _is_movable(self.names.get(n))}
            if self.without_value(term) or not movable or movable - self.mentioned:
                continue
            for seed in range(3):
                moved = {n: _moved(self.names[n], seed) for n in sorted(movable)}
                if found := self.at_all_points(self.names | moved, free, [term]):
                    where = f"where {', '.join(moved)} are moved"
                    return [f"{each} {where}" for each in found]
        return []


def _is_movable(value: object) -> bool:
    return isinstance(value, float) or "float" in str(getattr(value, "dtype", ""))


def _moved(value: Any, seed: int) -> object:  # noqa: ANN401 (a float or any tensor)
    """A value of the same kind, each of its elements moved by up to about a half."""
    shape = tuple(getattr(value, "shape", ()))
    noise = np.random.default_rng(seed).uniform(-0.5, 0.5, shape)
    if hasattr(value, "detach"):
        return value.detach() + value.detach().new_tensor(noise)
    return value + noise


def _points(dimensions: int) -> Iterator[tuple[float, ...]]:
    """The points of a grid; of a large one, so many as there is time for."""
    if len(GRID) ** dimensions <= MOST_POINTS:
        return itertools.product(GRID, repeat=dimensions)
    random_ = random.Random(0)
    return (tuple(random_.choices(GRID, k=dimensions)) for _ in range(MOST_POINTS))


def _equal(value: Array, target: Array, tolerance: float) -> bool:
    """Whether two values are equal, relative to the larger of them, NaN to NaN."""
    value, target = value.squeeze(), target.squeeze()
    if value.shape != target.shape:
        return False
    sizes = np.abs(np.concatenate([value.ravel(), target.ravel(), [0.0]]))
    scale = max(sizes[np.isfinite(sizes)].max(), 1e-3 if tolerance > 1e-8 else 1.0)
    near = np.isclose(value, target, rtol=0, atol=tolerance * scale, equal_nan=True)
    return bool(near.all())


def _show(value: Array) -> str:
    if value.ndim == 0:
        return f"{value:.10g}"
    shape = "×".join(str(each) for each in value.shape)
    first = ", ".join(f"{each:.6g}" for each in value.reshape(-1)[:3])
    return f"a {shape} array ({first}, …)"
