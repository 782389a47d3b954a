"""Quantities in words; NUL stands for a directive that the reader does not see."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagecheck.number_words import find_counts, find_quantities


@pytest.mark.parametrize(
    ("text", "word", "value"),
    [
        ("twice as large", "twice", "2"),
        ("twice **the** loss", "twice", "2"),
        ("runs twice\x00.", "twice", "2"),
        ("Three times as high", "Three times", "3"),
        ("a hundred times smaller", "a hundred times", "100"),
        ("a tenfold rise", "tenfold", "10"),
        ("by a factor of ten", "ten", "10"),
        ("Half of its outputs", "Half", "0.5"),
        ("**half**\x00", "half", "0.5"),
        ("one half of it", "one half", "0.5"),
        ("cut in half", "half", "0.5"),
        ("a third of it", "a third", Decimal(1) / 3),
        ("two-thirds of it", "two-thirds", Decimal(2) / 3),
        ("to a millionth", "a millionth", "0.000001"),
        ("twenty-five per cent", "twenty-five per cent", "0.25"),
        ("the loss doubled", "doubled", "2"),
        ("which halves it", "halves", "0.5"),
        ("three\x00 units", "three", "3"),
        ("二十五倍", "二十五倍", "25"),
        ("两倍", "两倍", "2"),
        ("快一倍", "一倍", "2"),
        ("一百零二倍", "一百零二倍", "102"),
        ("三点五倍", "三点五倍", "3.5"),
        ("十万倍", "十万倍", "100000"),
        ("一半", "一半", "0.5"),
        ("半个单位", "半个", "0.5"),
        ("翻倍", "翻倍", "2"),
        ("减半", "减半", "0.5"),
        ("三分之一", "三分之一", Decimal(1) / 3),
        ("百分之五", "百分之五", "0.05"),
        ("百分之99.5", "百分之99.5", "0.995"),
        ("百万分之一", "百万分之一", "0.000001"),
        ("占三成左右", "三成", "0.3"),
        ("三\x00个单元", "三", "3"),
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
