"""The texts of figures: what each is called in another language, and how wide it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from unicodedata import east_asian_width, normalize

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from pagecheck.house import FigureError

_NUMBER = re.compile(r"(?<![\w.])[-−+]?\d[\d,]*(?:\.\d+)?(?:e[-−+]?\d+)?(?!\w)")
_WORD = re.compile(r"[^\W\d_\u0370-\u03ff]{2,}")  # Greek letters are signs


def translation(text: str, table: Mapping[str, str]) -> str:
    """What a line of a figure's text is called in another language.

    It is looked up as it stands, then with ``{}`` for each number in it
    (``"after {} steps" = "{}步之后"``). A name that stays is its own translation
    (``"ReLU" = "ReLU"``, which also serves "ReLU(x)"). What then has no word left, of
    two letters or more, needs none: "0.5", "x", "h1", "σ′(x)".

    Raises:
        FigureError: The text has a word in it and is not in the table, or it and its
            translation differ in their ``{}``.
    """
    if text in table:
        return table[text]
    pattern, numbers = _NUMBER.sub("{}", text), iter(_NUMBER.findall(text))
    if pattern in table:
        called = table[pattern]
        if called.count("{}") != pattern.count("{}"):
            told = f"{pattern!r} and its translation {called!r} differ in their {{}}"
            raise FigureError(told)
        return re.sub(r"\{\}", lambda _: next(numbers), called)
    names = sorted((n for n in table if table[n] == n), key=len, reverse=True)
    known = "|".join(map(re.escape, names))
    rest = re.sub(rf"(?<!\w)(?:{known})(?!\w)", " ", text)
    if _WORD.search(normalize("NFKC", rest)):  # x₁ is no word
        raise FigureError(
            f"the figure's text {text!r} has no translation; add it to the table that "
            "the setting figure-texts names"
        )
    return text


def measure(text: str, font: FontProperties) -> tuple[float, float, float]:
    """A line's width, its height, and how much of that is below the baseline.

    In points. Letters are measured in the font that matplotlib brings along, which is
    wider than what most systems have, and Chinese characters, which it lacks, count
    as squares: what fits by this measure fits in a browser.
    """
    rest = "".join(one for one in text if east_asian_width(one) not in "WF")
    width, height, descent = text_to_path.get_text_width_height_descent(
        rest or "x", font, ismath=False
    )
    if rest == text:
        return width, height, descent
    size = font.get_size_in_points()
    squares = (len(text) - len(rest)) * size + (width if rest else 0.0)
    return squares, max(height, size), max(descent, 0.15 * size)
