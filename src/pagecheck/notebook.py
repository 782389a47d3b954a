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
from itertools import product
from pathlib import Path
from typing import Any

from pagecheck.page import EXPECTED_OUTPUT, FRONT_MATTER, Block, Page, parse_page
from pagecheck.problem import Problem
from pagecheck.script import shown_error
from pagecheck.spans import find_spans

_SVG = "image/svg+xml"
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_ID_HERE = re.compile(r"(?m)^(#(?:.*\S)?) *<!-- *#([\w-]+) *-->$")
_ID_THERE = re.compile(r"(?m)^(#(?:.*\S)?) *\{ *#([\w-]+) *\}$")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"(\s*:)?')  # or a key, with its colon
_WRONG = (ValueError, LookupError, TypeError, AttributeError, RecursionError)

Lines = list[tuple[str, int]]
"""Lines of a page, each with the line of the file that it stands on."""


def page_of(content: str, shown: Path) -> Page:
    """Read the notebook that a file holds as the page that it is.

    Its text is Markdown, its line numbers are the file's, its figures are those that
    the notebook holds. Messages call the file ``shown``.
    """
    try:
        notebook = _numbered(content)
        lines, figures = [*_lines(notebook)], dict(_figures(notebook))
        text = "\n".join(line for line, _ in lines)
        numbers = tuple(number for _, number in lines)
        if text.count("\n") >= max(len(numbers), 1):
            raise ValueError("several lines in the place of one")
    except _WRONG as error:
        expected = "a notebook of code cells and Markdown cells"
        found, fix = f"{type(error).__name__}: {error}", "correct it with Jupyter"
        problem = Problem("page", shown, 1, expected, found, fix)
        return replace(parse_page("", shown), problems=(problem,))
    return replace(parse_page(text, shown, numbers), figures=figures)


def _numbered(content: str) -> Any:  # noqa: ANN401
    """A notebook, with the number of its line before each string."""

    def numbered(line: tuple[int, str]) -> str:
        number, text = line
        return _STRING.sub(lambda m: m[0] if m[1] else f'"{number} {m[0][1:]}', text)

    return json.loads("\n".join(map(numbered, enumerate(content.split("\n"), 1))))


def _strings(numbered: str | Sequence[str]) -> Iterator[tuple[str, int]]:
    """A string of a notebook, or each of several, with its line's number."""
    for each in [numbered] if isinstance(numbered, str) else numbered:
        number, _, text = each.partition(" ")
        yield text, int(number)


def _lines(notebook: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """A notebook's lines; what is no notebook of ours raises one error or another."""
    if notebook["nbformat"] != 4:
        raise ValueError(f"the format {notebook['nbformat']!r}, not 4")
    for description, number in _strings(notebook["metadata"].get("description", ())):
        front = ("---", f"description: {description}", "---", "")
        yield from ((line, number) for line in front)
    for cell in notebook["cells"]:
        ((kind, number),) = _strings(cell["cell_type"])
        if kind not in ("code", "markdown") or "attachments" in cell:
            raise ValueError(f"a cell of the kind {kind!r}, or with attachments")
        lines = _placed(cell["source"])
        said = [index for index, (line, _) in enumerate(lines) if line]
        lines = lines[said[0] : said[-1] + 1] if said else []
        if kind == "markdown":
            lines = [(_ID_HERE.sub(r"\1 { #\2 }", line), n) for line, n in lines]
        elif lines:
            lines = [*_fenced("python", lines), *_shown(cell)]
        if lines:
            yield from [*lines, ("", lines[-1][1])]


def _placed(text: str | Sequence[str]) -> Lines:
    """The lines of a cell's source or of an output."""
    pieces = [(piece.removesuffix("\n"), n) for piece, n in _strings(text) if piece]
    return [(line, number) for piece, number in pieces for line in piece.split("\n")]


def _shown(cell: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """The lines of what a cell has printed, and of its figure's image."""
    texts = (o.get("text") or o.get("traceback", ()) for o in cell["outputs"])
    if printed := [line for text in texts for line in _placed(text)]:
        marker = ("", f"<!--{EXPECTED_OUTPUT}-->", "")
        yield from ((line, printed[0][1]) for line in marker)
        yield from _fenced("text", printed)
    for image, number in _strings(cell["metadata"].get("figure", ())):
        yield from (("", number), (image, number))


def _figures(notebook: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The figures that a notebook holds, each by the target of its image."""
    for cell in notebook["cells"]:
        images = [i for i, _ in _strings(cell["metadata"].get("figure", ()))]
        targets = [s.target for i in images for s in find_spans(i) if s.kind == "image"]
        data = [output.get("data", {}) for output in cell.get("outputs", ())]
        for target, svg in product(targets, (d[_SVG] for d in data if _SVG in d)):
            yield target, "".join(text for text, _ in _strings(svg))


def _fenced(language: str, lines: Lines) -> Lines:
    runs = [re.match(" *(`*)", line) for line, _ in lines]
    ticks = "`" * max(3, *(len(run[1]) + 1 for run in runs if run))
    return [(ticks + language, lines[0][1]), *lines, (ticks, lines[-1][1])]


# -- writing ---------------------------------------------------------------------------

Cell = tuple[str, list[dict[str, Any]] | None, dict[str, Any]]
"""A cell's source, its outputs, or None for prose, and its metadata."""


def to_notebook(text: str, figures: Mapping[str, str]) -> str:
    """Write a notebook from a page and the SVGs of its images, by their targets."""
    cells: list[Cell] = []
    for prose, block in split(parse_page(text)):
        if block is None:
            cells.append((_ID_THERE.sub(r"\1 <!--#\2-->", prose), None, {}))
        else:
            svg = figures.get(block.image.target) if block.image else None
            metadata = {"figure": prose} if prose else {}
            cells.append((block.code.strip("\n"), outputs(block, svg), metadata))
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


def split(page: Page) -> Iterator[tuple[str, Block | None]]:
    """The prose between Python blocks, and each block with its image's line, if any."""
    text, front = page.text, FRONT_MATTER.match(page.text)
    at = front.end() if front else 0
    for block in [*(b for b in page.blocks if b.language == "python"), None]:
        end = text.rfind("\n", 0, block.start - 1) + 1 if block else len(text)
        if prose := text[at:end].strip("\n"):
            yield prose, None
        if block:
            last = block.image or block.output
            at = (text.find("\n", last.end) + 1 or len(text)) if last else block.end
            shown = block.image
            line = text[text.rfind("\n", 0, shown.start) + 1 : at] if shown else ""
            yield line.strip(), block


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
