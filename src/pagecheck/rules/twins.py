"""Rule 7: a page and its twin in another language teach the same."""

from __future__ import annotations

import difflib
import io
import re
import tokenize
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from pagecheck.number_words import find_counts
from pagecheck.numerals import Dialect, find_numbers
from pagecheck.page import Block, Formula, Listing, Page, Region, parse_page, visible
from pagecheck.problem import Problem
from pagecheck.rules.numbers import vouched

# A long piece of prose is at least so many letters long, and so many times as long as
# its twin at most; so many letters are as long as one Chinese character.
LONG, DRIFT, CHARACTER = 160, 1.6, 2.8

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_WIDE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
_QUOTED = re.compile(r"[\"“][^\"“”]*[\"”]|《[^《》]*》")
# Words that no name has, and so many words in a row that they say something.
_WORD = re.compile(r"(?<![\w.-])[a-z]{2,}(?![\w-]|\.\w)", re.ASCII)
_SENTENCE = re.compile(r"(?:[A-Za-z][A-Za-z'’-]*[ ,]+){3,}[A-Za-z'’-]+")
# What stands in both languages alike, in any order.
_VERBATIM: tuple[tuple[str, Dialect, re.Pattern[str]], ...] = (
    ("code", "code", re.compile("`+([^`\\x00]+)`+")),
    ("mathematics", "math", re.compile(r"\$([^$\x00]+)\$")),
    (
        "names with digits",
        "prose",
        re.compile("[A-Za-zα-ωΑ-Ω][A-Za-z]*[0-9²³¹⁰⁴-⁹₀-₉][0-9A-Za-z²³¹⁰⁴-⁹₀-₉]*"),
    ),
)

T = TypeVar("T")


def check_twins(page: Page, twin: Page | None, language: str) -> list[Problem]:
    """How a page differs from its twin in what both must share.

    Args:
        page: The page.
        twin: Its twin; None where there is none.
        language: The language of the page.
    """
    if twin is None:
        expected, found = "a twin in the other language", "no such file"
        return [Problem("twins", page.path, 1, expected, found, "write the twin")]
    return _differences(page, twin) + _check_language(page, language)


def _differences(page: Page, twin: Page) -> list[Problem]:
    problems = [
        *_compare(page, twin, "blocks", page.blocks, twin.blocks, _shared_block),
        *_compare(
            page,
            twin,
            "formulas",
            _spoken_of(page),
            _spoken_of(twin),
            lambda f: (f.latex, f.expression, f.unchecked is None),
        ),
        *_compare(
            page,
            twin,
            "prose",
            page.regions,
            twin.regions,
            lambda u: (u.kind, u.detail),
        ),
    ]
    problems += _compare_listings(page, twin)
    if not problems:
        for ours, theirs in zip(page.regions, twin.regions, strict=True):
            problems += _compare_regions(page, twin, ours, theirs)
        for block, its_block in zip(page.blocks, twin.blocks, strict=True):
            problems += _compare_comments(page, twin, block, its_block)
    return problems


def _spoken_of(page: Page) -> list[Formula]:
    """The formulas that a directive speaks of, or should; others may change places."""
    said = (f.expression is not None or f.unchecked is not None for f in page.formulas)
    pairs = zip(page.formulas, said, strict=True)
    return [formula for formula, spoken in pairs if spoken or not formula.inline]


def _compare_listings(page: Page, twin: Page) -> list[Problem]:
    """Compare the Markdown that two pages show: each listing is a page of its own.

    It is in the language of code or in the page's own.
    """
    if len(page.listings) != len(twin.listings):
        return _compare(
            page, twin, "listings", page.listings, twin.listings, lambda _: 0
        )
    problems = []
    for ours, theirs in zip(page.listings, twin.listings, strict=True):
        one, other = (
            parse_page(ours.text, page.path),
            parse_page(theirs.text, twin.path),
        )
        code, its_code = _fences(ours), _fences(theirs)
        found = [
            *_differences(one, other),
            *_compare(one, other, "fences of a listing", code, its_code, str),
        ]
        problems += [replace(each, line=each.line + ours.line - 1) for each in found]
    return problems


def _fences(listing: Listing) -> list[str]:
    """What stands in the fences of a listing, comments aside."""
    found = re.findall(r"(?ms)^(`{3,})(\w*\n.*?)^\1$", listing.text)
    return [re.sub(r"(?m) *# .*$", "", text) for _, text in found]


def same_code(page: Page, twin: Page) -> bool:
    """Whether two pages run the same code, comments aside, to the same ends."""
    return [_code(block) for block in page.blocks] == [
        _code(block) for block in twin.blocks
    ]


def _code(block: Block) -> Hashable:
    skipped = (tokenize.COMMENT, tokenize.NL)
    tokens = [(t.type, t.string) for t in _tokens(block) if t.type not in skipped]
    code = tuple(tokens) or block.code
    return block.language, code, block.raises, block.unchecked is None


def _shared_block(block: Block) -> Hashable:
    output = block.output.text if block.output else None
    image = block.image.target if block.image else None
    return _code(block), output, image


def _tokens(block: Block) -> list[tokenize.TokenInfo]:
    """The tokens of a Python block; none where they cannot be told apart."""
    if block.language != "python":
        return []
    try:
        return list(tokenize.generate_tokens(io.StringIO(block.code).readline))
    except (tokenize.TokenError, SyntaxError):
        return []


def _compare(
    page: Page,
    twin: Page,
    what: str,
    ours: Sequence[T],
    theirs: Sequence[T],
    shared: Callable[[T], Hashable],
) -> list[Problem]:
    """Compare two sequences in what their items share; each run of differences."""
    left, right = [shared(each) for each in ours], [shared(each) for each in theirs]
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    problems = []
    for tag, start, end, other, other_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        line = _line(ours, start)
        other_line = _line(theirs, other)
        problems.append(
            Problem(
                "twins",
                page.path,
                line,
                f"the same {what} as {twin.path}:{other_line}: "
                f"{_show(theirs[other:other_end])}",
                _show(ours[start:end]),
                "make the two pages agree",
            )
        )
    return problems


def _line(items: Sequence[object], index: int) -> int:
    if not items:
        return 1
    line = getattr(items[min(index, len(items) - 1)], "line", 1)
    return int(line)


def _show(items: Iterable[object]) -> str:
    shown = [
        f"{item.kind} {item.text.strip()[:40]!r}"
        if isinstance(item, Region)
        else repr(getattr(item, "code", getattr(item, "latex", item)))[:80]
        for item in items
    ]
    return (
        "; ".join(shown[:3]) + (" …" if len(shown) > 3 else "") if shown else "nothing"
    )


def _compare_regions(
    page: Page, twin: Page, ours: Region, theirs: Region
) -> list[Problem]:
    """Compare two pieces of prose in all that a translation keeps."""
    texts = (page.text[ours.start : ours.end], twin.text[theirs.start : theirs.end])
    regions = ((page, ours), (twin, theirs))
    found = [
        (what, [read(*region) for region in regions])
        for what, read in (
            ("numbers", _numbers),
            ("order of the unbound numbers", _unbound),
            (
                "bindings",
                lambda _, region: sorted(n.binding or "" for n in region.numbers),
            ),
            ("links", lambda _, region: list(region.links)),
            ("images", lambda _, region: [image.target for image in region.images]),
        )
    ]
    if ours.kind == "row":
        found.append(("cells", [_cells(text) for text in texts]))
    found += [
        (what, [_all(pattern, visible(text, [kind])) for text in texts])
        for what, kind, pattern in _VERBATIM
    ]
    found.append(("counting words", _contradicting_counts(texts)))
    lengths = [_length(visible(text, ["prose"])) for text in texts]
    if max(lengths) > LONG and not 1 / DRIFT < lengths[0] / lengths[1] < DRIFT:
        found.append(("length", [[f"{length:.0f} letters"] for length in lengths]))
    return [
        Problem(
            "twins",
            page.path,
            ours.line,
            f"the {what} of {twin.path}:{theirs.line}: {', '.join(right) or 'none'}",
            ", ".join(left) or "none",
            "make the two pages agree",
        )
        for what, (left, right) in found
        if left != right
    ]


def _contradicting_counts(texts: Iterable[str]) -> list[list[str]]:
    """The counting words of two texts that the other lacks, where both have some.

    What is counted in one language alone may be said otherwise in the other: "both",
    "a pair". Where one says four and the other 五, only one of them is right.
    """
    ours, theirs = (Counter(find_counts(visible(text, ["prose"]))) for text in texts)
    lacking = [ours - theirs, theirs - ours]
    if not all(lacking):
        return [[], []]
    return [sorted(map(str, each.elements())) for each in lacking]


def _compare_comments(
    page: Page, twin: Page, ours: Block, theirs: Block
) -> list[Problem]:
    """Compare the numbers in the comments of two blocks of the same code."""
    left, right = _numbers_in_comments(ours), _numbers_in_comments(theirs)
    if left == right:
        return []
    return [
        Problem(
            "twins",
            page.path,
            ours.line,
            f"the numbers in the comments of {twin.path}:{theirs.line}: "
            f"{', '.join(right) or 'none'}",
            ", ".join(left) or "none",
            "make the two pages agree",
        )
    ]


def _numbers_in_comments(block: Block) -> list[str]:
    comments = (each.string for each in _tokens(block) if each.type == tokenize.COMMENT)
    numbers = (each for comment in comments for each in find_numbers(comment))
    return sorted(str(each.value.normalize()) for each in numbers)


def _all(pattern: re.Pattern[str], text: str) -> list[str]:
    return sorted({each[0].lower() + each[1:] for each in pattern.findall(text)})


def _cells(row: str) -> list[str]:
    """What the cells of a table's row share with its twin's, in their order."""
    cells = re.split(r"(?<!\\)\|", row)
    shared = re.compile(r"<!--=.*?-->|`+[^`]+`+|\$[^$]+\$")
    # Inside a cell the words of each language stand in their own order.
    return [" ".join(sorted(shared.findall(cell))) for cell in cells]


def _numbers(_: Page, region: Region) -> list[str]:
    return sorted(str(each.number.value.normalize()) for each in region.numbers)


def _unbound(page: Page, region: Region) -> list[str]:
    # Two unbound numbers that are exchanged say something else.
    return [
        str(each.number.value.normalize())
        for each, kind in vouched(page, region)
        if kind in ("looked up", "formula")
    ]


def _length(text: str) -> float:
    """How long a text is, in Latin letters: a Chinese character says more."""
    text = re.sub(r"[\x00\s]+", " ", text)
    return 1 + len(text) + (CHARACTER - 1) * len(_WIDE.findall(text))


def _check_language(page: Page, language: str) -> list[Problem]:
    """The pieces of a page that are not in its language."""
    problems = []
    for region in page.regions:
        prose = visible(page.text[region.start : region.end], ["prose"])
        if region.kind != "admonition":  # its title stands in quotes
            prose = _QUOTED.sub(" ", prose)
        chinese, words = len(_CHINESE.findall(prose)), len(_WORD.findall(prose))
        if (
            language == "zh"
            and chinese == 0
            and words > (3 if region.kind == "row" else 1)
        ):
            found = "no Chinese character"
        elif language == "zh" and (run := _SENTENCE.search(prose)):
            found = f"words left in English, {run[0].strip()!r},"
        elif language == "en" and region.kind != "row" and chinese > min(words, 6):
            found = "Chinese"
        else:
            continue
        problems.append(
            Problem(
                "twins",
                page.path,
                region.line,
                f"prose in the page's language, {language}",
                f"{found} in {region.text.strip()[:40]!r}",
                "translate it",
            )
        )
    return problems
