"""Make each change in a copy of the project, and see what notices it.

The mutants of one page are tried together. What only changes words, outputs, formulas
or figures needs no run of its own: the page runs once, and evaluates in that run what
each mutant of a formula says. What changes code is run until its first difference.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import tempfile
import types
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pagecheck.checks import RUNNING, Subject
from pagecheck.config import Config, ConfigError, load_config
from pagecheck.mutants.candidates import test_of
from pagecheck.mutants.mutant import Mutant, Outcome
from pagecheck.notebook import page_of, to_notebook
from pagecheck.page import SUFFIXES, Block, Page, parse_page, read_page
from pagecheck.results import BlockResult, Recording
from pagecheck.rules.definitions import check_definitions
from pagecheck.rules.twins import same_code
from pagecheck.runner import run_page
from pagecheck.script import imports

# The rules in the order in which they are asked: what costs most comes last.
RULES = (
    *("page", "twins", "numbers", "run", "outputs", "formulas", "figures", "images"),
    *("alternatives", "terms", "links", "notebooks", "definitions", "standalone"),
)
# The longest that the tests of a module may take, in seconds.
TEST_SECONDS = 300.0
# What a copy of a project does without.
_LEFT_BEHIND = shutil.ignore_patterns(
    *(".git", ".venv", ".cache", ".*_cache", ".hypothesis"),
    *("site", "__pycache__", "*.egg-info"),
)


def run_mutants(
    config: Config, mutants: Sequence[Mutant], workers: int = 2
) -> Iterator[Outcome]:
    """Apply each mutant to a copy of the project, and see what catches it.

    Raises:
        ConfigError: When the copy has a problem before anything is changed.
    """
    groups = _groups(config, mutants)
    with tempfile.TemporaryDirectory() as folder:
        if workers == 1:
            copy = _copy(config.root, Path(folder))
            for group in groups:
                yield from _try_all(copy, group)
            return
        context = multiprocessing.get_context("spawn")
        with (
            _without_main(),
            ProcessPoolExecutor(workers, context) as pool,
        ):
            arguments = (str(config.root), folder)
            done = [pool.submit(_try_in_own_copy, *arguments, each) for each in groups]
            for each in as_completed(done):
                yield from each.result()


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """Hide the main module, which multiprocessing would import again in the child."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _groups(config: Config, mutants: Sequence[Mutant]) -> list[list[Mutant]]:
    """The mutants by what they are tried on, the longest work first."""
    groups: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        files = _files_of(config, mutant) or [config.root / mutant.edits[0].file]
        file = files[0]
        name = str(file)
        if file.suffix != ".py":
            folder = config.pages[config.language_of(file)]
            name = file.relative_to(folder).as_posix()
        groups.setdefault(name, []).append(mutant)
    return sorted(groups.values(), key=len, reverse=True)


def _files_of(config: Config, mutant: Mutant) -> list[Path]:
    """The pages that can see a mutant: changed ones, and those that show a figure."""
    pages: list[Path] = []
    for edit in mutant.edits:
        file = config.root / edit.file
        if file.suffix == ".svg":
            pages += [
                page
                for page in config.page_files()
                if page.parent == file.parent.parent
                and f"(figures/{file.name})" in page.read_text(encoding="utf-8")
            ]
        elif file.suffix != ".py":
            pages.append(file)
    return pages


def _try_in_own_copy(root: str, folder: str, mutants: list[Mutant]) -> list[Outcome]:
    copy = Path(folder) / str(os.getpid())
    if not copy.is_dir():
        _copy(Path(root), copy)
    return list(_try_all(copy, mutants))


def _copy(root: Path, folder: Path) -> Path:
    shutil.copytree(root, folder, ignore=_LEFT_BEHIND, dirs_exist_ok=True)
    return folder


def _try_all(root: Path, mutants: Sequence[Mutant]) -> Iterator[Outcome]:
    """Try the mutants of one page, with its twins, or of one module."""
    load_config.cache_clear()
    config = load_config(root)
    files = _files_of(config, mutants[0])
    if not files:
        for mutant in mutants:
            with _made(root, mutant):
                yield Outcome(mutant, _failing_definition(config, mutant))
        return
    twins = config.twins_of(files[0]).values()
    family = [files[0], *(each for each in twins if each.is_file())]
    shared = _run_once(config, family, mutants)
    for mutant in mutants:
        with _made(root, mutant):
            problem = _first_problem(config, mutant, shared)
        if problem and problem.endswith("standalone"):
            _refuse_problems(config, family, shared, ["standalone"])
        yield Outcome(mutant, problem)


@contextlib.contextmanager
def _made(root: Path, mutant: Mutant) -> Iterator[None]:
    """Make a change in the copy, which is as before in the end."""
    before = {edit.file: (root / edit.file).read_bytes() for edit in mutant.edits}
    try:
        for edit in mutant.edits:
            changed = _changed(before[edit.file].decode(), mutant, edit.file)
            (root / edit.file).write_bytes(changed.encode())
        yield
    finally:
        for file, content in before.items():
            (root / file).write_bytes(content)


def _changed(content: str, mutant: Mutant, file: Path) -> str:
    """What a file holds after a change, which a notebook has as the page that it is."""
    notebook = page_of(content, file) if file.suffix == ".ipynb" else None
    # What can be changed: the text, and each figure of a notebook by its image.
    texts = {"": content}
    if notebook:
        texts = {**notebook.figures, "": notebook.text}
    for edit in mutant.edits:
        if edit.file == file:
            text, end = texts[edit.figure], edit.start + len(edit.old)
            if text[edit.start : end] != edit.old:
                raise ConfigError(f"the place of a mutant is not there: {mutant}")
            texts[edit.figure] = text[: edit.start] + edit.new + text[end:]
    text = texts.pop("")
    return to_notebook(text, texts) if notebook else text


# -- pages -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Shared:
    """A run that serves a page, its twins, and each mutant with the same code."""

    page: Page
    recording: Recording


@dataclass
class _Trial(Subject):
    """A page with a mutant's change."""

    shared: _Shared | None = None

    @cached_property
    def recording(self) -> Recording:
        """The run that is shared; for other code its own, to the first difference."""
        if self.shared is not None and same_code(self.page, self.shared.page):
            return self.shared.recording
        return run_page(self.page, self.config, stop=self._is_wrong)

    def _is_wrong(self, block: Block, result: BlockResult) -> bool:
        return bool(self.problems_of(block, result))


def _run_once(
    config: Config, files: Sequence[Path], mutants: Sequence[Mutant]
) -> _Shared | None:
    """Run a page for all; None where its twins have not the same code.

    Raises:
        ConfigError: When it has a problem: every mutant of it would pass for caught.
    """
    pages = [read_page(file, config.relative(file)) for file in files]
    shared = None
    if all(same_code(pages[0], page) for page in pages):
        changed = [page for each in mutants for page in _changed_pages(config, each)]
        with_same_code = [page for page in changed if same_code(page, pages[0])]
        recording = run_page(pages[0], config, [*pages[1:], *with_same_code])
        shared = _Shared(pages[0], recording)
    _refuse_problems(config, files, shared, RULES[:-1])
    return shared


def _refuse_problems(
    config: Config, files: Sequence[Path], shared: _Shared | None, rules: Sequence[str]
) -> None:
    for file in files:
        trial = _Trial(file, config, keep=False, shared=shared)
        if problem := _problem_on(trial, rules):
            raise ConfigError(f"mend the pages first: {problem}")


def _changed_pages(config: Config, mutant: Mutant) -> Iterator[Page]:
    for path in dict.fromkeys(edit.file for edit in mutant.edits):
        if path.suffix in SUFFIXES:
            content = (config.root / path).read_bytes().decode()
            changed = _changed(content, mutant, path)
            notebook = path.suffix == ".ipynb"
            yield page_of(changed, path) if notebook else parse_page(changed, path)


def _first_problem(
    config: Config, mutant: Mutant, shared: _Shared | None
) -> str | None:
    subjects = [
        _Trial(file, config, keep=False, shared=shared)
        for file in _files_of(config, mutant)
    ]
    resting = [rule for rule in RULES if rule not in RUNNING]
    found = (_problem_on(each, resting[:-1]) for each in subjects)
    if problem := next(filter(None, found), None):
        return problem
    found = (_problem_on(each, RULES) for each in subjects)
    return next(filter(None, found), None)


def _problem_on(subject: Subject, rules: Sequence[str]) -> str | None:
    """The first problem of a page by some rules, in their order."""
    checks = [check for check in subject.checks() if check.rule in rules]
    for check in sorted(checks, key=lambda each: rules.index(each.rule)):
        try:
            problems = check.problems()
        except Exception as error:  # pytest would fail too, though with no place
            return f"{subject.page.path}: {check.rule} ended with {error!r}"
        for problem in problems:
            return f"{problem.path}:{problem.line}: {problem.rule}"
    return None


# -- modules ---------------------------------------------------------------------------


def _failing_definition(config: Config, mutant: Mutant) -> str | None:
    """What notices a change in a module: a page that repeats it, a test, a run."""
    source = config.root / mutant.edits[0].file
    language = next(iter(config.pages))
    files = [f for f in config.page_files() if config.language_of(f) == language]
    pages = {file: read_page(file, config.relative(file)) for file in files}
    for page in pages.values():
        for problem in check_definitions(page, source.parent):
            return f"{problem.path}:{problem.line}: {problem.rule}"
    if failed := _failing_test(config.root, source):
        return failed
    package = source.parent.name
    using = [f for f, p in pages.items() if package in {m for _, m in imports(p)}]
    found = (_problem_on(_Trial(file, config, keep=False), RULES) for file in using)
    return next(filter(None, found), None)


def _failing_test(root: Path, source: Path) -> str | None:
    options = ["-B", "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-o"]
    command = [sys.executable, *options, f"pythonpath={root / 'src'}"]
    try:
        done = subprocess.run(
            [*command, str(test_of(root, source))],
            cwd=root,
            capture_output=True,
            text=True,
            timeout=TEST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return (
            f"the tests of {source.name} had not ended after {TEST_SECONDS:g} seconds"
        )
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    return failed[1] if failed and done.returncode else None
