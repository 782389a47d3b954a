"""A Markdown extension that keeps the directives of a page out of what is built.

They go before Markdown looks at the page: what stands in a directive (`a[0](x)`, `*`,
`|`) is never taken for markup, and nothing of it reaches headings, the table of
contents or the search index. Code shows its text as it stands; other comments stay.
"""

from __future__ import annotations

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from pagecheck.page import Page, parse_page


def strip_directives(text: str, page: Page | None = None) -> str:
    """A page's Markdown without its directives, which code may show.

    A directive on lines of its own takes them with it; one inside a line leaves
    everything around it as it was. The text is read if no ``page`` of it is given.
    """
    if "<!--" not in text:
        return text
    for start, end in reversed((page or parse_page(text)).directives):
        first = text.rfind("\n", 0, start) + 1
        last = text.find("\n", end) + 1 or len(text)
        if not text[first:start].strip() and not text[end:last].strip():
            start, end = first, last
        text = text[:start] + text[end:]
    return text


class _StripDirectives(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return strip_directives("\n".join(lines)).split("\n")


class DirectivesExtension(Extension):
    """Strips the directives before anything else reads them as HTML."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Markdown's name)
        """Register the preprocessor.

        It runs on the page as it is written: before the fences are put aside (25) and
        MkDocs (21) and Markdown (20) look for raw HTML.
        """
        md.preprocessors.register(_StripDirectives(md), "pagecheck-directives", 26)
