"""Activation functions from their formulas, each with its derivative.

Linear and bilinear maps come with the gradients of all their arguments; the others
act on each number by itself and come with a derivative of the input's own shape.
The arithmetic is sound where the textbook formula is not: no exponential overflows,
no difference of nearly equal numbers is taken, and autograd through any of these
functions gives the derivative that stands beside it.

Pages: recipe 4-1 (what they do) and recipe 4-2 (what they look like).
"""

import torch
from torch import Tensor

__all__ = [
    "bilinear",
    "bilinear_gradients",
    "leaky_relu",
    "leaky_relu_derivative",
    "linear",
    "linear_gradients",
    "log_sigmoid",
    "log_sigmoid_derivative",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "softplus",
    "softplus_derivative",
    "tanh",
    "tanh_derivative",
]


def linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Apply the affine map z = x Wᵀ + b; its range is all of ℝ.

    Args:
        x: Inputs, shape `(..., in_features)`.
        weight: W, shape `(out_features, in_features)`, of the same dtype as `x`.
        bias: b, shape `(out_features,)`, of the same dtype.

    Returns:
        z, shape `(..., out_features)`, of the same dtype.

    Raises:
        RuntimeError: If `in_features` or the dtypes differ.

    Source: the definition of `torch.nn.Linear`. Page: recipe 4-1.
    """
    return x @ weight.T + bias


def linear_gradients(
    grad_output: Tensor, x: Tensor, weight: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Carry ∂loss/∂z back through `linear`: G W, Gᵀ x, and the sum of G's rows.

    Args:
        grad_output: G = ∂loss/∂z, shape `(..., out_features)`.
        x: Inputs, shape `(..., in_features)`, of the same dtype.
        weight: W, shape `(out_features, in_features)`, of the same dtype.

    Returns:
        The gradients for `x`, `weight` and `bias`, each of its argument's shape.

    Raises:
        RuntimeError: If shapes or dtypes do not match those of `linear`.

    Source: the chain rule. Page: recipe 4-1.
    """
    grad_x = grad_output @ weight
    grad_weight = torch.einsum("...o,...i->oi", grad_output, x)
    grad_bias = torch.einsum("...o->o", grad_output)
    return grad_x, grad_weight, grad_bias


def bilinear(x1: Tensor, x2: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Apply the bilinear map zₖ = x₁ᵀ Aₖ x₂ + bₖ; its range is all of ℝ.

    Args:
        x1: First inputs, shape `(..., in1_features)`.
        x2: Second inputs, shape `(..., in2_features)`, of the same dtype as `x1`.
        weight: A, one matrix for each output, shape
            `(out_features, in1_features, in2_features)`, of the same dtype.
        bias: b, shape `(out_features,)`, of the same dtype.

    Returns:
        z, shape `(..., out_features)`, of the same dtype.

    Raises:
        RuntimeError: If the features or the dtypes differ.

    Source: the definition of `torch.nn.Bilinear`. Page: recipe 4-1.
    """
    return torch.einsum("...i,oij,...j->...o", x1, weight, x2) + bias


def bilinear_gradients(
    grad_output: Tensor, x1: Tensor, x2: Tensor, weight: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Carry ∂loss/∂z back through `bilinear`: Σₖ gₖ Aₖ x₂, Σₖ gₖ Aₖᵀ x₁, gₖ x₁ x₂ᵀ, gₖ.

    Args:
        grad_output: g = ∂loss/∂z, shape `(..., out_features)`.
        x1: First inputs, shape `(..., in1_features)`, of the same dtype.
        x2: Second inputs, shape `(..., in2_features)`, of the same dtype.
        weight: A, shape `(out_features, in1_features, in2_features)`, of the same
            dtype.

    Returns:
        The gradients for `x1`, `x2`, `weight` and `bias`, each of its argument's
        shape; those of `weight` and `bias` are summed over the leading dimensions.

    Raises:
        RuntimeError: If shapes or dtypes do not match those of `bilinear`.

    Source: the chain rule. Page: recipe 4-1.
    """
    grad_x1 = torch.einsum("...o,oij,...j->...i", grad_output, weight, x2)
    grad_x2 = torch.einsum("...o,oij,...i->...j", grad_output, weight, x1)
    grad_weight = torch.einsum("...o,...i,...j->oij", grad_output, x1, x2)
    grad_bias = torch.einsum("...o->o", grad_output)
    return grad_x1, grad_x2, grad_weight, grad_bias


def sigmoid(x: Tensor) -> Tensor:
    """Squash to (0, 1): σ(x) = 1 / (1 + e⁻ˣ), elementwise.

    The value of the plain formula is sound, its gradient by autograd is not: where
    e⁻ˣ overflows (float32: below -88.7) it is ∞ · 0 = NaN. So only e^-|x|, which lies
    between 0 and 1, is ever computed, and σ(x) = eˣ / (1 + eˣ) is used for x < 0.

    Args:
        x: Any shape, floating point; integers are promoted to the default dtype.

    Returns:
        σ(x), of the shape of `x`. Exactly 1 from about 16.64 on in float32.

    Source: the logistic function. Page: recipe 4-1.
    """
    z = _exp_minus_abs(x)
    return torch.where(x >= 0, 1, z) / (1 + z)


def sigmoid_derivative(x: Tensor) -> Tensor:
    """Differentiate `sigmoid`: σ'(x) = σ(x) σ(-x), at most 1/4 (at 0), elementwise.

    The textbook's σ(x) (1 - σ(x)) is the same number, but cancels: in float32 it is
    exactly 0 from about 16.64 on, where σ'(x) is still 6e-8.

    Args:
        x: Any shape, floating point; integers are promoted to the default dtype.

    Returns:
        σ'(x), of the shape of `x`.

    Source: the quotient rule. Page: recipe 4-1.
    """
    return sigmoid(x) * sigmoid(-x)


def tanh(x: Tensor) -> Tensor:
    """Squash to (-1, 1): tanh x = (eˣ - e⁻ˣ) / (eˣ + e⁻ˣ), elementwise.

    The plain formula is ∞ / ∞ = NaN for large |x|, and near 0 the difference loses
    its digits. Both go when the fraction is divided by eˣ for x ≥ 0, by e⁻ˣ for
    x < 0, and e^-2|x| - 1 is computed as one function, `expm1`.

    Args:
        x: Any shape, floating point; integers are promoted to the default dtype.

    Returns:
        tanh x, of the shape of `x`; odd to the last bit, signed zeros included.

    Source: the hyperbolic tangent. Page: recipe 4-1.
    """
    z = torch.expm1(torch.where(x >= 0, -2 * x, 2 * x))
    magnitude = -z / (2 + z)
    return torch.where(x >= 0, magnitude, -magnitude)


def tanh_derivative(x: Tensor) -> Tensor:
    """Differentiate `tanh`: 1 - tanh² x = 4 σ'(2x), at most 1 (at 0), elementwise.

    The left form cancels for large |x|, the right form does not; the two are equal
    because tanh x = 2 σ(2x) - 1.

    Args:
        x: Any shape, floating point; integers are promoted to the default dtype.

    Returns:
        The derivative, of the shape of `x`.

    Source: the quotient rule. Page: recipe 4-1.
    """
    return 4 * sigmoid_derivative(2 * x)


def log_sigmoid(x: Tensor) -> Tensor:
    """Take the logarithm of the sigmoid: log σ(x) = min(x, 0) - log(1 + e^-|x|).

    `log(sigmoid(x))` is -∞ once σ(x) underflows (float32: below -88.7, and its
    gradient is NaN there), and exactly 0 once σ(x) rounds to 1.

    Args:
        x: Any shape, floating point; integers are promoted to the default dtype.

    Returns:
        log σ(x), of the shape of `x`, in (-∞, 0).

    Source: the logistic function. Page: recipe 4-1.
    """
    return torch.where(x >= 0, 0, x) - torch.log1p(_exp_minus_abs(x))


def log_sigmoid_derivative(x: Tensor) -> Tensor:
    """Differentiate `log_sigmoid`: σ(-x) = 1 - σ(x), in (0, 1), elementwise.

    Args:
        x: Any shape, floating point; integers are promoted to the default dtype.

    Returns:
        σ(-x), of the shape of `x`.

    Source: the chain rule. Page: recipe 4-1.
    """
    return sigmoid(-x)


def relu(x: Tensor) -> Tensor:
    """Keep what is positive: ReLU(x) = max(0, x), elementwise; NaN stays NaN.

    Args:
        x: Any shape, any real dtype.

    Returns:
        ReLU(x), of the shape and dtype of `x`, in [0, ∞).

    Source: the definition of `torch.nn.ReLU`. Page: recipe 4-1.
    """
    return torch.where(x <= 0, 0, x)


def relu_derivative(x: Tensor) -> Tensor:
    """Differentiate `relu`: 1 for x > 0 and 0 for x < 0, elementwise.

    At 0 there is no derivative; PyTorch takes 0, and so does this function.

    Args:
        x: Any shape, any real dtype.

    Returns:
        The derivative, of the shape and dtype of `x`.

    Source: PyTorch's convention at 0. Page: recipe 4-1.
    """
    return (x > 0).to(x.dtype)


def leaky_relu(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """Let a little of what is negative through: x for x > 0, αx else, elementwise.

    Args:
        x: Any shape, floating point.
        negative_slope: α.

    Returns:
        The values, of the shape and dtype of `x`; all of ℝ when α > 0.

    Source: the definition of `torch.nn.LeakyReLU`. Page: recipe 4-1.
    """
    return torch.where(x > 0, x, negative_slope * x)


def leaky_relu_derivative(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """Differentiate `leaky_relu`: 1 for x > 0, α for x < 0, elementwise.

    At 0 there is no derivative; PyTorch takes α, and so does this function.

    Args:
        x: Any shape, floating point.
        negative_slope: α.

    Returns:
        The derivative, of the shape and dtype of `x`.

    Source: PyTorch's convention at 0. Page: recipe 4-1.
    """
    return torch.where(x > 0, torch.ones_like(x), negative_slope)


def softplus(x: Tensor) -> Tensor:
    """Round off the ReLU: log(1 + eˣ) = max(0, x) + log(1 + e^-|x|), elementwise.

    The left form overflows (float32: above 88.7), the right form does not. PyTorch
    returns x itself above its `threshold` of 20, which float64 can tell apart: there
    the two differ by up to 2.1e-9.

    Args:
        x: Any shape, floating point; integers are promoted to the default dtype.

    Returns:
        The values, of the shape of `x`, in (0, ∞).

    Source: the definition of `torch.nn.Softplus`, β = 1. Page: recipe 4-2.
    """
    return torch.where(x >= 0, x, 0) + torch.log1p(_exp_minus_abs(x))


def softplus_derivative(x: Tensor) -> Tensor:
    """Differentiate `softplus`: σ(x), in (0, 1), elementwise.

    Args:
        x: Any shape, floating point; integers are promoted to the default dtype.

    Returns:
        σ(x), of the shape of `x`.

    Source: the chain rule. Page: recipe 4-2.
    """
    return sigmoid(x)


def _exp_minus_abs(x: Tensor) -> Tensor:
    # torch.abs would have the gradient 0 at 0 and spoil σ'(0) = 1/4.
    return torch.exp(torch.where(x >= 0, -x, x))
