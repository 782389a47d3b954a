"""Rule 4: a displayed formula equals what its directive names."""

from __future__ import annotations

from collections.abc import Sequence

from pagecheck.page import Formula, Page
from pagecheck.problem import Problem


def check_formula(
    page: Page, formula: Formula, differences: Sequence[str] | None
) -> list[Problem]:
    """How a displayed formula differs from what its directive names.

    Args:
        page: The page.
        formula: The formula.
        differences: What comparing them gave; None where the page did not get there.
    """
    if formula.expression is None:
        return []  # declared notation, or refused by the parser
    if differences is None:
        differences = ["the block that it is evaluated after did not run to its end"]
    expected = f"{' '.join(formula.latex.split())} to equal {formula.expression}"
    fix = "correct the formula or the directive before it"
    return [
        Problem("formulas", page.path, formula.line, expected, difference, fix)
        for difference in differences
    ]
