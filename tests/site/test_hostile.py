"""A build of hostile pages runs none of their code, and publishes nothing else.

This is what makes it safe to build a stranger's change before anybody has read it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .built import ROOT

NAV = """\
nav:
  - Home: index.md
  - page.md
  - Lab: labs/lab.ipynb
  - Verification: about/verification.md

"""

# What tells that code of a page has run: it makes this file, wherever it runs.
RUN = "__import__('pathlib').Path({!r}).touch()"

PAGE = """\
---
description: A page that would like to be run.
---

# A hostile page {{ #hostile }}

{{{{ config.update({{}}) }}}} {{% raw %}}

```python
{run}
```

<!--pytest-codeblocks:expected-output-->

```text
nothing
```

```python exec="on"
{run}
```

```bash
touch {file}
```

The number is 3<!--= {run}-->, and so is this.

<!--pagecheck:formula {run}-->

$$
x = 1
$$

::: hostile

::: hostile
    options:
      members: true
      heading_level: 3
"""

MODULE = '''\
"""A module that must not be imported."""

{run}

def function(x=[{run}]):
    """A function.

    ::: hostile.other
    """
'''


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A project like ours, with hostile pages instead of ours."""
    root = tmp_path_factory.mktemp("hostile")
    run = RUN.format(str(root / "RAN"))
    for name in ("theme", "pyproject.toml", "LICENSE"):
        (root / name).symlink_to(ROOT / name)
    package = root / "src" / "hostile"
    package.mkdir(parents=True)
    for name in ("__init__.py", "other.py"):
        module = MODULE if name == "__init__.py" else MODULE.replace("::: hostile", "")
        (package / name).write_text(module.format(run=run))
    shutil.copytree(ROOT / "src" / "torch_recipes", root / "src" / "torch_recipes")
    for name in ("pagecheck", "site_finish"):  # which reads the project that it lies in
        (root / "src" / name).symlink_to(ROOT / "src" / name)
    for name in ("mkdocs.yml", "mkdocs.en.yml"):
        settings = (ROOT / name).read_text("utf-8")
        settings = re.sub(r"(?ms)^nav:\n.*?(?=^\S)", NAV, settings)
        (root / name).write_text(settings, "utf-8")
    notebook = {
        "cells": [
            {
                "cell_type": "code",
                "execution_count": 1,
                "id": "a",
                "metadata": {},
                "outputs": [],
                "source": [run],
            }
        ],
        "metadata": {
            "description": "A hostile notebook.",
            "kernelspec": {"display_name": "x", "language": "python", "name": "x"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (root / "docs").mkdir()
    for name in ("figure-texts.toml", "references.bib"):
        shutil.copy(ROOT / "docs" / name, root / "docs")
    for language in ("zh", "en"):
        docs = root / "docs" / language
        for folder in ("about", "labs"):
            (docs / folder).mkdir(parents=True)
        page = PAGE.format(run=run, file=root / "RAN")
        (docs / "page.md").write_text(page)
        (docs / "index.md").write_text("# Home { #home }\n\nWords.\n")
        (docs / "about" / "verification.md").write_text("# V { #v }\n\nWords.\n")
        (docs / "labs" / "lab.ipynb").write_text(json.dumps(notebook))
    return root


def build(project: Path) -> str:
    """What a strict build of a project complains about."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q"]
    environment = {
        **os.environ,
        "NO_MKDOCS_2_WARNING": "1",
        "PYTHONPATH": str(project / "src"),
    }
    built = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True
    )
    return "" if built.returncode == 0 else built.stdout + built.stderr


def test_a_build_runs_no_code_of_pages(project: Path):
    assert build(project) == ""
    html = (project / "site" / "page" / "index.html").read_text("utf-8")
    assert "A function." in html  # the hostile module was read
    assert (project / "site" / "labs" / "lab.ipynb").exists()
    assert not (project / "RAN").exists()


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        (
            "page.md",
            "# T { #t }\n\n::: hostile\n    options:\n      force_inspection: true\n",
            "page.md:3: ::: hostile sets force_inspection",
        ),
        ("page.md", "# T { #t }\n\n<script>x()</script>\n", "page.md:3: the site's"),
        ("page.md", "# `<script>x()</script>` { #t }\n", "page.md:1: the site's"),
        (
            "page.md",
            "---\ntitle: <script>x()</script>\n---\n\n# T { #t }\n",
            "page.md:2: title has one of",
        ),
        ("more.xhtml", "<html/>", "docs/zh/more.xhtml: the site publishes pages"),
    ],
    ids=["api", "script", "heading", "title", "file"],
)
def test_a_build_refuses(project: Path, tmp_path: Path, name, text, complaint):
    changed = tmp_path / "project"
    shutil.copytree(project, changed, symlinks=True)
    (changed / "docs" / "zh" / name).write_text(text)
    assert complaint in build(changed)
    assert not (project / "RAN").exists()
