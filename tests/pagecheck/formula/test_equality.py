"""Rule 4: a displayed formula equals what its directive names."""

import math

import numpy as np
import pytest
import torch

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
    (r"L = \sum_{i=1}^{n} (\hat y_i - y_i)^2", "((y_hat - y) ** 2).sum()"),
    (r"L = \frac{1}{n} \sum_i (\hat{y}_i - y_i)^2", "((y_hat - y) ** 2).mean()"),
    (r"L = \lVert \hat y - y \rVert^2", "((y_hat - y) ** 2).sum()"),
    (
        r"w^* = \frac{\sum_{i=1}^{n} (x_i - \bar x)(y_i - \bar y)}"
        r"{\sum_{i=1}^{n} (x_i - \bar x)^2}",
        "((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()",
    ),
    (
        r"\mathbf{H} = 2 \begin{pmatrix} \sum_{i=1}^{n} x_i^2 & \sum_{i=1}^{n} x_i \\ "
        r"\sum_{i=1}^{n} x_i & n \end{pmatrix}",
        "1 * H2",
    ),
    (r"\eta_{\max} = \frac{2}{\lambda_{\max}}", "2 / lambda_max"),
    (r"\eta < \frac{2}{\lambda_{\max}}", "lr < 2 / lambda_max"),
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
    (
        r"\begin{aligned} \sigma(z) &= \frac{1}{1 + e^{-z}} \\ &= 1 - \sigma(-z) "
        r"\end{aligned}",
        "torch.sigmoid(z)",
    ),
    (r"\sqrt{u^\top u} = \left\lVert u \right\rVert", "u.norm()"),
    (r"H^{-1}", "torch.linalg.inv(H)"),
    (r"\pi r^2", "torch.pi * r**2"),
    (r"\prod_{j=1}^{3} o_j", "o.prod()"),
    # the normal distribution's functions, and what is built of them
    (r"\operatorname{GELU}(z) = z \Phi(z)", "F.gelu(z)"),
    (r"\operatorname{GELU}'(z) = \Phi(z) + z \varphi(z)", "grad(F.gelu)(z)"),
    (
        r"\Phi(z) = \frac12 \left(1 + \operatorname{erf}\frac{z}{\sqrt2}\right)",
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
    # roots, logarithms, norms, powers of matrices
    (r"\sqrt[3]{z}", "z.sign() * z.abs() ** (1 / 3)"),
    (r"\log_2(1 + z^2)", "torch.log2(1 + z**2)"),
    (r"\lVert u \rVert_1", "u.abs().sum()"),
    (r"\lVert u \rVert_\infty = \max_i |u_i|", "u.abs().max()"),
    (r"\lVert H \rVert_F^2 = \sum_{i,j} H_{ij}^2", "(H**2).sum()"),
    (r"H^2 = H H", "H @ H"),
    (r"\det H = H_{11} H_{22} - H_{12} H_{21}", "torch.linalg.det(H)"),
    (r"(X^\top X)^{-1} X^\top", "torch.linalg.inv(X.T @ X) @ X.T"),
    # an index that runs over all places, and an n that the session need not have
    (
        r"h_i = \frac{1}{m} + \frac{(x_i - \bar x)^2}{\sum_{j=1}^{m} (x_j - \bar x)^2}",
        "(1 / len(x) + (x - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum())[i]",
    ),
    (r"\hat{p}_i = \operatorname{softmax}(o)_i", "p_hat[i]"),
    (
        r"\operatorname{diag}(\hat p) - \hat p \hat p^\top",
        "torch.func.jacrev(lambda t: t.softmax(0))(o)",
    ),
    (r"\sum_{j \ne 2} o_j", "o[0] + o[2]"),
    (r"\sum_{i=1}^{2} o_{i+1} o_i", "(o[1:] * o[:-1]).sum()"),
    (r"\min_{j} o_j", "o.min()"),
    # derivatives of an order, mixed, of the page's own function
    (r"\frac{d^2}{dx^2} (2 x^3)", "12 * x", {"x": torch.tensor(1.5).double()}),
    (
        r"\frac{\partial^2 (p^2 q^3)}{\partial p \, \partial q}",
        "6 * p * q**2",
        {"p": torch.tensor(1.5).double(), "q": torch.tensor(0.5).double()},
    ),
    (
        r"\sigma''(z) = \sigma(z)(1 - \sigma(z))(1 - 2\sigma(z))",
        "grad(grad(torch.sigmoid))(z)",
    ),
    (r"f''(x) = 4", "grad(grad(f))(x)"),
    (
        r"x - \frac{f(x)}{f'(x)}",
        "x - f(x) / grad(f)(x)",
        {"x": torch.tensor(1.5).double()},
    ),
    # an assignment; digits, honestly rounded
    (r"W_2 \leftarrow W_2 - \eta \frac{\partial L}{\partial W_2}", "W2 - lr * grad_W2"),
    (r"\hat q = \frac{1}{1 + e^{0.359}} \approx 0.4112", "1 / (1 + math.exp(0.359))"),
    (r"x \approx 1.20 \times 10^{-3}", "x", {"x": 0.0012049}),
    (
        r"q \approx \begin{pmatrix} 1.0 \\ 2.0 \\ 3.0 \end{pmatrix}",
        "o + 0.01",
    ),
    # the chain rule, with each intermediate as the session holds it
    (
        r"\frac{\partial L}{\partial p} = \frac{\partial L}{\partial q}"
        r" \frac{\partial q}{\partial p}",
        "grad_p",
        {"grad_p": 6.0, "grad_q": 2.0, "dq_dp": 3.0, "p": 1.0, "q": 1.0},
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
        (r"y \approx x", r"something other than digits right of \approx"),
        (r"0 < x \approx 1.0", r"\approx in a formula that compares"),
        (r"y = x \leftarrow 1", "an arrow that does not stand after the first term"),
        (r"1 \leftarrow x", "an arrow after something that is no name"),
        (r"y = \mathbb{E} x", r"\mathbb"),
        (r"y = \int x", r"\int"),
        (r"y = \lim x", r"\lim"),
        (r"y = \sum_{i=1} x_i", "one of its two limits"),
        (r"y = \frac{\partial^2 x}{\partial x}", "a derivative of order 2 by 1"),
        (r"y = x \pm 1", r"\pm"),
        (r"y = \lVert x \rVert_3", "a norm other than"),
        (r"y = 1 + \dots + n", r"\dots"),
        (r"y = x!", "!"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "second statement"),
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
        (r"L = a_1 a_1", "product of shapes"),
        (r"L = W_1 + W_2", "sum of shapes"),
        (r"L = a_1^2", "power of a vector"),
        (r"L = \frac{a_1}{a_1}", "quotient of two"),
        (r"L = o_0", "counted from 1"),
        (r"L = o_9", "no element"),
        (
            r"L = \begin{cases} 1 & k > 1 \\ 2 & k > 0 \end{cases}",
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
    assert differences("s = 3 t", "3 * t", names) == []
    assert differences("s = 3.001 t", "3 * t", names)


def test_a_derivative_that_nothing_names_says_how_to_name_it():
    found = differences(r"\frac{\partial L}{\partial c} = 2 c", "2 * c", NAMES)
    assert found == [
        "a derivative of L, which has no value and which 2 * c does not name: "
        "let it be of (L := …)"
    ]


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
        (r"m_1", "z", "m has no element (1,)"),
        (r"n + 1", "z", "OverflowError: int too large"),
        (r"10^{10^{10}}", "z", "the left-hand side is inf, not 0"),
        (r"\sum_{i=1}^{10^{9}} z", "z", "a sum of more than 1,000,000 terms"),
        (r"A x", "z", "a product of shapes (2, 3) and (2, 1)"),
        (r"\det A", "z", "LinAlgError: "),
        (r"(A A^\top)^{-1}", "z", "LinAlgError: Singular matrix"),
        (r"l_1", "z", "ValueError: "),
        (r"\max_{i < 0} x_i", "z", "ValueError: need at least one array"),
        (r"x < z", "'a'", "no number: 'a'"),
        (r"z \approx 1", "math.nan", "the left-hand side is 0, not nan"),
    ],
)
def test_what_an_evaluation_raises_is_told(latex, expression, said):
    assert said in "; ".join(differences(latex, expression, NASTY))
