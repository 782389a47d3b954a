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
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Literal

from pagecheck.number_words import find_quantities

# Where a number stands; an output is what a program prints.
Dialect = Literal["prose", "math", "code", "output"]

_ROUNDING = (ROUND_HALF_EVEN, ROUND_HALF_UP)
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
_POWER = (
    r"(?P<power>\^(?:\{[-−]?\d{1,3}\}|\d)|⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}"
    r"|[eE][-−+]?\d{1,3}(?![A-Za-z0-9]))"
)


def _pattern(separator: str, left: str, fraction: str = "") -> re.Pattern[str]:
    digits = rf"(?:[1-9]\d{{0,2}}(?:(?:{separator})\d{{3}})+(?!\d)|\d+|(?<!\.)(?=\.\d))"
    return re.compile(  # with a look at the first character, which most are not
        rf"(?=[-−–－+.\d\\])(?:(?<![A-Za-z0-9_)\]}}])(?P<sign>[-−–－+]))?"
        rf"{left}(?<![0-9_])(?<![A-Za-z0-9]\.)(?:{fraction}(?P<digits>{digits}(?:\.\d+)?)"
        rf"(?P<times>{_SPACE}?(?:×|\\times|\\cdot) *10(?=[\^⁰-⁻¹²³]))?{_POWER}?)"
        rf"(?P<scale>[万亿])?(?P<percent>{_SPACE}?\\?[%％])?"
    )


_NO_LETTER = "(?<![A-Za-zα-ωΑ-Ω])"
_FRACTION = r"(?<!/)(?P<over>\d+)/(?P<under>0*[1-9]\d*)(?![\d/]|\.\d)|"
_IN_MATH = (
    r"(?P<frac>\\[td]?frac\{)?(?P<over>\d+)(?(frac)\}\{|(?<!/)/)(?P<under>0*[1-9]\d*)"
    r"(?(frac)\}|(?![\d/]|\.\d))|"
)
_PATTERNS: dict[Dialect, re.Pattern[str]] = {
    "prose": _pattern("[,\u2009\u202f]", _NO_LETTER, _FRACTION),
    # In mathematics digits after a letter are a factor.
    "math": _pattern(r"\{,\}|\\,", "", _IN_MATH),
    "code": _pattern("_", _NO_LETTER),
    "output": _pattern(",", _NO_LETTER),
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


def find_numbers(text: str, dialect: Dialect = "output") -> Iterator[Number]:
    """Find the numbers of a text, in order; glued to letters they are names.

    Prose holds quantities in words too.
    """
    found = [(*each.span(), *_read(each)) for each in _PATTERNS[dialect].finditer(text)]
    if dialect == "prose" and "\0" in text:
        found += [(*each, Decimal(0)) for each in find_quantities(text)]
    for start, end, value, unit in sorted(found):
        hedged = dialect == "prose" and _HEDGE.search(text, max(0, start - 12), start)
        leeway = HEDGED if hedged else EXACT
        yield Number(text[start:end], start, value, unit, leeway, dialect)


def _read(match: re.Match[str]) -> tuple[Decimal, Decimal]:
    """The value of a match, and one unit in the last digit that it shows."""
    sign = -1 if match["sign"] in ("-", "−", "–", "－") else 1
    if not match["digits"]:
        return sign * Decimal(match["over"]) / Decimal(match["under"]), Decimal(0)
    digits = Decimal(re.sub(r"[^\d.]", "", match["digits"]))
    if match["power"] and not match["times"] and match["power"][0] not in "eE":
        return sign * _POWERS.power(digits, _exponent(match)), Decimal(0)
    places = len(match["digits"].partition(".")[2])
    return sign * digits.scaleb(_scale(match)), Decimal(1).scaleb(
        _scale(match) - places
    )


def _exponent(match: re.Match[str]) -> int:
    written = (match["power"] or "0").strip("^{}eE")
    return int(written.translate(_LOWERED).replace("−", "-"))


def _scale(match: re.Match[str]) -> int:
    """The power of ten that the digits of a match are multiplied by."""
    own = _SCALES.get(match["scale"], 0) - 2 * bool(match["percent"])
    return own + _exponent(match)


def shows(number: Number, value: Decimal, slack: int = 0) -> bool:
    """Whether a number is a value rounded to the digits it shows.

    A tie may go either way, and the last digit may be off by so many units as ``slack``
    says. Without any, an integer below 100 shows only itself: 17 is not 16.98.
    """
    if not value.is_finite() or not number.value.is_finite():
        return False
    if not number.unit:
        return abs(value - number.value) <= number.leeway * abs(number.value)
    if number.is_small_integer and not slack:
        return number.value == value
    try:
        ways = [value.quantize(number.unit, way) for way in _ROUNDING]
    except InvalidOperation:  # more digits than a Decimal holds: never equal
        return False
    return any(abs(each - number.value) <= slack * number.unit for each in ways)


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
    shown, rest = abs(value).scaleb(-_scale(match)), number.text[match.end("digits") :]
    if match["power"]:  # as many digits, one of them before the point
        digits = max(len((whole + places).lstrip("0")), 1)
        mantissa, _, by = f"{shown:.{digits - 1}e}".partition("e")
        exponent = _exponent(match) + int(by) * bool(shown)
        rest = rest.replace(match["power"], _power(exponent, match["power"]), 1)
    else:
        mantissa = f"{shown:,.{len(places)}f}"
    separator = re.search(r"\D+", whole)
    grows = number.dialect == "prose" and len(whole) < 5 and shown >= 10_000
    text = mantissa.replace(",", separator[0] if separator else "," * grows) + rest
    sign = match["sign"] or ""
    if value < 0 and text.strip("0.,%"):
        minus = "−" if number.dialect == "prose" else "-"
        return (sign.strip("+") or minus) + text
    return sign.strip("-−–－") + text


def _power(exponent: int, like: str) -> str:
    """A power of ten, written like another one: ^{5}, ⁵, e5 or e+05."""
    if like[0] == "^":
        return f"^{{{exponent}}}"
    if like[0] in "eE":
        return like[0] + (f"{exponent:+03d}" if len(like) > 3 else str(exponent))
    return str(exponent).translate(_LIFTED)
