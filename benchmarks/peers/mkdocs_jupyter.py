"""mkdocs-jupyter: notebooks without outputs, executed while the site is built."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.pages import Source, link_to, parts, plain
from benchmarks.tool import Command, Tool, in_folder, write
from pagecheck.notebook import Cell, written

SETTINGS = """\
site_name: Benchmark
theme: { name: material }
plugins:
  search: {}
  mkdocs-jupyter: { execute: true, allow_errors: false }
"""


def write_settings(project: Path, pages: Sequence[Source]) -> None:
    """Write mkdocs.yml and a first page."""
    write(project / "mkdocs.yml", SETTINGS)
    links = [f"- [{page.title}]({page.name}.ipynb)\n" for page in pages]
    write(project / "docs" / "index.md", "# Benchmark\n\n" + "".join(links))


def write_page(project: Path, page: Source) -> None:
    """Write a page as a notebook."""
    write(project / "docs" / f"{page.name}.ipynb", written(_cells(page), {}))


def _cells(page: Source) -> Iterator[Cell]:
    for prose, block in parts(page):
        if block is not None:
            tags = {"tags": ["raises-exception"]} if block.raises else {}
            yield block.code.rstrip("\n"), [], tags
        elif text := plain(prose, link_to(".ipynb", page.name)):
            yield text, None, {}


def commands(programs: Path) -> list[Command]:
    """What builds the site."""
    return [[programs / "mkdocs", "build", "--strict"]]


TOOL = Tool(
    name="mkdocs-jupyter",
    told=("mkdocs-jupyter", "mkdocs", "mkdocs-material", "nbconvert", "ipykernel"),
    write_settings=write_settings,
    write_page=write_page,
    commands=commands,
    site="site",
    address=in_folder,
)
