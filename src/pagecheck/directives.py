"""The directives of a page: comments that tell `pagecheck` what to compare.

And the Markdown extension that keeps them out of what is built: they go before Markdown
looks at the page, so that what stands in one (`a[0](x)`, `*`, `|`) is never taken for
markup, and nothing of it reaches headings, the table of contents or the search index.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from pagecheck.markdown import read_structure
from pagecheck.spans import find_spans

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
DIRECTIVE = re.compile(
    r"<!--[ \t]*(?:=|pagecheck:|pytest-codeblocks:|pytest\.mark\.)"
    r"(?:(?!-->|<!--|\n[ \t]*\n).)*-->",
    re.DOTALL,
)
"""One directive, wherever it stands."""


@dataclass(frozen=True)
class Directive:
    """What a comment says: its kind, and its expression, reason or exception.

    The kind is ``output``, ``raises``, ``binding``, ``formula``, ``claim`` or
    ``unchecked``; empty where the comment looks like a directive and is none.
    """

    kind: str
    said: str


def read_directive(comment: str) -> Directive | None:
    """What the content of a comment says; None where it is for people."""
    if match := _FORM.fullmatch(comment):
        kind = match.lastgroup or ""
        return Directive(kind, match[kind])
    return Directive("", comment) if _LOOKS_LIKE_ONE.match(comment) else None


def strip_directives(markdown: str) -> str:
    """A page's Markdown without its directives, which code may show.

    A directive on lines of its own takes them with it; one inside a line leaves
    everything around it as it was.
    """
    lines, kept, here = markdown.split("\n"), list[str](), 0
    for piece in read_structure(lines)[0]:
        if piece.kind == "fence":
            kept += _stripped(lines[here : piece.first])
            kept += lines[piece.first : piece.last]
            here = piece.last
    return "\n".join([*kept, *_stripped(lines[here:])])


def _stripped(lines: list[str]) -> list[str]:
    """Lines of prose without their directives."""
    kept = []
    for text in re.split(r"(?<=\n)((?:[ \t]*\n)+)", "\n".join(lines)):
        place = 0
        for span in find_spans(text):
            first = text.rfind("<!--", span.start, span.end)
            if span.kind != "comment" or not DIRECTIVE.fullmatch(text, first, span.end):
                continue
            start = text.rfind("\n", 0, first) + 1
            end = text.find("\n", span.end) + 1 or len(text)
            if text[start:first].strip() or text[span.end : end].strip():
                start, end = first, span.end  # not alone on its lines
            kept.append(text[place : max(start, place)])
            place = end
        kept.append(text[place:])
    return "".join(kept).split("\n") if lines else []


class _StripDirectives(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return strip_directives("\n".join(lines)).split("\n")


class DirectivesExtension(Extension):
    """Strips the directives before anything else reads them as HTML."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Markdown's name)
        """Register the preprocessor.

        It runs after the fences have been put aside (25) and before MkDocs (21) and
        Markdown (20) look for raw HTML.
        """
        md.preprocessors.register(_StripDirectives(md), "pagecheck-directives", 24)
