"""A notebook is what recording would write; as a page it obeys every other rule.

What is left are the parts that a page does not have: outputs of another kind, the
traces of an editor, cells that a reader's Jupyter would number or lay out otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from pagecheck.checked import Check, CheckedPage
from pagecheck.notebook import to_notebook
from pagecheck.problem import Problem, record_command


def check_notebook(checked: CheckedPage) -> Iterator[Check]:
    """How a notebook's file differs from what recording it would write."""
    if checked.page.holds_figures:
        yield Check("notebooks", 1, 1, partial(_wrong, checked))


def _wrong(checked: CheckedPage) -> Iterator[Problem]:
    page, content = checked.page, checked.file.read_text(encoding="utf-8")
    ours, theirs = (
        text.split("\n") for text in (content, to_notebook(page.text, page.figures))
    )
    if not page.problems and ours != theirs:
        pairs = enumerate(zip(ours, theirs, strict=False), 1)
        line = next((number for number, (one, other) in pairs if one != other), 1)
        expected = f"the line {theirs[line - 1].strip()[:70]!r}, as recording writes it"
        found, fix = repr(ours[line - 1].strip()[:70]), record_command(page.path)
        yield checked.problem("notebooks", line, expected, found, fix)
