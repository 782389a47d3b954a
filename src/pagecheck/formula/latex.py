r"""Read formulas: a precedence parser over the LaTeX that pages use.

`parse` makes of a formula its terms and the relations between them. Whatever is not
understood is refused by name: nothing is skipped, so that what is accepted is what a
reader reads. `kind` and `occurs` say what a formula inside a line does.
"""

from __future__ import annotations

import functools
import keyword
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

LONGEST = 2000  # characters
DEEPEST = 40  # brackets, fractions, powers inside of one another


class LatexError(ValueError):
    """A formula that is not understood or that cannot be evaluated."""


@dataclass(frozen=True)
class Node:
    r"""A node of a formula's tree.

    Attributes:
        kind: `number`, `name`, `word`, `mark` (`\hat`), `index`, `sum`, `product`,
            `power`, `transpose`, `sqrt`, `abs`, `over` (`\sum`), `matrix`, `cases`,
            `row`, `condition`, `prime`, `call`, `call or product`, `derivative`.
        value: What it holds: digits, a letter, the index of `\sum`; of a sum its signs
            (`+-`), of a product its operators (`·`, `⊙`, `/`), one before each part.
        children: What it is made of.
    """

    kind: str
    value: str = ""
    children: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Formula:
    """A formula: terms and the relations between them."""

    terms: tuple[Node, ...]
    relations: tuple[str, ...]


_SIZE = r"\\(?:left|right|[bB]igg?[lr]?)\s*"
_TOKEN = re.compile(
    rf"{_SIZE}(?:\\[A-Za-z]+|\\[{{}}|]|[()\[\]|.])"
    r"|\\(?:begin|end)\{[a-z]+\}|\\operatorname\s*\{[A-Za-z][A-Za-z0-9]*\}"
    r"|\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\S",
    re.DOTALL,
)
_SPACES = frozenset([r"\,", r"\;", r"\:", r"\!", r"\ ", "\\\n", r"\quad", r"\qquad"])
_RELATIONS = {"=": "=", "<": "<", ">": ">", r"\lt": "<", r"\gt": ">"}
_RELATIONS |= {r"\le": "<=", r"\leq": "<=", r"\ge": ">=", r"\geq": ">="}
_RELATIONS |= {r"\ne": "!=", r"\neq": "!="}
COMPARISONS = frozenset(_RELATIONS.values())
# What states something too, though nothing evaluates it.
_STATES = (
    r"\approx \sim \simeq \equiv \propto \in \notin \ni \subset \subseteq \ll \gg "
    r"\leftarrow \gets \to \mapsto \implies \iff \Rightarrow"
)
_RELATIONS |= {command: command for command in re.findall(r"\S+", _STATES)}
_LETTERS = (
    r"\alpha \beta \gamma \delta \epsilon \zeta \eta \theta \kappa \lambda \mu \nu \xi "
    r"\pi \rho \sigma \tau \phi \chi \psi \omega \ell "
    r"\Gamma \Delta \Theta \Lambda \Xi \Sigma \Phi \Psi \Omega"
)
_GREEK = {name: name[1:] for name in re.findall(r"\S+", _LETTERS)} | {r"\varphi": "phi"}
_FUNCTIONS = r"\exp \log \ln \tanh \sin \cos \max \min"
_COMMANDS = {name: name[1:] for name in re.findall(r"\S+", _FUNCTIONS)}
_MARKS = {r"\hat": "_hat", r"\bar": "_bar"}
_CLOSING = {"(": ")", "[": "]", "{": "}", r"\{": r"\}", "|": "|", r"\lvert": r"\rvert"}
_NAMED = re.compile(r"\\operatorname\s*\{(\w+)\}")
_OPERATORS = {r"\cdot": "·", r"\times": "·", "*": "·", r"\odot": "⊙", "/": "/"}


def parse(latex: str) -> Formula:
    """Parse a formula, displayed or inside a line.

    Raises:
        LatexError: When it holds a construct that is not understood.
    """
    parser = _Parser(_tokens(latex))
    formula = parser.chain()
    if parser.token:
        raise LatexError(f"a token that is not understood: {parser.token}")
    return formula


def kind(
    latex: str,
) -> Literal["statement", "value", "name", "expression", "notation"]:
    r"""What a formula inside a line does.

    Returns:
        `statement` where it relates two things (`a = \sigma(z)`, `w_1 + b > 0`), which
        a directive has to hold; `value` where that is a name and a number
        (`z_2 = -0.3588`), which the number's own binding holds as well; `name` where
        it is one name or number; `expression` where it only mentions one, to be looked
        for with `occurs`; `notation` for what is no expression, such as a lone sign.
    """
    try:
        tokens, depth = _tokens(latex), 0
        for token in tokens:
            depth += (token in ("{", r"\{")) - (token in ("}", r"\}"))
            if token in _RELATIONS and not depth and len(tokens) > 1:
                before, _, after = latex.partition("=")
                number = re.fullmatch(r"\s*-?\s*\d+(\.\d+)?\s*", after)
                return "value" if number and kind(before) == "name" else "statement"
        if len(tokens) == 1 and (tokens[0] in _COMMANDS or _NAMED.fullmatch(tokens[0])):
            return "name"
        (term,) = parse(latex).terms
    except LatexError:
        return "notation"
    term = term.children[0] if term.kind == "prime" else term
    return "name" if term.kind == "number" or spellings(term) else "expression"


def occurs(latex: str, formulas: Sequence[str]) -> bool:
    r"""Whether an expression stands in one of some formulas, however it is spaced.

    It does where it is a part of the formula's tree, or some neighbouring parts of a
    sum or a product there: `-\eta g` and `x + h` in `f(x + h) - \eta g`, but neither
    `f(x` nor `h - \eta`. What is not understood has to stand there token by token.
    """
    tokens = _tokens(latex)
    for formula in formulas:
        try:
            (wanted,) = parse(latex).terms
            if any(_holds(term, wanted) for term in parse(formula).terms):
                return True
        except (LatexError, ValueError):
            others = _tokens(formula)
            for start in range(len(others) - len(tokens) + 1):
                if others[start : start + len(tokens)] == tokens:
                    return True
    return False


def _holds(node: Node, wanted: Node) -> bool:
    if node == wanted or any(_holds(child, wanted) for child in node.children):
        return True
    if node.kind != wanted.kind or node.kind not in ("sum", "product"):
        return False
    length = len(wanted.children)
    for start in range(len(node.children) - length + 1):
        signs = node.value[start : start + length]
        if node.kind == "product" and signs[0] != "/":
            signs = wanted.value[0] + signs[1:]  # what stands before it is another's
        parts = node.children[start : start + length]
        if (signs, parts) == (wanted.value, wanted.children):
            return True
    return False


@functools.cache
def spellings(node: Node) -> tuple[str, ...]:
    r"""How code may spell a name, a derivative included; empty for anything else.

    `\hat y` is `y_hat`, `w^*` is `w_star`, `W_1` is `W_1` or `W1`, `\lambda_{\max}`
    `lambda_max` or `lambdamax`, `\frac{\partial L}{\partial w}` `dL_dw`. What Python
    keeps for itself gets an underscore: `\lambda` is `lambda_`.
    """
    names = _spell(node)
    return tuple(f"{each}_" if keyword.iskeyword(each) else each for each in names)


def _spell(node: Node) -> Iterator[str]:
    if node.kind == "name":
        yield node.value
    elif node.kind == "mark":
        yield from (base + node.value for base in _spell(node.children[0]))
    elif node.kind == "index":
        if all(part.kind in ("number", "word", "name") for part in node.children[1:]):
            suffix = "".join(part.value for part in node.children[1:])
            for base in _spell(node.children[0]):
                yield f"{base}_{suffix}"
                if suffix[0].isdigit() or node.children[1].kind == "word":
                    yield f"{base}{suffix}"
    elif node.kind == "derivative":
        of, by = (list(_spell(child)) for child in node.children)
        yield from (f"d{one}_d{other}" for one in of for other in by)


def _tokens(latex: str) -> list[str]:
    if len(latex) > LONGEST:
        raise LatexError(f"a formula of more than {LONGEST} characters; write several")
    if match := re.search(r"\\(?:text|mbox)\b", latex):
        raise LatexError(f"words inside a formula: {match[0]}")
    tokens = []
    for match in _TOKEN.finditer(latex):
        token = re.sub(rf"^{_SIZE}(?=[\\\W])", "", match[0])
        invisible = token == "." != match[0]  # \right. closes without a sign
        if token not in _SPACES and not invisible:
            tokens.append(token)
    return tokens


class _Parser:
    """Reads tokens from left to right; each method reads what it is named after."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.place = 0
        self.depth = 0
        self.closers = [""]

    @property
    def token(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self) -> str:
        token = self.token
        self.place += 1
        return token

    def takes(self, *tokens: str) -> bool:
        """Take a token if it is one of these."""
        if self.token not in tokens:
            return False
        self.place += 1
        return True

    def expect(self, token: str) -> None:
        if not self.takes(token):
            found = self.token or "the end of the formula"
            raise LatexError(f"expected {token}, found {found}")

    def chain(self) -> Formula:
        """Sums, and the relations between them."""
        terms, relations = [self.sum()], []
        while self.token in _RELATIONS:
            relations.append(_RELATIONS[self.take()])
            terms.append(self.sum())
        return Formula(tuple(terms), tuple(relations))

    def sum(self) -> Node:
        """A sum: its parts, each with its sign."""
        signs, parts = "-" if self.token == "-" else "+", []
        self.takes("+", "-")
        parts.append(self.product())
        while self.token in ("+", "-"):
            signs += self.take()
            parts.append(self.product())
        return parts[0] if signs == "+" else Node("sum", signs, tuple(parts))

    def product(self) -> Node:
        r"""A product: what a sign or nothing stands between, read from the left."""
        operators, parts = "·", [self.power()]
        while self.token in _OPERATORS or self.starts_factor():
            if operators[-1] == "/" and self.token not in ("/", "*", r"\cdot"):
                raise LatexError(f"{self.token} after a quotient: write brackets")
            operators += _OPERATORS[self.take()] if self.token in _OPERATORS else "·"
            parts.append(self.power())
        return Node("product", operators, tuple(parts)) if parts[1:] else parts[0]

    def starts_factor(self) -> bool:
        token = self.token
        if not token or token == self.closers[-1]:
            return False
        first = (_CLOSING, _GREEK, _MARKS, _COMMANDS, (r"\frac", r"\sqrt", r"\sum"))
        return (
            token[0].isalnum()
            or any(token in each for each in first)
            or token.startswith((r"\operatorname", r"\begin"))
        )

    def power(self) -> Node:
        """An atom with what stands below, above and behind it."""
        node = self.atom()
        while self.token in ("^", "'", "_"):
            if self.token == "_" and node.kind == "index":
                raise LatexError("two subscripts on one thing")
            node = self.script(node)
            if node.kind in ("index", "prime"):
                node = self.call_if_any(node)
        return node

    def script(self, node: Node) -> Node:
        mark = self.take()
        if mark == "_":
            return Node("index", "", (node, *self.subscript()))
        if mark == "'":
            if node.kind == "prime":
                raise LatexError("a derivative of an order above 1")
            return Node("prime", "", (node,))
        if self.takes("*", r"\star", r"\ast"):
            return Node("mark", "_star", (node,))
        exponent = self.group()
        if exponent == Node("name", "top"):
            return Node("transpose", "", (node,))
        if node.kind == "power":
            raise LatexError("two powers on one thing")
        return Node("power", "", (node, exponent))

    def subscript(self) -> list[Node]:
        """The indices of a subscript: `_i`, `_{ij}`, `_{i,j}`."""
        if not self.takes("{"):
            return [self.subscript_part()]
        parts = [self.subscript_part()]
        while not self.takes("}"):
            self.takes(",")
            parts.append(self.subscript_part())
        return parts

    def subscript_part(self) -> Node:
        token = self.take()
        if token in _COMMANDS:
            return Node("word", _COMMANDS[token])
        if match := _NAMED.fullmatch(token):
            return Node("word", match[1])
        if token.isdigit():
            return Node("number", token)
        if token.isalpha() or token in _GREEK:
            return Node("name", _GREEK.get(token, token))
        raise LatexError(f"a subscript that is not understood: {token or 'nothing'}")

    def group(self) -> Node:
        """A braced group, or a single token that stands for one."""
        if self.token == "{":
            return self.enclosed()
        token = self.take()
        if re.fullmatch(r"\d", token):
            return Node("number", token)
        if token in _GREEK or re.fullmatch(r"[A-Za-z]|\\top", token):
            return Node("name", _GREEK.get(token, token.lstrip("\\")))
        raise LatexError(f"{token or 'nothing'} without braces")

    def enclosed(self) -> Node:
        """One thing between brackets."""
        inside = self.arguments()
        if len(inside) > 1:
            raise LatexError("a comma where one thing should stand")
        return inside[0]

    def arguments(self) -> list[Node]:
        """What stands between brackets, with commas between."""
        closing = _CLOSING[self.take()]
        self.closers.append(closing)
        top = self.tokens[self.place : self.place + 2] == [r"\top", closing]
        arguments = [self.group() if top else self.sum()]
        while self.takes(","):
            arguments.append(self.sum())
        self.closers.pop()
        self.expect(closing)
        return arguments

    def atom(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise LatexError(f"nested more than {DEEPEST} deep; write it in parts")
        node = self._atom()
        self.depth -= 1
        return node

    def _atom(self) -> Node:
        token = self.token
        if not token:
            raise LatexError("the formula ends where a term should stand")
        if token == r"\frac":
            return self.fraction()
        if token in ("|", r"\lvert"):
            return Node("abs", "", (self.enclosed(),))
        if token == "(":
            inside = [Node("row", "", (each,)) for each in self.arguments()]
            # A point is a vector, and a vector is a column.
            return (
                Node("matrix", "", tuple(inside))
                if inside[1:]
                else inside[0].children[0]
            )
        if token in _CLOSING:
            return self.enclosed()
        if token.startswith(r"\begin"):
            return self.environment()
        self.take()
        if token in _MARKS:
            return Node("mark", _MARKS[token], (self.group(),))
        if token == r"\sum":
            return self.sum_over()
        if token == r"\sqrt":
            if self.token == "[":
                raise LatexError(r"a root other than \sqrt{x}")
            return Node("sqrt", "", (self.group(),))
        if token[0].isdigit():
            return Node("number", token)
        if token in _COMMANDS:
            return self.function(Node("name", _COMMANDS[token]))
        if match := _NAMED.fullmatch(token):
            return self.function(Node("name", match[1]))
        if token in _GREEK or (token.isascii() and token.isalpha()):
            return self.call_if_any(Node("name", _GREEK.get(token, token)))
        raise LatexError(f"a token that is not understood: {token}")

    def function(self, name: Node) -> Node:
        """A function with its argument, which may stand without brackets."""
        head, power = name, None
        while self.token in ("'", "_", "^"):
            if self.takes("^"):
                power = self.group()
            else:
                head = self.script(head)
        if power and not (power.kind == "number" and power.value.isdigit()):
            raise LatexError(
                f"{name.value} to a power that may mean its inverse: write the power "
                "behind the brackets, or the inverse's own name"
            )
        if self.token in ("(", r"\{"):
            node = Node("call", "", (head, *self.arguments()))
        elif self.starts_factor():
            factors = [self.power()]
            while self.starts_factor() and self.token not in ("(", "[", *_COMMANDS):
                factors.append(self.power())
            argument = Node("product", "·" * len(factors), tuple(factors))
            node = Node("call", "", (head, argument if factors[1:] else factors[0]))
        else:
            raise LatexError(f"the function {name.value} without an argument")
        return Node("power", "", (node, power)) if power else node

    def call_if_any(self, head: Node) -> Node:
        """A name, or its call: which one it is, its value decides."""
        if self.token != "(":
            return head
        return Node("call or product", "", (head, *self.arguments()))

    def fraction(self) -> Node:
        r"""A quotient, or `\frac{d}{dx} f` and `\frac{\partial L}{\partial w}`."""
        self.take()
        mark = self.tokens[self.place + 1 : self.place + 2]
        end, depth = self.place, 0
        for end in range(self.place, len(self.tokens)):
            depth += (self.tokens[end] == "{") - (self.tokens[end] == "}")
            if depth <= 0:
                break
        name = re.compile(r"[A-Za-z]|\\(?!odot|cdot|times)[A-Za-z]+(\{\w+\})?")
        below = self.tokens[end + 1 : end + 4]
        differs = self.token == "{" and mark in (["d"], [r"\partial"])
        differs = differs and below[:2] == ["{", *mark] and len(below) == 3
        if not (differs and name.fullmatch(below[2])):
            return Node("product", "·/", (self.group(), self.group()))
        self.place += 2
        of = None if self.token == "}" else self.sum()
        self.expect("}")
        self.place += 2
        by = self.power()
        if not spellings(by):
            raise LatexError("a derivative by something that is no name")
        self.expect("}")
        return Node("derivative", "", (self.product() if of is None else of, by))

    def sum_over(self) -> Node:
        r"""`\sum` over one index, with both limits or over all places."""
        index, first, last = "", None, None
        while self.token in ("_", "^"):
            if self.takes("^"):
                last = self.group()
                continue
            self.take()
            braced = self.takes("{")
            index = self.take()
            if not (len(index) == 1 and index.isalpha()):
                raise LatexError(f"an index that is no letter: {index}")
            if braced:
                first = self.sum() if self.takes("=") else None
                self.expect("}")
        if not index:
            raise LatexError(r"\sum without an index")
        if bool(first) != bool(last):
            raise LatexError(r"\sum with one of its two limits")
        limits = (first, last) if first and last else ()
        return Node("over", index, (self.product(), *limits))

    def environment(self) -> Node:
        """A matrix, or cases, each with its condition."""
        name = self.take()[len(r"\begin{") : -1]
        if name not in ("cases", "pmatrix", "bmatrix"):
            raise LatexError(f"an environment that is not understood: {name}")
        end, rows = rf"\end{{{name}}}", [self.row(name)]
        while self.takes(r"\\"):
            if self.token != end:
                rows.append(self.row(name))
        self.expect(end)
        widths = {len(row.children) for row in rows}
        if len(widths) > 1 or (name == "cases" and widths != {2}):
            raise LatexError("a case without a condition, or rows of several lengths")
        return Node("cases" if name == "cases" else "matrix", "", tuple(rows))

    def row(self, name: str) -> Node:
        cells = [self.sum()]
        while self.takes("&"):
            cells.append(self.condition() if name == "cases" else self.sum())
        return Node("row", "", tuple(cells))

    def condition(self) -> Node:
        terms, relations = (chain := self.chain()).terms, chain.relations
        if not relations or set(relations) - COMPARISONS:
            raise LatexError("a case without a condition")
        return Node("condition", " ".join(relations), terms)
