"""The scalar autograd against PyTorch, in float64: values, gradients, accumulation."""

import math
import operator

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from torch_recipes.scalar_autograd import Value

numbers = st.floats(-5, 5)


def tensors(*numbers: float) -> list[torch.Tensor]:
    return [
        torch.tensor(each, dtype=torch.float64, requires_grad=True) for each in numbers
    ]


def assert_agree(expression, *at: float, rel: float = 1e-14) -> None:
    ours, theirs = [Value(each) for each in at], tensors(*at)
    y, expected = expression(*ours), expression(*theirs)
    y.backward()
    expected.backward()
    assert y.data == pytest.approx(expected.item(), rel=rel, abs=1e-13)
    for value, tensor in zip(ours, theirs, strict=True):
        gradient = 0.0 if tensor.grad is None else tensor.grad.item()
        assert value.grad == pytest.approx(gradient, rel=rel, abs=1e-13)


@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul])
@given(x=numbers, y=numbers)
def test_sums_differences_and_products_are_pytorchs(operation, x: float, y: float):
    assert_agree(operation, x, y)
    assert_agree(lambda a: operation(a, 3) + operation(2.5, a), x)


@given(x=numbers, y=st.floats(0.1, 5) | st.floats(-5, -0.1))
def test_quotients_and_powers_are_pytorchs(x: float, y: float):
    assert_agree(lambda a, b: a / b, x, y)
    assert_agree(lambda a: 2 / a + a / 4 + a**3 + a**-2, y)


@given(x=numbers)
def test_elementary_functions_are_pytorchs(x: float):
    assert_agree(lambda a: a.exp() + a.tanh() * a.relu(), x)
    assert_agree(lambda a: (a * a + 1).log(), x)


@given(x=numbers, y=numbers, z=numbers)
def test_shared_terms_add_up_as_in_pytorch(x: float, y: float, z: float):
    def expression(a, b, c):
        shared = (a * b + c).tanh()
        left = shared * a - shared**2
        return left * left + (shared * c).exp() / (1 + b * b)

    assert_agree(expression, x, y, z, rel=1e-11)


def test_the_polynomial_of_recipe_4_4():
    x = Value(12.5)
    y = 2 * x**2 + 5 * x + 6
    y.backward()
    assert (y.data, x.grad) == (381.0, 55.0)


def test_leaves_accumulate_and_what_lies_between_starts_anew():
    x = Value(3.0)
    y = x * x
    z = y + y
    z.backward()
    z.backward()
    assert x.grad == 24.0
    assert y.grad == 0.0


def test_a_chain_longer_than_the_recursion_limit_is_walked():
    x = Value(1.0)
    y = x
    for _ in range(5_000):
        y = y + 1
    y.backward()
    assert x.grad == 1.0


def test_paths_double_at_each_step_and_the_walk_does_not():
    x = Value(1.0)
    y = x
    for _ in range(200):
        y = y + y
    y.backward()
    assert x.grad == 2.0**200


SPECIAL = [0.0, -0.0, 1.0, -1.0, 2.5, -2.5, math.inf, -math.inf, math.nan, 3, 0, -2]


def same(found: float, expected: float) -> bool:
    return found == pytest.approx(expected, rel=1e-14, nan_ok=True)


@pytest.mark.parametrize(
    "function",
    [
        *(lambda a: a.relu(), lambda a: a.tanh(), lambda a: a.exp()),
        *(lambda a: -a, lambda a: a * a, lambda a: 2 - a, lambda a: a * 0 + 1),
        *(lambda a, n=n: a**n for n in (0, 0.0, 1, 2, 3.0)),
        *(lambda a: a / 4, lambda a: a / math.inf),
    ],
)
def test_zeros_infinities_and_nan_go_through_as_in_pytorch(function):
    for at in SPECIAL:
        ours, (theirs,) = Value(at), tensors(at)
        y, expected = function(ours), function(theirs)
        y.backward()
        expected.backward()
        assert same(y.data, expected.item()), at
        assert same(ours.grad, theirs.grad.item()), at


@pytest.mark.parametrize(
    ("expression", "error"),
    [
        (lambda: Value(-1.0).log(), ValueError),
        (lambda: Value(0.0).log(), ValueError),
        (lambda: Value(-2.0) ** 0.5, ValueError),
        (lambda: Value(-2) ** -1.5, ValueError),
        (lambda: 1 / Value(0.0), ZeroDivisionError),
        (lambda: Value(1.0) / 0, ZeroDivisionError),
        (lambda: Value(0.0) ** 0.5, ZeroDivisionError),
        (lambda: Value(0) ** -1, ZeroDivisionError),
        (lambda: Value(1e3).exp(), OverflowError),
        (lambda: Value(1e300) ** 2, OverflowError),
        (lambda: Value(2.0) ** Value(2.0), TypeError),
    ],
)
def test_what_has_no_finite_real_value_or_slope_is_refused(expression, error):
    with pytest.raises(error):
        expression()
