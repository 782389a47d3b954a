"""A formula equals what its directive names, at every point of a grid.

A displayed formula has a directive. Inline mathematics needs one where it states
something, unless its numbers are bound; an expression that it only mentions is a part
of a formula that is compared, or has a directive of its own. A name needs none.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from pagecheck.checked import Check, CheckedPage
from pagecheck.formula.latex import kind, occurs
from pagecheck.page import Formula
from pagecheck.problem import Problem
from pagecheck.results import formula_key


def check_formulas(checked: CheckedPage) -> Iterator[Check]:
    """Each formula that is compared, and each that something should vouch for."""
    for formula in checked.page.formulas:
        if formula.expression is not None:
            wrong = partial(_differs, checked, formula)
        elif formula.inline and formula.unchecked is None:
            if kind(formula.latex) in ("name", "notation"):
                continue
            wrong = partial(_unfounded, checked, formula)
        else:
            continue  # declared unchecked, or refused by the reader
        yield Check("formulas", formula.line, formula.column, wrong)


def _differs(checked: CheckedPage, formula: Formula) -> Iterator[Problem]:
    """How a formula differs from what its directive names."""
    key = formula_key(checked.page, formula)
    not_reached = ["the block that it is evaluated after did not run to its end"]
    expected = f"{' '.join(formula.latex.split())} to equal {formula.expression}"
    fix = "correct the formula or its directive"
    for found in checked.run.formulas.get(key, not_reached) if key else ():
        yield checked.problem("formulas", formula.line, expected, found, fix)


def _unfounded(checked: CheckedPage, formula: Formula) -> Iterator[Problem]:
    """Inline mathematics that nothing vouches for."""
    page, end = checked.page, formula.start + len(formula.latex)
    bound = any(
        formula.start <= number.start < end and number.binding is not None
        for region in page.regions
        for number in region.numbers
    )
    compared = [each.latex for each in page.formulas if each.expression is not None]
    if bound or occurs(formula.latex, compared):
        return
    if kind(formula.latex) == "statement":
        expected = "a directive after inline mathematics that states something"
    else:
        expected = "an expression that a formula of the page holds, or a directive"
    fix = "write <!--pagecheck:formula EXPRESSION--> after it, or bind its numbers"
    found = f"${formula.latex}$"
    yield checked.problem("formulas", formula.line, expected, found, fix)
