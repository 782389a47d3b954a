import re
from textwrap import dedent

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagecheck.directives import strip_directives

EXTENSIONS = [
    "admonition",
    "attr_list",
    "md_in_html",
    "tables",
    "toc",
    "pymdownx.details",
    "pymdownx.highlight",
    "pymdownx.superfences",
    "pagecheck.directives",
]

DIRECTIVES = [
    "<!--= best-->",
    "<!-- = best -->",
    "<!--= (a > b).sum()-->",
    "<!--= losses[0](x) * 2 * y | z-->",
    '<!--= f"`{x}`"-->',
    "<!--pytest-codeblocks:expected-output-->",
    "<!--pytest.mark.xfail(raises=RuntimeError, strict=True)-->",
    "<!--pagecheck:formula torch.sigmoid(x)-->",
    "<!--pagecheck:unchecked nothing to compute-->",
    "<!--pagecheck:unchecked a name-->",
    "<!--pagecheck:unchecked installs packages-->",
]


def convert(text, extensions=EXTENSIONS):
    return markdown.Markdown(extensions=extensions).convert(dedent(text).strip("\n"))


@pytest.mark.parametrize("directive", DIRECTIVES)
def test_a_directive_leaves_what_stands_around_it(directive):
    assert strip_directives(f"loss 6.90{directive}, then") == "loss 6.90, then"
    assert strip_directives(f"损失为6.90{directive}，然后") == "损失为6.90，然后"


@pytest.mark.parametrize("directive", DIRECTIVES)
def test_a_directive_on_its_own_line_takes_the_line_with_it(directive):
    assert strip_directives(f"a\n\n{directive}\n\nb\n") == "a\n\n\nb\n"
    assert strip_directives(f"    {directive}  \n    b") == "    b"


@pytest.mark.parametrize(
    "page",
    [
        "A loss of 6.90{} is good.",
        "## Loss 6.90{} now {{ #loss }}",
        "| a | b |\n| --- | --- |\n| 6.90{} | 7{} |",
        "- a loss of 6.90{}\n- **6.90**{}",
        "1. a loss of $6.90${}",
        '!!! note "About 6.90{}"\n    A loss of 6.90{}.',
        '??? note "About"\n    A loss of 6.90{}.',
        "<details markdown>\n<summary>6.90{}</summary>\n\nA loss.{}\n\n</details>",
        "![A loss of 6.90](a.svg){}",
        "![A loss of 6.90](a.svg){}{}",
        "> 6.90{}",
        "42%{} of them, `6.90`{} and [6.90{}](a.md)",
    ],
)
@pytest.mark.parametrize("directive", DIRECTIVES)
def test_what_is_built_is_what_it_is_without_directives(page, directive):
    bare = page.replace("{}", "").format()
    marked = page.format(*[directive] * page.count("{}"))
    assert convert(marked) == convert(bare)


def test_a_directive_reaches_no_table_of_contents():
    page = markdown.Markdown(extensions=EXTENSIONS)
    page.convert("## Loss 6.90<!--= losses[-1]--> now { #loss }")
    assert [token["name"] for token in page.toc_tokens] == ["Loss 6.90 now"]


def test_directives_before_blocks_leave_the_blocks():
    html = convert("""
        Text.

        <!--pytest.mark.xfail(raises=RuntimeError, strict=True)-->

        ```python
        print(1)
        ```

        <!--pytest-codeblocks:expected-output-->

        ```text
        1
        ```
    """)
    assert html.count("<pre>") == 2
    assert "<!--" not in html


@pytest.mark.parametrize(
    "code",
    [
        "```text\n<!--= best-->\n```",
        "````markdown\n```text\n```\n\n6.90<!--= best-->\n````",
        "~~~text\n<!--= best-->\n```\n<!--= best-->\n~~~",
        "- item\n\n    ```text\n    <!--= best-->\n    ```",
        "> ```text\n> <!--= best-->\n> ```",
        "`6.90<!--= best-->`",
        "``a ` <!--= best-->``",
        "| `<!--= best-->` |",
    ],
)
def test_code_keeps_the_directives_that_it_shows(code):
    assert strip_directives(code) == code
    assert strip_directives(f"a<!--= b-->\n\n{code}\n\n1<!--= b-->") == (
        f"a\n\n{code}\n\n1"
    )
    assert "&lt;!--= best--&gt;" in convert(code)


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- a remark -->",
        "<!--more-->",
        "<!-- x = 1 -->",
        "<!--pytest is a test runner-->",
    ],
)
def test_other_comments_stay(comment):
    assert strip_directives(f"a {comment} b") == f"a {comment} b"


@pytest.mark.parametrize(
    ("text", "stripped"),
    [
        (r"\`<!--= a-->\`", r"\`\`"),
        ("an ` and <!--= a-->", "an ` and "),
        ("an `\n\n1<!--= a-->` b", "an `\n\n1` b"),
        ("```x``` 1<!--= a-->", "```x``` 1"),
        ("```\n1<!--= a-->", "```\n1<!--= a-->"),
        ("1<!--= a", "1<!--= a"),
        ("1<!--= a\n\n<!-- b -->", "1<!--= a\n\n<!-- b -->"),
        ("1<!--= a\nb--> c", "1 c"),
    ],
)
def test_what_only_looks_like_code_or_like_a_directive(text, stripped):
    assert strip_directives(text) == stripped


PIECES = st.sampled_from(
    [
        *[
            "`",
            "``",
            "```",
            "\n",
            "\n\n",
            "~~~\n",
            "<!--= a-->",
            "<!--",
            "-->",
            "<!--= ",
        ],
        *["text", " ", "    ", "\\", "| a |", "中", "- ", "> ", "<b>"],
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)


@given(TEXTS.map(lambda text: re.sub("[`~]|<!--= (?!a)", "", text)))
def test_no_directive_is_left_where_there_is_no_code(text):
    assert "<!--= a-->" not in strip_directives(text)


@given(TEXTS.filter(lambda text: "<!--=" not in text) | st.text(max_size=60))
def test_text_without_directives_is_untouched(text):
    assert strip_directives(text) == text


@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_directive_reaches_what_is_built(text):
    html = convert(text.replace("<!--= ", "").replace("<!--\n", ""))
    assert "<!--= a-->" not in html
