"""MkDocs hook: a notebook becomes a page like every other.

mkdocs-jupyter lets MkDocs take notebooks for pages, and would render them with
nbconvert: 115 KB of CSS a page, formulas left to a script from a CDN, links to other
pages neither followed nor checked. Here MkDocs renders the page that a notebook is, as
the tests read it, with the site's own extensions: MathML, code, permalinks, checked
links. Nothing is run: outputs are those that the notebook holds, and its figures become
files beside it.
"""

from pathlib import Path
from posixpath import dirname, join

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils.meta import get_data

from pagecheck.page import read_page


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Lay the figures that a notebook holds beside it, as the figures of pages lie."""
    for file in list(files):
        if file.src_uri.endswith(".ipynb") and file.abs_src_path:
            source = read_page(Path(file.abs_src_path))
            if source.problems:
                raise PluginError(str(source.problems[0]))
            for target, svg in source.figures.items():
                place = join(dirname(file.src_uri), target)
                files.append(File.generated(config, place, content=svg))


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
    return text
