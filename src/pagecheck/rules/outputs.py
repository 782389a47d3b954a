"""Rule 2: whatever a block prints is shown after it, and equals it."""

from __future__ import annotations

import re
import unicodedata
from itertools import takewhile

from pagecheck.numerals import find_numbers, shows
from pagecheck.page import Block, Page
from pagecheck.problem import Problem, record_command
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
    printed = printed_output(block, result)
    if result.not_reached or block.not_run is not None or unshowable(printed):
        return []  # rule 1 says so
    mend = record_command(page.path)
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
                Problem("outputs", page.path, block.line, expected, found, mend)
            )
    elif not printed:
        expected, found = "no output: the block prints nothing", "an output"
        problems.append(
            Problem("outputs", page.path, block.output.line, expected, found, mend)
        )
    elif not same_text(block.output.text, printed, number_tolerance):
        same, expected, found = _difference(printed, block.output.text)
        line = block.output.line + same
        problems.append(Problem("outputs", page.path, line, expected, found, mend))
    return problems


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


def _volatile(printed: str) -> list[tuple[str, str, str]]:
    return [
        (what, repr(_short_line(match[0])), _STEADY)
        for what, pattern in VOLATILE.items()
        if (match := pattern.search(printed))
    ]


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
