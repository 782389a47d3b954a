import math
from dataclasses import FrozenInstanceError, astuple, fields

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F  # noqa: N812

from torch_recipes import xor
from torch_recipes.xor import Backward, Forward, Parameters

# The first call of a process loads parts of torch; that is no failure.
unhurried = settings(max_examples=50)

SHAPES = {"W1": (3, 2), "b1": (3,), "W2": (1, 3), "b2": (1,)}
DTYPES = st.sampled_from([torch.float32, torch.float64])

# 40 saturates a sigmoid in either dtype; -0.0 and 0.0 are where signs get lost.
NUMBERS = st.floats(-4, 4) | st.sampled_from([0.0, -0.0, 1.0, -1.0, 40.0, -40.0])


def tensors(shape, dtype, numbers=NUMBERS):
    count = math.prod(shape)
    return st.lists(numbers, min_size=count, max_size=count).map(
        lambda values: torch.tensor(values, dtype=dtype).reshape(shape)
    )


@st.composite
def problems(draw):
    """Draw parameters and a batch of one to five rows, all of one dtype."""
    dtype = draw(DTYPES)
    p = Parameters(**{k: draw(tensors(shape, dtype)) for k, shape in SHAPES.items()})
    rows = draw(st.integers(1, 5))
    x = draw(tensors((rows, 2), dtype))
    y = draw(tensors((rows, 1), dtype, st.floats(0, 1) | st.sampled_from([0.0, 1.0])))
    return p, x, y


@st.composite
def logits_and_targets(draw):
    dtype = draw(DTYPES)
    rows = draw(st.integers(1, 5))
    extremes = st.sampled_from([-800.0, -100.0, 100.0, 800.0])
    z = draw(tensors((rows, 1), dtype, NUMBERS | extremes))
    y = draw(tensors((rows, 1), dtype, st.floats(0, 1) | st.sampled_from([0.0, 1.0])))
    return z, y


def leaves(p):
    return Parameters(*(t.clone().requires_grad_() for t in vars(p).values()))


def assert_close(actual, expected, scale=1.0):
    """Compare up to some 30 roundings of numbers as large as ``scale``."""
    eps = torch.finfo(expected.dtype).eps
    torch.testing.assert_close(actual, expected, rtol=32 * eps, atol=32 * eps * scale)


def magnitude(p, x):
    """Return how large the numbers that make the pre-activations can be."""
    first = 2 * x.abs().max() * p.W1.abs().max() + p.b1.abs().max()
    return float((1 + first) * (1 + 3 * p.W2.abs().max() + p.b2.abs().max()))


# data and parameters


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_data_are_the_truth_table_of_exclusive_or(dtype):
    x, y = xor.xor_data(dtype)
    assert (x.shape, y.shape) == ((4, 2), (4, 1))
    assert x.dtype == y.dtype == dtype
    assert x.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert [bool(a) != bool(b) for a, b in x.tolist()] == y.bool().flatten().tolist()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_post_parameters_print_as_the_post_prints_them(dtype):
    p = xor.post_parameters(dtype)
    assert {k: tuple(v.shape) for k, v in vars(p).items()} == SHAPES
    assert {v.dtype for v in vars(p).values()} == {dtype}
    printed = [[f"{v:.4f}" for v in t.flatten().tolist()] for t in vars(p).values()]
    assert printed == [
        ["-0.3122", "0.5551", "-0.2819", "-0.0666", "0.6712", "-0.2915"],
        ["0.2816", "-0.4757", "-0.4125"],
        ["-0.5761", "-0.2721", "0.4413"],
        ["-0.1019"],
    ]


def test_every_kept_intermediate_is_read_only():
    x, y = xor.xor_data()
    p = xor.post_parameters()
    f = xor.forward(p, x, y)
    for record in (p, f, xor.backward(p, x, y, f)):
        for field in fields(record):
            with pytest.raises(FrozenInstanceError):
                setattr(record, field.name, torch.zeros(1))


# forward and backward


def test_forward_on_the_first_row_gives_the_numbers_of_the_walk_through():
    x, y = xor.xor_data(torch.float64)
    f = xor.forward(xor.post_parameters(torch.float64), x[:1], y[:1])
    assert f.z1.tolist() == [[0.2816, -0.4757, -0.4125]]
    rounded = [[round(v, 6) for v in t.flatten().tolist()] for t in astuple(f)[1:]]
    assert rounded == [
        [0.569938, 0.383268, 0.398313],
        [-0.358753],
        [0.411261],
        [0.169136],
    ]


@unhurried
@given(problems())
def test_forward_equals_the_functions_of_torch(problem):
    p, x, y = problem
    f = xor.forward(p, x, y)
    scale = magnitude(p, x)
    z1 = F.linear(x, p.W1, p.b1)
    assert_close(f.z1, z1, scale)
    a1 = F.sigmoid(z1)
    assert_close(f.a1, a1, scale)
    z2 = F.linear(a1, p.W2, p.b2)
    assert_close(f.z2, z2, scale)
    y_hat = F.sigmoid(z2)
    assert_close(f.y_hat, y_hat, scale)
    assert_close(f.loss, F.mse_loss(y_hat, y), scale)
    assert f.loss.shape == ()


@unhurried
@given(problems())
def test_every_gradient_by_hand_equals_autograd(problem):
    p, x, y = problem
    scale = magnitude(p, x)
    p = leaves(p)
    x = x.clone().requires_grad_()
    f = xor.forward(p, x, y)
    g = xor.backward(p, x, y, f)
    quantities = (f.y_hat, f.z2, p.W2, p.b2, f.a1, f.z1, p.W1, p.b1, x)
    expected = torch.autograd.grad(f.loss, quantities)
    names = [field.name for field in fields(Backward)]
    assert names == ["y_hat", "z2", "W2", "b2", "a1", "z1", "W1", "b1", "x"]
    for name, quantity, gradient in zip(names, quantities, expected, strict=True):
        by_hand = getattr(g, name)
        assert by_hand.shape == quantity.shape, name
        assert_close(by_hand, gradient, scale)


def test_gradients_by_hand_equal_finite_differences():
    p = xor.post_parameters(torch.float64)
    x, y = xor.xor_data(torch.float64)
    g = xor.backward(p, x, y, xor.forward(p, x, y))
    h = 1e-6
    for name in SHAPES:
        for index in range(getattr(p, name).numel()):
            losses = []
            for sign in (+1, -1):
                moved = {k: v.clone() for k, v in vars(p).items()}
                moved[name].flatten()[index] += sign * h
                losses.append(xor.forward(Parameters(**moved), x, y).loss)
            slope = (losses[0] - losses[1]) / (2 * h)
            assert getattr(g, name).flatten()[index] == pytest.approx(
                slope.item(), abs=1e-9
            )


@unhurried
@given(problems())
def test_the_batch_gradient_is_the_mean_of_the_rows_gradients(problem):
    p, x, y = problem
    whole = xor.backward(p, x, y, xor.forward(p, x, y))
    scale = magnitude(p, x) * float(max(1, x.abs().max()))
    for name in SHAPES:
        rows = [
            getattr(xor.backward(p, a, b, xor.forward(p, a, b)), name)
            for a, b in zip(x.split(1), y.split(1), strict=True)
        ]
        assert_close(getattr(whole, name), torch.stack(rows).mean(dim=0), scale)


@unhurried
@given(problems())
def test_first_layer_weights_get_no_gradient_from_a_row_of_zeros(problem):
    p, x, y = problem
    zeros = torch.zeros_like(x)
    g = xor.backward(p, zeros, y, xor.forward(p, zeros, y))
    assert not g.W1.any()


def test_some_first_layer_gradients_live_on_the_second_row():
    p = xor.post_parameters()
    x, y = xor.xor_data()
    g = xor.backward(p, x[1:2], y[1:2], xor.forward(p, x[1:2], y[1:2]))
    assert g.W1.bool().tolist() == [[False, True]] * 3


@pytest.mark.parametrize("shape", [(4,), (1, 4), (1, 1)])
def test_forward_refuses_targets_that_would_broadcast(shape):
    x, _ = xor.xor_data()
    with pytest.raises(ValueError, match=r"outputs of shape \(4, 1\)"):
        xor.forward(xor.post_parameters(), x, torch.zeros(shape))


# one update


@unhurried
@given(problems(), st.floats(0, 10))
def test_sgd_step_equals_torch_optim(problem, lr):
    p, x, y = problem
    stepped = xor.sgd_step(p, xor.backward(p, x, y, xor.forward(p, x, y)), lr)

    expected = leaves(p)
    optimizer = torch.optim.SGD(list(vars(expected).values()), lr=lr)
    xor.forward(expected, x, y).loss.backward()
    optimizer.step()

    scale = 10 * magnitude(p, x) * float(max(1, x.abs().max()))
    for name in SHAPES:
        assert_close(getattr(stepped, name), getattr(expected, name).detach(), scale)


def test_sgd_step_leaves_the_old_parameters_alone():
    p = xor.post_parameters()
    x, y = xor.xor_data()
    xor.sgd_step(p, xor.backward(p, x, y, xor.forward(p, x, y)), lr=1.0)
    untouched = xor.post_parameters()
    assert all(getattr(p, k).equal(getattr(untouched, k)) for k in SHAPES)


# the module


def test_network_has_nine_weights_and_four_biases():
    net = xor.XORNet()
    sizes = {name: p.numel() for name, p in net.named_parameters()}
    assert sum(n for name, n in sizes.items() if name.endswith("weight")) == 9
    assert sum(n for name, n in sizes.items() if name.endswith("bias")) == 4
    assert sum(sizes.values()) == 13


@unhurried
@given(problems())
def test_network_equals_forward_by_hand(problem):
    p, x, y = problem
    net = xor.network_from(p)
    f = xor.forward(p, x, y)
    assert_close(net.logits(x), f.z2, magnitude(p, x))
    assert_close(net(x), f.y_hat, magnitude(p, x))


@unhurried
@given(problems())
def test_network_equals_sequential_with_the_same_parameters(problem):
    p, x, _ = problem
    net = xor.network_from(p)
    sequential = nn.Sequential(nn.Linear(2, 3), nn.Sigmoid(), nn.Linear(3, 1))
    sequential.to(x.dtype)
    nn.utils.vector_to_parameters(
        nn.utils.parameters_to_vector(net.parameters()), sequential.parameters()
    )
    assert net.logits(x).equal(sequential(x))
    assert net(x).equal(torch.sigmoid(sequential(x)))


@unhurried
@given(problems())
def test_parameters_survive_the_way_into_a_network_and_back(problem):
    p, _, _ = problem
    back = xor.parameters_of(xor.network_from(p))
    for name in SHAPES:
        assert getattr(back, name).equal(getattr(p, name))
        assert getattr(back, name).dtype == getattr(p, name).dtype
        assert not getattr(back, name).requires_grad


def test_a_network_shares_no_memory_with_parameters():
    p = xor.post_parameters()
    net = xor.network_from(p)
    taken = xor.parameters_of(net)
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.zero_()
    for kept in (p, taken):
        assert all(getattr(kept, name).all() for name in SHAPES)


# losses


@unhurried
@given(logits_and_targets())
def test_mse_on_sigmoid_equals_torch_in_value_and_gradient(pair):
    z, y = pair
    ours, theirs = z.clone().requires_grad_(), z.clone().requires_grad_()
    loss = xor.mse_on_sigmoid(ours, y)
    expected = nn.MSELoss()(torch.sigmoid(theirs), y)
    assert_close(loss, expected)
    (gradient,) = torch.autograd.grad(loss, ours)
    assert_close(gradient, torch.autograd.grad(expected, theirs)[0])


@unhurried
@given(logits_and_targets())
def test_bce_with_logits_equals_torch_in_value_and_gradient(pair):
    z, y = pair
    ours, theirs = z.clone().requires_grad_(), z.clone().requires_grad_()
    loss = xor.bce_with_logits(ours, y)
    expected = nn.BCEWithLogitsLoss()(theirs, y)
    assert_close(loss, expected, scale=float(1 + z.abs().max()))
    (gradient,) = torch.autograd.grad(loss, ours)
    assert_close(gradient, torch.autograd.grad(expected, theirs)[0])
    assert_close(gradient, (torch.sigmoid(z) - y) / y.numel())


@pytest.mark.parametrize("loss", [xor.mse_on_sigmoid, xor.bce_with_logits])
def test_losses_refuse_targets_that_would_broadcast(loss):
    with pytest.raises(ValueError, match=r"targets of shape \(4,\)"):
        loss(torch.zeros(4, 1), torch.zeros(4))


# training

OPTIMIZERS = {
    "SGD": lambda params: torch.optim.SGD(params, lr=2.0),
    "momentum": lambda params: torch.optim.SGD(params, lr=0.5, momentum=0.9),
    "Adam": lambda params: torch.optim.Adam(params, lr=0.05),
}


def test_training_with_sgd_follows_the_steps_by_hand():
    p = xor.post_parameters(torch.float64)
    x, y = xor.xor_data(torch.float64)
    net = xor.network_from(p)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
    losses = xor.train(net, x, y, xor.mse_on_sigmoid, optimizer, num_epochs=20)

    by_hand = [xor.forward(p, x, y).loss.item()]
    for _ in range(20):
        p = xor.sgd_step(p, xor.backward(p, x, y, xor.forward(p, x, y)), lr=0.5)
        by_hand.append(xor.forward(p, x, y).loss.item())

    assert losses == pytest.approx(by_hand, rel=1e-12)
    trained = xor.parameters_of(net)
    for name in SHAPES:
        assert_close(getattr(trained, name), getattr(p, name), scale=20)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize(
    ("loss", "torch_loss"),
    [
        (xor.mse_on_sigmoid, lambda z, y: F.mse_loss(torch.sigmoid(z), y)),
        (xor.bce_with_logits, F.binary_cross_entropy_with_logits),
    ],
)
def test_training_equals_a_plain_torch_loop(optimizer, loss, torch_loss):
    x, y = xor.xor_data(torch.float64)
    net = xor.network_from(xor.post_parameters(torch.float64))
    losses = xor.train(
        net, x, y, loss, OPTIMIZERS[optimizer](net.parameters()), num_epochs=50
    )

    plain = nn.Sequential(nn.Linear(2, 3), nn.Sigmoid(), nn.Linear(3, 1)).double()
    start = xor.network_from(xor.post_parameters(torch.float64))
    nn.utils.vector_to_parameters(
        nn.utils.parameters_to_vector(start.parameters()), plain.parameters()
    )
    stepper = OPTIMIZERS[optimizer](plain.parameters())
    expected = []
    for _ in range(50):
        stepper.zero_grad()
        value = torch_loss(plain(x), y)
        expected.append(value.item())
        value.backward()
        stepper.step()
    expected.append(torch_loss(plain(x), y).item())

    assert losses == pytest.approx(expected, rel=1e-9)


def test_training_without_an_epoch_returns_the_first_loss_alone():
    x, y = xor.xor_data()
    p = xor.post_parameters()
    net = xor.network_from(p)
    optimizer = torch.optim.SGD(net.parameters(), lr=1.0)
    losses = xor.train(net, x, y, xor.mse_on_sigmoid, optimizer, num_epochs=0)
    assert losses == pytest.approx([xor.forward(p, x, y).loss.item()])
    assert all(getattr(xor.parameters_of(net), k).equal(getattr(p, k)) for k in SHAPES)


def test_training_ignores_gradients_left_from_before():
    x, y = xor.xor_data()
    histories = []
    for left_over in (False, True):
        net = xor.network_from(xor.post_parameters())
        if left_over:
            (1000 * net(x).sum()).backward()
        optimizer = torch.optim.SGD(net.parameters(), lr=1.0)
        histories.append(xor.train(net, x, y, xor.mse_on_sigmoid, optimizer, 5))
    assert histories[0] == histories[1]


def test_training_learns_exclusive_or():
    x, y = xor.xor_data(torch.float64)
    net = xor.network_from(xor.post_parameters(torch.float64))
    optimizer = torch.optim.SGD(net.parameters(), lr=1.0, momentum=0.9)
    losses = xor.train(net, x, y, xor.bce_with_logits, optimizer, num_epochs=2000)
    assert losses[-1] < 0.01
    assert net(x).round().equal(y)


def test_the_kept_forward_pass_is_in_the_order_of_the_computation():
    assert [f.name for f in fields(Forward)] == ["z1", "a1", "z2", "y_hat", "loss"]
