"""A term of the glossary is explained where a page first uses it.

The terms are those of the table in reference/notation.md, in the page's language. What
a page holds is a mark around the word and no more; the explanations come in one module
when the first is asked for (assets/js/glossary.js).
"""

import functools
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from posixpath import join, normpath
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from site_finish.settings import Language, SiteError

GLOSSARY = "reference/notation.md"
MODULE = "assets/js/glossary-terms.js"
MARK = "glossary-term"
MARKED = re.compile(rf"<{MARK}>([^<]*)</{MARK}>")
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
        """How prose writes it, in English with a capital letter and as many, too.

        Behind `_EDGE`, where it begins with a Latin letter.
        """
        word = re.escape(self.name[1:])
        if re.search(r"[\u4e00-\u9fff]", self.name):
            # sigmoid函数 is mostly called sigmoid.
            word = re.sub(r"(?<=[a-z])函数$", "(?:函数)?", self.name[0] + word)
            return word
        word = re.sub(r"\\ matrix$", r"(?:\\ matrix|\\ matrices)?", word)
        word = re.sub("y$", "(?:y|ies)", word)
        first = f"[{self.name[0]}{self.name[0].upper()}]"
        return rf"{first}{word}(?:s|es)?(?![A-Za-z0-9_-])"


def read_glossary(markdown: str) -> list[Term]:
    """Return the terms of the glossary.

    Args:
        markdown: The page; its glossary is the table below the heading `{ #glossary }`.

    Raises:
        SiteError: A row is no term with its meaning, or the meaning has more than
            text and code.
    """
    _, heading, rest = markdown.partition("{ #glossary }")
    lines = rest.partition("\n## ")[0].splitlines()
    rows = [line for line in lines if line.startswith("|")][2:]
    if not heading or not rows:
        raise SiteError(f"{GLOSSARY} has no table below a heading {{ #glossary }}")
    terms = []
    for line in rows:
        row = _ROW.match(line)
        if row is None or re.search(r"[*_$<\[]", re.sub("`[^`]*`", "", row["meaning"])):
            raise SiteError(
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


class Terms(Treeprocessor):
    """Marks each term where a page first has it in its prose."""

    def __init__(
        self, md: Markdown, terms: Iterable[Term], marked: Callable[[], bool]
    ) -> None:
        super().__init__(md)
        self.terms = spotted(terms)
        self.any = _pattern(self.terms)
        self.marked = marked
        self._seen: set[Term] = set()

    def run(self, root: Element) -> None:
        """Mark what is left of a page's text once its inline Markdown is elements."""
        if self.marked():
            self._mark(root)

    def cut(self, text: str) -> Iterator[str]:
        """Cut a text at the terms that are new to its page: text, term, text."""
        done = 0
        for found in self.any.finditer(text):
            term = self.terms[(found.lastindex or 1) - 1]
            if term in self._seen:
                continue
            self._seen.add(term)
            yield text[done : found.start()]
            yield found[0]
            done = found.end()
        yield text[done:]

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
        before, *rest = self.cut(text)
        for word, after in zip(rest[::2], rest[1::2], strict=True):
            mark = Element(MARK)
            mark.text, mark.tail = word, after
            element.append(mark)
        return before


def spotted(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Return the terms that are looked for in prose.

    Those that begin with a Latin letter come first, among those of one the longest.
    """
    found = [term for term in terms if term.name not in ORDINARY]

    def by_letter(term: Term) -> tuple[bool, str, int]:
        first = term.name[0]
        return not first.isascii(), first.lower(), -len(term.name)

    return tuple(sorted(found, key=by_letter))


@functools.cache  # for each page the same
def _pattern(terms: tuple[Term, ...]) -> re.Pattern[str]:
    # Each alternative is tried at each letter. So those that begin alike stand together
    # behind one look at it, and the edge is looked for once for all that have one.
    latin: list[str] = []
    others: list[str] = []
    letters = ""
    for first, begun in groupby(terms, key=lambda term: term.name[0].lower()):
        group = "|".join(f"({term.pattern})" for term in begun)
        if first.isascii():
            latin.append(f"(?=[{first}{first.upper()}])(?:{group})")
        else:
            others.append(group)
            letters += first
    either = [f"{_EDGE}(?:{'|'.join(latin)})"] if latin else []
    either += [f"(?=[{letters}])(?:{'|'.join(others)})"] if others else []
    return re.compile("|".join(either) or "(?!)")


def module(language: Language, words: Iterable[str]) -> str:
    """Return the module that explains what was marked.

    Args:
        language: That of the words.
        words: All that stands in marks, on any page.
    """
    page = language.page(GLOSSARY)
    if page is None:
        raise SiteError(f"{GLOSSARY} is no page")
    terms = spotted(read_glossary(page.text))
    pattern = _pattern(terms)
    meant = {
        word: terms[(found.lastindex or 1) - 1]
        for word in sorted(set(words))
        if (found := pattern.fullmatch(word))
    }
    order = list(dict.fromkeys(meant.values()))
    rows = [
        [term.name, term.other, term.meaning, *_where(language, term)] for term in order
    ]
    spelt = {word: order.index(term) for word, term in meant.items()}
    values = (
        json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        for value in (rows, spelt)
    )
    return "export const terms = {};\nexport const spelt = {};\n".format(*values)


def _where(language: Language, term: Term) -> tuple[str, str]:
    """The address below the site's own that introduces a term, and its page's title."""
    path, _, heading = term.link.partition("#")
    uri = normpath(join(GLOSSARY, "..", path)) if path else GLOSSARY
    page = language.page(uri)
    if page is None:
        raise SiteError(f"{GLOSSARY}: {term.name} links to {uri}, no page")
    address = f"{page.url}#{heading or ('' if path else 'glossary')}"
    return address.rstrip("#"), page.title


def write_module(language: Language, pages: Iterable[str]) -> None:
    """Write the explanations of a language for what is marked on its pages."""
    if language.page(GLOSSARY) is None:  # then nothing is
        return
    words = (word for html in pages for word in MARKED.findall(html))
    file = language.folder / MODULE
    file.write_text(module(language, words), "utf-8")
