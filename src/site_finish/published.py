"""What of `docs/` may be published, and what of a page may be in a page.

Pages are written by whoever sends a change, and a build must be safe before anybody has
read them. So a page is Markdown or a notebook, a figure is an SVG that draws and does
nothing else, no file is a link to another one, and of an API block (`:::`) a page sets
only how it looks: mkdocstrings' other options import modules and run them.
"""

import re
from collections.abc import Callable, Mapping, MutableSequence
from pathlib import Path
from xml.etree.ElementTree import Element
from xml.parsers import expat

import yaml
from markdown import Markdown
from markdown.blockprocessors import BlockProcessor

from pagecheck.files import FIGURES, figure_file, read_page
from site_finish.settings import SiteError

PAGES = (".md", ".ipynb")
API_OPTIONS: dict[str, type | tuple[type, ...]] = {
    "heading_level": int,
    "members": (bool, list),
    "show_root_heading": bool,
    "show_root_toc_entry": bool,
}
"""What a page may say of an API block, and the type of its value."""

ELEMENTS = {
    *("svg", "g", "defs", "path", "use", "rect", "circle", "ellipse", "line"),
    *("polyline", "polygon", "text", "tspan", "title", "desc", "clipPath", "mask"),
    *("linearGradient", "radialGradient", "stop", "pattern", "symbol", "marker"),
    *("image", "style", "metadata", "RDF", "Work", "type", "date", "format"),
    *("creator", "Agent"),
}
"""The elements of a figure, without their namespaces: none of them does anything."""

# What a figure is described by is in the metadata, by addresses that nothing follows.
_DESCRIPTIONS = ("RDF", "Work", "type", "creator", "Agent")
_LINK_OUT = re.compile(r"(?i)(?!#|data:image/(?:png|jpeg);base64,)")
_STYLE_OUT = re.compile(r"(?i)@import|url\(\s*[\"']?(?!#)")
_API = re.compile(r"^(?:#{1,6} *|)::: ?(?P<name>.+?) *$", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z_][\w.]*")


def refuse(docs: Path) -> None:
    """Refuse what is neither a page nor a figure, and what is a link.

    Raises:
        SiteError: With the name of the file, and its line where it has one.
    """
    for path in sorted(docs.rglob("*")):
        uri = path.relative_to(docs).as_posix()
        shown = f"{docs.parent.name}/{docs.name}/{uri}"
        if path.resolve() != docs.resolve() / uri:
            raise SiteError(
                f"{shown}: it is a link to {path.resolve()}, and a link may publish any"
                " file of this machine. Put the file itself there."
            )
        if path.is_dir():
            continue
        if path.suffix == ".ipynb":
            figures_of(path, shown)
        elif path.suffix not in PAGES:
            if path.suffix != ".svg" or path.parent.name != FIGURES:
                raise SiteError(
                    f"{shown}: the site publishes pages ({', '.join(PAGES)}) and"
                    f" figures ({FIGURES}/*.svg), and no file of another kind. Remove"
                    " it."
                )
            refuse_active(path.read_bytes(), shown)


def figures_of(notebook: Path, shown: str) -> Mapping[str, str]:
    """Return the figures that a notebook holds, by their places beside it.

    Raises:
        SiteError: It is no notebook, or a figure does more or lies elsewhere than it
            may.
    """
    source = read_page(notebook)
    if source.problems:
        raise SiteError(str(source.problems[0]))
    for target, svg in source.figures.items():
        try:
            figure_file(notebook, target)
        except ValueError as error:
            where = place(notebook, shown, f"({target})")
            raise SiteError(f"{where}: {error}") from None
        refuse_active(svg, f"{shown}, {target}")
    return source.figures


def refuse_html(file: Path, uri: str, meta: Mapping[str, object]) -> None:
    """Refuse front matter that would be more than text where templates put it.

    Raises:
        SiteError: It has a sign that HTML gives a meaning.
    """
    for name, value in meta.items():
        if isinstance(value, str) and re.search(r'[<>"]', value):
            raise SiteError(
                f'{place(file, uri, value)}: {name} has one of < > ", and goes into the'
                " page's head as it stands. Write it in words, or with “ ”."
            )


def place(file: Path, shown: str, *texts: str) -> str:
    """Return a file and the line of the first of these texts that stands in it."""
    source = file.read_text("utf-8").lower() if file.is_file() else ""
    found = (source.find(text.lower()) for text in texts)
    start = next((each for each in found if each >= 0), 0)
    line = source.count("\n", 0, start) + 1
    return f"{shown}:{line}"


def refuse_active(svg: bytes | str, shown: str) -> None:
    """Refuse a figure that could do more than be looked at.

    Raises:
        SiteError: It is no XML, or has an element, an attribute or an address that a
            drawing does not need.
    """
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse(what: str) -> None:
        raise SiteError(
            f"{shown}:{parser.CurrentLineNumber}: a figure with {what}, which a drawing"
            " does not need. Let its code draw it, and record it."
        )

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local not in ELEMENTS:
            refuse(f"an element <{local}>")
        for key, value in attributes.items():
            key = key.rpartition(" ")[2].lower()
            if key.startswith("on"):
                refuse(f"an attribute {key}")
            link = key in ("href", "src") and local not in _DESCRIPTIONS
            if (link and _LINK_OUT.match(value)) or _STYLE_OUT.search(value):
                refuse(f"an address outside of it, {value[:80]!r}")

    def text(data: str) -> None:
        if _STYLE_OUT.search(data):
            refuse(f"an address outside of it, {data.strip()[:80]!r}")

    def entity(*_: object) -> None:
        refuse("an entity of its own")

    def instruction(target: str, data: str) -> None:
        refuse(f"an instruction <?{target}?>")

    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    parser.EntityDeclHandler = entity
    parser.ProcessingInstructionHandler = instruction
    parser.buffer_text = True
    try:
        parser.Parse(svg, True)
    except expat.ExpatError as error:
        raise SiteError(f"{shown}:{error.lineno}: no XML: {error}") from None


class ApiBlocks(BlockProcessor):
    """Refuses API blocks that set more than how they look."""

    def __init__(self, md: Markdown, page: Callable[[], tuple[Path, str]]) -> None:
        super().__init__(md.parser)
        self.page = page

    def test(self, parent: Element, block: str) -> bool:
        """Whether a block of text has an API block in it."""
        return bool(_API.search(block))

    def run(self, parent: Element, blocks: MutableSequence[str]) -> bool:
        """Refuse it, or leave it to mkdocstrings."""
        match = _API.search(blocks[0])
        assert match is not None
        settings, _ = self.detab(blocks[0][match.end() :].lstrip("\n"))
        # mkdocstrings takes them behind an empty line, too.
        if not settings and len(blocks) > 1 and blocks[1].startswith("    "):
            settings, _ = self.detab(blocks[1])
        if problem := api_problem(match["name"], settings):
            line = place(*self.page(), match[0], f"::: {match['name']}", ":::")
            raise SiteError(f"{line}: {problem}")
        return False


def api_problem(name: str, settings: str) -> str | None:
    """Return what is wrong with an API block, if anything.

    Args:
        name: What it documents.
        settings: The YAML below it.
    """
    if not _NAME.fullmatch(name):
        return f"an API block of {name!r}: write ::: with the name of a module"
    try:
        said = yaml.safe_load(settings) or {}
    except yaml.YAMLError as error:
        return f"the settings of ::: {name} are no YAML: {error}"
    options = said.get("options") or {} if isinstance(said, dict) else None
    if not isinstance(options, dict) or said.keys() - {"options"}:
        return f"::: {name} has settings beside `options:`; remove {settings!r}"
    for option, value in options.items():
        kind = API_OPTIONS.get(option)
        if kind is None:
            allowed = ", ".join(API_OPTIONS)
            return (
                f"::: {name} sets {option}; a page sets no other options than"
                f" {allowed}: others may run code while the site is built. Remove it."
            )
        strings = not isinstance(value, list) or all(isinstance(e, str) for e in value)
        if not isinstance(value, kind) or not strings:
            return f"::: {name} sets {option} to {value!r}, which is of another type"
    return None
