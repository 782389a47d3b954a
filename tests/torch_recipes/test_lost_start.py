"""Starts recovered from printed losses, against the descents that printed them."""

import pytest
import torch
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from torch_recipes import basic_network as bn
from torch_recipes import lost_start as ls

# The chapter's own: iterations 0, 1000, 2000, 3000 and 4000.
PRINTED = torch.tensor(
    [573.6302, 38.7160, 34.2038, 30.3315, 27.0084], dtype=torch.float64
)

starts = st.tuples(st.floats(-3, 3), st.floats(-3, 3))


def losses_by_matrix_powers(x, y, start, iterations, lr=1e-4):
    """The losses at these iterations, without the eigenvectors and without a run."""
    hessian = bn.loss_hessian(x)
    best = torch.stack(bn.least_squares(x, y))
    least = bn.sum_of_squares(bn.build_network(x, *best), y)
    step = torch.eye(2, dtype=torch.float64) - lr * hessian
    losses = []
    for k in iterations:
        d = torch.linalg.matrix_power(step, k) @ (start - best)
        losses.append(least + d @ hessian @ d / 2)
    return torch.stack(losses)


def rounded(losses):
    return (losses * 1e4).round() / 1e4


@settings(max_examples=50)
@given(starts)
@example((0.0, 0.0))
@example((1.5410, -0.2934))
def test_the_true_start_is_among_the_four_to_within_the_rounding(start):
    x, y = bn.points()
    start = torch.tensor(start, dtype=torch.float64)
    # The first loss says little about a steep distance that is close to zero.
    _, axes = torch.linalg.eigh(bn.loss_hessian(x))
    assume((axes.T @ (start - torch.stack(bn.least_squares(x, y))))[1].abs() > 0.01)
    losses = rounded(losses_by_matrix_powers(x, y, start, range(0, 5_000, 1_000)))
    found = ls.starting_weights(x, y, losses[0], losses[1:])
    assert (found - start).abs().amax(dim=1).min().item() < 1e-4


def test_the_four_starts_print_the_chapters_five_losses():
    x, y = bn.points()
    found = ls.starting_weights(x, y, PRINTED[0], PRINTED[1:])
    assert found.shape == (4, 2)
    for start in found:
        *_, losses = bn.train_by_hand(x, y, start[0], start[1], 1e-4, 4_001)
        assert [f"{loss:.4f}" for loss in losses[::1_000]] == [
            f"{loss:.4f}" for loss in PRINTED.tolist()
        ]


def test_the_starts_come_nearest_to_zero_first_and_mirror_each_other():
    x, y = bn.points()
    found = ls.starting_weights(x, y, PRINTED[0], PRINTED[1:])
    sizes = torch.linalg.vector_norm(found, dim=1)
    assert torch.equal(sizes, sizes.sort().values)
    best = torch.stack(bn.least_squares(x, y))
    torch.testing.assert_close(found.mean(0), best)


def test_a_short_run_agrees_with_the_law_of_the_long_run():
    x, y = bn.points()
    w, b = torch.tensor([1.5, -0.3], dtype=torch.float64)
    *_, losses = bn.train_by_hand(x, y, w, b, 1e-4, 401)
    least, factor = ls.long_run(x, y, 1e-4, 100)
    excess = torch.tensor(losses[100::100], dtype=torch.float64) - least
    measured = excess[1:] / excess[:-1]
    torch.testing.assert_close(measured, factor.expand_as(measured))


def test_losses_of_one_descent_have_an_excess_in_common():
    x, y = bn.points()
    least, factor = ls.long_run(x, y)
    low, high = ls.common_excess(PRINTED[1:], least, factor)
    assert 0 < (high - low).item() < 1e-4


@pytest.mark.parametrize("changed", [1, 2, 3, 4])
def test_a_wrong_last_digit_is_noticed(changed):
    x, y = bn.points()
    losses = PRINTED.clone()
    losses[changed] += 3e-4
    low, high = ls.common_excess(losses[1:], *ls.long_run(x, y))
    assert low > high


def test_other_data_do_not_print_these_losses():
    x, y = bn.points()
    mended = x.clone()
    mended[11] += 10
    for x_tried, y_tried in [(mended, y), (mended - 10, y - 10)]:
        low, high = ls.common_excess(PRINTED[1:], *ls.long_run(x_tried, y_tried))
        assert low > high


def test_no_start_fits_a_first_loss_below_the_flat_part():
    x, y = bn.points()
    found = ls.starting_weights(x, y, torch.tensor(40.0), PRINTED[1:])
    assert found.isnan().any()
