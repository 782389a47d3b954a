"""Tell two figures of the same renderer apart, and show where.

Their files are the same text, but for numbers that say where something is: those may
differ by what nobody sees. Whatever else differs, understood or not, is a difference.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pagecheck.problem import alike

TOLERANCE = 0.25  # pixels
MOST = 3  # lines that are told one by one
LONGEST = 100_000  # pixels of a line that are followed
FOLDER = Path(".cache") / "figures"

# Where something is, and nothing else: no opacity, width, radius, angle or scale.
_PLACE = re.compile(
    r'( (?:d|x|y|cx|cy)="| transform="rotate\(-?[0-9.]+ )([^")]*)(?=[^<>]*>)'
)
_NUMBER = re.compile(r"(-?[0-9]{1,6}(?:\.[0-9]+)?)")
_STRAIGHT = re.compile("(?:M# #L# #(?: # #)*Z?)+")


def differences(shown: str, drawn: str) -> list[str]:
    """What differs between two SVGs, as sentences; nothing when they look the same.

    Args:
        shown: The SVG that a page shows; whatever its file holds.
        drawn: The SVG that ``draw`` has just returned.
    """
    pairs = zip_longest(shown.split("\n"), drawn.split("\n"), fillvalue="")
    found = []
    for number, (one, other) in enumerate(pairs, 1):
        if one != other and (off := _distance(one, other)) > TOLERANCE:
            by = f"off by {off:.2f} px: " if off < math.inf else ""
            start = max(0, alike(one, other) - 40)
            this, that = one[start:].strip()[:80], other[start:].strip()[:80]
            found.append(f"line {number}: {by}{this or '-'}, drawn {that or '-'}")
    if len(found) > MOST:
        found[MOST:] = [f"and {len(found) - MOST} more lines of the file"]
    return found


def _distance(one: str, other: str) -> float:
    """How far apart two lines' places are; infinity where anything else differs."""
    ours, theirs = _PLACE.split(one), _PLACE.split(other)
    if (ours[::3], ours[1::3]) != (theirs[::3], theirs[1::3]):
        return math.inf
    return max(map(_between, ours[2::3], theirs[2::3]), default=0.0)


def _between(one: str, other: str) -> float:
    """How far apart two places are, or how far two lines stray from each other.

    Which points of a line are left when it is simplified hangs on the last bits of the
    data, which are not the same on every processor; the line looks the same.
    """
    ours, theirs = _NUMBER.split(one), _NUMBER.split(other)
    off = math.inf
    if ours[::2] == theirs[::2]:
        apart = np.array(ours[1::2], float) - np.array(theirs[1::2], float)
        off = float(abs(apart).max(initial=0.0))
    straight = all(_STRAIGHT.fullmatch(_NUMBER.sub("#", each)) for each in (one, other))
    if off <= TOLERANCE or not straight:
        return off
    lines, others = [*_lines(one)], [*_lines(other)]
    if len(lines) != len(others) or one.count("Z") != other.count("Z"):
        return math.inf
    pairs = [*zip(lines, others, strict=True), *zip(others, lines, strict=True)]
    return max(_stray(a, b) for a, b in pairs)


def _lines(data: str) -> Iterator[NDArray[np.complex128]]:
    """The straight parts of a path, back to their first points where closed."""
    for part in data.split("M")[1:]:
        numbers = np.array(_NUMBER.findall(part), float)
        line = numbers[::2] + 1j * numbers[1::2]
        yield np.append(line, line[:1]) if "Z" in part else line


def _stray(line: NDArray[np.complex128], other: NDArray[np.complex128]) -> float:
    """How far a line strays from another; infinitely where it turns the other way."""
    areas = [(each[:-1].conj() * each[1:]).sum().imag for each in (line, other)]
    along = np.append(0, abs(np.diff(line)).cumsum())
    if along[-1] > LONGEST or (line[0] == line[-1] and areas[0] * areas[1] < 0):
        return math.inf
    points = np.interp(np.union1d(along, np.arange(along[-1])), along, line)
    starts, ways = other[:-1], np.diff(other)
    squares = np.maximum(abs(ways) ** 2, 1e-12)

    def away(point: complex) -> float:
        share = np.clip(((point - starts) * ways.conj()).real / squares, 0, 1)
        return float(abs(point - starts - share * ways).min())

    return max(map(away, points))  # which are a pixel apart


_SHEET = """<!doctype html><title>{0}</title>
<style>div img + img {{position: absolute; left: 8px;
mix-blend-mode: difference}}</style>
<p>Shown, drawn, and one over the other: what is black is alike.</p>
<img src="{0}-shown.svg"> <img src="{0}-drawn.svg">
<div><img src="{0}-shown.svg"><img src="{0}-drawn.svg"></div>
"""


def leave(shown: str, drawn: str, name: str, folder: Path) -> Path:
    """Leave two figures and an HTML file that shows them, whose path is returned."""
    folder.mkdir(parents=True, exist_ok=True)
    for suffix, svg in (("shown", shown), ("drawn", drawn)):
        (folder / f"{name}-{suffix}.svg").write_text(svg, encoding="utf-8")
    sheet = folder / f"{name}.html"
    sheet.write_text(_SHEET.format(name), encoding="utf-8")
    return sheet
