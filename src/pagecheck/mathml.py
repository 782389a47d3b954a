r"""A Markdown extension that turns LaTeX into MathML while the site is built.

`$…$` inside a line and `$$` on lines of their own become MathML, which browsers draw
without a script. `math-core` converts; what it drops or draws as nobody means it, and
what the site's policy forbids, raises `FormulaError` as bad LaTeX does: the build fails
rather than the page. The LaTeX stays with the formula, as an annotation for copying and
as its `alttext`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from html import unescape
from itertools import accumulate
from typing import Any
from xml.etree import ElementTree as ET

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from math_core import LatexError, LatexToMathML

INLINE_MATH = re.compile(
    r"(?<![\\$])\$(?![\s$])"
    r"(?P<latex>(?:[^\\$`\n\x02\x03]|\\[^`\n\x02\x03])+)"
    r"(?<!\s)\$(?![\d$])"
)
r"""A formula inside a line: no space inside the dollars, no digit after them, so that
prices stay text; `\$` is a dollar sign. Code spans must be masked first."""

LONGEST = 2000  # characters; far deeper ones than fit in it end math-core's process
DEEPEST = 50  # elements inside of elements

_CONVERTER = LatexToMathML(fancy_error=False)
_CONFUSED = {
    r"[^\s\x20-\x7e]": "is no LaTeX: write a command, or words in the prose",
    r"(?<!\\)[%~]": r"is not drawn: write \% for a percent sign, \, for a space",
    r"[_^]\s*(?:\d{2,}|-)": "takes one sign alone: put its argument in braces",
    r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,])": "is set as a list: write 1{,}500",
    r"\\(?:text\w*|mbox|hbox)(?![a-zA-Z])": "puts words into it: say it in the prose",
    r"(?<!\\)\|\s*[-+]": r"has two readings: write \lvert and \rvert",
    r"\\\\\s*\[": "is drawn: leave the length out",
    r"\\(?:def|(?:re)?newcommand|let)(?![a-zA-Z])": "defines: write it out instead",
}
_ELEMENTS = re.compile(
    "math|m(row|i|n|o|space|frac|sqrt|root|su[bp]|subsup|under|over|underover|t(able|r|d))"
)
_ALIGNED = re.compile(
    r"text-align: (left|right);justify-items: \w+;(?:padding-(?:left|right): ?\w+;)*"
)
_TABLE = re.compile(r"\\begin\{(\w+)\}(?:(?!\\begin).)*?\\end\{\1\}", re.DOTALL)
_THIN = "0.1667em"
_PRIMES = {"′", "″", "‴", "⁗"}
_PUNCTUATION = re.compile("[,.;:!?%)\\]、。，；：！？）」』”’》…]+")


class FormulaError(ValueError):
    """A formula that cannot be shown rightly: its `latex`, the `reason`, its `line`."""

    def __init__(self, latex: str, reason: str, page: str = "", line: int = 0) -> None:
        self.latex, self.reason, self.page, self.line = latex, reason, page, line
        place = ":".join(str(part) for part in (page, line) if part)
        super().__init__(f"{place + ': ' if place else ''}{reason}\n  formula: {latex}")


def mathml(latex: str, *, display: bool = False) -> ET.Element:
    r"""Convert a formula, without its dollar signs, to a `<math>` of MathML Core.

    Raises:
        FormulaError: It is no LaTeX, or would be drawn as nobody means it.
    """
    for pattern, why in _CONFUSED.items():
        if found := re.search(pattern, latex):
            raise FormulaError(latex, f"{found[0]} in a formula {why}")
    if not latex.strip() or len(latex) > LONGEST:
        raise FormulaError(latex[:80], f"it is empty, or longer than {LONGEST} letters")
    outside = latex
    for _ in range(latex.count(r"\begin")):
        outside = _TABLE.sub("", outside)
    if r"\\" in outside:
        raise FormulaError(latex, r"\\ outside a table: write \begin{aligned}")
    try:
        text = _CONVERTER.convert_with_local_state(latex, displaystyle=display)
    except LatexError as error:
        raise FormulaError(latex, re.sub(r"^\d+: ", "", str(error))) from error
    nesting = re.findall(r"<(/?)[a-z]+[^>]*?(/?)>", text)
    if max(accumulate(-1 if end else not alone for end, alone in nesting)) > DEEPEST:
        raise FormulaError(latex, "it is nested too deeply: write it in simpler parts")
    math = ET.fromstring(
        re.sub(r"&(?!lt;|gt;|amp;)\w+;", lambda m: unescape(m[0]), text)
    )
    for element in list(math.iter()):
        style = element.get("style", "")
        if side := _ALIGNED.fullmatch(style):
            element.set("class", side[1])
        elif element.tag == "mpadded" and style == f"padding-right:{_THIN};":
            element.tag = "mrow"
            ET.SubElement(element, "mspace", width=_THIN)
        elif style or not _ELEMENTS.fullmatch(element.tag):
            what = f"<{element.tag} style>" if style else f"<{element.tag}>"
            raise FormulaError(
                latex, f"it would need {what}: write it in other symbols"
            )
        elif element.tag in ("mrow", "mi") and not (len(element) or element.text):
            raise FormulaError(
                latex, "something in it is empty: fill it, or go without"
            )
        element.attrib.pop("style", None)  # the site's policy forbids it
        if element.tag == "mtable" and len({len(row) for row in element}) > 1:
            raise FormulaError(latex, "a table whose rows differ in length: fill them")
        if element.tag in ("msup", "msubsup") and element[-1].text in _PRIMES:
            _set_prime_beside(element)
    math.set("alttext", " ".join(latex.split()))
    return math


def _set_prime_beside(scripted: ET.Element) -> None:
    """Set a prime beside its base: in the font it is raised and small already."""
    prime = scripted[-1]
    prime.attrib.update(form="postfix", lspace="0", rspace="0")
    if len(scripted) == 3:
        base = ET.Element("msub")
        base[:] = scripted[:2]
        scripted[:] = [base, prime]
    scripted.tag = "mrow"


class MathMLExtension(Extension):
    """Formulas as MathML.

    The option `label` is what a displayed formula, which can be scrolled and therefore
    focused, is called for a screen reader, in the page's language.
    """

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 (Markdown's signature)
        self.config = {"label": ["Formula", "What a displayed formula is called"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Markdown's name)
        """Register what reads formulas, after code and before everything else."""
        source = _Source(md)
        display = _DisplayMath(md, source, self.getConfig("label"))
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "$"]
        # A formula in a line is no block: no line breaks are put around it.
        md.block_level_elements = [t for t in md.block_level_elements if t != "math"]
        md.preprocessors.register(source, "pagecheck-math-source", 1000)
        md.parser.blockprocessors.register(display, "pagecheck-display-math", 76)
        md.inlinePatterns.register(_InlineMath(md, source), "pagecheck-math", 185)
        md.inlinePatterns.register(_StrayDollar(md, source), "pagecheck-dollar", 175)
        md.treeprocessors.register(_FinishFormulas(md), "pagecheck-math-finish", 4)


class _Source(Preprocessor):
    """Keeps the page as it came, so that an error can name the line."""

    lines: Sequence[str] = ()

    def run(self, lines: list[str]) -> list[str]:
        self.lines = lines
        return lines

    def error(self, error: FormulaError, shown: str, above: int = 0) -> FormulaError:
        """The error with its place: the line at which the page shows the formula."""
        page, lines = "", self.lines
        if "relpath" in self.md.treeprocessors:  # MkDocs tells its own extension
            file: Any = getattr(self.md.treeprocessors["relpath"], "file", None)
            if file is not None:
                page = os.path.relpath(file.abs_src_path or file.src_uri)
                page, lines = (
                    page.replace(os.sep, "/"),
                    file.content_string.splitlines(),
                )
        before, found, _ = "\n".join(x.strip("> \t") for x in lines).partition(shown)
        line = before.count("\n") + 1 + above if found else 0
        return FormulaError(error.latex, error.reason, page, line)

    def element(self, latex: str, *, display: bool) -> ET.Element:
        """A formula whose text Markdown takes as it is: no markup and no entity."""
        try:
            math = mathml(latex, display=display)
        except FormulaError as error:
            shown = f"$$\n{latex}" if display else f"${latex}$"
            raise self.error(error, shown, above=int(display)) from error
        for part in math.iter():
            if part.text:
                part.text = AtomicString(part.text.replace("&", "&amp;"))
        math.set("alttext", math.attrib["alttext"].replace("&", "&amp;"))
        return math


class _DisplayMath(BlockProcessor):
    def __init__(self, md: Markdown, source: _Source, label: str) -> None:
        super().__init__(md.parser)
        self.source, self.label = source, label

    def test(self, parent: ET.Element, block: str) -> bool:
        return block.lstrip("\n").split("\n", 1)[0].strip() == "$$"

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        _, *lines = blocks.pop(0).strip("\n").split("\n")
        latex = [line.strip() for line in lines]
        if "$$" not in latex:
            why = "$$ is not closed before the next blank line: put it on its own line"
            shown = "\n".join(["$$", *latex])
            raise self.source.error(FormulaError(shown, why), shown, above=1)
        end = latex.index("$$")
        if rest := lines[end + 1 :]:
            blocks.insert(0, "\n".join(rest))
        attributes = {"class": "formula", "role": "group", "aria-label": self.label}
        attributes |= {"tabindex": "0", "data-search-exclude": ""}
        formula = ET.SubElement(parent, "div", attributes)
        formula.append(self.source.element("\n".join(latex[:end]), display=True))


class _InlineMath(InlineProcessor):
    # Formulas whose text, written out, is still the formula: the search may read them.
    linear = frozenset(["math", "mrow", "mi", "mn", "mo", "mspace", "msub"])

    def __init__(self, md: Markdown, source: _Source) -> None:
        super().__init__(INLINE_MATH.pattern, md)
        self.compiled_re, self.source = INLINE_MATH, source

    def handleMatch(  # type: ignore[override]  # noqa: N802 (Markdown's name)
        self, m: re.Match[str], data: str
    ) -> tuple[ET.Element, int, int]:
        math = self.source.element(m["latex"], display=False)
        if not {str(element.tag) for element in math.iter()} <= self.linear:
            math.set("data-search-exclude", "")
        return math, m.start(), m.end()


class _StrayDollar(InlineProcessor):
    """Refuses a dollar sign that is neither a formula's nor a price's."""

    def __init__(self, md: Markdown, source: _Source) -> None:
        super().__init__(r"\$(?!\d)", md)
        self.source = source

    def handleMatch(  # type: ignore[override]  # noqa: N802 (Markdown's name)
        self, m: re.Match[str], data: str
    ) -> tuple[ET.Element, int, int]:
        before = re.split("[\n\x02\x03]", data[: m.start()])[-1]
        shown = before + "$" + re.split("[\n\x02\x03]", data[m.end() :])[0]
        why = (
            r"a dollar sign that neither opens nor closes a formula: write $x$ without "
        )
        why += (
            r"spaces inside, $$ alone on its line after a blank one, or \$ for itself"
        )
        raise self.source.error(FormulaError(shown, why), shown.strip("> \t"))


class _FinishFormulas(Treeprocessor):
    """Does last what would disturb others: annotations, and spans against line breaks.

    Until here a formula's text is what one sees, so that images' alternative texts and
    the table of contents have that and not the LaTeX as well. Headings never get an
    annotation: their text goes elsewhere too.
    """

    def run(self, root: ET.Element) -> None:
        headings = [h for h in root.iter() if re.fullmatch("h[1-6]", str(h.tag))]
        in_heading = {math for heading in headings for math in heading.iter("math")}
        for parent in list(root.iter()):
            for index, math in enumerate(parent):
                if math.tag != "math":
                    continue
                if math not in in_heading:
                    _annotate(math)
                if punctuation := _PUNCTUATION.match(math.tail or ""):
                    # No line begins with the punctuation that follows a formula.
                    parent[index] = span = ET.Element("span", {"class": "unbroken"})
                    span.append(math)
                    span.tail = (math.tail or "").removeprefix(punctuation[0])
                    math.tail = punctuation[0]


def _annotate(math: ET.Element) -> None:
    """Put the LaTeX into the element, where a reader's tools find it for copying."""
    row = ET.Element("mrow")
    row[:] = list(math)
    attributes = {"encoding": "application/x-tex", "data-search-exclude": ""}
    annotation = ET.Element("annotation", attributes)
    annotation.text = AtomicString(math.attrib["alttext"])
    math[:] = [ET.Element("semantics")]
    math[0].extend([row[0] if len(row) == 1 else row, annotation])
