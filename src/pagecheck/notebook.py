"""A notebook is a page in another wrapping: read one as a page, write one of a page.

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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pagecheck.page import EXPECTED_OUTPUT, Block, Page, parse_page
from pagecheck.problem import Problem
from pagecheck.script import shown_error
from pagecheck.spans import find_spans

FRONT_MATTER = re.compile(r"\A---\n(.*?)^---\n", re.DOTALL | re.MULTILINE)
_SVG = "image/svg+xml"
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_ID_HERE = re.compile(r"(?m)^(#(?:.*\S)?) *<!-- *#([\w-]+) *-->$")
_ID_THERE = re.compile(r"(?m)^(#(?:.*\S)?) *\{ *#([\w-]+) *\}$")
_WRONG = (ValueError, LookupError, TypeError, AttributeError, RecursionError)

Lines = list[tuple[str, int]]
"""Lines of a page, each with the line of the file that it stands on."""


def page_of(content: str, shown: Path) -> Page:
    """Read a notebook as the page that it is.

    Args:
        content: What its file holds.
        shown: What messages call the file.

    Returns:
        The page. Its text is Markdown, its line numbers are the file's, its figures are
        those that the notebook holds.
    """
    reader = _Reader(content)
    try:
        lines = [*reader.read(json.loads(content))]
        text = "\n".join(line for line, _ in lines)
        numbers = tuple(number for _, number in lines)
        if text.count("\n") >= max(len(numbers), 1):
            raise ValueError("several lines in the place of one")
    except _WRONG as error:
        expected = "a notebook of code cells and Markdown cells"
        found, fix = f"{type(error).__name__}: {error}", "correct it with Jupyter"
        problem = Problem("page", shown, 1, expected, found, fix)
        return replace(parse_page("", shown), problems=(problem,))
    return replace(parse_page(text, shown, numbers), figures=reader.figures)


class _Reader:
    """The lines and the figures of a notebook."""

    def __init__(self, content: str) -> None:
        self.figures: dict[str, str] = {}
        self.here = 1
        self.places: dict[str, list[int]] = {}
        for number, line in enumerate(content.split("\n"), 1):
            self.places.setdefault(line.strip().rstrip(","), []).append(number)

    def read(self, notebook: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
        """Its lines; what is no notebook of ours raises one error or another."""
        if notebook["nbformat"] != 4:
            raise ValueError(f"the format {notebook['nbformat']!r}, not 4")
        if description := notebook["metadata"].get("description"):
            number = self.place(description, '"description": ')
            front = ("---", f"description: {description}", "---", "")
            yield from ((line, number) for line in front)
            self.here = 1
        for cell in notebook["cells"]:
            kind = cell["cell_type"]
            if kind not in ("code", "markdown") or "attachments" in cell:
                raise ValueError(f"a cell of the kind {kind!r}, or with attachments")
            if lines := self.code(cell) if kind == "code" else self.source(cell):
                yield from [*lines, ("", lines[-1][1])]

    def place(self, written: str, key: str = "") -> int:
        """The next line of the file on which a string stands as JSON."""
        numbers = self.places.get(key + json.dumps(written, ensure_ascii=False), [])
        self.here = next((n for n in numbers if n > self.here), self.here)
        return self.here

    def placed(self, text: str | Sequence[str]) -> Lines:
        """The lines of a cell's source or of an output."""
        pieces = text.splitlines(keepends=True) if isinstance(text, str) else text
        places = [(piece.removesuffix("\n"), self.place(piece)) for piece in pieces]
        return [
            (line, number) for piece, number in places for line in piece.split("\n")
        ]

    def source(self, cell: Mapping[str, Any]) -> Lines:
        """The lines of a cell without the blank ones at either end."""
        lines = self.placed(cell["source"])
        said = [index for index, (line, _) in enumerate(lines) if line]
        lines = lines[said[0] : said[-1] + 1] if said else []
        if cell["cell_type"] == "code":
            return lines
        return [(_ID_HERE.sub(r"\1 { #\2 }", line), number) for line, number in lines]

    def code(self, cell: Mapping[str, Any]) -> Lines:
        figure = cell["metadata"].get("figure", "")  # in the order of the file
        drawn = self.place(figure, '"figure": ')
        printed: Lines = []
        for output in cell["outputs"]:
            printed += self.placed(output.get("text") or output.get("traceback", ()))
            if figure and (svg := output.get("data", {}).get(_SVG)):
                self.figures[_target(figure)] = "".join(svg)
        if not (code := self.source(cell)):
            return []
        lines = _fenced("python", code)
        if printed:
            marker = ("", f"<!--{EXPECTED_OUTPUT}-->", "")
            lines += [(line, printed[0][1]) for line in marker]
            lines += _fenced("text", printed)
        return lines + ([("", drawn), (figure, drawn)] if figure else [])


def _fenced(language: str, lines: Lines) -> Lines:
    runs = [re.match(" *(`*)", line) for line, _ in lines]
    ticks = "`" * max(3, *(len(run[1]) + 1 for run in runs if run))
    return [(ticks + language, lines[0][1]), *lines, (ticks, lines[-1][1])]


def _target(image: str) -> str:
    spans = [span for span in find_spans(image) if span.kind == "image"]
    return spans[0].target if spans else ""


# -- writing ---------------------------------------------------------------------------

Cell = tuple[str, list[dict[str, Any]] | None, dict[str, Any]]
"""A cell's source, its outputs, or None for prose, and its metadata."""


def to_notebook(text: str, figures: Mapping[str, str]) -> str:
    """Write a notebook from the page that it is read as.

    Args:
        text: The page.
        figures: The SVG of each figure, by the target of its image.
    """
    cells: list[Cell] = []
    for prose, block in split(text):
        if block is None:
            cells.append((_ID_THERE.sub(r"\1 <!--#\2-->", prose), None, {}))
        else:
            shown = outputs(block, figures.get(_target(prose)))
            metadata = {"figure": prose} if prose else {}
            cells.append((block.code.strip("\n"), shown, metadata))
    front = FRONT_MATTER.match(text)
    description = re.search(r"(?m)^description: (.*)$", front[1]) if front else None
    return written(cells, {"description": description[1]} if description else {})


def written(cells: Iterable[Cell], metadata: Mapping[str, object]) -> str:
    """A notebook's file, as Jupyter would write it."""
    made: list[dict[str, Any]] = []
    count = 0
    for number, (source, shown, about) in enumerate(cells, 1):
        cell: dict[str, Any] = {"id": f"cell-{number}", "metadata": about}
        cell |= {"cell_type": "markdown", "source": source.splitlines(keepends=True)}
        if shown is not None:
            count += 1
            cell |= {"cell_type": "code", "execution_count": count, "outputs": shown}
        made.append(cell)
    about = {"kernelspec": _KERNEL, "language_info": {"name": "python"}, **metadata}
    notebook = {"cells": made, "metadata": about, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def split(
    text: str, blocks: Sequence[Block] | None = None
) -> Iterator[tuple[str, Block | None]]:
    """The prose between Python blocks, and each block with its image's line, if any.

    ``blocks`` are those of the text, which is read where they are not known.
    """
    front, lines = FRONT_MATTER.match(text), text.split("\n")
    at = front[0].count("\n") if front else 0
    for block in [*(parse_page(text).blocks if blocks is None else blocks), None]:
        if block and block.language != "python":
            continue
        end = block.line - 2 if block else None
        if prose := "\n".join(lines[at:end]).strip("\n"):
            yield prose, None
        if block:
            last = block.output or block
            at = text[: last.end].rstrip("\n").count("\n") + 1 + bool(block.output)
            at = block.image.line if block.image else at
            yield lines[at - 1].strip() if block.image else "", block


def outputs(
    block: Block, svg: str | None = None, alternative: str = ""
) -> list[dict[str, Any]]:
    """What a notebook stores as the outputs of a block."""
    printed = block.output.text if block.output else ""
    made: list[dict[str, Any]] = []
    if block.raises:
        kind, message = shown_error(block)
        last = (kind + message).rstrip(":")
        printed = printed.rstrip("\n").removesuffix(last)
        made.append({"output_type": "error", "ename": kind, "traceback": [last]})
        made[0]["evalue"] = message.removeprefix(":").lstrip()
    if printed:
        lines = printed.splitlines(keepends=True)
        made[:0] = [{"output_type": "stream", "name": "stdout", "text": lines}]
    if svg is not None:
        data = {_SVG: svg.splitlines(keepends=True)}
        data |= {"text/plain": [alternative]} if alternative else {}
        made.append({"output_type": "display_data", "data": data, "metadata": {}})
    return made
