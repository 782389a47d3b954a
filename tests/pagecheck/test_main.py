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


def test_check_names_place_expected_found_and_the_fix_on_any_terminal(at):
    root = at(GOOD.replace("3.14<", "３.15<"))
    command = [sys.executable, "-m", "pagecheck", "check", "docs/en/page.md"]
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True)
    assert (done.returncode, done.stderr) == (1, b"")
    for said in (
        b"docs/en/page.md:5: [numbers] expected 3.14159, the value of total",
        rb"found: \uff13.15",
        b"fix:   python -m pagecheck record --write docs/en/page.md",
    ):
        assert said in done.stdout


def test_record_shows_what_would_change_and_writes_it_into_both_twins(at, capsys):
    root = at(GOOD.replace("3.14<", "3.15<"), GOOD_ZH.replace("3.14<", "3.16<"))
    before = (root / "docs/en/page.md").read_bytes()
    assert main(["record", "docs/en/page.md"]) == 1
    assert "2 files would change; --write writes them" in capsys.readouterr().out
    assert (root / "docs/en/page.md").read_bytes() == before
    assert main(["record", "--write", "docs/en/page.md"]) == 0
    out = capsys.readouterr().out
    assert "-总和是3.16<!--= total-->。" in out
    assert "+The sum is 3.14<!--= total-->." in out
    assert "2 files written, 0 problems" in out
    assert main(["check"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"docs/en/page.md: 6 checks, true; [\d.]+ s\n", said)
    assert main(["record"]) == 0


def test_report_counts_what_is_verified(at, capsys):
    at()
    assert main(["report"]) == 0
    report = json.loads(capsys.readouterr().out)
    page = report["pages"]["docs/en/page.md"]
    assert (page["blocks"], page["outputs"], page["numbers"]) == (1, 1, 1)
    assert report["total"]["blocks"] == 2
    assert report["versions"]["numpy"]


def test_what_cannot_be_done_is_told_and_is_no_verdict(at, capsys):
    root = at()
    for command, says in (
        (["check", "docs/en/none.md"], "no such page"),
        (["check", "README.md"], "none of the pages' folders"),
    ):
        assert main(command) == 2
        assert says in capsys.readouterr().err
    at(settings='off = ["spelling"]\n')
    assert main(["check"]) == 2
    assert "off names spelling, no rule; known: page, run" in capsys.readouterr().err
    (root / "pyproject.toml").write_text("[project]\n")
    load_config.cache_clear()
    assert main(["check"]) == 2
    assert "[tool.pagecheck]" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["check", "--write"])
