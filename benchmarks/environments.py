"""An environment for each tool, with the pinned versions that stand beside its module.

torch, NumPy and matplotlib, which the pages compute with, are those of the environment
that runs this, linked, not installed again: they weigh more than all else together, and
every tool computes with the same.
"""

from __future__ import annotations

import re
import subprocess
import sys
import venv
from importlib.metadata import Distribution, PackageNotFoundError, distribution, version
from pathlib import Path

from benchmarks.pages import ROOT
from benchmarks.tool import Command, Tool

FOLDER = ROOT / ".cache" / "benchmarks"
PINNED = ROOT / "benchmarks" / "peers"
SHARED = ("torch", "numpy", "matplotlib")


def requirements_of(tool: Tool) -> Path | None:
    """The file with the versions that a tool gets; ours are those of the project."""
    file = PINNED / f"{tool.told[0].replace('-', '_')}.txt"
    return file if file.is_file() else None


def versions_of(tool: Tool) -> dict[str, str]:
    """The versions of the packages that a tool tells."""
    requirements = requirements_of(tool)
    if requirements is None:
        return {name: version(name) for name in tool.told}
    lines = requirements.read_text(encoding="utf-8").split()
    pairs = (line.partition("==") for line in lines)
    pinned = {name.lower().replace("_", "-"): number for name, _, number in pairs}
    return {name: pinned[name] for name in tool.told}


def programs_of(tool: Tool) -> Path:
    """The folder of a tool's programs, in an environment that is made if need be."""
    requirements = requirements_of(tool)
    if requirements is None:
        return Path(sys.executable).parent
    folder = FOLDER / "environments" / requirements.stem
    programs, done = folder / "bin", folder / "requirements.txt"
    wanted = requirements.read_text(encoding="utf-8")
    if not done.is_file() or done.read_text(encoding="utf-8") != wanted:
        venv.create(folder, with_pip=True, clear=True)
        pip: Command = [programs / "python", "-m", "pip", "install", "-qq", "--no-deps"]
        subprocess.run([*pip, "--requirement", requirements], check=True)
        done.write_text(wanted, encoding="utf-8")
    (path,) = folder.glob("lib/python*/site-packages")
    # They come behind what is installed there; src has the package that pages import.
    lines = f"{_linked()}\n{ROOT / 'src'}\n"
    (path / "shared.pth").write_text(lines, encoding="utf-8")
    return programs


def _linked() -> Path:
    """A folder with links to the three packages and to what they need in turn."""
    folder = FOLDER / "shared"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for each in _needed(SHARED).values():
        for name in {file.parts[0] for file in each.files or ()} - {
            "..",
            "__pycache__",
        }:
            source = Path(str(each.locate_file(name)))
            (folder / name).symlink_to(source, target_is_directory=source.is_dir())
    return folder


def _needed(names: tuple[str, ...]) -> dict[str, Distribution]:
    """What is installed of some packages and of all that they need."""
    found: dict[str, Distribution] = {}
    wanted = list(names)
    while wanted:
        name = re.split(r"[^\w.-]", wanted.pop())[0].lower()
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:  # of another system
            continue
        needs = found[name].requires or []
        wanted += [each for each in needs if "extra ==" not in each]
    return found
