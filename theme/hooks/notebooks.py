"""MkDocs hook: a notebook becomes a page like every other.

mkdocs-jupyter lets MkDocs take notebooks for pages, and would render them with
nbconvert: 115 KB of CSS a page, formulas left to a script from a CDN, links to other
pages neither followed nor checked. Here MkDocs renders the page that a notebook is, as
the tests read it, with the site's own extensions: MathML, code, permalinks, checked
links. Nothing is run: outputs are those that the notebook holds, and its figures become
files beside it.
"""

from pathlib import Path
from posixpath import dirname, join, normpath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils.meta import get_data
from published import refuse_active, refuse_html

from pagecheck.page import read_page
from pagecheck.targets import TargetError, figure_file


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Lay the figures that a notebook holds beside it, as the figures of pages lie."""
    for file in list(files):
        if file.src_uri.endswith(".ipynb") and file.abs_src_path:
            source = read_page(Path(file.abs_src_path))
            if source.problems:
                raise PluginError(str(source.problems[0]))
            for target, svg in source.figures.items():
                try:
                    figure_file(Path(file.abs_src_path), target)
                except TargetError as error:
                    line = _line(Path(file.abs_src_path), target)
                    raise PluginError(f"{file.src_uri}:{line}: {error}") from None
                refuse_active(svg, f"{file.src_uri}, {target}")
                uri = normpath(join(dirname(file.src_uri), target))
                files.append(File.generated(config, uri, content=svg))


def _line(notebook: Path, target: str) -> int:
    """The line of a notebook's file that names a target."""
    before = notebook.read_text("utf-8").partition(f"({target})")[0]
    return before.count("\n") + 1


def on_pre_page(page: Page, config: MkDocsConfig, files: Files) -> None:
    """Give a notebook back to MkDocs, which mkdocs-jupyter would render itself."""
    if page.file.src_uri.endswith(".ipynb"):
        del page.render


def on_page_markdown(
    markdown: str, page: Page, config: MkDocsConfig, files: Files
) -> str | None:
    """The Markdown of the page that a notebook is, and its description."""
    if not page.file.src_uri.endswith(".ipynb"):
        return None
    text, page.meta = get_data(read_page(Path(page.file.abs_src_path or "")).text)
    refuse_html(page)
    return text
