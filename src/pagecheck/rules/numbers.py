"""A number in prose is computed: bound to an expression whose value it shows.

What is a name (``4-3``, PyTorch 2.0, Step 2) needs no binding, nor does what a code
span says, unless it misquotes the code or an output of its section.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from functools import cache, partial

from pagecheck.checked import Check, CheckedPage
from pagecheck.numerals import rewrite, shows
from pagecheck.page import Block, Page, ProseNumber, Region, visible
from pagecheck.problem import Edit, Problem, record_command
from pagecheck.results import Value

# The numbers that are names in any text: UTF-8 and x86-64, and an item of a list.
_ANYWHERE = (
    r"(?<![A-Za-z\d_])[A-Za-z][A-Za-z\d]+-\d+(?![A-Za-z\d_])|^ *(?:\*\*)?\d+[.)] "
)
# An index in mathematics is a name too: w_{12}.
_INDEX = re.compile(r"_\{[^{}]*\}|_\d")


def check_numbers(checked: CheckedPage) -> Iterator[Check]:
    """The numbers of each section that has some."""
    for index, section in enumerate(checked.page.sections):
        regions = [r for r in checked.page.regions if r.section == index]
        if any(region.numbers for region in regions):
            wrong = partial(_wrong, checked, regions)
            yield Check("numbers", section.line, 1, wrong)


def vouched(
    page: Page, region: Region, names: tuple[str, ...]
) -> Iterator[tuple[ProseNumber, str]]:
    """The numbers of a region, each with what vouches for it.

    It is ``bound``, ``unchecked``, a ``name``, in a ``formula`` that is compared,
    in a code span (``quoted``), ``repeated`` in a page's description from a
    number that is bound, or, where nothing vouches for it, ``unbound``.

    Args:
        page: The page.
        region: The region.
        names: The project's names that are numbers; ``{}`` in them is any number.
    """
    source = page.text[region.start : region.end]
    text = visible(source, ["prose", "code"])
    spans = [match.span() for match in _names(names).finditer(text)]
    spans += [match.span() for match in _INDEX.finditer(visible(source, ["math"]))]
    for number in region.numbers:
        place = number.start - region.start
        if number.unchecked is not None:
            yield number, "unchecked"
        elif number.binding is not None:
            yield number, "bound"
        elif number.in_formula:
            yield number, "formula"
        elif any(start <= place < end for start, end in spans):
            yield number, "name"
        elif number.quoted and not _is_misquote(number.quoted, page, region.section):
            yield number, "quoted"
        elif region.kind == "description" and _is_repeated(number, page):
            yield number, "repeated"
        else:
            yield number, "unbound"


@cache
def _names(names: tuple[str, ...]) -> re.Pattern[str]:
    """Where a text has one of the names, as words of their own; the longest first."""
    patterns = [
        re.escape(each).replace(r"\{\}", r"\d+")
        for each in sorted(names, key=len, reverse=True)
    ]
    either = "|".join(patterns) or r"(?!)"
    whole = rf"(?<![A-Za-z\d.−+-])(?:{either})(?![A-Za-z\d_-]|\.\d)"
    return re.compile(f"{whole}|{_ANYWHERE}")


def _wrong(checked: CheckedPage, regions: list[Region]) -> Iterator[Problem]:
    """The numbers of a section that nothing vouches for, or that are off."""
    page = checked.page
    for region in regions:
        for number, kind in vouched(page, region, checked.config.names):
            shown = number.number.text.strip()
            if number.binding is not None and kind == "bound":
                value = checked.run.values[
                    page.state_of(region.section), number.binding
                ]
                yield from _compare(checked, number, value)
            elif kind == "unbound":
                expected = "a number that is bound, or a name that the settings list"
                fix = f"bind it: {shown}<!--= EXPRESSION-->"
                yield checked.problem("numbers", number.line, expected, shown, fix)


def _compare(
    checked: CheckedPage, number: ProseNumber, value: Value
) -> Iterator[Problem]:
    """Compare a bound number with its value."""
    shown, edit = number.number.text.strip(), None
    expected = f"a number from <!--= {number.binding}-->"
    found, fix = value.error, "correct the expression or the code before it"
    if value.digits is not None:
        exact = to_decimal(value.digits)
        tolerance = checked.number_tolerance
        if exact is not None and shows(number.number, exact, tolerance):
            if not value.vacuous:
                return
            found, fix = value.vacuous, "name what the number is computed from"
        else:
            expected = f"{value.digits}, the value of {number.binding}"
            found, fix = shown, record_command(checked.page.path)
            edit = _edit(number, exact)
    problem = checked.problem("numbers", number.line, expected, found, fix)
    yield problem if edit is None else problem.with_edit(edit)


def _edit(number: ProseNumber, exact: Decimal | None) -> Edit | None:
    """The number written anew; None where it cannot be, as it is written."""
    if exact is None:
        return None
    try:
        text = rewrite(number.number, exact)
    except ValueError:
        return None
    return Edit(number.start, number.start + len(number.number.text), text)


def to_decimal(digits: str) -> Decimal | None:
    """A value's digits as a decimal; None where it is not finite."""
    try:
        value = Decimal(digits)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _is_misquote(span: str, page: Page, section: int) -> bool:
    """Whether a code span is that of a section's code or outputs but for its numbers.

    A number alone is a quotation; other code that the section does not have is an
    example of its own.
    """
    tokens = re.findall(r"\d+(?:\.\d+)*|\w+|[^\w\s]", span)
    start = r"(?<![\w.])" if re.match(r"\w", span) else ""
    end = r"(?!\w|\.\d)" if re.search(r"\w$", span) else ""
    exact = r"\s*".join(map(re.escape, tokens))
    alike = r"\s*".join(
        r"\d+(?:\.\d+)*" if each[0].isdigit() else re.escape(each) for each in tokens
    )

    def found(words: str, blocks: Iterable[Block]) -> bool:
        return any(
            re.search(start + words + end, text)
            for block in blocks
            for text in (block.code, block.output.text if block.output else "")
        )

    here = [block for block in page.blocks if block.section == section]
    if len(tokens) == 1:
        return not found(exact, here)
    return not found(exact, page.blocks) and found(alike, here)


def _is_repeated(number: ProseNumber, page: Page) -> bool:
    """Whether a number is written on the page as one that is bound is."""
    return any(
        other.binding is not None and other.number.text == number.number.text
        for region in page.regions
        for other in region.numbers
    )
