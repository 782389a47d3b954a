"""Every block runs, ends as the page says, and what it prints is shown after it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import partial

from pagecheck.checked import Check, CheckedPage
from pagecheck.numerals import Number, find_numbers, shows
from pagecheck.page import EXPECTED_OUTPUT, Block
from pagecheck.problem import Edit, Problem, record_command
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
# The most of two texts that a problem shows, in lines and in characters of a line.
_LINES, _WIDTH = 40, 500

_STEADY = (
    "print what does not change from run to run, nor from machine to machine; "
    "where a warning says it, correct what it warns of"
)


def check_run(checked: CheckedPage) -> Iterator[Check]:
    """Each block that is run: how it ends, and what it prints."""
    for index, block in enumerate(checked.page.blocks):
        if block.unchecked is None:
            wrong = partial(_wrong, checked, index)
            yield Check("run", block.line, block.column, wrong)


def _wrong(checked: CheckedPage, index: int) -> Iterator[Problem]:
    """What a block did that the page does not say, or did not do that it says."""
    block, result = checked.page.blocks[index], checked.run.blocks[index]
    if result.not_reached:
        expected, found = "the block to run", "a block before it failed"
        fix = "correct the block that failed first"
    elif block.raises is None and result.error is not None:
        expected, found = "the block to run", result.message
        fix = "correct the code, or say before the block which exception it must raise"
    elif block.raises is not None and result.error != block.raises.split(".")[-1]:
        expected = f"the block to raise {block.raises}"
        found = result.message or "it ran to its end"
        fix = "correct the code or the xfail marker before it"
    else:
        yield from _wrong_output(checked, block, printed_output(block, result))
        return
    line = block.line + result.offset
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
            expected, found = f"an output without {what}", repr(_short(match[0]))
            yield problem(block.line, expected, found, _STEADY)
    shown, line = block.output.text if block.output else "", block.line
    is_there = (block.output is not None) is bool(printed)
    if is_there and same_text(shown, printed, checked.number_tolerance):
        return
    if block.output is None:
        first, *more = printed.splitlines()
        said = _short(first) + (" …" if more else "")
        expected = f"the output of the block: {said!r}"
        found = "no output after the block"
    elif not printed:
        expected, found = "no output: the block prints nothing", "an output"
        line = block.output.line
    else:
        same, expected, found = _difference(printed, shown)
        line = block.output.line + same
    told = problem(line, expected, found, record_command(checked.page.path))
    yield told.with_edit(_edit(checked.page.text, block, printed))


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
    for number, line in enumerate(printed.split("\n"), 1):
        for character in line if not line.isprintable() else "":
            blank = character == "\t" or unicodedata.category(character) == "Zs"
            if not (blank or character.isprintable() or character == "\u200d"):
                name = unicodedata.name(character, "a control character")
                if 0xD800 <= ord(character) < 0xE000:
                    name = "half of a character, or a byte that is no UTF-8"
                return f"{character!a}, {name}, in line {number} of the output"
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
    (ours, one), (theirs, other) = _parts(shown), _parts(printed)
    return (
        one == other
        and len(ours) == len(theirs)
        and all(
            a.unit == b.unit and shows(a, b.value, number_tolerance)
            for a, b in zip(ours, theirs, strict=True)
        )
    )


def _parts(text: str) -> tuple[list[Number], str]:
    """The numbers of a text, and the rest of it."""
    numbers = list(find_numbers(text))
    starts = [0, *(number.end for number in numbers)]
    ends = [*(number.start for number in numbers), len(text)]
    pieces = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    return numbers, re.sub(" +", " ", "0".join(pieces))


def _difference(printed: str, shown: str) -> tuple[int, str, str]:
    """How many lines two texts begin with alike, and both texts from there on."""
    ours, theirs = printed.split("\n"), shown.split("\n")
    pairs = enumerate(zip(ours, theirs, strict=False))
    least = min(len(ours), len(theirs)) - 1
    same = next((n for n, (one, other) in pairs if one != other), least)
    first = max(0, same - 3) if max(len(ours), len(theirs)) > _LINES else 0
    here = slice(first, first + _LINES)
    sides = ["\n".join(map(_short, each[here])) for each in (ours, theirs)]
    return same, sides[0], sides[1]


def _short(line: str) -> str:
    return line if len(line) <= _WIDTH else f"{line[:_WIDTH]} …"
