"""What the measurement knows of a tool that builds pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.pages import Source

Command = Sequence[str | Path]


@dataclass(frozen=True)
class Tool:
    """A tool, how it is given pages, and how it is started.

    Attributes:
        name: What people call it.
        told: The packages whose versions are recorded, the tool's own first.
        write_settings: Writes what a project of these pages needs beside them.
        write_page: Writes one page into the project's folder.
        commands: Gives what builds the project, one after the other, when told the
            folder of the environment's programs.
        site: The folder of the project that it builds into.
        address: Gives the built file of a page.
        environment: Variables that it is given.
    """

    name: str
    told: tuple[str, ...]
    write_settings: Callable[[Path, Sequence[Source]], None]
    write_page: Callable[[Path, Source], None]
    commands: Callable[[Path], list[Command]]
    site: str
    address: Callable[[str], str]
    environment: dict[str, str] = field(default_factory=dict)

    def write(self, project: Path, pages: Sequence[Source]) -> None:
        """Write a whole project."""
        project.mkdir(parents=True)
        self.write_settings(project, pages)
        for page in pages:
            self.write_page(project, page)


def write(file: Path, text: str) -> None:
    """Write a file, and the folders above it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def in_folder(name: str) -> str:
    """Where MkDocs builds a page."""
    return f"{name}/index.html"


def in_file(name: str) -> str:
    """Where Sphinx builds a page."""
    return f"{name}.html"
