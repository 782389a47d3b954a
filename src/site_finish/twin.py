"""A MkDocs build of the second language in a process of its own, beside the first.

Each language is a MkDocs project. The process has all that the first one has read so
far, and stays: while the site is served it builds anew what has changed.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any


class Twin:
    """The process that builds the second language."""

    def __init__(self, program: str, settings: Path, command: str, dirty: bool) -> None:
        """Start it.

        Args:
            program: The package that builds: `mkdocs`, or `properdocs`.
            settings: The file of settings.
            command: What that program was called for, as its plugins are told.
            dirty: Whether it builds only what has changed.
        """
        # Where processes cannot be forked, it begins from nothing.
        fork = "fork" in multiprocessing.get_all_start_methods()
        processes: Any = multiprocessing.get_context("fork" if fork else "spawn")
        self._pipe, theirs = processes.Pipe()
        arguments = (theirs, program, settings, command, dirty)
        self._process = processes.Process(target=_work, args=arguments, daemon=True)
        self._process.start()
        theirs.close()
        self._busy = False

    def build(self, folder: Path, address: str, strict: bool) -> None:
        """Begin to build; `wait` says how that ended."""
        self._busy = True
        self._pipe.send((folder, address, strict))

    def wait(self) -> bool:
        """Whether what was begun has been built, if anything was."""
        if not self._busy:
            return True
        self._busy = False
        try:
            return bool(self._pipe.recv())
        except EOFError:
            return False

    def end(self) -> None:
        """Let no build outlive the first language's that failed."""
        self._process.kill()
        self._process.join()


def _work(
    pipe: Connection, program: str, settings: Path, command: str, dirty: bool
) -> None:
    load: Any = importlib.import_module(f"{program}.config").load_config
    build: Any = importlib.import_module(f"{program}.commands.build").build
    started = False
    while True:
        try:
            folder, address, strict = pipe.recv()
        except EOFError:
            return
        os.environ["SITE_URL"] = address
        done = False
        try:
            config = load(str(settings), site_dir=str(folder), strict=strict)
            if not started:
                config.plugins.on_startup(command=command, dirty=dirty)
                started = True
            build(config, dirty=dirty)
            done = True
        except SystemExit as error:  # as MkDocs ends a build that failed
            print(error)
        except Exception as error:
            print(f"{type(error).__name__}: {error}")
        pipe.send(done)
