"""Run a page: once, in a fresh interpreter, as the script that it is.

Its process evaluates what the page binds and draws its figures as well
(`pagecheck.child`); here it is started, watched, and ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO

import psutil

from pagecheck import child, run_cache
from pagecheck.config import Config
from pagecheck.page import Block, Page
from pagecheck.results import KINDS, BlockResult, FigureTexts, Run, failed, to_result
from pagecheck.script import imports, same_code
from pagecheck.time_limit import BLOCK_SECONDS, TimeLimit

# What is added for the first block, which imports the heavy libraries.
START_SECONDS = 120.0
# The most that a page's process may take to end after its last block, in seconds.
END_SECONDS = 3.0
# The most that a block may print.
MOST_BYTES, MOST_LINES = 1_000_000, 20_000
# How often it is looked for a result, and whether a limit has been reached, in seconds.
_PAUSE, _STEP = 0.01, 0.1

# The longest name of a folder in which processes can still meet: that of a socket in it
# may have some hundred characters.
_LONGEST_FOLDER = 60

_STOPPED = "Stopped"
_ENDED = "the process of the page ended while it ran"
_NO_BASH = (
    "bash blocks are not run here; where the project's pages may run commands in its "
    "folder, say run-bash = true in [tool.pagecheck]"
)

_runs: dict[str, Future[Run]] = {}
_live: set[subprocess.Popen[bytes]] = set()
_lock = Lock()


def run_of(
    page: Page,
    twins: Sequence[Page],
    config: Config,
    keep: bool = True,
    languages: Collection[str] | None = None,
    again: bool = False,
) -> Run:
    """What running a page gives; twins of the same code share one run.

    Args:
        page: The page.
        twins: Its twins; those whose code is another are left out.
        config: The project's settings.
        keep: Whether a run of an earlier process will do, and this one is kept.
        languages: The languages that figures are drawn in; by default every one.
        again: Whether it is to be another run than the first of this process.
    """
    tables = config.figure_tables.items()
    texts = {k: table for k, table in tables if languages is None or k in languages}
    family = [page, *(twin for twin in twins if same_code(page, twin))]
    family.sort(key=lambda each: str(each.path))
    key = json.dumps([_job(family, config, texts), again], sort_keys=True)
    with _lock:
        run = _runs.get(key)
        mine = run is None
        if run is None:
            run = _runs[key] = Future()
    if mine:
        try:
            if keep and not again and not os.environ.get("CI"):
                run.set_result(_read_or_run(key, family, config, texts))
            else:
                run.set_result(run_page(family[0], config, family[1:], texts))
        except BaseException as error:
            run.set_exception(error)
            with _lock:
                del _runs[key]
            raise
    return run.result()


def _read_or_run(
    key: str, family: Sequence[Page], config: Config, texts: FigureTexts
) -> Run:
    """A run that an earlier process has kept, or a new one, which is kept."""
    name = run_cache.name_of(key, config.root)
    file = config.root / run_cache.FOLDER / f"{name}.json"
    kept, confirmed = run_cache.read(file)
    if kept is not None and confirmed:
        return kept
    run = run_page(family[0], config, family[1:], texts)
    if not run.saw:
        run_cache.write(file, run, confirmed=run == kept)
    return run


def run_page(
    page: Page,
    config: Config,
    twins: Sequence[Page] = (),
    texts: FigureTexts | None = None,
    stop: Callable[[Block, BlockResult], bool] | None = None,
) -> Run:
    """Run a page's blocks; evaluate what it binds and claims, and its formulas.

    Args:
        page: The page to run.
        config: The project's settings.
        twins: Pages of the same code; what they bind is evaluated too.
        texts: What the texts of figures are called, in each language that they are
            drawn in; by default in every one.
        stop: Whether what a block did is reason enough to run none after it.
    """
    begun = time.monotonic()
    family, run = [page, *twins], Run()
    job = _job(family, config, config.figure_tables if texts is None else texts)
    if not config.run_bash and any(t["language"] == "bash" for t in job["tasks"]):
        run.blocks = [
            BlockResult(error="Refused", message=_NO_BASH)
            if block.language == "bash" and block.unchecked is None
            else BlockResult(not_reached=True)
            for block in page.blocks
        ]
    elif job["tasks"]:
        with _started(page, job) as process:
            try:
                _take_in(process, page, job, run, stop)
            except (ValueError, KeyError, TypeError, AttributeError):
                said = "what its process tells cannot be read: the page has touched it"
                stopped = BlockResult(error=_STOPPED, message=said)
                run.blocks = [*run.blocks[: len(page.blocks) - 1], stopped]
                missed = len(page.blocks) - len(run.blocks)
                run.blocks += [BlockResult(not_reached=True)] * missed
    else:
        run.blocks = [BlockResult() for _ in page.blocks]
    missing = "the block before it did not run to its end"
    for kind in ("values", "claims"):
        for key in _keys(kind, family):
            getattr(run, kind).setdefault(key, failed(kind, missing))
    run.seconds = time.monotonic() - begun
    return run


def _keys(kind: str, family: Sequence[Page]) -> list[Any]:
    """What pages have evaluated of a kind, each once."""
    return list(dict.fromkeys(key for page in family for key in KINDS[kind].keys(page)))


def _job(family: Sequence[Page], config: Config, texts: FigureTexts) -> dict[str, Any]:
    """What the child is to do, and all that its results depend on in the pages."""
    page = family[0]
    imported = {module for _, module in imports(page)}
    own = [each for each in config.own_packages if each in imported]
    keys = [(kind, key) for kind in KINDS for key in _keys(kind, family)]
    tasks = [
        {
            "index": index,
            "language": block.language,
            "code": block.code,
            "raises": block.raises,
            "evaluate": [[kind, *key[1:]] for kind, key in keys if key[0] == index],
        }
        for index, block in enumerate(page.blocks)
        if block.unchecked is None
    ]
    return {
        "tasks": tasks,
        "blocks": len(page.blocks),
        "texts": {k: None if v is None else dict(v) for k, v in texts.items()},
        "house": asdict(config.figures),
        "own": own,
        "hidden": sorted({*config.own_packages, "pagecheck"} - imported),
        "path": [str(config.source)] if own else [],
        "root": str(config.root),
        "seconds": BLOCK_SECONDS,
    }


def _take_in(
    process: _PageProcess,
    page: Page,
    job: dict[str, Any],
    run: Run,
    stop: Callable[[Block, BlockResult], bool] | None,
) -> None:
    """Take in what the process of a page gives, until it ends or has to be ended.

    What is evaluated comes one by one, so that what did not end is known.
    """
    alive, seconds = True, BLOCK_SECONDS + START_SECONDS
    tasks = iter(job["tasks"])
    for index, block in enumerate(page.blocks):
        if block.unchecked is not None or not alive:
            run.blocks.append(BlockResult(not_reached=block.unchecked is None))
            continue
        result, seconds = process.block(seconds), BLOCK_SECONDS
        run.blocks.append(result)
        alive = result.error != _STOPPED
        for kind, *key in next(tasks)["evaluate"] if alive else ():
            found = process.receive(BLOCK_SECONDS)
            if isinstance(found, str):
                alive, found = False, KINDS[kind].failure(found)
            getattr(run, kind)[index, *key] = KINDS[kind].read(found)
            if not alive:
                break
        expected = block.raises is not None and block.raises.split(".")[-1]
        if result.error not in (None, expected) or (stop and stop(block, result)):
            alive = False
    if alive:
        last = job["tasks"][-1]["index"]
        run.saw, run.modules, left = process.end()
        run.blocks[last] = replace(run.blocks[last], left=run.blocks[last].left or left)


# -- the page's process ----------------------------------------------------------------


@contextlib.contextmanager
def _started(page: Page, job: dict[str, Any]) -> Iterator[_PageProcess]:
    """Start the process of a page; in the end nothing of it is left behind."""
    _remove_stale()
    folder = Path(tempfile.mkdtemp(prefix=f"pagecheck-{os.getpid()}-")).resolve()
    try:
        work, temporary, file = folder / "work", folder / "t", folder / "page.py"
        output, results = folder / "output", folder / "results"
        for place in (work, temporary):
            place.mkdir()
        for place in (output, results):
            place.touch()
        file.write_text(_file_of(page), encoding="utf-8", errors="surrogatepass")
        job = job | {"folder": str(folder), "file": str(file), "output": str(output)}
        job |= {"results": str(results), "lines": [b.line for b in page.blocks]}
        job |= {"ours": str(Path(child.__file__).parents[1])}
        (folder / "job").write_text(json.dumps(job), encoding="utf-8")
        # Threads that wait sleep, and leave the processor to other pages.
        env = {**run_cache.environment(), "OMP_WAIT_POLICY": "PASSIVE"}
        env["MPLBACKEND"] = "Agg"
        if len(str(temporary)) < _LONGEST_FOLDER:
            env["TMPDIR"] = str(temporary)
        with output.open("ab") as printing:
            process = subprocess.Popen(
                [*_PYTHON, child.__file__, folder / "job"],
                cwd=work,
                env=env,
                stdin=subprocess.PIPE,
                stdout=printing,
                stderr=printing,
                start_new_session=True,
            )
        _live.add(process)
        try:
            with output.open("rb") as printed, results.open("rb") as told:
                yield _PageProcess(process, printed, told)
        finally:
            _end(process)
            _live.discard(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_PYTHON = (sys.executable, "-I", "-B", "-X", "utf8")


def end_runs() -> None:
    """Let each page that runs in another thread end now, as if it had ended itself."""
    for process in list(_live):
        _close(process)


def _close(process: subprocess.Popen[bytes]) -> None:
    """Say to the process that looks after a page's that no more is wanted."""
    if process.stdin is not None:
        process.stdin.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a page's process, with all that it has started."""
    _close(process)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(10 if hasattr(os, "fork") else 0)
    with contextlib.suppress(OSError, AttributeError):  # if the page had killed it
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


@cache
def _remove_stale() -> None:
    """Remove the folders that a checker has left that was killed with all its own."""
    for folder in Path(tempfile.gettempdir()).glob("pagecheck-*-*"):
        process = folder.name.split("-")[1]
        with contextlib.suppress(OSError):
            old = time.time() - folder.stat().st_mtime > 3600
            if old and process.isdigit() and not psutil.pid_exists(int(process)):
                shutil.rmtree(folder, ignore_errors=True)


def _file_of(page: Page) -> str:
    """The page as the file that its code is of: each block at the page's own lines.

    It is what tracebacks quote, and what a process imports that the page spawns. A
    block that must fail is in a ``try``, on the lines of its fences.
    """
    lines: list[str] = []
    for block in page.blocks:
        if block.language != "python":
            continue
        code = block.code.rstrip("\n").split("\n")
        lines += [""] * (block.line - 2 - len(lines))
        if block.raises is None:
            lines += ["", *code, ""]
        else:
            inside = [f"    {line}" for line in code]
            lines += ["try:", *inside, "except BaseException: pass"]
    return "\n".join(lines) + "\n"


class _PageProcess:
    """The process that runs a page, and what it has told and printed."""

    def __init__(
        self, process: subprocess.Popen[bytes], output: BinaryIO, results: BinaryIO
    ) -> None:
        self._process, self._output, self._results = process, output, results
        self._page = process.pid
        self._printed, self._forked, self._status = 0, False, 0

    def block(self, seconds: float) -> BlockResult:
        """What the next block did."""
        found = self.receive(seconds)
        if isinstance(found, str):
            return BlockResult(error=_STOPPED, message=found)
        start, self._printed = found.pop("start"), found.pop("end")
        length = self._printed - start
        self._output.seek(start)
        printed = self._output.read(min(max(0, length), MOST_BYTES))
        lines, said = printed.count(b"\n"), ""
        if length > MOST_BYTES:
            said = f"it printed more than {MOST_BYTES:,} bytes"
        elif len(printed) != length:
            said = "its output was cut short; let it be, once it is printed"
        elif lines > MOST_LINES:
            said = f"it printed {lines:,} lines, more than {MOST_LINES:,}"
        if said:
            return BlockResult(error=_STOPPED, message=said)
        forked = "a fork of its process that goes on; end it with os._exit(0)"
        left, self._forked = forked if self._forked else "", False
        output = printed.decode(errors="surrogateescape")
        return to_result({**found, "output": output, "left": left})

    def end(self) -> tuple[str, list[str], str]:
        """What the page saw, the files of its modules, and what it has left behind."""
        found = self.receive(BLOCK_SECONDS)
        if isinstance(found, str):
            return "", [], found
        left = ""
        if not str(self.receive(END_SECONDS)).startswith(_ENDED):
            left = "what it has started did not end after its last line"
        self._output.seek(self._printed)
        if rest := self._output.read(1000).decode(errors="replace"):
            left = "it prints after its last line, or when its numbers are evaluated"
            left += f": {rest!r:.200}"
        elif self._status and not left:
            left = f"it ended with status {self._status} after its last line"
        return found["saw"], found["files"], left

    def receive(self, seconds: float) -> dict[str, Any] | str:
        """The next result, or a sentence that says why there is none."""
        limit, looked = TimeLimit(self._page, seconds), time.monotonic()
        there = True
        while True:
            gone = self._process.poll() is not None
            line = self._results.readline()
            if line.endswith(b"\n"):
                found: dict[str, Any] = json.loads(line)
                if "process" in found:
                    self._page = found["process"]
                    limit = TimeLimit(self._page, seconds)
                elif "ended" in found:
                    self._status = found["ended"]
                    by = -self._status
                    return _ENDED + (f" ({signal.Signals(by).name})" if by > 0 else "")
                elif "forked" in found:
                    self._forked = True
                else:
                    return found
                continue
            self._results.seek(-len(line), os.SEEK_CUR)
            if gone:
                return _ENDED
            if time.monotonic() - looked >= _STEP:
                looked = time.monotonic()
                there, was_there = psutil.pid_exists(self._page), there
                if not there and not was_there:  # and nothing has told of it since
                    return _ENDED
                if exceeded := limit.exceeded():
                    return exceeded
                size = os.fstat(self._output.fileno()).st_size
                if size - self._printed > MOST_BYTES:
                    return f"it printed more than {MOST_BYTES:,} bytes"
            time.sleep(_PAUSE)
