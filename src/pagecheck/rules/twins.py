"""A page and its twin in another language teach the same, each in its own words.

Code, outputs, formulas and the order of headings, lists, tables and boxes are the same;
in each section so are numbers, bindings, claims, links and what stands in code spans
and mathematics. A paragraph may be split or joined.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from pagecheck.checked import Check, CheckedPage
from pagecheck.page import Block, Formula, Listing, Page, Region, parse_page, visible
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
# What stands in both languages alike, in any order.
_VERBATIM = (
    ("code spans", "code", re.compile("`+([^`\\x00]+)`+")),
    ("mathematics", "math", re.compile(r"\$([^$\x00]+)\$")),
    (
        "names with digits",
        "prose",
        re.compile("[A-Za-z\u03b1-\u03c9]+[0-9²³⁰-₉][0-9a-z²³⁰-₉]*"),
    ),
)


T = TypeVar("T")


def check_twins(checked: CheckedPage) -> Iterator[Check]:
    """How a page differs from each of its twins."""
    for number, twin in enumerate(checked.twins.values(), 1):
        yield Check("twins", 1, number, partial(_differences_from, checked, twin))


def _differences_from(checked: CheckedPage, twin: Page | None) -> Iterator[Problem]:
    if twin is None:
        expected, found = "a twin in the other language", "no such file"
        yield checked.problem("twins", 1, expected, found, "write the twin")
    else:
        yield from _differences(checked.page, twin)
        yield from _foreign(checked)


def _shared_block(block: Block) -> Hashable:
    output = block.output.text if block.output else None
    image = block.image.target if block.image else None
    return tokens_of(block), output, image


def _differences(page: Page, twin: Page) -> Iterator[Problem]:
    compare = partial(_compare, page, twin)
    found = [
        *compare("blocks", page.blocks, twin.blocks, _shared_block),
        *compare(
            "formulas",
            _displayed(page),
            _displayed(twin),
            lambda f: (f.latex, f.expression, f.unchecked is None),
        ),
        *compare(
            "structure",
            _without_paragraphs(page),
            _without_paragraphs(twin),
            lambda region: (region.kind, region.detail),
        ),
        *compare("listings", page.listings, twin.listings, lambda _: 0),
    ]
    yield from found
    if not found:
        for one, other in zip(page.listings, twin.listings, strict=True):
            yield from _compare_listings(page, twin, one, other)
        for number in range(len(page.sections)):
            ours, theirs = (
                [region for region in each.regions if region.section == number]
                for each in (page, twin)
            )
            if ours and theirs:
                yield from _compare_sections(page, twin, ours, theirs)
            elif ours or theirs:
                line, what = page.sections[number].line, "paragraphs in the section"
                sides = [_show(each) for each in (theirs, ours)]
                fix = "make the two pages agree"
                yield Problem(
                    "twins", page.path, line, f"{what}: {sides[0]}", sides[1], fix
                )


def _displayed(page: Page) -> list[Formula]:
    return [formula for formula in page.formulas if not formula.inline]


def _without_paragraphs(page: Page) -> list[Region]:
    return [region for region in page.regions if region.kind != "paragraph"]


def _compare(
    page: Page,
    twin: Page,
    what: str,
    ours: Sequence[T],
    theirs: Sequence[T],
    shared: Callable[[T], Hashable],
) -> Iterator[Problem]:
    """Compare two sequences in what their items share; each run of differences."""
    left, right = [shared(each) for each in ours], [shared(each) for each in theirs]
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    for tag, start, end, other, other_end in matcher.get_opcodes():
        if tag != "equal":
            yield Problem(
                "twins",
                page.path,
                _line(ours, start),
                f"the same {what} as {twin.path}:{_line(theirs, other)}: "
                f"{_show(theirs[other:other_end])}",
                _show(ours[start:end]),
                "make the two pages agree",
            )


def _line(items: Sequence[object], index: int) -> int:
    return int(getattr(items[min(index, len(items) - 1)], "line", 1)) if items else 1


def _show(items: Sequence[object]) -> str:
    shown = [
        f"{item.kind} {item.text.strip()[:40]!r}"
        if isinstance(item, Region)
        else repr(getattr(item, "code", getattr(item, "latex", item)))[:80]
        for item in items
    ]
    return "; ".join(shown[:3]) + (" …" if len(shown) > 3 else "") or "nothing"


def _compare_listings(
    page: Page, twin: Page, ours: Listing, theirs: Listing
) -> Iterator[Problem]:
    """Compare the Markdown that two pages show: each listing is a page of its own."""
    one, other = parse_page(ours.text, page.path), parse_page(theirs.text, twin.path)
    left, right = _fences(ours), _fences(theirs)
    found = [
        *_differences(one, other),
        *_compare(one, other, "fences of a listing", left, right, str),
    ]
    for problem in found:
        yield replace(problem, line=problem.line + ours.line - 1)


def _fences(listing: Listing) -> list[str]:
    """The words in the fences of a listing, comments aside."""
    fences = "".join(re.findall(r"(?ms)^```.*?^```$", listing.text))
    return re.sub(r"(?m) *# .*$", "", fences).split()


def _compare_sections(
    page: Page, twin: Page, ours: Sequence[Region], theirs: Sequence[Region]
) -> Iterator[Problem]:
    """Compare what sections share, in any order; what rows do, cell by cell."""
    pairs = [
        (
            what,
            [sorted(item for r in each for item in read(r)) for each in (ours, theirs)],
        )
        for what, read in _SHARED.items()
    ]
    section = ours[0].section
    claims = [[c for c in each.claims if c.section == section] for each in (page, twin)]
    pairs.append(("claims", [sorted(c.expression for c in each) for each in claims]))
    for what, kind, pattern in _VERBATIM:
        sides = ((page, ours), (twin, theirs))
        pairs.append((what, [_all(pattern, kind, each, r) for each, r in sides]))
    for what, (left, right) in pairs:
        if left != right:
            yield _disagree(page, twin, what, ours[0], theirs[0], left, right)
    rows = [[r for r in each if r.kind == "row"] for each in (ours, theirs)]
    for one, other in zip(*rows, strict=True):
        cells = [_cells(page, one), _cells(twin, other)]
        if cells[0] != cells[1]:
            yield _disagree(page, twin, "cells", one, other, *cells)
    for one, other in zip(_paragraphs(ours), _paragraphs(theirs), strict=True):
        lengths = [[_length(page, r) for r in one], [_length(twin, r) for r in other]]
        if not _can_be_matched(*lengths):
            shown = [
                [f"{round(length)} letters" for length in each] for each in lengths
            ]
            first = (one or ours)[0], (other or theirs)[0]
            yield _disagree(page, twin, "paragraphs", *first, *shown)


# What regions of a section share with those of its twin: read from each of them.
_SHARED: dict[str, Callable[[Region], Iterable[str]]] = {
    "numbers": lambda r: [str(n.number.value.normalize()) for n in r.numbers],
    "bindings": lambda r: [n.binding for n in r.numbers if n.binding is not None],
    "links": lambda r: r.links,
    "images": lambda r: [image.target for image in r.images],
}


def _disagree(
    page: Page,
    twin: Page,
    what: str,
    ours: Region,
    theirs: Region,
    left: Sequence[str],
    right: Sequence[str],
) -> Problem:
    """A problem that says what only one of the two has."""
    mine, its = [*left], [*right]
    for each in left:
        if each in its:
            mine.remove(each)
            its.remove(each)
    expected = f"the {what} of {twin.path}:{theirs.line}: {', '.join(its) or 'no more'}"
    found, fix = ", ".join(mine) or "no more", "make the two pages agree"
    return Problem("twins", page.path, ours.line, expected, found, fix)


def _all(
    pattern: re.Pattern[str], kind: str, page: Page, regions: Iterable[Region]
) -> list[str]:
    texts = (visible(page.text[r.start : r.end], [kind]) for r in regions)
    found = {each for text in texts for each in pattern.findall(text)}
    return sorted({each[0].lower() + each[1:] for each in found})


def _cells(page: Page, row: Region) -> list[str]:
    """What the cells of a table's row share with its twin's, in their order."""
    cells = re.split(r"(?<!\\)\|", page.text[row.start : row.end])
    shared = re.compile(r"<!--=.*?-->|`+[^`]+`+|\$[^$]+\$")
    # Inside a cell the words of each language stand in their own order.
    return [" ".join(sorted(shared.findall(cell))) for cell in cells]


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
                if (i - a, j - b) not in reached:
                    continue
                one, other = sum(ours[i - a : i]), sum(theirs[j - b : j])
                short = max(one, other) <= LONG and a == b
                if short or 1 / DRIFT < one / other < DRIFT:
                    reached.add((i, j))
    return (len(ours), len(theirs)) in reached


def _foreign(checked: CheckedPage) -> Iterator[Problem]:
    """The regions of a page that are not in its language, if there is a Chinese one."""
    page, chinese_page = checked.page, checked.language == "zh"
    if "zh" not in checked.config.pages:
        return
    for region in page.regions:
        prose = visible(page.text[region.start : region.end], ["prose"])
        if region.kind != "admonition":  # its title stands in quotes
            prose = _QUOTED.sub(" ", prose)
        chinese, words = len(_CHINESE.findall(prose)), len(_WORD.findall(prose))
        if chinese_page and not chinese and words > (3 if region.kind == "row" else 1):
            found = "no Chinese character"
        elif chinese_page and (run := _SENTENCE.search(prose)):
            found = f"words left in English, {run[0].strip()!r},"
        elif not chinese_page and region.kind != "row" and chinese > min(words, 6):
            found = "Chinese"
        else:
            continue
        expected = f"prose in the page's language, {checked.language}"
        found = f"{found} in {region.text.strip()[:40]!r}"
        yield checked.problem("twins", region.line, expected, found, "translate it")
