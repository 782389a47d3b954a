"""Jupyter Book 1: the notebooks of MyST-NB in a theme for books."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.pages import Source
from benchmarks.peers.myst_nb import write_page
from benchmarks.tool import Command, Tool, in_file, write

CONFIG = """\
title: Benchmark
only_build_toc_files: true
execute:
  execute_notebooks: cache
  timeout: 600
"""


def write_settings(project: Path, pages: Sequence[Source]) -> None:
    """Write the settings, the table of contents and a first page."""
    write(project / "_config.yml", CONFIG)
    files = "".join(f"- file: {page.name}\n" for page in pages)
    write(project / "_toc.yml", f"format: jb-book\nroot: index\nchapters:\n{files}")
    write(project / "index.md", "# Benchmark\n\nThe pages are in the menu.\n")


def commands(programs: Path) -> list[Command]:
    """What builds the book; `-W` as our build has `--strict`."""
    return [[programs / "jupyter-book", "build", "-q", "-W", "--keep-going", "."]]


TOOL = Tool(
    name="Jupyter Book 1",
    told=("jupyter-book", "sphinx", "myst-nb", "jupyter-cache", "ipykernel"),
    write_settings=write_settings,
    write_page=write_page,
    commands=commands,
    site="_build/html",
    address=in_file,
)
