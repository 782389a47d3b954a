"""What a figure's text is called in another language, and how wide it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties

from pagecheck.figure_texts import measure, translation
from pagecheck.house import FigureError

TABLE = {name: name for name in ("ReLU", "leaky ReLU", "tanh")} | {
    "loss": "损失",
    "after {} steps": "{}步之后",
    "{} of {} rows": "{}行，共{}行",
    "class 1": "第一类",
    "class {}": "类别{}",
}
TRANSLATED = {
    "loss": "损失",
    "after 1,000 steps": "1,000步之后",
    "after −2.5e−3 steps": "−2.5e−3步之后",
    "3 of 17 rows": "3行，共17行",
    "class 1": "第一类",  # as it stands, before any pattern
    "class 0": "类别0",
}
WORDLESS = ("0.5", "−1.25", "10⁻³", "1e−5", "x", "h1", "x₁", "ŷ", "σ′(x)", "w · x + b",
            "4-3", "42%", "(0, 1)", "f(x) = 2x² + 5x + 6", "R²", "±0.1")  # fmt: skip
NAMES = ("ReLU(x)", "leaky ReLU", "tanh′", "tanh, ReLU", "tanh(x) = 2σ(2x) − 1")


def test_a_text_is_looked_up_with_its_numbers_left_out_and_signs_and_names_stay():
    same = {text: text for text in (*WORDLESS, *NAMES)}
    for text, expected in {**TRANSLATED, **same}.items():
        assert translation(text, TABLE) == expected


def test_a_text_with_another_word_is_refused_with_the_setting_to_look_at():
    for text in ("Loss", "the loss", "losses", "ReLU function", "preReLU", "no x",
                 "lr = 0.1", "in 3 steps", "损失函数", "échelle"):  # fmt: skip
        with pytest.raises(FigureError, match="figure-texts") as error:
            translation(text, TABLE)
        assert repr(text) in str(error.value)
    with pytest.raises(FigureError, match=r"'\{\} of \{\}' and its translation"):
        translation("3 of 4", {"{} of {}": "{}之"})


@given(st.text(max_size=20), st.text("0123456789 .,−-+()=²σ%·", max_size=20))
def test_a_text_in_the_table_is_never_refused_and_numbers_stay(text, signs):
    assert translation(text, {text: "译"}) == "译"
    assert translation(signs, TABLE) == signs


def test_chinese_characters_are_squares_and_wider_texts_measure_wider():
    font = FontProperties(size=10)
    assert measure("损失函数", font)[0] == 40
    assert measure("损失x", font)[0] == pytest.approx(20 + measure("x", font)[0])
    assert measure("training loss", font)[0] > measure("loss", font)[0] > 0
