"""What running a page gives: outputs, errors, figures, values, claims, formulas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pagecheck.page import Formula, Page


@dataclass(frozen=True)
class Drawn:
    """A figure as SVG, or why it cannot be drawn."""

    svg: str = ""
    error: str | None = None


@dataclass(frozen=True)
class BlockResult:
    """What a block did.

    Attributes:
        output: All that it printed, warnings in their place.
        error: The name of the exception that it ended with, if it did; ``Stopped``
            where it was ended from outside, or has left something behind.
        message: That exception as a reader sees it, ``Type: message``.
        offset: The line of the block at which it was raised, counted from 0.
        figures: The figures that it left open, each by the language of its texts.
        not_reached: Whether a block before it failed, so that it did not run.
    """

    output: str = ""
    error: str | None = None
    message: str = ""
    offset: int = 0
    figures: tuple[Mapping[str, Drawn], ...] = ()
    not_reached: bool = False


@dataclass(frozen=True)
class Value:
    """The value of a bound expression, or of a claim.

    Attributes:
        digits: Its exact digits, or ``True``; None where there are none.
        error: Why there are none.
        vacuous: Why the value says nothing of the page's code, if it does not.
    """

    digits: str | None = None
    error: str = ""
    vacuous: str = ""


# What is evaluated: the block that it is evaluated after, and its text. A formula has
# two texts, its LaTeX and what it must equal.
ValueKey = tuple[int | None, str]
FormulaKey = tuple[int | None, str, str]


@dataclass
class Run:
    """What running a page gave.

    Attributes:
        blocks: What each block did, in order.
        values: The value of each bound expression.
        claims: That of each claim; it holds where there is no error.
        formulas: How each formula differs from what its directive names.
        saw: The first thing that the page saw and that a kept run's name does not
            stand for: a file, a process, the network.
    """

    blocks: list[BlockResult] = field(default_factory=list)
    values: dict[ValueKey, Value] = field(default_factory=dict)
    claims: dict[ValueKey, Value] = field(default_factory=dict)
    formulas: dict[FormulaKey, list[str]] = field(default_factory=dict)
    saw: str = field(default="", compare=False)


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
