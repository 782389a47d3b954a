"""Quantities in words, English and Chinese.

A word is read as a number where a directive follows it: `half<!--= share-->`,
一半<!--= share-->. What can be nothing but a quantity, and is not read, has to be
written in digits or to get its directive.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from decimal import Decimal

# What a reader does not see, directives among it, comes here as NUL.
_BOUND, _UNBOUND = r"(?=[*_]*\x00)", r"(?![*_]*\x00)"

_SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen
fourteen fifteen sixteen seventeen eighteen nineteen twenty"""
_TENS = "thirty forty fifty sixty seventy eighty ninety hundred"
_PARTS = "half third quarter fifth sixth seventh eighth ninth tenth"
_VALUES = {word: Decimal(value) for value, word in enumerate(_SMALL.split())}
_VALUES |= {word: Decimal(10 * n) for n, word in enumerate(_TENS.split(), 3)}
_VALUES |= {"dozen": Decimal(12), "thousand": Decimal(1000), "million": Decimal(10**6)}
_COUNT = f"(?:{'|'.join(sorted(_VALUES, key=len, reverse=True))})"
_VALUES |= {part: 1 / Decimal(n) for n, part in enumerate(_PARTS.split(), 2)}
_VALUES |= {f"{e}th": 1 / _VALUES[e] for e in ("hundred", "thousand", "million")}
_PART = f"(?:{'|'.join(_PARTS.split())}|hundredth|thousandth|millionth)"
_CHANGES = {"doubl": Decimal(2), "tripl": Decimal(3), "halv": Decimal("0.5")}
_VALUES |= {s + e: v for s, v in _CHANGES.items() for e in ("e", "ed", "ing")}
_VALUES["twice"] = Decimal(2)
# The first two letters of all: few words get further, which halves the time.
_FIRST = "|".join(sorted({word[:2] for word in ("a ", "an", *_VALUES)}))

_NUMERAL = "[零〇一二两三四五六七八九十百千万亿]{1,12}+"
_DIGITS = {word: value for value, word in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "两": 2}
_UNITS = {"亿": 100_000_000, "万": 10_000, "千": 1_000, "百": 100, "十": 10}

_QUANTITY = re.compile(
    rf"(?:(?<![A-Za-z0-9_-])(?={_FIRST})(?<!\d )"
    rf"(?:(?:an? (?!hal)|{_COUNT}[- ])?{_PART}s?|twice"
    rf"|(?:a )?{_COUNT}(?: times)?|(?:doubl|tripl|halv)(?:e[sd]?|ing))"
    rf"|(?<!\d)(?![零〇]+分之){_NUMERAL}分之{_NUMERAL}|(?<!\d){_NUMERAL}倍?"
    rf"|一半|半个|减半|翻倍|加倍){_BOUND}",
    re.IGNORECASE,
)
_UNREAD = re.compile(
    rf"(?<![A-Za-z])(?={_FIRST})(?:{_COUNT} per ?cent\b|{_COUNT} point {_COUNT}\b"
    rf"|{_COUNT}(?: times)? (?:in|out of) (?:every )?(?!one\b){_COUNT}\b"
    rf"|{_COUNT}[- ]?fold\b|{_COUNT}[- ](?!hal){_PART}s?\b{_UNBOUND})"
    rf"|{_NUMERAL}分之{_NUMERAL}{_UNBOUND}|分之\d|[¼-¾⅐-⅞]|(?<!\d){_NUMERAL}倍{_UNBOUND}|负\d"
    r"|\d[*_]*\x00[*_\x00]*+[万亿]"
    r"|(?:[零〇]|[一二两三四五六七八九十百千万亿]{2,12})点[零〇一二三四五六七八九]"
    r"|[一二两三四五六七八九1-9]成(?:[一二三四五六七八九1-9](?![\d个种次])"
    r"|(?=[\x00*_]*(?:[的以多左，。；：、）,;)]|$)))",
    re.IGNORECASE,
)


def find_quantities(text: str) -> Iterator[tuple[int, int, Decimal]]:
    """Find the quantities in words of a text: where each starts and ends, its value."""
    for match in _QUANTITY.finditer(text):
        yield *match.span(), _value(match[0].lower())


def find_unread(text: str) -> Iterator[tuple[int, str]]:
    """Find what a reader takes for a quantity and `find_quantities` does not read."""
    return ((match.start(), match[0]) for match in _UNREAD.finditer(text))


def _value(word: str) -> Decimal:
    if word.isascii():  # two thirds is two times a third
        words = (each.removesuffix("s") for each in re.split("[- ]", word))
        known = (_VALUES.get(each, Decimal(1)) for each in words)
        return math.prod(known, start=Decimal(1))
    if "半" in word:
        return Decimal("0.5")
    if word in ("一倍", "翻倍", "加倍"):  # 快一倍 is twice as fast
        return Decimal(2)
    beneath, _, above = word.rstrip("倍").rpartition("分之")
    return Decimal(_whole(above)) / (_whole(beneath) if beneath else 1)


def _whole(word: str) -> int:
    """The value of a Chinese numeral: 三十五, 一百零二, 两千."""
    for unit, size in _UNITS.items():
        above, found, below = word.rpartition(unit)
        if found:
            return (_whole(above) or 1) * size + _whole(below)
    return int("".join(str(_DIGITS[each]) for each in word) or 0)
