"""Makes MathML Core, all that browsers draw, of what `latex2mathml` writes.

Letters in bold are other letters there, cells are aligned by class, and a function's
name, a limit or a prime is told by its element.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from html import unescape
from xml.etree import ElementTree as ET

from pagecheck.mathml.commands import LIMIT_FUNCTIONS

FUNCTION = "function"
"""The attribute that marks a function's name, with the name, until `guard` takes it."""

SCRIPTED = {
    "msub": "munder",
    "msup": "mover",
    "msubsup": "munderover",
    "munder": "munder",
    "mover": "mover",
    "munderover": "munderover",
}
"""Elements with scripts, and how each is called where the scripts are limits."""

PRIMES = {"′", "″", "‴", "⁗"}

_LIMIT_NAMES = {name[1:].replace("arg", "arg\xa0") for name in LIMIT_FUNCTIONS}
# What latex2mathml takes for an operator and TeX for a letter, and the reverse.
_ITALIC = {"∂", "∞", "…"}
_UPRIGHT = {"∇", "⊤", "⊥", "∀", "∃", "∅", *"ΓΔΘΛΞΠΣΥΦΨΩ"}
# On a Chinese page a middle dot may be as wide as a Chinese character.
_OPERATORS = {"·": "⋅", "*": "∗", "~": "∼", "⧵": "∖", "±": "±", "⟹": "⟹", "⟺": "⟺"}
_BARS = {"|", "/", "‖"}
_ACCENT_SIGNS = {"^": "ˆ", "∼": "˜", "¯": "¯", "˙": "˙", "¨": "¨"}
_STYLES = {
    "bold": "BOLD",
    "bold-italic": "BOLD ITALIC",
    "double-struck": "DOUBLE-STRUCK",
    "script": "SCRIPT",
}


def restructure(math: ET.Element, environments: list[str]) -> None:
    """Make MathML Core of what `latex2mathml` wrote, in place.

    Args:
        math: The `<math>` element.
        environments: The LaTeX names of its tables, in their order.
    """
    for element in math.iter():
        _mend_leaf(element)
    for table, environment in zip(math.iter("mtable"), environments, strict=True):
        _mend_table(table, environment)
    for element in list(math.iter()):
        _mend_accent(element)
        _mend_limits(element)
        _mend_prime(element)
    _unwrap(math)


def _mend_leaf(element: ET.Element) -> None:
    if element.get("width") == "negativethinmathspace":
        element.set("width", "-0.167em")
    if not element.text:
        return
    element.text = text = unescape(element.text)
    variant = element.attrib.pop("mathvariant", None)
    if variant == "normal":
        element.set("mathvariant", "normal")
    elif variant and element.tag in ("mi", "mn"):
        element.text = "".join(_letter_in(_STYLES[variant], letter) for letter in text)
    elif element.tag == "mo" and text[0].isalpha():
        element.tag, element.text = "mi", text.replace("\u2009", "\xa0")
        element.attrib.clear()
        element.set(FUNCTION, element.text)
        if len(text) == 1:
            element.set("mathvariant", "normal")
    elif element.tag == "mi" and len(text) > 1 and text.isalpha():
        element.set(FUNCTION, text)
    elif text in _ITALIC or text in _UPRIGHT:
        element.tag = "mi"
        element.attrib.clear()
        if text in _UPRIGHT:
            element.set("mathvariant", "normal")
    elif text in _OPERATORS:
        element.tag, element.text = "mo", _OPERATORS[text]
    elif element.tag == "mo" and text in _BARS:
        element.set("lspace", "0")
        element.set("rspace", "0")
    elif element.tag == "mtext" and text == "\xa0":
        element.tag, element.text = "mspace", None
        element.set("width", "0.25em")


def _letter_in(style: str, letter: str) -> str:
    """Return the mathematical alphanumeric sign that is this letter in this style."""
    if letter.isdigit() and style == "BOLD ITALIC":
        style = "BOLD"
    name = re.sub("LATIN |GREEK |LETTER ", "", unicodedata.name(letter))
    for prefix in (f"MATHEMATICAL {style}", style):
        with contextlib.suppress(KeyError):
            return unicodedata.lookup(f"{prefix} {name}")
    return letter + "\\"  # there is no such sign: the guard refuses the backslash


def _mend_table(table: ET.Element, environment: str) -> None:
    table.attrib.clear()
    table.set("class", environment)
    if environment == "aligned":
        table.set("displaystyle", "true")
    for cell in table.iter("mtd"):
        alignment = cell.attrib.pop("columnalign", None)
        if alignment in ("left", "right"):
            cell.set("class", alignment)
        # The empty identifier before a relation is there to make it infix.
        if len(cell) > 1 and cell[0].tag == "mi" and cell[0].text is None:
            cell.remove(cell[0])
            if cell[0].tag == "mo":
                cell[0].set("form", "infix")


def _mend_accent(element: ET.Element) -> None:
    if element.tag != "mover":
        return
    sign = element[1]
    if (accent := _ACCENT_SIGNS.get(sign.text or "")) is not None:
        element.set("accent", "true")
        sign.attrib.clear()
        sign.set("stretchy", "false")
        sign.text = accent


def _mend_limits(element: ET.Element) -> None:
    """Put limits where TeX puts them: below in display, beside it in a line."""
    if element.tag not in SCRIPTED:
        return
    base = element[0]
    if base.get(FUNCTION) in _LIMIT_NAMES:
        element.tag = SCRIPTED[element.tag]
        base.tag = "mo"
        base.attrib.update(movablelimits="true", lspace="0", rspace="0")
    elif base.tag == "mo" and base.text in ("∑", "∏"):
        element.tag = SCRIPTED[element.tag]


def _mend_prime(element: ET.Element) -> None:
    """Set primes beside their base: in fonts they are raised and small already."""
    if element.tag not in ("msup", "msubsup") or element[-1].text not in PRIMES:
        return
    prime = element[-1]
    prime.tag = "mo"
    prime.attrib.update(form="postfix", lspace="0", rspace="0")
    element.remove(prime)
    base = element[0]
    if element.tag == "msubsup":
        base = ET.Element("msub")
        base.extend(list(element))
    for child in list(element):
        element.remove(child)
    element.tag = "mrow"
    element.extend([base, prime])


def _unwrap(element: ET.Element) -> None:
    """Take out the rows that hold one thing."""
    for index, child in enumerate(element):
        _unwrap(child)
        if child.tag == "mrow" and len(child) == 1:
            element[index] = child[0]
