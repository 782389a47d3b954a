r"""Whether a formula equals what its directive names.

The formula's variables are the session's names. What it defines by an argument
(`\sigma(z) = …`) and what the session does not have runs over a grid with corners and
both signs. Every link of a chain is compared, in float64.

A directive is a Python expression, and says itself what a symbol stands for where code
calls it otherwise: `boost * lr where eta = lr`; `L := mse(y_hat, y)` gives the value a
name, `dL_dw := grad_w` that of a derivative, `grad(lambda w: (L := loss(w)))(w)` says
what is derived by what.
"""

from __future__ import annotations

import ast
import contextlib
import itertools
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pagecheck.formula.evaluate import (
    CALLS,
    RAISED,
    Array,
    Evaluator,
    UnknownNameError,
    as_matrix,
    as_tensor,
    called,
    free_names,
    index_lengths,
    nodes,
    relate,
)
from pagecheck.formula.latex import Formula, LatexError, Node, parse, spellings

# Corners (0, the kinks at ±1), both signs, the small and the large.
GRID = (-20.0, -3.5, -1.0, -0.5, -1e-3, 0.0, 1e-3, 0.5, 1.0, 2.25, 3.25, 20.0)
COARSE_GRID = (-2.5, -1.0, 0.0, 0.5, 3.0)
MOST_POINTS = 250
# The largest relative difference, by the precision that the expression is computed in.
TOLERANCES = {"float64": 1e-9, "float32": 3e-5, "float16": 1e-2, "bfloat16": 3e-2}


def differences(latex: str, expression: str, namespace: Mapping[str, Any]) -> list[str]:
    """How a formula differs from what its directive names; empty where it does not.

    Args:
        latex: The formula.
        expression: What its directive says: a Python expression, and after ` where `
            what the formula's symbols stand for, where that is not their own name.
        namespace: The session's names.
    """
    try:
        comparison = _Comparison(parse(latex), _Claim.read(expression), Evaluator())
        return comparison.differences(dict(namespace))
    except LatexError as error:
        return [_told(error)]


def _told(error: LatexError) -> str:
    if not isinstance(error, UnknownNameError):
        return str(error)
    return (
        f"the session has nothing called {error}: correct it, name it in the "
        f"directive ({error} := …) or say what it is (… where {error} = …)"
    )


@dataclass(frozen=True)
class _Claim:
    """What a directive says: an expression, and what symbols stand for."""

    text: str
    tree: ast.Expression
    symbols: dict[str, ast.Expression]

    @classmethod
    def read(cls, directive: str) -> _Claim:
        text, _, where = directive.partition(" where ")
        try:
            # In brackets, so that L := … may stand by itself.
            tree = ast.parse(f"({text})", mode="eval")
            symbols = ast.parse(f"dict({where})", mode="eval").body
        except SyntaxError as error:
            raise LatexError(f"{directive}: {error.msg}") from error
        except (ValueError, RecursionError, MemoryError) as error:
            raise LatexError(f"{directive:.60}: it is no Python: {error}") from error
        plain = isinstance(symbols, ast.Call) and not symbols.args
        keywords = symbols.keywords if isinstance(symbols, ast.Call) else []
        if not plain or any(each.arg is None for each in keywords):
            raise LatexError(f"{where}: write NAME = EXPRESSION, NAME = EXPRESSION")
        named = {str(each.arg): ast.Expression(each.value) for each in keywords}
        return cls(text, tree, named)

    def value(self, names: dict[str, Any]) -> object:
        """The expression's value; what it names is among the names from then on."""
        self.place_symbols(names)
        return eval(compile(self.tree, "<formula>", "eval"), names)

    def place_symbols(self, names: dict[str, Any]) -> None:
        """Put what its symbols stand for among the names."""
        for symbol, tree in self.symbols.items():
            names[symbol] = eval(compile(tree, "<formula>", "eval"), names)

    def mentioned(self) -> set[str]:
        """The names in the expression itself."""
        every = ast.walk(self.tree)
        return {node.id for node in every if isinstance(node, ast.Name)}

    def derives(self, of: Node, by: Node) -> bool:
        """Whether a function in it is of `by`, and names its value `of`."""
        base, *places = of.children if of.kind == "index" else (of,)
        for function in ast.walk(self.tree):
            if isinstance(function, ast.Lambda):
                given = {each.arg for each in function.args.args}
                inside = list(ast.walk(function.body))
                targets = [n.target for n in inside if isinstance(n, ast.NamedExpr)]
                named = {n.id for n in targets if isinstance(n, ast.Name)}
                at = {place.value for place in places} <= self.mentioned()
                names = {*spellings(of), *(spellings(base) if at else ())}
                if given & {*spellings(by)} and named & names:
                    return True
        return False


@dataclass(frozen=True)
class _Comparison:
    formula: Formula
    claim: _Claim
    evaluator: Evaluator

    def differences(self, names: dict[str, Any]) -> list[str]:
        if unknown := set(self.formula.relations) - {"=", "!=", "<", ">", "<=", ">="}:
            raise LatexError(f"a relation that is not evaluated: {min(unknown)}")
        free = self.free_variables(names)
        found = self.at_all_points(names, free)
        if found is None and any(name in names for name in free):
            # The expression takes no single numbers: what the session holds, then.
            free = [name for name in free if name not in names]
            found = self.at_all_points(names, free)
        if found is None:
            return [f"{self.claim.text} has no value: {self.error(names, free)}"]
        return found or self.where_moved(names, free)

    def free_variables(self, names: Mapping[str, Any]) -> list[str]:
        """What runs over the grid.

        It is the arguments of what the left-hand side defines, what it is derived by,
        and the names that nothing says anything of.
        """
        walrus = (
            n.target for n in ast.walk(self.claim.tree) if isinstance(n, ast.NamedExpr)
        )
        known = {*names, *self.claim.symbols}
        known |= {target.id for target in walrus if isinstance(target, ast.Name)}
        free: list[str] = []
        for index, term in enumerate(self.formula.terms):
            inside: Sequence[Node] = [term]
            if term.kind == "derivative":
                of, by = term.children
                free += [] if known & {*spellings(by)} else spellings(by)[:1]
                inside = [of] if index == 0 and of.kind in CALLS else inside
            if index == 0 and inside[0].kind in CALLS and len(self.formula.terms) > 1:
                head, inside = called(inside[0]), inside[0].children[1:]
                held = [names[name] for name in spellings(head) if name in names]
                if not held or callable(held[0]):  # it defines a function
                    plain = [each for each in inside if each.kind in ("name", "mark")]
                    free += [name for each in plain for name in spellings(each)[:1]]
            elif index == 0 and len(self.formula.terms) > 1 and spellings(term):
                continue  # it is named, or refused
            for each in inside:
                free += free_names(each, dict.fromkeys([*known, *free]))
        return list(dict.fromkeys(free))

    def at_all_points(
        self, names: dict[str, Any], free: Sequence[str]
    ) -> list[str] | None:
        """The differences at the first point that has any; None where no value is."""
        compared = False
        for point in _points(self.spans(names, free)):
            given = dict(zip(free, point, strict=True))
            scope = {**names, **{n: as_tensor(v) for n, v in given.items()}}
            try:
                wanted = self.claim.value(scope)
            except RAISED:
                continue
            compared = True
            if found := self.at_one_point(wanted, {**scope, **given}):
                # A reader counts from 1.
                places = [(n, v + isinstance(v, int)) for n, v in given.items()]
                where = ", ".join(f"{name} = {value:g}" for name, value in places)
                return [f"{each} at {where}" if where else each for each in found]
        return [] if compared else None

    def spans(
        self, names: dict[str, Any], free: Sequence[str]
    ) -> list[Sequence[float]]:
        """What each free variable runs over: a grid, or an index all its places."""
        lengths: dict[str, int] = {}
        scope = dict(names)
        with contextlib.suppress(*RAISED):
            self.claim.place_symbols(scope)
        for term in self.formula.terms:
            lengths = {**index_lengths(term, scope), **lengths}
        grid = GRID if len(free) <= 2 else COARSE_GRID
        return [range(lengths[name]) if name in lengths else grid for name in free]

    def error(self, names: dict[str, Any], free: Sequence[str]) -> str:
        """Why the expression has no value."""
        try:
            self.claim.value({**names, **{name: as_tensor(1.0) for name in free}})
        except RAISED as error:
            return f"{type(error).__name__}: {error}"
        return "it has none at the points of the grid"

    def at_one_point(self, wanted: object, names: dict[str, Any]) -> list[str]:
        if set(self.formula.relations) - {"="}:
            return self.relation_fails(wanted, names)
        try:
            target, tolerance = as_matrix(wanted), _tolerance(wanted)
        except LatexError as error:
            return [f"the directive's value: {error}"]
        found, compared = [], 0
        for index, term in enumerate(self.formula.terms):
            try:
                value = self.evaluator.evaluate(term, names)
            except LatexError as error:
                if not (isinstance(error, UnknownNameError) and self.defines(index)):
                    found.append(_told(error))
                continue
            compared += 1
            if not _equal(value, target, tolerance):
                found.append(f"{_link(index)} is {_show(value)}, not {_show(target)}")
        if not compared and not found:
            found.append("nothing in it has a value; is it notation?")
        return found

    def defines(self, index: int) -> bool:
        """Whether a term may go without a value of its own.

        It does where the formula defines a function, and a derivative of what the
        directive derives.
        """
        term = self.formula.terms[index]
        if term.kind == "derivative":
            of, by = term.children
            defined = index == 0 and of.kind in CALLS
            return defined or self.claim.derives(of, by)
        return index == 0 and len(self.formula.terms) > 1 and term.kind in CALLS

    def relation_fails(self, wanted: object, names: dict[str, Any]) -> list[str]:
        values = [self.evaluator.evaluate(term, names) for term in self.formula.terms]
        links = zip(self.formula.relations, values, values[1:], strict=False)
        found = [
            f"{_show(left)} {relation} {_show(right)} does not hold"
            for relation, left, right in links
            if not (relation == "=" and _equal(left, right, TOLERANCES["float64"]))
            and not relate(relation, left, right)
        ]
        if not as_matrix(wanted).all():
            found.append("the directive's expression is false")
        return found

    def where_moved(self, names: dict[str, Any], free: Sequence[str]) -> list[str]:
        """The differences where the session's own values are moved a little.

        A value of 0 or 1 hides a sign or a power. What both the formula and the
        expression name is moved in both; terms that stand on anything else are left.
        """
        if set(self.formula.relations) - {"="}:
            return []
        mentioned, stands = self.claim.mentioned(), self.claim.symbols
        for index, term in enumerate(self.formula.terms):
            spelt = {name for node in nodes(term) for name in spellings(node)}
            used = {name for name in spelt - {*stands} if name in names}
            for symbol in spelt & {*stands}:
                inside = ast.walk(stands[symbol])
                used |= {n.id for n in inside if isinstance(n, ast.Name)} & {*names}
            movable = {name for name in used if _is_movable(names[name])} - {*free}
            if self.defines(index) or not movable or not movable <= mentioned:
                continue
            alone = _Comparison(Formula((term,), ()), self.claim, self.evaluator)
            for seed in range(3):
                moved = {name: _moved(names[name], seed) for name in sorted(movable)}
                if found := alone.at_all_points({**names, **moved}, free):
                    where = f" where {', '.join(moved)} are moved"
                    link = _link(index)
                    return [
                        f.replace("the left-hand side", link) + where for f in found
                    ]
        return []


def _link(index: int) -> str:
    return f"term {index + 1} of the chain" if index else "the left-hand side"


def _is_movable(value: object) -> bool:
    if isinstance(value, bool | int) or callable(value):
        return False
    dtype = str(getattr(value, "dtype", "float" if isinstance(value, float) else ""))
    return "float" in dtype


def _moved(value: Any, seed: int) -> object:  # noqa: ANN401 (a float or any tensor)
    """A value of the same kind, each of its elements moved by up to about a half."""
    shape = tuple(getattr(value, "shape", ()))
    noise = np.random.default_rng(seed).uniform(-0.5, 0.5, shape)
    if hasattr(value, "detach"):
        tensor = value.detach()
        return tensor + tensor.new_tensor(noise)
    return value + noise


def _points(spans: Sequence[Sequence[float]]) -> Iterator[tuple[float, ...]]:
    """The points of a grid; of a large one, so many as there is time for."""
    if math.prod(len(span) for span in spans) <= MOST_POINTS:
        yield from itertools.product(*spans)
        return
    random_ = random.Random(0)
    for _ in range(MOST_POINTS):
        yield tuple(random_.choice(span) for span in spans)


def _tolerance(wanted: object) -> float:
    dtype = str(getattr(wanted, "dtype", "float64")).removeprefix("torch.")
    return TOLERANCES.get(dtype, TOLERANCES["float64"])


def _equal(value: Array, target: Array, tolerance: float) -> bool:
    """Whether two values are equal, relative to the larger of them, NaN to NaN."""
    if value.shape != target.shape:
        if value.squeeze().shape != target.squeeze().shape:
            return False
        value, target = value.squeeze(), target.squeeze()
    finite = np.isfinite(target)
    if not np.array_equal(finite, np.isfinite(value)):
        return False
    if not np.array_equal(value[~finite], target[~finite], equal_nan=True):
        return False
    sizes = np.abs(np.concatenate([value[finite], target[finite], [0.0]]))
    scale = max(float(sizes.max()), 1e-3 if tolerance > 1e-8 else 1.0)
    return bool(np.all(np.abs(value[finite] - target[finite]) <= tolerance * scale))


def _show(value: Array) -> str:
    if value.ndim == 0:
        return f"{value:.10g}"
    shape = "×".join(str(each) for each in value.shape)
    first = ", ".join(f"{each:.6g}" for each in value.reshape(-1)[:3])
    return f"a {shape} array ({first}, …)"
