"""Rule 9: a page is a script that runs by itself and prints what the page shows."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import takewhile

from pagecheck.config import Config
from pagecheck.page import Block, Page
from pagecheck.problem import Problem
from pagecheck.rules.outputs import same_text
from pagecheck.script import imports, page_line, pieces, script_run

_MEND = "let the page need nothing but its own blocks and what it says it needs"


def check_standalone(
    page: Page, config: Config, number_tolerance: int = 0, keep: bool = True
) -> list[Problem]:
    """How a page's blocks, joined and run by a fresh interpreter, differ from the page.

    The outputs are compared block by block, so that what a reader copies, a block with
    all that is above it, is shown to print what the page shows as well.

    What the page imports, beyond the standard library and what the project's settings
    name, it says in backticks in the prose before: that is all it may need. Of the
    project's own packages, the others cannot be imported.

    Args:
        page: The page; its blocks run and print what it shows.
        config: The project's settings.
        number_tolerance: By how many units in the last digit a number may be off.
        keep: Whether a run of an earlier process will do, and this one is kept.
    """
    if problems := list(_unannounced(page, config)):
        return problems
    run = script_run(page, config, keep)
    expected = "the page's blocks, joined, to run by themselves"
    if run.error:
        line = page_line(page, run.line) if run.line else 1
        return [Problem("standalone", page.path, line, expected, run.error, _MEND)]
    return [
        problem
        for (block, _), printed in zip(pieces(page), run.outputs, strict=True)
        for problem in _difference(page, block, printed, number_tolerance)
    ]


def _difference(
    page: Page, block: Block, printed: str, number_tolerance: int
) -> Iterator[Problem]:
    """How what a block prints in the script differs from what the page shows."""
    shown = block.output.text if block.output else ""
    if not same_text(shown, printed, number_tolerance):
        line = _line_of_difference(block, shown, printed)
        yield Problem("standalone", page.path, line, shown, printed, _MEND)


def _unannounced(page: Page, config: Config) -> Iterator[Problem]:
    """The imports of a page that it does not say it needs."""
    for line, module in imports(page):
        if module in sys.stdlib_module_names or module in config.needs:
            continue
        naming = re.compile(rf"`{re.escape(module)}(?:\.[\w.]+)?`")
        if not any(
            region.line < line and naming.search(region.text) for region in page.regions
        ):
            expected = f"a sentence before it that the page needs `{module}`"
            fix = f"name `{module}` in backticks, and where it comes from"
            yield Problem(
                "standalone", page.path, line, expected, "an import without it", fix
            )


def _line_of_difference(block: Block, shown: str, printed: str) -> int:
    """The page's line of the first line shown that a script does not print."""
    if block.output is None:
        return block.line
    ours, theirs = shown.splitlines(), printed.splitlines()
    pairs = zip(ours, theirs, strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return block.output.line + min(same, len(ours) - 1)
