"""Pytest integration: an item per check, named by line, column and rule.

A page is read when it is collected and run when the first of its items asks for it, so
that one item alone runs just what it needs. Under pytest-xdist with ``--dist
loadgroup`` all items of a page and its twins go to one worker, which runs them once.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from pagecheck.checked import Check, CheckedPage
from pagecheck.config import SUFFIXES, load_config
from pagecheck.rules import checks_of


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the page contract."""
    parser.getgroup("pagecheck").addoption(
        "--number-tolerance",
        type=int,
        default=0,
        metavar="UNITS",
        help="let a printed number be off by so many units in its last digit",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker of pytest-xdist known, where that is not in use."""
    config.addinivalue_line("markers", "xdist_group(name): run in one process")


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Collect pages, and keep other plugins from collecting them too."""
    collectors = yield
    root = parent.config.rootpath
    if file_path.suffix in SUFFIXES and (root / "pyproject.toml").is_file():
        settings = (root / "pyproject.toml").read_text(encoding="utf-8")
        folders = load_config(root).pages if "[tool.pagecheck" in settings else {}
        if any(file_path.is_relative_to(folder) for folder in folders.values()):
            return [PageFile.from_parent(parent, path=file_path)]
    return collectors


class PageFile(pytest.File):
    """A page."""

    def collect(self) -> Iterator[CheckItem]:
        """Every check of the page."""
        tolerance = self.config.getoption("--number-tolerance")
        config = load_config(self.config.rootpath)
        group = pytest.mark.xdist_group(config.inside(self.path))
        for check in checks_of(CheckedPage(self.path, config, tolerance)):
            item = CheckItem.from_parent(self, name=check.name)
            item.check = check
            item.add_marker(group)
            yield item


class CheckItem(pytest.Item):
    """One rule at one place of a page."""

    check: Check

    def runtest(self) -> None:
        """Fail with every problem found."""
        if problems := [str(problem) for problem in self.check.problems()]:
            pytest.fail("\n".join(problems), pytrace=False)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the item stands: the page and its line."""
        return self.path, self.check.place.line - 1, self.name
