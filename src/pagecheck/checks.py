"""Every check of a page: what the tests and the command line both go through."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pagecheck.config import Config
from pagecheck.page import Block, Page, read_page
from pagecheck.problem import Problem
from pagecheck.rules.alternatives import check_alternatives
from pagecheck.rules.definitions import check_definitions
from pagecheck.rules.figures import check_figure, check_images
from pagecheck.rules.formulas import check_formula
from pagecheck.rules.links import check_links
from pagecheck.rules.notebooks import check_notebook
from pagecheck.rules.numbers import check_numbers
from pagecheck.rules.outputs import check_output
from pagecheck.rules.run import check_run
from pagecheck.rules.standalone import check_standalone
from pagecheck.rules.terms import check_terms
from pagecheck.rules.twins import check_twins
from pagecheck.runs import recording_of
from pagecheck.session import BlockResult, Recording, formula_key

# The rules that need the page's run, or its script's.
RUNNING = frozenset(["run", "outputs", "figures", "formulas", "numbers", "standalone"])


@dataclass(frozen=True)
class Check:
    """One rule at one place of a page.

    Attributes:
        rule: The rule.
        line: The page's line that it speaks of.
        problems: Finds what is wrong, running the page if that has not been done.
    """

    rule: str
    line: int
    problems: Callable[[], list[Problem]]


@dataclass
class Subject:
    """A page to be checked; it is read and run once, when first asked for.

    Attributes:
        file: Where the page lies.
        config: The project's settings.
        number_tolerance: By how many units in the last digit shown a number may be off.
        keep: Whether a run of an earlier process will do.
        languages: The languages that figures are drawn in; by default every one.
    """

    file: Path
    config: Config
    number_tolerance: int = 0
    keep: bool = True
    languages: Collection[str] | None = None
    _twins: dict[Path, Page | None] = field(default_factory=dict)
    _recording: Recording | None = None

    @cached_property
    def page(self) -> Page:
        """The page."""
        return read_page(self.file, self.config.relative(self.file))

    @property
    def recording(self) -> Recording:
        """What running the page gives."""
        # Not cached_property: Python 3.11 holds one lock for those of all pages.
        if self._recording is None:
            self._recording = self._run()
        return self._recording

    def _run(self) -> Recording:
        twins = [self._twin(file) for file in self.config.twins_of(self.file).values()]
        present = [twin for twin in twins if twin is not None]
        arguments = (self.config, self.keep, self.languages)
        return recording_of(self.page, present, *arguments)

    @property
    def language(self) -> str:
        """The language that the page is written in."""
        return self.config.language_of(self.file)

    @property
    def inside(self) -> str:
        """Where the page lies in its language's folder: what its twins share."""
        folder = self.config.pages[self.language]
        return self.file.absolute().relative_to(folder).as_posix()

    def checks(self) -> Iterator[Check]:
        """Every check of the page, in the page's order."""
        yield Check("page", 1, lambda: list(self.page.problems))
        for index, block in enumerate(self.page.blocks):
            for rule, check in (
                ("run", self._check_run),
                ("outputs", self._check_output),
                ("figures", self._check_figure),
            ):
                yield Check(rule, block.line, lambda i=index, c=check: c(i))  # type: ignore[misc]
        for index, formula in enumerate(self.page.formulas):
            yield Check(
                "formulas",
                formula.line,
                lambda i=index, f=formula: check_formula(  # type: ignore[misc]
                    self.page, f, self._formula(i)
                ),
            )
        for number, section in enumerate(self.page.sections):
            if any(u.numbers for u in self.page.regions if u.section == number):
                yield Check(
                    "numbers",
                    section.line,
                    lambda n=number: check_numbers(  # type: ignore[misc]
                        self.page,
                        n,
                        self.recording,
                        self.number_tolerance,
                        self.config.names,
                    ),
                )
        yield Check("images", 1, lambda: check_images(self.page, self.file.parent))
        yield Check("definitions", 1, self._check_definitions)
        yield Check("twins", 1, self._check_twins)
        yield Check("terms", 1, self._check_terms)
        yield Check("links", 1, self._check_links)
        yield Check("alternatives", 1, self._check_alternatives)
        yield Check("standalone", 1, self._check_standalone)
        if self.page.holds_figures:
            yield Check("notebooks", 1, self._check_notebook)

    def problems_of(self, block: Block, result: BlockResult) -> list[Problem]:
        """What a block did that the page does not show, or the other way round."""
        folder, language = self.file.parent, self.language
        return [
            *check_run(self.page, block, result),
            *check_output(self.page, block, result, self.number_tolerance),
            *check_figure(self.page, block, result, folder, language),
        ]

    def _formula(self, index: int) -> list[str] | None:
        key = formula_key(self.page, self.page.formulas[index])
        return self.recording.formulas.get(key) if key else None

    def _check_run(self, index: int) -> list[Problem]:
        return check_run(
            self.page, self.page.blocks[index], self.recording.blocks[index]
        )

    def _check_output(self, index: int) -> list[Problem]:
        return check_output(
            self.page,
            self.page.blocks[index],
            self.recording.blocks[index],
            self.number_tolerance,
        )

    def _check_figure(self, index: int) -> list[Problem]:
        return check_figure(
            self.page,
            self.page.blocks[index],
            self.recording.blocks[index],
            self.file.parent,
            self.language,
        )

    def _check_definitions(self) -> list[Problem]:
        if self.config.definitions is None:
            return []
        return check_definitions(self.page, self.config.definitions)

    def _check_twins(self) -> list[Problem]:
        return [
            problem
            for file in self.config.twins_of(self.file).values()
            for problem in check_twins(self.page, self._twin(file), self.language)
        ]

    def _check_terms(self) -> list[Problem]:
        return check_terms(
            self.page,
            self.config.forbidden_terms,
            self.config.sections_quoting_on(self.file),
            self.config.terms.get(self.language, {}),
        )

    def _check_links(self) -> list[Problem]:
        return check_links(self.page, self.file, self.config.pages[self.language])

    def _check_alternatives(self) -> list[Problem]:
        return check_alternatives(self.page, self.language)

    def _check_standalone(self) -> list[Problem]:
        for index in range(len(self.page.blocks)):
            if self._check_run(index) or self._check_output(index):
                return []  # which says what is wrong; a script would say it again
        return check_standalone(
            self.page, self.config, self.number_tolerance, self.keep
        )

    def _check_notebook(self) -> list[Problem]:
        return check_notebook(self.page, self.file.read_text(encoding="utf-8"))

    def _twin(self, file: Path) -> Page | None:
        if file not in self._twins:
            there, shown = file.is_file(), self.config.relative(file)
            self._twins[file] = read_page(file, shown) if there else None
        return self._twins[file]
