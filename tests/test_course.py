"""The course is read in its order: a term is introduced, or linked, before its use.

The glossary links each term to the page that introduces it. Where a page of the course
uses a term before that page, its first use there has to be part of a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

CONFIG = {"zh": "mkdocs.yml", "en": "mkdocs.en.yml"}
COURSE = {"zh": ["入门", "实例", "异或"], "en": ["Start", "Recipes", "XOR"]}
# Words of school and of every day. In Chinese, a single character is part of many.
EVERYDAY = {"in place", "mean", "mode", "unit", "均值", "原地"}

LINK, END = "\N{START OF TEXT}", "\N{END OF TEXT}"


class _Loader(yaml.SafeLoader):
    """Reads a configuration of MkDocs, whose tags say nothing about its pages."""


_Loader.add_multi_constructor("!", lambda *_: None)


def course(root: Path, language: str) -> list[str]:
    """The pages of the course, in the order of the navigation."""
    config = yaml.load((root / CONFIG[language]).read_text("utf-8"), _Loader)
    parts = {name: pages for part in config["nav"] for name, pages in part.items()}
    return [
        path
        for name in COURSE[language]
        for page in parts[name]
        for path in page.values()
    ]


def prose(page: str) -> Iterator[tuple[int, str]]:
    """The page's paragraphs with their lines: no headings, code, formulas or tables."""
    within = []
    for token in MarkdownIt("commonmark").enable("table").parse(page):
        if token.nesting:
            within = [*within, token.tag] if token.nesting > 0 else within[:-1]
        elif token.type == "inline" and not {"h1", "h2", "h3", "table"} & set(within):
            marks = {"link_open": LINK, "link_close": END, "text": None}
            parts = [
                part.content if part.type == "text" else marks.get(part.type, " ")
                for part in token.children
                if part.type not in ("html_inline", "strong_open", "strong_close")
            ]
            yield token.map[0] + 1, re.sub(r"(\$\$?)[^$]*\1", " ", "".join(parts))


def glossary(page: str) -> dict[str, str]:
    """The terms of the page's own language, and the pages that introduce them."""
    rows = re.findall(
        r"^\| (?:\[([^\]]+)\]\(\.\./([^)#]+)[^)]*\)|([^|]+?)) \|", page, re.M
    )
    return {linked or plain: target for linked, target, plain in rows}


def pattern(term: str, language: str) -> re.Pattern[str]:
    if language == "zh":
        return re.compile(re.escape(term), re.IGNORECASE)
    return re.compile(rf"(?<![\w-]){re.escape(term)}(?:e?s)?(?![\w-])", re.IGNORECASE)


def unlinked(
    pages: Mapping[str, str], terms: Mapping[str, str], language: str
) -> list[str]:
    """Where a page uses a term first and neither introduces nor links it.

    Args:
        pages: The text of each page of the course, in the order of reading.
        terms: The page that introduces each term. A term is left alone if that page is
            none of the course.
        language: The language of the pages.
    """
    order = list(pages)
    found = []
    for number, (path, page) in enumerate(pages.items()):
        first: dict[str, tuple[int, bool]] = {}
        for line, text in prose(page):
            for term in sorted(
                terms, key=len, reverse=True
            ):  # no piece of a longer one
                for match in pattern(term, language).finditer(text):
                    before = text[: match.start()]
                    linked = before.rfind(LINK) > before.rfind(END)
                    first.setdefault(term, (line, linked))
                text = pattern(term, language).sub(lambda m: "\0" * len(m[0]), text)
        for term, (line, linked) in first.items():
            everyday = term in EVERYDAY or (language == "zh" and len(term) == 1)
            target = terms[term]
            late = target in order and order.index(target) > number
            if late and not linked and not everyday:
                found.append(
                    f"{path}:{line}: {term} is introduced in {target}; link it"
                )
    return found


@pytest.mark.parametrize("language", COURSE)
def test_a_term_is_introduced_or_linked_before_its_use(pytestconfig, language):
    root = pytestconfig.rootpath
    docs = root / "docs" / language
    pages = {path: (docs / path).read_text() for path in course(root, language)}
    terms = glossary((docs / "reference/notation.md").read_text("utf-8"))
    assert len(set(terms.values()) & set(pages)) > 5
    found = unlinked(pages, terms, language)
    assert not found, "\n".join(found)


TERMS = {"sigmoid": "b.md", "log-sigmoid": "c.md", "plateau": "elsewhere.md"}


@pytest.mark.parametrize(
    ("a", "found"),
    [
        ("The sigmoid.", ["a.md:1: sigmoid is introduced in b.md; link it"]),
        ("Text.\n\nSigmoids.", ["a.md:3: sigmoid is introduced in b.md; link it"]),
        ("The [sigmoid](b.md), and a sigmoid again.", []),
        (
            "A sigmoid, and the [sigmoid](b.md).",
            ["a.md:1: sigmoid is introduced in b.md; link it"],
        ),
        ("A [log-sigmoid](c.md).", []),
        ("# Sigmoid\n\n`sigmoid`, $sigmoid$\n\n```\nsigmoid\n```\n", []),
        ("A plateau.", []),
    ],
)
def test_a_term_that_is_used_too_early_is_found(a, found):
    pages = {"a.md": a, "b.md": "The sigmoid.", "c.md": "The log-sigmoid."}
    assert unlinked(pages, TERMS, "en") == found


def test_the_glossary_s_links_name_the_pages_that_introduce_its_terms():
    page = "| [sigmoid](../b.md#s) | S函数 | x |\n| plateau | 平台期 | y |\n"
    assert glossary(page) == {"sigmoid": "b.md", "plateau": ""}
