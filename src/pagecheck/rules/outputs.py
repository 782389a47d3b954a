"""Rule 2: whatever a block prints is shown after it, and equals it."""

from __future__ import annotations

import re

from pagecheck.numerals import find_numbers, shows
from pagecheck.page import Block, Page
from pagecheck.problem import Problem, record_command
from pagecheck.session import BlockResult

# What no two runs, or no two machines, print alike.
VOLATILE = {
    "a carriage return": re.compile(r"\r"),
    "an object's address": re.compile(r"\b0x[0-9a-fA-F]{6,}"),
    "a date": re.compile(r"\b(?:19|20)\d\d-[01]\d-[0-3]\d\b"),
    "a time": re.compile(r"\b[0-2]\d:[0-5]\d:[0-5]\d\b"),
    "a path": re.compile(
        r"(?<![\w./])/(?:[\w.+-]+/)+[\w.+-]+|\b[A-Z]:\\\w|site-packages"
    ),
    "a place in a library's source": re.compile(r"[\w./-]+\.(?:c|cc|cpp|cu|h):\d+"),
}

_STEADY = (
    "print what does not change from run to run, nor from machine to machine; "
    "where a warning says it, mend what it warns of"
)


def check_output(
    page: Page, block: Block, result: BlockResult, number_tolerance: int = 0
) -> list[Problem]:
    """How the output that a page shows after a block differs from what it prints.

    Args:
        page: The page.
        block: The block.
        result: What the block did.
        number_tolerance: By how many units in the last digit shown a number may be off.
    """
    if result.not_reached or block.unchecked is not None:
        return []
    printed = printed_output(block, result)
    fix = record_command(page.path)
    problems = [
        Problem(
            "outputs", page.path, block.line, f"an output without {what}", found, fix
        )
        for what, found, fix in _volatile(printed)
    ]
    if block.output is None:
        if printed:
            expected = f"the output of the block: {_short(printed)}"
            found = "no output after the block"
            problems.append(
                Problem("outputs", page.path, block.line, expected, found, fix)
            )
    elif not printed:
        expected, found = "no output: the block prints nothing", "an output"
        problems.append(
            Problem("outputs", page.path, block.output.line, expected, found, fix)
        )
    elif not same_text(block.output.text, printed, number_tolerance):
        problems.append(
            Problem(
                "outputs",
                page.path,
                _line_of_difference(block.output.line, block.output.text, printed),
                printed,
                block.output.text,
                fix,
            )
        )
    return problems


def printed_output(block: Block, result: BlockResult) -> str:
    """What a page must show after a block: all that it prints, then its exception."""
    printed = result.output
    if printed and not printed.endswith("\n"):
        printed += "\n"
    if block.raises is not None and result.error is not None:
        printed += result.message + "\n"
    return re.sub(r"\r+\n", "\n", printed)


def same_text(shown: str, printed: str, number_tolerance: int = 0) -> bool:
    """Whether two texts are equal, their numbers within a tolerance."""
    if shown == printed or not number_tolerance:
        return shown == printed
    ours, theirs = list(find_numbers(shown)), list(find_numbers(printed))
    return (
        len(ours) == len(theirs)
        and _without_numbers(shown) == _without_numbers(printed)
        and all(
            one.unit == other.unit and shows(one, other.value, number_tolerance)
            for one, other in zip(ours, theirs, strict=True)
        )
    )


def _without_numbers(text: str) -> str:
    for number in reversed(list(find_numbers(text))):
        text = text[: number.start] + "0" + text[number.end :]
    return re.sub(r" +", " ", text)


def _volatile(printed: str) -> list[tuple[str, str, str]]:
    return [
        (what, repr(match[0]), _STEADY)
        for what, pattern in VOLATILE.items()
        if (match := pattern.search(printed))
    ]


def _line_of_difference(line: int, shown: str, printed: str) -> int:
    ours, theirs = shown.split("\n"), printed.split("\n")
    same = 0
    while same < min(len(ours), len(theirs)) - 1 and ours[same] == theirs[same]:
        same += 1
    return line + same


def _short(text: str) -> str:
    first = text.splitlines()[0]
    return repr(first if text.count("\n") == 1 else f"{first} …")
