"""Rule 9: a page is a script that needs nothing but what it says it needs.

Its run is that of a script (rule 1): in a fresh interpreter and an empty folder. Of the
project's own packages it can import those that the page does.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from pagecheck.config import Config
from pagecheck.page import Page
from pagecheck.problem import Problem
from pagecheck.script import as_script, imports, page_line
from pagecheck.syntax import compile_code


def check_standalone(page: Page, config: Config) -> list[Problem]:
    """What keeps a page's blocks, joined, from being a script that runs by itself.

    What the page imports, beyond the standard library and what the project's settings
    name, it says in backticks in the prose before: that is all it may need.

    Args:
        page: The page; its blocks run and print what it shows.
        config: The project's settings.
    """
    if problems := list(_unannounced(page, config)):
        return problems
    try:
        compile_code(as_script(page))
    except (SyntaxError, ValueError) as error:
        line = page_line(page, getattr(error, "lineno", 1) or 1)
        expected = "the page's blocks, joined, to be one script"
        mend = "write what is not Python as a string: compile('…', 'f', 'exec')"
        return [Problem("standalone", page.path, line, expected, str(error), mend)]
    return []


def _unannounced(page: Page, config: Config) -> Iterator[Problem]:
    """The imports of a page that it does not say it needs."""
    for line, module in imports(page):
        if module in sys.stdlib_module_names or module in config.needs:
            continue
        naming = re.compile(rf"`{re.escape(module)}(?:\.[\w.]+)?`")
        if not any(
            unit.line < line and naming.search(unit.text) for unit in page.units
        ):
            expected = f"a sentence before it that the page needs `{module}`"
            mend = f"name `{module}` in backticks, and where it comes from"
            yield Problem(
                "standalone", page.path, line, expected, "an import without it", mend
            )
