"""The command line: ``python -m pagecheck check|record|report [PAGE…]``."""

from __future__ import annotations

import argparse
import io
import os
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from pagecheck.checked import Check, CheckedPage
from pagecheck.config import Config, ConfigError, load_config
from pagecheck.problem import Problem
from pagecheck.record import Change, record_page, write_changes
from pagecheck.report import count_page, to_json, to_table
from pagecheck.rules import RUNNING, checks_of
from pagecheck.runner import end_runs

_Result = TypeVar("_Result")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns:
        0 where nothing is wrong, 1 where something is, 2 where that cannot be said.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # it may not know every character
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    try:
        config = load_config(Path.cwd())
        files = _files(options.pages, config)
        if options.command == "check":
            return _check(files, config, options.durations)
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

    def command(name: str, help_text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help_text, description=help_text)
        added.add_argument(
            "pages", nargs="*", type=Path, metavar="PAGE", help="by default every page"
        )
        return added

    check = command("check", "run pages and say what on them is wrong")
    durations = "say how long each page took"
    check.add_argument("--durations", action="store_true", help=durations)
    record = command(
        "record", "run pages, with their twins, and show what they show that changed"
    )
    either = record.add_mutually_exclusive_group()
    write, fail = (
        "write what changed into the pages",
        "fail where something would change",
    )
    either.add_argument("--write", action="store_true", help=write)
    either.add_argument("--check", action="store_true", help=fail)
    report = command("report", "say what is verified, page by page")
    report.add_argument("--json", action="store_true", help="for a machine")
    return parser


def _files(pages: Sequence[Path], config: Config) -> list[Path]:
    """The pages to work on.

    Raises:
        ConfigError: When one lies in no folder of pages, or does not exist.
    """
    for page in pages:
        config.language_of(page)
        if not page.is_file():
            raise ConfigError(f"{page}: no such page")
    return list(dict.fromkeys(each.absolute() for each in pages)) or config.page_files()


def _check(files: Sequence[Path], config: Config, durations: bool) -> int:
    failed = 0
    languages = {config.language_of(file) for file in files}
    for checked, number, problems, seconds in _in_parallel(
        partial(_check_page, config, languages), files
    ):
        for problem in problems:
            print(problem)
        failed += bool(problems)
        verdict = f"{len(problems)} problems" if problems else "true"
        took = f"; {seconds:.1f} s" if durations else ""
        print(f"{checked.page.path}: {number} checks, {verdict}{took}", flush=True)
    return 1 if failed else 0


def _check_page(
    config: Config, languages: Collection[str], file: Path
) -> tuple[CheckedPage, int, list[Problem], float]:
    """A page, how many checks it has, the problems that they find, and how long."""
    start = time.monotonic()
    checked = CheckedPage(file, config, languages=languages)
    checks = list(checks_of(checked))
    # What needs no run is told even where the page cannot be run.
    order = sorted(checks, key=lambda check: check.rule in RUNNING)
    found = {check: _found(check, checked) for check in order}
    problems = dict.fromkeys(each for check in checks for each in found[check])
    return checked, len(checks), list(problems), time.monotonic() - start


def _found(check: Check, checked: CheckedPage) -> list[Problem]:
    """What a check finds; one that does not end well takes no other page along."""
    try:
        return list(check.problems())
    except Exception as error:
        expected, found = "a verdict", f"{type(error).__name__}: {error}"
        fix = "this is a fault of pagecheck: report it with the page"
        return [checked.problem(check.rule, check.line, expected, found, fix)]


def _record(files: Sequence[Path], config: Config, write: bool, check: bool) -> int:
    changes: list[Change] = []
    problems: list[Problem] = []
    for found, wrong in _in_parallel(
        lambda file: record_page(CheckedPage(file, config, keep=False)),
        list(_with_twins(files, config)),
    ):
        changes += found
        problems += wrong
    folder = config.root / ".cache" / "pagecheck" / "record"
    left = write_changes(changes, folder) if write else []
    for change in changes:
        print(change.diff(str(config.relative(change.file))), end="")
    for problem in problems:
        print(problem)
    for file in left:
        print(f"{config.relative(file)}: it has changed meanwhile; record it again")
    verb = "written" if write else "would change; --write writes them"
    print(f"{len(changes) - len(left)} files {verb}, {len(problems)} problems")
    return 1 if problems or left or (check and changes) else 0


def _report(files: Sequence[Path], config: Config, as_json: bool) -> int:
    counts = {config.relative(file): count_page(file, config) for file in files}
    print(to_json(counts, config) if as_json else to_table(counts, config))
    return 0


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
    together = ((file, *config.twins_of(file).values()) for file in files)
    yield from dict.fromkeys(
        each for pair in together for each in pair if each.is_file()
    )


if __name__ == "__main__":
    sys.exit(main())
