"""The activation functions of newer models, each with its derivative, and softmax.

All but softmax act on each number by itself; those of the pages' figures come with a
derivative of the input's own shape. Autograd through a function gives that derivative:
through ELU and SELU to a few units in its last place, through the others to some units
in the last place of 1. Every finite input has a finite value, as far as the dtype holds
it; at ±∞ a product of 0 and ∞ is NaN, as it is in the formulas. NaN stays NaN.

Inputs are real. Integers and booleans become the default dtype, where PyTorch's own
functions refuse them.

Page: recipe 4-1, modern activation functions; softmax: outputs and losses.
"""

import math

import torch
import torch.nn.functional as F  # noqa: N812 (the field's own name)
from torch import Tensor

__all__ = [
    "SELU_ALPHA",
    "SELU_SCALE",
    "elu",
    "elu_derivative",
    "gelu",
    "gelu_derivative",
    "gelu_tanh",
    "hardswish",
    "hardswish_derivative",
    "mish",
    "mish_derivative",
    "normal_cdf",
    "normal_density",
    "selu",
    "selu_derivative",
    "silu",
    "silu_derivative",
    "softmax",
    "softmax_jacobian",
]

SELU_ALPHA = 1.6732632423543772
"""α of `selu`: with `SELU_SCALE` it makes mean 0 and variance 1 a fixed point."""

SELU_SCALE = 1.0507009873554805
"""λ of `selu`, its slope on the right."""


def normal_cdf(x: Tensor) -> Tensor:
    """Return Φ(x), the probability that a standard normal variable lies below x.

    Φ(x) = (1 + erf(x / √2)) / 2 = erfc(-x / √2) / 2. The first form cancels on the
    left (float32: it is exactly 0 from about -5.6 down), the second does not.

    Args:
        x: Any shape, any real dtype.

    Returns:
        Φ(x), of the shape of `x`, in (0, 1).

    Source: the definition of the error function. Page: modern activation functions.
    """
    return torch.erfc(x / -math.sqrt(2)) / 2


def normal_density(x: Tensor) -> Tensor:
    """Return φ(x) = exp(-x² / 2) / √(2π), the derivative of `normal_cdf`.

    Args:
        x: Any shape, any real dtype.

    Returns:
        φ(x), of the shape of `x`, in (0, 0.3989].

    Source: the normal distribution. Page: modern activation functions.
    """
    return torch.exp(x * (x / -2)) / math.sqrt(2 * math.pi)


def gelu(x: Tensor) -> Tensor:
    """Weigh x by the normal distribution: GELU(x) = x Φ(x), elementwise.

    Args:
        x: Any shape, any real dtype.

    Returns:
        The values, of the shape of `x`, at least -0.1700 (at -0.7518).

    Source: Hendrycks and Gimpel (2016); `torch.nn.GELU`. Page: modern activation
    functions.
    """
    return x * normal_cdf(x)


def gelu_derivative(x: Tensor) -> Tensor:
    """Differentiate `gelu`: Φ(x) + x φ(x), elementwise; 1/2 at 0.

    Args:
        x: Any shape, any real dtype.

    Returns:
        The derivative, of the shape of `x`.

    Source: the product rule. Page: modern activation functions.
    """
    return normal_cdf(x) + x * normal_density(x)


def gelu_tanh(x: Tensor) -> Tensor:
    """Approximate `gelu` by x (1 + tanh u) / 2, u = √(2/π) (x + 0.044715 x³).

    Computed as x σ(2u), which is the same and does not cancel on the left. Beyond ±30
    the sigmoid is 0 or 1 in every dtype, so that x³ need not be taken of more.

    Args:
        x: Any shape, any real dtype.

    Returns:
        The values, of the shape of `x`; at most 4.8e-4 from `gelu`.

    Source: Hendrycks and Gimpel (2016); `torch.nn.GELU(approximate="tanh")`. Page:
    modern activation functions.
    """
    middle = torch.clamp(1.0 * x, -30, 30)
    u = math.sqrt(2 / math.pi) * (middle + 0.044715 * middle**3)
    return x * torch.sigmoid(2 * u)


def silu(x: Tensor) -> Tensor:
    """Weigh x by its sigmoid: SiLU(x) = x σ(x), elementwise; also called Swish.

    Args:
        x: Any shape, any real dtype.

    Returns:
        The values, of the shape of `x`, at least -0.2785 (at -1.2785).

    Source: Hendrycks and Gimpel (2016), Ramachandran and others (2017);
    `torch.nn.SiLU`. Page: modern activation functions.
    """
    return x * torch.sigmoid(x)


def silu_derivative(x: Tensor) -> Tensor:
    """Differentiate `silu`: σ(x) (1 + x σ(-x)), elementwise; 1/2 at 0.

    Args:
        x: Any shape, any real dtype.

    Returns:
        The derivative, of the shape of `x`.

    Source: the product rule. Page: modern activation functions.
    """
    return torch.sigmoid(x) * (1 + x * torch.sigmoid(-1.0 * x))


def elu(x: Tensor, alpha: float = 1.0) -> Tensor:
    """Keep x on the right and bend into -α: x for x > 0, α (eˣ - 1) else.

    Args:
        x: Any shape, any real dtype.
        alpha: α, the level on the left, with the sign changed.

    Returns:
        The values, of the shape of `x`, in (-α, ∞) for α > 0.

    Source: Clevert and others (2015); `torch.nn.ELU`. Page: modern activation
    functions.
    """
    left = torch.where(x > 0, 0, x)  # eˣ would overflow on the right
    # Autograd takes expm1's slope as expm1 + 1, which cancels far out.
    curve = torch.where(left > -1, torch.expm1(left), torch.exp(left) - 1)
    return torch.where(x > 0, x, alpha * curve)


def elu_derivative(x: Tensor, alpha: float = 1.0) -> Tensor:
    """Differentiate `elu`: 1 for x > 0, α eˣ else, elementwise.

    At 0 there is a derivative for α = 1 alone; PyTorch takes α, and so does this
    function.

    Args:
        x: Any shape, any real dtype.
        alpha: α.

    Returns:
        The derivative, of the shape of `x`.

    Source: PyTorch's convention at 0. Page: modern activation functions.
    """
    left = torch.where(x > 0, 0, x)
    return torch.where(x > 0, 1, alpha * torch.exp(left))


def selu(x: Tensor) -> Tensor:
    """Scale `elu` so that mean 0 and variance 1 stay: λ ELU(x) with α, elementwise.

    α and λ are `SELU_ALPHA` and `SELU_SCALE`.

    Args:
        x: Any shape, any real dtype.

    Returns:
        The values, of the shape of `x`, in (-1.7581, ∞).

    Source: Klambauer and others (2017); `torch.nn.SELU`. Page: modern activation
    functions.
    """
    return SELU_SCALE * elu(x, SELU_ALPHA)


def selu_derivative(x: Tensor) -> Tensor:
    """Differentiate `selu`: λ for x > 0, λ α eˣ else; at 0 λ α, as in PyTorch.

    Args:
        x: Any shape, any real dtype.

    Returns:
        The derivative, of the shape of `x`.

    Source: PyTorch's convention at 0. Page: modern activation functions.
    """
    return SELU_SCALE * elu_derivative(x, SELU_ALPHA)


def hardswish(x: Tensor) -> Tensor:
    """Imitate `silu` with a parabola: 0 up to -3, x from 3 on, x (x + 3) / 6 between.

    Args:
        x: Any shape, any real dtype.

    Returns:
        The values, of the shape of `x`, at least -0.375 (at -1.5).

    Source: Howard and others (2019); `torch.nn.Hardswish`. Page: modern activation
    functions.
    """
    x = 1.0 * x  # a uint8 holds no -3 to be compared with
    middle = torch.clamp(x, -3, 3)  # x² would overflow far out
    curve = middle * (middle + 3) / 6
    return torch.where(x <= -3, 0, torch.where(x >= 3, x, curve))


def hardswish_derivative(x: Tensor) -> Tensor:
    """Differentiate `hardswish`: 0, 1 and (2x + 3) / 6 in the three parts.

    At -3 PyTorch takes 0 and at 3 it takes 1, and so does this function.

    Args:
        x: Any shape, any real dtype.

    Returns:
        The derivative, of the shape of `x`.

    Source: PyTorch's convention at ±3. Page: modern activation functions.
    """
    x = 1.0 * x
    return torch.where(x <= -3, 0, torch.where(x >= 3, 1, (2 * x + 3) / 6))


def mish(x: Tensor) -> Tensor:
    """Weigh x by the tanh of its softplus: x tanh(log(1 + eˣ)), elementwise.

    Args:
        x: Any shape, any real dtype.

    Returns:
        The values, of the shape of `x`, at least -0.3088 (at -1.1925).

    Source: Misra (2019); `torch.nn.Mish`. Page: modern activation functions.
    """
    return x * torch.tanh(F.softplus(1.0 * x))


def mish_derivative(x: Tensor) -> Tensor:
    """Differentiate `mish`: t + x (1 - t²) σ(x), t = tanh(softplus(x)).

    Args:
        x: Any shape, any real dtype.

    Returns:
        The derivative, of the shape of `x`; 0.6 at 0.

    Source: the product rule and the chain rule. Page: modern activation functions.
    """
    t = torch.tanh(F.softplus(1.0 * x))
    return t + x * (1 - t * t) * torch.sigmoid(x)


def softmax(logits: Tensor) -> Tensor:
    """Turn rows of logits into probabilities: exp(oᵢ) / Σⱼ exp(oⱼ), last dimension.

    The largest logit is taken from all of them first. That changes nothing on paper
    and keeps every exponential at 1 or below.

    Args:
        logits: o, shape `(..., num_classes)`, any real dtype, at least one class.

    Returns:
        Probabilities of the same shape; each row sums to 1.

    Raises:
        IndexError: If there is no class, where PyTorch's own returns nothing.

    Source: the definition of `torch.nn.Softmax`. Page: outputs and losses.
    """
    logits = 1.0 * logits
    exponentials = torch.exp(logits - logits.amax(dim=-1, keepdim=True))
    return exponentials / exponentials.sum(dim=-1, keepdim=True)


def softmax_jacobian(logits: Tensor) -> Tensor:
    """Differentiate `softmax`: ∂pᵢ/∂oⱼ = pᵢ (δᵢⱼ - pⱼ), that is diag(p) - p pᵀ.

    Args:
        logits: o, shape `(..., num_classes)`, any real dtype, at least one class.

    Returns:
        The Jacobians, shape `(..., num_classes, num_classes)`.

    Raises:
        IndexError: If there is no class.
        RuntimeError: If `logits` has no dimension.

    Source: the quotient rule. Page: outputs and losses.
    """
    p = softmax(logits)
    return torch.diag_embed(p) - p.unsqueeze(-1) * p.unsqueeze(-2)
