r"""Reads a formula strictly and writes it as `latex2mathml` converts it rightly."""

from __future__ import annotations

import re

from pagecheck.mathml.commands import (
    ACCENTS,
    ADVICE,
    BRACES,
    DELIMITERS,
    ENVIRONMENTS,
    FONTS,
    FRACTIONS,
    FUNCTIONS,
    GREEK,
    LIMIT_FUNCTIONS,
    PAIRS,
    SIZES,
    SPACES,
    SYMBOLS,
)
from pagecheck.mathml.formula_error import FormulaError

_TOKEN = re.compile(
    r"\\operatorname\*|\\[a-zA-Z]+|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL | re.ASCII
)
_PLAIN = re.compile(r"[a-zA-Z]|\d+(?:\.\d+)?|[-+*/=<>()\[\]|,.;:!]", re.ASCII)
_THOUSANDS = re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,])")
_WORDS = re.compile(r"\\(?:text[a-z]*|mbox|hbox)")
_CLOSERS = {"\\end", "\\right", *PAIRS.values()}
_DEEPEST = 40  # things inside things; Python's own stack would end later


class Reader:
    r"""Reads one formula from left to right and writes its normal form.

    That has every argument in braces, tokens apart, `aligned` as `align*`, `\arg\min`
    as `\argmin`, `\lVert` as `\left\lVert`.

    Attributes:
        latex: The formula, without its dollar signs.
        environments: The names of its tables, in the order in which they begin.
        shown: Letters and digits that whoever sees the formula must see.
    """

    def __init__(self, latex: str) -> None:
        self.latex = latex
        self.environments: list[str] = []
        self.shown: list[str] = []
        self._tokens = [t for t in _TOKEN.findall(latex) if not t.isspace()]
        self._position = 0
        self._depth = 0

    def formula(self) -> str:
        """Return the formula's normal form.

        Raises:
            FormulaError: Something in it is unknown or unbalanced.
        """
        if found := _THOUSANDS.search(self.latex):
            raise self._error(
                f"the comma in {found[0]} would be set as a list's",
                f"write {found[0].replace(',', '')} for a number, "
                f"{found[0].replace(',', ', ')} for a list",
            )
        if not self._tokens:
            raise self._error("the formula is empty", "write one, or leave it out")
        return " ".join(self._row(until=()))

    def _error(self, reason: str, advice: str) -> FormulaError:
        return FormulaError(self.latex, reason, advice)

    def _peek(self) -> str:
        in_reach = self._position < len(self._tokens)
        return self._tokens[self._position] if in_reach else ""

    def _next(self) -> str:
        token = self._peek()
        self._position += 1
        return token

    def _row(self, until: tuple[str, ...]) -> list[str]:
        """Read up to one of the tokens `until`, or to the end if there are none."""
        parts: list[str] = []
        scripts: set[str] = set()
        while (token := self._peek()) not in until:
            if not token:
                if not until:
                    break
                raise self._error(f"{until[0]} is missing", "close what was opened")
            if token in ("^", "_", "'"):
                parts += self._script(bool(parts), scripts)
            else:
                parts += self._atom()
                scripts = set()
        return parts

    def _script(self, has_base: bool, scripts: set[str]) -> list[str]:
        sign = self._next()
        if not has_base:
            raise self._error(
                f"{sign} stands on nothing", "put what it belongs to before it"
            )
        kind = "_" if sign == "_" else "^"
        if kind in scripts and not (sign == "'" and "'" in scripts):
            raise self._error(
                f"two {'sub' if kind == '_' else 'super'}scripts on one thing",
                "put the first in braces with what it belongs to",
            )
        scripts |= {kind, sign}
        return ["'"] if sign == "'" else [sign, *self._argument(sign)]

    def _argument(self, command: str) -> list[str]:
        token = self._peek()
        if token == "{":
            return self._group(command)
        if token[:1].isdigit() and len(token) > 1:
            raise self._error(
                f"{command}{token} would take the digit {token[0]} alone",
                "put the argument, or each of them, in braces",
            )
        if token == "\\\\" or not (token[:1].isalnum() or token[:1] in ("\\", "*")):
            raise self._error(f"{command} lacks its argument", "put it in braces")
        return ["{", *self._atom(), "}"]

    def _group(self, command: str) -> list[str]:
        self._next()
        inside = self._row(until=("}",))
        self._next()
        if not inside:
            raise self._error(
                f"empty braces after {command}", "fill them, or go without"
            )
        return ["{", *inside, "}"]

    def _atom(self) -> list[str]:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._error("it is nested too deeply", "write it in simpler parts")
        if self._peek() == "{":
            parts = self._group("nothing")
        else:
            parts = self._construct(self._next())
        self._depth -= 1
        return parts

    def _construct(self, token: str) -> list[str]:
        """Read what the token that was just taken begins."""
        if _PLAIN.fullmatch(token):
            if token[0].isalnum():
                self.shown.append(token)
            return [token]
        if token in SYMBOLS or token in SPACES:
            return [token]
        if token == "\\arg" and self._peek() in ("\\min", "\\max"):
            token += self._next()[1:]
        if token in FUNCTIONS or token in LIMIT_FUNCTIONS:
            self.shown.append(token[1:])
            return [token]
        if token in ACCENTS or token in BRACES or token == "\\sqrt":
            return [token, *self._argument(token)]
        if token in FRACTIONS:
            return [token, *self._argument(token), *self._argument(token)]
        if token in FONTS:
            return self._font(token)
        if token == "\\operatorname":
            return self._operator_name()
        if token in SIZES:
            return [token, self._delimiter(token)]
        if token in PAIRS:
            inside = self._row(until=(PAIRS[token],))
            return ["\\left", token, *inside, "\\right", self._next()]
        if token == "\\left":
            return self._fenced()
        if token == "\\begin":
            return self._environment()
        raise self._unknown(token)

    def _unknown(self, token: str) -> FormulaError:
        if token == "}":
            return self._error("a } closes nothing", r"take it out, or write \}")
        if token in _CLOSERS:
            return self._error(f"{token} closes nothing", "open it, or take it out")
        if token in ("&", "\\\\"):
            return self._error(
                f"{token} outside a table",
                r"put it between \begin{aligned} and \end{aligned}",
            )
        if _WORDS.fullmatch(token):
            return self._error(
                f"{token} puts words into a formula",
                r"say it in the prose around it; a function's name is \operatorname{…}",
            )
        if not token.isascii():
            return self._error(
                f"{token!r} is no LaTeX",
                "write signs as commands, and words in the prose around the formula",
            )
        if not token.startswith("\\"):
            return self._error(
                f"a bare {token}", r"write \%" if token == "%" else "take it out"
            )
        return self._error(
            f"{token} is no command that formulas here may use",
            ADVICE.get(
                token,
                "use one that pagecheck.mathml knows, or add it there with a test",
            ),
        )

    def _font(self, command: str) -> list[str]:
        start = self._position
        argument = self._argument(command)
        letters = [
            t for t in self._tokens[start : self._position] if t not in ("{", "}")
        ]
        for letter in letters:
            if not (letter.isalnum() or letter in GREEK) or (
                command != "\\boldsymbol" and letter in GREEK
            ):
                raise self._error(
                    f"{command} around {letter}",
                    r"put single letters into it (Greek ones into \boldsymbol)",
                )
        if command == "\\mathrm" and len(letters) > 1:
            raise self._error(f"{command} around a word", ADVICE[command])
        return [command, *argument]

    def _braced_name(self) -> str:
        """Read `{name}`, or nothing: then return the empty string."""
        rest = "".join(self._tokens[self._position :])
        found = re.match(r"\{([a-zA-Z]+\*?)\}", rest)
        if found is None:
            return ""
        self._position += len(found[0])
        return found[1]

    def _operator_name(self) -> list[str]:
        name = self._braced_name()
        if not name.isalpha():
            raise self._error(
                "\\operatorname without a name", r"write a name of letters in braces"
            )
        self.shown.append(name)
        return [f"\\operatorname{{{name}}}"]

    def _delimiter(self, command: str) -> str:
        token = self._next()
        if token not in DELIMITERS:
            raise self._error(
                f"{token or 'nothing'} after {command} is no delimiter",
                r"write one such as ( ) [ ] \{ \} | \lVert \rVert, or . for none",
            )
        return token

    def _fenced(self) -> list[str]:
        left = self._delimiter("\\left")
        inside = self._row(until=("\\right",))
        self._next()
        return ["\\left", left, *inside, "\\right", self._delimiter("\\right")]

    def _environment(self) -> list[str]:
        name = self._braced_name()
        if name not in ENVIRONMENTS:
            raise self._error(
                f"the environment {name} is unknown",
                "use one of " + ", ".join(ENVIRONMENTS),
            )
        self.environments.append(name)
        rows = self._cells()
        if (end := self._braced_name()) != name:
            raise self._error(
                rf"\begin{{{name}}} is closed by \end{{{end}}}", "close what was opened"
            )
        self._check_shape(name, rows)
        written = " \\\\ ".join(
            " & ".join(" ".join(cell) for cell in row) for row in rows
        )
        known_as = ENVIRONMENTS[name]
        return ["{", rf"\begin{{{known_as}}}", written, rf"\end{{{known_as}}}", "}"]

    def _cells(self) -> list[list[list[str]]]:
        rows: list[list[list[str]]] = [[]]
        token = ""
        while token != "\\end":
            rows[-1].append(self._row(until=("\\end", "&", "\\\\")))
            token = self._next()
            if token == "\\\\":
                rows.append([])
                if self._peek() == "[":
                    raise self._error(
                        r"[ after \\ would be taken for a length", r"leave \\ alone"
                    )
        return rows[:-1] if rows[-1] == [[]] else rows

    def _check_shape(self, name: str, rows: list[list[list[str]]]) -> None:
        if not rows or any(not any(row) for row in rows):
            raise self._error(f"{name} has an empty row", "fill it, or take it out")
        widths = {len(row) for row in rows}
        if name == "cases" and widths != {2}:
            raise self._error(
                "a row of cases needs 2 cells, set apart by &", "add or remove an &"
            )
        if name.endswith("matrix") and (
            len(widths) != 1 or any(not cell for row in rows for cell in row)
        ):
            raise self._error(
                f"the rows of {name} differ in length, or a cell is empty",
                "give every row the same number of filled cells",
            )
