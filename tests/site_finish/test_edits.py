"""While the site is served, an edit has its page built again, and no other."""

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import get_files
from mkdocs.structure.nav import get_navigation

from site_finish import edits
from site_finish.edits import Edits

PAGES = ("index.md", "start/a.md", "start/b.md", "reference/notation.md")
Again = Callable[..., list[str]]


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The pages of a language in a project of their own."""
    monkeypatch.setattr(edits, "ROOT", tmp_path)
    docs = tmp_path / "docs" / "en"
    for name in (*PAGES, "start/figures/a.svg"):
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / name).write_text("# T\n", "utf-8")
    for name in ("src/m.py", "theme/main.html", "mkdocs.yml", "docs/references.bib"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", "utf-8")
    return docs


@pytest.fixture
def again(docs: Path) -> Again:
    """Build as MkDocs does while it serves, and say which pages were built."""
    edited = Edits()
    search = SimpleNamespace(search_index_prev=None)

    def build(fails: bool = False) -> list[str]:
        config = MkDocsConfig()
        config.load_dict({"site_name": "S", "docs_dir": str(docs), "plugins": []})
        config.validate()
        config.plugins["search"] = search
        search.search_index = SimpleNamespace(entries=[])
        files = get_files(config)
        edited.leave_out(files, config)
        nav = get_navigation(files, config)
        edited.recall(nav)
        built = []
        for page in nav.pages:
            if page.file.is_modified():
                built.append(page.file.src_uri)
                page.meta = {"status": page.file.src_uri}
                for heading in ("", "#t"):
                    entry = {"location": page.url + heading}
                    search.search_index.entries.append(entry)
                edited.page_built(page)
            assert page.meta == {"status": page.file.src_uri}
        search.search_index_prev = search.search_index
        places = sorted(each["location"] for each in search.search_index.entries)
        assert places == sorted(p.url + h for p in nav.pages for h in ("", "#t"))
        if not fails:
            edited.done()
        return sorted(built)

    return build


def touch(file: Path) -> None:
    about = file.stat()
    os.utime(file, ns=(about.st_atime_ns, about.st_mtime_ns + 1))


def test_an_edit_has_one_page_built_again_and_no_edit_none(docs: Path, again: Again):
    assert again() == sorted(PAGES)
    assert again() == []
    for name in ("index.md", "start/a.md", "start/b.md"):
        touch(docs / name)
        assert again() == [name]
    touch(docs / "start" / "a.md")
    touch(docs / "start" / "b.md")
    assert again() == ["start/a.md", "start/b.md"]


@pytest.mark.parametrize(
    "name",
    [
        "docs/en/reference/notation.md",
        "docs/en/start/figures/a.svg",
        "docs/references.bib",
        "mkdocs.yml",
        "src/m.py",
        "theme/main.html",
    ],
)
def test_what_more_than_one_page_is_made_from_has_all_built_again(
    docs: Path, again: Again, name: str
):
    again()
    touch(docs.parents[1] / name)
    assert again() == sorted(PAGES)
    assert again() == []


def test_a_page_that_comes_or_goes_has_all_built_again(docs: Path, again: Again):
    again()
    (docs / "start" / "c.md").write_text("# C\n", "utf-8")
    assert again() == sorted([*PAGES, "start/c.md"])
    (docs / "start" / "c.md").unlink()
    assert again() == sorted(PAGES)


def test_what_was_not_built_to_the_end_is_built_again(docs: Path, again: Again):
    again()
    touch(docs / "start" / "a.md")
    assert again(fails=True) == ["start/a.md"]
    touch(docs / "index.md")
    assert again() == ["index.md", "start/a.md"]


def test_a_language_of_which_nothing_has_changed_is_not_built(docs: Path):
    edited = Edits()
    assert edited.any(docs)
    edited.done()
    assert not edited.any(docs)
    touch(docs / "index.md")
    assert edited.any(docs)
    edited.done()
    edited.forget(docs)
    assert edited.any(docs)
