"""One word for one thing, and no mistranslation."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from tokenize import COMMENT

from pagecheck.checked import CheckedPage
from pagecheck.page import Page
from pagecheck.problem import Problem
from pagecheck.script import tokens
from pagecheck.spans import visible

# A dotted name has names of its own.
_DOTTED = re.compile(r"\b_*+[A-Za-z](?:\w*?_|\w*+\.)[A-Za-z](?:[\w.]*\w)?", re.ASCII)


def check_terms(checked: CheckedPage) -> Iterator[Problem]:
    """The words on a page that stand where a term of the glossary should."""
    page, config = checked.page, checked.config
    never = dict.fromkeys(config.never.terms, "a term of the glossary")
    terms = config.terms.get(checked.language, {})
    instead = {other: term for term, others in terms.items() for other in others}
    found = sorted(
        (line, meant[word], match[0])
        for lines, meant in ((page.lines, never), (_prose(page), instead))
        for line, text in lines
        for word in meant
        for match in _words(word, meant[word]).finditer(text)
        if match[0] != meant[word]  # Hessian, for hessian
    )
    starts = [section.line for section in page.sections]
    quoting = config.sections_quoting_on(checked.file)
    for line, term, word in found:
        section = page.sections[bisect_right(starts, line) - 1]
        if section.slug not in quoting:
            fix = "write the glossary's term"
            yield checked.problem("terms", line, term, word, fix)


@cache
def _words(word: str, term: str) -> re.Pattern[str]:
    """A word as it is, where it is no part of its term: 超参 but not 超参数.

    One in Latin letters stands by itself; in lower case it may begin a sentence.
    """
    found = re.escape(word)
    if word.isascii():
        first = f"[{word[0]}{word[0].upper()}]" if word.islower() else found[0]
        found = rf"(?<![A-Za-z]){first}{re.escape(word[1:])}(?![A-Za-z])"
    before, part, after = (re.escape(each) for each in term.partition(word))
    if part and (before or after):
        found = f"(?<!{before}){found}|{found}(?!{after})"
    return re.compile(found)


def _prose(page: Page) -> Iterator[tuple[int, str]]:
    """The lines of what a page says in words, and of its comments, each with its place.

    Code, formulas, links' targets and ids are left out: they have names of their own.
    """
    for region in page.regions:
        source = page.text[region.start : region.end]
        words = _DOTTED.sub("", visible(source, ["prose"]))
        yield from enumerate(words.split("\n"), region.line)
    for block in page.blocks:
        for token in tokens(block.code):
            if token.type == COMMENT:
                yield block.line + token.start[0] - 1, token.string
