r"""A Markdown extension that turns LaTeX into MathML while the site is built.

`$…$` inside a line and `$$` on lines of their own become MathML, which browsers draw
without a script. `latex2mathml` does the conversion, but it never raises: what it does
not understand reaches the reader as raw LaTeX. So every formula passes three hands:

1. `normalise` reads the LaTeX strictly, knows every command it lets through and its
   arguments, and writes it again in the one form that `latex2mathml` converts rightly;
2. `latex2mathml` converts it;
3. `_tidy` makes MathML Core of the result, which is all that browsers draw (letters in
   bold are other letters there, cells are aligned by class), and `_guard` refuses
   whatever looks like a formula that was misunderstood.

Whatever is refused raises `FormulaError`: the build fails rather than the page. The
LaTeX itself stays with the formula, as an annotation and as its `alttext`.
"""

from __future__ import annotations

import itertools
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import Any
from xml.etree import ElementTree as ET

from latex2mathml.converter import convert_to_element
from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

INLINE_MATH = re.compile(
    r"(?<![\\$])\$(?![\s$])"
    r"(?P<latex>(?:[^\\$`\n\x02\x03]|\\[^`\n\x02\x03])+)"
    r"(?<!\s)\$(?![\d$])"
)
r"""A formula inside a line, `$…$`; the group `latex` is what stands between.

No space after the opening dollar, none before the closing one, no digit after it, so
that prices stay text; `\$` is a dollar sign. Code spans must be masked first.
"""

DISPLAY_MATH = "$$"
"""What stands alone on the line before a displayed formula, and on the line after."""


def _commands(names: str) -> frozenset[str]:
    return frozenset("\\" + name for name in names.split())


_GREEK = _commands(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa "
    "lambda mu nu xi pi rho sigma tau upsilon phi varphi chi psi omega "
    "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
)
_SYMBOLS = _GREEK | _commands(
    "partial nabla infty ell top bot forall exists emptyset "
    "dots ldots cdots vdots ddots "
    "le leq ge geq ne neq lt gt ll gg approx sim simeq equiv propto in notin ni subset "
    "subseteq mid to rightarrow leftarrow leftrightarrow mapsto Rightarrow Leftarrow "
    "Leftrightarrow implies iff "
    "cdot times div pm mp odot otimes oplus circ ast star cap cup setminus "
    "land lor neg sum prod int"
)
_SPACES = {"\\,", "\\:", "\\;", "\\!", "\\ ", "\\quad", "\\qquad"}
_FUNCTIONS = _commands("log ln exp sin cos tan sinh cosh tanh arcsin arccos arctan dim")
_LIMIT_FUNCTIONS = _commands("lim max min sup inf argmax argmin det")
_ACCENTS = _commands("hat bar tilde dot ddot overline")
_FRACTIONS = {"\\frac", "\\dfrac", "\\tfrac", "\\binom"}
_BRACES = {"\\underbrace", "\\overbrace"}
_FONTS = _commands("mathbf boldsymbol mathbb mathcal mathrm")
_SIZES = _commands("big bigl bigr Big Bigl Bigr bigg biggl biggr Bigg Biggl Biggr")
_DELIMITERS = {"(", ")", "[", "]", "|", "/", "."} | _commands(
    "{ } | lvert rvert lVert rVert vert Vert langle rangle lfloor rfloor lceil rceil"
)
# Delimiters that come in pairs; \left and \right make them as tall as what they hold.
_PAIRS = {
    "\\lVert": "\\rVert",
    "\\lvert": "\\rvert",
    "\\lfloor": "\\rfloor",
    "\\lceil": "\\rceil",
    "\\langle": "\\rangle",
}
_ENVIRONMENTS = {
    "aligned": "align*",
    "gathered": "matrix",
    "cases": "cases",
    "matrix": "matrix",
    "pmatrix": "pmatrix",
    "bmatrix": "bmatrix",
    "vmatrix": "vmatrix",
    "Vmatrix": "Vmatrix",
}
_TEXT = re.compile(r"\\(?:text[a-z]*|mbox|hbox)")
_ADVICE = {
    "\\over": r"write \frac{…}{…}",
    "\\tag": "number nothing; link to the heading above the formula",
    "\\label": "number nothing; link to the heading above the formula",
    "\\limits": "leave it out: limits stand below where the formula is displayed",
    "\\nolimits": "leave it out: limits stand below where the formula is displayed",
    "\\displaystyle": r"leave it out, or write \dfrac for a tall fraction",
    "\\mathrm": r"write \operatorname{…} for a name of more than one letter",
    "\\rm": r"write \mathrm{d} for one letter, \operatorname{…} for a name",
    "\\bf": r"write \mathbf{…}",
    "\\bm": r"write \boldsymbol{…}",
    "\\T": r"write ^\top for a transpose",
    "\\intercal": r"write ^\top for a transpose",
    "\\Vert": r"write \lVert … \rVert",
    "\\|": r"write \lVert … \rVert",
    "\\vert": r"write \lvert … \rvert, or \mid between two things",
    "\\colon": "write a plain colon",
    "\\not": r"write the negated sign itself, such as \neq or \notin",
    "\\operatorname*": r"write \argmin, \argmax, \max or the like",
}

_DEEPEST = 40  # things inside things; Python's own stack would end later

_TOKEN = re.compile(
    r"\\operatorname\*|\\[a-zA-Z]+|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL | re.ASCII
)
_PLAIN = re.compile(r"[a-zA-Z]|\d+(?:\.\d+)?|[-+*/=<>()\[\]|,.;:!]", re.ASCII)
_THOUSANDS = re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,])")


class FormulaError(ValueError):
    """A formula that cannot be shown rightly.

    Attributes:
        latex: The formula as the page has it.
        reason: What is wrong with it.
        advice: What to write instead.
        page: The page that it stands on, where that is known.
        line: The line on the page, counted from 1, where that is known.
    """

    def __init__(
        self,
        latex: str,
        reason: str,
        advice: str,
        page: str | None = None,
        line: int | None = None,
    ) -> None:
        self.latex = latex
        self.reason = reason
        self.advice = advice
        self.page = page
        self.line = line
        place = ":".join(str(part) for part in (page, line) if part is not None)
        super().__init__(
            f"{place + ': ' if place else ''}{reason}\n"
            f"  formula: {latex}\n"
            f"  instead: {advice}"
        )


def mathml(latex: str, *, display: bool = False, annotate: bool = True) -> ET.Element:
    r"""Convert a formula to MathML.

    Args:
        latex: The formula, without its dollar signs.
        display: Whether it stands on lines of its own.
        annotate: Whether the LaTeX goes with it as an annotation.

    Returns:
        A `<math>` element of MathML Core, with the LaTeX as its `alttext`.

    Raises:
        FormulaError: A construct is unknown, or the result would be broken.
    """
    reader = _Reader(latex)
    normal = reader.formula()
    try:
        math = convert_to_element(normal, display="block" if display else "inline")
    except Exception as error:  # it raises whatever its internals happen to raise
        raise FormulaError(
            latex,
            f"latex2mathml refuses it ({type(error).__name__} {error})".replace(
                " )", ")"
            ),
            "write it in simpler parts",
        ) from error
    _tidy(math, reader.environments)
    _guard(math, latex, "".join(reader.shown))
    math.attrib.clear()
    if display:
        math.set("display", "block")
    math.set("alttext", " ".join(latex.split()))
    if not display and not _reads_in_order(math):
        math.set("data-search-exclude", "")
    if annotate:
        _annotate(math, latex.strip())
    return math


def normalise(latex: str) -> str:
    r"""Rewrite a formula in the one form that `latex2mathml` converts rightly.

    Args:
        latex: The formula, without its dollar signs.

    Returns:
        The same formula: every argument in braces, tokens apart, `aligned` as `align*`,
        `\arg\min` as `\argmin`, `\lVert` as `\left\lVert`.

    Raises:
        FormulaError: Something in it is unknown or unbalanced.
    """
    return _Reader(latex).formula()


class _Reader:
    """Reads one formula from left to right and writes its normal form."""

    def __init__(self, latex: str) -> None:
        self.latex = latex
        self.tokens = [t for t in _TOKEN.findall(latex) if not t.isspace()]
        self.position = 0
        self.depth = 0
        self.environments: list[str] = []  # in the order in which they begin
        self.shown: list[str] = []  # letters and digits that the reader must see

    def formula(self) -> str:
        if found := _THOUSANDS.search(self.latex):
            raise self.error(
                f"the comma in {found[0]} would be set as a list's",
                f"write {found[0].replace(',', '{,}')} for a number, "
                f"{found[0].replace(',', ', ')} for a list",
            )
        if not self.tokens:
            raise self.error("the formula is empty", "write one, or leave it out")
        return " ".join(self.row(until=()))

    def error(self, reason: str, advice: str) -> FormulaError:
        return FormulaError(self.latex, reason, advice)

    def peek(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def next(self) -> str:
        token = self.peek()
        self.position += 1
        return token

    def row(self, until: tuple[str, ...]) -> list[str]:
        """Read up to one of the tokens `until`, or to the end if there are none."""
        parts: list[str] = []
        scripts: set[str] = set()
        while (token := self.peek()) not in until:
            if not token:
                if not until:
                    break
                raise self.error(f"{until[0]} is missing", "close what was opened")
            if token in ("^", "_", "'"):
                parts += self.script(bool(parts), scripts)
            else:
                parts += self.atom()
                scripts = set()
        return parts

    def script(self, has_base: bool, scripts: set[str]) -> list[str]:
        sign = self.next()
        if not has_base:
            raise self.error(
                f"{sign} stands on nothing", "put what it belongs to before it"
            )
        kind = "_" if sign == "_" else "^"
        if kind in scripts and not (sign == "'" and "'" in scripts):
            raise self.error(
                f"two {'sub' if kind == '_' else 'super'}scripts on one thing",
                "put the first in braces with what it belongs to",
            )
        scripts |= {kind, sign}
        return ["'"] if sign == "'" else [sign, *self.argument(sign)]

    def argument(self, command: str) -> list[str]:
        token = self.peek()
        if token == "{":
            return self.group(command)
        if token.isdigit() and len(token) == 1:
            return ["{", *self.atom(), "}"]
        if token[:1].isdigit():
            raise self.error(
                f"{command}{token} would take the digit {token[0]} alone",
                "put the argument, or each of them, in braces",
            )
        if token in ("", "}", "&", "\\\\", "^", "_", "'", "-", "+"):
            raise self.error(f"{command} lacks its argument", "put it in braces")
        return ["{", *self.atom(), "}"]

    def group(self, command: str) -> list[str]:
        self.next()
        inside = self.row(until=("}",))
        self.next()
        if not inside:
            raise self.error(
                f"empty braces after {command}", "fill them, or go without"
            )
        return ["{", *inside, "}"]

    def atom(self) -> list[str]:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.error("it is nested too deeply", "write it in simpler parts")
        parts = self.read_atom()
        self.depth -= 1
        return parts

    def read_atom(self) -> list[str]:
        token = self.peek()
        if token == "{":
            return self.group("nothing")
        self.next()
        if _PLAIN.fullmatch(token):
            if token.isalnum() or token[0].isdigit():
                self.shown.append(token)
            return [token]
        if token in _SYMBOLS or token in _SPACES or token in ("\\{", "\\}", "\\%"):
            return [token]
        if token == "\\arg" and self.peek() in ("\\min", "\\max"):
            token += self.next()[1:]
        if token in _FUNCTIONS or token in _LIMIT_FUNCTIONS:
            self.shown.append(token[1:])
            return [token]
        if token in _ACCENTS or token in _BRACES:
            return [token, *self.argument(token)]
        if token in _FRACTIONS:
            both = [token, *self.argument(token), *self.argument(token)]
            return ["{", *both, "}"] if token == "\\binom" else both
        if token == "\\sqrt":
            return self.root()
        if token in _FONTS:
            return self.font(token)
        if token == "\\operatorname":
            return self.operator_name()
        if token in _SIZES:
            return [token, self.delimiter(token)]
        if token in _PAIRS:
            inside = self.row(until=(_PAIRS[token],))
            return ["\\left", token, *inside, "\\right", self.next()]
        if token == "\\left":
            return self.fenced()
        if token == "\\begin":
            return self.environment()
        raise self.unknown(token)

    def unknown(self, token: str) -> FormulaError:
        if token == "}":
            return self.error("a } closes nothing", r"take it out, or write \}")
        if token in ("&", "\\\\"):
            return self.error(
                f"{token} outside a table",
                r"put it between \begin{aligned} and \end{aligned}",
            )
        if token in _PAIRS.values():
            return self.error(f"{token} closes nothing", "open it, or take it out")
        if token in ("\\end", "\\right"):
            return self.error(f"{token} closes nothing", "open it, or take it out")
        if _TEXT.fullmatch(token):
            return self.error(
                f"{token} puts words into a formula",
                r"say it in the prose around it; a function's name is \operatorname{…}",
            )
        if not token.isascii():
            return self.error(
                f"{token!r} is no LaTeX",
                "write signs as commands, and words in the prose around the formula",
            )
        if not token.startswith("\\"):
            return self.error(
                f"a bare {token}", r"write \%" if token == "%" else "take it out"
            )
        return self.error(
            f"{token} is no command that formulas here may use",
            _ADVICE.get(
                token,
                "use one that pagecheck.mathml knows, or add it there with a test",
            ),
        )

    def root(self) -> list[str]:
        if self.peek() != "[":
            return ["\\sqrt", *self.argument("\\sqrt")]
        self.next()
        degree = self.row(until=("]",))
        self.next()
        return ["\\sqrt", "[", *degree, "]", *self.argument("\\sqrt")]

    def font(self, command: str) -> list[str]:
        start = self.position
        argument = self.argument(command)
        letters = [t for t in self.tokens[start : self.position] if t not in ("{", "}")]
        for letter in letters:
            if not (letter.isalnum() or letter in _GREEK) or (
                command != "\\boldsymbol" and letter in _GREEK
            ):
                raise self.error(
                    f"{command} around {letter}",
                    r"put single letters into it (Greek ones into \boldsymbol)",
                )
        if command == "\\mathrm" and len(letters) > 1:
            raise self.error(f"{command} around a word", _ADVICE[command])
        return [command, *argument]

    def operator_name(self) -> list[str]:
        found = re.match(r"\{([a-zA-Z]+)\}", "".join(self.tokens[self.position :]))
        if found is None:
            raise self.error(
                "\\operatorname without a name", r"write a name of letters in braces"
            )
        self.position += len(found[1]) + 2
        self.shown.append(found[1])
        return [f"\\operatorname{{{found[1]}}}"]

    def delimiter(self, command: str) -> str:
        token = self.next()
        if token not in _DELIMITERS:
            raise self.error(
                f"{token or 'nothing'} after {command} is no delimiter",
                r"write one such as ( ) [ ] \{ \} | \lVert \rVert, or . for none",
            )
        return token

    def fenced(self) -> list[str]:
        left = self.delimiter("\\left")
        inside = self.row(until=("\\right",))
        self.next()
        return ["\\left", left, *inside, "\\right", self.delimiter("\\right")]

    def environment_name(self) -> str:
        found = re.match(r"\{([a-zA-Z]+\*?)\}", "".join(self.tokens[self.position :]))
        if found is None or found[1] not in _ENVIRONMENTS:
            raise self.error(
                f"the environment {found[1] if found else ''} is unknown",
                "use one of " + ", ".join(_ENVIRONMENTS),
            )
        self.position += len(found[1]) + 2
        return found[1]

    def environment(self) -> list[str]:
        name = self.environment_name()
        self.environments.append(name)
        rows: list[list[list[str]]] = [[]]
        while True:
            rows[-1].append(self.row(until=("\\end", "&", "\\\\")))
            token = self.next()
            if token == "\\\\" and self.peek() == "[":
                raise self.error(
                    r"[ after \\ would be taken for a length", r"leave \\ alone"
                )
            if token == "\\\\":
                rows.append([])
            elif token == "\\end":
                break
        if (end := self.environment_name()) != name:
            raise self.error(
                rf"\begin{{{name}}} is closed by \end{{{end}}}", "close what was opened"
            )
        if rows[-1] == [[]]:
            rows.pop()
        self.check_shape(name, rows)
        written = " \\\\ ".join(
            " & ".join(" ".join(cell) for cell in row) for row in rows
        )
        latex2mathml_name = _ENVIRONMENTS[name]
        return [
            "{",
            f"\\begin{{{latex2mathml_name}}}",
            written,
            f"\\end{{{latex2mathml_name}}}",
            "}",
        ]

    def check_shape(self, name: str, rows: list[list[list[str]]]) -> None:
        widths = {len(row) for row in rows}
        expected = {"gathered": {1}, "cases": {2}}.get(name)
        if not rows or any(not any(row) for row in rows):
            raise self.error(f"{name} has an empty row", "fill it, or take it out")
        if expected and widths != expected:
            raise self.error(
                f"a row of {name} needs {min(expected)} cells, set apart by &",
                "add or remove an &",
            )
        if name.endswith("matrix") and (
            len(widths) != 1 or any(not cell for row in rows for cell in row)
        ):
            raise self.error(
                f"the rows of {name} differ in length, or a cell is empty",
                "give every row the same number of filled cells",
            )


_SCRIPTED = {
    "msub": "munder",
    "msup": "mover",
    "msubsup": "munderover",
    "munder": "munder",
    "mover": "mover",
    "munderover": "munderover",
}
_ARITY = {
    "mfrac": 2,
    "mroot": 2,
    "msub": 2,
    "msup": 2,
    "msubsup": 3,
    "munder": 2,
    "mover": 2,
    "munderover": 3,
}
_ROWS = {"math", "mrow", "mtd", "mstyle", "msqrt"}
_KNOWN = {*_ROWS, *_ARITY, "mtable", "mtr", "mi", "mn", "mo", "mspace"}
_ATTRIBUTES = {
    "accent",
    "class",
    "displaystyle",
    "fence",
    "form",
    "linethickness",
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
_LIMIT_NAMES = {name[1:].replace("arg", "arg\xa0") for name in _LIMIT_FUNCTIONS}
# What latex2mathml takes for an operator and TeX for a letter, and the reverse.
_ITALIC = {"∂", "∞", "…"}
_UPRIGHT = {"∇", "⊤", "⊥", "∀", "∃", "∅", *"ΓΔΘΛΞΠΣΥΦΨΩ"}
_OPERATORS = {"*": "∗", "~": "∼", "⧵": "∖", "±": "±", "⟹": "⟹", "⟺": "⟺"}
_ACCENT_SIGNS = {"^": "ˆ", "~": "˜", "¯": "¯", "―": "‾", "˙": "˙", "¨": "¨"}
_PRIMES = {"′", "″", "‴", "⁗"}
_OPENING = {"(", "[", "{", "⟨", "⌊", "⌈"}
_CLOSING = {")", "]", "}", "⟩", "⌋", "⌉"}
_SIGNS = {"+", "−", "±", "∓"}
_SPACELESS = _OPENING | _CLOSING | _SIGNS


def _tidy(math: ET.Element, environments: list[str]) -> None:
    """Make MathML Core of what latex2mathml wrote, and space it as TeX does."""
    for element in math.iter():
        if element.text:
            element.text = unescape(element.text)
        _tidy_leaf(element)
    for table, environment in zip(math.iter("mtable"), environments, strict=True):
        _tidy_table(table, environment)
    for element in list(math.iter()):
        _tidy_accent(element)
        _tidy_limits(element)
        _tidy_prime(element)
        _join_thousands(element)
    _unwrap(math)
    for element in list(math.iter()):
        if element.tag in _ROWS:
            _make_signs_unary(element)
            _space_functions(element)
    _close_ends(math)


def _tidy_leaf(element: ET.Element) -> None:
    text = element.text or ""
    variant = element.attrib.pop("mathvariant", None)
    if variant == "normal":
        element.set("mathvariant", "normal")
    elif variant and element.tag in ("mi", "mn"):
        element.text = _letters_in(text, variant)
    elif element.tag == "mo" and text[:1].isalpha():
        element.tag = "mi"
        element.text = text.replace("\u2009", "\xa0")
        element.attrib.clear()
        element.set("function", element.text)
        if len(text) == 1:
            element.set("mathvariant", "normal")
    elif element.tag == "mi" and len(text) > 1 and text.isalpha():
        element.set("function", text)
    elif text in _ITALIC or text in _UPRIGHT:
        element.tag = "mi"
        element.attrib.clear()
        if text in _UPRIGHT:
            element.set("mathvariant", "normal")
    elif element.tag in ("mi", "mo") and text in _OPERATORS:
        element.tag, element.text = "mo", _OPERATORS[text]
    elif element.tag == "mo" and text in ("|", "/", "‖"):
        element.set("lspace", "0")
        element.set("rspace", "0")
    elif element.get("width") == "negativethinmathspace":
        element.set("width", "-0.167em")
    elif element.tag == "mtext" and text == "\xa0":
        element.tag, element.text = "mspace", None
        element.set("width", "0.25em")


def _letters_in(text: str, variant: str) -> str:
    style = {
        "bold": "BOLD",
        "bold-italic": "BOLD ITALIC",
        "double-struck": "DOUBLE-STRUCK",
        "script": "SCRIPT",
    }[variant]
    return "".join(_letter_in(letter, style) for letter in text)


def _letter_in(letter: str, style: str) -> str:
    """Return the mathematical alphanumeric sign that is this letter in this style."""
    if letter.isdigit() and style == "BOLD ITALIC":
        style = "BOLD"
    name = re.sub("LATIN |GREEK |LETTER ", "", unicodedata.name(letter))
    for prefix in (f"MATHEMATICAL {style}", style):
        try:
            return unicodedata.lookup(f"{prefix} {name}")
        except KeyError:
            continue
    return letter + "\\"  # there is no such sign: the guard refuses the backslash


def _tidy_table(table: ET.Element, environment: str) -> None:
    table.attrib.clear()
    table.set("class", environment)
    if environment in ("aligned", "gathered"):
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


def _tidy_accent(element: ET.Element) -> None:
    if element.tag == "mover" and element[1].text in _ACCENT_SIGNS:
        element.set("accent", "true")
        element[1].attrib.clear()
        element[1].set("stretchy", "true" if element[1].text == "―" else "false")
        element[1].text = _ACCENT_SIGNS[element[1].text]


def _tidy_limits(element: ET.Element) -> None:
    """Put limits where TeX puts them: below in display, beside it in a line."""
    if element.tag not in _SCRIPTED:
        return
    base = element[0]
    if base.get("function") in _LIMIT_NAMES:
        element.tag = _SCRIPTED[element.tag]
        base.tag = "mo"
        base.set("movablelimits", "true")
        base.set("lspace", "0")
        base.set("rspace", "0")
    elif base.tag == "mo" and base.text in ("∑", "∏"):
        element.tag = _SCRIPTED[element.tag]


def _tidy_prime(element: ET.Element) -> None:
    """Set primes beside their base: in fonts they are raised and small already."""
    if element.tag not in ("msup", "msubsup") or element[-1].text not in _PRIMES:
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


def _join_thousands(row: ET.Element) -> None:
    """Make one number of `1{,}500`."""
    index = 1
    while index < len(row) - 1:
        before, comma, after = row[index - 1 : index + 2]
        is_comma = comma.tag == "mrow" and [c.text for c in comma] == [","]
        if is_comma and before.tag == after.tag == "mn":
            before.text = f"{before.text},{after.text}"
            row.remove(comma)
            row.remove(after)
        else:
            index += 1


def _unwrap(element: ET.Element) -> None:
    """Take out the rows that hold one thing."""
    for index, child in enumerate(element):
        _unwrap(child)
        if child.tag == "mrow" and len(child) == 1:
            element[index] = child[0]


def _core(element: ET.Element) -> ET.Element:
    """Return what stands inside of scripts, accents and primes."""
    while element.tag in _SCRIPTED or (len(element) and element[-1].text in _PRIMES):
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


def _close_ends(math: ET.Element) -> None:
    """Set no space before a formula such as `= 3`, nor after one such as `x =`."""
    row = list(math[0] if math[0].tag == "mrow" else math)
    for side, end in ("lspace", row[:1]), ("rspace", row[-1:]):
        for operator in end:
            if operator.tag == "mo" and operator.text not in _SPACELESS:
                operator.set(side, "0")


def _space_functions(row: ET.Element) -> None:
    """Set a thin space beside a function's name, as TeX does, except at brackets."""
    children = list(row)
    for child in children:
        row.remove(child)
    for index, child in enumerate(children):
        is_function = "function" in _core(child).attrib
        before = children[index - 1] if index else None
        if before is not None and (
            (is_function and _wants_space_after(before))
            or ("function" in _core(before).attrib and _wants_space_before(child))
        ):
            row.append(ET.Element("mspace", {"width": "0.167em"}))
        row.append(child)


def _wants_space_after(element: ET.Element) -> bool:
    core = _core(element)
    if "function" in core.attrib or core.tag == "mspace":
        return False  # what follows a function asks for itself
    if core.tag == "mo":
        return core.text in _CLOSING
    return True


def _wants_space_before(element: ET.Element) -> bool:
    core = _core(element)
    if "function" in core.attrib:
        return True
    if core.tag == "mrow" and len(core) and core[0].tag == "mo":
        return core[0].text not in _OPENING
    return core.tag not in ("mo", "mspace")


def _guard(math: ET.Element, latex: str, shown: str) -> None:
    """Refuse a result that a reader would not take for the formula."""

    def fail(reason: str) -> FormulaError:
        return FormulaError(latex, reason, "write it in simpler parts")

    for element in math.iter():
        function = element.attrib.pop("function", None)
        text = element.text or ""
        if element.tag not in _KNOWN:
            raise fail(f"latex2mathml made a <{element.tag}> of it")
        if any(sign in text for sign in "\\&$#_^~"):
            raise fail(f"the text {text!r} would be left in the formula")
        if (
            element.tag == "mi"
            and len(text) > 1
            and function != text
            and text.isascii()
        ):
            raise fail(f"the word {text!r} would be left in the formula")
        if element.tag in _ARITY and len(element) != _ARITY[element.tag]:
            raise fail(f"a <{element.tag}> would have {len(element)} parts")
        if element is not math and (unknown := element.attrib.keys() - _ATTRIBUTES):
            raise fail(f"browsers do not know {', '.join(sorted(unknown))}")
    drawn = unicodedata.normalize("NFKC", "".join(math.itertext()).replace("ℓ", ""))
    if Counter(_alphanumerics(drawn)) != Counter(_alphanumerics(shown)):
        raise fail("latex2mathml would lose or add letters")


def _alphanumerics(text: str) -> Iterator[str]:
    return (sign for sign in text if sign.isascii() and sign.isalnum())


def _reads_in_order(math: ET.Element) -> bool:
    """Say whether the text of the formula, written out, is still the formula."""
    linear = {"math", "mrow", "mi", "mn", "mo", "mspace", "msub"}
    return all(element.tag in linear for element in math.iter())


def _annotate(math: ET.Element, latex: str) -> None:
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


def _keep_from_markdown(element: ET.Element) -> ET.Element:
    """Have Markdown take the text as it is: no markup in it, no `&b;` an entity."""
    for part in element.iter():
        if part.text:
            part.text = AtomicString(part.text.replace("&", "&amp;"))
        for name, value in part.items():
            part.set(name, value.replace("&", "&amp;"))
    return element


class _RememberLines(Preprocessor):
    """Keeps the page as it came, so that an error can name the line."""

    lines: list[str]

    def run(self, lines: list[str]) -> list[str]:
        self.lines = list(lines)
        return lines


class _Formulas:
    """What makes formulas on one page, and knows where they stand."""

    def __init__(self, md: Markdown, source: _RememberLines) -> None:
        self.md = md
        self.source = source

    def element(self, latex: str, *, display: bool) -> ET.Element:
        try:
            math = mathml(latex, display=display, annotate=False)
        except FormulaError as error:
            raise self.located(error) from error
        _keep_from_markdown(math).set("latex", latex)
        return math

    def located(self, error: FormulaError) -> FormulaError:
        page, lines = self.page()
        first = next(iter(error.latex.strip().splitlines()), "")
        line = next((n for n, text in enumerate(lines, 1) if first in text), None)
        return FormulaError(error.latex, error.reason, error.advice, page, line)

    def page(self) -> tuple[str | None, list[str]]:
        """Return the page's name and lines; MkDocs tells them to its own extension."""
        if "relpath" in self.md.treeprocessors:
            file: Any = getattr(self.md.treeprocessors["relpath"], "file", None)
            if file is not None:
                name = os.path.relpath(file.abs_src_path or file.src_uri)
                return name.replace(os.sep, "/"), file.content_string.splitlines()
        return None, getattr(self.source, "lines", [])


class _InlineMath(InlineProcessor):
    def __init__(self, md: Markdown, formulas: _Formulas) -> None:
        super().__init__(INLINE_MATH.pattern, md)
        self.compiled_re = INLINE_MATH
        self.formulas = formulas

    def handleMatch(  # type: ignore[override]  # noqa: N802 (Markdown's name)
        self, m: re.Match[str], data: str
    ) -> tuple[ET.Element, int, int]:
        return self.formulas.element(m["latex"], display=False), m.start(), m.end()


class _StrayDollar(InlineProcessor):
    """Refuses a dollar sign that is neither a formula's nor a price's."""

    def __init__(self, md: Markdown, formulas: _Formulas) -> None:
        super().__init__(r"\$(?!\d)", md)
        self.formulas = formulas

    def handleMatch(  # type: ignore[override]  # noqa: N802 (Markdown's name)
        self, m: re.Match[str], data: str
    ) -> tuple[ET.Element, int, int]:
        before = re.split("[\n\x02\x03]", data[: m.start()])[-1]
        after = re.split("[\n\x02\x03]", data[m.end() :])[0]
        raise self.formulas.located(
            FormulaError(
                f"{before}${after}",
                "a dollar sign that neither opens nor closes a formula",
                r"write $x$ without spaces inside and on one line, $$ alone on its "
                r"line after a blank one, or \$ for a dollar sign",
            )
        )


class _DisplayMath(BlockProcessor):
    def __init__(self, parser: BlockParser, formulas: _Formulas, label: str) -> None:
        super().__init__(parser)
        self.formulas = formulas
        self.label = label

    def test(self, parent: ET.Element, block: str) -> bool:
        return block.lstrip("\n").split("\n", 1)[0].strip() == DISPLAY_MATH

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        _, *lines = blocks.pop(0).strip("\n").split("\n")
        end = next((n for n, x in enumerate(lines) if x.strip() == DISPLAY_MATH), None)
        if end is None:
            raise self.formulas.located(
                FormulaError(
                    "\n".join(lines),
                    "$$ is not closed before the next blank line",
                    "put $$ alone on the line after the formula, without blank lines",
                )
            )
        if rest := "\n".join(lines[end + 1 :]).strip("\n"):
            blocks.insert(0, rest)
        formula = ET.SubElement(
            parent,
            "div",
            {
                "class": "formula",
                "role": "group",
                "aria-label": self.label,
                "tabindex": "0",
                "data-search-exclude": "",
            },
        )
        latex = "\n".join(line.strip() for line in lines[:end])
        formula.append(self.formulas.element(latex, display=True))


class _FinishFormulas(Treeprocessor):
    """Does last what would disturb others: annotations, and spans against line breaks.

    Until here a formula's text is what one sees, so that images' alternative texts and
    the table of contents have that and not the LaTeX as well. Headings never get an
    annotation: their text goes elsewhere too.
    """

    def run(self, root: ET.Element) -> None:
        in_heading = {
            math
            for heading in root.iter()
            if re.fullmatch("h[1-6]", str(heading.tag))
            for math in heading.iter("math")
        }
        for parent in list(root.iter()):
            for index, math in enumerate(parent):
                if math.tag != "math" or "latex" not in math.attrib:
                    continue
                latex = math.attrib.pop("latex").strip().replace("&", "&amp;")
                if math not in in_heading:
                    _annotate(math, AtomicString(latex))
                if punctuation := _PUNCTUATION.match(math.tail or ""):
                    parent[index] = _unbroken(math, punctuation[0])


_PUNCTUATION = re.compile("[,.;:!?%)\\]、。，；：！？）」』”’》…]+")


def _unbroken(math: ET.Element, punctuation: str) -> ET.Element:
    """Keep a line from beginning with the punctuation that follows a formula."""
    span = ET.Element("span", {"class": "unbroken"})
    span.append(math)
    span.tail = (math.tail or "").removeprefix(punctuation)
    math.tail = punctuation
    return span


class MathMLExtension(Extension):
    """Formulas as MathML.

    The option `label` is what a displayed formula, which can be scrolled and therefore
    focused, is called for a screen reader, in the page's language.
    """

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 (Markdown's signature)
        self.config = {"label": ["Formula", "What a displayed formula is called"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Markdown's name)
        """Register what reads formulas, after code and before everything else."""
        source = _RememberLines(md)
        formulas = _Formulas(md, source)
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "$"]
        # A formula in a line is no block: no line breaks are put around it.
        md.block_level_elements = [t for t in md.block_level_elements if t != "math"]
        md.preprocessors.register(source, "pagecheck-math-source", 1000)
        md.inlinePatterns.register(_InlineMath(md, formulas), "pagecheck-math", 185)
        md.inlinePatterns.register(_StrayDollar(md, formulas), "pagecheck-dollar", 175)
        md.parser.blockprocessors.register(
            _DisplayMath(md.parser, formulas, self.getConfig("label")),
            "pagecheck-display-math",
            76,
        )
        md.treeprocessors.register(_FinishFormulas(md), "pagecheck-math-finish", 4)
