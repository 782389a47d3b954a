"""Whatever a block prints is shown after it, and equals it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import partial
from itertools import takewhile

from pagecheck.checked import Check, CheckedPage
from pagecheck.numerals import find_numbers, shows
from pagecheck.page import EXPECTED_OUTPUT, Block
from pagecheck.problem import Edit, Problem, record_command
from pagecheck.results import BlockResult

# What no two runs, or no two machines, print alike. Each pattern takes a time that
# grows with the text only: a start is looked for where no other one could be.
VOLATILE = {
    "a carriage return": re.compile(r"\r"),
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
# What no page can show: controls but tab and line end, halves of characters, marks that
# turn the direction of writing, separators that are line ends for some programs only.
_UNSHOWABLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u200d\u2010-\u2027\u202f-\u2065\u206a-\ud7ff"
    "\ue000-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U0010fffd]"
)
# The most of two texts that a problem shows, in lines and in characters of a line.
_LINES, _WIDTH = 40, 500

_STEADY = (
    "print what does not change from run to run, nor from machine to machine; "
    "where a warning says it, correct what it warns of"
)


def check_outputs(checked: CheckedPage) -> Iterator[Check]:
    """Each output that is shown; and the blocks that show none, as one."""
    silent = []
    for index, block in enumerate(checked.page.blocks):
        if block.unchecked is not None:
            continue
        if block.output is None:
            silent.append(index)
        else:
            wrong = partial(_wrong, checked, [index])
            yield Check("outputs", block.output.line, block.column, wrong)
    if silent:
        yield Check("outputs", 1, 1, partial(_wrong, checked, silent))


def _wrong(checked: CheckedPage, blocks: list[int]) -> Iterator[Problem]:
    """How the outputs that a page shows differ from what its blocks print."""
    for index in blocks:
        block, result = checked.page.blocks[index], checked.run.blocks[index]
        if not result.not_reached:
            yield from _wrong_output(checked, block, result)


def _wrong_output(
    checked: CheckedPage, block: Block, result: BlockResult
) -> Iterator[Problem]:
    printed = printed_output(block, result)
    if found := unshowable(printed):
        expected = "an output that a page can show"
        fix = "print it as repr() writes it, or leave it out"
        yield checked.problem("outputs", block.line, expected, found, fix)
        return
    for what, found in _volatile(printed):
        expected = f"an output without {what}"
        yield checked.problem("outputs", block.line, expected, found, _STEADY)
    line = block.output.line if block.output else block.line
    if block.output is None:
        if not printed:
            return
        expected = f"the output of the block: {_short(printed)}"
        found = "no output after the block"
    elif not printed:
        expected, found = "no output: the block prints nothing", "an output"
    elif same_text(block.output.text, printed, checked.number_tolerance):
        return
    else:
        same, expected, found = _difference(printed, block.output.text)
        line += same
    problem = checked.problem(
        "outputs", line, expected, found, record_command(checked.page.path)
    )
    yield problem.with_edit(_edit(checked.page.text, block, printed))


def _edit(page: str, block: Block, printed: str) -> Edit:
    """The output that a block has, written after it; nothing where there is none."""
    fence, output = _fence(printed), block.output
    if output is not None and printed and fence == "```":
        return Edit(output.start, output.end, _indented(printed, block.indent))
    end = block.end
    if output is not None:  # to the end of the fence that held it
        end = page.find("\n", output.end) + 1 or len(page)
    if not printed:
        return Edit(block.end, end, "")
    head = f"\n<!--{EXPECTED_OUTPUT}-->\n\n{fence}text\n"
    return Edit(block.end, end, _indented(f"{head}{printed}{fence}\n", block.indent))


def _fence(printed: str) -> str:
    """A fence that no line of an output closes."""
    runs = re.findall(r"^ *(`{3,})", printed, re.MULTILINE)
    return "`" * max([3, *(len(run) + 1 for run in runs)])


def _indented(text: str, indent: str) -> str:
    # Not splitlines: a form feed ends no line of a page.
    lines = re.findall(r"[^\n]*\n|[^\n]+$", text)
    return "".join(indent + line if line.strip() else line for line in lines)


def unshowable(printed: str) -> str:
    """What stands in an output that no page can show; empty where nothing does."""
    if (match := _UNSHOWABLE.search(printed)) is None:
        return ""
    character, line = match[0], printed.count("\n", 0, match.start()) + 1
    name = unicodedata.name(character, "a control character")
    if 0xD800 <= ord(character) < 0xE000:
        name = "half of a character, or a byte that is no UTF-8"
    return f"{character!a}, {name}, in line {line} of the output"


def printed_output(block: Block, result: BlockResult) -> str:
    """What a page must show after a block: all that it prints, then its exception."""
    printed = result.output
    if printed and not printed.endswith("\n"):
        printed += "\n"
    if block.raises is not None and result.error is not None:
        printed += result.message + "\n"
    return re.sub(r"(?<!\r)\r+\n", "\n", printed)


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
    parts, end = [], 0
    for number in find_numbers(text):
        parts.append(text[end : number.start])
        end = number.end
    return re.sub(r" +", " ", "0".join([*parts, text[end:]]))


def _volatile(printed: str) -> Iterator[tuple[str, str]]:
    for what, pattern in VOLATILE.items():
        if match := pattern.search(printed):
            yield what, repr(_short_line(match[0]))


def _difference(printed: str, shown: str) -> tuple[int, str, str]:
    """The lines that two texts begin with alike, and both texts around their end."""
    ours, theirs = printed.split("\n"), shown.split("\n")
    pairs = zip(theirs, ours, strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    same = min(same, len(theirs) - 1, len(ours) - 1)
    return same, _excerpt(ours, same), _excerpt(theirs, same)


def _excerpt(lines: list[str], here: int) -> str:
    """A text; where it is long, its lines around one of them."""
    first = max(0, here - 3) if len(lines) > _LINES else 0
    part = [_short_line(line) for line in lines[first : first + _LINES]]
    if first:
        part.insert(0, f"… {first:,} lines before")
    if (after := len(lines) - first - _LINES) > 0:
        part.append(f"… {after:,} lines more\n")
    return "\n".join(part)


def _short_line(line: str) -> str:
    return line if len(line) <= _WIDTH else f"{line[:_WIDTH]} …"


def _short(text: str) -> str:
    first = _short_line(text.splitlines()[0])
    return repr(first if text.count("\n") == 1 else f"{first} …")
