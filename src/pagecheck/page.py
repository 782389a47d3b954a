"""Read a Markdown page as what it is under the page contract: a session with prose.

The parser keeps the place of everything that it finds, so that a failure points at the
page's own line and a recording rewrites nothing else. It reports what it does not
understand instead of guessing: a fence with attributes, a marker without its fence, a
directive that does not exist.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from pagecheck.numerals import Dialect, Number, find_numbers
from pagecheck.problem import Problem

EXPECTED_OUTPUT = "pytest-codeblocks:expected-output"
DIRECTIVES = (
    f"<!--{EXPECTED_OUTPUT}-->",
    "<!--pytest.mark.xfail(raises=NAME, strict=True)-->",
    "<!--= EXPRESSION-->",
    "<!--pagecheck:formula EXPRESSION-->",
    "<!--pagecheck:notation REASON-->",
    "<!--pagecheck:number REASON-->",
    "<!--pagecheck:not-run REASON-->",
)
# A page is Markdown or a notebook.
SUFFIXES = (".md", ".ipynb")
FENCE_LANGUAGES = ("python", "text", "bash", "markdown")

COMMENT = re.compile(r"<!--(?P<content>.*?)-->", re.DOTALL)
_FENCE = re.compile(r"(?P<indent> *)(?P<ticks>`{3,}|~{3,})(?P<info>.*)")
_HEADING = re.compile(
    r"(?P<level>#{1,6}) +(?P<title>.*?)(?: *\{(?P<attributes>[^{}]*)\})?"
)
_XFAIL = re.compile(r"pytest\.mark\.xfail\(raises=(?P<error>[\w.]+), strict=True\)")
_IMAGE = re.compile(r"!\[(?P<alt>[^\[\]]*)\]\((?P<target>[^()\s]+)\)")
_LOOKS_LIKE_DIRECTIVE = re.compile(
    r"[-\s]*(=|page.?check|py.?test|codeblocks|expected.?output|formula|notation"
    r"|not.?run|number)",
    re.IGNORECASE,
)
_ADMONITION = re.compile(r' *(?:!!!|\?\?\?\+?) (?P<kind>[\w-]+)(?: "(?P<title>.*)")?')
_TABLE_RULE = re.compile(r" *\|?[ :|-]*-[ :|-]*")
_CELL_BORDER = re.compile(r"(?<!\\)\|")
_LIST_ITEM = re.compile(r" *(?:[-*+]|\d+[.)]) +")
# A tag alone on its line, or an empty element: a place that scripts of the site fill.
_TAG = re.compile(r" *</?([A-Za-z][\w-]*)[^<>]*>(?:</\1>)? *")
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\[\]]*)\]\((?P<target>[^()\s]*)\)")

# What stands in prose and is none: comments, code spans, mathematics as the build
# reads it. A comment in a code span is text.
_SPAN = re.compile(
    r"(?P<comment><!--.*?-->)"
    r"|(?<![\\`])(?P<code>(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?<![\\$])(?P<math>\$(?![\s$])(?:[^\\$`\n]|\\[^`\n])+(?<!\s)\$(?![\d$]))",
    re.DOTALL,
)
# What a reader does not see: tags, the targets of links, attributes, addresses.
_INVISIBLE = (
    re.compile(r"</?[A-Za-z][^<>]*>"),
    re.compile(r"(?<=\])\([^()\s]*\)"),
    re.compile(r"\{ ?[:#.][^{}]*\}(?= *$)"),
    re.compile(r"\bhttps?://[^\s<>)`]+"),
)
_DIALECTS: tuple[Dialect, ...] = ("prose", "code", "math")
# Written instead of an invisible character: no letter, digit or space.
_BLANK = "\x00"
# What may stand between a number and its binding.
_CLOSERS = "*_)]）"
# What a directive says of a number.
_NUMBER_MARK = re.compile(
    r"<!--(?:= +(?P<binding>\S.*?)|pagecheck:number +(?P<waiver>\S.*?)"
    r"|pagecheck:formula +(?P<formula>\S.*?)) *-->",
    re.DOTALL,
)
_Numbers = Sequence[Number]


@dataclass(frozen=True)
class Output:
    """The output that a page shows after a block: its text and its place."""

    text: str
    line: int
    start: int
    end: int


@dataclass(frozen=True)
class Image:
    """An image: its alternative text, its file, its place."""

    alt: str
    target: str
    line: int


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
        not_run: Why it does not run (bash only), if it does not.
        output: What the page shows as its output.
        image: The image that must show the figure it leaves open.
    """

    language: str
    code: str
    line: int
    end: int
    indent: str
    section: int
    raises: str | None = None
    not_run: str | None = None
    output: Output | None = None
    image: Image | None = None


@dataclass(frozen=True)
class Listing:
    """Markdown that a page shows and that nothing runs: its text and its place."""

    text: str
    line: int


@dataclass(frozen=True)
class Formula:
    """A displayed formula, with the directive that stands before it.

    Or inline mathematics with its directive right after it.

    Attributes:
        latex: Its LaTeX, without the dollars.
        line: The page's line of its first line.
        section: The index of the section it belongs to.
        expression: What it must equal; None where it is declared notation.
        notation: Why there is nothing to compute; None where there is.
    """

    latex: str
    line: int
    section: int
    expression: str | None
    notation: str | None


@dataclass(frozen=True)
class ProseNumber:
    """A number in prose and what vouches for it.

    Attributes:
        number: The number as written.
        line: The page's line.
        start: Where it starts in the page's text.
        binding: The expression whose value it is, if it is bound.
        waived: Why it is no quantity, if a directive says so.
        in_formula: Whether it is part of inline mathematics that rule 4 compares.
        quoted: The code span that it stands in, without the backticks.
    """

    number: Number
    line: int
    start: int
    binding: str | None = None
    waived: str | None = None
    in_formula: bool = False
    quoted: str | None = None


@dataclass(frozen=True)
class Unit:
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


@dataclass(frozen=True)
class Section:
    """A ``##`` section; the first one is what stands before the first ``##``."""

    title: str
    slug: str
    line: int


@dataclass(frozen=True)
class Page:
    """A page of the site.

    Attributes:
        path: Where it lies.
        text: All of it.
        blocks: Its Python and bash blocks, in order.
        formulas: Its displayed formulas, in order.
        units: Its prose, in order.
        sections: Its sections, in order.
        listings: Its inert fences, in order.
        problems: What the parser refused.
        figures: The figures that its file holds, by the target of their images; a
            notebook's. Those of Markdown lie in files of their own.
        line_numbers: The file's line of each line of its text; a notebook's. In
            Markdown they are the same.
    """

    path: Path
    text: str
    blocks: tuple[Block, ...]
    formulas: tuple[Formula, ...]
    units: tuple[Unit, ...]
    sections: tuple[Section, ...]
    listings: tuple[Listing, ...]
    problems: tuple[Problem, ...]
    figures: Mapping[str, str] = field(default_factory=dict)
    line_numbers: tuple[int, ...] = ()

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
    def headings(self) -> tuple[Unit, ...]:
        """Its headings, in order."""
        return tuple(unit for unit in self.units if unit.kind == "heading")

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
            "page", shown or path, 1, "a readable file in UTF-8", str(error), "mend it"
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
    return _Parser(text, path, line_numbers).parse()


@dataclass
class _Line:
    number: int
    start: int
    end: int
    text: str  # without the line's end


@dataclass
class _Marker:
    """A directive that waits for what it speaks of."""

    kind: str  # "output", "raises", "formula", "notation" or "not-run"
    argument: str
    line: int


@dataclass
class _Parser:
    text: str
    path: Path
    line_numbers: Sequence[int] = ()
    blocks: list[Block] = field(default_factory=list)
    formulas: list[Formula] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    sections: list[Section] = field(default_factory=lambda: [Section("", "", 1)])
    listings: list[Listing] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    markers: list[_Marker] = field(default_factory=list)
    # The block that an image would show the figure of: nothing stands between.
    just_ended: int | None = None

    def parse(self) -> Page:
        self.lines = list(_split_lines(self.text, self.line_numbers))
        index = self._front_matter()
        while index < len(self.lines):
            index = self._step(index)
        self._drop_markers("the page ends")
        return Page(
            self.path,
            self.text,
            tuple(self.blocks),
            tuple(self.formulas),
            tuple(self.units),
            tuple(self.sections),
            tuple(self.listings),
            tuple(self.problems),
            line_numbers=tuple(self.line_numbers),
        )

    def _step(self, index: int) -> int:
        """Read what starts at a line; the index of the line after it."""
        line = self.lines[index]
        if not line.text.strip():
            return index + 1
        if fence := _FENCE.fullmatch(line.text):
            return self._fence(index, fence)
        if line.text.strip() == "$$":
            return self._formula(index)
        if line.text.strip().startswith("<!--"):
            after = self._comment_lines(index)
            if after is not None:
                return after
        return self._prose(index)

    # -- what stands around the prose ------------------------------------------------

    def _front_matter(self) -> int:
        if not self.lines or self.lines[0].text != "---":
            return 0
        for index, line in enumerate(self.lines[1:], 1):
            if line.text == "---":
                return index + 1
            if COMMENT.search(line.text):
                self._refuse(line.number, "front matter without comments", line.text)
            if line.text.startswith(("description:", "title:")):
                self._add_unit("description", [line], line.text.split(":")[0])
        self._refuse(1, "a line --- that ends the front matter", "none", "add it")
        return 1

    def _fence(self, index: int, opening: re.Match[str]) -> int:
        first, indent = self.lines[index], opening["indent"]
        closing = re.compile(rf" *{opening['ticks'][0]}{{{len(opening['ticks'])},}} *")
        end = index + 1
        while end < len(self.lines) and not closing.fullmatch(self.lines[end].text):
            end += 1
        if end == len(self.lines):
            found = "the end of the page"
            self._refuse(
                first.number, f"a fence that ends with {opening['ticks']}", found
            )
            self.markers.clear()
            return end
        inner = self.lines[index + 1 : end]
        content = "".join(f"{_dedent(line.text, indent)}\n" for line in inner)
        self._fenced(opening["info"], indent, content, first, self.lines[end])
        return end + 1

    def _fenced(
        self, info: str, indent: str, content: str, first: _Line, last: _Line
    ) -> None:
        markers = {marker.kind: marker for marker in self.markers}
        language = info.strip()
        expects = {
            "python": {"raises"},
            "bash": {"not-run"},
            "text": {"output"},
            "markdown": set(),
        }.get(language)
        if expects is None:
            languages = ", ".join(FENCE_LANGUAGES)
            self._refuse(
                first.number,
                f"one of the fences {languages}, without attributes",
                f"a fence {info.strip() or 'without a language'!r}",
                "name the language and nothing else",
            )
        elif set(markers) - expects:
            self._drop_markers(f"a {language} fence follows")
        elif language == "text":
            self._output(content, first, last, bool(markers))
        elif language == "markdown":
            self.listings.append(Listing(content, first.number + 1))
            self.just_ended = None
        else:
            raises, not_run = markers.get("raises"), markers.get("not-run")
            block = Block(
                language,
                content,
                first.number + 1,
                last.end,
                indent,
                len(self.sections) - 1,
                raises.argument if raises else None,
                not_run.argument if not_run else None,
            )
            self.blocks.append(block)
            self.just_ended = len(self.blocks) - 1
        self.markers.clear()

    def _output(self, content: str, first: _Line, last: _Line, marked: bool) -> None:
        marker = f"<!--{EXPECTED_OUTPUT}-->"
        if not marked:
            self._refuse(
                first.number,
                f"{marker} before a text fence",
                "a text that no block vouches for",
                f"write {marker} before it, or show the text otherwise",
            )
        elif self.just_ended is None or self.blocks[self.just_ended].output:
            self._refuse(
                first.number,
                "a block right before its output",
                "prose, a second output, or nothing",
                "move the output to its block",
            )
        else:
            output = Output(content, first.number + 1, first.end, last.start)
            block = self.blocks[self.just_ended]
            self.blocks[self.just_ended] = replace(block, output=output)

    def _formula(self, index: int) -> int:
        first = self.lines[index]
        end = index + 1
        while end < len(self.lines) and self.lines[end].text.strip() != "$$":
            end += 1
        if end == len(self.lines):
            self._refuse(first.number, "a line $$ that ends the formula", "none")
            self.markers.clear()
            return end
        latex = "\n".join(line.text.strip() for line in self.lines[index + 1 : end])
        kinds = {marker.kind: marker.argument for marker in self.markers}
        if set(kinds) not in ({"formula"}, {"notation"}):
            self._drop_markers("a displayed formula follows", {"formula", "notation"})
            self._refuse(
                first.number,
                "<!--pagecheck:formula EXPRESSION--> or <!--pagecheck:notation "
                "REASON--> before a displayed formula",
                "none" if not kinds else ", ".join(kinds),
                "say what the formula must equal",
            )
        self.formulas.append(
            Formula(
                latex,
                first.number + 1,
                len(self.sections) - 1,
                kinds.get("formula"),
                kinds.get("notation"),
            )
        )
        self.markers.clear()
        self.just_ended = None
        return end + 1

    # -- directives ------------------------------------------------------------------

    def _comment_lines(self, index: int) -> int | None:
        """Read a comment that stands alone; None where prose stands beside it."""
        line = self.lines[index]
        start = line.start + len(line.text) - len(line.text.lstrip())
        match = COMMENT.match(self.text, start)
        if match is None:
            self._refuse(line.number, "a comment that ends with -->", "none")
            return len(self.lines)
        after = index + 1
        while after < len(self.lines) and self.lines[after].start < match.end():
            after += 1
        if self.text[match.end() : self.lines[after - 1].end].strip():
            return None
        self._directive(match["content"], line.number)
        return after

    def _directive(self, content: str, line: int) -> None:
        """Read a directive that stands on lines of its own."""
        if content == EXPECTED_OUTPUT:
            self.markers.append(_Marker("output", "", line))
        elif match := _XFAIL.fullmatch(content):
            self.markers.append(_Marker("raises", match["error"], line))
        elif match := re.fullmatch(
            r"pagecheck:(formula|notation|not-run) +(\S.*)", content
        ):
            self.markers.append(_Marker(match[1], match[2].strip(), line))
        elif _LOOKS_LIKE_DIRECTIVE.match(content):
            self._refuse_directive(content, line)

    def _drop_markers(self, why: str, keep: Collection[str] = ()) -> None:
        fences = {
            "output": "a text fence",
            "raises": "a Python block",
            "not-run": "a bash block",
            "formula": "a displayed formula",
            "notation": "a displayed formula",
        }
        for marker in self.markers:
            if marker.kind not in keep:
                expected = f"{fences[marker.kind]} after its marker"
                self._refuse(marker.line, expected, why, "move or delete the marker")
        self.markers.clear()

    # -- prose -----------------------------------------------------------------------

    def _prose(self, index: int) -> int:
        first = self.lines[index]
        if self.markers:
            self._drop_markers("prose follows")
        if heading := _HEADING.fullmatch(first.text):
            self._heading(first, heading)
            return index + 1
        if admonition := _ADMONITION.fullmatch(first.text):
            self._add_unit("admonition", [first], admonition["kind"])
            return index + 1
        if _starts_row(first.text):
            if not _TABLE_RULE.fullmatch(first.text):
                cells = len(_CELL_BORDER.findall(first.text)) - 1
                self._add_unit("row", [first], str(cells))
            return index + 1
        if tag := _TAG.fullmatch(first.text):
            if tag[1] not in ("details", "summary"):
                self.just_ended = None
            just_ended = self.just_ended
            self._add_unit("html", [first], first.text.strip())
            self.just_ended = just_ended
            return index + 1
        if _IMAGE.match(first.text.strip()):
            self._add_unit("image", [first], "")
            return index + 1
        end = index + 1
        while end < len(self.lines) and self._continues(self.lines[end].text):
            end += 1
        item = _LIST_ITEM.match(first.text)
        kind = "item" if item else "paragraph"
        indent = len(first.text) - len(first.text.lstrip())
        marker = item[0].strip()[-1] if item else ""
        self._add_unit(kind, self.lines[index:end], f"{indent}{marker}")
        return end

    def _continues(self, text: str) -> bool:
        """Whether a line goes on with the paragraph or the list item before it."""
        starts = (_FENCE, _HEADING, _ADMONITION)
        return bool(
            text.strip()
            and not any(pattern.fullmatch(text) for pattern in starts)
            and not _LIST_ITEM.match(text)
            and not _starts_row(text)
            and not text.strip().startswith(("<", "$$"))
        )

    def _heading(self, line: _Line, match: re.Match[str]) -> None:
        slug = re.search(r"#([\w-]+)", match["attributes"] or "")
        if slug is None:
            self._refuse(
                line.number,
                "an explicit id, { #slug }, the same in both languages",
                f"the heading {match['title']!r} without one",
                "add { #slug } at the end of the heading",
            )
        name = slug[1] if slug else ""
        if len(match["level"]) == 2:
            self.sections.append(Section(match["title"], name, line.number))
        self._add_unit("heading", [line], f"{match['level']} #{name}")

    def _add_unit(self, kind: str, lines: Sequence[_Line], detail: str) -> None:
        start, end = lines[0].start, lines[-1].start + len(lines[-1].text)
        source = self.text[start:end]
        images = tuple(
            Image(
                match["alt"],
                match["target"],
                lines[0].number + _newlines(source, match),
            )
            for match in _IMAGE.finditer(source)
        )
        links = tuple(match["target"] for match in _LINK.finditer(source))
        numbers = tuple(self._numbers(source, lines[0].number, start))
        unit = Unit(
            kind,
            lines[0].number,
            len(self.sections) - 1,
            start,
            end,
            _SPAN.sub(lambda m: "" if m["comment"] else m[0], source),
            numbers,
            links,
            images,
            detail,
        )
        self.units.append(unit)
        if kind == "image" and self.just_ended is not None:
            block = self.blocks[self.just_ended]
            if images[0].target.startswith("figures/") and block.image is None:
                self.blocks[self.just_ended] = replace(block, image=images[0])
        self.just_ended = None

    def _numbers(self, source: str, line: int, offset: int) -> Iterator[ProseNumber]:
        """The numbers of a unit, each with the directive that speaks of it."""
        found = (find_numbers(visible(source, [each]), each) for each in _DIALECTS)
        numbers = sorted(itertools.chain(*found), key=lambda number: number.start)
        quotes = [match for match in _SPAN.finditer(source) if match["code"]]
        marks: dict[int, re.Match[str]] = {}
        for run in _runs_of_comments(source):
            marks |= self._marks(run, source, line, numbers)
        for index, number in enumerate(numbers):
            mark = marks[index].groupdict() if index in marks else {}
            around = (q for q in quotes if q.start() <= number.start < q.end())
            yield ProseNumber(
                number,
                line + source.count("\n", 0, number.start),
                offset + number.start,
                mark.get("binding"),
                mark.get("waiver"),
                mark.get("formula") is not None,
                next((quote["code"].strip("`").strip() for quote in around), None),
            )

    def _marks(
        self, run: Sequence[tuple[int, str]], source: str, line: int, numbers: _Numbers
    ) -> dict[int, re.Match[str]]:
        """What the directives of a run of comments say, by the number they speak of."""
        before = run[0][0]
        spoken_of = _numbers_before(before, source, numbers)
        where = line + source.count("\n", 0, before)
        marks = []
        for _, comment in run:
            mark = _NUMBER_MARK.fullmatch(comment)
            if mark and not mark["formula"]:
                marks.append(mark)
            elif mark and (latex := _mathematics_before(before, source)):
                section = len(self.sections) - 1
                formula = Formula(latex, where, section, mark["formula"], None)
                self.formulas.append(formula)
                return dict.fromkeys(spoken_of, mark)
            elif _LOOKS_LIKE_DIRECTIVE.match(comment[4:]):
                self._refuse_directive(comment[4:-3], where)
        if len(spoken_of) < len(marks):
            found = source[max(0, before - 20) : before].strip()
            self._refuse(
                where,
                f"a number right before {marks[0][0]}",
                f"{found!r}" if found else "nothing",
                "put the directive right after its number",
            )
            return {}
        return dict(zip(spoken_of[len(spoken_of) - len(marks) :], marks, strict=True))

    # -- problems --------------------------------------------------------------------

    def _refuse(
        self, line: int, expected: str, found: str, mend: str = "edit the page"
    ) -> None:
        problem = Problem("page", self.path, line, expected, found, mend)
        self.problems.append(problem)

    def _refuse_directive(self, content: str, line: int) -> None:
        self._refuse(
            line,
            "one of the directives, exactly: " + "  ".join(DIRECTIVES),
            f"<!--{content}-->",
            "correct it or delete it",
        )


def visible(source: str, dialects: Collection[Dialect] = _DIALECTS) -> str:
    """A text with what a reader does not see blanked out, character by character.

    Args:
        source: The text.
        dialects: What to show of it; prose, code and mathematics by default.
    """

    def blank(match: re.Match[str]) -> str:
        return _BLANK * len(match[0])

    shown = _SPAN.sub(blank, source)
    for pattern in _INVISIBLE:
        shown = pattern.sub(blank, shown)
    if "prose" not in dialects:
        shown = _BLANK * len(source)
    for match in _SPAN.finditer(source):
        if match.lastgroup in dialects:
            span = _INVISIBLE[-1].sub(blank, match[0])
            shown = shown[: match.start()] + span + shown[match.end() :]
    return shown


def _runs_of_comments(source: str) -> Iterator[list[tuple[int, str]]]:
    """The comments of a text, each with its place; adjacent ones together."""
    run: list[tuple[int, str]] = []
    end = 0
    for match in _SPAN.finditer(source):
        if match["comment"] is None:
            continue
        if run and match.start() != end:
            yield run
            run = []
        run.append((match.start(), match[0]))
        end = match.end()
    if run:
        yield run


def _numbers_before(end: int, source: str, numbers: _Numbers) -> list[int]:
    """The numbers that directives may speak of which stand at some place.

    After an image they are those of its alternative text, after a code span or inline
    mathematics those inside: the last directive is of the last number. Elsewhere it is
    the number right before.
    """
    inner = len(source[:end].rstrip(_CLOSERS))
    for span in (*_IMAGE.finditer(source), *_SPAN.finditer(source)):
        if span.end() in (inner, end):
            first, last = span.span("alt" if "alt" in span.groupdict() else 0)
            return [i for i, n in enumerate(numbers) if first <= n.start < last]
    return [i for i, n in enumerate(numbers) if inner <= n.end <= end][:1]


def _mathematics_before(end: int, source: str) -> str | None:
    """The LaTeX of the inline mathematics that ends at a place, if some does."""
    spans = (match for match in _SPAN.finditer(source) if match["math"])
    return next((span["math"][1:-1] for span in spans if span.end() == end), None)


def _newlines(source: str, match: re.Match[str]) -> int:
    return source.count("\n", 0, match.start())


def _starts_row(text: str) -> bool:
    return text.lstrip().startswith("|")


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
