"""The directives of a page leave nothing in what is built."""

import re
from textwrap import dedent

import markdown
from hypothesis import given
from hypothesis import strategies as st

from pagecheck.directives import strip_directives
from pagecheck.page import parse_page

EXTENSIONS = ["admonition", "attr_list", "md_in_html", "tables", "toc"]
EXTENSIONS += ["pymdownx.details", "pymdownx.highlight", "pymdownx.superfences"]
EXTENSIONS += ["pagecheck.directives"]
DIRECTIVES = """<!--= best-->|<!--= losses[0](x) * 2 * y \\| z-->|<!--= f"`{x}`"-->
<!--pytest-codeblocks:expected-output-->|<!--pagecheck:unchecked nothing to compute-->
<!--pytest.mark.xfail(raises=RuntimeError, strict=True)-->|<!--pagecheck:split-->"""
DIRECTIVES = re.split(r"(?<! \\)\||\n", DIRECTIVES)
PAGES = [
    "A loss of 6.90{} is good.",
    "## Loss 6.90{} now {{ #loss }}",
    "| a | b |\n| --- | --- |\n| 6.90{} | 7{} |",
    "- a loss of 6.90{}\n- **6.90**{}",
    '??? note "About"\n    A loss of 6.90{}.',
    "<details markdown>\n<summary>6.90{}</summary>\n\nA loss.{}\n\n</details>",
    "![A loss of 6.90](a.svg){}{}",
    "42%{} of them, `6.90`{} and [6.90{}](a.md)",
]
# Directives that go, with the lines that they are alone on, and what stays.
STRIPPED = [
    *((f"a\n\n{each}\n\nb\n", "a\n\n\nb\n") for each in DIRECTIVES),
    *((f"    {each}  \n    b", "    b") for each in DIRECTIVES),
    ("a <!-- a remark --> b", "a <!-- a remark --> b"),
    (r"\`<!--= a-->\`", r"\`\`"),
    ("an `\n\n1<!--= a-->` b", "an `\n\n1` b"),
    ("1<!--= a\nb--> c", "1 c"),
]
CODE = [
    "```text\n<!--= best-->\n```",
    "````markdown\n```text\n```\n\n6.90<!--= best-->\n````",
    "- item\n\n    ```text\n    <!--= best-->\n    ```",
    "`6.90<!--= best-->`",
    "``a ` <!--= best-->``",
    "| `<!--= best-->` |",
]


def convert(text):
    return markdown.Markdown(extensions=EXTENSIONS).convert(dedent(text).strip("\n"))


def test_what_is_built_is_what_it_is_without_directives():
    for page in PAGES:
        bare = convert(page.replace("{}", "").format())
        for directive in DIRECTIVES:
            marked = page.format(*[directive] * page.count("{}"))
            assert convert(marked) == bare, marked
    page = markdown.Markdown(extensions=EXTENSIONS)
    page.convert("## Loss 6.90<!--= losses[-1]--> now { #loss }")
    assert [token["name"] for token in page.toc_tokens] == ["Loss 6.90 now"]


def test_a_directive_goes_and_code_keeps_what_it_shows():
    for text, stripped in STRIPPED:
        assert strip_directives(text) == stripped
    for code in CODE:
        page = f"a<!--= b-->\n\n{code}\n\n1<!--= b-->"
        assert strip_directives(page) == f"a\n\n{code}\n\n1"
        assert "&lt;!--= best--&gt;" in convert(code)


PIECES = ["`", "```text\n", "```\n", "\n", "\n\n", "3<!--= a-->", "<!--x-->", " "]
PIECES += ["b", "中", "\\`", "| a |", "- ", "## ", "a<!--= b\nc-->\n"]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_directives_go_and_nothing_else(text):
    if not parse_page(text).problems:
        bare = re.sub(r"(?s)(`+[^`]*`+)|<!--= .*?-->", r"\1", text)
        assert strip_directives(text).split() == bare.split()
