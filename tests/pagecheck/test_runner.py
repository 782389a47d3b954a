"""A page's run: its code in a fresh interpreter, whatever that does."""

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from dataclasses import asdict, replace
from pathlib import Path

import psutil
import pytest

from pagecheck import runner
from pagecheck.config import Config
from pagecheck.page import parse_page
from pagecheck.runner import run_of
from pagecheck.watch import exceeded

from ..terminal import hear
from .drawings import HOUSE

RAISES = "<!--pytest.mark.xfail(raises={}, strict=True)-->\n\n"
ENDED = "the process of the page ended while it ran"


@pytest.fixture
def config(tmp_path, monkeypatch):
    """A project, and temporary folders that are this test's."""
    for folder in ("docs", "tmp", "src"):
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    monkeypatch.setenv("CI", "true")  # where nothing is kept
    pages = dict.fromkeys(("en", "zh"), tmp_path / "docs")
    texts = {"zh": {"step": "步"}}
    return Config(tmp_path, pages, run_bash=True, figures=HOUSE, figure_texts=texts)


@pytest.fixture
def run(config):
    """Run a page of code, of which nothing is left behind."""

    def of(*parts):
        texts = [p if p.startswith(("#", "<", "`")) else block(p) for p in parts]
        page = parse_page("# T { #t }\n\n" + "\n".join(texts), Path("page.md"))
        before = {*config.root.rglob("*")}
        found = run_of(page, (), config, keep=False)
        assert {*config.root.rglob("*")} == before, parts
        return found

    return of


@pytest.fixture
def limits(monkeypatch):
    def of(**limits):
        monkeypatch.setattr(runner, "LIMITS", replace(runner.Limits(), **limits))

    return of


def block(code):
    return f"```python\n{textwrap.dedent(code).strip()}\n```\n"


def outputs(run):
    assert [b.message for b in run.blocks if b.error] == []
    return [each.output for each in run.blocks]


# Blocks of one page, each with what it prints.
AS_IN_A_SCRIPT = [
    ("x = 1", ""),
    ("import os, sys\nx += 1\nprint(x, __name__, sys.modules['__main__'].x)",
     "2 __main__ 2\n"),
    ("print(sys.argv == [__file__], os.environ['OMP_WAIT_POLICY'])", "True PASSIVE\n"),
    ("print(sys.stdin.read() == '')", "True\n"),
    ("import warnings\nprint(1)\nwarnings.warn('careful')\nprint(2)",
     "1\nUserWarning: careful\n2\n"),
    ("from __future__ import annotations", ""),
    ("def f(a: b):\n    return 1", ""),
    ("import inspect\nprint(inspect.getsource(f))",
     "def f(a: b):\n    return 1\n\n"),
    # What was kept of a stream in one block prints in the next.
    ("import logging\nlogging.basicConfig(format='%(message)s')\n"
     "logging.warning('one')", "one\n"),
    ("logging.warning('two')", "two\n"),
    ("import subprocess\nprint('a')\nos.system('echo b')\n"
     "subprocess.run(['echo', 'c'])\nprint('d')", "a\nb\nc\nd\n"),
    ("sys.stdout.reconfigure(encoding='utf-8')\n"
     "sys.stdout.buffer.write(b'bytes\\n')\nprint(sys.stdout.fileno())\n"
     "print('é', file=sys.stderr)", "bytes\n1\né\n"),
    ("if not os.fork():\n    os._exit(0)\nos.wait()", ""),
    ("import torch\nfrom torch.utils.data import DataLoader, TensorDataset\n"
     "data = TensorDataset(torch.arange(4.0))\n"
     "for (batch,) in DataLoader(data, batch_size=2, num_workers=1):\n"
     "    print(batch)", "tensor([0., 1.])\ntensor([2., 3.])\n"),
    ("```bash\necho hello\n```\n", "hello\n"),
    ("import shutil\nshutil.rmtree(os.getcwd())", ""),
    ("import builtins\nshow, builtins.print = print, None", ""),
    ("show(3)", "3\n"),
    ("os.closerange(0, 100)", ""),
    ("x = 1", ""),
]  # fmt: skip


def test_code_finds_what_a_script_finds(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    codes, printed = zip(*AS_IN_A_SCRIPT, strict=True)
    assert outputs(run(*codes)) == [*printed]
    pools = [
        f"if __name__ == '__main__':\n    with m.get_context('{how}').Pool(1) as pool:"
        "\n        print(pool.map(square, [1, 2]))"
        for how in ("fork", "spawn")
    ]
    square = "import multiprocessing as m\n\n\ndef square(x):\n    return x * x"
    assert outputs(run(square, *pools)) == ["", "[1, 4]\n", "[1, 4]\n"]


def test_a_page_has_those_of_the_project_s_packages_that_it_imports(config, run):
    for name in ("tiny_package", "another"):
        (config.root / "src" / f"{name}.py").write_text("x = 3\n")
    hidden = "import tiny_package\nprint(tiny_package.x)\n__import__('another')"
    (found,) = run(hidden).blocks
    assert found.output == "3\n"
    assert found.message.startswith("ModuleNotFoundError")


# Blocks of one page, each with the line that raises and the end of a traceback.
EXCEPTIONS = [
    ("x = 1\nx / 0", 1, "ZeroDivisionError: division by zero"),
    ("x = 1\nx = = 2", 1, "SyntaxError: invalid syntax"),
    ("x = (", 0, "SyntaxError: '(' was never closed"),
    ("import sys\nsys.exit(0)", 1, "SystemExit: 0"),
    ("raise KeyboardInterrupt", 0, "KeyboardInterrupt"),
    ("return", 0, "SyntaxError: 'return' outside function"),
    ("import sys\nsys.stdout.close()\nprint(1)", 2, "ValueError: I/O operation"),
]


def test_an_exception_points_at_its_line_and_only_an_expected_one_is_gone_past(run):
    expected = (
        RAISES.format(message.split(":")[0]) + block(code)
        for code, _, message in EXCEPTIONS
    )
    bash = "```bash\nfalse\necho never\n```\n"
    *found, after, failed, last = run(*expected, "assert x == 1", bash, "x = 2").blocks
    for (_, offset, message), each in zip(EXCEPTIONS, found, strict=True):
        assert (each.offset, each.message[: len(message)]) == (offset, message)
    assert after.error is None
    assert failed.message.startswith("subprocess.CalledProcessError: Command")
    assert last.not_reached


# -- what does not end, or ends badly --------------------------------------------------

SLEEPS = {"seconds": 1, "patience": 5}
TOO_FAR = [
    ("while True:\n    pass", {"seconds": 0.3, "patience": 1000},
     "it had not ended after 0.3 seconds of processor time"),
    ("import time\ntime.sleep(600)", SLEEPS,
     "it had not ended after 5 seconds by the clock"),
    ("x = [bytearray(10**8) for _ in range(9)]\nwhile True:\n    pass",
     {"memory": 2**28}, "it held more than 0.25 GiB of memory"),
    ("while True:\n    print('x' * 999)", {}, "it printed more than 1,000,000 bytes"),
    ("print('x' * 2_000_000)", {}, "it printed more than 1,000,000 bytes"),
    ("import os\nos._exit(0)", {}, ENDED),
    ("import os\nos.kill(os.getpid(), 9)", {}, f"{ENDED} (SIGKILL)"),
    ("import os, time\nos.kill(os.getppid(), 9)\ntime.sleep(60)", {}, ENDED),
    ("import os, time\nos.killpg(0, 9)\ntime.sleep(60)", {}, ENDED),
    ("import os, time\nos.kill(os.getppid(), 19)\ntime.sleep(60)", SLEEPS,
     "it had not ended after 5 s"),
    ("import json\njson.dumps = None", {}, f"{ENDED} (status 1) TypeError: "),
    ("import json\njson.dumps = lambda *_, **__: '{}'", {}, runner._TOUCHED),
    ("import os, shutil\nshutil.rmtree(os.path.dirname(os.getcwd()))", {}, ENDED),
    ("import sys\nfile = open(sys.argv[0].replace('page.py', 'results'), 'a')\n"
     "print('nonsense', file=file, flush=True)", {}, runner._TOUCHED),
]  # fmt: skip


def test_a_block_that_goes_too_far_is_stopped_and_named(run, limits):
    for code, limit, said in TOO_FAR:
        limits(**limit)
        first, second, third = run("print(1)", code, "x = 2").blocks
        told = [each for each in (first, second, third) if each.error]
        assert told[0].error == "Stopped", code
        assert told[0].message.startswith(said), code
        assert "\n" not in told[0].message
        if said != runner._TOUCHED and "rmtree" not in code:
            assert (second, first.output) == (told[0], "1\n")
            assert third.not_reached or third == second


def test_a_limit_is_reached_by_processor_and_clock_by_the_clock_alone_or_by_memory():
    limits = asdict(runner.Limits(seconds=10))
    for clock, processor, memory, said in (
        (49.0, 9.0, 0, ""),  # it waits for its turn on a busy machine
        (9.0, 60.0, 0, ""),  # many threads
        (11.0, 10.5, 0, "it had not ended after 10 seconds of processor time"),
        (50.0, 0.0, 0, "it had not ended after 50 seconds by the clock"),
        (0.1, 0.1, limits["memory"], ""),
        (0.1, 0.1, limits["memory"] + 1, "it held more than 4 GiB of memory"),
    ):
        assert exceeded(limits, clock, processor, memory) == said


LEFT = [
    ("import atexit\natexit.register(print, 'bye')", "it prints after its last line"),
    ("import threading, time\nthreading.Thread(target=lambda: "
     "(time.sleep(0.2), print('late'))).start()", "it prints after its last line"),
    ("from threading import Event, Thread\nThread(target=Event().wait).start()",
     "it had not ended after 5 seconds by the clock"),
    ("import atexit, os\natexit.register(os._exit, 3)", "it ended with status 3"),
    ("import os\nif os.fork():\n    os.wait()", runner._TOUCHED),
]  # fmt: skip


def test_what_goes_on_after_the_last_line_is_told(run, limits):
    limits(seconds=1, patience=5)
    for code, left in LEFT:
        whole = run(code)
        (found,) = whole.blocks
        assert (found.error, found.output, whole.ended) == ("Stopped", "", False), code
        assert found.message.startswith(left), code


SLEEP = "import subprocess\nsubprocess.Popen(['sleep', {0!r}]"
SLEEPING = [
    f"{SLEEP})",
    f"{SLEEP}, start_new_session=True)",
    "import os\nif not os.fork():\n    os.setsid()\n    if not os.fork():\n"
    "        os.execvp('sleep', ['sleep', {0!r}])\n    os._exit(0)\nos.wait()",
]


def test_no_process_of_a_page_outlives_its_run(run):
    mark = f"6{os.getpid()}"
    outputs(run(*(code.format(mark) for code in SLEEPING)))
    assert not _sleepers(mark)


def _sleepers(mark):
    processes = psutil.process_iter(["cmdline"])
    return [each for each in processes if each.info["cmdline"] == ["sleep", mark]]


@pytest.fixture
def checker(config):
    """Start a checker of a page that sleeps."""

    def of(mark, page="import subprocess\nsubprocess.run(['sleep', '{}'])"):
        root = config.root
        (root / "docs" / "page.md").write_text(f"# T\n\n{block(page.format(mark))}")
        settings = '[tool.pagecheck]\npages = { en = "docs" }\n'
        (root / "pyproject.toml").write_text(settings)
        command = [sys.executable, "-m", "pagecheck", "check"]
        env = os.environ | {"TMPDIR": str(root / "tmp")}
        process = subprocess.Popen(command, cwd=root, env=env, preexec_fn=hear)
        _until(lambda: _sleepers(mark))
        return process

    return of


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGINT])
def test_a_checker_that_is_killed_leaves_nothing_of_a_page(checker, tmp_path, by):
    mark = f"7{by:d}{os.getpid()}"
    process = checker(mark)
    process.send_signal(by)
    assert process.wait() == (130 if by == signal.SIGINT else -by)
    _until(lambda: not _sleepers(mark) and list((tmp_path / "tmp").iterdir()) == [])


@pytest.mark.skipif(sys.platform != "linux", reason="what Linux does for a process")
def test_a_page_ends_with_its_watcher_whatever_it_is_busy_with(checker):
    mark = f"5{os.getpid()}"
    process = checker(mark, "import os\nos.execvp('sleep', ['sleep', '{}'])")
    (watcher,) = psutil.Process(process.pid).children()
    process.send_signal(signal.SIGSTOP)
    watcher.kill()
    _until(lambda: not _sleepers(mark))
    process.kill()
    process.wait()


def _until(true):
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


# -- what is evaluated beside the code -------------------------------------------------


def test_expressions_are_evaluated_after_their_section(run):
    found = run(
        "## A { #a }\n\n1<!--= x-->\n\n" + block("x = 1") + block("x = 2"),
        "## B { #b }\n\n3<!--= x-->\n\n" + block("x = 3"),
    )
    assert [value.digits for value in found.values.values()] == ["2", "3"]


CODE = """
import os, sys, numpy
n, a, z = 1, numpy.ones(3), 1.0
def forever(x):
    while True:
        x += 1
"""


EXPRESSIONS = [
    ("=", "n", "1", ""),
    ("=", "a.sum()", "3.0", ""),
    ("=", "y", None, "NameError"),
    ("=", "'1'", None, "no number"),
    ("=", "n == 1", None, "no number"),
    ("=", "n +", None, "SyntaxError"),
    ("=", "a", None, "no number"),
    ("=", "n / 0", None, "ZeroDivisionError: division by zero"),
    ("=", "sys.exit(3)", None, "SystemExit: 3"),
    ("=", "0 * n", "0", "whatever `n` is"),
    ("=", "1 + 1", "2", "names nothing"),
    ("pagecheck:claim", "n == 1", "True", ""),
    ("pagecheck:claim", "(a == a.max()).all()", "True", ""),
    ("pagecheck:claim", "n", None, "it is 1, of type int"),
    ("pagecheck:claim", "[n]", None, "it is [1], of type list"),
    ("pagecheck:claim", "n > 2", None, "it is False"),
    ("pagecheck:claim", "a > 0", None, "array([ True,  True,  True]), of type nd"),
    ("pagecheck:claim", "y", None, "NameError: name 'y' is not defined"),
    ("pagecheck:claim", "1 < 2", "True", "names nothing"),
    ("pagecheck:formula", "z", None, ""),
    ("pagecheck:formula", "2 * z", None, "the left-hand side is 1, not 2"),
]
ENDING = [
    ("=", "os._exit(3)", None, ENDED),
    ("pagecheck:formula", "os._exit(3)", None, ENDED),
    ("=", "forever(n)", None, "it had not ended after 2 seconds of processor"),
]


def test_an_expression_has_a_value_or_says_why_not_and_the_block_is_well(run, limits):
    for expressions in (EXPRESSIONS, *([each] for each in ENDING)):
        limits(**({"seconds": 2, "patience": 1000} if len(expressions) == 1 else {}))
        text = "<p></p>\n"
        for kind, expression, *_ in expressions:
            directive = f"<!--{kind} {expression}-->"
            formula = f"\n{directive}\n\n$$\nz\n$$\n"
            text += formula if "formula" in kind else f"\nIt is 1{directive}\n"
        found = run(text, CODE)
        assert found.blocks[0].error is None
        for (_, expression, digits, said), value in zip(
            expressions, found.values.values(), strict=True
        ):
            told = value.error + value.vacuous
            assert (value.digits, said in told, bool(said)) == (
                digits,
                True,
                bool(told),
            ), expression


def test_what_is_evaluated_leaves_no_trace_in_what_comes_after(run):
    code = """
        import random
        import warnings
        import numpy as np
        import torch

        def seed():
            global rng, generator
            random.seed(0)
            np.random.seed(0)
            torch.manual_seed(0)
            rng, generator = np.random.default_rng(0), torch.Generator().manual_seed(0)

        def warned():
            warnings.warn("once")
            return len([0])

        def said():
            drawn = torch.rand(()) + torch.rand((), generator=generator)
            return random.random() + np.random.rand() + rng.random() + warned() + drawn

        seed()
    """
    after = "print(random.random(), said().item())"
    found = outputs(
        run(
            f"<p></p>\n\n1<!--= said()-->\n\n{block(code)}",
            f"## B {{ #b }}\n\n{block(after)}",
            f"seed()\n{after}",
        )
    )
    assert found == ["", f"UserWarning: once\n{found[2]}", found[2]]


def test_what_an_expression_prints_is_not_lost(run):
    code = "def f():\n    print('x')\n    return 1"
    (found,) = run("<p></p>\n\n1<!--= f()-->\n", code).blocks
    assert "or when its numbers are evaluated: 'x" in found.message


# -- figures, bash ---------------------------------------------------------------------

PLOT = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([0, 1])"


def test_open_figures_are_drawn_in_the_house_style_and_closed_after_their_block(run):
    first, second, third = run(
        f"{PLOT}\nax.set_title('step')\nprint(plt.rcParams['image.cmap'])",
        "print(plt.get_fignums())",
        PLOT.replace("[0, 1]", "[0, 1], color='red'"),
    ).blocks
    assert first.output == "house\n"
    (figure,) = first.figures
    assert ">step<" in figure["en"].svg
    assert ">步<" in figure["zh"].svg
    assert second.output == "[]\n"
    assert "#ff0000" in str(third.figures[0]["en"].error)


def test_no_bash_block_runs_where_the_project_does_not_say_so(config):
    text = f"{block('print(1)')}\n```bash\ntouch installed\n```\n\n{block('print(2)')}"
    config = replace(config, run_bash=False)
    _, refused, after = run_of(parse_page(text), (), config, keep=False).blocks
    assert "run-bash = true" in refused.message
    assert after.not_reached
    assert not list(config.root.glob("installed"))


def test_nothing_is_started_for_a_page_without_code(run, monkeypatch):
    monkeypatch.setattr(runner, "_execute", None)
    text = "<!--pagecheck:unchecked it installs-->\n\n```bash\npip install x\n```\n"
    assert outputs(run(text)) == [""]
    for claim in ("1 < 2", "2 < 3"):  # runs of their own
        found = run(f"<p></p>\n\nSo.<!--pagecheck:claim {claim}-->\n")
        assert (found.blocks, [*found.values]) == ([], [("claim", None, claim)])
