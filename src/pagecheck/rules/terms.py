"""Rule 7, its last part: one word for one thing, and no mistranslation."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache

from pagecheck.page import Block, Page, visible
from pagecheck.problem import Problem

# A code span, a formula, a dotted name: what has names of its own.
_CODE = re.compile(
    r"(?P<ticks>`+)[^`]+(?P=ticks)|\$[^$\n]+\$|[A-Za-z]\w*(?:[._][A-Za-z]\w*)+",
    re.ASCII,
)


def check_terms(
    page: Page,
    forbidden: Sequence[str],
    quoting: Collection[str],
    preferred: Mapping[str, Sequence[str]],
) -> list[Problem]:
    """The words on a page that stand where a term of the glossary should.

    Args:
        page: The page.
        forbidden: The terms that may stand nowhere, not even in code.
        quoting: The ids of the page's sections that may quote them all the same.
        preferred: The terms of the page's language, each with the words that prose and
            comments must not use instead of it.
    """
    found = [*_forbidden_on(page, forbidden), *_instead_of(page, preferred)]
    return [
        Problem("terms", page.path, line, term, word, "write the glossary's term")
        for line, term, word in sorted(found)
        if _section_at(page, line) not in quoting
    ]


def _forbidden_on(page: Page, terms: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Each forbidden term, wherever it stands: its line, what is expected, the term."""
    for line, text in page.lines:
        for term in terms:
            for match in _words(term).finditer(text):
                yield line, "a term of the glossary", match[0]


def _instead_of(
    page: Page, preferred: Mapping[str, Sequence[str]]
) -> Iterator[tuple[int, str, str]]:
    """Each word in place of a preferred term: its line, that term, the word."""
    for line, text in _prose(page):
        for term, others in preferred.items():
            for other in others:
                for match in _words(other).finditer(text):
                    if not _is_part_of(term, match, text):
                        yield line, term, match[0]


def _section_at(page: Page, line: int) -> str:
    """The id of the section that a line stands in."""
    return [each.slug for each in page.sections if each.line <= line][-1]


@cache
def _words(term: str) -> re.Pattern[str]:
    """A term as it is; one in Latin letters as words of their own.

    A Latin term in lower case may have a capital at the start of a sentence.
    """
    if not term.isascii():
        return re.compile(re.escape(term))
    first = f"[{term[0]}{term[0].upper()}]" if term.islower() else re.escape(term[0])
    return re.compile(rf"(?<![A-Za-z]){first}{re.escape(term[1:])}(?![A-Za-z])")


def _is_part_of(term: str, match: re.Match[str], text: str) -> bool:
    """Whether what was found is only a piece of the right term: 超参 in 超参数."""
    return any(
        each.start() <= match.start() and match.end() <= each.end()
        for each in re.finditer(re.escape(term), text)
    )


def _prose(page: Page) -> Iterator[tuple[int, str]]:
    """The lines of what a page says in words, and of its comments, each with its place.

    Code, formulas, links' targets and ids are left out: they have names of their own.
    """
    for region in page.regions:
        source = page.text[region.start : region.end]
        words = _CODE.sub(lambda match: "\x00" * len(match[0]), visible(source))
        start = 0
        for line, written in enumerate(source.split("\n"), region.line):
            yield line, words[start : start + len(written)]
            start += len(written) + 1
    for block in page.blocks:
        yield from _comments(block)


def _comments(block: Block) -> Iterator[tuple[int, str]]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(block.code).readline):
            if token.type == tokenize.COMMENT:
                yield block.line + token.start[0] - 1, token.string
    except (tokenize.TokenError, SyntaxError):
        return
