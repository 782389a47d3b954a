"""Every activation against PyTorch's own: value, gradient, corners, both dtypes."""

import math
from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 (the field's own name)
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from tests.torch_recipes.against_pytorch import (
    DTYPES,
    INF,
    Elementwise,
    any_tensor,
    assert_same,
    autograd,
    corners,
    relaxed,
    tensors,
)
from torch_recipes import activations
from torch_recipes.activations import (
    bilinear,
    bilinear_gradients,
    leaky_relu,
    leaky_relu_derivative,
    linear,
    linear_gradients,
    log_sigmoid,
    log_sigmoid_derivative,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    softplus,
    softplus_derivative,
    tanh,
    tanh_derivative,
)

FUNCTIONS: dict[str, tuple[Elementwise, Elementwise, Elementwise]] = {
    "sigmoid": (sigmoid, sigmoid_derivative, torch.sigmoid),
    "tanh": (tanh, tanh_derivative, torch.tanh),
    "log_sigmoid": (log_sigmoid, log_sigmoid_derivative, F.logsigmoid),
    "relu": (relu, relu_derivative, torch.relu),
    "leaky_relu": (leaky_relu, leaky_relu_derivative, F.leaky_relu),
    "softplus": (softplus, softplus_derivative, F.softplus),
}
every_function = pytest.mark.parametrize("name", FUNCTIONS)
every_dtype = pytest.mark.parametrize("dtype", DTYPES, ids=["float32", "float64"])


def value_slack(name: str, dtype: torch.dtype) -> float:
    # F.softplus returns x above 20, where log(1 + exp(x)) is up to 2.1e-9 more.
    return math.log1p(math.exp(-20)) if name == "softplus" else 0.0


def gradient_slack(name: str, dtype: torch.dtype) -> float:
    # PyTorch takes y (1 - y) and 1 - y², whose last digits cancel.
    slack = 2 * torch.finfo(dtype).eps
    return slack + value_slack(name, dtype)


@every_function
@relaxed
@given(x=any_tensor)
def test_value_shape_and_dtype_are_pytorchs_on_random_input(name: str, x: Tensor):
    ours, _, theirs = FUNCTIONS[name]
    assert_same(ours(x), theirs(x), value_slack(name, x.dtype))


@every_function
@relaxed
@given(x=any_tensor)
def test_derivative_is_pytorchs_autograd_on_random_input(name: str, x: Tensor):
    _, derivative, theirs = FUNCTIONS[name]
    slack = gradient_slack(name, x.dtype)
    assert_same(derivative(x), autograd(theirs, x), slack)


@every_function
@relaxed
@given(x=any_tensor)
def test_autograd_through_our_function_gives_our_derivative(name: str, x: Tensor):
    ours, derivative, _ = FUNCTIONS[name]
    slack = gradient_slack(name, x.dtype)
    assert_same(autograd(ours, x), derivative(x), slack)


@every_dtype
@every_function
def test_corner_values_and_gradients_are_pytorchs(name: str, dtype: torch.dtype):
    ours, derivative, theirs = FUNCTIONS[name]
    x = corners(dtype)
    slack = gradient_slack(name, dtype)
    assert_same(ours(x), theirs(x), value_slack(name, dtype))
    assert_same(derivative(x), autograd(theirs, x), slack)
    assert_same(autograd(ours, x), autograd(theirs, x), slack)


@every_function
@relaxed
@given(x=tensors(torch.float32))
def test_float32_is_right_to_a_few_ulps_not_just_close_to_pytorch(name: str, x: Tensor):
    ours, derivative, _ = FUNCTIONS[name]
    assert_same(ours(x), ours(x.double()).float())
    assert_same(derivative(x), derivative(x.double()).float())


REFERENCE: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "sigmoid": (
        lambda x: 1 / (1 + math.exp(-x)),
        lambda x: 1 / (2 + 2 * math.cosh(x)),
    ),
    "tanh": (math.tanh, lambda x: 1 / math.cosh(x) ** 2),
    "log_sigmoid": (
        lambda x: -math.log1p(math.exp(-x)),
        lambda x: 1 / (1 + math.exp(x)),
    ),
    "relu": (lambda x: max(0.0, x), lambda x: 1.0 if x > 0 else 0.0),
    "leaky_relu": (
        lambda x: max(x, 0.01 * x),
        lambda x: 1.0 if x > 0 else 0.01,
    ),
    "softplus": (
        lambda x: math.log1p(math.exp(x)),
        lambda x: 1 / (1 + math.exp(-x)),
    ),
}


@every_function
@relaxed
@given(x=st.floats(-300, 300))
def test_float64_equals_the_formula_in_plain_python(name: str, x: float):
    ours, derivative, _ = FUNCTIONS[name]
    value, slope = REFERENCE[name]
    at = torch.tensor(x, dtype=torch.float64)
    assert ours(at).item() == pytest.approx(value(x), rel=1e-14, abs=1e-300)
    assert derivative(at).item() == pytest.approx(slope(x), rel=1e-13, abs=1e-300)


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
def test_shapes_pass_through(name: str, shape: tuple[int, ...], dtype: torch.dtype):
    ours, derivative, _ = FUNCTIONS[name]
    x = torch.zeros(shape, dtype=dtype)
    for result in (ours(x), derivative(x)):
        assert result.shape == shape
        assert result.dtype == dtype


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "softplus", "log_sigmoid"])
def test_integers_are_promoted_to_the_default_dtype(name: str):
    ours, derivative, _ = FUNCTIONS[name]
    whole = torch.arange(-3, 4)
    assert_same(ours(whole), ours(whole.float()))
    assert_same(derivative(whole), derivative(whole.float()))


@every_dtype
@relaxed
@given(data=st.data())
def test_leaky_relu_follows_pytorch_for_any_slope(data, dtype: torch.dtype):
    x = data.draw(tensors(dtype).filter(lambda x: bool(x.isfinite().all())))
    slope = data.draw(st.floats(0, 2))
    assert_same(leaky_relu(x, slope), F.leaky_relu(x, slope))
    theirs = autograd(lambda x: F.leaky_relu(x, slope), x)
    assert_same(leaky_relu_derivative(x, slope), theirs)
    assert_same(autograd(lambda x: leaky_relu(x, slope), x), theirs)


def test_tanh_keeps_the_sign_of_zero():
    signs = tanh(torch.tensor([0.0, -0.0])).signbit().tolist()
    assert signs == [False, True]


def test_derivatives_at_the_kink_are_pytorchs_convention():
    zero = torch.tensor([0.0, -0.0])
    assert relu_derivative(zero).tolist() == [0, 0]
    assert leaky_relu_derivative(zero, 0.25).tolist() == [0.25, 0.25]


# What the plain formulas lose and these functions keep.


def test_autograd_through_the_plain_sigmoid_is_nan_and_through_ours_is_zero():
    x = torch.tensor([-100.0])
    assert autograd(lambda x: 1 / (1 + torch.exp(-x)), x).isnan().all()
    assert autograd(sigmoid, x).item() == pytest.approx(0.0, abs=1e-38)


def test_plain_tanh_overflows_and_ours_does_not():
    x = torch.tensor([100.0])
    plain = (x.exp() - (-x).exp()) / (x.exp() + (-x).exp())
    assert plain.isnan().all()
    assert tanh(x).item() == 1


def test_plain_log_of_sigmoid_is_minus_infinity_and_ours_is_not():
    x = torch.tensor([-200.0])
    assert torch.log(torch.sigmoid(x)).item() == -INF
    assert log_sigmoid(x).item() == -200
    assert autograd(log_sigmoid, x).item() == 1


def test_slopes_far_out_on_the_right_do_not_cancel_to_zero():
    x = torch.tensor([20.0])
    assert autograd(torch.sigmoid, x).item() == 0
    assert sigmoid_derivative(x).item() == pytest.approx(math.exp(-20), rel=1e-6)
    assert tanh_derivative(x).item() == pytest.approx(4 * math.exp(-40), rel=1e-6)


@relaxed
@given(x=any_tensor)
def test_identities_between_the_functions_hold(x: Tensor):
    assert_same(sigmoid(x) + sigmoid(-x), torch.ones_like(x))
    assert_same(log_sigmoid(x), -softplus(-x))
    assert torch.equal(tanh(-x), -tanh(x))


# The two maps with weights.

sizes = st.integers(1, 5)
leading = st.sampled_from([(), (1,), (4,), (2, 3), (0,)])


def randn(seed: int, dtype: torch.dtype, *shapes: tuple[int, ...]) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [
        torch.randn(shape, generator=generator, dtype=dtype, requires_grad=True)
        for shape in shapes
    ]


def assert_close(actual: Tensor, expected: Tensor) -> None:
    # Sums of products: the order of summation differs from PyTorch's.
    tolerance = 200 * torch.finfo(expected.dtype).eps
    torch.testing.assert_close(actual, expected, rtol=tolerance, atol=tolerance)


@every_dtype
@relaxed
@given(seed=st.integers(0, 2**31), batch=leading, inputs=sizes, outputs=sizes)
def test_linear_and_its_gradients_are_pytorchs(
    seed: int, batch: tuple[int, ...], inputs: int, outputs: int, dtype: torch.dtype
):
    x, weight, bias, grad_output = randn(
        seed, dtype, (*batch, inputs), (outputs, inputs), (outputs,), (*batch, outputs)
    )
    z = F.linear(x, weight, bias)
    assert_close(linear(x, weight, bias), z)
    theirs = torch.autograd.grad(z, (x, weight, bias), grad_output)
    ours = linear_gradients(grad_output, x, weight)
    through = torch.autograd.grad(
        linear(x, weight, bias), (x, weight, bias), grad_output
    )
    for gradient, again, expected in zip(ours, through, theirs, strict=True):
        assert_close(gradient, expected)
        assert_close(again, expected)


@every_dtype
@relaxed
@given(seed=st.integers(0, 2**31), batch=leading, in1=sizes, in2=sizes, outputs=sizes)
def test_bilinear_and_its_gradients_are_pytorchs(
    seed: int,
    batch: tuple[int, ...],
    in1: int,
    in2: int,
    outputs: int,
    dtype: torch.dtype,
):
    x1, x2, weight, bias, grad_output = randn(
        seed,
        dtype,
        (*batch, in1),
        (*batch, in2),
        (outputs, in1, in2),
        (outputs,),
        (*batch, outputs),
    )
    z = F.bilinear(x1, x2, weight, bias)
    assert_close(bilinear(x1, x2, weight, bias), z)
    arguments = (x1, x2, weight, bias)
    theirs = torch.autograd.grad(z, arguments, grad_output)
    ours = bilinear_gradients(grad_output, x1, x2, weight)
    through = torch.autograd.grad(bilinear(*arguments), arguments, grad_output)
    for gradient, again, expected in zip(ours, through, theirs, strict=True):
        assert_close(gradient, expected)
        assert_close(again, expected)


def test_the_recipes_layers_are_reproduced_from_their_parameters():
    torch.manual_seed(0)
    x, y = torch.randn(100, 10), torch.randn(100, 30)
    layer, pair = nn.Linear(10, 5), nn.Bilinear(10, 30, 5)
    assert_close(linear(x, layer.weight, layer.bias), layer(x))
    assert_close(bilinear(x, y, pair.weight, pair.bias), pair(x, y))


def test_mismatched_features_and_dtypes_are_refused():
    x, weight, bias = torch.ones(2, 3), torch.ones(5, 4), torch.ones(5)
    with pytest.raises(RuntimeError, match="cannot be multiplied"):
        linear(x, weight, bias)
    with pytest.raises(RuntimeError, match="same dtype"):
        linear(x, torch.ones(5, 3, dtype=torch.float64), bias)
    with pytest.raises(RuntimeError, match="subscript i has size"):
        bilinear(x, x, torch.ones(5, 4, 3), bias)
    with pytest.raises(RuntimeError, match="expected"):
        bilinear(x, x, torch.ones(5, 3, 3, dtype=torch.float64), bias)


def test_every_public_function_is_tested_here():
    assert set(activations.__all__) <= set(globals())
