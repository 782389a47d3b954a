"""What a process may take: time by the processor and by the clock, and memory."""

from __future__ import annotations

from time import monotonic

import psutil

# The most of the processor's time that one block may take, in seconds.
BLOCK_SECONDS = 120.0
# How many times as long as by the processor's time a process may take by the clock.
PATIENCE = 5
# The most memory that a process of a page may hold, in bytes.
MEMORY = 4 << 30


class TimeLimit:
    """What a process may take from now on.

    On a busy machine the clock runs on while a process waits for its turn; and one of
    many threads takes more of the processors' time than the clock shows. So the limit
    is reached when both are past it. What sleeps takes no processor's time: it is
    stopped by the clock alone, after ``PATIENCE`` times as long.
    """

    def __init__(self, process_id: int, seconds: float) -> None:
        """Begin to count.

        Args:
            process_id: The process; those that it starts are not counted.
            seconds: How much of the processor's time it may take.
        """
        self._process_id = process_id
        self._seconds = seconds
        self._begun = monotonic()
        self._taken, _ = _used(process_id)

    def exceeded(self) -> str:
        """A sentence that says which limit has been reached; empty while none has."""
        passed = monotonic() - self._begun
        longest = PATIENCE * self._seconds
        if passed >= longest:
            return f"it had not ended after {longest:g} seconds by the clock"
        taken, memory = _used(self._process_id)
        if memory > MEMORY:
            return f"it held more than {MEMORY / 2**30:g} GiB of memory"
        if passed < self._seconds or taken - self._taken < self._seconds:
            return ""
        return f"it had not ended after {self._seconds:g} seconds of processor time"


def _used(process_id: int) -> tuple[float, int]:
    """A process's processor seconds and bytes of memory; nothing once it has ended."""
    try:
        process = psutil.Process(process_id)
        with process.oneshot():
            times = process.cpu_times()
            return float(times.user + times.system), process.memory_info().rss
    except psutil.Error:
        return 0.0, 0
