r"""The kinds of change: each yields places of a page, a figure or a module.

A change that no reader could call wrong is none of any kind: a name that is no quantity
keeps its digits, ``≤`` stays beside ``<`` where both hold, a comment may say what it
likes.
"""

from __future__ import annotations

import random
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from itertools import pairwise

from pagecheck.numerals import find_numbers
from pagecheck.page import Page, ProseNumber, Region

Change = tuple[int, str, str]  # where in the text, what stands there, what replaces it
PageKind = Callable[[Page, random.Random], Iterator[Change]]
FileKind = Callable[[str, random.Random], Iterator[Change]]


def _other_digit(text: str, random_: random.Random) -> Change | None:
    digits = [match.start() for match in re.finditer(r"[0-9]", text)]
    if not digits:
        return None
    place = random_.choice(digits)
    other = random_.choice([d for d in "123456789" if d != text[place]])
    return place, text[place], other


# -- numbers and words -----------------------------------------------------------------


def prose_digits(page: Page, random_: random.Random) -> Iterator[Change]:
    """A digit of a number in prose, a heading, inline mathematics."""
    regions = [region for region in page.regions if region.kind != "row"]
    yield from _digits(_quantities(page, regions), random_)


def cell_digits(page: Page, random_: random.Random) -> Iterator[Change]:
    """A digit of a number in a table."""
    regions = [region for region in page.regions if region.kind == "row"]
    yield from _digits(_quantities(page, regions), random_)


def alternative_digits(page: Page, random_: random.Random) -> Iterator[Change]:
    """A digit of a number in an image's alternative text."""
    numbers = [
        number
        for number in _quantities(page, page.regions)
        if page.text.rfind("![", 0, number.start)
        > page.text.rfind("]", 0, number.start)
    ]
    yield from _digits(numbers, random_)


def _quantities(page: Page, regions: Iterable[Region]) -> Iterator[ProseNumber]:
    """The numbers of regions that are compared with something: no names."""
    for region in regions:
        for number in region.numbers:
            if (
                number.binding is not None
                or number.in_formula
                or number.dialect == "code"
            ):
                yield number


def _digits(numbers: Iterable[ProseNumber], random_: random.Random) -> Iterator[Change]:
    for number in numbers:
        change = _other_digit(number.text, random_)
        if change is not None:
            yield number.start + change[0], change[1], change[2]


def prose_signs(page: Page, _: random.Random) -> Iterator[Change]:
    """The sign of a negative number in prose, left out."""
    for number in _quantities(page, page.regions):
        if number.text[0] in "-−–" and number.value:
            yield number.start, number.text[0], ""


def prose_words(page: Page, _: random.Random) -> Iterator[Change]:
    """A quantity in words, exchanged for another: half, three times, 一半, 三倍."""
    others = {"half": "third", "twice": "thrice", "一半": "三分之一", "两": "三"}
    others |= {"three": "four", "third": "quarter", "二": "四", "三": "五"}
    for number in _quantities(page, page.regions):
        if re.search(r"\d", number.text):
            continue
        for old, new in others.items():
            place = number.text.find(old)
            if place >= 0:
                yield number.start + place, old, new
                break


def swapped_numbers(page: Page, _: random.Random) -> Iterator[Change]:
    """Two different numbers of one paragraph, swapped."""
    for region in page.regions:
        for one, other in pairwise(_quantities(page, [region])):
            if one.value == other.value or one.line != other.line:
                continue
            middle = page.text[one.start + len(one.text) : other.start]
            old = one.text + middle + other.text
            yield one.start, old, other.text + middle + one.text


def swapped_cells(page: Page, _: random.Random) -> Iterator[Change]:
    """Two different cells of a table's row, of numbers, code or mathematics."""
    for region in page.regions:
        if region.kind != "row":
            continue
        row = page.text[region.start : region.end]
        bars = [match.start() for match in re.finditer(r"(?<!\\)\|", row)]
        cells = [(one + 1, other) for one, other in pairwise(bars)]
        for one, other in pairwise(cells):
            left, right = row[slice(*one)], row[slice(*other)]
            tells = all(re.search(r"[0-9`$]", cell) for cell in (left, right))
            if tells and left.strip() != right.strip():
                yield region.start + one[0], f"{left}|{right}", f"{right}|{left}"


def dropped(*kinds: str) -> PageKind:
    """A paragraph, a list item or a table row, left out."""

    def changes(page: Page, _: random.Random) -> Iterator[Change]:
        for region in page.regions:
            if region.kind in kinds:  # with the blank line after it, if there is one
                rest = page.text[region.end : region.end + 2]
                end = region.end + len(rest) - len(rest.lstrip("\n"))
                yield region.start, page.text[region.start : end], ""

    return changes


def dropped_alternatives(page: Page, _: random.Random) -> Iterator[Change]:
    """An image's alternative text, left out."""
    for match in re.finditer(r"!\[([^\[\]]+)\]\(", page.text):
        yield match.start(1), match[1], ""


def heading_ids(page: Page, random_: random.Random) -> Iterator[Change]:
    """A letter of a heading's id."""
    for match in re.finditer(r"^#+ .*\{ #([\w-]+) \}$", page.text, re.MULTILINE):
        place = match.start(1) + random_.randrange(len(match[1]))
        old = page.text[place]
        yield place, old, "x" if old != "x" else "y"


def link_targets(page: Page, random_: random.Random) -> Iterator[Change]:
    """A letter of a link's target."""
    for match in re.finditer(r"\]\(([\w./#-]+\.md(?:#[\w-]+)?|#[\w-]+)\)", page.text):
        letters = [i for i, c in enumerate(match[1]) if c.isalpha()]
        place = match.start(1) + random_.choice(letters)
        old = page.text[place]
        yield place, old, "q" if old != "q" else "z"


# -- formulas --------------------------------------------------------------------------

_MATH_CHANGES = {
    "+": "-",
    "-": "+",
    ">": "<",
    "<": ">",
    r"\min": r"\max",
    r"\max": r"\min",
    r"\sigma": r"\tanh",
    r"\tanh": r"\sigma",
    r"\log": r"\exp",
    r"\sum": r"\prod",
}
_MATH_PLACE = re.compile(
    r"\\(?:min|max|sigma|tanh|log|sum)(?![A-Za-z])|[-+<>]|(?<![_\w])\d+"
)


def formula_tokens(page: Page, random_: random.Random) -> Iterator[Change]:
    """A sign, a relation, a number or a function of a formula, displayed or inline."""
    for formula in page.formulas:
        if formula.unchecked is not None:
            continue
        start = page.text.find(formula.latex, offset(page.text, formula.line))
        for match in _MATH_PLACE.finditer(formula.latex if start >= 0 else ""):
            if match[0].isdigit():
                new = str(int(match[0]) + random_.choice((1, 2)))
            else:
                new = _MATH_CHANGES[match[0]]
            yield start + match.start(), match[0], new


# -- code and outputs ------------------------------------------------------------------

_CODE_CHANGES = {
    "+": "-",
    "-": "+",
    "*": "+",
    "/": "*",
    "<": ">",
    ">": "<",
    "==": "!=",
    "**": "*",
    "@": "*",
    "True": "False",
    "False": "True",
}
_LIMIT = re.compile(r"lim(?:=| ?\()")


def code_tokens(page: Page, random_: random.Random) -> Iterator[Change]:
    """An operator or a number of a block's code."""
    for start, code in _python(page):
        for place, old, new in _tokens(code, random_):
            yield start + place, old, new


def axis_limits(page: Page, random_: random.Random) -> Iterator[Change]:
    """A number of a line of code that sets the limits of an axis."""
    for start, code in _python(page):
        for place, old, new in _tokens(code, random_):
            line = code[code.rfind("\n", 0, place) + 1 : place]
            if old[0].isdigit() and _LIMIT.search(line):
                yield start + place, old, new


def _python(page: Page) -> Iterator[tuple[int, str]]:
    for block in page.blocks:
        if block.language == "python" and not block.indent:
            yield offset(page.text, block.line), block.code


def _tokens(code: str, random_: random.Random) -> Iterator[Change]:
    lines = [0]
    for line in code.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    before = ""
    for token in tokenize.generate_tokens(StringIO(code).readline):
        place = lines[token.start[0] - 1] + token.start[1]
        # A star or a minus after a bracket or a comma unpacks, or is a sign.
        if token.string in _CODE_CHANGES and before not in ("(", ",", "[", "=", ":"):
            yield place, token.string, _CODE_CHANGES[token.string]
        elif token.type == tokenize.NUMBER:
            change = _other_digit(token.string, random_)
            if change is not None:
                digits = token.string
                changed = digits[: change[0]] + change[2] + digits[change[0] + 1 :]
                yield place, digits, changed
        before = token.string


def output_digits(page: Page, random_: random.Random) -> Iterator[Change]:
    """A digit of an output."""
    for block in page.blocks:
        if block.output is None:
            continue
        for number in find_numbers(block.output.text):
            start = page.text.find(block.output.text, block.output.start)
            change = _other_digit(number.text, random_)
            if start >= 0 and change is not None:
                yield start + number.start + change[0], change[1], change[2]


def comment_words(page: Page, _: random.Random) -> Iterator[Change]:
    """A word of a comment in a block's code: nobody is misled, nothing may complain."""
    for start, code in _python(page):
        for match in re.finditer(r"  # .*?\b([A-Za-z]{4,})$", code, re.MULTILINE):
            yield start + match.start(1), match[1], "thing"


# -- figures ---------------------------------------------------------------------------


def figure_texts(svg: str, random_: random.Random) -> Iterator[Change]:
    """A letter or a digit of a figure's text: a tick label, a legend, a title."""
    for match in re.finditer(r"<text[^>]*>([^<]+)</text>", svg):
        places = [i for i, c in enumerate(match[1]) if c.isalnum()]
        if places:
            place = match.start(1) + random_.choice(places)
            old = svg[place]
            yield place, old, "7" if old != "7" else "4"


def figure_curves(svg: str, _: random.Random) -> Iterator[Change]:
    """A curve, a tick or a shape, moved by three units."""
    defs = svg.find("</defs>")
    for match in re.finditer(r'<path d="M([\d.]+) ([\d.]+)([^"]*)"', svg):
        if match.start() < defs or re.search(r"[HVZAhvza]", match[3]):
            continue
        points = re.sub(
            r"([\d.]+) ([\d.]+)",
            lambda point: f"{point[1]} {float(point[2]) + 3:.2f}",
            f"{match[1]} {match[2]}{match[3]}",
        )
        yield match.start(1), f"{match[1]} {match[2]}{match[3]}", points


def figure_colours(svg: str, _: random.Random) -> Iterator[Change]:
    """The colour of a curve or a shape, exchanged for another of the palette."""
    for match in re.finditer(r'(?:stroke|fill)="var\(--(c\d)\)"', svg):
        yield match.start(1), match[1], "c1" if match[1] != "c1" else "c0"


# -- modules ---------------------------------------------------------------------------


def definitions(code: str, random_: random.Random) -> Iterator[Change]:
    """An operator or a number of a module that the pages teach."""
    for place, old, new in _tokens(code, random_):
        line = code[code.rfind("\n", 0, place) + 1 : place]
        if not line.lstrip().startswith(("#", "import", "from")):
            yield place, old, new


PAGE_KINDS: dict[str, PageKind] = {
    "a digit in prose": prose_digits,
    "a digit in a table": cell_digits,
    "a digit in an alt text": alternative_digits,
    "a sign in prose": prose_signs,
    "a quantity in words": prose_words,
    "two numbers swapped": swapped_numbers,
    "two cells swapped": swapped_cells,
    "a token of a formula": formula_tokens,
    "a token of code": code_tokens,
    "an axis limit in code": axis_limits,
    "a digit in an output": output_digits,
    "a heading's id": heading_ids,
    "a link's target": link_targets,
    "a paragraph left out": dropped("paragraph"),
    "a list item left out": dropped("item"),
    "a table row left out": dropped("row"),
    "an alt text left out": dropped_alternatives,
}
# The kinds whose change is also made alike in every language, so that comparing the
# languages cannot help. Two cells that are swapped with their bindings stay true.
TWIN_KINDS = (
    "a digit in prose",
    "a digit in a table",
    "a digit in an alt text",
    "a sign in prose",
    "two numbers swapped",
    "a token of a formula",
    "a token of code",
    "an axis limit in code",
    "a digit in an output",
)
FIGURE_KINDS: dict[str, FileKind] = {
    "a figure's text": figure_texts,
    "a figure's curve": figure_curves,
    "a figure's colour": figure_colours,
}
DEFINITION_KIND = "a definition in src"
# What must not be caught: the checks would cry wolf.
HARMLESS_KINDS: dict[str, PageKind] = {"a word of a comment": comment_words}


def offset(text: str, line: int) -> int:
    """Where a line starts, counted from 1."""
    place = 0
    for _ in range(line - 1):
        place = text.index("\n", place) + 1
    return place
