"""Read a Markdown page as what it is under the page contract: a session with prose.

The reader keeps the place of everything that it finds, so that a failure points at the
page's own line and a recording rewrites nothing else. What a reader of the built site
would see and this one does not understand is refused, with its place.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import count, groupby
from pathlib import Path

from pagecheck.markdown import BORDER, ITEM, Piece, read_structure
from pagecheck.numerals import Dialect, Number, find_numbers
from pagecheck.problem import Problem
from pagecheck.spans import Span, find_spans, lies_in, refusals, visible

__all__ = ["EXPECTED_OUTPUT", "Page", "parse_page", "read_page", "visible"]

EXPECTED_OUTPUT = "pytest-codeblocks:expected-output"
FORMS = (
    f"<!--{EXPECTED_OUTPUT}-->",
    "<!--pytest.mark.xfail(raises=NAME, strict=True)-->",
    "<!--= EXPRESSION-->",
    "<!--pagecheck:formula EXPRESSION-->",
    "<!--pagecheck:claim EXPRESSION-->",
    "<!--pagecheck:unchecked REASON-->",
)
_FORM = re.compile(
    rf"(?P<output>{EXPECTED_OUTPUT})"
    r"|pytest\.mark\.xfail\(raises=(?P<raises>[\w.]+), strict=True\)"
    r"|= +(?P<binding>\S.*?) *|pagecheck:(?:formula +(?P<formula>\S.*?)"
    r"|claim +(?P<claim>\S.*?)|unchecked +(?P<unchecked>\S.*?)) *",
    re.DOTALL,
)
_LOOKS_LIKE_ONE = re.compile(
    r"[-\s]*(=|page.?check|py.?test|codeblocks|expected.?output|formula|notation"
    r"|not.?run|number|claim|unchecked)",
    re.IGNORECASE,
)

# What each fence may have before it, and what a directive is followed by.
_FENCES = {"python": "raises", "text": "output", "bash": "unchecked", "markdown": ""}
_FOLLOWED = {
    "output": "a text fence",
    "raises": "a Python block",
    "unchecked": "a bash block or a formula",
    "formula": "a displayed formula",
}
_ALIKE = "Markdown that the site and the contract read alike"
_KINDS = ("image", "link", "code", "comment")
_DIALECTS: tuple[Dialect, ...] = ("prose", "code", "math")
_REASON = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")
_HEADING_ID = re.compile(r"\{:? *(?:\.[\w-]+ *)*#([\w-]+) *(?:\.[\w-]+ *)*\}$")
# What may stand between a number and its binding, or a sentence's end and its claim.
_CLOSERS = "*_)]）"
_QUOTES = "”\"'’』」"
_SENTENCE_ENDS = "。！？；.!?;:：…|"
# Letters that look like Latin ones, in code or within a word.
_LOOKALIKE = (
    "[\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f\uff21-\uff3a\uff41-\uff5a"
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲϳͿ\U0001d400-\U0001d7ff]"
)
_MIXED = f"(?<=[A-Za-z]){_LOOKALIKE}|{_LOOKALIKE}(?=[A-Za-z])"


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
    """A Python or bash block; line and column are those of its code."""

    language: str
    code: str
    line: int
    end: int  # of its fence, in the page's text
    indent: str  # of its fence
    section: int
    raises: str | None = None  # the exception that it must end with
    unchecked: str | None = None  # why it does not run; bash only
    output: Output | None = None
    image: Image | None = None  # that must show the figure which it leaves open
    column: int = 1


@dataclass(frozen=True)
class Listing:
    """Markdown that a page shows and that nothing runs: its text and its place."""

    text: str
    line: int
    column: int = 1


@dataclass(frozen=True)
class Formula:
    """A displayed formula with the directive before it, or inline mathematics."""

    latex: str
    line: int
    section: int
    expression: str | None  # what it must equal, if a directive says so
    unchecked: str | None  # why there is nothing to compute, if a directive says so
    inline: bool = False
    column: int = 1
    start: int = 0  # of its LaTeX in the page's text


@dataclass(frozen=True)
class Claim:
    """What a sentence claims, as an expression, and the place of its directive."""

    expression: str
    line: int
    column: int
    section: int
    start: int


@dataclass(frozen=True)
class ProseNumber:
    """A number in prose, its place, and what vouches for it."""

    number: Number
    line: int
    start: int
    binding: str | None = None  # the expression whose value it is
    unchecked: str | None = None  # why it is no quantity
    in_formula: bool = False  # part of inline mathematics that is compared
    quoted: str | None = None  # the code span that it stands in
    column: int = 1


@dataclass(frozen=True)
class Region:
    """A piece of prose, with its place in the page's text.

    Its kind is ``paragraph``, ``item``, ``row``, ``heading``, ``admonition``, ``html``,
    ``image`` or ``description``. ``detail`` is what its twin must share: a heading's
    level and id, an item's indentation, a row's number of cells, a tag's line.
    """

    kind: str
    line: int
    section: int
    start: int
    end: int
    text: str  # without directives
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
    """A page: what stands in it, in order, and the problems that its reader had."""

    path: Path
    text: str
    blocks: tuple[Block, ...] = ()
    formulas: tuple[Formula, ...] = ()
    regions: tuple[Region, ...] = ()
    sections: tuple[Section, ...] = (Section("", "", 1),)
    listings: tuple[Listing, ...] = ()
    problems: tuple[Problem, ...] = ()
    # Of a notebook: the SVG of its figures, by the target of their images, and the
    # file's line of each line of the text.
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
        return zip(self.line_numbers or count(1), self.text.split("\n"), strict=False)

    @property
    def headings(self) -> tuple[Region, ...]:
        """Its headings, in order."""
        return tuple(region for region in self.regions if region.kind == "heading")

    @cached_property
    def by_section(self) -> dict[int, list[Region]]:
        """Its regions, by the index of their section."""
        groups = groupby(self.regions, key=lambda region: region.section)
        return {section: [*regions] for section, regions in groups}

    def claims_of(self, section: int) -> Sequence[Claim]:
        """The claims of a section."""
        return self._claims.get(section, [])

    @cached_property
    def _claims(self) -> dict[int, list[Claim]]:
        groups = groupby(self.claims, key=lambda claim: claim.section)
        return {section: [*claims] for section, claims in groups}

    @cached_property
    def _python(self) -> list[int]:
        return [i for i, b in enumerate(self.blocks) if b.language == "python"]

    def state_of(self, section: int) -> int | None:
        """The block after which a section's expressions are evaluated.

        It is the section's last Python block; in a section without one, the last before
        it; before the first block, the page's last. None on a page without blocks.
        """
        of = self._python
        before = bisect_right(of, section, key=lambda i: self.blocks[i].section)
        return of[before - 1] if of else None

    def state_after(self, line: int) -> int | None:
        """The first Python block after a line, or else the page's last."""
        of = self._python
        before = bisect_right(of, line, key=lambda i: self.blocks[i].line)
        return of[min(before, len(of) - 1)] if of else None


def read_page(path: Path, shown: Path | None = None) -> Page:
    """Read the page that a file holds.

    Args:
        path: The file.
        shown: What messages call it; the path itself by default.
    """
    name = shown or path
    try:
        with path.open(encoding="utf-8", newline="") as file:
            content = file.read()
    except (OSError, UnicodeDecodeError) as error:
        expected, fix = "a readable file in UTF-8", "save it in UTF-8"
        problem = Problem("page", name, 1, expected, str(error), fix)
        return Page(name, "", problems=(problem,))
    if path.suffix == ".ipynb":
        from pagecheck.notebook import page_of  # which needs this module

        return page_of(content, name)
    return parse_page(content, name)


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


class _Assembly:
    """Puts a page together from its blocks."""

    def __init__(self, text: str, path: Path, numbers: tuple[int, ...]) -> None:
        self.text, self.path, self.numbers = text, path, numbers
        self.lines = [line.removesuffix("\r") for line in text.split("\n")]
        if not self.lines[-1]:
            self.lines.pop()
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.blocks: list[Block] = []
        self.formulas: list[Formula] = []
        self.claims: list[Claim] = []
        self.regions: list[Region] = []
        self.sections = [Section("", "", 1)]
        self.listings: list[Listing] = []
        self.problems: list[Problem] = []
        # Directives that wait for what they speak of, and where they stand.
        self.waiting: list[tuple[str, str, int]] = []
        # The block that an image would show the figure of: nothing stands between.
        self.just_ended: int | None = None

    def page(self) -> Page:
        """Read the page."""
        for character in filter(_is_hidden, sorted(set(self.text))):
            for match in re.finditer(f"{re.escape(character)}(?!(?<=\r)\n)", self.text):
                expected, found = (
                    "characters that a reader sees",
                    f"U+{ord(character):04X}",
                )
                fix = "delete it, or say in words what it is"
                self._refuse(match.start(), expected, found, fix)
        self._refuse_lookalikes(0, self.text, _MIXED)
        pieces, refused = read_structure(self.lines, self._front_matter())
        for index, found, fix in refused:
            self._refuse(self._start_of(index), _ALIKE, found, fix)
        for piece in pieces:
            getattr(self, f"_{piece.kind}", self._prose)(piece)
        self._take("the page ends")
        problems = dict.fromkeys(self.problems)
        return Page(
            self.path,
            self.text,
            tuple(self.blocks),
            tuple(self.formulas),
            tuple(self.regions),
            tuple(self.sections),
            tuple(self.listings),
            tuple(sorted(problems, key=lambda p: (p.line, p.column or 0))),
            line_numbers=self.numbers,
            claims=tuple(self.claims),
        )

    # -- places and problems -----------------------------------------------------------

    def _place(self, start: int) -> tuple[int, int]:
        """The line and the column of a place in the text, both counted from 1."""
        index = bisect_right(self.starts, start) - 1
        column = start - self.starts[index] + 1
        index = min(index, max(len(self.lines) - 1, 0))
        return (self.numbers[index] if self.numbers else index + 1), column

    def _start_of(self, index: int) -> int:
        """Where the text of a line starts, behind its indentation."""
        if index >= len(self.lines):
            return len(self.text)
        line = self.lines[index]
        return self.starts[index] + len(line) - len(line.lstrip())

    @property
    def _section(self) -> int:
        return len(self.sections) - 1

    def _refuse(
        self, start: int, expected: str, found: str, fix: str = "edit the page"
    ) -> None:
        line, column = self._place(start)
        problem = Problem("page", self.path, line, expected, found, fix, column)
        self.problems.append(problem)

    def _refuse_lookalikes(self, start: int, text: str, pattern: str) -> None:
        for match in re.finditer(pattern, text):
            name = f"{match[0]!r}, U+{ord(match[0]):04X}"
            expected = "letters that are what they look like"
            found = f"{name}, which looks like another letter"
            self._refuse(start + match.start(), expected, found)

    # -- blocks ------------------------------------------------------------------------

    def _front_matter(self) -> int:
        """Read the front matter; the index of the line after it."""
        if self.lines[:1] != ["---"] or self.lines[1:2] == ["---"]:
            if re.match(r"[A-Za-z0-9_-]+:(\s|$)", self.text):
                found = "a first line that MkDocs takes for metadata"
                self._refuse(0, _ALIKE, found, "reword it")
            return 0  # MkDocs takes none that is empty for front matter
        if "---" not in self.lines[1:]:
            self._refuse(0, "a line --- that ends the front matter", "none", "add it")
            return 1
        end = self.lines.index("---", 1)
        for index in range(1, end):
            line, after = self.lines[index : index + 2]
            if "<!--" in line:
                expected = "front matter without comments"
                self._refuse(self.starts[index], expected, line)
            key, _, value = line.partition(":")
            if key in ("description", "title"):
                if value.strip()[:1] in ("", "|", ">") or after[:1] == " ":
                    self._refuse(self.starts[index], f"the {key} in one line", line)
                self._add("description", Piece("", index, index + 1), key)
        return end + 1

    def _fence(self, piece: Piece) -> None:
        first, last, language = piece.first, piece.last, piece.content.strip()
        start, inner = self._start_of(first), self.lines[first + 1 : last - 1]
        indent = self.lines[first][: start - self.starts[first]]
        code = "".join(f"{line[len(indent) :]}\n" for line in inner)
        line, column = self._place(self.starts[first + 1])[0], len(indent) + 1
        if language not in _FENCES:
            expected = f"one of the fences {', '.join(_FENCES)}, without attributes"
            found = f"a fence {language or 'without a language'!r}"
            self._refuse(start, expected, found, "name the language and nothing else")
            self.waiting.clear()
            return
        said = self._take(f"a {language} fence follows", _FENCES[language])
        block = self.blocks[self.just_ended] if self.just_ended is not None else None
        if language == "markdown":
            self.listings.append(Listing(code, line, column))
            self.just_ended = None
        elif language != "text":
            for index, text in enumerate(inner, first + 1):
                self._refuse_lookalikes(self.starts[index], text, _LOOKALIKE)
            end = self.starts[last] if last < len(self.starts) else len(self.text)
            block = Block(language, code, line, end, indent, self._section)
            unchecked, self.just_ended = said.get("unchecked"), len(self.blocks)
            block = replace(block, unchecked=unchecked, raises=said.get("raises"))
            self.blocks.append(replace(block, column=column))
        elif said and block and not block.output:
            output = Output(
                code, line, self.starts[first + 1], self.starts[last - 1], column
            )
            self.blocks[self.just_ended or 0] = replace(block, output=output)
        else:
            expected = f"a block, {FORMS[0]} and its output, one right after the other"
            found, fix = "a text that no block vouches for", "move it to its block"
            self._refuse(start, expected, found, fix)

    def _formula(self, piece: Piece) -> None:
        said = self._take("a displayed formula follows", "formula", "unchecked")
        if len(said) != 1:
            expected = f"{FORMS[3]} or {FORMS[5]} before a displayed formula"
            found, fix = ", ".join(said) or "none", "say what the formula must equal"
            self._refuse(self._start_of(piece.first), expected, found, fix)
        self._add_formula(piece.content, self._start_of(piece.first + 1), said)
        self.just_ended = None

    def _add_formula(
        self, latex: str, start: int, said: Mapping[str, str], inline: bool = False
    ) -> None:
        line, column = self._place(start - inline)  # the dollar
        meant = said.get("formula"), said.get("unchecked")
        made = Formula(latex, line, self._section, *meant, inline, column, start)
        self.formulas.append(made)

    # -- directives --------------------------------------------------------------------

    def _comment(self, piece: Piece) -> None:
        start = self._start_of(piece.first)
        self._refuse_lookalikes(start + 4, piece.content, _LOOKALIKE)
        if directive := self._directive(piece.content, start, *_FOLLOWED):
            self.waiting.append((*directive, start))

    def _directive(
        self, content: str, start: int, *kinds: str
    ) -> tuple[str, str] | None:
        """The kind and the content of a directive, if it is of one of some kinds."""
        match = _FORM.fullmatch(content)
        if match is None and not _LOOKS_LIKE_ONE.match(content):
            return None  # a comment for people
        kind = (match and match.lastgroup) or ""
        said = match[kind] if match else ""
        if kind not in kinds:
            expected = "one of the directives, exactly: " + "  ".join(FORMS)
            fix = "correct it or delete it"
            self._refuse(start, expected, f"<!--{content}-->", fix)
            return None
        if kind == "unchecked" and len(_REASON.findall(said)) < 2:
            self._refuse(start, "a reason of several words", said, "say why")
        return kind, said

    def _take(self, why: str, *kinds: str) -> dict[str, str]:
        """What the waiting directives say, if they are of some kinds."""
        for kind, _, start in self.waiting:
            if kind not in kinds:
                expected = f"{_FOLLOWED[kind]} after its marker"
                self._refuse(start, expected, why, "move or delete the marker")
        said = {kind: said for kind, said, _ in self.waiting if kind in kinds}
        self.waiting.clear()
        return said

    # -- prose -------------------------------------------------------------------------

    def _prose(self, piece: Piece) -> None:
        line, kind = self.lines[piece.first], piece.kind
        text = line.lstrip()
        detail = str(len(line) - len(text))
        if kind == "item" and (match := ITEM.match(line)):
            detail += match[1][-1]
        elif kind == "row":
            detail = str(len(BORDER.findall(line)) - 1)
        elif kind == "admonition":
            detail = text.split()[1]
        elif kind == "tag":
            is_text = text.startswith("<summary>")
            kind, detail = ("paragraph", "0") if is_text else ("html", text.strip())
        elif any(span.kind == "image" and not span.start for span in find_spans(text)):
            kind, detail = "image", ""
        self._add(kind, piece, detail)

    def _heading(self, piece: Piece) -> None:
        text, start = self.lines[piece.first].strip(), self._start_of(piece.first)
        slug = _HEADING_ID.search(text, max(text.rfind("{"), 0))
        level, name = text.partition(" ")[0], slug[1] if slug else ""
        title = text[len(level) : slug.start() if slug else None].strip()
        if len(level) == 2:
            self.sections.append(Section(title, name, *self._place(start)))
        self._add("heading", piece, f"{level} #{name}")

    def _add(self, kind: str, piece: Piece, detail: str) -> None:
        """Add a region of prose."""
        self._take("prose follows")
        start = self.starts[piece.first]
        end = self.starts[piece.last - 1] + len(self.lines[piece.last - 1])
        source = self.text[start:end]
        spans = find_spans(source)
        of = {kind: [s for s in spans if s.kind == kind] for kind in _KINDS}
        images = [
            Image(source[slice(*s.inside)], s.target, *self._place(start + s.start))
            for s in of["image"]
        ]
        text = source
        for span in reversed(of["comment"]):
            text = text[: span.start] + text[span.end :]
        region = Region(
            kind,
            self._place(start)[0],
            self._section,
            start,
            end,
            text,
            tuple(self._numbers(source, spans, start)),
            tuple(span.target for span in of["link"]),
            tuple(images),
            detail,
            self._start_of(piece.first) - start + 1,
        )
        self.regions.append(region)
        block, self.just_ended = self.just_ended, None
        if "details" in detail:
            self.just_ended = block
        elif kind == "image" and block is not None:
            its = self.blocks[block]
            if not its.image and images[0].target.startswith("figures/"):
                self.blocks[block] = replace(its, image=images[0])
        is_summary = source.startswith("<summary>")
        if kind != "html" and source.strip("*-_ "):  # a rule
            for place, found, fix in refusals(source):
                if not is_summary or not re.match("</?summary>", source[place:]):
                    self._refuse(start + place, _ALIKE, found, fix)
        for match in re.finditer("\t", source):
            self._refuse(start + match.start(), "blanks outside of code", "a tab")
        for span in (*of["code"], *of["comment"]):
            inside = source[slice(*span.inside)]
            self._refuse_lookalikes(start + span.inside[0], inside, _LOOKALIKE)

    def _numbers(
        self, source: str, spans: Sequence[Span], offset: int
    ) -> Iterator[ProseNumber]:
        """The numbers of a region, each with the directive that speaks of it.

        Its claims and its inline mathematics are added to the page's.
        """
        found = [n for d in _DIALECTS for n in find_numbers(visible(source, [d]), d)]
        numbers = sorted(found, key=lambda number: number.start)
        said = self._said(source, spans, numbers, offset)
        described = [span.inside for span in spans if span.kind == "image"]
        for span in spans:
            if span.kind == "math" and not lies_in(span.start, described):
                latex, start = source[slice(*span.inside)], offset + span.inside[0]
                self._add_formula(latex, start, said.get(span, {}), inline=True)
        codes = [span for span in spans if span.kind == "code"]
        starts = [span.start for span in codes]
        for number in numbers:
            line, column = self._place(offset + number.start)
            what, quoted = said.get(number, {}), None
            if number.dialect == "code":
                span = codes[bisect_right(starts, number.start) - 1]
                quoted = source[slice(*span.inside)].strip()
            yield ProseNumber(
                number,
                line,
                offset + number.start,
                what.get("binding"),
                what.get("unchecked"),
                "formula" in what,
                quoted,
                column,
            )

    def _said(
        self, source: str, spans: Sequence[Span], numbers: Sequence[Number], offset: int
    ) -> dict[Number | Span, dict[str, str]]:
        """What directives say of the numbers and of the mathematics of a text."""
        said: dict[Number | Span, dict[str, str]] = {}
        places = [number.start for number in numbers]
        holders = [s for s in reversed(spans) if s.kind in ("image", "code", "math")]
        by_end = {span.end: span for span in holders}
        for run in _runs(spans):
            begin = run[0].start
            inner = begin - len(source[:begin]) + len(source[:begin].rstrip(_CLOSERS))
            if span := by_end.get(begin) or by_end.get(inner):
                # Those in it: the last directive is of the last number.
                is_image = span.kind == "image"
                held = span.inside if is_image else (span.start, span.end)
                first, last = (bisect_left(places, place) for place in held)
            else:  # the number right before
                last = bisect_left(places, begin)
                is_near = last and inner <= numbers[last - 1].end <= begin
                first = last - 1 if is_near else last
            is_math = span is not None and span.kind == "math" and span.end == begin
            marks = []
            for comment in run:
                start, content = offset + comment.start, source[slice(*comment.inside)]
                kinds = ("binding", "unchecked", "claim", *["formula"] * is_math)
                directive = self._directive(content, start, *kinds)
                if directive is None:
                    continue
                kind, mark = directive[0], dict([directive])
                if kind == "claim":
                    self._claim(directive[1], start, source, run)
                elif span and is_math and kind != "binding":
                    said |= dict.fromkeys([span, *numbers[first:last]], mark)
                else:
                    marks.append(mark)
            if last - first < len(marks):
                expected = f"a number right before {source[begin : run[0].end]}"
                found = repr(source[max(0, begin - 20) : begin].strip())
                fix = "put the directive right after its number"
                self._refuse(offset + begin, expected, found, fix)
            else:
                of = numbers[last - len(marks) : last]
                said |= dict(zip(of, marks, strict=True))
        return said

    def _claim(
        self, expression: str, start: int, source: str, run: Sequence[Span]
    ) -> None:
        before = source[: run[0].start].rstrip(_CLOSERS + _QUOTES + "`$ ")
        after = source[run[-1].end :].lstrip(_CLOSERS + _QUOTES + " ")
        ends = before[-1:] in _SENTENCE_ENDS or after[:1] in _SENTENCE_ENDS
        if not before.strip("|-*# ") or (after and not ends):
            expected = "a claim at the end of a sentence, an item or a cell"
            fix = "put the directive right after its sentence"
            self._refuse(start, expected, "another place", fix)
        self.claims.append(Claim(expression, *self._place(start), self._section, start))


def _runs(spans: Sequence[Span]) -> list[list[Span]]:
    """The comments of a text, in runs with nothing between them."""
    runs: list[list[Span]] = []
    for span in (span for span in spans if span.kind == "comment"):
        if runs and runs[-1][-1].end == span.start:
            runs[-1].append(span)
        else:
            runs.append([span])
    return runs


def _is_hidden(character: str) -> bool:
    """Whether no reader sees a character, and a computer may read it otherwise.

    So are control characters, marks of direction and what has no width.
    """
    kinds = ("Cc", "Cf", "Cs", "Zl", "Zp")
    is_control = unicodedata.category(character) in kinds and character not in "\t\n"
    return is_control or character in "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
