"""What a page may take: told by the processor's time, in the end by the clock."""

from dataclasses import asdict

from pagecheck import watch
from pagecheck.runner import LIMITS


def test_a_limit_is_reached_by_processor_and_clock_by_the_clock_alone_or_by_memory(
    monkeypatch,
):
    now = {"clock": 0.0, "processor": 3.0, "memory": 0}
    monkeypatch.setattr(watch.time, "monotonic", lambda: now["clock"])
    monkeypatch.setattr(watch, "used", lambda _: (now["processor"], now["memory"]))
    limit = watch.Limit(1, asdict(LIMITS), 10.0)
    wrong = []
    for clock, processor, memory, said in (
        (49.0, 9.0, 0, ""),  # it waits for its turn on a busy machine
        (9.0, 60.0, 0, ""),  # many threads
        (11.0, 10.5, 0, "it had not ended after 10 seconds of processor time"),
        (50.0, 0.0, 0, "it had not ended after 50 seconds by the clock"),
        (0.1, 0.1, LIMITS.memory, ""),
        (0.1, 0.1, LIMITS.memory + 1, "it held more than 4 GiB of memory"),
    ):
        now.update(clock=clock, processor=3.0 + processor, memory=memory)
        if limit.exceeded() != said:
            wrong.append((clock, processor, memory, limit.exceeded()))
    assert wrong == []
