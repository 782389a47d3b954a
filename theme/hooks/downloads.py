"""MkDocs hook: what a reader can take along of each page.

Beside each page lie its notebook, its script and its Markdown; each language has an
llms.txt, which lists its pages, and an llms-full.txt, which holds them. Nothing is run.

Blocks carry in the page what the button needs that copies one with all the code before
it (assets/js/copy.js): the form that a script gives a block that must fail, the line
that shows figures, and the code that installs the package beside the site.
"""

import html
from collections.abc import Callable
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import urljoin, urlsplit

import exports
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url
from package_wheel import NAME, PACKAGE
from published import place

from pagecheck.page import Page as Source
from pagecheck.page import read_page
from pagecheck.script import imports, pieces
from pagecheck.targets import TargetError, figure_file

WORDS = {
    "en": {
        "take": "Take this page along: ",
        "notebook": "notebook",
        "script": "script",
        "markdown": "Markdown",
        "colab": "open in Colab",
        "comma": ", ",
        "stop": ".",
        "installs": " Notebook and script first install the package {}.",
        "clone": " Notebook and script run in a clone of the repository.",
    },
    "zh": {
        "take": "下载本页：",
        "notebook": "笔记本",
        "script": "脚本",
        "markdown": "Markdown",
        "colab": "在Colab中打开",
        "comma": "、",
        "stop": "。",
        "installs": "笔记本和脚本会先安装软件包{}。",
        "clone": "笔记本和脚本要在仓库的克隆里运行。",
    },
}
# The branch of the repository that holds the notebooks made from the pages.
NOTEBOOKS_BRANCH = "notebooks"
BLOCK = '<div class="language-python highlight">'
# A page that imports it is about the repository, of which nothing is to be installed.
CLONE = "pagecheck"
IN_A_CLONE = (
    f"# The code below imports {CLONE}, which checks the repository of this site: it"
    " runs in a clone of it.\n"
)

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
        first = _first(page, source, config, in_script=False)
        text = exports.as_notebook(source, address, read, first)
        first = _first(page, source, config, in_script=True)
        script = exports.as_percent_script(source, address, first)
        forms = [
            ("notebook", stem.with_suffix(".ipynb"), text),
            ("script", stem.with_suffix(".py"), script),
            *forms,
        ]
    for _, file, text in forms:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    names = [(name, file.name) for name, file, _ in forms]
    html = _with_scripts(html, source, page, config)
    return html + _line(names, page, source, config)


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


def _first(page: Page, source: Source, config: MkDocsConfig, in_script: bool) -> str:
    """What a page's notebook or script does before the page's own code, if anything."""
    imported = {module for _, module in imports(source)}
    if CLONE in imported:
        return IN_A_CLONE
    if PACKAGE not in imported:
        return ""
    if config.site_url:
        return exports.install(PACKAGE, urljoin(config.site_url, _root(config) + NAME))
    up = "../" * page.file.src_uri.count("/") + _root(config)
    return exports.install(PACKAGE, up + NAME, beside=in_script)


def _root(config: MkDocsConfig) -> str:
    """The way from a language's folder to the folder of the whole site."""
    return "../" if config.theme["language"] == "en" else ""


def _with_scripts(text: str, source: Source, page: Page, config: MkDocsConfig) -> str:
    """A page's HTML; blocks carry what a script has in their place or beside them."""
    cells = list(pieces(source))
    parts = text.split(BLOCK)
    if len(parts) != len(cells) + 1:
        raise PluginError(
            f"{page.file.src_uri}: {len(cells)} Python blocks stand on the page and "
            f"{len(parts) - 1} in what was built of it, but they are to be copied with "
            "all before them. See whether Markdown took a fence for something else."
        )
    lines: dict[str, int] = {}
    for line, module in imports(source):
        lines.setdefault(module, line)
    made = [parts[0]]
    for (block, script), rest in zip(cells, parts[1:], strict=True):
        data = {"script": script} if block.raises else {}
        if block.image:
            data["show"] = exports.show_figures(source).strip()
        inside = range(block.line, block.line + block.code.count("\n") + 1)
        if lines.get(CLONE) in inside:
            data["clone"] = CLONE
        elif lines.get(PACKAGE) in inside and CLONE not in lines:
            # Its address is known where the page is read: copy.js puts it in.
            data["wheel"] = _root(config) + get_relative_url(NAME, page.url)
            data["install"] = exports.install(PACKAGE, data["wheel"])
        said = "".join(f' data-{k}="{html.escape(v)}"' for k, v in data.items())
        made.append(f"{BLOCK[:-1]}{said}>{rest}")
    return "".join(made)


def _line(
    names: list[tuple[str, str]], page: Page, source: Source, config: MkDocsConfig
) -> str:
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
    what = words["comma"].join(links) + words["stop"]
    imported = {module for _, module in imports(source)}
    if CLONE in imported:
        what += words["clone"]
    elif PACKAGE in imported:
        what += words["installs"].format(f"<code>{PACKAGE}</code>")
    return f'\n<p class="take-along" data-search-exclude>{words["take"]}{what}</p>'


def _colab(page: Page, config: MkDocsConfig) -> str | None:
    """Where Colab opens a page's notebook; None for a repository not on GitHub."""
    repository = urlsplit(config.repo_url or "")
    if repository.netloc != "github.com":
        return None
    name = repository.path.strip("/").removesuffix(".git")
    colab = f"https://colab.research.google.com/github/{name}/blob"
    folder = "" if config.theme["language"] == "zh" else "en/"
    file = Path(folder, page.file.src_uri).with_suffix(".ipynb").as_posix()
    return f"{colab}/{NOTEBOOKS_BRANCH}/{file}"


def _figures(page: Page, source: Source) -> Callable[[str], str]:
    if source.holds_figures:
        return lambda target: source.figures[target]
    file = Path(page.file.abs_src_path or "")

    def read(target: str) -> str:
        try:
            return figure_file(file, target).read_text(encoding="utf-8")
        except (TargetError, OSError) as error:
            raise PluginError(
                f"{place(page, f']({target})')}: no figure can be read there: {error}"
            ) from None

    return read


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
