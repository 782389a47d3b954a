"""What a command takes, with all the processes that it starts: time and memory.

Processor time is the system's own account of every process that has ended. Memory is
the largest sum, over all that run at one moment, of what each alone holds and of its
share of what they hold together (PSS), looked at several times a second.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SET_CHILD_SUBREAPER = 36  # of prctl: what a command leaves behind becomes our child
_INTERVAL = 0.2
_GRACE = 10.0


@dataclass(frozen=True)
class Usage:
    """What a command took, and its exit code.

    Attributes:
        wall: Seconds by the clock.
        cpu: Seconds of processor time, of the system's and of its own.
        memory: The most bytes that its processes held at one moment.
        code: Its exit code.
        output: What it printed.
    """

    wall: float
    cpu: float
    memory: int
    code: int
    output: str

    def __add__(self, other: Usage) -> Usage:
        """One command after the other."""
        return Usage(
            self.wall + other.wall,
            self.cpu + other.cpu,
            max(self.memory, other.memory),
            self.code or other.code,
            self.output + other.output,
        )


def measure(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]
) -> Usage:
    """Run a command to its end and say what it took; on Linux only.

    In the end it waits for all children of this process and kills what stays: it is
    for a process that has started nothing else.
    """
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    printed = folder.with_suffix(".log")
    with printed.open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    memory = 0
    while True:
        memory = max(memory, sum(map(_proportional, _descendants(os.getpid()))))
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_INTERVAL)
            break
    wall = time.monotonic() - start
    _reap()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    output = printed.read_text(encoding="utf-8", errors="replace")
    printed.unlink()
    return Usage(wall, cpu, memory, process.returncode, output)


def _reap() -> None:
    """Wait for what the command has left behind, and end what does not end."""
    end = time.monotonic() + _GRACE
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0]:
                continue
        except ChildProcessError:
            return
        if time.monotonic() > end:
            for process in _descendants(os.getpid()):
                os.kill(process, signal.SIGKILL)
        time.sleep(_INTERVAL / 4)


def _descendants(process: int) -> list[int]:
    """The processes that a process has started, and those that they have."""
    parents: dict[int, list[int]] = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            # Behind the name, which may hold anything: the state, and the parent.
            parent = int(file.read_text(errors="replace").rpartition(")")[2].split()[1])
        except OSError:  # it has ended
            continue
        parents.setdefault(parent, []).append(int(file.parent.name))
    found, here = list[int](), [process]
    while here:
        here = [child for each in here for child in parents.get(each, [])]
        found += here
    return found


def _proportional(process: int) -> int:
    """What a process holds by itself, and its share of what it holds with others."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:  # it has ended
        return 0
    return int(text.partition("\nPss:")[2].split(maxsplit=1)[0]) * 1024
