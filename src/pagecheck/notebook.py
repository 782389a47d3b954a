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
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pagecheck.page import EXPECTED_OUTPUT, Block, Page, parse_page
from pagecheck.problem import Problem
from pagecheck.spans import find_spans

_SVG = "image/svg+xml"
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_FORMAT = {"nbformat": 4, "nbformat_minor": 5}
_FRONT_MATTER = re.compile(r"---\ndescription: (?P<description>.*)\n---\n+")
_ID = re.compile(r" *#([\w-]+) *")


class NotebookError(ValueError):
    """A file that is no notebook, or one with what a page cannot have."""


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
        notebook = _Notebook(content)
    except NotebookError as error:
        expected = "a notebook of code cells and Markdown cells"
        fix = "correct it with Jupyter"
        problem = Problem("page", shown, 1, expected, str(error), fix)
        return replace(parse_page("", shown), problems=(problem,))
    text = "\n".join(line for line, _ in notebook.lines)
    numbers = tuple(number for _, number in notebook.lines)
    return replace(parse_page(text, shown, numbers), figures=notebook.figures)


class _Notebook:
    """A notebook as the lines of a page, each with the line of the file it stands on.

    Raises:
        NotebookError: The file is no notebook, or has a cell of another kind.
    """

    def __init__(self, content: str) -> None:
        self.lines: list[tuple[str, int]] = []
        self.figures: dict[str, str] = {}
        self.here = 1
        self.places: dict[str, list[int]] = {}
        for number, line in enumerate(content.split("\n"), 1):
            self.places.setdefault(line.strip().rstrip(","), []).append(number)
        try:
            self._read(json.loads(content))
        except NotebookError:
            raise
        except RecursionError:
            raise NotebookError("JSON that is nested too deep") from None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NotebookError(f"{type(error).__name__}: {error}") from None

    def _read(self, notebook: Mapping[str, Any]) -> None:
        if notebook["nbformat"] != 4:
            raise NotebookError(f"the format {notebook['nbformat']!r}, not 4")
        if description := notebook["metadata"].get("description"):
            number = self._place(description, '"description": ')
            said = f"description: {description}"
            self.lines += [("---", number), (said, number), ("---", number)]
            self.here = 1
        for cell in notebook["cells"]:
            if cell["cell_type"] not in ("code", "markdown") or "attachments" in cell:
                raise NotebookError(
                    f"a cell of the kind {cell['cell_type']!r}, or with attachments"
                )
            is_code = cell["cell_type"] == "code"
            lines = self._code(cell) if is_code else self._prose(cell)
            if lines:
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

    def _placed(self, source: str | Sequence[str]) -> list[tuple[str, int]]:
        """The lines of a cell's source or of an output, blank ones around it aside."""
        pieces = source.splitlines(keepends=True) if isinstance(source, str) else source
        found = [
            (line, number)
            for piece in pieces
            for number in [self._place(piece)]
            for line in piece.removesuffix("\n").split("\n")
        ]
        return found

    def _prose(self, cell: Mapping[str, Any]) -> list[tuple[str, int]]:
        lines = _stripped(self._placed(cell["source"]))
        return [(_with_id(line, "<!--", "-->", " {{ #{} }}"), n) for line, n in lines]

    def _code(self, cell: Mapping[str, Any]) -> list[tuple[str, int]]:
        figure = cell["metadata"].get("figure", "")  # in the order of the file
        drawn = self._place(figure, '"figure": ')
        printed: list[tuple[str, int]] = []
        svg: str | None = None
        for output in cell["outputs"]:
            if output["output_type"] == "stream":
                printed += self._placed(output["text"])
            else:
                svg = "".join(output.get("data", {}).get(_SVG, ())) or svg
        code = _stripped(self._placed(cell["source"]))
        if not code:
            return []
        lines = _fenced("python", code)
        if printed:
            number = printed[0][1]
            marker = f"<!--{EXPECTED_OUTPUT}-->"
            lines += [("", number), (marker, number), ("", number)]
            lines += _fenced("text", printed)
        if figure:
            lines += [("", drawn), (figure, drawn)]
            if svg is not None:
                self.figures[_target(figure)] = svg
        return lines


def _stripped(lines: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Lines without the blank ones at either end."""
    said = [index for index, (line, _) in enumerate(lines) if line]
    return lines[said[0] : said[-1] + 1] if said else []


def _fenced(language: str, lines: list[tuple[str, int]]) -> list[tuple[str, int]]:
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


def to_notebook(text: str, figures: Mapping[str, str]) -> str:
    """Write a notebook, as Jupyter would, from the page that it is read as.

    Args:
        text: The page.
        figures: The SVG of each figure, by the target of its image.
    """
    front = _FRONT_MATTER.match(text)
    cells: list[dict[str, Any]] = []
    for number, (prose, block) in enumerate(_cells(text), 1):
        cell: dict[str, Any] = {"id": f"cell-{number}", "metadata": {}}
        if block is None:
            lines = [
                _with_id(line, "{", "}", " <!--#{}-->") for line in prose.split("\n")
            ]
            cell |= {"cell_type": "markdown", "source": "\n".join(lines)}
        else:
            count = sum(each["cell_type"] == "code" for each in cells) + 1
            cell |= {"cell_type": "code", "execution_count": count}
            cell |= {"outputs": list(_outputs(block, prose, figures))}
            cell |= {"source": block.code.strip("\n")}
            cell |= {"metadata": {"figure": prose}} if prose else {}
        cell["source"] = cell["source"].splitlines(keepends=True)
        cells.append(cell)
    metadata: dict[str, Any] = {
        "kernelspec": _KERNEL,
        "language_info": {"name": "python"},
    }
    metadata |= {"description": front["description"]} if front else {}
    notebook = {"cells": cells, "metadata": metadata} | _FORMAT
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _cells(text: str) -> Iterator[tuple[str, Block | None]]:
    """The prose between blocks, and each block with the line of its figure's image."""
    front = _FRONT_MATTER.match(text)
    place = front.end() if front else 0
    starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text)]
    for block in parse_page(text).blocks:
        if block.language != "python" or block.indent:
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


def _outputs(
    block: Block, figure: str, figures: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    if block.output and block.output.text:
        lines = block.output.text.splitlines(keepends=True)
        yield {"name": "stdout", "output_type": "stream", "text": lines}
    svg = figures.get(_target(figure))
    if svg is not None:
        data = {_SVG: svg.splitlines(keepends=True)}
        yield {"data": data, "metadata": {}, "output_type": "display_data"}
