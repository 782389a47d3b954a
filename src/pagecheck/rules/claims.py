"""A claim holds: what a sentence concludes is true of what the page has computed.

A claim is ``<!--pagecheck:claim EXPRESSION-->`` at the end of a sentence. Unlike a
number it is never written anew: what no longer holds is for an author to rethink.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from operator import attrgetter

from pagecheck.checked import CheckedPage
from pagecheck.page import Region
from pagecheck.problem import Problem


def check_claims(checked: CheckedPage) -> Iterator[Problem]:
    """Claims that are false or say nothing; items of lists that make none."""
    page = checked.page
    for claim in page.claims:
        truth = checked.run.values[
            "claim", page.state_of(claim.section), claim.expression
        ]
        expected, found = f"{claim.expression} to be True", truth.vacuous or truth.error
        fix = "narrow the sentence to what holds, or correct the expression"
        if truth.vacuous:
            fix = "claim something that could be false"
        if found:
            yield checked.problem("claims", claim, expected, found, fix)
    for item in items_with_claims(checked):
        starts, at = page.claims, attrgetter("start")
        first, last = (bisect_left(starts, e, key=at) for e in (item.start, item.end))
        if first == last and all(number.binding is None for number in item.numbers):
            expected = "a claim, or a computed number, in each item of this list"
            fix = "end a sentence with <!--pagecheck:claim EXPRESSION-->"
            yield checked.problem("claims", item.line, expected, "neither", fix)


def items_with_claims(checked: CheckedPage) -> Iterator[Region]:
    """The items of lists that have to make a claim, on a page with code."""
    page = checked.page
    if any(block.language == "python" for block in page.blocks):
        for region in page.regions:
            slug = page.sections[region.section].slug
            if region.kind == "item" and slug in checked.config.claimed:
                yield region
