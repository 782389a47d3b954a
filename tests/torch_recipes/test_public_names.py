"""The package holds what the pages teach, and nothing besides."""

import ast
import importlib
import re
from functools import cache
from pathlib import Path

import pytest

import torch_recipes

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    path.stem
    for path in Path(torch_recipes.__file__).parent.glob("*.py")
    if path.stem != "__init__"
)
FENCE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@cache
def taught() -> set[str]:
    """What pages define, and what they and the explorers' tests take from the package.

    Names in backticks count too, on a line that links to the API.
    """
    pages = [path.read_text("utf-8") for path in (ROOT / "docs/en").rglob("*.md")]
    codes = [code for page in pages for code in FENCE.findall(page)]
    codes.append((ROOT / "tests/site/test_explorers.py").read_text("utf-8"))
    found = set()
    for code in codes:
        try:
            tree = ast.parse(code)
        except SyntaxError:  # a block that shows one
            continue
        for node in ast.walk(tree):
            match node:
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    found.add(name)
                case ast.Name(id=name, ctx=ast.Store()) if name.isupper():
                    found.add(name)
                case ast.ImportFrom(module=module, names=names):
                    if (module or "").startswith("torch_recipes"):
                        found.update(alias.name for alias in names)
                case ast.Attribute(value=ast.Name(id=module), attr=name):
                    if module in MODULES:
                        found.add(name)
    for line in "\n".join(pages).splitlines():
        if "reference/api" in line:
            found.update(re.findall(r"`(\w+)`", line))
    return found


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_is_shown_imported_or_compared(module: str):
    package = importlib.import_module(f"torch_recipes.{module}")
    public = set(package.__all__)
    # A type may stand in the signature of a function that is taught.
    signatures = [
        str(annotation)
        for name in public & taught()
        for annotation in getattr(
            getattr(package, name), "__annotations__", {}
        ).values()
    ]
    types = set(re.findall(r"\w+", " ".join(signatures)))
    assert public <= taught() | types, "teach them on a page, or delete them"
