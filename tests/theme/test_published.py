"""What a build refuses to publish, by the name of its file and its line."""

import json
from pathlib import Path
from types import SimpleNamespace

import notebooks
import published
import pytest
from downloads import _figures
from markdown import Markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files, get_files
from published import API_OPTIONS, ApiBlocks, api_problem, refuse_active

from pagecheck.page import read_page
from tests.site.built import site_pages

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


@pytest.fixture
def docs(tmp_path: Path) -> SimpleNamespace:
    """A project with a folder of pages, and what MkDocs finds there."""
    folder = tmp_path / "docs" / "en"
    (folder / "figures").mkdir(parents=True)
    (folder / "index.md").write_text("# T\n")
    config = MkDocsConfig()
    config.load_dict({"site_name": "T", "docs_dir": str(folder), "plugins": []})
    config.validate()

    def found() -> Files:
        files = get_files(config)
        published.on_files(files, config)
        return files

    return SimpleNamespace(folder=folder, config=config, found=found)


def page_at(path: Path) -> SimpleNamespace:
    file = SimpleNamespace(src_uri=path.name, abs_src_path=str(path))
    return SimpleNamespace(file=file, meta={})


def test_pages_and_figures_are_published(docs):
    (docs.folder / "figures" / "line.svg").write_text(SVG.format("<path d='M0 0'/>"))
    assert len(list(docs.found())) == 2


@pytest.mark.parametrize(
    "name",
    ["x.htm", "x.html", "x.xhtml", "x.xml", "x.js", "x.svg", "figures/x.png", "CNAME"],
)
def test_a_file_of_another_kind_is_refused(docs, name):
    (docs.folder / name).write_text(SVG.format(""))
    with pytest.raises(PluginError, match=rf"docs/en/{name}: the site publishes pages"):
        docs.found()


def test_a_link_to_a_file_is_refused(docs, tmp_path):
    (tmp_path / "secret.md").write_text("secret")
    (docs.folder / "x.md").symlink_to(tmp_path / "secret.md")
    with pytest.raises(PluginError, match=r"docs/en/x\.md: it is a link to "):
        docs.found()


def test_a_link_to_a_folder_is_refused(docs, tmp_path):
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "secret.md").write_text("secret")
    (docs.folder / "more").symlink_to(tmp_path / "secrets")
    with pytest.raises(PluginError, match=r"docs/en/more/secret\.md: it is a link to "):
        docs.found()


def test_a_project_that_is_itself_behind_a_link_is_built(docs, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "docs")
    docs.config.docs_dir = str(tmp_path / "link" / "en")
    assert len(list(docs.found())) == 1


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
    with pytest.raises(PluginError) as raised:
        refuse_active(SVG.format(content), "x.svg")
    assert complaint in str(raised.value)


def test_a_figure_with_entities_is_refused():
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + SVG.format("<text>&a;</text>")
    with pytest.raises(PluginError, match="an entity of its own"):
        refuse_active(bomb, "x.svg")


@pytest.mark.parametrize("value", ['a" http-equiv="refresh', "<script>", "a > b"])
def test_front_matter_goes_into_the_head_and_holds_no_html(tmp_path, value):
    page = page_at(tmp_path / "x.md")
    (tmp_path / "x.md").write_text(f"---\ndescription: '{value}'\n---\n")
    page.meta = {"description": value}
    with pytest.raises(PluginError, match=r"x\.md:2: description has one of"):
        published.on_page_markdown("", page)


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
    published.on_page_markdown("", page_at(path))
    markdown = Markdown(extensions=[ApiBlocks(), "admonition"])
    with pytest.raises(PluginError, match=r"x\.md:\d+: ::: torch_recipes\.xor "):
        markdown.convert(path.read_text())


@pytest.mark.parametrize("page", site_pages(), ids=str)
def test_every_page_of_the_site_may_be_published(page):
    published.on_page_markdown("", page_at(page.source))
    source = read_page(page.source)
    Markdown(extensions=[ApiBlocks()]).convert(source.text)
    for target, svg in source.figures.items():
        refuse_active(svg, target)
    for target in [block.image.target for block in source.blocks if block.image]:
        assert "<svg" in _figures(page_at(page.source), source)(target)


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
    path = docs.folder / "x.ipynb"
    text = json.dumps(NOTEBOOK, indent=1).replace("{}", target)
    path.write_text(text)
    files = docs.found()
    with pytest.raises(PluginError, match=r"x\.ipynb"):
        notebooks.on_files(files, docs.config)
    assert len(list(files)) == 2


def test_a_notebooks_description_holds_no_html(docs):
    path = docs.folder / "x.ipynb"
    said = {**NOTEBOOK, "cells": [], "metadata": {"description": 'a" onload="b'}}
    path.write_text(json.dumps(said, indent=1, sort_keys=True))
    with pytest.raises(PluginError, match=r"x\.ipynb:\d+: description has one of"):
        notebooks.on_page_markdown("", page_at(path), docs.config, Files([]))


@pytest.mark.parametrize("target", ["figures/../../secret.txt", "/etc/hostname"])
def test_no_file_but_a_figure_is_published_inside_of_a_pages_notebook(tmp_path, target):
    path = tmp_path / "docs" / "x.md"
    path.parent.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    path.write_text(f"```python\nx = 1\n```\n\n![A]({target})\n")
    read = _figures(page_at(path), read_page(path))
    with pytest.raises(PluginError, match=r"x\.md:5: no figure can be read there"):
        read(target)
