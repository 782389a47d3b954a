"""Read a Markdown page as what it is under the page contract: a session with prose.

The reader keeps the place of everything that it finds, so that a failure points at the
page's own line and a recording rewrites nothing else. What a reader of the built site
would see and this one does not understand is refused, with its place: a fence with
attributes, a marker without its fence, a directive that does not exist.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from pagecheck.markdown import Piece, Refusal, read_structure
from pagecheck.numerals import Number, find_numbers
from pagecheck.problem import Problem
from pagecheck.spans import Span, find_spans, lies_in, refusals, visible

__all__ = ["Page", "parse_page", "read_page", "visible"]

EXPECTED_OUTPUT = "pytest-codeblocks:expected-output"
DIRECTIVES = (
    f"<!--{EXPECTED_OUTPUT}-->",
    "<!--pytest.mark.xfail(raises=NAME, strict=True)-->",
    "<!--= EXPRESSION-->",
    "<!--pagecheck:formula EXPRESSION-->",
    "<!--pagecheck:claim EXPRESSION-->",
    "<!--pagecheck:unchecked REASON-->",
)
# A page is Markdown or a notebook.
SUFFIXES = (".md", ".ipynb")
FENCE_LANGUAGES = ("python", "text", "bash", "markdown")

COMMENT = re.compile(r"<!--(?P<content>.*?)-->", re.DOTALL)
_XFAIL = re.compile(r"pytest\.mark\.xfail\(raises=(?P<error>[\w.]+), strict=True\)")
_LOOKS_LIKE_DIRECTIVE = re.compile(
    r"[-\s]*(=|page.?check|py.?test|codeblocks|expected.?output|formula|notation"
    r"|not.?run|number|claim|unchecked)",
    re.IGNORECASE,
)
# What a directive says of a number, a formula or a sentence that it follows.
_MARK = re.compile(
    r"(?:= +(?P<binding>\S.*?)"
    r"|pagecheck:(?P<kind>formula|claim|unchecked) +(?P<said>\S.*?)) *",
    re.DOTALL,
)
_REASON = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")
_ADMONITION = re.compile(r"(?:!!!|\?\?\?\+?) (?P<kind>[\w-]+)")
_CELL_BORDER = re.compile(r"(?<!\\)\|")
_ITEM = re.compile(r" *([-*+]|\d+\.) ")
_HEADING_ATTRIBUTES = re.compile(r":? *(?:[#.][\w-]+ *)+")
# What may stand between a number and its binding, or a sentence's end and its claim.
_CLOSERS = "*_)]）"
_SENTENCE_ENDS = "。！？；.!?;:：…|"
# What no reader sees and a computer may read otherwise: control characters, marks of
# direction, nothing of no width; and in code what looks like a Latin letter.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891"
    "\u08e2\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]|\r(?!\n)"
)
_LOOKALIKE = re.compile(
    "[\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f\uff21-\uff3a\uff41-\uff5a"
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲϳͿ\U0001d400-\U0001d7ff]"
)
_MIXED = re.compile(
    f"(?<=[A-Za-z]){_LOOKALIKE.pattern}|{_LOOKALIKE.pattern}(?=[A-Za-z])"
)
_SUMMARY = ("<summary>", "</summary>")
_TAB = re.compile("\t")


@dataclass(frozen=True)
class Output:
    """The output that a page shows after a block: its text and its place."""

    text: str
    line: int
    start: int
    end: int
    column: int = 1


@dataclass(frozen=True)
class Image:
    """An image: its alternative text, its file, its place."""

    alt: str
    target: str
    line: int
    column: int = 1


@dataclass(frozen=True)
class Block:
    """A Python or bash block.

    Attributes:
        language: ``python`` or ``bash``.
        code: What it holds, without the indentation of its fence.
        line: The page's line of its first line of code.
        end: Where its fence ends in the page's text, the line's end included.
        indent: The indentation of its fence.
        section: The index of the section it belongs to.
        raises: The exception that it must end with, if any.
        unchecked: Why it does not run (bash only), if it does not.
        output: What the page shows as its output.
        image: The image that must show the figure it leaves open.
        column: Where its code starts in its lines, counted from 1.
    """

    language: str
    code: str
    line: int
    end: int
    indent: str
    section: int
    raises: str | None = None
    unchecked: str | None = None
    output: Output | None = None
    image: Image | None = None
    column: int = 1


@dataclass(frozen=True)
class Listing:
    """Markdown that a page shows and that nothing runs: its text and its place."""

    text: str
    line: int
    column: int = 1


@dataclass(frozen=True)
class Formula:
    """A displayed formula with the directive before it, or inline mathematics.

    Attributes:
        latex: Its LaTeX, without the dollars.
        line: The page's line of its first line.
        section: The index of the section it belongs to.
        expression: What it must equal, if a directive says so.
        unchecked: Why there is nothing to compute, if a directive says so.
        inline: Whether it stands in a line; a directive then stands after it.
        column: Where it starts in its line, counted from 1.
        start: Where its LaTeX starts in the page's text.
    """

    latex: str
    line: int
    section: int
    expression: str | None
    unchecked: str | None
    inline: bool = False
    column: int = 1
    start: int = 0


@dataclass(frozen=True)
class Claim:
    """What a sentence, a list's item or a table's cell claims, as an expression.

    Attributes:
        expression: What must be true.
        line: The page's line of its directive.
        column: Where the directive starts in its line, counted from 1.
        section: The index of the section it belongs to.
        start: Where the directive starts in the page's text.
    """

    expression: str
    line: int
    column: int
    section: int
    start: int


@dataclass(frozen=True)
class ProseNumber:
    """A number in prose and what vouches for it.

    Attributes:
        number: The number as written.
        line: The page's line.
        start: Where it starts in the page's text.
        binding: The expression whose value it is, if it is bound.
        unchecked: Why it is no quantity, if a directive says so.
        in_formula: Whether it is part of inline mathematics that rule 4 compares.
        quoted: The code span that it stands in, without the backticks.
        column: Where it starts in its line, counted from 1.
    """

    number: Number
    line: int
    start: int
    binding: str | None = None
    unchecked: str | None = None
    in_formula: bool = False
    quoted: str | None = None
    column: int = 1


@dataclass(frozen=True)
class Region:
    """A piece of prose: a paragraph, a list item, a table row, a heading and so on.

    Attributes:
        kind: ``paragraph``, ``item``, ``row``, ``heading``, ``admonition``, ``html``,
            ``image`` or ``description``.
        line: The page's first line of it.
        section: The index of the section it belongs to.
        start: Where it starts in the page's text.
        end: Where it ends in the page's text.
        text: What it says, without directives.
        numbers: Its numbers, in order.
        links: The targets of its links, in order.
        images: Its images, in order.
        detail: What its twin must share: a heading's level and id, an admonition's
            kind, a list item's indentation, a row's number of cells, a tag's name.
        column: Where it starts in its first line, counted from 1.
    """

    kind: str
    line: int
    section: int
    start: int
    end: int
    text: str
    numbers: tuple[ProseNumber, ...] = ()
    links: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    detail: str = ""
    column: int = 1


@dataclass(frozen=True)
class Section:
    """A ``##`` section; the first one is what stands before the first ``##``."""

    title: str
    slug: str
    line: int
    column: int = 1


@dataclass(frozen=True)
class Page:
    """A page of the site.

    Attributes:
        path: Where it lies.
        text: All of it.
        blocks: Its Python and bash blocks, in order.
        formulas: Its formulas, displayed and inline, in order.
        regions: Its prose, in order.
        sections: Its sections, in order.
        listings: Its inert fences, in order.
        problems: What the reader refused.
        figures: The figures that its file holds, by the target of their images; a
            notebook's. Those of Markdown lie in files of their own.
        line_numbers: The file's line of each line of its text; a notebook's. In
            Markdown they are the same.
        claims: What its sentences claim, in order.
    """

    path: Path
    text: str
    blocks: tuple[Block, ...]
    formulas: tuple[Formula, ...]
    regions: tuple[Region, ...]
    sections: tuple[Section, ...]
    listings: tuple[Listing, ...]
    problems: tuple[Problem, ...]
    figures: Mapping[str, str] = field(default_factory=dict)
    line_numbers: tuple[int, ...] = ()
    claims: tuple[Claim, ...] = ()

    @property
    def holds_figures(self) -> bool:
        """Whether its figures stand in its own file: it is a notebook."""
        return self.path.suffix == ".ipynb"

    @property
    def lines(self) -> Iterator[tuple[int, str]]:
        """Its lines, each with its number."""
        lines = self.text.split("\n")
        return zip(self.line_numbers or itertools.count(1), lines, strict=False)

    @property
    def headings(self) -> tuple[Region, ...]:
        """Its headings, in order."""
        return tuple(region for region in self.regions if region.kind == "heading")

    def state_of(self, section: int) -> int | None:
        """The block after which a section's expressions are evaluated.

        It is the section's last Python block; in a section without one, the last before
        it; before the first block, the page's last. None on a page without blocks.
        """
        python = [
            i for i, block in enumerate(self.blocks) if block.language == "python"
        ]
        before = [i for i in python if self.blocks[i].section <= section]
        candidates = before or python
        return candidates[-1] if candidates else None

    def state_after(self, line: int) -> int | None:
        """The first Python block after a line, or else the page's last."""
        python = [
            i for i, block in enumerate(self.blocks) if block.language == "python"
        ]
        after = [i for i in python if self.blocks[i].line > line]
        return after[0] if after else (python[-1] if python else None)


def read_page(path: Path, shown: Path | None = None) -> Page:
    """Read the page that a file holds.

    Args:
        path: The file.
        shown: What messages call it; the path itself by default.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            content = file.read()
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem(
            "page",
            shown or path,
            1,
            "a readable file in UTF-8",
            str(error),
            "save it in UTF-8",
        )
        return replace(parse_page("", shown or path), problems=(problem,))
    if path.suffix == ".ipynb":
        from pagecheck.notebook import page_of  # which needs this module

        return page_of(content, shown or path)
    return parse_page(content, shown or path)


@lru_cache(maxsize=128)
def parse_page(
    text: str, path: Path = Path("page.md"), line_numbers: tuple[int, ...] = ()
) -> Page:
    """Read a page's text; what is not understood is among the page's problems.

    Args:
        text: The Markdown.
        path: What messages call the page.
        line_numbers: What messages call its lines; by default they are counted.
    """
    return _Assembly(text, path, line_numbers).page()


@dataclass
class _Line:
    number: int
    start: int
    end: int
    text: str  # without the line's end


@dataclass
class _Marker:
    """A directive that waits for what it speaks of."""

    kind: str  # "output", "raises", "formula" or "unchecked"
    argument: str
    line: int  # the index


_FENCES = {
    "output": "a text fence",
    "raises": "a Python block",
    "unchecked": "a bash block or a formula",
    "formula": "a displayed formula",
}
_EXPECTS = {"python": "raises", "bash": "unchecked", "text": "output", "markdown": ""}


class _Assembly:
    """Puts a page together from its blocks."""

    def __init__(self, text: str, path: Path, numbers: Sequence[int]) -> None:
        self.text, self.path, self.numbers = text, path, numbers
        self.lines = list(_split_lines(text, numbers))
        self.starts = [line.start for line in self.lines]
        self.blocks: list[Block] = []
        self.formulas: list[Formula] = []
        self.claims: list[Claim] = []
        self.regions: list[Region] = []
        self.sections = [Section("", "", 1)]
        self.listings: list[Listing] = []
        self.problems: list[Problem] = []
        self.markers: list[_Marker] = []
        # The block that an image would show the figure of: nothing stands between.
        self.just_ended: int | None = None

    def page(self) -> Page:
        """Read the page."""
        self._characters()
        lines = [line.text for line in self.lines]
        structure = read_structure(lines, self._front_matter())
        for refusal in structure.refusals:
            self._refuse_at(refusal.line, refusal)
        for piece in structure.pieces:
            getattr(self, f"_{piece.kind}")(piece)
        self._drop_markers("the page ends")
        self.problems.sort(key=lambda problem: (problem.line, problem.column or 0))
        return Page(
            self.path,
            self.text,
            tuple(self.blocks),
            tuple(self.formulas),
            tuple(self.regions),
            tuple(self.sections),
            tuple(self.listings),
            tuple(self.problems),
            line_numbers=tuple(self.numbers),
            claims=tuple(self.claims),
        )

    # -- places and problems -----------------------------------------------------------

    def _place(self, start: int) -> tuple[int, int]:
        """The line and the column of a place in the text, both counted from 1."""
        index = max(bisect_right(self.starts, start) - 1, 0)
        if not self.lines:
            return 1, 1
        return self.lines[index].number, start - self.starts[index] + 1

    def _refuse(
        self, start: int, expected: str, found: str, fix: str = "edit the page"
    ) -> None:
        """Refuse what stands at a place in the text."""
        line, column = self._place(start)
        self.problems.append(
            Problem("page", self.path, line, expected, found, fix, column)
        )

    def _refuse_at(self, index: int, refusal: Refusal) -> None:
        """Refuse what begins on a line."""
        start = self._start_of(index)
        self._refuse(start, refusal.expected, refusal.found, refusal.fix)

    def _start_of(self, index: int) -> int:
        """Where the text of a line starts, behind its indentation."""
        if index >= len(self.lines):
            return len(self.text)
        line = self.lines[index]
        return line.start + len(line.text) - len(line.text.lstrip())

    def _refuse_directive(self, content: str, start: int) -> None:
        self._refuse(
            start,
            "one of the directives, exactly: " + "  ".join(DIRECTIVES),
            f"<!--{content}-->",
            "correct it or delete it",
        )

    def _characters(self) -> None:
        for match in _HIDDEN.finditer(self.text):
            self._refuse(
                match.start(),
                "characters that a reader sees",
                f"U+{ord(match[0]):04X}",
                "delete it, or say in words what it is",
            )

    def _lookalikes(self, text: str, start: int, pattern: re.Pattern[str]) -> None:
        """Refuse letters that look like Latin ones, in code or within a word."""
        for match in pattern.finditer(text):
            found = (
                f"{match[0]!r}, U+{ord(match[0]):04X}, which looks like another letter"
            )
            self._refuse(
                start + match.start(), "letters that are what they look like", found
            )

    # -- what stands around the prose --------------------------------------------------

    def _front_matter(self) -> int:
        """Read the front matter; the index of the line after it."""
        if [line.text for line in self.lines[:2]].count("---") != 1 or (
            self.lines[0].text != "---"
        ):
            return 0  # MkDocs takes none that is empty for front matter
        for index, line in enumerate(self.lines[1:], 1):
            if line.text == "---":
                return index + 1
            if COMMENT.search(line.text):
                self._refuse(line.start, "front matter without comments", line.text)
            if line.text.startswith(("description:", "title:")):
                key, _, value = line.text.partition(":")
                after = (
                    self.lines[index + 1].text if index + 1 < len(self.lines) else ""
                )
                if value.strip()[:1] in ("", "|", ">") or after[:1] == " ":
                    self._refuse(line.start, f"the {key} in one line", line.text)
                self._add_region("description", index, index + 1, key)
        self._refuse(0, "a line --- that ends the front matter", "none", "add it")
        return 1

    def _fence(self, piece: Piece) -> None:
        first, last = self.lines[piece.first], self.lines[piece.last - 1]
        indent = first.text[: len(first.text) - len(first.text.lstrip(" "))]
        inner = self.lines[piece.first + 1 : piece.last - 1]
        content = "".join(f"{_dedent(line.text, indent)}\n" for line in inner)
        markers = {marker.kind: marker.argument for marker in self.markers}
        language, start = piece.content.strip(), self._start_of(piece.first)
        column, number = len(indent) + 1, _next(first, inner)
        if language not in _EXPECTS:
            self._refuse(
                start,
                f"one of the fences {', '.join(FENCE_LANGUAGES)}, without attributes",
                f"a fence {language or 'without a language'!r}",
                "name the language and nothing else",
            )
        elif set(markers) - {_EXPECTS[language]}:
            self._drop_markers(f"a {language} fence follows", _EXPECTS[language])
        elif language == "text":
            self._output(content, piece, number, column, bool(markers))
        elif language == "markdown":
            self.listings.append(Listing(content, number, column))
            self.just_ended = None
        else:
            for line in inner:
                self._lookalikes(line.text, line.start, _LOOKALIKE)
                if note := re.search(r"#.*\(\d+\)!", line.text):
                    self._refuse(
                        line.start + note.start(), "no annotations of code", note[0]
                    )
            self.blocks.append(
                Block(
                    language,
                    content,
                    number,
                    last.end,
                    indent,
                    len(self.sections) - 1,
                    markers.get("raises"),
                    markers.get("unchecked"),
                    column=column,
                )
            )
            self.just_ended = len(self.blocks) - 1
        self.markers.clear()

    def _output(
        self, content: str, piece: Piece, number: int, column: int, marked: bool
    ) -> None:
        marker, start = f"<!--{EXPECTED_OUTPUT}-->", self._start_of(piece.first)
        if not marked:
            self._refuse(
                start,
                f"{marker} before a text fence",
                "a text that no block vouches for",
                f"write {marker} before it, or show the text otherwise",
            )
        elif self.just_ended is None or self.blocks[self.just_ended].output:
            self._refuse(
                start,
                "a block right before its output",
                "prose, a second output, or nothing",
                "move the output to its block",
            )
        else:
            first, last = self.lines[piece.first], self.lines[piece.last - 1]
            output = Output(content, number, first.end, last.start, column)
            block = self.blocks[self.just_ended]
            self.blocks[self.just_ended] = replace(block, output=output)

    def _formula(self, piece: Piece) -> None:
        kinds = {marker.kind: marker.argument for marker in self.markers}
        start = self._start_of(piece.first)
        if set(kinds) not in ({"formula"}, {"unchecked"}):
            self._drop_markers("a displayed formula follows", "formula", "unchecked")
            self._refuse(
                start,
                "<!--pagecheck:formula EXPRESSION--> or <!--pagecheck:unchecked "
                "REASON--> before a displayed formula",
                "none" if not kinds else ", ".join(kinds),
                "say what the formula must equal",
            )
        inside = self._start_of(piece.first + 1)
        line, column = self._place(inside)
        self.formulas.append(
            Formula(
                piece.content,
                line,
                len(self.sections) - 1,
                kinds.get("formula"),
                kinds.get("unchecked"),
                column=column,
                start=inside,
            )
        )
        self.markers.clear()
        self.just_ended = None

    # -- directives on lines of their own ----------------------------------------------

    def _comment(self, piece: Piece) -> None:
        content, start = piece.content, self._start_of(piece.first)
        self._lookalikes(content, start + 4, _LOOKALIKE)
        mark = _MARK.fullmatch(content)
        if content == EXPECTED_OUTPUT:
            self.markers.append(_Marker("output", "", piece.first))
        elif match := _XFAIL.fullmatch(content):
            self.markers.append(_Marker("raises", match["error"], piece.first))
        elif mark and mark["kind"] in ("formula", "unchecked"):
            self._check_reason(mark, start)
            self.markers.append(_Marker(mark["kind"], mark["said"], piece.first))
        elif _LOOKS_LIKE_DIRECTIVE.match(content):
            self._refuse_directive(content, start)

    def _check_reason(self, mark: re.Match[str], start: int) -> None:
        if mark["kind"] == "unchecked" and len(_REASON.findall(mark["said"])) < 2:
            self._refuse(start, "a reason of several words", mark["said"], "say why")

    def _drop_markers(self, why: str, *keep: str) -> None:
        for marker in self.markers:
            if marker.kind not in keep:
                expected = f"{_FENCES[marker.kind]} after its marker"
                start = self._start_of(marker.line)
                self._refuse(start, expected, why, "move or delete the marker")
        self.markers.clear()

    # -- prose -------------------------------------------------------------------------

    def _paragraph(self, piece: Piece) -> None:
        text = self.lines[piece.first].text
        indent = len(text) - len(text.lstrip())
        spans = find_spans(text[indent:])
        is_image = bool(spans) and spans[0].start == 0 and spans[0].kind == "image"
        kind, detail = ("image", "") if is_image else ("paragraph", str(indent))
        self._add_region(kind, piece.first, piece.last, detail)

    def _item(self, piece: Piece) -> None:
        text = self.lines[piece.first].text
        match, indent = _ITEM.match(text), len(text) - len(text.lstrip())
        marker = match[1][-1] if match else ""
        self._add_region("item", piece.first, piece.last, f"{indent}{marker}")

    def _row(self, piece: Piece) -> None:
        cells = len(_CELL_BORDER.findall(self.lines[piece.first].text)) - 1
        self._add_region("row", piece.first, piece.last, str(cells))

    def _rule(self, piece: Piece) -> None:
        self._add_region("paragraph", piece.first, piece.last, "0")

    def _admonition(self, piece: Piece) -> None:
        match = _ADMONITION.match(self.lines[piece.first].text.strip())
        self._add_region(
            "admonition", piece.first, piece.last, match["kind"] if match else ""
        )

    def _tag(self, piece: Piece) -> None:
        just_ended, folds = self.just_ended, re.match("</?(details|div)", piece.content)
        kind, detail = ("html", piece.content) if folds else ("paragraph", "0")
        self._add_region(kind, piece.first, piece.last, detail)
        if folds and folds[1] == "details":
            self.just_ended = just_ended

    def _heading(self, piece: Piece) -> None:
        text = self.lines[piece.first].text.strip()
        title, attributes = text.lstrip("#"), ""
        if text.endswith("}") and "{" in title:
            title, _, attributes = title[:-1].rpartition("{")
        level, title = text[: len(text) - len(text.lstrip("#"))], title.strip()
        slug = re.search(r"#([\w-]+)", attributes)
        start = self._start_of(piece.first)
        if slug is None or not _HEADING_ATTRIBUTES.fullmatch(attributes.strip()):
            self._refuse(
                start,
                "an explicit id, { #slug }, the same in both languages",
                f"the heading {title!r} without one",
                "add { #slug } at the end of the heading",
            )
        name = slug[1] if slug else ""
        if len(level) == 2:
            self.sections.append(Section(title, name, *self._place(start)))
        self._add_region("heading", piece.first, piece.last, f"{level} #{name}")

    def _add_region(self, kind: str, first: int, last: int, detail: str) -> None:
        if self.markers:
            self._drop_markers("prose follows")
        lines = self.lines[first:last]
        start, end = lines[0].start, lines[-1].start + len(lines[-1].text)
        source = self.text[start:end]
        spans = find_spans(source)
        images = tuple(
            Image(
                source[slice(*span.inside)],
                span.target,
                *self._place(start + span.start),
            )
            for span in spans
            if span.kind == "image"
        )
        region = Region(
            kind,
            lines[0].number,
            len(self.sections) - 1,
            start,
            end,
            _without(source, [span for span in spans if span.kind == "comment"]),
            tuple(self._numbers(source, spans, start)),
            tuple(span.target for span in spans if span.kind == "link"),
            images,
            detail,
            self._start_of(first) - start + 1,
        )
        self.regions.append(region)
        if kind == "image" and self.just_ended is not None:
            block = self.blocks[self.just_ended]
            if images[0].target.startswith("figures/") and block.image is None:
                self.blocks[self.just_ended] = replace(block, image=images[0])
        self.just_ended = None
        self._check_text(source, spans, start, kind)

    def _check_text(
        self, source: str, spans: Sequence[Span], start: int, kind: str
    ) -> None:
        """Refuse what a text has that readers would not see as it is meant."""
        if kind != "html":
            for place, found, fix in refusals(source):
                folded = source.startswith("<summary>") and kind == "paragraph"
                if not folded or not source.startswith(_SUMMARY, place):
                    expected = "Markdown that the site and the contract read alike"
                    self._refuse(start + place, expected, found, fix)
        for match in _TAB.finditer(source):
            self._refuse(start + match.start(), "blanks outside of code", "a tab")
        self._lookalikes(visible(source, ["prose"]), start, _MIXED)
        for span in spans:
            if span.kind in ("code", "comment"):
                code = source[slice(*span.inside)]
                self._lookalikes(code, start + span.inside[0], _LOOKALIKE)

    def _numbers(
        self, source: str, spans: Sequence[Span], offset: int
    ) -> Iterator[ProseNumber]:
        """The numbers of a region, each with the directive that speaks of it."""
        marks = _Marks(source, spans)
        for start, expected, found in marks.refused:
            self._refuse(
                offset + start,
                expected,
                found,
                "put the directive right after its "
                + ("number" if expected.startswith("a number") else "sentence"),
            )
        for start, content in marks.unknown:
            self._refuse_directive(content, offset + start)
        section = len(self.sections) - 1
        for start, reason in marks.reasons:
            self._check_reason(reason, offset + start)
        for start, expression in marks.claims:
            line, column = self._place(offset + start)
            self.claims.append(Claim(expression, line, column, section, offset + start))
        for span, mark in marks.formulas:
            line, column = self._place(offset + span.start)
            said = {mark["kind"]: mark["said"]} if mark else {}
            self.formulas.append(
                Formula(
                    source[slice(*span.inside)],
                    line,
                    section,
                    said.get("formula"),
                    said.get("unchecked"),
                    True,
                    column,
                    offset + span.inside[0],
                )
            )
        for number, mark, quoted in marks.numbers:
            line, column = self._place(offset + number.start)
            yield ProseNumber(
                number,
                line,
                offset + number.start,
                mark["binding"] if mark else None,
                mark["said"] if mark and mark["kind"] == "unchecked" else None,
                bool(mark and mark["kind"] == "formula"),
                quoted,
                column,
            )


class _Marks:
    """The directives of a text, and what each of them speaks of."""

    def __init__(self, source: str, spans: Sequence[Span]) -> None:
        self.source = source
        self.refused: list[tuple[int, str, str]] = []
        self.unknown: list[tuple[int, str]] = []
        self.claims: list[tuple[int, str]] = []
        self.reasons: list[tuple[int, re.Match[str]]] = []
        self.found = sorted(
            itertools.chain(
                *(
                    find_numbers(visible(source, [d]), d)
                    for d in ("prose", "code", "math")
                )
            ),
            key=lambda number: number.start,
        )
        self.places = [number.start for number in self.found]
        self.by_end = {span.end: span for span in reversed(spans) if _holds(span)}
        self.marks: dict[int, re.Match[str]] = {}
        self.of_formula: dict[int, re.Match[str]] = {}
        for _, group in itertools.groupby(
            _adjacent(span for span in spans if span.kind == "comment"),
            key=lambda pair: pair[0],
        ):
            self._take([span for _, span in group])
        described = [span.inside for span in spans if span.kind == "image"]
        self.formulas = [
            (span, self.of_formula.get(span.end))
            for span in spans
            if span.kind == "math" and not lies_in(span.start, described)
        ]
        self.numbers = list(self._each_number(spans))

    def _each_number(
        self, spans: Sequence[Span]
    ) -> Iterator[tuple[Number, re.Match[str] | None, str | None]]:
        quotes = [span for span in spans if span.kind == "code"]
        starts = [span.start for span in quotes]
        for index, number in enumerate(self.found):
            which = bisect_right(starts, number.start) - 1
            quoted = None
            if which >= 0 and number.start < quotes[which].end:
                quoted = self.source[slice(*quotes[which].inside)].strip()
            yield number, self.marks.get(index), quoted

    def _take(self, run: Sequence[Span]) -> None:
        """Read a run of comments with nothing between them."""
        before = run[0].start
        spoken_of, span = self._before(before)
        numbers = []
        for comment in run:
            content = self.source[slice(*comment.inside)]
            mark = _MARK.fullmatch(content)
            kind = mark["kind"] if mark else None
            in_math = span is not None and span.kind == "math" and span.end == before
            if mark and kind == "claim":
                self._claim(comment, mark["said"], run)
            elif mark and kind in ("formula", "unchecked") and span and in_math:
                self.of_formula[span.end] = mark
                self.marks |= dict.fromkeys(spoken_of, mark)
                self.reasons.append((comment.start, mark))
            elif mark and kind != "formula":
                numbers.append(mark)
                self.reasons.append((comment.start, mark))
            elif _LOOKS_LIKE_DIRECTIVE.match(content):
                self.unknown.append((comment.start, content))
        if len(spoken_of) < len(numbers):
            found = self.source[max(0, before - 20) : before].strip()
            expected = f"a number right before <!--{numbers[0][0]}-->"
            self.refused.append((before, expected, repr(found) if found else "nothing"))
            return
        last = spoken_of[len(spoken_of) - len(numbers) :]
        self.marks |= dict(zip(last, numbers, strict=True))

    def _claim(self, comment: Span, expression: str, run: Sequence[Span]) -> None:
        before = self.source[: run[0].start].rstrip(_CLOSERS + "”\"'’』」`$ ")
        after = self.source[run[-1].end :].lstrip(_CLOSERS + "”\"'’』」 ")
        ends = before[-1:] in _SENTENCE_ENDS or after[:1] in _SENTENCE_ENDS
        if not before.strip("|-*# ") or (after and not ends):
            expected = "a claim at the end of a sentence, an item or a cell"
            self.refused.append((comment.start, expected, "another place"))
        self.claims.append((comment.start, expression))

    def _before(self, end: int) -> tuple[list[int], Span | None]:
        """The numbers that directives at some place may speak of.

        After an image they are those of its alternative text, after a code span or
        inline mathematics those inside: the last directive is of the last number.
        Elsewhere it is the number right before.
        """
        inner = end
        while inner and self.source[inner - 1] in _CLOSERS:
            inner -= 1
        span = self.by_end.get(end) or self.by_end.get(inner)
        if span is not None:
            first, last = (
                span.inside if span.kind == "image" else (span.start, span.end)
            )
            indices = bisect_left(self.places, first), bisect_left(self.places, last)
            return list(range(*indices)), span
        index = bisect_left(self.places, end) - 1
        if index >= 0 and inner <= self.found[index].end <= end:
            return [index], None
        return [], None


def _holds(span: Span) -> bool:
    return span.kind in ("image", "code", "math")


def _adjacent(comments: Iterator[Span]) -> Iterator[tuple[int, Span]]:
    """Comments, each with the place where the run of adjacent ones begins."""
    start = end = -1
    for comment in comments:
        start = start if comment.start == end else comment.start
        end = comment.end
        yield start, comment


def _without(source: str, spans: Sequence[Span]) -> str:
    """A text without some of its spans."""
    ends = [0, *(span.end for span in spans)]
    starts = [*(span.start for span in spans), len(source)]
    return "".join(source[i:j] for i, j in zip(ends, starts, strict=True))


def _next(first: _Line, inner: Sequence[_Line]) -> int:
    return inner[0].number if inner else first.number + 1


def _dedent(text: str, indent: str) -> str:
    cut = min(len(indent), len(text) - len(text.lstrip(" ")))
    return text[cut:]


def _split_lines(text: str, numbers: Sequence[int]) -> Iterator[_Line]:
    start = 0
    matches = re.finditer(r"[^\n]*\n|[^\n]+$", text)
    for number, match in zip(numbers or itertools.count(1), matches, strict=False):
        line = match[0].rstrip("\n").rstrip("\r")
        yield _Line(number, start, match.end(), line)
        start = match.end()
