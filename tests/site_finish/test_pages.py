"""A page is finished once, by itself, and what acts in it is refused by any builder."""

import dataclasses
from pathlib import Path

import pytest

from site_finish import kept, pages
from site_finish.policy import with_policy
from site_finish.settings import Language, SiteError, SitePage, read_language

TEXT = "---\ndescription: D\n---\n\n# T { #t }\n\n```python\nx = 1\n```\n"
BUILT = (
    '<html><head>\n<meta charset="utf-8">\n</head><article>\n    <h1>T</h1>\n'
    '<div class="language-python highlight"><pre><code>x</code></pre></div>{}\n'
    "   </article></html>"
)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Language:
    """A site of one page, as a builder leaves it."""
    monkeypatch.setattr(kept, "CACHE", tmp_path / "cache")
    monkeypatch.delenv("CI", raising=False)
    source = tmp_path / "x.md"
    source.write_text(TEXT, "utf-8")
    page = SitePage(source, "start/x.md", "start/x/", "T", "Start")
    built(tmp_path).parent.mkdir(parents=True)
    built(tmp_path).write_text(BUILT.format(""), "utf-8")
    (tmp_path / "404.html").write_text("<html><article></article></html>", "utf-8")
    site = read_language("en", tmp_path, "https://site.example/")
    return dataclasses.replace(site, folder=tmp_path, pages=(page,))


def built(folder: Path) -> Path:
    return folder / "start" / "x" / "index.html"


def test_a_page_gets_its_other_forms_and_says_so(site: Language):
    pages.finish(site, checked=False)
    html = built(site.folder).read_text("utf-8")
    assert '<a href="../x.ipynb" download>notebook</a>' in html
    for suffix in (".md", ".ipynb", ".py"):
        assert (site.folder / "start" / f"x{suffix}").is_file()
    listed = (site.folder / "llms.txt").read_text("utf-8")
    assert "## Start\n\n- [T](https://site.example/en/start/x.md): D\n" in listed


def test_the_same_page_built_again_is_the_same_and_is_not_finished_anew(
    site: Language, monkeypatch: pytest.MonkeyPatch
):
    file = built(site.folder)
    raw = file.read_text("utf-8")
    pages.finish(site, checked=False)
    first = file.read_text("utf-8")
    file.write_text(raw, "utf-8")
    with monkeypatch.context() as context:
        context.setattr(pages, "finished", lambda *_: pytest.fail("made anew"))
        pages.finish(site, checked=False)
    assert file.read_text("utf-8") == first
    for page in site.pages:
        page.source.write_text(TEXT.replace("x = 1", "y = 1"), "utf-8")
    fresh = dataclasses.replace(site, pages=tuple(map(dataclasses.replace, site.pages)))
    file.write_text(raw, "utf-8")
    pages.finish(fresh, checked=False)
    assert "y = 1" in (site.folder / "start" / "x.py").read_text("utf-8")


def test_a_finished_page_is_left_as_it_is(site: Language):
    file = built(site.folder)
    html = with_policy(file.read_text("utf-8"), "x", "x")
    file.write_text(html, "utf-8")
    (site.folder / "start" / "x.md").write_text("# T\n", "utf-8")
    pages.finish(site, checked=False)
    assert file.read_text("utf-8") == html


def test_what_acts_in_a_page_is_refused_where_no_builder_has_looked(site: Language):
    file = built(site.folder)
    file.write_text(BUILT.format("<script>go()</script>"), "utf-8")
    with pytest.raises(SiteError, match=r"start/x\.md:1: the site's policy forbids"):
        pages.finish(site, checked=False)


def test_the_address_of_a_page_is_that_of_its_file():
    site = read_language("zh", Path("site"), "https://site.example/")
    by_uri = {page.uri: (page.url, page.file) for page in site.pages}
    assert by_uri["index.md"] == ("", "index.html")
    assert by_uri["xor/training.md"] == ("xor/training/", "xor/training/index.html")
    assert by_uri["labs/activations.ipynb"][0] == "labs/activations/"
    page = site.page("xor/training.md")
    assert page.link_to("about/verification/") == "../../about/verification/"
    assert page.link_to("xor/training.md") == "../training.md"
    assert site.pages[0].link_to("xor/training/") == "xor/training/"


@pytest.mark.parametrize("code", ["x = 1\nx = (", "x = 1\n\0", "-" * 9999 + "1"])
def test_code_that_is_no_python_is_refused_by_page_and_line(site: Language, code: str):
    site.pages[0].source.write_text(TEXT.replace("x = 1", code), "utf-8")
    with pytest.raises(SiteError, match=r"x\.md:[89]: a block that is no Python"):
        pages.finish(site, checked=False)
