"""Activation functions and softmax from their formulas, with their derivatives.

Each activation acts on every number by itself and comes with a derivative of the
input's own shape. Their arithmetic is sound where the textbook formula is not: no
exponential overflows and no difference of nearly equal numbers is taken. Autograd
through one of them gives the derivative that stands beside it, to a few units in the
last place and far out too, where PyTorch's own y (1 - y) and 1 - y² have lost their
digits.

Inputs are real. Integers and booleans become the default dtype, as in `torch.sigmoid`,
also where PyTorch's own function refuses them; ReLU keeps their dtype. Complex numbers
have no order and are refused with PyTorch's NotImplementedError. NaN stays NaN.

Page: activations in floating point.
"""

import torch
from torch import Tensor

__all__ = [
    "leaky_relu",
    "leaky_relu_derivative",
    "log_sigmoid",
    "log_sigmoid_derivative",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "softmax",
    "softmax_jacobian",
    "softplus",
    "softplus_derivative",
    "tanh",
    "tanh_derivative",
]


def sigmoid(x: Tensor) -> Tensor:
    """Squash to (0, 1): σ(x) = 1 / (1 + e⁻ˣ), elementwise.

    The value of the plain formula is sound, its gradient by autograd is not: where
    e⁻ˣ overflows (float32: below -88.7) it is ∞ · 0 = NaN. So only e^-|x|, which lies
    between 0 and 1, is ever computed, and σ(x) = eˣ / (1 + eˣ) is used for x < 0.

    Args:
        x: Any shape, any real dtype.

    Returns:
        σ(x), of the shape of `x`. Exactly 1 from about 16.64 on in float32.

    Source: the logistic function. Page: activations in floating point.
    """
    z = _exp_minus_abs(x)
    return torch.where(x >= 0, 1, z) / (1 + z)


def sigmoid_derivative(x: Tensor) -> Tensor:
    """Differentiate `sigmoid`: σ'(x) = σ(x) σ(-x), at most 1/4 (at 0), elementwise.

    The textbook's σ(x) (1 - σ(x)) is the same number, but cancels: in float32 it is
    exactly 0 from about 16.64 on, where σ'(x) is still 6e-8.

    Args:
        x: Any shape, any real dtype.

    Returns:
        σ'(x), of the shape of `x`.

    Source: the quotient rule. Page: activations in floating point.
    """
    return sigmoid(x) * sigmoid(-1.0 * x)


def tanh(x: Tensor) -> Tensor:
    """Squash to (-1, 1): tanh x = (eˣ - e⁻ˣ) / (eˣ + e⁻ˣ), elementwise.

    The plain formula is ∞ / ∞ = NaN for large |x|, and near 0 the difference loses
    its digits. Both go when the fraction is divided by eˣ for x ≥ 0, by e⁻ˣ for
    x < 0, and e^-2|x| - 1 near 0 is computed as one function, `expm1`.

    Args:
        x: Any shape, any real dtype.

    Returns:
        tanh x, of the shape of `x`; odd to the last bit, signed zeros included.

    Source: the hyperbolic tangent. Page: activations in floating point.
    """
    s = torch.where(x >= 0, -2.0 * x, 2.0 * x)
    # Autograd takes expm1's slope as expm1 + 1, which cancels far out.
    z = torch.where(s > -1, torch.expm1(s), torch.exp(s) - 1)
    magnitude = -z / (2 + z)
    return torch.where(x >= 0, magnitude, -magnitude)


def tanh_derivative(x: Tensor) -> Tensor:
    """Differentiate `tanh`: 1 - tanh² x = 4 σ'(2x), at most 1 (at 0), elementwise.

    The left form cancels for large |x|, the right form does not; the two are equal
    because tanh x = 2 σ(2x) - 1.

    Args:
        x: Any shape, any real dtype.

    Returns:
        The derivative, of the shape of `x`.

    Source: the quotient rule. Page: activations in floating point.
    """
    return 4 * sigmoid_derivative(2.0 * x)


def log_sigmoid(x: Tensor) -> Tensor:
    """Take the logarithm of the sigmoid: log σ(x) = min(x, 0) - log(1 + e^-|x|).

    `log(sigmoid(x))` is -∞ once σ(x) underflows (float32: below -88.7, and its
    gradient is NaN there), and exactly 0 once σ(x) rounds to 1.

    Args:
        x: Any shape, any real dtype.

    Returns:
        log σ(x), of the shape of `x`, in (-∞, 0).

    Source: the logistic function. Page: activations in floating point.
    """
    return torch.where(x >= 0, 0, x) - torch.log1p(_exp_minus_abs(x))


def log_sigmoid_derivative(x: Tensor) -> Tensor:
    """Differentiate `log_sigmoid`: σ(-x) = 1 - σ(x), in (0, 1), elementwise.

    Args:
        x: Any shape, any real dtype.

    Returns:
        σ(-x), of the shape of `x`.

    Source: the chain rule. Page: activations in floating point.
    """
    return sigmoid(-1.0 * x)


def relu(x: Tensor) -> Tensor:
    """Keep what is positive: ReLU(x) = max(0, x), elementwise; NaN stays NaN.

    Args:
        x: Any shape, any real dtype.

    Returns:
        ReLU(x), of the shape and dtype of `x`, in [0, ∞).

    Source: the definition of `torch.nn.ReLU`. Page: activations in floating point.
    """
    return torch.where(x <= 0, torch.zeros_like(x), x)


def relu_derivative(x: Tensor) -> Tensor:
    """Differentiate `relu`: 1 for x > 0 and 0 for x < 0, elementwise.

    At 0 there is no derivative; PyTorch takes 0, and so does this function. At NaN
    both have 1.

    Args:
        x: Any shape, any real dtype.

    Returns:
        The derivative, of the shape and dtype of `x`.

    Source: PyTorch's convention at 0. Page: activations in floating point.
    """
    return torch.where(x <= 0, torch.zeros_like(x), torch.ones_like(x))


def leaky_relu(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """Let a little of what is negative through: x for x > 0, αx else, elementwise.

    Args:
        x: Any shape, any real dtype.
        negative_slope: α.

    Returns:
        The values, of the shape of `x`; all of ℝ when α > 0.

    Source: the definition of `torch.nn.LeakyReLU`. Page: activations in floating point.
    """
    return torch.where(x > 0, x, float(negative_slope) * x)


def leaky_relu_derivative(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """Differentiate `leaky_relu`: 1 for x > 0, α for x < 0, elementwise.

    At 0 there is no derivative; PyTorch takes α, and so does this function.

    Args:
        x: Any shape, any real dtype.
        negative_slope: α.

    Returns:
        The derivative, of the shape of `x`; α at NaN, as in PyTorch.

    Source: PyTorch's convention at 0. Page: activations in floating point.
    """
    return torch.where(x > 0, 1.0, float(negative_slope) * torch.ones_like(x))


def softplus(x: Tensor) -> Tensor:
    """Round off the ReLU: log(1 + eˣ) = max(0, x) + log(1 + e^-|x|), elementwise.

    The left form overflows (float32: above 88.7), the right form does not. PyTorch
    returns x itself above its `threshold` of 20, which float64 can tell apart: there
    the two differ by up to 2.1e-9.

    Args:
        x: Any shape, any real dtype.

    Returns:
        The values, of the shape of `x`, in (0, ∞).

    Source: the definition of `torch.nn.Softplus`, β = 1. Page: activations in floating
    point.
    """
    return torch.where(x >= 0, x, 0) + torch.log1p(_exp_minus_abs(x))


def softplus_derivative(x: Tensor) -> Tensor:
    """Differentiate `softplus`: σ(x), in (0, 1), elementwise.

    Args:
        x: Any shape, any real dtype.

    Returns:
        σ(x), of the shape of `x`.

    Source: the chain rule. Page: activations in floating point.
    """
    return sigmoid(x)


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

    On the diagonal pᵢ - pᵢ² loses its digits where pᵢ comes close to 1.

    Args:
        logits: o, shape `(..., num_classes)`, any real dtype, at least one class.

    Returns:
        The Jacobians, shape `(..., num_classes, num_classes)`.

    Raises:
        IndexError: If there is no class, or `logits` has no dimension.

    Source: the quotient rule. Page: outputs and losses.
    """
    p = softmax(logits)
    return torch.diag_embed(p) - p.unsqueeze(-1) * p.unsqueeze(-2)


def _exp_minus_abs(x: Tensor) -> Tensor:
    # torch.abs would have the gradient 0 at 0 and spoil σ'(0) = 1/4.
    # The factor is -1.0, not -, so that integers become floats before they wrap.
    return torch.exp(torch.where(x >= 0, -1.0 * x, x))
