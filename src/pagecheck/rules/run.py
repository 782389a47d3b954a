"""Every block runs, ends as the page says, and what it prints is shown after it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import partial

from pagecheck.checked import CheckedPage
from pagecheck.numerals import Number, find_numbers, shows
from pagecheck.page import EXPECTED_OUTPUT, Block, is_hidden
from pagecheck.problem import Edit, Problem, alike, record_command
from pagecheck.results import BlockResult

# What no two runs, or no two machines, print alike. Each pattern takes a time that
# grows with the text only: a start is looked for where no other one could be.
VOLATILE = {
    "an object's address": re.compile(r"\b0x[0-9a-fA-F]{6,}"),
    "a date": re.compile(r"\b(?:19|20)\d\d-[01]\d-[0-3]\d\b"),
    "a time": re.compile(r"\b[0-2]\d:[0-5]\d:[0-5]\d\b"),
    "a path": re.compile(
        r"(?<![\w./])/[\w.+-]++(?:/[\w.+-]++)++|\b[A-Z]:\\\w|site-packages"
    ),
    "a place in a library's source": re.compile(
        r"(?:(?<![\w./-])[\w./-]{1,200}?)?\.(?:c|cc|cpp|cu|h):\d+"
    ),
}
_STEADY = (
    "print what does not change from run to run, nor from machine to machine; "
    "where a warning says it, correct what it warns of"
)


def check_run(checked: CheckedPage) -> Iterator[Problem]:
    """What blocks do that the page does not say, or do not do that it says."""
    for block, result in zip(checked.page.blocks, checked.run.blocks, strict=True):
        expected, found = "the block to run", result.message
        fix = "correct the code, or say before the block which exception it must raise"
        if block.unchecked is not None:
            continue
        if result.not_reached:
            found = "a block before it failed"
            fix = "correct the block that failed first"
        elif block.raises is not None and result.error != block.raises.split(".")[-1]:
            expected = f"the block to raise {block.raises}"
            found = result.message or "it ran to its end"
            fix = "correct the code or the xfail marker before it"
        elif block.raises is not None or result.error is None:
            yield from _wrong_output(checked, block, printed_output(block, result))
            continue
        line = block.line + max(result.offset, 0)
        yield checked.problem("run", line, expected, found, fix)


def _wrong_output(
    checked: CheckedPage, block: Block, printed: str
) -> Iterator[Problem]:
    """How the output that a page shows differs from what its block prints."""
    problem = partial(checked.problem, "outputs")
    if found := unshowable(printed):
        fix = "print it as repr() writes it, or leave it out"
        yield problem(block.line, "an output that a page can show", found, fix)
        return
    for what, pattern in VOLATILE.items():
        if match := pattern.search(printed):
            expected = f"an output without {what}"
            yield problem(block.line, expected, repr(match[0]), _STEADY)
    shown, line = block.output.text if block.output else "", block.line
    is_there = (block.output is not None) is bool(printed)
    if is_there and same_text(shown, printed, checked.number_tolerance):
        return
    if block.output is None:
        expected = f"the output of the block: {printed.splitlines()[0]!r}"
        found = "no output after the block"
    elif not printed:
        expected, found = "no output: the block prints nothing", "an output"
        line = block.output.line
    else:
        expected, found = printed, shown
        same = alike(printed.split("\n"), shown.split("\n"))
        line = block.output.line + min(same, shown.count("\n"))
    edit = _edit(checked.page.text, block, printed)
    fix = record_command(checked.page.path)
    yield problem(line, expected, found, fix, edit=edit)


def _edit(page: str, block: Block, printed: str) -> Edit:
    """The output that a block has, written after it; nothing where there is none."""
    output, end = block.output, block.end
    if output is not None:  # to the end of the fence that held it
        end = page.find("\n", output.end) + 1 or len(page)
    if not printed:
        return Edit(block.end, end, "")
    # A fence that no line of the output closes.
    runs = re.findall(r"^ *(`{3,})", printed, re.MULTILINE)
    fence = "`" * max([3, *(len(run) + 1 for run in runs)])
    text = f"\n<!--{EXPECTED_OUTPUT}-->\n\n{fence}text\n{printed}{fence}\n"
    # Not splitlines: a form feed ends no line of a page.
    lines = (f"{block.indent}{line}" if line else "" for line in text.split("\n"))
    return Edit(block.end, end, "\n".join(lines))


def unshowable(printed: str) -> str:
    """What stands in an output that no page can show; empty where nothing does."""
    for character in sorted({*printed}):
        if is_hidden(character):
            name = unicodedata.name(character, "no character of a text")
            line = printed.count("\n", 0, printed.index(character)) + 1
            return f"{character!a}, {name}, in line {line} of the output"
    return ""


def printed_output(block: Block, result: BlockResult) -> str:
    """What a page must show after a block: all that it prints, then its exception."""
    printed = result.output
    if printed and not printed.endswith("\n"):
        printed += "\n"
    if block.raises is not None and result.error is not None:
        printed += result.message + "\n"
    return printed.replace("\r\n", "\n")


def same_text(shown: str, printed: str, number_tolerance: int = 0) -> bool:
    """Whether two texts are equal, their numbers within a tolerance."""
    if shown == printed or not number_tolerance:
        return shown == printed
    ours, theirs = [*find_numbers(shown)], [*find_numbers(printed)]
    pairs = zip(ours, theirs, strict=False)
    return _rest(shown, ours) == _rest(printed, theirs) and all(
        a.unit == b.unit and shows(a, b.value, number_tolerance) for a, b in pairs
    )


def _rest(text: str, numbers: Sequence[Number]) -> list[str]:
    """A text's words around its numbers."""
    ends = [0, *(number.end for number in numbers)]
    starts = [*(number.start for number in numbers), len(text)]
    return [re.sub(" +", " ", text[e:s]) for e, s in zip(ends, starts, strict=True)]
