"""Leverage, studentised residuals and Cook's distance, against fitting anew."""

import pytest
import torch
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from torch_recipes import basic_network as bn
from torch_recipes import line_diagnostics as ld

# The machine may be busy with other tests.
unhurried = settings(max_examples=50)

# On a grid of 1/8: two values are equal or well apart.
eighths = st.integers(-80, 80).map(lambda k: k / 8)
pairs = st.lists(st.tuples(eighths, eighths), min_size=5, max_size=15)


def columns(pairs):
    """The points, where no point alone decides the slope and the fit is not perfect."""
    x, y = torch.tensor(pairs, dtype=torch.float64).unbind(1)
    for i in range(len(x)):
        kept = torch.arange(len(x)) != i
        assume((x[kept].max() - x[kept].min()).item() > 0)
        line = bn.least_squares(x[kept], y[kept])
        assume(
            bn.sum_of_squares(bn.build_network(x[kept], *line), y[kept]).item() > 1e-3
        )
    return x, y


@unhurried
@given(pairs)
@example([(0.0, 0.0), (1.0, 0.0), (2.0, 1.0), (3.0, 0.0), (10.0, 5.0)])
def test_the_leverages_are_the_diagonal_of_the_hat_matrix(pairs):
    x, _ = columns(pairs)
    features = torch.stack([x, torch.ones_like(x)], dim=1)
    hat = features @ torch.linalg.pinv(features)
    torch.testing.assert_close(ld.leverages(x), hat.diag(), rtol=1e-8, atol=1e-8)


@unhurried
@given(pairs)
def test_the_leverages_add_up_to_two(pairs):
    x, _ = columns(pairs)
    assert ld.leverages(x).sum().item() == pytest.approx(2.0)


def test_a_leverage_is_how_far_a_target_pulls_its_own_prediction():
    x, y = bn.points()

    def own_predictions(y):
        return bn.build_network(x, *bn.least_squares(x, y))

    pulls = torch.autograd.functional.jacobian(own_predictions, y).diag()
    torch.testing.assert_close(ld.leverages(x), pulls)


@unhurried
@given(pairs)
@example([(0.0, 0.0), (1.0, 0.0), (2.0, 1.0), (3.0, 0.0), (10.0, 5.0)])
def test_the_residuals_and_distances_are_those_of_fitting_without_the_point(pairs):
    x, y = columns(pairs)
    fitted = bn.build_network(x, *bn.least_squares(x, y))
    s2 = ((y - fitted) ** 2).sum() / (len(x) - 2)
    deleted, distances = [], []
    for i in range(len(x)):
        kept = torch.arange(len(x)) != i
        x_kept, y_kept = x[kept], y[kept]
        line = bn.least_squares(x_kept, y_kept)
        dx = x_kept - x_kept.mean()
        errors = y_kept - bn.build_network(x_kept, *line)
        s2_kept = errors.dot(errors) / (len(x_kept) - 2)
        # The variance of a new point's distance from a line of len(x_kept) points.
        spread = 1 + 1 / len(x_kept) + (x[i] - x_kept.mean()) ** 2 / dx.dot(dx)
        missed = y[i] - bn.build_network(x[i], *line)
        deleted.append(missed / (s2_kept * spread).sqrt())
        moved = fitted - bn.build_network(x, *line)
        distances.append((moved**2).sum() / (2 * s2))
    torch.testing.assert_close(
        ld.deleted_studentised_residuals(x, y),
        torch.stack(deleted),
        rtol=1e-5,
        atol=1e-6,
    )
    torch.testing.assert_close(
        ld.cooks_distances(x, y), torch.stack(distances), rtol=1e-5, atol=1e-6
    )


@unhurried
@given(pairs)
def test_a_studentised_residual_has_an_upper_limit(pairs):
    x, y = columns(pairs)
    r = ld.studentised_residuals(x, y)
    assert r.abs().max().item() <= (len(x) - 2) ** 0.5 + 1e-9


def test_pure_noise_has_studentised_residuals_of_unit_variance():
    x, _ = bn.points()
    generator = torch.Generator().manual_seed(0)
    noise = torch.randn(3_000, 17, generator=generator, dtype=torch.float64)
    r = torch.stack([ld.studentised_residuals(x, y) for y in noise])
    torch.testing.assert_close(
        (r**2).mean(0), torch.ones(17, dtype=torch.float64), rtol=0, atol=0.12
    )


def test_every_diagnostic_points_at_the_twelfth_point():
    x, y = bn.points()
    for values in (
        ld.leverages(x),
        ld.studentised_residuals(x, y),
        ld.deleted_studentised_residuals(x, y),
        ld.cooks_distances(x, y),
    ):
        assert values.abs().argmax().item() == 11


def test_a_point_that_alone_decides_the_slope_has_no_residual_to_compare():
    x = torch.tensor([0.0, 0.0, 0.0, 0.0, 1.0], dtype=torch.float64)
    y = torch.tensor([1.0, 2.0, 3.0, 2.0, 9.0], dtype=torch.float64)
    assert ld.leverages(x)[4].item() == pytest.approx(1.0)
    assert not ld.cooks_distances(x, y)[:4].isnan().any()


def test_equal_inputs_are_refused():
    x = torch.ones(5, dtype=torch.float64)
    with pytest.raises(ValueError, match="two different values"):
        ld.studentised_residuals(x, x)
    with pytest.raises(ValueError, match="two different values"):
        ld.cooks_distances(x, x)
