"""What running a page gives: outputs, errors, figures, values, claims, formulas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pagecheck.page import Formula, Page


@dataclass(frozen=True)
class Drawn:
    """A figure as SVG, or why it cannot be drawn."""

    svg: str = ""
    error: str | None = None


@dataclass(frozen=True)
class BlockResult:
    """What a block did."""

    output: str = ""  # all that it printed, warnings in their place
    error: str | None = None  # the exception's name; Stopped if from outside
    message: str = ""  # that exception as a reader sees it: ``Type: message``
    offset: int = 0  # the line of the block that raised it, counted from 0
    figures: tuple[Mapping[str, Drawn], ...] = ()  # left open; by language
    not_reached: bool = False  # a block before it failed


@dataclass(frozen=True)
class Value:
    """The value of a bound expression, or of a claim."""

    digits: str | None = None  # its exact digits, or True
    error: str = ""  # why there are none
    vacuous: str = ""  # why the value says nothing of the page's code


# What is evaluated: the block that it is evaluated after, and its text. A formula has
# two texts, its LaTeX and what it must equal.
ValueKey = tuple[int | None, str]
FormulaKey = tuple[int | None, str, str]


@dataclass
class Run:
    """What running a page gave: for a formula, how it differs from its expression."""

    blocks: list[BlockResult] = field(default_factory=list)
    values: dict[ValueKey, Value] = field(default_factory=dict)
    claims: dict[ValueKey, Value] = field(default_factory=dict)
    formulas: dict[FormulaKey, list[str]] = field(default_factory=dict)
    ended: bool = field(default=False, compare=False)  # all of it, as the page says
    # Where it is kept and does not yet count.
    waits_in: Path | None = field(default=None, compare=False)


def evaluated(page: Page) -> Iterator[tuple[str, Any]]:
    """What a page has evaluated: its place in a `Run`, and its key there."""
    for region in page.regions:
        for number in region.numbers:
            if number.binding is not None:
                yield "values", (page.state_of(region.section), number.binding)
    for claim in page.claims:
        yield "claims", (page.state_of(claim.section), claim.expression)
    for formula in page.formulas:
        if (key := formula_key(page, formula)) is not None:
            yield "formulas", key


def formula_key(page: Page, formula: Formula) -> FormulaKey | None:
    """A formula, with the block it is evaluated after; None where it is notation."""
    if formula.expression is None:
        return None
    return page.state_after(formula.line), formula.latex, formula.expression
