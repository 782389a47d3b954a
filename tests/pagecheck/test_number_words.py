"""Quantities in words; NUL stands for a directive that the reader does not see."""

from fractions import Fraction

from pagecheck.number_words import find_quantities, find_unread

# A text, the words in it, their value.
QUANTITIES = """
runs twice\x00.|twice|2 ; **half**\x00|half|0.5 ; a third\x00 of it|a third|1/3
halves\x00|halves|0.5 ; two thirds\x00|two thirds|2/3 ; it doubled\x00|doubled|2
to a millionth\x00|a millionth|1/1000000 ; Three times\x00 as high|Three times|3
sixteen\x00|sixteen|16 ; a hundred times\x00|a hundred times|100 ; 三\x00个|三|3
一半\x00|一半|0.5 ; 翻倍\x00|翻倍|2 ; 快一倍\x00|一倍|2 ; 一百零二倍\x00|一百零二倍|102
三分之一\x00|三分之一|1/3 ; 百万分之二\x00|百万分之二|2e-6
"""
# What can be nothing else, and is not read.
UNREAD = """a tenfold rise|two-thirds of it|twenty-five per cent|zero point three five
nine times out of ten|one out of every twelve|快一倍|一百零二倍|三点五倍|三分之一|零点三
百分之5\x00|百分之5|九成七|八成，|负0.5|½\x00|one in ten\x00|零点三\x00|十分之十五
3\x00万"""
OTHERS = """three hidden units|drawn twice, once as printed|the third exercise|somehow
three in one|half of it, twice as large, doubled, three times|一半，翻倍，减半|一点一滴
the left half of the plane|in double precision|the two halves|三个单元|第三步|左半边
旋转半圈|变成|一成不变|几倍|2 million\x00|seventy-five\x00"""


def lines(text):
    return text.replace("\n", "|").split("|")


def test_a_quantity_in_words_is_found_and_read_or_has_to_be_written_otherwise():
    for each in QUANTITIES.strip().replace("\n", " ; ").split(" ; "):
        text, word, value = each.split("|")
        ((start, end, found),) = find_quantities(text)
        assert text[start:end] == word
        assert abs(Fraction(found) - Fraction(value)) < Fraction(1, 10**20), word
        assert [*find_unread(text)] == []
    for text in lines(UNREAD):
        assert len([*find_unread(text)]) == 1, text
    for text in lines(OTHERS):
        assert [*find_quantities(text), *find_unread(text)] == [], text
