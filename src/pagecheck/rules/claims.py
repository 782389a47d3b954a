"""A claim holds: what a sentence concludes is true of what the page has computed.

A claim is ``<!--pagecheck:claim EXPRESSION-->`` at the end of a sentence. Unlike a
number it is never written anew: what no longer holds is for an author to rethink.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import partial

from pagecheck.checked import Check, CheckedPage
from pagecheck.page import Claim, Region
from pagecheck.problem import Problem


def check_claims(checked: CheckedPage) -> Iterator[Check]:
    """Each claim of a page, and each item of a list that has to make one."""
    page = checked.page
    starts = [claim.start for claim in page.claims]
    for claim in page.claims:
        yield Check("claims", claim.line, claim.column, partial(_false, checked, claim))
    if any(block.language == "python" for block in page.blocks):
        for region in page.regions:
            slug = page.sections[region.section].slug
            if region.kind == "item" and slug in checked.config.claimed:
                missing = partial(_missing, checked, region, starts)
                yield Check("claims", region.line, 1, missing)


def _false(checked: CheckedPage, claim: Claim) -> Iterator[Problem]:
    state = checked.page.state_of(claim.section)
    truth = checked.run.values["claim", state, claim.expression]
    if truth.vacuous:
        found, fix = truth.vacuous, "claim something that could be false"
    elif truth.error:
        found = truth.error
        fix = "narrow the sentence to what holds, or correct the expression"
    else:
        return
    expected = f"{claim.expression} to be True"
    yield checked.problem("claims", claim.line, expected, found, fix)


def _missing(
    checked: CheckedPage, region: Region, starts: Sequence[int]
) -> Iterator[Problem]:
    bound = [number for number in region.numbers if number.binding is not None]
    first, last = (bisect_left(starts, each) for each in (region.start, region.end))
    if not bound and first == last:
        expected = "a claim, or a number that is computed, in each item of this list"
        fix = "end a sentence with <!--pagecheck:claim EXPRESSION-->"
        yield checked.problem("claims", region.line, expected, "neither", fix)
