"""markdown-exec: fences that run while MkDocs builds the page which they stand on.

Blocks of a page are a session. One that must fail is wrapped in `try`, and one that
leaves a figure open is followed by a hidden one that prints it as SVG, since the tool
knows of neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.pages import Source, parts
from benchmarks.tool import Command, Tool, in_folder, write
from pagecheck.page import parse_page
from pagecheck.script import pieces

SETTINGS = """\
site_name: Benchmark
theme: { name: material }
plugins: [search, markdown-exec]
markdown_extensions:
  attr_list: {}
  md_in_html: {}
  sane_lists: {}
  tables: {}
  pymdownx.arithmatex: { generic: true }
  pymdownx.superfences: {}
  toc: { permalink: true }
"""
SHOW = """\
import io
import matplotlib.pyplot as _plt

for _number in _plt.get_fignums():
    _drawn = io.StringIO()
    _plt.figure(_number).savefig(_drawn, format="svg")
    print(_drawn.getvalue()[_drawn.getvalue().index("<svg") :])
_plt.close("all")"""


def write_settings(project: Path, pages: Sequence[Source]) -> None:
    """Write mkdocs.yml and a first page."""
    write(project / "mkdocs.yml", SETTINGS)
    links = [f"- [{page.title}]({page.name}.md)\n" for page in pages]
    write(project / "docs" / "index.md", "# Benchmark\n\n" + "".join(links))


def write_page(project: Path, page: Source) -> None:
    """Write a page with fences that run."""
    write(project / "docs" / f"{page.name}.md", as_executed(page))


def as_executed(page: Source) -> str:
    """A page with fences that run; its folds stay, an image gives way to its figure."""
    scripts = (script for _, script in pieces(parse_page(page.text)))
    session = f'exec="on" session="{page.name}"'
    made: list[str] = []
    folded = False
    for prose, block in parts(page):
        if block is None:
            made.append(prose)
            folded = prose.rfind("<details") > prose.rfind("</details>")
            continue
        options = f'{session} source="above" result="text"'
        made.append(f"```python {options}\n{next(scripts).rstrip()}\n```")
        if block.image:
            # The fold of the drawing code ends before the image that is left out.
            made += ["</details>"] if folded else []
            folded = False
            made.append(f'```python {session} html="on"\n{SHOW}\n```')
    return "\n\n".join(made) + "\n"


def commands(programs: Path) -> list[Command]:
    """What builds the site."""
    return [[programs / "mkdocs", "build", "--strict"]]


TOOL = Tool(
    name="markdown-exec",
    told=("markdown-exec", "mkdocs", "mkdocs-material"),
    write_settings=write_settings,
    write_page=write_page,
    commands=commands,
    site="site",
    address=in_folder,
)
