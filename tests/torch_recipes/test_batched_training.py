import io
from itertools import pairwise, product
from math import inf

import pytest
import torch
from torch import nn
from torch.func import functional_call, stack_module_state, vmap

from torch_recipes.batched_training import (
    Networks,
    Training,
    cross_entropy_of_logit,
    squared_error_of_sigmoid,
    stack_networks,
    train_networks,
)
from torch_recipes.xor import xor_data

X, Y = xor_data(torch.float64)


def mse_on_sigmoid(z, y):
    return nn.functional.mse_loss(torch.sigmoid(z), y)


# The plain run of a training: torch's own loss and optimizer.
def squared_error(z, y):
    """A loss of the caller's own."""
    return (z - y).square()


MEAN_LOSSES = {
    squared_error_of_sigmoid: mse_on_sigmoid,
    cross_entropy_of_logit: nn.BCEWithLogitsLoss(),
    squared_error: nn.MSELoss(),
}
OPTIMIZERS = {
    "sgd": torch.optim.SGD,
    "momentum": lambda p, lr: torch.optim.SGD(p, lr, momentum=0.9),
    "adam": torch.optim.Adam,
}


def network(seed, *widths, activation=nn.Sigmoid, dtype=torch.float64):
    torch.manual_seed(seed)
    layers = []
    for fan_in, fan_out in pairwise(widths):
        layers += [nn.Linear(fan_in, fan_out, dtype=dtype), activation()]
    return nn.Sequential(*layers[:-1])


def plain_run(net, training, x, y, num_epochs, goal=0.01, batch_size=None):
    """Train one module with torch.optim: return its parameters and its epochs."""
    net = stack_networks([net]).network(0)
    optimizer = OPTIMIZERS[training.optimizer](net.parameters(), lr=training.lr)
    loss = MEAN_LOSSES[training.loss]
    for epoch in range(num_epochs + 1):
        if mse_on_sigmoid(net(x), y) < goal:
            return nn.utils.parameters_to_vector(net.parameters()), epoch
        if epoch == num_epochs:
            break
        for rows in torch.arange(len(x)).split(batch_size or len(x)):
            optimizer.zero_grad()
            loss(net(x[rows]), y[rows]).backward()
            optimizer.step()
    return nn.utils.parameters_to_vector(net.parameters()), inf


# agreement with plain PyTorch


@pytest.mark.parametrize("hidden", [2, 3])
def test_each_network_ends_as_in_a_plain_run_after_as_many_epochs(hidden):
    rates = {"sgd": (5.0,), "momentum": (0.5,), "adam": (0.02, 0.1)}
    trainings = [
        Training(name, lr, loss)
        for name, loss in product(
            rates, (squared_error_of_sigmoid, cross_entropy_of_logit)
        )
        for lr in rates[name]
    ]
    networks = [network(seed, 2, hidden, 1) for seed in range(len(trainings))]
    run = train_networks(networks, trainings, X, Y, 300)
    assert 0 < run.epochs.isfinite().sum() < len(run.epochs)
    for index, (net, training) in enumerate(zip(networks, trainings, strict=True)):
        parameters, epochs = plain_run(net, training, X, Y, 300)
        assert run.epochs[index] == epochs
        torch.testing.assert_close(
            run.networks.parameters[index], parameters, rtol=1e-9, atol=1e-9
        )


@pytest.mark.parametrize("batch_size", [1, 3])
def test_updates_on_some_rows_at_a_time_go_through_the_rows_in_order(batch_size):
    trainings = [Training("sgd", 4.0, squared_error_of_sigmoid)] * 2
    networks = [network(seed, 2, 3, 1) for seed in range(2)]
    run = train_networks(networks, trainings, X, Y, 300, batch_size=batch_size)
    assert run.epochs.isfinite().any()
    for index, net in enumerate(networks):
        expected = plain_run(net, trainings[index], X, Y, 300, batch_size=batch_size)
        assert run.epochs[index] == expected[1]
        torch.testing.assert_close(
            run.networks.parameters[index], expected[0], rtol=1e-9, atol=1e-9
        )


@pytest.mark.parametrize("activation", [nn.Tanh, nn.ReLU, nn.GELU, nn.Mish])
def test_deeper_networks_of_any_activation_fit_a_curve_as_in_a_plain_run(activation):
    x = torch.linspace(-1, 1, 16, dtype=torch.float64).unsqueeze(1)
    networks = [network(seed, 1, 5, 4, 1, activation=activation) for seed in range(2)]
    trainings = [Training("adam", lr, squared_error) for lr in (0.01, 0.05)]
    run = train_networks(
        networks, trainings, x, x.sin(), 50, criterion=squared_error, goal=None
    )
    for index, (net, training) in enumerate(zip(networks, trainings, strict=True)):
        parameters, _ = plain_run(net, training, x, x.sin(), 50, goal=-inf)
        torch.testing.assert_close(
            run.networks.parameters[index], parameters, rtol=1e-9, atol=1e-9
        )
        error = (run.networks.network(index)(x) - x.sin()).square().mean()
        torch.testing.assert_close(run.errors[index], error.detach())


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_outputs_are_those_of_vmap_over_functional_calls(dtype):
    networks = [network(seed, 2, 4, 3, 2, dtype=dtype) for seed in range(5)]
    x = torch.randn(7, 2, dtype=dtype, generator=torch.Generator().manual_seed(0))
    parameters, _ = stack_module_state(networks)
    expected = vmap(lambda p: functional_call(networks[0], p, (x,)))(parameters)
    torch.testing.assert_close(stack_networks(networks).outputs(x), expected)


def test_a_network_of_the_stack_is_the_one_that_was_put_there():
    networks = [network(seed, 2, 3, 1) for seed in range(3)]
    stacked = stack_networks(networks)
    assert len(stacked) == 3
    for index, net in enumerate(networks):
        again = stacked.network(index)
        assert torch.equal(again(X), net(X))
        assert again[0].weight is not net[0].weight


@pytest.mark.parametrize(
    ("elementwise", "mean"),
    [
        (squared_error_of_sigmoid, mse_on_sigmoid),
        (cross_entropy_of_logit, nn.BCEWithLogitsLoss()),
        (squared_error, nn.MSELoss()),
    ],
)
def test_the_mean_of_an_elementwise_loss_is_the_loss(elementwise, mean):
    z = torch.tensor([[-800.0], [-1.0], [0.5], [800.0]], dtype=torch.float64)
    torch.testing.assert_close(elementwise(z, Y).mean(), mean(z, Y))


# stopping


def test_a_network_stops_where_it_first_reaches_the_goal():
    training = Training("sgd", 5.0, squared_error_of_sigmoid)
    (epochs,) = train_networks([network(0, 2, 3, 1)], [training], X, Y, 1000).epochs
    reached = int(epochs)
    assert 0 < reached < 1000
    for cap, expected in ((reached - 1, inf), (reached, reached), (1000, reached)):
        run = train_networks([network(0, 2, 3, 1)], [training], X, Y, cap)
        assert run.epochs.tolist() == [expected]
        assert (run.errors < 0.01).tolist() == [expected < inf]
        error = mse_on_sigmoid(run.networks.outputs(X)[0], Y)
        torch.testing.assert_close(run.errors[0], error)


def test_a_network_at_the_goal_from_the_start_needs_no_epoch():
    solved = network(0, 2, 2, 1)
    values = [[[20.0, 20.0], [20.0, 20.0]], [-10.0, -30.0], [[20.0, -20.0]], [-10.0]]
    for p, value in zip(solved.parameters(), values, strict=True):
        p.data = torch.tensor(value, dtype=torch.float64)
    training = Training("sgd", 1.0, squared_error_of_sigmoid)
    run = train_networks([solved, network(0, 2, 2, 1)], [training] * 2, X, Y, 5)
    assert run.epochs.tolist() == [0, inf]
    assert torch.equal(
        run.networks.parameters[0], nn.utils.parameters_to_vector(solved.parameters())
    )


def test_without_a_goal_every_network_is_trained_to_the_cap():
    training = Training("sgd", 5.0, squared_error_of_sigmoid)
    run = train_networks([network(0, 2, 3, 1)], [training], X, Y, 1000, goal=None)
    assert run.epochs.tolist() == [inf]
    assert run.errors.item() < 0.005


def test_company_changes_nothing_for_a_network():
    networks = [network(seed, 2, 3, 1) for seed in range(8)]
    trainings = [Training("adam", 0.05, cross_entropy_of_logit)] * 4
    trainings += [Training("momentum", 0.5, squared_error_of_sigmoid)] * 4
    together = train_networks(networks, trainings, X, Y, 500)
    assert len(together.epochs.unique()) > 4
    for index in range(8):
        alone = train_networks(
            networks[index : index + 1], trainings[index : index + 1], X, Y, 500
        )
        assert alone.epochs[0] == together.epochs[index]
        torch.testing.assert_close(
            alone.networks.parameters[0],
            together.networks.parameters[index],
            rtol=1e-9,
            atol=1e-9,
        )


def test_the_networks_given_stay_as_they_are():
    net = network(0, 2, 3, 1)
    before = [p.clone() for p in net.parameters()]
    train_networks([net], [Training("adam", 0.1, squared_error_of_sigmoid)], X, Y, 3)
    assert all(torch.equal(p, q) for p, q in zip(net.parameters(), before, strict=True))


def test_the_history_holds_the_error_at_every_kth_epoch():
    networks = [network(seed, 2, 3, 1) for seed in (0, 1)]
    trainings = [Training("sgd", lr, squared_error_of_sigmoid) for lr in (9.0, 0.01)]
    run = train_networks(networks, trainings, X, Y, 400, record_every=100)
    assert run.history.shape == (5, 2)
    for row, cap in enumerate(range(0, 401, 100)):
        shorter = train_networks(networks, trainings, X, Y, cap)
        torch.testing.assert_close(run.history[row], shorter.errors)
    assert run.history[-1, 0] == run.errors[0] < 0.01
    assert train_networks(networks, trainings, X, Y, 3).history.shape == (0, 2)


# bad input


@pytest.mark.parametrize(
    ("networks", "message"),
    [
        ([], "no networks to stack"),
        ([network(0, 2, 2, 1), network(0, 2, 3, 1)], "different architectures"),
        (
            [network(0, 2, 2, 1), network(0, 2, 2, 1, dtype=torch.float32)],
            "different architectures",
        ),
        (
            [network(0, 2, 2, 1), network(0, 2, 2, 1, activation=nn.Tanh)],
            "different architectures",
        ),
    ],
)
def test_networks_of_different_architectures_are_refused(networks, message):
    with pytest.raises(ValueError, match=message):
        stack_networks(networks)


class Scaled(nn.Linear):
    def forward(self, x):
        return 2 * super().forward(x)


SHARED, DOUBLING = nn.Linear(2, 2), nn.Linear(2, 2)
DOUBLING.register_forward_hook(lambda _, __, output: 2 * output)
CUTTING, STILL = nn.Linear(2, 2), nn.Linear(2, 2)
CUTTING.register_full_backward_pre_hook(lambda _, gradients: (0 * gradients[0],))
STILL.weight.register_hook(lambda gradient: 0 * gradient)


@pytest.mark.parametrize(
    "layers",
    [
        [nn.Linear(2, 2, bias=False)],
        [nn.Linear(2, 2), nn.PReLU()],
        [nn.Linear(2, 2), nn.Softmax(dim=1)],
        [nn.Linear(2, 2), nn.Dropout()],
        [nn.Linear(2, 2), nn.GLU()],
        [nn.Linear(2, 2), nn.RReLU()],
        [nn.LayerNorm(2)],
        [nn.BatchNorm1d(2, affine=False)],
        [nn.Flatten(0)],
        [nn.Sequential(nn.Linear(2, 2))],
        [Scaled(2, 2)],
        [nn.utils.parametrizations.weight_norm(nn.Linear(2, 2))],
        [nn.ReLU(inplace=True), nn.Linear(2, 2)],
        [SHARED, nn.Tanh(), SHARED],
        [nn.Linear(2, 2).requires_grad_(False)],
        [DOUBLING],
        [CUTTING],
        [STILL],
        [nn.Linear(2, 2), nn.Linear(3, 2)],
        [nn.Linear(2, 2), nn.Linear(2, 2).double()],
        [],
    ],
    ids=lambda layers: "-".join(type(layer).__name__ for layer in layers),
)
def test_layers_that_a_stack_would_get_wrong_are_refused(layers):
    net = nn.Sequential(*layers)
    with pytest.raises(ValueError, match="cannot be stacked"):
        stack_networks([net])
    with pytest.raises(ValueError, match="cannot be stacked"):
        Networks(net, torch.zeros(1, 6))


class Doubling(nn.Sequential):
    def forward(self, x):
        return 2 * super().forward(x)


@pytest.mark.parametrize("net", [Doubling(nn.Linear(2, 2)), nn.Linear(2, 2), "net"])
def test_what_is_no_plain_sequence_of_layers_is_refused(net):
    with pytest.raises(ValueError, match=r"give an nn\.Sequential of layers"):
        stack_networks([net])


def test_layers_that_share_a_weight_are_refused():
    first, second = nn.Linear(2, 2), nn.Linear(2, 2)
    second.weight = first.weight
    with pytest.raises(ValueError, match="used twice"):
        stack_networks([nn.Sequential(first, second)])


def test_an_activation_may_be_used_twice():
    tanh = nn.Tanh()
    net = nn.Sequential(nn.Linear(2, 3), tanh, nn.Linear(3, 1), tanh).double()
    torch.testing.assert_close(stack_networks([net]).outputs(X)[0], net(X))


def test_parameters_of_another_number_are_refused():
    with pytest.raises(ValueError, match=r"give \(N, 9\)"):
        Networks(network(0, 2, 2, 1), torch.zeros(4, 8))


@pytest.mark.parametrize(
    ("optimizer", "lr", "message"),
    [
        ("rmsprop", 0.1, "'rmsprop' here: sgd, momentum, adam"),
        ("sgd", -0.1, "rate of -0.1"),
        ("adam", float("nan"), "rate of nan"),
        ("adam", float("inf"), "rate of inf"),
        ([], 0.1, "no optimizer is called"),
    ],
)
def test_an_unknown_optimizer_or_rate_is_refused(optimizer, lr, message):
    with pytest.raises(ValueError, match=message):
        Training(optimizer, lr, squared_error)


@pytest.mark.parametrize(
    "setting",
    [
        {"max_epochs": -1},
        {"max_epochs": 1, "batch_size": -2},
        {"max_epochs": 1, "record_every": 0},
        {"max_epochs": 1.5},
        {"max_epochs": 1, "batch_size": 1.5},
        {"max_epochs": 1, "record_every": 1.5},
    ],
)
def test_numbers_of_rows_and_epochs_that_do_not_exist_are_refused(setting):
    way = Training("sgd", 1.0, squared_error)
    with pytest.raises(ValueError, match="must be at least 0"):
        train_networks([network(0, 2, 2, 1)], [way], X, Y, **setting)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (torch.zeros(4, 3).double(), Y, r"x of shape \(4, 3\) .*: give \(rows, 2\)"),
        (X.float(), Y, "x of .* torch.float32: .*, torch.float64"),
        (X, Y.float(), "y of .* torch.float32: .*, torch.float64"),
        (X[0], Y, r"x of shape \(2,\)"),
        (X[0, 0], Y, r"x of shape \(\)"),
        (X, Y[0, 0], r"y of shape \(\)"),
        (X[:0], Y[:0], "at least one row"),
    ],
)
def test_inputs_of_another_shape_or_dtype_are_refused(x, y, message):
    way = Training("sgd", 1.0, squared_error)
    with pytest.raises(ValueError, match=message):
        train_networks([network(0, 2, 2, 1)], [way], x, y, 1)


def test_a_goal_that_is_no_number_is_refused():
    way = Training("sgd", 1.0, squared_error)
    with pytest.raises(ValueError, match="a goal of nan"):
        train_networks([network(0, 2, 2, 1)], [way], X, Y, 1, goal=float("nan"))


def test_a_loss_that_takes_the_mean_itself_is_refused():
    way = Training("sgd", 1.0, lambda z, y: (z - y).square().mean())
    with pytest.raises(ValueError, match="it must be elementwise"):
        train_networks([network(0, 2, 2, 1)], [way], X, Y, 1)


def test_there_must_be_a_training_for_each_network():
    with pytest.raises(ValueError, match="0 trainings for 1 networks"):
        train_networks([network(0, 2, 2, 1)], [], X, Y, 1)


def test_targets_must_have_the_shape_of_the_outputs():
    training = Training("sgd", 1.0, squared_error_of_sigmoid)
    with pytest.raises(ValueError, match=r"targets of shape \(4,\)"):
        train_networks([network(0, 2, 2, 1)], [training], X, Y.flatten(), 1)


# progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
def test_progress_is_told_to_a_terminal_alone(monkeypatch, stream):
    monkeypatch.setattr("sys.stderr", stream())
    import sys

    training = Training("sgd", 5.0, squared_error_of_sigmoid)
    train_networks([network(0, 2, 3, 1)] * 2, [training] * 2, X, Y, 1000, progress=True)
    told = sys.stderr.getvalue()
    if stream is io.StringIO:
        assert told == ""
    else:
        assert told.startswith("\repoch 0 of at most 1000, 0 of 2 done")
        assert told.endswith("2 of 2 done\n")
