"""A Markdown extension that keeps the directives of a page out of what is built.

They go before Markdown looks at the page: what stands in a directive (`a[0](x)`, `*`,
`|`) is never taken for markup, and nothing of it reaches headings, the table of
contents or the search index. Code shows its text as it stands; other comments stay.
"""

from __future__ import annotations

import re

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from pagecheck.markdown import read_structure
from pagecheck.spans import find_spans

DIRECTIVE = re.compile(
    r"<!--[ \t]*(?:=|pagecheck:|pytest-codeblocks:|pytest\.mark\.)"
    r"(?:(?!-->|<!--|\n[ \t]*\n).)*-->",
    re.DOTALL,
)
"""One directive, wherever it stands."""


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
