"""The block structure of a page: what each line belongs to, or why it is refused.

markdown-it-py cuts the page into blocks, by CommonMark; the site is built by
Python-Markdown, which goes by blank lines and by indentation in steps of four. What the
two may read differently is refused, and so is every kind of block that is not listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from pagecheck.formula.latex import LONGEST
from pagecheck.spans import visible

# How many lists and boxes may stand in one another.
DEPTH = 6
BORDER = re.compile(r"(?<!\\)\|")
ITEM = re.compile(r" *([-*+]|\d+\.) +(?=\S)")
# Lines that are blocks, which CommonMark does not have; a summary follows its fold.
_LINES = {
    "open": re.compile(
        r"<(details|div)(?=[^<>]* markdown\b)"
        r"(?: (?:markdown|open|class=\"[^\"<>]*\"))+>"
    ),
    "close": re.compile(r"</(details|div)>"),
    "place": re.compile(r"<div(?: (?:class|id|data-[\w-]+)=\"[^\"<>]*\")+></div>"),
    "summary": re.compile(r"<summary>[^<>]+</summary>"),
    "autodoc": re.compile(r"::: [A-Za-z_][\w.]*"),
    "admonition": re.compile(r'(?:!!!|\?\?\?\+?) [\w-]+(?: ".*")?'),
}
_HTML = ("open", "close", "place", "summary")
# The kinds of blocks by what markdown-it calls them, and our own.
_KINDS = {"heading_open": "heading", "paragraph_open": "paragraph", "tr_open": "row"}
_KINDS |= {each: each for each in ("fence", "formula", "comment", *_LINES)}
_KINDS |= {"hr": "paragraph", "autodoc": "paragraph"}
# What another block may follow without a blank line between.
_OPENING = ("heading", *_HTML, "comment", "admonition")
_EMPTY = ("a box that holds nothing", "indent by 4 what it should hold")


@dataclass(frozen=True)
class Piece:
    """A block of a page that holds no other, or what is refused.

    ``first`` is the index of its first line, ``last`` the one after its last line;
    ``content`` is what a formula or a comment holds, a fence's info, or what was found
    that is not understood; ``fix`` how to write it.
    """

    kind: str
    first: int
    last: int
    content: str = ""
    fix: str = ""


def _ours(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """The rule for markdown-it that reads the blocks which CommonMark does not have."""

    def line(number: int) -> str:
        begin = state.bMarks[number] + state.tShift[number]
        return state.src[begin : state.eMarks[number]].strip()

    opening, last, content = line(first), first + 1, ""
    kind = next((k for k, each in _LINES.items() if each.fullmatch(opening)), "")
    if opening == "$$":
        end = min(end, first + LONGEST)
        while last < end and line(last) not in ("$$", ""):
            last += 1
        kind = "formula" if last < end and line(last) else ""
        content, last = "\n".join(map(line, range(first + 1, last))), last + 1
    elif opening.startswith("<!--"):
        start = state.bMarks[first] + state.tShift[first] + 4
        close = state.src.find("-->", start, state.eMarks[end - 1])
        while close >= 0 and state.eMarks[last - 1] < close:
            last += 1
        alone = not state.src[close + 3 : state.eMarks[last - 1]].strip()
        kind = "comment" if close >= 0 and alone else ""
        content = state.src[start:close]
    elif kind in _HTML and state.tShift[first]:
        kind = ""  # HTML in a list or a box
    elif kind == "summary" and not (first and line(first - 1).startswith("<details")):
        kind = ""
    if kind:
        token = state.push(kind, "", 0)
        token.map, token.content, state.line = [first, last], content, last
    return bool(kind)


_MARKDOWN = MarkdownIt("commonmark").enable("table").disable(["inline", "text_join"])
# What these would read is refused as the paragraph that it is without them.
_MARKDOWN.disable(["html_block", "code", "blockquote", "lheading", "reference"])
_MARKDOWN.block.ruler.before("table", "ours", _ours)


def read_structure(text: Sequence[str], start: int = 0) -> Iterator[Piece]:
    """Cut a page's lines into its blocks, in order, and what is ``refused``.

    The first line after the front matter is that at ``start``.
    """
    # As many lines as the page has: only a line feed ends one.
    lines = [""] * start + [line.replace("\r", " ") for line in text[start:]]
    tokens = _MARKDOWN.parse("\n".join(lines))
    item = -1  # the line of the last list item's marker
    before = "front matter"  # the kind of the last block
    begun = 0  # its first line
    depth = 0  # how many lists and boxes the next block may stand in
    outermost = 0  # the indentation of the first line after a blank one
    tags: list[tuple[str, int]] = []  # those that are open, and where
    for token, after in pairwise([*tokens, Token("", "", 0)]):
        first, last = token.map or (0, 0)
        if token.type == "list_item_open":
            item, inner = first, after.type == "paragraph_open" and after.map
            if not ITEM.match(lines[first]) or not inner or inner[0] != first:
                found = "an item that does not begin as - text or 1. text"
                yield _refused(first, found, "put what it holds below its text")
        elif token.type.endswith("list_close") and after.type.endswith("list_open"):
            where, fix = after.map or (0, 0), "say something between"
            yield _refused(where[0], "a list right after a list", fix)
        elif token.type == "table_open":
            yield from _refused_rows(lines, first, last)
        if not (kind := _KINDS.get(token.type)):
            continue
        while last > first + 1 and not lines[last - 1].strip():
            last -= 1
        kind = "item" if first == item and kind == "paragraph" else kind
        line, content = lines[first], token.content
        indent = len(line) - len(line.lstrip(" "))
        if indent % 4 or indent // 4 > min(depth, DEPTH):
            fix = f"indent by 4 for each list or box around it, {DEPTH} at most"
            yield _refused(first, f"a block indented by {indent} blanks", fix)
        if not first or not lines[first - 1].strip() or before in _OPENING:
            outermost = indent
        elif not (kind == before == "row") and not (
            kind == before == "item" and indent >= outermost
        ):
            found = f"{kind} right after {before}, without a blank line"
            yield _refused(first, found, "put a blank line before it")
        if before == "admonition" and indent // 4 < depth:
            yield _refused(begun, *_EMPTY)
        depth = indent // 4 + (kind in ("item", "admonition"))
        begun, before = first, kind
        if kind == "fence":
            content, refused = token.info, [*_refused_in_fence(lines, token, last)]
            yield from refused
            if refused and refused[0].first == first:
                continue
        elif kind == "open":
            tags.append((line[1:].split()[0], first))
        elif kind == "close" and (not tags or tags.pop()[0] not in line):
            yield _refused(first, f"{line} that closes nothing", "delete it")
        yield Piece(kind, first, last, content)
    if before == "admonition":
        yield _refused(begun, *_EMPTY)
    for name, index in tags:
        yield _refused(index, f"<{name}> that is never closed", f"write </{name}>")


def _refused(line: int, found: str, fix: str) -> Piece:
    return Piece("refused", line, line + 1, found, fix)


def _refused_in_fence(lines: Sequence[str], token: Token, last: int) -> Iterator[Piece]:
    """What a fence should not hold, or that it does not end as it begins."""
    first = (token.map or (0, 0))[0]
    indent = len(lines[first]) - len(lines[first].lstrip(" "))
    ticks = " " * indent + token.markup
    if last < first + 2 or lines[last - 1].rstrip() != ticks or "~" in ticks:
        found = f"a fence that does not end with {ticks}"
        yield _refused(first, found, "begin and end it alike, with backticks")
    inner = re.compile(f" *{token.markup}[^`]*")
    for number in range(first + 1, last - 1):
        if lines[number][:indent].strip() or inner.match(lines[number]):
            fix = "indent it as the fence, and use more backticks around"
            yield _refused(number, "a fence in a fence, or code outside of it", fix)


def _refused_rows(lines: Sequence[str], first: int, last: int) -> Iterator[Piece]:
    """The rows of a table that are not | a | b |, or not as long as the first."""
    if last - first < 3:
        yield _refused(first, "a table without rows", "write a row below the rule")
    borders = len(BORDER.findall(lines[first]))
    for number in range(first, last):
        line = lines[number].strip()
        seen = visible(line, ["prose"]).rstrip("\x00 ")
        counts = {borders, len(BORDER.findall(line)), len(BORDER.findall(seen))}
        if len(counts) > 1 or line[0] != "|" or not re.search(r"(?<!\\)\|$", seen):
            found = f"a row of a table that is not | a | b |: {line[:60]!r}"
            fix = "begin and end rows with |, write \\| in a cell, as many in each"
            yield _refused(number, found, fix)
