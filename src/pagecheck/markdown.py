"""The block structure of a page: what each line belongs to, or why it is refused.

markdown-it-py cuts the page into blocks, by CommonMark; the site is built by
Python-Markdown, which goes by blank lines and by indentation in steps of four. What the
two may read differently is refused, and so is every kind of block that is not listed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
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
_TAG = re.compile(
    r"<(?P<box>details|div)(?=[^<>]* markdown\b)"
    r"(?: (?:markdown|open|class=\"[^\"<>]*\"))+>"
    r"|<div(?: (?:class|id|data-[\w-]+)=\"[^\"<>]*\")+></div>"
    r"|</(?P<end>details|div)>|(?P<summary><summary>)[^<>]+</summary>"
)
# Lines that are blocks, which CommonMark does not have.
_LINES = {
    "tag": _TAG,
    "autodoc": re.compile(r"::: [A-Za-z_][\w.]*"),
    "admonition": re.compile(r'(?:!!!|\?\?\?\+?) [\w-]+(?: ".*")?'),
}
# The kinds of blocks by what markdown-it calls them, and our own.
_KINDS = {"heading_open": "heading", "paragraph_open": "paragraph", "tr_open": "row"}
_KINDS |= {each: each for each in ("hr", "fence", "formula", "comment", *_LINES)}
# What another block may follow without a blank line between.
_OPENING = ("heading", "tag", "comment", "admonition")
_IN_COMMENT = re.compile(r"(?m)^ *(?:`{3}|~{3}|</?[A-Za-z])|<!--")


@dataclass(frozen=True)
class Piece:
    """A block of a page that holds no other.

    ``first`` is the index of its first line, ``last`` the one after its last line;
    ``content`` is what a formula or a comment holds, a fence's info, a tag's line.
    """

    kind: str
    first: int
    last: int
    content: str = ""


# What is not understood: the index of its line, what was found there, and the fix.
Refusal = tuple[int, str, str]


def read_structure(
    lines: Sequence[str], start: int = 0
) -> tuple[list[Piece], list[Refusal]]:
    """Cut a page into its blocks.

    Args:
        lines: The page's lines, without their ends.
        start: The index of the first line after the front matter.

    Returns:
        The blocks, in order, and what is refused.
    """
    # As many lines as the page has: only a line feed ends one.
    said = [line.replace("\r", " ") for line in lines[start:]]
    reader = _Reader([*[""] * start, *said])
    reader.read(_MARKDOWN.parse("\n".join(reader.lines)))
    return reader.pieces, reader.refusals


def _ours(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """The rule for markdown-it that reads the blocks which CommonMark does not have."""

    def line(number: int) -> str:
        begin = state.bMarks[number] + state.tShift[number]
        return state.src[begin : state.eMarks[number]].strip()

    opening, last = line(first), first + 1
    kind = next((k for k, each in _LINES.items() if each.fullmatch(opening)), "")
    content = opening if kind else ""
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
        kind = "comment" if close >= 0 and line(last - 1).endswith("-->") else ""
        content = state.src[start:close]
        if state.src[close + 3 : state.eMarks[last - 1]].strip():
            kind = ""
    if kind:
        token = state.push(kind, "", 0)
        token.map, token.content, state.line = [first, last], content, last
    return bool(kind)


def _markdown() -> MarkdownIt:
    found = MarkdownIt("commonmark").enable("table")
    # What these would read is refused as the paragraph that it is without them.
    found.disable(["html_block", "code", "blockquote", "lheading", "reference"])
    found.disable(["inline", "text_join"])
    found.block.ruler.before("table", "ours", _ours)
    return found


_MARKDOWN = _markdown()


class _Reader:
    """Takes the tokens of markdown-it and keeps what both renderers read alike."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.pieces: list[Piece] = []
        self.refusals: list[Refusal] = []
        self.open = 0  # how many lists and boxes what follows may stand in
        self.outermost = 0  # the indentation of the first line after a blank one
        self.tags: list[tuple[str, int]] = []  # the tags that are open, and where

    def _refuse(self, line: int, found: str, fix: str) -> None:
        self.refusals.append((line, found, fix))

    def read(self, tokens: Sequence[Token]) -> None:
        """Take the tokens in."""
        end = Token("", "", 0)
        item = -1  # the line of the last list item's marker
        for token, after in pairwise([*tokens, end]):
            first, last = token.map or (0, 0)
            if token.type == "list_item_open":
                item, text = first, after.type == "paragraph_open" and after.map
                if not ITEM.match(self.lines[first]) or not text or text[0] != first:
                    found = "an item that does not begin as - text or 1. text"
                    self._refuse(first, found, "put what it holds below its text")
            elif token.type.endswith("list_close") and after.type.endswith("list_open"):
                line = (after.map or (0, 0))[0]
                self._refuse(line, "a list right after a list", "say something between")
            elif token.type == "table_open":
                self._check_table(first, last)
            elif kind := _KINDS.get(token.type):
                while last > first + 1 and not self.lines[last - 1].strip():
                    last -= 1
                kind = "item" if first == item and kind == "paragraph" else kind
                self._read_piece(kind, first, last, token)
        self._check_box(0)
        for name, line in self.tags:
            self._refuse(line, f"<{name}> that is never closed", f"write </{name}>")

    def _read_piece(self, kind: str, first: int, last: int, token: Token) -> None:
        indent = len(self.lines[first]) - len(self.lines[first].lstrip(" "))
        if indent % 4 or indent // 4 > min(self.open, DEPTH):
            fix = f"indent by 4 for each list or box around it, {DEPTH} at most"
            self._refuse(first, f"a block indented by {indent} blanks", fix)
        before = self.pieces[-1].kind if self.pieces else "front matter"
        self._check_box(indent // 4)
        is_apart = not first or not self.lines[first - 1].strip()
        if is_apart or before in _OPENING:
            self.outermost = indent
        elif not (kind == before == "row") and not (
            kind == before == "item" and indent >= self.outermost
        ):
            found = f"{kind} right after {before}, without a blank line"
            self._refuse(first, found, "put a blank line before it")
        self.open = indent // 4 + (kind in ("item", "admonition"))
        if kind == "fence":
            if not self._check_fence(first, last, " " * indent + token.markup):
                return
        elif kind == "tag":
            self._check_tag(token.content, first, indent)
        elif kind == "comment" and _IN_COMMENT.search(token.content):
            found = "a fence, a tag or a comment in a comment"
            self._refuse(first, found, "delete it")
        elif kind in ("hr", "autodoc"):
            kind = "paragraph"
        content = token.info if kind == "fence" else token.content
        self.pieces.append(Piece(kind, first, last, content))

    def _check_box(self, depth: int) -> None:
        """Refuse a box that what follows does not stand in."""
        if self.pieces and self.pieces[-1].kind == "admonition" and depth < self.open:
            fix = "indent by 4 what it should hold"
            self._refuse(self.pieces[-1].first, "a box that holds nothing", fix)

    def _check_fence(self, first: int, last: int, ticks: str) -> bool:
        """Refuse what a fence should not hold; whether it ends as it begins."""
        if last < first + 2 or self.lines[last - 1].rstrip() != ticks or "~" in ticks:
            found = f"a fence that does not end with {ticks}"
            self._refuse(first, found, "begin and end it alike, with backticks")
            return False
        indent = len(ticks) - len(ticks.lstrip())
        inner = re.compile(f" *{ticks.strip()}[^`]*")
        for number in range(first + 1, last - 1):
            if self.lines[number][:indent].strip() or inner.match(self.lines[number]):
                found = "a fence in a fence, or code outside of it"
                fix = "indent it as the fence, and use more backticks around"
                self._refuse(number, found, fix)
        return True

    def _check_tag(self, line: str, first: int, indent: int) -> None:
        tag = _TAG.fullmatch(line)
        if tag is None or indent:
            self._refuse(first, "HTML in a list or a box", "put it outside")
        elif tag["box"]:
            self.tags.append((tag["box"], first))
        elif tag["end"] and (not self.tags or self.tags.pop()[0] != tag["end"]):
            self._refuse(first, f"{line} that closes nothing", "delete it")
        elif tag["summary"] and self.tags[-1:] != [("details", first - 1)]:
            found = "<summary> elsewhere than below <details markdown>"
            self._refuse(first, found, "put it there")

    def _check_table(self, first: int, last: int) -> None:
        if last - first < 3:
            self._refuse(first, "a table without rows", "write a row below the rule")
        cells = len(BORDER.findall(self.lines[first]))
        for number in range(first, last):
            line = self.lines[number].strip()
            seen = visible(line, ["prose"]).rstrip("\x00 ")
            counts = {cells, len(BORDER.findall(line)), len(BORDER.findall(seen))}
            if len(counts) > 1 or line[0] != "|" or not re.search(r"(?<!\\)\|$", seen):
                found = f"a row of a table that is not | a | b |: {line[:60]!r}"
                fix = (
                    "begin and end each row with |, write \\| inside a cell, and give "
                )
                self._refuse(number, found, fix + "all rows as many cells")
