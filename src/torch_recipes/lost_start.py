"""Where a run began, from the losses that it printed.

Gradient descent on a line obeys an exact law: along each axis of the loss's bowl the
distance to the bottom is multiplied by a fixed factor. So printed losses, although
rounded, show which supposed data and learning rates can have given them, and then where
the run started, up to mirror images. Page: the bowl of the loss.
"""

import torch
from torch import Tensor

from torch_recipes.basic_network import (
    build_network,
    least_squares,
    loss_hessian,
    sum_of_squares,
)

__all__ = ["common_excess", "long_run", "starting_weights"]


def long_run(
    x: Tensor, y: Tensor, lr: float = 1e-4, every: int = 1_000
) -> tuple[Tensor, Tensor]:
    """Return where the losses of a long descent end, and how fast they get there.

    Once the steep direction has settled, the excess of the loss over its minimum is
    multiplied by (1 − η λₘᵢₙ)² in every iteration.

    Page: the bowl of the loss.

    Args:
        x: Inputs of shape (n,).
        y: Targets of shape (n,).
        lr: The learning rate η.
        every: How many iterations lie between two printed losses.

    Returns:
        ``(least_loss, factor)``, each of shape (): the least sum of squares, and what
        multiplies the excess over it in ``every`` iterations.

    Raises:
        ValueError: If all of ``x`` are equal.
        RuntimeError: If ``x`` or ``y`` is not one-dimensional or holds integers, if
            their lengths differ, or if there are no points.
    """
    least_loss = sum_of_squares(build_network(x, *least_squares(x, y)), y)
    smallest = torch.linalg.eigvalsh(loss_hessian(x))[0]
    return least_loss, (1 - lr * smallest) ** (2 * every)


def common_excess(
    later: Tensor, least_loss: Tensor, factor: Tensor, half_unit: float = 5e-5
) -> tuple[Tensor, Tensor]:
    """Return the interval of excesses A with later[k] = least_loss + A factorᵏ⁺¹.

    Each printed loss allows for its rounding, and so allows an interval; this is what
    all of them allow. It is empty, the lower end above the upper one, if no A gives
    these numbers. A descent has an A of at least 0.

    Page: the bowl of the loss.

    Args:
        later: The printed losses after one, two, … periods, of shape (k,).
        least_loss: The loss at the bottom of the bowl.
        factor: What multiplies the excess in one period.
        half_unit: Half a unit in the last printed digit.

    Returns:
        ``(low, high)``, each of shape ().

    Raises:
        RuntimeError: If there are no later losses.
    """
    powers = factor ** torch.arange(1, len(later) + 1)
    low = (later - half_unit - least_loss) / powers
    high = (later + half_unit - least_loss) / powers
    return low.max(), high.min()


def starting_weights(
    x: Tensor,
    y: Tensor,
    first: Tensor,
    later: Tensor,
    lr: float = 1e-4,
    every: int = 1_000,
) -> Tensor:
    """Return the four starts (w₀, b₀) from which a descent prints these losses.

    The later losses give the distance from the bottom along the flat axis of the bowl,
    what is then missing from the first loss the distance along the steep one. Neither
    gives a sign, so that the starts are each other's mirror images in the axes.

    Page: the bowl of the loss.

    Args:
        x: Inputs of shape (n,).
        y: Targets of shape (n,).
        first: The loss before the first step, of shape ().
        later: The losses after one, two, … periods, of shape (k,), with nothing left
            of the steep direction.
        lr: The learning rate.
        every: How many iterations a period has.

    Returns:
        The starts in rows, of shape (4, 2), the one nearest to zero first; NaN
        if a squared distance comes out negative. Whether the losses fit at all,
        ``common_excess`` says.

    Raises:
        ValueError: If all of ``x`` are equal.
        RuntimeError: If ``x`` or ``y`` is not one-dimensional or holds integers, if
            their lengths differ, or if there are no points or no later losses.
    """
    least_loss, factor = long_run(x, y, lr, every)
    low, high = common_excess(later, least_loss, factor)
    along_flat = (low + high) / 2
    along_steep = first - least_loss - along_flat
    eigenvalues, axes = torch.linalg.eigh(loss_hessian(x))
    excess = torch.stack([along_flat, along_steep])
    distances = (2 * excess / eigenvalues).sqrt()
    signs = torch.tensor([[1, 1], [1, -1], [-1, 1], [-1, -1]])
    starts: Tensor = torch.stack(least_squares(x, y)) + signs * distances @ axes.T
    return starts[torch.linalg.vector_norm(starts, dim=1).argsort()]
