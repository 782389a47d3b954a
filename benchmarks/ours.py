"""Our own build, of a copy of the project that has some English pages and no others.

The twins are left out, and the rule that compares them with them: no peer has a second
language. All other rules hold, and all hooks run.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.pages import ENGLISH, ROOT, Source
from benchmarks.tool import Command, Tool, in_folder, write

_NAV = re.compile(r"(?m)^nav:\n(?:[ ]+.*\n)+")
_TABLE = "[tool.pagecheck]\n"
# The home page and what is checked of a page lead to it.
_VERIFICATION = "# How this site is verified { #verification }\n\nElsewhere.\n"


def write_settings(project: Path, pages: Sequence[Source]) -> None:
    """Copy the project but for its pages, and write what the pages need."""
    for name in ("src", "theme"):
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(ROOT / name, project / name, ignore=ignored)
    for file in (*ROOT.glob("mkdocs*.yml"), ROOT / "pyproject.toml"):
        shutil.copy(file, project)
    (project / "docs" / "zh").mkdir(parents=True)
    for file in (ROOT / "docs").glob("*.*"):
        shutil.copy(file, project / "docs")
    settings = project / "pyproject.toml"
    text = settings.read_text(encoding="utf-8")
    write(settings, text.replace(_TABLE, f'{_TABLE}off = ["twins"]\n', 1))
    english = project / "mkdocs.en.yml"
    named = [*((page.title, page.name) for page in pages), ("V", "about/verification")]
    lines = [f"  - {json.dumps(title)}: {name}.md\n" for title, name in named]
    nav = "nav:\n  - Home: index.md\n" + "".join(lines)
    text = english.read_text(encoding="utf-8")
    write(english, _NAV.sub(lambda _: nav, text, count=1))
    links = "".join(f"- [{page.title}]({page.name}.md)\n" for page in pages)
    docs = project / "docs" / "en"
    write(docs / "index.md", f"# Benchmark {{ #benchmark }}\n\n{links}")
    write(docs / "about" / "verification.md", _VERIFICATION)


def write_page(project: Path, page: Source) -> None:
    """Write a page, with the figures of its folder."""
    file = project / "docs" / "en" / f"{page.name}.md"
    write(file, page.text)
    figures = (ENGLISH / page.name).parent / "figures"
    for figure in re.findall(r"\]\(figures/([\w-]+\.svg)\)", page.text):
        (file.parent / "figures").mkdir(exist_ok=True)
        shutil.copy(figures / figure, file.parent / "figures")


def build(programs: Path) -> Command:
    """What builds the English site."""
    return [programs / "mkdocs", "build", "--quiet", "--strict", "-f", "mkdocs.en.yml"]


def check(programs: Path) -> Command:
    """What runs every page and compares everything on it."""
    return [programs / "python", "-m", "pagecheck", "check"]


OURS = Tool(
    name="this site",
    told=("mkdocs", "mkdocs-material", "torch", "numpy", "matplotlib"),
    write_settings=write_settings,
    write_page=write_page,
    commands=lambda programs: [build(programs)],
    site="site/en",
    address=in_folder,
    # What finishes the site reads the project that it stands in: this copy. The other
    # is the plugins' notice of the end of life of what builds the site.
    environment={"PYTHONPATH": "src", "NO_MKDOCS_2_WARNING": "1"},
)
CHECKED = replace(
    OURS,
    name="this site, checked",
    commands=lambda programs: [build(programs), check(programs)],
)
