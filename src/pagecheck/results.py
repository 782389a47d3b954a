"""What running a page gives: outputs, errors, figures, values of what it binds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pagecheck.page import Formula, Page

# A step of a run: its kind, which is block, number, claim or formula; the index of the
# block that it is, or is evaluated after; and what is evaluated. Of a formula that is
# its LaTeX and what it must equal.
Key = tuple[Any, ...]


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
    """The value of a bound expression or a claim, or how a formula differs from its."""

    digits: str | None = None  # its exact digits, or True
    error: str = ""  # why there are none; of a formula, how it differs
    vacuous: str = ""  # why the value says nothing of the page's code


@dataclass
class Run:
    """What running a page gave."""

    blocks: list[BlockResult] = field(default_factory=list)
    values: dict[Key, Value] = field(default_factory=dict)
    ended: bool = field(default=False, compare=False)  # all of it, as the page says


def evaluated(page: Page) -> Iterator[Key]:
    """What a page has evaluated."""
    for region in page.regions:
        for number in region.numbers:
            if number.binding is not None:
                yield "number", page.state_of(region.section), number.binding
    for claim in page.claims:
        yield "claim", page.state_of(claim.section), claim.expression
    for formula in page.formulas:
        if formula.expression is not None:
            yield formula_key(page, formula)


def formula_key(page: Page, formula: Formula) -> Key:
    """What is evaluated of a formula."""
    return "formula", page.state_after(formula.line), formula.latex, formula.expression
