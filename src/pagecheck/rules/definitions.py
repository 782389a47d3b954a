"""A function or class on a page is the one that the project's package has."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache, partial
from pathlib import Path

from pagecheck.checked import Check, CheckedPage
from pagecheck.page import Block
from pagecheck.problem import Problem
from pagecheck.syntax import parse_code

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_Known = dict[str, list[tuple[str, str]]]  # by name: where each stands, its bare code


def check_definitions(checked: CheckedPage) -> Iterator[Check]:
    """The definitions on a page that are not those of the package, word for word.

    Docstrings, annotations and comments aside. What the package does
    not have, a page may define as it likes; of several in the package, any will do; a
    block that must fail shows on purpose what is wrong. Nothing is imported.
    """
    if checked.config.definitions is not None:
        known = _known(checked.config.definitions)
        for block in checked.page.blocks:
            shown = _definitions(block.code) if block.language == "python" else []
            if block.raises is None and any(name in known for name, *_ in shown):
                other = partial(_other, checked, known, block)
                yield Check("definitions", block.line, 1, other)


def _other(checked: CheckedPage, known: _Known, block: Block) -> Iterator[Problem]:
    for name, line, found in _definitions(block.code):
        if name in known and found not in [code for _, code in known[name]]:
            where, code = known[name][0]
            fix = f"make it the {name} of {where}, or name it otherwise"
            line += block.line - 1
            yield checked.problem("definitions", line, code, found, fix)


def _known(package: Path) -> _Known:
    known: _Known = {}
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
        (node.name, node.lineno, _unparsed(node))
        for node in tree.body
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef))
    ]


def _unparsed(definition: ast.AST) -> str:
    try:
        return ast.unparse(definition).replace(": _ =", " =")
    except RecursionError:
        return "a definition nested too deeply to be compared"
