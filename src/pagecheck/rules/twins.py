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

# In words and in digits alike: two thirds, 2/3.
_ABOUT = Context(prec=12)
_NAME = re.compile("(?<![A-Za-zα-ω])[A-Za-zα-ω]++[0-9²³⁰-₉][0-9a-z²³⁰-₉]*")
# What is said by a directive, but for a reason.
_SAID = re.compile("= |pagecheck:(?:claim|formula) |pagecheck:unchecked")
_NOTE = re.compile(r"(?m) +# .*$")
_IN_LISTINGS = re.compile(
    r"<!--.*?(?:-->|$)|(?<!`)`++[^`]++`+|\{ #[\w-]+ \}|^ *[#>|-]+ |\d[\d.,]*", re.M
)
_NOTHING: Counter[str] = Counter()
_AGREE = "make the two pages agree"
_SPLIT = f"{_AGREE}; where two paragraphs are one in the twin, end the first with "
_SPLIT += "<!--pagecheck:split-->"


class _Thing(NamedTuple):
    """Something of a page that its twin has at the same place in the order."""

    line: int
    kind: str
    shared: Hashable  # what the twin's has too
    shown: str
    said: Counter[str] = _NOTHING  # what its words share with the twin's


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
        less = ", ".join((other.said - one.said).elements()) or "no more"
        more = ", ".join((one.said - other.said).elements()) or "no more"
        if less != more:
            expected = f"as {place}, {other.kind}, has: {less}"
            yield problem(one.line, expected, more, fix)


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
    things += [thing for each in parts for thing in _prose(page, each)]
    last = max((thing.line for thing in things), default=1)
    things.append(_Thing(last, "end", "", "of the page"))
    return sorted(things, key=lambda thing: thing.line)


def _prose(page: Page, regions: Sequence[Region]) -> Iterator[_Thing]:
    """A region, or paragraphs that stand for one of the twin; a row with its cells."""
    numbers = [number for region in regions for number in region.numbers]
    region, cuts = regions[0], [regions[0].start, regions[-1].end]
    if region.kind == "row":
        cuts[1:1] = [border.start() for border in BORDER.finditer(page.text, *cuts)]
    ends = [bisect_left(numbers, each, key=attrgetter("start")) for each in cuts]
    places = zip(pairwise(cuts), pairwise(ends), strict=True)
    for cell, (text, of) in enumerate(places):
        said = _said(page.text[slice(*text)], numbers[slice(*of)])
        kind = f"cell {cell}" if cell else region.kind
        yield _Thing(region.line, kind, region.detail, region.text, said)


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
