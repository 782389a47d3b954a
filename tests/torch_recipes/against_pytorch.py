"""What tests of elementwise functions share: inputs, autograd, a tight comparison."""

import math
from collections.abc import Callable

import numpy as np
import torch
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from torch import Tensor

Elementwise = Callable[[Tensor], Tensor]

DTYPES = [torch.float32, torch.float64]
INF = math.inf
LARGEST = {dtype: torch.finfo(dtype).max for dtype in DTYPES}
CORNERS = [0.0, -0.0, 1e-30, -1e-30, 1.0, -1.0, 16.6, 17.0, 19.9, 20.1, 88.0]
CORNERS += [-88.0, -88.8, 89.0, 104.0, -104.0, 745.0, -746.0, 1e4, -1e4, INF, -INF]

# An operation's first call in torch takes far longer than the next ones.
relaxed = settings(max_examples=30)


def corners(dtype: torch.dtype) -> Tensor:
    extremes = [LARGEST[dtype], -LARGEST[dtype], torch.finfo(dtype).tiny]
    return torch.tensor(CORNERS + extremes, dtype=dtype)


def autograd(function: Elementwise, x: Tensor) -> Tensor:
    x = x.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(function(x).sum(), x)
    return gradient


def assert_same(actual: Tensor, expected: Tensor, slack: float = 0.0) -> None:
    # A few units in the last place; `slack` is for what PyTorch itself rounds away.
    eps = torch.finfo(expected.dtype).eps
    atol = max(slack, torch.finfo(expected.dtype).tiny)
    torch.testing.assert_close(actual, expected, rtol=8 * eps, atol=atol)


def tensors(dtype: torch.dtype) -> st.SearchStrategy[Tensor]:
    width = 32 if dtype == torch.float32 else 64
    moderate = st.floats(-30, 30, width=width)
    anything = st.floats(width=width, allow_nan=False)
    shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
    numbers = np.float32 if width == 32 else np.float64
    arrays = hnp.arrays(numbers, shapes, elements=moderate | anything)
    return arrays.map(lambda array: torch.from_numpy(np.array(array)))


any_tensor = st.sampled_from(DTYPES).flatmap(tensors)
