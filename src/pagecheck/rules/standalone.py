"""A page is a script that needs nothing but what it says it needs.

Its run is that of a script: in a fresh interpreter and an empty folder. Of the
project's own packages it can import those that the page does.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from pagecheck.checked import CheckedPage
from pagecheck.problem import Problem
from pagecheck.script import as_file, imports


def check_standalone(checked: CheckedPage) -> Iterator[Problem]:
    """What keeps a page's blocks, joined, from being a script that runs by itself.

    What the page imports, beyond the standard library and what the project's settings
    name, it says in backticks in the prose before: that is all it may need.
    """
    page = checked.page
    for line, module in imports(page):
        if module in sys.stdlib_module_names or module in checked.config.needs:
            continue
        naming = re.compile(rf"`{re.escape(module)}(?:\.[\w.]+)?`")
        before = (region for region in page.regions if region.line < line)
        if not any(naming.search(region.text) for region in before):
            expected = f"a sentence before it that the page needs `{module}`"
            fix = f"name `{module}` in backticks, and where it comes from"
            found = "an import without it"
            yield checked.problem("standalone", line, expected, found, fix)
    blocks = [b.code for b in page.blocks if b.language == "python" and not b.raises]
    error = _syntax_error(as_file(page))
    if error and not any(map(_syntax_error, blocks)):  # else rule run says so
        line = getattr(error, "lineno", 1) or 1
        expected = "the page's blocks, joined, to be one script"
        fix = "write what is not Python as a string: compile('…', 'f', 'exec')"
        yield checked.problem("standalone", line, expected, str(error), fix)


def _syntax_error(code: str) -> Exception | None:
    try:
        compile(code, "page.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return error
    return None
