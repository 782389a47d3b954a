"""A page to take along: as a notebook with its outputs, as a script, as Markdown.

All three are made from the page's text alone, nothing is run: what they hold was
compared when the page was. Code stands in them to the letter, but for a semicolon where
a notebook would show what no page shows; prose loses what only the site can show, folds
and links to places that are not there. A script ends by showing its figures, which a
notebook does after each cell.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pagecheck.directives import strip_directives
from pagecheck.page import Block, Page, parse_page
from pagecheck.script import pieces, shown_error
from pagecheck.syntax import parse_code

# Where a link of a page leads when the page is elsewhere; None where it leads nowhere.
Address = Callable[[str], str | None]
# The text of a figure's file.
ReadFigure = Callable[[str], str]

_FRONT_MATTER = re.compile(r"\A---\n.*?^---\n", re.DOTALL | re.MULTILINE)
_HEADING_ID = re.compile(r"^(#{1,6} .*?) *\{ *#[^{}]*\} *$", re.MULTILINE)
_SUMMARY = re.compile(r"^ *<summary>(.*?)</summary> *$", re.MULTILINE)
_TAG = re.compile(r"^ *</?(?:details|div)\b[^<>]*> *(?:</div> *)?\n", re.MULTILINE)
_ADMONITION = re.compile(
    r'^(?:!!!|\?\?\?\+?) [\w-]+(?: "(?P<title>.*)")?\n(?P<body>(?:(?: {4}.*)?\n)*)',
    re.MULTILINE,
)
_TEXT = r"(?:`[^`\n]*`|[^\[\]`])*"
# A code span or a fence, which stays as it is, or an image or a link.
_LINK = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    rf"|(?P<image>!?)\[(?P<text>{_TEXT})\]\((?P<target>[^()\s]*)\)",
    re.DOTALL,
)
_PYPLOT = ((None, "matplotlib.pyplot"), ("matplotlib", "pyplot"))
# Tokens that say nothing.
_UNSAID = (
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
)
_FENCE_END = re.compile(r"`{3,} *(?:\n|\Z)")


@dataclass(frozen=True)
class Cell:
    """A piece of a page: prose, or a Python block with its code in a script."""

    prose: str = ""
    block: Block | None = None
    script: str = ""


def cells(page: Page, address: Address) -> Iterator[Cell]:
    """A page as prose and Python blocks, in order, without its directives.

    Args:
        page: The page.
        address: Where a link leads; without an address its text alone stays.
    """
    page = parse_page(page.text, page.path)  # its own lines, not a notebook's
    text = page.text
    here = len(match[0]) if (match := _FRONT_MATTER.match(text)) else 0
    starts = _line_starts(text)
    for block, script in pieces(page):
        if prose := _readable(text[here : starts[block.line - 2]], address):
            yield Cell(prose)
        yield Cell(block=block, script=script)
        here = block.end
        if block.output and (fence := _FENCE_END.search(text, block.output.end)):
            here = fence.end()
        if block.image:
            here = starts[block.image.line] if block.image.line < len(starts) else here
    if prose := _readable(text[here:], address):
        yield Cell(prose)


def as_notebook(
    page: Page, address: Address, read_figure: ReadFigure, first: str = ""
) -> dict[str, Any]:
    """A page as a notebook of format 4.5, with what it shows as stored outputs.

    Args:
        page: The page.
        address: Where a link leads; without an address its text alone stays.
        read_figure: Gives the SVG of a figure, by the target of its image.
        first: The code of a cell before all others; without it there is none.
    """
    notebook: list[dict[str, Any]] = []
    count = 0
    if first:
        count += 1
        notebook.append(
            {
                "cell_type": "code",
                "execution_count": count,
                "id": "cell-0",
                "metadata": {},
                "outputs": [],
                "source": first.rstrip("\n"),
            }
        )
    for number, cell in enumerate(cells(page, address), 1):
        made: dict[str, Any] = {"id": f"cell-{number}", "metadata": {}}
        if cell.block is None:
            made |= {"cell_type": "markdown", "source": cell.prose}
        else:
            count += 1
            made |= {
                "cell_type": "code",
                "execution_count": count,
                "outputs": list(_outputs(cell.block, count, read_figure)),
                "source": _cell_code(cell.block),
            }
            if cell.block.raises:
                made["metadata"] = {"tags": ["raises-exception"]}
        notebook.append(made)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {
        "cells": notebook,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def as_percent_script(page: Page, address: Address, first: str = "") -> str:
    """A page as a script that editors show as cells: code, and prose as comments.

    Its statements are those of `pagecheck.script.as_script`; the last one shows the
    figures.

    Args:
        page: The page.
        address: Where a link leads; without an address its text alone stays.
        first: Code that stands before all others.
    """
    parts = ["# %%\n" + first] if first else []
    for cell in cells(page, address):
        if cell.block is None:
            lines = [f"# {line}".rstrip() for line in cell.prose.splitlines()]
            parts.append("# %% [markdown]\n" + "\n".join(lines) + "\n")
        else:
            parts.append("# %%\n" + cell.script)
    if show := show_figures(page):
        parts.append("# %%\n" + show)
    return "\n".join(parts)


def show_figures(page: Page) -> str:
    """The line that shows all figures which a page's code draws; empty without any."""
    blocks = [block for block in page.blocks if block.language == "python"]
    if not any(block.image for block in blocks):
        return ""
    names = [
        alias.asname
        for block in blocks
        for node in parse_code(block.code).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if alias.asname and (getattr(node, "module", None), alias.name) in _PYPLOT
    ]
    if names:
        return f"{names[0]}.show()\n"
    return "import matplotlib.pyplot\n\nmatplotlib.pyplot.show()\n"


def install(package: str, wheel: str, beside: bool = False) -> str:
    """Code that installs a package where Python does not find it.

    Args:
        package: The package's name.
        wheel: Where pip gets it: an address or a path.
        beside: Whether the path counts from the folder of the script that holds the
            code. In a notebook, paths count from its folder anyway.
    """
    source = f'"{wheel}"'
    imports = "import importlib.util\nimport subprocess\nimport sys\n"
    if beside:
        imports += "from pathlib import Path\n"
        source = f"str(Path(__file__).parent / {source})"
    return (
        f"# The code below needs the package {package}; here it is installed.\n"
        f"{imports}\n"
        f'if importlib.util.find_spec("{package}") is None:\n'
        f"    wheel = {source}\n"
        '    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]\n'
        "    subprocess.run([*pip, wheel], check=True)\n"
        "    importlib.invalidate_caches()\n"
    )


def as_markdown(page: Page) -> str:
    """A page as plain Markdown: without front matter and directives."""
    return strip_directives(_FRONT_MATTER.sub("", page.text)).strip() + "\n"


def _cell_code(block: Block) -> str:
    """A block's code, which when run in a notebook shows its figure and no more.

    The last call of a figure returns a legend or an axis, and a notebook shows the
    value of a cell's last expression, unless a semicolon ends it.
    """
    code = block.code.rstrip("\n")
    last = parse_code(code).body[-1] if block.image else None
    if not isinstance(last, ast.Expr) or ast.unparse(last).startswith("print("):
        return code
    if _ends_with_semicolon(code):
        return code
    lines = code.split("\n")
    end = (last.end_lineno or len(lines)) - 1
    line = lines[end].encode()  # columns count bytes
    lines[end] = (
        f"{line[: last.end_col_offset].decode()};{line[last.end_col_offset :].decode()}"
    )
    return "\n".join(lines)


def _ends_with_semicolon(code: str) -> bool:
    """Whether the last sign of code, comments aside, is a semicolon."""
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    said = [token.string for token in tokens if token.type not in _UNSAID]
    return said[-1:] == [";"]


def _outputs(block: Block, count: int, read: ReadFigure) -> Iterator[dict[str, Any]]:
    """What a notebook stores as the output of a block."""
    printed = block.output.text if block.output else ""
    error: dict[str, Any] | None = None
    if block.raises:
        kind, message = shown_error(block)
        last = (kind + message).rstrip(":")
        printed = printed.rstrip("\n").removesuffix(last)
        error = {
            "output_type": "error",
            "ename": kind,
            "evalue": message.removeprefix(":").lstrip(),
            "traceback": [last],
        }
    if printed:
        text = printed if printed.endswith("\n") else printed + "\n"
        yield {"output_type": "stream", "name": "stdout", "text": text}
    if error:
        yield error
    if block.image:
        yield {
            "output_type": "display_data",
            "data": {
                "image/svg+xml": read(block.image.target),
                "text/plain": block.image.alt,
            },
            "metadata": {},
        }


def _readable(text: str, address: Address) -> str:
    """Prose as it can be read outside the site."""
    text = strip_directives(text)
    text = _ADMONITION.sub(_quotation, text + "\n")
    text = _HEADING_ID.sub(r"\1", text)
    text = _SUMMARY.sub(r"**\1**", text)
    text = _TAG.sub("", text)
    text = _LINK.sub(lambda link: _with_address(link, address), text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _quotation(match: re.Match[str]) -> str:
    """An admonition as a quotation under its title."""
    body = re.sub(r"^ {4}", "", match["body"], flags=re.MULTILINE).strip("\n")
    lines = ([f"**{match['title']}**", ""] if match["title"] else []) + body.split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"


def _with_address(match: re.Match[str], address: Address) -> str:
    """A link that leads on, or its text where it would lead nowhere."""
    if match["code"]:
        return match[0]
    if target := address(match["target"]):
        return f"{match['image']}[{match['text']}]({target})"
    return f"*{match['text']}*" if match["image"] else match["text"]


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]
