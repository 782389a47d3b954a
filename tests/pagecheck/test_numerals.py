from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagecheck.numerals import find_numbers, numbers_in_code, rewrite, shows


def values(text: str) -> list[str]:
    return [str(number.value) for number in find_numbers(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6.90", ["6.90"]),
        ("a loss of −0.5 and 1,500 points.", ["-0.5", "1500"]),
        ("共17个点，−10到10", ["17", "-10", "10"]),
        ("3.4×10⁻⁵", ["0.000034"]),
        (r"3 \times 10^{-4}", ["0.0003"]),
        ("10^{-4} and 10⁻⁴", ["0.0001", "0.0001"]),
        ("lr=1e-4", ["0.0001"]),
        ("42%, 42 %, ４２％", ["0.42", "0.42", "0.42"]),
        ("(17,1) - (17,)", ["17", "1", "17"]),
        ("X[0]", ["0"]),
        ("5,000th", ["5000"]),
        ("10-3", ["10", "3"]),
    ],
)
def test_numbers_are_found_and_read(text, expected):
    assert [Decimal(each) for each in values(text)] == [Decimal(e) for e in expected]


@pytest.mark.parametrize("text", ["float32", "fc1", "x_1", "W2", "v0.5", "x²"])
def test_a_number_glued_to_letters_is_a_name(text):
    assert values(text) == []


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
        ("0.0", "NaN", False),
        ("0.0", "Infinity", False),
    ],
)
def test_rounding_is_honest(written, value, equal):
    (number,) = find_numbers(written)
    assert shows(number, Decimal(value)) is equal


def test_slack_allows_units_in_the_last_digit_and_no_more():
    (number,) = find_numbers("0.4112")
    assert shows(number, Decimal("0.411261"), slack=1)
    assert not shows(number, Decimal("0.411361"), slack=1)


@pytest.mark.parametrize(
    ("written", "value", "expected"),
    [
        ("6.90", "7.123", "7.12"),
        ("1,500", "1600", "1,600"),
        ("42%", "0.517", "52%"),
        ("3.4×10⁻⁵", "0.0000123", "1.2×10⁻⁵"),
        ("−0.5", "0.3", "0.3"),
        ("0.5", "-0.3", "−0.3"),
        ("9", "11", "11"),
        ("0.50", "-0.001", "0.00"),
    ],
)
def test_a_value_is_written_in_the_form_of_the_number_it_replaces(
    written, value, expected
):
    (number,) = find_numbers(written)
    assert rewrite(number, Decimal(value)) == expected


def test_a_fraction_is_not_written_in_the_place_of_an_integer():
    (number,) = find_numbers("17")
    with pytest.raises(ValueError, match=r"16\.5 is no integer"):
        rewrite(number, Decimal("16.5"))


@given(st.floats(-1e9, 1e9), st.sampled_from(["0.4113", "1.5", "0.25%", "2.0e-3"]))
def test_what_is_rewritten_shows_its_value(value, form):
    (number,) = find_numbers(form)
    (written,) = find_numbers(rewrite(number, Decimal(repr(value))))
    assert shows(written, Decimal(repr(value)))


@given(st.text())
def test_any_text_is_read_and_every_number_stands_where_it_says(text):
    for number in find_numbers(text):
        assert text[number.start : number.end] == number.text


def test_numbers_in_code_know_a_sign_from_a_subtraction():
    code = "x = linspace(-10, 10)\ny = 5_000 - 3\nz = 0x10 + 1e-4 + 2j\n"
    numbers = [float(value) for value in numbers_in_code(code)]
    assert numbers == [-10, 10, 5000, 3, 16, 1e-4]
