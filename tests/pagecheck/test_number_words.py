"""Quantities in words; NUL stands for a directive that the reader does not see."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagecheck.number_words import find_counts, find_quantities


@pytest.mark.parametrize(
    ("text", "word", "value"),
    [
        ("runs twice\x00.", "twice", "2"),
        ("**half**\x00", "half", "0.5"),
        ("one half\x00 of it", "one half", "0.5"),
        ("a third\x00 of it", "a third", Decimal(1) / 3),
        ("to a millionth\x00", "a millionth", "0.000001"),
        ("the loss doubled\x00", "doubled", "2"),
        ("it halves\x00", "halves", "0.5"),
        ("three\x00 units", "three", "3"),
        ("Three times\x00 as high", "Three times", "3"),
        ("a hundred times\x00", "a hundred times", "100"),
        ("三\x00个", "三", "3"),
        ("一半\x00", "一半", "0.5"),
        ("半个\x00单位", "半个", "0.5"),
        ("翻倍\x00", "翻倍", "2"),
        ("减半\x00", "减半", "0.5"),
        # What can be nothing else needs no directive to be noticed.
        ("a tenfold rise", "tenfold", "10"),
        ("two-thirds of it", "two-thirds", Decimal(2) / 3),
        ("twenty-five per cent", "twenty-five per cent", "0.25"),
        ("zero point three five", "zero point three five", "0.35"),
        ("one in ten", "one in ten", "0.1"),
        ("two in three", "two in three", Decimal(2) / 3),
        ("nine times out of ten", "nine times out of ten", "0.9"),
        ("one out of every twelve", "one out of every twelve", Decimal(1) / 12),
        ("二十五倍", "二十五倍", "25"),
        ("两倍", "两倍", "2"),
        ("快一倍", "一倍", "2"),
        ("一百零二倍", "一百零二倍", "102"),
        ("三点五倍", "三点五倍", "3.5"),
        ("十万倍", "十万倍", "100000"),
        ("三分之一", "三分之一", Decimal(1) / 3),
        ("百分之五", "百分之五", "0.05"),
        ("零点三", "零点三", "0.3"),
        ("十二点五", "十二点五", "12.5"),
        ("九成七", "九成七", "0.97"),
        ("八成，", "八成", "0.8"),
    ],
)
def test_a_quantity_in_words_is_found_and_read(text, word, value):
    ((start, end, found),) = find_quantities(text)
    assert (text[start:end], found) == (word, Decimal(value))


@pytest.mark.parametrize(
    "text",
    [
        "three hidden units",
        "drawn twice, once as printed",
        "we write it three times, each time shorter",
        "the third exercise",
        "a third draws a function",
        "three in one",
        "half of it, twice as large, doubled, three times",
        "一半，翻倍，减半",
        "一点一滴",
        "the left half of the plane",
        "turned by half a turn",
        "in double precision",
        "the two halves",
        "somehow",
        "三个单元",
        "第三步",
        "做三遍",
        "左半边",
        "旋转半圈",
        "大半个",
        "变成",
        "一成不变",
        "几倍",
        "零分之一",
    ],
)
def test_other_words_are_no_quantities(text):
    assert list(find_quantities(text)) == []


@given(st.text(alphabet="零一二两三十百千万亿点分之倍成半个 ahlftwicesor\x00"))
def test_any_words_are_read(text):
    for start, end, value in find_quantities(text):
        assert 0 <= start < end <= len(text)
        assert value.is_finite()


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Four things happen in twenty-five rows.", [4, 25]),
        ("Take one; the third, a two-layer network, is six-fold.", [2, 6]),
        ("Someone often weighs it.", []),
        ("发生了四件事，共二十五行。", [4, 25]),
        ("两三个单元，十二种，十一页。", [2, 3, 12, 11]),
        ("第三次十分接近，四舍五入后占三分之二，约3万。", []),
        ("一个也没有，零点五。", []),
    ],
)
def test_words_that_count_are_found_from_two_on(text, counts):
    assert list(find_counts(text)) == counts
