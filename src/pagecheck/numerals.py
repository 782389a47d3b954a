"""The numbers that a reader sees: finding them in text, reading them, rounding.

A number keeps how it is written (sign, thousands separators, digits shown, exponent,
percent), so that a value can be compared with it honestly, rounded to the digits it
shows and no further, and so that it can be written anew in the same form. A fraction, a
power and a quantity in words show no digits to round to: they are exact.

How a number is written depends on where it stands: a comma parts thousands in prose and
two numbers in code, ``1/6`` is one number in prose and a quotient in code, and so on.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Literal

from pagecheck.number_words import find_quantities

# Where a number stands; an output is what a program prints.
Dialect = Literal["prose", "math", "code", "output"]

# How far an exact number may be from its value, relatively: a float32 is no closer.
EXACT = Decimal("1e-6")
# How far "about half" may be from a half.
HEDGED = Decimal("0.1")
_HEDGE = re.compile(r"(?:about|around|roughly|nearly|almost|约|近|几乎|差不多)[ 是]*$")

_SCALES = {"万": 4, "亿": 8}
_RAISED, _LEVEL = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"
_LOWERED, _LIFTED = str.maketrans(_RAISED, _LEVEL), str.maketrans(_LEVEL, _RAISED)
# What takes a power of any two numbers, infinite ones too, and raises no error.
_POWERS = Context(traps=[])

_SPACE = "[ \u00a0\u202f]"
_EXPONENT = (
    r"(?:\^(?P<braced>\{[-−]?\d{1,3}\}|\d)|(?P<raised>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})"
    r"|[eE](?P<e>[-−+]?\d{1,3})(?![A-Za-z0-9]))"
)


def _pattern(sign: str, left: str, fraction: str, separator: str) -> re.Pattern[str]:
    digits = rf"(?:[1-9]\d{{0,2}}(?:(?:{separator})\d{{3}})+(?!\d)|\d+|(?<!\.)(?=\.\d))"
    return re.compile(
        rf"(?:(?<![A-Za-z0-9_)\]}}])(?P<sign>{sign}))?"
        rf"{left}(?<![0-9_])(?<![A-Za-z0-9]\.)(?:{fraction}(?P<digits>{digits}(?:\.\d+)?)"
        rf"(?P<times>{_SPACE}?(?:×|\\times|\\cdot) *10(?=[\^⁰-⁻¹²³]))?{_EXPONENT}?)"
        rf"(?P<scale>[万亿])?(?P<percent>{_SPACE}?\\?[%％])?"
    )


_NO_LETTER = "(?<![A-Za-zα-ωΑ-Ω])"
_FRACTION = r"(?<!/)(?P<over>\d+)/(?P<under>0*[1-9]\d*)(?![\d/]|\.\d)|"
_IN_MATH = (
    r"(?P<frac>\\[td]?frac\{)?(?P<over>\d+)(?(frac)\}\{|(?<!/)/)(?P<under>0*[1-9]\d*)"
    r"(?(frac)\}|(?![\d/]|\.\d))|"
)
_PATTERNS: dict[Dialect, re.Pattern[str]] = {
    "prose": _pattern("[-−–－+]", _NO_LETTER, _FRACTION, "[,\u2009\u202f]"),
    # In mathematics digits after a letter are a factor.
    "math": _pattern("[-−+]", "", _IN_MATH, r"\{,\}|\\,"),
    "code": _pattern("[-−+]", _NO_LETTER, "", "_"),
    "output": _pattern("[-−+]", _NO_LETTER, "", ","),
}


@dataclass(frozen=True)
class Number:
    """A number as it is written, and where it starts in the text it was found in."""

    text: str
    start: int
    value: Decimal  # of a percentage, the fraction
    unit: Decimal  # in the last digit shown, on the scale of value; 0 if it is exact
    leeway: Decimal  # how far an exact number may be from its value, relatively
    dialect: Dialect

    @property
    def end(self) -> int:
        """Where it ends in the text it was found in."""
        return self.start + len(self.text)

    @property
    def is_small_integer(self) -> bool:
        """Whether it is an integer below 100, which nothing is rounded to.

        1.0e1 is none: it shows that its value was rounded to two digits.
        """
        return self.text.lstrip("-−–－+").isdecimal() and abs(self.value) < 100

    @property
    def is_in_words(self) -> bool:
        """Whether it is written in words: half, three times, 一半, 三倍."""
        return not re.search(r"\d", self.text)


def find_numbers(text: str, dialect: Dialect = "output") -> Iterator[Number]:
    """Find the numbers of a text, in order; glued to letters they are names.

    Args:
        text: The text.
        dialect: What it is: prose holds quantities in words too.
    """
    words = sorted(find_quantities(text)) if dialect == "prose" else []
    ends = [end for _, end, _ in words]  # no two words overlap
    found = [(start, end, value, Decimal(0)) for start, end, value in words]
    for match in _PATTERNS[dialect].finditer(text):
        after = bisect_right(ends, match.start())
        if after == len(words) or words[after][0] >= match.end():
            found.append((*match.span(), *_read(match)))
    for start, end, value, unit in sorted(found):
        hedged = dialect == "prose" and _HEDGE.search(text, max(0, start - 12), start)
        leeway = HEDGED if hedged else EXACT
        yield Number(text[start:end], start, value, unit, leeway, dialect)


def _read(match: re.Match[str]) -> tuple[Decimal, Decimal]:
    """The value of a match, and one unit in the last digit that it shows."""
    sign, unit = -1 if match["sign"] in ("-", "−", "–", "－") else 1, Decimal(0)
    if not match["digits"]:
        return sign * Decimal(match["over"]) / Decimal(match["under"]), unit
    digits = Decimal(re.sub(r"[^\d.]", "", match["digits"]))
    if _is_power(match):
        return sign * _POWERS.power(digits, _exponent(match)), unit
    scale = _scale(match)
    places = len(match["digits"].partition(".")[2])
    return sign * digits.scaleb(scale), Decimal(1).scaleb(scale - places)


def _is_power(match: re.Match[str]) -> bool:
    return not match["times"] and bool(match["braced"] or match["raised"])


def _exponent(match: re.Match[str]) -> int:
    written = match["braced"] or match["raised"] or match["e"] or "0"
    return int(written.strip("{}").translate(_LOWERED).replace("−", "-"))


def _scale(match: re.Match[str]) -> int:
    """The power of ten that the digits of a match are multiplied by."""
    own = _SCALES.get(match["scale"], 0) - 2 * bool(match["percent"])
    return own + _exponent(match)


def shows(number: Number, value: Decimal, slack: int = 0) -> bool:
    """Whether a number is a value rounded to the digits it shows.

    A tie may go either way. An integer below 100 shows only itself: 17 is not 16.98.

    Args:
        number: The number as written.
        value: What it should show.
        slack: By how many units in the last digit it may be off.
    """
    if not value.is_finite() or not number.value.is_finite():
        return False
    if not number.unit:
        return abs(value - number.value) <= number.leeway * abs(number.value)
    if number.is_small_integer and not slack:
        return number.value == value
    try:
        rounded = [
            value.quantize(number.unit, rounding)
            for rounding in (ROUND_HALF_EVEN, ROUND_HALF_UP)
        ]
    except InvalidOperation:  # more digits than a Decimal holds: never equal
        return False
    return any(abs(each - number.value) <= slack * number.unit for each in rounded)


def rewrite(number: Number, value: Decimal) -> str:
    """Write a value in the form of a number: its digits, separators, exponent, percent.

    A mantissa stays between 1 and 10.

    Raises:
        ValueError: When the value has not that form: it is no integer; and when the
            number is exact: a fraction, a power, words.
    """
    match = _PATTERNS[number.dialect].fullmatch(number.text)
    is_cut = number.is_small_integer and value != value.to_integral_value()
    if not match or not number.unit or is_cut or not value.is_finite():
        raise ValueError(f"{value} cannot be written in the form of {number.text}")
    whole, _, places = match["digits"].partition(".")
    exponent, new = _exponent(match), {}
    shown = abs(value).scaleb(-_scale(match))
    written = match["braced"] or match["raised"] or match["e"]
    if written and len(whole.strip("0")) == 1:
        by = shown.adjusted() if shown else 0
        by += round(shown.scaleb(-by), len(places)) >= 10
        shown, exponent = shown.scaleb(-by), exponent + by
        if match["raised"]:
            new["raised"] = str(exponent).translate(_LIFTED)
        elif match["braced"]:
            new["braced"] = f"{{{exponent}}}"
        else:  # as Python prints it: e-05
            digits, plus = written.lstrip("-−+"), "+" * ("+" in written)
            plus = plus or "+" * (digits != written and len(digits) > 1)
            sign = "-" if exponent < 0 else plus
            new["e"] = f"{sign}{abs(exponent):0{len(digits)}d}"
    separator = re.search(r"\D+", whole)
    comma = separator[0] if separator else "," if number.dialect == "prose" else ""
    if separator is None and (len(whole) > 4 or shown < 10_000):
        comma = ""
    new["digits"] = format(shown, f",.{len(places)}f").replace(",", comma)
    text = number.text
    for name, each in sorted(new.items(), key=lambda each: -match.start(each[0])):
        text = text[: match.start(name)] + each + text[match.end(name) :]
    sign, text = match["sign"] or "", text.removeprefix(match["sign"] or "")
    if value < 0 and text.strip("0.,%"):
        minus = "−" if number.dialect == "prose" else "-"
        return (minus if sign in ("", "+") else sign) + text
    return ("+" if sign == "+" else "") + text
