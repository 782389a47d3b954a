"""XOR from the post's own weights: how many epochs each way of training takes.

Four ways to update, two losses, several learning rates: 52 setups.
``epochs_until_learnt`` trains with one of them, by ``torch.optim``.
``train_together`` trains with many at once. So does ``batched_training``, for any
network. The one here knows the 2-3-1 network alone: with its gradient by hand, and
in NumPy, whose small arrays cost a fraction of torch's, a million epochs take
minutes. The tests hold all three to the same counts. What a million epochs gave is
recorded beside this file; it is computed anew, and compared, by

    python -m torch_recipes.xor_training

with ``--write`` to record it. Page: training it (XOR).
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from torch_recipes.xor import (
    network_from,
    post_parameters,
    xor_data,
)

__all__ = [
    "MAX_EPOCHS",
    "SETUPS",
    "TARGET",
    "Outcome",
    "Setup",
    "X",
    "Y",
    "epochs_until_learnt",
    "make_optimizer",
    "post_start",
    "recorded",
    "stacked_gradient",
    "train_together",
]

Array = NDArray[np.float64]
_Progress = Callable[[range], Iterable[int]]

TARGET = 0.01
"""XOR counts as learnt when the mean squared error over its rows is below it."""

X, Y = xor_data(torch.float64)[0].numpy(), xor_data(torch.float64)[1][:, 0].numpy()
"""The four rows, as ``stacked_gradient`` takes them: shapes (4, 2) and (4,)."""

MAX_EPOCHS = 1_000_000
"""For how many epochs a setup of the record was trained at most."""

RECORD = Path(__file__).with_suffix(".json")


@dataclass(frozen=True)
class Setup:
    """One way to train the 2-3-1 network.

    Attributes:
        optimizer: ``"sgd"``: gradient descent on all four rows, one update an
            epoch; ``"momentum"``: the same with momentum 0.9; ``"adam"``: Adam
            with its defaults, on all four rows; ``"cyclic"``: gradient descent
            on one row after another, four updates an epoch.
        loss: ``"mse"``: ``nn.MSELoss`` of the sigmoid output; ``"bce"``:
            ``nn.BCEWithLogitsLoss`` of the logit.
        lr: The learning rate.

    Raises:
        ValueError: If the optimizer or the loss has another name than these, or the
            learning rate is negative, infinite or NaN.
    """

    optimizer: str
    loss: str
    lr: float

    def __post_init__(self) -> None:
        for what, name, known in (
            ("optimizer", self.optimizer, ["sgd", "momentum", "adam", "cyclic"]),
            ("loss", self.loss, ["mse", "bce"]),
        ):
            if name not in known:
                raise ValueError(f"no {what} is called {name!r} here: {known}")
        if not 0 <= self.lr < np.inf:
            raise ValueError(
                f"a learning rate of {self.lr}: it must be finite and at least 0"
            )


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a training run came to.

    Attributes:
        epochs: After how many epochs the mean squared error of the sigmoid
            output over the four rows was below ``TARGET`` for the first time,
            or None if it never was.
        mse: That error then, or at the end of a run that never got there.
        theta: The 13 parameters at that moment, in the order of
            ``XORNet.parameters()``.
    """

    epochs: int | None
    mse: float
    theta: Array


_RATES = (0.01, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
_ADAM_RATES = (0.001, 0.003, 0.01, 0.03, 0.1)

SETUPS = tuple(
    Setup(optimizer, loss, lr)
    for optimizer in ("sgd", "momentum", "cyclic", "adam")
    for loss in ("mse", "bce")
    for lr in (_ADAM_RATES if optimizer == "adam" else _RATES)
)
"""The setups of the record; the rates are 0.01 to 10, and 0.001 to 0.1 for Adam."""


def make_optimizer(
    setup: Setup, parameters: Iterator[nn.Parameter]
) -> torch.optim.Optimizer:
    """Return the setup's optimizer over a network's parameters.

    Page: training it (XOR).
    """
    if setup.optimizer == "adam":
        return torch.optim.Adam(parameters, lr=setup.lr)
    momentum = 0.9 if setup.optimizer == "momentum" else 0.0
    return torch.optim.SGD(parameters, lr=setup.lr, momentum=momentum)


def epochs_until_learnt(setup: Setup, max_epochs: int) -> int | None:
    """Train from the post's weights in float64 with ``torch.optim``.

    Args:
        setup: How to train.
        max_epochs: When to give up.

    Returns:
        The number of epochs, as ``Outcome.epochs`` defines it.

    Raises:
        ValueError: If ``max_epochs`` is negative.

    Page: training it (XOR).
    """
    if max_epochs < 0:
        raise ValueError(f"max_epochs {max_epochs}: it must be at least 0")
    x, y = xor_data(torch.float64)
    net = network_from(post_parameters(torch.float64))
    optimizer = make_optimizer(setup, net.parameters())
    cyclic = setup.optimizer == "cyclic"
    batches = [[0], [1], [2], [3]] if cyclic else [[0, 1, 2, 3]]
    mse, bce = nn.MSELoss(), nn.BCEWithLogitsLoss()
    for epoch in range(max_epochs + 1):
        with torch.no_grad():
            if mse(net(x), y) < TARGET:
                return epoch
        for rows in batches:
            logits, targets = net.logits(x[rows]), y[rows]
            if setup.loss == "bce":
                loss = bce(logits, targets)
            else:
                loss = mse(torch.sigmoid(logits), targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return None


def post_start() -> Array:
    """Return the post's 13 initial parameters, as ``train_together`` takes them."""
    p = post_parameters(torch.float64)
    return torch.cat([t.flatten() for t in p]).numpy()


def stacked_gradient(
    theta: Array, x: Array, y: Array, bce: bool | NDArray[np.bool_]
) -> tuple[Array, Array]:
    """Return the loss's gradient for a stack of C networks, and their errors.

    Over N rows, with 13 parameters W₁, b₁, W₂ and b₂ for each network:

        ∂L/∂z₂ = 2 (ŷ − y) ŷ (1 − ŷ) / N,  with the cross-entropy (ŷ − y) / N
        ∂L/∂W₂ = (∂L/∂z₂)ᵀ a₁,             ∂L/∂b₂ = Σₙ ∂L/∂z₂
        ∂L/∂z₁ = ∂L/∂z₂ W₂ ⊙ a₁ (1 − a₁)
        ∂L/∂W₁ = (∂L/∂z₁)ᵀ x,              ∂L/∂b₁ = Σₙ ∂L/∂z₁

    A unit's pre-activations over the N rows stand beside each other: the hidden
    layer has shape (C, 3, N).

    Args:
        theta: Parameters in the order of ``XORNet.parameters()``, shape (C, 13).
        x: Inputs, shape (N, 2).
        y: Targets, shape (N,).
        bce: Whether the loss is ``nn.BCEWithLogitsLoss`` of the logit, and not
            ``nn.MSELoss`` of the sigmoid: for all networks, or of shape (C, 1).

    Returns:
        The gradients, shape (C, 13), and the mean squared errors of the sigmoid
        outputs over the N rows, shape (C,), both float64.

    Raises:
        ValueError: If ``theta``, ``x`` or ``y`` has another shape, or there is no row.
    """
    shapes, rows = (theta.shape[1:], x.shape, y.shape), len(x)
    if not rows or shapes != ((13,), (rows, 2), (rows,)):
        raise ValueError(
            f"theta of shape {theta.shape}, x {x.shape}, y {y.shape}: give (C, 13), "
            "(N, 2) and (N,), with at least one row"
        )
    w1, b1 = theta[:, :6].reshape(-1, 3, 2), theta[:, 6:9, np.newaxis]
    w2, b2 = theta[:, 9:12, np.newaxis], theta[:, 12:]
    with np.errstate(over="ignore"):  # exp gives inf, and 1 / inf is right
        a1 = 1 / (1 + np.exp(-(w1 @ x.T + b1)))
        y_hat = 1 / (1 + np.exp(-((w2 * a1).sum(axis=1) + b2)))
    error = y_hat - y
    d_z2 = error * np.where(bce, 1.0, 2 * y_hat * (1 - y_hat)) / len(y)
    d_z1 = w2 * d_z2[:, np.newaxis] * a1 * (1 - a1)
    gradient = np.empty(theta.shape)
    gradient[:, :6] = (d_z1 @ x).reshape(-1, 6)
    gradient[:, 6:9] = d_z1.sum(axis=2)
    gradient[:, 9:12] = (a1 * d_z2[:, np.newaxis]).sum(axis=2)
    gradient[:, 12] = d_z2.sum(axis=1)
    return gradient, (error * error).mean(axis=1)


def train_together(
    setups: Sequence[Setup],
    max_epochs: int,
    start: Array | None = None,
    progress: _Progress = iter,
) -> list[Outcome]:
    """Train all setups side by side, each until it has learnt XOR.

    The arithmetic is that of ``torch.optim`` in float64, with the gradients of
    ``stacked_gradient``. Sums may run in another order than torch's, so the last
    bits can differ.

    Args:
        setups: How to train, once for each network.
        max_epochs: When to give up.
        start: Initial parameters, shape (13,) for all or (len(setups), 13); the
            post's if None.
        progress: Given the epochs of each optimizer in turn, it gives them back one
            by one, and may show how far the training is.

    Returns:
        The outcomes, in the order of ``setups``.

    Raises:
        ValueError: If ``start`` has another shape, or ``max_epochs`` is negative.
    """
    if max_epochs < 0:
        raise ValueError(f"max_epochs {max_epochs}: it must be at least 0")
    start = post_start() if start is None else np.asarray(start, dtype=np.float64)
    if start.shape not in {(13,), (len(setups), 13)}:
        raise ValueError(
            f"initial parameters of shape {start.shape} for {len(setups)} setups: "
            f"give (13,) or ({len(setups)}, 13)"
        )
    starts = np.broadcast_to(start, (len(setups), 13))
    found: dict[int, Outcome] = {}
    for optimizer in dict.fromkeys(setup.optimizer for setup in setups):
        indices = [i for i, s in enumerate(setups) if s.optimizer == optimizer]
        training = _Training(
            optimizer=optimizer,
            index=np.array(indices),
            theta=starts[indices].copy(),
            moments=np.zeros((2, len(indices), 13)),
            lr=np.array([[setups[i].lr] for i in indices]),
            bce=np.array([[setups[i].loss == "bce"] for i in indices]),
        )
        for i, outcome in _train(training, max_epochs, progress):
            found[i] = outcome
    return [found[i] for i in range(len(setups))]


@dataclass(eq=False)
class _Training:
    """Networks that are trained by one optimizer; a row of each array for each.

    Attributes:
        optimizer: As in ``Setup``.
        index: Their places among the setups, shape (C,).
        theta: Their parameters, shape (C, 13).
        moments: What the optimizer remembers of earlier gradients, (2, C, 13).
        lr: Learning rates, shape (C, 1).
        bce: Whether the loss is the cross-entropy, shape (C, 1).
    """

    optimizer: str
    index: NDArray[np.int_]
    theta: Array
    moments: Array
    lr: Array
    bce: NDArray[np.bool_]

    def keep(self, rows: NDArray[np.bool_]) -> None:
        """Go on with these networks only."""
        self.index, self.theta = self.index[rows], self.theta[rows]
        self.moments = self.moments[:, rows]
        self.lr, self.bce = self.lr[rows], self.bce[rows]


def _train(
    nets: _Training, max_epochs: int, progress: _Progress
) -> Iterator[tuple[int, Outcome]]:
    """Yield the place and the outcome of each network, as soon as it is known."""
    for epoch in progress(range(max_epochs + 1)):
        gradient, mse = stacked_gradient(nets.theta, X, Y, nets.bce)
        learnt = mse < TARGET
        for k in learnt.nonzero()[0]:
            yield int(nets.index[k]), Outcome(epoch, float(mse[k]), nets.theta[k])
        if learnt.any():
            nets.keep(~learnt)
            gradient, mse = gradient[~learnt], mse[~learnt]
        if not len(nets.index) or epoch == max_epochs:
            break
        if nets.optimizer == "cyclic":
            for row in range(4):
                rows = slice(row, row + 1)
                gradient, _ = stacked_gradient(nets.theta, X[rows], Y[rows], nets.bce)
                nets.theta = nets.theta - nets.lr * gradient
        else:
            _update(nets, gradient, epoch + 1)
    for i, error, theta in zip(nets.index, mse, nets.theta, strict=True):
        yield int(i), Outcome(None, float(error), theta)


def _update(nets: _Training, gradient: Array, step: int) -> None:
    """Make one update, as ``torch.optim.SGD`` and ``Adam`` do with defaults."""
    if nets.optimizer == "sgd":
        nets.theta = nets.theta - nets.lr * gradient
    elif nets.optimizer == "momentum":
        nets.moments[0] = 0.9 * nets.moments[0] + gradient
        nets.theta = nets.theta - nets.lr * nets.moments[0]
    else:
        mean, square = nets.moments
        mean += (1 - 0.9) * (gradient - mean)
        square *= 0.999
        square += (1 - 0.999) * gradient * gradient
        scale = np.sqrt(square) / np.sqrt(1 - 0.999**step) + 1e-8
        nets.theta = nets.theta - nets.lr / (1 - 0.9**step) * mean / scale


def recorded() -> dict[Setup, Outcome]:
    """Return what a million epochs gave for each of ``SETUPS``."""
    rows = json.loads(RECORD.read_text(encoding="utf-8"))["outcomes"]
    return {
        Setup(row["optimizer"], row["loss"], row["lr"]): Outcome(
            row["epochs"], row["mse"], np.array(row["theta"])
        )
        for row in rows
    }


def _record_text(outcomes: Sequence[Outcome], max_epochs: int) -> str:
    """Return the record of the outcomes of ``SETUPS``, one outcome a line."""
    rows = [
        asdict(setup)
        | {"epochs": end.epochs, "mse": end.mse, "theta": end.theta.tolist()}
        for setup, end in zip(SETUPS, outcomes, strict=True)
    ]
    lines = ",\n".join(json.dumps(row) for row in rows)
    return f'{{"max_epochs": {max_epochs}, "outcomes": [\n{lines}\n]}}\n'


def _shown(epochs: range) -> Iterable[int]:
    """Show on a terminal how many of the epochs are done."""
    from tqdm import tqdm  # which readers of the package need not have

    off = True if "CI" in os.environ else None
    return tqdm(epochs, unit="epoch", unit_scale=True, leave=False, disable=off)  # type: ignore[no-any-return]


def main(arguments: Sequence[str] | None = None) -> int:
    """Compute the record anew and compare it; return 1 if a count differs."""
    parser = argparse.ArgumentParser(
        prog="python -m torch_recipes.xor_training",
        description="Train XOR from the post's weights in 52 ways, a million "
        "epochs at most, and compare the counts with the record.",
    )
    parser.add_argument("--write", action="store_true", help="write the record")
    options = parser.parse_args(arguments)
    begun = time.monotonic()
    try:
        outcomes = train_together(SETUPS, MAX_EPOCHS, progress=_shown)
    except KeyboardInterrupt:
        print("interrupted; the record is as it was", file=sys.stderr)
        return 130
    print(f"trained in {time.monotonic() - begun:.0f} s", file=sys.stderr)
    if options.write:
        written = RECORD.with_suffix(".new")
        written.write_text(_record_text(outcomes, MAX_EPOCHS), encoding="utf-8")
        written.replace(RECORD)  # whole or not at all
    before = recorded()
    differing = 0
    for setup, end in zip(SETUPS, outcomes, strict=True):
        mark = "" if end.epochs == before[setup].epochs else "  DIFFERS"
        differing += bool(mark)
        print(f"{setup}  {end.epochs}  {end.mse:.6f}{mark}")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
