"""What a formula inside a line does, and where it stands in others."""

import pytest

from pagecheck.formula.latex import LatexError, kind, occurs, parse, spellings


@pytest.mark.parametrize(
    ("latex", "is_a"),
    [
        ("x = y", "statement"),
        ("x = 0", "value"),
        (r"z_2 = -0.3588", "value"),
        (r"x + 1 = 2", "statement"),
        (r"x = y = 2", "statement"),
        (r"w_1 + b > 0", "statement"),
        (r"\hat{y} = 0.4113", "value"),
        (r"x = (0, 1)", "statement"),
        (r"\theta \in S", "statement"),
        (r"a \le b \le c", "statement"),
        (r"\theta \leftarrow \theta - \eta g", "statement"),
        (r"= 3", "statement"),
        ("x", "name"),
        (r"\hat{y}", "name"),
        (r"\lambda_{\min}", "name"),
        ("w^*", "name"),
        ("f'", "name"),
        ("12", "name"),
        (r"\tanh", "name"),
        (r"\operatorname{ReLU}", "name"),
        (r"-\eta g", "expression"),
        (r"x + h", "expression"),
        (r"\sigma(z)", "expression"),
        (r"\sum_{i=1}^{n} x_i", "expression"),
        (r"W^\top", "expression"),
        (r"\odot", "notation"),
        (r"\leftarrow", "notation"),
        ("(0, 1)", "expression"),
        (r"x \text{ if}", "notation"),
        ("x" * 3000, "notation"),
    ],
)
def test_a_formula_states_names_or_mentions_something(latex, is_a):
    assert kind(latex) == is_a


@pytest.mark.parametrize(
    ("latex", "formula"),
    [
        (r"-\eta g", r"w - \eta g"),
        (r"x + h", r"f'(x) \approx \frac{f(x+h) - f(x - h)}{2h}"),
        (r"w_1 x_1+b", r"z = w_2 x_2 + w_1 x_1 + b"),
        (r"w_1 x_1", r"z = 2 w_1 \, x_1 + b"),
        (r"e^{-z}", r"\sigma(z) = \frac{1}{1 + e^{-z}}"),
        (r"1 + e^{-z}", r"\sigma(z) = \frac{1}{1 + e^{-z}}"),
        (r"\hat{y}", r"\hat y - y"),
        (r"\sigma(z)", r"\log \sigma(z)"),
        (r"a + b", r"\begin{cases} a + b & z > 0 \\ 0 & z \le 0 \end{cases}"),
        (r"\nabla L", r"\theta - \eta \nabla L"),
        (r"(0, 1)", r"x = (0, 1)"),
    ],
)
def test_an_expression_is_found_in_the_formula_that_it_is_of(latex, formula):
    assert occurs(latex, ["y = x", formula])


@pytest.mark.parametrize(
    ("latex", "formula"),
    [
        (r"\eta g", r"w - \eta h"),
        (r"-\eta g", r"w + \eta g"),
        (r"x - h", r"f(x + h)"),
        (r"x + h", r"y x + h"),
        (r"a + b", r"c - a + b"),
        (r"a b", r"(x / a) b"),
        (r"a b", r"a / b"),
        (r"2 a", r"a 2"),
        (r"x^2", r"x^3"),
        (r"\hat y", r"y"),
        (r"\nabla L", r"\eta L"),
    ],
)
def test_an_expression_with_another_sign_or_name_is_not_found(latex, formula):
    assert not occurs(latex, [formula])


@pytest.mark.parametrize(
    ("latex", "names"),
    [
        ("x", ("x",)),
        (r"\hat{y}_1", ("y_hat_1", "y_hat1")),
        (r"W_2", ("W_2", "W2")),
        (r"\lambda_{\max}", ("lambda_max", "lambdamax")),
        (r"\lambda", ("lambda_",)),
        (r"z_k", ("z_k",)),
        ("w^*", ("w_star",)),
        (r"\frac{\partial L}{\partial W_2}", ("dL_dW_2", "dL_dW2")),
        (r"\frac{d L}{d w}", ("dL_dw",)),
        (r"x + 1", ()),
        (r"x_{i+1}", None),
    ],
)
def test_a_name_has_its_spellings_in_code(latex, names):
    if names is None:
        with pytest.raises(LatexError):
            parse(latex)
    else:
        (term,) = parse(latex).terms
        assert spellings(term) == names
