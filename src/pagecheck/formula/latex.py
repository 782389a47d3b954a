r"""The one reader of LaTeX: what it says, as Python: `\sqrt{x_1}` is `_sqrt(x1)`.

`tokens` knows the signs and commands that a page may use, `source` those that have a
value. Whatever they do not know is refused by name: nothing is skipped.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Callable

LONGEST = 500  # characters of a formula


class LatexError(ValueError):
    """A formula that is not understood, cannot be shown, or has no value."""


_LETTERS = (
    "alpha beta gamma delta epsilon zeta eta theta kappa mu nu xi pi rho sigma tau phi "
    "chi psi omega ell Gamma Delta Theta Lambda Xi Sigma Phi Psi Omega"
)
_FUNCTIONS = "exp log ln tanh sin cos max min"
_SIGNS = (
    r"cdot times odot le ge ne frac sqrt sum partial top hat bar lvert rvert left "
    r"right quad qquad , ; : \ "
)
# What is only drawn, in a formula that nothing evaluates.
_DRAWN = (
    "approx sim equiv propto in notin subset ll gg leftarrow to mapsto pm infty nabla "
    "dots ldots cdots prod int lim det arg lVert rVert tilde dot vec overline mathbf "
    "mathbb mathcal mathrm { }"
)
# Names as words of Python; with @ before them, functions, which need no brackets.
_NAMES = {f"\\{name}": name for name in _LETTERS.split()}
_NAMES |= {r"\varphi": "phi", r"\lambda": "lambda_"}
_NAMES |= {f"\\{name}": f"@{name}" for name in _FUNCTIONS.split()}
_KNOWN = {*_NAMES, *(f"\\{name}" for name in f"{_SIGNS} {_DRAWN}".split())}
_NUMBER = r"(?:[0-9]{1,3}(?:(?:\{,\}|\\,)[0-9]{3}(?![0-9]))+|[0-9]+)(?:\.[0-9]+)?"
_OTHERS = re.compile(
    rf"[A-Za-z()\[\]{{}}|+*/=<>,:!'_^&-]|{_NUMBER}"
    r"|\\(?:begin|end)\{(?:cases|[pb]matrix|aligned)\}|\\operatorname\{[A-Za-z]+\d*\}"
)
_TOKEN = re.compile(
    rf"\\(?:begin|end|operatorname)\{{\w+\}}|\\[A-Za-z]+|\\.|{_NUMBER}|[^ \n]", re.S
)
_SPACES = {r"\,", r"\;", r"\:", r"\quad", r"\qquad", r"\left", r"\right"}
_MISREAD = {
    r"(?:[_^]|\\sqrt|\\frac)\s*(?:\d{2,}|-)": "takes one sign alone: use braces",
    r"\d,\d{3}(?!\d)": "is set as a list: write 1{,}500",
    r"\|\s*[-+]": r"has two readings: write \lvert and \rvert",
}
_RELATIONS = {"=": "==", "<": "<", ">": ">", r"\le": "<=", r"\ge": ">=", r"\ne": "!="}
_OPERATORS = {r"\cdot": "*", r"\times": "*", r"\odot": "@", "/": "/"}
# What ends a product; before anything else a sign of multiplication is left out.
_ENDS = {"", "+", "-", ",", ")", "}", "&", r"\\", r"\rvert", *_RELATIONS}
_WORD = r"(?<!\S)(@?[A-Za-z]\w*(?:\[[\w,]+\])?(?:\.\w+)?)"
_NAME = r"(?<!\S)([A-Za-z]\w*?)_?"
# What several tokens are one word of, in this order.
_REWRITTEN: dict[str, str | Callable[[re.Match[str]], str]] = {
    r"(?<!\S)([_^]|\\hat|\\bar|\\sqrt) ([^ {]+)": r"\1 { \2 }",
    rf"\\hat {{ {_NAME} }}": r"\1_hat",
    rf"\\bar {{ {_NAME} }}": r"\1.bar",
    rf"{_WORD} _ {{ ([\w@ ]+) }}": lambda match: _with_subscript(match[1], match[2]),
    rf"{_NAME} \^ {{ \* }}(?! \^)": r"\1_star",
    rf"{_WORD} \^ {{ \\top }}(?! \^)": r"\1.T",
    rf"{_WORD} '": r"\1.prime",
    rf"\\frac {{ (d|\\partial) {_NAME} }} {{ \1 {_NAME} }}": r"d\2_d\3",
    rf"\\partial {_NAME} / \\partial {_NAME}(?!\S)": r"d\1_d\2",
    rf"\\frac {{ (d|\\partial) }} {{ \1 {_NAME} }}": r"_d(\2,lambda~\2:~",
    r"\\sum _ { (\w+) = (\w+) } \^ { (\w+) }": r"_over(\2,\3,lambda~\1:~",
    r"\| ([^|]*) \|": r"\\lvert \1 \\rvert",
}


def tokens(latex: str) -> list[str]:
    r"""The signs and commands of a formula, without spaces, `\left` and `\right`.

    Raises:
        LatexError: One of them is not known, or would not be drawn as it is meant.
    """
    if not latex.strip() or len(latex) > LONGEST:
        raise LatexError(f"empty, or longer than {LONGEST} characters: write several")
    for pattern, why in _MISREAD.items():
        if found := re.search(pattern, latex):
            raise LatexError(f"{found[0]} {why}")
    every, tables = _TOKEN.findall(latex), 0
    for token in every:
        tables += token.startswith(r"\begin") - token.startswith(r"\end")
        if token not in _KNOWN and not _OTHERS.fullmatch(token):
            raise LatexError(f"not known in a formula: {token}")
        if token == r"\\" and not tables:
            raise LatexError(r"\\ outside a table")
    return [token for token in every if token not in _SPACES]


@functools.cache
def source(latex: str) -> str:
    r"""A formula as a Python expression, in which a name is one identifier.

    `\hat y` is `y_hat`, `w^*` is `w_star`, `W_1` is `W1`, `\lambda_{\max}` is
    `lambda_max`, `\frac{\partial L}{\partial w}` is `dL_dw`, but `x_i` is `x[i]`. What
    Python has no sign for is an attribute, such as `W.T` and `f.prime`, or a call of a
    name with an underscore before it: `_over(1,n,lambda i: x[i])` is a sum.

    Raises:
        LatexError: When it holds something that is not understood.
    """
    try:
        reader = _Reader(_words(latex))
        text = reader.chain()
        reader.expect("")
        return text
    except RecursionError as error:
        raise LatexError("nested too deeply: write it in parts") from error


@functools.cache
def plain(name: str) -> str:
    """How `source` spells a name of code, but for keywords: `W1` is `W_1` as well."""
    return re.sub(r"_(?=\d)", "", name).rstrip("_")


def is_name(latex: str) -> bool:
    r"""Whether a formula is one name, number or sign: `\hat{y}`, `f'`, `\odot`."""
    with contextlib.suppress(LatexError):
        word, *others = _words(latex)
        name = re.fullmatch(rf"{_WORD}(?<!\.T)", word)
        return not others and (bool(name) or len(tokens(latex)) == 1)
    return False


def _words(latex: str) -> list[str]:
    """The tokens of a formula, those of a name, of a derivative and of a sum as one."""
    named = (re.sub(r"\\operatorname\{(\w+)\}", r"@\1", t) for t in tokens(latex))
    text = " ".join(_NAMES.get(token, token) for token in named)
    for pattern, word in _REWRITTEN.items():
        text = re.sub(pattern, word, text)
    return text.split(" ")


def _with_subscript(name: str, subscript: str) -> str:
    r"""A name with `_1` or `_{\max}`, or an element by its indices: `_i`, `_{ij}`."""
    places = subscript.replace("@", "").split(" ")
    if places[0].isdigit() or len(places[0].rstrip("_")) > 1:
        return plain(f"{name.rstrip('_')}_{''.join(places)}")
    return f"{name}[{','.join(places)}]"


class _Reader:
    """Reads words from left to right; each method reads what it is named after."""

    def __init__(self, words: list[str]) -> None:
        self.words = [*words, ""]

    def take(self, *wanted: str) -> str:
        """The next word, which is passed, if it is one of these."""
        return self.words.pop(0) if self.words[0] in wanted else ""

    def expect(self, wanted: str) -> None:
        if self.words[0] != wanted:
            found, wanted = (each or "the end" for each in (self.words[0], wanted))
            raise LatexError(f"{found} where {wanted} should stand")
        self.take(wanted)

    def chain(self) -> str:
        """A sum, or sums and the relations between them."""
        text = self.sum()
        while sign := self.take(*_RELATIONS):
            text += f" {_RELATIONS[sign]} {self.sum()}"
        return text

    def sum(self) -> str:
        text = self.take("+", "-") + self.product()
        while sign := self.take("+", "-"):
            text += f" {sign} {self.product()}"
        return text

    def product(self) -> str:
        """What signs or nothing stand between, read from the left."""
        text, operator = self.factor(), ""
        while self.starts_factor():
            if operator == "/":
                raise LatexError(f"{self.words[0]} after a quotient: write brackets")
            operator = _OPERATORS.get(self.take(*_OPERATORS), "*")
            text += f" {operator} {self.factor()}"
        return text

    def starts_factor(self) -> bool:
        return self.words[0] not in _ENDS and not self.words[0].startswith(r"\end")

    def factor(self) -> str:
        """A name, a number or something in brackets, and its power."""
        text = self.atom(self.words.pop(0))
        return f"{text}**{self.group()}" if self.take("^") else text

    def atom(self, word: str) -> str:
        text = word.removeprefix("@")
        if re.fullmatch(_WORD, word):
            if self.take("("):
                return text + self.inside(")", commas=True)
            return self.applied(text) if word != text else text
        if re.fullmatch(_NUMBER, word):
            text = re.sub(r"[^0-9.]", "", word)  # 1{,}500
            return text if "." in text else f"{text}.0"
        if word in ("(", "{"):
            return self.inside(")" if word == "(" else "}")
        if word == r"\lvert":
            return "_abs" + self.inside(r"\rvert")
        if word == r"\frac":
            return f"({self.group()} / {self.group()})"
        if word == r"\sqrt":
            return f"_sqrt{self.group()}"
        if word.startswith(("_over", "_d")):
            return f"{word.replace('~', ' ')}{self.product()})"
        if word.startswith(r"\begin"):
            return self.table(word[len(r"\begin{") : -1])
        raise LatexError(f"not understood: {word or 'the end of the formula'}")

    def applied(self, function: str) -> str:
        """A function and its argument, which has no brackets."""
        if self.words[0] == "^":
            raise LatexError(f"{function}^ may mean the inverse")
        text = f"{function}({self.factor()})"
        if self.starts_factor() and not self.words[0].startswith("@"):
            raise LatexError(f"{self.words[0]} after {text}: write brackets")
        return text

    def group(self) -> str:
        """What stands in braces."""
        self.expect("{")
        return self.inside("}")

    def inside(self, closing: str, commas: bool = False) -> str:
        """What stands between brackets."""
        text = self.sum()
        while commas and self.take(","):
            text += f", {self.sum()}"
        self.expect(closing)
        return f"({text})"

    def table(self, name: str) -> str:
        """A matrix, or cases, each with its condition."""
        if name == "aligned":
            raise LatexError("not understood: aligned")
        cell = self.chain if name == "cases" else self.sum
        text = self.sum()
        while sign := self.take("&", r"\\"):
            text += f", {cell()}" if sign == "&" else f",), ({self.sum()}"
        self.expect(rf"\end{{{name}}}")
        return f"_{name.removeprefix('p').removeprefix('b')}(({text},))"
