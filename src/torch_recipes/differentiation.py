"""Tensor differentiation: a polynomial, its gradient checked, its graph laid open.

Page: recipe 4-4, autograd inside.
"""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.autograd.graph import Node as GradNode

__all__ = [
    "AutogradGraph",
    "Edge",
    "GradientCheck",
    "Node",
    "autograd_graph",
    "backward_order",
    "central_difference",
    "check_gradient",
    "edge_gradients",
    "polynomial",
]


def polynomial(x: Tensor) -> Tensor:
    """Return f(x) = 2x² + 5x + 6, elementwise.

    Page: recipe 4-4.

    Args:
        x: Any shape, any numeric dtype; integers wrap as in PyTorch's arithmetic.

    Returns:
        A tensor with the shape and dtype of ``x``.
    """
    return 2 * x**2 + 5 * x + 6


def central_difference(
    f: Callable[[Tensor], Tensor], x: Tensor, step: float = 1e-6
) -> Tensor:
    """Return the gradient of f at x by central differences.

    Element i is (f(x + h eᵢ) − f(x − h eᵢ)) / 2h, with h = ``step`` and eᵢ the tensor
    that is 1 at element i and 0 elsewhere. The truncation error shrinks like h², the
    rounding error grows like 1/h; in float64 both are small near h = 10⁻⁶ for x of the
    size of 1. In float32, or for a large x, such a step may vanish in x + h altogether.

    Page: autograd inside.

    Args:
        f: A function of one tensor that returns a tensor with one element.
        x: Any shape, floating-point; float64 for results to rely on.
        step: The step h, in the units of x.

    Returns:
        A tensor with the shape and dtype of ``x``.

    Raises:
        TypeError: If ``x`` is not floating-point: a step would be rounded to 0.
        RuntimeError: If ``f(x)`` has not exactly one element.
    """
    if not x.is_floating_point():
        raise TypeError(f"a difference needs floating point, x is {x.dtype}")
    gradient = torch.zeros_like(x).flatten()
    with torch.no_grad():
        for i in range(x.numel()):
            h = torch.zeros_like(x).flatten()
            h[i] = step
            h = h.reshape(x.shape)
            gradient[i] = (f(x + h) - f(x - h)) / (2 * step)
    return gradient.reshape(x.shape)


@dataclass(frozen=True, eq=False)
class GradientCheck:
    """What `check_gradient` found.

    Attributes:
        autograd: The gradient from autograd, in the shape of x; 0 where no recorded
            operation leads from x to f(x), as in an f that detaches.
        numeric: The gradient from central differences, in the shape of x.
        largest_error: The largest |autograd − numeric| / max(1, |numeric|).
        passed: Whether ``largest_error`` is within the tolerance; a NaN never is.
    """

    autograd: Tensor
    numeric: Tensor
    largest_error: float
    passed: bool


def check_gradient(
    f: Callable[[Tensor], Tensor],
    x: Tensor,
    step: float = 1e-6,
    tolerance: float = 1e-6,
) -> GradientCheck:
    """Compare autograd's gradient of f at x with `central_difference`.

    An f that cuts the graph, by ``detach``, ``item`` or NumPy, fails unless what it
    cuts off has a slope near 0: autograd sees a constant, the differences a slope.

    `torch.autograd.gradcheck` does the same for whole Jacobians and raises where this
    returns what it saw.

    Page: autograd inside.

    Args:
        f: A differentiable function of one tensor that returns a tensor with one
            element.
        x: Any shape but empty, float64.
        step: The step of the central differences.
        tolerance: The largest error that passes, relative to max(1, |numeric|).

    Returns:
        Both gradients, their largest difference, and the verdict.

    Raises:
        TypeError: If ``x`` is not float64: the differences would be mostly rounding;
            or if ``f(x)`` is complex, or neither a tensor nor a number.
        ValueError: If ``x`` is empty or ``f(x)`` has not exactly one element.
    """
    if x.dtype != torch.float64:
        raise TypeError(f"a gradient check needs float64, x is {x.dtype}")
    if x.numel() == 0:
        raise ValueError("x is empty: there is nothing to check")
    x = x.detach().requires_grad_()
    found = f(x)
    if not isinstance(found, Tensor | float | int):  # a number, where f takes .item()
        raise TypeError(f"f(x) must be a tensor or a number, it is {found!r}")
    y = torch.as_tensor(found)
    if y.is_complex():
        raise TypeError(f"f(x) must be real, it is {y.dtype}")
    if y.numel() != 1:
        raise ValueError(f"f(x) must have one element, it has shape {tuple(y.shape)}")
    gradient = torch.zeros_like(x)
    if y.requires_grad:
        (gradient,) = torch.autograd.grad(
            y.sum(), x, allow_unused=True, materialize_grads=True
        )
    numeric = central_difference(f, x, step)
    error = (gradient - numeric).abs() / numeric.abs().clamp(min=1)
    largest_error = error.max().item()
    return GradientCheck(gradient, numeric, largest_error, largest_error <= tolerance)


@dataclass(frozen=True)
class Node:
    """A node of the autograd graph: an operation's backward, or a leaf's accumulator.

    Attributes:
        name: Autograd's name and a running number: ``"AddBackward0 #2"``.
        depth: The length of the longest path from the output to this node.
    """

    name: str
    depth: int


@dataclass(frozen=True)
class Edge:
    """Where a node sends a gradient during backward.

    Attributes:
        source: The name of the node that sends, the one nearer to the output.
        target: The name of the node that receives.
        position: Which input of the operation the gradient belongs to.
    """

    source: str
    target: str
    position: int


@dataclass(frozen=True)
class AutogradGraph:
    """An autograd graph as plain data, in an order in which backward can visit it.

    Attributes:
        nodes: Every node once, each after all those that send gradients to it.
        edges: Every edge, in the order of their sources.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def backward_order(output: Tensor) -> dict[GradNode, str]:
    """Name the autograd nodes behind a tensor, in an order backward can visit them in.

    A node comes after all the nodes that send it gradients: only then is its own
    gradient complete. Among nodes that are ready, the first to become so comes first,
    so that equal expressions give equal names.

    Page: autograd inside.

    Args:
        output: A tensor with a ``grad_fn``.

    Returns:
        From node to name, such as ``"AddBackward0 #2"``; the numbers count nodes of
        one kind.

    Raises:
        ValueError: If ``output`` has no ``grad_fn``: it is a leaf or needs no gradient.
    """
    if output.grad_fn is None:
        raise ValueError("the tensor has no grad_fn: no operation is recorded for it")
    waiting_for: Counter[GradNode] = Counter()
    found = [output.grad_fn]
    seen = set(found)
    while found:
        for target, _ in found.pop().next_functions:
            if target is not None:
                waiting_for[target] += 1
                if target not in seen:
                    seen.add(target)
                    found.append(target)

    names: dict[GradNode, str] = {}
    of_kind: Counter[str] = Counter()
    ready = deque([output.grad_fn])
    while ready:
        node = ready.popleft()
        kind = node.name().split("::")[-1]
        of_kind[kind] += 1
        names[node] = f"{kind} #{of_kind[kind]}"
        for target, _ in node.next_functions:
            if target is not None:
                waiting_for[target] -= 1
                if waiting_for[target] == 0:
                    ready.append(target)
    return names


def autograd_graph(output: Tensor) -> AutogradGraph:
    """Return the graph that autograd has recorded behind a tensor.

    The nodes are ``output.grad_fn`` and whatever ``next_functions`` leads to. Inputs
    that need no gradient, constants among them, have no node.

    Page: autograd inside.

    Args:
        output: A tensor with a ``grad_fn``.

    Returns:
        Nodes and edges; equal expressions give equal graphs.

    Raises:
        ValueError: If ``output`` has no ``grad_fn``.
    """
    names = backward_order(output)
    depth = dict.fromkeys(names.values(), 0)
    edges = []
    for node, name in names.items():
        for position, (target, _) in enumerate(node.next_functions):
            if target is not None:
                edges.append(Edge(name, names[target], position))
                # Senders come in order of depth: the last to write is the deepest.
                depth[names[target]] = depth[name] + 1
    return AutogradGraph(tuple(Node(*item) for item in depth.items()), tuple(edges))


def edge_gradients(output: Tensor, grad_output: Tensor) -> dict[Edge, Tensor]:
    """Run backward and keep the gradient that travels along each edge.

    The gradients that arrive at a node add up. No ``.grad`` changes and the graph
    stays usable. An edge along which a backward sends nothing (None) is left out.

    Page: autograd inside.

    Args:
        output: A tensor with a ``grad_fn``.
        grad_output: The vector v of vᵀJ, in the shape of ``output``.

    Returns:
        From edge to gradient, with edges of `autograd_graph` as keys.

    Raises:
        ValueError: If ``output`` has no ``grad_fn``.
        RuntimeError: If ``grad_output`` has another shape than ``output``, or an
            earlier backward has freed what the graph has saved.
    """
    names = backward_order(output)
    gradients: dict[Edge, Tensor] = {}

    def keep(node: GradNode, grad_inputs: tuple[Tensor | None, ...]) -> None:
        for position, (target, _) in enumerate(node.next_functions):
            gradient = grad_inputs[position]
            if target is not None and gradient is not None:
                gradients[Edge(names[node], names[target], position)] = gradient

    handles = [
        node.register_hook(lambda grad_inputs, _, node=node: keep(node, grad_inputs))
        for node in names
    ]
    leaves = [node.variable for node in names if hasattr(node, "variable")]
    try:
        torch.autograd.grad(
            output, leaves, grad_output, retain_graph=True, allow_unused=True
        )
    finally:
        for handle in handles:
            handle.remove()
    return gradients
