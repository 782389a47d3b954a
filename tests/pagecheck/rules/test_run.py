"""What a block does is what its page says."""

from dataclasses import replace

import pytest

from pagecheck.page import Block, Listing
from pagecheck.results import BlockResult, Run
from pagecheck.rules.run import (
    VOLATILE,
    check_run,
    printed_output,
    same_text,
    unshowable,
)

from ..conftest import checked_text, problems_of

OUTPUT = "<!--pytest-codeblocks:expected-output-->"
RAISES = "<!--pytest.mark.xfail(raises={}, strict=True)-->\n\n"


def page(code, output=None, before=""):
    shown = f"\n{OUTPUT}\n\n```text\n{output}\n```\n" if output is not None else ""
    return f"# T {{ #t }}\n\n{before}```python\n{code}\n```\n{shown}"


def check(project, text):
    return problems_of(project(text, text.replace("# T", "# 题")))


ZERO = RAISES.format("ZeroDivisionError")
SAID = "outputs: an output that a page can show / "
PAGES = {
    page("print(1)\nprint(2)", "1\n3"): ["12 outputs: 1\n2\n / 1\n3\n"],
    page("print(1)"): [
        "4 outputs: the output of the block: '1' / no output after the block"
    ],
    page("x = 1", "1"): ["10 outputs: no output: the block prints nothing / an output"],
    page("x = 1\nx / 0"): ["5 run: the block to run / ZeroDivisionError: division by"],
    page("1 / 0") + "\n```python\nprint(1)\n```\n": [
        "4 run: the block to run / ZeroDivisionError: division by zero",
        "8 run: the block to run / a block before it failed",
    ],
    page("print(1)\n1 / 0", "1\nZeroDivisionError: division by zero", ZERO): [],
    page("x = 1", None, ZERO): [
        "6 run: the block to raise ZeroDivisionError / it ran to its end"
    ],
    page("[][0]", None, ZERO): ["6 run: the block to raise ZeroDivisionError / IndexE"],
    page("1 / 0", "ZeroDivisionError: division", ZERO): [
        "12 outputs: ZeroDivisionError: division by zero\n / ZeroDivisionError: divis"
    ],
    page("raise ValueError('a\\0b')", None, RAISES.format("ValueError")): [
        f"6 {SAID}'\\x00', no character of a text"
    ],
    page("import atexit\natexit.register(print, 'bye')"): [
        "4 run: the block to run / it prints after its last line"
    ],
    page("print('one\\na\\0b')", "a"): [
        f"4 {SAID}'\\x00', no character of a text, in line 2 of the output"
    ],
    page("import sys\nsys.stdout.buffer.write(b'\\xff')", "a"): [
        f"4 {SAID}'\\udcff', no character of a text"
    ],
    page("print('a\\u202eb')", "a"): [f"4 {SAID}'\\u202e', RIGHT-TO-LEFT OVERRIDE"],
}


def test_a_page_says_how_its_blocks_end_and_what_they_print(project):
    wrong = {}
    for text, expected in PAGES.items():
        found = check(project, text)
        pairs = zip(found, expected, strict=False)
        right = all(one.startswith(other) for one, other in pairs)
        if len(found) != len(expected) or not right:
            wrong[text] = found
    assert wrong == {}
    assert problems_of(project()) == []


def result_of(printed, shown, number_tolerance=0):
    """The problems of a block with an output, none of it run."""
    checked = checked_text("# T { #t }\n")
    output = Listing(9, 1, 0, 0, 0, shown) if shown else None
    block = Block(4, 1, 0, 0, 0, "python", "x", "", output=output)
    checked.page = replace(checked.page, blocks=[block])
    checked.number_tolerance = number_tolerance
    checked._run = Run([BlockResult(output=printed)])
    return [*check_run(checked)]


def test_an_output_equals_what_is_printed_to_the_character():
    for shown in ("1 \n", " 1\n", "1\n\n", "1.0\n", "\n1\n"):
        assert result_of("1\n", shown), shown
    assert result_of("1\n", "1\n") == result_of("1", "1\n") == []
    assert result_of("1\r\n", "1\n") == []


@pytest.mark.parametrize(
    ("printed", "what"),
    [
        ("<object at 0x7fffb0a1b030>", "an object's address"),
        ("2026-11-22", "a date"),
        ("12:34:56", "a time"),
        ("/home/me/x.py", "a path"),
        ("internally at /__w/pytorch/aten/Tensor.h", "a path"),
        ("at ../c10/core/Tensor.cpp:12.", "a place in a library's source"),
        *((each, "") for each in ("1/2/3", "and/or/not", "https://a.org/b/c", "2 / 3")),
    ],
)
def test_what_changes_from_machine_to_machine_is_refused_by_name(printed, what):
    expected = [f"an output without {what}"] if what else []
    assert [each.expected for each in result_of(f"{printed}\n", f"{printed}\n")] == (
        expected
    )


def test_number_tolerance_allows_a_unit_in_the_last_digit_and_nothing_else():
    for shown, problems in (("x 0.4114", 0), ("x 0.4115", 1), ("y 0.4113", 1)):
        found = result_of("x 0.4113\n", f"{shown}\n", number_tolerance=1)
        assert len(found) == problems, shown


def test_what_a_page_can_show_are_letters_signs_and_pictures_of_all_languages():
    assert unshowable("naïve σ′(z) ≤ ½ 激活函数，\t\U0001f600 é\u3000\n") == ""
    for character in "\x1b\udce9\x0c\u2028\r\u200d":
        assert unshowable(f"a{character}b"), character


def test_a_long_difference_shows_the_lines_around_its_start():
    printed = "".join(f"{n}\n" for n in range(20_000))
    (problem,) = result_of(printed, printed.replace("\n500\n", "\n501\n"))
    assert problem.line == 9 + 500
    assert "-500" in str(problem)
    assert "+501" in str(problem)
    assert len(str(problem)) < 500
    (problem,) = result_of("x" * 100_000 + "\n", "y" * 100_000 + "\n")
    assert len(str(problem)) < 2_000


def test_no_output_takes_more_than_linear_time():
    # A search whose time grows with the square of the text would take hours.
    for part in ("a", "7", ".", "a/", "/", "-/", "\r", "0x", "C:", "1 "):
        text = part * (400_000 // len(part))
        for what in VOLATILE:
            VOLATILE[what].search(text)
        unshowable(text)
        block = Block(4, 1, 0, 0, 0, "python", "x", "")
        assert printed_output(block, BlockResult(output=text)).endswith("\n")
        assert not same_text(text[:20_000], text[:20_000] + "1.5", 1)
