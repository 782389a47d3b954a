"""Looks after a page's process, in one of its own: ``python watch.py JOB``.

It runs `pagecheck.child` within limits of time, memory and output. When that ends, or
when standard input does, because the checker wants no more or is gone, it ends all that
the page has started. To the file of results it adds how the page ended.
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
from pathlib import Path
from typing import Any

import psutil

_STEP = 0.1  # how often it is looked whether a limit has been reached, in seconds
_PARENT_DEATH_SIGNAL, _CHILD_SUBREAPER = 1, 36  # of Linux, in sys/prctl.h
PYTHON = (sys.executable, "-I", "-B", "-u", "-X", "utf8")


class Limit:
    """What a process may take from now on; what it starts is not counted.

    On a busy machine the clock runs on while a process waits for its turn, and one of
    many threads takes more of the processors' time than the clock shows: the limit is
    reached when both are past it. What sleeps is stopped by the clock alone, after
    ``patience`` times as long.
    """

    def __init__(self, process_id: int, limits: dict[str, Any], seconds: float) -> None:
        self._process_id, self._limits, self._seconds = process_id, limits, seconds
        self._begun, (self._taken, _) = time.monotonic(), used(process_id)

    def exceeded(self) -> str:
        """A sentence that says which limit has been reached; empty while none has."""
        taken, memory = used(self._process_id)
        passed, seconds = time.monotonic() - self._begun, self._seconds
        most, longest = self._limits["memory"], self._limits["patience"] * seconds
        if memory > most:
            return f"it held more than {most / 2**30:g} GiB of memory"
        if passed >= longest:
            return f"it had not ended after {longest:g} seconds by the clock"
        if min(passed, taken - self._taken) >= seconds:
            return f"it had not ended after {seconds:g} seconds of processor time"
        return ""


def used(process_id: int) -> tuple[float, int]:
    """A process's processor seconds and bytes of memory; nothing once it has ended."""
    try:
        process = psutil.Process(process_id)
        times = process.cpu_times()
        return float(times.user + times.system), process.memory_info().rss
    except psutil.Error:
        return 0.0, 0


def remove(folder: Path) -> None:
    """Remove a folder, however deep it is, or closed by who made what is in it."""
    with contextlib.suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        command = ["sh", "-c", 'chmod -R u+rwX "$0"; rm -rf "$0"', str(folder)]
        with contextlib.suppress(OSError):
            subprocess.run(command, stderr=subprocess.DEVNULL, check=False)


def _watch(job: dict[str, Any], command: list[str]) -> None:
    """Run a page's process, and tell how it ended."""
    limits, folder = job["limits"], Path(job["folder"])
    results, output = folder / "results", folder / "output"
    ended, unwanted = threading.Event(), threading.Event()

    def notice_the_end_of_input() -> None:
        while os.read(0, 1):
            pass
        unwanted.set()
        ended.set()

    def notice_the_end_of_the_page() -> None:
        page.wait()
        ended.set()

    page = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=_end_with_us)
    for notice in (notice_the_end_of_input, notice_the_end_of_the_page):
        threading.Thread(target=notice, daemon=True).start()
    told, said = 0, ""
    limit = Limit(page.pid, limits, limits["seconds"] + limits["start"])
    with contextlib.suppress(FileNotFoundError):  # the page has removed it
        while not ended.wait(_STEP) and not said:
            if (size := results.stat().st_size) != told:
                told, limit = size, Limit(page.pid, limits, limits["seconds"])
            said = limit.exceeded()
            if output.stat().st_size > limits["bytes"]:
                said = f"it printed more than {limits['bytes']:,} bytes"
    status, how = page.poll() or 0, ""
    if status:
        how = f"({signal.Signals(-status).name if status < 0 else f'status {status}'})"
    _end_all()
    if unwanted.is_set():
        remove(folder)
        return
    if not results.is_file():  # the page has put something else there
        return
    with contextlib.suppress(OSError), results.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"stopped": said, "status": how}) + "\n")


def _prctl(option: int, value: int) -> None:
    """Ask Linux for something; other systems have no such thing."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _end_with_us() -> None:
    """End the page's process when this one is killed, whatever it is busy with."""
    _prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)


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
    content = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    child = Path(__file__).with_name("child.py")
    _watch(content, [*PYTHON, str(child), sys.argv[1]])
