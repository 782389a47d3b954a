"""A formula equals what its directive names, at every point of a grid.

A displayed formula has a directive, and so has inline mathematics, unless it is a name
or its numbers are bound.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from pagecheck.checked import CheckedPage
from pagecheck.formula.latex import is_name
from pagecheck.page import Formula, Page
from pagecheck.problem import Problem
from pagecheck.results import formula_key


def check_formulas(checked: CheckedPage) -> Iterator[Problem]:
    """Formulas that are not what they must equal, or that nothing vouches for."""
    page = checked.page
    bound = sorted(each.start for each in page.numbers if each.binding is not None)
    for formula in formulas_to_check(page):
        if formula.expression is not None:
            expected = (
                f"{' '.join(formula.latex.split())} to equal {formula.expression}"
            )
            if found := checked.run.values[formula_key(page, formula)].error:
                fix = "correct the formula or its directive"
                yield checked.problem("formulas", formula, expected, found, fix)
        elif bisect_left(bound, formula.start) == bisect_left(bound, formula.end):
            expected = "a directive after it, or bound numbers in it"
            fix = "bind its numbers, or write <!--pagecheck:formula EXPRESSION--> after"
            found = f"${formula.latex}$"
            yield checked.problem("formulas", formula, expected, found, fix)


def formulas_to_check(page: Page) -> Iterator[Formula]:
    """The formulas that are compared, or that something should vouch for."""
    for formula in page.formulas:
        is_free = formula.inline and not formula.unchecked
        if formula.expression is not None or (is_free and not is_name(formula.latex)):
            yield formula
