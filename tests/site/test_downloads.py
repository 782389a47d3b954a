"""What a reader takes along: code that runs, a page's other forms, the whole site."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from playwright.sync_api import expect

from pagecheck.exports import as_markdown, as_percent_script
from pagecheck.page import read_page
from pagecheck.script import pieces

from .built import ADDRESS, PREFIX, ROOT, SitePage, build, site_pages
from .conftest import Visit

PAGES = [page for page in site_pages() if page.source.suffix == ".md"]

COPIED = """
async () => {
  const copied = []
  for (const details of document.querySelectorAll("details")) details.open = true
  for (const button of document.querySelectorAll("article .copy-runnable")) {
    await navigator.clipboard.writeText("nothing was copied")
    button.click()
    await new Promise(resolve => setTimeout(resolve))
    copied.push(await navigator.clipboard.readText())
  }
  return copied
}
"""


@pytest.mark.browser
def test_each_block_is_copied_with_all_the_code_above_it(visit: Visit):
    if visit.page.source.suffix != ".md":
        cells = nbformat.read(visit.page.source, as_version=4).cells
        codes = [c.source + "\n" for c in cells if c.cell_type == "code"]
    else:
        codes = [code for _, code in pieces(read_page(visit.page.source))]
    expected = ["\n\n".join(codes[: count + 1]) for count in range(len(codes))]
    assert visit.shown.evaluate(COPIED) == expected


def built(site: Path, page: SitePage, suffix: str) -> Path:
    """Where the site has another form of a page."""
    folder = ROOT / "docs" / page.language
    return (
        site
        / PREFIX[page.language]
        / page.source.relative_to(folder).with_suffix(suffix)
    )


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_lies_there_in_its_other_forms(site: Path, page: SitePage):
    source = read_page(page.source)
    assert built(site, page, ".md").read_text("utf-8") == as_markdown(source)
    html = (site / page.path / "index.html").read_text("utf-8")
    for suffix in (".py", ".ipynb"):
        file = built(site, page, suffix)
        assert file.exists() == bool(list(pieces(source)))
        assert (f'{file.name}" download' in html) == file.exists()
    if not file.exists():
        return
    script = built(site, page, ".py").read_text("utf-8")
    without = as_percent_script(source, lambda target: None)
    code = [line for line in script.splitlines() if not line.startswith("#")]
    assert code == [e for e in without.splitlines() if not e.startswith("#")]
    notebook = nbformat.from_dict(json.loads(file.read_text("utf-8")))
    nbformat.validate(notebook)
    prose = "".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    assert "](../" not in prose


@pytest.mark.parametrize("language", PREFIX)
def test_programs_find_every_page_of_a_language(site: Path, language: str):
    folder = site / PREFIX[language]
    listed = (folder / "llms.txt").read_text("utf-8")
    whole = (folder / "llms-full.txt").read_text("utf-8")
    for page in PAGES:
        if page.language == language:
            path = built(site, page, ".md").relative_to(site).as_posix()
            assert f"]({ADDRESS}{path})" in listed
            assert as_markdown(read_page(page.source)) in whole


def hook(name: str):
    """A hook of the build, as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / f"theme/hooks/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("repository", "language", "address"),
    [
        (None, "zh", None),
        ("https://forge.example/a/b", "zh", None),
        (
            "https://github.com/owner/name",
            "en",
            "https://colab.research.google.com/github/owner/name/blob/notebooks/"
            "en/recipes/x.ipynb",
        ),
    ],
)
def test_colab_opens_a_notebook_where_the_repository_is_known(
    repository, language, address
):
    page = SimpleNamespace(file=SimpleNamespace(src_uri="recipes/x.md"))
    config = SimpleNamespace(repo_url=repository, theme={"language": language})
    assert hook("downloads")._colab(page, config) == address


MODULE = """\
import { a, b as c } from "./other.js";
import * as all from "../up.js";
import "./side.js";

export const x = 1;
export function f() {
  return import("./late.js");
}
export { y as z };
"""


def test_a_module_becomes_the_body_of_a_function():
    body = hook("offline")._function_body(MODULE, "assets/js/in/one.js")
    assert 'const { a, b: c } = load("assets/js/in/other.js");' in body
    assert 'const all = load("assets/js/up.js");' in body
    assert '\nload("assets/js/in/side.js");' in body
    assert 'loadLater("./late.js")' in body
    for outside, inside in (("x", "x"), ("f", "f"), ("z", "y")):
        assert f'exports, "{outside}", {{ get: () => {inside} }}' in body
    assert "export " not in body


@pytest.mark.parametrize("code", ["export default 1;", 'import d from "./x.js";'])
def test_a_module_that_cannot_become_one_is_refused(code):
    with pytest.raises(Exception, match="does not know"):
        hook("offline")._function_body(code, "x.js")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The site as it is zipped, to be opened without a server."""
    path = tmp_path_factory.mktemp("offline")
    build(path, OFFLINE="1")
    return path


@pytest.mark.browser
@pytest.mark.xdist_group("offline")
@pytest.mark.parametrize(
    ("language", "query", "found"),
    [
        ("zh", "激活函数", "activation-functions.html"),
        ("en", "activation functions", "activation-functions.html"),
    ],
)
def test_the_site_works_from_a_folder(folder: Path, playwright, language, query, found):
    from tests.conftest import chromium

    with chromium(playwright) as browser:
        complaints: list[str] = []
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("requestfailed", lambda request: complaints.append(request.url))
        page.on(
            "request",
            lambda request: (
                request.url.startswith(("file:", "data:", "blob:"))
                or complaints.append(request.url)
            ),
        )
        page.goto((folder / PREFIX[language] / "index.html").as_uri())
        page.locator(".md-search__input").click()
        page.keyboard.type(query, delay=5)
        first = page.locator(".md-search-result__item a").first
        expect(first).to_have_attribute("href", re.compile(re.escape(found)))
        page.goto(
            (folder / PREFIX[language] / "recipes/tensor-differentiation.html").as_uri()
        )
        expect(page.locator(".copy-runnable").nth(5)).to_be_attached()
        page.locator("[data-explorer]").scroll_into_view_if_needed()
        expect(page.locator("[data-explorer] svg").first).to_be_visible()
        page.locator(".language-switch").click()
        other = "" if language == "en" else "en/"
        page.wait_for_url(
            (folder / other / "recipes/tensor-differentiation.html").as_uri() + "*"
        )
        assert complaints == []
