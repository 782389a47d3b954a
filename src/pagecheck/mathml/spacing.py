"""Spaces a formula as TeX does, where MathML's own rules differ."""

from __future__ import annotations

import itertools
from xml.etree import ElementTree as ET

from pagecheck.mathml.structure import FUNCTION, PRIMES, SCRIPTED

ROWS = {"math", "mrow", "mtd", "mstyle", "msqrt"}
"""Elements whose parts stand side by side."""

_OPENING = {"(", "[", "{", "⟨", "⌊", "⌈"}
_CLOSING = {")", "]", "}", "⟩", "⌋", "⌉"}
_SIGNS = {"+", "−", "±", "∓"}


def space(math: ET.Element) -> None:
    """Space a formula in place, and unpack what marks no more than its spacing."""
    for element in list(math.iter()):
        if element.tag in ROWS:
            _make_signs_unary(element)
            _space_functions(element)
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


def _space_functions(row: ET.Element) -> None:
    """Set a thin space beside a function's name, except at brackets."""
    children = list(row)
    for child in children:
        row.remove(child)
    before: ET.Element | None = None
    for child in children:
        if before is not None and (
            (_is_function(child) and _wants_space_after(before))
            or (_is_function(before) and _wants_space_before(child))
        ):
            row.append(ET.Element("mspace", {"width": "0.167em"}))
        row.append(child)
        before = child


def _is_function(element: ET.Element) -> bool:
    return FUNCTION in _core(element).attrib


def _wants_space_after(element: ET.Element) -> bool:
    if _is_function(element) or element.tag == "mspace":
        return False  # what follows a function asks for itself
    core = _core(element)
    return core.tag != "mo" or core.text in _CLOSING


def _wants_space_before(element: ET.Element) -> bool:
    core = _core(element)
    if core.tag == "mrow" and len(core) and core[0].tag == "mo":
        return core[0].text not in _OPENING
    return _is_function(element) or core.tag not in ("mo", "mspace")


def _close_ends(math: ET.Element) -> None:
    """Set no space before a formula such as `= 3`, nor after one such as `x =`."""
    row = list(math[0] if math[0].tag == "mrow" else math)
    for side, end in ("lspace", row[:1]), ("rspace", row[-1:]):
        for operator in end:
            if operator.tag == "mo" and operator.text not in (
                _OPENING | _CLOSING | _SIGNS
            ):
                operator.set(side, "0")
