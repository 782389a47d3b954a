"""Every page as it was built, read without a browser: one test names all that fail."""

from __future__ import annotations

import ast
import functools
import gzip
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from lxml import etree, html
from PIL import Image, ImageColor

from pagecheck.files import read_page
from pagecheck.script import pieces
from site_finish.exports import (
    as_markdown,
    as_percent_script,
    install,
    show_figures,
)
from site_finish.preview import SIZE
from site_finish.wheel import NAME

from .built import ADDRESS, PREFIX, ROOT, SitePage, site_pages

# One process reads the pages for all of these.
pytestmark = pytest.mark.xdist_group("built")

KILOBYTE = 1024
LIGHT = 25

BLOCKS = (
    "//article//div[contains(concat(' ', @class, ' '), ' highlight ')]"
    "[starts-with(@class, 'language-python') or starts-with(@class, 'language-bash')]"
    "[not(ancestor::*[contains(concat(' ', @class, ' '), ' doc ')])]"
)
NOT_FOR_READERS = re.compile(
    r'"(?:cell_type|nbformat|metadata)":|Traceback \(most recent call last\)'
    r"|<!--|\{\{|\{%|\]\(|\*\*|\{ *#"
)
LATEX = re.compile(r"\\[a-zA-Z]+|\$")


@functools.cache
def built(site: Path) -> dict[SitePage, html.HtmlElement]:
    """All pages, parsed; nobody changes them."""
    files = {page: site / page.path / "index.html" for page in site_pages()}
    return {
        page: html.fromstring(file.read_text("utf-8")) for page, file in files.items()
    }


read = functools.cache(read_page)
Check = Callable[[SitePage, html.HtmlElement], Iterable[str]]


def found(site: Path, check: Check) -> list[str]:
    """What a check finds wrong on any page."""
    return [
        f"{page}: {fault}"
        for page, tree in built(site).items()
        for fault in check(page, tree)
    ]


def test_the_site_has_a_page_for_each_file_and_no_other(site: Path):
    files = {str(file.relative_to(site)) for file in site.rglob("*.html")}
    assert files == {f"{page.path}index.html" for page in site_pages()} | {
        "404.html",
        "en/404.html",
    }


def test_both_languages_have_the_same_pages():
    chinese, english = (
        {page.name for page in site_pages() if page.language == language}
        for language in PREFIX
    )
    assert chinese == english


def test_every_page_has_the_one_policy(site: Path):
    said = "string(//meta[@http-equiv='Content-Security-Policy']/@content)"
    assert len({tree.xpath(said) for tree in built(site).values()}) == 1

    def check(page: SitePage, tree: html.HtmlElement) -> Iterator[str]:
        policy = tree.xpath(said)
        if not policy.startswith("default-src 'none'; ") or "http" in policy:
            yield f"its policy is {policy!r}"
        if "unsafe" in policy:
            yield "its policy lets in what it calls unsafe"
        # Before the policy is read, nothing is in force.
        first = [element.tag for element in tree.find("head")][:2]
        if first != ["meta", "meta"]:
            yield f"its head begins with {first}"

    assert found(site, check) == []


def test_each_page_names_itself_its_twin_and_its_language(site: Path):
    def check(page: SitePage, tree: html.HtmlElement) -> Iterator[str]:
        chinese = ADDRESS + page.name
        english = f"{ADDRESS}en/{page.name}"
        own, twin = chinese, english
        if page.language == "en":
            own, twin = english, chinese
        if tree.get("lang") != page.language:
            yield f"its language is {tree.get('lang')}"
        if (canonical := tree.xpath("string(//link[@rel='canonical']/@href)")) != own:
            yield f"it calls itself {canonical}"
        links = tree.xpath("//head/link[@hreflang]")
        named = [
            (link.get("rel").strip(), link.get("hreflang"), link.get("href"))
            for link in links
        ]
        if named != [
            ("alternate", "zh", chinese),
            ("alternate", "en", english),
            ("alternate", "x-default", chinese),
        ]:
            yield f"it names {named}"
        switch = tree.xpath("string(//a[@class='language-switch']/@href)")
        if urljoin(ADDRESS + page.path, switch) != twin:
            yield f"its switch leads to {switch}"
        if len(tree.xpath("string(//meta[@name='description']/@content)")) <= 20:
            yield "its description says nothing"
        if tree.xpath("count(//article//h1)") != 1:
            yield "it has not one title"

    assert found(site, check) == []


def test_the_parts_of_the_course_are_told_in_the_order_of_the_menu(site: Path):
    for home in (page for page in site_pages() if not page.name):
        menu = built(site)[home].xpath("//nav[@data-md-level='0']//a/@href")
        parts = [path for path in menu if not re.match(r"#|\.|reference/|about/", path)]
        assert len(parts) > 20
        for page, tree in built(site).items():
            if page.language == home.language:
                told = tree.xpath("string(//article/div[@class='part'])")
                numbers = [int(number) for number in re.findall(r"\d+", told)]
                place = parts.index(page.name) + 1 if page.name in parts else None
                assert numbers == ([place, len(parts)] if place else []), page


def test_a_link_to_a_page_has_a_picture_and_words(site: Path):
    def check(page: SitePage, tree: html.HtmlElement) -> Iterator[str]:
        told = {
            meta.get("property"): meta.get("content")
            for meta in tree.xpath("//head/meta[starts-with(@property, 'og:')]")
        }
        if told.get("og:image") != f"{ADDRESS}assets/preview.png":
            yield f"its picture is {told.get('og:image')}"
        if told.get("og:url") != ADDRESS + page.path:
            yield f"its address is {told.get('og:url')}"
        if not (told.get("og:title") and told.get("og:description")):
            yield "it has no words"

    assert found(site, check) == []
    with Image.open(site / "assets" / "preview.png") as picture:
        assert picture.size == SIZE
        assert len(picture.getcolors(2**20)) > 100


def test_a_phone_has_the_icon_for_its_home_screen(site: Path):
    def check(page: SitePage, tree: html.HtmlElement) -> Iterator[str]:
        icon = tree.xpath("string(//head/link[@rel='apple-touch-icon']/@href)")
        if urljoin(ADDRESS + page.path, icon) != f"{ADDRESS}assets/touch-icon.png":
            yield f"its icon is {icon!r}"

    assert found(site, check) == []
    for wrong in ("404.html", "en/404.html"):
        assert "/assets/touch-icon.png" in (site / wrong).read_text("utf-8")
    with Image.open(site / "assets" / "touch-icon.png") as icon:
        assert icon.size == (180, 180)
        assert icon.getextrema()[3] == (255, 255), "a phone paints a hole black"
        # The ground to its edges, and the hinge that the check mark turns at.
        hinge = round(15 / 32 * 180), round(20.5 / 32 * 180)
        assert icon.getpixel((0, 0)) == ImageColor.getrgb("#0f4c5cff")
        assert icon.getpixel(hinge) == ImageColor.getrgb("#ffffffff")


def test_nothing_of_the_making_is_left_on_a_page(site: Path):
    def check(page: SitePage, tree: html.HtmlElement) -> Iterator[str]:
        hidden = "not(ancestor::code or ancestor::pre or ancestor::annotation)"
        prose = "".join(tree.xpath(f"//article//text()[{hidden}]"))
        yield from NOT_FOR_READERS.findall(prose) + LATEX.findall(prose)

    assert found(site, check) == []


def test_every_displayed_formula_is_mathml(site: Path):
    def check(page: SitePage, tree: html.HtmlElement) -> Iterator[str]:
        text = re.sub(
            r"^( *)```.*?^\1```",
            "",
            read(page.source).text,
            flags=re.MULTILINE | re.DOTALL,
        )
        formulas = len(re.findall(r"^ *\$\$", text, re.MULTILINE)) // 2
        shown = tree.xpath(
            "count(//article//*[contains(concat(' ', @class, ' '), ' formula ')]/math)"
        )
        if shown != formulas:
            yield f"{shown:.0f} formulas are shown, {formulas} written"

    assert found(site, check) == []


def test_every_figure_is_there_and_has_its_size(site: Path):
    def check(page: SitePage, tree: html.HtmlElement) -> Iterator[str]:
        for image in tree.iter("img"):
            source = image.get("src")
            path = urljoin(ADDRESS + page.path, source).removeprefix(ADDRESS)
            if not (image.get("width") and image.get("height")):
                yield f"{source} has no width or no height"
            if not (site / path).is_file():
                yield f"{source} is not there"
            elif etree.parse(site / path).getroot().get("viewBox") is None:
                yield f"{source} is no drawing"

    assert found(site, check) == []


def test_every_page_is_light(site: Path):
    def check(page: SitePage, tree: html.HtmlElement) -> Iterator[str]:
        sent = gzip.compress((site / page.path / "index.html").read_bytes(), 9)
        if len(sent) > LIGHT * KILOBYTE:
            yield f"{len(sent) / KILOBYTE:.1f} KB are sent of it"

    assert found(site, check) == []


def test_every_block_is_shown_and_has_what_makes_it_run(site: Path):
    """What copy.js copies; test_downloads.py presses its buttons."""

    def check(page: SitePage, tree: html.HtmlElement) -> Iterator[str]:
        shown = tree.xpath(BLOCKS)
        codes = ["".join(block.find("pre/code").itertext()).rstrip() for block in shown]
        if codes != [block.code.rstrip() for block in read(page.source).blocks]:
            yield "its blocks are not those of its source"
        python = [one for one in shown if one.get("class").startswith("language-pyth")]
        for count, (expected, clone) in enumerate(runnable(page), 1):
            text = copied(page, python[:count])
            if text != expected:
                yield f"with all above, block {count} is {text!r}, not {expected!r}"
            if clone != any(block.get("data-clone") for block in python[:count]):
                yield f"block {count}: whether it needs a clone is told wrongly"

    assert found(site, check) == []


def copied(page: SitePage, blocks: list[html.HtmlElement]) -> str:
    """What assets/js/copy.js puts together of blocks and lays into the clipboard."""

    def of(name: str) -> str | None:
        return next(filter(None, (block.get(f"data-{name}") for block in blocks)), None)

    codes = [
        block.get("data-script") or "".join(block.find("pre/code").itertext())
        for block in blocks
    ]
    if (first := of("install")) and (wheel := of("wheel")):
        codes.insert(0, first.replace(wheel, urljoin(ADDRESS + page.path, wheel), 1))
    return "\n\n".join([*codes, *filter(None, [of("show")])])


def runnable(page: SitePage) -> Iterator[tuple[str, bool]]:
    """Each Python block with all that it needs, and whether that is a clone."""
    source = read(page.source)
    blocks = list(pieces(source))
    for count in range(1, len(blocks) + 1):
        codes = [code for _, code in blocks[:count]]
        if any(block.image for block, _ in blocks[:count]):
            codes.append(show_figures(source).strip())
        # The second button says where what it copies runs, which is true of it.
        clone = imports(codes, "pagecheck")
        if imports(codes, "torch_recipes") and not clone:
            codes.insert(0, install("torch_recipes", ADDRESS + NAME))
        yield "\n\n".join(codes), clone


def imports(codes: list[str], package: str) -> bool:
    """Whether some code imports a package or a module of it."""
    return bool(re.search(rf"(?m)^\s*(?:from|import) {package}\b", "\n".join(codes)))


def other_form(site: Path, page: SitePage, suffix: str) -> Path:
    """Where the site has another form of a page."""
    name = page.source.relative_to(ROOT / "docs" / page.language).with_suffix(suffix)
    return site / PREFIX[page.language] / name


def test_every_page_lies_there_in_its_other_forms(site: Path):
    def check(page: SitePage, tree: html.HtmlElement) -> Iterator[str]:
        if page.source.suffix != ".md":
            return
        source = read(page.source)
        if other_form(site, page, ".md").read_text("utf-8") != as_markdown(source):
            yield "its Markdown is another"
        runs = bool(list(pieces(source)))
        for suffix in (".py", ".ipynb"):
            file = other_form(site, page, suffix)
            offered = tree.xpath(f"//a[@download][contains(@href, '{file.name}')]")
            if not file.exists() == bool(offered) == runs:
                yield f"whether it has a {suffix} is told wrongly"
        if not runs:
            return
        script = other_form(site, page, ".py").read_text("utf-8")
        ast.parse(script)
        without = as_percent_script(source, lambda target: None)
        if imports([without], "torch_recipes") and not imports([without], "pagecheck"):
            without = install("torch_recipes", ADDRESS + NAME) + "\n" + without
        if statements(script) != statements(without):
            yield "its script is another"
        import nbformat  # takes seconds, which collecting need not

        text = other_form(site, page, ".ipynb").read_text("utf-8")
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                ast.parse(cell.source)
            elif "](../" in cell.source:
                yield "a link of its notebook leads nowhere"

    assert found(site, check) == []


def statements(code: str) -> list[str]:
    """The lines of a script that are code."""
    return [e for e in code.splitlines() if e.strip() and not e.startswith("#")]
