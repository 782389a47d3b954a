"""Run a page: once, in a fresh interpreter, as the script that it is.

`pagecheck.child` executes its code, evaluates what it binds and draws its figures;
`pagecheck.watch` looks after that process. Here both are started, and what they tell is
read when they have ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from pagecheck import run_cache, watch
from pagecheck.config import Config
from pagecheck.page import Page
from pagecheck.results import BlockResult, Drawn, Run, Value, evaluated
from pagecheck.script import as_file, imports, same_code

try:
    import fcntl
except ImportError:  # on Windows
    fcntl = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Limits:
    """What the process of a page may take."""

    seconds: float = 120  # of the processor's time, for a block and each expression
    patience: float = 5  # how many times as long by the clock
    start: float = 120  # added for the first block, which imports the heavy libraries
    memory: int = 4 << 30  # bytes that it may hold
    bytes: int = 1_000_000  # that it may print


LIMITS = Limits()

_WAKING = 2.0  # how often what watches a page is woken, in seconds

_ENDED = "the process of the page ended while it ran"
_LATE = "it prints after its last line, or when its numbers are evaluated"
_TOUCHED = "what its process tells cannot be read: the page has touched it"
_NO_BASH = (
    "bash blocks are not run here; where the project's pages may run commands in its "
    "folder, say run-bash = true in [tool.pagecheck]"
)
# A bash block in Python: in the project's folder, to the first command that fails.
_BASH = (
    "__import__('subprocess').run("
    "['bash', '-euo', 'pipefail', '-c', {!r}], cwd={!r}, check=True)"
)

_runs: dict[str, Run] = {}


def run_of(
    page: Page,
    twins: Sequence[Page],
    config: Config,
    keep: bool = True,
    again: bool = False,
) -> Run:
    """What running a page gives; twins of the same code share one run.

    Args:
        page: The page.
        twins: Its twins; those whose code is another are left out.
        config: The project's settings.
        keep: Whether a run of an earlier process will do, and this one is kept.
        again: Whether it is to be another run than the first of this process.
    """
    family = [page, *(twin for twin in twins if same_code(page, twin))]
    family.sort(key=lambda each: str(each.path))
    key = json.dumps([_job(family, config), again], sort_keys=True)
    if key not in _runs:
        run = partial(run_page, family[0], config, family[1:])
        modules = [module for _, module in imports(page)]
        code = "\n".join(block.code for block in page.blocks)
        cached = keep and not again and not os.environ.get("CI")
        cached &= run_cache.can_be_kept(code, modules, config.own_packages)
        _runs[key] = run_cache.kept(key, config.root, run) if cached else run()
    return _runs[key]


def run_page(page: Page, config: Config, twins: Sequence[Page] = ()) -> Run:
    """Run a page's blocks; evaluate what it binds and claims, and its formulas.

    What twins of the same code bind and claim is evaluated too.
    """
    job = _job([page, *twins], config)
    run = Run([BlockResult(not_reached=each.unchecked is None) for each in page.blocks])
    refused = [t["index"] for t in job["tasks"] if t["bash"] and not config.run_bash]
    for index in refused:
        run.blocks[index] = BlockResult(error="Refused", message=_NO_BASH)
    if job["tasks"] and not refused:
        _read(run, job, *_execute(page, job))
    for kind, *key in job["evaluated"]:
        missing = _failed(kind, "the block before it did not run to its end")
        getattr(run, kind).setdefault(tuple(key), missing)
    return run


def _failed(kind: str, why: str) -> list[str] | Value:
    """What stands in a run for something that could not be evaluated."""
    return [why] if kind == "formulas" else Value(error=why)


def _job(family: Sequence[Page], config: Config) -> dict[str, Any]:
    """What the child is to do, and all that its results depend on in the pages."""
    page, source = family[0], str(config.source or config.root / "src")
    imported = {module for _, module in imports(page)}
    packages = config.own_packages
    own = [each for each in packages if each in imported]
    found = dict.fromkeys(each for page in family for each in evaluated(page))
    keys = [[kind, *key] for kind, key in found]
    tasks = []
    for index, block in enumerate(page.blocks):
        if block.unchecked is None:
            code, bash = block.code, block.language == "bash"
            task: dict[str, Any] = {"index": index, "bash": bash}
            task["code"] = _BASH.format(code, str(config.root)) if bash else code
            task["raises"] = block.raises and block.raises.split(".")[-1]
            task["evaluate"] = [key for key in keys if key[1] == index]
            tasks.append(task)
    texts = config.figure_tables.items()
    return {
        "tasks": tasks,
        "evaluated": keys,
        "texts": {k: None if v is None else dict(v) for k, v in texts},
        "house": asdict(config.figures),
        "own": own,
        # A reader has none of the project's that the page does not import.
        "hidden": sorted({*packages} - {*own, "pagecheck"}),
        "path": [source] if own else [],
        "source": source,
        "ours": str(Path(__file__).parents[1]),
        "limits": asdict(LIMITS),
    }


def _read(run: Run, job: dict[str, Any], told: bytes, printed: bytes) -> None:
    """Take in what the process of a page has told and printed."""
    run.saw, why, left, end = "an end too early", _ENDED, "", 0
    reached: set[int] = set()
    try:
        for line in told.splitlines():
            each: dict[str, Any] = json.loads(line)
            match each:
                case {"block": index, "start": start, "end": end, **rest}:
                    run.blocks[index] = _block(rest, printed, start, end)
                    reached.add(index)
                case {"kind": kind, "key": key, "found": found}:
                    value = found if kind == "formulas" else Value(**found)
                    getattr(run, kind)[tuple(key)] = value
                case {"left": said}:
                    left = said
                case {"saw": saw}:
                    run.saw, why = saw, ""
                case {"stopped": stopped, "status": status}:
                    if late := printed[end:].decode(errors="replace").strip():
                        left = f"{_LATE}: {late!r:.200}"
                    if why:
                        last = late.rpartition("\n")[2][-200:]
                        why = stopped or f"{_ENDED} {status} {last}".rstrip()
                    elif status or stopped:
                        left = left or stopped or f"it ended with {status[1:-1]}"
                case _:
                    raise ValueError("a line of another kind")
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        why = _TOUCHED
    _tell_end(run, job["tasks"], reached, why or left)


def _block(told: dict[str, Any], printed: bytes, start: int, end: int) -> BlockResult:
    """A block's result from what JSON has of it."""
    if end > LIMITS.bytes:
        said = f"it printed more than {LIMITS.bytes:,} bytes"
        return BlockResult(error="Stopped", message=said)
    if len(printed) < end:
        raise ValueError("its output was cut short")
    drawn = (each.items() for each in told.pop("figures"))
    figures = tuple(
        {language: Drawn(**one) for language, one in each} for each in drawn
    )
    output = printed[start:end].decode(errors="surrogateescape")
    return BlockResult(output, figures=figures, **told)


def _tell_end(
    run: Run, tasks: Sequence[dict[str, Any]], reached: set[int], why: str
) -> None:
    """Say of the first thing that the page did not come to, or of its end, why."""
    for task in tasks:
        index = task["index"]
        if index not in reached:
            run.blocks[index] = BlockResult(error="Stopped", message=why or _TOUCHED)
            return
        if run.blocks[index].error not in (None, task["raises"]):
            return
        for kind, *key in task["evaluate"]:
            if tuple(key) not in getattr(run, kind):
                getattr(run, kind)[tuple(key)] = _failed(kind, why or _TOUCHED)
                return
    if why:
        last = replace(run.blocks[index], error="Stopped", message=why)
        run.blocks[index] = last


def _execute(page: Page, job: dict[str, Any]) -> tuple[bytes, bytes]:
    """Run a page's process: what it told and printed. Nothing of it is left behind."""
    _remove_left(tempfile.gettempdir())
    made = Path(tempfile.mkdtemp(prefix=".pagecheck-")).resolve()
    lock = _lock(made)  # before it has the name that others look for
    folder = made.rename(made.with_name(made.name[1:]))
    try:
        for name in ("work", "t"):
            (folder / name).mkdir()
        output, results = folder / "output", folder / "results"
        results.touch()
        file = as_file(page).encode(errors="surrogatepass")
        (folder / "page.py").write_bytes(file)
        lines = [block.line for block in page.blocks]
        content = json.dumps(job | {"folder": str(folder), "lines": lines})
        (folder / "job").write_text(content, encoding="utf-8")
        # Threads that wait sleep, and leave the processor to other pages.
        env = {**run_cache.environment(), "OMP_WAIT_POLICY": "PASSIVE"}
        env["MPLBACKEND"] = "Agg"
        if len(str(folder)) < 60:  # the address of a socket in it has some 100 letters
            env["TMPDIR"] = str(folder / "t")
        with output.open("a+b") as printed:
            process = subprocess.Popen(
                [*watch.PYTHON, watch.__file__, folder / "job"],
                cwd=folder / "work",
                env=env,
                stdin=subprocess.PIPE,
                stdout=printed,
                stderr=printed,
                start_new_session=True,
            )
            try:
                _wait(process)
            finally:  # whatever has happened, to it or to this process
                if process.stdin is not None:
                    process.stdin.close()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(10)
                with contextlib.suppress(OSError, AttributeError):
                    os.killpg(process.pid, signal.SIGKILL)
            printed.seek(0)  # not by its name: the page may have replaced it
            return _content(results), printed.read(LIMITS.bytes)
    finally:
        watch.remove(folder)
        if lock is not None:
            os.close(lock)


def _wait(process: subprocess.Popen[bytes]) -> None:
    """Wait for a page's process to end, even if the page has put it to sleep."""
    while process.poll() is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_WAKING)
            return
        with contextlib.suppress(OSError, AttributeError):
            process.send_signal(signal.SIGCONT)


def _lock(folder: Path) -> int | None:
    """Lock a folder until this process ends or closes it; None where another has."""
    with contextlib.suppress(OSError, AttributeError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor
    return None


@cache  # once is enough for a checker, however many pages it runs
def _remove_left(temporary: str) -> None:
    """Remove the folders of checkers that were killed with all that they had started.

    Those that are still used are locked.
    """
    for folder in Path(temporary).glob("pagecheck-*"):
        if (lock := _lock(folder)) is not None:
            watch.remove(folder)
            os.close(lock)


def _content(file: Path) -> bytes:
    """What a file holds; nothing where the page has put something else there."""
    with contextlib.suppress(OSError):
        if file.is_file():
            with file.open("rb") as content:
                return content.read()
    return b""
