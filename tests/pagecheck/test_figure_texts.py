"""What a figure's text is called in another language, and how wide it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties

from pagecheck.figure_texts import UntranslatedText, measure, translation
from pagecheck.house import FigureError

TABLE = {
    "loss": "损失",
    "ReLU": "ReLU",
    "leaky ReLU": "leaky ReLU",
    "tanh": "tanh",
    "after {} steps": "{}步之后",
    "{} of {} rows": "{}行，共{}行",
    "class 1": "第一类",
    "class {}": "类别{}",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("loss", "损失"),
        ("after 1,000 steps", "1,000步之后"),
        ("after −2.5e−3 steps", "−2.5e−3步之后"),
        ("3 of 17 rows", "3行，共17行"),
        ("class 1", "第一类"),  # as it stands, before any pattern
        ("class 0", "类别0"),
    ],
)
def test_a_text_is_looked_up_as_it_stands_and_then_with_its_numbers_left_out(
    text, expected
):
    assert translation(text, TABLE) == expected


def test_what_has_no_word_needs_no_translation():
    for text in ("0.5", "−1.25", "10⁻³", "1e−5", "x", "h1", "x₁", "ŷ", "σ′(x)",
                 "w · x + b", "4-3", "42%", "(0, 1)", "f(x) = 2x² + 5x + 6", "R²",
                 "±0.1"):  # fmt: skip
        assert translation(text, {}) == text


@pytest.mark.parametrize(
    "text", ["ReLU(x)", "leaky ReLU", "tanh′", "tanh, ReLU", "tanh(x) = 2σ(2x) − 1"]
)
def test_what_has_only_names_left_needs_no_translation(text):
    assert translation(text, TABLE) == text


def test_a_text_with_another_word_is_refused_with_the_setting_to_look_at():
    for text in ("Loss", "the loss", "losses", "ReLU function", "preReLU", "no x",
                 "lr = 0.1", "in 3 steps", "损失函数", "échelle"):  # fmt: skip
        with pytest.raises(UntranslatedText, match="figure-texts") as error:
            translation(text, TABLE)
        assert repr(text) in str(error.value)


def test_a_translation_that_loses_a_number_is_refused():
    with pytest.raises(FigureError, match=r"'\{\} of \{\}' and its translation"):
        translation("3 of 4", {"{} of {}": "{}之"})


@given(st.text(max_size=20))
def test_a_text_in_the_table_is_never_refused(text):
    assert translation(text, {text: "译"}) == "译"


@given(st.text(alphabet="0123456789 .,−-+()=²σ%·", max_size=20))
def test_numbers_and_signs_stay(text):
    assert translation(text, TABLE) == text


def test_chinese_characters_are_squares():
    font = FontProperties(size=10)
    assert measure("损失函数", font)[0] == 40
    assert measure("损失x", font)[0] == pytest.approx(20 + measure("x", font)[0])


def test_a_wider_text_measures_wider():
    font = FontProperties(size=10)
    assert measure("training loss", font)[0] > measure("loss", font)[0] > 0
