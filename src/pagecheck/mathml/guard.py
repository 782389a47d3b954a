"""Refuses MathML that a reader would not take for the formula."""

from __future__ import annotations

import unicodedata
from collections import Counter
from xml.etree import ElementTree as ET

from pagecheck.mathml.formula_error import FormulaError
from pagecheck.mathml.spacing import ROWS
from pagecheck.mathml.structure import FUNCTION

_PARTS = {
    "mfrac": 2,
    "msub": 2,
    "msup": 2,
    "msubsup": 3,
    "munder": 2,
    "mover": 2,
    "munderover": 3,
}
_KNOWN = {*ROWS, *_PARTS, "mtable", "mtr", "mi", "mn", "mo", "mspace"}
_ATTRIBUTES = {
    "accent",
    "class",
    "displaystyle",
    "fence",
    "form",
    "lspace",
    "mathvariant",
    "maxsize",
    "minsize",
    "movablelimits",
    "rspace",
    "scriptlevel",
    "stretchy",
    "width",
}


def guard(math: ET.Element, latex: str, shown: str) -> None:
    """Check the MathML of a formula, and take the marks off its functions.

    Args:
        math: The `<math>` element, without attributes of its own.
        latex: The formula.
        shown: The letters and digits that must be in it, in any order.

    Raises:
        FormulaError: Something is left over, lost or unknown to browsers.
    """
    for element in math.iter():
        if problem := _problem(element):
            raise _refusal(latex, problem)
    drawn = unicodedata.normalize("NFKC", "".join(math.itertext()).replace("ℓ", ""))
    if _alphanumerics(drawn) != _alphanumerics(shown):
        raise _refusal(latex, "latex2mathml would lose or add letters")


def _refusal(latex: str, reason: str) -> FormulaError:
    return FormulaError(latex, reason, "write it in simpler parts")


def _problem(element: ET.Element) -> str | None:
    function = element.attrib.pop(FUNCTION, None)
    text = element.text or ""
    if element.tag not in _KNOWN:
        return f"latex2mathml made a <{element.tag}> of it"
    if any(sign in text for sign in "\\&$#_^~"):
        return f"the text {text!r} would be left in the formula"
    if element.tag == "mi" and len(text) > 1 and text.isascii() and text != function:
        return f"the word {text!r} would be left in the formula"
    if element.tag in _PARTS and len(element) != _PARTS[element.tag]:
        return f"a <{element.tag}> would have {len(element)} parts"
    if unknown := element.attrib.keys() - _ATTRIBUTES:
        return f"browsers do not know {', '.join(sorted(unknown))}"
    return None


def _alphanumerics(text: str) -> Counter[str]:
    return Counter(sign for sign in text if sign.isascii() and sign.isalnum())
