"""How the time and memory of our build and of the check grow with the pages.

The pages are made: each has one block, its output, two bound numbers, a formula and a
claim of its own, so that no run of one can stand for that of another.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.ours import OURS, build, check
from benchmarks.pages import Source
from benchmarks.usage import Usage, measure

FIRST = 4
TIMES = (1, 10, 100)
PAGE = """\
---
description: The sum of the first numbers, in a loop and by its formula.
---

# A sum {{ #sum }}

The loop adds {n}<!--= n--> numbers.

```python
n = {n}
total = 0
for number in range(1, n + 1):
    total = total + number
print(total)
```

<!--pytest-codeblocks:expected-output-->

```text
{total}
```

A formula gives the same without a loop:

<!--pagecheck:formula total-->

$$
\\frac{{n (n + 1)}}{{2}}
$$

It is {total}<!--= total-->.<!--pagecheck:claim total == sum(range(n + 1))-->
"""


def made_pages(number: int) -> list[Source]:
    """So many pages, eight of them in each folder."""
    return [
        Source(
            f"part-{each // 8}/page-{each}", PAGE.format(n=n, total=n * (n + 1) // 2)
        )
        for each, n in enumerate(range(2, number + 2))
    ]


def measure_growth(
    folder: Path, programs: Path, environment: dict[str, str]
) -> Iterator[tuple[int, dict[str, Usage]]]:
    """For each number of pages, what building and checking them takes."""
    for times in TIMES:
        number = FIRST * times
        project = folder / f"scaling-{number}"
        OURS.write(project, made_pages(number))
        commands = {"build": build(programs), "check": check(programs)}
        yield (
            number,
            {k: measure(each, project, environment) for k, each in commands.items()},
        )
