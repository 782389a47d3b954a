"""LaTeX on pages becomes MathML; what would be drawn wrongly fails the build."""

import contextlib
import re
import subprocess
import sys
from xml.etree import ElementTree as ET

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st
from material.plugins.search.plugin import Parser
from mkdocs.commands.build import build
from mkdocs.config import load_config

from pagecheck.formula.latex import LatexError
from pagecheck.spans import find_spans
from site_finish.mathml import INLINE_MATH, MathMLExtension, mathml

# As the site is configured, in its order.
EXTENSIONS = [
    *("admonition", "attr_list", "md_in_html", "tables", "toc", "pymdownx.details"),
    *("pymdownx.highlight", "pymdownx.superfences"),
    *("pagecheck.directives", "site_finish.mathml"),
]
PIECES = st.sampled_from(
    [
        *"$$$`\\{}^_&|*[]()<>!#-~\n\n \t'\"",
        *["$$\n", "\n\n", "```\n", "    ", "x", "1", "中", "\x02", "\x03", "&lt;"],
        *[r"\frac", r"\foo", r"\left(", r"\right)", "<b>", "</b>", "<!--", "-->"],
        *[r"\begin{aligned}", r"\end{aligned}", "| a | b |\n| --- | --- |\n"],
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60)


def convert(text, extensions=EXTENSIONS):
    return markdown.Markdown(extensions=extensions).convert(text)


def formulas(html):
    return re.findall(r'<math[^>]*alttext="([^"]*)"', html)


def without_formulas(html):
    return re.sub(r"<math.*?</math>", "□", html, flags=re.DOTALL)


# An accent is a small sign above its letter; a prime stands beside it. A comma of a
# number has no space after it, a definition's colon none either; a sign is closer than
# an operation. The star of a name and an elementwise product are no sums, in any
# engine.
DRAWN = r"""
\hat y || <mover accent="true"><mi>y</mi><mo>ˆ</mo></mover>
f' || <mrow><mi>f</mi><mo form="postfix" lspace="0" rspace="0">′</mo></mrow>
w^* || <msup><mi>w</mi><mi>∗</mi></msup>
\odot || <mo lspace="0" rspace="0" largeop="false">⊙</mo>
10{,}000 || <mn>10</mn><mo rspace="0">,</mo><mn>000</mn>
a := b || <mi>a</mi><mo lspace="0.2778em" rspace="0">:</mo><mo lspace="0">=</mo><mi>b</mi>
-x || <mo lspace="0" rspace="0">−</mo><mi>x</mi>
a - b || <mi>a</mi><mo>−</mo><mi>b</mi>
\mathbf{W} || <mi>𝐖</mi>
\operatorname{E} || <mrow><mi mathvariant="normal">E</mi></mrow>
\left(a\right)^2 b || <mrow><msup><mrow><mo>(</mo><mi>a</mi><mo>)</mo></mrow><mn>2</mn></msup></mrow><mi>b</mi>
"""  # noqa: E501
CLASSES = {
    r"\begin{aligned} a &= b \\ &= c \end{aligned}": ["right", "left"] * 2,
    r"\begin{cases} x & x > 0 \\ 0 & x \le 0 \end{cases}": ["left"] * 4,
    r"\begin{bmatrix} 1 & 2 \end{bmatrix}^\top": [None] * 2,
}


def test_a_formula_is_drawn_as_tex_would():
    for row in DRAWN.strip().split("\n"):
        latex, tree = row.split(" || ")
        drawn = "".join(ET.tostring(each, encoding="unicode") for each in mathml(latex))
        drawn = drawn.replace(' stretchy="false"', "").replace("<mspace />", "")
        assert drawn == tree, latex
    for latex, classes in CLASSES.items():  # the site's policy forbids styles
        math = mathml(latex, display=True)
        assert [cell.get("class") for cell in math.iter("mtd")] == classes
        assert not [element for element in math.iter() if "style" in element.attrib]


REFUSED = r"""
\foo || not known
{x || closing token
x} || closing token
\left( x || \right
\begin{aligned} x || \end
a & b || table-like
\frac{1} || argument
\frac{}{x} || empty
^2 || empty
x^ || argument
x^a^b || Duplicate
"""


def test_a_matrix_has_no_attribute_that_the_html_checker_refuses():
    table = mathml(r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}").find(".//mtable")
    assert table is not None
    assert table.attrib == {"displaystyle": "false"}


def test_what_would_be_drawn_wrongly_is_refused():
    rows = [row.split(" || ") for row in REFUSED.strip().split("\n")]
    for latex, reason in [*rows, ("{" * 5000, "longer than")]:
        with pytest.raises(LatexError) as caught:
            mathml(latex)
        assert reason in str(caught.value), latex


@given(TEXTS, st.booleans())
def test_no_latex_ends_in_anything_but_a_formula_or_an_error(latex, display):
    with contextlib.suppress(LatexError):
        assert "\\" not in "".join(mathml(latex, display=display).itertext())


INLINE = {
    "设$x$为$y$。": ["x", "y"],
    "$x$-axis, ($y$), **$z$**": ["x", "y", "z"],
    r"costs \$5 and $x$": ["x"],
    r"$42\%$ and $\{1\}$": [r"42\%", r"\{1\}"],
    r"$a \\$ b": [r"a \\"],
    r"$a\$b$": [r"a\$b"],
}
PLAIN = ["$5 and $6", "$ x$", "$x $", "$x$5", r"\$x$", r"$x\$", "$$x$$", "$$", "$`x`$"]
PLAIN += ["$5 or $6", "$a `b` c$"]


def test_inline_math_is_told_from_dollars_and_code():
    for line, found in [*INLINE.items(), *((line, []) for line in PLAIN)]:
        assert [match["latex"] for match in INLINE_MATH.finditer(line)] == found, line
        spans = [span for span in find_spans(line) if span.kind == "math"]
        assert [line[slice(*span.inside)] for span in spans] == found, line
    page = "Run `echo $HOME $x$`.\n\n```text\n$x$\n$$\ny\n$$\n```\n\n    $x$ in code\n"
    html = convert(page)
    assert formulas(html) == []
    assert "<code>echo $HOME $x$</code>" in html
    assert convert(r"A price: \$5, $6 or \$x\$.") == "<p>A price: $5, $6 or $x$.</p>"


def test_an_inline_formula_leaves_the_text_around_it_as_it_is():
    html = convert("设$x$为**$y$**是$f(x)$的值，对$x_1 * a_1 * [0](x)$，有。")
    assert without_formulas(html) == (
        "<p>设□为<strong>□</strong>是□的值，对"
        '<span class="unbroken">□，</span>有。</p>'  # they stay on one line
    )
    assert formulas(html) == ["x", "y", "f(x)", "x_1 * a_1 * [0](x)"]


FORMULA, INDENTED = "$$\na = b\n$$", "    $$\n    a = b\n    $$"
PAGES = [
    *(f"Text.\n\n{FORMULA}\n\nMore.", f"- item\n\n{INDENTED}", "> $$\n> a = b\n> $$"),
    *(f'??? note "Title"\n\n{INDENTED}', f"{FORMULA}\nand text right after."),
    f"<details markdown>\n<summary>S</summary>\n\n{FORMULA}\n\n</details>",
]


def test_a_displayed_formula_is_a_block_that_can_be_focused_and_scrolled():
    extensions = [*EXTENSIONS[:-1], MathMLExtension(label="公式")]
    for page in PAGES:
        html = convert(page, extensions)
        (block,) = re.findall(r"<div [^>]*formula[^>]*>", html)
        attributes = ET.fromstring(block + "</div>").attrib
        assert attributes.pop("data-search-exclude") == ""
        assert {*attributes.values()} == {"formula", "group", "公式", "0"}
        assert html.count('<math alttext="a = b" display="block">') == 1
        assert "$" not in html
        assert "<p><div" not in html


def test_what_is_markup_elsewhere_is_a_formulas_own():
    assert formulas(convert("$$\n|x|\n= y\n- z\n= 1\n$$")) == ["|x| = y - z = 1"]
    html = convert("| a | b |\n| --- | --- |\n| $x$ | $\\lVert x \\rVert$ |\n")
    assert formulas(html) == ["x", r"\lVert x \rVert"]


def test_the_latex_can_be_copied_but_is_not_in_headings_and_alternative_texts():
    latex = r"\begin{cases} x & x > 0 \\ 0 & x \le 0 \end{cases}"
    (html,) = re.findall("<math.*</math>", convert(f"Take ${latex}$."))
    math = ET.fromstring(html)
    (annotation,) = math.iter("annotation")
    assert annotation.text == math.get("alttext") == latex
    assert [child.tag for child in math[0]] == ["mrow", "annotation"]
    page = markdown.Markdown(extensions=EXTENSIONS)
    html = page.convert(r"## The loss $L(\hat{y})$ { #loss }")
    assert "annotation" not in html
    assert [token["name"] for token in page.toc_tokens] == ["The loss L(yˆ)"]
    html = convert("![The curve of $\\sigma(x)$](figures/a.svg)")
    assert html == '<p><img alt="The curve of σ(x)" src="figures/a.svg" /></p>'


def test_the_search_index_gets_what_reads_in_order_and_nothing_else():
    parser = Parser()
    text = "Take $\\sigma(x)$ or $\\frac{1}{x^2}$ here.\n\n$$\ny = 1\n$$"
    parser.feed(convert(f"# Title {{ #title }}\n\n{text}"))
    parser.close()
    (section,) = parser.data
    assert "".join(section.text).strip() == "<p>Take σ(x) or  here.</p>"


def test_a_bad_formula_fails_the_build_and_names_page_and_line(tmp_path):
    (tmp_path / "docs").mkdir()
    page = "---\ndescription: d\n---\n# T\n\nA $\\foo$.\n"
    (tmp_path / "docs/index.md").write_text(page)
    settings = "site_name: t\ntheme: mkdocs\nplugins: []\n"
    settings += "markdown_extensions: [site_finish.mathml]\n"
    (tmp_path / "mkdocs.yml").write_text(settings)
    with pytest.raises(LatexError, match=r"^index\.md:6: not known .*: \\foo"):
        build(load_config(str(tmp_path / "mkdocs.yml")))


@given(TEXTS)
def test_no_text_ends_in_anything_but_html_or_an_error_and_dollars_alone_matter(text):
    with contextlib.suppress(LatexError):
        convert(text)
    plain = text.replace("$", "")
    assert convert(plain) == convert(plain, EXTENSIONS[:-1])


def test_the_extensions_need_neither_torch_nor_matplotlib():
    code = (
        "import sys, site_finish.mathml, pagecheck.directives\n"
        "sys.exit(bool({'torch', 'matplotlib', 'numpy'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
