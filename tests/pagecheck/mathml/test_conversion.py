from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagecheck.mathml import FormulaError, commands, conversion, mathml
from pagecheck.mathml.reader import Reader
from tests.pagecheck.mathml.texts import TEXTS


def drawn(latex, display=False):
    """The formula's tree, written as short as it can be."""
    math = mathml(latex, display=display)
    inside = "".join(ET.tostring(child, encoding="unicode") for child in math)
    return inside.removeprefix("<mrow>").removesuffix("</mrow>")


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
    normal = Reader(r"\lVert x \rVert_2").formula()
    assert normal == r"\left \lVert x \right \rVert _ { 2 }"
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
    ("latex", "spaced"),
    [
        (r"\log \frac{1}{x}", "log □1x"),
        (r"\frac{d}{x} \log \sigma", "dx□log□σ"),
        (r"\frac{a}{b} c", "ab□c"),
        (r"2 \frac{a}{b}", "2□ab"),
        (r"\frac{a}{b} (c)", "ab□(c)"),
        (r"(c) \frac{a}{b}", "(c)□ab"),
        (r"\frac{a}{b} = \frac{c}{d}", "ab=cd"),
        (r"2 \begin{pmatrix} a & b \end{pmatrix}", "2□(ab)"),
        (r"\log (x) \log y", "log(x)□log□y"),
        (r"\log \left( x \right) y", "log(x)y"),
        (r"\log \lVert x \rVert", "log□‖x‖"),
        (r"2 \lVert x \rVert y", "2‖x‖y"),
        (r"\log \, x", "log□x"),
        (r"\log^2 x", "log2□x"),
    ],
)
def test_thin_spaces_stand_where_tex_sets_them(latex, spaced):
    math = mathml(latex)
    for space in math.iter("mspace"):
        assert space.get("width") == "0.167em"
        space.text = "□"
    assert "".join(math.itertext()) == spaced.replace(" ", "")


def spaces(latex, operator):
    found = next(mo for mo in mathml(latex).iter("mo") if mo.text == operator)
    return found.get("lspace"), found.get("rspace")


def test_products_are_spaced_like_sums_and_not_closer():
    assert spaces(r"2 \times 3", "×") == ("0.222em", "0.222em")
    assert spaces(r"a \cdot b", "⋅") == ("0.222em", "0.222em")
    assert spaces("a + b", "+") == (None, None)


def test_operators_in_scripts_and_limits_have_no_space_around_them():
    assert spaces(r"\sum_{i=1}^n x", "=") == ("0", "0")
    assert spaces("e^{a+b}", "+") == ("0", "0")
    assert spaces(r"x^{2 \times 3}", "×") == ("0", "0")
    assert spaces("x_{1,2}", ",") == ("0", "0")
    assert spaces(r"\frac{a+b}{c}", "+") == (None, None)


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


@pytest.mark.parametrize(
    ("accent", "sign"),
    [("hat", "ˆ"), ("bar", "¯"), ("tilde", "˜"), ("dot", "˙"), ("ddot", "¨")],
)
def test_an_accent_is_a_small_sign_above_its_letter(accent, sign):
    assert drawn(rf"\{accent}{{y}}") == (
        f'<mover accent="true"><mi>y</mi><mo stretchy="false">{sign}</mo></mover>'
    )


def test_letters_after_a_number_are_not_taken_for_a_length():
    assert drawn("3ex") == "<mn>3</mn><mi>e</mi><mi>x</mi>"


def test_an_underbrace_has_its_label_below():
    outer, inner = mathml(r"\underbrace{a + b}_{n}").iter("munder")
    assert [outer[0], outer[1].text, inner[1].text] == [inner, "n", "⏟"]


@pytest.mark.parametrize(
    "command",
    sorted(commands.SYMBOLS | commands.FUNCTIONS | commands.LIMIT_FUNCTIONS),
)
def test_every_known_sign_is_drawn_as_one_sign_or_name(command):
    leaves = [e for e in mathml(command).iter() if e.text]
    assert len(leaves) == 1
    name = command.removeprefix("\\").removeprefix("arg")
    assert len(leaves[0].text) == 1 or leaves[0].text.endswith(name)


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
        (r"\overline{xy}", r"\overline is no command"),
        (r"\binom{n}{k}", r"\binom is no command"),
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
        (r"\begin{bmatrix} 1 & 2 \\ 3 \end{bmatrix}", "differ in length"),
        (r"\begin{bmatrix} 1 & \end{bmatrix}", "a cell is empty"),
        (r"\begin{aligned} a \\ \\ b \end{aligned}", "empty row"),
        (r"\begin{aligned} a \\[4pt] b \end{aligned}", "taken for a length"),
        (r"\frac{1}", r"\frac lacks its argument"),
        (r"\frac{}{x}", "empty braces"),
        (r"\sqrt[3]{x}", r"\sqrt lacks its argument"),
        ("x^(2)", "^ lacks its argument"),
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
        conversion, "convert_to_element", lambda *_, **__: ET.fromstring(broken)
    )
    with pytest.raises(FormulaError, match=reason):
        mathml("x")


def test_whatever_latex2mathml_raises_is_a_formula_error(monkeypatch):
    def raise_stop(*_, **__):
        raise StopIteration

    monkeypatch.setattr(conversion, "convert_to_element", raise_stop)
    with pytest.raises(FormulaError, match="StopIteration"):
        mathml("x")


# What holds for every formula


@given(TEXTS, st.booleans())
def test_no_latex_ends_in_anything_but_a_formula_or_a_formula_error(latex, display):
    try:
        math = mathml(latex, display=display)
    except FormulaError:
        return
    assert "\\" not in "".join(math.itertext())


def _sentences(parts):
    braced = parts.map("{{{}}}".format)
    return st.one_of(
        st.tuples(parts, st.sampled_from(["+", "=", "-", r"\cdot", r"\le"]), parts),
        st.tuples(st.just(r"\frac"), braced, braced),
        st.tuples(st.sampled_from([r"\hat", r"\sqrt", r"\bar"]), braced),
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
    assert drawn(Reader(latex).formula(), display) is not None
    assert ET.tostring(math) == ET.tostring(mathml(latex, display=display))
