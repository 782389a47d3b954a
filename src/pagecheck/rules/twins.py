"""A page and its twin in another language teach the same, each in its own words.

Blocks, outputs, formulas, headings, paragraphs, lists, tables and boxes stand in the
same order; each paragraph, item and cell has the same numbers, bindings, claims, links,
code and mathematics as its twin's. A paragraph that ends with
``<!--pagecheck:split-->`` stands with the next one for one of the twin.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from decimal import Context
from functools import partial
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from pagecheck.checked import CheckedPage
from pagecheck.markdown import BORDER
from pagecheck.page import Page, ProseNumber, Region
from pagecheck.problem import Problem
from pagecheck.script import tokens_of
from pagecheck.spans import find_spans, visible

# A paragraph is so many times as long as its twin at most; so many letters are as long
# as one Chinese character, and texts shorter than this are not compared.
DRIFT, CHARACTER, LONG = 1.6, 2.8, 160

_WIDE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
# In words and in digits alike: two thirds, 2/3.
_ABOUT = Context(prec=12)
_NAME = re.compile("(?<![A-Za-zα-ω])[A-Za-zα-ω]++[0-9²³⁰-₉][0-9a-z²³⁰-₉]*")
# What is said by a directive, but for a reason.
_SAID = re.compile("= |pagecheck:(?:claim|formula) |pagecheck:unchecked")
_NOTE = re.compile(r"(?m) +# .*$")
_IN_LISTINGS = re.compile(
    r"<!--.*?(?:-->|$)|(?<!`)`++[^`]++`+|\{ #[\w-]+ \}|^ *[#>|-]+ |\d[\d.,]*", re.M
)
_AGREE = "make the two pages agree"
_SPLIT = f"{_AGREE}; where two paragraphs are one in the twin, end the first with "
_SPLIT += "<!--pagecheck:split-->"


class _Thing(NamedTuple):
    """Something of a page that its twin has at the same place in the order."""

    line: int
    kind: str
    shared: Hashable  # what the twin's has too
    shown: str
    said: Sequence[Counter[str]] = ()  # what prose, or each cell of a row, shares
    length: float = 0  # of a paragraph


def check_twins(checked: CheckedPage) -> Iterator[Problem]:
    """How a page differs from each of its twins."""
    problem = partial(checked.problem, "twins")
    for twin in checked.twins.values():
        if twin is None:
            expected, found = "a twin in the other language", "no such file"
            yield problem(1, expected, found, "write the twin")
        else:
            yield from _differences(checked, twin)
    for each in checked.page.regions if checked.twins else ():
        if each.kind == "heading" and each.detail.endswith("#"):
            expected = "an explicit id, { #slug }, the same in every language"
            yield problem(each.line, expected, each.text.strip(), _AGREE)


def _differences(checked: CheckedPage, twin: Page) -> Iterator[Problem]:
    problem = partial(checked.problem, "twins")
    for one, other in zip(_things(checked.page), _things(twin), strict=False):
        fix = _SPLIT if "paragraph" in (one.kind, other.kind) else _AGREE
        place = f"{twin.path}:{other.line}"
        if (one.kind, one.shared) != (other.kind, other.shared):
            found, due = (f"{e.kind} {e.shown.strip()!r:.80}" for e in (one, other))
            yield problem(one.line, f"the same as in {place}: {due}", found, fix)
            break  # what follows does not stand side by side
        for cell, (ours, theirs) in enumerate(zip(one.said, other.said, strict=True)):
            less = ", ".join((theirs - ours).elements())
            more = ", ".join((ours - theirs).elements())
            if less or more:
                where = f"{place}, cell {cell}," if cell else place
                expected = f"as {where} has: {less or 'no more'}"
                yield problem(one.line, expected, more or "no more", fix)
                break
        is_long = max(one.length, other.length) > LONG
        if is_long and not 1 / DRIFT < one.length / other.length < DRIFT:
            expected = f"a paragraph as long as {place}: {other.length:.0f} letters"
            yield problem(one.line, expected, f"{one.length:.0f}", fix)


def _things(page: Page) -> list[_Thing]:
    """What a page and its twin have in the same order, and the page's end."""
    things: list[_Thing] = []
    for b in page.blocks:
        image, output = b.image and b.image.target, b.output and b.output.text
        things.append(_Thing(b.line, "block", (tokens_of(b), output, image), b.code))
    for f in page.formulas:
        if not f.inline:
            shared = f.latex, f.expression, f.unchecked is None
            things.append(_Thing(f.line, "formula", shared, f.latex))
    for listing in page.listings:  # in their code, directives, ids and numbers
        found = _IN_LISTINGS.findall(_NOTE.sub("", listing.text))
        things.append(_Thing(listing.line, "listing", tuple(found), listing.text))
    parts: list[list[Region]] = []
    for region in page.regions:
        if region.joined:
            parts[-1].append(region)
        else:
            parts.append([region])
    things += [_prose(page, each) for each in parts]
    last = max((thing.line for thing in things), default=1)
    things.append(_Thing(last, "end", "", "of the page"))
    return sorted(things, key=lambda thing: thing.line)


def _prose(page: Page, regions: Sequence[Region]) -> _Thing:
    """A region, or paragraphs that stand for one of the twin."""
    numbers = [number for region in regions for number in region.numbers]
    region, cuts = regions[0], [regions[0].start, regions[-1].end]
    if region.kind == "row":
        cuts[1:1] = [border.start() for border in BORDER.finditer(page.text, *cuts)]
    ends = [bisect_left(numbers, each, key=attrgetter("start")) for each in cuts]
    said = [
        _said(page.text[slice(*text)], numbers[slice(*of)])
        for text, of in zip(pairwise(cuts), pairwise(ends), strict=True)
    ]
    length = 0.0
    if region.kind == "paragraph":  # in Latin letters: a Chinese character says more
        text = re.sub(r"[\x00\s]+", " ", visible(page.text[slice(*cuts)], ["prose"]))
        length = 1 + len(text) + (CHARACTER - 1) * len(_WIDE.findall(text))
    return _Thing(region.line, region.kind, region.detail, region.text, said, length)


def _said(source: str, numbers: Sequence[ProseNumber]) -> Counter[str]:
    """What a text and its twin share, in any order."""
    said = Counter(f"the number {n.value.normalize(_ABOUT)}" for n in numbers)
    # What may be said more than once: how it is called, where it stands, what it is.
    names = _NAME.findall(visible(source, ["prose"]))
    again = {f"the name {each[0].lower()}{each[1:]}" for each in names}
    for span in find_spans(source):
        inside = source[slice(*span.inside)]
        if span.kind in ("code", "math"):
            again.add(f"the {span.kind} {inside}")
        elif span.kind in ("link", "image"):
            said[f"the {span.kind} {span.target}"] += 1
        elif span.kind == "comment" and (match := _SAID.match(inside)):
            said[inside if match[0][-1] == " " else match[0]] += 1
    return said + Counter(again)
