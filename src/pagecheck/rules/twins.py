"""A page and its twin in another language teach the same, each in its own words.

Code, outputs, formulas and the order of headings, lists, tables and boxes are the same;
in each section so are numbers, bindings, claims, links and what stands in code spans
and mathematics. A paragraph may be split or joined.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import partial

from pagecheck.checked import Check, CheckedPage
from pagecheck.page import Page, Region, visible
from pagecheck.problem import Problem
from pagecheck.script import tokens_of

# A paragraph, or two that stand for one, is so many times as long as in the other
# language at most; so many letters are as long as one Chinese character, and texts
# shorter than this are not compared.
DRIFT, CHARACTER, LONG = 1.6, 2.8, 160

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_WIDE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
_QUOTED = re.compile(r"[\"“][^\"“”]*[\"”]|《[^《》]*》")
# So many things in a row, other than the twin's, are told as one difference.
_MANY = 500
# Words that no name has, and so many words in a row that they say something.
_WORD = re.compile(r"(?<![\w.-])[a-z]{2,}(?![\w-]|\.\w)", re.ASCII)
_SENTENCE = re.compile(
    r"(?<![A-Za-z'’-])(?:['’-]*+[A-Za-z][A-Za-z'’-]*+[ ,]++){3,}[A-Za-z'’-]+"
)
_NAME = re.compile("(?<![A-Za-zα-ω])[A-Za-zα-ω]++[0-9²³⁰-₉][0-9a-z²³⁰-₉]*")
_CODE = re.compile(r"(?<!`)`++([^`\x00]++)`+")
_MATH = re.compile(r"\$([^$\x00]+)\$")
_IN_CELLS = re.compile(r"<!--=.*?(?:-->|$)|(?<!`)`++[^`]++`+|\$[^$]+\$")
_NOTE = re.compile(r"(?m) +# .*$")
_IN_LISTINGS = re.compile(
    r"<!--.*?(?:-->|$)|(?<!`)`++[^`]++`+|\{ #[\w-]+ \}|^ *[#>|-]+ |\d[\d.,]*", re.M
)


def check_twins(checked: CheckedPage) -> Iterator[Check]:
    """How a page differs from each of its twins."""
    for number, twin in enumerate(checked.twins.values(), 1):
        yield Check("twins", 1, number, partial(_wrong, checked, twin))


def _wrong(checked: CheckedPage, twin: Page | None) -> Iterator[Problem]:
    if twin is None:
        expected, found = "a twin in the other language", "no such file"
        yield checked.problem("twins", 1, expected, found, "write the twin")
        return
    page, differ = checked.page, False
    for heading in page.headings:
        if heading.detail.endswith("#"):
            expected = "an explicit id, { #slug }, the same in every language"
            yield _problem(page, heading.line, expected, heading.text.strip())
    theirs = _ordered(twin)
    for what, items in _ordered(page).items():
        for problem in _in_order(page, twin, what, items, theirs[what]):
            yield problem
            differ = True
    if not differ:
        ours, others = page.by_section, twin.by_section
        for number, section in enumerate(page.sections):
            sides = ours.get(number, []), others.get(number, [])
            yield from _in_section(page, twin, section.line, *sides)
    if "zh" in checked.config.pages:
        yield from _foreign(checked)


# -- what stands in one order ----------------------------------------------------------

_Item = tuple[int, Hashable, str]  # its line, what the twin's has too, how it is shown


def _ordered(page: Page) -> dict[str, list[_Item]]:
    """What a page and its twin have in the same order."""
    return {
        "blocks": [
            (
                b.line,
                (tokens_of(b), b.output and b.output.text, b.image and b.image.target),
                b.code,
            )
            for b in page.blocks
        ],
        "formulas": [
            (f.line, (f.latex, f.expression, f.unchecked is None), f.latex)
            for f in page.formulas
            if not f.inline
        ],
        "structure": [
            (r.line, (r.kind, r.detail), f"{r.kind} {r.text.strip()[:40]}")
            for r in page.regions
            if r.kind != "paragraph"
        ],
        "listings": [  # in their code, directives, ids and numbers
            (
                each.line,
                tuple(_IN_LISTINGS.findall(_NOTE.sub("", each.text))),
                each.text,
            )
            for each in page.listings
        ],
    }


def _in_order(
    page: Page, twin: Page, what: str, ours: Sequence[_Item], theirs: Sequence[_Item]
) -> Iterator[Problem]:
    """Compare two sequences in what their items share; each run of differences."""
    left, right = ([key for _, key, _ in items] for items in (ours, theirs))
    for i, j, k, m in _differing(left, right):
        lines = [
            items[min(index, len(items) - 1)][0] if items else 1
            for items, index in ((ours, i), (theirs, k))
        ]
        shown = [
            "; ".join(repr(text)[:80] for *_, text in items[:3]) or "nothing"
            for items in (ours[i:j], theirs[k:m])
        ]
        expected = f"the same {what} as {twin.path}:{lines[1]}: {shown[1]}"
        yield _problem(page, lines[0], expected, shown[0])


def _differing(
    left: Sequence[Hashable], right: Sequence[Hashable]
) -> Iterator[tuple[int, int, int, int]]:
    """Where each run of differences starts and ends in both, in bounded time."""
    shorter, first = min(len(left), len(right)), 0
    while first < shorter and left[first] == right[first]:
        first += 1
    last = 0
    while last < shorter - first and left[-1 - last] == right[-1 - last]:
        last += 1
    ours, theirs = left[first : len(left) - last], right[first : len(right) - last]
    if max(len(ours), len(theirs)) > _MANY:
        yield first, first + len(ours), first, first + len(theirs)
        return
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            yield first + i, first + j, first + k, first + m


def _problem(page: Page, line: int, expected: str, found: str) -> Problem:
    fix = "make the two pages agree"
    return Problem("twins", page.path, line, expected, found, fix)


# -- what stands in a section, in any order --------------------------------------------


def _shared(page: Page, regions: Sequence[Region]) -> Iterator[tuple[str, list[str]]]:
    """What regions share with those of a twin, by what it is called."""
    numbers = [number for region in regions for number in region.numbers]
    yield "numbers", [str(each.number.value.normalize()) for each in numbers]
    yield "bindings", [each.binding for each in numbers if each.binding is not None]
    claims = {region.section: page.claims_of(region.section) for region in regions}
    yield "claims", [claim.expression for some in claims.values() for claim in some]
    yield "links", [link for region in regions for link in region.links]
    yield "images", [image.target for region in regions for image in region.images]
    texts = [page.text[region.start : region.end] for region in regions]
    for what, kind, pattern in (
        ("code spans", "code", _CODE),
        ("mathematics", "math", _MATH),
        ("names with digits", "prose", _NAME),
    ):  # which may be said more than once
        found = [pattern.findall(visible(text, [kind])) for text in texts]
        yield what, [*{each[0].lower() + each[1:] for some in found for each in some}]


def _in_section(
    page: Page, twin: Page, line: int, ours: list[Region], theirs: list[Region]
) -> Iterator[Problem]:
    """Compare what sections share, in any order; what rows do, cell by cell."""
    pairs = [
        (what, ours[:1], theirs[:1], sorted(left), sorted(right))
        for (what, left), (_, right) in zip(
            _shared(page, ours), _shared(twin, theirs), strict=True
        )
    ]
    rows = [[r for r in regions if r.kind == "row"] for regions in (ours, theirs)]
    for one, other in zip(*rows, strict=True):
        pairs.append(("cells", [one], [other], _cells(page, one), _cells(twin, other)))
    for some, others in zip(_paragraphs(ours), _paragraphs(theirs), strict=True):
        lengths = [_length(page, r) for r in some], [_length(twin, r) for r in others]
        if not _can_be_matched(*lengths):
            left, right = ([f"{n:.0f} letters" for n in each] for each in lengths)
            pairs.append(("paragraphs", some or ours, others or theirs, left, right))
    for what, mine, its, left, right in pairs:
        if left != right or what == "paragraphs":
            more, less = Counter(left) - Counter(right), Counter(right) - Counter(left)
            found = [*more.elements()] or (left if not less else [])
            expected = [*less.elements()] or (right if not more else [])
            place = f"{twin.path}:{its[0].line if its else 1}"
            said = f"the {what} of {place}: {', '.join(expected) or 'no more'}"
            here = mine[0].line if mine else line
            yield _problem(page, here, said, ", ".join(found) or "no more")


def _cells(page: Page, row: Region) -> list[str]:
    """What the cells of a table's row share with its twin's, in their order."""
    cells = re.split(r"(?<!\\)\|", page.text[row.start : row.end])
    # Inside a cell the words of each language stand in their own order.
    return [" ".join(sorted(_IN_CELLS.findall(cell))) for cell in cells]


def _paragraphs(regions: Iterable[Region]) -> list[list[Region]]:
    """The paragraphs between a section's other regions: before the first, and so on."""
    runs: list[list[Region]] = [[]]
    for region in regions:
        if region.kind == "paragraph":
            runs[-1].append(region)
        else:
            runs.append([])
    return runs


def _length(page: Page, region: Region) -> float:
    """How long a text is, in Latin letters: a Chinese character says more."""
    text = visible(page.text[region.start : region.end], ["prose"])
    text = re.sub(r"[\x00\s]+", " ", text)
    return 1 + len(text) + (CHARACTER - 1) * len(_WIDE.findall(text))


def _can_be_matched(ours: Sequence[float], theirs: Sequence[float]) -> bool:
    """Whether each paragraph, or two in a row, can stand for one of the other's.

    None may be left over, and what stands for each other must be about as long.
    """
    if len(ours) == len(theirs) and all(map(_are_alike, ours, theirs)):
        return True
    if max(len(ours), len(theirs)) > _MANY:
        return False
    reached = {(0, 0)}
    for i in range(len(ours) + 1):
        for j in range(len(theirs) + 1):
            for a, b in ((1, 1), (1, 2), (2, 1)):
                one, other = (
                    sum(ours[max(i - a, 0) : i]),
                    sum(theirs[max(j - b, 0) : j]),
                )
                short = a == b and max(one, other) <= LONG
                if (i - a, j - b) in reached and (short or _are_alike(one, other, 0)):
                    reached.add((i, j))
    return (len(ours), len(theirs)) in reached


def _are_alike(one: float, other: float, long: float = LONG) -> bool:
    """Whether two texts are both short, or about as long as each other."""
    drift = one / other if other else 0.0
    return max(one, other) <= long or 1 / DRIFT < drift < DRIFT


def _foreign(checked: CheckedPage) -> Iterator[Problem]:
    """The regions of a page that are not in its language, Chinese or another."""
    page, is_chinese = checked.page, checked.language == "zh"
    for region in page.regions:
        prose = visible(page.text[region.start : region.end], ["prose"])
        if region.kind != "admonition":  # its title stands in quotes
            prose = _QUOTED.sub(" ", prose)
        chinese, words = len(_CHINESE.findall(prose)), len(_WORD.findall(prose))
        is_row, run = region.kind == "row", _SENTENCE.search(prose)
        if is_chinese and not chinese and words > (3 if is_row else 1):
            found = "no Chinese character"
        elif is_chinese and run:
            found = f"words left in English, {run[0].strip()!r},"
        elif not is_chinese and not is_row and chinese > min(words, 6):
            found = "Chinese"
        else:
            continue
        expected = f"prose in the page's language, {checked.language}"
        found = f"{found} in {region.text.strip()[:40]!r}"
        yield checked.problem("twins", region.line, expected, found, "translate it")
