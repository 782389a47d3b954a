"""A notebook is what recording would write; as a page it obeys every other rule.

What is left are the parts that a page does not have: outputs of another kind, the
traces of an editor, cells that a reader's Jupyter would number or lay out otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator

from pagecheck.checked import CheckedPage
from pagecheck.notebook import to_notebook
from pagecheck.problem import Problem, alike, record_command


def check_notebook(checked: CheckedPage) -> Iterator[Problem]:
    """How a notebook's file differs from what recording it would write."""
    page = checked.page
    if page.problems or not page.holds_figures:
        return
    ours = checked.file.read_text(encoding="utf-8").split("\n")
    theirs = to_notebook(page.text, page.figures).split("\n")
    if ours != theirs:
        line = min(alike(ours, theirs), len(ours) - 1, len(theirs) - 1)
        expected = f"the line {theirs[line].strip()[:70]!r}, as recording writes it"
        found, fix = repr(ours[line].strip()[:70]), record_command(page.path)
        yield checked.problem("notebooks", line + 1, expected, found, fix)
