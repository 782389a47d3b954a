"""A page and its twin in another language teach the same, each in its own words.

Code, outputs, formulas and the order of headings, lists, tables and boxes are the same;
in each section so are numbers, bindings, claims, links and what stands in code spans
and mathematics. A paragraph may be split or joined.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from decimal import Context
from difflib import SequenceMatcher
from functools import partial
from itertools import product

from pagecheck.checked import Check, CheckedPage
from pagecheck.markdown import BORDER
from pagecheck.page import Page, Region, visible
from pagecheck.problem import Problem
from pagecheck.script import tokens_of

# A paragraph, or two that stand for one, is so many times as long as in the other
# language at most; so many letters are as long as one Chinese character, and texts
# shorter than this are not compared.
DRIFT, CHARACTER, LONG = 1.6, 2.8, 160
# So many things in a row, other than the twin's, are told as one difference.
_MANY = 500

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_WIDE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
_QUOTED = re.compile(r"[\"“][^\"“”]*[\"”]|《[^《》]*》")
# Words that no name has, and so many words in a row that they say something.
_WORD = re.compile(r"(?<![\w.-])[a-z]{2,}(?![\w-]|\.\w)", re.ASCII)
_SENTENCE = re.compile(
    r"(?<![A-Za-z'’-])(?:['’-]*+[A-Za-z][A-Za-z'’-]*+[ ,]++){3,}[A-Za-z'’-]+"
)
# In words and in digits alike: two thirds, 2/3.
_ABOUT = Context(prec=12)
_NAME = re.compile("(?<![A-Za-zα-ω])[A-Za-zα-ω]++[0-9²³⁰-₉][0-9a-z²³⁰-₉]*")
# What may be said more than once: how it is called, where it stands, what it is.
_SAID = [
    ("code spans", "code", re.compile(r"(?<!`)`++([^`\x00]++)`+")),
    ("mathematics", "math", re.compile(r"\$([^$\x00]+)\$")),
    ("names with digits", "prose", _NAME),
]
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
    for each in checked.page.regions:
        if each.kind == "heading" and each.detail.endswith("#"):
            expected = "an explicit id, { #slug }, the same in every language"
            yield _problem(checked, each.line, expected, each.text.strip())
    differences = [*_in_order(checked, twin)]
    yield from differences
    for section in range(len(twin.sections) if not differences else 0):
        yield from _in_section(checked, twin, section)
    if "zh" in checked.config.pages:
        yield from _foreign(checked)


def _problem(checked: CheckedPage, line: int, expected: str, found: str) -> Problem:
    return checked.problem("twins", line, expected, found, "make the two pages agree")


# -- what stands in one order ----------------------------------------------------------

_Item = tuple[int, Hashable, str]  # its line, what the twin's has too, how it is shown


def _ordered(page: Page) -> list[_Item]:
    """What a page and its twin have in the same order."""
    items: list[_Item] = []
    for b in page.blocks:
        image, output = b.image and b.image.target, b.output and b.output.text
        items.append((b.line, (tokens_of(b), output, image), f"block {b.code}"))
    for f in page.formulas:
        if not f.inline:
            said = f.latex, f.expression, f.unchecked is None
            items.append((f.line, said, f"formula {f.latex}"))
    for each in page.listings:  # in their code, directives, ids and numbers
        shared = (*_IN_LISTINGS.findall(_NOTE.sub("", each.text)),)
        items.append((each.line, shared, f"listing {each.text}"))
    for r in page.regions:
        if r.kind != "paragraph":
            cells = _cells(page, r) if r.kind == "row" else ()
            shown = f"{r.kind} {r.text.strip()[:40]} {cells or ''}"
            items.append((r.line, (r.kind, r.detail, cells), shown))
    return sorted(items, key=lambda item: item[0])


def _cells(page: Page, row: Region) -> tuple[str, ...]:
    """What the cells of a table's row share with its twin's, in their order."""
    cells = BORDER.split(page.text[row.start : row.end])
    # Inside a cell the words of each language stand in their own order.
    return tuple(" ".join(sorted(_IN_CELLS.findall(cell))) for cell in cells)


def _in_order(checked: CheckedPage, twin: Page) -> Iterator[Problem]:
    """Compare two pages in what stands in one order; each run of differences."""
    sides = _ordered(checked.page), _ordered(twin)
    left, right = ([key for _, key, _ in items] for items in sides)
    for places in _differing(left, right):
        lines, shown = [], []
        for items, start, end in zip(sides, places[::2], places[1::2], strict=True):
            lines.append(items[min(start, len(items) - 1)][0] if items else 1)
            texts = [repr(text)[:80] for *_, text in items[start : min(end, start + 3)]]
            shown.append("; ".join(texts) or "nothing")
        expected = f"the same as in {twin.path}:{lines[1]}: {shown[1]}"
        yield _problem(checked, lines[0], expected, shown[0])


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


# -- what stands in a section, in any order --------------------------------------------


def _shared(page: Page, section: int) -> Iterator[tuple[str, Counter[str]]]:
    """What a section shares with that of a twin, by what it is called."""
    regions = page.by_section.get(section, [])
    numbers = [number for region in regions for number in region.numbers]
    yield "numbers", Counter(str(_ABOUT.normalize(number.value)) for number in numbers)
    yield "bindings", Counter(n.binding for n in numbers if n.binding is not None)
    yield "claims", Counter(claim.expression for claim in page.claims_of(section))
    yield "links", Counter(link for region in regions for link in region.links)
    yield "images", Counter(each.target for region in regions for each in region.images)
    texts = [page.text[region.start : region.end] for region in regions]
    for what, kind, pattern in _SAID:
        found = (
            each for text in texts for each in pattern.findall(visible(text, [kind]))
        )
        yield what, Counter({each[0].lower() + each[1:] for each in found})


def _in_section(checked: CheckedPage, twin: Page, section: int) -> Iterator[Problem]:
    """Compare what a section and its twin share in any order, and their paragraphs."""
    page, here = checked.page, checked.page.sections[section].line
    there = twin.sections[section].line
    pairs = zip(_shared(page, section), _shared(twin, section), strict=True)
    for (what, ours), (_, theirs) in pairs:
        if ours != theirs:
            less, more = [*(theirs - ours).elements()], [*(ours - theirs).elements()]
            said = f"the {what} of {twin.path}:{there}: {', '.join(less) or 'no more'}"
            yield _problem(checked, here, said, ", ".join(more) or "no more")
    runs = zip(_paragraphs(page, section), _paragraphs(twin, section), strict=True)
    for mine, its in runs:
        left, right = ([length for _, length in side] for side in (mine, its))
        if not _can_be_matched(left, right):
            ours_, theirs_ = (
                " and ".join(f"{n:.0f}" for n in e) for e in (left, right)
            )
            place = f"{twin.path}:{its[0][0] if its else there}"
            said = f"the paragraphs of {place}, as long as {theirs_ or 'none'}"
            line = mine[0][0] if mine else here
            yield _problem(checked, line, said, f"as long as {ours_ or 'none'}")


def _paragraphs(page: Page, section: int) -> list[list[tuple[int, float]]]:
    """The paragraphs between a section's other regions: each its line and length.

    They are as long as in Latin letters: a Chinese character says more.
    """
    runs: list[list[tuple[int, float]]] = [[]]
    for region in page.by_section.get(section, []):
        if region.kind == "paragraph":
            text = visible(page.text[region.start : region.end], ["prose"])
            text = re.sub(r"[\x00\s]+", " ", text)
            length = 1 + len(text) + (CHARACTER - 1) * len(_WIDE.findall(text))
            runs[-1].append((region.line, length))
        else:
            runs.append([])
    return runs


def _can_be_matched(ours: Sequence[float], theirs: Sequence[float]) -> bool:
    """Whether each paragraph, or two in a row, can stand for one of the other's.

    None may be left over, and what stands for each other must be about as long.
    """
    if len(ours) == len(theirs) and all(map(_are_alike, ours, theirs)):
        return True
    if max(len(ours), len(theirs)) > _MANY:
        return False
    reached = {(0, 0)}
    for i, j in product(range(len(ours)), range(len(theirs))):
        for a, b in ((1, 1), (1, 2), (2, 1)) if (i, j) in reached else ():
            one, other = sum(ours[i : i + a]), sum(theirs[j : j + b])
            if _are_alike(one, other, LONG if a == b else 0):
                reached.add((i + a, j + b))
    return (len(ours), len(theirs)) in reached


def _are_alike(one: float, other: float, short: float = LONG) -> bool:
    """Whether two texts are both short, or about as long as each other."""
    return max(one, other) <= short or 1 / DRIFT < one / other < DRIFT


def _foreign(checked: CheckedPage) -> Iterator[Problem]:
    """The regions of a page that are not in its language, Chinese or another."""
    page, is_chinese = checked.page, checked.language == "zh"
    for region in (r for r in page.regions if r.kind != "html"):
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
