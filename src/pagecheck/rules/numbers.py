"""A number in prose is computed: bound to an expression whose value it shows.

What is a name (``4-3``, PyTorch 2.0, Step 2) needs no binding, nor does what a code
span says, unless it misquotes the code or an output of its section.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache, partial

from pagecheck.checked import Check, CheckedPage
from pagecheck.numerals import rewrite, shows
from pagecheck.page import Block, Page, ProseNumber, Region, visible
from pagecheck.problem import Edit, Problem, record_command
from pagecheck.results import Value
from pagecheck.spans import find_spans, lies_in

# The numbers that are names in any text: Step 2, 第2步, UTF-8, 2D, an item of a list.
_ANYWHERE = (
    r"(?<![A-Za-z])(?:(?:step|recipe|exercise|solution|chapter|section|part|lesson"
    r"|example|rule|figure|table|equation|issue|layer|row|column|question)s?|appendix)"
    r" \d+(?![\d.-]*\d)"
    r"|第 ?\d+ ?[步章节课题条层行列页部]"
    r"|(?:实例|练习|习题|例题|题|规则|图|表|式|步骤) ?\d+(?![\d.-]*\d|[个条张种次倍])"
    r"|(?<![A-Za-z\d_])[A-Za-z][A-Za-z\d]+-\d+(?![A-Za-z\d_])"
    r"|(?<![A-Za-z\d_.])\d+d(?![A-Za-z\d_])|^ *(?:\*\*|#+ )?\d+[.)] "
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
    code = [each for each in find_spans(source) if each.kind == "code"]
    ends = [each.end for each in code]
    is_quoted = cache(partial(_is_quoted, page=page, section=region.section))
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
        elif number.dialect == "code" and is_quoted(
            source[slice(*code[bisect_right(ends, place)].inside)].strip()
        ):
            yield number, "quoted"
        elif number.text in repeated:
            yield number, "repeated"
        else:
            yield number, "unbound"


@cache
def _names(names: tuple[str, ...]) -> re.Pattern[str]:
    """Where a text has a number that is a name."""
    longest_first = sorted(names, key=len, reverse=True)
    listed = [re.escape(each).replace(r"\{\}", r"\d+") for each in longest_first]
    whole = rf"(?<![A-Za-z\d.−+-])(?:{'|'.join(listed)})(?![A-Za-z\d_-]|\.\d)|"
    return re.compile((whole if names else "") + f"(?i:{_ANYWHERE})")


def _is_quoted(span: str, page: Page, section: int) -> bool:
    """Whether a code span quotes code of its section, or code that the page has not.

    It does not where it is a number alone that neither code nor output has, and where
    it is code of the section but for its numbers.
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
        return found(exact, here)
    return found(exact, page.blocks) or not found(alike, here)


def _repeated(page: Page) -> set[str]:
    """The numbers of a page that are bound, as they are written."""
    numbers = (number for region in page.regions for number in region.numbers)
    return {each.text for each in numbers if each.binding is not None}


def _wrong(checked: CheckedPage, regions: list[Region]) -> Iterator[Problem]:
    """The numbers of a section that nothing vouches for, or that are off."""
    for region in regions:
        state = checked.page.state_of(region.section)
        for number, kind in vouched(checked.page, region, checked.config.names):
            shown = number.text.strip()
            if number.binding is not None and kind == "bound":
                value = checked.run.values["number", state, number.binding]
                yield from _compare(checked, number, number.binding, value)
            elif kind == "unbound":
                expected = "a number that is bound, or a name that the settings list"
                fix = f"bind it: {shown}<!--= EXPRESSION-->"
                yield checked.problem("numbers", number.line, expected, shown, fix)


def _compare(
    checked: CheckedPage, number: ProseNumber, binding: str, value: Value
) -> Iterator[Problem]:
    """Compare a bound number with its value."""
    edit, expected = None, f"a number from <!--= {binding}-->"
    found, fix = value.error, "correct the expression or the code before it"
    if value.digits is not None:
        exact = Decimal(value.digits)  # or infinite, or not a number
        if shows(number, exact, checked.number_tolerance):
            if not value.vacuous:
                return
            found, fix = value.vacuous, "name what the number is computed from"
        else:
            expected = f"{value.digits}, the value of {binding}"
            found, fix = number.text.strip(), record_command(checked.page.path)
            try:
                edit = Edit(number.start, number.end, rewrite(number, exact))
            except ValueError:  # it cannot be written in that form
                fix = "correct the number, or the expression"
    problem = checked.problem("numbers", number.line, expected, found, fix)
    yield problem.with_edit(edit)
