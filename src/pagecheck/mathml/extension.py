"""Finds the formulas on a page, for Python-Markdown."""

from __future__ import annotations

import os
import re
from typing import Any
from xml.etree import ElementTree as ET

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from pagecheck.mathml.conversion import annotate, mathml
from pagecheck.mathml.formula_error import FormulaError

INLINE_MATH = re.compile(
    r"(?<![\\$])\$(?![\s$])"
    r"(?P<latex>(?:[^\\$`\n\x02\x03]|\\[^`\n\x02\x03])+)"
    r"(?<!\s)\$(?![\d$])"
)
r"""A formula inside a line, `$…$`; the group `latex` is what stands between.

No space after the opening dollar, none before the closing one, no digit after it, so
that prices stay text; `\$` is a dollar sign. Code spans must be masked first.
"""

DISPLAY_MATH = "$$"
"""What stands alone on the line before a displayed formula, and on the line after."""

_PUNCTUATION = re.compile("[,.;:!?%)\\]、。，；：！？）」』”’》…]+")


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

    lines: list[str]

    def run(self, lines: list[str]) -> list[str]:
        self.lines = list(lines)
        return lines

    def located(self, error: FormulaError) -> FormulaError:
        page, lines = self._page()
        first = next(iter(error.latex.strip().splitlines()), "")
        line = next((n for n, text in enumerate(lines, 1) if first in text), None)
        return FormulaError(error.latex, error.reason, error.advice, page, line)

    def _page(self) -> tuple[str | None, list[str]]:
        """Return the page's name and lines; MkDocs tells them to its own extension."""
        if "relpath" in self.md.treeprocessors:
            file: Any = getattr(self.md.treeprocessors["relpath"], "file", None)
            if file is not None:
                name = os.path.relpath(file.abs_src_path or file.src_uri)
                return name.replace(os.sep, "/"), file.content_string.splitlines()
        return None, getattr(self, "lines", [])


def _element(latex: str, source: _Source, *, display: bool) -> ET.Element:
    """Return a formula whose text Markdown takes as it is.

    There is no markup in it, and `&b;` is no entity.
    """
    try:
        math = mathml(latex, display=display)
    except FormulaError as error:
        raise source.located(error) from error
    for part in math.iter():
        if part.text:
            part.text = AtomicString(part.text.replace("&", "&amp;"))
    math.set("alttext", math.attrib["alttext"].replace("&", "&amp;"))
    return math


class _DisplayMath(BlockProcessor):
    def __init__(self, md: Markdown, source: _Source, label: str) -> None:
        super().__init__(md.parser)
        self.source = source
        self.label = label

    def test(self, parent: ET.Element, block: str) -> bool:
        return block.lstrip("\n").split("\n", 1)[0].strip() == DISPLAY_MATH

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        _, *lines = blocks.pop(0).strip("\n").split("\n")
        latex = [line.strip() for line in lines]
        if DISPLAY_MATH not in latex:
            raise self.source.located(
                FormulaError(
                    "\n".join(latex),
                    "$$ is not closed before the next blank line",
                    "put $$ alone on the line after the formula, without blank lines",
                )
            )
        end = latex.index(DISPLAY_MATH)
        if rest := lines[end + 1 :]:
            blocks.insert(0, "\n".join(rest))
        formula = ET.SubElement(
            parent,
            "div",
            {
                "class": "formula",
                "role": "group",
                "aria-label": self.label,
                "tabindex": "0",
                "data-search-exclude": "",
            },
        )
        formula.append(_element("\n".join(latex[:end]), self.source, display=True))


class _InlineMath(InlineProcessor):
    def __init__(self, md: Markdown, source: _Source) -> None:
        super().__init__(INLINE_MATH.pattern, md)
        self.compiled_re = INLINE_MATH
        self.source = source

    def handleMatch(  # type: ignore[override]  # noqa: N802 (Markdown's name)
        self, m: re.Match[str], data: str
    ) -> tuple[ET.Element, int, int]:
        math = _element(m["latex"], self.source, display=False)
        if not _reads_in_order(math):
            math.set("data-search-exclude", "")
        return math, m.start(), m.end()


def _reads_in_order(math: ET.Element) -> bool:
    """Say whether the text of the formula, written out, is still the formula."""
    linear = {"math", "mrow", "mi", "mn", "mo", "mspace", "msub"}
    return all(element.tag in linear for element in math.iter())


class _StrayDollar(InlineProcessor):
    """Refuses a dollar sign that is neither a formula's nor a price's."""

    def __init__(self, md: Markdown, source: _Source) -> None:
        super().__init__(r"\$(?!\d)", md)
        self.source = source

    def handleMatch(  # type: ignore[override]  # noqa: N802 (Markdown's name)
        self, m: re.Match[str], data: str
    ) -> tuple[ET.Element, int, int]:
        before = re.split("[\n\x02\x03]", data[: m.start()])[-1]
        after = re.split("[\n\x02\x03]", data[m.end() :])[0]
        raise self.source.located(
            FormulaError(
                f"{before}${after}",
                "a dollar sign that neither opens nor closes a formula",
                r"write $x$ without spaces inside and on one line, $$ alone on its "
                r"line after a blank one, or \$ for a dollar sign",
            )
        )


class _FinishFormulas(Treeprocessor):
    """Does last what would disturb others: annotations, and spans against line breaks.

    Until here a formula's text is what one sees, so that images' alternative texts and
    the table of contents have that and not the LaTeX as well. Headings never get an
    annotation: their text goes elsewhere too.
    """

    def run(self, root: ET.Element) -> None:
        in_heading = {
            math
            for heading in root.iter()
            if re.fullmatch("h[1-6]", str(heading.tag))
            for math in heading.iter("math")
        }
        for parent in list(root.iter()):
            for index, math in enumerate(parent):
                if math.tag != "math":
                    continue
                if math not in in_heading:
                    annotate(math, AtomicString(math.attrib["alttext"]))
                if punctuation := _PUNCTUATION.match(math.tail or ""):
                    parent[index] = _unbroken(math, punctuation[0])


def _unbroken(math: ET.Element, punctuation: str) -> ET.Element:
    """Keep a line from beginning with the punctuation that follows a formula."""
    span = ET.Element("span", {"class": "unbroken"})
    span.append(math)
    span.tail = (math.tail or "").removeprefix(punctuation)
    math.tail = punctuation
    return span
