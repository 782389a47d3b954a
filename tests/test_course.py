"""The course is read in its order: each page leads on to the next.

And says at its top what it needs and what one can do after it. A term is introduced, or
linked, before its use: the glossary links each term to the page that introduces it;
where a page of the course uses a term before that page, its first use there has to be
part of a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise, zip_longest
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest
import yaml
from markdown_it import MarkdownIt

CONFIG = {"zh": "mkdocs.yml", "en": "mkdocs.en.yml"}
COURSE = {"zh": ["入门", "实例", "异或"], "en": ["Start", "Recipes", "XOR"]}
FURTHER = {"zh": ["深入"], "en": ["Going further"]}
NEXT = {"zh": "**下一页：**", "en": "**Next:** "}
TOP = {
    "zh": ["**需要**", "**学完之后**", "**时间**"],
    "en": ["**You need**", "**Afterwards you can**", "**It takes**"],
}
# Words of school and of every day. In Chinese, a single character is part of many.
EVERYDAY = {"in place", "mean", "mode", "unit", "均值", "原地"}

LINK, END = "\N{START OF TEXT}", "\N{END OF TEXT}"


class _Loader(yaml.SafeLoader):
    """Reads a configuration of MkDocs, whose tags say nothing about its pages."""


_Loader.add_multi_constructor("!", lambda *_: None)


def course(
    root: Path, language: str, part_names: Mapping[str, list[str]] = COURSE
) -> list[str]:
    """The pages of parts of the site, in the order of the navigation."""
    config = yaml.load((root / CONFIG[language]).read_text("utf-8"), _Loader)
    parts = {name: pages for part in config["nav"] for name, pages in part.items()}
    return [
        path
        for name in part_names[language]
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
    pages: Mapping[str, str],
    terms: Mapping[str, str],
    language: str,
    later: Iterable[str] = (),
) -> list[str]:
    """Where a page uses a term first and neither introduces nor links it.

    Args:
        pages: The text of each page of the course, in the order of reading.
        terms: The page that introduces each term.
        language: The language of the pages.
        later: Pages that are read after these, and may introduce a term too. A term is
            left alone if no page of either kind introduces it.
    """
    order = [*pages, *later]
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


def out_of_order(pages: Mapping[str, str], language: str) -> list[str]:
    """Which pages do not lead on to the page after them."""
    found = []
    for (path, page), following in pairwise([*pages.items(), ("", "")]):
        if not following[0]:
            break
        for number, line in enumerate(page.splitlines(), 1):
            if line.startswith(NEXT[language]):
                link = re.search(r"\]\(([^)#?]+)", line)
                target = normpath(join(dirname(path), link[1])) if link else "no page"
                if target != following[0]:
                    found.append(
                        f"{path}:{number}: {following[0]} is next, not {target}"
                    )
                break
        else:
            found.append(
                f"{path}: {NEXT[language].strip('* ')} {following[0]} is missing"
            )
    return found


def without_top(path: str, page: str, language: str) -> list[str]:
    """What a page does not say at its top, below its first paragraph."""
    lines = page.splitlines()
    title = next(n for n, line in enumerate(lines) if line.startswith("# "))
    top = lines[title + 4 : title + 7]
    return [
        f"{path}:{title + 5 + number}: “{start}” is due"
        for number, (start, line) in enumerate(zip_longest(TOP[language], top))
        if not (line or "").removeprefix("- ").startswith(start)
    ]


@pytest.mark.parametrize("language", COURSE)
def test_each_page_leads_on_to_the_next(pytestconfig, language):
    root = pytestconfig.rootpath
    order = [*course(root, language), *course(root, language, FURTHER)]
    pages = {path: (root / "docs" / language / path).read_text() for path in order}
    found = out_of_order(pages, language)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", COURSE)
def test_each_page_says_what_it_needs_and_what_one_can_do_after_it(
    pytestconfig, language
):
    root = pytestconfig.rootpath
    found = [
        fault
        for path in [*course(root, language), *course(root, language, FURTHER)]
        for fault in without_top(
            path, (root / "docs" / language / path).read_text(), language
        )
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("a", "found"),
    [
        ("A page.\n\n**Next:** [B](b.md#top), more.", []),
        ("A page.\n\n**Next:** [C](c.md)", ["x/a.md:3: x/b.md is next, not x/c.md"]),
        ("A page.", ["x/a.md: Next: x/b.md is missing"]),
    ],
)
def test_a_page_out_of_order_is_found(a, found):
    assert out_of_order({"x/a.md": a, "x/b.md": "The end."}, "en") == found


def test_a_page_without_its_top_is_found():
    top = "- **You need** this.\n- **It takes** long.\n- **Afterwards you can** go."
    page = f"---\na: b\n---\n\n# A\n\nWhat for.\n\n{top}\n"
    assert without_top("a.md", page, "en") == [
        "a.md:10: “**Afterwards you can**” is due",
        "a.md:11: “**It takes**” is due",
    ]
    assert len(without_top("a.md", "# A\n\nShort.", "en")) == 3


@pytest.mark.parametrize("language", COURSE)
def test_a_term_is_introduced_or_linked_before_its_use(pytestconfig, language):
    root = pytestconfig.rootpath
    docs = root / "docs" / language
    pages = {path: (docs / path).read_text() for path in course(root, language)}
    terms = glossary((docs / "reference/notation.md").read_text("utf-8"))
    assert len(set(terms.values()) & set(pages)) > 5
    found = unlinked(pages, terms, language, course(root, language, FURTHER))
    assert not found, "\n".join(found)


TERMS = {
    "sigmoid": "b.md",
    "log-sigmoid": "c.md",
    "trap": "further.md",
    "plateau": "elsewhere.md",
}


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
        ("A trap.", ["a.md:1: trap is introduced in further.md; link it"]),
        ("A plateau.", []),
    ],
)
def test_a_term_that_is_used_too_early_is_found(a, found):
    pages = {"a.md": a, "b.md": "The sigmoid.", "c.md": "The log-sigmoid."}
    assert unlinked(pages, TERMS, "en", ["further.md"]) == found


def test_the_glossary_s_links_name_the_pages_that_introduce_its_terms():
    page = "| [sigmoid](../b.md#s) | S函数 | x |\n| plateau | 平台期 | y |\n"
    assert glossary(page) == {"sigmoid": "b.md", "plateau": ""}
