"""The smallest network there is, a straight line, in six steps.

Seventeen points, two weights, a prediction, a loss, its gradient, a learning rate and
the limit of it, and gradient descent. All tensors are floating point; the arithmetic of
integers would wrap. Pages: recipe 4-3, the point that was not moved, and the bowl of
the loss.
"""

import torch
from torch import Tensor

__all__ = [
    "X",
    "Y",
    "build_network",
    "errors",
    "learning_rate_bound",
    "least_squares",
    "loss_gradient",
    "loss_hessian",
    "points",
    "sum_of_squares",
    "train_by_hand",
]

# The linear-regression example of TensorFlow-Examples (MIT licence), with 10 added
# everywhere but in the twelfth x.
X = (
    *(13.3, 14.4, 15.5, 16.71, 16.93, 14.168, 19.779, 16.182, 17.59),
    *(12.167, 17.042, 10.791, 15.313, 17.997, 15.654, 19.27, 13.1),
)
Y = (
    *(11.7, 12.76, 12.09, 13.19, 11.694, 11.573, 13.366, 12.596, 12.53),
    *(11.221, 12.827, 13.465, 11.65, 12.904, 12.42, 12.94, 11.3),
)


def points() -> tuple[Tensor, Tensor]:
    """Return the recipe's 17 points, one of them misplaced.

    Every coordinate is 10 more than in the linear-regression example of
    TensorFlow-Examples, except that the twelfth x is still 10.791.

    Page: recipe 4-3.

    Returns:
        ``(x, y)``, each float64 of shape (17,).
    """
    return torch.tensor(X, dtype=torch.float64), torch.tensor(Y, dtype=torch.float64)


def build_network(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """Predict ŷ = w x + b.

    Page: recipe 4-3.

    Args:
        x: Inputs of any shape.
        w: The weight, of shape ().
        b: The bias, of shape ().

    Returns:
        The predictions, of the shape of ``x``.
    """
    return w * x + b


def errors(y_hat: Tensor, y: Tensor) -> Tensor:
    """Return ŷ − y, and refuse to broadcast. A residual has the opposite sign.

    Page: recipe 4-3.

    Args:
        y_hat: Predictions of any shape.
        y: Targets of that same shape.

    Returns:
        The differences, of the same shape again.

    Raises:
        ValueError: If the shapes differ. Shapes (17, 1) and (17,) would otherwise
            give all 17 × 17 differences without a word.
    """
    if y_hat.shape != y.shape:
        shapes = f"{tuple(y_hat.shape)} and {tuple(y.shape)}"
        raise ValueError(f"y_hat and y have different shapes: {shapes}")
    return y_hat - y


def sum_of_squares(y_hat: Tensor, y: Tensor) -> Tensor:
    """Return the loss L = Σᵢ (ŷᵢ − yᵢ)².

    Page: recipe 4-3.

    Args:
        y_hat: Predictions of any shape.
        y: Targets of that same shape.

    Returns:
        The loss, of shape ().

    Raises:
        ValueError: If the shapes differ.
    """
    return (errors(y_hat, y) ** 2).sum()


def loss_gradient(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Return the gradient of the loss, from its formulas.

    ∂L/∂w = 2 Σᵢ (ŷᵢ − yᵢ) xᵢ and ∂L/∂b = 2 Σᵢ (ŷᵢ − yᵢ).

    Page: recipe 4-3.

    Args:
        x: Inputs of any shape.
        y: Targets of that same shape.
        w: The weight, of shape ().
        b: The bias, of shape ().

    Returns:
        ``(dw, db)``, each of shape ().

    Raises:
        ValueError: If ``x`` and ``y`` have different shapes.
    """
    error = errors(build_network(x, w, b), y)
    return 2 * (error * x).sum(), 2 * error.sum()


def train_by_hand(
    x: Tensor,
    y: Tensor,
    w: Tensor,
    b: Tensor,
    lr: float = 1e-4,
    num_iterations: int = 5_000,
) -> tuple[Tensor, Tensor, list[float]]:
    """Descend the loss along gradients computed from their formulas.

    Page: recipe 4-3.

    Args:
        x: Inputs of any shape.
        y: Targets of that same shape.
        w: The weight to start from, of shape (); left as it is. Without
            ``requires_grad``: autograd would record every step.
        b: The bias to start from, likewise.
        lr: The learning rate. Too large a one diverges, see
            ``learning_rate_bound``.
        num_iterations: How many steps to take.

    Returns:
        ``(w, b, losses)``: the trained weights, of shape (), and the loss before
        each step.

    Raises:
        ValueError: If ``x`` and ``y`` have different shapes.
    """
    losses = []
    for _ in range(num_iterations):
        loss = sum_of_squares(build_network(x, w, b), y)
        losses.append(loss.item())
        dw, db = loss_gradient(x, y, w, b)
        w = w - lr * dw
        b = b - lr * db
    return w, b, losses


def least_squares(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Return the weight and bias of least loss, in closed form.

    w* = Σᵢ (xᵢ − x̄)(yᵢ − ȳ) / Σᵢ (xᵢ − x̄)² and b* = ȳ − w* x̄, with the means x̄
    and ȳ.

    Page: the point that was not moved.

    Args:
        x: Inputs of shape (n,).
        y: Targets of shape (n,).

    Returns:
        ``(w, b)``, each of shape ().

    Raises:
        ValueError: If all of ``x`` are equal, so that no single slope is best.
        RuntimeError: If ``x`` or ``y`` has not one dimension or holds integers, if
            their lengths differ, or if there are no points.
    """
    if x.min() == x.max():
        raise ValueError("a slope needs two different values of x")
    dx = x - x.mean()
    dy = y - y.mean()
    w = dx.dot(dy) / dx.dot(dx)
    return w, y.mean() - w * x.mean()


def loss_hessian(x: Tensor) -> Tensor:
    """Return the Hessian matrix of the loss in (w, b).

    H = 2 [[Σᵢ xᵢ², Σᵢ xᵢ], [Σᵢ xᵢ, n]]. It depends neither on y nor on the
    weights: the loss is a paraboloid.

    Page: the bowl of the loss.

    Args:
        x: Inputs of shape (n,).

    Returns:
        The matrix, of shape (2, 2).
    """
    features = torch.stack([x, torch.ones_like(x)])
    return 2 * features @ features.T


def learning_rate_bound(x: Tensor) -> float:
    """Return 2 / λₘₐₓ(H), the learning rate above which the descent diverges.

    Gradient descent on the sum of squares converges from every start for a learning
    rate between 0 and this bound, and diverges from almost every start above it.

    Page: the bowl of the loss.

    Args:
        x: Inputs of shape (n,).

    Returns:
        The bound.
    """
    eigenvalues = torch.linalg.eigvalsh(loss_hessian(x))
    return float(2 / eigenvalues[-1])
