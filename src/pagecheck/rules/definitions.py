"""A function or class on a page is the one that the project's package has."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache, partial

from pagecheck.checked import Check, CheckedPage
from pagecheck.page import Block
from pagecheck.problem import Problem
from pagecheck.syntax import parse_code

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def check_definitions(checked: CheckedPage) -> Iterator[Check]:
    """The definitions on a page that are not those of the package, word for word.

    Docstrings, annotations and comments aside. What the package does not have, a page
    may define as it likes; of several in the package, any will do; a block that must
    fail shows on purpose what is wrong. Nothing is imported.
    """
    if (package := checked.config.definitions) is None:
        return
    known: dict[str, list[tuple[str, str]]] = {}
    for file in sorted(package.rglob("*.py")):
        for name, line, code in _definitions(file.read_text(encoding="utf-8")):
            where = f"{file.relative_to(package.parent).as_posix()}:{line}"
            known.setdefault(name, []).append((where, code))
    for block in checked.page.blocks:
        if block.language == "python" and block.raises is None:
            shown = [each for each in _definitions(block.code) if each[0] in known]
            if shown:
                other = partial(_other, checked, known, block, shown)
                yield Check("definitions", block.line, 1, other)


def _other(
    checked: CheckedPage,
    known: dict[str, list[tuple[str, str]]],
    block: Block,
    shown: list[tuple[str, int, str]],
) -> Iterator[Problem]:
    for name, line, found in shown:
        if found not in [code for _, code in known[name]]:
            where, code = known[name][0]
            fix = f"make it the {name} of {where}, or name it otherwise"
            line += block.line - 1
            yield checked.problem("definitions", line, code, found, fix)


@lru_cache(maxsize=256)
def _definitions(code: str) -> list[tuple[str, int, str]]:
    """The functions and classes at the top level of code: name, line, bare code."""
    try:
        tree = parse_code(code)
    except (SyntaxError, ValueError):  # the run says so
        return []
    return [
        (node.name, node.lineno, _bare(node))
        for node in tree.body
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef))
    ]


def _bare(definition: ast.AST) -> str:
    try:
        return ast.unparse(_Bare().visit(definition))
    except RecursionError:
        return "a definition nested too deeply to be compared"


class _Bare(ast.NodeTransformer):
    """Takes docstrings and annotations away, but for that a class's name has one."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Strip a part of a definition and what is in it."""
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:] or [ast.Pass()]
            for statement in node.body if isinstance(node, ast.ClassDef) else ():
                if isinstance(statement, ast.AnnAssign):
                    statement.annotation = ast.Constant(...)
        if isinstance(node, _FUNCTIONS):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
        return super().generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        """Make it a plain assignment in a function; without a value it is nothing."""
        if isinstance(node.annotation, ast.Constant) and node.annotation.value is ...:
            return node
        return node.value and ast.Assign([node.target], node.value, lineno=node.lineno)
