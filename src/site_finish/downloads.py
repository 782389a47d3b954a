"""What a reader can take along of each page.

Beside each page lie its notebook, its script and its Markdown; each language has an
llms.txt, which lists its pages, and an llms-full.txt, which holds them. Nothing is run.

Blocks carry in the page what the button needs that copies one with all the code before
it (assets/js/copy.js): the form that a script gives a block that must fail, the line
that shows figures, and the code that installs the package beside the site.
"""

import html
from collections.abc import Callable, Mapping
from itertools import groupby
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import urljoin, urlsplit

from pagecheck.files import figure_file
from pagecheck.page import Page
from pagecheck.script import imports, parse_code, pieces
from site_finish import exports
from site_finish.published import place
from site_finish.settings import PREFIX, Language, SiteError, SitePage
from site_finish.wheel import NAME, PACKAGE

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


def with_forms(
    html: str, page: SitePage, language: Language
) -> tuple[str, dict[str, str]]:
    """Say at a page's foot in which other forms it lies there.

    Returns:
        The page, and the text of each form by its suffix.
    """
    source = page.read
    _refuse_other_code(source, page.uri)
    # The line on which each module is imported first.
    lines: dict[str, int] = {}
    for line, module in imports(source):
        lines.setdefault(module, line)
    address = _address(page, language)
    forms = {"markdown": (".md", exports.as_markdown(source))}
    if any(True for _ in pieces(source)):
        read = _figures(page)
        first = _first(page, lines, language, in_script=False)
        notebook = exports.as_notebook(source, address, read, first)
        first = _first(page, lines, language, in_script=True)
        script = exports.as_percent_script(source, address, first)
        code = {"notebook": (".ipynb", notebook), "script": (".py", script)}
        forms = {**code, **forms}
    html = _with_scripts(html, lines, page, language)
    names = {name: _form(page, suffix) for name, (suffix, _) in forms.items()}
    return html + _line(names, lines, page, language), dict(forms.values())


def _refuse_other_code(page: Page, uri: str) -> None:
    """Refuse a Python block that Python cannot read, but for one that must fail."""
    for block in page.blocks:
        if block.language != "python" or (block.raises and not block.image):
            continue
        try:
            parse_code(block.code)
        except (SyntaxError, ValueError) as error:  # a null byte is a ValueError
            line = block.line + (getattr(error, "lineno", None) or 1) - 1
            what = getattr(error, "msg", error)
            raise SiteError(
                f"{uri}:{line}: a block that is no Python ({what}), of which no"
                " notebook or script can be made. Mend it, or say that it must fail."
            ) from None


def write_forms(page: SitePage, texts: Mapping[str, str], folder: Path) -> None:
    """Lay a page's other forms beside it."""
    for suffix, text in texts.items():
        file = folder / _form(page, suffix)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")


def write_lists(language: Language) -> None:
    """Write the list of the pages, and all of them in one file, for programs."""
    lines = [f"# {language.name}\n", f"> {language.description}\n"]
    whole = list(lines)
    for title, pages in groupby(language.pages, lambda page: page.section):
        lines.append(f"## {title}\n")
        for page in pages:
            link = f"[{page.title}]({urljoin(language.address, page.uri)})"
            about = page.meta.get("description")
            lines.append(f"- {link}: {about}" if about else f"- {link}")
            form = language.folder / _form(page, ".md")
            whole.append(form.read_text("utf-8"))
        lines.append("")
    for name, parts in (("llms.txt", lines), ("llms-full.txt", whole)):
        file = language.folder / name
        file.write_text("\n".join(parts), encoding="utf-8", newline="\n")


def _form(page: SitePage, suffix: str) -> str:
    """Where another form of a page lies, below the folder of its language."""
    return str(Path(page.uri).with_suffix(suffix).as_posix())


def _first(
    page: SitePage, lines: Mapping[str, int], language: Language, in_script: bool
) -> str:
    """What a page's notebook or script does before the page's own code, if anything."""
    if CLONE in lines:
        return IN_A_CLONE
    if PACKAGE not in lines:
        return ""
    if language.address:
        wheel = urljoin(language.address, language.root + NAME)
        return exports.install(PACKAGE, wheel)
    up = "../" * page.uri.count("/") + language.root
    return exports.install(PACKAGE, up + NAME, beside=in_script)


def _with_scripts(
    text: str, lines: Mapping[str, int], page: SitePage, language: Language
) -> str:
    """A page's HTML; blocks carry what a script has in their place or beside them."""
    source = page.read
    cells = list(pieces(source))
    parts = text.split(BLOCK)
    if len(parts) != len(cells) + 1:
        raise SiteError(
            f"{page.uri}: {len(cells)} Python blocks stand on the page and "
            f"{len(parts) - 1} in what was built of it, but they are to be copied with "
            "all before them. See whether Markdown took a fence for something else."
        )
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
            data["wheel"] = language.root + page.link_to(NAME)
            data["install"] = exports.install(PACKAGE, data["wheel"])
        said = "".join(f' data-{k}="{html.escape(v)}"' for k, v in data.items())
        made.append(f"{BLOCK[:-1]}{said}>{rest}")
    return "".join(made)


def _line(
    names: Mapping[str, str],
    lines: Mapping[str, int],
    page: SitePage,
    language: Language,
) -> str:
    """The line at the foot of a page that leads to its other forms."""
    words = WORDS[language.code]
    links = [
        f'<a href="{page.link_to(file)}" download>{words[name]}</a>'
        for name, file in names.items()
    ]
    if len(names) > 1 and (colab := _colab(page, language)):
        links.append(f'<a href="{colab}">{words["colab"]}</a>')
    what = words["comma"].join(links) + words["stop"]
    if CLONE in lines:
        what += words["clone"]
    elif PACKAGE in lines:
        what += words["installs"].format(f"<code>{PACKAGE}</code>")
    return f'\n<p class="take-along" data-search-exclude>{words["take"]}{what}</p>'


def _colab(page: SitePage, language: Language) -> str | None:
    """Where Colab opens a page's notebook; None for a repository not on GitHub."""
    repository = urlsplit(language.repository)
    if repository.netloc != "github.com":
        return None
    name = repository.path.strip("/").removesuffix(".git")
    colab = f"https://colab.research.google.com/github/{name}/blob"
    return f"{colab}/{NOTEBOOKS_BRANCH}/{PREFIX[language.code]}{_form(page, '.ipynb')}"


def _figures(page: SitePage) -> Callable[[str], str]:
    source = page.read
    if source.holds_figures:
        return lambda target: source.figures[target]

    def read(target: str) -> str:
        try:
            return figure_file(page.source, target).read_text(encoding="utf-8")
        except (ValueError, OSError) as error:
            raise SiteError(
                f"{place(page.source, page.uri, f']({target})')}: no figure can be"
                f" read there: {error}"
            ) from None

    return read


def _address(page: SitePage, language: Language) -> exports.Address:
    """Where a link of a page leads from elsewhere, if the site knows its own place."""

    def address(target: str) -> str | None:
        if urlsplit(target).scheme:
            return target
        if not language.address or target.startswith("#"):
            return None
        path, _, heading = target.partition("#")
        uri = normpath(join(dirname(page.uri), path))
        if other := language.page(uri):
            uri = other.url
        elif not (language.folder / uri).is_file():
            return None
        return urljoin(language.address, uri) + (f"#{heading}" if heading else "")

    return address
