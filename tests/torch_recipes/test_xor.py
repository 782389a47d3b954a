import pytest
import torch
from torch import nn

from torch_recipes import xor


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_data_are_the_truth_table_of_exclusive_or(dtype):
    x, y = xor.xor_data(dtype)
    assert x.dtype == y.dtype == dtype
    assert x.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert y.tolist() == [[0], [1], [1], [0]]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_post_parameters_print_as_the_post_prints_them(dtype):
    p = xor.post_parameters(dtype)
    assert [tuple(t.shape) for t in p] == [(3, 2), (3,), (1, 3), (1,)]
    assert {t.dtype for t in p} == {dtype}
    printed = [[f"{v:.4f}" for v in t.flatten().tolist()] for t in p]
    assert printed == [
        ["-0.3122", "0.5551", "-0.2819", "-0.0666", "0.6712", "-0.2915"],
        ["0.2816", "-0.4757", "-0.4125"],
        ["-0.5761", "-0.2721", "0.4413"],
        ["-0.1019"],
    ]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_network_computes_the_formulas_from_a_copy_of_its_parameters(dtype):
    p = xor.post_parameters(dtype)
    x, _ = xor.xor_data(dtype)
    net = xor.network_from(p)
    z2 = torch.sigmoid(x @ p.W1.T + p.b1) @ p.W2.T + p.b2
    torch.testing.assert_close(net.logits(x), z2)
    torch.testing.assert_close(net(x), torch.sigmoid(z2))
    with torch.no_grad():
        nn.utils.vector_to_parameters(torch.zeros(13, dtype=dtype), net.parameters())
    assert all(t.all() for t in p)


def test_parameters_of_integers_which_would_all_be_0_are_refused():
    with pytest.raises(TypeError, match=r"floating point, the dtype is torch\.int64"):
        xor.post_parameters(torch.int64)
