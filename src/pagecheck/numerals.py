"""The numbers that a reader sees: finding them in text, reading them, rounding.

A number keeps how it is written (sign, thousands separators, digits shown, exponent,
percent), so that a value can be compared with it honestly, rounded to the digits it
shows and no further, and so that it can be written anew in the same form. A fraction, a
power and a quantity in words show no digits to round to: they are exact.

How a number is written depends on where it stands: a comma parts thousands in prose and
two numbers in code, ``1/6`` is one number in prose and a quotient in code, and so on.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from typing import Literal

from pagecheck.number_words import find_quantities
from pagecheck.syntax import parse_code

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
_SCALES = {"thousand": 3, "million": 6, "billion": 9, "百": 2, "千": 3, "万": 4}
_SCALES |= {"十万": 5, "百万": 6, "千万": 7, "亿": 8, "十亿": 9, "百亿": 10, "千亿": 11}
_SCALES |= {"万亿": 12}

_SPACE = "[ \u00a0\u202f]"
_NO_LETTER = "(?<![A-Za-zα-ωΑ-Ω])"
_NOTHING = "(?!)"
_QUOTIENT = r"(?<!/)(?P<over>\d+)/(?P<under>0*[1-9]\d*)(?![\d/]|\.\d)"
_FRAC = (
    r"\\[td]?frac *(?:\{(?P<frac_over>\d+)\}|(?P<frac_over_bare>\d))"
    r" *(?:\{(?P<frac_under>0*[1-9]\d*)\}|(?P<frac_under_bare>[1-9]))"
)
_SCALE = (
    rf"{_SPACE}?(?P<scale>thousand|million|billion)\b"
    r"|(?P<myriads>万亿|[十百千]?[万亿]|[百千](?![万亿分克米瓦字卡位]))"
)
_PERCENT = rf"{_SPACE}?(?:\\?%|per ?cent\b|percentage points?\b)|个百分点"


def _exponent_pattern(name: str) -> str:
    """The pattern of ^{-4}, ^2 and ⁻⁴, each with the exponent in a named group."""
    return (
        rf"(?:\^(?:\{{(?P<{name}_braced>[-−+]?\d{{1,3}})\}}|(?P<{name}_bare>\d))"
        rf"|(?P<{name}_superscript>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,3}}))"
    )


def _pattern(
    sign: str = "[-−+]",
    left: str = _NO_LETTER,
    fraction: str = _NOTHING,
    base: str = _NOTHING,
    separator: str = _NOTHING,
    scale: str = _NOTHING,
) -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?<![A-Za-z0-9_)\]}}])(?P<sign>{sign}))?"
        rf"{left}(?<![0-9_])(?<![A-Za-z0-9]\.)(?:{fraction}"
        r"|(?P<vulgar>[¼-¾⅐-⅞])"
        rf"|(?P<base>{base}){_exponent_pattern('power')}"
        rf"|(?P<digits>[1-9]\d{{0,2}}(?:(?:{separator})\d{{3}})+(?!\d)|\d+|(?<!\.)(?=\.\d))"
        r"(?P<fraction>\.\d+)?"
        r"(?:[eE](?P<e>[-−+]?\d{1,3})(?![A-Za-z0-9])"
        rf"|{_SPACE}?× *10{_exponent_pattern('times')}|{scale})?"
        rf"(?P<percent>{_PERCENT})?)"
    )


_PATTERNS: dict[Dialect, re.Pattern[str]] = {
    "prose": _pattern(
        sign="[-−–+]|(?<!正)负",
        fraction=_QUOTIENT,
        base=r"[1-9]\d{0,30}",
        separator="[,\u2009\u202f]",
        scale=_SCALE,
    ),
    # In mathematics digits after a letter are a factor, and commands have no digits.
    "math": _pattern(
        left="",
        fraction=f"(?:{_FRAC}|{_QUOTIENT})",
        base=r"[1-9]\d{0,30}",
        separator=r"\{,\}|\\,",
    ),
    "code": _pattern(separator="_"),
    "output": _pattern(base="10", separator=","),
}
_COMMAND = re.compile(r"\\(?![td]?frac(?![A-Za-z]))[A-Za-z]+")


@dataclass(frozen=True)
class Number:
    """A number as it is written.

    Attributes:
        text: The characters it is written with.
        start: Where it starts in the text it was found in.
        value: What it says; of a percentage, the fraction.
        unit: One unit in the last digit shown, on the scale of ``value``; 0 of an exact
            number: a fraction, a power, a quantity in words.
        leeway: How far an exact number may be from its value, relatively.
        dialect: Where it stands.
    """

    text: str
    start: int
    value: Decimal
    unit: Decimal
    leeway: Decimal
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
    found = [
        (match.start(), match.end(), *_read(match))
        for match in _PATTERNS[dialect].finditer(plain)
    ]
    if dialect == "prose":
        words = sorted((*each, Decimal(0)) for each in find_quantities(plain))
        ends = [end for _, end, *_ in words]  # no two words overlap
        apart = [
            each
            for each in found
            if (i := bisect_right(ends, each[0])) == len(words)
            or words[i][0] >= each[1]
        ]
        found = sorted(apart + words)
    for start, end, value, unit in found:
        hedged = dialect == "prose" and _HEDGE.search(plain, max(0, start - 12), start)
        leeway = HEDGED if hedged else EXACT
        yield Number(text[start:end], start, value, unit, leeway, dialect)


def _plain(text: str, dialect: Dialect) -> str:
    """A text in half-width digits, of mathematics without the names of commands."""
    if dialect == "math":
        text = _COMMAND.sub(_letters, text)
    return text.translate(_FULL_WIDTH)


def _letters(command: re.Match[str]) -> str:
    times = command[0] in (r"\times", r"\cdot")
    return ("×" if times else "v").ljust(len(command[0]), " " if times else "v")


def _group(match: re.Match[str], *names: str) -> str | None:
    """What the first of some groups that took part in a match holds."""
    groups = match.groupdict()
    return next((groups[name] for name in names if groups.get(name)), None)


def _read(match: re.Match[str]) -> tuple[Decimal, Decimal]:
    """The value of a match, and one unit in the last digit that it shows."""
    sign = -1 if match["sign"] in ("-", "−", "–", "负") else 1
    over = _group(match, "over", "frac_over", "frac_over_bare")
    under = _group(match, "under", "frac_under", "frac_under_bare")
    if over and under:
        return sign * Decimal(over) / Decimal(under), Decimal(0)
    if match["vulgar"]:
        return sign * Decimal(unicodedata.numeric(match["vulgar"])), Decimal(0)
    if match["base"]:
        return sign * Decimal(match["base"]) ** _exponent(match, "power"), Decimal(0)
    digits = re.sub(r"\D", "", match["digits"])
    fraction = match["fraction"] or "."
    scale = _scale(match)
    value = Decimal(digits + fraction).scaleb(scale)
    return sign * value, Decimal(1).scaleb(scale - len(fraction) + 1)


def _scale(match: re.Match[str]) -> int:
    """The power of ten that the digits of a match are multiplied by."""
    word = _group(match, "scale", "myriads")
    exponent = _SCALES[word] if word else _exponent(match, "times", "e")
    return exponent - (2 if match["percent"] else 0)


def _exponent(match: re.Match[str], *names: str) -> int:
    name = _exponent_group(match, *names)
    written = match[name] if name else "0"
    return int(written.translate(_SUPERSCRIPTS).replace("−", "-"))


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
    if match is None or match["vulgar"]:
        raise ValueError(f"{value} cannot be written in the form of {number.text}")
    write = _power if match["base"] else _decimal if number.unit else _quotient
    digits, rest = write(number, match, abs(value))
    written = match["sign"] or ""
    if value < 0 and digits.strip("0.,"):
        minus = "−" if number.dialect == "prose" else "-"
        return (minus if written in ("", "+") else written) + digits + rest
    return ("+" if written == "+" else "") + digits + rest


def _decimal(number: Number, match: re.Match[str], value: Decimal) -> tuple[str, str]:
    """The digits of a positive value, and what follows them."""
    if number.is_small_integer and value != value.to_integral_value():
        raise ValueError(f"{value} is no integer, {number.text} shows one")
    whole, places = match["digits"], len(match["fraction"] or ".") - 1
    rest = number.text[match.end("fraction" if match["fraction"] else "digits") :]
    shown = value.scaleb(-_scale(match))
    if (name := _exponent_group(match, "times", "e")) and len(whole.strip("0")) == 1:
        by = shown.adjusted() if shown else 0
        by += round(shown.scaleb(-by), places) >= 10
        shown = shown.scaleb(-by)
        rest = _with_exponent(number, match, name, _exponent(match, name) + by, rest)
    separator = re.search(r"\D+", whole)
    comma = separator[0] if separator else "," if number.dialect == "prose" else ""
    if separator is None and (len(whole) > 4 or shown < 10_000):
        comma = ""
    return format(shown, f",.{places}f").replace(",", comma), rest


def _power(number: Number, match: re.Match[str], value: Decimal) -> tuple[str, str]:
    """The base of a power, and the exponent that gives a positive value."""
    base, name = Decimal(match["base"]), _exponent_group(match, "power") or ""
    exponent = round(value.ln() / base.ln()) if value and base > 1 else 0
    # An exponent of more than three digits would not be read as one.
    if abs(exponent) > 999 or not abs(base**exponent - value) <= EXACT * value:
        raise ValueError(f"{value} is no power of {base}, {number.text} shows one")
    rest = number.text[match.end("base") :]
    return match["base"], _with_exponent(number, match, name, exponent, rest)


def _quotient(number: Number, match: re.Match[str], value: Decimal) -> tuple[str, str]:
    """A fraction of integers that gives a positive value."""
    fraction = Fraction(value).limit_denominator(100)  # in reach of any value if larger
    if not abs(Fraction(value) - fraction) <= Fraction(EXACT) * Fraction(value):
        raise ValueError(f"{value} is no fraction, {number.text} shows one")
    text = number.text[len(match["sign"] or "") :]
    parts = (str(fraction.numerator), str(fraction.denominator))
    if text.startswith("\\"):
        return f"{text.partition('frac')[0]}frac{{{parts[0]}}}{{{parts[1]}}}", ""
    return "/".join(parts), ""


def _exponent_group(match: re.Match[str], *names: str) -> str | None:
    """The name of the group that holds an exponent, if one took part in a match."""
    forms = ("_braced", "_bare", "_superscript", "")
    groups = match.groupdict()
    candidates = [name + form for name in names for form in forms]
    return next((name for name in candidates if groups.get(name)), None)


def _with_exponent(
    number: Number, match: re.Match[str], name: str, exponent: int, rest: str
) -> str:
    """The end of a number with another exponent, in the same style."""
    old, new = match[name], str(exponent)
    start, end = match.span(name)
    if name.endswith("_superscript"):
        new = new.translate(_TO_SUPERSCRIPTS)
    elif name.endswith("_bare") and len(new) > 1:
        new = f"{{{new}}}"
    elif name == "e":  # as Python prints it: e-05
        width = len(old.strip("-−+"))
        plus = "+" if old[0] == "+" or (old[0] in "-−" and width > 1) else ""
        new = f"{'-' if exponent < 0 else plus}{abs(exponent):0{width}d}"
    offset = len(number.text) - len(rest)
    return rest[: start - offset] + new + rest[end - offset :]


def numbers_in_code(code: str) -> Iterator[Decimal]:
    """The numbers that Python code states: literals, their quotients and powers.

    A literal behind a minus is negative: ``-10`` states −10, and not 10.
    """
    try:
        tree = parse_code(code)
    except (SyntaxError, ValueError, RecursionError):
        return
    yield from _constants(tree)


def _constants(node: ast.AST) -> Iterator[Decimal]:
    value = _constant(node)
    if value is not None:
        yield value
    if not isinstance(node, ast.UnaryOp) or value is None:
        for child in ast.iter_child_nodes(node):
            yield from _constants(child)


def _constant(node: ast.AST) -> Decimal | None:
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int(integer)):
            return Decimal(integer)
        case ast.Constant(value=float(number)):
            return Decimal(repr(number))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value = _constant(operand)
            return None if value is None else -value
        case ast.BinOp(left=left, op=ast.Div() | ast.Pow() as op, right=right):
            one, other = _constant(left), _constant(right)
            if not one or other is None or abs(other) > 999:
                return None
            if isinstance(op, ast.Pow):
                return one**other if other == int(other) else None
            return one / other if other else None
    return None
