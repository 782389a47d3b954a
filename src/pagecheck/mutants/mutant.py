"""What a mutant is: a change of one place, by its kind, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Edit:
    """One place of one file, and what it is changed to.

    Attributes:
        file: The file, relative to the project.
        start: Where in it; of a notebook, in the page that it is read as.
        old: What stands there.
        new: What replaces it.
        figure: The image of the notebook's figure in whose SVG the place is.
    """

    file: Path
    start: int
    old: str
    new: str
    figure: str = ""


@dataclass(frozen=True)
class Mutant:
    """A change, by its kind; the same change in several languages is one mutant."""

    kind: str
    line: int
    edits: tuple[Edit, ...]

    def __str__(self) -> str:
        first = self.edits[0]
        figure = f" {first.figure}" if first.figure else ""
        place = f"{first.file}{figure}:{self.line}"
        return f"{place}: {self.kind}: {first.old!r} -> {first.new!r}"


@dataclass(frozen=True)
class Outcome:
    """A mutant, and the problem that caught it; none where it survived."""

    mutant: Mutant
    caught_by: str | None

    def __str__(self) -> str:
        return f"{self.mutant}: {self.caught_by or 'SURVIVES'}"
