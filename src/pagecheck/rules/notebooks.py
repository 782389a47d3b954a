"""Rule 10: a notebook is what recording would write; as a page it obeys every rule.

Its code, outputs, figures, words and numbers are under the rules of pages. What is left
are the parts that a page does not have: outputs of another kind, the traces of an
editor, cells that a reader's Jupyter would number or lay out otherwise.
"""

from __future__ import annotations

from pagecheck.notebook import to_notebook
from pagecheck.page import Page
from pagecheck.problem import Problem, record_command


def check_notebook(page: Page, content: str) -> list[Problem]:
    """How a notebook's file differs from what recording it would write.

    Args:
        page: The notebook, read as a page.
        content: What its file holds.
    """
    written = to_notebook(page.text, page.figures)
    if page.problems or content == written:
        return []
    ours, theirs = content.split("\n"), written.split("\n")
    pairs = enumerate(zip(ours, theirs, strict=False), 1)
    line = next((number for number, (one, other) in pairs if one != other), 1)
    return [
        Problem(
            "notebooks",
            page.path,
            line,
            f"the line {theirs[line - 1].strip()[:70]!r}, as recording writes it",
            repr(ours[line - 1].strip()[:70]),
            record_command(page.path),
        )
    ]
