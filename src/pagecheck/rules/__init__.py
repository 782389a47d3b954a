"""The rules of the page contract, each in a file of its own name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from pagecheck.checked import Check, CheckedPage, Rule
from pagecheck.config import ConfigError
from pagecheck.problem import Problem
from pagecheck.rules.claims import check_claims
from pagecheck.rules.definitions import check_definitions
from pagecheck.rules.figures import check_figures
from pagecheck.rules.formulas import check_formulas
from pagecheck.rules.notebooks import check_notebook
from pagecheck.rules.numbers import check_numbers
from pagecheck.rules.run import check_run
from pagecheck.rules.standalone import check_standalone
from pagecheck.rules.terms import check_terms
from pagecheck.rules.twins import check_twins


def check_page(checked: CheckedPage) -> Iterator[Check]:
    """What the reader of a page refused."""
    yield Check("page", 1, 1, partial(iter, checked.page.problems))


RULES: dict[str, Rule] = {
    "page": check_page,
    "run": check_run,
    "figures": check_figures,
    "formulas": check_formulas,
    "numbers": check_numbers,
    "claims": check_claims,
    "definitions": check_definitions,
    "twins": check_twins,
    "terms": check_terms,
    "standalone": check_standalone,
    "notebooks": check_notebook,
}
# Those of which a section has one check, whose problems name their columns.
_BY_SECTION = frozenset(["formulas", "claims"])


def checks_of(checked: CheckedPage) -> Iterator[Check]:
    """Every check of a page, by each rule that is not switched off; one for a place."""
    if unknown := {*checked.config.off} - {*RULES}:
        known = ", ".join(RULES)
        raise ConfigError(f"off names {', '.join(unknown)}, no rule; known: {known}")
    starts = [section.line for section in checked.page.sections]
    for name, rule in RULES.items():
        together: dict[int, list[Check]] = {}
        for check in rule(checked) if name not in checked.config.off else ():
            line = check.line
            if name in _BY_SECTION:
                line = max((start for start in starts if start <= line), default=1)
            together.setdefault(line, []).append(check)
        for line, checks in together.items():
            column = checks[0].column if name not in _BY_SECTION else 1
            yield Check(name, line, column, partial(_problems, checks))


def _problems(checks: Sequence[Check]) -> Iterator[Problem]:
    for check in checks:
        for each in check.problems():
            in_line = check.rule in _BY_SECTION and each.line == check.line
            yield replace(each, column=check.column) if in_line else each
