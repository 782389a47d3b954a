"""The items that pytest collects from pages."""

import subprocess
import sys
from xml.etree import ElementTree

import pytest

from .conftest import GOOD

pytest_plugins = ["pytester"]


@pytest.fixture
def run(project, tmp_path, monkeypatch):
    """Run pytest on a tiny project, in a process of its own."""

    def make(*arguments, en=GOOD, wrong=""):
        project(en)
        with (tmp_path / "pyproject.toml").open("a", encoding="utf-8") as settings:
            settings.write(wrong)
        (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
        done = subprocess.run(
            [*command, *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return done.returncode, done.stdout

    return make


def test_there_is_an_item_for_each_check_named_by_line_column_and_rule(run):
    code, out = run("--collect-only", "-q", "docs/en")
    assert code == 0
    assert out.splitlines()[:7] == [
        "docs/en/page.md::line 1, column 1 page",
        "docs/en/page.md::line 8, column 1 run",
        "docs/en/page.md::line 15, column 1 outputs",
        "docs/en/page.md::line 1, column 1 figures",
        "docs/en/page.md::line 3, column 1 numbers",
        "docs/en/page.md::line 1, column 1 twins",
        "docs/en/page.md::line 1, column 1 standalone",
    ]


def test_each_formula_of_a_line_has_an_item(run):
    line = "It is $x + 1$ and $x + 2$ and $x + 1$."
    code, out = run("docs/en", "-rf", en=GOOD + "\n" + line + "\n")
    assert code == 1
    for column in (7, 19, 31):
        assert f"docs/en/page.md::line 18, column {column} formulas" in out


def test_wrong_settings_are_told_and_not_passed_over(run):
    code, out = run("docs/en", wrong="names = 3\n")
    assert code != 0
    assert "tool.pagecheck.names must be a list, and is 3" in out


def test_true_pages_pass_and_codeblocks_leaves_them_alone(run):
    code, out = run("--codeblocks", "-q", "docs")
    assert code == 0
    assert "14 passed" in out


def test_a_failure_shows_page_line_expected_found_and_no_stack(run):
    code, out = run("docs/en", en=GOOD.replace("3.14<", "3.15<"))
    assert code == 1
    assert "docs/en/page.md:5: [numbers] expected 3.14159, the value of total" in out
    assert "2 failed, 5 passed" in out
    assert "pytest_plugin.py" not in out


def test_one_item_alone_runs_what_it_needs(run):
    text = GOOD + "\n```python\nprint(total)\n```\n"
    code, out = run("docs/en/page.md::line 1, column 1 outputs", en=text)
    assert code == 1
    assert "expected the output of the block: '3.14159'" in out


def test_junit_names_page_line_and_rule_and_says_what_is_wrong(run, tmp_path):
    run("docs/en", "--junitxml=report.xml", en=GOOD.replace("3.14<", "3.15<"))
    cases = list(ElementTree.parse(tmp_path / "report.xml").iter("testcase"))
    names = {(case.get("classname"), case.get("name")) for case in cases}
    assert ("docs.en.page.md", "line 15, column 1 outputs") in names
    (failure,) = (
        case.find("failure")
        for case in cases
        if case.get("name") == "line 3, column 1 numbers"
    )
    first = "docs/en/page.md:5: [numbers] expected 3.14159, the value of total"
    assert failure.text.splitlines()[0] == first
