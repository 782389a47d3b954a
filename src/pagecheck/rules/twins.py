"""A page and its twin in another language teach the same, each in its own words.

Code, outputs, formulas and the order of headings, lists, tables and boxes are the same;
in each section so are numbers, bindings, claims, links and what stands in code spans
and mathematics. A paragraph may be split or joined.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
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
# Words that no name has, and so many words in a row that they say something.
_WORD = re.compile(r"(?<![\w.-])[a-z]{2,}(?![\w-]|\.\w)", re.ASCII)
_SENTENCE = re.compile(r"(?:[A-Za-z][A-Za-z'’-]*[ ,]+){3,}[A-Za-z'’-]+")
_NAME = re.compile("[A-Za-zα-ω]+[0-9²³⁰-₉][0-9a-z²³⁰-₉]*")
_IN_CELLS = re.compile(r"<!--=.*?-->|`+[^`]+`+|\$[^$]+\$")
_IN_LISTINGS = re.compile(
    r"<!--.*?-->|`+[^`]+`+|\{ #[\w-]+ \}|^ *[#>|-]+ |\d[\d.,]*", re.M
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
    for what, read in _IN_ORDER.items():
        for problem in _in_order(page, twin, what, [*read(page)], [*read(twin)]):
            yield problem
            differ = True
    if not differ:
        for number, section in enumerate(page.sections):
            sides = [
                [r for r in p.regions if r.section == number] for p in (page, twin)
            ]
            yield from _in_section(page, twin, section.line, *sides)
    if "zh" in checked.config.pages:
        yield from _foreign(checked)


# -- what stands in one order ----------------------------------------------------------

_Item = tuple[int, Hashable, str]  # its line, what the twin's has too, how it is shown


def _blocks(page: Page) -> Iterator[_Item]:
    for block in page.blocks:
        output = block.output.text if block.output else None
        image = block.image.target if block.image else None
        yield block.line, (tokens_of(block), output, image), repr(block.code)[:80]


def _formulas(page: Page) -> Iterator[_Item]:
    for formula in page.formulas:
        if not formula.inline:
            key = formula.latex, formula.expression, formula.unchecked is None
            yield formula.line, key, repr(formula.latex)[:80]


def _structure(page: Page) -> Iterator[_Item]:
    for region in page.regions:
        if region.kind != "paragraph":
            shown = f"{region.kind} {region.text.strip()[:40]!r}"
            yield region.line, (region.kind, region.detail), shown


def _listings(page: Page) -> Iterator[_Item]:
    """The Markdown that a page shows: its code, directives, ids and numbers."""
    for listing in page.listings:
        text = re.sub(r"(?m) +# .*$", "", listing.text)
        yield listing.line, tuple(_IN_LISTINGS.findall(text)), repr(listing.text)[:80]


_IN_ORDER: dict[str, Callable[[Page], Iterable[_Item]]] = {
    "blocks": _blocks,
    "formulas": _formulas,
    "structure": _structure,
    "listings": _listings,
}


def _in_order(
    page: Page, twin: Page, what: str, ours: Sequence[_Item], theirs: Sequence[_Item]
) -> Iterator[Problem]:
    """Compare two sequences in what their items share; each run of differences."""
    left, right = ([key for _, key, _ in items] for items in (ours, theirs))
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            lines = [
                items[min(index, len(items) - 1)][0] if items else 1
                for items, index in ((ours, i), (theirs, k))
            ]
            shown = [
                "; ".join(text for *_, text in items[:3]) or "nothing"
                for items in (ours[i:j], theirs[k:m])
            ]
            expected = f"the same {what} as {twin.path}:{lines[1]}: {shown[1]}"
            yield _problem(page, lines[0], expected, shown[0])


def _problem(page: Page, line: int, expected: str, found: str) -> Problem:
    fix = "make the two pages agree"
    return Problem("twins", page.path, line, expected, found, fix)


# -- what stands in a section, in any order --------------------------------------------


def _spans(page: Page, region: Region, kind: str) -> list[str]:
    text = visible(page.text[region.start : region.end], [kind])
    return [each.strip("`$") for each in text.split("\x00") if each.strip()]


_IN_SECTION: dict[str, Callable[[Page, Region], Iterable[str]]] = {
    "numbers": lambda _, r: [str(n.number.value.normalize()) for n in r.numbers],
    "bindings": lambda _, r: [n.binding for n in r.numbers if n.binding is not None],
    "claims": lambda p, r: [
        c.expression for c in p.claims if r.start <= c.start < r.end
    ],
    "links": lambda _, r: r.links,
    "images": lambda _, r: [image.target for image in r.images],
}
# These may be said more than once.
_SOMEWHERE: dict[str, Callable[[Page, Region], Iterable[str]]] = {
    "code spans": lambda p, r: _spans(p, r, "code"),
    "mathematics": lambda p, r: _spans(p, r, "math"),
    "names with digits": lambda p, r: [
        name[0].lower() + name[1:]
        for name in _NAME.findall(visible(p.text[r.start : r.end], ["prose"]))
    ],
}


def _in_section(
    page: Page, twin: Page, line: int, ours: list[Region], theirs: list[Region]
) -> Iterator[Problem]:
    sides, first = ((page, ours), (twin, theirs)), (ours[:1], theirs[:1])
    pairs = [
        (what, first, [sorted(e for r in rs for e in read(p, r)) for p, rs in sides])
        for what, read in _IN_SECTION.items()
    ]
    pairs += [
        (what, first, [sorted({e for r in rs for e in read(p, r)}) for p, rs in sides])
        for what, read in _SOMEWHERE.items()
    ]
    rows = [[r for r in regions if r.kind == "row"] for regions in (ours, theirs)]
    pairs += [
        ("cells", ([one], [other]), [_cells(page, one), _cells(twin, other)])
        for one, other in zip(*rows, strict=True)
    ]
    for one, other in zip(_paragraphs(ours), _paragraphs(theirs), strict=True):
        lengths = [_length(page, r) for r in one], [_length(twin, r) for r in other]
        if not _can_be_matched(*lengths):
            shown = [[f"{n:.0f} letters" for n in each] for each in lengths]
            pairs.append(("paragraphs", (one or ours, other or theirs), shown))
    for what, (mine, its), (left, right) in pairs:
        if left != right or what == "paragraphs":
            more = [
                [*(Counter(one) - Counter(other)).elements()]
                for one, other in ((left, right), (right, left))
            ]
            if more == [[], []]:  # in another order
                more = [left, right]
            found, expected = (", ".join(each) or "no more" for each in more)
            place = f"{twin.path}:{its[0].line if its else 1}"
            here = mine[0].line if mine else line
            yield _problem(page, here, f"the {what} of {place}: {expected}", found)


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
    reached = {(0, 0)}
    for i in range(len(ours) + 1):
        for j in range(len(theirs) + 1):
            for a, b in ((1, 1), (1, 2), (2, 1)):
                one, other = (
                    sum(ours[max(i - a, 0) : i]),
                    sum(theirs[max(j - b, 0) : j]),
                )
                short = max(one, other) <= LONG and a == b
                alike = other and 1 / DRIFT < one / other < DRIFT
                if (i - a, j - b) in reached and (short or alike):
                    reached.add((i, j))
    return (len(ours), len(theirs)) in reached


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
