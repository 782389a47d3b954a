"""Links: each leads to a page and an id that exist, in the language of its own page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from pagecheck.page import COMMENT, SUFFIXES, Page, Region, read_page
from pagecheck.problem import Problem

_OUTSIDE = ("https://", "http://", "mailto:")
_QUERY = re.compile(r"\?[^#]*")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")

# What only looks like a link: code, formulas, directives, images.
_OTHER = re.compile(
    r"(?P<ticks>`+)[^`]+(?P=ticks)|\$[^$\n]+\$|!\[[^\[\]]*\]\([^()\s]+\)"
    rf"|{COMMENT.pattern}",
    re.DOTALL,
)
_LINK = re.compile(
    r"\[(?P<text>[^\[\]]*)\]"
    r"\((?P<target>(?:[^()\s]|\([^()\s]*\))*)(?: +\"[^\"\n]*\")?\)"
)
_TAG = re.compile(r"<a\b[^<>]*>", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*(["'])(?P<target>.*?)\1""")
_HALF_A_LINK = re.compile(r"\]\(|^ *\[[^\[\]^][^\[\]]*\]: ", re.MULTILINE)
_HEADING_ID = re.compile(r"#+ #(.+)")
_ID = re.compile(
    r"""\bid\s*=\s*(["'])(?P<id>.*?)\1|\{[^{}]*#(?P<slug>[\w.-]+)[^{}]*\}"""
)


def check_links(page: Page, file: Path, folder: Path) -> list[Problem]:
    """The links of a page that lead nowhere, and its ids that are there twice.

    Nobody is asked whether an address outside the site exists.

    Args:
        page: The page.
        file: The file that it lies in.
        folder: The folder of all pages in its language.
    """
    problems = []
    for line, target in _links(page):
        if fault := _fault(target, file, folder):
            expected, found = fault
            problems.append(
                Problem("links", page.path, line, expected, found, "correct the link")
            )
    own = Counter(slug for slug, _ in _ids(page))
    for slug, line in _ids(page):
        if own[slug] > 1:
            expected = f"the id {slug} once on the page"
            found = f"it is there {own[slug]} times"
            fix = "rename one, in every language, and what links to it"
            problems.append(Problem("links", page.path, line, expected, found, fix))
    return problems


def _fault(target: str | None, file: Path, folder: Path) -> tuple[str, str] | None:
    """What is expected and what is found, where a link is wrong."""
    if not target:
        return "a link written [text](target)", "one that is not, or lacks either"
    if target.startswith(_OUTSIDE):
        return None
    if _SCHEME.match(target) or target.startswith("/"):
        return "a link relative to the page, or to a site", repr(target)
    path, _, anchor = unquote(_QUERY.sub("", target)).partition("#")
    leads_to = (file.parent / path).resolve() if path else file.resolve()
    if not leads_to.is_file():
        return f"a file where {target} leads", "none"
    if not leads_to.is_relative_to(folder.resolve()):
        return "a link to a page in the same language", target
    if leads_to.suffix not in SUFFIXES:
        return None
    ids = _ids_in(leads_to, leads_to.stat().st_mtime_ns)
    if ("#" in target or not path) and anchor not in ids:
        return f"the id {anchor!r} on {path or 'the page'}", "no such id"
    return None


def _links(page: Page) -> Iterator[tuple[int, str | None]]:
    """The targets of a page's links with their lines; None where one cannot be read."""
    for region in page.regions:
        prose = _prose(page, region)
        for pattern in (_LINK, _TAG):
            for match in pattern.finditer(prose):
                line = region.line + prose.count("\n", 0, match.start())
                if pattern is _LINK:
                    yield line, match["target"] if match["text"].strip() else None
                elif href := _HREF.search(match[0]):
                    yield line, href["target"]
        rest = _LINK.sub(lambda match: " " * len(match[0]), prose)
        for match in _HALF_A_LINK.finditer(rest):
            yield region.line + rest.count("\n", 0, match.start()), None


def _prose(page: Page, region: Region) -> str:
    """What a region says, with what only looks like a link made unreadable in place."""

    def hide(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", "\x00", match[0])

    return _OTHER.sub(hide, page.text[region.start : region.end])


def _ids(page: Page) -> Iterator[tuple[str, int]]:
    """The explicit ids of a page, with their lines."""
    for region in page.regions:
        if region.kind == "heading":
            if match := _HEADING_ID.fullmatch(region.detail):
                yield match[1], region.line
            continue
        prose = _prose(page, region)
        for match in _ID.finditer(prose):
            line = region.line + prose.count("\n", 0, match.start())
            yield match["id"] or match["slug"], line


@lru_cache(maxsize=256)
def _ids_in(file: Path, _changed: int) -> frozenset[str]:
    """The explicit ids of the page in a file, read anew when the file has changed."""
    return frozenset(slug for slug, _ in _ids(read_page(file)))
