"""Run a page: once, in a fresh interpreter, as the script that it is.

Its process evaluates what the page binds and draws its figures as well
(`pagecheck.child`); here it is started, watched, and ended.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO, TypeVar

import psutil

from pagecheck import child, run_cache
from pagecheck.config import Config
from pagecheck.page import Block, Page
from pagecheck.results import (
    BlockResult,
    FigureTexts,
    Run,
    Truth,
    Value,
    claim_keys,
    formula_keys,
    to_result,
    value_keys,
)
from pagecheck.rules.twins import same_code
from pagecheck.script import imports
from pagecheck.time_limit import BLOCK_SECONDS, TimeLimit

# What is added for the first block, which imports the heavy libraries.
START_SECONDS = 120.0
# The most that a page's process may take to end after its last block, in seconds.
END_SECONDS = 3.0
# The most that a block may print.
MOST_BYTES, MOST_LINES = 1_000_000, 20_000
# How often it is looked for a result, and whether a limit has been reached, in seconds.
_PAUSE, _STEP = 0.01, 0.1

_STOPPED = "Stopped"
_NO_BASH = (
    "bash blocks are not run here; where the project's pages may run commands in its "
    "folder, say run-bash = true in [tool.pagecheck]"
)
_ENDED = "the process of the page ended while it ran"

_Key = TypeVar("_Key")
_runs: dict[str, Future[Run]] = {}
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
        again: Whether a second run of this process is asked for.
    """
    texts = {
        language: table
        for language, table in config.figure_tables.items()
        if languages is None or language in languages
    }
    family = [page, *(twin for twin in twins if same_code(page, twin))]
    family.sort(key=lambda each: str(each.path))
    content = _job(family, config, texts)
    text = json.dumps([content, str(config.root), again], sort_keys=True)
    key = hashlib.sha256(text.encode()).hexdigest()
    with _lock:
        run = _runs.get(key)
        mine = run is None
        if run is None:
            run = _runs[key] = Future()
    if mine:
        keep = keep and not again and not os.environ.get("CI")
        try:
            run.set_result(_run_or_read(family, config, texts, content, keep))
        except BaseException as error:
            run.set_exception(error)
            with _lock:
                del _runs[key]
            raise
    return run.result()


def _run_or_read(
    family: Sequence[Page],
    config: Config,
    texts: FigureTexts,
    content: dict[str, Any],
    keep: bool,
) -> Run:
    if not keep:
        return run_page(family[0], config, family[1:], texts)
    name = run_cache.name_of(content, config.root)
    file = config.root / run_cache.FOLDER / f"{name}.json"
    kept, confirmed = run_cache.read(file)
    if kept is not None and confirmed:
        return kept
    run = run_page(family[0], config, family[1:], texts)
    if not run.saw:
        run_cache.write(file, run, run.modules, confirmed=run == kept)
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
    family = [page, *twins]
    run = Run()
    values, claims, formulas = _evaluated(family)
    job = _job(family, config, config.figure_tables if texts is None else texts)
    if not config.run_bash and any(t["language"] == "bash" for t in job["tasks"]):
        run.blocks = [
            BlockResult(error="Refused", message=_NO_BASH)
            if block.language == "bash" and block.not_run is None
            else BlockResult(not_reached=True)
            for block in page.blocks
        ]
    elif job["tasks"]:
        with _started(page, job) as process:
            _take_in(process, page, run, (values, claims, formulas), stop)
    else:
        run.blocks = [BlockResult() for _ in page.blocks]
    missing = "the block before it did not run to its end"
    for key in values:
        run.values.setdefault(key, Value(None, missing))
    for key in claims:
        run.claims.setdefault(key, Truth(False, missing))
    run.seconds = time.monotonic() - begun
    return run


def _evaluated(family: Sequence[Page]) -> tuple[list[Any], list[Any], list[Any]]:
    """What pages bind, claim, and compare, each once."""
    kinds = (value_keys, claim_keys, formula_keys)
    return tuple(_in_order(k for page in family for k in kind(page)) for kind in kinds)  # type: ignore[return-value]


def _in_order(keys: Iterable[_Key]) -> list[_Key]:
    return list(dict.fromkeys(keys))


def _job(family: Sequence[Page], config: Config, texts: FigureTexts) -> dict[str, Any]:
    """What the child is to do."""
    page = family[0]
    imported = {module for _, module in imports(page)}
    own = [each for each in config.own_packages if each in imported]
    values, claims, formulas = _evaluated(family)
    tasks = [
        {
            "index": index,
            "language": block.language,
            "code": block.code,
            "raises": block.raises,
            "values": [text for at, text in values if at == index],
            "claims": [text for at, text in claims if at == index],
            "formulas": [key[1:] for key in formulas if key[0] == index],
        }
        for index, block in enumerate(page.blocks)
        if block.not_run is None
    ]
    return {
        "tasks": tasks,
        "blocks": len(page.blocks),
        "texts": {k: None if v is None else dict(v) for k, v in texts.items()},
        "own": own,
        "hidden": sorted({*config.own_packages, "pagecheck"} - {*own}),
        "path": [str(config.root / "src")] if own else [],
        "root": str(config.root),
        "seconds": BLOCK_SECONDS,
    }


def _take_in(
    process: _PageProcess,
    page: Page,
    run: Run,
    evaluated: tuple[list[Any], list[Any], list[Any]],
    stop: Callable[[Block, BlockResult], bool] | None,
) -> None:
    """Take in what the process of a page gives, until it ends or has to be ended."""
    alive, seconds = True, BLOCK_SECONDS + START_SECONDS
    for index, block in enumerate(page.blocks):
        if block.not_run is not None:
            run.blocks.append(BlockResult())
            continue
        if not alive:
            run.blocks.append(BlockResult(not_reached=True))
            continue
        result = process.block(seconds)
        seconds = BLOCK_SECONDS
        run.blocks.append(result)
        alive = result.error != _STOPPED and _evaluate(process, index, run, evaluated)
        failed = result.error is not None and not _is_expected(block, result)
        if failed or (stop is not None and stop(block, result)):
            alive = False
    if alive:
        last = max(i for i, block in enumerate(page.blocks) if block.not_run is None)
        run.saw, run.modules, left = process.end()
        run.blocks[last] = replace(run.blocks[last], left=run.blocks[last].left or left)


def _evaluate(
    process: _PageProcess,
    index: int,
    run: Run,
    evaluated: tuple[list[Any], list[Any], list[Any]],
) -> bool:
    """Take in what is evaluated after a block, one by one; whether the process lives.

    What it was at when it ended, or did not end, is thus known.
    """
    values, claims, formulas = ([k for k in e if k[0] == index] for e in evaluated)
    for value in values:
        found = process.receive(BLOCK_SECONDS)
        if isinstance(found, str):
            run.values[value] = Value(None, found)
            return False
        run.values[value] = Value(**found)
    for claim in claims:
        found = process.receive(BLOCK_SECONDS)
        if isinstance(found, str):
            run.claims[claim] = Truth(False, found)
            return False
        run.claims[claim] = Truth(**found)
    for formula in formulas:
        found = process.receive(BLOCK_SECONDS)
        if isinstance(found, str):
            run.formulas[formula] = [found]
            return False
        run.formulas[formula] = found["differ"]
    return True


def _is_expected(block: Block, result: BlockResult) -> bool:
    return block.raises is not None and block.raises.split(".")[-1] == result.error


# -- the page's process ----------------------------------------------------------------


@contextlib.contextmanager
def _started(page: Page, job: dict[str, Any]) -> Iterator[_PageProcess]:
    """Start the process of a page; nothing of it is left behind."""
    _remove_stale()
    folder = Path(tempfile.mkdtemp(prefix=f"pagecheck-{os.getpid()}-")).resolve()
    try:
        places = {
            n: folder / n for n in ("page.py", "output", "results", "job", "work")
        }
        places["work"].mkdir()
        (temporary := folder / "t").mkdir()
        places["output"].touch()
        places["results"].touch()
        places["page.py"].write_text(_file_of(page), encoding="utf-8")
        here = Path(child.__file__)
        job = job | {name: str(place) for name, place in places.items()}
        job |= {"file": job["page.py"], "folder": str(folder)}
        job |= {"ours": str(here.parents[1]), "lines": [b.line for b in page.blocks]}
        places["job"].write_text(json.dumps(job), encoding="utf-8")
        with places["output"].open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-I", "-B", "-X", "utf8", here, places["job"]],
                cwd=places["work"],
                # Threads that wait sleep, and leave the processor to other pages.
                env={"OMP_WAIT_POLICY": "PASSIVE", "MPLBACKEND": "Agg"}
                | run_cache.environment()
                | {"TMPDIR": str(temporary)},
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            with (
                places["output"].open("rb") as out,
                places["results"].open("rb") as told,
            ):
                yield _PageProcess(process, out, told)
        finally:
            _end(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a page's process, with all that it has started."""
    assert process.stdin is not None
    process.stdin.close()  # which says so to the process that looks after it
    try:
        process.wait(10 if hasattr(os, "fork") else 0)
    except subprocess.TimeoutExpired:
        process.kill()
    with contextlib.suppress(
        OSError, AttributeError
    ):  # where it was killed by the page
        os.killpg(process.pid, signal.SIGKILL)
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
        self._printed = 0
        self._forked = False
        self._ended: int | None = None

    def block(self, seconds: float) -> BlockResult:
        """What the next block did."""
        found = self.receive(seconds)
        if isinstance(found, str):
            return BlockResult(error=_STOPPED, message=found)
        start, end = found.pop("start"), found.pop("end")
        self._printed = end
        if end - start > MOST_BYTES:
            said = f"it printed more than {MOST_BYTES:,} bytes"
            return BlockResult(error=_STOPPED, message=said)
        self._output.seek(start)
        printed = self._output.read(max(0, end - start))
        if len(printed) != end - start:
            said = "its output was cut short; let it be, once it is printed"
            return BlockResult(error=_STOPPED, message=said)
        output = printed.decode(errors="surrogateescape")
        if (lines := output.count("\n")) > MOST_LINES:
            said = f"it printed {lines:,} lines, more than {MOST_LINES:,}"
            return BlockResult(error=_STOPPED, message=said)
        forked = "a fork of its process that goes on; end it with os._exit(0)"
        left, self._forked = forked if self._forked else "", False
        return to_result({**found, "output": output, "left": left})

    def end(self) -> tuple[str, list[str], str]:
        """What the page saw, the files of its modules, and what it has left behind."""
        found = self.receive(BLOCK_SECONDS)
        if isinstance(found, str):
            return "", [], found
        saw, files = found["saw"], found["files"]
        if not str(self.receive(END_SECONDS)).startswith(_ENDED):
            return (
                saw,
                files,
                f"it had not ended {END_SECONDS:g} seconds after its last line",
            )
        self._output.seek(self._printed)
        if rest := self._output.read(1000).decode(errors="replace"):
            said = f"it prints after its last line, or while numbers are evaluated: {rest!r:.200}"
            return saw, files, said
        return saw, files, f"it ended with status {self._ended}" if self._ended else ""

    def receive(self, seconds: float) -> dict[str, Any] | str:
        """The next result, or a sentence that says why there is none."""
        limit, looked = TimeLimit(self._page, seconds), time.monotonic()
        while True:
            gone = self._process.poll() is not None
            line = self._results.readline()
            if line.endswith(b"\n"):
                found: dict[str, Any] = json.loads(line)
                if "process" in found:
                    self._page = found["process"]
                    limit = TimeLimit(self._page, seconds)
                elif "ended" in found:
                    status = self._ended = found["ended"]
                    by = f" ({signal.Signals(-status).name})" if status < 0 else ""
                    return f"{_ENDED}{by}"
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
                if exceeded := limit.exceeded() or self._too_much():
                    return exceeded
            time.sleep(_PAUSE)

    def _too_much(self) -> str:
        """A sentence that says that a block prints too much; empty where it does not."""
        size = os.fstat(self._output.fileno()).st_size
        if size - self._printed <= MOST_BYTES:
            return ""
        return f"it printed more than {MOST_BYTES:,} bytes"
