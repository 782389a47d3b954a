"""Tests of one group run in one process, so that what they share is made only once."""

import re
import subprocess
import sys
from pathlib import Path

TESTS = """
import time

import pytest

@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("number", range(8))
def test_of_a_group(number):
    time.sleep(0.02)
"""


def test_a_group_stays_in_one_process(tmp_path: Path):
    (tmp_path / "test_group.py").write_text(TESTS, "utf-8")
    command = [sys.executable, "-m", "pytest", "-v", "-n2", "--dist=loadgroup"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    processes = re.findall(r"^\[(gw\d)\].* PASSED", run.stdout, re.MULTILINE)
    assert len(processes) == 8, run.stdout + run.stderr
    assert len(set(processes)) == 1
