"""What a process may take: told by the processor's time, in the end by the clock."""

import os

import pytest

from pagecheck import time_limit
from pagecheck.time_limit import PATIENCE, TimeLimit


@pytest.fixture
def after(monkeypatch):
    """What a limit of 10 s says once the clock and the processors have gone on."""
    clock, processor, memory = [0.0], [3.0], [0]
    monkeypatch.setattr(time_limit, "monotonic", lambda: clock[0])
    monkeypatch.setattr(time_limit, "_used", lambda _: (processor[0], memory[0]))
    limit = TimeLimit(1, 10.0)

    def exceeded(by_the_clock, of_processors, of_memory=0):
        clock[0], processor[0] = by_the_clock, 3.0 + of_processors
        memory[0] = of_memory
        return limit.exceeded()

    return exceeded


def test_what_waits_for_its_turn_on_a_busy_machine_may_go_on(after):
    assert after(by_the_clock=49.0, of_processors=9.0) == ""


def test_many_threads_do_not_use_the_limit_up_before_the_clock_does(after):
    assert after(by_the_clock=9.0, of_processors=60.0) == ""


def test_what_has_computed_for_too_long_is_told(after):
    said = "it had not ended after 10 seconds of processor time"
    assert after(by_the_clock=11.0, of_processors=10.5) == said


def test_what_computes_nothing_is_told_by_the_clock(after):
    said = f"it had not ended after {PATIENCE * 10} seconds by the clock"
    assert after(by_the_clock=PATIENCE * 10.0, of_processors=0.0) == said


def test_what_holds_too_much_memory_is_told_at_once(after):
    held = time_limit.MEMORY
    assert after(by_the_clock=0.1, of_processors=0.1, of_memory=held) == ""
    said = "it held more than 4 GiB of memory"
    assert after(by_the_clock=0.1, of_processors=0.1, of_memory=held + 1) == said


def test_the_time_of_a_process_is_that_of_all_its_threads_and_none_once_it_ended():
    before = time_limit._used(os.getpid())[0]
    while time_limit._used(os.getpid())[0] == before:
        sum(range(100_000))
    child = os.posix_spawn("/bin/true", ["true"], {}) if os.name == "posix" else None
    if child is not None:
        os.waitpid(child, 0)
        assert time_limit._used(child) == (0.0, 0)
