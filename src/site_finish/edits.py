"""While the site is served, a page is built again when its source has changed.

All pages are where anything else has that they are made from: settings, templates, our
code, figures, the glossary. MkDocs with `--dirty` would ask which is younger, a page or
its source, and knows nothing of the rest. The counts on the home page are those of when
it was built itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any

from jinja2.bccache import Bucket, BytecodeCache

from site_finish.settings import FILES, ROOT

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

State = dict[str, object]
# The glossary is in all pages, and those of the API are in each other's links.
SHARED = re.compile(r"reference/(?:notation|api)")


def state_of(docs: Path) -> State:
    """What a language is made from: pages by their files, and under "" all the rest."""
    state: State = {}
    rest: list[object] = []
    for file in _files([docs, ROOT / "src", ROOT / "theme"]):
        about = file.stat()
        seen = (about.st_mtime_ns, about.st_size)
        uri = file.relative_to(docs).as_posix() if file.is_relative_to(docs) else ""
        if file.suffix in (".md", ".ipynb") and uri and not SHARED.match(uri):
            state[uri] = seen
            rest.append(uri)
        else:
            rest.append((file, seen))
    return {**state, "": rest}


def _files(folders: Iterable[Path]) -> list[Path]:
    found = [ROOT / name for name in (*FILES.values(), "pyproject.toml")]
    found += (ROOT / "docs").glob("*.*")
    for folder in folders:
        found += (file for file in folder.rglob("*") if file.suffix != ".pyc")
    return sorted(file for file in found if file.is_file())


class Compiled(BytecodeCache):
    """Templates as they were compiled in this process.

    They are not kept for another: what they mark is known to one process alone.
    """

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code of a template, if it is still the same."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        self._codes[bucket.key, bucket.checksum] = bucket.code


class Edits:
    """What the languages were made from when they were built last."""

    def __init__(self) -> None:
        self._built: dict[Path, State] = {}
        self._begun: dict[Path, State] = {}
        self._meta: dict[str, dict[str, Any]] = {}
        self._left_out: set[str] = set()

    def any(self, docs: Path) -> bool:
        """Whether a language has to be built again."""
        self._begun[docs] = state_of(docs)
        return self._begun[docs] != self._built.get(docs)

    def forget(self, docs: Path) -> None:
        """Have all of a language built again, by a process that has none of it yet."""
        self._built.pop(docs, None)

    def leave_out(self, files: Files, config: MkDocsConfig) -> None:
        """Leave pages out of a build that are as they were.

        The search keeps what it has of them.
        """
        docs = Path(config.docs_dir)
        self.any(docs)
        now, then = self._begun[docs], self._built.get(docs, {})
        same = now[""] == then.get("")
        pages = {file.src_uri: file for file in files.documentation_pages()}
        self._left_out = {
            uri for uri in pages if same and now.get(uri) == then.get(uri)
        }
        for uri, file in pages.items():
            again = uri not in self._left_out
            vars(file)["is_modified"] = lambda again=again: again
        kept = {pages[uri].url.removeprefix("./") for uri in self._left_out}
        for name, plugin in config.plugins.items():
            if name.endswith("search") and plugin.search_index_prev:
                entries = plugin.search_index_prev.entries
                plugin.search_index.entries = [
                    each
                    for each in entries
                    if each["location"].partition("#")[0] in kept
                ]
                plugin.search_index_prev = None

    def recall(self, nav: Navigation) -> None:
        """Give the menu what pages say of themselves that are left out."""
        for page in nav.pages:
            if page.file.src_uri in self._left_out:
                page.meta = self._meta[page.file.src_uri]

    def page_built(self, page: Page) -> None:
        """Remember what a page says of itself."""
        self._meta[page.file.src_uri] = dict(page.meta)

    def done(self) -> None:
        """Remember that all is built as it was begun."""
        self._built.update(self._begun)
