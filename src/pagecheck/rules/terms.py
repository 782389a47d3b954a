"""Rule 7, its last part: no mistranslation of the glossary occurs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pagecheck.page import Page
from pagecheck.problem import Problem


def check_terms(page: Page, forbidden: Sequence[str]) -> list[Problem]:
    """The terms on a page that the glossary forbids, wherever they stand."""
    return [
        Problem(
            "terms",
            page.path,
            page.text.count("\n", 0, match.start()) + 1,
            "a term of the glossary",
            match[0],
            "write the glossary's term",
        )
        for term in forbidden
        for match in re.finditer(_pattern(term), page.text)
    ]


def _pattern(term: str) -> str:
    """A term as it is; one in Latin letters as a word of its own."""
    escaped = re.escape(term)
    return rf"(?<![A-Za-z]){escaped}(?![A-Za-z])" if term.isascii() else escaped
