"""The rules of the page contract, each in a file of its own name."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial

from pagecheck.checked import Check, CheckedPage, Rule
from pagecheck.config import ConfigError
from pagecheck.page import Placed
from pagecheck.problem import Problem
from pagecheck.rules.claims import check_claims
from pagecheck.rules.definitions import check_definitions
from pagecheck.rules.figures import check_figures
from pagecheck.rules.formulas import check_formulas, formulas_to_check
from pagecheck.rules.notebooks import check_notebook
from pagecheck.rules.numbers import check_numbers
from pagecheck.rules.run import check_run
from pagecheck.rules.standalone import check_standalone
from pagecheck.rules.twins import check_twins

RULES: dict[str, Rule] = {
    "page": lambda checked: iter(checked.page.problems),
    "run": check_run,
    "figures": check_figures,
    "formulas": check_formulas,
    "numbers": check_numbers,
    "claims": check_claims,
    "definitions": check_definitions,
    "twins": check_twins,
    "standalone": check_standalone,
    "notebooks": check_notebook,
}


def checks_of(checked: CheckedPage) -> Iterator[Check]:
    """Every check of a page, by each rule that is not switched off.

    A rule has a check for each of its places, which is of all from there to the next.
    """
    if unknown := {*checked.config.off} - {*RULES}:
        known = ", ".join(RULES)
        raise ConfigError(f"off names {', '.join(unknown)}, no rule; known: {known}")
    for name, places in _places(checked).items():
        if name not in checked.config.off:
            yield from _checks(name, places, checked)


def _checks(
    name: str, places: Sequence[Placed], checked: CheckedPage
) -> Iterator[Check]:
    lines = [place.line for place in places]
    found = cache(lambda: [*RULES[name](checked)])

    def problems(index: int) -> list[Problem]:
        at = (max(bisect_right(lines, each.line) - 1, 0) for each in found())
        return [each for each, place in zip(found(), at, strict=True) if place == index]

    for index, place in enumerate(places):
        yield Check(name, place, partial(problems, index))


def _places(checked: CheckedPage) -> dict[str, Sequence[Placed]]:
    """Where on a page each rule has something to check."""
    page, config = checked.page, checked.config
    blocks, first = page.blocks, page.sections[:1]
    python = any(block.language == "python" for block in blocks)

    def sections(of: Iterable[Placed]) -> list[Placed]:
        return [page.sections[each] for each in sorted({it.section for it in of})]

    return {
        "page": first,
        "run": [block for block in blocks if block.unchecked is None],
        "figures": [
            *first * python,
            *(block.image for block in blocks if block.image),
        ],
        "formulas": sections(formulas_to_check(page)),
        "numbers": sections(region for region in page.regions if region.numbers),
        "claims": sections(page.claims),
        "definitions": first * (python and config.definitions is not None),
        "twins": first * bool(checked.twins),
        "standalone": first * python,
        "notebooks": first * page.holds_figures,
    }
