"""Make a change in a copy of the project, and see which test fails: those that CI runs.

A page's mutants are tried by the page's own items, as pytest collects them, in this
process: what changes no code then needs no run of its own. Links, words and alternative
texts are the linters' business, as in ``make lint``.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from pagecheck.config import Config, load_config
from pagecheck.notebook import page_of, to_notebook

from .places import Mutant, module_test

# The rules that need no run, asked first.
RESTING = "twins or definitions or notebooks or standalone"
LEFT_BEHIND = shutil.ignore_patterns(
    *(".git", ".venv", ".cache", ".*_cache", ".hypothesis"),
    *("site", "__pycache__", "*.egg-info"),
)


ROOT = Path(__file__).parents[2]


def noticed_in_a_copy(folder: str, mutant: Mutant) -> str | None:
    """What notices a change that is made in this process's own copy of the project."""
    copy = Path(folder) / str(os.getpid())
    if not copy.is_dir():
        shutil.copytree(ROOT, copy, ignore=LEFT_BEHIND)
    return noticed_by(load_config(copy), mutant)


def noticed_by(config: Config, mutant: Mutant) -> str | None:
    """The first test that fails when a change is made; None where none does."""
    pages = tuple(str(page) for page in pages_that_see(config, mutant))
    if mutant.edits[0].file.suffix != ".py":
        _refuse_failing(config.root, pages)
    with changed(config.root, mutant):
        if mutant.edits[0].file.suffix == ".py":
            return _module_test(config, mutant)
        return (
            _failing(config.root, [*pages, "-k", RESTING])
            or _failing(config.root, pages)
            or _lint(config.root, pages)
        )


@cache
def _refuse_failing(root: Path, pages: tuple[str, ...]) -> None:
    """Refuse pages that fail before anything is changed: all would pass for caught."""
    if failed := _failing(root, pages):
        raise ValueError(f"correct the pages first: {failed}")


def pages_that_see(config: Config, mutant: Mutant) -> Iterator[Path]:
    """The pages that can see a mutant: changed ones, and those that show a figure."""
    for edit in mutant.edits:
        file = config.root / edit.file
        if file.suffix != ".svg":
            yield file
            continue
        for page in config.page_files():
            beside = page.parent == file.parent.parent
            if beside and f"(figures/{file.name})" in page.read_text(encoding="utf-8"):
                yield page


@contextlib.contextmanager
def changed(root: Path, mutant: Mutant) -> Iterator[None]:
    """Make a change in the copy, which is as before in the end."""
    before = {edit.file: (root / edit.file).read_bytes() for edit in mutant.edits}
    try:
        for edit in mutant.edits:
            content = content_changed(before[edit.file].decode(), mutant, edit.file)
            (root / edit.file).write_bytes(content.encode())
        yield
    finally:
        for file, content in before.items():
            (root / file).write_bytes(content)


def content_changed(content: str, mutant: Mutant, file: Path) -> str:
    """What a file holds after a change, which a notebook has as the page that it is."""
    notebook = page_of(content, file) if file.suffix == ".ipynb" else None
    # What can be changed: the text, and each figure of a notebook by its image.
    texts = {**notebook.figures, "": notebook.text} if notebook else {"": content}
    for edit in mutant.edits:
        if edit.file == file:
            text, end = texts[edit.figure], edit.start + len(edit.old)
            if text[edit.start : end] != edit.old:
                raise ValueError(f"the place of a mutant is not there: {mutant}")
            texts[edit.figure] = text[: edit.start] + edit.new + text[end:]
    text = texts.pop("")
    return to_notebook(text, texts) if notebook else text


class _First:
    """A plugin that keeps the name of the first failure."""

    failed: str | None = None

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._keep(report)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._keep(report)

    def _keep(self, report: pytest.CollectReport | pytest.TestReport) -> None:
        if report.failed and self.failed is None:
            self.failed = report.nodeid or str(report.longrepr)[:80]


def _failing(root: Path, arguments: Sequence[str]) -> str | None:
    """The first of the items of pages that fails."""
    first = _First()
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    settings = ["--rootdir", str(root), "-c", str(root / "pyproject.toml")]
    with contextlib.redirect_stdout(io.StringIO()):
        status = pytest.main([*options, *settings, *arguments], [first])
    if first.failed is None and status not in (0, 5):
        raise RuntimeError(f"pytest ended with {status} for {arguments}")
    return first.failed


def _lint(root: Path, pages: Sequence[str]) -> str | None:
    """The first thing that the linters of Markdown and of prose find."""
    files = [page for page in pages if page.endswith(".md")]  # no notebook, as in CI
    commands = [[sys.executable, ".ci/prose.py", *pages]]
    if files:
        rumdl = Path(sys.executable).with_name("rumdl")
        commands.append([str(rumdl), "check", *files])
    for command in commands:
        found = subprocess.run(
            command, cwd=root, capture_output=True, text=True, check=False
        )
        if match := re.search(r"\S+:\d+:(?:\d+:)? .*", found.stdout):
            return match[0]
    return None


def _module_test(config: Config, mutant: Mutant) -> str | None:
    """What notices a change in a module: its tests, a page that repeats or uses it."""
    source = config.root / mutant.edits[0].file
    using = [
        str(file)
        for file in config.pages_in(config.code_language)
        if source.parent.name in file.read_text(encoding="utf-8")
    ]
    repeats = [str(config.pages[config.code_language]), "-k", "definitions"]
    for arguments in (repeats, [str(module_test(config.root, source))], using):
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", *arguments],
            cwd=config.root,
            env=os.environ | {"PYTHONPATH": str(config.root / "src")},
            capture_output=True,
            text=True,
            check=False,
        )
        failed = re.search(r"^(?:FAILED|ERROR) (.*)", done.stdout, re.MULTILINE)
        if failed:
            return failed[1]
    return None
