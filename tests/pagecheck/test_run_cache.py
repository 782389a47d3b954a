"""A page is run once for all rules and twins, and a kept run is never a stale pass."""

import os
import platform
import shutil
import sys

import pytest

from pagecheck import run_cache, runner
from pagecheck.checked import CheckedPage
from pagecheck.page import parse_page
from pagecheck.script import imports

from .conftest import GOOD, GOOD_ZH, checked_page, problems_of


@pytest.fixture
def counted(monkeypatch):
    """The pages that are really run, in order; outside CI."""
    monkeypatch.delenv("CI", raising=False)
    ran, run_page = [], runner.run_page

    def run(page, *args):
        ran.append(page.path.parts[-2])
        return run_page(page, *args)

    monkeypatch.setattr(runner, "run_page", run)
    forget()
    return ran


def forget():
    """Be as another process, which knows of no run."""
    runner._runs.clear()
    for each in (run_cache._sources, run_cache._machine):
        each.cache_clear()


def anew(root, language="en"):
    forget()
    return checked_page(root, language)


def kept(root):
    return list((root / ".cache" / "pagecheck").glob("*.pickle"))


def code(*lines):
    return "# T { #t }\n\n```python\n" + "\n".join(lines) + "\n```\n"


def test_twins_of_equal_code_share_one_run(project, tmp_path, counted):
    for en, zh, ran in (
        (GOOD, GOOD_ZH, ["en"]),
        (GOOD, GOOD_ZH.replace("3.14159  #", "3.14158 #"), ["zh"]),  # and one kept
        (GOOD.replace("<!--= total-->", "<!--= total + 0-->"), GOOD_ZH, ["en"]),
    ):
        project(en, zh)
        forget()
        counted.clear()
        pages = [checked_page(tmp_path, each) for each in ("en", "zh")]
        found = [problem for page in pages for problem in problems_of(page)]
        assert not [each for each in found if "block before it" in each]
        assert counted == ran
        assert bool(found) is ((en, zh) != (GOOD, GOOD_ZH))


def test_a_run_is_kept_while_all_that_it_depends_on_stays(
    project, tmp_path, counted, monkeypatch
):
    project()
    for _ in range(2):
        assert problems_of(anew(tmp_path)) == []
    assert checked_page(tmp_path).run.blocks[0].output == "3.14159\n"
    project(GOOD.replace("The sum is 3.14", "New.\n\nThe total is 3.15"))
    for name in ("TERM", "PWD", "OMP_WAIT_POLICY", "PYTEST_XDIST_WORKER", "COLUMNS"):
        monkeypatch.setenv(name, "other")
        assert name not in run_cache.environment()
    assert any(" numbers: " in each for each in problems_of(anew(tmp_path)))
    assert len(counted) == 1
    source = tmp_path / "src"
    changes = [
        lambda: source.mkdir() or (source / "a.py").write_text("x = 1"),
        lambda: (source / "a.py").write_text("x = 2"),
        lambda: (source / "data.csv").write_text("1"),
        lambda: (source / "b").mkdir() or (source / "a.py").rename(source / "b/a.py"),
        lambda: monkeypatch.setenv("OMP_NUM_THREADS", "3"),
        lambda: monkeypatch.setenv("OF_NO_LIBRARY_THAT_IS_KNOWN", "1"),
        lambda: monkeypatch.setattr(sys, "version", "4.0"),
        lambda: monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, False),
        lambda: monkeypatch.setattr(platform, "uname", lambda: ("another",)),
        lambda: project(GOOD.replace("3.14159\n", "3.141592\n"), GOOD_ZH),
    ]
    for number, change in enumerate(changes, 2):
        change()
        problems_of(anew(tmp_path))
        assert len(counted) == number


def test_recording_runs_a_page_anew_and_keeps_that(project, tmp_path, counted):
    project(code("import random", "print(random.random())"), None)
    first, second = (
        CheckedPage(page.file, page.config, keep=keep).run
        for keep in (True, False)
        for page in [anew(tmp_path)]
    )
    assert first != second == anew(tmp_path).run
    assert len(counted) == 2


def test_nothing_is_kept_in_ci(project, tmp_path, counted, monkeypatch):
    monkeypatch.setenv("CI", "true")
    project()
    for _ in range(2):
        problems_of(anew(tmp_path))
    assert len(counted) == 2
    assert not (tmp_path / ".cache").exists()


SEEING = [
    "import builtins\nbuiltins.open({data!r}).close()",
    "from pathlib import Path\nPath({data!r}).read_text()",
    "import numpy as np\nnp.loadtxt({data!r})",
    "import numpy as np\nnp.memmap({data!r})",
    "import os\nos.open({data!r}, os.O_RDONLY)",
    "import glob\nglob.glob('/home/*')",
    "import math, multiprocessing as m\nm.get_context('spawn').Process().start()",
    "import time\nx = time.time()",
    "import sqlite3\nsqlite3.connect('file:{data}?mode=ro', uri=True)",
    "import ctypes\nctypes.CDLL(None).getpid()",
    "import importlib\nimportlib.import_module('ti' + 'me').time()",
    "import numpy as np\nnp.datetime64('now')",
    "open('/proc/uptime').close()",
    "__import__('time').time()",
    "import torch\ntorch.os.path.exists({data!r})",
]


def test_a_page_that_may_see_more_than_its_code_is_not_kept(project, tmp_path):
    data = tmp_path / "data.txt"
    for seen in SEEING:
        page = parse_page(code(seen.format(data=str(data))))
        modules = {module for _, module in imports(page)}
        assert not run_cache.can_be_kept(page.text, modules, ()), seen
    data.write_text("1")
    run = project(code(f"print(open({str(data)!r}).read())"), None).run
    assert (run.blocks[0].output, kept(tmp_path)) == ("1\n", [])


def test_a_kept_run_that_is_spoilt_and_a_place_that_cannot_be_written_do_no_harm(
    project, tmp_path, counted
):
    project()
    problems_of(anew(tmp_path))
    kept(tmp_path)[0].write_bytes(b"{")
    assert problems_of(anew(tmp_path)) == []
    shutil.rmtree(tmp_path / ".cache")
    (tmp_path / ".cache").write_text("in the way")
    assert problems_of(anew(tmp_path)) == []
