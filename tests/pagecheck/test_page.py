"""What the reader makes of a page, and what it refuses."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

import markdown
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pagecheck.config import load_config
from pagecheck.mathml import INLINE_MATH
from pagecheck.page import parse_page, read_page
from pagecheck.spans import find_spans, visible


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
        "<!--pagecheck:notation it defines f-->",
        "<!--pagecheck:unchecked-->",
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
    (region,) = page.regions
    bindings = [(n.number.text, n.binding) for n in region.numbers]
    assert bindings == [
        ("1", None),
        ("6.90", "best"),
        ("3", "y"),
        ("4", "n"),
        ("2%", "p"),
    ]
    assert region.text == "From 1 to 6.90, $y = 3$, `4` and 2%."


def test_a_binding_without_a_number_before_it_is_refused(parse):
    page = parse("""
        The best<!--= best--> is 3.
    """)
    assert page.problems[0].expected == "a number right before <!--= best-->"


def test_bindings_after_an_image_speak_of_the_last_numbers_of_its_alt_text(parse):
    page = parse("""
        ![17 points, 2 lines, loss 6.9](figures/a.svg)<!--= lines--><!--= best-->
    """)
    numbers = [(n.number.text, n.binding) for n in page.regions[0].numbers]
    assert numbers == [("17", None), ("2", "lines"), ("6.9", "best")]


def test_what_is_unchecked_has_a_reason_of_several_words(parse):
    page = parse("""
        Call 112<!--pagecheck:unchecked an emergency number--> now.

        Call 3<!--pagecheck:unchecked no--> now.
    """)
    assert page.regions[0].numbers[0].unchecked == "an emergency number"
    assert refused(page) == [(3, "a reason of several words", "no")]


def bindings(page):
    return [
        (n.number.text, n.binding) for region in page.regions for n in region.numbers
    ]


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
    assert [n.quoted for n in page.regions[0].numbers[:2]] == [
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
    assert (formula.latex, formula.line, formula.column) == (r"1 - \sigma(z)", 1, 7)
    assert (formula.expression, formula.inline) == ("torch.sigmoid(-z)", True)
    assert [n.in_formula for n in page.regions[0].numbers] == [True, False]
    assert page.problems == ()


def test_all_mathematics_in_a_line_is_found_with_what_is_said_of_it(parse):
    page = parse(r"""
        ## $a$ { #a }

        Of $b = 2$<!--= b--> and $c < 3$<!--pagecheck:unchecked it is defined so-->.

        ![A plot of $y$](figures/y.svg)

        | $d$ |
        | --- |
        | `$e$` |
    """)
    assert [(f.latex, f.unchecked) for f in page.formulas] == [
        ("a", None),
        ("b = 2", None),
        ("c < 3", "it is defined so"),
        ("d", None),
    ]
    numbers = page.regions[1].numbers
    assert [(n.binding, n.unchecked) for n in numbers] == [
        ("b", None),
        (None, "it is defined so"),
    ]


def test_a_claim_stands_at_the_end_of_a_sentence_an_item_or_a_cell(parse):
    page = parse("""
        It falls<!--pagecheck:claim a < b-->. So 3<!--= n--><!--pagecheck:claim n-->!
        更快。<!--pagecheck:claim c--> Then

        - it rises<!--pagecheck:claim d-->

        | it stays<!--pagecheck:claim e--> | x |
        | --- | --- |
        | y | z |
    """)
    assert page.problems == ()
    assert [(c.expression, c.line, c.column) for c in page.claims] == [
        ("a < b", 1, 9),
        ("n", 1, 53),
        ("c", 2, 4),
        ("d", 4, 11),
        ("e", 6, 11),
    ]
    assert page.text[page.claims[3].start :].startswith("<!--pagecheck:claim d")


def test_a_claim_elsewhere_is_refused():
    (problem,) = parse_page("It falls<!--pagecheck:claim x--> here.").problems
    assert problem.expected == "a claim at the end of a sentence, an item or a cell"


def test_a_formula_s_directive_after_anything_else_is_refused(parse):
    page = parse("""
        It is `1 - z`<!--pagecheck:formula 1 - z--> or 3<!--pagecheck:formula 3-->.
    """)
    assert len(page.problems) == 2
    assert page.formulas == ()


def test_mathematics_is_what_the_site_s_build_takes_for_it():
    samples = [r"$x$", r"$ x$", r"\$x$", r"$5 or $6", r"$a\$b$", r"$x$2", r"$a `b` c$"]
    for text in samples:
        spans = [span for span in find_spans(text) if span.kind == "math"]
        ours = [text[span.start : span.end] for span in spans]
        assert ours == [m[0] for m in INLINE_MATH.finditer(text)], text


def test_what_a_reader_does_not_see_holds_no_numbers(parse):
    page = parse("""
        See [there](page2.md#part-3) or <span class="h1">here</span> at https://x.org/4,
        [a `b[0]`](<https://x.org/a_(3)>){ width="300" }, you2@x.org &#8211; <x2@x.org>.
    """)
    assert [number.number.text for number in page.regions[0].numbers] == ["0"]
    assert page.regions[0].links == ("page2.md#part-3", "https://x.org/a_(3)")
    assert page.problems == ()


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

        And words.

        1. three

        | a | b |
        | --- | --- |
        | c | d |

        !!! note "Careful"

            More words.
    """)
    assert [(region.kind, region.detail) for region in page.regions] == [
        ("description", "description"),
        ("heading", "# #title"),
        ("paragraph", "0"),
        ("item", "0-"),
        ("item", "0-"),
        ("paragraph", "0"),
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
    assert page.blocks[0].unchecked == "it changes the machine"


def test_python_is_never_left_out(parse):
    page = parse("""
        <!--pagecheck:unchecked it is slow-->

        ```python
        x = 1
        ```
    """)
    assert page.problems[0].expected == "a bash block or a formula after its marker"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Words:\n\n    x = 1\n", "code that is only indented"),
        ("> ```python\n> x\n> ```\n", "a fence in a quotation"),
        ("> $$\n> x\n> $$\n", "a formula in a quotation"),
        ("> - a\n", "a list in a quotation"),
        ("> [!NOTE]\n> x\n", "an alert"),
        ("<pre>x</pre>\n", "HTML at the start of a line"),
        ("<details>\n\nx\n\n</details>\n", "HTML at the start of a line"),
        ("<details markdown>\n\nx\n", "<details> that is never closed"),
        ("</details>\n", "</details> that closes nothing"),
        ("<summary>x</summary>\n", "<summary> elsewhere"),
        ("- a\n\n    <details markdown>\n", "HTML in a list or a box"),
        ("<script>x</script>\n", "HTML at the start of a line"),
        ("a <b>c</b>\n", "HTML that the contract does not know"),
        ('a <span onclick="x">b</span>\n', "HTML that the contract does not know"),
        ("Title\n=====\n", "a heading underlined"),
        ("Title\n---\n", "a heading underlined"),
        ("- a\n===\n", "a heading underlined"),
        ("##x\n", "a heading without a blank"),
        (" # x { #x }\n", "a block indented by 1 blanks where 0 are due"),
        ("## x ## { #x }\n", "a heading that ends with #"),
        ("a | b\n--- | ---\n1 | 2\n", "a row of a table"),
        ("| a | b |\n| --- | --- |\n| 1 |\n", "a row of a table"),
        ("| a | b |\n| --- | --- |\n| `x|y` |\n", "a row of a table"),
        ("| a |\n| --- |\n", "a table without rows"),
        ("x\n| a |\n| --- |\n| 1 |\n", "a table right after a paragraph"),
        ("| a |\n", "a table that is none"),
        (
            "1. a\n\n   ```python\n   x\n   ```\n",
            "a block indented by 3 blanks where 4",
        ),
        ("- a\n\n  b\n", "a block indented by 2 blanks where 4"),
        ("- a\n  - b\n", "a block indented by 2 blanks where 4"),
        ("a\n- b\n", "a list right after a paragraph"),
        ("a\n2. b\n", "an item right after a text"),
        ("- a\n\n    b\n- c\n", "an item right after a paragraph"),
        ("- a\n\n1. b\n", "a list right after a list"),
        ("1) a\n", "a list numbered 1)"),
        ("- - a\n", "a list beside another's marker"),
        ("- ## a { #a }\n", "a heading beside a list's marker"),
        ("-\n  a\n", "an item that says nothing"),
        ("".join(f"{'    ' * i}- a\n" for i in range(9)), "lists more than 6 deep"),
        ("x\n```python\ny\n```\n", "a fence right after a paragraph"),
        ("```python\nx\n```\ny\n", "a paragraph right after a fence"),
        ("```python\nx\n````\n", "a fence that ends otherwise than ```"),
        ("```python\n```text\n```\n", "a fence in a fence"),
        ("x\n    ```python\n", "a fence that is none"),
        ("$$\nx\n\n$$\n", "$$ without a second line $$"),
        ("x $$y$$\n", "a dollar sign"),
        ("It costs $x.\n", "a dollar sign"),
        (r"It is \(x\)." + "\n", r"mathematics or brackets between"),
        (r"\[" + "\nx\n" + r"\]" + "\n", r"mathematics or brackets between"),
        ("A claim.[^1]\n", "a footnote"),
        ("[^1]: x\n", "the definition of a link or a footnote"),
        ("[a]: b.md\n", "the definition of a link or a footnote"),
        ("See [a][b].\n", "a link by reference"),
        ('=== "Linux"\n', "a content tab"),
        ("- [ ] a\n", "a task list"),
        ("*[HTML]: x\n", "an abbreviation"),
        ("Tensor\n:   An array.\n", "a definition list"),
        ("~~a~~\n", "~~struck~~ text"),
        ("==a b==\n", "==marked== text"),
        ("H~2~O\n", "a ~subscript~"),
        ("Press ++ctrl+c++.\n", "++keys++"),
        ("An :material-check: icon\n", "an :icon:"),
        ('--8<-- "x.md"\n', "a snippet"),
        ("Words. (1)!\n", "an annotation of code"),
        ("[TOC]\n", "a table of contents"),
        ("{{ x }}\n", "a wiki link or a macro"),
        ("/// note\n", "a block that the site does not know"),
        ("::: a.b\n    options:\n", "::: a.b in a box, or with options"),
        ("!!! note title\n", "an admonition that is none"),
        ("a\n{ .x }\n", "an attribute list on a line of its own"),
        ("![a](b.svg){ onload=x }\n", "attributes that the contract does not know"),
        ("a\\\nb\n", "a line that ends with a backslash"),
        ("***a\n\n***\nb\n", "a paragraph right after a rule"),
        ("Title: x\n", "a first line that MkDocs takes for metadata"),
        ("a <!-- b\n", "a comment that does not end"),
        ("<!--\n```\n-->\n", "a fence, a tag or a comment in a comment"),
        ("It is 1.**5**7.\n", "a number in pieces: '1.**5**'"),
        ("It is 9<!-- a -->.<!-- b -->8.\n", "a number in pieces"),
        ("It is 3\\.14.\n", "a number in pieces"),
        ("It is &#48;&#46;9.\n", "a character that may belong to a number"),
        ("a\tb\n", "a tab"),
        ("```python\nx  # (1)!\n```\n", "# (1)!"),
        ("---\ndescription: >\n  x\n---\n", "description: >"),
    ],
)
def test_what_the_site_shows_otherwise_is_refused(text, found):
    problems = parse_page(text).problems
    assert any(problem.found.startswith(found) for problem in problems), problems
    assert all(problem.line and problem.column and problem.fix for problem in problems)


@pytest.mark.parametrize(
    "text",
    [
        "0. zero\n1. one\n",
        "## Step 0 { #zero }\n\n> Quoted `words`,\n> and $x$.\n",
        "1. a\n\n    b\n\n    - c\n\n        d\n\n2. e\n",
        "- a:\n\n    ```python\n    x\n    ```\n\n- b\n",
        "??? tip\n\n    ## In a box { #box }\n\n    Words.\n",
        "*5 · 6*, $5 or `$x`, 2*3, [1, 2] and \\$x; a < b, A & B.\n",
        "| `a\\|b` | $x$ |\n| --- | :-: |\n| 1<!--= x--> | c |\n",
        '[a](b.md "c 1") ![d](e.svg){ width="300" .f }\n\n***\n\nEnd.\n',
    ],
)
def test_what_both_read_alike_is_accepted(text):
    assert parse_page(text).problems == ()
    assert of_site(text) == of_page(parse_page(text))


def test_a_heading_in_a_box_begins_a_section(parse):
    page = parse("""
        !!! note

            ## Inner { #inner }
    """)
    assert (page.sections[1].slug, page.sections[1].line) == ("inner", 3)
    assert page.sections[1].column == 5


def test_no_character_is_hidden():
    hidden = [
        chr(code)
        for code in range(0x20000)
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        and chr(code) not in "\t\n\r"
    ]
    for character in [*hidden, "\u3164", "\U000e0041"]:
        (problem,) = parse_page(f"a{character}b").problems
        assert (problem.line, problem.column) == (1, 2)
        assert problem.found == f"U+{ord(character):04X}"


@pytest.mark.parametrize(
    "text",
    ["```python\nx = а\n```\n", "`Ｘ`\n", "1<!--= Α-->\n", "PуTorch\n"],
)
def test_letters_that_look_like_others_are_refused(text):
    (problem,) = parse_page(text).problems
    assert "looks like another letter" in problem.found


SITE = yaml.load(Path("mkdocs.yml").read_text("utf-8"), yaml.BaseLoader)
BUILDER = markdown.Markdown(
    extensions=[
        name.removesuffix("s.DirectivesExtension")
        for name in SITE["markdown_extensions"]
    ]
)
PATTERNS = {
    "code": "<pre>",
    "heading": "<h[1-6][ >]",
    "row": "<tr>",
    "cell": "<t[dh][ >]",
    "displayed": 'class="formula"',
    "mathematics": "<math ",
    "image": "<img",
    "item": "<li>",
    "spans": "<code>",
    "fold": "<(?:details)",
    "box": '<div class="admonition[ "]',
    "rule": "<hr",
}


def of_site(text):
    """How much of everything the site shows of a page."""
    built = BUILDER.reset().convert(re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S))
    found = {name: len(re.findall(each, built)) for name, each in PATTERNS.items()}
    found["mathematics"] -= found["displayed"]
    found["spans"] -= found["code"]
    return found


def of_page(page):
    """How much of everything the reader sees in a page."""
    kinds = Counter(region.kind for region in page.regions)
    shown = [u for u in page.regions if u.kind not in ("html", "description")]
    spans = [s for u in shown for s in find_spans(page.text[u.start : u.end])]
    boxes = Counter(u.text.strip()[0] for u in shown if u.kind == "admonition")
    folds = sum(u.text.startswith("<details") for u in page.regions if u.kind == "html")
    outputs = sum(block.output is not None for block in page.blocks)
    return {
        "code": len(page.blocks) + len(page.listings) + outputs,
        "heading": kinds["heading"],
        "row": kinds["row"],
        "cell": sum(int(u.detail) for u in page.regions if u.kind == "row"),
        "displayed": sum(not formula.inline for formula in page.formulas),
        "mathematics": sum(formula.inline for formula in page.formulas),
        "image": sum(len(region.images) for region in shown),
        "item": kinds["item"],
        "spans": sum(span.kind == "code" for span in spans),
        "fold": folds + boxes["?"],
        "box": boxes["!"],
        "rule": sum(not u.text.strip("*-_ ") for u in shown),
    }


FILES = load_config(Path.cwd()).page_files()


@pytest.mark.parametrize("file", FILES, ids=lambda f: "-".join(f.parts[-3:]))
def test_the_site_shows_of_a_page_what_the_reader_sees(file):
    page = read_page(file)
    assert page.problems == ()
    assert of_site(page.text) == of_page(page)


@pytest.mark.parametrize("file", FILES, ids=lambda f: "-".join(f.parts[-3:]))
def test_no_two_things_of_a_page_stand_at_one_place(file):
    page = read_page(file)
    numbers = [number for region in page.regions for number in region.numbers]
    for found in (page.blocks, page.formulas, page.claims, page.regions, numbers):
        places = [(each.line, each.column) for each in found]
        assert len(set(places)) == len(places)


LINES = """word|`c` and $x$|- item|* star|1. one|2. two|    - nested|    para `y`
        deep|  two|```python|```|    ```python|    ```|x = 1|    x = 1|```text
# T { #t }|    ## V { #v }|##x|$$|    $$|<!--pagecheck:formula x-->|!!! note "N"
??? tip|<details markdown>|<summary>S</summary>|</details>|> quote|> - q|---|***
===|![alt](f.svg)|[l](m.md) <https://x.org>|`a|b`|$z|w$|<!-- c -->|<!-- c|-->
<div class="e"></div>|</div>|text\\|--- | ---|~~~text|10. ten|[x]: y|[a][b]
        - li|1) p|&#48;|`` a ` b ``|`<!--` x `-->`|<!-- ` --> `y`"""
LINES = re.split(r"(?<! )\|(?! )|\n", LINES)
LINES += ["| a | b |", "| --- | --- |", "| 1 | `q` |", "    | c | d |", "a | b"]


@settings(max_examples=1500)
@given(st.lists(st.sampled_from(LINES) | st.just(""), max_size=12).map("\n".join))
def test_the_site_shows_of_any_page_what_the_reader_sees(text):
    page = parse_page(text)
    if not page.problems:
        assert of_site(text + "\n") == of_page(page)


MANY = 10_000  # what is quadratic would take minutes


@pytest.mark.parametrize(
    "text",
    [
        *("1" * MANY, "5" * MANY + "分之", "- 1\n" * MANY, "-" * MANY, "1." * MANY),
        *("| a |\n" + "| - |\n" * MANY, "# T" + " " * MANY + "x", "# T" + "{" * MANY),
        *("<a " * MANY, "<a\n" * MANY, "<!-- " * MANY, "<!--\n\n" * MANY, "[" * MANY),
        *("![a 1](b.svg)<!--= x-->" * (MANY // 4), "`1`" + "<!--= x-->" * MANY),
        *(" ".join("`" * i for i in range(300)), "$a " * MANY, "[a](" * MANY),
        *("](" * MANY, "> a\n" * MANY, "[^" * MANY, "==a " * MANY, "a." * MANY + "@"),
        *("http://" * MANY, "{ .a " * MANY, "$$\n\n" * MANY, "one " * MANY),
        *("<div" + " a" * MANY, "hundred-" * MANY, "\\" * MANY, "one in " * MANY),
    ],
    ids=lambda text: f"{text[:12]!r}",
)
def test_reading_takes_time_in_proportion_to_the_page(text):
    parse_page.__wrapped__(text)


PIECES = ["```python", "```", "```text", "x = 1", "", "    ```", "$$", "## A { #a }"]
PIECES += ["<!--pytest-codeblocks:expected-output-->", "3<!--= x-->", "<!--", "-->"]
PIECES += ["half<!--= x-->", "$1$<!--pagecheck:formula x-->", "`1<!--= x-->", "`"]
PIECES += ["| 1 | 2 |", "- 3", "<details>", "---", "![1](figures/a.svg)<!--= x-->"]


@given(st.lists(st.sampled_from(PIECES)).map("\n".join) | st.text())
def test_any_text_is_parsed_and_every_span_points_at_what_it_names(text):
    page = parse_page(text, Path("page.md"))
    assert page.text == text
    assert len(visible(text)) == len(text)
    for region in page.regions:
        for number in region.numbers:
            end = number.start + len(number.number.text)
            assert text[number.start : end] == number.number.text
    for block in page.blocks:
        if block.output and not block.indent:
            shown = text[block.output.start : block.output.end]
            assert shown.replace("\r\n", "\n") == block.output.text
