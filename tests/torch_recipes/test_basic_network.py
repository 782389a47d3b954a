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


# The weights


def test_an_explicit_generator_decides_the_weights():
    first = bn.set_weights(torch.Generator().manual_seed(7))
    again = bn.set_weights(torch.Generator().manual_seed(7))
    other = bn.set_weights(torch.Generator().manual_seed(8))
    assert first == again
    assert first != other
    assert first[0] != first[1]


def test_without_a_generator_the_global_seed_decides_the_weights():
    with torch.random.fork_rng():
        torch.manual_seed(7)
        first = bn.set_weights()
        second = bn.set_weights()
    assert first == bn.set_weights(torch.Generator().manual_seed(7))
    assert first != second


def test_the_weights_are_scalars_without_a_gradient():
    for weight in bn.set_weights():
        assert weight.shape == ()
        assert weight.dtype == torch.float64
        assert not weight.requires_grad


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


def test_the_three_ways_of_training_take_the_same_steps():
    x, y = bn.points()
    w, b = bn.set_weights(torch.Generator().manual_seed(0))
    by_hand = bn.train_by_hand(x, y, w, b, num_iterations=300)
    with_autograd = bn.train_with_autograd(x, y, w, b, num_iterations=300)
    network = bn.linear_network(w, b)
    losses = bn.train_network(network, x[:, None], y[:, None], num_iterations=300)
    with_optimizer = (network.weight.item(), network.bias.item(), losses)
    for w_other, b_other, losses_other in (with_autograd, with_optimizer):
        assert float(w_other) == pytest.approx(float(by_hand[0]), rel=1e-9)
        assert float(b_other) == pytest.approx(float(by_hand[1]), rel=1e-9)
        assert losses_other == pytest.approx(by_hand[2], rel=1e-9)


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
    for train in (bn.train_by_hand, bn.train_with_autograd):
        w_trained, b_trained, losses = train(
            x, y, float64(w), float64(b), 1e-4, num_iterations
        )
        assert w_trained.item() == pytest.approx(weights[0].item(), abs=1e-10)
        assert b_trained.item() == pytest.approx(weights[1].item(), abs=1e-10)
        assert losses == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("train", [bn.train_by_hand, bn.train_with_autograd])
def test_training_leaves_its_arguments_and_returns_plain_tensors(train):
    x, y = bn.points()
    w = float64(1.0).requires_grad_()
    b = float64(0.0).requires_grad_()
    with torch.no_grad() if train is bn.train_by_hand else torch.enable_grad():
        w_trained, b_trained, losses = train(x, y, w, b, num_iterations=3)
    assert (w.item(), b.item()) == (1.0, 0.0)
    assert w.grad is None
    assert b.grad is None
    assert not w_trained.requires_grad
    assert not b_trained.requires_grad
    assert len(losses) == 3
    assert losses[0] == bn.sum_of_squares(x * 1.0, y).item()
    assert losses == sorted(losses, reverse=True)


def test_a_linear_network_holds_copies_of_the_given_weights():
    w, b = float64(2.0), float64(-1.0)
    network = bn.linear_network(w, b)
    x = float64([[0.0], [3.0]])
    assert torch.equal(network(x), float64([[-1.0], [5.0]]))
    bn.train_network(network, x, x, num_iterations=1)
    assert network.weight.item() != 2.0
    assert (w.item(), b.item()) == (2.0, -1.0)


def test_train_network_refuses_targets_of_another_shape():
    x, y = bn.points()
    network = bn.linear_network(float64(1.0), float64(0.0))
    with pytest.raises(ValueError, match="different shapes"):
        bn.train_network(network, x[:, None], y, num_iterations=1)


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
    w, b = bn.set_weights(torch.Generator().manual_seed(0))
    *_, below = bn.train_by_hand(x, y, w, b, 0.99 * bound, 1_000)
    *_, above = bn.train_by_hand(x, y, w, b, 1.01 * bound, 1_000)
    assert max(below) == below[0]
    assert below[-1] < 50
    assert above[-1] > 1e15 * above[0]


def test_five_thousand_steps_stop_where_the_hessian_says():
    x, y = bn.points()
    start = bn.set_weights(torch.Generator().manual_seed(0))
    best = torch.stack(bn.least_squares(x, y))
    *trained, _ = bn.train_by_hand(x, y, *start)
    step = torch.eye(2, dtype=torch.float64) - 1e-4 * bn.loss_hessian(x)
    left = torch.linalg.matrix_power(step, 5_000) @ (torch.stack(start) - best)
    torch.testing.assert_close(torch.stack(trained), best + left, rtol=1e-8, atol=1e-8)
