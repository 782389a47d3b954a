"""Sphinx-Gallery: scripts whose comments are reStructuredText.

A block that must fail would end its script, so it is wrapped in `try`, as in the
scripts that readers take along. All scripts run in one process; the settings put back
the type of numbers that one of them changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.pages import Source, parts, plain
from benchmarks.restructured import as_restructured, heading
from benchmarks.tool import Command, Tool, write
from pagecheck.page import parse_page
from pagecheck.script import pieces

CONF = """\
import sys

sys.path.insert(0, ".")
project = "Benchmark"
extensions = ["sphinx_gallery.gen_gallery"]
exclude_patterns = ["_build", "examples"]
sphinx_gallery_conf = {
    "examples_dirs": "examples",
    "gallery_dirs": "gallery",
    "filename_pattern": r"\\.py$",
    "capture_repr": (),
    "reset_modules": ("matplotlib", "put_back.put_back"),
}
"""
PUT_BACK = """\
import torch


def put_back(gallery_conf, fname):
    torch.set_default_dtype(torch.float32)
"""


def write_settings(project: Path, pages: Sequence[Source]) -> None:
    """Write conf.py, the head of the gallery and a first page."""
    write(project / "conf.py", CONF)
    write(project / "put_back.py", PUT_BACK)
    write(project / "examples" / "GALLERY_HEADER.rst", heading("Pages", 1))
    toctree = ".. toctree::\n\n   gallery/index\n"
    write(project / "index.rst", heading("Benchmark", 1) + toctree)


def write_page(project: Path, page: Source) -> None:
    """Write a page as a script; all lie in one folder, since galleries are flat."""
    write(project / "examples" / f"{_flat(page.name)}.py", as_script(page))


def as_script(page: Source) -> str:
    """A page as a script of Sphinx-Gallery: a docstring, then comments and code."""
    scripts = (script for _, script in pieces(parse_page(page.text)))
    made: list[str] = []
    for prose, block in parts(page):
        if block is not None:
            made.append(next(scripts))
            continue
        text = as_restructured(plain(prose, _nowhere))
        if not made:
            made.append(f'r"""\n{text}"""\n')
        elif text.strip():
            lines = [f"# {line}".rstrip() for line in text.rstrip().split("\n")]
            made.append("\n".join(["# %%", *lines, ""]))
    return "\n".join(made)


def _flat(name: str) -> str:
    return name.replace("/", "-")


def _nowhere(target: str) -> str | None:
    """Links to other sites only: the pages of a gallery have other names."""
    return target if "://" in target else None


def commands(programs: Path) -> list[Command]:
    """What builds the site; `-W` as our build has `--strict`."""
    sphinx: Command = [programs / "sphinx-build", "-q", "-W", "--keep-going"]
    return [[*sphinx, "-b", "html", ".", "_build/html"]]


TOOL = Tool(
    name="Sphinx-Gallery",
    told=("sphinx-gallery", "sphinx"),
    write_settings=write_settings,
    write_page=write_page,
    commands=commands,
    site="_build/html",
    address=lambda name: f"gallery/{_flat(name)}.html",
)
