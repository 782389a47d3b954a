"""Pytest integration: an item per page, block and rule, named by page and line.

A page is read when it is collected and run when the first of its items asks for it, so
that one item alone runs just what it needs. Under pytest-xdist with ``--dist
loadgroup`` all items of a page and its twins go to one worker, which runs them once.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from pagecheck.checks import Check, Subject
from pagecheck.config import Config, ConfigError, load_config
from pagecheck.page import SUFFIXES
from pagecheck.problem import Problem


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the page contract."""
    parser.getgroup("pagecheck").addoption(
        "--number-tolerance",
        type=int,
        default=0,
        metavar="UNITS",
        help="let a printed number be off by so many units in its last digit "
        "(another platform, another version)",
    )


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Collect pages, and keep other plugins from collecting them too."""
    collectors = yield
    config = _config_of(parent.config)
    if (
        config is None
        or file_path.suffix not in SUFFIXES
        or not _is_page(file_path, config)
    ):
        return collectors
    return [PageFile.from_parent(parent, path=file_path)]


def _config_of(config: pytest.Config) -> Config | None:
    try:
        return load_config(config.rootpath)
    except ConfigError:
        return None


def _is_page(file: Path, config: Config) -> bool:
    return any(file.is_relative_to(folder) for folder in config.pages.values())


class PageFile(pytest.File):
    """A page."""

    def collect(self) -> Iterator[CheckItem]:
        """Every check of the page."""
        tolerance = self.config.getoption("--number-tolerance")
        subject = Subject(self.path, load_config(self.config.rootpath), tolerance)
        seen: set[str] = set()
        for check in subject.checks():
            name = f"line {check.line} {check.rule}"
            if name not in seen:
                seen.add(name)
                yield CheckItem.from_parent(
                    self, name=name, check=check, group=subject.inside
                )


class ContractError(Exception):
    """A page breaks its contract."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))


class CheckItem(pytest.Item):
    """One rule at one place of a page."""

    def __init__(self, *, check: Check, group: str, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]
        self.check = check
        self.add_marker(pytest.mark.xdist_group(group))

    def runtest(self) -> None:
        """Fail with every problem found.

        Raises:
            ContractError: When there is one.
        """
        problems = self.check.problems()
        if problems:
            raise ContractError(problems)

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None
    ) -> str:
        """Show the problems and nothing of this plugin's own stack."""
        if isinstance(excinfo.value, ContractError):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the item stands: the page and its line."""
        return self.path, self.check.line - 1, self.name
