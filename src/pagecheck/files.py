"""The files of a page: Markdown or a notebook, and those of its figures."""

from __future__ import annotations

import re
from pathlib import Path

from pagecheck.notebook import page_of
from pagecheck.page import Page, parse_page
from pagecheck.problem import Problem

# What reading and checking take grows with a page; they are never without an end.
LARGEST = 250_000
FIGURES = "figures"
"""The folder beside a page that holds its figures, and nothing else."""


def read_page(path: Path, shown: Path | None = None) -> Page:
    """Read the page that a file holds; messages call it ``shown``, or by its path."""
    name = shown or path
    try:
        if (size := path.stat().st_size) > LARGEST:
            raise OSError(f"a file of {size:,} bytes")
        content = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        expected = f"a readable file in UTF-8, of {LARGEST:,} bytes at most"
        fix = "save it in UTF-8, or divide it into several pages"
        problem = Problem("page", name, 1, expected, str(error), fix)
        return Page(name, "", problems=(problem,))
    return (page_of if path.suffix == ".ipynb" else parse_page)(content, name)


def figure_file(page: Path, target: str) -> Path:
    """The file of a figure of a page, by its image's target: ``figures/sigmoid.svg``.

    Raises:
        ValueError: It is no SVG in the folder ``figures`` beside the page, or a link
            that leads out of it.
    """
    if not re.fullmatch(rf"{FIGURES}/[a-z0-9]+(?:-[a-z0-9]+)*\.svg", target):
        raise ValueError(f"{target!r} is no {FIGURES}/NAME.svg, NAME in kebab-case")
    folder, file = (page.parent / FIGURES).resolve(), (page.parent / target).resolve()
    if not file.is_relative_to(folder):
        raise ValueError(f"{target!r} leads out of {folder}, to {file}")
    return file
