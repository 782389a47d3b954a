"""Quantities in words; NUL stands for a directive that the reader does not see."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pagecheck.number_words import find_quantities

QUANTITIES = [
    ("runs twice\x00.", "twice", "2"),
    ("**half**\x00", "half", "0.5"),
    ("a third\x00 of it", "a third", Decimal(1) / 3),
    ("to a millionth\x00", "a millionth", "0.000001"),
    ("it halves\x00", "halves", "0.5"),
    ("Three times\x00 as high", "Three times", "3"),
    ("a hundred times\x00", "a hundred times", "100"),
    ("三\x00个", "三", "3"),
    ("一半\x00", "一半", "0.5"),
    ("翻倍\x00", "翻倍", "2"),
    # What can be nothing else needs no directive to be noticed.
    ("a tenfold rise", "tenfold", "10"),
    ("two-thirds of it", "two-thirds", Decimal(2) / 3),
    ("twenty-five per cent", "twenty-five per cent", "0.25"),
    ("zero point three five", "zero point three five", "0.35"),
    ("nine times out of ten", "nine times out of ten", "0.9"),
    ("one out of every twelve", "one out of every twelve", Decimal(1) / 12),
    ("快一倍", "一倍", "2"),
    ("一百零二倍", "一百零二倍", "102"),
    ("三点五倍", "三点五倍", "3.5"),
    ("三分之一", "三分之一", Decimal(1) / 3),
    ("百分之5", "百分之5", "0.05"),
    ("零点三", "零点三", "0.3"),
    ("九成七", "九成七", "0.97"),
    ("八成，", "八成", "0.8"),
]
OTHERS = """three hidden units|drawn twice, once as printed|the third exercise|somehow
three in one|half of it, twice as large, doubled, three times|一半，翻倍，减半|一点一滴
the left half of the plane|in double precision|the two halves|三个单元|第三步|左半边
旋转半圈|变成|一成不变|几倍|零分之一"""


def test_a_quantity_in_words_is_found_and_read():
    for text, word, value in QUANTITIES:
        found = [(text[i:j], number) for i, j, number in find_quantities(text)]
        assert found == [(word, Decimal(value))], text


def test_other_words_are_no_quantities():
    for text in OTHERS.replace("\n", "|").split("|"):
        assert list(find_quantities(text)) == [], text


@given(st.text(alphabet="零一二两三十百千万亿点分之倍成半个 ahlftwicesor\x00"))
def test_any_words_are_read(text):
    for start, end, value in find_quantities(text):
        assert 0 <= start < end <= len(text)
        assert value.is_finite()
