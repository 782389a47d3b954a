"""What a reader takes along: code that runs, a page's other forms, the whole site."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sysconfig
import venv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from pagecheck.files import read_page
from pagecheck.script import pieces
from site_finish import downloads, offline, settings
from site_finish.exports import as_markdown
from site_finish.wheel import NAME

from .built import ADDRESS, PREFIX, ROOT, SitePage, build, serving, site_pages
from .conftest import Visit, expect
from .test_built import other_form, runnable

PAGES = [page for page in site_pages() if page.source.suffix == ".md"]
# One of each kind: figures and errors, a lab, corrections, the package of the site.
RUN = [
    "en-recipes/activation-shapes",
    "zh-labs/activations",
    "zh-reference/errata-code",
    "en-further/loss-bowl",
]

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
    expected = list(runnable(visit.page))
    assert [text for text, _ in expected] == visit.shown.evaluate(COPIED)
    titles = "all => all.map(one => one.title)"
    said = visit.shown.eval_on_selector_all("article .copy-runnable", titles)
    clone = re.compile("runs in a clone|在仓库的克隆里运行")
    assert [bool(clone.search(title)) for title in said] == [c for _, c in expected]


@pytest.fixture(scope="module")
def python(tmp_path_factory) -> Path:
    """A reader's Python: torch and the like are there, nothing of this project is."""
    folder = tmp_path_factory.mktemp("reader")
    venv.create(folder)
    (library,) = folder.glob("lib/python*/site-packages")
    # What is installed where the tests run, but for what pip was told to link to.
    (library / "tests.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin" / "python"


@pytest.fixture
def taken_along(site: Path) -> Iterator[Callable[..., str]]:
    """What the site offers of a page, while the site is there to install from."""
    with serving(site) as port:

        def text(page: SitePage, suffix: str) -> str:
            made = other_form(site, page, suffix).read_text("utf-8")
            return made.replace(ADDRESS, f"http://127.0.0.1:{port}/")

        yield text


@pytest.fixture(params=[page for page in site_pages() if str(page) in RUN], ids=str)
def taken(request) -> SitePage:
    """A page of each kind."""
    return request.param


def test_every_kind_of_page_is_run():
    assert {str(page) for page in site_pages()} >= {*RUN}


@pytest.mark.skipif(os.name == "nt", reason="the reader's Python is made as on Unix")
def test_a_script_runs_by_itself_in_an_empty_folder(
    taken_along, python: Path, taken: SitePage, tmp_path: Path
):
    script = tmp_path / "page.py"
    script.write_text(taken_along(taken, ".py"), "utf-8")
    shows = (
        "import atexit, runpy, sys\n"
        "import matplotlib.pyplot as plt\n"
        "shown = []\n"
        "plt.show = lambda: shown.append(len(plt.get_fignums()))\n"
        "atexit.register(lambda: print('\\nfigures', *shown))\n"
        "runpy.run_path(sys.argv[1], run_name='__main__')\n"
    )
    run = subprocess.run(
        [python, "-c", shows, script],
        cwd=tmp_path,
        env={**os.environ, "MPLBACKEND": "Agg"},
        capture_output=True,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stderr
    source = read_page(taken.source)
    blocks = [block for block, _ in pieces(source)]
    for block in blocks:
        if block.output and "Warning: " not in block.output.text:
            assert block.output.text.splitlines()[-1] in run.stdout
    figures = sum(bool(block.image) for block in blocks)
    expected = f"figures {figures}" if figures else "figures"
    assert run.stdout.splitlines()[-1].strip() == expected


@pytest.mark.skipif(os.name == "nt", reason="the reader's Python is made as on Unix")
def test_a_notebook_runs_by_itself_in_an_empty_folder(
    taken_along, python: Path, taken: SitePage, tmp_path: Path, monkeypatch
):
    import nbclient  # takes seconds, which collecting need not
    import nbformat

    kernel = tmp_path / "jupyter" / "kernels" / "reader"
    kernel.mkdir(parents=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    said = {"argv": argv, "display_name": "Reader", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(said))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    notebook = nbformat.reads(taken_along(taken, ".ipynb"), as_version=4)
    stored = [outputs(cell) for cell in notebook.cells]
    folder = tmp_path / "empty"
    folder.mkdir()
    nbclient.NotebookClient(
        notebook,
        kernel_name="reader",
        resources={"metadata": {"path": str(folder)}},
    ).execute()
    assert [outputs(cell) for cell in notebook.cells] == stored


def outputs(cell: Mapping[str, Any]) -> list[str]:
    """What a cell prints, and what else it shows, by kind."""
    shown = cell.get("outputs", [])
    # A warning goes to another stream in a notebook, and names the cell's file.
    printed = "".join(each["text"] for each in shown if each.get("name") == "stdout")
    kinds = [each["output_type"] for each in shown if "name" not in each]
    return [printed, *kinds]


@pytest.mark.parametrize("language", PREFIX)
def test_programs_find_every_page_of_a_language(site: Path, language: str):
    folder = site / PREFIX[language]
    listed = (folder / "llms.txt").read_text("utf-8")
    whole = (folder / "llms-full.txt").read_text("utf-8")
    for page in PAGES:
        if page.language == language:
            path = other_form(site, page, ".md").relative_to(site).as_posix()
            assert f"]({ADDRESS}{path})" in listed
            assert as_markdown(read_page(page.source)) in whole


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
        (
            "https://github.com/owner/name.git",
            "zh",
            "https://colab.research.google.com/github/owner/name/blob/notebooks/"
            "recipes/x.ipynb",
        ),
    ],
)
def test_colab_opens_a_notebook_where_the_repository_is_known(
    repository, language, address
):
    page = settings.SitePage(ROOT / "x.md", "recipes/x.md", "recipes/x/", "X", "X")
    site = settings.read_language(language, ROOT / "site", None)
    site = dataclasses.replace(site, repository=repository or "")
    assert downloads._colab(page, site) == address


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
    body = offline._function_body(MODULE, "assets/js/in/one.js")
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
        offline._function_body(code, "x.js")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The site as it is zipped, to be opened without a server."""
    path = tmp_path_factory.mktemp("offline")
    build(path, OFFLINE="1", REPO_URL="https://github.com/owner/name")
    return path


@pytest.mark.xdist_group("offline")
@pytest.mark.parametrize("language", PREFIX)
def test_the_zip_holds_the_package_that_its_pages_install(folder: Path, language: str):
    script = folder / PREFIX[language] / "xor" / "training.py"
    notebook = json.loads(script.with_suffix(".ipynb").read_text("utf-8"))
    beside = re.search(r'__file__\)\.parent / "(.*)"\)', script.read_text("utf-8"))
    from_its_folder = re.search(
        'wheel = "(.*)"', "".join(notebook["cells"][0]["source"])
    )
    for path in (beside[1], from_its_folder[1]):
        assert (script.parent / path).resolve() == (folder / NAME).resolve()
    assert (folder / NAME).is_file()


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
        page.locator("glossary-term [role=button]").first.press("Enter")
        expect(page.locator("glossary-term [role=status] a")).to_have_attribute(
            "href", re.compile(r"^file:.*\.html(#|$)")
        )
        assert page.locator("meta[property='og:image']").count() == 0
        page.locator("[data-explorer]").scroll_into_view_if_needed()
        expect(page.locator("[data-explorer] svg").first).to_be_visible()
        said = page.locator(".feedback a").last
        said.focus()
        issue = parse_qs(urlsplit(said.get_attribute("href")).query)
        fields = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE/wrong.yml").read_text())
        known = {"template", "title", *(field["id"] for field in fields["body"])}
        assert issue.keys() <= known
        source = f"docs/{language}/recipes/tensor-differentiation.md#"
        assert issue["page"][0].startswith(source)
        (choices,) = [f for f in fields["body"] if f["id"] == "language"]
        assert issue["language"][0] in choices["attributes"]["options"]
        page.locator(".language-switch").click()
        other = "" if language == "en" else "en/"
        page.wait_for_url(
            (folder / other / "recipes/tensor-differentiation.html").as_uri() + "*"
        )
        assert complaints == []
