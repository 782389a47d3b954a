"""The pages that are built, as their source and as prose and code in turn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from posixpath import dirname, join, normpath, relpath

from pagecheck.directives import strip_directives
from pagecheck.markdown import read_structure
from pagecheck.notebook import split
from pagecheck.page import FRONT_MATTER, Block, parse_page
from pagecheck.spans import find_spans

ROOT = Path(__file__).parents[1]
ENGLISH = ROOT / "docs" / "en"
EIGHT = (
    "recipes/activation-functions",
    "recipes/activation-shapes",
    "recipes/basic-network",
    "recipes/tensor-differentiation",
    "xor/walk-through",
    "xor/training",
    "further/autograd-inside",
    "further/outputs-and-losses",
)

_HEADING = re.compile(r"(?m)^(?P<title># .*?) *(?:\{[^{}]*\})? *\n")
_ID = re.compile(r"(?m)^(#{1,6} .*?) *\{[^{}\n]*\} *$")
_SUMMARY = re.compile(r"(?m)^ *<summary>(.*?)</summary> *$")
_TAG = re.compile(r"(?m)^ *</?(?:details|div)\b[^<>]*>(?: *</div>)? *$\n?")
_BOUND = re.compile(r"(\d)(?=<!--= )")
_FENCE = "```python\n"

Resolve = Callable[[str], str | None]
"""Where a link leads; None where it leads nowhere: then its text alone stays."""


@dataclass(frozen=True)
class Source:
    """A page: its name, as in `recipes/basic-network`, and its Markdown."""

    name: str
    text: str

    @property
    def title(self) -> str:
        """Its first heading."""
        heading = _HEADING.search(self.text)
        return heading["title"].removeprefix("# ") if heading else self.name

    @property
    def outputs(self) -> list[str]:
        """What its blocks print, as the page shows it."""
        blocks = parse_page(self.text).blocks
        return [block.output.text for block in blocks if block.output]


def read_pages(names: Sequence[str], folder: Path = ENGLISH) -> list[Source]:
    """Read pages; a link to any other page of the site gives way to its text."""
    pages = []
    for name in names:
        text = (folder / f"{name}.md").read_text(encoding="utf-8")

        def within(target: str, name: str = name) -> str | None:
            page = page_of(target, name)
            return target if page is None or page in names else None

        pages.append(Source(name, with_links(text, within)))
    return pages


def page_of(target: str, name: str) -> str | None:
    """The page that a link on the page `name` leads to; None where it is no page."""
    path = re.split("[?#]", target)[0]
    stem, _, suffix = path.rpartition(".")
    if "://" in target or suffix not in ("md", "ipynb"):
        return None
    return normpath(join(dirname(name), stem))


def link_to(suffix: str, name: str) -> Resolve:
    """Links between pages whose files have another suffix; none within a page."""

    def resolve(target: str) -> str | None:
        if "://" in target:
            return target
        page = page_of(target, name)
        return page and relpath(page, dirname(name)) + suffix

    return resolve


def with_links(text: str, resolve: Resolve) -> str:
    """A text of Markdown with its links led elsewhere; code stays as it is."""
    lines, kept, here = text.split("\n"), list[str](), 0
    for piece in read_structure(lines):
        if piece.kind == "fence":
            kept += [_led("\n".join(lines[here : piece.first]), resolve)]
            kept += lines[piece.first : piece.last]
            here = piece.last
    return "\n".join([*kept, _led("\n".join(lines[here:]), resolve)])


def _led(text: str, resolve: Resolve) -> str:
    paragraphs = re.split(r"(\n[ \t]*\n)", text)
    for number, paragraph in enumerate(paragraphs):
        for span in reversed(find_spans(paragraph)):
            if span.kind == "link":
                words, target = paragraph[slice(*span.inside)], resolve(span.target)
                link = words if target is None else f"[{words}]({target})"
                paragraph = paragraph[: span.start] + link + paragraph[span.end :]
        paragraphs[number] = paragraph
    return "".join(paragraphs)


def parts(page: Source) -> Iterator[tuple[str, Block | None]]:
    """Prose without directives and a block of Python in turn, in the page's order."""
    for prose, block in split(parse_page(page.text)):
        if block is not None:
            yield "", block
        elif text := strip_directives(FRONT_MATTER.sub("", prose)).strip():
            yield text, None


def plain(prose: str, resolve: Resolve) -> str:
    """Prose as any reader of Markdown knows it: without ids, folds and explorers."""
    text = _TAG.sub("", _SUMMARY.sub(r"**\1**", _ID.sub(r"\1", prose)))
    return re.sub(r"\n{3,}", "\n\n", with_links(text, resolve)).strip()


# -- edits -----------------------------------------------------------------------------


def with_sentence(page: Source) -> Source:
    """The page after an edit of prose: one more sentence under its title."""
    heading = _HEADING.search(page.text)
    assert heading is not None
    place = heading.end()
    added = "\nThis sentence was added.\n"
    return replace(page, text=page.text[:place] + added + page.text[place:])


def with_statement(page: Source, statement: str = "edited = True") -> Source:
    """The page after an edit of code: one more statement at the top of its first block.

    Below it everything comes out as before.
    """
    return replace(page, text=page.text.replace(_FENCE, f"{_FENCE}{statement}\n", 1))


def with_wrong_number(page: Source) -> Source:
    """The page after a mistake: the last digit of its first bound number is another."""
    wrong = _BOUND.sub(lambda digit: str((int(digit[1]) + 1) % 10), page.text, count=1)
    return replace(page, text=wrong)
