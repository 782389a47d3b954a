"""The policy that the build writes into pages, and what it refuses to build."""

from types import SimpleNamespace

import pytest
from mkdocs.exceptions import PluginError
from policy import inline_scripts, on_post_page, policy

PAGE = SimpleNamespace(file=SimpleNamespace(src_uri="recipes/tiny.md"))


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


@pytest.mark.parametrize(
    "html",
    [
        '<p style="color: red">red</p>',
        '<button\n onclick="go()">go</button>',
        '<a href="javascript:void(0)">x</a>',
        "<style>p { color: red }</style>",
        '<iframe src="https://example.org"></iframe>',
    ],
)
def test_what_the_policy_forbids_is_refused_by_the_name_of_its_page(html: str):
    with pytest.raises(PluginError, match=r"recipes/tiny\.md: the site's policy"):
        on_post_page(html, page=PAGE)


@pytest.mark.parametrize(
    "html",
    [
        "<code>&lt;p style=&quot;x&quot;&gt;</code>",
        '<p class="style">a onclick=b</p>',
        '<a href="../x/" title="online">style=</a>',
    ],
)
def test_what_it_allows_is_left_as_it_is(html: str):
    assert on_post_page(html, page=PAGE) == html
