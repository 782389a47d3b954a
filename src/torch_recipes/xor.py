"""XOR by a 2-3-1 network: forwards and backwards by hand, one step, training.

The network has two inputs, three sigmoid units in its hidden layer and one
sigmoid unit as its output: 9 weights and 4 biases, 13 parameters. Everything
here takes a batch, one row a sample; a single sample is a batch of one row.

Page: the XOR walk-through.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own name for it

__all__ = [
    "Backward",
    "Forward",
    "Parameters",
    "XORNet",
    "backward",
    "bce_with_logits",
    "forward",
    "mse_on_sigmoid",
    "network_from",
    "parameters_of",
    "post_parameters",
    "sgd_step",
    "train",
    "xor_data",
]


@dataclass(frozen=True, eq=False)
class Parameters:
    """The 13 parameters of the 2-3-1 network, all of one dtype.

    Attributes:
        W1: Weights of the hidden layer, shape (3, 2): a row for each unit.
        b1: Biases of the hidden layer, shape (3,).
        W2: Weights of the output layer, shape (1, 3).
        b2: Bias of the output layer, shape (1,).
    """

    W1: Tensor
    b1: Tensor
    W2: Tensor
    b2: Tensor


@dataclass(frozen=True, eq=False)
class Forward:
    """What a forward pass over N samples computes, in its order.

    Attributes:
        z1: Pre-activations of the hidden layer, shape (N, 3).
        a1: Activations of the hidden layer, shape (N, 3).
        z2: Pre-activation of the output, the logit, shape (N, 1).
        y_hat: Output of the network, shape (N, 1).
        loss: Mean squared error over the N samples, shape ().
    """

    z1: Tensor
    a1: Tensor
    z2: Tensor
    y_hat: Tensor
    loss: Tensor


@dataclass(frozen=True, eq=False)
class Backward:
    """The loss's gradient by every quantity, in the order of the backward pass.

    Each attribute has the shape of the quantity that it is named after:
    ``z2`` is ∂L/∂z₂, ``W1`` is ∂L/∂W₁.

    Attributes:
        y_hat: Shape (N, 1).
        z2: Shape (N, 1).
        W2: Shape (1, 3).
        b2: Shape (1,).
        a1: Shape (N, 3).
        z1: Shape (N, 3).
        W1: Shape (3, 2).
        b1: Shape (3,).
        x: Shape (N, 2).
    """

    y_hat: Tensor
    z2: Tensor
    W2: Tensor
    b2: Tensor
    a1: Tensor
    z1: Tensor
    W1: Tensor
    b1: Tensor
    x: Tensor


def xor_data(dtype: torch.dtype = torch.float32) -> tuple[Tensor, Tensor]:
    """Return the four rows of XOR, inputs of shape (4, 2), targets of (4, 1).

    Source: the post's data set, in its order. Page: the XOR walk-through.
    """
    x = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=dtype)
    y = torch.tensor([[0], [1], [1], [0]], dtype=dtype)
    return x, y


def post_parameters(dtype: torch.dtype = torch.float32) -> Parameters:
    """Return the initial parameters as the post prints them, to four decimals.

    Source: "Post-mortem of artificial neural networks using PyTorch"
    (Towards Data Science). Page: the XOR walk-through.
    """
    return Parameters(
        W1=torch.tensor(
            [[-0.3122, 0.5551], [-0.2819, -0.0666], [0.6712, -0.2915]],
            dtype=dtype,
        ),
        b1=torch.tensor([0.2816, -0.4757, -0.4125], dtype=dtype),
        W2=torch.tensor([[-0.5761, -0.2721, 0.4413]], dtype=dtype),
        b2=torch.tensor([-0.1019], dtype=dtype),
    )


def forward(p: Parameters, x: Tensor, y: Tensor) -> Forward:
    """Run the network forwards and keep every intermediate.

        z₁ = x W₁ᵀ + b₁,   a₁ = σ(z₁)
        z₂ = a₁ W₂ᵀ + b₂,  ŷ = σ(z₂)
        L = 1/N Σ (ŷ − y)²

    Args:
        p: The parameters.
        x: Inputs, shape (N, 2), of the parameters' dtype.
        y: Targets, shape (N, 1), of the parameters' dtype.

    Returns:
        Every intermediate, of the parameters' dtype.

    Raises:
        ValueError: If ``y`` has not the output's shape. Broadcasting (N, 1)
            against (N,) would compare every output with every target.

    Page: the XOR walk-through, steps 3 and 4.
    """
    z1 = x @ p.W1.T + p.b1
    a1 = torch.sigmoid(z1)
    z2 = a1 @ p.W2.T + p.b2
    y_hat = torch.sigmoid(z2)
    _require_same_shape(y_hat, y)
    loss = (y_hat - y).square().mean()
    return Forward(z1, a1, z2, y_hat, loss)


def backward(p: Parameters, x: Tensor, y: Tensor, f: Forward) -> Backward:
    """Carry the loss's gradient back to every quantity by the chain rule.

        ∂L/∂ŷ  = 2 (ŷ − y) / N
        ∂L/∂z₂ = ∂L/∂ŷ ⊙ ŷ (1 − ŷ)
        ∂L/∂W₂ = (∂L/∂z₂)ᵀ a₁,   ∂L/∂b₂ = Σₙ ∂L/∂z₂
        ∂L/∂a₁ = ∂L/∂z₂ W₂
        ∂L/∂z₁ = ∂L/∂a₁ ⊙ a₁ (1 − a₁)
        ∂L/∂W₁ = (∂L/∂z₁)ᵀ x,    ∂L/∂b₁ = Σₙ ∂L/∂z₁
        ∂L/∂x  = ∂L/∂z₁ W₁

    Args:
        p: The parameters.
        x: The inputs of the forward pass, shape (N, 2).
        y: Its targets, shape (N, 1).
        f: What ``forward(p, x, y)`` returned.

    Returns:
        The gradient by every quantity, each in that quantity's shape.

    Page: the XOR walk-through, step 5.
    """
    d_y_hat = 2 * (f.y_hat - y) / y.numel()
    d_z2 = d_y_hat * f.y_hat * (1 - f.y_hat)
    d_w2 = d_z2.T @ f.a1
    d_b2 = d_z2.sum(dim=0)
    d_a1 = d_z2 @ p.W2
    d_z1 = d_a1 * f.a1 * (1 - f.a1)
    d_w1 = d_z1.T @ x
    d_b1 = d_z1.sum(dim=0)
    d_x = d_z1 @ p.W1
    return Backward(d_y_hat, d_z2, d_w2, d_b2, d_a1, d_z1, d_w1, d_b1, d_x)


def sgd_step(p: Parameters, g: Backward, lr: float) -> Parameters:
    """Return the parameters after one step down the gradient, θ − lr · ∂L/∂θ.

    Page: the XOR walk-through, step 6.
    """
    return Parameters(
        W1=p.W1 - lr * g.W1,
        b1=p.b1 - lr * g.b1,
        W2=p.W2 - lr * g.W2,
        b2=p.b2 - lr * g.b2,
    )


class XORNet(nn.Module):
    """The 2-3-1 network as a module: two fully connected layers, two sigmoids.

    Page: the XOR walk-through, step 1.
    """

    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Linear(2, 3)
        self.output = nn.Linear(3, 1)

    def logits(self, x: Tensor) -> Tensor:
        """Return z₂, the output before its sigmoid: (N, 2) to (N, 1)."""
        a1 = torch.sigmoid(self.hidden(x))
        return self.output(a1)  # type: ignore[no-any-return]

    def forward(self, x: Tensor) -> Tensor:
        """Return ŷ = σ(z₂), between 0 and 1: (N, 2) to (N, 1)."""
        return torch.sigmoid(self.logits(x))


def network_from(p: Parameters) -> XORNet:
    """Return a module that starts from a copy of ``p``, in its dtype."""
    net = XORNet().to(p.W1.dtype)
    net.load_state_dict(
        {
            "hidden.weight": p.W1,
            "hidden.bias": p.b1,
            "output.weight": p.W2,
            "output.bias": p.b2,
        }
    )
    return net


def parameters_of(net: XORNet) -> Parameters:
    """Return a copy of a module's parameters, without its graph."""
    return Parameters(
        W1=net.hidden.weight.detach().clone(),
        b1=net.hidden.bias.detach().clone(),
        W2=net.output.weight.detach().clone(),
        b2=net.output.bias.detach().clone(),
    )


def mse_on_sigmoid(logits: Tensor, y: Tensor) -> Tensor:
    """Return the mean squared error of σ(z): 1/N Σ (σ(z) − y)².

    Args:
        logits: z, any shape.
        y: Targets between 0 and 1, of the same shape.

    Raises:
        ValueError: If the shapes differ.
    """
    _require_same_shape(logits, y)
    return (torch.sigmoid(logits) - y).square().mean()


def bce_with_logits(logits: Tensor, y: Tensor) -> Tensor:
    """Return the binary cross-entropy of σ(z), computed from z.

    L = −1/N Σ (y log σ(z) + (1 − y) log σ(−z)), as 1 − σ(z) = σ(−z). It stays
    finite, and its gradient σ(z) − y stays alive, where σ(z) rounds to 0 or 1.

    Args:
        logits: z, any shape.
        y: Targets between 0 and 1, of the same shape.

    Raises:
        ValueError: If the shapes differ.
    """
    _require_same_shape(logits, y)
    log_likelihood = y * F.logsigmoid(logits) + (1 - y) * F.logsigmoid(-logits)
    return -log_likelihood.mean()


def train(
    net: XORNet,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
    optimizer: torch.optim.Optimizer,
    num_epochs: int,
) -> list[float]:
    """Train on the full batch, one update an epoch, and return the losses.

    Args:
        net: The network; it is changed in place.
        x: Inputs, shape (N, 2), of the network's dtype.
        y: Targets, shape (N, 1), of the network's dtype.
        loss: Maps logits and targets to a scalar: ``mse_on_sigmoid``,
            ``bce_with_logits``, or one of torch's own.
        optimizer: Made over ``net.parameters()``.
        num_epochs: How many updates to make.

    Returns:
        ``num_epochs + 1`` losses: entry k is the loss after k updates, so that
        the first is the untrained network's and the last the trained one's.
    """
    losses = []
    for _ in range(num_epochs):
        optimizer.zero_grad()
        value = loss(net.logits(x), y)
        value.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(value.item())
    with torch.no_grad():
        losses.append(loss(net.logits(x), y).item())
    return losses


def _require_same_shape(output: Tensor, y: Tensor) -> None:
    if output.shape != y.shape:
        raise ValueError(
            f"targets of shape {tuple(y.shape)} for outputs of shape "
            f"{tuple(output.shape)}: they must be the same"
        )
