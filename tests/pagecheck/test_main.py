"""The command line."""

import json
import os
import re
import subprocess
import sys

import pytest

from pagecheck.__main__ import main
from pagecheck.config import load_config

from .conftest import GOOD, GOOD_ZH


@pytest.fixture
def at(project, tmp_path, monkeypatch):
    def make(*args, **kwargs):
        project(*args, **kwargs)
        monkeypatch.chdir(tmp_path)
        load_config.cache_clear()
        return tmp_path

    return make


def test_check_of_true_pages_succeeds(at, capsys):
    at()
    assert main(["check"]) == 0
    assert "docs/en/page.md: 7 checks, true" in capsys.readouterr().out


def test_check_says_how_long_a_page_took(at, capsys):
    at()
    assert main(["check", "--durations", "docs/en/page.md"]) == 0
    assert re.search(r"true; [\d.]+ s\n", capsys.readouterr().out)


def test_what_a_terminal_cannot_show_is_escaped(at):
    root = at(GOOD.replace("The sum", "渐变"), settings='never = { terms = ["渐变"] }')
    command = [sys.executable, "-m", "pagecheck", "check", "docs/en/page.md"]
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True)
    assert done.returncode == 1
    assert rb"found: \u6e10\u53d8" in done.stdout
    assert done.stderr == b""


def test_check_of_one_page_names_page_line_expected_found_and_the_fix(at, capsys):
    at(GOOD.replace("3.14<", "3.15<"))
    assert main(["check", "docs/en/page.md"]) == 1
    out = capsys.readouterr().out
    assert "docs/en/page.md:5: [numbers] expected 3.14159, the value of total" in out
    assert "found: 3.15" in out
    assert "python -m pagecheck record --write docs/en/page.md" in out


def test_record_fixes_both_twins_and_shows_what_changed(at, capsys):
    root = at(GOOD.replace("3.14<", "3.15<"), GOOD_ZH.replace("3.14<", "3.16<"))
    assert main(["record", "--write", "docs/en/page.md"]) == 0
    out = capsys.readouterr().out
    assert "-总和是3.16<!--= total-->。" in out
    assert "+The sum is 3.14<!--= total-->." in out
    assert "2 files written, 0 problems" in out
    assert main(["check"]) == 0
    assert "3.14<" in (root / "docs/zh/page.md").read_text(encoding="utf-8")


def test_record_without_write_shows_the_diff_and_changes_nothing(at, capsys):
    root = at(GOOD.replace("3.14<", "3.15<"))
    before = (root / "docs/en/page.md").read_bytes()
    assert main(["record"]) == 0
    out = capsys.readouterr().out
    assert "-The sum is 3.15<!--= total-->." in out
    assert "1 files would change; --write writes them" in out
    assert (root / "docs/en/page.md").read_bytes() == before


def test_record_check_fails_where_something_would_change(at):
    at(GOOD.replace("3.14<", "3.15<"))
    assert main(["record", "--check"]) == 1
    assert main(["record", "--write"]) == 0
    assert main(["record", "--check"]) == 0


def test_report_counts_what_is_verified(at, capsys):
    at()
    assert main(["report", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    page = report["pages"]["docs/en/page.md"]
    assert (page["blocks"], page["outputs"], page["numbers"]) == (1, 1, 1)
    assert report["total"]["blocks"] == 2
    assert report["versions"]["numpy"]
    assert main(["report"]) == 0
    assert "docs/en/page.md" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("page", "says"),
    [("docs/en/none.md", "no such page"), ("README.md", "none of the pages' folders")],
)
def test_a_page_that_is_none_is_refused(at, capsys, page, says):
    at()
    assert main(["check", page]) == 2
    assert says in capsys.readouterr().err


def test_a_folder_without_settings_is_refused_with_an_example(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    load_config.cache_clear()
    assert main(["check"]) == 2
    assert "[tool.pagecheck]" in capsys.readouterr().err


def test_an_unknown_setting_is_refused_by_name(at, capsys):
    root = at()
    with (root / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write('pagse = "docs"\n')
    assert main(["check"]) == 2
    assert "unknown setting pagse" in capsys.readouterr().err
