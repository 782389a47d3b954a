"""Rule 3: a number in prose is bound to a value, or stands in its section's code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from pagecheck.numerals import find_numbers, numbers_in_code, shows
from pagecheck.page import Page, ProseNumber, Unit, visible
from pagecheck.problem import Problem, record_command
from pagecheck.session import Recording, Value

_PRODUCTS = (
    r"(?:Python|PyTorch|torch|torchvision|NumPy|numpy|Matplotlib|matplotlib|TensorFlow"
    r"|MkDocs|Material|Material for MkDocs|Debian|Ubuntu|macOS|Windows|Chromium"
    r"|WCAG|CC BY|HTML|ES|Level|AA)"
)

# The numbers that are names, not quantities: each pattern, and an example of it.
NAMES = {
    "a recipe, an architecture: 4-3, 2-3-1": re.compile(
        r"(?<![\d.−+-])\d+(?:-\d+)+(?![\d.]*\d)"
    ),
    "a version after a product's name: Python 3.11": re.compile(
        rf"(?<![A-Za-z\d_]){_PRODUCTS}(?: ?v?|==|>=)\d+(?:\.\d+)*(?![A-Za-z\d_])"
    ),
    "a version: 2.13.0, 127.0.0.1": re.compile(r"(?<![\w.])\d+(?:\.\d+){2,3}(?::\d+)?"),
    "a year in brackets: (1999)": re.compile(r"[(（](?:19|20)\d\d[)）]"),
    "a numbered thing: Step 2, Recipe 4, Exercise 1, chapter 4": re.compile(
        r"(?<![A-Za-z\d_])(?:[Ss]teps?|[Rr]ecipes?|[Ee]xercises?|[Ss]olutions?|[Cc]hapters?"
        r"|[Rr]ules?|[Ff]igures?|[Tt]ables?|[Ii]ssues?|[Ll]ayers?|[Rr]ows?) "
        r"\d+(?![\d.]*\d)"
    ),
    "第2步、练习1、规则3": re.compile(
        r"第 ?\d+ ?[步章节题条层行]"
        r"|(?:食谱|练习|习题|题|规则|图|表|步骤) ?\d+(?![\d.]*\d)"
    ),
    "a name with a hyphen: UTF-8, x86-64": re.compile(
        r"(?<![A-Za-z\d_])[A-Za-z][A-Za-z\d]*-\d+(?![A-Za-z\d_])"
    ),
    "a dimension: 2D": re.compile(r"(?<![A-Za-z\d_.])\d+[Dd](?![A-Za-z\d_])"),
    "an item of a list: 1.": re.compile(r"^ *\d+[.)] "),
    "an index in mathematics: w_{12}": re.compile(r"_\{[^{}]*\}"),
}


def check_numbers(
    page: Page, section: int, recording: Recording, number_tolerance: int = 0
) -> list[Problem]:
    """The numbers of a section that nothing vouches for.

    Args:
        page: The page.
        section: The index of the section.
        recording: What running the page gave.
        number_tolerance: By how many units in the last digit shown a number may be off.
    """
    problems = []
    pool = set(_pool(page, section, recording))
    whole = set[Decimal]()
    for each in range(len(page.sections)):
        whole |= set(_pool(page, each, recording))
    for unit in page.units:
        if unit.section != section:
            continue
        for number, kind in vouched(page, unit):
            if number.binding is not None:
                value = recording.values[page.state_of(section), number.binding]
                problems += _compare(page, number, value, number_tolerance)
            elif kind == "looked up":
                known = whole if unit.kind == "description" else pool
                problems += _look_up(page, unit, number, known, number_tolerance)
    return problems


def vouched(page: Page, unit: Unit) -> Iterator[tuple[ProseNumber, str]]:
    """The numbers of a unit, each with what vouches for it.

    It is ``bound``, ``waived``, a ``name``, or ``looked up`` in the section's code.
    """
    names = list(_names(page, unit))
    for number in unit.numbers:
        place = number.start - unit.start
        if number.waived is not None:
            yield number, "waived"
        elif number.binding is not None:
            yield number, "bound"
        elif any(start <= place < end for start, end in names):
            yield number, "name"
        else:
            yield number, "looked up"


def _names(page: Page, unit: Unit) -> Iterator[tuple[int, int]]:
    text = visible(page.text[unit.start : unit.end])
    for pattern in NAMES.values():
        for match in pattern.finditer(text):
            yield match.span()


def _pool(page: Page, section: int, recording: Recording) -> Iterator[Decimal]:
    """The numbers in a section's code and outputs."""
    for block, result in zip(page.blocks, recording.blocks, strict=True):
        if block.section != section:
            continue
        if block.language == "python" and result.error != "SyntaxError":
            yield from numbers_in_code(block.code)
        else:
            yield from (number.value for number in find_numbers(block.code))
        if block.output is not None:
            yield from (number.value for number in find_numbers(block.output.text))


def _compare(
    page: Page, number: ProseNumber, value: Value, number_tolerance: int
) -> list[Problem]:
    """Compare a bound number with its value."""
    shown, mend = number.number.text.strip(), record_command(page.path)
    if value.digits is None:
        expected = f"a number from <!--= {number.binding}-->"
        mend = "mend the expression or the code before it"
        found = value.error
    else:
        exact = to_decimal(value.digits)
        if exact is not None and shows(number.number, exact, number_tolerance):
            return []
        expected = f"{value.digits}, the value of {number.binding}"
        found = shown
    return [Problem("numbers", page.path, number.line, expected, found, mend)]


def to_decimal(digits: str) -> Decimal | None:
    """A value's digits as a decimal; None where it is not finite."""
    try:
        value = Decimal(digits)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _look_up(
    page: Page,
    unit: Unit,
    number: ProseNumber,
    pool: set[Decimal],
    number_tolerance: int,
) -> list[Problem]:
    """Look an unbound number up among those of its section's code and outputs."""
    shown = number.number.text.strip()
    mend = f"bind it: {shown}<!--= EXPRESSION-->"
    if unit.kind == "row":
        expected = "a number in a table to be bound"
    else:
        values = [*pool, *(each / 100 for each in pool if number.number.is_percentage)]
        if any(shows(number.number, each, number_tolerance) for each in values):
            return []
        expected = "a number that is bound, or that the code of its section holds"
    return [Problem("numbers", page.path, number.line, expected, shown, mend)]
