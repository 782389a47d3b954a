"""A page to take along: as a notebook with its outputs, as a script, as Markdown.

All three are made from the page's text alone, nothing is run: what they hold was
compared when the page was. Code stands in them to the letter, but for a semicolon where
a notebook would show what no page shows; prose loses what only the site can show, folds
and links to places that are not there. A script ends by showing its figures, which a
notebook does after each cell.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from pagecheck.directives import strip_directives
from pagecheck.notebook import Cell, outputs, split, written
from pagecheck.page import FRONT_MATTER, Block, Page
from pagecheck.script import parse_code, pieces

Address = Callable[[str], str | None]
"""Where a link of a page leads when the page is elsewhere; None where it leads nowhere:
then its text alone stays."""
ReadFigure = Callable[[str], str]
"""The SVG of a figure, by the target of its image."""

_HEADING_ID = re.compile(r"^(#{1,6} .*?) *\{ *#[^{}]*\} *$", re.MULTILINE)
_SUMMARY = re.compile(r"^ *<summary>(.*?)</summary> *$", re.MULTILINE)
_TAG = re.compile(r"^ *</?(?:details|div)\b[^<>]*> *(?:</div> *)?\n", re.MULTILINE)
_ADMONITION = re.compile(
    r'^(?:!!!|\?\?\?\+?) [\w-]+(?: "(?P<title>.*)")?\n(?P<body>(?:(?: {4}.*)?\n)*)',
    re.MULTILINE,
)
# A code span or a fence, which stays as it is, or an image or a link.
_LINK = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<image>!?)\[(?P<text>(?:`[^`\n]*`|[^\[\]`])*)\]\((?P<target>[^()\s]*)\)",
    re.DOTALL,
)
_PYPLOT = re.compile(
    r"^(?:import matplotlib\.|from matplotlib import )pyplot as (\w+)", re.MULTILINE
)


def as_notebook(
    page: Page, address: Address, read_figure: ReadFigure, first: str = ""
) -> str:
    """A page as a notebook's file, with what it shows as stored outputs.

    The code of ``first``, if any, is a cell before all others.
    """
    cells: list[Cell] = [(first.rstrip("\n"), [], {})] if first else []
    for prose, block in _split(page, address):
        if block is None:
            if prose:
                cells.append((prose, None, {}))
            continue
        svg, alt = None, ""
        if block.image:
            svg, alt = read_figure(block.image.target), block.image.alt
        tags = {"tags": ["raises-exception"]} if block.raises else {}
        cells.append((_cell_code(block), outputs(block, svg, alt), tags))
    return written(cells, {})


def as_percent_script(page: Page, address: Address, first: str = "") -> str:
    """A page as a script that editors show as cells: code, and prose as comments.

    Its statements are those of ``first``, of the page as one script, and one that shows
    the figures.
    """
    return "\n".join(f"# %%{part}" for part in _parts(page, address, first))


def _parts(page: Page, address: Address, first: str) -> Iterator[str]:
    scripts = (script for _, script in pieces(page))
    if first:
        yield f"\n{first}"
    for prose, block in _split(page, address):
        if block is not None:
            yield f"\n{next(scripts)}"
        elif prose:
            lines = [f"# {line}".rstrip() for line in prose.splitlines()]
            yield " [markdown]\n" + "\n".join(lines) + "\n"
    if show := show_figures(page):
        yield f"\n{show}"


@lru_cache(maxsize=1)  # a notebook and a script have the same
def _split(page: Page, address: Address) -> tuple[tuple[str, Block | None], ...]:
    """A page's prose as it can be read outside of the site, and its blocks."""
    return tuple(
        (prose if block else _readable(prose, address), block)
        for prose, block in split(page)
    )


def show_figures(page: Page) -> str:
    """The line that shows all figures which a page's code draws; empty without any."""
    blocks = [block for block in page.blocks if block.language == "python"]
    if not any(block.image for block in blocks):
        return ""
    if alias := _PYPLOT.search("\n".join(block.code for block in blocks)):
        return f"{alias[1]}.show()\n"
    return "import matplotlib.pyplot\n\nmatplotlib.pyplot.show()\n"


def install(package: str, wheel: str, beside: bool = False) -> str:
    """Code that installs a package where Python does not find it.

    Args:
        package: The package's name.
        wheel: Where pip gets it: an address or a path.
        beside: Whether the path counts from the folder of the script that holds the
            code. In a notebook, paths count from its folder anyway.
    """
    source, imports = f'"{wheel}"', "import sys"
    if beside:
        source = f"str(Path(__file__).parent / {source})"
        imports += "\nfrom pathlib import Path"
    return f"""\
# The code below needs the package {package}; here it is installed.
import importlib.util
import subprocess
{imports}

if importlib.util.find_spec("{package}") is None:
    wheel = {source}
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, wheel], check=True)
    importlib.invalidate_caches()
"""


def as_markdown(page: Page) -> str:
    """A page as plain Markdown: without front matter and directives."""
    return FRONT_MATTER.sub("", strip_directives(page.text, page)).strip() + "\n"


def _cell_code(block: Block) -> str:
    """A block's code, which when run in a notebook shows its figure and no more.

    The last call of a figure returns a legend or an axis, and a notebook shows the
    value of a cell's last expression, unless a semicolon ends it.
    """
    code = block.code.rstrip("\n")
    body = parse_code(code).body if block.image else []
    last = body[-1] if body else None  # where there are comments alone
    if not isinstance(last, ast.Expr) or ast.unparse(last).startswith("print("):
        return code
    data = code.encode()  # columns count bytes
    above = data.splitlines(keepends=True)[: (last.end_lineno or 1) - 1]
    end = len(b"".join(above)) + (last.end_col_offset or 0)
    if data[end:].lstrip().startswith(b";"):
        return code
    return (data[:end] + b";" + data[end:]).decode()


def _readable(text: str, address: Address) -> str:
    """Prose as it can be read outside the site."""
    text = _ADMONITION.sub(_quotation, strip_directives(text) + "\n")
    text = _SUMMARY.sub(r"**\1**", _HEADING_ID.sub(r"\1", text))
    text = _LINK.sub(lambda link: _with_address(link, address), _TAG.sub("", text))
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
