"""A page as a script: its Python blocks, joined; their code as trees and tokens."""

from __future__ import annotations

import ast
import builtins
import contextlib
import io
import itertools
import re
import tokenize
from collections.abc import Collection, Hashable, Iterable, Iterator
from threading import Lock

from pagecheck.page import Block, Page

# CPython 3.11 counts the depth of a tree for all threads in one place, and two threads
# that parse at once end in a SystemError.
_lock = Lock()

_SYNTAX_ERRORS = ("SyntaxError", "IndentationError", "TabError")


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


def pieces(page: Page) -> Iterator[tuple[Block, str]]:
    """The Python blocks of a page, each with its code in a script.

    A block that must fail is wrapped in ``try``, and prints what the page shows.
    """
    blocks = [block for block in page.blocks if block.language == "python"]
    names = set(re.findall(r"[^\W\d]\w*", "\n".join(block.code for block in blocks)))
    for block in blocks:
        yield block, block.code if block.raises is None else _caught(block, names)


def as_file(page: Page) -> str:
    """A page as a Python file, each of its blocks at the page's own lines.

    It is what tracebacks quote, and what a process imports that the page spawns. The
    ``try`` around a block that must fail is on the line of its fence.
    """
    lines: list[str] = []
    for block, code in pieces(page):
        first = block.line - (block.raises is not None)
        lines += [""] * (first - 1 - len(lines)) + code.rstrip("\n").split("\n")
    return "\n".join(lines) + "\n"


def shown_error(block: Block) -> tuple[str, str]:
    """The full name of the error that a block ends with, and what is shown behind it.

    That is its message behind a colon, or nothing where an error has no message.
    """
    name = str(block.raises).split(".")[-1]
    output = block.output.text.rstrip() if block.output else ""
    shown = re.findall(rf"(?ms)^((?:\w+\.)*{name})(:.*)?\Z", output)
    return shown[0] if shown else (name, ":")


def imports(page: Page) -> Iterator[tuple[int, str]]:
    """The modules that a page imports, without what is below them, with their lines."""
    for block in page.blocks:
        nodes: Iterable[ast.AST] = ()
        if block.language == "python":
            with contextlib.suppress(SyntaxError, ValueError):  # running it says so
                nodes = ast.walk(parse_code(block.code))
        for node in nodes:
            match node:
                case ast.Import(names):
                    modules = [each.name for each in names]
                case ast.ImportFrom(str(module), level=0):
                    modules = [module]
                case _:
                    continue
            for module in modules:
                yield block.line + node.lineno - 1, module.split(".")[0]


def _caught(block: Block, taken: Collection[str]) -> str:
    """A block that must fail, in a ``try`` that prints the error as the page shows it.

    Only the names of Python's own exceptions are sure to be known where it stands.
    """
    raises = str(block.raises)
    caught = raises if hasattr(builtins, raises) else "Exception"
    kind, rest = shown_error(block)
    said = f'"{kind}"'
    if rest:
        free = (f"error_{n}" if n else "error" for n in itertools.count())
        name = next(each for each in free if each not in taken)
        caught += f" as {name}"
        message = f"{name}.msg" if raises in _SYNTAX_ERRORS else name
        # A message of several lines may end with empty ones, which no page shows.
        end = ".rstrip()" if "\n" in rest.rstrip() else ""
        said = f'f"{kind}: {{{message}}}"{end}'
    return f"try:\n{_indented(block.code)}except {caught}:\n    print({said})\n"


def _indented(code: str) -> str:
    """Code one level deeper; the inside of a string of several lines stays as it is."""
    inside = {n for each in tokens(code) for n in range(each.start[0], each.end[0])}
    return "".join(
        line if number in inside or not line.strip() else f"    {line}"
        for number, line in enumerate(code.splitlines(keepends=True))
    )


def tokens(code: str) -> list[tokenize.TokenInfo]:
    """The tokens of code; none where it is no Python, which running it says."""
    with contextlib.suppress(tokenize.TokenError, SyntaxError):
        return [*tokenize.generate_tokens(io.StringIO(code).readline)]
    return []


def same_code(page: Page, twin: Page) -> bool:
    """Whether two pages run the same code, comments aside, to the same ends."""
    return [*map(tokens_of, page.blocks)] == [*map(tokens_of, twin.blocks)]


def tokens_of(block: Block) -> Hashable:
    """What the twin of a block shares: its tokens, and the numbers of its comments."""
    code: Hashable = block.code
    if block.language == "python" and (found := tokens(block.code)):
        comments = "".join(t.string for t in found if t.type == tokenize.COMMENT)
        others = (t for t in found if t.type not in (tokenize.COMMENT, tokenize.NL))
        code = *(t[:2] for t in others), *sorted(re.findall(r"\d+", comments))
    return block.language, code, block.raises, block.unchecked is None
