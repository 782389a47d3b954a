"""MkDocs hook: search reads its index when a reader searches, and not before.

Material reads it on every first visit, several times what a page weighs. Here it gets
one without pages; theme/assets/javascripts/workers/on-demand.js, which runs in front of
Material's worker, reads search/pages.json once there is something to look for.
"""

import json
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

INDEX = Path("search", "search_index.json")
PAGES = Path("search", "pages.json")


def on_post_build(config: MkDocsConfig) -> None:
    """Put the index of each language aside."""
    if config.theme["language"] == "en":
        return  # the English site is built inside of the Chinese one, which does it
    for site in (Path(config.site_dir), Path(config.site_dir, "en")):
        index = json.loads((site / INDEX).read_text("utf-8"))
        write(site / PAGES, index)
        write(site / INDEX, {**index, "docs": []})


def write(file: Path, index: dict[str, object]) -> None:
    """Write an index in as few bytes as JSON has."""
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    file.write_text(text, "utf-8")
