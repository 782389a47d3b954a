"""Converts one formula: LaTeX in, MathML out."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from latex2mathml.converter import convert_to_element

from pagecheck.mathml.formula_error import FormulaError
from pagecheck.mathml.guard import guard
from pagecheck.mathml.reader import Reader
from pagecheck.mathml.spacing import space
from pagecheck.mathml.structure import restructure


def mathml(latex: str, *, display: bool = False) -> ET.Element:
    r"""Convert a formula to MathML.

    Args:
        latex: The formula, without its dollar signs.
        display: Whether it stands on lines of its own.

    Returns:
        A `<math>` element of MathML Core, with the LaTeX as its `alttext`.

    Raises:
        FormulaError: A construct is unknown, or the result would be broken.
    """
    reader = Reader(latex)
    normal = reader.formula()
    try:
        math = convert_to_element(normal, display="block" if display else "inline")
    except Exception as error:  # it raises whatever its internals happen to raise
        raise FormulaError(
            latex, f"latex2mathml refuses it: {error!r}", "write it in simpler parts"
        ) from error
    restructure(math, reader.environments)
    space(math)
    math.attrib.clear()
    guard(math, latex, "".join(reader.shown))
    if display:
        math.set("display", "block")
    math.set("alttext", " ".join(latex.split()))
    return math


def annotate(math: ET.Element, latex: str) -> None:
    """Put the LaTeX into the element, where a reader's tools find it for copying."""
    presentation = list(math)
    for child in presentation:
        math.remove(child)
    semantics = ET.SubElement(math, "semantics")
    if len(presentation) == 1:
        semantics.append(presentation[0])
    else:
        ET.SubElement(semantics, "mrow").extend(presentation)
    annotation = ET.SubElement(
        semantics,
        "annotation",
        {"encoding": "application/x-tex", "data-search-exclude": ""},
    )
    annotation.text = latex
