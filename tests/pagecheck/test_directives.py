"""The directives of a page leave nothing in what is built."""

import re
from textwrap import dedent

import markdown
from hypothesis import given
from hypothesis import strategies as st

from pagecheck.directives import strip_directives

EXTENSIONS = ["admonition", "attr_list", "md_in_html", "tables", "toc"]
EXTENSIONS += ["pymdownx.details", "pymdownx.highlight", "pymdownx.superfences"]
EXTENSIONS += ["pagecheck.directives"]
DIRECTIVES = [
    "<!--= best-->",
    "<!-- = best -->",
    "<!--= losses[0](x) * 2 * y | z-->",
    '<!--= f"`{x}`"-->',
    "<!--pytest-codeblocks:expected-output-->",
    "<!--pytest.mark.xfail(raises=RuntimeError, strict=True)-->",
    "<!--pagecheck:unchecked nothing to compute-->",
]
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


def convert(text):
    return markdown.Markdown(extensions=EXTENSIONS).convert(dedent(text).strip("\n"))


def test_what_is_built_is_what_it_is_without_directives():
    for page in PAGES:
        bare = convert(page.replace("{}", "").format())
        for directive in DIRECTIVES:
            marked = page.format(*[directive] * page.count("{}"))
            assert convert(marked) == bare, marked


def test_a_directive_on_its_own_line_takes_the_line_with_it():
    for directive in DIRECTIVES:
        assert strip_directives(f"a\n\n{directive}\n\nb\n") == "a\n\n\nb\n"
        assert strip_directives(f"    {directive}  \n    b") == "    b"


def test_a_directive_reaches_no_table_of_contents():
    page = markdown.Markdown(extensions=EXTENSIONS)
    page.convert("## Loss 6.90<!--= losses[-1]--> now { #loss }")
    assert [token["name"] for token in page.toc_tokens] == ["Loss 6.90 now"]


CODE = [
    "```text\n<!--= best-->\n```",
    "````markdown\n```text\n```\n\n6.90<!--= best-->\n````",
    "- item\n\n    ```text\n    <!--= best-->\n    ```",
    "`6.90<!--= best-->`",
    "``a ` <!--= best-->``",
    "| `<!--= best-->` |",
]


def test_code_keeps_the_directives_that_it_shows():
    for code in CODE:
        page = f"a<!--= b-->\n\n{code}\n\n1<!--= b-->"
        assert strip_directives(page) == f"a\n\n{code}\n\n1"
        assert "&lt;!--= best--&gt;" in convert(code)


STRIPPED = [
    ("a <!-- a remark --> b", "a <!-- a remark --> b"),
    ("<!--pytest is a test runner-->", "<!--pytest is a test runner-->"),
    (r"\`<!--= a-->\`", r"\`\`"),
    ("an `\n\n1<!--= a-->` b", "an `\n\n1` b"),
    ("1<!--= a\n\n<!-- b -->", "1<!--= a\n\n<!-- b -->"),
    ("1<!--= a\nb--> c", "1 c"),
]


def test_what_only_looks_like_code_or_like_a_directive():
    for text, stripped in STRIPPED:
        assert strip_directives(text) == stripped


PIECES = ["`", "```", "\n", "\n\n", "~~~\n", "<!--= a-->", "<!--", "-->", "text", " "]
PIECES += ["    ", "\\", "| a |", "中", "- ", "> ", "<b>", "<!--= "]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@given(TEXTS)
def test_directives_go_and_nothing_else(text):
    prose = re.sub("[`~]|<!--= (?!a)", "", text)
    assert "<!--= a-->" not in strip_directives(prose)
    others = text.replace("<!--=", "")
    assert strip_directives(others) == others
    built = convert(text.replace("<!--= ", "").replace("<!--\n", ""))
    assert "<!--= a-->" not in built
