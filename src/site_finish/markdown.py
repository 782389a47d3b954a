"""The extension of Python-Markdown: what pages of this site are written with.

Three things that only this site has: the list of references in its place, the marks on
terms of the glossary, and what an API block may not set.
"""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from site_finish.glossary import GLOSSARY, NOT_MARKED, Term, Terms, read_glossary
from site_finish.published import ApiBlocks
from site_finish.references import PLACE, read_references
from site_finish.settings import ROOT

# MkDocs imports extensions before plugins. As soon as mkdocs-jupyter imports nbconvert,
# that would make one of each kind of exporter, to see whether it is switched on.
os.environ.setdefault("NBCONVERT_DISABLE_CONFIG_EXPORTERS", "1")


class SiteExtension(Extension):
    """What pages of this site are written with.

    The option `docs` is the folder of the language's pages, below the project's.
    """

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 (Markdown's signature)
        self.config = {"docs": ["docs/en", "The folder of the language's pages"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Markdown's name)
        """Register the three, each where it finds what it looks for."""
        docs = ROOT / str(self.getConfig("docs"))

        def page() -> tuple[Path, str]:
            uri = page_of(md)
            return docs / uri, uri

        glossary = docs / GLOSSARY
        # Before fences are put aside, whose priority is 25.
        md.preprocessors.register(_References(md), "site-references", 26)
        # Before mkdocstrings, whose priority is 110.
        md.parser.blockprocessors.register(ApiBlocks(md, page), "api-blocks", 111)
        if glossary.is_file():
            terms = _glossary(glossary, glossary.stat().st_mtime_ns)
            marks = Terms(md, terms, lambda: not NOT_MARKED.match(page_of(md)))
            md.treeprocessors.register(marks, "glossary", 1)


def page_of(md: Markdown) -> str:
    """The file of the page that is converted, as its builder tells; else `index.md`."""
    if "relpath" in md.treeprocessors:  # MkDocs tells its own extension
        return str(md.treeprocessors["relpath"].file.src_uri)  # type: ignore[attr-defined]
    if "rendering_context" in md.preprocessors:  # and Zensical its own
        return str(md.preprocessors["rendering_context"].page.path)  # type: ignore[attr-defined]
    return "index.md"


@functools.cache
def _glossary(file: Path, changed: int) -> tuple[Term, ...]:
    return tuple(read_glossary(file.read_text("utf-8")))


class _References(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        if PLACE not in lines:
            return lines
        references = read_references(ROOT / "docs" / "references.bib")
        place = lines.index(PLACE)
        items = [reference.markdown for reference in references]
        return [*lines[:place], *items, *lines[place + 1 :]]


def makeExtension(**kwargs: Any) -> SiteExtension:  # noqa: ANN401, N802 (Markdown's)
    """Return the extension; Markdown looks for this name."""
    return SiteExtension(**kwargs)
