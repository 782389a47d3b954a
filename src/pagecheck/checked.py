"""A page under check: what the rules see of it, and the checks that they make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pagecheck.config import Config
from pagecheck.files import read_page
from pagecheck.page import Page, Placed
from pagecheck.problem import Edit, Problem
from pagecheck.results import Run
from pagecheck.runner import run_of


@dataclass(frozen=True)
class Check:
    """One rule from one place of a page to the next.

    ``problems`` finds what is wrong, running the page if that has not been done.
    """

    rule: str
    place: Placed
    problems: Callable[[], Iterable[Problem]]

    @property
    def name(self) -> str:
        """What a test of it is called: no other check of the page is called so."""
        return f"line {self.place.line}, column {self.place.column} {self.rule}"


@dataclass
class CheckedPage:
    """A page under check; it is read and run once, when first asked for."""

    file: Path
    config: Config
    number_tolerance: int = 0  # units in the last digit that a number may be off
    keep: bool = True  # whether a run of an earlier process will do
    _run: Run | None = None

    @cached_property
    def page(self) -> Page:
        """The page."""
        return read_page(self.file, self.config.relative(self.file))

    @cached_property
    def twins(self) -> dict[Path, Page | None]:
        """Its twins in the other languages; None where there is none."""
        files = self.config.twins_of(self.file).values()
        shown = self.config.relative
        return {f: read_page(f, shown(f)) if f.is_file() else None for f in files}

    @property
    def run(self) -> Run:
        """What running the page gives."""
        # Not cached_property: Python 3.11 holds one lock for those of all pages.
        if self._run is None:
            self._run = self.another_run(again=False)
        return self._run

    def another_run(self, again: bool = True) -> Run:
        """What running the page a second time gives."""
        twins = [twin for twin in self.twins.values() if twin is not None]
        return run_of(self.page, twins, self.config, self.keep, again)

    @property
    def language(self) -> str:
        """The language that the page is written in."""
        return self.config.language_of(self.file)

    def problem(
        self,
        rule: str,
        place: int | Placed,
        expected: str,
        found: str,
        fix: str,
        edit: Edit | None = None,
    ) -> Problem:
        """A problem of this page, in a line or at something that has its place."""
        at = (place, None) if isinstance(place, int) else (place.line, place.column)
        return Problem(rule, self.page.path, at[0], expected, found, fix, at[1], edit)


Rule = Callable[[CheckedPage], Iterator[Problem]]
"""What a rule finds wrong with a page."""
