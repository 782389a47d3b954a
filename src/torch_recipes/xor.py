"""XOR and its 2-3-1 network, with the starting weights of the post.

The network has two inputs, three sigmoid units in its hidden layer and one sigmoid
unit as its output: 9 weights and 4 biases, 13 parameters.

Page: the XOR walk-through.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

__all__ = ["Parameters", "XORNet", "network_from", "post_parameters", "xor_data"]


class Parameters(NamedTuple):
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


def xor_data(dtype: torch.dtype = torch.float32) -> tuple[Tensor, Tensor]:
    """Return the four rows of XOR, inputs of shape (4, 2), targets of (4, 1).

    Source: the post's data set, in its order. Page: the XOR walk-through.
    """
    x = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=dtype)
    y = torch.tensor([[0], [1], [1], [0]], dtype=dtype)
    return x, y


def post_parameters(dtype: torch.dtype = torch.float32) -> Parameters:
    """Return the initial parameters as the post prints them, to four decimals.

    Source: "Postmortem of Artificial Neural Networks using PyTorch"
    (Towards Data Science). Page: the XOR walk-through.

    Raises:
        TypeError: If ``dtype`` is not a real floating-point type.
    """
    if not dtype.is_floating_point:
        raise TypeError(f"the parameters need floating point, the dtype is {dtype}")
    return Parameters(
        W1=torch.tensor(
            [[-0.3122, 0.5551], [-0.2819, -0.0666], [0.6712, -0.2915]],
            dtype=dtype,
        ),
        b1=torch.tensor([0.2816, -0.4757, -0.4125], dtype=dtype),
        W2=torch.tensor([[-0.5761, -0.2721, 0.4413]], dtype=dtype),
        b2=torch.tensor([-0.1019], dtype=dtype),
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
        """Return z₂, the output before its sigmoid: (…, 2) to (…, 1)."""
        a1 = torch.sigmoid(self.hidden(x))
        return self.output(a1)  # type: ignore[no-any-return]

    def forward(self, x: Tensor) -> Tensor:
        """Return ŷ = σ(z₂), from 0 to 1: (…, 2) to (…, 1)."""
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
