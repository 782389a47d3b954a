"""A page's run: its code in a fresh interpreter, whatever that does."""

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Mapping
from pathlib import Path

import psutil
import pytest

from pagecheck import runner, time_limit
from pagecheck.config import Config
from pagecheck.page import parse_page
from pagecheck.runner import run_page

from .drawings import HOUSE

RAISES = "<!--pytest.mark.xfail(raises={}, strict=True)-->\n\n"
ENDED = "the process of the page ended while it ran"


@pytest.fixture
def config(tmp_path):
    (tmp_path / "docs").mkdir(exist_ok=True)
    return Config(
        tmp_path,
        {"en": tmp_path / "docs"},
        source=tmp_path / "src",
        run_bash=True,
        figures=HOUSE,
    )


@pytest.fixture
def run(config, monkeypatch, tmp_path):
    """Run a page of code; its temporary folders are this test's."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))

    def of(*parts, **more):
        texts = [p if p.startswith(("#", "<", "`")) else block(p) for p in parts]
        text = "# T { #t }\n\n" + "\n".join(texts)
        found = run_page(parse_page(text, Path("page.md")), config, **more)
        assert list((tmp_path / "tmp").iterdir()) == []
        return found

    return of


def block(code):
    return f"```python\n{textwrap.dedent(code).strip()}\n```\n"


def outputs(run):
    assert [b.message for b in run.blocks if b.error] == []
    return [each.output for each in run.blocks]


# -- a script in a fresh interpreter ---------------------------------------------------


@pytest.mark.parametrize(
    ("codes", "printed"),
    [
        (("x = 1", "x += 1\nprint(x)"), ["", "2\n"]),
        (
            ("import sys\nprint(sys.modules.get('numpy'), sys.modules['pagecheck'])",),
            ["None None\n"],
        ),
        (
            ("import sys\nx = 5\nprint(__name__, sys.modules['__main__'].x)",),
            ["__main__ 5\n"],
        ),
        (
            ("import sys\nprint(__file__ == sys.argv[0], sys.argv[1:])",),
            ["True []\n"],
        ),
        (("import os\nprint(os.environ['OMP_WAIT_POLICY'])",), ["PASSIVE\n"]),
        (("import sys\nprint(sys.stdin.read() == '')",), ["True\n"]),
        (
            ("import warnings\nprint(1)\nwarnings.warn('careful')\nprint(2)",),
            ["1\nUserWarning: careful\n2\n"],
        ),
        (
            ("from __future__ import annotations", "def f(a: b): pass\nprint(f(1))"),
            ["", "None\n"],
        ),
        (
            ("def f():\n    return 1", "import inspect\nprint(inspect.getsource(f))"),
            ["", "def f():\n    return 1\n\n"],
        ),
    ],
)  # fmt: skip
def test_code_finds_what_a_script_finds(run, codes, printed):
    assert outputs(run(*codes)) == printed


@pytest.mark.parametrize(
    ("codes", "printed"),
    [
        (  # what was kept of a stream in one block prints in the next
            ("import logging\nlogging.basicConfig(format='%(message)s')\n"
             "logging.warning('one')", "logging.warning('two')"),
            ["one\n", "two\n"],
        ),
        (("import sys\nout = sys.stdout", "print(2, file=out)"), ["", "2\n"]),
        (
            ("import os, subprocess\nprint('a')\nos.system('echo b')\n"
             "subprocess.run(['echo', 'c'])\nprint('d')",),
            ["a\nb\nc\nd\n"],
        ),
        (
            ("import sys\nsys.stdout.reconfigure(encoding='utf-8')\n"
             "sys.stdout.buffer.write(b'bytes\\n')\nsys.stdout.flush()\n"
             "print(sys.stdout.fileno())\nprint('é', file=sys.stderr)",),
            ["bytes\n1\né\n"],
        ),
        (
            ("import multiprocessing\n\n\ndef square(x):\n    return x * x",
             "with multiprocessing.get_context('fork').Pool(2) as pool:\n"
             "    print(pool.map(square, [1, 2]))"),
            ["", "[1, 4]\n"],
        ),
        (
            ("import multiprocessing\n\n\ndef square(x):\n    return x * x",
             "if __name__ == '__main__':\n"
             "    with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
             "        print(pool.map(square, [1, 2]))"),
            ["", "[1, 4]\n"],
        ),
        (("import os\nif not os.fork():\n    os._exit(0)\nos.wait()\nprint(1)",),
         ["1\n"]),
        (("import os, shutil\nshutil.rmtree(os.getcwd())", "print(1)"), ["", "1\n"]),
        (("import os\nos.closerange(0, 100)", "x = 1"), ["", ""]),
        (("import builtins\nbuiltins.print = None", "x = 1"), ["", ""]),
    ],
)  # fmt: skip
def test_streams_and_processes_are_those_of_a_script(run, codes, printed):
    found = run(*codes)
    assert outputs(found) == printed
    assert {each.left for each in found.blocks} == {""}


def test_workers_that_load_data_work_as_in_a_script(run):
    code = """
        import torch
        from torch.utils.data import DataLoader, TensorDataset
        data = TensorDataset(torch.arange(4.0))
        for (batch,) in DataLoader(data, batch_size=2, num_workers=1):
            print(batch)
    """
    assert outputs(run(code)) == ["tensor([0., 1.])\ntensor([2., 3.])\n"]


def test_files_that_a_page_writes_do_not_reach_the_project(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.rglob("*"))
    outputs(run("import tempfile\nopen('a', 'w').close()\nhandle = tempfile.mkdtemp()"))
    assert set(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "code",
    [
        "import random\nprint(random.random())",
        "import numpy\nprint(numpy.random.rand())",
        "import torch\nprint(torch.rand(()).item())",
        "print(hash('seed'))",
    ],
)
def test_what_is_not_seeded_changes_from_run_to_run(run, code):
    assert outputs(run(code)) != outputs(run(code))


def test_a_package_that_the_page_does_not_import_cannot_be_had_by_stealth(run, config):
    for name in ("tiny_package", "other_package"):
        (config.root / "src" / name).mkdir(parents=True)
        (config.root / "src" / name / "__init__.py").write_text("x = 3\n")
    assert outputs(run("import tiny_package\nprint(tiny_package.x)")) == ["3\n"]
    for stealth in ("other_package", "pagecheck.page", "pagecheck"):
        found = run(f"import tiny_package\n__import__({stealth!r})").blocks[0]
        assert found.error == "ModuleNotFoundError", stealth


# -- errors ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "offset", "message"),
    [
        ("x = 1\nx / 0", 1, "ZeroDivisionError: division by zero"),
        ("x = 1\nx = = 2", 1, "SyntaxError: invalid syntax"),
        ("import sys\nsys.exit(0)", 1, "SystemExit: 0"),
        ("raise KeyboardInterrupt", 0, "KeyboardInterrupt"),
        ("import sys\nsys.stdout.close()\nprint(1)", 2, "ValueError: I/O operation"),
        ("x = 1\nreturn", 1, "SyntaxError: 'return' outside function"),
    ],
)
def test_an_exception_points_at_its_line_of_the_block(run, code, offset, message):
    first, second = run("```text\nwords\n```\n", code, "x = 1").blocks
    assert first.offset == offset
    assert first.message.startswith(message)
    assert second.not_reached


def test_an_import_from_the_future_in_a_later_block_is_an_error_as_in_a_file(run):
    _, second = run("x = 1", "from __future__ import annotations").blocks
    assert second.message.startswith("SyntaxError: from __future__ imports must occur")


@pytest.mark.parametrize("name", ["ZeroDivisionError", "KeyboardInterrupt"])
def test_the_page_goes_on_after_an_expected_exception(run, name):
    first, second = run(
        RAISES.format(name) + block(f"x = 1\nraise {name}"), "print(x)"
    ).blocks
    assert (first.error, second.output) == (name, "1\n")


# -- what does not end, or ends badly --------------------------------------------------


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("while True:\n    pass",
         "it had not ended after 0.3 seconds of processor time"),
        ("import time\ntime.sleep(600)",
         "it had not ended after 1.5 seconds by the clock"),
        ("x = [bytearray(10**8) for _ in range(9)]\nwhile True:\n    pass",
         "it held more than 0.25 GiB of memory"),
        ("while True:\n    print('x' * 999)", "it printed more than 1,000,000 bytes"),
        ("for i in range(20_001):\n    print(i)",
         "it printed 20,001 lines, more than 20,000"),
        ("import os\nos._exit(0)", ENDED),
        ("import os\nos.kill(os.getpid(), 9)", f"{ENDED} (SIGKILL)"),
        ("import os, time\nos.kill(os.getppid(), 9)\ntime.sleep(60)", ENDED),
        ("import os, time\nos.killpg(0, 9)\ntime.sleep(60)", ENDED),
        ("import json\njson.dumps = None", ENDED),
        ("import os, sys\nos.remove(sys.argv[0].replace('page.py', 'results'))", ENDED),
        ("import os, shutil\nshutil.rmtree(os.path.dirname(os.getcwd()))", ENDED),
        ("import sys\nfile = open(sys.argv[0].replace('page.py', 'results'), 'a')\n"
         "print('nonsense', file=file, flush=True)",
         "what its process tells cannot be read: the page has touched it"),
    ],
)  # fmt: skip
def test_a_block_that_goes_too_far_is_stopped_and_named(run, monkeypatch, code, said):
    if "had not ended" in said:
        monkeypatch.setattr(runner, "BLOCK_SECONDS", 0.3)
    monkeypatch.setattr(time_limit, "MEMORY", 2**28)
    if "clock" not in said:  # which goes on while a busy machine does something else
        monkeypatch.setattr(time_limit, "PATIENCE", 1000)
    first, second, third = run("x = 1", code, "x = 2").blocks
    assert (second.error, second.message) == ("Stopped", said)
    assert third.not_reached
    assert (first.output, first.error) == ("", None)


def test_an_output_that_is_cut_short_later_is_refused(run):
    found = run("print('hello')", "import os\nos.ftruncate(1, 0)").blocks
    assert any("cut short" in each.message for each in found)


@pytest.mark.parametrize(
    ("code", "left"),
    [
        ("import atexit\natexit.register(print, 'bye')",
         "it prints after its last line"),
        ("import threading, time\nthreading.Thread(target=lambda: "
         "(time.sleep(0.2), print('late'))).start()", "it prints after its last line"),
        ("from threading import Event, Thread\nThread(target=Event().wait).start()",
         "what it has started did not end"),
        ("import atexit, os\natexit.register(os._exit, 3)", "it ended with status 3"),
        ("import os\nos.fork()", "a fork of its process that goes on"),
    ],
)  # fmt: skip
def test_what_goes_on_after_the_last_line_is_told(run, monkeypatch, code, left):
    monkeypatch.setattr(runner, "END_SECONDS", 0.4)
    (found,) = run(code).blocks
    assert found.error is None
    assert found.left.startswith(left)


@pytest.mark.parametrize(
    "code",
    [
        "import subprocess\nsubprocess.Popen(['sleep', {0!r}])",
        "import subprocess\nsubprocess.Popen(['sleep', {0!r}], start_new_session=True)",
        "import os\nif not os.fork():\n    os.setsid()\n    if not os.fork():\n"
        "        os.execvp('sleep', ['sleep', {0!r}])\n    os._exit(0)\nos.wait()",
    ],
)
def test_no_process_of_a_page_outlives_its_run(run, code):
    mark = f"6{os.getpid()}"
    begun = time.monotonic()
    outputs(run(code.format(mark)))
    assert time.monotonic() - begun < 60
    assert not _sleepers(mark)


def _sleepers(mark):
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        if process.info["cmdline"] == ["sleep", mark]:
            found.append(process)
    return found


@pytest.mark.parametrize(
    "by", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT]
)
def test_a_checker_that_is_killed_leaves_nothing_of_a_page(tmp_path, by):
    mark, temporary = f"7{by:d}{os.getpid()}", tmp_path / "tmp"
    temporary.mkdir()
    page = f"import subprocess\nsubprocess.run(['sleep', '{mark}'])"
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text(f"# T {{ #t }}\n\n{block(page)}")
    settings = '[tool.pagecheck]\npages = { en = "docs" }\n'
    (tmp_path / "pyproject.toml").write_text(settings)
    checker = subprocess.Popen(
        [sys.executable, "-m", "pagecheck", "check"],
        cwd=tmp_path,
        env=os.environ | {"TMPDIR": str(temporary)},
    )
    _until(lambda: _sleepers(mark))
    checker.send_signal(by)
    assert checker.wait() == (130 if by == signal.SIGINT else -by)
    _until(lambda: not _sleepers(mark) and list(temporary.iterdir()) == [])


def _until(true):
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_folder_that_a_killed_checker_has_left_is_removed(run, tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    old = tmp_path / "tmp" / f"pagecheck-{dead.pid}-abc"
    old.mkdir()
    os.utime(old, (0, 0))
    runner._remove_stale.cache_clear()
    outputs(run("x = 1"))


# -- what is evaluated beside the code -------------------------------------------------


def values(run):
    return {text: value for (_, text), value in run.values.items()}


def test_expressions_are_evaluated_after_their_section(run):
    found = run(
        "## A { #a }\n\n1<!--= x-->\n\n" + block("x = 1") + block("x = 2"),
        "## B { #b }\n\n3<!--= x-->\n\n" + block("x = 3"),
    )
    assert [value.digits for value in found.values.values()] == ["2", "3"]


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("y", "NameError"),
        ("'1'", "no number"),
        ("True", "no number"),
        ("x +", "SyntaxError"),
        ("[1, 2]", "no number"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("sys.exit(3)", "SystemExit: 3"),
        ("os._exit(3)", ENDED),
        ("forever(x)", "it had not ended after 0.3 seconds of processor time"),
    ],
)
def test_an_expression_that_is_no_number_says_why_and_the_block_is_well(
    run, monkeypatch, expression, why
):
    monkeypatch.setattr(runner, "BLOCK_SECONDS", 0.3)
    code = (
        "import os\nimport sys\nx = 1\ndef forever(x):\n    while True:\n        x += 1"
    )
    found = run(f"<p>1</p>\n\n1<!--= {expression}-->\n", code)
    assert found.blocks[0].error is None
    assert values(found)[expression].digits is None
    assert why in values(found)[expression].error


def test_an_array_of_one_element_is_a_number(run):
    found = run("<p></p>\n\n1<!--= x.sum()-->\n", "import numpy\nx = numpy.ones(3)")
    assert values(found)["x.sum()"].digits == "3.0"


def test_a_value_that_says_nothing_of_the_code_is_told(run):
    text = "<p></p>\n\n1<!--= n--> 0<!--= 0 * n--> 2<!--= 1 + 1-->\n"
    found = values(run(text, "n = 1"))
    assert found["n"].vacuous == ""
    assert "whatever `n` is" in found["0 * n"].vacuous
    assert "names nothing" in found["1 + 1"].vacuous


def test_a_claim_must_be_true_and_nothing_else(run):
    claims = {
        "n == 1": "",
        "(a == a.max()).all()": "",
        "n": "it is 1, of type int",
        "[n]": "it is [1], of type list",
        "n > 2": "it is False",
        "a > 0": "it is array([ True,  True]), of type ndarray",
        "y": "NameError: name 'y' is not defined",
        "1 < 2": "",
    }
    text = "<p></p>\n\n" + "\n".join(f"So.<!--pagecheck:claim {c}-->" for c in claims)
    found = run(text + "\n", "import numpy\nn, a = 1, numpy.ones(2)").claims
    told = {text: truth.error for (_, text), truth in found.items()}
    assert told == claims
    assert found[0, "n == 1"].vacuous == ""
    assert found[0, "1 < 2"].vacuous != ""


FORMULA = "<!--pagecheck:formula {0}-->\n\n$$\n{1}\n$$\n"


@pytest.mark.parametrize(
    ("expression", "latex", "said"),
    [
        ("z", "z", None),
        ("2 * z", "z", ""),
        ("z", "(" * 500 + "z" + ")" * 500, "nested more than 40 deep"),
        ("os._exit(3)", "z", ENDED),
    ],
)
def test_a_formula_is_compared_where_it_stands(run, expression, latex, said):
    found = run(FORMULA.format(expression, latex), "import os\nz = 1.0\nprint(z)")
    ((differ),) = found.formulas.values()
    assert found.blocks[0].output == "1.0\n"
    assert differ == [] if said is None else differ[0].startswith(said)


def test_what_is_evaluated_leaves_no_trace_in_what_comes_after(run):
    code = """
        import random
        import warnings
        import numpy as np

        random.seed(0)
        np.random.seed(0)
        rng = np.random.default_rng(0)

        def warned():
            warnings.warn("once")
            return len([0])

        def said():
            return random.random() + np.random.rand() + rng.random() + warned()
    """
    after = "print(random.random(), np.random.rand(), rng.random(), warned())"
    alone = outputs(run(code, after))
    bound = run("<p></p>\n\n1<!--= said()-->\n\n" + block(code), "## B { #b }\n", after)
    assert outputs(bound) == alone
    assert alone[1].startswith("UserWarning: once\n")


def test_what_an_expression_prints_is_not_lost(run):
    (found,) = run(
        "<p></p>\n\n1<!--= f()-->\n", "def f():\n    print('x')\n    return 1"
    ).blocks
    assert "or when its numbers are evaluated: 'x" in found.left


# -- figures ---------------------------------------------------------------------------

PLOT = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([0, 1])"


def test_open_figures_are_drawn_in_each_language_and_closed_after_their_block(run):
    texts: Mapping[str, Mapping[str, str] | None] = {"en": None, "zh": {"step": "步"}}
    first, second = run(
        f"{PLOT}\nax.set_xlabel('step')", "print(plt.get_fignums())", texts=texts
    ).blocks
    (figure,) = first.figures
    assert ">step<" in figure["en"].svg
    assert ">步<" in figure["zh"].svg
    assert second.output == "[]\n"


def test_a_figure_that_cannot_be_drawn_says_why(run):
    (figure,) = run(PLOT.replace("[0, 1]", "[0, 1], color='red'")).blocks[0].figures
    assert "red" in str(figure["en"].error)


def test_matplotlib_has_the_house_style_from_its_first_import_on(run):
    code = (
        "import matplotlib\nprint(matplotlib.rcParams['image.cmap'])\nmatplotlib.pyplot"
    )
    (found,) = run(code).blocks
    assert found.output == "house\n"
    assert "has no attribute 'pyplot'" in found.message  # as in a reader's Python


# -- bash ------------------------------------------------------------------------------

BASH = "```bash\necho hello\n```\n\n```bash\nfalse\necho never\n```\n"


def test_a_bash_block_runs_in_its_place_and_its_failure_is_seen(run):
    found = run(BASH, "print(1)").blocks
    assert found[0].output == "hello\n"
    assert (found[1].error, found[1].message) == (
        "ExitStatus",
        "it ended with 1: no output",
    )
    assert found[2].not_reached


def test_no_bash_block_runs_where_the_project_does_not_say_so(config, tmp_path):
    config = Config(tmp_path, config.pages)
    text = f"# T {{ #t }}\n\n{block('open({0!r}, 1)')}\n```bash\ntouch installed\n```\n"
    found = run_page(parse_page(text), config).blocks
    assert found[0].not_reached
    assert "run-bash = true" in found[1].message
    assert not list(tmp_path.glob("installed"))


def test_nothing_is_started_for_a_page_without_code(run, monkeypatch):
    monkeypatch.setattr(runner, "_started", None)
    text = "<!--pagecheck:unchecked it installs-->\n\n```bash\npip install x\n```\n"
    assert outputs(run(text)) == [""]
    assert run("# T { #t }\n").blocks == []
