"""What a build refuses to publish, by the name of its file and its line."""

import json
from pathlib import Path

import pytest
from markdown import Markdown

from pagecheck.page import FRONT_MATTER
from site_finish.downloads import _figures
from site_finish.published import (
    API_OPTIONS,
    ApiBlocks,
    api_problem,
    figures_of,
    refuse,
    refuse_active,
    refuse_html,
)
from site_finish.settings import ROOT, SiteError, SitePage, read_language

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A folder of pages."""
    folder = tmp_path / "docs" / "en"
    (folder / "figures").mkdir(parents=True)
    (folder / "index.md").write_text("# T\n")
    return folder


def page_at(path: Path) -> SitePage:
    return SitePage(path, path.name, "x/", "X", "X")


def api_blocks(path: Path) -> Markdown:
    """What MkDocs reads a page with, as far as API blocks go."""
    md = Markdown(extensions=["admonition"])
    blocks = ApiBlocks(md, lambda: (path, path.name))
    md.parser.blockprocessors.register(blocks, "api-blocks", 111)
    return md


def test_pages_and_figures_are_published(docs):
    (docs / "figures" / "line.svg").write_text(SVG.format("<path d='M0 0'/>"))
    refuse(docs)


@pytest.mark.parametrize(
    "name",
    ["x.htm", "x.html", "x.xhtml", "x.xml", "x.js", "x.svg", "figures/x.png", "CNAME"],
)
def test_a_file_of_another_kind_is_refused(docs, name):
    (docs / name).write_text(SVG.format(""))
    with pytest.raises(SiteError, match=rf"docs/en/{name}: the site publishes pages"):
        refuse(docs)


def test_a_link_to_a_file_is_refused(docs, tmp_path):
    (tmp_path / "secret.md").write_text("secret")
    (docs / "x.md").symlink_to(tmp_path / "secret.md")
    with pytest.raises(SiteError, match=r"docs/en/x\.md: it is a link to "):
        refuse(docs)


def test_a_link_to_a_folder_is_refused(docs, tmp_path):
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "secret.md").write_text("secret")
    (docs / "more").symlink_to(tmp_path / "secrets")
    with pytest.raises(SiteError, match=r"docs/en/more: it is a link to "):
        refuse(docs)


def test_a_project_that_is_itself_behind_a_link_is_built(docs, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "docs")
    refuse(tmp_path / "link" / "en")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("\n<script>x</script>", "x.svg:2: a figure with an element <script>"),
        ("<foreignObject/>", "an element <foreignObject>"),
        ("<a href='#x'/>", "an element <a>"),
        ("<set attributeName='x'/>", "an element <set>"),
        ("<g onload='x'/>", "an attribute onload"),
        ("<image href='https://example.org/x.png'/>", "an address outside"),
        ("<image href='data:image/svg+xml,x'/>", "an address outside"),
        ("<use xlink:href='other.svg#x'/>", "an address outside"),
        ("<rect style='fill: url(https://example.org)'/>", "an address outside"),
        ("<style>@import 'x.css';</style>", "an address outside"),
        ("<?xml-stylesheet href='x.css'?>", "an instruction <?xml-stylesheet?>"),
        ("<g>", "no XML"),
    ],
)
def test_a_figure_that_does_more_than_show_is_refused(content, complaint):
    with pytest.raises(SiteError) as raised:
        refuse_active(SVG.format(content), "x.svg")
    assert complaint in str(raised.value)


def test_a_figure_with_entities_is_refused():
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + SVG.format("<text>&a;</text>")
    with pytest.raises(SiteError, match="an entity of its own"):
        refuse_active(bomb, "x.svg")


@pytest.mark.parametrize("value", ['a" http-equiv="refresh', "<script>", "a > b"])
def test_front_matter_goes_into_the_head_and_holds_no_html(tmp_path, value):
    page = page_at(tmp_path / "x.md")
    page.source.write_text(f"---\ndescription: '{value}'\n---\n")
    assert page.meta == {"description": value}
    with pytest.raises(SiteError, match=r"x\.md:2: description has one of"):
        refuse_html(page.source, page.uri, page.meta)


@pytest.mark.parametrize(
    "settings",
    [
        "options:\n  extensions: [docs/x.py]",
        "options: {force_inspection: true}",
        "options: {preload_modules: [os]}",
        "options: {allow_inspection: true}",
        "options: {members: {a: b}}",
        "options: {members: [1]}",
        "options: {heading_level: {}}",
        "options: [members]",
        "handler: other",
        "selection: {x: y}",
        "text",
        "options: [",
        "options: !!python/object/apply:os.system [id]",
    ],
)
def test_an_api_block_that_sets_more_than_its_looks_is_refused(settings):
    assert api_problem("torch_recipes.xor", settings)


@pytest.mark.parametrize(
    "settings",
    ["", "options: {members: false, heading_level: 4}", "options: {members: [a, b]}"],
)
def test_an_api_block_may_set_its_looks(settings):
    assert api_problem("torch_recipes.xor", settings) is None


@pytest.mark.parametrize("name", ["../x", "a b", "x/y.py", "a-b"])
def test_an_api_block_names_a_module(name):
    assert api_problem(name, "")


EVIL = "::: torch_recipes.xor\n    options:\n      force_inspection: true\n"


@pytest.mark.parametrize(
    "text",
    [
        EVIL,
        EVIL.replace("xor\n", "xor\n\n"),  # mkdocstrings takes them there, too
        "## " + EVIL,
        "Words.\n" + EVIL,
        "- item\n\n" + "".join(f"    {line}\n" for line in EVIL.splitlines()),
        "> " + EVIL.replace("\n", "\n> "),
        "::: torch_recipes.xor\n\n::: torch_recipes.xor\n    handler: other\n",
        "!!! note\n\n" + "".join(f"    {line}\n" for line in EVIL.splitlines()),
    ],
)
def test_an_api_block_is_seen_wherever_it_stands(tmp_path, text):
    path = tmp_path / "x.md"
    path.write_text(f"# T\n\n{text}")
    with pytest.raises(SiteError, match=r"x\.md:\d+: ::: torch_recipes\.xor "):
        api_blocks(path).convert(path.read_text())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_of_the_site_may_be_published(language):
    refuse(ROOT / "docs" / language)
    for page in read_language(language, Path("site"), None).pages:
        refuse_html(page.source, page.uri, page.meta)
        api_blocks(page.source).convert(FRONT_MATTER.sub("", page.read.text))
        for block in page.read.blocks:
            if block.image:
                assert "<svg" in _figures(page)(block.image.target)


def test_the_options_of_api_blocks_are_few():
    assert set(API_OPTIONS) == {
        "heading_level",
        "members",
        "show_root_heading",
        "show_root_toc_entry",
    }


NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "execution_count": 1,
            "id": "a",
            "metadata": {"figure": "![A]({})"},
            "outputs": [
                {
                    "data": {"image/svg+xml": [SVG.format("")]},
                    "metadata": {},
                    "output_type": "display_data",
                }
            ],
            "source": ["x = 1"],
        }
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}


@pytest.mark.parametrize(
    "target",
    ["/tmp/x.py", "../x.svg", "assets/js/site.js", "figures/../x.svg", "figures/x.js"],
)
def test_a_notebook_writes_no_file_but_a_figure_of_its_own(docs, target):
    path = docs / "x.ipynb"
    text = json.dumps(NOTEBOOK, indent=1).replace("{}", target)
    path.write_text(text)
    with pytest.raises(SiteError, match=r"x\.ipynb"):
        figures_of(path, "x.ipynb")
    with pytest.raises(SiteError, match=r"docs/en/x\.ipynb"):
        refuse(docs)


def test_a_notebooks_description_holds_no_html(docs):
    path = docs / "x.ipynb"
    said = {**NOTEBOOK, "cells": [], "metadata": {"description": 'a" onload="b'}}
    path.write_text(json.dumps(said, indent=1, sort_keys=True))
    page = page_at(path)
    with pytest.raises(SiteError, match=r"x\.ipynb:\d+: description has one of"):
        refuse_html(page.source, page.uri, page.meta)


@pytest.mark.parametrize("target", ["figures/../../secret.txt", "/etc/hostname"])
def test_no_file_but_a_figure_is_published_inside_of_a_pages_notebook(tmp_path, target):
    path = tmp_path / "docs" / "x.md"
    path.parent.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    path.write_text(f"```python\nx = 1\n```\n\n![A]({target})\n")
    read = _figures(page_at(path))
    with pytest.raises(SiteError, match=r"x\.md:5: no figure can be read there"):
        read(target)
