"""What was made once is read again, while all that it is made of is the same.

It lies in `.cache/site_finish`, each thing with a hash of what it was made of. In CI
nothing is kept: no old result can pass for a new one.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar, cast

from site_finish.settings import ROOT

CACHE = ROOT / ".cache" / "site_finish"

Made = TypeVar("Made")


def kept(name: str, told: Iterable[str], make: Callable[[], Made]) -> Made:
    """Return what ``make`` returns, or has returned of the same before.

    Args:
        name: What its file is called, below the folder.
        told: What it is made of, beside our code, its settings and all packages.
        make: Makes it, as JSON has it; None is not kept.
    """
    if os.environ.get("CI"):
        return make()
    text = "\0".join([_makers(), *told])
    key = hashlib.sha256(text.encode()).hexdigest()
    file = CACHE / f"{name}.json"
    if file.is_file():
        known, made = cast("tuple[str, Made]", json.loads(file.read_text("utf-8")))
        if known == key:
            return made
    new = make()
    if new is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Others may build at the same time.
        written = file.with_suffix(f".{os.getpid()}")
        written.write_text(json.dumps([key, new], ensure_ascii=False), "utf-8")
        written.replace(file)
    return new


def write_kept(
    file: Path, name: str, told: Iterable[str], make: Callable[[], bytes]
) -> None:
    """Write a file of what ``make`` returns, or has returned of the same before."""
    text = kept(name, told, lambda: base64.b64encode(make()).decode())
    file.write_bytes(base64.b64decode(text))


@functools.cache
def _makers() -> str:
    """What makes all of it: our code, its settings, and all packages' versions."""
    digest = hashlib.sha256(sys.version.encode())
    files = [ROOT / "pyproject.toml"]
    for folder in ("src/site_finish", "src/pagecheck", "theme"):
        files += sorted((ROOT / folder).rglob("*.py"))
    for file in files:
        digest.update(file.read_bytes())
    installed = (each for path in sys.path for each in Path(path).glob("*.dist-info"))
    digest.update(" ".join(sorted(each.name for each in installed)).encode())
    return digest.hexdigest()
