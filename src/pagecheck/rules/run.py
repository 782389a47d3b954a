"""Every block runs, and ends as the page says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from pagecheck.checked import Check, CheckedPage
from pagecheck.problem import Problem


def check_run(checked: CheckedPage) -> Iterator[Check]:
    """Each block that is run."""
    for index, block in enumerate(checked.page.blocks):
        if block.unchecked is None:
            wrong = partial(_wrong, checked, index)
            yield Check("run", block.line, block.column, wrong)


def _wrong(checked: CheckedPage, index: int) -> Iterator[Problem]:
    """What a block did that the page does not say, or did not do that it says."""
    block, result = checked.page.blocks[index], checked.run.blocks[index]
    if result.not_reached:
        expected, found = "the block to run", "a block before it failed"
        fix = "correct the block that failed first"
    elif block.raises is None and result.error is not None:
        expected, found = "the block to run", result.message
        fix = "correct the code, or say before the block which exception it must raise"
    elif block.raises is not None and result.error != block.raises.split(".")[-1]:
        expected = f"the block to raise {block.raises}"
        found = result.message or "it ran to its end"
        fix = "correct the code or the xfail marker before it"
    elif result.left:
        expected, found = "the page to end with its last line", result.left
        fix = "wait in the block for all that it starts"
    else:
        return
    line = block.line + result.offset
    yield checked.problem("run", line, expected, found, fix)
