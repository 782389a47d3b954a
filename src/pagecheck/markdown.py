"""The block structure of a page: what each line belongs to, or why it is refused.

markdown-it-py cuts the page into blocks. It reads CommonMark, the site is built by
Python-Markdown, and the two differ where blank lines or indentation are missing: what
they may read differently is refused, and so is every kind of block that is not on the
list of those that a page may hold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from pagecheck.spans import find_spans

Kind = Literal[
    "heading", "paragraph", "item", "row", "rule", "fence", "formula", "comment", "tag",
    "admonition",
]  # fmt: skip

# How many lists and boxes may stand in one another.
DEPTH = 6

_FENCE = re.compile(r" *(?P<ticks>`{3,}|~{3,})(?P<info>[^`]*)")
_ADMONITION = re.compile(r' *(?:!!!|\?\?\?\+?) (?P<kind>[\w-]+)(?: "(?P<title>.*)")? *')
_TAG_LINE = re.compile(
    r"</(?P<end>details|div)>|<summary>[^<>]+</summary>"
    r"|<(?P<box>details|div)(?P<attributes>(?: [\w-]+(?:=\"[^\"<>]*\")?)*)>"
    r"(?P<empty></div>)?"
)
_IN_COMMENT = re.compile(r" *(?:`{3}|~{3}|</?[A-Za-z])")
_AUTODOC = re.compile(r"::: [A-Za-z_][\w.]*")
_ITEM = re.compile(r" *(?:[-*+]|\d+\.) +(?=\S)")
_BORDER = re.compile(r"(?<!\\)\|")
_ESCAPED_BORDER = re.compile(r"\\\|")
_END = re.compile(r"(?<!\\)\|(?:<!--.*)?$")
_TABLE_RULE = re.compile(r" *\|(?: *:?-+:? *\|)+ *")

# What a line of a paragraph begins with where the site makes something else of it, or
# where an author means something that the site does not know.
_BEGINNINGS = [
    (re.compile(pattern), name)
    for pattern, name in [
        (r"#", "a heading without a blank after its #, or an indented one"),
        (r"`{3}|~{3}", "a fence that is none"),
        (r"\||(?=[^|]*\|)[ :|-]+$", "a table that is none"),
        (r"={1,} *$|-{1,} *$", "a heading underlined by === or ---"),
        (r"!!!|\?\?\?", "an admonition that is none"),
        (r"=== *[\"!+]", "a content tab"),
        (r"///|:::", "a block that the site does not know"),
        (r"\*\[[^\[\]]*\]:", "an abbreviation"),
        (r"\[[^\[\]]*\]:", "the definition of a link or a footnote"),
        (r":( |$)", "a definition list"),
        (r"\[[ xX]\](\s|$)", "a task list"),
        (r"\[![A-Za-z]+\]", "an alert"),
        (r"\[TOC\]", "a table of contents"),
        (r"-{2,}8<-|;-{2,}8<-", "a snippet"),
        (r"\d+\)\s", "a list numbered 1), which the site does not know"),
        (r"<[/!?]?[A-Za-z?!](?!--)", "HTML at the start of a line"),
        (r"<!--(?!= |pagecheck:|pytest)", "a comment at the start of a line"),
        (r"\{[^{}]*\}\s*$", "an attribute list on a line of its own"),
    ]
]  # fmt: skip
_INLINE = re.compile(r"</?(?:a|br|img|kbd|span)\b|<[A-Za-z][\w+.-]*:|<[\w.+-]+@")
_CONTINUED_ITEM = re.compile(r"(?:[-*+]|\d+[.)])\s")
_METADATA = re.compile(r"[A-Za-z0-9_-]+:(\s|$)")


@dataclass(frozen=True)
class Piece:
    """A block of a page that holds no other.

    Attributes:
        kind: What it is.
        first: The index of its first line.
        last: The index after its last line.
        content: What a formula or a comment holds, a fence's info, a tag's line.
    """

    kind: Kind
    first: int
    last: int
    content: str = ""


@dataclass(frozen=True)
class Refusal:
    """What is not understood: the index of its line, and what is to be done."""

    line: int
    found: str
    fix: str
    expected: str = "Markdown that the site and the contract read alike"


@dataclass
class Structure:
    """The pieces of a page, in order, and what was refused."""

    pieces: list[Piece] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def read_structure(lines: Sequence[str], start: int = 0) -> Structure:
    """Cut a page into its blocks.

    Args:
        lines: The page's lines, without their ends.
        start: The index of the first line after the front matter.
    """
    blank = [""] * start
    # As many lines as the page has: only a line feed ends one.
    text = "\n".join([*blank, *(line.replace("\r", " ") for line in lines[start:])])
    reader = _Reader(lines, start)
    for token in _MARKDOWN.parse(text):
        reader.read(token)
    return reader.end()


# -- rules for markdown-it -------------------------------------------------------------


def _line(state: StateBlock, line: int) -> str:
    return state.src[
        state.bMarks[line] + state.tShift[line] : state.eMarks[line]
    ].strip()


def _push(state: StateBlock, kind: str, first: int, last: int, content: str) -> bool:
    token = state.push(kind, "", 0)
    token.map, token.content = [first, last], content
    state.line = last
    return True


def _formula(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """Lines of ``$$``, and what stands between them, to a blank line at most."""
    if state.is_code_block(first) or _line(state, first) != "$$":
        return False
    last = first + 1
    while last < end and _line(state, last) not in ("$$", ""):
        last += 1
    found = last < end and _line(state, last) == "$$"
    content = "\n".join(_line(state, each) for each in range(first + 1, last))
    kind = "math" if found else "formula_without_end"
    return silent or _push(state, kind, first, last + found, content)


def _comment(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A comment alone on its lines."""
    start = state.bMarks[first] + state.tShift[first]
    if state.is_code_block(first) or not state.src.startswith("<!--", start):
        return False
    close = state.src.find("-->", start + 4, state.eMarks[end - 1])
    if close < 0:
        return silent or _push(state, "comment_without_end", first, end, "")
    last = first
    while state.eMarks[last] < close:
        last += 1
    if state.src[close + 3 : state.eMarks[last]].strip():
        return False
    content = state.src[start + 4 : close]
    return silent or _push(state, "comment", first, last + 1, content)


def _tag(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A tag of the list alone on its line, or a line that documents a module."""
    if state.is_code_block(first):
        return False
    line = _line(state, first)
    if _AUTODOC.fullmatch(line):
        return silent or _push(state, "autodoc", first, first + 1, line)
    if (match := _TAG_LINE.fullmatch(line)) is None or not _is_known(match):
        return False
    return silent or _push(state, "tag", first, first + 1, line)


def _is_known(tag: re.Match[str]) -> bool:
    """Whether a tag's attributes are among those that a page may write."""
    if tag["box"] is None:
        return True
    names = set(re.findall(r" ([\w-]+)", re.sub('"[^"]*"', "", tag["attributes"])))
    if tag["empty"]:
        return all(each in ("class", "id") or each[:5] == "data-" for each in names)
    return "markdown" in names and names <= {"markdown", "class", "open"}


def _admonition(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A line ``!!! kind "title"`` and the lines that are indented below it."""
    if state.is_code_block(first) or not _ADMONITION.fullmatch(_line(state, first)):
        return False
    if silent:
        return True
    inner, last = state.blkIndent + 4, first + 1
    while last < end and (state.isEmpty(last) or state.sCount[last] >= inner):
        last += 1
    token = state.push("admonition_open", "div", 1)
    token.map = [first, last]
    old = state.parentType, state.blkIndent, state.lineMax
    state.parentType, state.blkIndent, state.lineMax = "admonition", inner, last
    state.md.block.tokenize(state, first + 1, last)
    state.parentType, state.blkIndent, state.lineMax = old
    state.push("admonition_close", "div", -1)
    state.line = last
    return True


def _markdown() -> MarkdownIt:
    found = MarkdownIt("commonmark").enable("table")
    found.disable(["inline", "text_join", "reference", "html_block"])
    interrupts: RuleOptionsType = {"alt": ["paragraph", "blockquote"]}
    found.block.ruler.before("code", "formula", _formula)
    found.block.ruler.before("code", "comment", _comment, interrupts)
    found.block.ruler.before("code", "tag", _tag, interrupts)
    found.block.ruler.before("code", "admonition", _admonition)
    return found


_MARKDOWN = _markdown()
_SILENT = {
    *("heading_close", "paragraph_close", "inline", "thead_open", "thead_close"),
    *("tbody_open", "tbody_close", "table_close", "tr_close", "th_open", "th_close"),
    *("td_open", "td_close"),
}
_CALLED = {"math": "formula", "tr": "row", "hr": "rule"}
_FIXES = {
    "code_block": (
        "code that is only indented",
        "write a fence, and indent by 4 blanks for each list or box around it",
    ),
    "comment_without_end": ("a comment without -->", "end it, in its list or box"),
    "formula_without_end": (
        "$$ without a second line $$ before the next blank one",
        "end the formula by a line $$",
    ),
}


class _Reader:
    """Takes the tokens of markdown-it and keeps what both renderers read alike."""

    def __init__(self, lines: Sequence[str], start: int) -> None:
        self.lines = lines
        self.start = start
        self.structure = Structure()
        self.boxes: list[str] = []  # what is open: lists, items, boxes, quotations
        self.tags: list[
            tuple[str, int]
        ] = []  # the tags that are open, with their lines
        self.fresh: int | None = None  # the line of an item that has said nothing yet
        self.said = 0  # how many blocks there were that a reader sees
        self.ended: tuple[int, int] | None = None  # where the last list ended
        self.apart = -1  # where the last list ended that a blank line came before

    def read(self, token: Token) -> None:
        """Take a token in."""
        if token.type in _SILENT:
            return
        first = (token.map or [self.start])[0]
        if token.type.endswith("_close"):
            self._close()
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            self._open_list(token, first)
        elif token.type == "list_item_open":
            self._open_item(first)
        else:
            self._read_block(token, first)

    def _read_block(self, token: Token, first: int) -> None:
        beside_marker, self.fresh = self.fresh == first, None
        kind = token.type.removesuffix("_open")
        if beside_marker and kind not in ("paragraph", "comment"):
            self._refuse(first, f"a {kind} beside a list's marker", "put it below")
        if "quote" in self.boxes and kind != "paragraph":
            found = f"a {_CALLED.get(kind, kind)} in a quotation"
            self._refuse(first, found, "quote nothing but paragraphs")
            if kind not in ("blockquote", "admonition"):  # which hold others
                return
        elif not beside_marker and kind not in ("tr", "comment"):
            self._check_indent(first)
        if method := getattr(self, f"_{kind}", None):
            method(token, first, (token.map or [0, first + 1])[1])
            self.said += kind != "comment"
        else:
            found, fix = _FIXES.get(token.type, (f"a {kind}", "write it otherwise"))
            self._refuse(first, found, fix)
        if beside_marker and kind == "paragraph":
            last = self.structure.pieces.pop()
            self.structure.pieces.append(replace(last, kind="item"))

    def end(self) -> Structure:
        """What was read, when everything was."""
        for name, line in self.tags:
            self._refuse(line, f"<{name}> that is never closed", f"write </{name}>")
        return self.structure

    def _refuse(self, line: int, found: str, fix: str) -> None:
        line = max(min(line, len(self.lines) - 1), 0)
        self.structure.refusals.append(Refusal(line, found, fix))

    def _add(self, kind: Kind, first: int, last: int, content: str = "") -> None:
        while last > first + 1 and not self.lines[last - 1].strip():
            last -= 1
        self.structure.pieces.append(Piece(kind, first, last, content))

    # -- places ------------------------------------------------------------------------

    def _before(self, line: int) -> str:
        """What ends right before a line: a piece's kind; nothing where it is blank."""
        for piece in reversed(self.structure.pieces):
            if piece.last < line:
                break
            if piece.kind != "comment":  # the site drops directives with their lines
                return piece.kind
            line = piece.first
        if line <= self.start or not self.lines[line - 1].strip():
            return ""
        return "text"

    def _check_apart(self, line: int, what: str, *also: str) -> None:
        """Refuse what does not stand apart from the block before it."""
        before = self._before(line)
        if before not in ("", "heading", "admonition", "tag", *also):
            self._refuse(
                line, f"{what} right after a {before}", "put a blank line before it"
            )

    def _check_indent(self, line: int) -> None:
        """Refuse what Python-Markdown would take out of its list or box."""
        depth = sum(box in ("item", "admonition") for box in self.boxes)
        text = self.lines[line]
        if (found := len(text) - len(text.lstrip(" "))) != 4 * depth:
            self._refuse(
                line,
                f"a block indented by {found} blanks where {4 * depth} are due",
                "indent by 4 blanks for each list or box around it, and by no others",
            )

    # -- lists, boxes, quotations ------------------------------------------------------

    def _open_list(self, token: Token, first: int) -> None:
        if token.markup == ")":
            self._refuse(first, "a list numbered 1)", "number it 1.")
        if self.ended == (len(self.boxes), self.said):
            self._refuse(first, "a list right after a list", "say something between")
        self._check_apart(first, "a list", "item")
        self.boxes.append("list" if self._before(first) else "list apart")

    def _open_item(self, first: int) -> None:
        if self.fresh == first:
            self._refuse(first, "a list beside another's marker", "put it below")
        self._check_apart(first, "an item", *["item"] * (self.said != self.apart))
        if "quote" in self.boxes:
            self._refuse(first, "a list in a quotation", "quote only paragraphs")
        else:
            self._check_indent(first)
        if _ITEM.match(self.lines[first]) is None:
            self._refuse(first, "an item that says nothing", "write its text beside it")
        self.boxes.append("item")
        if self.boxes.count("item") > DEPTH:
            self._refuse(first, f"lists more than {DEPTH} deep", "use fewer")
        self.fresh = first

    def _close(self) -> None:
        box = self.boxes.pop()
        if box.startswith("list"):
            self.ended = (len(self.boxes), self.said)
        if box == "list apart":
            self.apart = self.said

    def _blockquote(self, token: Token, first: int, last: int) -> None:
        if self.boxes:
            self._refuse(first, "a quotation in a list or box", "put it outside")
        self._check_apart(first, "a quotation")
        self.boxes.append("quote")

    def _admonition(self, token: Token, first: int, last: int) -> None:
        self._check_apart(first, "an admonition")
        self._add("admonition", first, first + 1)
        self.boxes.append("admonition")
        if self.boxes.count("admonition") > DEPTH:
            self._refuse(first, f"boxes more than {DEPTH} deep", "use fewer")

    # -- blocks ------------------------------------------------------------------------

    def _heading(self, token: Token, first: int, last: int) -> None:
        text = self.lines[first].strip()
        if token.markup in "=-":
            self._refuse(first, "a heading underlined by === or ---", "write # instead")
        elif text.split("{")[0].rstrip().endswith("#") or ":::" in text:
            self._refuse(first, "a heading that ends with # or holds :::", "drop that")
        self._check_apart(first, "a heading", "paragraph")
        self._add("heading", first, last)

    def _paragraph(self, token: Token, first: int, last: int) -> None:
        self._check_apart(
            first, "a paragraph", *["item"] * (self.boxes[-1:] == ["item"])
        )
        if first == self.start == 0 and _METADATA.match(self.lines[0]):
            self._refuse(0, "a first line that MkDocs takes for metadata", "reword it")
        for number in range(first, last):
            text = self.lines[number].strip()
            if "quote" in self.boxes:
                text = text.lstrip("> ")
            elif number == first and (item := _ITEM.match(self.lines[number])):
                text = self.lines[number][item.end() :]
            elif number > first and _CONTINUED_ITEM.match(text):
                self._refuse(
                    number, "an item right after a text", "put a blank line before it"
                )
            self._check_beginning(number, text)
        self._add("paragraph", first, last)

    def _check_beginning(self, number: int, text: str) -> None:
        for pattern, name in _BEGINNINGS:
            if pattern.match(text) and not (text[0] == "<" and _INLINE.match(text)):
                found, fix = f"{name}: {text[:60]!r}", "write it otherwise"
                if text.startswith("<details"):
                    fix = "write <details markdown> alone on its line"
                self._refuse(number, found, fix)
                return

    def _autodoc(self, token: Token, first: int, last: int) -> None:
        self._check_apart(first, "documentation of a module")
        after = self.lines[last] if last < len(self.lines) else ""
        if after.strip() or self.boxes:
            self._refuse(
                first, f"{token.content} in a box, or with options", "drop them"
            )
        self._add("paragraph", first, last)

    def _hr(self, token: Token, first: int, last: int) -> None:
        self._check_apart(first, "a rule")
        self._add("rule", first, last)

    def _comment(self, token: Token, first: int, last: int) -> None:
        lines = self.lines[first:last]
        if "<!--" in token.content or any(_IN_COMMENT.match(line) for line in lines):
            self._refuse(first, "a fence, a tag or a comment in a comment", "delete it")
        self._add("comment", first, last, token.content)

    def _math(self, token: Token, first: int, last: int) -> None:
        self._check_apart(first, "a formula")
        self._add("formula", first, last, token.content)

    def _tag(self, token: Token, first: int, last: int) -> None:
        match = _TAG_LINE.fullmatch(token.content)
        if match is None or self.boxes:
            self._refuse(first, "HTML in a list or a box", "put it outside")
        elif match["end"]:
            if not self.tags or self.tags.pop()[0] != match["end"]:
                self._refuse(first, f"{token.content} that closes nothing", "delete it")
        elif match["box"] and not match["empty"]:
            self.tags.append((match["box"], first))
        elif not match["box"] and self.tags[-1:] != [("details", first - 1)]:
            self._refuse(
                first,
                "<summary> elsewhere than below <details markdown>",
                "put it there",
            )
        self._add("tag", first, last, token.content)

    def _table(self, token: Token, first: int, last: int) -> None:
        self._check_apart(first, "a table")
        if last - first < 3:
            self._refuse(first, "a table without rows", "write a row below the rule")
        header = len(_BORDER.findall(self.lines[first]))
        for number in range(first, last):
            line = self.lines[number].strip()
            cells = len(_BORDER.findall(line))
            torn = any(
                "|" in _ESCAPED_BORDER.sub("", line[slice(*span.inside)])
                for span in find_spans(line)
                if span.kind not in ("comment", "escape")
            )
            rule = (number == first + 1) == bool(_TABLE_RULE.fullmatch(line))
            if line[:1] != "|" or not _END.search(line) or torn or cells != header:
                self._refuse(
                    number,
                    f"a row of a table that is not | a | b |: {line[:60]!r}",
                    "begin and end each row with |, write \\| inside a cell, and give "
                    "all rows as many cells",
                )
            elif not rule:
                self._refuse(
                    number,
                    "a rule | --- | --- | elsewhere than below the head",
                    "write one there",
                )

    def _tr(self, token: Token, first: int, last: int) -> None:
        self._add("row", first, first + 1)

    def _fence(self, token: Token, first: int, last: int) -> None:
        self._check_apart(first, "a fence")
        ticks, opening = token.markup, self.lines[first]
        indent = len(opening) - len(opening.lstrip(" "))
        while last > first + 1 and not self.lines[last - 1].strip():
            last -= 1
        closing = self.lines[last - 1].strip()
        if last < first + 2 or set(closing) != {ticks[0]} or len(closing) < len(ticks):
            expected = f"a fence that ends with {ticks}"
            self.structure.refusals.append(
                Refusal(first, "the end of the page", "edit the page", expected)
            )
            return
        if self.lines[last - 1].rstrip() != " " * indent + ticks:
            self._refuse(
                last - 1, f"a fence that ends otherwise than {ticks}", "end it alike"
            )
        for number in range(first + 1, last - 1):
            line = self.lines[number]
            if line.strip() and line[:indent].strip():
                self._refuse(
                    number, "code outside of its fence", "indent it as the fence"
                )
            inner = _FENCE.fullmatch(line)
            if (
                inner
                and inner["ticks"][:1] == ticks[0]
                and len(inner["ticks"]) >= len(ticks)
            ):
                self._refuse(
                    number,
                    "a fence in a fence",
                    "use more backticks around than inside",
                )
        self._add("fence", first, last, token.info)
