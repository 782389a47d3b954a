r"""Whether a displayed formula equals what its directive names.

The formula's variables are the session's names. What it defines by an argument
(``\sigma(z) = …``) and what the session does not have runs over a grid with corners and
both signs. Every link of a chain is compared, in float64.
"""

from __future__ import annotations

import ast
import itertools
import math
import random
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from types import CodeType
from typing import Any

import numpy as np

from pagecheck.formula.evaluate import (
    RAISED,
    Array,
    UnknownNameError,
    as_matrix,
    called,
    evaluate,
    free_names,
    index_lengths,
    python_names,
    relate,
    summed_lengths,
    used_names,
)
from pagecheck.formula.parse import Formula, LatexError, Node, parse_formula

# Corners (0, the kinks at ±1), both signs, the small and the large.
GRID = (-20.0, -3.5, -1.0, -0.5, -1e-3, 0.0, 1e-3, 0.5, 1.0, 2.25, 20.0)
COARSE_GRID = (-2.5, -1.0, 0.0, 0.5, 3.0)
MOST_POINTS = 250
# The largest relative difference, by the precision that the expression is computed in.
TOLERANCES = {"float64": 1e-9, "float32": 3e-5, "float16": 1e-2, "bfloat16": 3e-2}

_CALLS = ("call", "call or product")
# Relations whose two sides are the directive's value: equal, or rounded to the right.
_EQUATIONS = frozenset(["=", "~"])


def differences(latex: str, expression: str, names: Mapping[str, Any]) -> list[str]:
    """How a formula differs from the value of an expression; empty where it does not.

    Args:
        latex: The displayed formula.
        expression: The Python expression that it must equal.
        names: The session's names.
    """
    try:
        formula = parse_formula(latex)
        code = compile(expression, "<pagecheck:formula>", "eval")
    except LatexError as error:
        return [str(error)]
    except SyntaxError as error:
        return [f"{expression}: {error.msg}"]
    if formula.relations[:1] == ("<-",):
        return _assigned(formula, code, expression, names)
    if "<-" in formula.relations:
        return ["an arrow that does not stand after the first term"]
    if "~" in formula.relations and set(formula.relations) - _EQUATIONS:
        return [r"\approx in a formula that compares"]
    return _compared(formula, code, expression, names)


def _assigned(
    formula: Formula, code: CodeType, expression: str, names: Mapping[str, Any]
) -> list[str]:
    """What is wrong with an assignment: the name gets the value, and has another."""
    left, *terms = formula.terms
    own = python_names(left)
    if not own or "<-" in formula.relations[1:]:
        return ["an arrow after something that is no name"]
    if not any(n == name or n.startswith(f"{name}_") for name in own for n in names):
        return [f"the session has nothing called {own[0]}"]
    if expression.isidentifier() and not expression.startswith(tuple(own)):
        return [f"{own[0]} on the left, not {expression}"]
    return _compared(
        Formula(tuple(terms), formula.relations[1:]), code, expression, names
    )


def _compared(
    formula: Formula, code: CodeType, expression: str, names: Mapping[str, Any]
) -> list[str]:
    for term in formula.terms:
        names = {**summed_lengths(term, names), **names}
    free = _free_variables(formula, names)
    found = _at_all_points(formula, code, names, free)
    held = [name for name in free if name in names]
    if found is None and held:
        # The expression takes no single numbers: what the session holds, then.
        free = [name for name in free if name not in names]
        found = _at_all_points(formula, code, names, free)
    if found is None:
        return [f"{expression} has no value: {_error_of(code, names, free)}"]
    if found or set(formula.relations) - _EQUATIONS:
        return found
    misnamed = _misnamed(formula, expression, names, free)
    return misnamed or _at_moved_points(formula, code, expression, names, free)


def _misnamed(
    formula: Formula, expression: str, names: Mapping[str, Any], free: Sequence[str]
) -> list[str]:
    """Names that are not those of what the directive names.

    What a formula defines has no value to be compared, but it has a name: beside a
    directive ``z1`` it is ``z_1``, beside ``grad_W2`` a derivative by ``W_2``; and what
    a derivative is by, the session knows.
    """
    problems, mentioned = [], _mentioned(expression)
    somewhere = {**names, **_first_values(formula, names, free)}
    for index, term in enumerate(formula.terms):
        if term.kind == "derivative":
            if not _has_value(term, somewhere):
                problems += _unnamed(term.children[0], expression, mentioned)
            for by in (python_names(each) for each in term.children[1:]):
                gradients = [f"grad_{name}" for name in by]
                if (
                    re.fullmatch(r"grad_\w+", expression)
                    and expression not in gradients
                ):
                    problems.append(f"a derivative by {by[0]}, not {expression}")
                elif not expression.isidentifier() and not set(by) & mentioned:
                    problems.append(
                        f"a derivative by {by[0]}, which {expression} does not name"
                    )
                elif not set(by) & {*names, *free}:
                    problems.append(f"a derivative by {by[0]}, unknown to the session")
        elif index == 0 and len(formula.terms) > 1 and (called := python_names(term)):
            if expression.isidentifier() and expression not in called:
                problems.append(f"{called[0]} on the left, not {expression}")
            elif term.kind == "index" and not set(called) & set(names):
                base = python_names(term.children[0])
                running = {part.value for part in term.children[1:]} <= set(free)
                if not running and not set(base) & set(names):
                    problems.append(f"the session has nothing called {called[0]}")
    return problems


def _unnamed(of: Node, expression: str, mentioned: set[str]) -> list[str]:
    """What a derivative is of, where it has no value but that of the directive.

    The directive then has to name it: ``jacobian(lambda u: (z := f(u)), u)``.
    """
    if set(python_names(of)) & mentioned:
        return []
    base, places = called(Node("call", "", (of,))), of.children[1:]
    if set(python_names(base)) & mentioned and {p.value for p in places} <= mentioned:
        return []
    name = (python_names(of) or python_names(base) or ["something"])[0]
    return [
        f"a derivative of {name}, which has no value and which {expression} does not "
        f"name: let it be of ({name} := …)"
    ]


def _at_moved_points(
    formula: Formula,
    code: CodeType,
    expression: str,
    names: Mapping[str, Any],
    free: Sequence[str],
) -> list[str]:
    """The differences where the session's own values are moved a little.

    A value of 0 or 1 hides a sign or a power. What both the formula and the expression
    name is moved in both; terms that stand on anything else are left out.
    """
    mentioned = _mentioned(expression)
    rounded = _rounded_terms(formula)
    for index, term in enumerate(formula.terms):
        used = used_names(term, names)
        movable = {n for n in used & mentioned if _is_movable(names[n])} - set(free)
        fixed = {name for name in used if not _is_movable(names[name])}
        somewhere = {**names, **_first_values(formula, names, free)}
        if index in rounded or not movable or not used <= movable | fixed:
            continue
        if not _has_value(term, somewhere):
            continue
        for seed in range(3):
            moved = {name: _moved(names[name], seed) for name in sorted(movable)}
            part = replace(formula, terms=(term,), relations=())
            found = _at_all_points(part, code, {**names, **moved}, list(free))
            if found:
                return [
                    each.replace("the left-hand side", _link(index))
                    + f" where {', '.join(moved)} are moved"
                    for each in found
                ]
    return []


def _link(index: int) -> str:
    return f"term {index + 1} of the chain" if index else "the left-hand side"


def _mentioned(expression: str) -> set[str]:
    """The names in a Python expression, the arguments of its lambdas among them."""
    nodes = list(ast.walk(ast.parse(expression)))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names | {node.arg for node in nodes if isinstance(node, ast.arg)}


def _has_value(term: Node, names: Mapping[str, Any]) -> bool:
    try:
        evaluate(term, names)
    except LatexError:
        return False
    return True


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


def _free_variables(formula: Formula, names: Mapping[str, Any]) -> list[str]:
    """What runs over the grid.

    It is the arguments of what the left-hand side defines, what it is derived by, and
    the names that the session does not have.
    """
    terms, free = list(formula.terms), []
    if len(terms) > 1:
        left = terms[0]
        if left.kind == "derivative":
            left, *by = left.children
            free += [n for each in by for n in _plain_name(each) if n not in names]
        if left.kind in _CALLS and _defines_function(left, names):
            free += [name for each in left.children[1:] for name in _plain_name(each)]
        if _is_definition(left, names):
            terms = terms[1:]
    known = {**names, **dict.fromkeys(free)}
    for term in terms:
        free += free_names(term, lambda name: name in known)
    return list(dict.fromkeys(free))


def _defines_function(call: Node, names: Mapping[str, Any]) -> bool:
    own = python_names(called(call))
    held = [names[name] for name in own if name in names]
    return not held or callable(held[0])


def _plain_name(node: Node) -> list[str]:
    return python_names(node)[:1] if node.kind in ("name", "marked") else []


def _is_definition(term: Node, names: Mapping[str, Any]) -> bool:
    """Whether a term names what the formula defines, unknown to the session."""
    if term.kind in _CALLS:
        return True
    return bool(python_names(term)) and not any(n in names for n in python_names(term))


def _at_all_points(
    formula: Formula,
    code: CodeType,
    names: Mapping[str, Any],
    free: list[str],
) -> list[str] | None:
    """The differences at the first point that has any; None where there is no value."""
    compared = False
    spans = _spans(formula, names, free)
    for point in _points(spans):
        values = dict(zip(free, point, strict=True))
        try:
            wanted = eval(code, {**names, **_as_tensors(values)})
        except RAISED:
            continue
        compared = True
        found = _at_one_point(formula, wanted, {**names, **values})
        if found:
            where = ", ".join(
                # A reader counts from 1.
                f"{n} = {v + 1 if isinstance(v, int) else v:g}"
                for n, v in values.items()
            )
            return [f"{each} at {where}" if where else each for each in found]
    return [] if compared else None


def _spans(
    formula: Formula, names: Mapping[str, Any], free: Sequence[str]
) -> list[Sequence[float]]:
    """What each free variable runs over: a grid, or an index all its places."""
    lengths: dict[str, int] = {}
    for term in formula.terms:
        lengths = {**index_lengths(term, names), **lengths}
    grid = GRID if len(free) <= 2 else COARSE_GRID
    return [range(lengths[name]) if name in lengths else grid for name in free]


def _first_values(
    formula: Formula, names: Mapping[str, Any], free: Sequence[str]
) -> dict[str, float]:
    spans = _spans(formula, names, free)
    return {
        name: span[0] if isinstance(span, range) else 0.5
        for name, span in zip(free, spans, strict=True)
    }


def _points(spans: Sequence[Sequence[float]]) -> Iterator[tuple[float, ...]]:
    """The points of a grid; of a large one, so many as there is time for."""
    size = math.prod(len(span) for span in spans)
    if size <= MOST_POINTS:
        yield from itertools.product(*spans)
        return
    random_ = random.Random(0)
    for _ in range(MOST_POINTS):
        yield tuple(random_.choice(span) for span in spans)


def _as_tensors(values: Mapping[str, float]) -> dict[str, object]:
    """Numbers as the page's own functions take them: float64 tensors without axes.

    An index stays an integer, which counts from 0 as the page's code does.
    """
    if "torch" not in sys.modules:
        return dict(values)
    torch = sys.modules["torch"]
    return {
        name: value
        if isinstance(value, int)
        else torch.tensor(value, dtype=torch.float64)
        for name, value in values.items()
    }


def _error_of(code: CodeType, names: Mapping[str, Any], free: list[str]) -> str:
    try:
        eval(code, {**names, **_as_tensors(dict.fromkeys(free, 1.0))})
    except RAISED as error:
        return f"{type(error).__name__}: {error}"
    return "it has none at the points of the grid"


def _at_one_point(
    formula: Formula, wanted: object, names: Mapping[str, Any]
) -> list[str]:
    if set(formula.relations) - _EQUATIONS:
        return _relation_fails(formula, wanted, names)
    try:
        target, tolerance = as_matrix(wanted), _tolerance(wanted)
    except LatexError as error:
        return [f"the directive's value: {error}"]
    found, compared = [], 0
    rounded = _rounded_terms(formula)
    for index, term in enumerate(formula.terms):
        if index in rounded:
            found += _rounds_not(term, target, index)
            compared += 1
            continue
        try:
            value = evaluate(term, names)
        except LatexError as error:
            if not _may_be_undefined(term, index, len(formula.terms), error):
                found.append(str(_explain(error)))
            continue
        compared += 1
        if not _equal(value, target, tolerance):
            found.append(f"{_link(index)} is {_show(value)}, not {_show(target)}")
    if not compared and not found:
        found.append("nothing in it has a value; is it notation?")
    return found


def _rounded_terms(formula: Formula) -> set[int]:
    r"""The terms right of ``\approx``, which show the value in digits."""
    return {i for i, relation in enumerate(formula.relations, 1) if relation == "~"}


def _rounds_not(term: Node, target: Array, index: int) -> list[str]:
    """How digits differ from a value that they should be, honestly rounded."""
    try:
        digits = _digits(term)
    except (LatexError, ValueError):
        return [r"something other than digits right of \approx"]
    shape = (len(digits), len(digits[0])) if len(digits) * len(digits[0]) > 1 else ()
    if target.shape != shape:
        return [f"{_link(index)} has the shape {shape}, not {target.shape}"]
    shown_ones = [each for row in digits for each in row]
    for shown, value in zip(shown_ones, target.reshape(-1), strict=True):
        unit = Decimal(1).scaleb(int(shown.as_tuple().exponent))
        finite = math.isfinite(value)
        if not finite or abs(Decimal(float(value)) - shown) > unit / 2:
            return [f"{_link(index)} is {shown}, not {value:.10g} rounded"]
    return []


def _digits(term: Node) -> list[list[Decimal]]:
    """The numbers that a term shows: one, or those of a matrix, by its rows."""
    if term.kind == "matrix":
        return [[_decimal(cell) for cell in row.children] for row in term.children]
    return [[_decimal(term)]]


def _decimal(term: Node) -> Decimal:
    r"""A number as it is written: 0.50, -2, 1.0 \times 10^{-3}.

    Raises:
        LatexError: When it is none.
    """
    match term:
        case Node("number", text):
            return Decimal(text)
        case Node("negate", _, (inner,)):
            return -_decimal(inner)
        case Node("times", _, (first, Node("power", _, (Node("number", "10"), power)))):
            return _decimal(first).scaleb(int(_decimal(power)))
    raise LatexError("no number in digits")


def _relation_fails(
    formula: Formula,
    wanted: object,
    names: Mapping[str, Any],
) -> list[str]:
    try:
        values = [evaluate(term, names) for term in formula.terms]
        holds = bool(as_matrix(wanted).all())
    except LatexError as error:
        return [str(_explain(error))]
    found = [
        f"{_show(left)} {relation} {_show(right)} does not hold"
        for relation, left, right in zip(
            formula.relations, values, values[1:], strict=False
        )
        if not (_equal(left, right, 1e-9) if relation == "=" else False)
        and not relate(relation, left, right)
    ]
    if not holds:
        found.append("the directive's expression is false")
    return found


def _may_be_undefined(term: Node, index: int, terms: int, error: LatexError) -> bool:
    """Whether a term may go without a value: it names what the formula defines."""
    if not isinstance(error, UnknownNameError) or terms < 2:
        return False
    if term.kind == "derivative":
        return True
    return index == 0 and (term.kind in _CALLS or bool(python_names(term)))


def _explain(error: LatexError) -> str:
    if isinstance(error, UnknownNameError):
        return f"the session has nothing called {error}"
    return str(error)


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
