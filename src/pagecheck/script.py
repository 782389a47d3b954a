"""A page as a script: its Python blocks, joined, run by a fresh interpreter."""

from __future__ import annotations

import builtins
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import tokenize
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from pagecheck.page import Block, Page

# The longest that a script may take, in seconds.
SCRIPT_SECONDS = 180.0

_BETWEEN = "\n\n"
_SYNTAX_ERRORS = ("SyntaxError", "IndentationError", "TabError")
# Run by the fresh interpreter: hides packages, and shows a warning as a page does.
_RUNNER = """
import contextlib, json, runpy, sys, warnings

def show(message, category, *place, **rest):
    print(f"{category.__name__}: {message}")

script, hidden, path = json.loads(sys.argv[1])
sys.argv = [script]
sys.path[:0] = path
sys.modules.update(dict.fromkeys(hidden))
warnings.showwarning = show
with contextlib.redirect_stderr(sys.stdout):
    runpy.run_path(script, run_name="__main__")
"""


@dataclass(frozen=True)
class ScriptRun:
    """What running a script gave.

    Attributes:
        printed: All that it printed, warnings in their place.
        error: What it ended with, if it did not run to its end.
        line: The line of the script at which that happened; 0 where it is not known.
    """

    printed: str
    error: str = ""
    line: int = 0


def as_script(page: Page) -> str:
    """A page's Python blocks as one script that runs by itself.

    A block that must fail is wrapped in ``try``, and prints what the page shows.
    """
    return _BETWEEN.join(code for _, code in pieces(page))


def pieces(page: Page) -> Iterator[tuple[Block, str]]:
    """The Python blocks of a page, each with its code in a script."""
    blocks = [block for block in page.blocks if block.language == "python"]
    names = _names("\n".join(block.code for block in blocks))
    for block in blocks:
        yield block, block.code if block.raises is None else _caught(block, names)


def page_line(page: Page, line: int) -> int:
    """The line of a page that a line of its script comes from."""
    start = 1
    for block, code in pieces(page):
        length = code.count("\n")
        if line < start + length + _BETWEEN.count("\n"):
            inside = line - start - (block.raises is not None)
            return block.line + min(max(inside, 0), block.code.count("\n") - 1)
        start += length + _BETWEEN.count("\n")
    return 1


def run_script(
    script: str, hidden: Collection[str] = (), path: Collection[Path] = ()
) -> ScriptRun:
    """Run a script in a fresh interpreter, in an empty folder.

    Args:
        script: The script.
        hidden: The packages that it must not be able to import.
        path: The folders that it can import from, besides what is installed.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.py"
        file.write_text(script, encoding="utf-8")
        arguments = json.dumps([str(file), sorted(hidden), [str(p) for p in path]])
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-X", "utf8", "-c", _RUNNER, arguments],
                cwd=folder,
                env=os.environ | {"MPLBACKEND": "Agg"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=SCRIPT_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return ScriptRun("", f"it had not ended after {SCRIPT_SECONDS:g} seconds")
        if not done.returncode:
            return ScriptRun(done.stdout)
        place = re.compile(rf'File "{re.escape(str(file))}", line (\d+)')
        lines = place.findall(done.stderr)
        last = (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1]
        return ScriptRun(done.stdout, last, int(lines[-1]) if lines else 0)


def _names(code: str) -> set[str]:
    """The names that code uses, so that none of them is taken for another thing."""
    return set(re.findall(r"[^\W\d]\w*", code))


def _caught(block: Block, taken: Collection[str]) -> str:
    """A block that must fail, in a ``try`` that prints the error as the page shows it.

    Only the names of Python's own exceptions are sure to be known where it stands.
    """
    raises = str(block.raises)
    caught = raises if hasattr(builtins, raises) else "Exception"
    name = next(each for each in _free_names() if each not in taken)
    message = f"{name}.msg" if raises in _SYNTAX_ERRORS else name
    kind, rest = _shown_error(block, raises.split(".")[-1])
    if not rest:  # an error without a message
        return f'try:\n{_indented(block.code)}except {caught}:\n    print("{kind}")\n'
    # A message of several lines may end with empty ones, which no page shows.
    end = ".rstrip()" if "\n" in rest.rstrip() else ""
    return (
        f"try:\n{_indented(block.code)}except {caught} as {name}:\n"
        f'    print(f"{kind}: {{{message}}}"{end})\n'
    )


def _shown_error(block: Block, name: str) -> tuple[str, str]:
    """The full name of the error that a page shows, and what stands behind it."""
    output = block.output.text.rstrip() if block.output else ""
    shown = re.findall(rf"(?ms)^((?:\w+\.)*{name})(:.*)?\Z", output)
    return shown[0] if shown else (name, ":")


def _free_names() -> Iterator[str]:
    yield "error"
    number = 1
    while True:
        yield f"error_{number}"
        number += 1


def _indented(code: str) -> str:
    """Code one level deeper; the inside of a string of several lines stays as it is."""
    inside: set[int] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            inside.update(range(token.start[0] + 1, token.end[0] + 1))
    except (tokenize.TokenError, SyntaxError):
        pass  # the run says so
    lines = code.splitlines(keepends=True)
    return "".join(
        line if number in inside or not line.strip() else f"    {line}"
        for number, line in enumerate(lines, 1)
    )
