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
_TENS = "thirty forty fifty sixty seventy eighty ninety"
_ENGLISH = {word: value for value, word in enumerate(_SMALL.split())}
_ENGLISH |= {word: 10 * value for value, word in enumerate(_TENS.split(), 3)}
_ENGLISH |= {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000}
_ORDINALS = "half third quarter fifth sixth seventh eighth ninth tenth"
_PARTS = {word: value for value, word in enumerate(_ORDINALS.split(), 2)}
_PARTS |= {"halve": 2, "fourth": 4, "twentieth": 20, "hundredth": 100}
_PARTS |= {"thousandth": 1_000, "millionth": 1_000_000}
_CHANGES = {"twice": "2", "thrice": "3", "doubl": "2", "tripl": "3", "quadrupl": "4"}
_CHANGES |= {"halv": "0.5"}

_count = "|".join(sorted(_ENGLISH, key=len, reverse=True))
_part = "|".join(sorted(_PARTS, key=len, reverse=True))
_COUNT = (
    rf"(?:a (?=dozen|hundred|thousand|million))?(?:{_count})(?:[- ](?:{_count})){{0,7}}"
)
_ENGLISH_WORDS = re.compile(
    r"(?<![A-Za-z0-9_-])(?:"
    rf"(?P<percent>{_COUNT}) per ?cent\b"
    rf"|(?P<whole>{_COUNT}) point (?P<places>(?:{_count})(?: (?:{_count})){{0,7}})\b"
    rf"|(?P<over>{_COUNT})(?: times)? (?:in|out of) (?:every )?(?P<under>{_COUNT})\b"
    rf"|(?P<fold>{_COUNT})[- ]?fold\b"
    rf"|(?P<parts>{_COUNT})[- ](?P<of>(?!hal)(?:{_part}))s?\b"
    rf"|(?P<changed>twice|thrice|(?:doubl|tripl|quadrupl|halv)(?:e[sd]?|ing)){_BOUND}"
    rf"|(?:one[- ]|an? (?!hal))?(?P<part>{_part}){_BOUND}"
    rf"|(?<!\d )(?P<count>{_COUNT})(?: times)?{_BOUND}"
    r")",
    re.IGNORECASE,
)

_DIGITS = {word: value for value, word in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "两": 2}
_UNITS = {"亿": 100_000_000, "万": 10_000, "千": 1_000, "百": 100, "十": 10}
_DIGIT = "[零〇一二三四五六七八九]"
_NUMERAL = rf"(?:[零〇一二两三四五六七八九十百千万亿]{{1,12}}(?:点{_DIGIT}{{1,12}})?)"
_NUMBER = rf"(?:{_NUMERAL}|(?<![\d.])\d{{1,30}}(?:\.\d{{1,30}})?)"
_CHINESE_WORDS = re.compile(
    rf"(?P<under>{_NUMBER})分之(?P<over>{_NUMERAL}|\d{{1,30}}(?:\.\d{{1,30}})?)"
    rf"|(?<!\d)(?P<times>{_NUMERAL})倍"
    rf"|(?P<half>一半|(?<![左右上下前后各大小])半(?:个|数)|减半|折半|对半){_BOUND}"
    rf"|(?P<double>翻了?一?[倍番]|加倍){_BOUND}"
    rf"|(?P<tenths>[一二两三四五六七八九1-9])成"
    rf"(?:(?P<hundredths>[一二三四五六七八九1-9])(?![\d个种次])|{_BOUND}"
    r"|(?=[\x00*_]*(?:[的以多左，。；：、）,;)]|$)))"
    rf"|(?<!\d)(?P<decimal>(?:[零〇]|[一二两三四五六七八九十百千万亿]{{2,12}})点{_DIGIT}{{1,12}})"
    rf"|(?<!\d)(?P<count>{_NUMERAL}){_BOUND}"
)

# Words that count. What only has their characters is no count (十分 is "very", 四舍五入
# "rounded", 第三 "the third"), nor is a fraction.
_COUNTS = re.compile(
    rf"(?<![A-Za-z0-9_-])(?P<english>{_COUNT})(?![A-Za-z])"
    rf"|(?<![第\d])(?:四舍五入|十分(?!之)|四周|{_NUMERAL}分之{_NUMERAL}"
    rf"|(?P<chinese>{_NUMERAL}))",
    re.IGNORECASE,
)


def find_counts(text: str) -> Iterator[int]:
    """The values of the words of a text that count, from two on.

    One is left out: it counts as little as an article does, in either language.
    """
    for match in _COUNTS.finditer(text):
        yield from (value for value in _counts(match) if value > 1)


def _counts(match: re.Match[str]) -> list[int]:
    if english := match["english"]:
        return [_count_of(english)]
    chinese = match["chinese"] or ""
    if chinese.strip("".join(_DIGITS)):
        return [int(_numeral(chinese))]
    return [_DIGITS[each] for each in chinese]  # 两三个 is two or three


def find_quantities(text: str) -> Iterator[tuple[int, int, Decimal]]:
    """Find the quantities in words of a text: where each starts and ends, its value."""
    for pattern, read in ((_ENGLISH_WORDS, _english), (_CHINESE_WORDS, _chinese)):
        for match in pattern.finditer(text):
            if (value := read(match)) is not None:
                yield *match.span(), value


def _english(match: re.Match[str]) -> Decimal | None:
    kind, word = next((k, w.lower()) for k, w in match.groupdict().items() if w)
    if kind == "changed":
        return Decimal(next(v for k, v in _CHANGES.items() if word.startswith(k)))
    if kind == "part":
        return Decimal(1) / _PARTS[word]
    count = Decimal(_count_of(word))
    if kind == "whole":
        places = "".join(str(_count_of(each)) for each in match["places"].split())
        return count + Decimal(f"0.{places}")
    if kind == "over":
        under = _count_of(match["under"])
        return count / under if under > count else None
    return (
        count
        / (_PARTS[match["of"].lower()] if kind == "parts" else 1)
        / (100 if kind == "percent" else 1)
    )


def _count_of(words: str) -> int:
    """The value of a counting word: twenty-five, a hundred, three thousand."""
    total = current = 0
    for word in re.split(r"[- ]", words.lower()):
        value = _ENGLISH.get(word, 0)  # a hundred: an article counts nothing
        if value >= 1_000:
            total, current = total + (current or 1) * value, 0
        elif word in ("hundred", "dozen"):
            current = (current or 1) * value
        else:
            current += value
    return total + current


def _chinese(match: re.Match[str]) -> Decimal | None:
    if match["half"]:
        return Decimal("0.5")
    if match["double"]:
        return Decimal(2)
    if match["tenths"]:
        return (
            _numeral(match["tenths"]) / 10 + _numeral(match["hundredths"] or "0") / 100
        )
    if match["times"]:
        times = _numeral(match["times"])
        return Decimal(2) if times == 1 else times  # 快一倍 is twice as fast
    if match["under"]:
        under = _numeral(match["under"])
        return _numeral(match["over"]) / under if under else None
    return _numeral(match["decimal"] or match["count"])


def _numeral(word: str) -> Decimal:
    """The value of a Chinese numeral, 三十五, 一百零二, 两千, 三点五, or of digits."""
    if word[0].isdigit():
        return Decimal(word)
    whole, _, places = word.partition("点")
    shown = "".join(str(_DIGITS[each]) for each in places)
    return Decimal(f"{_whole_numeral(whole)}.{shown or 0}").normalize()


def _whole_numeral(word: str) -> int:
    for unit, size in _UNITS.items():
        above, found, below = word.rpartition(unit)
        if found:
            return (_whole_numeral(above) or 1) * size + _whole_numeral(below)
    return int("".join(str(_DIGITS[each]) for each in word) or 0)
