"""What is wrong with a page, where, and how to fix it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

# How many lines of a difference are shown, and of a text compared.
_SHOWN, _COMPARED = 60, 2000


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

    def with_edit(self, edit: Edit | None) -> Problem:
        """The same problem, which recording can fix."""
        return replace(self, edit=edit)

    def __str__(self) -> str:
        column = f":{self.column}" if self.column else ""
        where = f"{self.path}:{self.line}{column}: [{self.rule}]"
        ours = self.expected.splitlines()[:_COMPARED]
        theirs = self.found.splitlines()[:_COMPARED]
        if max(len(ours), len(theirs)) < 2:
            return (
                f"{where} expected {self.expected}\n"
                f"    found: {self.found}\n"
                f"    fix:   {self.fix}"
            )
        diff = difflib.unified_diff(ours, theirs, "expected", "found", lineterm="")
        lines = [f"    {line}" for line in islice(diff, _SHOWN + 1)]
        more = ["    …"] if len(lines) > _SHOWN else []
        return "\n".join([where, *lines[:_SHOWN], *more, f"    fix: {self.fix}"])


def record_command(path: Path) -> str:
    """The command that renews what a page shows."""
    return f"python -m pagecheck record --write {path}"
