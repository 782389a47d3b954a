from pathlib import Path

import pytest

from pagecheck import session
from pagecheck.page import parse_page
from pagecheck.session import run_page

PRELOAD = ("numpy", "matplotlib.pyplot")


def run(text, preload=PRELOAD):
    return run_page(parse_page(text, Path("page.md")), preload)


def blocks(*codes):
    return "\n".join(f"```python\n{code}\n```\n" for code in codes)


def test_blocks_share_one_namespace_from_top_to_bottom():
    first, second = run(blocks("x = 1", "x += 1\nprint(x)")).blocks
    assert (first.output, second.output) == ("", "2\n")


def test_a_page_leaves_nothing_behind_for_the_next():
    run(blocks("import sys\nsys.left_behind = 1\nx = 1"))
    probe = "import sys\nprint(hasattr(sys, 'left_behind'), 'x' in dir())"
    assert run(blocks(probe)).blocks[0].output == "False False\n"


def test_the_namespace_is_the_main_module():
    code = "import sys\nx = 5\nprint(__name__, sys.modules['__main__'].x)"
    assert run(blocks(code)).blocks[0].output == "__main__ 5\n"


def test_a_warning_is_shown_in_its_place_without_path():
    code = "import warnings\nprint(1)\nwarnings.warn('careful')\nprint(2)"
    assert run(blocks(code)).blocks[0].output == "1\nUserWarning: careful\n2\n"


def test_what_a_block_writes_to_stderr_is_seen():
    code = "import sys\nprint('oh', file=sys.stderr)"
    assert run(blocks(code)).blocks[0].output == "oh\n"


def test_an_exception_points_at_its_line_of_the_block():
    (result,) = run("Words.\n\n```python\nx = 1\nx / 0\n```\n").blocks
    assert (result.error, result.offset) == ("ZeroDivisionError", 1)
    assert result.message == "ZeroDivisionError: division by zero"


def test_a_syntax_error_points_at_its_line_of_the_block():
    (result,) = run("Words.\n\n```python\nx = 1\nx = = 2\n```\n").blocks
    assert (result.error, result.offset) == ("SyntaxError", 1)


def test_nothing_runs_after_a_block_that_failed():
    first, second = run(blocks("1 / 0", "print(1)")).blocks
    assert not first.not_reached
    assert second.not_reached


def test_the_page_goes_on_after_an_expected_exception():
    marker = "<!--pytest.mark.xfail(raises=ZeroDivisionError, strict=True)-->\n\n"
    first, second = run(marker + blocks("x = 1\nx / 0", "print(x)")).blocks
    assert first.error == "ZeroDivisionError"
    assert second.output == "1\n"


@pytest.mark.parametrize(
    "code",
    [
        "import random\nprint(random.random())",
        "import numpy\nprint(numpy.random.rand())",
        "import torch\nprint(torch.rand(()).item())",
    ],
)
def test_what_is_not_seeded_changes_from_run_to_run(code):
    preload = (*PRELOAD, "torch")
    (one,), (two,) = (
        run(blocks(code), preload).blocks,
        run(blocks(code), preload).blocks,
    )
    assert one.error is None
    assert one.output != two.output


def test_a_block_that_does_not_end_is_stopped(monkeypatch):
    monkeypatch.setattr(session, "BLOCK_SECONDS", 0.5)
    first, second = run(blocks("x = 1", "while True:\n    pass")).blocks
    assert first.error is None
    assert second.error == "Stopped"
    assert second.message == "it had not ended after 0.5 seconds of processor time"


def test_a_block_that_sleeps_is_stopped_by_the_clock(monkeypatch):
    monkeypatch.setattr(session, "BLOCK_SECONDS", 0.2)
    _, second = run(blocks("import time", "time.sleep(600)")).blocks
    assert second.message == "it had not ended after 1 seconds by the clock"


def test_a_process_that_dies_is_told_from_a_page_that_ends():
    (result,) = run(blocks("import os\nos._exit(0)")).blocks
    assert result.message == "the process of the page ended while it ran"


def formula(latex, expression, number="1"):
    before = f"# T {{ #t }}\n\n{number}<!--= {expression}-->\n\n"
    shown = f"<!--pagecheck:formula {expression}-->\n\n$$\n{latex}\n$$\n\n"
    code = (
        "import os\nimport sys\n\n\ndef forever(z):\n    while True:\n        z += 1\n"
    )
    return before + shown + blocks(code + "\n\nz = 1.0\nprint(z)")


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("sys.exit(3)", "SystemExit: 3"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("os._exit(3)", "the process of the page ended while it ran"),
        ("forever(0)", "it had not ended after 0.5 seconds"),
    ],
)
def test_an_evaluation_that_goes_wrong_is_told_and_the_block_is_not(
    monkeypatch, expression, said
):
    monkeypatch.setattr(session, "BLOCK_SECONDS", 0.5)
    recording = run(formula("z", expression))
    assert recording.blocks[0].output == "1.0\n"
    assert recording.blocks[0].error is None
    assert said in recording.values[0, expression].error


def test_a_formula_too_deep_to_be_read_is_an_error_of_its_own():
    recording = run(formula("(" * 500 + "z" + ")" * 500, "z"))
    assert recording.values[0, "z"].digits == "1.0"
    ((found,),) = recording.formulas.values()
    assert found.startswith("it cannot be evaluated: RecursionError")


def test_a_formula_that_ends_the_process_is_named():
    text = formula("z", "os._exit(3)", number="one").replace("<!--= os._exit(3)-->", "")
    ((found,),) = run(text).formulas.values()
    assert found == "the process of the page ended while it ran"


def test_sys_exit_does_not_pass_for_success():
    (result,) = run(blocks("import sys\nsys.exit(0)")).blocks
    assert result.error == "SystemExit"


def test_open_figures_are_drawn_and_closed_after_their_block():
    plot = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([0, 1])"
    first, second = run(blocks(plot, "print(plt.get_fignums())")).blocks
    assert len(first.figures) == 1
    assert "<svg" in first.figures[0][""].svg
    assert second.output == "[]\n"


def test_expressions_are_evaluated_after_their_section():
    text = "## A { #a }\n\n1<!--= x-->\n\n" + blocks("x = 1", "x = 2")
    text += "\n## B { #b }\n\n3<!--= x-->\n\n" + blocks("x = 3")
    values = run(text).values
    assert values[1, "x"].digits == "2"
    assert values[2, "x"].digits == "3"


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("y", "NameError"),
        ("'1'", "no number"),
        ("True", "no number"),
        ("x +", "SyntaxError"),
        ("[1, 2]", "no number"),
    ],
)
def test_an_expression_that_is_no_number_says_why(expression, why):
    recording = run(f"1<!--= {expression}-->\n\n" + blocks("x = 1"))
    (value,) = recording.values.values()
    assert value.digits is None
    assert why in value.error


def test_an_array_of_one_element_is_a_number():
    recording = run("1<!--= x.sum()-->\n\n" + blocks("import numpy\nx = numpy.ones(3)"))
    assert recording.values[0, "x.sum()"].digits == "3.0"


def test_a_bash_block_runs_and_its_failure_is_seen():
    text = "```bash\necho hello\n```\n\n```bash\nfalse\necho never\n```\n"
    first, second = run(text).blocks
    assert first.output == "hello\n"
    assert second.error == "ExitStatus"


def test_files_that_a_page_writes_do_not_reach_the_project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (result,) = run(blocks("open('left.txt', 'w').close()")).blocks
    assert result.error is None
    assert list(tmp_path.iterdir()) == []
