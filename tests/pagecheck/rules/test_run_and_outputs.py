"""Rules 1 and 2: what a block does is what its page says."""

import pytest

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
