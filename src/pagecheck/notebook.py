"""A notebook is a page in another wrapping: read one as a page, write it anew.

Its Markdown cells are the page's prose and its code cells the page's blocks, each with
what it printed and the figure that it drew. As a page it is under every rule that pages
are under, and what a rule says of it names the line of the ``.ipynb``.

Three things are written otherwise, so that a notebook looks right in Jupyter: a
heading's id is the comment ``<!--#slug-->``; the image of a figure, with its
alternative text, is the entry ``figure`` of the metadata of the cell that draws it, and
its SVG the cell's output; the page's description is in the notebook's metadata.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pagecheck.page import EXPECTED_OUTPUT, Page, parse_page
from pagecheck.problem import Problem

_MARKER = f"<!--{EXPECTED_OUTPUT}-->"
_SVG = "image/svg+xml"
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}

_FRONT_MATTER = re.compile(r"---\ndescription: (?P<description>.*)\n---\n+")
# A block as ``as_text`` writes it, with its output and its figure.
_BLOCK = re.compile(
    r"^(?P<ticks>`{3,})python\n(?P<code>(?:.*\n)*?)(?P=ticks)\n"
    rf"(?:\n{re.escape(_MARKER)}\n\n"
    r"(?P<fence>`{3,})text\n(?P<output>(?:.*\n)*?)(?P=fence)\n)?"
    r"(?:\n(?P<figure>!\[[^\[\]\n]*\]\(figures/[^()\s]+\)(?:<!--.*?-->)*)\n)?",
    re.MULTILINE,
)
_TARGET = re.compile(r"!\[[^\[\]]*\]\((?P<target>[^()\s]+)\)")
_ID = re.compile(r"^(#+ .*?) *\{ *#([\w-]+) *\}$", re.MULTILINE)
_ID_IN_CELL = re.compile(r"^(#+ .*?) *<!-- *#([\w-]+) *-->$", re.MULTILINE)


class NotebookError(ValueError):
    """A file that is no notebook, or one with what a page cannot have."""


@dataclass(frozen=True)
class _Cell:
    """A cell, as it stands in the text of the page.

    Attributes:
        source: Its Markdown, with ids as in notebooks, or its code.
        line: The text's line before the first of its source, counted from 0.
        is_code: Whether it is a code cell.
        output: What it printed.
        output_line: The text's line before the first of its output.
        figure: The image of the figure that it drew, as on a page.
        figure_line: The text's line of that image.
    """

    source: str
    line: int
    is_code: bool = False
    output: str = ""
    output_line: int = 0
    figure: str = ""
    figure_line: int = 0


def page_of(content: str, shown: Path) -> Page:
    """Read a notebook as the page that it is.

    Args:
        content: What its file holds.
        shown: What messages call the file.

    Returns:
        The page. Its text is Markdown, its line numbers are the file's, its figures are
        those that the notebook holds.
    """
    try:
        text, figures = _read(content)
    except NotebookError as error:
        expected = "a notebook of code cells and Markdown cells"
        mend = "mend it with Jupyter"
        problem = Problem("page", shown, 1, expected, str(error), mend)
        return Page(shown, "", (), (), (), (), (), (problem,))
    page = parse_page(text, shown, _line_numbers(text, to_notebook(text, figures)))
    return replace(page, figures=figures)


def to_notebook(text: str, figures: Mapping[str, str]) -> str:
    """Write a notebook, as Jupyter would, from the page that it is read as.

    Args:
        text: The page.
        figures: The SVG of each figure, by the target of its image.
    """
    front = _FRONT_MATTER.match(text)
    metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    cells = list(_cells(text))
    blocks = [cell for cell in cells if cell.is_code]
    notebook = {
        "cells": [
            {
                "cell_type": "code",
                "execution_count": blocks.index(cell) + 1,
                "id": f"cell-{number}",
                "metadata": {"figure": cell.figure} if cell.figure else {},
                "outputs": list(_outputs(cell, figures)),
                "source": cell.source.splitlines(keepends=True),
            }
            if cell.is_code
            else {
                "cell_type": "markdown",
                "id": f"cell-{number}",
                "metadata": {},
                "source": cell.source.splitlines(keepends=True),
            }
            for number, cell in enumerate(cells, 1)
        ],
        "metadata": metadata | ({"description": front["description"]} if front else {}),
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _outputs(cell: _Cell, figures: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    if cell.output:
        lines = cell.output.splitlines(keepends=True)
        yield {"name": "stdout", "output_type": "stream", "text": lines}
    svg = figures.get(_target(cell.figure))
    if svg is not None:
        data = {_SVG: svg.splitlines(keepends=True)}
        yield {"data": data, "metadata": {}, "output_type": "display_data"}


def _target(image: str) -> str:
    match = _TARGET.match(image)
    return match["target"] if match else ""


# -- reading ---------------------------------------------------------------------------


def _read(content: str) -> tuple[str, dict[str, str]]:
    """The page that a notebook is, and its figures.

    Raises:
        NotebookError: It is no notebook, or has a cell of another kind.
    """
    try:
        notebook = json.loads(content)
        cells = notebook["cells"]
        description = notebook["metadata"].get("description")
        pieces = [f"---\ndescription: {description}\n---\n"] if description else []
        figures: dict[str, str] = {}
        for cell in cells:
            if cell["cell_type"] not in ("code", "markdown"):
                raise NotebookError(f"a cell of the kind {cell['cell_type']!r}")
            is_code = cell["cell_type"] == "code"
            piece = _block(cell, figures) if is_code else _prose(cell)
            pieces += [piece] if piece.strip() else []
    except NotebookError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotebookError(f"{type(error).__name__}: {error}") from None
    return "\n".join(pieces), figures


def _prose(cell: Mapping[str, Any]) -> str:
    text = "".join(cell["source"]).strip("\n")
    return _ID_IN_CELL.sub(r"\1 { #\2 }", text) + "\n"


def _block(cell: Mapping[str, Any], figures: dict[str, str]) -> str:
    code = "".join(cell["source"]).strip("\n")
    if not code:
        return ""
    printed, svg = "", None
    for output in cell["outputs"]:
        if output["output_type"] == "stream":
            printed += "".join(output["text"])
        else:
            svg = "".join(output.get("data", {}).get(_SVG, ())) or svg
    text = _fenced("python", code + "\n")
    if printed:
        text += f"\n{_MARKER}\n\n" + _fenced("text", printed)
    if figure := cell["metadata"].get("figure"):
        text += f"\n{figure}\n"
        if svg is not None:
            figures[_target(figure)] = svg
    return text


def _fenced(language: str, content: str) -> str:
    runs = [len(run) for run in re.findall(r"^ *(`{3,})", content, re.MULTILINE)]
    ticks = "`" * max([2, *runs], default=2) + "`"
    content += "" if content.endswith("\n") else "\n"
    return f"{ticks}{language}\n{content}{ticks}\n"


def _cells(text: str) -> Iterator[_Cell]:
    """The cells of a page's text; what stands between two blocks is one cell."""
    front = _FRONT_MATTER.match(text)
    place = front.end() if front else 0
    for match in (*_BLOCK.finditer(text, place), None):
        end = match.start() if match else len(text)
        if prose := text[place:end].strip("\n"):
            start = text.index(prose, place)
            source = _ID.sub(r"\1 <!--#\2-->", prose)
            yield _Cell(source, text.count("\n", 0, start) - 1)
        if match:
            yield _Cell(
                match["code"].strip("\n"),
                text.count("\n", 0, match.start("code")) - 1,
                True,
                match["output"] or "",
                text.count("\n", 0, max(match.start("output"), 0)) - 1,
                match["figure"] or "",
                text.count("\n", 0, max(match.start("figure"), 0)),
            )
            place = match.end()


# -- lines -----------------------------------------------------------------------------

# Where the parts of a notebook begin, by the indentation that Jupyter gives them.
_PLACES = {
    "cell": re.compile(r"  \{"),
    "source": re.compile(r'   "source": \['),
    "output": re.compile(r'     "text": \['),
    "figure": re.compile(r'    "figure": "'),
}


def _line_numbers(text: str, canonical: str) -> tuple[int, ...]:
    """For each line of a page's text, the line of the notebook that holds it."""
    places: list[dict[str, int]] = []
    for number, written in enumerate(canonical.split("\n"), 1):
        for name, pattern in _PLACES.items():
            if pattern.match(written):
                places += [{}] if name == "cell" else []
                places[-1].setdefault(name, number)
    before = canonical.partition('\n  "description": ')[0]
    known = {1: before.count("\n") + 2} if _FRONT_MATTER.match(text) else {}
    for cell, place in zip(_cells(text), places, strict=True):
        for part, line, lines in (
            ("source", cell.line, cell.source.count("\n") + 2),
            ("output", cell.output_line, cell.output.count("\n") + 1),
            ("figure", cell.figure_line, 0),
        ):
            if part in place:
                known |= {line + i: place[part] + i for i in range(lines + 1)}
    numbers, last = [], 1
    for index in range(text.count("\n") + 1):
        last = known.get(index, last)
        numbers.append(last)
    return tuple(numbers)
