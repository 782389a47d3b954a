"""A page's Markdown is converted again once it, or what its HTML depends on, changed.

A page of the API is converted each time: it is made of source code as well, and tells
mkdocstrings what it has while it is made.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.structure.toc import get_toc
from mkdocs.utils import CountHandler

from site_finish.glossary import GLOSSARY
from site_finish.kept import kept
from site_finish.settings import FILES, ROOT

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page
    from mkdocs.structure.toc import AnchorLink


def keep(page: Page) -> None:
    """Let a page be what it was when it was last rendered, if nothing has changed."""
    convert = page.render

    def render(config: MkDocsConfig, files: Files) -> None:
        # Of a page that the navigation gives no title, rendering makes one.
        if ":::" in (page.markdown or "") or "title" not in vars(page):
            convert(config, files)
            return

        def make() -> dict[str, Any] | None:
            logger = logging.getLogger(type(page).__module__.partition(".")[0])
            problems = CountHandler(level=logging.WARNING)
            logger.addHandler(problems)
            try:
                convert(config, files)
            finally:
                logger.removeHandler(problems)
            # What a page is warned of it is to be warned of again.
            silent = not logger.isEnabledFor(logging.WARNING)
            if silent or problems.get_counts() or page.links_to_anchors is None:
                return None
            links = {f.src_uri: told for f, told in page.links_to_anchors.items()}
            return {
                "content": page.content,
                "toc": [*_tokens(page.toc)],
                "anchors": sorted(page.present_anchor_ids or ()),
                "links": links,
            }

        name = f"{Path(config.docs_dir).name}/{page.file.src_uri}.content"
        made = kept(name, _told(page, config, files), make)
        if made and page.content is None:
            page.content = made["content"]
            page.toc = get_toc(made["toc"])
            page.present_anchor_ids = set(made["anchors"])
            known = files.src_uris
            page.links_to_anchors = {known[uri]: a for uri, a in made["links"].items()}

    vars(page)["render"] = render


def _told(page: Page, config: MkDocsConfig, files: Files) -> Iterator[str]:
    """What a page's HTML is made of."""
    yield page.markdown or ""
    yield page.file.src_uri
    for file in (*FILES.values(), "docs/references.bib"):
        yield (ROOT / file).read_text("utf-8")
    glossary = Path(config.docs_dir, GLOSSARY)
    yield glossary.read_text("utf-8") if glossary.is_file() else ""
    for uri, each in files.src_uris.items():  # what links may lead to, and where
        yield f"{uri} {each.url}"


def _tokens(toc: Iterable[AnchorLink]) -> Iterator[dict[str, Any]]:
    """A table of contents as `get_toc` reads it."""
    for each in toc:
        token = {"name": each.title, "id": each.id, "level": each.level}
        yield {**token, "children": [*_tokens(each.children)]}
