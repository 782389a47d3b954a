"""Tell two figures of the same renderer apart, and show where.

Their files are the same text, but for numbers that say where something is: those may
differ by what nobody sees. Whatever else differs, understood or not, is a difference.
"""

from __future__ import annotations

import math
import re
from itertools import takewhile, zip_longest
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

TOLERANCE = 0.25  # pixels
MOST = 3  # lines that are told one by one
LONGEST = 100_000  # pixels of a line that are followed
FOLDER = Path(".cache") / "figures"

_TAG = re.compile("<[^<>]*>")
# Where something is, and nothing else: no opacity, width, radius, angle or scale.
_PLACE = re.compile(r'( (?:d|x|y|cx|cy)="| transform="rotate\(-?[0-9.]+ )([^")]*)')
_NUMBER = re.compile(r"-?[0-9]{1,6}(?:\.[0-9]+)?")
_STRAIGHT = re.compile("(?:M# #L# #(?: # #)*Z?)+")


def differences(shown: str, drawn: str) -> list[str]:
    """What differs between two SVGs, as sentences; nothing when they look the same.

    Args:
        shown: The SVG that a page shows; whatever its file holds.
        drawn: The SVG that ``draw`` has just returned.
    """
    ours, theirs = shown.split("\n"), drawn.split("\n")
    found = []
    for number, (one, other) in enumerate(zip_longest(ours, theirs, fillvalue=""), 1):
        off = 0.0 if one == other else _distance(one, other)
        if off > TOLERANCE:
            by = f"off by {off:.2f} px: " if math.isfinite(off) else ""
            alike = takewhile(
                lambda pair: pair[0] == pair[1], zip(one, other, strict=False)
            )
            start = max(0, len([*alike]) - 40)
            this, that = one[start:].strip()[:80], other[start:].strip()[:80]
            found.append(f"line {number}: {by}{this or '-'}, drawn {that or '-'}")
    if len(found) > MOST:
        found[MOST:] = [f"and {len(found) - MOST} more lines of the file"]
    return found


def _distance(one: str, other: str) -> float:
    """How far apart two lines' places are; infinity where anything else differs."""
    (text, places), (wanted, others) = _apart(one), _apart(other)
    if text != wanted:
        return math.inf
    return max(map(_between, places, others), default=0.0)


def _apart(line: str) -> tuple[str, list[str]]:
    """A line without its places, and these."""
    places: list[str] = []

    def take(place: re.Match[str]) -> str:
        places.append(place[2])
        return place[1]

    return _TAG.sub(lambda tag: _PLACE.sub(take, tag[0]), line), places


def _between(one: str, other: str) -> float:
    """How far apart two places are, or how far two lines stray from each other.

    Which points of a line are left when it is simplified hangs on the last bits of the
    data, which are not the same on every processor; the line looks the same.
    """
    ours, theirs = (_NUMBER.sub("#", place) for place in (one, other))
    off = math.inf
    if ours == theirs:
        pairs = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=True)
        off = max((abs(float(a) - float(b)) for a, b in pairs), default=0.0)
    if off <= TOLERANCE or not all(map(_STRAIGHT.fullmatch, (ours, theirs))):
        return off
    lines, others = ([_line(each) for each in d.split("M")[1:]] for d in (one, other))
    if len(lines) != len(others) or one.count("Z") != other.count("Z"):
        return math.inf
    return max(
        max(_strays(a, b), _strays(b, a)) for a, b in zip(lines, others, strict=True)
    )


def _line(data: str) -> Points:
    """The points of a straight part of a path, back to its first where it is closed."""
    points = np.array(_NUMBER.findall(data), dtype=float).reshape(-1, 2)
    return np.vstack([points, points[:1]]) if "Z" in data else points


def _strays(line: Points, other: Points) -> float:
    """How far a line strays from another; infinitely where it turns the other way."""
    if (line[0] == line[-1]).all() and _area(line) * _area(other) < 0:
        return math.inf
    steps = np.diff(line, axis=0)
    counts = np.maximum(np.ceil(np.hypot(*steps.T)), 1).astype(int)
    if counts.sum() > LONGEST:
        return math.inf
    which = np.repeat(np.arange(len(steps)), counts)
    share = np.concatenate([np.arange(n) / n for n in counts])[:, None]
    points = np.vstack([line[which] + share * steps[which], line[-1:]])  # a pixel apart
    starts, others = other[:-1], np.diff(other, axis=0)
    lengths = np.maximum((others**2).sum(axis=1), 1e-12)

    def away(point: Points) -> float:
        share = np.clip(((point - starts) * others).sum(axis=1) / lengths, 0, 1)
        return float(np.hypot(*(point - starts - share[:, None] * others).T).min())

    return max(map(away, points))


def _area(line: Points) -> float:
    x, y = line.T
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


_SHEET = """<!doctype html><meta charset="utf-8"><title>{name}</title>
<style>body{{font:16px sans-serif;display:flex;flex-wrap:wrap;gap:1em}}
figure{{margin:0}}div{{position:relative;isolation:isolate;background:#fff}}
div img+img{{position:absolute;inset:0;mix-blend-mode:difference}}</style>
<figure><figcaption>shown</figcaption><img src="{name}-shown.svg"></figure>
<figure><figcaption>drawn</figcaption><img src="{name}-drawn.svg"></figure>
<figure><figcaption>one over the other; what is black is alike</figcaption>
<div><img src="{name}-shown.svg"><img src="{name}-drawn.svg"></div></figure>
"""


def leave(shown: str, drawn: str, name: str, folder: Path) -> Path:
    """Leave two figures, side by side and one over the other, to be looked at.

    Returns:
        The HTML file that shows them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sheet = folder / f"{name}.html"
    for suffix, text in (
        ("-shown.svg", shown),
        ("-drawn.svg", drawn),
        (".html", _SHEET.format(name=name)),
    ):
        (folder / (name + suffix)).write_text(text, encoding="utf-8")
    return sheet
