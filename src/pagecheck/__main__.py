"""The command line: ``python -m pagecheck check|record|report [PAGE…]``."""

from __future__ import annotations

import argparse
import io
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from itertools import chain, groupby
from pathlib import Path
from typing import TypeVar

from tqdm import tqdm

from pagecheck.checked import Check, CheckedPage
from pagecheck.config import Config, ConfigError, load_config
from pagecheck.problem import Problem
from pagecheck.record import record_page, write_changes
from pagecheck.report import Counts, count_page, versions
from pagecheck.rules import checks_of

_Result = TypeVar("_Result")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns:
        0 where nothing is wrong, 1 where something is, 2 where that cannot be said.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # it may not know every character
            stream.reconfigure(errors="backslashreplace")
    parser = argparse.ArgumentParser(
        prog="python -m pagecheck",
        description="Keep the pages of a site true.",
        epilog="check: run pages and say what on them is wrong. record: run pages, "
        "with their twins, and say what recording would change, or write it. report: "
        "count what is verified, as JSON.",
    )
    parser.add_argument("command", choices=["check", "record", "report"])
    parser.add_argument("pages", nargs="*", type=Path, help="by default every page")
    said = "let record write what changed into the pages"
    parser.add_argument("--write", action="store_true", help=said)
    options = parser.parse_intermixed_args(arguments)
    if options.write and options.command != "record":
        parser.error(f"{options.command} writes nothing")
    try:
        config = load_config(Path.cwd())
        for page in options.pages:
            config.language_of(page)
            if not page.is_file():
                raise ConfigError(f"{page}: no such page")
        pages = [page.absolute() for page in options.pages] or config.page_files()
        if options.command == "check":
            return _check(pages, config)
        if options.command == "report":
            return _report(pages, config)
        return _record(pages, config, options.write)
    except (ConfigError, OSError) as error:
        print(f"pagecheck: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("pagecheck: interrupted", file=sys.stderr)
        return 130


def _check(files: Sequence[Path], config: Config) -> int:
    results = _for_pages(_check_page, files, config, tell=_tell)
    return 1 if any(problems for problems, _ in results) else 0


def _check_page(checked: CheckedPage) -> tuple[list[Problem], str]:
    """The problems that the checks of a page find, and a line on how that went."""
    start, checks = time.monotonic(), list(checks_of(checked))
    found = dict.fromkeys(p for check in checks for p in _found(check, checked))
    verdict = f"{len(found)} problems" if found else "true"
    said = f"{checked.page.path}: {len(checks)} checks, {verdict}; "
    return [*found], f"{said}{time.monotonic() - start:.1f} s"


def _tell(result: tuple[list[Problem], str]) -> None:
    with tqdm.external_write_mode():
        print(*result[0], result[1], sep="\n", flush=True)


def _found(check: Check, checked: CheckedPage) -> list[Problem]:
    """What a check finds; one that does not end well takes no other page along."""
    try:
        return list(check.problems())
    except Exception as error:
        expected, found = "a verdict", f"{type(error).__name__}: {error}"
        fix = "this is a fault of pagecheck: report it with the page"
        return [checked.problem(check.rule, check.place, expected, found, fix)]


def _record(files: Sequence[Path], config: Config, write: bool) -> int:
    pages = [f for file in files for f in (file, *config.twins_of(file).values())]
    files = [file for file in pages if file.is_file()]
    recorded = list(_for_pages(record_page, files, config, keep=False))
    changes = [change for found, _ in recorded for change in found]
    problems = [problem for _, wrong in recorded for problem in wrong]
    folder, left = config.root / ".cache" / "pagecheck" / "record", []
    if write:  # what is begun is written to its end, which is soon
        interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)
        left = write_changes(changes, folder)
        signal.signal(signal.SIGINT, interrupt)
    for change in changes:
        print(change.diff(str(config.relative(change.file))), end="")
    for problem in problems:
        print(problem)
    for file in left:
        print(f"{config.relative(file)}: it has changed meanwhile; record it again")
    verb = "written" if write else "would change; --write writes them"
    print(f"{len(changes) - len(left)} files {verb}, {len(problems)} problems")
    return 1 if problems or left or (changes and not write) else 0


def _report(files: Sequence[Path], config: Config) -> int:
    counts = {config.relative(file): count_page(file, config) for file in files}
    content = {
        "pages": {path.as_posix(): asdict(each) for path, each in counts.items()},
        "total": asdict(sum(counts.values(), Counts())),
        "versions": versions(config),
    }
    print(json.dumps(content, indent=2))
    return 0


def _for_pages(
    work: Callable[[CheckedPage], _Result],
    files: Sequence[Path],
    config: Config,
    keep: bool = True,
    tell: Callable[[_Result], None] = lambda _: None,
) -> list[_Result]:
    """Do something for several pages; twins, which share a run, one after the other.

    Each result is told in turn. Ctrl-C ends all at once.
    """
    files = sorted(set(files), key=lambda file: (config.inside(file), str(file)))
    families = [[*each] for _, each in groupby(files, key=config.inside)]

    def work_on(family: Sequence[Path]) -> list[_Result]:
        return [work(CheckedPage(file, config, keep=keep)) for file in family]

    results, begun, off = [], time.monotonic(), bool(os.environ.get("CI")) or None
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as workers:
        working = workers.map(work_on, families)
        shown = {"total": len(families), "unit": "page", "leave": False, "disable": off}
        with tqdm(working, **shown) as bar:
            try:
                for result in chain.from_iterable(bar):
                    results.append(result)
                    tell(result)
            except KeyboardInterrupt:
                bar.close()
                said = f"interrupted with {len(results)} of {len(files)} pages done"
                told = f"pagecheck: {said}; every page is as it was"
                print(told, file=sys.stderr, flush=True)
                os._exit(130)  # and with it the processes of pages end
    if len(files) > 1:
        took = time.monotonic() - begun
        print(f"{len(files)} pages in {took:.1f} s", file=sys.stderr)
    return results


if __name__ == "__main__":
    sys.exit(main())
