"""Quantities in words, English and Chinese.

A word that counts, a multiple, a half is read as a number only where a directive
follows it: `half<!--= share-->`, 一半<!--= share-->. What can be nothing but a quantity
is read wherever it stands, so that it is asked for its directive: percentages,
decimals, fractions, ratios such as one in ten, multiples with 倍, 九成七.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

# What a reader does not see, directives among it, comes here as NUL.
_BOUND = r"(?=[*_]*\x00)"

_SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen
fourteen fifteen sixteen seventeen eighteen nineteen twenty"""
_TENS = "thirty forty fifty sixty seventy eighty ninety hundred"
_COUNTS = {word: value for value, word in enumerate(_SMALL.split())}
_COUNTS |= {word: 10 * value for value, word in enumerate(_TENS.split(), 3)}
_COUNTS |= {"dozen": 12, "thousand": 1_000, "million": 1_000_000}
_PARTS = "half third quarter fifth sixth seventh eighth ninth tenth"
_PARTS_OF = {word: value for value, word in enumerate(_PARTS.split(), 2)}
_PARTS_OF |= {"hundredth": 100, "thousandth": 1_000, "millionth": 1_000_000}
_CHANGES = {"twice": "2", "thrice": "3", "doubl": "2", "tripl": "3", "halv": "0.5"}

_WORD = "|".join(sorted(_COUNTS, key=len, reverse=True))
_COUNT = rf"(?:a (?=dozen|hundred|thousand|million))?(?:{_WORD})(?:-(?:{_WORD}))?"
_PART = "|".join(_PARTS_OF)
_DIGIT = "[零〇一二三四五六七八九]"
_NUMERAL = rf"(?:[零〇一二两三四五六七八九十百千万亿]{{1,12}}(?:点{_DIGIT}{{1,12}})?)"
_NUMBER = rf"(?:{_NUMERAL}|(?<![\d.])\d{{1,30}}(?:\.\d{{1,30}})?)"
_QUANTITY = re.compile(
    rf"(?<![A-Za-z0-9_-])(?:(?P<percent>{_COUNT}) per ?cent\b"
    rf"|(?P<whole>{_COUNT}) point (?P<places>(?:{_WORD})(?: (?:{_WORD})){{0,7}})\b"
    rf"|(?P<over>{_COUNT})(?: times)? (?:in|out of) (?:every )?(?P<under>{_COUNT})\b"
    rf"|(?P<fold>{_COUNT})[- ]?fold\b"
    rf"|(?P<parts>{_COUNT})[- ](?P<of>(?!hal)(?:{_PART}))s?\b"
    rf"|(?P<change>twice|thrice|(?:doubl|tripl|halv)(?:e[sd]?|ing)){_BOUND}"
    rf"|(?:one[- ]|an? (?!hal))?(?P<part>{_PART}){_BOUND}"
    rf"|(?<!\d )(?P<count>{_COUNT})(?: times)?{_BOUND})"
    rf"|(?P<beneath>{_NUMBER})分之(?P<above>{_NUMBER})|(?<!\d)(?P<times>{_NUMERAL})倍"
    rf"|(?P<half>一半|(?<![左右上下前后各大小])半(?:个|数)|减半|折半|对半){_BOUND}"
    rf"|(?P<double>翻了?一?[倍番]|加倍){_BOUND}"
    rf"|(?P<tenths>[一二两三四五六七八九1-9])成(?:(?P<more>[一二三四五六七八九1-9])"
    rf"(?![\d个种次])|{_BOUND}|(?=[\x00*_]*(?:[的以多左，。；：、）,;)]|$)))"
    rf"|(?<!\d)(?P<decimal>(?:[零〇]|[一二两三四五六七八九十百千万亿]{{2,12}})点{_DIGIT}{{1,12}})"
    rf"|(?<!\d)(?P<numeral>{_NUMERAL}){_BOUND}",
    re.IGNORECASE,
)
_DIGITS = {word: value for value, word in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "两": 2}
_UNITS = {"亿": 100_000_000, "万": 10_000, "千": 1_000, "百": 100, "十": 10}


def find_quantities(text: str) -> Iterator[tuple[int, int, Decimal]]:
    """Find the quantities in words of a text: where each starts and ends, its value."""
    for match in _QUANTITY.finditer(text):
        if (value := _value(match)) is not None:
            yield *match.span(), value


def _value(match: re.Match[str]) -> Decimal | None:
    read = {key: word.lower() for key, word in match.groupdict().items() if word}
    match read:
        case {"change": word}:
            return Decimal(next(v for k, v in _CHANGES.items() if word.startswith(k)))
        case {"part": word}:
            return Decimal(1) / _PARTS_OF[word]
        case {"percent": words}:
            return _count(words) / 100
        case {"parts": words, "of": word}:
            return _count(words) / _PARTS_OF[word]
        case {"whole": words, "places": places}:
            digits = "".join(str(_count(each)) for each in places.split())
            return _count(words) + Decimal(f"0.{digits}")
        case {"over": words, "under": others}:
            over, under = _count(words), _count(others)
            return over / under if under > over else None
        case {"fold": words} | {"count": words}:
            return _count(words)
        case {"half": _}:
            return Decimal("0.5")
        case {"double": _} | {"times": "一"}:
            return Decimal(2)  # 快一倍 is twice as fast
        case {"tenths": tenths}:
            return _numeral(tenths) / 10 + _numeral(read.get("more", "0")) / 100
        case {"beneath": beneath, "above": above}:
            return _numeral(above) / _numeral(beneath) if _numeral(beneath) else None
    return _numeral(next(iter(read.values())))


def _count(words: str) -> Decimal:
    """The value of a counting word: twenty-five, a hundred."""
    return Decimal(sum(_COUNTS.get(each, 0) for each in re.split(r"[- ]", words)))


def _numeral(word: str) -> Decimal:
    """The value of a Chinese numeral, 三十五, 一百零二, 两千, 三点五, or of digits."""
    if word[0].isdigit():
        return Decimal(word)
    whole, _, places = word.partition("点")
    shown = "".join(str(_DIGITS[each]) for each in places)
    return Decimal(f"{_whole(whole)}.{shown or 0}").normalize()


def _whole(word: str) -> int:
    for unit, size in _UNITS.items():
        above, found, below = word.rpartition(unit)
        if found:
            return (_whole(above) or 1) * size + _whole(below)
    return int("".join(str(_DIGITS[each]) for each in word) or 0)
