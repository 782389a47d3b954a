from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagecheck.mathml import INLINE_MATH
from pagecheck.page import _SPAN, parse_page, visible


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
        "<!-- pagecheck:unchecked reason-->",
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
        Call 112<!--pagecheck:unchecked an emergency number--> now.
    """)
    assert page.units[0].numbers[0].waived == "an emergency number"


def bindings(page):
    return [(n.number.text, n.binding) for unit in page.units for n in unit.numbers]


def test_bindings_after_a_span_speak_of_the_last_numbers_in_it(parse):
    page = parse(r"""
        From $x = (0, 1)$<!--= x[0]--><!--= x[1]--> to `zeros(3, 4)`<!--= n-->.
    """)
    assert bindings(page) == [("0", "x[0]"), ("1", "x[1]"), ("3", None), ("4", "n")]
    assert page.problems == ()


def test_a_span_may_stand_in_emphasis_or_in_brackets(parse):
    page = parse("""
        It has **`4`**<!--= n--> rows ($d = 3$)<!--= d-->.
    """)
    assert bindings(page) == [("4", "n"), ("3", "d")]


def test_a_comment_in_the_front_matter_is_refused():
    page = parse_page("---\ndescription: 3<!--= x--> rows.\n---\n")
    assert refused(page)[0][:2] == (2, "front matter without comments")


def test_two_bindings_for_one_number_are_refused(parse):
    page = parse("""
        It is 3<!--= x--><!--= y-->.
    """)
    assert page.problems[0].expected == "a number right before <!--= x-->"
    assert bindings(page) == [("3", None)]


def test_a_quantity_in_words_knows_its_binding(parse):
    page = parse("""
        About **half**<!--= share--> of it, 三倍<!--= ratio-->, two<!--= rows--> rows.
    """)
    assert bindings(page) == [("half", "share"), ("三倍", "ratio"), ("two", "rows")]


def test_a_number_keeps_its_sign_its_percent_and_its_fraction(parse):
    page = parse(r"""
        −0.5<!--= a-->, 5%<!--= b-->, 1/6<!--= c-->, $\frac{1}{6}$<!--= d-->, and
        $2\%$<!--= e-->.
    """)
    texts = ["−0.5", "5%", "1/6", r"\frac{1}{6}", r"2\%"]
    assert bindings(page) == list(zip(texts, "abcde", strict=True))


def test_what_stands_in_a_code_span_is_shown_and_is_no_directive(parse):
    page = parse("""
        Write `6.90<!--= best-->` and ``a`1``, and $5 or $6 are no mathematics.
    """)
    assert bindings(page) == [("6.90", None), ("1", None), ("5", None), ("6", None)]
    assert [n.quoted for n in page.units[0].numbers[:2]] == [
        "6.90<!--= best-->",
        "a`1",
    ]
    assert page.problems == ()


def test_a_comparison_in_mathematics_hides_nothing(parse):
    page = parse("""
        Where $a<b$ it is 7, where $c>d$ it is 8.
    """)
    assert [text for text, _ in bindings(page)] == ["7", "8"]


def test_mathematics_in_a_line_may_be_a_formula(parse):
    page = parse(r"""
        It is $1 - \sigma(z)$<!--pagecheck:formula torch.sigmoid(-z)--> or 3.
    """)
    (formula,) = page.formulas
    assert (formula.latex, formula.line) == (r"1 - \sigma(z)", 1)
    assert formula.expression == "torch.sigmoid(-z)"
    assert [n.in_formula for n in page.units[0].numbers] == [True, False]
    assert page.problems == ()


def test_a_formula_s_directive_after_anything_else_is_refused(parse):
    page = parse("""
        It is `1 - z`<!--pagecheck:formula 1 - z--> or 3<!--pagecheck:formula 3-->.
    """)
    assert len(page.problems) == 2
    assert page.formulas == ()


def test_mathematics_is_what_the_site_s_build_takes_for_it():
    samples = [r"$x$", r"$ x$", r"\$x$", r"$5 or $6", r"$a\$b$", r"$x$2", r"$a `b` c$"]
    for text in samples:
        ours = [m["math"] for m in _SPAN.finditer(text) if m["math"]]
        assert ours == [m[0] for m in INLINE_MATH.finditer(text)], text


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
        <!--pagecheck:unchecked it changes the machine-->

        ```bash
        sudo make install
        ```
    """)
    assert page.blocks[0].not_run == "it changes the machine"


def test_python_is_never_left_out(parse):
    page = parse("""
        <!--pagecheck:unchecked it is slow-->

        ```python
        x = 1
        ```
    """)
    assert page.problems[0].expected == "a bash block after its marker"


PIECES = ["```python", "```", "```text", "x = 1", "", "    ```", "$$", "## A { #a }"]
PIECES += ["<!--pytest-codeblocks:expected-output-->", "3<!--= x-->", "<!--", "-->"]
PIECES += ["half<!--= x-->", "$1$<!--pagecheck:formula x-->", "`1<!--= x-->", "`"]
PIECES += ["| 1 | 2 |", "- 3", "<details>", "---", "![1](figures/a.svg)<!--= x-->"]


@given(st.lists(st.sampled_from(PIECES)).map("\n".join) | st.text())
def test_any_text_is_parsed_and_every_span_points_at_what_it_names(text):
    page = parse_page(text, Path("page.md"))
    assert page.text == text
    for unit in page.units:
        assert len(visible(text)) == len(text)
        for number in unit.numbers:
            end = number.start + len(number.number.text)
            assert text[number.start : end] == number.number.text
    for block in page.blocks:
        if block.output and not block.indent:
            shown = text[block.output.start : block.output.end]
            assert shown.replace("\r\n", "\n") == block.output.text
