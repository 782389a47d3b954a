"""Rule 9: a page is a script that runs by itself and prints what the page shows."""

import json

import pytest

from pagecheck import script
from pagecheck.config import load_config
from pagecheck.page import parse_page
from pagecheck.rules.standalone import check_standalone
from pagecheck.script import ScriptRun, run_script

from ..conftest import GOOD, GOOD_ZH, problems_of

OUTPUT = "<!--pytest-codeblocks:expected-output-->"


def page(*blocks, words=""):
    """A page of blocks, each its code and its output, or either."""
    parts = [f"# T {{ #t }}\n\n{words}\n"]
    for code, output in blocks:
        parts.append(f"```python\n{code}\n```\n")
        if output:
            parts.append(f"{OUTPUT}\n\n```text\n{output}\n```\n")
    return parse_page("\n".join(parts))


@pytest.fixture
def config(project, tmp_path, monkeypatch):
    """A project with two packages of its own, nothing of which is kept."""
    project()
    for name in ("tiny_package", "other_package"):
        (tmp_path / "src" / name).mkdir(parents=True)
        (tmp_path / "src" / name / "__init__.py").write_text("x = 3\n", "utf-8")
    monkeypatch.setattr(script, "_runs", {})
    load_config.cache_clear()
    return load_config(tmp_path)


@pytest.fixture
def counted(monkeypatch):
    """The scripts that are run."""
    scripts = []

    def run(text, *arguments):
        scripts.append(text)
        return run_script(text, *arguments)

    monkeypatch.setattr(script, "run_script", run)
    return scripts


def check(config, text, **settings):
    found = check_standalone(text, config, **settings)
    return [f"{p.line} {p.expected} / {p.found}" for p in found]


@pytest.mark.parametrize(
    "blocks",
    [
        [("x = 1\nprint(x)", "1"), ("print(x + 1)\nprint()\nprint(3)", "2\n\n3")],
        [("x = 1", "")],
        [],
        [("import math\nprint(math.pi)", "3.141592653589793")],
        [("import warnings\nwarnings.warn('hm')\nprint(1)", "UserWarning: hm\n1")],
        [("import numpy.linalg\nprint(numpy.linalg.norm([3]))", "3.0")],
    ],
)  # fmt: skip
def test_a_page_that_runs_by_itself_is_accepted(config, blocks):
    assert check(config, page(*blocks)) == []


def test_what_a_script_prints_otherwise_is_rejected_at_its_line(config):
    text = page(("print(1)", "1"), ("print(2)\nprint(3)", "2\n4"))
    assert check(config, text) == ["24 2\n4\n / 2\n3\n"]


def test_what_is_printed_by_another_block_than_the_page_shows_is_rejected(config):
    text = page(("print(1)\nprint(2)", "1"), ("print(3)", "2\n3"))
    assert check(config, text) == ["13 1\n / 1\n2\n", "23 2\n3\n / 3\n"]


def test_output_too_much_or_too_little_is_rejected(config):
    assert check(config, page(("print(1)\nprint(2)", "1"))) == ["13 1\n / 1\n2\n"]
    assert check(config, page(("print(1)", "1\n2"))) == ["13 1\n2\n / 1\n"]


def test_a_number_may_be_off_by_the_tolerance_only(config):
    text = page(("print(0.25)", "0.26"))
    assert len(check(config, text)) == 1
    assert check(config, text, number_tolerance=1) == []


@pytest.mark.parametrize(
    ("code", "line", "error"),
    [
        ("x = 1\nprint(undefined)", 7, "NameError: name 'undefined' is not defined"),
        ("import matplotlib\nmatplotlib.pyplot", 7, "AttributeError: module"),
        ("from tests import conftest", 6, "ModuleNotFoundError: No module"),
        ("x = 1\nx = = 2", 7, "SyntaxError: invalid syntax"),
    ],
)
def test_a_page_that_needs_more_than_its_blocks_is_rejected(config, code, line, error):
    text = page((code, ""), words="In a clone, with `tests`.")
    (found,) = check(config, text)
    assert found.startswith(
        f"{line} the page's blocks, joined, to run by themselves / "
    )
    assert error in found


def test_a_page_that_does_not_seed_what_it_prints_is_rejected(config):
    code = "import os\nprint(os.urandom(4).hex())"
    assert len(check(config, page((code, "0badcafe")))) == 1


# -- what a page says it needs ---------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("import tiny_package", 6),
        ("x = 1\nfrom tiny_package import x", 7),
        ("import tiny_package.deep as deep", 6),
        ("import scipy", 6),
        ("def f():\n    import tiny_package", 7),
        ("import math, tiny_package", 6),
    ],
)
def test_an_import_that_the_page_does_not_announce_is_rejected(config, code, line):
    (found,) = check(config, page((code, "")))
    assert found.startswith(f"{line} a sentence before it that the page needs")


def test_a_package_of_the_project_is_announced_in_backticks_before(config):
    block = ("import tiny_package\nprint(tiny_package.x)", "3")
    assert check(config, page(block, words="In a clone, with `tiny_package`.")) == []
    assert check(config, page(block, words="See `tiny_package.deep`.")) == []
    assert check(config, page(block, words="Here is tiny_package.")) != []
    assert check(config, page(block, words="Here is `tiny_package_2`.")) != []
    late = parse_page(page(block).text + "\nThat was `tiny_package`.\n")
    assert check(config, late) != []


def test_a_package_that_the_page_does_not_import_cannot_be_had_by_stealth(config):
    words = "With `tiny_package` and `other_package`."
    code = "import tiny_package\n__import__('other_package')"
    (found,) = check(config, page((code, ""), words=words))
    assert "import of other_package halted" in found


# -- once ------------------------------------------------------------------------------


def test_twins_share_a_run_whatever_their_comments(config, counted):
    assert check(config, page(("x = 1  # one\nprint(x)", "1"))) == []
    assert check(config, page(("# 一\nx = 1\nprint(x)", "1"))) == []
    assert len(counted) == 1
    assert check(config, page(("x = 2\nprint(x)", "2"))) == []
    assert len(counted) == 2


def test_a_run_that_failed_is_not_shared_so_that_each_page_names_its_line(
    config, counted
):
    assert check(config, page(("x = 1\n1 / 0", "")))[0].startswith("7 ")
    assert check(config, page(("# 一\nx = 1\n1 / 0", "")))[0].startswith("8 ")
    assert len(counted) == 2


def test_a_run_is_kept_once_a_second_one_gave_the_same_unless_in_ci(
    config, counted, monkeypatch
):
    monkeypatch.delenv("CI", raising=False)
    text = page(("print(1)", "1"))
    for keep, ci, runs in (
        (True, False, 1),
        (True, False, 2),
        (True, False, 2),
        (False, False, 3),
        (True, True, 4),
    ):
        monkeypatch.setattr(script, "_runs", {})
        if ci:
            monkeypatch.setenv("CI", "true")
        assert check(config, text, keep=keep) == []
        assert len(counted) == runs


def test_a_kept_run_is_no_stale_pass(config, counted, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    text = page(
        ("import tiny_package\nprint(tiny_package.x)", "3"), words="`tiny_package`"
    )
    assert check(config, text) == []
    monkeypatch.setattr(script, "_runs", {})
    assert check(config, page(("print(3)", "4"))) != []
    source = config.root / "src" / "tiny_package" / "__init__.py"
    source.write_text("x = 4\n", encoding="utf-8")
    script.environment.cache_clear()
    assert check(config, text) == ["13 3\n / 4\n"]


def test_the_run_of_a_page_that_opens_files_is_not_kept(config, counted, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    (config.root / "data.txt").write_text("1\n", encoding="utf-8")
    text = page((f"print(open({str(config.root / 'data.txt')!r}).read(), end='')", "1"))
    assert check(config, text) == []
    (config.root / "data.txt").write_text("2\n", encoding="utf-8")
    monkeypatch.setattr(script, "_runs", {})
    assert check(config, text) == ["12 1\n / 2\n"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"other": 1}'])
def test_a_kept_run_that_cannot_be_read_is_run_anew(
    config, counted, monkeypatch, content
):
    monkeypatch.delenv("CI", raising=False)
    text = page(("print(1)", "1"))
    assert check(config, text) == []
    (file,) = (config.root / ".cache" / "pagecheck").glob("script-*.json")
    assert json.loads(file.read_text("utf-8")) == {
        "outputs": ["1\n"],
        "confirmed": False,
    }
    file.write_text(content, encoding="utf-8")
    monkeypatch.setattr(script, "_runs", {})
    assert check(config, text) == []
    assert len(counted) == 2


def test_a_page_that_breaks_rules_1_or_2_is_not_run_as_a_script(project, monkeypatch):
    def run(*arguments):
        raise AssertionError("run as a script")

    monkeypatch.setattr(script, "run_script", run)
    text = GOOD.replace("print(total)", "print(undefined)")
    found = problems_of(
        project(text, GOOD_ZH.replace("print(total)", "print(undefined)"))
    )
    assert any(" run: " in each for each in found)
    assert not any(" standalone: " in each for each in found)
    found = problems_of(project(GOOD.replace("3.14159\n```", "3\n```"), GOOD_ZH))
    assert any(" outputs: " in each for each in found)


def test_a_page_s_own_state_of_figures_and_modules_is_no_help(project, monkeypatch):
    """The session has imported matplotlib before, which a reader's Python has not."""
    monkeypatch.setattr(script, "_runs", {})
    code = "import matplotlib\n\ntotal = 3.14159\nprint(total, bool(matplotlib.pyplot))"
    english = GOOD.replace("total = 3.14159\nprint(total)", code)
    english = english.replace("3.14159\n```", "3.14159 True\n```")
    chinese = GOOD_ZH.replace("total = 3.14159  # 圆周率\nprint(total)", code)
    chinese = chinese.replace("3.14159\n```", "3.14159 True\n```")
    (found,) = problems_of(project(english, chinese))
    assert found.startswith("11 standalone: ")
    assert "module 'matplotlib' has no attribute 'pyplot'" in found


def test_a_run_s_result_is_plain():
    assert ScriptRun(("1\n",)) == ScriptRun(("1\n",), "", 0, seconds=2.5)
    assert ScriptRun(("1\n", "2\n")).printed == "1\n2\n"
