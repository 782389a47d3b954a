"""A claim holds: what a sentence concludes is true of what the page has computed.

A claim is ``<!--pagecheck:claim EXPRESSION-->`` at the end of a sentence. Unlike a
number it is never written anew: what no longer holds is for an author to rethink.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from pagecheck.checked import Check, CheckedPage
from pagecheck.page import Claim, Region
from pagecheck.problem import Problem


def check_claims(checked: CheckedPage) -> Iterator[Check]:
    """Each claim of a page, and each item that has to make one."""
    for claim in checked.page.claims:
        yield Check("claims", claim.line, claim.column, partial(_false, checked, claim))
    for region in _bound_to_claim(checked):
        missing = partial(_missing, checked, region)
        yield Check("claims", region.line, 1, missing)


def _false(checked: CheckedPage, claim: Claim) -> Iterator[Problem]:
    key = checked.page.state_of(claim.section), claim.expression
    truth = checked.run.claims[key]
    if truth.vacuous:
        found, fix = truth.vacuous, "claim something that could be false"
    elif truth.error:
        found = truth.error
        fix = "narrow the sentence to what holds, or correct the expression"
    else:
        return
    expected = f"{claim.expression} to be True"
    yield checked.problem("claims", claim.line, expected, found, fix)


def _bound_to_claim(checked: CheckedPage) -> Iterator[Region]:
    """The list items of the sections in which each must carry a claim or a number."""
    page = checked.page
    if not any(block.language == "python" for block in page.blocks):
        return
    for region in page.regions:
        section = page.sections[region.section].slug
        if region.kind == "item" and section in checked.config.claimed:
            yield region


def _missing(checked: CheckedPage, region: Region) -> Iterator[Problem]:
    if any(number.binding is not None for number in region.numbers) or any(
        region.start <= claim.start < region.end for claim in checked.page.claims
    ):
        return
    expected = "a claim, or a number that is computed, in each item of this list"
    fix = "end a sentence with <!--pagecheck:claim EXPRESSION-->"
    yield checked.problem("claims", region.line, expected, "neither", fix)
