"""Say how things stand on this machine, and what to do where something lacks.

It needs no environment: ``python3 .ci/doctor.py``, or ``make doctor``. What is needed
for ``make serve`` and ``make test`` is required; browsers and fonts without which only
tests are skipped are not.
"""

from __future__ import annotations

import platform
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = "Scripts" if platform.system() == "Windows" else "bin"
PORT = 8000
# What it is called with by itself, in the environment's Python.
AGAINST_LOCK = "--against-lock"
FREE = 4  # GB: the environment has 2, the site and its tests' copies have the rest
# As tests/conftest.py and .ci/run look for it.
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        what: Its name.
        found: What is there; empty where it lacks.
        fix: What to do where it lacks, or is not as it should be.
        required: Whether the README's two commands need it.
    """

    what: str
    found: str
    fix: str = ""
    required: bool = True

    def __str__(self) -> str:
        """A line, and below it what to do."""
        mark = "ok" if not self.fix else "LACKS" if self.required else "lacks"
        line = f"{mark:5}  {self.what:<10}  {self.found or 'not found'}"
        return f"{line}\n{'':19}-> {self.fix}" if self.fix else line


def main() -> int:
    """Print what was found; 1 where something that is required lacks."""
    if sys.argv[1:] == [AGAINST_LOCK]:
        against_lock()
        return 0
    findings = [*tools(), *environment(), *browsers(), *machine()]
    print("\n".join(map(str, findings)))
    lacking = [one for one in findings if one.fix and one.required]
    print(f"\n{len(lacking) or 'nothing'} lacks that make serve and make test need")
    return 1 if lacking else 0


def tools() -> Iterator[Finding]:
    """Python and the programs that the Makefile calls."""
    version = platform.python_version()
    old = sys.version_info < (3, 11)
    newer = "install Python 3.11 or newer, then: make test PYTHON=python3.11"
    yield Finding("Python", f"{version}, {sys.executable}", newer if old else "")
    for name in ("git", "make"):
        path = shutil.which(name)
        windows = name == "make" and platform.system() == "Windows"
        fix = "use the README's plain pip commands" if windows else f"install {name}"
        yield Finding(name, path or "", "" if path else fix, required=not windows)
    if subprocess.run(
        [sys.executable, "-c", "import ensurepip"], capture_output=True
    ).returncode:
        yield Finding("venv", "", "apt-get install python3-venv (Debian, Ubuntu)")


def environment() -> Iterator[Finding]:
    """The project's environment, against the lock."""
    python = ROOT / ".venv" / BIN / "python"
    if not python.exists():
        yield Finding(".venv", "", "make test, which creates it")
        return
    command = [str(python), __file__, AGAINST_LOCK]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["it does not start"])[-1]
        yield Finding(".venv", said, "rm -r .venv, then make test")
        return
    count, *wrong = done.stdout.splitlines()
    more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
    found = "; ".join(wrong[:3]) + more if wrong else f"{count} packages as locked"
    fix = "touch requirements.txt, then make test" if wrong else ""
    yield Finding(".venv", found, fix)
    code = "import torch; print(torch.__version__, torch.__file__)"
    torch = subprocess.run(
        [python, "-c", code], capture_output=True, text=True, check=False
    )
    found = torch.stdout.strip() or (torch.stderr.strip().splitlines() or [""])[-1]
    inside = str(ROOT / ".venv") in found
    fix = (
        ""
        if inside
        else "unset PYTHONPATH, so that the environment's own is imported; or make test"
    )
    yield Finding("torch", found, fix)


def against_lock() -> None:
    """Print how many packages are locked, and which of them this Python has not so."""
    from packaging.requirements import Requirement  # which a bare Python may lack

    text = (ROOT / "requirements.txt").read_text("utf-8")
    lines = re.findall(r"^\w[^\\\n]*", text, re.M)
    locked = [
        one
        for one in map(Requirement, lines)
        if not one.marker or one.marker.evaluate()
    ]
    print(len(locked))
    for one in locked:
        try:
            version = metadata.version(one.name)
        except metadata.PackageNotFoundError:
            version = ""
        if not version or not one.specifier.contains(version, prereleases=True):
            print(f"{one.name} {version or 'missing'}, not {one.specifier}")


def browsers() -> Iterator[Finding]:
    """The browsers of the tests, and a font for Chinese."""
    for what, names, package in (
        ("Chromium", CHROMIUM, "chromium"),
        ("Firefox", ("firefox-esr", "firefox"), "firefox-esr"),
        ("WebKit", ("WebKitWebDriver",), "webkit2gtk-driver"),
        ("Xvfb", ("Xvfb",), "xvfb"),
    ):
        path = next(filter(None, map(shutil.which, names)), "")
        fix = f"apt-get install {package}; without it its tests are skipped"
        yield Finding(what, path, "" if path else fix, required=False)
    if shutil.which("fc-list"):
        command = ["fc-list", ":lang=zh", "family"]
        fonts = subprocess.run(command, capture_output=True, text=True, check=False)
        first = next(iter(fonts.stdout.splitlines()), "")
        fix = "apt-get install fonts-noto-cjk; without it Chinese is boxes in pictures"
        yield Finding("Chinese", first, "" if first else fix, required=False)


def machine() -> Iterator[Finding]:
    """The port of ``make serve``, and the disk."""
    with socket.socket() as probe:
        taken = probe.connect_ex(("127.0.0.1", PORT)) == 0
    fix = f"stop what listens there, or use .venv/{BIN}/mkdocs serve -a 127.0.0.1:8001"
    found = "taken" if taken else "free"
    yield Finding(f"port {PORT}", found, fix if taken else "")
    free = shutil.disk_usage(ROOT).free / 1e9
    fix = f"free some of the disk: setting up and testing takes {FREE} GB"
    yield Finding("disk", f"{free:.0f} GB free", fix if free < FREE else "")


if __name__ == "__main__":
    sys.exit(main())
