"""A formula equals what its directive names."""

import math
import subprocess
import sys

import numpy as np
import pytest
import torch

from pagecheck.formula import evaluate
from pagecheck.formula.equality import differences

torch.manual_seed(0)
W1, b1 = torch.randn(3, 2), torch.randn(3)
W2, b2 = torch.randn(1, 3), torch.randn(1)
x2 = torch.tensor([0.0, 1.0])
z1 = W1 @ x2 + b1
a1 = torch.sigmoid(z1)
z2 = W2 @ a1 + b2
delta2 = torch.randn(1)
X = torch.randn(100, 4, dtype=torch.float64)
W, b = torch.randn(5, 4, dtype=torch.float64), torch.randn(5, dtype=torch.float64)
x, y = torch.randn(17, dtype=torch.float64), torch.randn(17, dtype=torch.float64)
y_hat = 2 * x + 1
A = torch.randn(5, 4, 3, dtype=torch.float64)
u, v = torch.randn(4, dtype=torch.float64), torch.randn(3, dtype=torch.float64)
NAMES = {
    "torch": torch,
    "math": math,
    "Phi0": torch.special.ndtr,
    "F": torch.nn.functional,
    "f": lambda x: 2 * x**2 + 5 * x + 6,
    "grad": torch.func.grad,
    "n": 17,
    "c": torch.tensor(0.25),
    "t": torch.tensor(0.0),
    "grad_W2": torch.ones(1, 3),
    "k": 2,
    "lr": 0.01,
    "lambda_max": 3.0,
    "p_hat": torch.tensor([1.0, 2.0, 3.0]).softmax(0),
    "o": torch.tensor([1.0, 2.0, 3.0]),
    "H": torch.tensor([[2.0, 1.0], [1.0, 4.0]], dtype=torch.float64),
    **{"W1": W1, "b1": b1, "W2": W2, "b2": b2, "x2": x2, "z1": z1, "a1": a1, "z2": z2},
    **{"delta2": delta2, "X": X, "W": W, "b": b, "x": x, "y": y, "y_hat": y_hat},
    **{"A": A, "u": u, "v": v},
}

TRUE = [
    (r"\sigma(z) = \frac{1}{1 + e^{-z}}", "torch.sigmoid(z)"),
    (r"\sigma'(z) = \sigma(z) (1 - \sigma(z))", "grad(torch.sigmoid)(z)"),
    (r"\tanh(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}} = 2 \sigma(2z) - 1", "z.tanh()"),
    (r"\tanh'(z) = 1 - \tanh(z)^2 = 1 - \tanh^2(z)", "grad(torch.tanh)(z)"),
    (
        r"\log \sigma(z) = \log \frac{1}{1 + e^{-z}} = -\log(1 + e^{-z})",
        "F.logsigmoid(z)",
    ),
    (r"\frac{d}{dz} \log \sigma(z) = 1 - \sigma(z)", "grad(F.logsigmoid)(z)"),
    (
        r"\log\sigma(z) = \min(0, z) - \log\left(1 + e^{-\lvert z \rvert}\right)",
        "F.logsigmoid(z)",
    ),
    (r"\operatorname{ReLU}(z) = \max(0, z) = \frac{z + |z|}{2}", "torch.relu(z)"),
    (
        r"\operatorname{LeakyReLU}(z) = \begin{cases} z & z > 0 \\ \alpha z & z \le 0 "
        r"\end{cases}",
        "F.leaky_relu(z, float(alpha))",
    ),
    (
        r"\operatorname{GELU}(z) = \frac{z}{2} \left(1 + \operatorname{erf}"
        r"\left(\frac{z}{\sqrt{2}}\right)\right)",
        "F.gelu(z)",
    ),
    (r"\operatorname{softplus}(z) = \log(1 + e^z)", "F.softplus(z, threshold=50)"),
    (r"f'(x) = 4x + 5", "grad(f)(x)"),
    (r"f(x) = 2x^2 + 5x + 6", "f(x)"),
    (r"z_1 = W_1 x_2 + b_1", "z1"),
    (r"z_2 = W_2 a_1 + b_2", "z2"),
    (r"a_1 = \sigma(z_1) = \frac{1}{1 + e^{-z_1}}", "a1"),
    (r"\delta_2 a_1^\top", "torch.outer(delta2, a1)"),
    (r"W_2^\top \delta_2 \odot a_1 \odot (1 - a_1)", "W2[0] * delta2 * a1 * (1 - a1)"),
    (r"\operatorname{Linear}(X) = X W^\top + b", "F.linear(X, W, b)"),
    (
        r"\operatorname{B}_k(u, v) = u^\top A_k v + b_k",
        "(u @ A[k] @ v) + b[k]",
    ),
    (r"L = \sum_{i=1}^{n} (\hat y_i - y_i)^2", "L := ((y_hat - y) ** 2).sum()"),
    (r"L = \frac{1}{n} \sum_i (\hat{y}_i - y_i)^2", "L := ((y_hat - y) ** 2).mean()"),
    (
        r"w^* = \frac{\sum_{i=1}^{n} (x_i - \bar x)(y_i - \bar y)}"
        r"{\sum_{i=1}^{n} (x_i - \bar x)^2}",
        "w_star := ((x - x.mean()) * (y - y.mean())).sum() / (16 * x.var())",
    ),
    (
        r"H = 2 \begin{pmatrix} \sum_{i=1}^{n} x_i^2 & \sum_{i=1}^{n} x_i \\ "
        r"\sum_{i=1}^{n} x_i & n \end{pmatrix}",
        "1 * H2",
    ),
    (r"\eta_{\max} = \frac{2}{\lambda_{\max}}", "eta_max := 2 / lambda_max"),
    (r"\eta < \frac{2}{\lambda_{\max}}", "lr < 2 / lambda_max where eta = lr"),
    (r"\hat{p}_1 = \frac{e^{o_1}}{e^{o_1} + e^{o_2} + e^{o_3}}", "p_hat[0]"),
    (r"(2 \cdot 3 + 3 \cdot 1) + (3 + 1) = 9 + 4 = 13", "13"),
    (
        r"\frac{\partial L}{\partial c} = 2 (c - t)",
        "grad(lambda c: (L := (c - t) ** 2))(c)",
    ),
    (
        r"\frac{\partial z_k}{\partial u} = 2 u_k",
        "grad(lambda u: (z := u**2)[k])(u)[k]",
    ),
    (r"\pi r^2", "torch.pi * r**2"),
    (r"x_2 = (0, 1)", "x2"),
    # the normal distribution's functions, and what is built of them
    (r"\operatorname{GELU}(z) = z \Phi(z)", "F.gelu(z)"),
    (r"\operatorname{GELU}'(z) = \Phi(z) + z \varphi(z)", "grad(F.gelu)(z)"),
    (
        r"\Phi(z) = \frac{1}{2} \left(1 + \operatorname{erf}\frac{z}{\sqrt2}\right)",
        "Phi0(z)",
    ),
    (
        r"\operatorname{Mish}(z) = z \tanh(\operatorname{softplus}(z))",
        "F.mish(z)",
    ),
    (
        r"\operatorname{SiLU}'(z) = \sigma(z) \bigl(1 + z (1 - \sigma(z))\bigr)",
        "grad(F.silu)(z)",
    ),
    (r"\operatorname{ReLU6}(z) = \min\{6, \max\{0, z\}\}", "F.relu6(z)"),
    # an index that runs over all places, and an n that the session need not have
    (
        r"h_i = \frac{1}{m} + \frac{(x_i - \bar x)^2}{\sum_{j=1}^{m} (x_j - \bar x)^2}",
        "h[i] where m = len(x), h = "
        "1 / len(x) + (x - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()",
    ),
    # the page's own function
    (
        r"x - \frac{f(x)}{f'(x)}",
        "x - f(x) / grad(f)(x)",
        {"x": torch.tensor(1.5).double()},
    ),
    # what the directive names: a derivative, the links of a chain, other symbols
    (r"\frac{\partial L}{\partial W_2} = W_2 - W_2 + 1", "dL_dW2 := grad_W2"),
    (
        r"\frac{\partial L}{\partial p} = \frac{\partial L}{\partial q}"
        r" \frac{\partial q}{\partial p}",
        "dL_dp := 6.0 where dL_dq = 2.0, dq_dp = 3.0",
    ),
    (r"p_1 = \frac{e^{o_1}}{e^{o_1} + e^{o_2} + e^{o_3}}", "(p := p_hat)[0]"),
    (
        r"W_2 - \eta \lambda g",
        "W2 - lr * 3 * grad_W2 where eta = lr, lambda_ = 3, g = grad_W2",
    ),
]

NAMES["H2"] = 2 * torch.stack(
    [torch.stack([(x**2).sum(), x.sum()]), torch.stack([x.sum(), x.new_tensor(17.0)])]
)


@pytest.mark.parametrize(("latex", "expression", "more"), [(*t, {})[:3] for t in TRUE])
def test_a_true_formula_is_accepted(latex, expression, more):
    names = NAMES | ({"H": NAMES["H2"]} if "H2" in expression else {}) | more
    assert differences(latex, expression, names) == []


FALSE = [
    # Names that are not those of the code, of the directive or of the formula.
    (
        r"\frac{\partial L}{\partial t} = 2 (c - t)",
        "grad(lambda c: (L := (c - t) ** 2))(c)",
    ),
    (r"\eta_{\min} = \frac{2}{\lambda_{\max}}", "eta_max := 2 / lambda_max"),
    (r"W_2 - \eta g", "W2 + lr * grad_W2 where eta = lr, g = grad_W2"),
    (r"W_2 - \eta g", "W2 - lr * grad_W2 where eta = 2 * lr, g = grad_W2"),
    (r"W_2 - \eta g", "W2 - lr * grad_W2 where g = grad_W2"),
    (r"p_2 = \frac{e^{o_1}}{e^{o_1} + e^{o_2} + e^{o_3}}", "(p := p_hat)[0]"),
    (r"L = \sum_{i=1}^{n} (\hat y_i - y_i)^2", "((y_hat - y) ** 2).sum()"),
    (r"\log x \log y", "math.log(c * math.log(c)) where x = c, y = c"),
    (r"x_2 = (1, 0)", "x2"),
    (r"x_2 = (0, 1, 0)", "x2"),
    # A power of a function that may mean its inverse.
    (r"\tanh^{-1} c", "1 / math.tanh(c)"),
    (r"\tanh^{-1} c", "math.atanh(c)"),
    (r"\sin^{-1}(c)", "math.asin(c)"),
    (r"\sigma^{-1}(c)", "1 / torch.sigmoid(c)"),
    (r"f^{-1}(c)", "1 / f(c)"),
    # What a single sign takes.
    (r"\hat y (1 - \hat y)", "y_hat * (1 + y_hat)"),
    (r"2^k (c + 1)", "2 ** (k * (c + 1))"),
    (r"1 / 2 c", "c / 2"),
    # Derivatives without a value, of what the directive does not name.
    (r"\frac{\partial L}{\partial \hat{y}} = 2 (\hat{y} - y)", "2 * (y_hat - y)"),
    (r"\frac{\partial L}{\partial c} = 2 (c - t)", "grad(lambda c: (c - t) ** 2)(c)"),
    (
        r"\frac{\partial Q}{\partial c} = 2 (c - t)",
        "grad(lambda c: (L := (c - t) ** 2))(c)",
    ),
    (
        r"\frac{\partial z_m}{\partial u} = 2 u_k",
        "grad(lambda u: (z := u**2)[k])(u)[k]",
    ),
    (r"\operatorname{GELU}(z) = z \varphi(z)", "F.gelu(z)"),
    (r"\sqrt[2]{z}", "z.sign() * z.abs() ** (1 / 3)"),
    (r"\log_3(1 + z^2)", "torch.log2(1 + z**2)"),
    (r"\lVert u \rVert_1", "u.norm()"),
    (r"\lVert u \rVert_\infty = \min_i |u_i|", "u.abs().max()"),
    (r"H^2 = H H^{-1}", "H @ H"),
    (
        r"h_i = \frac{1}{m} - \frac{(x_i - \bar x)^2}{\sum_{j=1}^{m} (x_j - \bar x)^2}",
        "(1 / len(x) + (x - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum())[i]",
    ),
    (r"\hat{p}_i = \operatorname{softmax}(o)_j", "p_hat[i]"),
    (
        r"\operatorname{diag}(\hat p) + \hat p \hat p^\top",
        "torch.func.jacrev(lambda t: t.softmax(0))(o)",
    ),
    (r"\sum_{j \ne 1} o_j", "o[0] + o[2]"),
    (r"\sum_{i=1}^{2} o_{i-1} o_i", "(o[1:] * o[:-1]).sum()"),
    (r"\frac{d^2}{d\eta^2} (2 \eta^3)", "6 * lr"),
    (
        r"\sigma''(z) = \sigma(z)(1 - \sigma(z))(1 + 2\sigma(z))",
        "grad(grad(torch.sigmoid))(z)",
    ),
    (r"f''(x) = 5", "grad(grad(f))(x)"),
    (r"f'(x) = 4", "grad(grad(f))(x)"),
    (r"W_2 \leftarrow W_2 + \eta \frac{\partial L}{\partial W_2}", "W2 - lr * grad_W2"),
    (r"W_3 \leftarrow W_2 - \eta \frac{\partial L}{\partial W_2}", "W2 - lr * grad_W2"),
    (r"\hat q = \frac{1}{1 + e^{0.359}} \approx 0.4113", "1 / (1 + math.exp(0.359))"),
    (r"q \approx \begin{pmatrix} 1.0 \\ 2.0 \\ 3.1 \end{pmatrix}", "o + 0.01"),
    # the value 0 of t hides a sign, and is moved for that
    (r"\frac{\partial L}{\partial c} = 2 (c + t)", "grad(lambda c: (c - t) ** 2)(c)"),
    # what is defined has a name, and what is derived by has one
    (r"\frac{\partial L}{\partial t} = 2 (c - t)", "grad(lambda c: (c - 0) ** 2)(c)"),
    (r"z_3 = W_2 a_1 + b_2", "z2"),
    (r"\frac{\partial L}{\partial W_3} = W_2 - W_2 + 1", "grad_W2"),
    (r"\hat{p}_2 = \frac{e^{o_1}}{e^{o_1} + e^{o_2} + e^{o_3}}", "p_hat[0]"),
    (r"\hat{q}_1 = \frac{e^{o_1}}{e^{o_1} + e^{o_2} + e^{o_3}}", "p_hat[0]"),
    (r"\sigma(z) = \frac{1}{1 - e^{-z}}", "torch.sigmoid(z)"),
    (r"\sigma(z) = \frac{1}{1 + e^{z}}", "torch.sigmoid(z)"),
    (r"\sigma(z) = \frac{2}{1 + e^{-z}}", "torch.sigmoid(z)"),
    (r"\sigma'(z) = \sigma(z) (1 + \sigma(z))", "grad(torch.sigmoid)(z)"),
    (r"\sigma(z) = \sigma(z) (1 - \sigma(z))", "grad(torch.sigmoid)(z)"),
    (r"\tanh(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}} = 2 \sigma(2z) - 2", "z.tanh()"),
    (r"\tanh(z) = \frac{e^z + e^{-z}}{e^z + e^{-z}} = 2 \sigma(2z) - 1", "z.tanh()"),
    (r"\frac{d}{dz} \log \sigma(z) = 1 + \sigma(z)", "grad(F.logsigmoid)(z)"),
    (r"\frac{d}{dz} \log \sigma(2z) = 1 - \sigma(z)", "grad(F.logsigmoid)(z)"),
    (
        r"\operatorname{ReLU}'(z) = \begin{cases} 1 & z \ge 0 \\ 0 & z < 0 \end{cases}",
        "grad(torch.relu)(z)",
    ),
    (r"f'(x) = 4x - 5", "grad(f)(x)"),
    (r"z_2 = W_2 a_1 - b_2", "z2"),
    (r"z_1 = W_2 a_1 + b_2", "z2"),
    (r"\delta_2^\top a_1", "torch.outer(delta2, a1)[0] * 2"),
    (r"L = \sum_{i=2}^{n} (\hat y_i - y_i)^2", "((y_hat - y) ** 2).sum()"),
    (r"L = \sum_{i=1}^{n} (\hat y_i + y_i)^2", "((y_hat - y) ** 2).sum()"),
    (r"L = \sum_{i=1}^{n} (\hat y_i - y_i)^3", "((y_hat - y) ** 2).sum()"),
    (r"\eta > \frac{2}{\lambda_{\max}}", "lr < 2 / lambda_max"),
    (r"\eta < \frac{2}{\lambda_{\max}}", "lr > 2 / lambda_max"),
    (r"\hat{p}_1 = \frac{e^{o_2}}{e^{o_1} + e^{o_2} + e^{o_3}}", "p_hat[0]"),
    (r"(2 \cdot 3 + 3 \cdot 1) + (3 + 1) = 9 + 5 = 13", "13"),
    (r"\operatorname{Linear}(X) = X W^\top - b", "F.linear(X, W, b)"),
    (r"\operatorname{B}_k(u, v) = u^\top A_k v - b_k", "(u @ A[k] @ v) + b[k]"),
]


@pytest.mark.parametrize(("latex", "expression"), FALSE)
def test_a_false_formula_is_rejected(latex, expression):
    assert differences(latex, expression, NAMES)


@pytest.mark.parametrize(
    ("latex", "names_it"),
    [
        (r"y = \foo x", r"\foo"),
        (r"y = x \text{ if } x", r"\text"),
        (r"y = x + ", "ends where a term should stand"),
        (r"y = (x", "expected ), found the end"),
        (r"y = x)", "not understood: )"),
        (r"y = x \qquad z \& w", r"\&"),
        (r"\begin{align} y &= x \end{align}", "align"),
        (r"y = x.", "not understood: ."),
        (r"x \approx x", r"a relation that is not evaluated: \approx"),
        (r"x \leftarrow 0", r"a relation that is not evaluated: \leftarrow"),
        (r"\log_2 x", "log_2"),
        (r"x''", "an order above 1"),
        (r"x_1_2", "two subscripts"),
        (r"x^{2}^{3}", "two powers"),
        (r"\sqrt[3]{x}", "a root other than"),
        (r"\frac12 x", "12 without braces"),
        (r"x / 2 x", "after a quotient"),
        (r"\tanh^{-1} x", "may mean its inverse"),
        (r"\sum_{j \ne 2} x_j", r"expected }, found \ne"),
        (r"y = \mathbb{E} x", r"\mathbb"),
        (r"y = \int x", r"\int"),
        (r"y = \lim x", r"\lim"),
        (r"y = \sum_{i=1} x_i", "one of its two limits"),
        (r"y = \frac{\partial^2 x}{\partial x^2}", "not understood: ^"),
        (r"y = x \pm 1", r"\pm"),
        (r"y = \lVert x \rVert_3", r"\lVert"),
        (r"y = 1 + \dots + n", r"\dots"),
        (r"y = x!", "!"),
        (
            r"\begin{aligned} a &= b \\ c &= d \end{aligned}",
            "environment that is not understood: aligned",
        ),
        (r"y = \begin{cases} 1 \\ 0 & x > 0 \end{cases}", "case without a condition"),
        (r"y = \log", "log without an argument"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(latex, names_it):
    (found,) = differences(latex, "0.0", {"x": np.float64(1.0), "n": 3})
    assert names_it in found


@pytest.mark.parametrize(
    ("latex", "why"),
    [
        (r"a_1 a_1", "product of shapes"),
        (r"W_1 + W_2", "sum of shapes"),
        (r"a_1^2", "power of a vector or matrix"),
        (r"\frac{a_1}{a_1}", "quotient of two"),
        (r"o_0", "counted from 1"),
        (r"o_9", "no element"),
        (
            r"\begin{cases} 1 & k > 1 \\ 2 & k > 0 \end{cases}",
            "not disjoint",
        ),
    ],
)
def test_what_mathematics_does_not_allow_is_refused(latex, why):
    (found,) = differences(latex, "1.0", NAMES)
    assert why in found


def test_cases_that_cover_not_every_point_are_rejected():
    latex = r"\operatorname{ReLU}(z) = \begin{cases} z & z > 0 \\ 0 & z < 0 \end{cases}"
    (found,) = differences(latex, "torch.relu(z)", NAMES)
    assert "nan, not 0 at z = 0" in found


def test_a_chain_is_compared_link_by_link():
    (found,) = differences("9 + 4 = 14 = 13", "13", {})
    assert found == "term 2 of the chain is 14, not 13"


def test_a_formula_of_unknown_names_alone_is_rejected():
    found = differences("p = q", "1.0", {})
    assert found


def test_an_expression_that_fails_says_how():
    (found,) = differences("y = 1", "nothing.at(all)", {})
    assert "NameError" in found


def test_float32_is_compared_as_closely_as_it_is_computed():
    names = {"t": torch.tensor(0.1), "torch": torch}
    assert differences("3 t", "3 * t", names) == []
    assert differences("3.001 t", "3 * t", names)


def test_a_name_that_nothing_knows_says_how_to_name_it():
    (found,) = differences(r"\frac{\partial L}{\partial c} = 2 c", "2 * c", NAMES)
    assert found == (
        "the session has nothing called dL_dc: correct it, name it in the directive "
        "(dL_dc := …) or say what it is (… where dL_dc = …)"
    )


@pytest.mark.parametrize(
    "directive",
    ["1 +", "1 where x", "1 where 2 = x", "1 where **x", "(" * 999 + ")" * 999],
)
def test_a_directive_that_is_no_python_is_refused(directive):
    (found,) = differences("1", directive, {})
    assert directive[:9] in found or "NAME = EXPRESSION" in found


@pytest.mark.parametrize("count", [1_000, 20_000])
@pytest.mark.parametrize(
    "nested",
    [
        lambda n: "(" * n + "1" + ")" * n,
        lambda n: r"\frac{1}{" * n + "1" + "}" * n,
        lambda n: "2^{" * n + "1" + "}" * n,
        lambda n: r"\log " * n + "1",
        lambda n: "f(" * n + "1",
        lambda n: r"\frac{d" * n,
        lambda n: r"\left" * n,
        lambda n: "x_{1" * n,
        lambda n: "x" + "'" * n,
        lambda n: r"\begin{cases} " * n,
        lambda n: "1" + " + 1" * n,
        lambda n: "x" * n,
    ],
)
def test_a_formula_without_an_end_is_refused_or_read_at_once(nested, count):
    (found,) = differences(nested(count), "0.5", {"x": 1.0, "f": abs})
    assert len(found) < 200


def test_a_deep_formula_that_is_short_is_refused():
    (found,) = differences("(" * 50 + "1" + ")" * 50, "1", {})
    assert found == "nested more than 40 deep; write it in parts"


@pytest.mark.parametrize(
    "sums",
    [
        r"\sum_{i=1}^{10^{9}} i",
        r"\sum_{i=1}^{99} \sum_{j=1}^{99} \sum_{k=1}^{99} i j k",
    ],
)
def test_a_sum_without_an_end_is_refused(monkeypatch, sums):
    monkeypatch.setattr(evaluate, "MOST_STEPS", 5_000)
    assert differences(sums, "0.0", {}) == ["more than 5,000 steps to evaluate it"]


def test_torch_is_not_imported_for_a_formula():
    code = (
        "import sys\nfrom pagecheck.formula.equality import differences\n"
        "assert differences('x + 1', 'x + 1', {'x': 2.0}) == []\n"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _forever(x):
    return _forever(x)


NASTY = {
    **{
        "math": math,
        "torch": torch,
        "m": math,
        "z": 0.0,
        "x": torch.tensor([1.0, 2.0]),
    },
    **{"A": torch.ones(2, 3), "n": 10**400, "l": [1, [2, 3]], "q": lambda a, b: 1},
    **{"forever": _forever, "leave": exit, "h": lambda x: 1 / 0, "f": _forever},
}


@pytest.mark.parametrize(
    ("latex", "expression", "said"),
    [
        (r"\frac{1}{z}", "1 / z", "1 / z has no value: ZeroDivisionError"),
        (r"h(z)", "z", "ZeroDivisionError: division by zero"),
        (r"h'(z)", "z", "ZeroDivisionError: division by zero"),
        (r"f(z)", "z", "RecursionError: maximum recursion depth"),
        (r"z", "forever(z)", "forever(z) has no value: RecursionError"),
        (r"z", "leave(3)", "leave(3) has no value: SystemExit: 3"),
        (r"\operatorname{leave}(z)", "z", "SystemExit: "),
        (r"q(z)", "z", "TypeError: "),
        (r"m + 1", "z", "no number: <module 'math'"),
        (r"m_1", "z", "no number: <module 'math'"),
        (r"n + 1", "z", "OverflowError: int too large"),
        (r"10^{10^{10}}", "z", "the left-hand side is inf, not 0"),
        (r"A x", "z", "a product of shapes (2, 3) and (2, 1)"),
        (r"\det A", "z", r"\det"),
        (r"l_1", "z", "no number: [1, [2, 3]]"),
        (r"x < z", "'a'", "no number: 'a'"),
        (r"z", "math.nan", "the left-hand side is 0, not nan"),
    ],
)
def test_what_an_evaluation_raises_is_told(latex, expression, said):
    assert said in "; ".join(differences(latex, expression, NASTY))
