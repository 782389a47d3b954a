"""Read the page that a file holds: Markdown, or a notebook."""

from __future__ import annotations

from pathlib import Path

from pagecheck.notebook import page_of
from pagecheck.page import Page, parse_page
from pagecheck.problem import Problem

# What reading and checking take grows with a page; they are never without an end.
LARGEST = 250_000


def read_page(path: Path, shown: Path | None = None) -> Page:
    """Read the page that a file holds.

    Args:
        path: The file.
        shown: What messages call it; the path itself by default.
    """
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
