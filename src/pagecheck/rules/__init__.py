"""The rules of the page contract, each in a file of its own name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from pagecheck.checked import Check, CheckedPage, Rule
from pagecheck.rules.claims import check_claims
from pagecheck.rules.definitions import check_definitions
from pagecheck.rules.figures import check_figures
from pagecheck.rules.formulas import check_formulas
from pagecheck.rules.notebooks import check_notebook
from pagecheck.rules.numbers import check_numbers
from pagecheck.rules.outputs import check_outputs
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
    "outputs": check_outputs,
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
# Those that need the page to be run.
RUNNING = frozenset(["run", "outputs", "figures", "formulas", "numbers", "claims"])


def checks_of(checked: CheckedPage) -> Iterator[Check]:
    """Every check of a page, by each rule that is not switched off."""
    for name, rule in RULES.items():
        if name not in checked.config.off:
            yield from rule(checked)
