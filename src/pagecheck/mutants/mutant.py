"""What a mutant is: a change of one place, by its kind, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Edit:
    """One place of one file, and what it is changed to."""

    file: Path  # relative to the project
    start: int
    old: str
    new: str


@dataclass(frozen=True)
class Mutant:
    """A change, by its kind; the same change in several languages is one mutant."""

    kind: str
    line: int
    edits: tuple[Edit, ...]

    def __str__(self) -> str:
        first = self.edits[0]
        return f"{first.file}:{self.line}: {self.kind}: {first.old!r} -> {first.new!r}"


@dataclass(frozen=True)
class Outcome:
    """A mutant, and the problem that caught it; none where it survived."""

    mutant: Mutant
    caught_by: str | None

    def __str__(self) -> str:
        return f"{self.mutant}: {self.caught_by or 'SURVIVES'}"
