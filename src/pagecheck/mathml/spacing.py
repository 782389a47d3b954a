"""Spaces a formula as TeX does, where MathML's own rules differ."""

from __future__ import annotations

import itertools
from enum import Enum, auto
from xml.etree import ElementTree as ET

from pagecheck.mathml.structure import FUNCTION, PRIMES, SCRIPTED

ROWS = {"math", "mrow", "mtd", "mstyle", "msqrt"}
"""Elements whose parts stand side by side."""

_OPENING = {"(", "[", "{", "⟨", "⌊", "⌈"}
_CLOSING = {")", "]", "}", "⟩", "⌋", "⌉"}
_SIGNS = {"+", "−", "±", "∓"}
# Operations that MathML sets closer to what they stand between.
_PRODUCTS = {"×", "÷", "⋅", "∗", "⋆", "∘", "⊙", "⊗", "⊕"}


def space(math: ET.Element) -> None:
    """Space a formula in place.

    Args:
        math: The `<math>` element.
    """
    for element in list(math.iter()):
        if element.tag in ROWS:
            _make_signs_unary(element)
            _widen_products(element)
            _set_thin_spaces(element)
    for element in math.iter():
        if element.tag in SCRIPTED:
            _tighten_scripts(element)
    _close_ends(math)


def _core(element: ET.Element) -> ET.Element:
    """Return what stands inside of scripts, accents and primes."""
    while element.tag in SCRIPTED or (len(element) and element[-1].text in PRIMES):
        element = element[0]
    return element


def _make_signs_unary(row: ET.Element) -> None:
    """Take a sign after an operator or an opening bracket for a number's own."""
    bars = 0
    for before, sign in itertools.pairwise(row):
        core = _core(before)
        bars += core.text == "|"
        closes = core.text in _CLOSING or (core.text == "|" and bars % 2 == 0)
        is_operand = core.tag != "mo" or core.get("form") == "postfix" or closes
        if sign.text in _SIGNS and (not is_operand or before.tag == "mspace"):
            sign.set("form", "prefix")


def _widen_products(row: ET.Element) -> None:
    for operator in row[1:-1]:
        if operator.tag == "mo" and operator.text in _PRODUCTS:
            operator.attrib.update(lspace="0.222em", rspace="0.222em")


class _Kind(Enum):
    """What TeX takes a part of a row for, as far as thin spaces depend on it."""

    ORDINARY = auto()
    FUNCTION = auto()
    INNER = auto()  # a fraction or a matrix
    OPENING = auto()
    CLOSING = auto()
    SPACED = auto()  # a space, or an operator, which MathML spaces


_THIN = {
    _Kind.ORDINARY: {_Kind.FUNCTION, _Kind.INNER},
    _Kind.FUNCTION: {_Kind.ORDINARY, _Kind.FUNCTION, _Kind.INNER},
    _Kind.INNER: {_Kind.ORDINARY, _Kind.FUNCTION, _Kind.INNER, _Kind.OPENING},
    _Kind.CLOSING: {_Kind.FUNCTION, _Kind.INNER},
}
"""Between what TeX sets a thin space (The TeXbook, chapter 18)."""


def _set_thin_spaces(row: ET.Element) -> None:
    parts = list(row)
    for part in parts:
        row.remove(part)
    before = _Kind.SPACED
    for part in parts:
        kind = _kind(part)
        if kind in _THIN.get(before, ()):
            row.append(ET.Element("mspace", {"width": "0.167em"}))
        row.append(part)
        before = _Kind.CLOSING if kind is _Kind.OPENING and len(part) else kind


def _kind(part: ET.Element) -> _Kind:
    core = _core(part)
    fence = core[0].text if core.tag == "mrow" and len(core) else core.text
    if FUNCTION in core.attrib:
        return _Kind.FUNCTION
    if core.tag == "mfrac" or core.find("mtable") is not None:
        return _Kind.INNER
    if fence in _OPENING:
        return _Kind.OPENING
    if fence in _CLOSING:
        return _Kind.CLOSING
    return _Kind.SPACED if core.tag in ("mo", "mspace") else _Kind.ORDINARY


def _tighten_scripts(scripted: ET.Element) -> None:
    """Set no space around the operators in scripts and limits."""
    for script in scripted[1:]:
        for row in script.iter():
            for operator in row[1:]:
                if operator.tag == "mo" and operator.text not in _OPENING | _CLOSING:
                    operator.attrib.update(lspace="0", rspace="0")


def _close_ends(math: ET.Element) -> None:
    """Set no space before a formula such as `= 3`, nor after one such as `x =`."""
    row = list(math[0] if math[0].tag == "mrow" else math)
    for side, end in ("lspace", row[:1]), ("rspace", row[-1:]):
        for operator in end:
            if operator.tag == "mo" and operator.text not in (
                _OPENING | _CLOSING | _SIGNS
            ):
                operator.set(side, "0")
