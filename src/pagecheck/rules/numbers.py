"""Rule 3: a number in prose is bound to a value, or stands in its section's code."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from pagecheck.numerals import Number, find_numbers, numbers_in_code, shows
from pagecheck.page import Page, ProseNumber, Region, visible
from pagecheck.problem import Problem, record_command
from pagecheck.session import Recording, Value

_PRODUCTS = (
    r"(?:Python|PyTorch|torch|torchvision|NumPy|numpy|Matplotlib|matplotlib|TensorFlow"
    r"|MkDocs|Material|Material for MkDocs|Debian|Ubuntu|macOS|Windows|Chromium"
    r"|WCAG|CC BY|HTML|ES|Level|AA)"
)

# The numbers that are names, not quantities: each pattern, and an example of it. These
# a project may list, so that no other passes for one.
LISTED = {
    "a recipe, an architecture: 4-3, 2-3-1": re.compile(
        r"(?<![\d.−+-])(?:\d-\d|\d+(?:-\d+){2,})(?![\d.-]*\d)"
    ),
    "a version after a product's name: Python 3.11": re.compile(
        rf"(?<![A-Za-z\d_]){_PRODUCTS}(?: ?v?|==|>=)\d+(?:\.\d+)*(?![A-Za-z\d_])"
    ),
    "a version: 2.13.0, 127.0.0.1": re.compile(r"(?<![\w.])\d+(?:\.\d+){2,3}(?::\d+)?"),
    "a year in brackets: (1999)": re.compile(r"[(（](?:19|20)\d\d[)）]"),
}
NAMES = {
    **LISTED,
    "a numbered thing: Step 2, Recipe 4, Exercise 1, chapter 4": re.compile(
        r"(?<![A-Za-z\d_])(?:[Ss]teps?|[Rr]ecipes?|[Ee]xercises?|[Ss]olutions?|[Cc]hapters?"
        r"|[Rr]ules?|[Ff]igures?|[Tt]ables?|[Ii]ssues?|[Ll]ayers?|[Rr]ows?) "
        r"\d+(?![\d.]*\d)"
    ),
    "第2步、练习1、规则3": re.compile(
        r"第 ?\d+ ?[步章节题条层行]"
        r"|(?:食谱|练习|习题|题|规则|图|表|步骤) ?\d+(?![\d.]*\d|[个条张种次倍])"
    ),
    "a name with a hyphen: UTF-8, x86-64": re.compile(
        r"(?<![A-Za-z\d_])[A-Za-z][A-Za-z\d]+-\d+(?![A-Za-z\d_])"
    ),
    "a dimension: 2D": re.compile(r"(?<![A-Za-z\d_.])\d+[Dd](?![A-Za-z\d_])"),
    "an item of a list: 1., **1.": re.compile(r"^ *(?:\*\*)?\d+[.)] "),
}
# What is numbered at its start counts up: an item 2., a heading "Step 2", 练习2。
_COUNTED = re.compile(
    r" *(?:#+ +|\*\*)?"
    r"(?:(?P<label>Step|Exercise|Solution|Rule|第|步骤|练习|题|规则) ?)?"
    r"(?P<number>\d+)[步题条]?[.):：。](?!\d)"
)
# An index in mathematics is a name too: w_{12}.
_INDEX = re.compile(r"_\{[^{}]*\}")


@dataclass(frozen=True)
class _Stated:
    """What code and outputs state: their numbers, and they themselves."""

    numbers: frozenset[Decimal]
    texts: tuple[str, ...]


def check_numbers(
    page: Page,
    section: int,
    recording: Recording,
    number_tolerance: int = 0,
    names: Collection[str] | None = None,
) -> list[Problem]:
    """The numbers of a section that nothing vouches for.

    Args:
        page: The page.
        section: The index of the section.
        recording: What running the page gave.
        number_tolerance: By how many units in the last digit shown a number may be off.
        names: The recipes, architectures, versions and years that pages name; None
            where a project does not list them.
    """
    problems = list(_miscounted(page, section))
    if names is not None:
        problems += _unlisted(page, section, names)
    here = _stated(page, recording, [section])
    anywhere = _stated(page, recording, range(len(page.sections)))
    for region in page.regions:
        if region.section != section:
            continue
        stated = anywhere if region.kind == "description" else here
        for number, kind in vouched(page, region):
            if number.binding is not None:
                value = recording.values[page.state_of(section), number.binding]
                problems += _compare(page, number, value, number_tolerance)
                problems += _look_up_literal(page, number, stated)
            elif kind == "looked up":
                problems += _look_up(page, region, number, stated)
    return problems


def _miscounted(page: Page, section: int) -> Iterator[Problem]:
    """What is numbered in a section and does not follow its predecessor on the page."""
    last: dict[tuple[str, str], int] = {}
    for region in page.regions:
        match = _COUNTED.match(region.text)
        if match is None:
            continue
        series = (
            match["label"] or region.kind,
            region.detail if region.kind == "item" else "",
        )
        number, follows = int(match["number"]), last.get(series, 0) + 1
        last[series] = number
        if match["label"] is None and number == 1:
            continue  # a list begins
        if number != follows and region.section == section:
            expected = f"{match[0].strip().replace(match['number'], str(follows))}"
            shown, fix = match[0].strip(), "count on"
            yield Problem("numbers", page.path, region.line, expected, shown, fix)


def _unlisted(page: Page, section: int, names: Collection[str]) -> Iterator[Problem]:
    """The names of a section, of the kinds that are listed, that no list has."""
    for region in page.regions:
        if region.section != section:
            continue
        text = visible(page.text[region.start : region.end], ["prose", "code"])
        end = 0  # of the name before: a version may be part of a product's
        matches = [match for kind in LISTED.values() for match in kind.finditer(text)]
        for match in sorted(matches, key=lambda each: (each.start(), -each.end())):
            name = match[0].strip("()（）")
            if match.start() >= end and name not in names:
                line = region.line + text.count("\n", 0, match.start())
                expected = "one of the names that the setting names lists"
                fix = "correct it, or list it in pyproject.toml if it is right"
                yield Problem("numbers", page.path, line, expected, name, fix)
            end = max(end, match.end())


def vouched(page: Page, region: Region) -> Iterator[tuple[ProseNumber, str]]:
    """The numbers of a region, each with what vouches for it.

    It is ``bound``, ``waived``, a ``name``, in a ``formula`` that is compared, or
    ``looked up`` in the section's code.
    """
    names = list(_names(page, region))
    for number in region.numbers:
        place = number.start - region.start
        if number.unchecked is not None:
            yield number, "waived"
        elif number.binding is not None:
            yield number, "bound"
        elif number.in_formula:
            yield number, "formula"
        elif any(start <= place < end for start, end in names):
            yield number, "name"
        else:
            yield number, "looked up"


def _names(page: Page, region: Region) -> Iterator[tuple[int, int]]:
    source = page.text[region.start : region.end]
    text, mathematics = visible(source, ["prose", "code"]), visible(source, ["math"])
    for pattern in NAMES.values():
        for match in pattern.finditer(text):
            yield match.span()
    for match in _INDEX.finditer(mathematics):
        yield match.span()


def _stated(page: Page, recording: Recording, sections: Collection[int]) -> _Stated:
    """What the code and the outputs of sections state."""
    numbers, texts = set[Decimal](), []
    for block, result in zip(page.blocks, recording.blocks, strict=True):
        if block.section not in sections:
            continue
        texts.append(block.code)
        if block.language == "python" and result.error != "SyntaxError":
            numbers |= set(numbers_in_code(block.code))
        else:
            numbers |= {number.value for number in find_numbers(block.code)}
        if block.output is not None:
            texts.append(block.output.text)
            numbers |= {number.value for number in find_numbers(block.output.text)}
    return _Stated(frozenset(numbers), tuple(texts))


def _compare(
    page: Page, number: ProseNumber, value: Value, number_tolerance: int
) -> list[Problem]:
    """Compare a bound number with its value."""
    shown, fix = number.number.text.strip(), record_command(page.path)
    if value.digits is None:
        expected = f"a number from <!--= {number.binding}-->"
        fix = "mend the expression or the code before it"
        found = value.error
    else:
        exact = to_decimal(value.digits)
        if exact is not None and shows(number.number, exact, number_tolerance):
            return []
        expected = f"{value.digits}, the value of {number.binding}"
        found = shown
    return [Problem("numbers", page.path, number.line, expected, found, fix)]


def to_decimal(digits: str) -> Decimal | None:
    """A value's digits as a decimal; None where it is not finite."""
    try:
        value = Decimal(digits)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _look_up_literal(page: Page, number: ProseNumber, stated: _Stated) -> list[Problem]:
    """Look up a binding that only repeats a number and so computes nothing."""
    literal = to_decimal(number.binding or "")
    if literal is None or literal in stated.numbers:
        return []
    expected = "an expression, or a number that the code of its section holds"
    fix = "name what the number is computed from"
    found = f"<!--= {number.binding}-->"
    return [Problem("numbers", page.path, number.line, expected, found, fix)]


def _look_up(
    page: Page, region: Region, number: ProseNumber, stated: _Stated
) -> list[Problem]:
    """Look an unbound number up among those of its section's code and outputs.

    It must be one of them as it is: what has been rounded is bound. A number with one
    significant digit stands in most code for one reason or another: unless a whole code
    span is quoted, it is bound too, but for a description, which shows its comments.
    """
    if region.kind == "row":
        expected = "a number in a table to be bound"
    elif number.number.is_in_words:
        expected = "a quantity in words to be bound"
    elif number.quoted is not None and _is_quote(number.quoted, stated.texts):
        return []
    elif region.kind != "description" and _is_common(number.number):
        expected = "a number with one significant digit to be bound"
    elif any(_is_same(number.number, each) for each in stated.numbers):
        return []
    else:
        expected = "a number that is bound, or that the code of its section holds"
    shown = number.number.text.strip()
    fix = f"bind it: {shown}<!--= EXPRESSION-->"
    return [Problem("numbers", page.path, number.line, expected, shown, fix)]


def _is_quote(span: str, texts: Iterable[str]) -> bool:
    """Whether texts hold a code span, however it is spaced."""
    tokens = re.findall(r"\w+|[^\w\s]", span)
    words = r"\s*".join(map(re.escape, tokens))
    start = r"(?<![\w.])" if re.match(r"\w", span) else ""
    end = r"(?!\w|\.\d)" if re.search(r"\w$", span) else ""
    return any(re.search(start + words + end, text) for text in texts)


def _is_common(number: Number) -> bool:
    """Whether a number has one significant digit: 0, −1, 20, 0.05, 1,000."""
    return len(number.value.normalize().as_tuple().digits) == 1


def _is_same(number: Number, other: Decimal) -> bool:
    """Whether a number is another one, with no digit that the other does not show."""
    exact = not number.unit
    return number.value == other and (exact or _last(other) <= _last(number.unit))


def _last(value: Decimal) -> int:
    """The power of ten of a value's last digit."""
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
