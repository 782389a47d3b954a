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
_IN_COMMENT = re.compile(r"(?m)^ *(?:`{3}|~{3}|</?[A-Za-z])|<!--")


@dataclass(frozen=True)
class Piece:
    """A block of a page that holds no other.

    ``first`` is the index of its first line, ``last`` the one after its last line;
    ``content`` is what a formula or a comment holds, a fence's info.
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

    opening, last, content = line(first), first + 1, ""
    kind = next((k for k, each in _LINES.items() if each.fullmatch(opening)), "")
    if opening == "$$":
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
        item = -1  # the line of the last list item's marker
        for token, after in pairwise([*tokens, Token("", "", 0)]):
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
        for name, line in self.tags:
            self._refuse(line, f"<{name}> that is never closed", f"write </{name}>")

    def _read_piece(self, kind: str, first: int, last: int, token: Token) -> None:
        line = self.lines[first]
        indent = len(line) - len(line.lstrip(" "))
        if indent % 4 or indent // 4 > min(self.open, DEPTH):
            fix = f"indent by 4 for each list or box around it, {DEPTH} at most"
            self._refuse(first, f"a block indented by {indent} blanks", fix)
        before = self.pieces[-1].kind if self.pieces else "front matter"
        if not first or not self.lines[first - 1].strip() or before in _OPENING:
            self.outermost = indent
        elif not (kind == before == "row") and not (
            kind == before == "item" and indent >= self.outermost
        ):
            found = f"{kind} right after {before}, without a blank line"
            self._refuse(first, found, "put a blank line before it")
        self.open = indent // 4 + (kind in ("item", "admonition"))
        content = token.content
        if kind == "fence":
            content = token.info
            if not self._check_fence(first, last, " " * indent + token.markup):
                return
        elif kind == "open":
            self.tags.append((line[1:].split()[0], first))
        elif kind == "close" and (not self.tags or self.tags.pop()[0] not in line):
            self._refuse(first, f"{line} that closes nothing", "delete it")
        elif kind == "comment" and _IN_COMMENT.search(content):
            found = "a fence, a tag or a comment in a comment"
            self._refuse(first, found, "delete it")
        self.pieces.append(Piece(kind, first, last, content))

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

    def _check_table(self, first: int, last: int) -> None:
        if last - first < 3:
            self._refuse(first, "a table without rows", "write a row below the rule")
        borders = len(BORDER.findall(self.lines[first]))
        for number in range(first, last):
            line = self.lines[number].strip()
            seen = visible(line, ["prose"]).rstrip("\x00 ")
            counts = {borders, len(BORDER.findall(line)), len(BORDER.findall(seen))}
            if len(counts) > 1 or line[0] != "|" or not re.search(r"(?<!\\)\|$", seen):
                found = f"a row of a table that is not | a | b |: {line[:60]!r}"
                fix = "begin and end rows with |, write \\| in a cell, as many in each"
                self._refuse(number, found, fix)
