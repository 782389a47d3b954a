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
from bisect import bisect_right
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
_ID = re.compile(r" *#([\w-]+) *")

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
        reader.read(json.loads(content))
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        expected = "a notebook of code cells and Markdown cells"
        found, fix = f"{type(error).__name__}: {error}", "correct it with Jupyter"
        problem = Problem("page", shown, 1, expected, found, fix)
        return replace(parse_page("", shown), problems=(problem,))
    text = "\n".join(line for line, _ in reader.lines)
    numbers = tuple(number for _, number in reader.lines)
    return replace(parse_page(text, shown, numbers), figures=reader.figures)


class _Reader:
    """The lines and the figures of a notebook."""

    def __init__(self, content: str) -> None:
        self.lines: Lines = []
        self.figures: dict[str, str] = {}
        self.here = 1
        self.places: dict[str, list[int]] = {}
        for number, line in enumerate(content.split("\n"), 1):
            self.places.setdefault(line.strip().rstrip(","), []).append(number)

    def read(self, notebook: Mapping[str, Any]) -> None:
        """Read it; what is no notebook of ours raises one error or another."""
        if notebook["nbformat"] != 4:
            raise ValueError(f"the format {notebook['nbformat']!r}, not 4")
        if description := notebook["metadata"].get("description"):
            number = self._place(description, '"description": ')
            front = ("---", f"description: {description}", "---")
            self.lines += [(line, number) for line in front]
            self.here = 1
        kinds = {"code": self._code, "markdown": self._prose}
        for cell in notebook["cells"]:
            kind = cell["cell_type"]
            if kind not in kinds or "attachments" in cell:
                raise ValueError(f"a cell of the kind {kind!r}, or with attachments")
            if lines := kinds[kind](cell):
                self.lines += [("", lines[0][1])] if self.lines else []
                self.lines += lines
        self.lines += [("", self.here)] if self.lines else []

    def _place(self, written: str, key: str = "") -> int:
        """The next line of the file on which a string stands as JSON."""
        numbers = self.places.get(key + json.dumps(written, ensure_ascii=False), [])
        index = bisect_right(numbers, self.here)
        if index < len(numbers):
            self.here = numbers[index]
        return self.here

    def _placed(self, source: str | Sequence[str]) -> Lines:
        """The lines of a cell's source or of an output."""
        pieces = source.splitlines(keepends=True) if isinstance(source, str) else source
        return [
            (line, number)
            for piece in pieces
            for number in [self._place(piece)]
            for line in piece.removesuffix("\n").split("\n")
        ]

    def _source(self, cell: Mapping[str, Any]) -> Lines:
        """The lines of a cell without the blank ones at either end."""
        lines = self._placed(cell["source"])
        said = [index for index, (line, _) in enumerate(lines) if line]
        return lines[said[0] : said[-1] + 1] if said else []

    def _prose(self, cell: Mapping[str, Any]) -> Lines:
        form = ("<!--", "-->", " {{ #{} }}")
        return [(_with_id(line, *form), number) for line, number in self._source(cell)]

    def _code(self, cell: Mapping[str, Any]) -> Lines:
        figure = cell["metadata"].get("figure", "")  # in the order of the file
        drawn = self._place(figure, '"figure": ')
        printed: Lines = []
        for output in cell["outputs"]:
            printed += self._placed(output.get("text") or output.get("traceback", ()))
            if figure and (svg := output.get("data", {}).get(_SVG)):
                self.figures[_target(figure)] = "".join(svg)
        if not (code := self._source(cell)):
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


def _with_id(line: str, opening: str, closing: str, form: str) -> str:
    """A heading with its id in another form; any other line as it is."""
    if line.startswith("#") and line.endswith(closing):
        title, found, slug = line.removesuffix(closing).rpartition(opening)
        if found and (match := _ID.fullmatch(slug)):
            return title.rstrip(" ") + form.format(match[1])
    return line


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
            form = ("{", "}", " <!--#{}-->")
            lines = [_with_id(line, *form) for line in prose.split("\n")]
            cells.append(("\n".join(lines), None, {}))
        else:
            metadata = {"figure": prose} if prose else {}
            shown = outputs(block, figures.get(_target(prose)))
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


def split(text: str) -> Iterator[tuple[str, Block | None]]:
    """The prose between Python blocks, and each block with its image's line, if any."""
    front = FRONT_MATTER.match(text)
    place = front.end() if front else 0
    starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text)]
    for block in parse_page(text).blocks:
        if block.language != "python":
            continue
        if prose := text[place : starts[block.line - 2]].strip("\n"):
            yield prose, None
        place, figure = block.end, ""
        if block.output:
            place = starts[bisect_right(starts, block.output.end)]
        if block.image:
            place = starts[block.image.line]
            figure = text[starts[block.image.line - 1] : place].strip()
        yield figure, block
    if prose := text[place:].strip("\n"):
        yield prose, None


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
