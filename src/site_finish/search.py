"""Search reads its index when a reader searches, and not before.

Material reads it on every first visit, several times what a page weighs. Here it gets
one without pages; theme/assets/javascripts/workers/on-demand.js, which runs in front of
Material's worker, reads search/pages.json once there is something to look for.
"""

import json
import re
from html import escape, unescape
from pathlib import Path

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
# Formulas as they are drawn, which the search passes over, and their LaTeX; what all
# folds are called.
PASSED_OVER = re.compile(
    r'<div class="formula"[^>]* data-search-exclude.*?</div>'
    r"|<math[^>]* data-search-exclude.*?</math>"
    r"|<annotation[^>]* data-search-exclude.*?</annotation>"
    r"|<summary>(?:Drawing code|Solution|绘图代码|解答)</summary>",
    re.DOTALL,
)
MARKS = re.compile(r"</?span[^>]*>")


def as_read(content: str) -> str:
    """Return of a page what the search reads of it: a fraction of its tags.

    Material's search reads a page tag by tag, in more time than its template takes.
    """
    return BLOCK.sub(lambda b: MARKS.sub("", b[0]), PASSED_OVER.sub("", content))


def set_aside(folder: Path) -> None:
    """Put the index of a language aside; another builder has a search of its own."""
    if not (folder / INDEX).is_file():
        return
    index = json.loads((folder / INDEX).read_text("utf-8"))
    if not index["docs"]:
        return  # it was
    known: dict[str, set[str]] = {}
    for section in index["docs"]:
        page, within, _ = section["location"].partition("#")
        names = known.setdefault(page, set())
        section["text"] = names_of_blocks(section["text"], names)
        if within:
            section.pop("tags", None)  # they are its page's, which has them
    write(folder / PAGES, index)
    write(folder / INDEX, {**index, "docs": []})


def names_of_blocks(text: str, known: set[str]) -> str:
    """Leave of the blocks in a section only what they call by its full name.

    Whole listings are half of an index, and their every number and word would be found.
    What the words around them name as well is found there.

    Args:
        text: The section.
        known: The names left in earlier sections of the page; they are not left again,
            and those of this one are added.
    """
    blocks = "\n".join(unescape(TAG.sub("", block)) for block in BLOCK.findall(text))
    words = re.sub(r"\s+", " ", BLOCK.sub("", text))
    names = map(escape, dict.fromkeys(SOUGHT.findall(blocks)))
    only = [name for name in names if name not in known and not says(words, name)]
    known.update(only)
    return words + "".join(f" <code>{name}</code>" for name in only)


def says(words: str, name: str) -> bool:
    """Whether a text has a name, and not within a longer one."""
    return bool(re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", words))


def write(file: Path, index: dict[str, object]) -> None:
    """Write an index in as few bytes as JSON has."""
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    file.write_text(text, "utf-8")
