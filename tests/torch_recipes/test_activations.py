"""The activations and softmax: against mpmath, PyTorch's own, and each other."""

import math
from collections.abc import Callable

import mpmath as mp
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 (the field's own name)
from torch import Tensor

from torch_recipes import activations as a

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
}
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
    values, slopes = torch.tensor([values, slopes], dtype=torch.float64)
    assert_close(ours(x), values, 8, 0)
    assert_close(autograd(ours, x), slopes, 8, 0)
    if derivative:
        assert_close(derivative(x), slopes, 8, 0)


@every_function
def test_every_floating_dtype_keeps_the_digits_of_float64_in_both_tails(name: str):
    ours, derivative, _, _ = FUNCTIONS[name]
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
            assert_close(actual, expected, 8, 0)


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
    zero = torch.tensor([0.0, -0.0])
    assert a.relu_derivative(zero).tolist() == [0, 0]
    assert a.leaky_relu_derivative(zero, 0.25).tolist() == [0.25, 0.25]


def test_the_left_side_follows_its_setting():
    ours, derivative = a.leaky_relu, a.leaky_relu_derivative
    theirs = F.leaky_relu
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


# Softmax


@pytest.mark.parametrize("dtype", [*FLOATS, *INTEGERS, torch.bool])
def test_softmax_and_its_jacobian_are_pytorchs_in_every_dtype(dtype: torch.dtype):
    logits = torch.tensor([[0, 0, 0], [1, 0, 100], [127, 126, -128]]).to(dtype)
    real = logits.double()
    p = a.softmax(logits)
    assert_close(p, torch.softmax(real, dim=-1), 8, 0)
    jacobian = torch.stack(
        [torch.func.jacrev(lambda o: torch.softmax(o, dim=0))(row) for row in real]
    )
    assert_close(a.softmax_jacobian(logits), jacobian, 8, 8)
    if dtype.is_floating_point:
        through = torch.stack([torch.func.jacrev(a.softmax)(row) for row in logits])
        assert_close(through, jacobian, 8, 8)


def test_softmax_takes_no_row_and_one_number_and_no_overflow():
    assert a.softmax(torch.zeros(0, 3)).shape == (0, 3)
    assert a.softmax_jacobian(torch.zeros(0, 3)).shape == (0, 3, 3)
    assert a.softmax(torch.tensor(5.0)).item() == 1
    assert a.softmax(torch.tensor([3e38, -3e38])).tolist() == [1, 0]


def test_softmax_of_no_class_is_refused():
    with pytest.raises(IndexError, match="non-zero size"):
        a.softmax(torch.zeros(2, 0))
