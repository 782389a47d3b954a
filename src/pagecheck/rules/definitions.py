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

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_KINDS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def check_definitions(checked: CheckedPage) -> Iterator[Check]:
    """The definitions on a page that are not those of the package, word for word.

    Docstrings, annotations and comments aside. What the package does not have, a page
    may define as it likes; of several in the package, any will do; a block that must
    fail shows on purpose what is wrong. Nothing is imported.
    """
    package = checked.config.definitions
    if package is None:
        return
    known = _known(package, tuple(_texts(package)))
    for block in checked.page.blocks:
        if block.language == "python" and block.raises is None:
            namesakes = [d for d in _definitions(block.code) if d.name in known]
            if namesakes:
                other = partial(_other, checked, known, block, namesakes)
                yield Check("definitions", block.line, 1, other)


def _other(
    checked: CheckedPage,
    known: dict[str, list[tuple[str, str]]],
    block: Block,
    definitions: list[Definition],
) -> Iterator[Problem]:
    for definition in definitions:
        twins, found = known[definition.name], _bare(definition)
        if found not in [code for _, code in twins]:
            where, code = twins[0]
            line = block.line + definition.lineno - 1
            fix = f"make it the {definition.name} of {where}, or name it otherwise"
            yield checked.problem("definitions", line, code, found, fix)


def _texts(package: Path) -> Iterator[tuple[Path, str]]:
    for file in sorted(package.rglob("*.py")):
        yield file, file.read_text(encoding="utf-8")


@lru_cache(maxsize=2)
def _known(
    package: Path, texts: tuple[tuple[Path, str], ...]
) -> dict[str, list[tuple[str, str]]]:
    """A package's functions and classes by name, each with its place and its code."""
    known: dict[str, list[tuple[str, str]]] = {}
    for file, text in texts:
        for each in _definitions(text):
            where = f"{file.relative_to(package.parent).as_posix()}:{each.lineno}"
            known.setdefault(each.name, []).append((where, _bare(each)))
    return known


def _definitions(code: str) -> Iterator[Definition]:
    """The functions and classes that code defines at its top level."""
    try:
        tree = parse_code(code)
    except (SyntaxError, ValueError):  # the run says so
        return
    yield from (node for node in tree.body if isinstance(node, _KINDS))


def _bare(definition: Definition) -> str:
    """A definition's code without docstrings, annotations and comments."""
    copy = parse_code(ast.unparse(definition)).body[0]
    return ast.unparse(_Stripped().visit(copy))


class _Stripped(ast.NodeTransformer):
    """Takes docstrings and annotations away."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Strip a function, and what it defines."""
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        """Strip a coroutine likewise."""
        return self._function(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Strip a class; its annotated names stay names that were annotated."""
        self._drop_docstring(node)
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign):
                statement.annotation = ast.Constant(...)
        node.body = [
            each if isinstance(each, ast.AnnAssign) else self.visit(each)
            for each in node.body
        ]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        """Make an annotated assignment a plain one; without a value it is nothing."""
        if node.value is None:
            return None
        return ast.copy_location(ast.Assign([node.target], node.value), node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        """Strip an argument."""
        node.annotation = None
        return node

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        self._drop_docstring(node)
        node.returns = None
        self.generic_visit(node)
        return node

    def _drop_docstring(self, node: Definition) -> None:
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
