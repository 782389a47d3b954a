"""Rule 1: every block runs, and ends as the page says."""

from __future__ import annotations

from pagecheck.page import Block, Page
from pagecheck.problem import Problem
from pagecheck.session import BlockResult


def check_run(page: Page, block: Block, result: BlockResult) -> list[Problem]:
    """What a block did that the page does not say, or did not do that it says."""
    if result.not_reached:
        expected, found = "the block to run", "a block before it failed"
        fix = "mend the block that failed first"
    elif block.raises is None and result.error is not None:
        expected, found = "the block to run", result.message
        fix = "mend the code, or say before the block which exception it must raise"
    elif block.raises is not None and result.error != block.raises.split(".")[-1]:
        expected = f"the block to raise {block.raises}"
        found = result.message or "it ran to its end"
        fix = "mend the code or the xfail marker before it"
    else:
        return []
    line = block.line + result.offset
    return [Problem("run", page.path, line, expected, found, fix)]
