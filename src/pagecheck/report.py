"""What is verified: how many blocks, outputs, numbers, claims, formulas and figures.

Everything that is counted here is checked by a rule; the suite fails where one check
does. What a rule takes on trust, each with its reason, is counted by itself.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from importlib.metadata import PackageNotFoundError, version
from operator import add
from pathlib import Path

from pagecheck.config import Config
from pagecheck.files import read_page
from pagecheck.page import Page


@dataclass(frozen=True)
class Counts:
    """What is verified on a page, or on several; the last is what is taken on trust."""

    blocks: int = 0
    outputs: int = 0
    numbers: int = 0
    claims: int = 0
    formulas: int = 0
    figures: int = 0
    unchecked: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*map(add, astuple(self), astuple(other)))


def count_page(file: Path, config: Config) -> Counts:
    """Count what is verified on a page; it is read, not run."""
    return count(read_page(file, config.relative(file)))


def count(page: Page) -> Counts:
    """Count what is verified on a page."""
    return Counts(
        blocks=sum(block.unchecked is None for block in page.blocks),
        outputs=sum(block.output is not None for block in page.blocks),
        numbers=sum(number.binding is not None for number in page.numbers),
        claims=len(page.claims),
        formulas=sum(formula.expression is not None for formula in page.formulas),
        figures=sum(block.image is not None for block in page.blocks),
        unchecked=len(list(unchecked(page))),
    )


def unchecked(page: Page) -> Iterator[tuple[int, str, str]]:
    """What a page declares unchecked: its line, what it is, and why."""
    for block in page.blocks:
        if block.unchecked is not None:
            yield block.line, block.code.split("\n")[0], block.unchecked
    for formula in page.formulas:
        if formula.unchecked is not None:
            yield formula.line, " ".join(formula.latex.split()), formula.unchecked
    for number in page.numbers:
        if number.unchecked is not None:
            yield number.line, number.text.strip(), number.unchecked


def count_pages(config: Config, language: str) -> dict[str, Counts]:
    """Count what is verified on each page of a language, by its place in its folder."""
    files = config.pages_in(language)
    return {config.inside(file): count_page(file, config) for file in files}


def versions(config: Config) -> dict[str, str]:
    """The versions of the packages that any page may need."""
    found = {}
    for name in config.needs:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name).split("+")[0]
    return found
