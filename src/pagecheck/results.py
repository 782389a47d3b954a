"""What running a page gives: outputs, errors, figures, values, claims, formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

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
            where it was ended from outside.
        message: That exception as a reader sees it, ``Type: message``.
        offset: The line of the block at which it was raised, counted from 0.
        figures: The figures that it left open, each as SVG or, where it cannot be
            drawn, with the reason, by the language of its texts.
        not_reached: Whether a block before it failed, so that it did not run.
        left: What it has left behind that keeps the page from being a script that
            ends with its last line; empty where there is nothing.
    """

    output: str = ""
    error: str | None = None
    message: str = ""
    offset: int = 0
    figures: tuple[Mapping[str, Drawn], ...] = ()
    not_reached: bool = False
    left: str = ""


@dataclass(frozen=True)
class Value:
    """The value of a bound expression.

    Attributes:
        digits: Its exact digits; None where there are none.
        error: Why there are none.
        vacuous: Why the value says nothing of the page's code, if it does not.
    """

    digits: str | None
    error: str = ""
    vacuous: str = ""


@dataclass(frozen=True)
class Truth:
    """Whether a claim holds.

    Attributes:
        holds: Whether its expression is exactly True.
        error: What it is instead.
        vacuous: Why it says nothing of the page's code, if it does not.
    """

    holds: bool
    error: str = ""
    vacuous: str = ""


# What the texts of figures are called, by language; None where they stay.
FigureTexts = Mapping[str, Mapping[str, str] | None]
# A bound expression or a claim: the block that it is evaluated after, and its text.
ValueKey = tuple[int | None, str]
# A formula: the block that it is evaluated after, its LaTeX, what it must equal.
FormulaKey = tuple[int | None, str, str]


@dataclass
class Run:
    """What running a page gave.

    Attributes:
        blocks: What each block did, in order.
        values: The value of each bound expression.
        claims: Whether each claim holds.
        formulas: How each formula differs from what its directive names; none where
            the page did not get there.
        saw: The first thing that the page saw and that a kept run's name does not
            stand for: a file, a process, the network, the clock.
        modules: The files of the modules that it had loaded at its end.
        seconds: How long it took by the clock; 0 for a run that was kept.
    """

    blocks: list[BlockResult] = field(default_factory=list)
    values: dict[ValueKey, Value] = field(default_factory=dict)
    claims: dict[ValueKey, Truth] = field(default_factory=dict)
    formulas: dict[FormulaKey, list[str]] = field(default_factory=dict)
    saw: str = field(default="", compare=False)
    modules: list[str] = field(default_factory=list, compare=False)
    seconds: float = field(default=0.0, compare=False)


def value_keys(page: Page) -> Iterator[ValueKey]:
    """The bound expressions of a page, each with the block it is evaluated after."""
    for unit in page.regions:
        for number in unit.numbers:
            if number.binding is not None:
                yield page.state_of(unit.section), number.binding


def claim_keys(page: Page) -> Iterator[ValueKey]:
    """The claims of a page, each with the block that it is evaluated after."""
    for claim in getattr(page, "claims", ()):
        yield page.state_of(claim.section), claim.expression


def formula_keys(page: Page) -> Iterator[FormulaKey]:
    """The formulas of a page that are compared with an expression."""
    for formula in page.formulas:
        if (key := formula_key(page, formula)) is not None:
            yield key


def formula_key(page: Page, formula: Formula) -> FormulaKey | None:
    """A formula, with the block it is evaluated after; None where it is notation."""
    if formula.expression is None:
        return None
    return page.state_after(formula.line), formula.latex, formula.expression


class Kind(NamedTuple):
    """A kind of what is evaluated beside the code: `Run` has a dict of its name.

    Attributes:
        keys: What a page has of it: the block that it is evaluated after, and its text.
        read: What the page's process tells of one, as `Run` has it.
        failure: What the process would tell of one that it did not get to, and why.
    """

    keys: Callable[[Page], Iterator[Any]]
    read: Callable[[dict[str, Any]], Any]
    failure: Callable[[str], dict[str, Any]]


KINDS = {
    "values": Kind(
        value_keys,
        lambda told: Value(**told),
        lambda why: {"digits": None, "error": why},
    ),
    "claims": Kind(
        claim_keys,
        lambda told: Truth(**told),
        lambda why: {"holds": False, "error": why},
    ),
    "formulas": Kind(
        formula_keys, lambda told: told["differ"], lambda why: {"differ": [why]}
    ),
}


def failed(kind: str, why: str) -> Any:  # noqa: ANN401 (one of three)
    """What stands in a run for something that could not be evaluated."""
    return KINDS[kind].read(KINDS[kind].failure(why))


def to_json(run: Run) -> dict[str, Any]:
    """A run as JSON has it."""
    found = asdict(run)
    return found | {kind: [[*k, v] for k, v in found[kind].items()] for kind in KINDS}


def from_json(content: dict[str, Any]) -> Run:
    """A run as `to_json` has written it."""
    run = Run([to_result(block) for block in content["blocks"]])
    run.modules = content["modules"]
    for kind in KINDS:
        for *key, value in content[kind]:
            told = {"differ": value} if kind == "formulas" else value
            getattr(run, kind)[tuple(key)] = KINDS[kind].read(told)
    return run


def to_result(block: dict[str, Any]) -> BlockResult:
    """A block's result from what JSON has of it."""
    figures = tuple(
        {language: Drawn(**each) for language, each in figure.items()}
        for figure in block.get("figures", ())
    )
    return BlockResult(**{**block, "figures": figures})
