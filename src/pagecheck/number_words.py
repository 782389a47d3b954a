"""Quantities in words, English and Chinese: multiples, fractions, percentages.

Half, a third, three times as large, doubled, five percent; 一半, 三分之一, 三倍, 翻倍,
百分之五. Words that only count (two rows, 三个单元), order (the third exercise) or tell
how often (drawn twice, 做三遍) are no quantities, nor is a half that is a place: the
left half, 左半边. Where a directive follows, any word that counts is a quantity.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

# What a reader does not see comes here as NUL. A binding makes any word a quantity;
# else the next word tells, behind emphasis perhaps.
_BOUND = r"[*_]*\x00"
_GAP = r"[\x00*_]* [*_]*"

_ENGLISH = {
    **{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7},
    **{"eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13},
    **{"fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18},
    **{"nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50},
    **{"sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90},
    **{"hundred": 100, "thousand": 1_000, "million": 1_000_000},
}
_PARTS = {
    "half": 2,
    "halves": 2,
    "third": 3,
    "quarter": 4,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "twentieth": 20,
    "hundredth": 100,
    "thousandth": 1_000,
    "millionth": 1_000_000,
}
_CHANGES = {"doubl": "2", "tripl": "3", "quadrupl": "4", "halv": "0.5"}
_REPEATED = {"twice": 2, "thrice": 3}

_count = "|".join(sorted(_ENGLISH, key=len, reverse=True))
_COUNT = rf"(?:a (?=hundred|thousand|million))?(?:{_count})(?:[- ](?:{_count}))*"
_part = "|".join(sorted(_PARTS.keys() - {"half", "halves"}, key=len, reverse=True))
_COMPARED = (
    rf"(?={_BOUND}|{_GAP}(?:as|the|that|this|these|those|its|their|our|what|more|less|fewer"
    r"|larger|smaller|bigger|higher|lower|longer|shorter|faster|slower|wider|narrower"
    r"|steeper|flatter|better|worse|closer|deeper|heavier)\b)"
)
_ENGLISH_WORDS = re.compile(
    r"(?<![A-Za-z0-9_-])(?:"
    rf"(?P<repeated>twice|thrice){_COMPARED}"
    rf"|(?P<times>{_COUNT})(?: times{_COMPARED}|[- ]?fold\b)"
    rf"|(?<=factor of )(?P<factor>{_COUNT})\b"
    rf"|(?P<percent>{_COUNT}) per ?cent\b"
    r"|(?P<changed>doubl(?:e(?![- ]precision|-)[sd]?|ing)|tripl(?:es|ed|ing)"
    r"|quadrupl(?:es|ed|ing)|(?<!two )(?<!the )(?<!both )halv(?:es|ed|ing))\b"
    rf"|(?P<parts>one|two|three|four|five|six|seven|eight|nine)[- ](?P<of>{_part})s?\b"
    r"|a (?P<small>quarter|hundredth|thousandth|millionth)\b"
    rf"|an? (?P<part>{_part})\b(?={_BOUND}|{_GAP}(?:of|as)\b)"
    r"|(?<!left )(?<!right )(?<!upper )(?<!lower )(?<!first )(?<!second )(?<!other )"
    rf"(?<!top )(?<!bottom )(?:one[- ])?(?P<half>half)\b(?!{_GAP}a turn)"
    rf"(?:(?={_BOUND}|{_GAP}(?:an?|of|as|the|that|this|its|their|our|what)\b)"
    r"|(?<=by half)|(?<=in half)|(?<=than half)|(?<=only half))"
    rf"|(?<!\d )(?P<count>{_COUNT})(?={_BOUND})"
    r")",
    re.IGNORECASE,
)

_DIGITS = {word: value for value, word in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "两": 2}
_UNITS = {"亿": 100_000_000, "万": 10_000, "千": 1_000, "百": 100, "十": 10}
_NUMERAL = (
    r"(?:[零〇一二两三四五六七八九十百千万亿]{1,12}"
    r"(?:点[零〇一二三四五六七八九]{1,12})?)"
)
_NUMBER = rf"(?:{_NUMERAL}|\d+(?:\.\d+)?)"
_CHINESE_WORDS = re.compile(
    rf"(?P<under>{_NUMBER})分之(?P<over>{_NUMBER})"
    rf"|(?<!\d)(?P<times>{_NUMERAL})倍"
    r"|(?P<half>一半|(?<![左右上下前后各大小])半(?:个|数)|减半|折半|对半)"
    r"|(?P<double>翻了?一?[倍番]|加倍)"
    rf"|(?P<tenths>[一二两三四五六七八九1-9])成"
    rf"(?={_BOUND}|[\x00*_]*(?:[的以多左，。；：、）,;)]|$))"
    rf"|(?<!\d)(?P<count>{_NUMERAL})(?={_BOUND})"
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
        return [_count_of(english.lower())]
    chinese = match["chinese"] or ""
    if chinese.strip("".join(_DIGITS)):
        return [int(_numeral(chinese))]
    return [_DIGITS[each] for each in chinese]  # 两三个 is two or three


def find_quantities(text: str) -> Iterator[tuple[int, int, Decimal]]:
    """Find the quantities in words of a text: where each starts and ends, its value."""
    for match in _ENGLISH_WORDS.finditer(text):
        yield *match.span(), _english(match)
    for match in _CHINESE_WORDS.finditer(text):
        value = _chinese(match)
        if value is not None:
            yield *match.span(), value


def _english(match: re.Match[str]) -> Decimal:
    kind, word = next((k, w.lower()) for k, w in match.groupdict().items() if w)
    if kind == "repeated":
        return Decimal(_REPEATED[word])
    if kind == "changed":
        return Decimal(next(v for k, v in _CHANGES.items() if word.startswith(k)))
    if kind == "parts":
        return Decimal(_ENGLISH[word]) / _PARTS[match["of"].lower()]
    if kind in ("part", "small", "half"):
        return Decimal(1) / _PARTS[word]
    return Decimal(_count_of(word)) / (100 if kind == "percent" else 1)


def _count_of(words: str) -> int:
    """The value of a counting word: twenty-five, a hundred, three thousand."""
    total = current = 0
    for word in re.split(r"[- ]", words):
        value = _ENGLISH.get(word, 0)  # a hundred: an article counts nothing
        if value >= 1_000:
            total, current = total + (current or 1) * value, 0
        elif value == 100:
            current = (current or 1) * 100
        else:
            current += value
    return total + current


def _chinese(match: re.Match[str]) -> Decimal | None:
    if match["half"]:
        return Decimal("0.5")
    if match["double"]:
        return Decimal(2)
    if match["tenths"]:
        return _numeral(match["tenths"]) / 10
    if match["count"]:
        return _numeral(match["count"])
    if match["times"]:
        times = _numeral(match["times"])
        return Decimal(2) if times == 1 else times  # 快一倍 is twice as fast
    under = _numeral(match["under"])
    return _numeral(match["over"]) / under if under else None


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
