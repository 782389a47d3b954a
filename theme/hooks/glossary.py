"""MkDocs hook: a term of the glossary is explained where a page first uses it.

The terms are those of the table in reference/notation.md, in the page's language. What
a page holds is a mark around the word and no more; the explanations come in one module
when the first is asked for (assets/js/glossary.js).
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from posixpath import join, normpath
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

GLOSSARY = "reference/notation.md"
MODULE = "assets/js/glossary-terms.js"
MARK = "glossary-term"
# Words that prose uses in other senses as well, or that each page explains anew.
ORDINARY = {
    *("mean", "mode", "gain", "feature", "interaction", "in place", "recipe"),
    *("parameter", "robust", "shape", "unit", "transpose", "weight"),
    *("参数", "层", "轮", "实例", "形状", "单元", "权重"),
}
# The pages that are lists of words themselves, or about the site.
NOT_MARKED = re.compile(r"index\.md|(?:reference|about)/")
NOT_INSIDE = {
    *("a", "button", "code", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "kbd"),
    *("label", "math", "pre", "script", "style", "summary", "svg", "th"),
}

_ROW = re.compile(
    r"^\| (?:\[(?P<linked>[^\]]+)\]\((?P<link>[^)]+)\)|(?P<plain>[^|\[\]]+?))"
    r" \| (?P<other>[^|]+?) \| (?P<meaning>[^|]+?) \|$"
)


# Chinese stands next to Latin letters without a blank.
_EDGE = "(?<![A-Za-z0-9_-])"


@dataclass(frozen=True)
class Term:
    """A row of the glossary.

    Attributes:
        name: The term, in the language of the page.
        other: The same in the other language.
        meaning: What it means; code stands between backticks.
        link: The page, and maybe the heading, that introduces it; or empty.
    """

    name: str
    other: str
    meaning: str
    link: str

    @property
    def pattern(self) -> str:
        """How prose writes it, in English with a capital letter and as many, too."""
        word = re.escape(self.name[1:])
        if re.search(r"[\u4e00-\u9fff]", self.name):
            # sigmoid函数 is mostly called sigmoid.
            word = re.sub(r"(?<=[a-z])函数$", "(?:函数)?", self.name[0] + word)
            return rf"{_EDGE}{word}" if self.name[0].isascii() else word
        word = re.sub(r"\\ matrix$", r"(?:\\ matrix|\\ matrices)?", word)
        word = re.sub("y$", "(?:y|ies)", word)
        first = f"[{self.name[0]}{self.name[0].upper()}]"
        return rf"{_EDGE}{first}{word}(?:s|es)?(?![A-Za-z0-9_-])"


def read_glossary(markdown: str) -> list[Term]:
    """Return the terms of the glossary.

    Args:
        markdown: The page; its glossary is the table below the heading `{ #glossary }`.

    Raises:
        PluginError: A row is no term with its meaning, or the meaning has more than
            text and code.
    """
    _, heading, rest = markdown.partition("{ #glossary }")
    lines = rest.partition("\n## ")[0].splitlines()
    rows = [line for line in lines if line.startswith("|")][2:]
    if not heading or not rows:
        raise PluginError(f"{GLOSSARY} has no table below a heading {{ #glossary }}")
    terms = []
    for line in rows:
        row = _ROW.match(line)
        if row is None or re.search(r"[*_$<\[]", re.sub("`[^`]*`", "", row["meaning"])):
            raise PluginError(
                f"{GLOSSARY}: {line!r} is not `| [term](page.md) | term in the other"
                " language | meaning |`, whose meaning is text and code alone"
            )
        terms.append(
            Term(
                row["linked"] or row["plain"],
                row["other"],
                row["meaning"],
                row["link"] or "",
            )
        )
    return terms


class Terms(Extension):
    """Marks each term where a page first has it in its prose.

    Attributes:
        active: Whether the page that is converted has its terms marked.
        written: Each spelling that was marked, with its term.
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = [term for term in terms if term.name not in ORDINARY]
        self.terms.sort(key=lambda term: -len(term.name))
        self.written: dict[str, Term] = {}
        self.active = True
        self._seen: set[Term] = set()
        groups = "|".join(f"({term.pattern})" for term in self.terms)
        self._any = re.compile(groups)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802, the name is Markdown's
        """Mark what is left of a page's text once its inline Markdown is elements."""
        md.treeprocessors.register(_Marks(md, self), "glossary", 1)

    def begin(self, active: bool) -> None:
        """Begin with another page."""
        self.active = active
        self._seen.clear()

    def cut(self, text: str) -> Iterator[str]:
        """Cut a text at the terms that are new to its page: text, term, text."""
        done = 0
        for found in self._any.finditer(text):
            term = self.terms[(found.lastindex or 1) - 1]
            if term in self._seen:
                continue
            self._seen.add(term)
            self.written[found[0]] = term
            yield text[done : found.start()]
            yield found[0]
            done = found.end()
        yield text[done:]


class _Marks(Treeprocessor):
    def __init__(self, md: Markdown, terms: Terms) -> None:
        super().__init__(md)
        self.terms = terms

    def run(self, root: Element) -> None:
        if self.terms.active:
            self._mark(root)

    def _mark(self, element: Element) -> None:
        """Mark what stands in an element, in the order in which it is read."""
        children = list(element)
        element[:] = []
        element.text = self._into(element, element.text)
        for child in children:
            if child.tag not in NOT_INSIDE:
                self._mark(child)
            element.append(child)
            child.tail = self._into(element, child.tail)

    def _into(self, element: Element, text: str | None) -> str | None:
        """Append the marks of a text to an element, and return what is before them."""
        if not text:
            return text
        before, *rest = self.terms.cut(text)
        for word, after in zip(rest[::2], rest[1::2], strict=True):
            mark = Element(MARK)
            mark.text, mark.tail = word, after
            element.append(mark)
        return before


def module(written: dict[str, Term], link: Sequence[Sequence[str]]) -> str:
    """Return the module that explains what was marked.

    Args:
        written: Each spelling that was marked, with its term.
        link: For each term in the order of `written` without repetitions, the address
            below the site's own that introduces it, and that page's title.
    """
    terms = list(dict.fromkeys(written.values()))
    rows = [
        [term.name, term.other, term.meaning, *where]
        for term, where in zip(terms, link, strict=True)
    ]
    spelt = {word: terms.index(term) for word, term in sorted(written.items())}
    values = (
        json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        for value in (rows, spelt)
    )
    return "export const terms = {};\nexport const spelt = {};\n".format(*values)


_terms: list[Terms] = []
_where: dict[Term, tuple[str, str]] = {}


def on_config(config: MkDocsConfig) -> None:
    """Read the glossary, where there is one, and let its terms be marked."""
    glossary = Path(config.docs_dir, GLOSSARY)
    _terms[:] = []
    if glossary.is_file():
        _terms.append(Terms(read_glossary(glossary.read_text("utf-8"))))
    config.markdown_extensions += _terms  # type: ignore[arg-type]


def on_page_markdown(markdown: str, page: Page, **_: object) -> None:
    """Begin with a page, whose first uses are to be marked, or none."""
    for terms in _terms:
        terms.begin(not NOT_MARKED.match(page.file.src_uri))


def on_env(env: object, config: MkDocsConfig, files: Files) -> None:
    """Find the pages that introduce what was marked, once all have their titles."""
    glossary = files.get_file_from_path(GLOSSARY)
    for term in dict.fromkeys(t for terms in _terms for t in terms.written.values()):
        path, _, heading = term.link.partition("#")
        uri = normpath(join(GLOSSARY, "..", path)) if path else GLOSSARY
        file = files.get_file_from_path(uri) or glossary
        if file is None or file.page is None:
            raise PluginError(f"{GLOSSARY}: {term.name} links to {uri}, no page")
        address = f"{file.url}#{heading or ('' if path else 'glossary')}"
        _where[term] = (address.rstrip("#"), str(file.page.title))


def on_post_build(config: MkDocsConfig) -> None:
    """Write the explanations of a language."""
    for terms in _terms:
        where = [_where[term] for term in dict.fromkeys(terms.written.values())]
        text = module(terms.written, where)
        Path(config.site_dir, MODULE).write_text(text, "utf-8")
