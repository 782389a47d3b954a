"""The activations and softmax: against mpmath, PyTorch's own, and each other."""

import math
from collections.abc import Callable

import mpmath as mp
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 (the field's own name)
from torch import Tensor

from torch_recipes import activations as a
from torch_recipes import modern_activations as m

# The function, its derivative, PyTorch's own, and the formula for mpmath.
FUNCTIONS: dict[str, tuple[Callable, Callable | None, Callable, Callable]] = {
    "sigmoid": (
        *(a.sigmoid, a.sigmoid_derivative, torch.sigmoid),
        lambda x: 1 / (1 + mp.exp(-x)),
    ),
    "tanh": (a.tanh, a.tanh_derivative, torch.tanh, mp.tanh),
    "log_sigmoid": (
        *(a.log_sigmoid, a.log_sigmoid_derivative, F.logsigmoid),
        lambda x: -mp.log1p(mp.exp(-x)),
    ),
    "relu": (a.relu, a.relu_derivative, torch.relu, lambda x: max(x, mp.mpf(0))),
    "leaky_relu": (
        *(a.leaky_relu, a.leaky_relu_derivative, F.leaky_relu),
        lambda x: max(x, x * 0.01),
    ),
    "softplus": (
        *(a.softplus, a.softplus_derivative, F.softplus),
        lambda x: mp.log1p(mp.exp(x)),
    ),
    "elu": (
        *(m.elu, m.elu_derivative, F.elu),
        lambda x: x if x > 0 else mp.expm1(x),
    ),
    "selu": (
        *(m.selu, m.selu_derivative, F.selu),
        lambda x: m.SELU_SCALE * (x if x > 0 else m.SELU_ALPHA * mp.expm1(x)),
    ),
    "gelu": (
        *(m.gelu, m.gelu_derivative, F.gelu),
        lambda x: x * mp.erfc(-x / mp.sqrt(2)) / 2,
    ),
    "gelu_tanh": (
        *(m.gelu_tanh, None, lambda x: F.gelu(x, approximate="tanh")),
        lambda x: x / (1 + mp.exp(-2 * mp.sqrt(2 / mp.pi) * (x + x**3 * 0.044715))),
    ),
    "silu": (m.silu, m.silu_derivative, F.silu, lambda x: x / (1 + mp.exp(-x))),
    "mish": (
        *(m.mish, m.mish_derivative, F.mish),
        lambda x: x * mp.tanh(mp.log1p(mp.exp(x))),
    ),
    "hardswish": (
        *(m.hardswish, m.hardswish_derivative, F.hardswish),
        lambda x: x * min(max(x + 3, 0), 6) / 6,
    ),
}
# Their slopes change sign, and on the left rounding the argument moves them: the error
# is small beside 1, not beside the slope.
WAVY = {"gelu", "gelu_tanh", "silu", "mish", "hardswish"}
every_function = pytest.mark.parametrize("name", FUNCTIONS)
FLOATS = [torch.float16, torch.bfloat16, torch.float32, torch.float64]
INTEGERS = [torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64]


def autograd(function: Callable, x: Tensor) -> Tensor:
    x = x.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(function(x).sum(), x)
    return gradient


def inputs(dtype: torch.dtype) -> Tensor:
    """Both tails, both neighbourhoods of 0, and the ends of the dtype's range."""
    info = torch.finfo(dtype)
    small = torch.logspace(-20, 4.5, 99, dtype=torch.float64)
    ends = [info.max, info.tiny, info.smallest_normal / 4, 0.0, 3.0]
    ends = torch.tensor(ends, dtype=torch.float64)
    linear = torch.linspace(-120, 120, 961, dtype=torch.float64)
    return torch.cat([linear, small, -small, ends, -ends]).to(dtype)


def assert_close(actual: Tensor, expected: Tensor, units: float, slack: float) -> None:
    eps, tiny = torch.finfo(actual.dtype).eps, torch.finfo(actual.dtype).tiny
    torch.testing.assert_close(
        actual, expected.to(actual.dtype), rtol=units * eps, atol=slack * eps + 2 * tiny
    )


@every_function
def test_float64_is_the_formula_to_its_last_digits(name: str):
    ours, derivative, _, formula = FUNCTIONS[name]
    x = [-99, -80.3, -36.7, -19, -9, -4.1, -2.9, -1.01, -0.99, -0.3, -1e-9]
    x = torch.tensor([*x, *(-value for value in x)], dtype=torch.float64)
    with mp.workdps(120):
        at = [mp.mpf(value) for value in x.tolist()]
        values = [float(formula(value)) for value in at]
        slopes = [float(mp.diff(formula, value, h=mp.mpf(10) ** -25)) for value in at]
    slack = 24 if name in WAVY else 0
    values, slopes = torch.tensor([values, slopes], dtype=torch.float64)
    assert_close(ours(x), values, 8, slack)
    assert_close(autograd(ours, x), slopes, 8, slack)
    if derivative:
        assert_close(derivative(x), slopes, 8, slack)


@every_function
def test_every_floating_dtype_keeps_the_digits_of_float64_in_both_tails(name: str):
    ours, derivative, _, _ = FUNCTIONS[name]
    slack = 24 if name in WAVY else 0
    for dtype in FLOATS:
        x = inputs(dtype)
        if name == "selu":  # its values go beyond the largest number
            x = x.clamp(max=torch.finfo(dtype).max / 2)
        exact = derivative(x.double()) if derivative else autograd(ours, x.double())
        found = [(ours(x), ours(x.double())), (autograd(ours, x), exact)]
        found += [(derivative(x), exact)] if derivative else []
        for actual, expected in found:
            assert actual.dtype == dtype
            assert actual.isfinite().all()
            assert_close(actual, expected, 8, slack)


@every_function
def test_values_and_slopes_are_pytorchs(name: str):
    ours, derivative, theirs, _ = FUNCTIONS[name]
    # PyTorch's softplus is x itself above 20, and its slopes cancel.
    softplus = math.log1p(math.exp(-20))
    for dtype in (torch.float32, torch.float64):
        x = torch.cat([inputs(dtype), torch.tensor([math.inf, -math.inf], dtype=dtype)])
        value, slope = theirs(x), autograd(theirs, x)
        atol = 64 * torch.finfo(dtype).eps + (softplus if name == "softplus" else 0)
        for found, expected in (
            (ours(x), value),
            (autograd(ours, x), slope),
            (derivative(x) if derivative else slope, slope),
        ):
            # PyTorch's GELU is ∞ at the largest number and NaN at ∞; ours is not.
            known = expected.isfinite() | found.isinf()
            known &= ~expected.isnan() & ~(x.isinf() & found.isnan())
            torch.testing.assert_close(
                found[known], expected[known], rtol=64 * 2**-23, atol=atol
            )
        assert ours(torch.tensor(math.nan, dtype=dtype)).isnan()


@every_function
def test_integers_and_booleans_are_promoted_before_they_can_wrap(name: str):
    ours, derivative, theirs, _ = FUNCTIONS[name]
    for dtype in [torch.bool, *INTEGERS]:
        x = torch.tensor([False, True])
        if dtype != torch.bool:
            info = torch.iinfo(dtype)
            x = torch.tensor([info.min, info.max, 0, 1, 3, 100, 120], dtype=dtype)
        real = x.double()
        pairs = [(ours, theirs(real))]
        pairs += [(derivative, autograd(theirs, real))] if derivative else []
        for function, expected in pairs:
            found = function(x)
            keeps = function in (a.relu, a.relu_derivative)
            assert found.dtype == (dtype if keeps else torch.get_default_dtype())
            assert_close(found.float(), expected, 8, 8)


@every_function
def test_complex_numbers_are_refused_or_treated_as_pytorch_does(name: str):
    x = torch.tensor([1 + 1j])
    if name == "silu":
        torch.testing.assert_close(m.silu(x), F.silu(x))
    else:
        with pytest.raises(RuntimeError):
            FUNCTIONS[name][0](x)


@every_function
def test_any_shape_and_stride_passes_and_the_input_stays_as_it_is(name: str):
    ours, derivative, _, _ = FUNCTIONS[name]
    flat = torch.linspace(-5, 5, 24)
    for x in (flat, flat[3], flat[:0], flat.view(2, 3, 4).mT[:, ::2]):
        x = x.detach().requires_grad_()
        before = x.clone()
        for function in filter(None, (ours, derivative)):
            found = function(x)
            assert found.shape == x.shape
            assert_close(found, function(x.contiguous()), 0, 0)
        assert torch.equal(x, before)
        assert x.grad is None


def test_slopes_where_pieces_meet_are_pytorchs_convention():
    zero, ends = torch.tensor([0.0, -0.0]), torch.tensor([-3.0, 3.0])
    assert a.relu_derivative(zero).tolist() == [0, 0]
    assert a.leaky_relu_derivative(zero, 0.25).tolist() == [0.25, 0.25]
    assert m.elu_derivative(zero, 0.25).tolist() == [0.25, 0.25]
    assert torch.equal(m.selu_derivative(zero), autograd(F.selu, zero))
    assert m.hardswish_derivative(ends).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("ours", "derivative", "theirs"),
    [
        (a.leaky_relu, a.leaky_relu_derivative, F.leaky_relu),
        (m.elu, m.elu_derivative, F.elu),
    ],
)
def test_the_left_side_follows_its_setting(ours, derivative, theirs):
    x = torch.linspace(-30, 30, 61, dtype=torch.float64)
    for setting in (0, 0.3, 1, 2.5):
        slopes = autograd(lambda x, s=setting: theirs(x, s), x)
        assert_close(ours(x, setting), theirs(x, setting), 8, 0)
        assert_close(derivative(x, setting), slopes, 8, 0)
        assert_close(autograd(lambda x, s=setting: ours(x, s), x), slopes, 8, 0)


def test_identities_between_the_functions_hold():
    x = inputs(torch.float32)
    assert_close(a.sigmoid(x) + a.sigmoid(-x), torch.ones_like(x), 8, 0)
    assert torch.equal(a.log_sigmoid(x), -a.softplus(-x))
    assert torch.equal(a.tanh(-x), -a.tanh(x))
    assert a.tanh(torch.tensor([0.0, -0.0])).signbit().tolist() == [False, True]


MINIMA = {
    "gelu": (-0.7518, -0.1700),
    "gelu_tanh": (-0.7525, -0.1700),
    "hardswish": (-1.5, -0.375),
    "mish": (-1.1925, -0.3088),
    "silu": (-1.2785, -0.2785),
}


@pytest.mark.parametrize("name", MINIMA)
def test_the_documented_minimum_is_the_least_value(name: str):
    place, depth = MINIMA[name]
    x = torch.linspace(-6, 6, 120_001, dtype=torch.float64)
    value = FUNCTIONS[name][0](x)
    assert value.min().item() == pytest.approx(depth, abs=5e-5)
    assert x[value.argmin()].item() == pytest.approx(place, abs=1.1e-4)


def test_selus_constants_make_mean_0_and_variance_1_a_fixed_point():
    z = torch.linspace(-12, 12, 240_001, dtype=torch.float64)
    weight = m.normal_density(z) * (z[1] - z[0])
    value = m.selu(z)
    assert (weight * value).sum().item() == pytest.approx(0, abs=1e-9)
    assert (weight * value**2).sum().item() == pytest.approx(1, abs=1e-9)


def test_the_tanh_form_stays_within_the_documented_distance_of_gelu():
    x = torch.linspace(-10, 10, 200_001, dtype=torch.float64)
    distance = (m.gelu(x) - m.gelu_tanh(x)).abs().max().item()
    assert 4.7e-4 < distance < 4.8e-4


def test_the_normal_distribution_keeps_its_left_tail_and_takes_integers():
    x = torch.tensor([-37.5, -6, -1, 0, 2, 30], dtype=torch.float64)
    cdf = [float(mp.ncdf(value)) for value in x.tolist()]
    density = [float(mp.npdf(value)) for value in x.tolist()]
    assert m.normal_cdf(x).tolist() == pytest.approx(cdf, rel=1e-12)
    assert m.normal_density(x).tolist() == pytest.approx(density, rel=1e-12)
    for function in (m.normal_cdf, m.normal_density):
        for dtype in [torch.bool, *INTEGERS]:
            whole = torch.tensor([0, 1, 12], dtype=torch.uint8).to(dtype)
            assert_close(function(whole), function(whole.double()), 8, 0)


# Softmax


@pytest.mark.parametrize("dtype", [*FLOATS, *INTEGERS, torch.bool])
def test_softmax_and_its_jacobian_are_pytorchs_in_every_dtype(dtype: torch.dtype):
    logits = torch.tensor([[0, 0, 0], [1, 0, 100], [127, 126, -128]]).to(dtype)
    real = logits.double()
    p = m.softmax(logits)
    assert_close(p, torch.softmax(real, dim=-1), 8, 0)
    jacobian = torch.stack(
        [torch.func.jacrev(lambda o: torch.softmax(o, dim=0))(row) for row in real]
    )
    assert_close(m.softmax_jacobian(logits), jacobian, 8, 8)
    if dtype.is_floating_point:
        through = torch.stack([torch.func.jacrev(m.softmax)(row) for row in logits])
        assert_close(through, jacobian, 8, 8)


def test_softmax_takes_no_row_and_one_number_and_no_overflow():
    assert m.softmax(torch.zeros(0, 3)).shape == (0, 3)
    assert m.softmax_jacobian(torch.zeros(0, 3)).shape == (0, 3, 3)
    assert m.softmax(torch.tensor(5.0)).item() == 1
    assert m.softmax(torch.tensor([3e38, -3e38])).tolist() == [1, 0]


def test_softmax_of_no_class_is_refused():
    with pytest.raises(IndexError, match="non-zero size"):
        m.softmax(torch.zeros(2, 0))
