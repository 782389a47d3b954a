"""Runs kept between processes, each under a name that stands for all it depends on.

The name is a digest of the code and what is evaluated, the project's ``src`` and this
package, every installed version, the Python, the processor and the environment, which
is all that a page is given. A run that saw more (a file, the network, the clock) is
not kept; nor does a kept run count where a module that it had loaded has changed, or
before a second run has given the same, by which an output without a seed is found.
Nothing is kept in CI.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pagecheck.results import Run, from_json, to_json

FOLDER = Path(".cache") / "pagecheck"
# What is not asked for in so many seconds is thrown away.
_OLD = 14 * 24 * 3600.0
# What a page is not given: it differs from terminal to terminal, and changes nothing.
_NOT_GIVEN = frozenset(
    [
        *("PWD", "OLDPWD", "SHLVL", "_", "TERM", "COLORTERM", "COLUMNS", "LINES"),
        *("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "WINDOWID", "TMUX", "TMUX_PANE", "STY"),
        *("XDG_SESSION_ID", "INVOCATION_ID", "JOURNAL_STREAM", "OMP_WAIT_POLICY"),
    ]
)
_NOT_GIVEN_GROUPS = ("PYTEST_", "SSH_", "TERM_", "VSCODE_")


def environment() -> dict[str, str]:
    """The variables that a page is given: a run depends on no other."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in _NOT_GIVEN and not name.startswith(_NOT_GIVEN_GROUPS)
    }


def name_of(content: str, root: Path) -> str:
    """The name of a run: a digest of everything that its result depends on.

    Args:
        content: The code, and what is evaluated.
        root: The project whose ``src`` the run can import from.
    """
    whole = [content, _sources(root / "src"), _machine(), sorted(environment().items())]
    return _digest(json.dumps(whole))


def read(file: Path) -> tuple[Run | None, bool]:
    """A kept run, unless it is spoilt, and whether a second one gave the same."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        text = json.dumps(content["run"])
        if content["digest"] != _digest(text):
            return None, False
        run = from_json(content["run"])
        if content["states"] != _states(run.modules):
            return None, False
        with contextlib.suppress(OSError):
            os.utime(file)
        return run, bool(content["confirmed"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, False


def write(file: Path, run: Run, confirmed: bool) -> None:
    """Keep a run, and throw old ones away; where nothing can be written, nothing is."""
    text = json.dumps(to_json(run))
    content = {"digest": _digest(text), "run": json.loads(text)}
    content |= {"confirmed": confirmed, "states": _states(run.modules)}
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".", dir=file.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as temporary:
            json.dump(content, temporary)
        os.replace(name, file)  # noqa: PTH105 (atomic, on every platform)
        for each in file.parent.iterdir():
            if time.time() - each.stat().st_mtime > _OLD:
                each.unlink(missing_ok=True)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _states(files: Iterable[str]) -> str:
    """A digest of the size and the last change of each file."""
    return _digest("".join(map(_state, files)))


@cache
def _state(file: str) -> str:
    try:
        found = Path(file).stat()
    except OSError:
        return "absent "
    return f"{found.st_size} {found.st_mtime_ns} "


@cache
def _sources(folder: Path) -> str:
    """A digest of the project's sources, with their places, and of this package's."""
    digest = hashlib.sha256()
    for root in (folder, Path(__file__).parent):
        for file in _files(root):
            digest.update(f"{file.relative_to(root)}\0{file.stat().st_size}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    """All that a package has, its data too, and nothing that Python makes of it."""
    for file in sorted(folder.rglob("*")):
        made = file.suffix == ".pyc" or any(".egg-info" in each for each in file.parts)
        if file.is_file() and not made:
            yield file


@cache
def _machine() -> Mapping[str, Any]:
    """Python, all that is installed, and what decides which kernels compute."""
    folders = [Path(each) for each in sys.path if Path(each).is_dir()]
    names = {file.name for folder in folders for file in folder.iterdir()}
    affinity = getattr(os, "sched_getaffinity", lambda _: ())(0)
    processor = ""
    with contextlib.suppress(OSError):
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n\n")[0]
        of_kernels = ("model", "flags", "Features", "CPU", "vendor", "microcode")
        lines = [line for line in text.splitlines() if line.startswith(of_kernels)]
        processor = "\n".join(lines)
    user = os.getuid() if hasattr(os, "getuid") else 0
    return {
        "installed": sorted(name for name in names if name.endswith("-info")),
        "python": [sys.version, sys.executable, user],
        "machine": [*platform.uname(), os.cpu_count(), sorted(affinity), processor],
    }
