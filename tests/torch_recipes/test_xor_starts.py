from math import inf, sqrt

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from torch_recipes.batched_training import Training, squared_error_of_sigmoid
from torch_recipes.xor_starts import (
    MAX_EPOCHS,
    NUM_HIDDEN,
    NUM_SEEDS,
    TRAININGS,
    main,
    read_record,
    start,
    sweep,
    wilson_interval,
)


@pytest.mark.parametrize("num_hidden", NUM_HIDDEN)
def test_a_start_is_what_plain_layers_draw_under_the_default_dtype(num_hidden):
    torch.set_default_dtype(torch.float64)
    try:
        torch.manual_seed(11)
        hidden, output = nn.Linear(2, num_hidden), nn.Linear(num_hidden, 1)
    finally:
        torch.set_default_dtype(torch.float32)
    expected = [*hidden.parameters(), *output.parameters()]
    found = list(start(11, num_hidden).parameters())
    assert all(torch.equal(p, q) for p, q in zip(found, expected, strict=True))


def test_starts_of_many_seeds_fill_the_range_of_the_layer_and_stay_in_it():
    nets = [start(seed, 3) for seed in range(NUM_SEEDS)]
    for index, fan_in in ((0, 2), (2, 3)):
        drawn = torch.cat([p.flatten() for n in nets for p in n[index].parameters()])
        bound = 1 / sqrt(fan_in)
        assert -bound <= drawn.min() < -0.98 * bound
        assert 0.98 * bound < drawn.max() <= bound


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_ends_of_wilsons_interval_are_z_standard_errors_away(trial):
    successes, n = trial
    rate = successes / n
    low, high = wilson_interval(successes, n)
    assert -1e-12 <= low <= rate + 1e-12
    assert rate - 1e-12 <= high <= 1 + 1e-12
    for end in (low, high):
        squared_error = 1.96**2 * max(end * (1 - end), 0) / n
        assert (rate - end) ** 2 == pytest.approx(squared_error, abs=1e-12)


def test_wilsons_interval_is_the_one_of_the_literature():
    # 10 of 20 at z = 1.96: 0.2993 to 0.7007, as any table of it has.
    assert wilson_interval(10, 20) == pytest.approx((0.2993, 0.7007), abs=5e-5)


@pytest.mark.parametrize(("successes", "n"), [(0, 0), (-1, 5), (6, 5)])
def test_impossible_counts_are_refused(successes, n):
    with pytest.raises(ValueError, match="there are none such"):
        wilson_interval(successes, n)


def test_the_record_holds_every_training_from_every_start():
    record = read_record()
    names = [(t.optimizer, t.lr, t.loss.__name__) for t in TRAININGS]
    found = [(e.num_hidden, (e.optimizer, e.lr, e.loss)) for e in record]
    assert found == [(h, name) for h in NUM_HIDDEN for name in names]
    for entry in record:
        assert len(entry.epochs) == NUM_SEEDS
        assert all(0 < e <= MAX_EPOCHS or e == inf for e in entry.epochs)


@pytest.mark.parametrize("num_hidden", NUM_HIDDEN)
def test_the_record_is_what_training_again_gives(num_hidden):
    """Every 20th start, 1,200 epochs: as far as they go, the same epochs.

    The largest rates leap about and may magnify a processor's rounding, so one run in
    a hundred may differ.
    """
    cap, seeds = 1200, range(0, NUM_SEEDS, 20)
    again = sweep(num_hidden, TRAININGS, seeds, cap)
    record = [entry for entry in read_record() if entry.num_hidden == num_hidden]
    found, expected = [], []
    for one, entry in zip(again, record, strict=True):
        found += one.epochs
        expected += [entry.epochs[s] if entry.epochs[s] <= cap else inf for s in seeds]
    differing = sum(a != b for a, b in zip(found, expected, strict=True))
    assert differing <= len(expected) // 100
    assert sum(e < inf for e in expected) > len(expected) // 4


def test_a_sweep_names_what_it_did():
    way = Training("sgd", 5.0, squared_error_of_sigmoid)
    (one,) = sweep(3, [way], [4, 5], 600)
    assert (one.num_hidden, one.optimizer, one.lr) == (3, "sgd", 5.0)
    assert one.loss == "squared_error_of_sigmoid"
    recorded = next(
        e
        for e in read_record()
        if (e.num_hidden, e.optimizer, e.lr, e.loss) == (3, "sgd", 5.0, one.loss)
    )
    assert one.epochs == recorded.epochs[4:6]


def test_by_hand_it_prints_a_line_for_each_sweep(capsys):
    main(["--seeds", "2", "--max-epochs", "2"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(NUM_HIDDEN) * len(TRAININGS)
    assert lines[0].split()[:4] == ["2-2-1", "sgd", "lr", "0.5"]
    assert "0 of 2 (0.0% to 65.8%)" in lines[0]


def test_nothing_but_the_whole_sweep_goes_on_record(capsys):
    with pytest.raises(SystemExit):
        main(["--seeds", "2", "--write"])
    assert "default seeds and epochs alone" in capsys.readouterr().err


@pytest.mark.parametrize("sizes", [(0, [1], [1]), (2, [], [1]), (2, [1], [])])
def test_a_sweep_of_nothing_is_refused(sizes):
    with pytest.raises(ValueError, match="at least one of each"):
        sweep(*sizes, 1)
