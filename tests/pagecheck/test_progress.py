"""Long work shows on a terminal how far it is, and can be interrupted without loss."""

import subprocess
import sys

from tests.terminal import lines, on_a_terminal

from .conftest import GOOD, GOOD_ZH

ENDLESS = ("print(total)", "import time\ntime.sleep(600)")


def test_a_terminal_shows_how_far_it_is_and_at_the_end_how_long_it_took(
    project, tmp_path
):
    project()
    status, shown = on_a_terminal("pagecheck", "check", cwd=tmp_path)
    assert status == 0
    assert "0/1 [" in shown
    assert "page/s]" in shown or "s/page]" in shown
    left = [line for line in lines(shown) if line.strip()]
    assert not [line for line in left if "/1 [" in line]
    assert [line for line in left if line.startswith("2 pages in ")]


def test_a_pipe_and_ci_are_shown_no_progress(project, tmp_path):
    project()
    command = [sys.executable, "-m", "pagecheck", "check"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.stderr.startswith("2 pages in ")
    assert "\r" not in done.stdout + done.stderr
    _, shown = on_a_terminal("pagecheck", "check", cwd=tmp_path, CI="true")
    assert "/1 [" not in shown


def test_an_interrupt_ends_with_one_line_and_every_page_as_it_was(project, tmp_path):
    project()
    for language, text in (("en", GOOD), ("zh", GOOD_ZH)):
        slow = tmp_path / "docs" / language / "slow.md"
        slow.write_text(text.replace(*ENDLESS), encoding="utf-8")
    before = {file: file.read_bytes() for file in tmp_path.rglob("*.md")}
    for command in (["check"], ["record", "--write"]):
        status, shown = on_a_terminal(
            "pagecheck", *command, cwd=tmp_path, stop_at="1/2 ["
        )
        last = lines(shown.rstrip())[-1]
        said = "pagecheck: interrupted with 2 of 4 pages done; every page is as it was"
        assert (status, last, "Traceback" in shown) == (130, said, False)
        assert {file: file.read_bytes() for file in tmp_path.rglob("*.md")} == before
