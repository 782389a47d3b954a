"""How long a process may take: by the processor's time, and not by the clock alone."""

from __future__ import annotations

from time import monotonic

import psutil

# How many times as long as by the processor's time a process may take by the clock.
PATIENCE = 5
# How often it is looked whether the limit has been reached, in seconds.
STEP = 0.1


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
        self._taken = _processor_seconds(process_id)

    def exceeded(self) -> str:
        """A sentence that says which limit has been reached; empty while none has."""
        passed = monotonic() - self._begun
        longest = PATIENCE * self._seconds
        if passed >= longest:
            return f"it had not ended after {longest:g} seconds by the clock"
        if passed < self._seconds:
            return ""
        if _processor_seconds(self._process_id) - self._taken < self._seconds:
            return ""
        return f"it had not ended after {self._seconds:g} seconds of processor time"


def _processor_seconds(process_id: int) -> float:
    """How much of the processors' time a process has taken; nothing once it has ended.

    Whoever waits for it learns that it has.
    """
    try:
        times = psutil.Process(process_id).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)
