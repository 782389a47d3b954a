"""Rule 7: a page and its twin in another language teach the same."""

from __future__ import annotations

import difflib
import io
import re
import tokenize
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from pagecheck.page import Block, Page, Unit
from pagecheck.problem import Problem
from pagecheck.rules.numbers import vouched

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_NOT_PROSE = re.compile(
    r"`[^`]*`|\$[^$]*\$|\]\([^()]*\)|<[^<>]*>|\*\*|[\"“”][^\"“”]*[\"“”]"
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
    problems = [
        *_compare(page, twin, "blocks", page.blocks, twin.blocks, _shared_block),
        *_compare(
            page,
            twin,
            "formulas",
            page.formulas,
            twin.formulas,
            lambda f: (f.latex, f.expression, f.notation is None),
        ),
        *_compare(
            page, twin, "prose", page.units, twin.units, lambda u: (u.kind, u.detail)
        ),
    ]
    if not problems:
        for ours, theirs in zip(page.units, twin.units, strict=True):
            problems += _compare_units(page, twin, ours, theirs)
    return problems + _check_language(page, language)


def same_code(page: Page, twin: Page) -> bool:
    """Whether two pages run the same code, comments aside, to the same ends."""
    return [_code(block) for block in page.blocks] == [
        _code(block) for block in twin.blocks
    ]


def _code(block: Block) -> Hashable:
    code = _without_comments(block.code) if block.language == "python" else block.code
    return block.language, code, block.raises, block.not_run is None


def _shared_block(block: Block) -> Hashable:
    output = block.output.text if block.output else None
    image = block.image.target if block.image else None
    return _code(block), output, image


def _without_comments(code: str) -> Hashable:
    """Python code as its tokens, comments aside."""
    skipped = (tokenize.COMMENT, tokenize.NL)
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (tokenize.TokenError, SyntaxError):
        return code
    return tuple((t.type, t.string) for t in tokens if t.type not in skipped)


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
        if isinstance(item, Unit)
        else repr(getattr(item, "code", getattr(item, "latex", item)))[:80]
        for item in items
    ]
    return (
        "; ".join(shown[:3]) + (" …" if len(shown) > 3 else "") if shown else "nothing"
    )


def _compare_units(page: Page, twin: Page, ours: Unit, theirs: Unit) -> list[Problem]:
    """Compare two pieces of prose in their numbers, bindings, links and images."""

    def numbers(unit: Unit) -> list[str]:
        return sorted(str(each.number.value.normalize()) for each in unit.numbers)

    def order(unit: Unit) -> list[str]:
        # Two unbound numbers that are exchanged say something else.
        return [
            str(each.number.value.normalize())
            for each, kind in vouched(page if unit is ours else twin, unit)
            if kind == "looked up"
        ]

    def bindings(unit: Unit) -> list[str]:
        return sorted(each.binding or "" for each in unit.numbers if each.binding)

    def images(unit: Unit) -> list[str]:
        return [image.target for image in unit.images]

    return [
        Problem(
            "twins",
            page.path,
            ours.line,
            f"the {what} of {twin.path}:{theirs.line}: "
            f"{', '.join(read(theirs)) or 'none'}",
            ", ".join(read(ours)) or "none",
            "make the two pages agree",
        )
        for what, read in (
            ("numbers", numbers),
            ("order of the unbound numbers", order),
            ("bindings", bindings),
            ("links", lambda unit: sorted(unit.links)),
            ("images", images),
        )
        if read(ours) != read(theirs)
    ]


def _check_language(page: Page, language: str) -> list[Problem]:
    """The paragraphs of a page that are not in its language."""
    problems = []
    for unit in page.units:
        if unit.kind not in (
            "paragraph",
            "item",
            "heading",
            "admonition",
            "description",
        ):
            continue
        prose = _NOT_PROSE.sub(" ", unit.text)
        chinese = len(_CHINESE.findall(prose))
        words = len(re.findall(r"[A-Za-z]{2,}", prose))
        if language == "zh" and chinese == 0 and words > 6:
            found = "a paragraph without a Chinese character"
        elif language == "en" and chinese > words:
            found = "a paragraph that is mostly Chinese"
        else:
            continue
        problems.append(
            Problem(
                "twins",
                page.path,
                unit.line,
                f"prose in the page's language, {language}",
                f"{found}: {unit.text.strip()[:40]!r}",
                "translate it",
            )
        )
    return problems
