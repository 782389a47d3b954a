"""MkDocs hook: what a reader can take along of each page.

Beside each page lie its notebook, its script and its Markdown; each language has an
llms.txt, which lists its pages, and an llms-full.txt, which holds them. Blocks that a
script wraps in ``try`` carry that form in the page, for the button that copies a block
with all the code before it (assets/js/copy.js). Nothing is run.
"""

import html
import json
from collections.abc import Callable
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import urljoin, urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from pagecheck import exports
from pagecheck.page import Page as Source
from pagecheck.page import read_page
from pagecheck.script import pieces

WORDS = {
    "en": {
        "take": "Take this page along:",
        "notebook": "notebook",
        "script": "script",
        "markdown": "Markdown",
        "colab": "open in Colab",
        "comma": ", ",
        "stop": ".",
    },
    "zh": {
        "take": "带走本页：",
        "notebook": "笔记本",
        "script": "脚本",
        "markdown": "Markdown",
        "colab": "在Colab中打开",
        "comma": "、",
        "stop": "。",
    },
}
# The branch of the repository that holds the notebooks made from the pages.
NOTEBOOKS_BRANCH = "notebooks"
BLOCK = '<div class="language-python highlight">'

_sections: list[tuple[str, list[Page]]] = []


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> None:
    """Remember the order of the pages, by the titles of the navigation."""
    _sections.clear()
    for item in nav.items:
        pages = [page for page in nav.pages if item in (page, *page.ancestors)]
        _sections.append((item.title or "", pages))


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lay the page's other forms beside it, and say so at its foot."""
    source = _source(page)
    if source is None:
        return html
    address = _address(page, files, config)
    stem = Path(config.site_dir, page.file.src_uri).with_suffix("")
    forms = [("markdown", stem.with_suffix(".md"), exports.as_markdown(source))]
    if any(True for _ in pieces(source)):
        read = _figures(page, source)
        notebook = exports.as_notebook(source, address, read)
        text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
        script = exports.as_percent_script(source, address)
        forms = [
            ("notebook", stem.with_suffix(".ipynb"), text),
            ("script", stem.with_suffix(".py"), script),
            *forms,
        ]
    for _, file, text in forms:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    names = [(name, file.name) for name, file, _ in forms]
    return _with_scripts(html, source, page) + _line(names, page, config)


def on_post_build(config: MkDocsConfig) -> None:
    """Write the list of the pages, and all of them in one file, for programs."""
    lines = [f"# {config.site_name}\n", f"> {config.site_description}\n"]
    whole = list(lines)
    for title, pages in _sections:
        lines.append(f"## {title}\n")
        for page in pages:
            source = _source(page)
            target = page.file.src_uri if source else page.url
            link = f"[{page.title}]({urljoin(config.site_url or '', target)})"
            about = page.meta.get("description")
            lines.append(f"- {link}: {about}" if about else f"- {link}")
            if source:
                whole.append(exports.as_markdown(source))
        lines.append("")
    site = Path(config.site_dir)
    for name, parts in (("llms.txt", lines), ("llms-full.txt", whole)):
        (site / name).write_text("\n".join(parts), encoding="utf-8", newline="\n")


def _source(page: Page) -> Source | None:
    """The page as the tests read it; None where no file of ours is behind it."""
    path = page.file.abs_src_path
    return read_page(Path(path)) if path else None


def _with_scripts(text: str, source: Source, page: Page) -> str:
    """A page's HTML; blocks that must fail carry the form they have in a script."""
    cells = list(pieces(source))
    parts = text.split(BLOCK)
    if len(parts) != len(cells) + 1:
        raise PluginError(
            f"{page.file.src_uri}: {len(cells)} Python blocks stand on the page and "
            f"{len(parts) - 1} in what was built of it, but they are to be copied with "
            "all before them. See whether Markdown took a fence for something else."
        )
    made = [parts[0]]
    for (block, script), rest in zip(cells, parts[1:], strict=True):
        wrapped = f' data-script="{html.escape(script)}"' if block.raises else ""
        made.append(f"{BLOCK[:-1]}{wrapped}>{rest}")
    return "".join(made)


def _line(names: list[tuple[str, str]], page: Page, config: MkDocsConfig) -> str:
    """The line at the foot of a page that leads to its other forms."""
    words = WORDS[str(config.theme["language"])]
    folder = dirname(page.file.src_uri)
    links = [
        f'<a href="{get_relative_url(join(folder, file), page.url)}" download>'
        f"{words[name]}</a>"
        for name, file in names
    ]
    if len(names) > 1 and (colab := _colab(page, config)):
        links.append(f'<a href="{colab}">{words["colab"]}</a>')
    what = words["comma"].join(links)
    return (
        f'\n<p class="take-along" data-search-exclude>'
        f"{words['take']} {what}{words['stop']}</p>"
    )


def _colab(page: Page, config: MkDocsConfig) -> str | None:
    """Where Colab opens a page's notebook; None for a repository not on GitHub."""
    repository = urlsplit(config.repo_url or "")
    if repository.netloc != "github.com":
        return None
    name = repository.path.strip("/").removesuffix(".git")
    colab = f"https://colab.research.google.com/github/{name}/blob"
    if page.file.src_uri.endswith(".ipynb"):
        return f"{colab}/main/docs/{config.theme['language']}/{page.file.src_uri}"
    folder = "" if config.theme["language"] == "zh" else "en/"
    file = folder + page.file.src_uri.removesuffix(".md") + ".ipynb"
    return f"{colab}/{NOTEBOOKS_BRANCH}/{file}"


def _figures(page: Page, source: Source) -> Callable[[str], str]:
    if source.holds_figures:
        return lambda target: source.figures[target]
    folder = Path(page.file.abs_src_path or "").parent
    return lambda target: (folder / target).read_text(encoding="utf-8")


def _address(page: Page, files: Files, config: MkDocsConfig) -> exports.Address:
    """Where a link of a page leads from elsewhere, if the site knows its own place."""

    def address(target: str) -> str | None:
        if urlsplit(target).scheme:
            return target
        if not config.site_url or target.startswith("#"):
            return None
        path, _, heading = target.partition("#")
        file = files.get_file_from_path(
            normpath(join(dirname(page.file.src_uri), path))
        )
        if file is None:
            return None
        return urljoin(config.site_url, file.url) + (f"#{heading}" if heading else "")

    return address
