"""Sphinx with MyST-NB: notebooks written as Markdown, executed into a cache."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.pages import Source, link_to, parts, plain
from benchmarks.tool import Command, Tool, in_file, write

# A cell may take longer than the 30 s that are allowed by default.
CONF = """\
project = "Benchmark"
extensions = ["myst_nb"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["amsmath", "dollarmath"]
nb_execution_mode = "cache"
nb_execution_timeout = 600
"""
HEAD = """\
---
file_format: mystnb
kernelspec:
  name: python3
---
"""


def write_settings(project: Path, pages: Sequence[Source]) -> None:
    """Write conf.py and a first page."""
    write(project / "conf.py", CONF)
    names = "".join(f"{page.name}\n" for page in pages)
    write(project / "index.md", f"# Benchmark\n\n```{{toctree}}\n{names}```\n")


def write_page(project: Path, page: Source) -> None:
    """Write a page as a notebook in MyST's Markdown."""
    write(project / f"{page.name}.md", as_myst(page))


def as_myst(page: Source) -> str:
    """A page as a notebook in MyST's Markdown."""
    made = [HEAD]
    for prose, block in parts(page):
        if block is not None:
            tags = ":tags: [raises-exception]\n" if block.raises else ""
            made.append(f"```{{code-cell}} python\n{tags}{block.code.rstrip()}\n```")
        elif text := plain(prose, link_to(".md", page.name)):
            made.append(text)
    return "\n\n".join(made) + "\n"


def commands(programs: Path) -> list[Command]:
    """What builds the site; `-W` as our build has `--strict`.

    With two processes, `-j auto`, one build in three ended with an error of its cache.
    """
    sphinx: Command = [programs / "sphinx-build", "-q", "-W", "--keep-going"]
    return [[*sphinx, "-b", "html", ".", "_build/html"]]


TOOL = Tool(
    name="Sphinx with MyST-NB",
    told=("myst-nb", "sphinx", "myst-parser", "jupyter-cache", "ipykernel"),
    write_settings=write_settings,
    write_page=write_page,
    commands=commands,
    site="_build/html",
    address=in_file,
)
