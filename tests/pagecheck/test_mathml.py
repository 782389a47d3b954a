"""LaTeX on pages becomes MathML; what would be drawn wrongly fails the build."""

import re
import subprocess
import sys
from textwrap import dedent
from xml.etree import ElementTree as ET

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st
from material.plugins.search.plugin import Parser
from mkdocs.commands.build import build
from mkdocs.config import load_config

from pagecheck.mathml import INLINE_MATH, FormulaError, mathml

PIECES = st.sampled_from(
    [
        *"$$$`\\{}^_&|*[]()<>!#-~\n\n \t'\"",
        *["$$\n", "\n\n", "```\n", "    ", "x", "1", "中", "\x02", "\x03", "&lt;"],
        *[r"\frac", r"\foo", r"\left(", r"\right)"],
        *[r"\begin{aligned}", r"\end{aligned}"],
        *["<b>", "</b>", "<!--", "-->", "| a | b |\n| --- | --- |\n"],
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60)

# As the site is configured, in its order.
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
    "pagecheck.mathml",
]


def convert(text, extensions=EXTENSIONS):
    return markdown.Markdown(extensions=extensions).convert(dedent(text).strip("\n"))


def formulas(html):
    return re.findall(r'<math[^>]*alttext="([^"]*)"', html)


def without_formulas(html):
    return re.sub(r"<math.*?</math>", "□", html, flags=re.DOTALL)


# What math-core draws, and what is made of it


def drawn(latex, display=False):
    """The formula's tree, written as short as it can be."""
    math = mathml(latex, display=display)
    text = "".join(ET.tostring(child, encoding="unicode") for child in math)
    return text.replace(' stretchy="false"', "").replace("<mspace />", "")


@pytest.mark.parametrize(
    ("latex", "tree"),
    [
        # An accent is a small sign above its letter; a prime stands beside it.
        (r"\hat y", '<mover accent="true"><mi>y</mi><mo>ˆ</mo></mover>'),
        (
            "f'",
            '<mrow><mi>f</mi><mo form="postfix" lspace="0" rspace="0">′</mo></mrow>',
        ),
        # A comma of a number has no space after it, a definition's colon none either.
        (r"10{,}000", '<mn>10</mn><mo rspace="0">,</mo><mn>000</mn>'),
        (
            "a := b",
            '<mi>a</mi><mo lspace="0.2778em" rspace="0">:</mo>'
            '<mo lspace="0">=</mo><mi>b</mi>',
        ),
        (
            r"f: X \to Y",
            '<mi>f</mi><mo lspace="0.2778em" rspace="0.2778em">:</mo>'
            "<mi>X</mi><mo>→</mo><mi>Y</mi>",
        ),
        (".5", "<mi>.</mi><mn>5</mn>"),
        # A sign is closer than an operation; letters in another style are others.
        ("-x", '<mo lspace="0" rspace="0">−</mo><mi>x</mi>'),
        ("a - b", "<mi>a</mi><mo>−</mo><mi>b</mi>"),
        (r"\mathbf{W}", "<mi>𝐖</mi>"),
        (r"\operatorname{E}", '<mrow><mi mathvariant="normal">E</mi></mrow>'),
        # A thin space that math-core would set by a style.
        (
            r"\left(a\right)^2 b",
            "<mrow><msup><mrow><mo>(</mo><mi>a</mi><mo>)</mo></mrow><mn>2</mn></msup>"
            '<mspace width="0.1667em" /></mrow><mi>b</mi>',
        ),
    ],
)
def test_a_formula_is_drawn_as_tex_would(latex, tree):
    assert drawn(latex) == tree


def test_a_prime_after_an_index_stands_beside_both():
    (row,) = mathml("w_1'")
    assert [child.tag for child in row] == ["msub", "mo"]


@pytest.mark.parametrize(
    ("latex", "classes"),
    [
        (r"\begin{aligned} a &= b \\ &= c \end{aligned}", ["right", "left"] * 2),
        (r"\begin{cases} x & x > 0 \\ 0 & x \le 0 \end{cases}", ["left"] * 4),
        (r"\begin{bmatrix} 1 & 2 \end{bmatrix}^\top", [None] * 2),
    ],
)
def test_cells_are_aligned_by_class_for_the_policy_forbids_styles(latex, classes):
    math = mathml(latex, display=True)
    assert [cell.get("class") for cell in math.iter("mtd")] == classes
    assert not [element for element in math.iter() if "style" in element.attrib]


@pytest.mark.parametrize(
    ("latex", "reason"),
    [
        (r"\foo", "Unknown command"),
        (r"\color{red} x", "<mrow style>"),
        (r"x \! y", "<mspace style>"),
        (r"\phantom{x}", "<mphantom>"),
        (r"\begin{align} x \end{align}", "style"),
        (r"\mbox{x}", "words"),
        (r"x \text{ if } y", "words"),
        (r"\def\a{b} \a", "defines"),
        ("若 x", "若 in a formula is no LaTeX"),
        ("x ≥ 0", "≥ in a formula is no LaTeX"),
        ("٣", "is no LaTeX"),
        ("{x", "closing token"),
        ("x}", "closing token"),
        (r"\left( x", r"\right"),
        (r"x \right)", r"\right"),
        (r"\begin{aligned} x", r"\end"),
        (r"\begin{bmatrix} 1 \end{pmatrix}", "bmatrix"),
        ("a & b", "table-like"),
        (r"a \\ b", "outside a table"),
        (r"a \\ \begin{cases} x & y \\ z & w \end{cases}", "outside a table"),
        (r"\begin{aligned} a \\[4pt] b \end{aligned}", "leave the length out"),
        (r"\begin{bmatrix} 1 & 2 \\ 3 \end{bmatrix}", "differ in length"),
        (r"\frac{1}", "argument"),
        (r"\frac{}{x}", "empty"),
        ("x_12", "takes one sign alone"),
        ("x^-1", "takes one sign alone"),
        ("x^", "argument"),
        ("^2", "empty"),
        ("x^a^b", "Duplicate"),
        ("1,500", "a list"),
        ("a % b", "is not drawn"),
        ("a ~ b", "is not drawn"),
        ("|-x|", "two readings"),
        ("#", "parameter"),
        ("", "empty"),
        (" ", "empty"),
        ("{" * 5000, "longer than"),  # math-core's process would end
        (r"\hat " * 300 + "x", "nested too deeply"),
        ("x" * 3000, "longer than"),
    ],
)
def test_what_would_be_drawn_wrongly_is_refused(latex, reason):
    with pytest.raises(FormulaError) as caught:
        mathml(latex)
    assert reason in caught.value.reason


@given(TEXTS, st.booleans())
def test_no_latex_ends_in_anything_but_a_formula_or_a_formula_error(latex, display):
    try:
        math = mathml(latex, display=display)
    except FormulaError:
        return
    assert "\\" not in "".join(math.itertext())


# Where formulas stand on a page


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("a $x$ b", ["x"]),
        ("设$x$为$y$。", ["x", "y"]),
        ("$x$-axis, ($y$), **$z$**", ["x", "y", "z"]),
        (r"costs \$5 and $x$", ["x"]),
        (r"$42\%$ and $\{1\}$", [r"42\%", r"\{1\}"]),
        (r"$a \\$ b", [r"a \\"]),
        ("costs $5 and $6", []),
        ("$ x$", []),
        ("$x $", []),
        ("$x$5", []),
        (r"\$x$", []),
        (r"$x\$", []),
        ("$$x$$", []),
        ("$$", []),
        ("$`x`$", []),
    ],
)
def test_inline_math_is_told_from_dollars(line, found):
    assert [match["latex"] for match in INLINE_MATH.finditer(line)] == found


def test_an_inline_formula_leaves_the_text_around_it_as_it_is():
    html = convert("设$x$为输入，则**$y$**是$f(x)$的值。")
    assert without_formulas(html) == "<p>设□为输入，则<strong>□</strong>是□的值。</p>"
    assert formulas(html) == ["x", "y", "f(x)"]


def test_a_formula_and_the_punctuation_after_it_stay_on_one_line():
    assert without_formulas(convert("对$x$，$y$有。")) == (
        '<p>对<span class="unbroken">□，</span>□有。</p>'
    )


def test_markup_inside_of_a_formula_is_not_markup():
    latex = r"a_1 * b_2 * c_3 [0](x) \alpha_* \_".removesuffix(r" \_")
    html = convert(f"Text ${latex}$ and $a<b$ and $x_1$ and _em_.")
    assert formulas(html) == [latex, "a&lt;b", "x_1"]
    assert html.count("<em>") == 1


def test_code_spans_and_fences_keep_their_dollars():
    html = convert("""
        Run `echo $HOME $x$` here.

        ```text
        $x$
        $$
        y
        $$
        ```

            $x$ in indented code
    """)
    assert formulas(html) == []
    assert "<code>echo $HOME $x$</code>" in html
    assert "$x$ in indented code" in html


def test_an_escaped_dollar_is_a_dollar():
    assert convert(r"A price: \$5, $6 or \$x\$.") == "<p>A price: $5, $6 or $x$.</p>"


FORMULA = "$$\na = b\n$$"
INDENTED = "    $$\n    a = b\n    $$"


@pytest.mark.parametrize(
    "page",
    [
        f"Text.\n\n{FORMULA}\n\nMore.",
        f"- item\n\n{INDENTED}",
        f'!!! note "Title"\n\n{INDENTED}',
        f'??? note "Title"\n\n{INDENTED}',
        f"<details markdown>\n<summary>S</summary>\n\n{FORMULA}\n\n</details>",
        "> $$\n> a = b\n> $$",
        f"{FORMULA}\nand text right after.",
    ],
)
def test_a_displayed_formula_is_a_block_that_can_be_focused_and_scrolled(page):
    html = convert(page)
    (block,) = re.findall(r"<div [^>]*formula[^>]*>", html)
    assert ET.fromstring(block + "</div>").attrib == {
        "class": "formula",
        "role": "group",
        "aria-label": "Formula",
        "tabindex": "0",
        "data-search-exclude": "",
    }
    assert html.count('<math alttext="a = b" display="block">') == 1
    assert "$" not in html
    assert "<p><div" not in html


def test_the_label_of_displayed_formulas_speaks_the_pages_language():
    page = markdown.Markdown(
        extensions=["pagecheck.mathml"],
        extension_configs={"pagecheck.mathml": {"label": "公式"}},
    )
    assert 'aria-label="公式"' in page.convert("$$\nx\n$$")


def test_pipes_hashes_and_rules_in_a_displayed_formula_are_its_own():
    html = convert("$$\n|x|\n= y\n- z\n= 1\n$$")
    assert formulas(html) == ["|x| = y - z = 1"]
    assert "<h" not in html
    assert "<table" not in html


def test_formulas_work_in_tables():
    html = convert("""
        | name | formula |
        | --- | --- |
        | norm $x$ | $\\lVert x \\rVert$ |
    """)
    assert formulas(html) == ["x", r"\lVert x \rVert"]
    assert without_formulas(html).count("<td>") == 2


def test_the_latex_can_be_copied():
    latex = r"\begin{cases} x & x > 0 \\ 0 & x \le 0 \end{cases}"
    (html,) = re.findall("<math.*</math>", convert(f"Take ${latex}$."))
    math = ET.fromstring(html)
    (annotation,) = math.iter("annotation")
    assert annotation.text == math.get("alttext") == latex
    assert annotation.get("encoding") == "application/x-tex"
    assert [child.tag for child in math] == ["semantics"]
    assert [child.tag for child in math[0]] == ["mrow", "annotation"]


def test_a_heading_shows_its_formula_and_tells_the_contents_only_its_signs():
    page = markdown.Markdown(extensions=EXTENSIONS)
    html = page.convert(r"## The loss $L(\hat{y})$ { #loss }")
    assert html.startswith('<h2 id="loss">The loss <math')
    assert "annotation" not in html
    assert [token["name"] for token in page.toc_tokens] == ["The loss L(yˆ)"]


def test_an_alternative_text_has_the_formulas_signs():
    html = convert("![The curve of $\\sigma(x)$](figures/a.svg)")
    assert html == '<p><img alt="The curve of σ(x)" src="figures/a.svg" /></p>'


def test_the_search_index_gets_what_reads_in_order_and_nothing_else():
    parser = Parser()
    parser.feed(
        convert("""
            # Title { #title }

            Take $\\sigma(x)$ or $\\frac{1}{x^2}$ here.

            $$
            y = 1
            $$
        """)
    )
    parser.close()
    (section,) = parser.data
    assert "".join(section.text).strip() == "<p>Take σ(x) or  here.</p>"


def test_an_entity_in_the_latex_is_no_entity_on_the_page():
    html = convert("$$\n\\begin{aligned} a &lt; b \\\\ c &gt; d \\end{aligned}\n$$")
    (annotation,) = re.findall("<annotation[^>]*>(.*?)</annotation>", html, re.DOTALL)
    assert "a &amp;lt; b" in annotation


# What a page hears when it is wrong


@pytest.mark.parametrize(
    ("page", "line", "reason"),
    [
        ("Text.\n\nA $\\foo$ here.", 3, 'Unknown command "\\foo"'),
        ("Text.\n\n$$\na =\n\\foo\n$$", 4, 'Unknown command "\\foo"'),
        ("Text.\n\n$$\na\n\nb\n$$", 4, "not closed before the next blank line"),
        ("Text.\n$$\na\n$$", 2, "a dollar sign that neither"),
        ("$$ x $$", 1, "a dollar sign that neither"),
        ("A $ x $ b", 1, "a dollar sign that neither"),
        ("A `code` and **$ x** b", 1, "a dollar sign that neither"),
        ("A $x\ny$ b", 1, "a dollar sign that neither"),
        ("- item\n\n    $$\n    \\foo\n    $$", 4, 'Unknown command "\\foo"'),
        ("| a | b |\n| --- | --- |\n| $|x|$ | c |", 3, "a dollar sign that neither"),
    ],
)
def test_a_bad_formula_names_its_line(page, line, reason):
    with pytest.raises(FormulaError) as caught:
        convert(page)
    assert reason in caught.value.reason
    assert (caught.value.page, caught.value.line) == ("", line)


def test_a_bad_formula_fails_the_build_and_names_page_and_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    docs = tmp_path / "docs" / "en"
    docs.mkdir(parents=True)
    docs.joinpath("index.md").write_text(
        "---\ndescription: d\n---\n# T\n\nA $\\foo$.\n"
    )
    settings = tmp_path / "mkdocs.yml"
    settings.write_text(
        "site_name: t\ndocs_dir: docs/en\ntheme: mkdocs\nplugins: []\n"
        "markdown_extensions: [pagecheck.mathml]\n"
    )
    config = load_config(str(settings))
    with pytest.raises(FormulaError) as caught:
        build(config)
    assert (caught.value.page, caught.value.line) == ("docs/en/index.md", 6)
    assert str(caught.value).startswith('docs/en/index.md:6: Unknown command "\\foo"')


# What holds for every text


@given(TEXTS)
def test_no_text_ends_in_anything_but_html_or_a_formula_error(text):
    try:
        convert(text)
    except FormulaError:
        return


@given(TEXTS.map(lambda text: text.replace("$", "")))
def test_text_without_dollars_is_what_it_is_without_the_extension(text):
    assert convert(text) == convert(text, EXTENSIONS[:-1])


def test_the_extensions_need_neither_torch_nor_matplotlib():
    code = (
        "import sys, pagecheck.mathml, pagecheck.directives\n"
        "sys.exit(bool({'torch', 'matplotlib', 'numpy'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
