"""The policy that the build writes into pages, and what it refuses to build."""

from pathlib import Path
from types import SimpleNamespace

import jinja2
import pytest
from mkdocs.exceptions import PluginError
from policy import (
    inline_scripts,
    on_env,
    on_post_page,
    on_post_template,
    policy,
)

CONFIG = SimpleNamespace(extra_javascript=["assets/js/site.js"])


def test_a_policy_names_the_scripts_of_all_pages_once_and_nothing_unsafe():
    pages = ["<script>one()</script>", "<script>one()</script><script>two()</script>"]
    said = policy(pages)
    assert said.count("'sha256-") == 2
    # printf 'one()' | openssl dgst -sha256 -binary | base64
    assert "'sha256-HR7iaask9daLMRRskMI++QeJtjWDOjyPA6lGzYGzKW4='" in said
    assert "unsafe" not in said
    assert said.startswith("default-src 'none'; ")


def test_scripts_from_a_file_and_data_have_no_hash():
    html = (
        '<script src="a.js"></script><script type="module">m()</script>'
        '<script id="x" type="application/json">{"a": 1}</script>'
    )
    assert inline_scripts(html) == ["m()"]


def rendered(words: str) -> str:
    """A page as the theme makes it of what a writer wrote."""
    template = (
        '<meta charset="utf-8"><script>theme()</script>'
        '<link rel="icon" href="x"><form name="search"></form>{{ words }}'
        '<script src="../assets/js/site.js" type="module"></script>'
    )
    loader = jinja2.DictLoader({"main.html": template})
    environment = jinja2.Environment(loader=loader, autoescape=False)
    on_env(environment)
    return environment.get_template("main.html").render(words=words)


@pytest.fixture
def refused(tmp_path: Path):
    """What the build says of words on the third line of a page."""

    def said(words: str) -> str:
        path = tmp_path / "tiny.md"
        path.write_text(f"# T\n\n{words}\n", encoding="utf-8")
        file = SimpleNamespace(src_uri="recipes/tiny.md", abs_src_path=str(path))
        with pytest.raises(PluginError) as raised:
            on_post_page(
                rendered(words), page=SimpleNamespace(file=file), config=CONFIG
            )
        return str(raised.value)

    return said


@pytest.mark.parametrize(
    "words",
    [
        '<p style="color: red">red</p>',
        '<button\n onclick="go()">go</button>',
        "<img/onerror=go() src=x>",
        '<a title=">" ONCLICK = "go()">x</a>',
        '<a href="javascript:void(0)">x</a>',
        "<a href=' JavaScript:void(0)'>x</a>",
        "<style>p { color: red }</style>",
        '<iframe src="https://example.org"></iframe>',
        "<script>go()</script>",
        "<SCRIPT>go()</SCRIPT>",
        "<!--><script>go()</script>-->",
        '<script src="../assets/js/other.js" type="module"></script>',
        '<script src="https://example.org/assets/js/site.js" type="module"></script>',
        '<script type="speculationrules">{"prefetch": []}</script>',
        '<meta http-equiv="refresh" content="0;url=https://example.org">',
        '<link rel="prefetch" href="https://example.org">',
        '<base href="https://example.org">',
        '<form action="https://example.org"></form>',
        '<object data="x.svg"></object>',
    ],
)
def test_what_acts_in_a_page_is_refused_by_page_and_line(refused, words: str):
    assert refused(words).startswith("recipes/tiny.md:3: the site's policy forbids ")


@pytest.mark.parametrize(
    "words",
    [
        "<code>&lt;script style=&quot;x&quot;&gt;</code>",
        '<p class="style">a onclick=b</p>',
        '<img alt="with one = 1 and onclick=2" src="x.svg">',
        '<a href="../x/" title="online">style=</a>',
    ],
)
def test_what_it_allows_is_left_as_it_is_and_the_themes_scripts_too(words: str):
    page = SimpleNamespace(file=SimpleNamespace(src_uri="tiny.md", abs_src_path=None))
    output = on_post_page(rendered(words), page=page, config=CONFIG)
    assert "theme-" not in output
    assert output == on_post_template(rendered(words), template_name="404.html")
    assert words in output
    assert inline_scripts(output) == ["theme()"]
