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
from functools import partial
from pathlib import Path
from typing import Any

from pagecheck import run_cache, watch
from pagecheck.config import Config
from pagecheck.page import Page
from pagecheck.results import BlockResult, Drawn, Key, Run, Value, evaluated
from pagecheck.script import as_file, imports, same_code


@dataclass(frozen=True)
class Limits:
    """What the process of a page may take."""

    seconds: float = 120  # of the processor's time, for a block and each expression
    patience: float = 5  # how many times as long by the clock
    memory: int = 4 << 30  # bytes that it may hold
    bytes: int = 1_000_000  # that it may print


LIMITS = Limits()
_WAKING = 2.0  # how often what watches a page is woken, in seconds

_ENDED = "the process of the page ended while it ran"
_NOT_REACHED = "the block before it did not run to its end"
_LATE = "it prints after its last line, or when its numbers are evaluated"
_TOUCHED = (
    "what its process tells cannot be read: the page has touched it, or has forked a "
    "process that goes on and does not end with os._exit(0)"
)
# A bash block in Python: in the project's folder, to the first command that fails.
_BASH = (
    "__import__('subprocess').run("
    "['bash', '-euo', 'pipefail', '-c', {!r}], cwd={!r}, check=True)"
)
_NO_BASH = (
    "raise PermissionError('bash blocks are not run here; where pages may run commands "
    "in the folder of the project, say run-bash = true in [tool.pagecheck]')"
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
        keep: Whether a run of an earlier process will do.
        again: Whether it is to be another run than the first of this process.
    """
    family = [page, *(twin for twin in twins if same_code(page, twin))]
    family.sort(key=lambda each: str(each.path))
    job = _job(family, config)
    key = json.dumps([job, again], sort_keys=True)
    if key not in _runs:
        run = partial(run_page, family[0], job)
        own, cached = config.own_packages, not again and not os.environ.get("CI")
        if cached and run_cache.can_be_kept(job["steps"], job["imports"], own):
            run = partial(run_cache.kept, family[0], key, config.root, run, keep)
        _runs[key] = run()
    return _runs[key]


def run_page(page: Page, job: dict[str, Any]) -> Run:
    """Run a page's blocks, and evaluate what it and its twins bind and claim."""
    run = Run([BlockResult(not_reached=each.unchecked is None) for each in page.blocks])
    run.values = {tuple(key): Value(error=_NOT_REACHED) for key in job["evaluated"]}
    if job["steps"]:
        _read(run, job["steps"], *_execute(page, job))
    return run


def _job(family: Sequence[Page], config: Config) -> dict[str, Any]:
    """What the child is to do, and all that its results depend on in the pages."""
    page = family[0]
    imported = sorted({module for _, module in imports(page)})
    keys = [*dict.fromkeys(key for each in family for key in evaluated(each))]
    steps: list[Key] = []
    for index, block in enumerate(page.blocks):
        if block.unchecked is None:
            code = block.code
            if block.language == "bash":
                bash = _BASH if config.run_bash else _NO_BASH
                code = bash.format(block.code, str(config.root))
            raises = block.raises and block.raises.split(".")[-1]
            steps += [("block", index, code, raises)]
            steps += [key for key in keys if key[1] == index]
    return {
        "blocks": len(page.blocks),
        "steps": steps,
        "evaluated": keys,
        "texts": config.figure_tables,
        "house": asdict(config.figures),
        "draws": "matplotlib" in imported or any(block.image for block in page.blocks),
        "imports": imported,
        "own": [each for each in config.own_packages if each in imported],
        # A reader has none of the project's that the page does not import.
        "hidden": sorted({*config.own_packages} - {*imported, "pagecheck"}),
        "source": str(config.root / "src"),
        "ours": str(Path(__file__).parents[1]),
        "limits": asdict(LIMITS),
    }


def _read(run: Run, steps: Sequence[Key], told: bytes, printed: bytes) -> None:
    """Take in what the process of a page has told, and what it printed last.

    Args:
        run: What it is put into.
        steps: The steps of the run.
        told: A line of JSON for what each step gave, and one for how they ended.
        printed: What it printed, the output of its blocks and what came after.
    """
    ahead, step, why, failed = [*steps], steps[0], _ENDED, False
    try:
        for line in told.splitlines():
            match json.loads(line):
                case {"stopped": str(stopped), "status": str(status)}:
                    shown = "".join(block.output for block in run.blocks)
                    late = printed[len(shown.encode(errors="surrogateescape")) :]
                    said = late.decode(errors="replace").strip()
                    if ahead:
                        last = said.rpartition("\n")[2][-200:]
                        why = stopped or f"{_ENDED} {status} {last}".rstrip()
                    elif said:
                        why = f"{_LATE}: {said!r:.200}"
                    else:
                        why = stopped or (status and f"it ended with {status[1:-1]}")
                case found:
                    step = ahead.pop(0)
                    _put(run, step, found)
                    failed = step[0] == "block" and found["error"] not in (
                        None,
                        step[3],
                    )
                    ahead = [] if failed else ahead
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        why = _TOUCHED
    run.ended = not (why or failed)
    if why:
        _fail(run, ahead[0] if ahead else ("block", step[1]), why)


def _put(run: Run, step: Key, found: dict[str, Any]) -> None:
    """Put what a step gave, as JSON has it, where it belongs in a run."""
    if step[0] == "block":
        drawn = found.pop("figures")
        figures = ({n: Drawn(**one) for n, one in each.items()} for each in drawn)
        run.blocks[step[1]] = BlockResult(figures=tuple(figures), **found)
    else:
        run.values[step] = Value(**found)


def _fail(run: Run, step: Key, why: str) -> None:
    """Say of a step why it gave nothing."""
    if step[0] == "block":
        run.blocks[step[1]] = replace(
            run.blocks[step[1]], error="Stopped", message=why, not_reached=False
        )
    else:
        run.values[step] = Value(error=why)


def _execute(page: Page, job: dict[str, Any]) -> tuple[bytes, bytes]:
    """Run a page's process: what it told and printed. Nothing of it is left behind."""
    with tempfile.TemporaryDirectory(
        prefix="pagecheck-", ignore_cleanup_errors=True
    ) as temporary:
        folder = Path(temporary).resolve()
        (folder / "work").mkdir()
        file = as_file(page).encode(errors="surrogatepass")
        (folder / "page.py").write_bytes(file)
        lines = [block.line for block in page.blocks]
        content = json.dumps(job | {"folder": str(folder), "lines": lines})
        (folder / "job").write_text(content, encoding="utf-8")
        # Threads that wait sleep, and leave the processor to other pages.
        env = run_cache.environment() | {"OMP_WAIT_POLICY": "PASSIVE"}
        env["MPLBACKEND"] = "Agg"
        if len(str(folder)) < 60:  # the address of a socket in it has some 100 letters
            env["TMPDIR"] = str(folder)
        with (
            (folder / "results").open("a+b") as told,
            (folder / "output").open("a+b") as printed,
        ):
            process = subprocess.Popen(
                [*watch.PYTHON, watch.__file__, folder / "job"],
                cwd=folder / "work",
                env=env,
                stdin=subprocess.PIPE,  # whose end says that no more is wanted
                stdout=told,
                stderr=printed,
                start_new_session=True,
            )
            try:
                while process.poll() is None:
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(_WAKING)
                    with contextlib.suppress(OSError, AttributeError):
                        process.send_signal(signal.SIGCONT)  # the page stopped it
            finally:  # whatever has happened, to it or to this process
                if process.stdin is not None:
                    process.stdin.close()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(10)
                with contextlib.suppress(OSError, AttributeError):
                    os.killpg(process.pid, signal.SIGKILL)
            for each in (told, printed):  # not by name: the page may have replaced it
                each.seek(0)
            return told.read(), printed.read(LIMITS.bytes)
