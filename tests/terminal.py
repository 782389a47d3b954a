"""A command as someone runs it on a terminal, who may press Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import termios
from collections.abc import Sequence
from pathlib import Path


def on_a_terminal(
    module: str, *arguments: str, cwd: Path, stop_at: str = "", **env: str
) -> tuple[int, str]:
    """Run a module on a terminal of its own: how it ended, and all that was shown.

    Ctrl-C is pressed as soon as ``stop_at`` is shown.
    """
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    given = {name: value for name, value in os.environ.items() if name != "CI"}
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=cwd,
        env={**given, "TERM": "xterm", **env},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=hear,
    )
    os.close(theirs)
    shown, pressed = "", False
    try:
        while piece := _read(ours):
            shown += piece
            if stop_at and stop_at in shown and not pressed:
                pressed = True
                os.killpg(process.pid, signal.SIGINT)
        return process.wait(), shown
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def hear() -> None:
    """Let Ctrl-C be heard: what a shell starts in the background is deaf to it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def lines(shown: str) -> Sequence[str]:
    """What is left on the terminal, line by line, as it was last written."""
    return [each.rstrip("\r").rpartition("\r")[2] for each in shown.split("\n")]


def _read(terminal: int) -> str:
    try:
        return os.read(terminal, 65536).decode(errors="replace")
    except OSError:  # Linux says so when the last one who writes has gone
        return ""
