"""What the one reader of LaTeX makes of a formula."""

import pytest

from pagecheck.formula.latex import LatexError, is_name, source, tokens

PYTHON = r"""
x || x
\hat{y}_1 || y_hat1
W_2 || W2
\lambda_{\max} \lambda_1 || lambda_max * lambda1
\lambda + w^* || lambda_ + w_star
\frac{\partial L}{\partial W_2} || dL_dW2
\partial L / \partial w || dL_dw
\frac{d L}{d w} || dL_dw
\frac{d}{dz} \sigma(z) || _d(z,lambda z: sigma(z))
z_k J_{ij} || z[k] * J[i,j]
W^\top x = f'(x, 1) || W.T * x == f.prime(x, 1.0)
2^k (c - 1) || 2.0**(k) * (c - 1.0)
w (c - 1) || w(c - 1.0)
\log \sigma(z) \log z || log(sigma(z)) * log(z)
\sum_{i=1}^{n} x_i || _over(1,n,lambda i: x[i])
\left( |x| \right) || (_abs(x))
1{,}500 + 10\,000.5 || 1500.0 + 10000.5
"""


def cases(table):
    return [row.split(" || ") for row in table.strip().split("\n")]


def test_a_formula_is_a_python_expression_whose_names_are_identifiers():
    assert [[latex, source(latex)] for latex, _ in cases(PYTHON)] == cases(PYTHON)


NAMES = r"\hat{y} \lambda_{\min} w^* f' x_i \bar{x} 12 \tanh \odot \leftarrow"
NO_NAMES = r"-\eta\,g x+h \sigma(z) W^\top (0,1) x=0 =3 \theta\in{S} x\text{if}"


def test_a_name_a_number_or_a_sign_only_names_something():
    for latex in [*NAMES.split(" "), r"\operatorname{ReLU}"]:
        assert is_name(latex), latex
    for latex in [*NO_NAMES.split(" "), "x" * 3000, "(" * 400]:
        assert not is_name(latex), latex


REFUSED = r"""
\foo || \foo
\color{red} x || \color
x \! y || \!
\begin{align} x \end{align} || align
x \text{ if } y || \text
\def\a{b} \a || \def
若 x || 若
x ≥ 0 || ≥
٣ || ٣
a \\ b || outside a table
a \\ \begin{cases} x & y \\ z & w \end{cases} || outside a table
x_12 || sign alone
x^-1 || sign alone
1,500 || a list
1{.}5 || not known
a % b || %
a ~ b || ~
|-x| || two readings
# || #
.5 || .
"""


def test_what_is_not_known_or_drawn_wrongly_is_refused_by_name():
    rows = [*cases(REFUSED), [" ", "empty"], ["x" * 3000, "longer than"]]
    rows += [[f"x{blank} y", "not known"] for blank in "\v\f\t\x1c\xa0\u3000"]
    for latex, reason in rows:
        with pytest.raises(LatexError) as caught:
            tokens(latex)
        assert reason in str(caught.value), latex
