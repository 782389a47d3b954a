import json
import math

import numpy as np
import pytest
import torch
from torch import nn

from torch_recipes import batched_training, xor, xor_training
from torch_recipes.xor_training import SETUPS, TARGET, Outcome, Setup

from ..terminal import lines, on_a_terminal

RECORD = xor_training.recorded()

QUICK = [setup for setup in SETUPS if 0 < (RECORD[setup].epochs or 0) < 1000]


def a_label(setup):
    return f"{setup.optimizer}-{setup.loss}-{setup.lr}"


def module_of(theta):
    net = xor.XORNet().double()
    nn.utils.vector_to_parameters(torch.as_tensor(theta), net.parameters())
    return net


# setups


@pytest.mark.parametrize(
    ("setup", "message"),
    [
        (("SGD", "mse", 0.1), "called 'SGD' here"),
        (("adam", "l1", 0.1), "called 'l1' here"),
        (("adam", "mse", -0.1), "rate of -0.1"),
        (("sgd", "mse", math.nan), "rate of nan"),
        (("sgd", "mse", math.inf), "rate of inf"),
        (([], "mse", 0.1), "'sgd', 'momentum', 'adam', 'cyclic'"),
    ],
)
def test_a_setup_that_torch_optim_has_not_is_refused(setup, message):
    with pytest.raises(ValueError, match=message):
        Setup(*setup)


# the gradient of a stack of networks


@pytest.mark.parametrize("rows", [slice(None), slice(1, 2)], ids=["four", "one"])
@pytest.mark.parametrize("bce", [False, True])
def test_stacked_gradient_equals_autograd_for_each_network(bce, rows):
    x, y = xor.xor_data(torch.float64)
    x, y = x[rows], y[rows]
    thetas = np.random.default_rng(7).normal(size=(5, 13)) * 3
    gradients, errors = xor_training.stacked_gradient(
        thetas, x.numpy(), y[:, 0].numpy(), bce
    )
    for theta, gradient, error in zip(thetas, gradients, errors, strict=True):
        net = module_of(theta)
        logits = net.logits(x)
        mse = nn.MSELoss()(torch.sigmoid(logits), y)
        loss = nn.BCEWithLogitsLoss()(logits, y) if bce else mse
        loss.backward()
        expected = torch.cat([p.grad.flatten() for p in net.parameters()])
        assert gradient == pytest.approx(expected.numpy(), rel=1e-12, abs=1e-16)
        assert error == pytest.approx(mse.item(), rel=1e-13)


@pytest.mark.parametrize(
    ("theta", "x", "y"),
    [
        ((13,), (4, 2), (4,)),
        ((1, 12), (4, 2), (4,)),
        ((1, 13), (4, 2), (1,)),
        ((1, 13), (4, 2), (4, 1)),
        ((1, 13), (0, 2), (0,)),
    ],
)
def test_a_stacked_gradient_of_other_shapes_is_refused(theta, x, y):
    with pytest.raises(ValueError, match=r"give \(C, 13\), \(N, 2\) and \(N,\)"):
        xor_training.stacked_gradient(np.ones(theta), np.ones(x), np.ones(y), True)


def test_each_network_may_have_a_loss_of_its_own():
    x, y = (t.numpy() for t in xor.xor_data(torch.float64))
    theta = np.tile(xor_training.post_start(), (2, 1))
    bce = np.array([[False], [True]])
    both, _ = xor_training.stacked_gradient(theta, x, y[:, 0], bce)
    for row, loss in enumerate([False, True]):
        alone, _ = xor_training.stacked_gradient(theta[:1], x, y[:, 0], loss)
        assert both[row] == pytest.approx(alone[0], rel=1e-15)


def test_the_start_is_the_posts_in_the_order_of_the_modules_parameters():
    net = xor.network_from(xor.post_parameters(torch.float64))
    expected = nn.utils.parameters_to_vector(net.parameters()).detach()
    assert xor_training.post_start().tolist() == expected.tolist()


def test_integer_parameters_have_a_gradient_of_floats():
    theta = np.tile(np.arange(13), (2, 1))
    rows = xor_training.X, xor_training.Y, False
    gradient, _ = xor_training.stacked_gradient(theta, *rows)
    expected, _ = xor_training.stacked_gradient(theta.astype(float), *rows)
    assert gradient.tolist() == expected.tolist()


# training one, training many


def test_torch_needs_as_many_epochs_as_the_record_says():
    quickest = {}
    for setup in sorted(QUICK, key=lambda setup: -RECORD[setup].epochs):
        quickest[setup.optimizer, setup.loss] = setup
    assert len(quickest) == 7  # Adam does not learn with the cross-entropy
    for setup in quickest.values():
        assert xor_training.epochs_until_learnt(setup, 1000) == RECORD[setup].epochs


def test_torch_gives_up_after_the_epochs_that_it_is_given():
    setup = Setup("momentum", "mse", 10.0)
    needed = RECORD[setup].epochs
    assert xor_training.epochs_until_learnt(setup, needed) == needed
    assert xor_training.epochs_until_learnt(setup, needed - 1) is None


def test_no_epoch_is_needed_by_a_network_that_has_learnt(monkeypatch):
    setup = Setup("sgd", "mse", 0.1)
    learnt = RECORD[Setup("sgd", "mse", 1.0)].theta
    assert xor_training.train_together([setup], 5, learnt)[0].epochs == 0


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam", "cyclic"])
@pytest.mark.parametrize("loss", ["mse", "bce"])
def test_side_by_side_and_torch_hold_the_same_parameters(optimizer, loss):
    setup = Setup(optimizer, loss, 0.05)
    (outcome,) = xor_training.train_together([setup], max_epochs=30)

    x, y = xor.xor_data(torch.float64)
    net = xor.network_from(xor.post_parameters(torch.float64))
    stepper = xor_training.make_optimizer(setup, net.parameters())
    torch_loss = nn.BCEWithLogitsLoss()
    if loss == "mse":
        torch_loss = lambda z, t: nn.MSELoss()(torch.sigmoid(z), t)  # noqa: E731
    for _ in range(30):
        for part in [[0], [1], [2], [3]] if optimizer == "cyclic" else [[0, 1, 2, 3]]:
            stepper.zero_grad()
            torch_loss(net.logits(x[part]), y[part]).backward()
            stepper.step()

    assert outcome.epochs is None
    expected = nn.utils.parameters_to_vector(net.parameters()).detach().numpy()
    assert outcome.theta == pytest.approx(expected, rel=1e-10)
    assert outcome.mse == pytest.approx(nn.MSELoss()(net(x), y).item(), rel=1e-12)


def test_an_outcome_is_the_first_error_below_the_target():
    setup = Setup("momentum", "mse", 1.0)
    (outcome,) = xor_training.train_together([setup], 1000)
    assert outcome.mse < TARGET
    (before,) = xor_training.train_together([setup], outcome.epochs - 1)
    assert before.epochs is None
    assert before.mse >= TARGET
    x, y = xor.xor_data(torch.float64)
    error = nn.MSELoss()(module_of(outcome.theta)(x), y).item()
    assert error == pytest.approx(outcome.mse, rel=1e-12)


def test_the_general_stack_of_networks_needs_as_many_epochs():
    layers = nn.Sequential(nn.Linear(2, 3), nn.Sigmoid(), nn.Linear(3, 1)).double()
    start = torch.from_numpy(xor_training.post_start())
    nn.utils.vector_to_parameters(start, layers.parameters())
    losses = {
        "mse": batched_training.squared_error_of_sigmoid,
        "bce": batched_training.cross_entropy_of_logit,
    }
    for cyclic in (False, True):
        setups = [s for s in QUICK if (s.optimizer == "cyclic") == cyclic]
        run = batched_training.train_networks(
            [layers] * len(setups),
            [
                batched_training.Training(
                    "sgd" if cyclic else s.optimizer, s.lr, losses[s.loss]
                )
                for s in setups
            ],
            *xor.xor_data(torch.float64),
            max_epochs=1000,
            batch_size=1 if cyclic else None,
        )
        assert run.epochs.tolist() == [RECORD[s].epochs for s in setups]


def test_networks_may_start_from_parameters_of_their_own():
    setup = Setup("sgd", "mse", 1.0)
    start = np.stack([xor_training.post_start(), RECORD[setup].theta])
    first, second = xor_training.train_together([setup] * 2, 2000, start)
    assert (first.epochs, second.epochs) == (RECORD[setup].epochs, 0)


def test_initial_parameters_of_another_shape_and_negative_epochs_are_refused():
    with pytest.raises(ValueError, match=r"shape \(12,\) for 2 setups"):
        xor_training.train_together(SETUPS[:2], 1, np.zeros(12))
    with pytest.raises(ValueError, match="max_epochs -1"):
        xor_training.epochs_until_learnt(Setup("sgd", "mse", 0.1), -1)
    with pytest.raises(ValueError, match="max_epochs -1"):
        xor_training.train_together(SETUPS[:2], -1)


def test_progress_is_told_while_networks_train():
    told = []

    def progress(epochs):
        for epoch in epochs:
            told.append((epoch, len(epochs)))
            yield epoch

    setups = [Setup("sgd", "mse", 0.01), Setup("adam", "mse", 0.01)]
    xor_training.train_together(setups, 2, progress=progress)
    assert told == [(0, 3), (1, 3), (2, 3)] * 2


# the record


def test_the_record_holds_every_setup_and_what_it_came_to():
    assert tuple(RECORD) == SETUPS
    for outcome in RECORD.values():
        assert outcome.theta.shape == (13,)
        assert (outcome.epochs is None) == (outcome.mse >= TARGET)
        error = float(
            xor_training.stacked_gradient(
                outcome.theta[np.newaxis], xor_training.X, xor_training.Y, False
            )[1][0]
        )
        assert error == pytest.approx(outcome.mse, rel=1e-9)


def test_training_anew_gives_the_record_and_no_count_hangs_on_rounding():
    """Up to 31,000 epochs; ``python -m torch_recipes.xor_training`` goes on.

    Moving each start by about 1e-13 of itself changes no count below 14,000.
    """
    limit = 31_000
    counted = [s for s in SETUPS if 0 < (RECORD[s].epochs or 0) < 14_000]
    generator = np.random.default_rng(0)
    shift = 1e-13 * generator.standard_normal((len(counted), 13))
    start = xor_training.post_start()
    starts = np.concatenate([np.tile(start, (len(SETUPS), 1)), start * (1 + shift)])
    setups = [*SETUPS, *counted]
    outcomes = xor_training.train_together(setups, limit, starts)
    for setup, outcome in zip(setups, outcomes, strict=True):
        expected = RECORD[setup].epochs
        if expected is not None and expected > limit:
            expected = None
        assert outcome.epochs == expected, setup


def an_outcome(epochs):
    return Outcome(epochs, 0.5 if epochs is None else 0.009, np.arange(13.0))


def test_a_record_is_read_as_it_was_written(tmp_path, monkeypatch):
    outcomes = [an_outcome(None if i % 3 else i) for i in range(len(SETUPS))]
    text = xor_training._record_text(outcomes, 77)
    assert json.loads(text)["max_epochs"] == 77
    path = tmp_path / "record.json"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(xor_training, "RECORD", path)
    again = xor_training.recorded()
    assert tuple(again) == SETUPS
    for outcome, read in zip(outcomes, again.values(), strict=True):
        assert (read.epochs, read.mse) == (outcome.epochs, outcome.mse)
        assert read.theta.tolist() == outcome.theta.tolist()


@pytest.fixture
def a_quick_main(tmp_path, monkeypatch):
    """A record of 40 epochs at most, in a folder of its own."""
    monkeypatch.setattr(xor_training, "RECORD", tmp_path / "record.json")
    monkeypatch.setattr(xor_training, "MAX_EPOCHS", 40)
    assert xor_training.main(["--write"]) == 0
    return tmp_path / "record.json"


def test_main_agrees_with_what_it_has_written(a_quick_main, capsys):
    assert xor_training.main([]) == 0
    printed = capsys.readouterr().out
    assert "DIFFERS" not in printed
    assert printed.count("Setup(") == len(SETUPS)


def test_an_interrupt_leaves_the_record_as_it_was(tmp_path):
    before = xor_training.RECORD.read_bytes()
    status, shown = on_a_terminal(
        *("torch_recipes.xor_training", "--write"), cwd=tmp_path, stop_at="k/1.00M ["
    )
    said = "interrupted; the record is as it was"
    assert (status, lines(shown.rstrip())[-1]) == (130, said)
    assert xor_training.RECORD.read_bytes() == before


def test_main_fails_where_a_count_differs_from_the_record(a_quick_main, capsys):
    text = a_quick_main.read_text(encoding="utf-8")
    assert '"epochs": 35' in text
    a_quick_main.write_text(text.replace('"epochs": 35', '"epochs": 36'))
    assert xor_training.main([]) == 1
    (line,) = [e for e in capsys.readouterr().out.split("\n") if "DIFFERS" in e]
    assert "'momentum', loss='mse', lr=10.0)  35  0.0062" in line
    assert math.isclose(float(line.split()[-2]), 0.0062, abs_tol=1e-4)
