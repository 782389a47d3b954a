"""A formula equals what its directive names."""

import math

import torch

from pagecheck.formula.equality import differences

NAMES = {}
exec(  # what a page has computed
    """
import math, torch, torch.nn.functional as F
torch.manual_seed(0)
grad, Phi0 = torch.func.grad, torch.special.ndtr
f, s = lambda x: 2 * x**2 + 5 * x + 6, lambda x: x * abs(x)
W1, b1, W2, b2 = torch.randn(3, 2), torch.randn(3), torch.randn(1, 3), torch.randn(1)
x2, delta2, grad_W2 = torch.tensor([0.0, 1.0]), torch.randn(1), torch.ones(1, 3)
z1 = W1 @ x2 + b1
a1 = torch.sigmoid(z1)
z2 = W2 @ a1 + b2
o, c, t = torch.tensor([1.0, 2.0, 3.0]), torch.tensor(0.25), torch.tensor(0.0)
p, n, i, k, lr, lambda_max = o.softmax(0), 17, 4, 2, 0.01, 3.0
x, y = torch.randn(2, 17).double()
y_hat = 2 * x + 1
H = 2 * torch.tensor([[(x**2).sum(), x.sum()], [x.sum(), 17.0]])
W, b = torch.randn(5, 4).double(), torch.ones(5).double()
X, A, u, v = (torch.randn(s).double() for s in [(99, 4), (5, 4, 3), (4,), (3,)])
""",
    NAMES,
)


def cases(table):
    """A table's rows: a formula, and what its directive or a message says."""
    return [row.split(" || ") for row in table.strip().split("\n")]


TRUE = r"""
\sigma'(z) = \sigma(z) (1 - \sigma(z)) || grad(torch.sigmoid)(z)
\tanh(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}} = 2 \sigma(2z) - 1 || z.tanh()
\frac{d}{dz} \log \sigma(z) = 1 - \sigma(z) || grad(F.logsigmoid)(z)
\operatorname{ReLU}(z) = \max(0, z) = \frac{z + |z|}{2} || torch.relu(z)
\frac{d}{dt} |t + 1| || 1.0
s'(c) || 0.5
\frac{d}{dz} (z^2 - 3 z) e^{-z} || (5 * z - z**2 - 3) * torch.exp(-z)
\operatorname{LeakyReLU}(z) = \begin{cases} z & z > 0 \\ \alpha z & z \le 0 \end{cases} || F.leaky_relu(z, float(alpha))
f'(x) = 4x + 5 || grad(f)(x)
z_1 = W_1 x_2 + b_1 || z1
\delta_2 a_1^\top || torch.outer(delta2, a1)
W_2^\top \delta_2 \odot a_1 \odot (1 - a_1) || W2[0] * delta2 * a1 * (1 - a1)
\operatorname{Linear}(X) = X W^\top + b || F.linear(X, W, b)
\operatorname{B}_k(u, v) = u^\top A_k v + b_k || (u @ A[k] @ v) + b[k]
L = \sum_{i=1}^{n} (\hat y_i - y_i)^2 || L := ((y_hat - y) ** 2).sum()
w^* = \frac{\sum_{i=1}^{n} (x_i - \bar x)(y_i - \bar y)}{\sum_{i=1}^{n} (x_i - \bar x)^2} || w_star := ((x - x.mean()) * (y - y.mean())).sum() / (16 * x.var())
H = 2 \begin{pmatrix} \sum_{i=1}^{n} x_i^2 & \sum_{i=1}^{n} x_i \\ \sum_{i=1}^{n} x_i & n \end{pmatrix} || H
(2 \cdot 3 + 3 \cdot 1) + (3 + 1) = 9 + 4 = 13 || 13
\frac{\partial L}{\partial c} = 2 (c - t) || grad(lambda c: (L := (c - t) ** 2))(c)
\pi r^2 || torch.pi * r**2
\operatorname{GELU}'(z) = \Phi(z) + z \varphi(z) || grad(F.gelu)(z)
\Phi(z) = \frac{1}{2} \left(1 + \operatorname{erf}\frac{z}{\sqrt2}\right) || Phi0(z)
h_i = \frac{1}{m} + \frac{(x_i - \bar x)^2}{\sum_{j=1}^{m} (x_j - \bar x)^2} || h[i] where m = len(x), h = 1 / len(x) + (x - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()
c - \frac{f(c)}{f'(c)} || c - f(c) / grad(f)(c)
\frac{\partial L}{\partial W_2} = W_2 - W_2 + 1 || dL_dW2 := grad_W2
\frac{\partial L}{\partial p} = \frac{\partial L}{\partial q} \frac{\partial q}{\partial p} || dL_dp := 6.0 where dL_dq = 2.0, dq_dp = 3.0
p_1 = \frac{e^{o_1}}{e^{o_1} + e^{o_2}} || p1 := o[:2].softmax(0)[0] where o1 = o[0], o2 = o[1]
\lvert -c \rvert = |c| || abs(c)
W_2 - \eta \lambda g || W2 - lr * 3 * grad_W2 where eta = lr, lambda_ = 3, g = grad_W2
"""  # noqa: E501


def test_true_formulas_are_accepted():
    found = [(row, differences(*row, NAMES)) for row in cases(TRUE)]
    assert [each for each in found if each[1]] == []


FALSE = r"""
\frac{\partial L}{\partial t} = 2 (c - t) || grad(lambda c: (L := (c - t) ** 2))(c)
\eta_{\min} = \frac{2}{\lambda_{\max}} || eta_max := 2 / lambda_max
W_2 - \eta g || W2 + lr * grad_W2 where eta = lr, g = grad_W2
W_2 - \eta g || W2 - lr * grad_W2 where g = grad_W2
L = \sum_{i=1}^{n} (\hat y_i - y_i)^2 || ((y_hat - y) ** 2).sum()
\log x \log y || math.log(c * math.log(c)) where x = c, y = c
x_2 = (1, 0) || x2
x_2 = (0, 1, 0) || x2
\tanh^{-1} c || 1 / math.tanh(c)
\sigma^{-1}(c) || 1 / torch.sigmoid(c)
2^k (c + 1) || 2 ** (k * (c + 1))
1 / 2 c || c / 2
\frac{\partial L}{\partial \hat{y}} = 2 (\hat{y} - y) || 2 * (y_hat - y)
\frac{\partial L}{\partial c} = 2 (c - t) || grad(lambda c: (c - t) ** 2)(c)
\frac{\partial Q}{\partial c} = 2 (c - t) || grad(lambda c: (L := (c - t) ** 2))(c)
\operatorname{GELU}(z) = z \varphi(z) || F.gelu(z)
\frac{d^2}{d\eta^2} (2 \eta^3) || 6 * lr
f'(x) = 4 || grad(grad(f))(x)
\frac{\partial L}{\partial c} = 2 (c + t) || grad(lambda c: (c - t) ** 2)(c)
\frac{\partial L}{\partial t} = 2 (c - t) || grad(lambda c: (c - 0) ** 2)(c)
z_3 = W_2 a_1 + b_2 || z2
\frac{\partial L}{\partial W_3} = W_2 - W_2 + 1 || grad_W2
\sigma(z) = \frac{1}{1 - e^{-z}} || torch.sigmoid(z)
\sigma(q) = \frac{1}{1 + e^{-z}} || torch.sigmoid(z)
\operatorname{GELU}(q) = z \Phi(z) || F.gelu(z)
\operatorname{GELU}(2z) = z \Phi(z) || F.gelu(z)
\sigma'(z) = \sigma(z) (1 + \sigma(z)) || grad(torch.sigmoid)(z)
\sigma(z) = \sigma(z) (1 - \sigma(z)) || grad(torch.sigmoid)(z)
\tanh(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}} = 2 \sigma(2z) - 2 || z.tanh()
\frac{d}{dz} \log \sigma(2z) = 1 - \sigma(z) || grad(F.logsigmoid)(z)
\frac{d}{dz} |z| = 0 || 0 * z
s'(x) = |x| || abs(x)
\operatorname{ReLU}'(z) = \begin{cases} 1 & z \ge 0 \\ 0 & z < 0 \end{cases} || grad(torch.relu)(z)
z_2 = W_2 a_1 - b_2 || z2
z_1 = W_2 a_1 + b_2 || z2
\delta_2^\top a_1 || torch.outer(delta2, a1)[0] * 2
L = \sum_{i=2}^{n} (\hat y_i - y_i)^2 || ((y_hat - y) ** 2).sum()
\operatorname{B}_k(u, v) = u^\top A_k v - b_k || (u @ A[k] @ v) + b[k]
h_i = \frac{1}{n} - x_i^2 || (1 / n + x**2)[i]
"""  # noqa: E501


def test_false_formulas_are_rejected():
    assert [row for row in cases(FALSE) if not differences(*row, NAMES)] == []


NOT_UNDERSTOOD = r"""
y = \foo x || not known in a formula: \foo
y = x + || not understood: the end of the formula
y = (x || the end where ) should stand
y = x) || ) where the end should stand
x \approx x || not understood: \approx
\log_2 x || nothing called log2
x'' || not understood: '
x_1_2 || not understood: _
x^{2}^{3} || not understood: ^
\sqrt[3]{x} || not understood: [
x / 2 x || after a quotient
\sin 2 x || after sin(2.0): write brackets
\tanh^{-1} x || may mean the inverse
\sum_{j \ne 2} x_j || not understood: \sum
y = \frac{\partial^2 x}{\partial x^2} || not understood: \partial
y = x \pm 1 || not understood: \pm
\hat{2 x} || not understood: \hat
\begin{aligned} a & b \end{aligned} || not understood: aligned
y = \begin{cases} 1 \\ 0 & x > 0 \end{cases} || not enough values
y = \begin{cases} 1 & k \\ 0 & k > 9 \end{cases} || case without a condition
y = \begin{pmatrix} x > 0 & x \end{pmatrix} || > where \end{pmatrix} should stand
x_2 = (0, 1) || , where ) should stand
2^* || not understood: *
x^\top^2 || not understood: \top
\frac1x || 1 where { should stand
y = \log || not understood: the end
y < x || an order or inequality
a_1 a_1 || matmul
W_1 + W_2 || ValueError
a_1^2 || power of a vector or matrix
\frac{a_1}{a_1} || quotient of two
W_1 \odot W_2 || elementwise product
\begin{cases} 1 & k > 1 \\ 2 & k > 0 \end{cases} || not disjoint
\sum_{i=0}^{2} o_i || no whole number from 1
\sum_{i=1}^{4} o_i || IndexError
\sum_{i=1}^{2^{9}} i || not understood: \sum
\sum_{i=1}^{c} i || no whole numbers
s'(t) || a derivative at a kink
\frac{d}{dt} |t| || a derivative at a kink
\frac{d}{dt} \max(0, t) || a derivative at a kink
"""


def test_what_is_not_understood_or_has_no_value_is_refused_by_name():
    for latex, said in cases(NOT_UNDERSTOOD):
        assert said in "; ".join(differences(latex, "0.0", NAMES)), latex


DIFFERENCES = r"""
\operatorname{ReLU}(z) = \begin{cases} z & z > 0 \\ 0 & z < 0 \end{cases} || torch.relu(z) || term 2 of the chain is nan, not 0 at z = 0
9 + 4 = 14 = 13 || 13 || term 2 of the chain is 14, not 13
y = 1 || nothing.at(all) || nothing.at(all) has no value: NameError: name 'nothing' is not defined
1.0001 c || c || the left-hand side is 0.250025, not 0.25
\frac{\partial L}{\partial c} = 2 c || 2 * c || the session has nothing called dL_dc: correct it, name it in the directive (dL_dc := …) or say what it is (… where dL_dc = …)
"""  # noqa: E501


def test_a_difference_names_term_and_place():
    for latex, expression, said in cases(DIFFERENCES):
        assert differences(latex, expression, NAMES) == [said]


def test_float32_is_compared_as_closely_and_a_directive_that_is_no_python_refused():
    names = {"t": torch.tensor(0.1), "torch": torch}
    assert differences("3 t", "3 * t", names) == []
    assert differences("3.001 t", "3 * t", names)
    for directive in ("1 +", "1 where x", "1 where 2 = x", "1 where **x", "(" * 999):
        assert len(differences("1", directive, {})) == 1


def test_a_formula_without_an_end_is_refused_or_read_at_once():
    pairs = ["(~)", r"\frac{1}{~}", "2^{~}", "f(~)", "x_{", r"\log ", r"\frac{d"]
    pairs += [r"\left", "'", "1 + "]
    for count in (80, 240, 20_000):
        for left, _, right in (pair.partition("~") for pair in pairs):
            latex = left * count + "x" + right * count
            (found,) = differences(latex, "0.5", {"x": 1.0})
            assert len(found) < 200


def _forever(x):
    return _forever(x)


NASTY = {
    **{"math": math, "m": math, "z": 0.0, "x": torch.tensor([1.0, 2.0])},
    **{"A": torch.ones(2, 3), "n": 10**400, "l": [1, [2, 3]], "q": lambda a, b: 1},
    **{"forever": _forever, "leave": exit, "h": lambda x: 1 / 0, "f": _forever},
}
RAISED = r"""
\frac{1}{z} || 1 / z || 1 / z has no value: ZeroDivisionError
h(z) || z || ZeroDivisionError: division by zero
h'(z) || z || ZeroDivisionError: division by zero
f(z) || z || RecursionError: maximum recursion depth
z || forever(z) || forever(z) has no value: RecursionError
z || leave(3) || leave(3) has no value: SystemExit: 3
\operatorname{leave}(z) || z || SystemExit:
q(z) || z || TypeError:
m + 1 || z || no number: <module 'math'
n + 1 || z || no number: 1000
10^{10^{10}} || z || OverflowError
\det A || z || \det
l || z || no number: [1, [2, 3]]
z || 'a' || no number: 'a'
z || math.nan || the left-hand side is 0, not nan
"""


def test_what_an_evaluation_raises_is_told():
    for latex, expression, said in cases(RAISED):
        assert said in "; ".join(differences(latex, expression, NASTY)), latex
