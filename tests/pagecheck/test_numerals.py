"""Numbers in text are found, read, rounded and written anew as a reader would."""

import contextlib
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagecheck.numerals import find_numbers, rewrite, shows


def one(text: str, dialect: str = "prose"):
    (number,) = find_numbers(text, dialect)
    assert number.text == text
    return number


READ = [
    ("prose", "a loss of −0.5 and 1,500 points, 6.90", "-0.5 1500 6.90"),
    ("prose", "共17个点，−10到10，－0.5，正负0.5", "17 -10 10 -0.5 0.5"),
    ("prose", "from –0.5 to .5", "-0.5 0.5"),
    ("prose", "3.4×10⁻⁵, 10^{-4}, 10⁻⁴ and 2³", "0.000034 0.0001 0.0001 8"),
    ("prose", "lr=1e-4", "0.0001"),
    ("prose", "42%, 42 %, ４２％", "0.42 0.42 0.42"),
    ("prose", "1.5万、3亿", "15000 300000000"),
    ("prose", "1/8", "0.125"),
    ("prose", "on 2026/11/22", "2026 11 22"),
    ("prose", "2–5, 2~5, 3..5, 10-3", "2 5 2 5 3 5 10 3"),
    ("prose", "有100，200个, 1,500 but (0,100)", "100 200 1500 0 100"),
    ("prose", "3倍，1.5万倍", "3 15000"),
    ("prose", "2x² + 5x", "2 5"),
    ("prose", "float32 fc1 x_1 W2 v0.5 x²", ""),
    ("math", r"3 \times 10^{-4} + \frac{1}{8}", "0.0003 0.125"),
    ("math", r"1{,}500 \log2 (100,200)", "1500 2 100 200"),
    ("math", r"2^{10} x^2, \lambda-1, -1, w_1 - 2, a2b", "1024 2 1 -1 2 2"),
    ("code", "(17,1) - range(-10, 1_500), X[0], 1/6", "17 1 -10 1500 0 1 6"),
    ("code", "half float32", ""),
]


def test_numbers_are_found_and_read():
    for dialect, text, expected in READ:
        found = [number.value for number in find_numbers(text, dialect)]
        assert found == [Decimal(each) for each in expected.split()], text


ROUNDED = [
    ("0.4113", "0.411261", True),
    ("0.4112", "0.411261", False),
    ("0.5", "0.45", True),  # a tie may go either way
    ("0.4", "0.45", True),
    ("0.3", "0.45", False),
    ("17", "17", True),
    ("17", "16.98", False),  # nothing is rounded to a small integer
    ("574", "573.6302", True),
    ("573", "573.6302", False),
    ("−0.5", "0.5", False),
    ("42%", "0.4180", True),
    ("42%", "0.4251", False),
    ("3.4×10⁻⁵", "0.00003449", True),
    ("3.4×10⁻⁵", "0.0000351", False),
    ("1.5万", "15321", True),
    ("1.5万", "15521", False),
    ("10⁻⁴", "0.00012", False),  # a power of ten claims to be exact
    ("1/6", "0.16666667163372040", True),  # as a float32 has it
    ("1/6", "0.1667", False),
    ("三倍\x00", "3.02", False),
    ("0.0", "NaN", False),
    ("0.0", "Infinity", False),
    ("1/6", "NaN", False),
    ("about half\x00 of it", "0.49", True),
    ("about half\x00 of it", "0.44", False),
    ("大约一半\x00", "0.49", True),
]


def test_rounding_is_honest():
    for written, value, equal in ROUNDED:
        (number,) = find_numbers(written, "prose")
        assert shows(number, Decimal(value)) is equal, (written, value)
    # And with a tolerance, by so many units in the last digit and no more.
    assert shows(one("0.4112"), Decimal("0.411261"), slack=1)
    assert not shows(one("0.4112"), Decimal("0.411361"), slack=1)


REWRITTEN = [
    ("prose", "6.90", "7.123", "7.12"),
    ("prose", "1,500", "1600", "1,600"),
    ("prose", "1500", "26000", "26,000"),
    ("prose", "３.4％", "0.0517", "5.2％"),
    ("prose", "3.4×10⁻⁵", "0.123", "1.2×10⁻¹"),
    ("prose", "3.4×10⁻⁵", "0.00000996", "1.0×10⁻⁵"),
    ("prose", "9.9e-05", "0.0000999", "1.0e-04"),
    ("prose", "6e-8", "0.00000012", "1e-7"),
    ("prose", "1.5万", "23456", "2.3万"),
    ("prose", "−0.5", "0.3", "0.3"),
    ("prose", "0.5", "-0.3", "−0.3"),
    ("prose", "+0.5", "0.3", "+0.3"),
    ("prose", "0.50", "-0.001", "0.00"),
    ("math", "0.5", "-0.3", "-0.3"),
    ("math", "1{,}500", "26000", "26{,}000"),
    ("math", r"3.4 \times 10^{-5}", "0.000123", r"1.2 \times 10^{-4}"),
]
# What is exact, and a count, has no other form of the same kind.
UNWRITABLE = [("17", "16.5"), ("10⁻⁴", "0.002"), ("1/6", "0.25"), ("0.5", "NaN")]


def test_a_value_is_written_in_the_form_of_the_number_it_replaces():
    for dialect, written, value, expected in REWRITTEN:
        assert rewrite(one(written, dialect), Decimal(value)) == expected, written
    for written, value in UNWRITABLE:
        with pytest.raises(ValueError, match=f"{re.escape(value)} cannot"):
            rewrite(one(written), Decimal(value))


FORMS = ["0.4113", "1.5", "0.25%", "2.0e-3", "−1,500.0", "3.4×10⁻⁵", "1.25万"]


@given(st.floats(-1e9, 1e9), st.sampled_from(FORMS))
def test_what_is_rewritten_is_one_number_that_shows_its_value(value, form):
    exact = Decimal(repr(value))
    once = rewrite(one(form), exact)
    assert shows(one(once), exact)
    if abs(value) > 1e-200:
        assert rewrite(one(once), exact) == once


PIECES = ["1", "23", "0.5", ",", "万", "×10", "⁻⁵", "e-3", "/", "%", "−", "half of"]
PIECES += ["一", r"\frac", "^", "{", "}", "三", "倍", "分之", " ", "\x00", "百", "万"]
PIECES += ["twice", "s", "two ", "third", "点", "零", "成", "半", "个"]
PIECES += ["9" * 40, "9" * 400]


@given(
    st.text() | st.lists(st.sampled_from(PIECES)).map("".join),
    st.sampled_from(["prose", "math", "code", "output"]),
)
def test_any_text_is_read_and_every_number_stands_where_it_says(text, dialect):
    last = 0
    for number in find_numbers(text, dialect):
        assert text[number.start : number.end] == number.text
        assert number.start >= last  # in order, and no two of the same characters
        last = number.end
        with contextlib.suppress(ValueError):
            rewrite(number, number.value)
