"""The machine that measures: what a reader needs to know to compare with another."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def machine() -> dict[str, str | int]:
    """The processor, its cores, the memory, the system and the Python."""
    processor = _first(Path("/proc/cpuinfo"), "model name")
    memory = int(_first(Path("/proc/meminfo"), "MemTotal").split()[0]) * 1024
    system = platform.freedesktop_os_release()["PRETTY_NAME"]
    return {
        "processor": processor,
        "cores": len(os.sched_getaffinity(0)),
        "memory": memory,
        "system": f"{system}, {platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
    }


def _first(file: Path, name: str) -> str:
    """The first value that a file of /proc has for a name."""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith(name):
            return line.partition(":")[2].strip()
    return "unknown 0"
