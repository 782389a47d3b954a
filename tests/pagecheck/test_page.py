from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagecheck.page import parse_page


def refused(page):
    return [
        (problem.line, problem.expected, problem.found) for problem in page.problems
    ]


def test_a_block_knows_its_code_its_line_its_output_and_its_figure(parse):
    page = parse("""
        # Title { #title }

        ```python
        print(1)
        ```

        <!--pytest-codeblocks:expected-output-->

        ```text
        1
        ```

        ![A line](figures/line.svg)
    """)
    (block,) = page.blocks
    assert (block.code, block.line) == ("print(1)\n", 4)
    assert (block.output.text, block.output.line) == ("1\n", 10)
    assert block.image.target == "figures/line.svg"
    assert page.text[block.output.start : block.output.end] == "1\n"
    assert page.problems == ()


def test_a_figure_may_follow_the_end_of_the_details_that_hold_its_block(parse):
    page = parse("""
        <details markdown>
        <summary>Code</summary>

        ```python
        plot()
        ```

        </details>

        ![A line](figures/line.svg)
    """)
    assert page.blocks[0].image.alt == "A line"


def test_an_image_after_prose_is_no_block_s_figure(parse):
    page = parse("""
        ```python
        plot()
        ```

        Words.

        ![A line](figures/line.svg)
    """)
    assert page.blocks[0].image is None


def test_a_fence_in_an_admonition_keeps_its_blank_lines(parse):
    page = parse("""
        !!! note "Note"

            ```python
            if True:

                x = 1
            ```
    """)
    assert page.blocks[0].code == "if True:\n\n    x = 1\n"
    assert page.blocks[0].indent == "    "


@pytest.mark.parametrize(
    "info", ["python title=x", "py", "", "python {.x}", "console", "Python"]
)
def test_a_fence_of_another_kind_is_refused(parse, info):
    page = parse_page(f"```{info}\nx\n```\n")
    assert page.problems[0].line == 1
    assert "one of the fences" in page.problems[0].expected
    assert page.blocks == ()


def test_a_fence_without_end_is_refused(parse):
    page = parse("""
        Words.

        ```python
        x = 1
    """)
    assert refused(page) == [(3, "a fence that ends with ```", "the end of the page")]


def test_a_marker_does_not_swallow_the_next_block(parse):
    page = parse("""
        ```python
        print(1)
        ```

        <!--pytest-codeblocks:expected-output-->

        ```python
        print(2)
        ```
    """)
    expected = (5, "a text fence after its marker", "a python fence follows")
    assert refused(page) == [expected]


def test_a_marker_at_the_end_of_the_page_is_refused(parse):
    page = parse("""
        ```python
        print(1)
        ```

        <!--pytest-codeblocks:expected-output-->
    """)
    assert refused(page) == [(5, "a text fence after its marker", "the page ends")]


def test_a_marker_before_prose_is_refused(parse):
    page = parse("""
        <!--pytest.mark.xfail(raises=ValueError, strict=True)-->

        Words.

        ```python
        x = 1
        ```
    """)
    assert refused(page) == [(1, "a Python block after its marker", "prose follows")]
    assert page.blocks[0].raises is None


def test_an_output_without_marker_is_refused(parse):
    page = parse("""
        ```python
        print(1)
        ```

        ```text
        1
        ```
    """)
    assert page.problems[0].line == 5
    assert "expected-output-->" in page.problems[0].expected


def test_an_output_that_follows_no_block_is_refused(parse):
    page = parse("""
        ```python
        print(1)
        ```

        Words.

        <!--pytest-codeblocks:expected-output-->

        ```text
        1
        ```
    """)
    assert page.problems[0].expected == "a block right before its output"


@pytest.mark.parametrize(
    "comment",
    [
        "<!--pytest-codeblocks:cont-->",
        "<!--pytest.mark.skip-->",
        "<!--pytest.mark.xfail-->",
        "<!--pytest-codeblocks:skipfile-->",
        "<!--pagecheck:formulas x-->",
        "<!--pagecheck:notation-->",
        "<!-- pagecheck:number reason-->",
        "<!--expected-output-->",
        "<!--=-->",
        "Words 3 <!--pagecheck:nubmer x-->.",
        "Words 3 <!-- = x-->.",
    ],
)
def test_what_looks_like_a_directive_and_is_none_is_refused(comment):
    page = parse_page(f"Words.\n\n{comment}\n")
    assert page.problems[0].line == 3
    assert page.problems[0].expected.startswith(("one of the directives", "a number"))


def test_another_comment_is_let_be(parse):
    page = parse("""
        <!-- A word to whoever edits this page. -->

        Words <!-- among words --> here.
    """)
    assert page.problems == ()


def test_a_number_knows_its_binding(parse):
    page = parse("""
        From 1 to 6.90<!--= best-->, $y = 3$<!--= y-->, `4`<!--= n--> and 2%<!--= p-->.
    """)
    (unit,) = page.units
    bindings = [(n.number.text, n.binding) for n in unit.numbers]
    assert bindings == [
        ("1", None),
        ("6.90", "best"),
        ("3", "y"),
        ("4", "n"),
        ("2%", "p"),
    ]
    assert unit.text == "From 1 to 6.90, $y = 3$, `4` and 2%."


def test_a_binding_without_a_number_before_it_is_refused(parse):
    page = parse("""
        The best<!--= best--> is 3.
    """)
    assert page.problems[0].expected == "a number right before <!--= best-->"


def test_bindings_after_an_image_speak_of_the_last_numbers_of_its_alt_text(parse):
    page = parse("""
        ![17 points, 2 lines, loss 6.9](figures/a.svg)<!--= lines--><!--= best-->
    """)
    numbers = [(n.number.text, n.binding) for n in page.units[0].numbers]
    assert numbers == [("17", None), ("2", "lines"), ("6.9", "best")]


def test_a_waiver_needs_a_reason_and_keeps_it(parse):
    page = parse("""
        Call 112<!--pagecheck:number an emergency number--> now.
    """)
    assert page.units[0].numbers[0].waived == "an emergency number"


def test_what_a_reader_does_not_see_holds_no_numbers(parse):
    page = parse("""
        See [there](page2.md#part-3) or <span class="h1">here</span> at https://x.org/4.
    """)
    assert page.units[0].numbers == ()
    assert page.units[0].links == ("page2.md#part-3",)


def test_a_displayed_formula_needs_its_directive(parse):
    page = parse("""
        <!--pagecheck:formula a + b-->

        $$
        c = a + b
        $$

        $$
        d
        $$
    """)
    assert [f.expression for f in page.formulas] == ["a + b", None]
    assert page.formulas[0].latex == "c = a + b"
    assert [problem.line for problem in page.problems] == [7]


def test_a_heading_needs_an_id(parse):
    page = parse("""
        ## Without
    """)
    assert page.problems[0].found == "the heading 'Without' without one"


def test_prose_is_cut_into_paragraphs_items_rows_and_headings(parse):
    page = parse("""
        ---
        description: What it is.
        ---
        # Title { #title }

        Words
        and words.

        - one
        - two

        1. three

        | a | b |
        | --- | --- |
        | c | d |

        !!! note "Careful"

            More words.
    """)
    assert [(unit.kind, unit.detail) for unit in page.units] == [
        ("description", "description"),
        ("heading", "# #title"),
        ("paragraph", "0"),
        ("item", "0-"),
        ("item", "0-"),
        ("item", "0."),
        ("row", "2"),
        ("row", "2"),
        ("admonition", "note"),
        ("paragraph", "4"),
    ]


def test_expressions_are_evaluated_after_the_last_block_of_their_section(parse):
    page = parse("""
        # Title { #title }

        ## Empty { #empty }

        ## One { #one }

        ```python
        x = 1
        ```

        ```python
        x = 2
        ```

        ## Two { #two }
    """)
    assert [page.state_of(section) for section in range(4)] == [1, 1, 1, 1]
    assert parse("Words.").state_of(0) is None


def test_a_bash_block_says_why_it_does_not_run(parse):
    page = parse("""
        <!--pagecheck:not-run it changes the machine-->

        ```bash
        sudo make install
        ```
    """)
    assert page.blocks[0].not_run == "it changes the machine"


def test_python_is_never_left_out(parse):
    page = parse("""
        <!--pagecheck:not-run it is slow-->

        ```python
        x = 1
        ```
    """)
    assert page.problems[0].expected == "a bash block after its marker"


@given(
    st.lists(
        st.sampled_from(
            ["```python", "```", "```text", "x = 1", "", "    ```", "$$", "## A { #a }"]
            + ["<!--pytest-codeblocks:expected-output-->", "3<!--= x-->", "<!--", "-->"]
            + ["| 1 | 2 |", "- 3", "<details>", "---", "![1](figures/a.svg)<!--= x-->"]
        )
    ).map("\n".join)
    | st.text()
)
def test_any_text_is_parsed_and_every_span_points_at_what_it_names(text):
    page = parse_page(text, Path("page.md"))
    assert page.text == text
    for unit in page.units:
        for number in unit.numbers:
            end = number.start + len(number.number.text)
            assert text[number.start : end] == number.number.text
    for block in page.blocks:
        if block.output and not block.indent:
            shown = text[block.output.start : block.output.end]
            assert shown.replace("\r\n", "\n") == block.output.text
