r"""A Markdown extension that turns LaTeX into MathML while the site is built.

`$…$` inside a line and `$$` on lines of their own become MathML, which browsers draw
without a script. `math-core` converts what `pagecheck.formula.latex` knows; what is not
known, or would be drawn as nobody means it, fails the build. The LaTeX stays with the
formula, as an annotation for copying and as its `alttext`.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from xml.etree import ElementTree as ET

import math_core
from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from pagecheck.formula.latex import LatexError, tokens

INLINE_MATH = re.compile(
    r"(?<![\\$])\$(?![\s$])"
    r"(?P<latex>(?:[^\\$`\n\x02\x03]|\\[^`\n\x02\x03])+)"
    r"(?<!\s)\$(?![\d$])"
)
r"""A formula inside a line: no space inside the dollars, no digit after them, so that
prices stay text; `\$` is a dollar sign. Code spans must be masked first."""

_CONVERTER = math_core.LatexToMathML(fancy_error=False)
_PRIMES = {"′", "″", "‴", "⁗"}
_PUNCTUATION = re.compile("[,.;:!?%)\\]、。，；：！？）」』”’》…]+")
# Formulas whose text, written out, is still the formula: the search may read them.
_LINEAR = frozenset(["math", "mrow", "mi", "mn", "mo", "mspace", "msub"])


def mathml(latex: str, *, display: bool = False) -> ET.Element:
    r"""Convert a formula, without its dollar signs, to a `<math>` of MathML Core.

    Raises:
        LatexError: It is not known, or would be drawn as nobody means it.
    """
    tokens(latex)
    try:
        text = _CONVERTER.convert_with_local_state(latex, displaystyle=display)
    except math_core.LatexError as error:
        raise LatexError(re.sub(r"^\d+: ", "", str(error))) from error
    math = ET.fromstring(
        re.sub(r"&(?!lt;|gt;|amp;)\w+;", lambda m: unescape(m[0]), text)
    )
    for element in math.iter():
        style = element.attrib.pop("style", "")  # the site's policy forbids it
        element.attrib.pop("scriptlevel", "")  # the HTML checker refuses it
        if side := re.match("text-align: (left|right);", style):
            element.set("class", side[1])
        if element.tag in ("mrow", "mi") and not (len(element) or element.text):
            raise LatexError("something in it is empty: fill it, or go without")
        if element.tag == "mpadded":  # a thin space, after \left( … \right)
            element.tag = "mrow"
        if element.tag == "msup" and element[-1].text in _PRIMES:
            # In the font it is raised and small already.
            element[-1].attrib.update(form="postfix", lspace="0", rspace="0")
            element.tag = "mrow"
        if element.tag == "msup" and element[-1].text == "∗":
            element[-1].tag = "mi"  # a name's star: WebKit spaces operators there
        if element.text == "⊙":
            element.set("largeop", "false")  # Firefox's dictionary has it as a sum
        if element.text:
            element.text = AtomicString(element.text)  # no markup of Markdown's
    math.set("alttext", " ".join(latex.split()))
    return math


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
        display = _DisplayMath(md, self.getConfig("label"))
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "$"]
        # A formula in a line is no block: no line breaks are put around it.
        md.block_level_elements = [t for t in md.block_level_elements if t != "math"]
        md.parser.blockprocessors.register(display, "site-display-math", 76)
        md.inlinePatterns.register(_InlineMath("", md), "site-math", 185)
        md.treeprocessors.register(_FinishFormulas(md), "site-math-finish", 4)


def makeExtension(**kwargs: Any) -> MathMLExtension:  # noqa: ANN401, N802 (Markdown's)
    """Return the extension; Markdown looks for this name."""
    return MathMLExtension(**kwargs)


def _element(md: Markdown, latex: str, *, display: bool = False) -> ET.Element:
    """A formula; if it is bad, its page and line are named as far as MkDocs tells."""
    try:
        return mathml(latex, display=display)
    except LatexError as error:
        place, known = "", "relpath" in md.treeprocessors  # an extension of MkDocs
        if file := getattr(known and md.treeprocessors["relpath"], "file", None):
            before = file.content_string.partition(latex.split("\n")[0])[0]
            place = f"{file.src_uri}:{before.count(chr(10)) + 1}: "
        raise LatexError(f"{place}{error}\n  formula: {latex}") from error


class _DisplayMath(BlockProcessor):
    def __init__(self, md: Markdown, label: str) -> None:
        super().__init__(md.parser)
        self.md = md
        self.attributes = {"class": "formula", "role": "group", "aria-label": label}
        self.attributes |= {"tabindex": "0", "data-search-exclude": ""}

    def test(self, parent: ET.Element, block: str) -> bool:
        first, *lines = (line.strip() for line in block.strip("\n").split("\n"))
        return first == "$$" and "$$" in lines

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        _, *lines = (line.strip() for line in blocks.pop(0).strip("\n").split("\n"))
        end = lines.index("$$")
        if rest := lines[end + 1 :]:
            blocks.insert(0, "\n".join(rest))
        formula = ET.SubElement(parent, "div", self.attributes)
        formula.append(_element(self.md, "\n".join(lines[:end]), display=True))


class _InlineMath(InlineProcessor):
    def getCompiledRegExp(self) -> re.Pattern[str]:  # noqa: N802 (Markdown's name)
        return INLINE_MATH

    def handleMatch(  # type: ignore[override]  # noqa: N802 (Markdown's name)
        self, m: re.Match[str], data: str
    ) -> tuple[ET.Element, int, int]:
        math = _element(self.md, m["latex"])
        if not {str(element.tag) for element in math.iter()} <= _LINEAR:
            math.set("data-search-exclude", "")
        return math, m.start(), m.end()


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
                tail = math.tail or ""
                if punctuation := _PUNCTUATION.match(tail):
                    # No line begins with the punctuation that follows a formula.
                    parent[index] = span = ET.Element("span", {"class": "unbroken"})
                    span.append(math)
                    math.tail, span.tail = punctuation[0], tail[punctuation.end() :]


def _annotate(math: ET.Element) -> None:
    """Put the LaTeX into the element, where a reader's tools find it for copying."""
    row = ET.Element("mrow")
    row[:] = list(math)
    attributes = {"encoding": "application/x-tex", "data-search-exclude": ""}
    annotation = ET.Element("annotation", attributes)
    annotation.text = AtomicString(math.attrib["alttext"])
    math[:] = [ET.Element("semantics")]
    math[0].extend([row[0] if len(row) == 1 else row, annotation])
