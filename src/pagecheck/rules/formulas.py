"""A formula equals what its directive names, at every point of a grid.

A displayed formula has a directive, and so has inline mathematics, unless it is a name,
its numbers are bound, or it stands in a formula of the page that is compared.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import partial

from pagecheck.checked import Check, CheckedPage
from pagecheck.formula.latex import is_name, occurs
from pagecheck.page import Formula
from pagecheck.problem import Problem
from pagecheck.results import formula_key


def check_formulas(checked: CheckedPage) -> Iterator[Check]:
    """Each formula that is compared, and each that something should vouch for."""
    page = checked.page
    numbers = (number for region in page.regions for number in region.numbers)
    bound = sorted(number.start for number in numbers if number.binding is not None)
    for formula in page.formulas:
        if formula.expression is not None:
            wrong = partial(_differs, checked, formula)
        elif not formula.inline or formula.unchecked or is_name(formula.latex):
            continue  # a displayed formula without a directive is the reader's affair
        else:
            wrong = partial(_unfounded, checked, formula, bound)
        yield Check("formulas", formula.line, formula.column, wrong)


def _differs(checked: CheckedPage, formula: Formula) -> Iterator[Problem]:
    expected = f"{' '.join(formula.latex.split())} to equal {formula.expression}"
    if found := checked.run.values[formula_key(checked.page, formula)].error:
        fix = "correct the formula or its directive"
        yield checked.problem("formulas", formula.line, expected, found, fix)


def _unfounded(
    checked: CheckedPage, formula: Formula, bound: Sequence[int]
) -> Iterator[Problem]:
    """Inline mathematics that nothing vouches for; bound numbers, by their places."""
    page, end = checked.page, formula.start + len(formula.latex)
    if bisect_left(bound, formula.start) < bisect_left(bound, end):
        return
    compared = [each.latex for each in page.formulas if each.expression is not None]
    if not any(occurs(formula.latex, each) for each in compared):
        expected = "a directive, bound numbers, or a formula of the page that holds it"
        fix = "write <!--pagecheck:formula EXPRESSION--> after it, or bind its numbers"
        found = f"${formula.latex}$"
        yield checked.problem("formulas", formula.line, expected, found, fix)
