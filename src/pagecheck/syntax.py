"""Python code as a tree, one thread at a time."""

from __future__ import annotations

import ast
from threading import Lock

# CPython 3.11 counts the depth of a tree for all threads in one place, and two threads
# that parse at once end in a SystemError.
_lock = Lock()


def parse_code(code: str) -> ast.Module:
    """Parse Python code.

    Raises:
        SyntaxError: When it is none, or nested more deeply than Python can read.
    """
    with _lock:
        try:
            return ast.parse(code)
        except (RecursionError, MemoryError) as error:
            raise SyntaxError(str(error)) from error
