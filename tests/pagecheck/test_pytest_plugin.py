"""The items that pytest collects from pages."""

import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from .conftest import GOOD


@pytest.fixture
def run(project, tmp_path):
    """Run pytest on a tiny project, in a process of its own."""

    def make(*arguments, en=GOOD, wrong=""):
        project(en)
        with (tmp_path / "pyproject.toml").open("a", encoding="utf-8") as settings:
            settings.write(wrong)
        (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        return done.returncode, done.stdout

    return make


def test_there_is_an_item_for_each_check_named_by_line_column_and_rule(run):
    line = "It is $x + 1$ and $x + 2$ and $x + 1$."
    _, out = run("docs/en", "-v", en=f"{GOOD}\n{line}\n")
    assert re.findall(r"(?m)^docs/en/page.md::(.*) [A-Z]+ +\[", out) == [
        "line 1, column 1 page",
        "line 8, column 1 run",
        "line 1, column 1 figures",
        "line 3, column 1 formulas",
        "line 3, column 1 numbers",
        "line 1, column 1 twins",
        "line 1, column 1 standalone",
    ]
    for column in (7, 19, 31):
        assert f"docs/en/page.md:18:{column}: [formulas] expected" in out


def test_wrong_settings_are_told_and_not_passed_over(run):
    code, out = run("docs/en", wrong="names = 3\n")
    assert code != 0
    assert "tool.pagecheck.names must be a list, and is 3" in out


def test_true_pages_pass_and_codeblocks_leaves_them_alone(run):
    code, out = run("--codeblocks", "-q", "docs")
    assert code == 0
    assert "12 passed" in out


def test_a_failure_shows_page_line_expected_found_and_no_stack(run, tmp_path):
    code, out = run("docs/en", "--junitxml=r.xml", en=GOOD.replace("3.14<", "3.15<"))
    first = "docs/en/page.md:5: [numbers] expected 3.14159, the value of total"
    assert code == 1
    assert first in out
    assert "2 failed, 4 passed" in out
    assert "pytest_plugin.py" not in out
    (failure,) = (
        case.find("failure")
        for case in ElementTree.parse(tmp_path / "r.xml").iter("testcase")
        if case.get("name") == "line 3, column 1 numbers"
    )
    assert failure.text.splitlines()[0] == first


def test_one_item_alone_runs_what_it_needs(run):
    text = GOOD + "\n```python\nprint(total)\n```\n"
    code, out = run("docs/en/page.md::line 19, column 1 run", en=text)
    assert code == 1
    assert "expected the output of the block: '3.14159'" in out
