"""What a page may take: told by the processor's time, in the end by the clock."""

from dataclasses import asdict

from pagecheck.runner import LIMITS
from pagecheck.watch import exceeded


def test_a_limit_is_reached_by_processor_and_clock_by_the_clock_alone_or_by_memory():
    wrong = []
    for clock, processor, memory, said in (
        (49.0, 9.0, 0, ""),  # it waits for its turn on a busy machine
        (9.0, 60.0, 0, ""),  # many threads
        (11.0, 10.5, 0, "it had not ended after 10 seconds of processor time"),
        (50.0, 0.0, 0, "it had not ended after 50 seconds by the clock"),
        (0.1, 0.1, LIMITS.memory, ""),
        (0.1, 0.1, LIMITS.memory + 1, "it held more than 4 GiB of memory"),
    ):
        found = exceeded(asdict(LIMITS), 10.0, clock, processor, memory)
        if found != said:
            wrong.append((clock, processor, memory, found))
    assert wrong == []
