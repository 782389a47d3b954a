"""What the one reader of LaTeX makes of a formula."""

import pytest

from pagecheck.formula.latex import LatexError, is_name, occurs, source, tokens


def test_a_formula_is_a_python_expression_whose_names_are_identifiers():
    for latex, python in {
        "x": "x",
        r"\hat{y}_1": "y_hat1",
        "W_2": "W2",
        r"\lambda_{\max} \lambda_1": "lambda_max * lambda1",
        r"\lambda + w^*": "+ (lambda_) + (w_star)",
        r"\frac{\partial L}{\partial W_2}": "dL_dW2",
        r"\partial L / \partial w": "dL_dw",
        r"\frac{d L}{d w}": "dL_dw",
        r"\frac{d}{dz} \sigma(z)": "_d(z,lambda z: sigma(z))",
        r"z_k J_{ij}": "z[k] * J[i, j]",
        r"W^\top x = (0, 1)": "(_top(W) * x) == (_matrix((0.0,), (1.0,)))",
        r"2^k (c - 1)": "2.0**(k) * (+ (c) - (1.0))",
        r"w (c - 1)": "w(+ (c) - (1.0))",
        r"\log \sigma(z) \log z": "log(sigma(z)) * log(z)",
        r"\sum_{i=1}^{n} x_i": "_over(lambda i: x[i], 1.0, n)",
        r"\left( |x| \right)": "(_abs(x))",
        r"1{,}500 + 10\,000.5": "+ (1500.0) + (10000.5)",
    }.items():
        assert source(latex) == python, latex


def test_a_name_a_number_or_a_sign_only_names_something():
    names = [
        r"\hat{y}",
        r"\lambda_{\min}",
        "w^*",
        "f'",
        "x_i",
        r"\bar x",
        "12",
        r"\tanh",
    ]
    for latex in [*names, r"\odot", r"\leftarrow", r"\operatorname{ReLU}"]:
        assert is_name(latex), latex
    others = [r"-\eta g", "x + h", r"\sigma(z)", r"W^\top", "(0, 1)", "x = 0", "= 3"]
    for latex in [*others, r"\theta \in S", r"x \text{ if}", "x" * 3000, "(" * 400]:
        assert not is_name(latex), latex


@pytest.mark.parametrize(
    ("latex", "formula", "found"),
    [
        (r"-\eta g", r"w - \eta g", True),
        (r"x + h", r"f'(x) = \frac{f(x+h) - f(x - h)}{2h}", True),
        (r"w_1 x_1+b", r"z = w_2 x_2 + w_1 x_1 + b", True),
        (r"w_1 x_1", r"z = 2 w_1 \, x_1 + b", True),
        (r"1 + e^{-z}", r"\sigma(z) = \frac{1}{1 + e^{-z}}", True),
        (r"\sigma(z)", r"\log \sigma(z)", True),
        (r"a + b", r"\begin{cases} a + b & z > 0 \\ 0 & z \le 0 \end{cases}", True),
        (r"b = c", r"a = b = c", True),
        (r"b = c", r"a = b = c d", False),
        (r"\eta g", r"w - \eta h", False),
        (r"-\eta g", r"w + \eta g", False),
        (r"x - h", r"f(x + h)", False),
        (r"x + h", r"y x + h", False),
        (r"a + b", r"c - a + b", False),
        (r"a b", r"(x / a) b", False),
        (r"a b", r"a / b", False),
        (r"a b", r"a b^2", False),
        (r"2 a", r"a 2", False),
        (r"x^2", r"x^3", False),
        (r"\nabla L", r"\eta L", False),
    ],
)
def test_an_expression_is_found_in_the_formula_that_it_is_of(latex, formula, found):
    assert occurs(latex, formula) is found


@pytest.mark.parametrize(
    ("latex", "reason"),
    [
        *[(r"\foo", r"\foo"), (r"\color{red} x", r"\color"), (r"x \! y", r"\!")],
        *[(r"\begin{align} x \end{align}", "align"), (r"x \text{ if } y", r"\text")],
        *[(r"\def\a{b} \a", r"\def"), ("若 x", "若"), ("x ≥ 0", "≥"), ("٣", "٣")],
        *[
            (r"a \\ b", "outside a table"),
            ("x_12", "sign alone"),
            ("x^-1", "sign alone"),
        ],
        *[
            ("1,500", "a list"),
            ("1{.}5", "not known"),
            ("a % b", "%"),
            ("a ~ b", "~"),
            ("|-x|", "two readings"),
        ],
        *[("#", "#"), (" ", "empty"), ("x" * 3000, "longer than"), (".5", ".")],
        (r"a \\ \begin{cases} x & y \\ z & w \end{cases}", "outside a table"),
    ],
)
def test_what_is_not_known_or_drawn_wrongly_is_refused_by_name(latex, reason):
    with pytest.raises(LatexError) as caught:
        tokens(latex)
    assert reason in str(caught.value)
