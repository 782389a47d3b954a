import math

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch.autograd.gradcheck import GradcheckError

from torch_recipes.differentiation import (
    Edge,
    Node,
    autograd_graph,
    backward_order,
    central_difference,
    check_gradient,
    edge_gradients,
    polynomial,
)

numbers = st.floats(-100, 100)
vectors = st.lists(numbers, min_size=1, max_size=5).map(
    lambda values: torch.tensor(values, dtype=torch.float64)
)
shapes = st.lists(st.integers(1, 3), max_size=3).map(tuple)


def cubes_and_products(x):
    """A function whose Jacobian is neither diagonal nor symmetric."""
    return x**3 * x.flip(0) + x.cumsum(0)


class WrongCube(torch.autograd.Function):
    """x³ with a backward that forgot the factor 3."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return grad_output * x**2


# The polynomial


@given(vectors)
@example(torch.tensor([0.0, -0.0, -1.25, 12.5, 1e150, -1e150], dtype=torch.float64))
def test_the_polynomial_has_the_slope_of_the_book(x):
    slope = torch.func.vmap(torch.func.grad(polynomial))(x)
    torch.testing.assert_close(slope, 4 * x + 5)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.int64])
def test_polynomial_keeps_shape_and_dtype(dtype):
    x = torch.tensor([[-2, 0, 3]], dtype=dtype)
    assert polynomial(x).tolist() == [[4, 6, 39]]
    assert polynomial(x).dtype == dtype


def test_infinite_and_undefined_inputs_give_what_the_formula_gives():
    x = torch.tensor([math.inf, -math.inf, math.nan])
    assert polynomial(x)[0] == math.inf
    assert polynomial(x)[1:].isnan().all()  # ∞ − ∞ at −∞


def test_x_and_its_grad_are_left_alone():
    for x in (torch.arange(3).double(), torch.ones(3).double().requires_grad_()):
        before, needs = x.clone(), x.requires_grad
        check_gradient(lambda x: polynomial(x).sum(), x)
        central_difference(lambda x: polynomial(x).sum(), x)
        assert x.grad is None
        assert x.requires_grad == needs
        assert torch.equal(x, before)


# Central differences and the gradient check


@given(vectors)
@example(torch.zeros(3, dtype=torch.float64))
def test_central_difference_is_close_to_autograd(x):
    found = central_difference(lambda x: polynomial(x).sum(), x)
    torch.testing.assert_close(found, 4 * x + 5, rtol=1e-6, atol=1e-4)


@given(shapes)
def test_central_difference_puts_each_derivative_at_its_element(shape):
    weights = torch.arange(math.prod(shape), dtype=torch.float64).reshape(shape)
    found = central_difference(lambda x: (weights * x).sum(), torch.ones_like(weights))
    torch.testing.assert_close(found, weights, rtol=0, atol=1e-7)


def test_central_difference_takes_transposed_and_empty_tensors():
    x = torch.arange(6, dtype=torch.float64).reshape(2, 3).T
    found = central_difference(lambda x: (x**2).sum(), x)
    torch.testing.assert_close(found, 2 * x)
    empty = torch.empty(0, 2)
    assert central_difference(torch.sum, empty).shape == (0, 2)


def test_central_difference_of_a_parabola_has_no_truncation_error():
    x = torch.tensor([12.5], dtype=torch.float64)
    assert central_difference(polynomial, x, step=4.0).item() == 55


def test_central_difference_of_a_cube_is_off_by_the_step_squared():
    x = torch.tensor([2.0], dtype=torch.float64)
    assert central_difference(lambda x: x**3, x, step=0.5).item() == 12 + 0.5**2


def test_the_default_step_is_good_to_eight_digits():
    x = torch.ones(1, dtype=torch.float64)
    torch.testing.assert_close(
        central_difference(torch.exp, x), x.exp(), rtol=1e-8, atol=0
    )
    assert check_gradient(torch.exp, x).largest_error < 1e-8


def test_a_step_below_float32_resolution_vanishes():
    assert central_difference(polynomial, torch.tensor([12.5]), step=1e-7).item() == 0


@given(vectors)
def test_a_right_gradient_passes(x):
    x = x / 100
    result = check_gradient(lambda x: cubes_and_products(x).sum(), x)
    assert result.passed
    assert result.largest_error < 1e-6
    assert torch.autograd.gradcheck(cubes_and_products, x.requires_grad_())


def test_a_wrong_gradient_fails_here_and_in_gradcheck():
    x = torch.tensor([0.0, 2.0], dtype=torch.float64)
    result = check_gradient(lambda x: WrongCube.apply(x).sum(), x)
    assert not result.passed
    assert result.autograd.tolist() == [0, 4]
    torch.testing.assert_close(result.numeric, 3 * x**2, rtol=1e-6, atol=1e-6)
    assert result.largest_error == pytest.approx(8 / 12)
    with pytest.raises(GradcheckError):
        torch.autograd.gradcheck(WrongCube.apply, x.requires_grad_())


@pytest.mark.parametrize(("share", "passes"), [(0.5e-6, True), (2e-6, False)])
def test_an_error_of_a_millionth_passes_and_two_do_not(share, passes):
    x = torch.ones(1, dtype=torch.float64)
    result = check_gradient(lambda x: ((1 - share) * x + share * x.detach()).sum(), x)
    assert result.passed is passes
    assert result.largest_error == pytest.approx(share, rel=0.01)


def test_a_gradient_that_is_nan_fails():
    result = check_gradient(
        lambda x: torch.where(x > 0, x.sqrt(), 0).sum(),
        torch.tensor([-1.0], dtype=torch.float64),
    )
    assert result.autograd.isnan().all()
    assert result.numeric.tolist() == [0]
    assert not result.passed


@pytest.mark.parametrize(
    "cut",
    [
        lambda x: (x.detach() ** 2).sum(),
        lambda x: x.sum().item(),
        lambda x: np.square(x.detach().numpy()).sum(),
        lambda x: (x.detach() * torch.ones(2, requires_grad=True)).sum(),
    ],
    ids=["detach", "item", "NumPy", "another leaf"],
)
def test_a_function_that_cuts_the_graph_fails(cut):
    result = check_gradient(cut, torch.ones(2, dtype=torch.float64))
    assert result.autograd.tolist() == [0, 0]
    assert result.numeric.bool().all()
    assert not result.passed


def test_a_constant_passes():
    x = torch.ones(2, dtype=torch.float64)
    assert check_gradient(lambda x: torch.tensor(3.0), x).passed


def test_a_kink_fails():
    result = check_gradient(torch.relu, torch.zeros(1, dtype=torch.float64))
    assert result.numeric.item() == 0.5
    assert not result.passed


def test_the_check_refuses_what_it_cannot_judge():
    with pytest.raises(TypeError, match=r"needs float64, x is torch\.float32"):
        check_gradient(torch.sum, torch.ones(2))
    x = torch.ones(2, dtype=torch.float64)
    with pytest.raises(TypeError, match="a tensor or a number, it is None"):
        check_gradient(lambda _: None, x)
    with pytest.raises(TypeError, match="must be real"):
        check_gradient(lambda x: (x + 0j).sum(), x)
    with pytest.raises(ValueError, match="x is empty"):
        check_gradient(torch.sum, torch.empty(0, dtype=torch.float64))
    with pytest.raises(ValueError, match=r"one element, it has shape \(2,\)"):
        check_gradient(polynomial, torch.ones(2, dtype=torch.float64))


@pytest.mark.parametrize("dtype", [torch.bool, torch.uint8, torch.int64])
def test_a_difference_of_integers_is_refused(dtype):
    with pytest.raises(TypeError, match="needs floating point"):
        central_difference(torch.sum, torch.ones(2, dtype=dtype))


# The graph


def test_the_graph_of_the_polynomial():
    graph = autograd_graph(polynomial(torch.ones(4, 4, requires_grad=True)))
    assert graph.nodes == (
        Node("AddBackward0 #1", 0),
        Node("AddBackward0 #2", 1),
        Node("MulBackward0 #1", 2),
        Node("MulBackward0 #2", 2),
        Node("PowBackward0 #1", 3),
        Node("AccumulateGrad #1", 4),
    )
    assert graph.edges == (
        Edge("AddBackward0 #1", "AddBackward0 #2", 0),
        Edge("AddBackward0 #2", "MulBackward0 #1", 0),
        Edge("AddBackward0 #2", "MulBackward0 #2", 1),
        Edge("MulBackward0 #1", "PowBackward0 #1", 0),
        Edge("MulBackward0 #2", "AccumulateGrad #1", 0),
        Edge("PowBackward0 #1", "AccumulateGrad #1", 0),
    )


def test_an_input_used_twice_has_two_edges():
    x = torch.ones(2, requires_grad=True)
    assert autograd_graph(x * x).edges == (
        Edge("MulBackward0 #1", "AccumulateGrad #1", 0),
        Edge("MulBackward0 #1", "AccumulateGrad #1", 1),
    )


def test_constants_and_detached_tensors_have_no_node():
    x = torch.ones(2, requires_grad=True)
    graph = autograd_graph(3 * x + x.detach() + torch.ones(2))
    kinds = [node.name for node in graph.nodes]
    assert kinds == [
        "AddBackward0 #1",
        "AddBackward0 #2",
        "MulBackward0 #1",
        "AccumulateGrad #1",
    ]


def test_each_leaf_has_its_own_node():
    linear = torch.nn.Linear(2, 1)
    graph = autograd_graph(linear(torch.ones(1, 2)))
    leaves = [node for node in graph.nodes if node.name.startswith("AccumulateGrad")]
    assert len(leaves) == 2


def test_a_tensor_without_a_graph_is_refused():
    leaf = torch.ones(1, requires_grad=True)
    for tensor in (leaf, torch.ones(1) * 2, (leaf * 2).detach()):
        with pytest.raises(ValueError, match="no grad_fn"):
            autograd_graph(tensor)
        with pytest.raises(ValueError, match="no grad_fn"):
            edge_gradients(tensor, torch.ones(1))


def test_a_graph_deeper_than_the_recursion_limit_is_walked():
    y = x = torch.ones(1, requires_grad=True)
    for _ in range(5000):
        y = y + x
    graph = autograd_graph(y)
    assert len(graph.nodes) == 5001
    assert graph.nodes[-1] == Node("AccumulateGrad #1", 5000)


operations = st.lists(st.integers(0, 6), min_size=1, max_size=12)


def random_expression(choices, *leaves):
    """Build an expression in which later operations may use any earlier tensor."""
    tensors = list(leaves)
    for i, choice in enumerate(choices):
        a, b = tensors[choice % len(tensors)], tensors[(choice * 7 + i) % len(tensors)]
        tensors.append([a + b, a * b, torch.tanh(a), a - 3 * b][(choice + i) % 4])
    return tensors[-1] + tensors[-2]


@given(operations)
def test_equal_expressions_have_equal_graphs(choices):
    x, y = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    first = random_expression(choices, x, y)
    second = random_expression(choices, x, y)
    assert autograd_graph(first) == autograd_graph(second)


@given(operations)
def test_nodes_stand_in_the_order_of_backward_and_depth_is_the_longest_path(choices):
    x = torch.ones(2, requires_grad=True)
    graph = autograd_graph(random_expression(choices, x, x))
    place = {node.name: i for i, node in enumerate(graph.nodes)}
    assert len(place) == len(graph.nodes)
    for node in graph.nodes:
        arriving = [edge for edge in graph.edges if edge.target == node.name]
        senders = [graph.nodes[place[edge.source]] for edge in arriving]
        assert all(place[sender.name] < place[node.name] for sender in senders)
        assert node.depth == max((sender.depth + 1 for sender in senders), default=0)


@given(operations)
def test_gradients_that_arrive_at_a_leaf_add_up_to_its_gradient(choices):
    x, y = (torch.tensor([v, -v / 2], requires_grad=True) for v in (0.5, 0.75))
    output = random_expression(choices, x, y)
    v = torch.tensor([1.0, -2.0])
    gradients = edge_gradients(output, v)
    assert set(gradients) == set(autograd_graph(output).edges)
    assert x.grad is None
    output.backward(v)
    for node, name in backward_order(output).items():
        if name.startswith("AccumulateGrad"):
            arrived = [g for edge, g in gradients.items() if edge.target == name]
            torch.testing.assert_close(sum(arrived), node.variable.grad)


def test_gradients_on_the_edges_of_the_recipe():
    y = polynomial(torch.full((4, 4), 12.5, requires_grad=True))
    gradients = edge_gradients(y, torch.ones_like(y))
    sent = {(e.source, e.target): g.unique().tolist() for e, g in gradients.items()}
    assert sent == {
        ("AddBackward0 #1", "AddBackward0 #2"): [1],
        ("AddBackward0 #2", "MulBackward0 #1"): [1],
        ("AddBackward0 #2", "MulBackward0 #2"): [1],
        ("MulBackward0 #1", "PowBackward0 #1"): [2],
        ("MulBackward0 #2", "AccumulateGrad #1"): [5],
        ("PowBackward0 #1", "AccumulateGrad #1"): [50],
    }


class First(torch.autograd.Function):
    """The first of two arguments; the second gets no gradient at all."""

    @staticmethod
    def forward(ctx, x, y):
        return x * 1

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output, None


def test_an_edge_without_a_gradient_is_left_out():
    x, y = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    found = edge_gradients(First.apply(x, 2 * y).sum(), torch.tensor(1.0))
    assert {(edge.source, edge.position) for edge in found} == {
        ("SumBackward0 #1", 0),
        ("FirstBackward #1", 0),
    }


def test_a_gradient_of_another_shape_and_a_freed_graph_are_refused():
    x = torch.ones(2, requires_grad=True)
    y = x * x
    with pytest.raises(RuntimeError, match="Mismatch in shape"):
        edge_gradients(y, torch.ones(3))
    y.backward(torch.ones(2))
    with pytest.raises(RuntimeError, match="second time"):
        edge_gradients(y, torch.ones(2))


def test_listening_leaves_no_hook_behind():
    y = polynomial(torch.ones(1, requires_grad=True))
    kept = edge_gradients(y, torch.ones(1))
    before = {edge: gradient.clone() for edge, gradient in kept.items()}
    y.backward(torch.full((1,), 7.0))
    assert kept == before
