"""The straight line in six steps, against PyTorch's and NumPy's own."""

import numpy as np
import pytest
import torch
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from torch_recipes import basic_network as bn

# The machine may be busy with other tests.
unhurried = settings(max_examples=50)

# Finite, and small enough that squares and their sums stay far from overflow.
numbers = st.floats(-1e6, 1e6, allow_subnormal=False)
pairs = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=20)


def float64(values):
    return torch.tensor(values, dtype=torch.float64)


def columns(pairs):
    x, y = zip(*pairs, strict=True)
    return float64(x), float64(y)


# The points


def test_the_points_are_tensorflow_examples_plus_ten_but_for_the_twelfth_x():
    x, y = bn.points()
    assert x.shape == y.shape == (17,)
    assert x.dtype == y.dtype == torch.float64
    # Computed with NumPy from the example's own lists: sums, and sums by place.
    shift = float64([10.0] * 17)
    y_original = y - shift
    shift[11] = 0.0
    x_original = x - shift
    place = torch.arange(17, dtype=torch.float64)
    assert x_original.sum().item() == pytest.approx(105.893)
    assert y_original.sum().item() == pytest.approx(40.226)
    assert x_original.dot(place).item() == pytest.approx(890.905)
    assert y_original.dot(place).item() == pytest.approx(323.465)


def test_each_call_returns_points_of_its_own():
    x, _ = bn.points()
    x.zero_()
    assert bn.points()[0][0].item() == 13.3


# The network and its loss


@unhurried
@given(pairs, numbers, numbers)
@example([(0.0, 0.0)], 0.0, 0.0)
@example([(1e6, -1e6)], -1e6, 1e6)
def test_the_network_is_nn_functional_linear(pairs, w, b):
    x, _ = columns(pairs)
    w, b = float64(w), float64(b)
    expected = torch.nn.functional.linear(x[:, None], w.reshape(1, 1), b.reshape(1))
    torch.testing.assert_close(
        bn.build_network(x, w, b), expected[:, 0], rtol=1e-12, atol=1e-3
    )


@unhurried
@given(pairs)
@example([(0.0, 0.0)])
@example([(1e6, -1e6)] * 20)
def test_the_loss_and_its_gradient_are_those_of_mse_loss_with_reduction_sum(pairs):
    y_hat, y = columns(pairs)
    y_hat.requires_grad_()
    loss = bn.sum_of_squares(y_hat, y)
    expected = torch.nn.functional.mse_loss(y_hat, y, reduction="sum")
    torch.testing.assert_close(loss, expected)
    torch.testing.assert_close(
        torch.autograd.grad(loss, y_hat), torch.autograd.grad(expected, y_hat)
    )


@pytest.mark.parametrize(
    ("predicted", "target"), [((3, 1), (3,)), ((3,), (3, 1)), ((3,), ()), ((3,), (4,))]
)
def test_different_shapes_are_refused_where_pytorch_would_broadcast(predicted, target):
    y_hat, y = torch.zeros(predicted), torch.zeros(target)
    with pytest.raises(ValueError, match="different shapes") as caught:
        bn.sum_of_squares(y_hat, y)
    assert str(predicted) in str(caught.value)
    assert str(target) in str(caught.value)
    w, b = torch.tensor(1.0), torch.tensor(0.0)
    with pytest.raises(ValueError, match="different shapes"):
        bn.loss_gradient(y_hat, y, w, b)


@unhurried
@given(pairs, numbers, numbers)
@example([(0.0, 0.0)], 0.0, 0.0)
@example([(-1e6, 1e6)] * 20, 1e6, -1e6)
def test_the_gradient_formulas_are_what_autograd_finds(pairs, w, b):
    x, y = columns(pairs)
    w, b = float64(w).requires_grad_(), float64(b).requires_grad_()
    loss = bn.sum_of_squares(bn.build_network(x, w, b), y)
    # Terms of the sums may cancel, so the tolerance is relative to their sizes.
    error = (bn.build_network(x, w, b) - y).detach().abs()
    expected = torch.autograd.grad(loss, (w, b))
    found = bn.loss_gradient(x, y, w, b)
    scales = ((error * x).abs().sum(), error.sum())
    for f, e, scale in zip(found, expected, scales, strict=True):
        torch.testing.assert_close(f, e, rtol=0, atol=1e-12 * scale.item() + 1e-300)


@unhurried
@given(pairs, numbers, numbers)
def test_the_hessian_is_what_autograd_finds(pairs, w, b):
    x, y = columns(pairs)

    def loss(weights):
        return bn.sum_of_squares(bn.build_network(x, weights[0], weights[1]), y)

    expected = torch.autograd.functional.hessian(loss, float64([w, b]))
    torch.testing.assert_close(bn.loss_hessian(x), expected, rtol=1e-12, atol=1e-6)


# Training


small = st.floats(-10, 10, allow_subnormal=False)
small_pairs = st.lists(st.tuples(small, small), min_size=1, max_size=8)


@unhurried
@given(small_pairs, small, small, st.integers(0, 5))
@example([(0.0, 0.0)], 0.0, 0.0, 1)
@example([(1.0, 1.0)], 1.0, 1.0, 0)
def test_training_takes_the_steps_of_torch_optim_sgd(pairs, w, b, num_iterations):
    x, y = columns(pairs)
    weights = [torch.nn.Parameter(float64(value)) for value in (w, b)]
    optimizer = torch.optim.SGD(weights, lr=1e-4)
    expected = []
    for _ in range(num_iterations):
        loss = torch.nn.functional.mse_loss(
            weights[0] * x + weights[1], y, reduction="sum"
        )
        expected.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    w_trained, b_trained, losses = bn.train_by_hand(
        x, y, float64(w), float64(b), 1e-4, num_iterations
    )
    assert w_trained.item() == pytest.approx(weights[0].item(), abs=1e-10)
    assert b_trained.item() == pytest.approx(weights[1].item(), abs=1e-10)
    assert losses == pytest.approx(expected, abs=1e-9)


def test_training_leaves_its_arguments_and_gives_the_losses_before_each_step():
    x, y = bn.points()
    w, b = float64(1.0), float64(0.0)
    *_, losses = bn.train_by_hand(x, y, w, b, num_iterations=3)
    assert (w.item(), b.item()) == (1.0, 0.0)
    assert len(losses) == 3
    assert losses[0] == bn.sum_of_squares(x * 1.0, y).item()
    assert losses == sorted(losses, reverse=True)


# The closed form and the learning rate


@unhurried
@given(st.lists(st.tuples(small, small), min_size=2, max_size=20))
@example([(0.0, 1.0), (1.0, 3.0)])
def test_the_closed_form_is_what_lstsq_and_polyfit_find(pairs):
    x, y = columns(pairs)
    assume((x.max() - x.min()).item() > 1e-2)
    w, b = bn.least_squares(x, y)
    features = torch.stack([x, torch.ones_like(x)], dim=1)
    solution = torch.linalg.lstsq(features, y[:, None]).solution.squeeze(1)
    torch.testing.assert_close(torch.stack([w, b]), solution, rtol=1e-7, atol=1e-7)
    np.testing.assert_allclose(
        [w.item(), b.item()], np.polyfit(x, y, 1), rtol=1e-7, atol=1e-7
    )


@unhurried
@given(st.lists(st.tuples(small, small), min_size=2, max_size=20))
def test_the_gradient_vanishes_at_the_closed_form(pairs):
    x, y = columns(pairs)
    assume((x.max() - x.min()).item() > 1e-2)
    w, b = bn.least_squares(x, y)
    gradient = torch.stack(bn.loss_gradient(x, y, w, b))
    scale = 1 + w.abs().item() + b.abs().item()
    assert gradient.abs().max().item() < 1e-9 * scale


@pytest.mark.parametrize("x", [[0.1, 0.1, 0.1], [3.0]])
def test_the_closed_form_refuses_a_single_value_of_x(x):
    with pytest.raises(ValueError, match="two different values"):
        bn.least_squares(float64(x), float64(x))


def test_the_closed_form_refuses_shapes_that_would_broadcast():
    x, y = bn.points()
    for x_shaped, y_shaped in [(x[:, None], y), (x, y[:, None]), (x, y[:16])]:
        with pytest.raises(RuntimeError):
            bn.least_squares(x_shaped, y_shaped)


@unhurried
@given(small_pairs, st.floats(0.0, 6.28))
def test_below_the_bound_the_descent_contracts_and_above_it_something_grows(
    pairs, angle
):
    x, _ = columns(pairs)
    bound = bn.learning_rate_bound(x)
    eigenvalues, eigenvectors = torch.linalg.eigh(bn.loss_hessian(x))
    assert bound == pytest.approx(2 / eigenvalues[-1].item())
    start = torch.stack([torch.cos(float64(angle)), torch.sin(float64(angle))])
    y = torch.zeros_like(x)

    def after_one_step(weights, lr):
        w, b, _ = bn.train_by_hand(x, y, weights[0], weights[1], lr, 1)
        return torch.stack([w, b])

    # With y = 0 the best weights are 0: a step's length tells what the error does.
    assert after_one_step(start, 0.99 * bound).norm() <= 1 + 1e-9
    steepest = eigenvectors[:, -1]
    torch.testing.assert_close(after_one_step(steepest, 0.99 * bound), -0.98 * steepest)
    torch.testing.assert_close(after_one_step(steepest, 1.01 * bound), -1.02 * steepest)


def test_the_points_bound_parts_the_rates_that_converge_from_those_that_diverge():
    x, y = bn.points()
    bound = bn.learning_rate_bound(x)
    w, b = float64(1.5), float64(-0.3)
    *_, below = bn.train_by_hand(x, y, w, b, 0.99 * bound, 1_000)
    *_, above = bn.train_by_hand(x, y, w, b, 1.01 * bound, 1_000)
    assert max(below) == below[0]
    assert below[-1] < 50
    assert above[-1] > 1e15 * above[0]


def test_five_thousand_steps_stop_where_the_hessian_says():
    x, y = bn.points()
    start = float64(1.5), float64(-0.3)
    best = torch.stack(bn.least_squares(x, y))
    *trained, _ = bn.train_by_hand(x, y, *start)
    step = torch.eye(2, dtype=torch.float64) - 1e-4 * bn.loss_hessian(x)
    left = torch.linalg.matrix_power(step, 5_000) @ (torch.stack(start) - best)
    torch.testing.assert_close(torch.stack(trained), best + left, rtol=1e-8, atol=1e-8)
