"""A page that is as it was is not converted again, and is the same to MkDocs."""

import logging
from pathlib import Path

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from site_finish import kept, rendered

TEXT = "# T { #t }\n\n## S { #s }\n\n[o](other.md#there) and [s](#s)\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kept, "CACHE", tmp_path / "cache")
    monkeypatch.delenv("CI", raising=False)
    logging.getLogger("mkdocs").setLevel(logging.INFO)
    (tmp_path / "docs").mkdir()
    for name in ("page.md", "other.md"):
        (tmp_path / "docs" / name).write_text("# O\n", "utf-8")
    return tmp_path


def render(folder: Path, text: str, title: str | None = "P", **more: object) -> Page:
    """A page after MkDocs has rendered it, or what was kept of it."""
    config = MkDocsConfig(str(folder / "mkdocs.yml"))
    config.load_dict(
        {
            "site_name": "S",
            "docs_dir": str(folder / "docs"),
            "markdown_extensions": ["attr_list", {"toc": {"permalink": True}}],
            "plugins": [],
            **more,
        }
    )
    assert config.validate() == ([], [])
    names = ("page.md", "other.md")
    docs, site = config.docs_dir, config.site_dir
    files = Files([File(each, docs, site, config.use_directory_urls) for each in names])
    page = Page(title, files.src_uris["page.md"], config)
    page.markdown = text
    rendered.keep(page)
    page.render(config, files)
    return page


def told(page: Page) -> tuple[object, ...]:
    links = {f.src_uri: a for f, a in (page.links_to_anchors or {}).items()}
    return page.content, str(page.toc), page.present_anchor_ids, links, page.title


def test_what_is_read_again_is_what_was_rendered(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    first = told(render(folder, TEXT))
    assert first[2] == {"t", "s"}
    assert first[3]["other.md"] == {"there": "other.md#there"}
    monkeypatch.setattr(Page, "render", None)
    assert told(render(folder, TEXT)) == first


@pytest.mark.parametrize(
    ("text", "more"),
    [
        (TEXT.replace("and", "or"), {}),
        (TEXT, {"use_directory_urls": False}),
    ],
)
def test_what_changes_the_html_has_it_rendered_again(
    folder: Path, text: str, more: dict[str, object]
):
    render(folder, TEXT)
    fresh = render(folder, text, **more)
    assert told(fresh)[0] != told(render(folder, TEXT))[0]


def test_a_page_is_rendered_again_until_nothing_is_wrong_with_it(
    folder: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.WARNING, "mkdocs")
    for _ in range(2):
        caplog.clear()
        render(folder, "[x](nowhere.md)\n")
        assert "nowhere.md" in caplog.text


@pytest.mark.parametrize(
    ("text", "title"), [("::: a.module\n", "P"), (TEXT, None)], ids=["API", "no title"]
)
def test_a_page_that_tells_others_of_itself_is_always_rendered(
    folder: Path, text: str, title: str | None
):
    page = render(folder, text, title)
    assert page.content
    assert not (folder / "cache").exists()
    assert page.title == (title or "T")
