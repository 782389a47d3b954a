r"""Parse displayed formulas: a precedence parser over the LaTeX that pages use.

``parse_formula`` reads a formula into terms and the relations between them. Whatever is
not understood is refused by name: nothing is skipped, so that what is accepted is what
a reader reads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


class LatexError(ValueError):
    """A formula that is not understood or that cannot be evaluated."""


@dataclass(frozen=True)
class Node:
    """A node of a formula's tree: its kind, what it holds, its children."""

    kind: str
    value: str = ""
    children: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Formula:
    """A formula: terms and the relations between them (``=``, ``<``, …)."""

    terms: tuple[Node, ...]
    relations: tuple[str, ...]


# -- tokens ----------------------------------------------------------------------------

_TOKEN = re.compile(
    r"\\(?:left|right|[bB]ig+[lr]?)\s*(?:\\[A-Za-z]+|\\[{}|]|[()\[\]|.])"
    r"|\\begin\{[a-z]+\}|\\end\{[a-z]+\}"
    r"|\\(?:operatorname|mathrm|mathbf|mathcal|mathit|mathsf|boldsymbol|bm)"
    r"\s*\{[A-Za-z][A-Za-z0-9 ]*\}"
    r"|\\[A-Za-z]+|\\[,;:!|{}\\ &%$#_]|\d+(?:\.\d+)?|[A-Za-z]|\S"
)
_SPACING = {r"\,", r"\;", r"\:", r"\!", r"\ ", r"\quad", r"\qquad", "~"}
_SIZES = re.compile(r"\\(?:left|right|[bB]ig+[lr]?)\s*(?=\\|\W)")
_RELATIONS = {
    "=": "=",
    "<": "<",
    ">": ">",
    r"\lt": "<",
    r"\gt": ">",
    r"\le": "<=",
    r"\leq": "<=",
    r"\ge": ">=",
    r"\geq": ">=",
    r"\ne": "!=",
    r"\neq": "!=",
    r"\approx": "~",
    r"\leftarrow": "<-",
    r"\gets": "<-",
}
# What may stand in a condition, which is true or false.
_COMPARISONS = frozenset(["=", "<", ">", "<=", ">=", "!="])
_LETTERS = (
    "alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi rho tau phi "
    "chi psi omega Gamma Delta Theta Lambda Xi Sigma Phi Psi Omega ell"
)
_GREEK = {f"\\{name}": name for name in _LETTERS.split()}
_GREEK |= {r"\varepsilon": "epsilon", r"\varphi": "phi"}
# The functions that are written with a command of their own.
_COMMANDS = "exp log ln tanh sinh cosh sin cos max min det"
_NAMED = {f"\\{name}": name for name in _COMMANDS.split()}
_ACCENTS = {r"\hat": "_hat", r"\bar": "_bar", r"\tilde": "_tilde", r"\vec": ""}
_ACCENTS |= {r"\widehat": "_hat", r"\overline": "_bar", r"\widetilde": "_tilde"}
_CLOSING = {
    "(": ")",
    "[": "]",
    r"\{": r"\}",
    "{": "}",
    r"\lVert": r"\rVert",
    r"\lvert": r"\rvert",
    r"\|": r"\|",
    "|": "|",
}


def _tokens(latex: str) -> list[str]:
    tokens = []
    for match in _TOKEN.finditer(latex):
        token = _SIZES.sub("", match[0]) if match[0].startswith("\\") else match[0]
        token = {r"\Vert": r"\|", r"\vert": "|"}.get(token, token)
        invisible = token == "." != match[0]  # \right. closes without a sign
        if token not in _SPACING and not invisible:
            tokens.append(token)
    return tokens


# -- the grammar -----------------------------------------------------------------------


def parse_formula(latex: str) -> Formula:
    r"""Parse a displayed formula.

    Raises:
        LatexError: When it holds a construct that is not understood.
    """
    latex = _unalign(latex)
    if match := re.search(r"\\(?:text|mbox)\b", latex):
        raise LatexError(f"words inside a formula: {match[0]}")
    parser = _Parser(_tokens(latex))
    formula = parser.formula()
    parser.expect_end()
    return formula


def _unalign(latex: str) -> str:
    r"""An ``aligned`` chain as one line: each of its lines goes on with a relation."""
    match = re.fullmatch(
        r"\s*\\begin\{(aligned|gathered)\}(.*)\\end\{\1\}\s*", latex, re.DOTALL
    )
    if match is None:
        return latex
    lines = re.split(r"\\\\", match[2])
    for line in lines[1:]:
        if line.strip() and not _GOES_ON.match(line):
            raise LatexError(
                f"a second statement in one formula: {line.strip()[:30]}; "
                "give each statement a formula of its own"
            )
    return " ".join(line.replace("&", " ") for line in lines)


_GOES_ON = re.compile(r"\s*&?\s*(?:[=<>]|\\(?:[lg]t|[lg]eq?|neq?|approx)(?![A-Za-z]))")


class _Parser:
    def __init__(self, tokens: Sequence[str]) -> None:
        self.tokens = list(tokens)
        self.place = 0
        self.closers: list[str] = []

    @property
    def token(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self) -> str:
        token = self.token
        self.place += 1
        return token

    def expect(self, token: str) -> None:
        if self.token != token:
            found = self.token or "the end of the formula"
            raise LatexError(f"expected {token}, found {found}")
        self.place += 1

    def expect_end(self) -> None:
        if self.token:
            raise LatexError(f"a token that is not understood: {self.token}")

    # formula := sum (relation sum)*
    def formula(self) -> Formula:
        terms, relations = [self.sum()], []
        while self.token in _RELATIONS:
            relations.append(_RELATIONS[self.take()])
            terms.append(self.sum())
        return Formula(tuple(terms), tuple(relations))

    # sum := ["-"|"+"] product (("+"|"-") product)*
    def sum(self) -> Node:
        node = self.signed_product()
        while self.token in ("+", "-", "−"):
            operator = "+" if self.take() == "+" else "-"
            node = Node("binary", operator, (node, self.product()))
        return node

    def signed_product(self) -> Node:
        if self.token in ("-", "−"):
            self.take()
            return Node("negate", "", (self.product(),))
        if self.token == "+":
            self.take()
        return self.product()

    # product := power ((\cdot|\times|\odot|/|nothing) power)*
    def product(self) -> Node:
        node = self.power()
        while True:
            if self.token in (r"\cdot", r"\times", "*"):
                self.take()
                node = Node("times", "", (node, self.power()))
            elif self.token in (r"\odot", r"\circ"):
                self.take()
                node = Node("elementwise", "", (node, self.power()))
            elif self.token == "/":
                self.take()
                node = Node("divide", "", (node, self.power()))
            elif self.starts_factor():
                node = Node("times", "", (node, self.power()))
            else:
                return node

    def starts_factor(self) -> bool:
        token = self.token
        if not token or (self.closers and token == self.closers[-1]):
            return False
        return (
            token[0].isalnum()
            or token in ("(", "[", "{", "|", r"\|", r"\{", r"\lVert", r"\lvert")
            or token in _GREEK
            or token in _ACCENTS
            or token in _NAMED
            or token in (r"\frac", r"\dfrac", r"\tfrac", r"\sqrt", r"\sum", r"\prod")
            or token in (r"\pi", r"\infty", r"\nabla", r"\sigma")
            or bool(re.match(r"\\(operatorname|math|boldsymbol|bm|begin)", token))
        )

    # power := atom with subscripts, superscripts, primes
    def power(self) -> Node:
        node = self.atom()
        while self.token in ("^", "'", "_", "!"):
            mark = self.take()
            if mark == "!":
                raise LatexError("a token that is not understood: !")
            if mark == "'":
                node = self.call_if_any(Node("prime", "", (node,)))
            elif mark == "_":
                node = self.call_if_any(Node("index", "", (node, *self.subscript())))
            else:
                node = self.superscript(node)
        return node

    def superscript(self, node: Node) -> Node:
        if self.token in (r"\top", "T", r"\mathsf{T}", r"\intercal"):
            self.take()
            return Node("transpose", "", (node,))
        if self.token in ("*", r"\star", r"\ast"):
            self.take()
            return Node("marked", "_star", (node,))
        if self.tokens[self.place : self.place + 2] == ["{", "("]:
            group = self.group()
            return Node("index", "", (node, group))
        if self.tokens[self.place : self.place + 3] in (
            ["{", r"\top", "}"],
            ["{", r"\mathsf{T}", "}"],
            ["{", "T", "}"],
        ):
            self.place += 3
            return Node("transpose", "", (node,))
        return Node("power", "", (node, self.group()))

    def subscript(self) -> list[Node]:
        """The indices of a subscript: ``_i``, ``_{ij}``, ``_{i,j}``, ``_{i+1}``."""
        if self.token != "{":
            return [self.subscript_part()]
        self.take()
        parts = []
        while self.token != "}":
            if not self.token:
                raise LatexError("a brace that does not close")
            if self.token == ",":
                self.take()
                continue
            part = self.subscript_part()
            while self.token in ("+", "-"):
                operator = self.take()
                part = Node("binary", operator, (part, self.subscript_part()))
            parts.append(part)
        self.take()
        return parts

    def subscript_part(self) -> Node:
        token = self.take()
        if token in (r"\max", r"\min"):
            return Node("word", token[1:])
        if match := re.fullmatch(r"\\(?:mathrm|operatorname)\s*\{(\w+)\}", token):
            return Node("word", match[1])
        if token.isdigit():
            return Node("number", token)
        if token.isalpha() or token in _GREEK:
            return Node("name", _GREEK.get(token, token))
        raise LatexError(f"a subscript that is not understood: {token or 'nothing'}")

    def group(self) -> Node:
        """A braced group, or a single token that stands for one."""
        if self.token == "{":
            return self.enclosed("{")
        token = self.token
        if re.fullmatch(r"\d{2,}(\.\d+)?|\d\.\d+", token):  # ^12 is ^1 and a 2
            self.tokens[self.place : self.place + 1] = [token[0], token[1:]]
        return self.atom()

    def enclosed(self, opening: str) -> Node:
        closing = _CLOSING[opening]
        self.expect(opening)
        self.closers.append(closing)
        node = self.sum()
        self.closers.pop()
        self.expect(closing)
        return node

    def atom(self) -> Node:
        token = self.token
        if not token:
            raise LatexError("the formula ends where a term should stand")
        if token in (r"\frac", r"\dfrac", r"\tfrac"):
            return self.fraction()
        if token in ("(", "[", r"\{", "{"):
            return self.enclosed(token)
        if token in ("|", r"\lvert"):
            return Node("abs", "", (self.enclosed(token),))
        if token in (r"\|", r"\lVert"):
            return self.norm(token)
        if token in (r"\sum", r"\prod"):
            return self.big_operator()
        if token in (r"\max", r"\min") and self.tokens[self.place + 1 :][:1] == ["_"]:
            return self.big_operator()
        if token == r"\sqrt":
            return self.root()
        if token.startswith(r"\begin"):
            return self.environment()
        if token in _ACCENTS:
            self.take()
            return Node("marked", _ACCENTS[token], (self.group(),))
        if token == r"\nabla":
            return self.gradient()
        return self.name_or_number()

    def root(self) -> Node:
        self.take()
        if self.token != "[":
            return Node("sqrt", "", (self.group(),))
        degree = self.enclosed("[")
        return Node("root", "", (self.group(), degree))

    def name_or_number(self) -> Node:
        token = self.take()
        if token[0].isdigit():
            return Node("number", token)
        if token == r"\pi":
            return Node("constant", "pi")
        if token == r"\infty":
            return Node("constant", "inf")
        if token == r"\sigma":
            return self.call_if_any(Node("name", "sigma"))
        if token in _NAMED:
            return self.function(Node("name", _NAMED[token]))
        if match := re.fullmatch(r"\\operatorname\s*\{([A-Za-z0-9 ]+)\}", token):
            return self.function(Node("name", match[1].replace(" ", "")))
        if match := re.fullmatch(
            r"\\(?:math\w+|boldsymbol|bm)\s*\{([A-Za-z][A-Za-z0-9]*)\}", token
        ):
            return self.call_if_any(Node("name", match[1]))
        if token in _GREEK:
            return self.call_if_any(Node("name", _GREEK[token]))
        if token.isalpha():
            return self.call_if_any(Node("name", token))
        raise LatexError(f"a token that is not understood: {token}")

    def function(self, name: Node) -> Node:
        """A function with its argument, which may stand without parentheses."""
        head, power = name, None
        while self.token in ("'", "_", "^"):
            mark = self.take()
            if mark == "'":
                head = Node("prime", "", (head,))
            elif mark == "_":
                head = Node("index", "", (head, *self.subscript()))
            else:
                power = self.group()
        if self.token in ("(", r"\{"):
            node = Node("call", "", (head, *self.arguments()))
        elif self.starts_factor():
            node = Node("call", "", (head, self.power()))
            while self.starts_factor() and self.token != "(":
                factors = (node.children[1], self.power())
                node = Node("call", "", (head, Node("times", "", factors)))
        else:
            raise LatexError(f"the function {name.value} without an argument")
        return Node("power", "", (node, power)) if power else node

    def call_if_any(self, head: Node) -> Node:
        """A name, or its call: which one it is, its value decides."""
        if self.token != "(":
            return head
        place, tokens = self.place, list(self.tokens)
        try:
            arguments = self.arguments()
        except LatexError:
            self.place, self.tokens = place, tokens
            return head
        return Node("call or product", "", (head, *arguments))

    def arguments(self) -> list[Node]:
        closing = _CLOSING[self.take()]
        self.closers.append(closing)
        arguments = [self.sum()]
        while self.token == ",":
            self.take()
            arguments.append(self.sum())
        self.closers.pop()
        self.expect(closing)
        return arguments

    def norm(self, opening: str) -> Node:
        inside, order = self.enclosed(opening), "2"
        if self.token == "_":
            self.take()
            order = self.norm_order()
        return Node("norm", order, (inside,))

    def norm_order(self) -> str:
        """Which norm it is: 1, 2, infinity, or Frobenius's."""
        group = self.group()
        order = "inf" if group == Node("constant", "inf") else group.value
        if order not in ("1", "2", "inf", "F"):
            raise LatexError(r"a norm other than \lVert x \rVert_1, _2, _\infty and _F")
        return order

    def fraction(self) -> Node:
        self.take()
        derivative = self.derivative()
        if derivative is not None:
            return derivative
        return Node("divide", "", (self.group(), self.group()))

    def derivative(self) -> Node | None:
        r"""``\frac{d}{dx} f``, ``\frac{\partial L}{\partial w}``; None for others."""
        place, tokens = self.place, list(self.tokens)
        marks = ("d", r"\mathrm{d}", r"\partial")
        if self.token == "{" and self.tokens[self.place + 1] in marks:
            self.take()
            mark = self.take()
            order = self.order()
            of = None if self.token == "}" else self.sum()
            if self.token == "}" and self.tokens[self.place + 1 : self.place + 3] == [
                "{",
                mark,
            ]:
                self.place += 3
                by = self.differentiated()
                while self.token == mark:
                    self.take()
                    by += self.differentiated()
                self.expect("}")
                if order != len(by):
                    raise LatexError(f"a derivative of order {order} by {len(by)}")
                if of is None:
                    of = self.product()
                return Node("derivative", str(order), (of, *by))
        self.place, self.tokens = place, tokens
        return None

    def order(self) -> int:
        if self.token != "^":
            return 1
        self.take()
        node = self.group()
        if not node.value.isdigit():
            raise LatexError("a derivative of an order that is no number")
        return int(node.value)

    def differentiated(self) -> list[Node]:
        """A name in the denominator of a derivative, as often as its power says."""
        node, times = self.atom(), 1
        while self.token in ("_", "^"):
            if self.take() == "_":
                node = Node("index", "", (node, *self.subscript()))
                continue
            power = self.group()
            if not power.value.isdigit():
                raise LatexError("a derivative by something that is no name")
            times = int(power.value)
        return [node] * times

    def gradient(self) -> Node:
        self.take()
        by: list[Node] = []
        if self.token == "_":
            self.take()
            by = self.subscript()
        return Node("derivative", "1", (self.power(), *by))

    def big_operator(self) -> Node:
        r"""``\sum``, ``\prod``, ``\max`` or ``\min`` over one index or several."""
        operator = self.take()
        indices: list[str] = []
        first, last, condition = None, None, None
        while self.token in ("_", "^"):
            if self.take() == "^":
                last = self.group()
            elif self.token == "{":
                self.take()
                indices, first, condition = self.range()
                self.expect("}")
            else:
                indices = [self.index_name()]
        if not indices:
            raise LatexError(f"{operator} without an index")
        if bool(first) != bool(last) or (last and len(indices) > 1):
            raise LatexError(f"{operator} with one of its two limits")
        body = self.product()
        limits = [each for each in (first, last, condition) if each]
        for index in reversed(indices):
            body = Node(operator[1:], index, (body, *limits))
            limits = []
        return body

    def range(self) -> tuple[list[str], Node | None, Node | None]:
        r"""What stands below ``\sum``: the indices, a first value, a condition.

        It is ``i = 1``, ``i, j``, or ``j \ne i``, whose first name is the index.
        """
        indices = [self.index_name()]
        while self.token == ",":
            self.take()
            indices.append(self.index_name())
        if self.token == "=" and len(indices) == 1:
            self.take()
            return indices, self.sum(), None
        if self.token in _RELATIONS and len(indices) == 1:
            relation = _RELATIONS[self.take()]
            if relation not in _COMPARISONS:
                raise LatexError(f"a condition with {relation}")
            names = (Node("name", indices[0]), self.sum())
            return indices, None, Node("condition", relation, names)
        return indices, None, None

    def index_name(self) -> str:
        token = self.take()
        if not (len(token) == 1 and token.isalpha()):
            raise LatexError(f"an index that is no letter: {token}")
        return token

    def environment(self) -> Node:
        name = self.take()[len(r"\begin{") : -1]
        if name not in ("cases", "pmatrix", "bmatrix", "matrix"):
            raise LatexError(f"an environment that is not understood: {name}")
        end = rf"\end{{{name}}}"
        rows: list[tuple[Node, ...]] = []
        row: list[Node] = []
        while True:
            if name == "cases" and row:
                row.append(self.condition())
            else:
                row.append(self.sum())
            if self.token == "&":
                self.take()
                continue
            rows.append(tuple(row))
            row = []
            if self.token == r"\\":
                self.take()
            if self.token == end:
                self.take()
                break
            if not self.token:
                raise LatexError(f"{name} without its end")
        kind = "cases" if name == "cases" else "matrix"
        return Node(kind, "", tuple(Node("row", "", each) for each in rows))

    def condition(self) -> Node:
        formula = self.formula()
        if not formula.relations:
            raise LatexError("a case without a condition")
        if set(formula.relations) - _COMPARISONS:
            raise LatexError("a case whose condition is no comparison")
        return Node("condition", " ".join(formula.relations), formula.terms)
