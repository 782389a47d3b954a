"""A number in prose is computed: bound to an expression whose value it shows.

What is a name (``4-3``, PyTorch 2.0, Step 2) needs no binding, nor does what a code
span says, unless it misquotes the code or an output of its section.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache, lru_cache

from pagecheck.checked import CheckedPage
from pagecheck.numerals import rewrite, shows
from pagecheck.page import Block, Page, ProseNumber, Region
from pagecheck.problem import Edit, Problem, record_command
from pagecheck.results import Value
from pagecheck.spans import find_spans, visible

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
_SIGN = re.compile(r"(?<=[(\[{,=:])\s*-(?=\d)")


def check_numbers(checked: CheckedPage) -> Iterator[Problem]:
    """The numbers that are off, or that nothing vouches for."""
    page = checked.page
    for region in page.regions:
        state = page.state_of(region.section)
        for number in region.numbers:
            if number.binding is not None:
                value = checked.run.values["number", state, number.binding]
                yield from _compare(checked, number, number.binding, value)
        for number in unvouched(page, region, checked.config.names):
            expected = "a number that is bound, or a name that the settings list"
            shown = number.text.strip()
            fix = f"bind it: {shown}<!--= EXPRESSION-->"
            yield checked.problem("numbers", number.line, expected, shown, fix)


def unvouched(
    page: Page, region: Region, names: tuple[str, ...]
) -> Iterator[ProseNumber]:
    """The numbers of a region that nothing vouches for.

    A number is bound, is unchecked or is in a formula that is compared; it is a name,
    one of the project's ``names`` with any number for ``{}``; it is quoted in a code
    span; or it stands in a page's description, and is bound on the page.
    """
    source = page.text[region.start : region.end]
    text = visible(source, ["prose", "code"])
    spans = [match.span() for match in _names(names).finditer(text)]
    spans += [match.span() for match in _INDEX.finditer(visible(source, ["math"]))]
    for span in find_spans(source):
        code = source[slice(*span.inside)]
        if span.kind == "code" and _is_quoted(code, page, region.section):
            spans.append(span.inside)
    vouched = {place for span in spans for place in range(*span)}
    repeated: set[str] = set()
    if region.kind == "description":
        repeated = {each.text for each in page.numbers if each.binding is not None}
    for number in region.numbers:
        said = (number.binding, number.unchecked) != (None, None) or number.in_formula
        place = number.start - region.start
        if not (said or number.text in repeated or place in vouched):
            yield number


@cache
def _names(names: tuple[str, ...]) -> re.Pattern[str]:
    """Where a text has a number that is a name."""
    longest_first = sorted(names, key=len, reverse=True)
    listed = [re.escape(each).replace(r"\{\}", r"\d+") for each in longest_first]
    whole = rf"(?<![A-Za-z\d.−+-])(?:{'|'.join(listed)})(?![A-Za-z\d_-]|\.\d)|"
    return re.compile((whole if names else "") + f"(?i:{_ANYWHERE})")


def _is_quoted(span: str, page: Page, section: int) -> bool:
    """Whether a code span quotes code of its section, or code that the page has not.

    It does not where it is a number alone that neither code nor output has, where it is
    code of the section but for its numbers, and where it is a call that the page makes
    but for the object, which may be left out, and for its numbers.
    """

    def found(code: str, blocks: Iterable[Block], masked: bool = False) -> bool:
        texts = (e for b in blocks for e in (b.code, b.output.text if b.output else ""))
        return any(_words(code, masked) in _words(text, masked) for text in texts)

    tokens, blocks = _TOKEN.findall(span), page.blocks
    here = [block for block in blocks if block.section == section] or blocks
    if len(tokens) < 2:
        return found(span, here)
    if found(span, blocks):
        return True
    call = f".{span}" if tokens[1] == "(" else " ".join(tokens[1:])
    is_known = call[0] != "." or found(call, blocks) or not found(call, blocks, True)
    return is_known and not found(span, here, True)


@lru_cache(maxsize=1024)
def _words(code: str, masked: bool) -> str:
    """The words and signs of code between blanks; masked, its numbers are zeros."""
    code = _SIGN.sub(" ", code) if masked else code
    tokens = (("0" if masked and t[0].isdigit() else t) for t in _TOKEN.findall(code))
    return f" {' '.join(tokens)} "


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
    yield checked.problem("numbers", number.line, expected, found, fix, edit)
