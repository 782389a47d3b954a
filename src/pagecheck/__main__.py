"""The command line: ``python -m pagecheck check|record [PAGE…]``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from pagecheck.checks import Subject
from pagecheck.config import Config, ConfigError, load_config
from pagecheck.problem import Problem
from pagecheck.record import Change, record_page, write_changes


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line: 0 where nothing is wrong, 1 where something is, else 2."""
    options = _parser().parse_args(arguments)
    try:
        config = load_config(Path.cwd())
        files = _files(options.pages, config)
        command = _check if options.command == "check" else _record
        return command(files, config)
    except (ConfigError, OSError) as error:
        print(f"pagecheck: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("pagecheck: interrupted; every page is as it was", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pagecheck", description="Keep the pages of a site true."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, help_text in (
        ("check", "run pages and say what on them is wrong"),
        ("record", "run pages, in every language, and write anew what they show"),
    ):
        command = commands.add_parser(name, help=help_text, description=help_text)
        command.add_argument(
            "pages", nargs="*", type=Path, metavar="PAGE", help="by default every page"
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


def _check(files: Sequence[Path], config: Config) -> int:
    failed = 0
    for file in files:
        subject = Subject(file, config)
        checks = list(subject.checks())
        problems = [problem for check in checks for problem in check.problems()]
        for problem in dict.fromkeys(problems):
            print(problem)
        failed += bool(problems)
        verdict = f"{len(problems)} problems" if problems else "true"
        print(f"{subject.page.path}: {len(checks)} checks, {verdict}", flush=True)
    return 1 if failed else 0


def _record(files: Sequence[Path], config: Config) -> int:
    changes: list[Change] = []
    problems: list[Problem] = []
    for file in _with_twins(files, config):
        found, wrong = record_page(Subject(file, config))
        changes += found
        problems += wrong
    write_changes(changes)
    for change in changes:
        print(change.diff(str(config.relative(change.file))), end="")
    for problem in problems:
        print(problem)
    print(f"{len(changes)} files written, {len(problems)} problems")
    return 1 if problems else 0


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
