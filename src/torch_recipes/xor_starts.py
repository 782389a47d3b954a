"""XOR from many starts: the starts, how sure a success rate is, a sweep on record.

`python -m torch_recipes.xor_starts` trains 2-2-1 and 2-3-1 networks from 200 starts
at each of the learning rates of `TRAININGS`, and prints how many succeed and how fast;
with `--write` it also writes what it found to `xor_starts.json` beside this file, from
where the page reads it. It takes a few minutes.

Page: XOR from many starts.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, sqrt
from pathlib import Path

import torch
from torch import nn

from torch_recipes.batched_training import (
    OptimizerName,
    Training,
    cross_entropy_of_logit,
    squared_error_of_sigmoid,
    train_networks,
)
from torch_recipes.xor import xor_data

__all__ = ["Sweep", "read_record", "start", "wilson_interval"]

NUM_SEEDS = 200
NUM_HIDDEN = (2, 3)
MAX_EPOCHS = 30_000
RATES: Mapping[OptimizerName, tuple[float, ...]] = {
    "sgd": (0.5, 1.0, 2.0, 5.0, 10.0),
    "momentum": (0.05, 0.1, 0.2, 0.5, 1.0),
    "adam": (0.002, 0.005, 0.01, 0.05, 0.1),
}
TRAININGS = tuple(
    Training(optimizer, lr, loss)
    for optimizer, rates in RATES.items()
    for loss in (squared_error_of_sigmoid, cross_entropy_of_logit)
    for lr in rates
)
RECORD = Path(__file__).with_suffix(".json")


@dataclass(frozen=True)
class Sweep:
    """What one way of training gave from each of the starts.

    Attributes:
        num_hidden: Units of the hidden layer.
        optimizer: As in `Training`.
        lr: The learning rate.
        loss: The loss function's name.
        epochs: For each seed, from 0 on, the epochs until the mean squared error over
            the four rows was below 0.01; infinite where that did not happen.
    """

    num_hidden: int
    optimizer: str
    lr: float
    loss: str
    epochs: tuple[float, ...]


def start(seed: int, num_hidden: int) -> nn.Sequential:
    """Return the 2-h-1 network that a seed starts with, in float64; it gives logits.

    Every weight and bias of a layer is drawn from U(−1/√fan_in, 1/√fan_in), as
    `nn.Linear` does by itself, in the order in which the layers are made. This sets
    PyTorch's global seed.

    Page: XOR from many starts.
    """
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Linear(2, num_hidden, dtype=torch.float64),
        nn.Sigmoid(),
        nn.Linear(num_hidden, 1, dtype=torch.float64),
    )


def wilson_interval(successes: float, n: int, z: float = 1.96) -> tuple[float, float]:
    """Return between which rates a success rate lies, by Wilson's score interval.

    All p for which the measured rate p̂ = successes / n is within z standard errors
    √(p (1 − p) / n) of p. For z = 1.96 this is about a 95% confidence interval; for
    some p near 0 or 1 it misses more often:

        (p̂ + z²/2n ± z √(p̂ (1 − p̂) / n + z²/4n²)) / (1 + z²/n)

    Args:
        successes: How many of the trials succeeded, from 0 to n.
        n: How many trials there were, at least 1.
        z: The quantile of the normal distribution.

    Raises:
        ValueError: If there are no trials, or successes are not between 0 and n.

    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927).
    Page: XOR from many starts.
    """
    if n < 1 or not 0 <= successes <= n:
        raise ValueError(f"{successes} successes in {n} trials: there are none such")
    p_hat = successes / n
    middle = p_hat + z**2 / (2 * n)
    half = z * sqrt(p_hat * (1 - p_hat) / n + z**2 / (4 * n**2))
    return (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)


def sweep(
    num_hidden: int,
    trainings: Sequence[Training],
    seeds: Sequence[int],
    max_epochs: int,
    *,
    progress: bool = False,
) -> list[Sweep]:
    """Train from the starts of the seeds, in each of the ways given, full batch.

    Raises:
        ValueError: If there is no hidden unit, no training or no seed.
    """
    if num_hidden < 1 or not trainings or not seeds:
        raise ValueError(
            f"{num_hidden} hidden units, {len(trainings)} trainings and {len(seeds)} "
            "seeds: there must be at least one of each"
        )
    starts = [start(seed, num_hidden) for seed in seeds]
    x, y = xor_data(torch.float64)
    run = train_networks(
        starts * len(trainings),
        [training for training in trainings for _ in starts],
        x,
        y,
        max_epochs,
        progress=progress,
    )
    return [
        Sweep(num_hidden, t.optimizer, t.lr, t.loss.__name__, tuple(epochs.tolist()))
        for t, epochs in zip(
            trainings, torch.split(run.epochs, len(starts)), strict=True
        )
    ]


def read_record() -> list[Sweep]:
    """Read what `--write` has written: seeds 0 to 199, at most 30,000 epochs."""
    return [
        Sweep(**entry | {"epochs": tuple(inf if e is None else e for e in epochs)})
        for entry in json.loads(RECORD.read_text(encoding="utf-8"))
        for epochs in [entry["epochs"]]
    ]


def _write_record(sweeps: Sequence[Sweep]) -> None:
    entries = []
    for one in sweeps:
        epochs = [None if e == inf else int(e) for e in one.epochs]
        entries.append(json.dumps(vars(one) | {"epochs": epochs}))
    RECORD.write_text("[\n" + ",\n".join(entries) + "\n]\n", encoding="utf-8")


def _describe(one: Sweep) -> str:
    solved = sorted(epochs for epochs in one.epochs if epochs < inf)
    low, high = wilson_interval(len(solved), len(one.epochs))
    median = torch.tensor(solved or [inf]).quantile(0.5).item()
    return (
        f"2-{one.num_hidden}-1  {one.optimizer:8}  lr {one.lr:<5}  {one.loss:24}  "
        f"{len(solved):3} of {len(one.epochs)} ({low:.1%} to {high:.1%})  "
        f"median {median:g} epochs"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the sweep, print it, and with ``--write`` put it on record."""
    parser = argparse.ArgumentParser(prog="python -m torch_recipes.xor_starts")
    parser.add_argument("--seeds", type=int, default=NUM_SEEDS)
    parser.add_argument("--max-epochs", type=int, default=MAX_EPOCHS)
    parser.add_argument("--write", action="store_true", help=f"write {RECORD.name}")
    options = parser.parse_args(arguments)
    default = (options.seeds, options.max_epochs) == (NUM_SEEDS, MAX_EPOCHS)
    if options.write and not default:
        parser.error("--write goes with the default seeds and epochs alone")
    sweeps = []
    for num_hidden in NUM_HIDDEN:
        seeds = range(options.seeds)
        sweeps += sweep(num_hidden, TRAININGS, seeds, options.max_epochs, progress=True)
    print("\n".join(map(_describe, sweeps)))
    if options.write:
        _write_record(sweeps)


if __name__ == "__main__":
    main()
