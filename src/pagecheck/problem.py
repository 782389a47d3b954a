"""What is wrong with a page, where, and how to fix it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice, takewhile
from pathlib import Path

# How many lines of a difference are shown, and characters of a line; how many lines of
# a text are compared.
_SHOWN, _WIDTH, _COMPARED = 60, 500, 2000


@dataclass(frozen=True)
class Edit:
    """What recording writes to fix a problem: a piece of the page, or a figure's file.

    The piece is that from ``start`` to ``end`` of the page's text; a figure is that of
    the image ``target``.
    """

    start: int
    end: int
    text: str
    target: str = ""


@dataclass(frozen=True)
class Problem:
    """One fault of one page."""

    rule: str  # of the page contract, that does not hold
    path: Path  # of the page, relative to the project where it lies below it
    line: int  # of the page, counted from 1
    expected: str
    found: str
    fix: str  # the command or the edit that fixes it
    column: int | None = None  # counted from 1, where it is known
    edit: Edit | None = field(default=None, compare=False)  # what recording writes

    def __str__(self) -> str:
        column = f":{self.column}" if self.column else ""
        where = f"{self.path}:{self.line}{column}: [{self.rule}]"
        ours, theirs = self.expected.splitlines(), self.found.splitlines()
        first = max(0, alike(ours, theirs) - 3)
        ours, theirs = (_cut(e[first : first + _COMPARED]) for e in (ours, theirs))
        if max(len(ours), len(theirs)) < 2:
            lines = [f"{where} expected {''.join(ours)}", f"found: {''.join(theirs)}"]
            return "\n    ".join([*lines, f"fix:   {self.fix}"])
        diff = difflib.unified_diff(ours, theirs, "expected", "found", lineterm="")
        lines = [f"    {line}" for line in islice(diff, _SHOWN + 1)]
        more = ["    …"] if len(lines) > _SHOWN else []
        return "\n".join([where, *lines[:_SHOWN], *more, f"    fix: {self.fix}"])


def alike(ours: Iterable[str], theirs: Iterable[str]) -> int:
    """How many lines two texts begin with alike."""
    pairs = zip(ours, theirs, strict=False)
    return len([*takewhile(lambda pair: pair[0] == pair[1], pairs)])


def _cut(lines: Iterable[str]) -> list[str]:
    return [e if len(e) <= _WIDTH else f"{e[:_WIDTH]} …" for e in lines]


def record_command(path: Path) -> str:
    """The command that renews what a page shows."""
    return f"python -m pagecheck record --write {path}"
