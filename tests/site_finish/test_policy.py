"""The policy that the build writes into pages, and what it refuses to build."""

from pathlib import Path

import jinja2
import pytest

from site_finish.policy import (
    MarksOfTheTheme,
    inline_scripts,
    policy,
    refuse_active,
    refuse_unmarked,
    unmarked,
    with_policy,
)
from site_finish.settings import SiteError

SCRIPTS = ["assets/js/site.js"]


def test_a_policy_names_the_scripts_of_all_pages_once_and_nothing_unsafe():
    pages = ["<script>one()</script>", "<script>one()</script><script>two()</script>"]
    said = policy(pages)
    assert said.count("'sha256-") == 2
    # printf 'one()' | openssl dgst -sha256 -binary | base64
    assert "'sha256-HR7iaask9daLMRRskMI++QeJtjWDOjyPA6lGzYGzKW4='" in said
    assert "unsafe" not in said
    assert said.startswith("default-src 'none'; ")


def test_a_later_policy_takes_the_place_of_an_earlier_one():
    page = '<head>\n<meta charset="utf-8">\n</head>'
    first, second = policy(["<script>one()</script>"]), policy([])
    assert with_policy(with_policy(page, first, "x"), second, "x") == with_policy(
        page, second, "x"
    )
    with pytest.raises(SiteError, match="x has no <meta charset"):
        with_policy("<head></head>", first, "x")


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
    environment.add_extension(MarksOfTheTheme)
    return environment.get_template("main.html").render(words=words)


@pytest.fixture
def refused(tmp_path: Path):
    """What the build says of words on the third line of a page."""

    def said(words: str) -> str:
        path = tmp_path / "tiny.md"
        path.write_text(f"# T\n\n{words}\n", encoding="utf-8")
        with pytest.raises(SiteError) as raised:
            refuse_unmarked(rendered(words), SCRIPTS, path, "recipes/tiny.md")
        # Another builder marks nothing: its pages' articles are looked at.
        with pytest.raises(SiteError, match="the site's policy forbids"):
            refuse_active(words, path, "recipes/tiny.md")
        return str(raised.value)

    return said


@pytest.mark.parametrize(
    "words",
    [
        '<p style="color: red">red</p>',
        '<button\n onclick="go()">go</button>',
        '<p class="on" onclick>go</p>',
        "<img alt='one > two' srcdoc />",
        "<img/onerror=go() src=x>",
        '<a title=">" ONCLICK = "go()">x</a>',
        '<a href="javascript:void(0)">x</a>',
        "<a href=' JavaScript:void(0)'>x</a>",
        '<a href="java&Tab;script:void(0)">x</a>',
        '<noscript><p title="</noscript><img src=x onerror=go()>">x</p></noscript>',
        "<!--><img src=x onerror=go()>-->",
        "<![CDATA[><img src=x onerror=go()>]]>",
        '<svg><set attributeName="href" to="javascript:go()"/></svg>',
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
    refuse_unmarked(rendered(words), SCRIPTS, Path("tiny.md"), "tiny.md")
    refuse_active(words, Path("tiny.md"), "tiny.md")
    output = unmarked(rendered(words))
    assert "theme-" not in output
    assert words in output
    assert inline_scripts(output) == ["theme()"]
