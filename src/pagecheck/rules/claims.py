"""A claim holds: what a sentence concludes is true of what the page has computed.

A claim is ``<!--pagecheck:claim EXPRESSION-->`` at the end of a sentence. Unlike a
number it is never written anew: what no longer holds is for an author to rethink.
"""

from __future__ import annotations

from collections.abc import Iterator

from pagecheck.checked import CheckedPage
from pagecheck.problem import Problem


def check_claims(checked: CheckedPage) -> Iterator[Problem]:
    """Claims that are false, or say nothing."""
    for claim in checked.page.claims:
        state = checked.page.state_of(claim.section)
        truth = checked.run.values["claim", state, claim.expression]
        expected, found = f"{claim.expression} to be True", truth.vacuous or truth.error
        fix = "narrow the sentence to what holds, or correct the expression"
        if truth.vacuous:
            fix = "claim something that could be false"
        if found:
            yield checked.problem("claims", claim, expected, found, fix)
