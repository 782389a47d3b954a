"""Links: each leads to a page and an id that exist, in its page's own language."""

import pytest

from pagecheck.page import read_page
from pagecheck.rules.links import check_links

OTHER = "# Other { #other }\n\n## Errors { #errors }\n\n<span id='here'></span> x\n"


@pytest.fixture
def check(tmp_path):
    """The problems of a page among a few others in two languages."""

    def make(text):
        pages = tmp_path / "docs"
        for name, content in {
            "en/index.md": OTHER,
            "en/deep/other.md": OTHER,
            "en/deep/data.csv": "1\n",
            "zh/deep/page.md": OTHER,
            "en/deep/page.md": f"# T {{ #t }}\n\n## One {{ #one }}\n\n{text}\n",
        }.items():
            file = pages / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8")
        file = pages / "en/deep/page.md"
        problems = check_links(read_page(file), file, pages / "en")
        return [f"{each.line} {each.expected} / {each.found}" for each in problems]

    return make


@pytest.mark.parametrize(
    "text",
    [
        "[here](#one) and [the top](#t)",
        "[there](other.md) and [its errors](other.md#errors)",
        "[home](../index.md#other), [data](data.csv), [span](other.md#here)",
        "[myself](page.md#one)",
        "[a state](page.md?x=1&f=a,b#one), [of another](other.md?x=1#errors)",
        "| a | b |\n| --- | --- |\n| [there](other.md#errors) | c |",
        '<a href="other.md#errors">there</a>',
        "[site](https://example.org/a_(b)#c) and [mail](mailto:me@example.org)",
        '[title](other.md "Errors")',
        "[`a[0]`](other.md) and [![A picture of it](x.svg)](other.md)",
        "`[code](nowhere.md)` and $[0](1)$ and `grad[0](x)`",
        "It is 3<!--= f[0](x)--> long.",
        "```markdown\n[listing](nowhere.md)\n```",
        "A button{ #button } and [to it](#button)",
        "[x] is a box, and [x][0] an element",
    ],
)
def test_links_that_lead_somewhere_are_accepted(check, text):
    assert check(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[x](#two)", "the id 'two' on the page"),
        ("[x](#)", "the id '' on the page"),
        ("[x](other.md#)", "the id '' on other.md"),
        ("[x](other.md#eror)", "the id 'eror' on other.md"),
        ("[x](page.md#two)", "the id 'two' on page.md"),
        ("[x](absent.md)", "a file where absent.md leads"),
        ("[x](other/)", "a file where other/ leads"),
        ("[x](../other.md#errors)", "a file where ../other.md#errors leads"),
        ("[x]()", "a link written [text](target)"),
        ("[x](../../zh/deep/page.md)", "a link to a page in the same language"),
        ("[x](/deep/other/)", "a link relative to the page, or to a site"),
        ("[x](//example.org)", "a link relative to the page, or to a site"),
        ("[x](file:///etc)", "a link relative to the page, or to a site"),
        ("[x](javascript:f)", "a link relative to the page, or to a site"),
        ("- one\n- [x](#two)", "the id 'two' on the page"),
        ("> [x](#two)", "the id 'two' on the page"),
        ('!!! note "N"\n\n    [x](#two)', "the id 'two' on the page"),
        ("| a |\n| --- |\n| [x](#two) |", "the id 'two' on the page"),
        ('<a href="#two">x</a>', "the id 'two' on the page"),
        ("<a class='b' href='absent.md'>x</a>", "a file where absent.md leads"),
        ("[![A picture of it](x.svg)](absent.md)", "a file where absent.md leads"),
        ("[](other.md)", "a link written [text](target)"),
        ("[x](other .md)", "a link written [text](target)"),
        ("[x]: other.md", "a link written [text](target)"),
        ("[y[0]](other.md)", "a link written [text](target)"),
    ],
)
def test_links_that_lead_nowhere_are_rejected(check, text, expected):
    found = check(text)
    assert len(found) == 1
    assert expected in found[0]


def test_the_line_of_a_link_is_named(check):
    (found,) = check("a\nb [x](#two)")
    assert found.startswith("6 ")


def test_an_id_that_is_there_twice_is_rejected_at_both_places(check):
    found = check("## Two { #one }\n\n<span id='one'></span> x")
    assert found == [
        f"{line} the id one once on the page / it is there 3 times"
        for line in (3, 5, 7)
    ]


def test_a_page_that_has_changed_is_read_anew(check, tmp_path):
    assert check("[x](other.md#errors)") == []
    import os

    other = tmp_path / "docs/en/deep/other.md"
    page = tmp_path / "docs/en/deep/page.md"
    other.write_text("# Other { #other }\n", encoding="utf-8")
    os.utime(other, ns=(1, 1))
    assert len(check_links(read_page(page), page, tmp_path / "docs/en")) == 1


def test_a_query_hides_neither_a_missing_file_nor_a_missing_id(check):
    assert len(check("[a](none.md?x=1#one) and [b](other.md?x=1#none)")) == 2
