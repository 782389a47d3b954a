"""A page is run once for all rules and twins, and a kept run is never a stale pass."""

import json
import os
import platform
import sys
import threading
from dataclasses import replace

import pytest

from pagecheck import run_cache, runner
from pagecheck.page import parse_page
from pagecheck.results import Run
from pagecheck.runner import run_of

from .conftest import GOOD, GOOD_ZH, checked_page, problems_of

OUTPUT = "<!--pytest-codeblocks:expected-output-->"


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
    for each in (run_cache._sources, run_cache._machine, run_cache._state):
        each.cache_clear()


def anew(root, language="en"):
    forget()
    return checked_page(root, language)


def kept(root):
    return list((root / ".cache" / "pagecheck").glob("*.json"))


def code(*lines):
    return "# T { #t }\n\n```python\n" + "\n".join(lines) + "\n```\n"


def test_twins_of_equal_code_share_one_run(project, tmp_path, counted):
    project()
    assert problems_of(checked_page(tmp_path, "en")) == []
    assert problems_of(checked_page(tmp_path, "zh")) == []
    assert counted == ["en"]


def test_twins_of_other_code_are_run_each(project, tmp_path, counted):
    project(GOOD, GOOD_ZH.replace("3.14159  #", "3.14158 #"))
    for language in ("en", "zh"):
        problems_of(checked_page(tmp_path, language))
    assert sorted(counted) == ["en", "zh"]


def test_an_expression_that_only_one_twin_has_is_evaluated_in_the_shared_run(
    project, tmp_path, counted
):
    project(GOOD.replace("<!--= total-->", "<!--= total + 0-->"))
    found = problems_of(checked_page(tmp_path, "en")) + problems_of(
        checked_page(tmp_path, "zh")
    )
    assert counted == ["en"]
    assert {each.split(": ")[0].split()[1] for each in found} == {"twins"}


def test_pages_that_run_at_once_do_not_wait_for_each_other(project, tmp_path, counted):
    config = project().config
    names = [f"{number}.md" for number in range(4)]
    pages = [parse_page(code(f"print({name[0]})"), tmp_path / name) for name in names]
    runs = {}
    threads = [
        threading.Thread(
            target=lambda p=page: runs.update({p.path: run_of(p, [], config)})
        )
        for page in [*pages, *pages]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outputs = [runs[page.path].blocks[0].output for page in pages]
    assert outputs == ["0\n", "1\n", "2\n", "3\n"]
    assert len(counted) == 4


def test_a_run_is_kept_once_a_second_one_has_given_the_same(project, tmp_path, counted):
    project()
    for _ in range(4):
        assert problems_of(anew(tmp_path)) == []
    assert len(counted) == 2
    forget()
    assert run_cache.read(kept(tmp_path)[0])[0] == anew(tmp_path).recording


def test_a_page_that_is_not_seeded_is_never_kept(project, tmp_path, counted):
    project(code("import random", "print(random.random())"), None)
    for _ in range(4):
        page = anew(tmp_path)
        shown = page.recording.blocks[0].output
        text = page.page.text.split("\n<!--")[0].rstrip()
        text += f"\n\n{OUTPUT}\n\n```text\n{shown}```\n"
        page.file.write_text(text, encoding="utf-8")
        assert any(" outputs: " in each for each in problems_of(anew(tmp_path)))


def test_a_change_of_what_a_run_depends_on_runs_anew(
    project, tmp_path, counted, monkeypatch
):
    project()
    for _ in range(3):
        problems_of(anew(tmp_path))
    assert len(counted) == 2
    source = tmp_path / "src"
    changes = [
        lambda: source.mkdir() or (source / "a.py").write_text("x = 1"),
        lambda: (source / "a.py").write_text("x = 2"),
        lambda: (source / "data.csv").write_text("1"),
        lambda: (source / "b").mkdir() or (source / "a.py").rename(source / "b/a.py"),
        lambda: monkeypatch.setenv("OMP_NUM_THREADS", "3"),
        lambda: monkeypatch.setenv("NPY_DISABLE_CPU_FEATURES", "AVX2"),
        lambda: monkeypatch.setenv("OF_NO_LIBRARY_THAT_IS_KNOWN", "1"),
        lambda: monkeypatch.setattr(sys, "version", "4.0"),
        lambda: monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, False),
        lambda: monkeypatch.setattr(platform, "uname", lambda: ("another",)),
        lambda: project(GOOD.replace("3.14159\n", "3.141592\n"), GOOD_ZH),
    ]
    for number, change in enumerate(changes, 3):
        change()
        problems_of(anew(tmp_path))
        assert len(counted) == number


def test_a_library_that_is_edited_in_place_is_noticed(tmp_path, monkeypatch):
    library, file = tmp_path / "library.py", tmp_path / "run.json"
    library.write_text("x = 1")
    run_cache.write(file, Run(modules=[str(library)]), confirmed=True)
    assert run_cache.read(file)[1]
    library.write_text("x = 22")
    run_cache._state.cache_clear()
    assert run_cache.read(file) == (None, False)


def test_prose_and_the_terminal_are_no_reason_to_run_anew(
    project, tmp_path, counted, monkeypatch
):
    project()
    for _ in range(3):
        problems_of(anew(tmp_path))
    project(GOOD.replace("The sum is 3.14", "New.\n\nThe total is 3.15"))
    for name in ("TERM", "PWD", "OMP_WAIT_POLICY", "PYTEST_XDIST_WORKER", "COLUMNS"):
        monkeypatch.setenv(name, "other")
    (problem,) = [p for p in problems_of(anew(tmp_path)) if " numbers: " in p]
    assert problem.endswith("3.15")
    assert len(counted) == 2


def test_a_page_is_given_no_variable_that_its_run_s_name_does_not_stand_for(
    project, monkeypatch
):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-q")
    names = "print(sorted(n for n in os.environ if n in ('TERM', 'PYTEST_ADDOPTS')))"
    page = project(code("import os", names), None)
    assert page.recording.blocks[0].output == "[]\n"


def test_nothing_is_kept_in_ci(project, tmp_path, counted, monkeypatch):
    monkeypatch.setenv("CI", "true")
    project()
    for _ in range(3):
        problems_of(anew(tmp_path))
    assert len(counted) == 3
    assert not (tmp_path / ".cache").exists()


@pytest.mark.parametrize(
    "seen",
    [
        "open({data!r}).close()",
        "import builtins\nbuiltins.open({data!r}).close()",
        "import io\nio.open({data!r}).close()",
        "from pathlib import Path\nPath({data!r}).read_text()",
        "import numpy as np\nnp.loadtxt({data!r})",
        "import numpy as np\nnp.fromfile({data!r})",
        "import numpy as np\nnp.memmap({data!r})",
        "import sqlite3\nsqlite3.connect({data!r})",
        "import os\nos.open({data!r}, os.O_RDONLY)",
        "import os\nos.listdir('/home')",
        "import glob\nglob.glob('/home/*')",
        "import os\nos.system('true')",
        "import subprocess\nsubprocess.run(['true'])",
        "import socket\nsocket.socket().close()",
        "import multiprocessing as m\nm.Process(target=print).start()",
        "import multiprocessing as m\nm.get_context('spawn').Process().start()",
        "import time\nx = time.time()",
        "from datetime import date\nx = date.today()",
        "import os\nx = os.path.exists({data!r})",
    ],
)
def test_a_page_that_sees_more_than_its_code_is_not_kept(
    project, tmp_path, counted, seen
):
    (tmp_path / "data.txt").write_text("1\n2\n3\n4\n")
    text = code(seen.format(data=str(tmp_path / "data.txt")))
    page = project(text, None)
    assert page.recording.blocks[0].error is None
    assert page.recording.saw
    assert kept(tmp_path) == []


def test_what_a_page_reads_of_its_own_and_of_libraries_is_no_more(project, tmp_path):
    text = code(
        "import numpy.testing",
        "import matplotlib.pyplot as plt",
        "import tempfile",
        "open('own', 'w').close()",
        "print(open('own').read(), open(numpy.__file__).close())",
        "with tempfile.TemporaryFile() as file:",
        "    file.write(b'x')",
        "figure, axes = plt.subplots()",
    )
    assert project(text, None).recording.saw == ""


@pytest.mark.parametrize("content", ["", "{", "[]", '{"run": [{"x": 1}]}', "spoilt"])
def test_a_spoilt_file_of_a_kept_run_is_run_anew(project, tmp_path, counted, content):
    project()
    problems_of(anew(tmp_path))
    (file,) = kept(tmp_path)
    whole = file.read_text()
    assert json.loads(whole)["confirmed"] is False
    file.write_text(content if content != "spoilt" else whole.replace("3.14", "3.15"))
    assert problems_of(anew(tmp_path)) == []
    assert len(counted) == 2


def test_old_runs_are_thrown_away_when_one_is_kept(tmp_path):
    old, young = tmp_path / "old.json", tmp_path / "young.json"
    for file in (old, young):
        run_cache.write(file, Run(), confirmed=True)
    os.utime(old, (0, 0))
    run_cache.write(tmp_path / "new.json", Run(), confirmed=True)
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "new.json",
        "young.json",
    ]


def test_where_nothing_can_be_written_pages_are_checked_all_the_same(
    project, tmp_path, counted
):
    project()
    (tmp_path / ".cache").write_text("in the way")
    assert problems_of(anew(tmp_path)) == []


def test_a_run_that_fails_fails_for_all_who_wait_for_it(project, monkeypatch):
    config = project().config

    def fail(*args):
        raise OSError("no process")

    monkeypatch.setattr(runner, "run_page", fail)
    forget()
    for _ in range(2):
        with pytest.raises(OSError, match="no process"):
            run_of(parse_page("x"), [], config)


@pytest.mark.parametrize("languages", [["en"], ["zh"], None])
def test_figures_are_drawn_in_the_languages_asked_for(project, languages):
    plot = "import matplotlib.pyplot as plt\n\nplt.plot([0, 1])\nplt.xlabel('step')\n"
    asked = replace(project(f"```python\n{plot}```\n", None), languages=languages)
    (figure,) = asked.recording.blocks[0].figures
    assert list(figure) == (languages or ["zh", "en"])
