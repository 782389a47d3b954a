"""One word for one thing, and no mistranslation."""

from __future__ import annotations

import io
import re
import tokenize
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from functools import cache, partial

from pagecheck.checked import Check, CheckedPage
from pagecheck.page import Page, visible
from pagecheck.problem import Problem

# A dotted name has names of its own.
_DOTTED = re.compile(r"\b_*+[A-Za-z](?:\w*?_|\w*+\.)[A-Za-z](?:[\w.]*\w)?", re.ASCII)


def check_terms(checked: CheckedPage) -> Iterator[Check]:
    """The words on a page that stand where a term of the glossary should."""
    if checked.config.never.terms or checked.config.terms.get(checked.language):
        yield Check("terms", 1, 1, partial(_wrong, checked))


def _wrong(checked: CheckedPage) -> Iterator[Problem]:
    page, config = checked.page, checked.config
    quoting = config.sections_quoting_on(checked.file)
    preferred = config.terms.get(checked.language, {})
    found = [
        (line, "a term of the glossary", match[0])
        for line, text in page.lines
        for term in config.never.terms
        for match in _words(term).finditer(text)
    ]
    found += [
        (line, term, match[0])
        for line, text in _prose(page)
        for term, others in preferred.items()
        for other in others
        for match in _words(other).finditer(text)
        if not _is_part_of(term, match, text)
    ]
    starts = [section.line for section in page.sections]
    for line, term, word in sorted(found):
        section = page.sections[bisect_right(starts, line) - 1]
        if section.slug not in quoting:
            fix = "write the glossary's term"
            yield checked.problem("terms", line, term, word, fix)


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
    first, last = match.end() - len(term), match.start() + len(term)
    return term in text[max(0, first) : last]


def _prose(page: Page) -> Iterator[tuple[int, str]]:
    """The lines of what a page says in words, and of its comments, each with its place.

    Code, formulas, links' targets and ids are left out: they have names of their own.
    """
    for region in page.regions:
        source = page.text[region.start : region.end]
        words = _DOTTED.sub("", visible(source, ["prose"]))
        yield from enumerate(words.split("\n"), region.line)
    for block in page.blocks:
        with suppress(tokenize.TokenError, SyntaxError):  # the run says so
            for token in tokenize.generate_tokens(io.StringIO(block.code).readline):
                if token.type == tokenize.COMMENT:
                    yield block.line + token.start[0] - 1, token.string
