"""The numbers that a reader sees: finding them in text, reading them, rounding.

A number keeps how it is written (sign, thousands separators, digits shown, exponent,
percent), so that a value can be compared with it honestly, rounded to the digits it
shows and no further, and so that it can be written anew in the same form.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation

FULL_WIDTH = str.maketrans("０１２３４５６７８９．％，", "0123456789.%,")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")


def _power_of_ten(name: str) -> str:
    """The pattern of 10^{-4} and 10⁻⁴, with the exponent in a named group."""
    return (
        rf"10(?:\^\{{?(?P<{name}_tex>[-−+]?\d+)\}}?"
        rf"|(?P<{name}_superscript>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))"
    )


NUMBER = re.compile(
    r"(?:(?<![A-Za-z0-9_)\]}])(?P<sign>[-−+]))?"
    r"(?<![A-Za-zα-ωΑ-Ω0-9_.])"
    r"(?:"
    + _power_of_ten("alone")
    + r"|(?P<digits>\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?P<fraction>\.\d+)?"
    r"(?:[eE](?P<exponent>[-−+]?\d+)(?![A-Za-z0-9])"
    r"|[  ]?(?:×|\\times)[  ]?" + _power_of_ten("times") + r")?"
    r")"
    r"(?P<percent>[  ]?\\?%)?"
)


@dataclass(frozen=True)
class Number:
    """A number as it is written.

    Attributes:
        text: The characters it is written with.
        start: Where it starts in the text it was found in.
        value: What it says; of a percentage, the fraction.
        unit: One unit in the last digit shown, on the scale of ``value``.
    """

    text: str
    start: int
    value: Decimal
    unit: Decimal

    @property
    def end(self) -> int:
        """Where it ends in the text it was found in."""
        return self.start + len(self.text)

    @property
    def is_small_integer(self) -> bool:
        """Whether it is an integer below 100, which nothing is rounded to."""
        return self.unit == 1 and abs(self.value) < 100

    @property
    def is_percentage(self) -> bool:
        """Whether it is written with a percent sign."""
        return self.text.endswith(("%", "％"))


def find_numbers(text: str) -> Iterator[Number]:
    """Find the numbers of a text, in order; glued to letters they are names."""
    for match in NUMBER.finditer(text.translate(FULL_WIDTH)):
        yield _read(match, text[match.start() : match.end()])


def _read(match: re.Match[str], text: str) -> Number:
    power = match["alone_tex"] or match["alone_superscript"]
    digits = "1" if power else match["digits"].replace(",", "")
    fraction = match["fraction"] or "."
    scale = _exponent(match) - (2 if match["percent"] else 0)
    value = Decimal(digits + fraction).scaleb(scale)
    unit = Decimal(1).scaleb(scale - len(fraction) + 1)
    negative = match["sign"] in ("-", "−")
    return Number(text, match.start(), -value if negative else value, unit)


_EXPONENTS = (
    "exponent",
    "alone_tex",
    "alone_superscript",
    "times_tex",
    "times_superscript",
)


def _exponent(match: re.Match[str]) -> int:
    written = next((match[name] for name in _EXPONENTS if match[name]), "0")
    return int(written.translate(SUPERSCRIPTS).replace("−", "-"))


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

    Raises:
        ValueError: When the number has the form of a power of ten and the value has
            not, or when the value is an integer's place and no integer.
    """
    match = NUMBER.fullmatch(number.text.translate(FULL_WIDTH))
    if match is None or match["digits"] is None:
        raise ValueError(f"{value} cannot be written in the form of {number.text}")
    if number.is_small_integer and value != value.to_integral_value():
        raise ValueError(f"{value} is no integer, {number.text} shows one")
    places = len(match["fraction"] or ".") - 1
    shown = value.scaleb((2 if match["percent"] else 0) - _exponent(match))
    separator = "," if "," in match["digits"] or abs(shown) >= 10_000 else ""
    digits = format(shown.copy_abs(), f"{separator}.{places}f")
    if shown < 0 and Decimal(digits.replace(",", "")) != 0:
        sign = match["sign"] if match["sign"] in ("-", "−") else "−"
    else:
        sign = "+" if match["sign"] == "+" else ""
    tail = match.end("fraction") if match["fraction"] else match.end("digits")
    return sign + digits + number.text[tail:]


def numbers_in_code(code: str) -> Iterator[Decimal]:
    """The numeric literals of Python code, with the sign that a unary minus gives."""
    before, previous = "", ""
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.NUMBER and "j" not in token.string.lower():
            literal = token.string.replace("_", "").lower()
            value = Decimal(int(literal, 0) if literal[:2] in _BASES else literal)
            binary = (
                before.isidentifier() or before[-1:].isalnum() or before in (")", "]")
            )
            yield -value if previous == "-" and not binary else value
        before, previous = previous, token.string


_BASES = ("0x", "0o", "0b")
