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
from itertools import count
from pathlib import Path

from pagecheck.markdown import BORDER, ITEM, Piece, read_structure
from pagecheck.number_words import find_unread
from pagecheck.numerals import Dialect, Number, find_numbers
from pagecheck.problem import Problem
from pagecheck.spans import Span, find_spans, refusals, visible

EXPECTED_OUTPUT = "pytest-codeblocks:expected-output"
# Each directive: how it is written, and the place that it has before something.
_DIRECTIVES = {
    "output": (f"<!--{EXPECTED_OUTPUT}-->", "a text fence"),
    "raises": ("<!--pytest.mark.xfail(raises=NAME, strict=True)-->", "a Python block"),
    "binding": ("<!--= EXPRESSION-->", ""),
    "formula": ("<!--pagecheck:formula EXPRESSION-->", "a displayed formula"),
    "claim": ("<!--pagecheck:claim EXPRESSION-->", ""),
    "unchecked": ("<!--pagecheck:unchecked REASON-->", "a bash block or a formula"),
    "split": ("<!--pagecheck:split-->", "another paragraph"),
}
_FORM = re.compile(
    rf"(?P<output>{EXPECTED_OUTPUT})"
    r"|pytest\.mark\.xfail\(raises=(?P<raises>[\w.]+), strict=True\)"
    r"|= +(?P<binding>\S.*?) *|pagecheck:(?:formula +(?P<formula>\S.*?)"
    r"|claim +(?P<claim>\S.*?)|unchecked +(?P<unchecked>\S.*?)|(?P<split>split)) *",
    re.DOTALL,
)
_LOOKS_LIKE_ONE = re.compile(
    r"[-\s]*(=|page.?check|py.?test|codeblocks|expected.?output|formula|notation"
    r"|not.?run|number|claim|unchecked)",
    re.IGNORECASE,
)
FRONT_MATTER = re.compile(r"(?ms)\A---\r?\n(?!---\r?$)(.*?)^---\r?\n")
# A text of the front matter, without the rest if it goes on in other lines; a comment.
_TEXT = re.compile(
    r"^(?P<key>title|description):(?P<rest> *[^\s|>][^\r\n]*+(?!\r?\n ))?|<!--", re.M
)
_REASON = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")
# What each fence may have before it.
_FENCES = {"python": "raises", "text": "output", "bash": "unchecked", "markdown": ""}
_ALIKE = "Markdown that the site and the contract read alike"
_DIALECTS: tuple[Dialect, ...] = ("prose", "code", "math")
# What may stand between a number and its binding, or a sentence's end and its claim.
_CLOSERS = "*_)]）"
_QUOTES = "”\"'’』」"
_SENTENCE_ENDS = "。！？；.!?;:：…|"
# A letter that looks like a Latin one, among those or by itself, as names are.
_LETTER = (
    "[\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f\uff21-\uff3a\uff41-\uff5a"
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲϳͿ\U0001d400-\U0001d7ff]"
)
_LOOKALIKE = rf"(?={_LETTER})(?:(?<=[A-Za-z]).|.(?=[A-Za-z])|(?<!\w).(?!\w))"
# What has no width, and is no control character.
_NO_WIDTH = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"


@dataclass(frozen=True)
class Placed:
    """Something of a page, with its place."""

    line: int
    column: int
    section: int  # its index
    start: int  # in the page's text
    end: int


@dataclass(frozen=True)
class Image(Placed):
    """An image: its alternative text and its file."""

    alt: str
    target: str


@dataclass(frozen=True)
class Listing(Placed):
    """What a fence shows that nothing runs: a block's output, or Markdown."""

    text: str


@dataclass(frozen=True)
class Block(Placed):
    """A Python or bash block; its place is that of its code and its fence's end."""

    language: str
    code: str
    indent: str  # of its fence
    raises: str | None = None  # the exception that it must end with
    unchecked: str | None = None  # why it does not run; bash only
    output: Listing | None = None
    image: Image | None = None  # that must show the figure which it leaves open


@dataclass(frozen=True)
class Formula(Placed):
    """A displayed formula with the directive before it, or inline mathematics."""

    latex: str
    expression: str | None  # what it must equal, if a directive says so
    unchecked: str | None  # why there is nothing to compute, if a directive says so
    inline: bool


@dataclass(frozen=True)
class Claim(Placed):
    """What a sentence claims, as an expression; the place of its directive."""

    expression: str


@dataclass(frozen=True)
class ProseNumber(Number):
    """A number in prose, its place in the page, and what vouches for it."""

    line: int
    column: int
    binding: str | None  # the expression whose value it is
    unchecked: str | None  # why it is no quantity
    in_formula: bool  # part of inline mathematics that is compared


@dataclass(frozen=True)
class Region(Placed):
    """A piece of prose.

    Its kind is ``paragraph``, ``item``, ``row``, ``heading``, ``admonition``, ``html``,
    ``image`` or ``description``. ``detail`` is what its twin must share: a heading's
    level and id, an item's indentation, a row's number of cells, a tag's line.
    """

    kind: str
    detail: str
    text: str  # without comments
    numbers: tuple[ProseNumber, ...]
    joined: bool  # to the paragraph before it, which says so


@dataclass(frozen=True)
class Section(Placed):
    """A ``##`` section; the first one is what stands before the first ``##``."""

    slug: str


_FIRST = Section(1, 1, 0, 0, 0, "")


@dataclass(eq=False)
class Page:
    """A page: what stands in it, in order, and the problems that its reader had."""

    path: Path
    text: str
    # Of a notebook: the file's line of each line of the text, and the SVG of its
    # figures, by the target of their images.
    line_numbers: tuple[int, ...] = ()
    figures: Mapping[str, str] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    formulas: list[Formula] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    sections: list[Section] = field(default_factory=lambda: [_FIRST])
    listings: list[Listing] = field(default_factory=list)
    directives: list[tuple[int, int]] = field(default_factory=list)  # their places
    problems: tuple[Problem, ...] = ()

    @property
    def holds_figures(self) -> bool:
        """Whether its figures stand in its own file: it is a notebook."""
        return self.path.suffix == ".ipynb"

    @property
    def lines(self) -> Iterator[tuple[int, str]]:
        """Its lines, each with its number."""
        return zip(self.line_numbers or count(1), self.text.split("\n"), strict=False)

    @property
    def numbers(self) -> Iterator[ProseNumber]:
        """Its numbers in prose."""
        return (number for region in self.regions for number in region.numbers)

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


@lru_cache(maxsize=128)
def parse_page(
    text: str, path: Path = Path("page.md"), line_numbers: tuple[int, ...] = ()
) -> Page:
    """Read a page's text; what is not understood is among the page's problems.

    Messages call the page by its path, and its lines by their numbers, if given.
    """
    return _Reader(Page(path, text, line_numbers)).read()


class _Reader:
    """Fills a page with what stands in its text."""

    def __init__(self, page: Page) -> None:
        self.page, self.text = page, page.text
        self.lines = [line.removesuffix("\r") for line in page.text.split("\n")]
        self.starts = [0, *(match.end() for match in re.finditer("\n", page.text))]
        self.problems: dict[Problem, None] = {}
        # Directives that wait for what they speak of, and where they stand.
        self.waiting: list[tuple[str, str, int]] = []
        # Whether nothing stands between here and the last block.
        self.after_block = False

    def read(self) -> Page:
        """Read the page."""
        self._refuse_characters()
        kinds = {"fence": self._fence, "formula": self._formula}
        kinds |= {"comment": self._comment, "refused": self._refused}
        for piece in read_structure(self.lines, self._front_matter()):
            kinds.get(piece.kind, self._prose)(piece)
        self._take("the page ends")
        ordered = sorted(self.problems, key=lambda p: (p.line, p.column or 0))
        self.page.problems = tuple(ordered)
        self.page.directives.sort()
        return self.page

    def _refuse_characters(self) -> None:
        """Refuse those that a reader does not see, or takes for others."""
        text = self.text.replace("\r\n", " \n")
        hidden = re.escape("".join(filter(is_hidden, set(text))))
        pattern = f"[{hidden}]|{_LOOKALIKE}" if hidden else _LOOKALIKE
        for match in re.finditer(pattern, text):
            expected = "characters that are seen, and are what they look like"
            found = f"{match[0]!r}, which is U+{ord(match[0]):04X}"
            self._refuse(match.start(), expected, found, "delete it, or write another")

    # -- places and problems -----------------------------------------------------------

    def _at(self, start: int, end: int = 0) -> tuple[int, int, int, int, int]:
        """The place of a piece of the text: its line and column are counted from 1."""
        index = bisect_right(self.starts, start) - 1
        numbers = self.page.line_numbers
        line = numbers[index] if numbers else index + 1
        column = start - self.starts[index] + 1
        return line, column, len(self.page.sections) - 1, start, end

    def _start_of(self, index: int) -> int:
        """Where the text of a line starts, behind its indentation."""
        line = self.lines[index]
        return self.starts[index] + len(line) - len(line.lstrip())

    def _refuse(
        self, start: int, expected: str, found: str, fix: str = "edit the page"
    ) -> None:
        (line, column, *_), path = self._at(start), self.page.path
        problem = Problem("page", path, line, expected, found, fix, column)
        self.problems[problem] = None

    def _refused(self, piece: Piece) -> None:
        self._refuse(self._start_of(piece.first), _ALIKE, piece.content, piece.fix)

    # -- blocks ------------------------------------------------------------------------

    def _front_matter(self) -> int:
        """Read the front matter; the index of the line after it."""
        front = FRONT_MATTER.match(self.text)
        if not front and re.match(r"(---|[A-Za-z0-9_-]+:)(\s|$)", self.text):
            found = "a first line that MkDocs takes for metadata"
            self._refuse(0, _ALIKE, found, "reword it, or end the metadata with ---")
        for text in _TEXT.finditer(front[0] if front else ""):
            if text["rest"] is None or "<!--" in text[0]:
                expected = "front matter without comments, each text in one line"
                self._refuse(text.start(), expected, text[0])
            else:
                self._add("description", *text.span(), text["key"])
        return front[0].count("\n") if front else 0

    def _fence(self, piece: Piece) -> None:
        first, last, language = piece.first, piece.last, piece.content.strip()
        start, begin = self._start_of(first), self.starts[first + 1]
        indent = self.lines[first][: start - self.starts[first]]
        inner = self.lines[first + 1 : last - 1]
        code = "".join(f"{line[len(indent) :]}\n" for line in inner)
        shown = Listing(*self._at(begin, self.starts[last - 1]), code)
        said = self._take(f"a {language} fence follows", _FENCES.get(language, ""))
        after_block, self.after_block = self.after_block, False
        blocks = self.page.blocks
        if language not in _FENCES:
            expected = f"one of the fences {', '.join(_FENCES)}, without attributes"
            found = f"a fence {language or 'without a language'!r}"
            self._refuse(start, expected, found, "name the language and nothing else")
        elif language == "markdown":
            self.page.listings.append(shown)
        elif language != "text":
            end = self.starts[last] if last < len(self.starts) else len(self.text)
            meant = said.get("raises"), said.get("unchecked")
            blocks.append(Block(*self._at(begin, end), language, code, indent, *meant))
            self.after_block = True
        elif said and after_block and not blocks[-1].output:
            blocks[-1], self.after_block = replace(blocks[-1], output=shown), True
        else:
            expected = "a block, the marker of its output and that, one after the other"
            found, fix = "a text that no block vouches for", "move it to its block"
            self._refuse(start, expected, found, fix)

    def _formula(self, piece: Piece) -> None:
        said = self._take("a displayed formula follows", "formula", "unchecked")
        if len(said) != 1:
            forms = " or ".join(_DIRECTIVES[e][0] for e in ("formula", "unchecked"))
            found, fix = ", ".join(said) or "none", "say what the formula must equal"
            expected = f"{forms} before a displayed formula"
            self._refuse(self._start_of(piece.first), expected, found, fix)
        place = self._at(self._start_of(piece.first + 1), self.starts[piece.last - 1])
        meant = said.get("formula"), said.get("unchecked")
        self.page.formulas.append(Formula(*place, piece.content, *meant, inline=False))
        self.after_block = False

    # -- directives --------------------------------------------------------------------

    def _comment(self, piece: Piece) -> None:
        start = self._start_of(piece.first)
        kinds = ("output", "raises", "formula", "unchecked")
        self.waiting += self._directive(piece.content, start, kinds)

    def _directive(
        self, content: str, start: int, kinds: Sequence[str]
    ) -> Iterator[tuple[str, str, int]]:
        """A comment's directive of one of some kinds, if any: kind, content, place."""
        match = _FORM.fullmatch(content)
        is_ours = match or _LOOKS_LIKE_ONE.match(content)  # others are for people
        if re.search("<!--" if is_ours else r"[`$<]|~~~", content):
            self._refuse(start, "a comment of words alone", f"<!--{content}-->")
        if match:
            self.page.directives.append((start, start + len(f"<!--{content}-->")))
        kind = (match and match.lastgroup) or ""
        if match and kind in kinds:
            said = match[kind]
            if kind == "unchecked" and len(_REASON.findall(said)) < 2:
                self._refuse(start, "a reason of several words", said, "say why")
            yield kind, said, start
        elif is_ours:
            forms = "  ".join(form for form, _ in _DIRECTIVES.values())
            expected = f"one of the directives, exactly and in its place: {forms}"
            fix = "correct it or delete it"
            self._refuse(start, expected, f"<!--{content}-->", fix)

    def _take(self, why: str, *kinds: str) -> dict[str, str]:
        """What the waiting directives say, if they are of some kinds."""
        said = {kind: said for kind, said, _ in self.waiting if kind in kinds}
        for kind, _, start in self.waiting:
            if kind not in kinds:
                expected = f"{_DIRECTIVES[kind][1]} after its marker"
                self._refuse(start, expected, why, "move or delete the marker")
        self.waiting.clear()
        return said

    # -- prose -------------------------------------------------------------------------

    def _prose(self, piece: Piece) -> None:
        line, kind = self.lines[piece.first], piece.kind
        start = self.starts[piece.first]
        text = line.lstrip()
        end = self.starts[piece.last - 1] + len(self.lines[piece.last - 1])
        detail = str(len(line) - len(text))
        if kind == "item" and (match := ITEM.match(line)):
            detail += match[1][-1]
        elif kind == "row":
            detail = str(len(BORDER.findall(line)) - 1)
        elif kind == "admonition":
            detail = text.split()[1]
        elif kind == "heading":
            ids = [text[slice(*s.inside)] for s in find_spans(text) if s.kind == "id"]
            level, slug = text.partition(" ")[0], "".join(ids)
            detail = f"{level} #{slug}"
            if level == "##":
                place = self._at(self._start_of(piece.first))
                self.page.sections.append(Section(*place, slug))
        elif kind == "summary":  # what it says
            kind, start = "paragraph", start + len("<summary>")
            end = self.text.rindex("</", start, end)
        elif kind in ("open", "close", "place"):
            kind, detail = "html", text.strip()
        elif any(span.kind == "image" and not span.start for span in find_spans(text)):
            kind, detail = "image", ""
        self._add(kind, start, end, detail)

    def _add(self, kind: str, start: int, end: int, detail: str) -> None:
        """Add a region of prose, with its numbers, claims, images and mathematics."""
        before = [(r.kind, r.detail) for r in self.page.regions[-1:]]
        goes_on = before == [("paragraph", detail)] and kind == "paragraph"
        joined = bool(self._take("prose follows", *["split"] * goes_on))
        source = self.text[start:end]
        spans = find_spans(source)
        found = [n for d in _DIALECTS for n in find_numbers(visible(source, [d]), d)]
        found.sort(key=lambda number: number.start)
        said = self._said(source, spans, found, start)
        images = self.page.images
        first = len(images)
        for span in spans:
            inside = source[slice(*span.inside)]
            place = self._at(start + span.start, start + span.end)
            if span.kind == "image":
                images.append(Image(*place, inside, span.target))
            elif span.kind == "math" and not (images and place[3] < images[-1].end):
                of = said.get(span, {})
                meant = of.get("formula"), of.get("unchecked")
                self.page.formulas.append(Formula(*place, inside, *meant, inline=True))
        numbers = tuple(self._number(each, said.get(each, {}), start) for each in found)
        place = self._at(start, end)
        text = re.sub("(?s)<!--(?:.*?-->|.*)", "", source)
        region = Region(*place, kind, detail, text, numbers, joined)
        self.page.regions.append(region)
        after_block, self.after_block = self.after_block, False
        if "details" in detail:
            self.after_block = after_block
        elif kind == "image" and after_block and images[first].target[:8] == "figures/":
            block = self.page.blocks[-1]
            self.page.blocks[-1] = replace(block, image=block.image or images[first])
        if kind != "html" and source.strip("*-_ "):  # a rule
            for where, strange in refusals(source):
                self._refuse(start + where, _ALIKE, strange, "write it otherwise")
        for where, word in find_unread(visible(source, ["prose"])):
            fix = "write it in digits, or the directive right after it"
            self._refuse(start + where, "a number that can be checked", word, fix)

    def _number(
        self, number: Number, said: Mapping[str, str], offset: int
    ) -> ProseNumber:
        line, column, _, start, _ = self._at(offset + number.start)
        meant = said.get("binding"), said.get("unchecked"), "formula" in said
        of = number.text, start, number.value, number.unit, number.leeway
        return ProseNumber(*of, number.dialect, line, column, *meant)

    def _said(
        self, source: str, spans: Sequence[Span], numbers: Sequence[Number], offset: int
    ) -> dict[Number | Span, dict[str, str]]:
        """What directives say of the numbers and of the mathematics of a text."""
        said: dict[Number | Span, dict[str, str]] = {}
        places, end = [number.start for number in numbers], len(source.rstrip())
        holders = [s for s in reversed(spans) if s.kind in ("image", "code", "math")]
        by_end = {span.end: span for span in holders}
        for run in _runs(spans):
            begin = run[0].start
            inner = len(source[:begin].rstrip(_CLOSERS))
            holder = by_end.get(begin) or by_end.get(inner)
            last = bisect_left(places, begin)
            if holder:  # those in it: the last directive is of the last number
                first = bisect_left(places, holder.start)
            else:  # the number right before
                is_near = last and inner <= numbers[last - 1].end <= begin
                first = last - 1 if is_near else last
            of_math = holder is not None and holder.kind == "math"
            kinds = ["binding", "unchecked", "claim", *["formula"] * of_math]
            kinds += ["split"] * (run[-1].end == end)
            marks = []
            for each in run:
                content, place = source[slice(*each.inside)], offset + each.start
                for kind, what, _ in self._directive(content, place, kinds):
                    if kind == "claim":
                        self._claim(what, place, source, run)
                    elif kind == "split":
                        self.waiting.append((kind, what, place))
                    elif holder and of_math and kind != "binding":
                        things: list[Number | Span] = [holder, *numbers[first:last]]
                        said |= {thing: {kind: what} for thing in things}
                    else:
                        marks.append({kind: what})
            if last - first < len(marks):
                expected = f"a number right before {source[begin : run[0].end]}"
                found = repr(source[max(0, begin - 20) : begin].strip())
                fix = "put the directive right after its number"
                self._refuse(offset + begin, expected, found, fix)
            else:
                said |= zip(numbers[last - len(marks) : last], marks, strict=True)
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
        self.page.claims.append(Claim(*self._at(start), expression))


def _runs(spans: Sequence[Span]) -> list[list[Span]]:
    """The comments of a text, in runs with nothing between them."""
    runs: list[list[Span]] = []
    for span in spans:
        if span.kind == "comment":
            if not runs or runs[-1][-1].end != span.start:
                runs.append([])
            runs[-1].append(span)
    return runs


def is_hidden(character: str) -> bool:
    """Whether no reader sees a character, and a computer may read it otherwise."""
    is_blank = character in "\t\n" or unicodedata.category(character) == "Zs"
    return not (is_blank or character.isprintable()) or character in _NO_WIDTH
