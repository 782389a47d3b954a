"""The command line: ``python -m pagecheck check|record|report|mutants [PAGE…]``."""

from __future__ import annotations

import argparse
import io
import os
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from pagecheck.checks import Subject
from pagecheck.config import Config, ConfigError, load_config
from pagecheck.mutants.candidates import candidates, choose
from pagecheck.mutants.outcome import summary, verdict
from pagecheck.mutants.outcome import to_json as mutants_json
from pagecheck.mutants.trials import run_mutants
from pagecheck.problem import Problem
from pagecheck.record import Change, record_page, write_changes
from pagecheck.report import count_page, to_json, to_table
from pagecheck.runner import end_runs

_Result = TypeVar("_Result")
# What ``mutants`` ends with where a mistake was not noticed, or an alarm was false.
UNNOTICED = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns:
        0 where nothing is wrong, 1 where something is, 2 where that cannot be said, 3
        where ``mutants`` made a mistake that was not noticed.
    """
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # which may know no Chinese
            stream.reconfigure(errors="backslashreplace")
    try:
        config = load_config(Path.cwd())
        files = _files(options.pages, config)
        if options.command == "check":
            return _check(files, config, options.durations)
        if options.command == "mutants":
            return _mutants(files, config, options)
        if options.command == "report":
            return _report(files, config, options.json)
        return _record(files, config, options.write, options.check)
    except (ConfigError, OSError) as error:
        print(f"pagecheck: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("pagecheck: interrupted; every page is old or new", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pagecheck", description="Keep the pages of a site true."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    helps = {
        "check": "run pages and say what on them is wrong",
        "record": "run pages, with their twins, and show what they show that changed",
        "report": "say what is verified, page by page",
        "mutants": "change one thing at a time in a copy, and see what is noticed",
    }
    for name, help_text in helps.items():
        command = commands.add_parser(name, help=help_text, description=help_text)
        command.add_argument(
            "pages", nargs="*", type=Path, metavar="PAGE", help="by default every page"
        )
        if name == "check":
            command.add_argument(
                "--durations", action="store_true", help="say how long each page took"
            )
        elif name == "record":
            either = command.add_mutually_exclusive_group()
            either.add_argument(
                "--write", action="store_true", help="write what changed into the pages"
            )
            either.add_argument(
                "--check", action="store_true", help="fail where something would change"
            )
        elif name == "report":
            command.add_argument("--json", action="store_true", help="for a machine")
        elif name == "mutants":
            command.add_argument("--number", type=int, default=100, metavar="N")
            command.add_argument("--seed", type=int, default=0)
            command.add_argument(
                "--write", type=Path, metavar="FILE", help="keep the outcome in a file"
            )
    return parser


def _files(pages: Sequence[Path], config: Config) -> list[Path]:
    """The pages to work on.

    Raises:
        ConfigError: When one lies in no folder of pages, or does not exist.
    """
    if not pages:
        return config.page_files()
    for page in pages:
        config.language_of(page)
        if not page.is_file():
            raise ConfigError(f"{page}: no such page")
    return list(dict.fromkeys(page.absolute() for page in pages))


@dataclass(frozen=True)
class _Checked:
    """A page that was checked, and the seconds that this and its run took."""

    page: Path
    checks: int
    problems: list[Problem]
    seconds: float
    own_seconds: float

    def __str__(self) -> str:
        number = len(self.problems)
        verdict = f"{number} problems" if number else "true"
        return f"{self.page}: {self.checks} checks, {verdict}"

    @property
    def durations(self) -> str:
        """The time that checking took, and how much of it the page's run."""
        run = f"its run {self.own_seconds:.1f} s" if self.own_seconds else "not run"
        return f"{self.seconds:.1f} s, {run}"


def _check(files: Sequence[Path], config: Config, durations: bool) -> int:
    failed = 0
    languages = {config.language_of(file) for file in files}
    work = partial(_check_page, config, languages)
    for checked in _in_parallel(work, files):
        for problem in checked.problems:
            print(problem)
        failed += bool(checked.problems)
        print(f"{checked}; {checked.durations}" if durations else checked, flush=True)
    return 1 if failed else 0


def _check_page(config: Config, languages: Collection[str], file: Path) -> _Checked:
    start = time.monotonic()
    subject = Subject(file, config, languages=languages)
    checks = list(subject.checks())
    problems = dict.fromkeys(p for check in checks for p in check.problems())
    seconds = time.monotonic() - start
    path = subject.page.path
    own_seconds = subject.recording.seconds
    return _Checked(path, len(checks), list(problems), seconds, own_seconds)


def _record(files: Sequence[Path], config: Config, write: bool, check: bool) -> int:
    changes: list[Change] = []
    problems: list[Problem] = []
    every = list(_with_twins(files, config))
    for found, wrong in _in_parallel(partial(_record_page, config), every):
        changes += found
        problems += wrong
    if write:
        write_changes(changes)
    for change in changes:
        print(change.diff(str(config.relative(change.file))), end="")
    for problem in problems:
        print(problem)
    verb = "written" if write else "would change; --write writes them"
    print(f"{len(changes)} files {verb}, {len(problems)} problems")
    return 1 if problems or (check and changes) else 0


def _record_page(config: Config, file: Path) -> tuple[list[Change], list[Problem]]:
    return record_page(Subject(file, config, keep=False))


def _report(files: Sequence[Path], config: Config, as_json: bool) -> int:
    counts = {config.relative(file): count_page(file, config) for file in files}
    print(to_json(counts) if as_json else to_table(counts))
    return 0


def _mutants(files: Sequence[Path], config: Config, options: argparse.Namespace) -> int:
    inside = {file.relative_to(config.root) for file in files}
    found = {
        kind: [m for m in each if not options.pages or m.edits[0].file in inside]
        for kind, each in candidates(config, options.seed).items()
    }
    chosen = choose(found, options.number, options.seed)
    outcomes = []
    for outcome in run_mutants(config, chosen):
        outcomes.append(outcome)
        print(f"{len(outcomes)}/{len(chosen)} {outcome}", flush=True)
    content = summary(outcomes, options.seed)
    if options.write:
        options.write.write_text(mutants_json(content), encoding="utf-8")
    print(mutants_json(content), end="")
    if wrong := verdict(content):
        print(f"pagecheck: {wrong}", file=sys.stderr)
    return UNNOTICED if wrong else 0


def _in_parallel(
    work: Callable[[Path], _Result], files: Sequence[Path]
) -> Iterator[_Result]:
    """The results for several pages, in order; each page runs in its own process."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        try:
            yield from pool.map(work, files)
        except BaseException:  # an interrupt, most of all: do not wait for pages
            end_runs()
            raise


def _with_twins(files: Sequence[Path], config: Config) -> Iterator[Path]:
    """The pages and their twins, each once."""
    seen: set[Path] = set()
    for file in files:
        for each in (file, *config.twins_of(file).values()):
            if each.is_file() and each not in seen:
                seen.add(each)
                yield each


if __name__ == "__main__":
    sys.exit(main())
