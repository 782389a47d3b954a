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
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from typing import Literal

from pagecheck.number_words import find_quantities

# Where a number stands; an output is what a program prints.
Dialect = Literal["prose", "math", "code", "output"]

# How far an exact number may be from its value, relatively: a float32 is no closer.
EXACT = Decimal("1e-6")
# How far "about half" may be from a half.
HEDGED = Decimal("0.1")
_HEDGE = re.compile(r"(?:about|around|roughly|nearly|almost|约|近|几乎|差不多)[ 是]*$")

_FULL_WIDTH = str.maketrans("０１２３４５６７８９．％／－＋", "0123456789.%/-+")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_TO_SUPERSCRIPTS = str.maketrans("0123456789-+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺")
_SCALES = {"thousand": 3, "million": 6, "billion": 9, "万": 4, "亿": 8}

_SPACE = "[ \u00a0\u202f]"
_FRACTION = (
    r"(?<!/)(?P<over>\d+)/(?P<under>0*[1-9]\d*)(?![\d/]|\.\d)|(?P<vulgar>[¼-¾⅐-⅞])|"
)
_POWER = (
    r"(?P<base>[1-9]\d{0,30})(?:\^(?P<braced>\{[-−+]?\d{1,3}\}|\d)"
    r"|(?P<raised>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))"
)
_E = r"[eE](?P<e>[-−+]?\d{1,3})(?![A-Za-z0-9])"
_SCALE = rf"{_SPACE}?(?P<scale>thousand\b|million\b|billion\b|[万亿])"
_PERCENT = rf"{_SPACE}?(?:\\?%|per ?cent\b|percentage points?\b)|个百分点"


def _pattern(sign: str, left: str, fraction: str, separator: str) -> re.Pattern[str]:
    digits = rf"(?:[1-9]\d{{0,2}}(?:(?:{separator})\d{{3}})+(?!\d)|\d+|(?<!\.)(?=\.\d))"
    digits += r"(?:\.\d+)?"
    return re.compile(
        rf"(?:(?<![A-Za-z0-9_)\]}}])(?P<sign>{sign}))?"
        rf"{left}(?<![0-9_])(?<![A-Za-z0-9]\.)(?:{fraction}"
        rf"(?:(?P<mantissa>{digits}){_SPACE}?× *(?=10[\^⁰-⁻⁺¹²³]))?{_POWER}"
        rf"|(?P<digits>{digits})(?:{_E}|{_SCALE})?)(?P<percent>{_PERCENT})?"
    )


_NO_LETTER = "(?<![A-Za-zα-ωΑ-Ω])"
_PATTERNS: dict[Dialect, re.Pattern[str]] = {
    "prose": _pattern("[-−–+]|(?<!正)负", _NO_LETTER, _FRACTION, "[,\u2009\u202f]"),
    # In mathematics digits after a letter are a factor.
    "math": _pattern("[-−+]", "", _FRACTION, r"\{,\}|\\,"),
    "code": _pattern("[-−+]", _NO_LETTER, "", "_"),
    "output": _pattern("[-−+]", _NO_LETTER, "", ","),
}
_FRAC = re.compile(r"(?<!\d)\\[td]?frac\{(\d+)\}\{(\d+)\}")
_COMMAND = re.compile(r"\\[A-Za-z]+")


@dataclass(frozen=True)
class Number:
    """A number as it is written, and where it starts in the text it was found in."""

    text: str
    start: int
    value: Decimal  # of a percentage, the fraction
    unit: (
        Decimal  # in the last digit shown, on the scale of value; 0 of an exact number
    )
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
        return self.text.lstrip("-−–+负").isdecimal() and abs(self.value) < 100

    @property
    def is_in_words(self) -> bool:
        """Whether it is written in words: half, three times, 一半, 三倍."""
        return not any(unicodedata.category(each) in ("Nd", "No") for each in self.text)


def find_numbers(text: str, dialect: Dialect = "output") -> Iterator[Number]:
    """Find the numbers of a text, in order; glued to letters they are names.

    Args:
        text: The text.
        dialect: What it is: prose holds quantities in words too.
    """
    plain = _plain(text, dialect)
    words = sorted(find_quantities(plain)) if dialect == "prose" else []
    ends = [end for _, end, _ in words]  # no two words overlap
    found = [(start, end, value, Decimal(0)) for start, end, value in words]
    for match in _PATTERNS[dialect].finditer(plain):
        after = bisect_right(ends, match.start())
        if after == len(words) or words[after][0] >= match.end():
            found.append((*match.span(), *_read(match)))
    for start, end, value, unit in sorted(found):
        hedged = dialect == "prose" and _HEDGE.search(plain, max(0, start - 12), start)
        leeway = HEDGED if hedged else EXACT
        yield Number(text[start:end], start, value, unit, leeway, dialect)


def _plain(text: str, dialect: Dialect) -> str:
    """A text in half-width digits, of mathematics without the names of commands."""
    if dialect == "math":
        text = text.replace(r"\times", "×     ").replace(r"\cdot", "×    ")
        text = _FRAC.sub(lambda f: f"{f[1]}/{f[2]}".rjust(len(f[0]), "0"), text)
        text = _COMMAND.sub(lambda command: "v" * len(command[0]), text)
    return text.translate(_FULL_WIDTH)


def _read(match: re.Match[str]) -> tuple[Decimal, Decimal]:
    """The value of a match, and one unit in the last digit that it shows."""
    sign = -1 if match["sign"] in ("-", "−", "–", "负") else 1
    groups, unit = match.groupdict(), Decimal(0)
    if groups.get("under"):
        value = Decimal(match["over"]) / Decimal(match["under"])
    elif groups.get("vulgar"):
        value = Decimal(unicodedata.numeric(match["vulgar"]))
    elif match["base"] and not match["mantissa"]:
        value = Decimal(match["base"]) ** _exponent(match)
    else:
        digits, scale = re.sub(r"[^\d.]", "", _digits(match)), _scale(match)
        value = Decimal(digits).scaleb(scale)
        unit = Decimal(1).scaleb(scale - len(digits.partition(".")[2]))
    return sign * value, unit


def _digits(match: re.Match[str]) -> str:
    return match["mantissa"] or match["digits"] or ""


def _exponent(match: re.Match[str]) -> int:
    written = match["braced"] or match["raised"] or match["e"] or "0"
    return int(written.strip("{}").translate(_SUPERSCRIPTS).replace("−", "-"))


def _scale(match: re.Match[str]) -> int:
    """The power of ten that the digits of a match are multiplied by."""
    return _SCALES.get(match["scale"], _exponent(match)) - 2 * bool(match["percent"])


def shows(number: Number, value: Decimal, slack: int = 0) -> bool:
    """Whether a number is a value rounded to the digits it shows.

    A tie may go either way. An integer below 100 shows only itself: 17 is not 16.98.

    Args:
        number: The number as written.
        value: What it should show.
        slack: By how many units in the last digit it may be off.
    """
    if not value.is_finite():
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

    A mantissa stays between 1 and 10, and the base of a power what it is.

    Raises:
        ValueError: When the value has not that form: it is no integer, no fraction, no
            power of that base; and when the number is written in words.
    """
    match = _PATTERNS[number.dialect].fullmatch(_plain(number.text, number.dialect))
    if match is None or match.groupdict().get("vulgar") or "frac" in number.text:
        raise ValueError(f"{value} cannot be written in the form of {number.text}")
    is_power = match["base"] and not match["mantissa"]
    write = _power if is_power else _decimal if number.unit else _quotient
    new = write(number, match, abs(value))
    text = number.text
    for name, written in sorted(new.items(), key=lambda each: -match.start(each[0])):
        text = text[: match.start(name)] + written + text[match.end(name) :]
    sign, text = match["sign"] or "", text.removeprefix(match["sign"] or "")
    if value < 0 and text.strip("0.,%"):
        minus = "−" if number.dialect == "prose" else "-"
        return (minus if sign in ("", "+") else sign) + text
    return ("+" if sign == "+" else "") + text


def _decimal(number: Number, match: re.Match[str], value: Decimal) -> dict[str, str]:
    """A positive value: the digits, and the exponent if there is one."""
    if number.is_small_integer and value != value.to_integral_value():
        raise ValueError(f"{value} is no integer, {number.text} shows one")
    digits, new = _digits(match), {}
    whole, _, places = digits.partition(".")
    shown = value.scaleb(-_scale(match))
    is_scaled = match["braced"] or match["raised"] or match["e"]
    if is_scaled and len(whole.strip("0")) == 1:
        by = shown.adjusted() if shown else 0
        by += round(shown.scaleb(-by), len(places)) >= 10
        shown = shown.scaleb(-by)
        new = _with_exponent(match, _exponent(match) + by)
    separator = re.search(r"\D+", whole)
    comma = separator[0] if separator else "," if number.dialect == "prose" else ""
    if separator is None and (len(whole) > 4 or shown < 10_000):
        comma = ""
    written = format(shown, f",.{len(places)}f").replace(",", comma)
    return new | {"mantissa" if match["mantissa"] else "digits": written}


def _power(number: Number, match: re.Match[str], value: Decimal) -> dict[str, str]:
    """The exponent that gives a positive value."""
    base = Decimal(match["base"])
    exponent = round(value.ln() / base.ln()) if value and base > 1 else 0
    # An exponent of more than three digits would not be read as one.
    if abs(exponent) > 999 or not abs(base**exponent - value) <= EXACT * value:
        raise ValueError(f"{value} is no power of {base}, {number.text} shows one")
    return _with_exponent(match, exponent)


def _quotient(number: Number, _: re.Match[str], value: Decimal) -> dict[str, str]:
    """A fraction of integers that gives a positive value."""
    fraction = Fraction(value).limit_denominator(100)  # in reach of any value if larger
    if not abs(Fraction(value) - fraction) <= Fraction(EXACT) * Fraction(value):
        raise ValueError(f"{value} is no fraction, {number.text} shows one")
    return {"over": str(fraction.numerator), "under": str(fraction.denominator)}


def _with_exponent(match: re.Match[str], exponent: int) -> dict[str, str]:
    """An exponent in the style of another."""
    if match["raised"]:
        return {"raised": str(exponent).translate(_TO_SUPERSCRIPTS)}
    if match["braced"]:
        return {"braced": f"{{{exponent}}}"}
    width = len(match["e"].strip("-−+"))  # as Python prints it: e-05
    plus = "+" if match["e"][0] == "+" or (width > 1 and match["e"][0] in "-−") else ""
    return {"e": f"{'-' if exponent < 0 else plus}{abs(exponent):0{width}d}"}
