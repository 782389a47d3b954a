"""What is wrong with a page, where, and how to fix it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One fault of one page.

    Attributes:
        rule: The rule of the page contract that does not hold.
        path: The page, relative to the project where it lies below it.
        line: The line of the page, counted from 1.
        expected: What should be there.
        found: What is there instead.
        fix: The command or the edit that fixes it.
        column: The column of the line, counted from 1, where it is known.
    """

    rule: str
    path: Path
    line: int
    expected: str
    found: str
    fix: str
    column: int | None = None

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}: [{self.rule}]"
        column = f" (column {self.column})" if self.column else ""
        if "\n" in self.expected or "\n" in self.found:
            diff = difflib.unified_diff(
                self.expected.splitlines(),
                self.found.splitlines(),
                "expected",
                "found",
                lineterm="",
            )
            body = "\n".join(f"    {line}" for line in diff)
            return f"{where}\n{body}\n    fix: {self.fix}"
        return (
            f"{where} expected {self.expected}\n"
            f"    found: {self.found}{column}\n"
            f"    fix:   {self.fix}"
        )


def record_command(path: Path) -> str:
    """The command that renews what a page shows."""
    return f"python -m pagecheck record --write {path}"
