import contextlib
import re
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pagecheck.numerals import find_numbers, numbers_in_code, rewrite, shows


def values(text: str, dialect: str = "prose") -> list[Decimal]:
    return [number.value for number in find_numbers(text, dialect)]


def one(text: str, dialect: str = "prose"):
    (number,) = find_numbers(text, dialect)
    assert number.text == text
    return number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6.90", ["6.90"]),
        ("a loss of −0.5 and 1,500 points.", ["-0.5", "1500"]),
        ("共17个点，−10到10", ["17", "-10", "10"]),
        ("from –0.5 to .5", ["-0.5", "0.5"]),
        ("负0.5，正负0.5", ["-0.5", "0.5"]),
        ("3.4×10⁻⁵", ["0.000034"]),
        ("10^{-4}, 10⁻⁴ and 2³", ["0.0001", "0.0001", "8"]),
        ("lr=1e-4", ["0.0001"]),
        ("42%, 42 %, ４２％, 42 percent", ["0.42", "0.42", "0.42", "0.42"]),
        ("5个百分点", ["0.05"]),
        ("1.5万、3亿和1.5 million", ["15000", "300000000", "1500000"]),
        ("5千克", ["5"]),
        ("1/6 and ½", [Decimal(1) / 6, "0.5"]),
        ("on 2026/11/22", ["2026", "11", "22"]),
        ("2–5, 2~5, 2至5, 3..5", ["2", "5", "2", "5", "2", "5", "3", "5"]),
        ("5,000th", ["5000"]),
        ("有100，200个", ["100", "200"]),
        ("1,500 but (0,100)", ["1500", "0", "100"]),
        ("10-3", ["10", "3"]),
        ("3倍，1.5万倍，2万\x00个，2 million\x00", ["3", "15000", "20000", "2000000"]),
        ("2x² + 5x", ["2", "5"]),
    ],
)
def test_numbers_of_prose_are_found_and_read(text, expected):
    assert values(text) == [Decimal(each) for each in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"3 \times 10^{-4}", ["0.0003"]),
        (r"\frac{1}{6} + \tfrac12 - \frac{1}{\beta}", [Decimal(1) / 6, "0.5", "1"]),
        (r"1{,}500 \log2", ["1500", "2"]),
        ("(100,200)", ["100", "200"]),
        ("2^{10} x^2", ["1024", "2"]),
        (r"\lambda-1, -1, w_1 - 2", ["1", "-1", "2"]),
        ("a2b", ["2"]),
    ],
)
def test_numbers_of_mathematics_are_found_and_read(text, expected):
    assert values(text, "math") == [Decimal(each) for each in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(17,1) - (17,)", ["17", "1", "17"]),
        ("(100,200)", ["100", "200"]),
        ("range(-10, 1_500)", ["-10", "1500"]),
        ("1/6", ["1", "6"]),
        ("X[0]", ["0"]),
        ("half", []),
    ],
)
def test_numbers_of_code_are_found_and_read(text, expected):
    assert values(text, "code") == [Decimal(each) for each in expected]


@pytest.mark.parametrize("text", ["float32", "fc1", "x_1", "W2", "v0.5", "x²"])
def test_a_number_glued_to_letters_is_a_name(text):
    assert values(text) == values(text, "code") == []


@pytest.mark.parametrize(
    ("written", "value", "equal"),
    [
        ("0.4113", "0.411261", True),
        ("0.4112", "0.411261", False),
        ("0.41", "0.411261", True),
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
        ("1,500", "1500", True),
        ("1.5万", "15321", True),
        ("1.5万", "15521", False),
        ("10⁻⁴", "0.0001", True),
        ("10⁻⁴", "0.00012", False),  # a power of ten claims to be exact
        ("1/6", "0.16666667163372040", True),  # as a float32 has it
        ("1/6", "0.1667", False),
        ("三倍", "3", True),
        ("三倍", "3.02", False),
        ("tenfold", "10", True),
        ("tenfold", "9.9", False),
        ("0.0", "NaN", False),
        ("0.0", "Infinity", False),
        ("1/6", "NaN", False),
    ],
)
def test_rounding_is_honest(written, value, equal):
    text = f"{written} of" if written == "half" else written
    (number,) = find_numbers(text, "prose")
    assert shows(number, Decimal(value)) is equal


@pytest.mark.parametrize("text", ["about half\x00 of it", "大约一半\x00", "nearly 1/2"])
def test_what_is_said_to_be_about_a_value_may_be_a_little_off(text):
    (number,) = find_numbers(text, "prose")
    assert shows(number, Decimal("0.49"))
    assert not shows(number, Decimal("0.44"))


def test_slack_allows_units_in_the_last_digit_and_no_more():
    assert shows(one("0.4112"), Decimal("0.411261"), slack=1)
    assert not shows(one("0.4112"), Decimal("0.411361"), slack=1)


@pytest.mark.parametrize(
    ("written", "value", "expected"),
    [
        ("6.90", "7.123", "7.12"),
        ("1,500", "1600", "1,600"),
        ("1500", "26000", "26,000"),
        ("42%", "0.517", "52%"),
        ("３.4％", "0.0517", "5.2％"),
        ("3.4×10⁻⁵", "0.0000123", "1.2×10⁻⁵"),
        ("3.4×10⁻⁵", "0.123", "1.2×10⁻¹"),
        ("3.4×10⁻⁵", "0.00000996", "1.0×10⁻⁵"),
        ("9.9e-05", "0.0000999", "1.0e-04"),
        ("6e-8", "0.00000012", "1e-7"),
        ("10⁻⁴", "1e-12", "10⁻¹²"),
        ("2³", "32", "2⁵"),
        ("1/6", "0.25", "1/4"),
        ("1.5万", "23456", "2.3万"),
        ("−0.5", "0.3", "0.3"),
        ("0.5", "-0.3", "−0.3"),
        ("+0.5", "0.3", "+0.3"),
        ("9", "11", "11"),
        ("0.50", "-0.001", "0.00"),
    ],
)
def test_a_value_is_written_in_the_form_of_the_number_it_replaces(
    written, value, expected
):
    assert rewrite(one(written), Decimal(value)) == expected


@pytest.mark.parametrize(
    ("written", "value", "expected"),
    [
        ("0.5", "-0.3", "-0.3"),
        ("1{,}500", "26000", "26{,}000"),
        (r"3.4 \times 10^{-5}", "0.000123", r"1.2 \times 10^{-4}"),
        ("10^2", "1e-3", "10^{-3}"),
        (r"-\frac{1}{6}", "0.75", r"\frac{3}{4}"),
    ],
)
def test_in_mathematics_it_is_written_as_latex(written, value, expected):
    assert rewrite(one(written, "math"), Decimal(value)) == expected


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("17", "16.5"),
        ("三倍", "4"),
        ("10⁻⁴", "0.002"),
        ("2³", f"{Decimal(2) ** 1024}"),
        ("1/6", "0.12346789"),
        ("½", "2"),
    ],
)
def test_what_has_not_the_form_of_a_number_is_not_written_in_its_place(written, value):
    with pytest.raises(ValueError, match=f"{re.escape(value)} (cannot|is no)"):
        rewrite(one(written), Decimal(value))


FORMS = ["0.4113", "1.5", "0.25%", "2.0e-3", "−1,500.0", "3.4×10⁻⁵", "1.25万"]


@given(st.floats(-1e9, 1e9), st.sampled_from(FORMS))
def test_what_is_rewritten_is_one_number_that_shows_its_value(value, form):
    exact = Decimal(repr(value))
    assert shows(one(rewrite(one(form), exact)), exact)


@given(st.fractions(max_denominator=100), st.sampled_from(["1/6", r"\frac{1}{6}"]))
def test_a_rewritten_fraction_is_that_fraction(fraction, form):
    assume(fraction != 0)
    value = Decimal(fraction.numerator) / fraction.denominator
    assert shows(one(rewrite(one(form, "math"), value), "math"), value)


@given(st.floats(1e-200, 1e200), st.sampled_from(FORMS))
def test_rewriting_twice_changes_nothing(value, form):
    exact = Decimal(repr(value))
    once = rewrite(one(form), exact)
    assert rewrite(one(once), exact) == once


PIECES = [
    "1",
    "23",
    "0.5",
    ",",
    "万",
    "×10",
    "⁻⁵",
    "e-3",
    "/",
    "%",
    "−",
    "half of",
    "一",
]
PIECES += [r"\frac", "{", "}", "^", "三", "倍", "分之", " ", "\x00", "9" * 40, "点五"]


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


def test_numbers_in_code_know_a_sign_from_a_subtraction():
    code = "x = linspace(-10, 10)\ny = 5_000 - 3\nz = 0x10 + 1e-4 + 2j + True\n"
    assert set(numbers_in_code(code)) == {-10, 10, 5000, 3, 16, Decimal("1e-4")}


def test_numbers_in_code_are_quotients_and_powers_too():
    found = set(numbers_in_code("a = 1 / 6\nb = 2**10\nc = -1 / 4\nd = 1 / 0\n"))
    assert found >= {Decimal(1) / 6, 1024, Decimal("-0.25")}


def test_numbers_in_code_are_those_of_an_f_string_s_expressions():
    assert set(numbers_in_code('f"{5 * x:.3f} and 7"')) == {5}


@given(st.text())
def test_code_that_is_none_states_no_numbers(code):
    list(numbers_in_code(code))
    assert list(numbers_in_code(f"({code}\x00")) == []
