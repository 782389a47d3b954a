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

from pagecheck import mathml as module
from pagecheck.mathml import INLINE_MATH, FormulaError, mathml, normalise

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


def drawn(latex, display=False):
    """The formula's tree, written as short as it can be."""
    math = mathml(latex, display=display, annotate=False)
    inside = "".join(ET.tostring(child, encoding="unicode") for child in math)
    return inside.removeprefix("<mrow>").removesuffix("</mrow>")


def formulas(html):
    return re.findall(r'<math[^>]*alttext="([^"]*)"', html)


def without_formulas(html):
    return re.sub(r"<math.*?</math>", "□", html, flags=re.DOTALL)


# What a formula becomes


def test_a_fraction_a_power_and_a_greek_letter():
    assert drawn(r"\sigma(x) = \frac{1}{1 + e^{-x}}") == (
        '<mi>σ</mi><mo stretchy="false">(</mo><mi>x</mi><mo stretchy="false">)</mo>'
        "<mo>=</mo><mfrac><mn>1</mn><mrow><mn>1</mn><mo>+</mo>"
        "<msup><mi>e</mi><mrow><mo>−</mo><mi>x</mi></mrow></msup></mrow></mfrac>"
    )


def test_aligned_becomes_a_table_whose_cells_are_aligned_by_class():
    table = mathml(r"\begin{aligned} a &= b \\ &= -c \end{aligned}", display=True)
    assert [e.attrib for e in table.iter("mtable")] == [
        {"class": "aligned", "displaystyle": "true"}
    ]
    assert [cell.get("class") for cell in table.iter("mtd")] == ["right", "left"] * 2
    assert ["".join(row.itertext()) for row in table.iter("mtr")] == ["a=b", "=−c"]


def test_gathered_becomes_a_table_of_one_centred_column():
    table = mathml(r"\begin{gathered} a = b \\ c \end{gathered}", display=True)
    assert [cell.attrib for cell in table.iter("mtd")] == [{}, {}]
    assert [e.get("class") for e in table.iter("mtable")] == ["gathered"]


def test_cases_have_one_tall_brace_and_two_columns():
    math = mathml(r"\begin{cases} x & x > 0 \\ \alpha x & x \le 0 \end{cases}")
    assert [mo.text for mo in math.iter("mo")] == ["{", ">", "≤"]
    assert next(math.iter("mo")).get("stretchy") == "true"
    assert [cell.get("class") for cell in math.iter("mtd")] == ["left"] * 4


@pytest.mark.parametrize(
    ("environment", "fences"),
    [
        ("bmatrix", "[]"),
        ("pmatrix", "()"),
        ("vmatrix", "||"),
        ("Vmatrix", "‖‖"),
        ("matrix", ""),
    ],
)
def test_a_matrix_can_be_transposed_as_a_whole(environment, fences):
    latex = rf"\begin{{{environment}}} 1 & 2 \\ 3 & 4 \end{{{environment}}}^\top"
    (power,) = mathml(latex).iter("msup")
    assert "".join(mo.text for mo in power[0].iter("mo")) == fences
    assert [len(row) for row in power[0].iter("mtr")] == [2, 2]
    assert power[1].text == "⊤"


@pytest.mark.parametrize(
    ("latex", "name"),
    [
        (r"\lim_{x \to 0} f", "lim"),
        (r"\max_i x", "max"),
        (r"\arg\min_w L", "arg\xa0min"),
        (r"\arg \max_w L", "arg\xa0max"),
        (r"\argmin_w L", "arg\xa0min"),
    ],
)
@pytest.mark.parametrize("display", [True, False])
def test_limits_stand_below_where_the_browser_has_the_room(latex, name, display):
    (below,) = mathml(latex, display=display).iter("munder")
    assert (below[0].tag, below[0].text) == ("mo", name)
    assert below[0].get("movablelimits") == "true"


@pytest.mark.parametrize("around", ["{}", r"\begin{{aligned}} a &= {} \end{{aligned}}"])
def test_limits_of_sums_stand_below_also_inside_of_aligned(around):
    (sum_,) = mathml(around.format(r"\sum_{i=1}^n x_i")).iter("munderover")
    assert ["".join(part.itertext()) for part in sum_] == ["∑", "i=1", "n"]


def test_limits_of_integrals_stand_beside():
    assert [e.tag for e in mathml(r"\int_0^1 x").iter() if len(e) == 3] == ["msubsup"]


def test_norm_bars_are_fences_as_tall_as_what_they_hold():
    assert normalise(r"\lVert x \rVert_2") == r"\left \lVert x \right \rVert _ { 2 }"
    bars = list(mathml(r"\lVert x \rVert_2").iter("mo"))
    assert [(bar.text, bar.get("form"), bar.get("stretchy")) for bar in bars] == [
        ("‖", "prefix", "true"),
        ("‖", "postfix", "true"),
    ]


def test_letters_in_another_style_are_other_letters():
    assert drawn(r"\mathbf{W}") == "<mi>𝐖</mi>"
    assert drawn(r"\mathbf{1}") == "<mn>𝟏</mn>"
    assert drawn(r"\boldsymbol{\theta}") == "<mi>𝜽</mi>"
    assert drawn(r"\mathbb{R}") == "<mi>ℝ</mi>"
    assert drawn(r"\mathcal{L}") == "<mi>ℒ</mi>"
    assert drawn(r"\mathrm{d}") == '<mi mathvariant="normal">d</mi>'
    assert drawn(r"\Phi") == '<mi mathvariant="normal">Φ</mi>'


def test_a_functions_name_is_one_upright_word_spaced_as_in_print():
    thin = '<mspace width="0.167em" />'
    assert drawn(r"2 \log x") == f"<mn>2</mn>{thin}<mi>log</mi>{thin}<mi>x</mi>"
    assert drawn(r"\operatorname{ReLU}(x)").startswith("<mi>ReLU</mi><mo")
    assert drawn(r"-\log \sigma(x)").startswith(f"<mo>−</mo><mi>log</mi>{thin}<mi>σ")
    assert drawn(r"\operatorname{E}") == '<mi mathvariant="normal">E</mi>'


@pytest.mark.parametrize(
    ("latex", "form"),
    [
        ("a = -b", "prefix"),
        (r"(-\infty, 0]", "prefix"),
        (r"\lVert -x \rVert", "prefix"),
        ("|-x|", "prefix"),
        ("a - b", None),
        ("(a) - b", None),
        ("|a| - b", None),
        ("f'(x) - 1", None),
        (r"\lVert a \rVert - 1", None),
    ],
)
def test_a_minus_sign_is_spaced_as_a_sign_or_as_an_operation(latex, form):
    assert [mo.get("form") for mo in mathml(latex).iter("mo") if mo.text == "−"] == [
        form
    ]


def test_an_operator_at_an_end_has_no_space_outside():
    assert drawn("= 3") == '<mo lspace="0">=</mo><mn>3</mn>'
    assert drawn(r"\leftarrow") == '<mo lspace="0" rspace="0">←</mo>'


def test_a_prime_stands_beside_its_letter():
    prime = '<mo form="postfix" lspace="0" rspace="0">′</mo>'
    assert drawn("f'") == f"<mi>f</mi>{prime}"
    assert drawn("f_1'") == f"<msub><mi>f</mi><mn>1</mn></msub>{prime}"
    assert "″" in drawn("f''")


def test_a_hat_and_an_overline():
    assert drawn(r"\hat{y}") == (
        '<mover accent="true"><mi>y</mi><mo stretchy="false">ˆ</mo></mover>'
    )
    assert '<mo stretchy="true">‾</mo>' in drawn(r"\overline{xy}")


def test_a_number_with_thousands_is_one_number():
    assert drawn("1{,}500") == "<mn>1,500</mn>"
    assert drawn("1{,}234{,}567") == "<mn>1,234,567</mn>"


def test_letters_after_a_number_are_not_taken_for_a_length():
    assert drawn("3ex") == "<mn>3</mn><mi>e</mi><mi>x</mi>"


def test_an_underbrace_has_its_label_below():
    outer, inner = mathml(r"\underbrace{a + b}_{n}").iter("munder")
    assert [outer[0], outer[1].text, inner[1].text] == [inner, "n", "⏟"]


@pytest.mark.parametrize(
    "command",
    sorted(module._SYMBOLS | module._FUNCTIONS | module._LIMIT_FUNCTIONS),
)
def test_every_known_sign_is_drawn_as_one_sign_or_name(command):
    leaves = [e for e in mathml(command, annotate=False).iter() if e.text]
    assert len(leaves) == 1
    name = command.removeprefix("\\").removeprefix("arg")
    assert len(leaves[0].text) == 1 or leaves[0].text.endswith(name)


def test_the_latex_can_be_copied():
    latex = r"\begin{cases} x & x > 0 \\ 0 & x \le 0 \end{cases}"
    math = mathml(latex)
    (annotation,) = math.iter("annotation")
    assert annotation.text == math.get("alttext") == latex
    assert annotation.get("encoding") == "application/x-tex"
    assert [child.tag for child in math] == ["semantics"]
    assert [child.tag for child in math[0]] == ["mrow", "annotation"]


def test_no_formula_needs_a_style_attribute():
    for latex in [r"\begin{aligned} a &= b \end{aligned}", r"\bigl( x \bigr) \quad y"]:
        assert all("style" not in e.attrib for e in mathml(latex).iter())


# What is refused


@pytest.mark.parametrize(
    ("latex", "reason"),
    [
        (r"\foo", r"\foo is no command"),
        (r"\color{red} x", r"\color is no command"),
        (r"\displaystyle x", r"\displaystyle is no command"),
        (r"\mbox{x}", "words"),
        (r"x \text{ if } y", "words"),
        (r"\textbf{x}", "words"),
        ("若 x", "'若' is no LaTeX"),
        ("x ≥ 0", "'≥' is no LaTeX"),
        ("{x", "} is missing"),
        (r"\frac{1}{2", "} is missing"),
        ("x}", "a } closes nothing"),
        (r"\left( x", r"\right is missing"),
        (r"x \right)", r"\right closes nothing"),
        (r"\left x", "no delimiter"),
        (r"\lVert x", r"\rVert is missing"),
        (r"x \rVert", r"\rVert closes nothing"),
        (r"\begin{aligned} x", r"\end is missing"),
        (r"x \end{aligned}", r"\end closes nothing"),
        (r"\begin{bmatrix} 1 \end{pmatrix}", "is closed by"),
        (r"\begin{align} x \end{align}", "the environment align is unknown"),
        ("a & b", "& outside a table"),
        (r"a \\ b", r"\\ outside a table"),
        (r"\begin{cases} x \\ y \end{cases}", "2 cells"),
        (r"\begin{gathered} x & y \end{gathered}", "1 cells"),
        (r"\begin{bmatrix} 1 & 2 \\ 3 \end{bmatrix}", "differ in length"),
        (r"\begin{bmatrix} 1 & \end{bmatrix}", "a cell is empty"),
        (r"\begin{aligned} a \\ \\ b \end{aligned}", "empty row"),
        (r"\begin{aligned} a \\[4pt] b \end{aligned}", "taken for a length"),
        (r"\frac{1}", r"\frac lacks its argument"),
        (r"\frac{}{x}", "empty braces"),
        (r"\sqrt[3", "] is missing"),
        ("x_12", "the digit 1 alone"),
        ("x^-1", "^ lacks its argument"),
        ("x^", "^ lacks its argument"),
        ("^2", "^ stands on nothing"),
        ("x^a^b", "two superscripts"),
        ("x'^2", "two superscripts"),
        ("x_a_b", "two subscripts"),
        ("1,500", "a list's"),
        ("a % b", "a bare %"),
        ("#", "a bare #"),
        ("a ~ b", "a bare ~"),
        ("$", "a bare $"),
        ("\\", "is no command"),
        ("", "empty"),
        (r"\mathrm{ReLU}", "around a word"),
        (r"\mathbf{x + y}", r"\mathbf around +"),
        (r"\mathbb{\alpha}", r"\mathbb around \alpha"),
        (r"\operatorname{}", "without a name"),
        (r"\operatorname*{argmin}_x f", r"\operatorname* is no command"),
        ("{" * 5000, "nested too deeply"),
        (r"\hat" * 5000, "nested too deeply"),
        ("٣", "is no LaTeX"),
        (r"\lim\limits_x f", r"\limits is no command"),
    ],
)
def test_what_would_be_drawn_wrongly_is_refused(latex, reason):
    with pytest.raises(FormulaError) as caught:
        mathml(latex)
    assert reason in caught.value.reason
    assert caught.value.latex == latex
    assert caught.value.advice


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("<math><mrow><mi>\\foo</mi></mrow></math>", "would be left"),
        ("<math><mrow><mi>x</mi><mo>&amp;amp;</mo></mrow></math>", "would be left"),
        ("<math><mrow><merror/><mi>x</mi></mrow></math>", "<merror>"),
        ("<math><mrow><mfrac><mi>x</mi></mfrac></mrow></math>", "1 parts"),
        ("<math><mrow/></math>", "lose or add"),
        ("<math><mrow><mi>x</mi><mi>x</mi></mrow></math>", "lose or add"),
        ("<math><mrow><mi mathcolor='red'>x</mi></mrow></math>", "mathcolor"),
    ],
)
def test_the_guard_notices_what_latex2mathml_spoils(monkeypatch, broken, reason):
    monkeypatch.setattr(
        module, "convert_to_element", lambda *_, **__: ET.fromstring(broken)
    )
    with pytest.raises(FormulaError, match=reason):
        mathml("x")


def test_whatever_latex2mathml_raises_is_a_formula_error(monkeypatch):
    def raise_stop(*_, **__):
        raise StopIteration

    monkeypatch.setattr(module, "convert_to_element", raise_stop)
    with pytest.raises(FormulaError, match="StopIteration"):
        mathml("x")


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


@pytest.mark.parametrize(
    "page",
    [
        """
        Text.

        $$
        a = b
        $$

        More.
        """,
        """
        - item

            $$
            a = b
            $$
        """,
        """
        !!! note "Title"

            $$
            a = b
            $$
        """,
        """
        ??? note "Title"

            $$
            a = b
            $$
        """,
        """
        <details markdown>
        <summary>Solution</summary>

        $$
        a = b
        $$

        </details>
        """,
        """
        > $$
        > a = b
        > $$
        """,
        """
        $$
        a = b
        $$
        and text right after.
        """,
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
        ("Text.\n\nA $\\foo$ here.", 3, r"\foo is no command"),
        ("Text.\n\n$$\na =\n\\foo\n$$", 4, r"\foo is no command"),
        ("Text.\n\n$$\na\n\nb\n$$", 4, "not closed before the next blank line"),
        ("Text.\n$$\na\n$$", 2, "a dollar sign that neither"),
        ("$$ x $$", 1, "a dollar sign that neither"),
        ("A $ x $ b", 1, "a dollar sign that neither"),
        ("A `code` and **$ x** b", 1, "a dollar sign that neither"),
        ("A $x\ny$ b", 1, "a dollar sign that neither"),
        ("- item\n\n    $$\n    \\foo\n    $$", 4, r"\foo is no command"),
        ("| a | b |\n| --- | --- |\n| $|x|$ | c |", 3, "a dollar sign that neither"),
    ],
)
def test_a_bad_formula_names_its_line(page, line, reason):
    with pytest.raises(FormulaError) as caught:
        convert(page)
    assert reason in caught.value.reason
    assert (caught.value.page, caught.value.line) == (None, line)


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
    assert str(caught.value).startswith("docs/en/index.md:6: \\foo is no command")


# What holds for every text

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


@given(TEXTS)
def test_no_text_ends_in_anything_but_html_or_a_formula_error(text):
    try:
        convert(text)
    except FormulaError:
        return


@given(TEXTS, st.booleans())
def test_no_latex_ends_in_anything_but_a_formula_or_a_formula_error(latex, display):
    try:
        math = mathml(latex, display=display, annotate=False)
    except FormulaError:
        return
    assert "\\" not in "".join(math.itertext())


@given(TEXTS.map(lambda text: text.replace("$", "")))
def test_text_without_dollars_is_what_it_is_without_the_extension(text):
    assert convert(text) == convert(text, EXTENSIONS[:-1])


def _sentences(parts):
    braced = parts.map("{{{}}}".format)
    return st.one_of(
        st.tuples(parts, st.sampled_from(["+", "=", "-", r"\cdot", r"\le"]), parts),
        st.tuples(st.just(r"\frac"), braced, braced),
        st.tuples(st.sampled_from([r"\hat", r"\sqrt", r"\overline"]), braced),
        st.tuples(braced, st.just("^"), braced),
        st.tuples(braced, st.just("_"), braced),
        st.tuples(st.just(r"\sum_"), braced, st.just("^"), braced, parts),
        st.tuples(st.just(r"\lVert"), parts, st.just(r"\rVert")),
        st.tuples(st.just(r"\left("), parts, st.just(r"\right)")),
        st.tuples(st.just(r"\operatorname{ReLU}("), parts, st.just(")")),
        st.tuples(
            st.just(r"\begin{cases}"),
            *[parts, st.just("&"), parts, st.just(r"\\")] * 2,
            st.just(r"\end{cases}"),
        ),
    ).map(" ".join)


FORMULAS = st.recursive(
    st.sampled_from(["x", "y_1", "w'", "12", "0.5", r"\alpha", r"\mathbf{W}", "a b"]),
    _sentences,
    max_leaves=12,
)


@given(FORMULAS, st.booleans())
def test_every_formula_of_known_parts_is_drawn_with_all_its_letters(latex, display):
    math = mathml(latex, display=display)
    assert mathml(normalise(latex), annotate=False) is not None
    assert ET.tostring(math) == ET.tostring(mathml(latex, display=display))


def test_the_extensions_need_neither_torch_nor_matplotlib():
    code = (
        "import sys, pagecheck.mathml, pagecheck.directives\n"
        "sys.exit(bool({'torch', 'matplotlib', 'numpy'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
