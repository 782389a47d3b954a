"""The newer activations and softmax against PyTorch's own: value, gradient, corners."""

import math
from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 (the field's own name)
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from tests.torch_recipes.against_pytorch import (
    DTYPES,
    Elementwise,
    any_tensor,
    assert_same,
    autograd,
    corners,
    relaxed,
    tensors,
)
from torch_recipes import modern_activations
from torch_recipes.modern_activations import (
    SELU_ALPHA,
    SELU_SCALE,
    elu,
    elu_derivative,
    gelu,
    gelu_derivative,
    gelu_tanh,
    gelu_tanh_derivative,
    hardswish,
    hardswish_derivative,
    mish,
    mish_derivative,
    normal_cdf,
    normal_density,
    selu,
    selu_derivative,
    silu,
    silu_derivative,
    softmax,
    softmax_jacobian,
)

FUNCTIONS: dict[str, tuple[Elementwise, Elementwise, Elementwise]] = {
    "elu": (elu, elu_derivative, F.elu),
    "gelu": (gelu, gelu_derivative, F.gelu),
    "gelu_tanh": (
        gelu_tanh,
        gelu_tanh_derivative,
        lambda x: F.gelu(x, approximate="tanh"),
    ),
    "hardswish": (hardswish, hardswish_derivative, F.hardswish),
    "mish": (mish, mish_derivative, F.mish),
    "selu": (selu, selu_derivative, F.selu),
    "silu": (silu, silu_derivative, F.silu),
}
every_function = pytest.mark.parametrize("name", FUNCTIONS)
every_dtype = pytest.mark.parametrize("dtype", DTYPES, ids=["float32", "float64"])


def slack(x: Tensor) -> float:
    # PyTorch's own forms cancel on the left, where the values are small; the slope of
    # the tanh form feels the rounding of x³.
    return 40 * torch.finfo(x.dtype).eps


def in_reach(x: Tensor) -> Tensor:
    # Beyond, x³ overflows in float32 and 0 · ∞ is no number, in PyTorch's form too.
    return x[x.isfinite() & (x.abs() < 1e12)]


@every_function
@relaxed
@given(x=any_tensor)
def test_value_is_pytorchs_on_random_input(name: str, x: Tensor):
    ours, _, theirs = FUNCTIONS[name]
    x = in_reach(x)
    assert_same(ours(x), theirs(x), slack(x))


@every_function
@relaxed
@given(x=any_tensor)
def test_derivative_is_pytorchs_autograd_on_random_input(name: str, x: Tensor):
    _, derivative, theirs = FUNCTIONS[name]
    x = in_reach(x)
    assert_same(derivative(x), autograd(theirs, x), slack(x))


@every_function
@relaxed
@given(x=any_tensor)
def test_autograd_through_our_function_gives_our_derivative(name: str, x: Tensor):
    ours, derivative, _ = FUNCTIONS[name]
    x = in_reach(x)
    assert_same(autograd(ours, x), derivative(x), slack(x))


@every_dtype
@every_function
def test_corner_values_and_gradients_are_pytorchs(name: str, dtype: torch.dtype):
    ours, derivative, theirs = FUNCTIONS[name]
    kinks = torch.tensor([-3.0, 3.0, -5.7, 2.9999, -2.9999], dtype=dtype)
    x = torch.cat([in_reach(corners(dtype)), kinks])
    assert_same(ours(x), theirs(x), slack(x))
    assert_same(derivative(x), autograd(theirs, x), slack(x))
    assert_same(autograd(ours, x), autograd(theirs, x), slack(x))


@every_dtype
@every_function
def test_every_finite_input_has_a_finite_value(name: str, dtype: torch.dtype):
    ours, derivative, _ = FUNCTIONS[name]
    x = corners(dtype)
    x = x[x.isfinite()]
    assert (ours(x) if name != "selu" else ours(x / 2)).isfinite().all()
    assert derivative(in_reach(x)).isfinite().all()


REFERENCE: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "elu": (
        lambda x: x if x > 0 else math.expm1(x),
        lambda x: 1 if x > 0 else math.exp(x),
    ),
    "gelu": (
        lambda x: x * math.erfc(-x / math.sqrt(2)) / 2,
        lambda x: (
            math.erfc(-x / math.sqrt(2)) / 2
            + x * math.exp(-x * x / 2) / math.sqrt(2 * math.pi)
        ),
    ),
    "hardswish": (
        lambda x: x * min(max(x + 3, 0), 6) / 6,
        lambda x: 0 if x <= -3 else 1 if x >= 3 else (2 * x + 3) / 6,
    ),
    "mish": (
        lambda x: x * math.tanh(math.log1p(math.exp(x))),
        lambda x: (
            math.tanh(math.log1p(math.exp(x)))
            + x / math.cosh(math.log1p(math.exp(x))) ** 2 / (1 + math.exp(-x))
        ),
    ),
    "silu": (
        lambda x: x / (1 + math.exp(-x)),
        lambda x: (1 + math.exp(-x) + x * math.exp(-x)) / (1 + math.exp(-x)) ** 2,
    ),
}


@pytest.mark.parametrize("name", REFERENCE)
@relaxed
@given(x=st.floats(-100, 100))
def test_float64_equals_the_formula_in_plain_python(name: str, x: float):
    ours, derivative, _ = FUNCTIONS[name]
    value, slope = REFERENCE[name]
    at = torch.tensor(x, dtype=torch.float64)
    assert ours(at).item() == pytest.approx(value(x), rel=1e-13, abs=1e-15)
    assert derivative(at).item() == pytest.approx(slope(x), rel=1e-12, abs=1e-14)


@every_function
def test_finite_differences_agree_with_autograd_through_our_function(name: str):
    ours, _, _ = FUNCTIONS[name]
    x = torch.linspace(-6, 6, 24, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(ours, x)


@every_dtype
@every_function
def test_nan_stays_nan(name: str, dtype: torch.dtype):
    ours, _, _ = FUNCTIONS[name]
    assert ours(torch.tensor(math.nan, dtype=dtype)).isnan()


@every_dtype
@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (2, 3, 4)])
@every_function
def test_shapes_and_dtypes_pass_through(
    name: str, shape: tuple[int, ...], dtype: torch.dtype
):
    ours, derivative, _ = FUNCTIONS[name]
    x = torch.zeros(shape, dtype=dtype)
    for result in (ours(x), derivative(x)):
        assert result.shape == shape
        assert result.dtype == dtype


@every_dtype
@relaxed
@given(data=st.data())
def test_elu_follows_pytorch_for_any_alpha(data, dtype: torch.dtype):
    x = in_reach(data.draw(tensors(dtype)))
    alpha = data.draw(st.floats(0, 3))
    theirs = autograd(lambda x: F.elu(x, alpha), x)
    assert_same(elu(x, alpha), F.elu(x, alpha), slack(x))
    assert_same(elu_derivative(x, alpha), theirs, slack(x))
    assert_same(autograd(lambda x: elu(x, alpha), x), theirs, slack(x))


def test_slopes_where_the_pieces_meet_are_pytorchs_convention():
    zero, ends = torch.tensor([0.0, -0.0]), torch.tensor([-3.0, 3.0])
    assert elu_derivative(zero, 0.25).tolist() == [0.25, 0.25]
    assert_same(selu_derivative(zero), autograd(F.selu, zero))
    assert hardswish_derivative(ends).tolist() == autograd(F.hardswish, ends).tolist()


MINIMA = {
    "gelu": (-0.7518, -0.1700),
    "gelu_tanh": (-0.7525, -0.1700),
    "hardswish": (-1.5, -0.375),
    "mish": (-1.1925, -0.3088),
    "silu": (-1.2785, -0.2785),
}


@pytest.mark.parametrize("name", MINIMA)
def test_the_documented_minimum_is_where_the_slope_is_zero(name: str):
    ours, derivative, _ = FUNCTIONS[name]
    place, depth = MINIMA[name]
    x = torch.linspace(-6, 6, 120_001, dtype=torch.float64)
    assert ours(x).min().item() == pytest.approx(depth, abs=5e-5)
    assert x[ours(x).argmin()].item() == pytest.approx(place, abs=1.1e-4)
    at = torch.tensor([place - 0.01, place + 0.01], dtype=torch.float64)
    assert derivative(at).sign().tolist() == [-1, 1]


def test_selus_constants_make_mean_0_and_variance_1_a_fixed_point():
    z = torch.linspace(-12, 12, 240_001, dtype=torch.float64)
    weight = normal_density(z) * (z[1] - z[0])
    value = selu(z)
    assert (weight * value).sum().item() == pytest.approx(0, abs=1e-9)
    assert (weight * value**2).sum().item() == pytest.approx(1, abs=1e-9)
    assert (
        torch.nn.functional.selu(torch.tensor(-1e3, dtype=torch.float64)).item()
        / -SELU_SCALE
        == SELU_ALPHA
    )


def test_the_tanh_form_stays_within_the_documented_distance_of_gelu():
    x = torch.linspace(-10, 10, 200_001, dtype=torch.float64)
    distance = (gelu(x) - gelu_tanh(x)).abs().max().item()
    assert 4.7e-4 < distance < 4.8e-4


@relaxed
@given(x=tensors(torch.float64))
def test_normal_cdf_and_density_are_those_of_torch_distributions(x: Tensor):
    x = in_reach(x)
    normal = torch.distributions.Normal(
        torch.zeros((), dtype=torch.float64), torch.ones((), dtype=torch.float64)
    )
    assert_same(normal_cdf(x), normal.cdf(x), slack(x))
    assert_same(normal_density(x), normal.log_prob(x).exp(), slack(x))


def test_gelu_keeps_the_left_tail_that_pytorchs_form_cancels():
    x = torch.tensor([-6.0])
    assert F.gelu(x).item() == 0
    assert gelu(x).item() == pytest.approx(-6 * math.erfc(6 / math.sqrt(2)) / 2)


# Softmax

rows = st.lists(
    st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3), min_size=0, max_size=4
).map(lambda rows: torch.tensor(rows, dtype=torch.float64).reshape(-1, 3))


@relaxed
@given(logits=rows)
def test_softmax_and_its_jacobian_are_pytorchs(logits: Tensor):
    p = softmax(logits)
    assert_same(p, torch.softmax(logits, dim=-1), slack(logits))
    assert_same(p.sum(dim=-1), torch.ones(len(logits), dtype=torch.float64))
    jacobian = softmax_jacobian(logits)
    assert jacobian.shape == (len(logits), 3, 3)
    for row, ours in zip(logits, jacobian, strict=True):
        theirs = torch.func.jacrev(lambda o: torch.softmax(o, dim=0))(row)
        assert_same(ours, theirs, slack(row))
        through = torch.func.jacrev(softmax)(row)
        assert_same(through, theirs, slack(row))


def test_softmax_neither_overflows_nor_changes_when_all_logits_move():
    logits = torch.tensor([2.0, 1.0, -1.0])
    assert_same(softmax(logits + 1000), softmax(logits))
    assert softmax(torch.tensor([3e38, -3e38])).tolist() == [1, 0]


def test_softmax_of_no_class_is_refused():
    with pytest.raises(IndexError, match="non-zero size"):
        softmax(torch.zeros(2, 0))


def test_every_public_function_is_tested_here():
    assert set(modern_activations.__all__) <= set(globals())
