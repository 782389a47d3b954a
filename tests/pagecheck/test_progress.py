"""Long work shows on a terminal how far it is, and can be interrupted without loss."""

import signal
import subprocess
import sys
from subprocess import PIPE

import pytest

from tests.terminal import lines, on_a_terminal

from .conftest import GOOD, GOOD_ZH

ENDLESS = ("print(total)", "import os\nprint(total)\nwhile True: pass")


@pytest.fixture
def at(project, tmp_path):
    def make(replaced=("", "")):
        project(GOOD.replace(*replaced), GOOD_ZH.replace(*replaced))
        return tmp_path

    return make


def test_a_terminal_shows_how_far_it_is_and_at_the_end_how_long_it_took(at):
    status, shown = on_a_terminal("pagecheck", "check", cwd=at())
    assert status == 0
    assert "0/2 [" in shown
    assert "page/s]" in shown or "s/page]" in shown
    left = [line for line in lines(shown) if line.strip()]
    assert not [line for line in left if "/2 [" in line]
    assert [line for line in left if line.startswith("2 pages in ")]


def test_a_pipe_and_ci_are_shown_no_progress(at):
    command = [sys.executable, "-m", "pagecheck", "check"]
    done = subprocess.run(command, cwd=at(), capture_output=True, text=True)
    assert done.stderr.startswith("2 pages in ")
    assert "\r" not in done.stdout + done.stderr
    _, shown = on_a_terminal("pagecheck", "check", cwd=at(), CI="true")
    assert "/2 [" not in shown


def test_an_interrupt_ends_with_one_line_and_every_page_as_it_was(at):
    root = at(ENDLESS)
    before = {file: file.read_bytes() for file in root.rglob("*.md")}
    status, shown = on_a_terminal(
        "pagecheck", "record", "--write", cwd=root, stop_at="0/2 [00:01"
    )
    last = lines(shown.rstrip())[-1]
    said = "pagecheck: interrupted with 0 of 2 pages done; every page is as it was"
    assert (status, last, "Traceback" in shown) == (130, said, False)
    assert {file: file.read_bytes() for file in root.rglob("*.md")} == before


def test_an_interrupt_without_a_terminal_says_how_many_pages_are_done(at):
    root = at()
    for language, text in (("en", GOOD), ("zh", GOOD_ZH)):
        slow = root / "docs" / language / "slow.md"
        slow.write_text(text.replace(*ENDLESS), encoding="utf-8")
    command = [sys.executable, "-u", "-m", "pagecheck", "check"]
    with subprocess.Popen(command, cwd=root, stdout=PIPE, stderr=PIPE) as process:
        first = [process.stdout.readline(), process.stdout.readline()]
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    assert [line.split(b":")[0] for line in first] == [
        b"docs/en/page.md",
        b"docs/zh/page.md",
    ]
    told = b"pagecheck: interrupted with 2 of 4 pages done; every page is as it was\n"
    assert (process.returncode, said) == (130, told)
