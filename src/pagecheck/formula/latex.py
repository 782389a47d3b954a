r"""The one reader of LaTeX: what it says, as Python: `\frac{x_1}{2}` is `x1 / 2.0`.

`tokens` knows the signs and commands that a page may use, `source` those that have a
value. Whatever they do not know is refused by name: nothing is skipped.
"""

from __future__ import annotations

import contextlib
import functools
import re

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
_NAMES = {f"\\{name}": name for name in f"{_LETTERS} {_FUNCTIONS}".split()}
_NAMES |= {r"\varphi": "phi", r"\lambda": "lambda_"}
_KNOWN = {*_NAMES, *(f"\\{name}" for name in f"{_SIGNS} {_DRAWN}".split())}
_NUMBER = r"(?:[0-9]{1,3}(?:(?:\{,\}|\\,)[0-9]{3}(?![0-9]))+|[0-9]+)(?:\.[0-9]+)?"
_OTHERS = re.compile(
    rf"[A-Za-z()\[\]{{}}|+*/=<>,:!'_^&-]|{_NUMBER}"
    r"|\\(?:begin|end)\{(?:cases|[pb]matrix|aligned)\}|\\operatorname\{[A-Za-z]+\d*\}"
)
_TOKEN = re.compile(
    rf"\\(?:begin|end|operatorname)\{{\w+\}}|\\[A-Za-z]+|\\.|{_NUMBER}|\S", re.S
)
_NAMED = r"\operatorname{"
_SPACES = {r"\,", r"\;", r"\:", r"\quad", r"\qquad", r"\left", r"\right"}
_MISREAD = {
    r"(?:[_^]|\\sqrt|\\frac)\s*(?:\d{2,}|-)": "takes one sign alone: use braces",
    r"\d,\d{3}(?!\d)": "is set as a list: write 1{,}500",
    r"\|\s*[-+]": r"has two readings: write \lvert and \rvert",
}
_RELATIONS = {"=": "==", "<": "<", ">": ">", r"\le": "<=", r"\ge": ">=", r"\ne": "!="}
_OPERATORS = {r"\cdot": "*", r"\times": "*", r"\odot": "@", "/": "/"}
_CLOSING = {"(": ")", "{": "}", "|": "|", r"\lvert": r"\rvert"}
# What ends a product; before anything else a sign of multiplication is left out.
_ENDS = {"", "+", "-", ",", ")", "}", "&", r"\\", r"\rvert", *_RELATIONS}
# A derivative, its tokens parted by spaces: d L / d w, or d / d w of what follows.
_DERIVATIVE = re.compile(
    r"\{ (?P<mark>d|\\partial) (?P<of>(?:[^{}]|\{[^{}]*\})*)\} "
    r"\{ (?P=mark) (?P<by>(?:[^{}]|\{[^{}]*\})+)\}"
)


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
    Python has no sign for is a call of a name with an underscore before it:
    `_over(lambda i: x[i], 1.0, n)` is a sum.

    Raises:
        LatexError: When it holds something that is not understood.
    """
    try:
        return _read(tokens(latex))
    except RecursionError as error:
        raise LatexError("nested too deeply: write it in parts") from error


@functools.cache
def plain(name: str) -> str:
    """How `source` spells a name of code, but for keywords: `W1` is `W_1` as well."""
    return re.sub(r"_(?=\d)", "", name).rstrip("_")


def is_name(latex: str) -> bool:
    r"""Whether a formula is one name, number or sign: `\hat{y}`, `f'`, `\odot`."""
    with contextlib.suppress(LatexError):
        name = r"(_bar\(|_prime\()?[\w.]+(\[[\w, ]+\])?\)?"
        return len(tokens(latex)) == 1 or bool(re.fullmatch(name, source(latex)))
    return False


def occurs(latex: str, formula: str) -> bool:
    r"""Whether an expression or a statement stands in a formula.

    It does where it is a part of it, or some neighbouring parts of a chain, a sum or a
    product there: `-\eta g` and `x + h` in `f(x + h) - \eta g`, but neither `f(x` nor
    `h - \eta`.
    """
    with contextlib.suppress(LatexError):
        part = rf"(?<![\w.]){re.escape(source(latex))}(?![\w.(\[*])"
        return re.search(part, source(formula)) is not None
    return False


def _read(tokens: list[str]) -> str:
    reader = _Reader(tokens)
    text = reader.chain()
    reader.expect("")
    return text


class _Reader:
    """Reads tokens from left to right; each method reads what it is named after."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = [*tokens, ""]
        self.closers = [""]

    @property
    def token(self) -> str:
        return self.tokens[0]

    def take(self) -> str:
        return self.tokens.pop(0) if self.token else ""

    def takes(self, token: str) -> bool:
        """Take a token if it is this one."""
        return self.token == token and bool(self.take())

    def expect(self, *tokens: str) -> None:
        for token in tokens:
            if self.token != token:
                expected, found = (each or "the end" for each in (token, self.token))
                raise LatexError(f"{found} where {expected} should stand")
            self.take()

    def chain(self) -> str:
        """A sum, or sums and the relations between them."""
        text = self.sum()
        text = f"({text})" if self.token in _RELATIONS else text
        while self.token in _RELATIONS:
            text += f" {_RELATIONS[self.take()]} ({self.sum()})"
        return text

    def sum(self) -> str:
        parts: list[str] = []
        while not parts or self.token in ("+", "-"):
            sign = self.take() if self.token in ("+", "-") else "+"
            parts.append(f"{sign} ({self.product()})")
        alone = len(parts) == 1 and parts[0][0] == "+"
        return parts[0][3:-1] if alone else " ".join(parts)

    def product(self) -> str:
        """What signs or nothing stand between, read from the left."""
        text, operator = self.factor(), ""
        while self.starts_factor():
            if operator == "/":
                raise LatexError(f"{self.token} after a quotient: write brackets")
            operator = _OPERATORS[self.take()] if self.token in _OPERATORS else "*"
            text += f" {operator} {self.factor()}"
        return text

    def starts_factor(self) -> bool:
        ends = self.token in _ENDS or self.token == self.closers[-1]
        return not ends and not self.token.startswith(r"\end")

    def factor(self) -> str:
        """An atom with what stands above, below and behind it."""
        head, text, seen = self.token, self.atom(), set[str]()
        function = head[1:] in _FUNCTIONS.split() or head.startswith(_NAMED)
        callable_ = function or head in _NAMES or head.isalpha()
        while (mark := self.token) in ("_", "'", "^", "("):
            if mark == "(" and (not callable_ or {"(", "^"} & seen):
                break
            if mark in seen or (mark == "^" and function and "(" not in seen):
                raise LatexError(f"{text}{mark}: twice, or it may mean the inverse")
            seen.add(mark)
            if mark == "(":
                text += f"({', '.join(self.inside())})"
            else:
                text = self.script(self.take(), text)
        if function and "(" not in seen:
            text += f"({self.factor()})"
            if self.starts_factor() and self.token[1:] not in _FUNCTIONS.split():
                raise LatexError(f"{self.token} after {text}: write brackets")
        return text

    def script(self, mark: str, text: str) -> str:
        if mark == "'":
            return f"_prime({text})"
        if mark == "_":
            places = self.subscript()
            if places[0].isdigit() or len(places[0].rstrip("_")) > 1:
                return plain(f"{text.rstrip('_')}_{''.join(places)}")
            return f"{text}[{', '.join(places)}]"
        if self.takes("*"):
            return f"{text.rstrip('_')}_star"
        return f"_top({text})" if self.takes(r"\top") else f"{text}**({self.group()})"

    def subscript(self) -> list[str]:
        r"""The parts of a subscript: `_1`, `_i`, `_{ij}`, or a word as in `_{\max}`."""
        parts: list[str] = []
        braced = self.takes("{")
        while not parts or (braced and not self.takes("}")):
            token = self.take()
            if not (token.isalnum() or token in _NAMES or token.startswith(_NAMED)):
                raise LatexError(f"{token or 'nothing'} in a subscript")
            parts.append(_NAMES.get(token, token.removeprefix(_NAMED).rstrip("}")))
        return parts

    def group(self) -> str:
        """One thing in braces, or a single sign that stands for it."""
        if self.token == "{":
            return self.inside(most=1)[0]
        if len(self.token) > 1 and self.token not in _NAMES:
            raise LatexError(f"{self.token} without braces")
        return self.atom()

    def inside(self, most: int = 99) -> list[str]:
        """What stands between brackets, with commas between."""
        self.closers.append(_CLOSING[self.take()])
        parts = [self.sum()]
        while len(parts) < most and self.takes(","):
            parts.append(self.sum())
        self.expect(self.closers.pop())
        return parts

    def atom(self) -> str:
        if self.token in ("|", r"\lvert"):
            return f"_abs({self.inside(most=1)[0]})"
        if self.token in _CLOSING:
            first, *others = self.inside(most=99 if self.token == "(" else 1)
            # A point is a vector, and a vector is a column.
            rows = ", ".join(f"({part},)" for part in (first, *others))
            return f"_matrix({rows})" if others else f"({first})"
        token = self.take()
        if token[:1].isdigit():
            token = re.sub(r"[^0-9.]", "", token)  # 1{,}500
            return token if "." in token else f"{token}.0"
        if token.isalpha() or token in _NAMES:
            return _NAMES.get(token, token)
        if token.startswith(_NAMED):
            return token[len(_NAMED) : -1]
        if token in (r"\bar", r"\sqrt"):
            return f"_{token[1:]}({self.group()})"
        if token == r"\hat" and (name := self.group().rstrip("_")).isidentifier():
            return f"{name}_hat"
        if token == r"\frac":
            return self.fraction()
        if token == r"\partial":
            of = self.factor()
            self.expect("/", r"\partial")
            return _derivative(of, self.factor())
        if token == r"\sum":
            self.expect("_", "{")
            (index,) = self.subscript()
            self.expect("=")
            first = self.sum()
            self.expect("}", "^")
            last = self.group()
            return f"_over(lambda {index}: {self.product()}, {first}, {last})"
        if token.startswith(r"\begin"):
            return self.environment(token[len(r"\begin{") : -1])
        raise LatexError(f"not understood: {token or 'the end of the formula'}")

    def fraction(self) -> str:
        r"""A quotient, or `\frac{d}{dx} f`, `\frac{\partial L}{\partial w}`."""
        if not (match := _DERIVATIVE.match(" ".join(self.tokens))):
            return f"(({self.group()}) / ({self.group()}))"
        del self.tokens[: len(match[0].split())]
        of, by = match["of"].split(), match["by"].split()
        return _derivative(_read(of) if of else self.product(), _read(by))

    def environment(self, name: str) -> str:
        """A matrix, or cases, each with its condition."""
        rows: list[str] = []
        while not rows or self.takes(r"\\"):
            cells = [self.chain()]
            while self.takes("&"):
                cells.append(self.chain())
            rows.append(f"({', '.join(cells)},)")
            conditions = re.findall(" [!=<>]=? ", cells[-1])
            if bool(conditions) != (name == "cases") or name == "aligned":
                raise LatexError("a case without a condition, or no matrix")
        self.expect(rf"\end{{{name}}}")
        return f"_{'cases' if name == 'cases' else 'matrix'}({', '.join(rows)})"


def _derivative(of: str, by: str) -> str:
    """A derivative: of a name it has a name of its own."""
    if of.isidentifier() and by.isidentifier():
        return f"d{of.rstrip('_')}_d{by.rstrip('_')}"
    return f"_d({of}, {by})"
