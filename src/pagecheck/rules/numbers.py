"""A number in prose is computed: bound to an expression whose value it shows.

What is a name (``4-3``, PyTorch 2.0, Step 2) needs no binding, nor does what a code
span says, unless it misquotes the code or an output of its section.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from functools import cache, partial

from pagecheck.checked import Check, CheckedPage
from pagecheck.numerals import rewrite, shows
from pagecheck.page import Block, Page, ProseNumber, Region, visible
from pagecheck.problem import Edit, Problem, record_command
from pagecheck.results import Value
from pagecheck.spans import lies_in

# The numbers that are names in any text: Step 2, 第2步, UTF-8, 2D, an item of a list.
_WORDS = """step recipe exercise solution chapter section part lesson example rule
figure table equation issue layer row column question"""
_ANYWHERE = (
    rf"(?<![A-Za-z])(?:(?:{'|'.join(_WORDS.split())})s?|appendix) \d+(?![\d.-]*\d)",
    r"第 ?\d+ ?[步章节课题条层行列页部]"
    r"|(?:实例|练习|习题|例题|题|规则|图|表|式|步骤) ?\d+(?![\d.-]*\d|[个条张种次倍])",
    r"(?<![A-Za-z\d_])[A-Za-z][A-Za-z\d]+-\d+(?![A-Za-z\d_])",
    r"(?<![A-Za-z\d_.])\d+d(?![A-Za-z\d_])",
    r"^ *(?:\*\*|#+ )?\d+[.)] ",
)
# An index in mathematics is a name too: w_{12}.
_INDEX = re.compile(r"_\{[^{}]*\}|_\d")
_TOKEN = re.compile(r"\d+(?:\.\d+)*|\w+|[^\w\s]")


def check_numbers(checked: CheckedPage) -> Iterator[Check]:
    """The numbers of each section that has some."""
    for index, section in enumerate(checked.page.sections):
        regions = checked.page.by_section.get(index, [])
        if any(region.numbers for region in regions):
            wrong = partial(_wrong, checked, regions)
            yield Check("numbers", section.line, 1, wrong)


def vouched(
    page: Page, region: Region, names: tuple[str, ...]
) -> Iterator[tuple[ProseNumber, str]]:
    """The numbers of a region, each with what vouches for it.

    It is ``bound``, ``unchecked``, a ``name``, in a ``formula`` that is compared,
    in a code span (``quoted``), ``repeated`` in a page's description from a
    number that is bound, or, where nothing vouches for it, ``unbound``. The project's
    ``names`` are numbers; ``{}`` in them is any number.
    """
    source = page.text[region.start : region.end]
    text = visible(source, ["prose", "code"])
    spans = [match.span() for match in _names(names).finditer(text)]
    spans += [match.span() for match in _INDEX.finditer(visible(source, ["math"]))]
    spans.sort()
    misquotes = cache(partial(_is_misquote, page=page, section=region.section))
    repeated = _repeated(page) if region.kind == "description" else set()
    for number in region.numbers:
        place = number.start - region.start
        if number.unchecked is not None:
            yield number, "unchecked"
        elif number.binding is not None:
            yield number, "bound"
        elif number.in_formula:
            yield number, "formula"
        elif lies_in(place, spans):
            yield number, "name"
        elif number.quoted and not misquotes(number.quoted):
            yield number, "quoted"
        elif number.number.text in repeated:
            yield number, "repeated"
        else:
            yield number, "unbound"


@cache
def _names(names: tuple[str, ...]) -> re.Pattern[str]:
    """Where a text has a number that is a name."""
    longest_first = sorted(names, key=len, reverse=True)
    listed = [re.escape(each).replace(r"\{\}", r"\d+") for each in longest_first]
    whole = rf"(?<![A-Za-z\d.−+-])(?:{'|'.join(listed)})(?![A-Za-z\d_-]|\.\d)"
    anywhere = f"(?i:{'|'.join(_ANYWHERE)})"
    return re.compile(f"{whole}|{anywhere}" if names else anywhere)


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
        if exact is not None and shows(number.number, exact, checked.number_tolerance):
            if not value.vacuous:
                return
            found, fix = value.vacuous, "name what the number is computed from"
        else:
            expected = f"{value.digits}, the value of {number.binding}"
            found, fix = shown, record_command(checked.page.path)
            with suppress(ValueError):  # where it cannot be written in that form
                if exact is not None:
                    text, start = rewrite(number.number, exact), number.start
                    edit = Edit(start, start + len(number.number.text), text)
    problem = checked.problem("numbers", number.line, expected, found, fix)
    yield problem.with_edit(edit)


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

    def found(words: Iterable[str], blocks: Iterable[Block]) -> bool:
        start = r"(?<![\w.])" if re.match(r"\w", span) else ""
        end = r"(?!\w|\.\d)" if re.search(r"\w$", span) else ""
        pattern = re.compile(start + r"\s*+".join(words) + end)
        outputs = (block.output.text if block.output else "" for block in blocks)
        return any(map(pattern.search, [*(b.code for b in blocks), *outputs]))

    exact = [re.escape(each) for each in _TOKEN.findall(span)]
    number = r"(?>\d+(?:\.\d+)*)"
    alike = [number if each[0].isdigit() else each for each in exact]
    here = [b for b in page.blocks if b.section == section] or page.blocks
    if len(exact) == 1:
        return not found(exact, here)
    return not found(exact, page.blocks) and found(alike, here)


def _repeated(page: Page) -> set[str]:
    """The numbers of a page that are bound, as they are written."""
    numbers = (number for region in page.regions for number in region.numbers)
    return {each.number.text for each in numbers if each.binding is not None}
