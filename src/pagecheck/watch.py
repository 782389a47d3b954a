"""Looks after a page's process, in one of its own: ``python watch.py JOB``.

It runs `pagecheck.child` within limits of time, memory and output. When that ends, or
when standard input does, because the checker is gone, it ends all that the page has
started and removes its folder. To what the page has told it adds how it ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import psutil

_STEP = 0.1  # how often it is looked whether a limit has been reached, in seconds
_PARENT_DEATH_SIGNAL, _CHILD_SUBREAPER = 1, 36  # of Linux, in sys/prctl.h
PYTHON = (sys.executable, "-I", "-B", "-u", "-X", "utf8")


def exceeded(
    limits: Mapping[str, Any], passed: float, taken: float, memory: int
) -> str:
    """A sentence that says which limit a process has reached; empty while none is.

    On a busy machine the clock runs on while a process waits for its turn, and one of
    many threads takes more of the processors' time than the clock shows: the limit of
    so many seconds is reached when both, ``passed`` and ``taken``, are past it. What
    sleeps is stopped by the clock alone, after ``patience`` times as long.
    """
    seconds = limits["seconds"]
    longest = limits["patience"] * seconds
    if memory > limits["memory"]:
        return f"it held more than {limits['memory'] / 2**30:g} GiB of memory"
    if passed >= longest:
        return f"it had not ended after {longest:g} seconds by the clock"
    if min(passed, taken) >= seconds:
        return f"it had not ended after {seconds:g} seconds of processor time"
    return ""


def _watch(limits: dict[str, Any], command: list[str]) -> tuple[str, int]:
    """Run a page's process: the limit that it reached, or its exit status.

    Standard output is the file of what it tells, standard error that of its output.
    """
    checker = threading.Thread(target=os.read, args=(0, 1), daemon=True)
    checker.start()
    end_with_us = partial(_prctl, _PARENT_DEATH_SIGNAL, 9)
    page = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=2,
        preexec_fn=end_with_us if sys.platform == "linux" else None,
    )
    process, told, taken, memory = psutil.Process(page.pid), -1, 0.0, 0
    while checker.is_alive():  # or its end of standard input is closed
        with contextlib.suppress(subprocess.TimeoutExpired):
            return "", page.wait(_STEP)
        with contextlib.suppress(psutil.Error):  # it has just ended
            times, memory = process.cpu_times(), process.memory_info().rss
            taken = times.user + times.system
        if (size := os.fstat(1).st_size) != told:  # a step has ended
            told, begun, before = size, time.monotonic(), taken
        if os.fstat(2).st_size > limits["bytes"]:
            return f"it printed more than {limits['bytes']:,} bytes", 0
        passed = time.monotonic() - begun
        if said := exceeded(limits, passed, taken - before, memory):
            return said, 0
    return "nobody waits for it", 0


def _prctl(option: int, value: int) -> None:
    """Ask Linux for something; other systems have no such thing."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _end_all() -> None:
    """End all that the page has started, and what that has started."""
    this = psutil.Process()
    for _ in range(500):
        if not (running := this.children(recursive=True)):
            return
        for process in running:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(running, timeout=0.02)


if __name__ == "__main__":
    _prctl(_CHILD_SUBREAPER, 1)  # what the page's children leave behind is ours too
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    child = str(Path(__file__).with_name("child.py"))
    stopped, status = _watch(job["limits"], [*PYTHON, child, sys.argv[1]])
    _end_all()
    shutil.rmtree(job["folder"], ignore_errors=True)
    name = signal.Signals(-status).name if status < 0 else f"status {status}"
    how = f"({name})" if status else ""
    os.write(1, json.dumps({"stopped": stopped, "status": how}).encode())
