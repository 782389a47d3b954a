"""Runs kept between processes, one for each page, while all that they depend on stays.

For that stands a digest of the code and what is evaluated, the project's sources and
this package, every installed version, the Python, the machine and the environment,
which is all that a page is given. A page that may see more (a file, the network, the
clock), by what it imports and names, is not kept. That a page sets no seed is found by
recording, which runs it anew. Nothing is kept in CI.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pickle
import platform
import re
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import cast

from pagecheck.page import Page
from pagecheck.results import Run

FOLDER = Path(".cache") / "pagecheck"
# What a page is not given: it differs from terminal to terminal, and changes nothing.
_NOT_GIVEN = re.compile(
    "OLDPWD|PWD|SHLVL|_$|COLORTERM|COLUMNS|LINES|MAKE|MFLAGS|STY$|WINDOWID|XDG_SESSION"
    "|INVOCATION_ID|JOURNAL_STREAM|OMP_WAIT_POLICY|TERM|TMUX|PYTEST_|SSH_|VSCODE_"
)
# What a page may import and still be kept.
_PURE = """__future__ abc ast bisect cmath collections contextlib copy dataclasses
decimal difflib enum fractions functools heapq inspect itertools json math matplotlib
numbers numpy operator pprint random re statistics string struct textwrap torch
traceback types typing unicodedata warnings"""
# What in code with these sees more: a file, the clock, another module or process. A
# name right after a backtick is no code.
_OUTSIDE = re.compile(
    r"__(?:import|builtins)__"
    r"|(?<!`torch)\.(?:os|sys|io|time|datetime|hub|jit|profiler|benchmark)\b"
    r"|\b(?:open|fdopen|load|loadtxt|genfromtxt|fromfile|from_file|fromregex|memmap"
    r"|open_memmap|DataSource|FileIO|imread|get_sample_data|get_data|datetime64"
    r"|ctypeslib|cpp_extension|multiprocessing|DataLoader)\b"
)


def can_be_kept(code: object, modules: Iterable[str], own: Iterable[str]) -> bool:
    """Whether a page can see nothing outside of its own.

    Args:
        code: All of the page's code, and what is evaluated.
        modules: What it imports.
        own: The project's own packages, whose sources the digest stands for.
    """
    return {*modules} <= {*_PURE.split(), *own} and not _OUTSIDE.search(str(code))


def environment() -> dict[str, str]:
    """The variables that a page is given: a run depends on no other."""
    given = os.environ.items()
    return {name: value for name, value in given if not _NOT_GIVEN.match(name)}


def kept(
    page: Page, content: str, root: Path, run: Callable[[], Run], keep: bool = True
) -> Run:
    """The run of a page that an earlier process has kept, or a new one, which is kept.

    Args:
        page: The page.
        content: Its code, and what is evaluated.
        root: The project whose sources the run can import from.
        run: Runs the page.
        keep: Whether one that is kept will do.
    """
    whole = [content, _sources(root / "src"), _machine(), sorted(environment().items())]
    digest = hashlib.sha256(json.dumps(whole).encode()).hexdigest()
    name = page.path.as_posix().replace("/", "-")
    file = root / FOLDER / f"{name}.pickle"
    # There is none, or it is spoilt. A pickle that code of a page has put there can do
    # what that code could.
    with contextlib.suppress(Exception):
        of, before = pickle.loads(file.read_bytes())
        if keep and of == digest:
            return cast("Run", before)
    now = run()
    with contextlib.suppress(OSError):
        if now.ended:
            file.parent.mkdir(parents=True, exist_ok=True)
            temporary = file.with_suffix(f".{os.getpid()}")
            temporary.write_bytes(pickle.dumps((digest, now)))
            temporary.replace(file)
    return now


@cache
def _sources(folder: Path) -> str:
    """A digest of the project's sources, with their places, and of this package's."""
    digest = hashlib.sha256()
    for root in (folder, Path(__file__).parent):
        for file in sorted(root.rglob("*")):
            made = file.suffix == ".pyc" or ".egg-info" in str(file)
            if file.is_file() and not made:
                digest.update(f"{file.relative_to(root)}\0".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


@cache
def _machine() -> list[object]:
    """Python, all that is installed, the machine, and how many threads compute."""
    folders = [Path(each) for each in sys.path if Path(each).is_dir()]
    names = {file.name for folder in folders for file in folder.iterdir()}
    installed = sorted(name for name in names if name.endswith("-info"))
    affinity = getattr(os, "sched_getaffinity", lambda _: ())(0)
    python = [sys.version, sys.executable]
    return [installed, python, *platform.uname(), sorted(affinity)]
