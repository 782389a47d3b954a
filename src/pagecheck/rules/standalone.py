"""Rule 9: a page is a script that runs by itself and prints what the page shows."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from pagecheck.config import Config
from pagecheck.page import Page
from pagecheck.problem import Problem
from pagecheck.rules.outputs import same_text
from pagecheck.runs import FOLDER, environment
from pagecheck.script import ScriptRun, as_script, page_line, run_script

_MEND = "let the page need nothing but its own blocks and what it says it needs"

_runs: dict[str, ScriptRun] = {}
_locks: defaultdict[str, Lock] = defaultdict(Lock)


def check_standalone(
    page: Page, config: Config, number_tolerance: int = 0, keep: bool = True
) -> list[Problem]:
    """How a page's blocks, joined and run by a fresh interpreter, differ from the page.

    What the page imports, beyond the standard library and what the project's settings
    name, it says in backticks in the prose before: that is all it may need. Of the
    project's own packages, the others cannot be imported.

    Args:
        page: The page; its blocks run and print what it shows.
        config: The project's settings.
        number_tolerance: By how many units in the last digit a number may be off.
        keep: Whether a run of an earlier process will do, and this one is kept.
    """
    if problems := list(_unannounced(page, config)):
        return problems
    script = as_script(page)
    if not script:
        return []
    named = {module for _, module in _imports(page)}
    hidden = [package for package in config.own_packages if package not in named]
    needs_source = len(hidden) < len(config.own_packages)
    run = _run_once(script, hidden, needs_source, config, keep)
    expected = "the page's blocks, joined, to run by themselves"
    if run.error:
        line = page_line(page, run.line) if run.line else 1
        return [Problem("standalone", page.path, line, expected, run.error, _MEND)]
    lines = list(_shown_lines(page))
    shown = "".join(text for _, text in lines)
    if same_text(shown, run.printed, number_tolerance):
        return []
    line = _line_of_difference(lines, run.printed)
    return [Problem("standalone", page.path, line, shown, run.printed, _MEND)]


def _imports(page: Page) -> Iterator[tuple[int, str]]:
    """The modules that a page imports, without what is below them, with their lines."""
    for block in page.blocks:
        if block.language != "python":
            continue
        try:
            tree = ast.parse(block.code)
        except (SyntaxError, ValueError):  # the run says so
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names = [each.name for each in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            else:
                continue
            for name in names:
                yield block.line + node.lineno - 1, name.split(".")[0]


def _unannounced(page: Page, config: Config) -> Iterator[Problem]:
    """The imports of a page that it does not say it needs."""
    for line, module in _imports(page):
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


def _shown_lines(page: Page) -> Iterator[tuple[int, str]]:
    """The lines of the outputs that a page shows after Python blocks, in order."""
    for block in page.blocks:
        if block.language == "python" and block.output is not None:
            lines = block.output.text.splitlines(keepends=True)
            yield from enumerate(lines, block.output.line)


def _line_of_difference(shown: list[tuple[int, str]], printed: str) -> int:
    """The page's line of the first line shown that a script does not print."""
    lines = printed.splitlines(keepends=True)
    for (line, text), other in zip(shown, lines, strict=False):
        if text != other:
            return line
    if len(shown) > len(lines):
        return shown[len(lines)][0]
    return shown[-1][0] if shown else 1


def _run_once(
    script: str, hidden: list[str], needs_source: bool, config: Config, keep: bool
) -> ScriptRun:
    """Run a script, or find what it gave before: twins differ in comments only.

    A run that failed is not kept, so that the next one says where on its own page.
    """
    try:
        code = ast.dump(ast.parse(script))
    except (SyntaxError, ValueError):
        return run_script(script, hidden)  # which says what is wrong with it
    root = config.root if needs_source else None
    content = json.dumps([code, hidden, environment(root)])
    key = hashlib.sha256(content.encode()).hexdigest()
    file = config.root / FOLDER / f"script-{key}.json"
    keep = keep and not os.environ.get("CI")
    with _locks[key]:
        if key in _runs:
            return _runs[key]
        printed = _read(file) if keep else None
        if printed is not None:
            run = ScriptRun(printed)
        else:
            run = run_script(script, hidden, [root / "src"] if root else [])
            if run.error:
                return run
            if keep:
                _write(file, run.printed)
        _runs[key] = run
        return run


def _read(file: Path) -> str | None:
    try:
        return str(json.loads(file.read_text(encoding="utf-8"))["printed"])
    except (OSError, ValueError, KeyError, TypeError):  # absent, or cut short
        return None


def _write(file: Path, printed: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(f".{os.getpid()}")
    temporary.write_text(json.dumps({"printed": printed}), encoding="utf-8")
    temporary.replace(file)
