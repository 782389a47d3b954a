"""A function or class on a page is the one that the project's package has."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from pagecheck.checked import CheckedPage
from pagecheck.problem import Problem
from pagecheck.script import parse_code

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def check_definitions(checked: CheckedPage) -> Iterator[Problem]:
    """The definitions on a page that are not those of the package, word for word.

    Docstrings, annotations and comments aside. What the package does not have, a page
    may define as it likes; of several in the package, any will do; a block that must
    fail shows on purpose what is wrong. Nothing is imported.
    """
    package = checked.config.definitions
    known = _known(package) if package is not None else {}
    for block in checked.page.blocks if known else ():
        if block.language != "python" or block.raises is not None:
            continue
        for name, line, found in _definitions(block.code):
            if name in known and found not in [code for _, code in known[name]]:
                where, code = known[name][0]
                fix = f"make it the {name} of {where}, or name it otherwise"
                line += block.line - 1
                yield checked.problem("definitions", line, code, found, fix)


def _known(package: Path) -> dict[str, list[tuple[str, str]]]:
    """Where each definition of a package stands, by its name, and its bare code."""
    known: dict[str, list[tuple[str, str]]] = {}
    for file in sorted(package.rglob("*.py")):
        for name, line, code in _definitions(file.read_text(encoding="utf-8")):
            where = f"{file.relative_to(package.parent).as_posix()}:{line}"
            known.setdefault(name, []).append((where, code))
    return known


@lru_cache(maxsize=4096)
def _definitions(code: str) -> list[tuple[str, int, str]]:
    """The functions and classes at the top level of code: name, line, bare code."""
    if "def" not in code and "class" not in code:  # most blocks: no tree is made
        return []
    try:
        tree = parse_code(code)
    except (SyntaxError, ValueError):  # the run says so
        return []
    nodes = [*ast.walk(tree)]
    functions = [node for node in nodes if isinstance(node, _FUNCTIONS)]
    in_functions = {each for node in functions for each in ast.walk(node)}
    for node in nodes:
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:] or [ast.Pass()]
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.AnnAssign):  # a class's field has one, whatever it is
            node.annotation = ast.Name("_" if node in in_functions else "...")
    for function in functions:
        function.returns = None
    return [
        (node.name, node.lineno, ast.unparse(node).replace(": _ =", " ="))
        for node in tree.body
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef))
    ]
