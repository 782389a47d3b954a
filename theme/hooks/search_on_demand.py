"""MkDocs hook: search reads its index when a reader searches, and not before.

Material reads it on every first visit, several times what a page weighs. Here it gets
one without pages; theme/assets/javascripts/workers/on-demand.js, which runs in front of
Material's worker, reads search/pages.json once there is something to look for.
"""

import json
import re
from html import escape, unescape
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

INDEX = Path("search", "search_index.json")
PAGES = Path("search", "pages.json")

BLOCK = re.compile("<pre>(.*?)</pre>", re.DOTALL)
TAG = re.compile("<[^>]*>")
# What of a block a reader may look for, beside the words around it.
SOUGHT = re.compile(
    r"^.*\b[A-Z]\w*(?:Error|Warning)\b.*$"  # an error message, whole
    r"|\b[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+",  # torch.sigmoid
    re.MULTILINE,
)


def on_post_build(config: MkDocsConfig) -> None:
    """Put the index of each language aside."""
    if config.theme["language"] == "en":
        return  # the English site is built inside of the Chinese one, which does it
    for site in (Path(config.site_dir), Path(config.site_dir, "en")):
        index = json.loads((site / INDEX).read_text("utf-8"))
        for section in index["docs"]:
            section["text"] = names_of_blocks(section["text"])
        write(site / PAGES, index)
        write(site / INDEX, {**index, "docs": []})


def names_of_blocks(text: str) -> str:
    """Leave of the blocks in a section only what they call by its full name, once.

    Whole listings are half of an index, and their every number and word would be found.
    """
    blocks = "\n".join(unescape(TAG.sub("", block)) for block in BLOCK.findall(text))
    names = dict.fromkeys(SOUGHT.findall(blocks))
    listed = "".join(f" <code>{escape(name)}</code>" for name in names)
    return BLOCK.sub("", text) + listed


def write(file: Path, index: dict[str, object]) -> None:
    """Write an index in as few bytes as JSON has."""
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    file.write_text(text, "utf-8")
