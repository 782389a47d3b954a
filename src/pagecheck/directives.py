"""A Markdown extension that keeps the directives of a page out of what is built.

A directive is an HTML comment that tells `pagecheck` what to compare: `<!--= best-->`,
`<!--pagecheck:formula …-->`, `<!--pytest.mark.xfail(…)-->` and the others that the
design lists. Readers never need them, so they go before Markdown looks at the page:
what stands in a directive (`a[0](x)`, `*`, `|`) is then never taken for markup, and
nothing of it reaches headings, the table of contents or the search index. Fences and
code spans show their text as it stands, and every other comment stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from pagecheck.spans import find_spans

DIRECTIVE = re.compile(
    r"<!--[ \t]*(?:=|pagecheck:|pytest-codeblocks:|pytest\.mark\.)"
    r"(?:(?!-->|<!--|\n[ \t]*\n).)*-->",
    re.DOTALL,
)
"""One directive, wherever it stands."""

_FENCE = re.compile(r"(?:[ \t>]|[-+*][ ]|\d+\.[ ])*(?P<ticks>`{3,}|~{3,})(?P<info>.*)")
_BLANK_LINES = re.compile(r"(?<=\n)((?:[ \t]*\n)+)")


def strip_directives(markdown: str) -> str:
    """Return the Markdown without its directives.

    A directive on a line of its own takes the line with it; one inside a line leaves
    everything around it as it was.

    Args:
        markdown: A page, or a part of one.

    Returns:
        The same text; fences, code spans and other comments are untouched.
    """
    return "".join(
        part if is_code else _without_directives(part)
        for part, is_code in _split_at_fences(markdown)
    )


def _split_at_fences(markdown: str) -> Iterator[tuple[str, bool]]:
    """Cut the text into prose and fences; a fence never closed runs to the end."""
    part: list[str] = []
    closing: re.Pattern[str] | None = None
    for line in markdown.splitlines(keepends=True):
        fence = _FENCE.match(line)
        if closing is None and fence and not _is_code_span(fence):
            yield "".join(part), False
            part = [line]
            ticks = fence["ticks"]
            closing = re.compile(rf"[ \t>]*{re.escape(ticks[0])}{{{len(ticks)},}}\s*")
        elif closing is not None and closing.fullmatch(line):
            yield "".join([*part, line]), True
            part, closing = [], None
        else:
            part.append(line)
    yield "".join(part), closing is not None


def _is_code_span(fence: re.Match[str]) -> bool:
    """Say whether what looks like a fence is a code span: ```` ```x``` ````."""
    return fence["ticks"][0] == "`" and "`" in fence["info"]


def _without_directives(prose: str) -> str:
    return "".join(_stripped(piece) for piece in _BLANK_LINES.split(prose))


def _stripped(text: str) -> str:
    """A text without blank lines and without its directives."""
    kept, place = [], 0
    for span in find_spans(text):
        opening = text.rfind("<!--", span.start, span.end)
        if span.kind != "comment" or not DIRECTIVE.fullmatch(text, opening, span.end):
            continue
        start = text.rfind("\n", 0, opening) + 1
        end = text.find("\n", span.end) + 1 or len(text)
        if text[start:opening].strip(" \t") or text[span.end : end].strip():
            start, end = opening, span.end  # not alone on its lines
        kept.append(text[place : max(start, place)])
        place = end
    return "".join([*kept, text[place:]])


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
