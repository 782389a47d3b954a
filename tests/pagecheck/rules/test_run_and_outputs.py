"""What a block does is what its page says."""

from dataclasses import replace
from pathlib import Path

import pytest

from pagecheck.checked import CheckedPage
from pagecheck.config import Config
from pagecheck.page import Block, Output, parse_page
from pagecheck.results import BlockResult, Run
from pagecheck.rules.outputs import (
    VOLATILE,
    check_outputs,
    printed_output,
    same_text,
    unshowable,
)

from ..conftest import problems_of

OUTPUT = "<!--pytest-codeblocks:expected-output-->"


def page(code, output=None, before=""):
    shown = f"\n{OUTPUT}\n\n```text\n{output}\n```\n" if output is not None else ""
    return f"# T {{ #t }}\n\n{before}```python\n{code}\n```\n{shown}"


def check(project, text):
    return problems_of(project(text, text.replace("# T", "# 题")))


def test_a_true_page_is_accepted(project):
    assert problems_of(project()) == []


def test_a_stale_output_is_rejected_at_its_own_line(project):
    (found,) = check(project, page("print(1)\nprint(2)", "1\n3"))
    assert found == "12 outputs: 1\n2\n / 1\n3\n"


@pytest.mark.parametrize("shown", ["1 ", " 1", "1\n", "1.0", "\n1"])
def test_an_output_that_differs_in_a_space_or_a_line_is_rejected(project, shown):
    assert len(check(project, page("print(1)", shown))) == 1


def test_a_missing_output_is_rejected(project):
    (found,) = check(project, page("print(1)"))
    assert (
        found == "4 outputs: the output of the block: '1' / no output after the block"
    )


def test_an_output_of_a_silent_block_is_rejected(project):
    (found,) = check(project, page("x = 1", "1"))
    assert "the block prints nothing" in found


def test_a_block_that_raises_is_rejected_with_its_line_and_message(project):
    (found,) = check(project, page("x = 1\nx / 0"))
    assert found == ("5 run: the block to run / ZeroDivisionError: division by zero")


def test_every_block_after_one_that_raised_says_that_it_did_not_run(project):
    found = check(project, page("1 / 0") + "\n```python\nprint(1)\n```\n")
    assert [line.split(" / ")[1] for line in found] == [
        "ZeroDivisionError: division by zero",
        "a block before it failed",
    ]


RAISES = "<!--pytest.mark.xfail(raises=ZeroDivisionError, strict=True)-->\n\n"


def test_an_expected_exception_is_accepted_with_its_message(project):
    text = page("print(1)\n1 / 0", "1\nZeroDivisionError: division by zero", RAISES)
    assert check(project, text) == []


def test_an_expected_exception_that_does_not_come_is_rejected(project):
    found = check(project, page("x = 1", None, RAISES))
    assert found == ["6 run: the block to raise ZeroDivisionError / it ran to its end"]


def test_another_exception_than_the_expected_is_rejected(project):
    found = check(project, page("[][0]", None, RAISES))
    assert "IndexError: list index out of range" in found[0]


def test_an_exception_s_message_is_compared(project):
    text = page("1 / 0", "ZeroDivisionError: float division by zero", RAISES)
    assert len(check(project, text)) == 1


@pytest.mark.parametrize(
    ("printed", "what"),
    [
        ("<object at 0x7fffb0a1b030>", "an object's address"),
        ("2026-11-22", "a date"),
        ("12:34:56", "a time"),
        ("/home/me/x.py", "a path"),
        ("at /__w/pytorch/aten/Tensor.h", "a path"),
        ("at ../c10/core/Tensor.h:12", "a place in a library's source"),
    ],
)
def test_what_changes_from_machine_to_machine_is_refused_by_name(
    project, printed, what
):
    found = check(project, page(f'print("{printed}")', printed))
    assert [each.split(" / ")[0] for each in found] == [
        f"4 outputs: an output without {what}"
    ]


@pytest.mark.parametrize(
    ("says", "what", "found"),
    [
        ("internally at /__w/torch/Ops", "a path", "'/__w/torch/Ops'"),
        (
            "internally at ../aten/Ops.cpp:594.",
            "a place in a library's source",
            "'../aten/Ops.cpp:594'",
        ),
        ("of <f at 0x7fffb0a1b030>", "an object's address", "'0x7fffb0a1b030'"),
    ],
)
def test_a_warning_that_names_a_place_on_a_machine_is_refused(
    project, says, what, found
):
    code = f'import warnings\n\nwarnings.warn("Triggered {says}")'
    told = check(project, page(code, f"UserWarning: Triggered {says}"))
    assert told == [f"4 outputs: an output without {what} / {found}"]


@pytest.mark.parametrize(
    "printed", ["1/2/3", "and/or/not", "https://a.org/b/c", "2 / 3"]
)
def test_a_slash_makes_no_path(project, printed):
    assert check(project, page(f'print("{printed}")', printed)) == []


def test_number_tolerance_allows_a_unit_in_the_last_digit_and_nothing_else(project):
    for shown, accepted in (
        ("x 0.4114", True),
        ("x 0.4115", False),
        ("y 0.4113", False),
    ):
        subject = project(page("print('x 0.4113')", shown))
        subject.number_tolerance = 1
        rejected = [each for each in problems_of(subject) if " outputs: " in each]
        assert bool(rejected) is not accepted


@pytest.mark.parametrize(
    ("code", "found"),
    [
        (
            "print('one\\na\\0b')",
            "'\\x00', a control character, in line 2 of the output",
        ),
        ("print('\\x1b[31mred')", "'\\x1b', a control character, in line 1"),
        ("print(b'\\xe9'.decode(errors='surrogateescape'))", "'\\udce9', half of a"),
        ("import sys\nsys.stdout.buffer.write(b'\\xff')", "'\\udcff', half of a"),
        ("print('\\f')", "'\\x0c', a control character"),
        ("print('a\\u202eb')", "'\\u202e', RIGHT-TO-LEFT OVERRIDE"),
        ("print('a\\u2028b')", "'\\u2028', LINE SEPARATOR"),
    ],
)
def test_what_no_page_can_show_is_refused_by_name(project, code, found):
    (said,) = check(project, page(code, "a b"))
    assert said.startswith("4 outputs: an output that a page can show / " + found)


def test_an_exception_whose_message_no_page_can_show_is_refused(project):
    (said,) = check(project, page("raise ValueError('a\\0b')", None, RAISES_VALUE))
    assert said.startswith("6 outputs: an output that a page can show / '\\x00'")


RAISES_VALUE = RAISES.replace("ZeroDivision", "Value")


def test_letters_of_all_languages_signs_and_pictures_can_be_shown():
    assert unshowable("naïve σ′(z) ≤ ½ 激活函数，\t\U0001f600 é\u200d\n") == ""


def test_what_a_page_leaves_running_is_told(project):
    (said,) = check(project, page("import atexit\natexit.register(print, 'bye')"))
    assert said.startswith(
        "4 run: the page to end with its last line / it prints after"
    )


def result_of(printed, shown):
    """The problems of a block with an output, none of it run."""
    block = Block("python", "x", 4, 0, "", 0, output=Output(shown, 9, 0, 0))
    config = Config(Path("/"), {"en": Path("/docs")})
    checked = CheckedPage(Path("/docs/page.md"), config)
    checked.page = replace(parse_page("# T { #t }\n"), blocks=(block,))
    checked._run = Run([BlockResult(output=printed)])
    return [each for check in check_outputs(checked) for each in check.problems()]


def test_a_long_difference_shows_the_lines_around_its_start():
    printed = "".join(f"{n}\n" for n in range(20_000))
    (problem,) = result_of(printed, printed.replace("\n500\n", "\n501\n"))
    assert problem.line == 9 + 500
    text = str(problem)
    assert "-500" in text
    assert "+501" in text
    assert len(problem.expected) < 500


def test_a_long_line_is_shown_short():
    (problem,) = result_of("x" * 100_000 + "\n", "y" * 100_000 + "\n")
    assert len(str(problem)) < 2_000


# A search whose time grows with the square of the text would take hours.
@pytest.mark.parametrize(
    "part", ["a", "7", ".", "a/", "/", "-/", "\r", "0x", "C:", "1 "]
)
def test_no_output_takes_more_than_linear_time(part):
    text = part * (400_000 // len(part))
    for pattern in VOLATILE.values():
        pattern.search(text)
    assert not unshowable(text)
    assert printed_output(BLOCK, BlockResult(output=text)).endswith("\n")
    assert not same_text(text[:20_000], text[:20_000] + "1.5", 1)


BLOCK = Block("python", "x", 4, 0, "", 0)
