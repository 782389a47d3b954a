"""The LaTeX that formulas may use, and what to write instead of some that is not."""

from __future__ import annotations


def _commands(names: str) -> frozenset[str]:
    return frozenset("\\" + name for name in names.split())


GREEK = _commands(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa "
    "lambda mu nu xi pi rho sigma tau upsilon phi varphi chi psi omega "
    "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
)
SYMBOLS = GREEK | _commands(
    "partial nabla infty ell top bot forall exists emptyset "
    "dots ldots cdots vdots ddots "
    "le leq ge geq ne neq lt gt ll gg approx sim simeq equiv propto in notin ni subset "
    "subseteq mid to rightarrow leftarrow leftrightarrow mapsto Rightarrow Leftarrow "
    "Leftrightarrow implies iff "
    "cdot times div pm mp odot otimes oplus circ ast star cap cup setminus "
    "land lor neg sum prod int { } %"
)
SPACES = _commands(", : ; ! quad qquad") | {"\\ "}
FUNCTIONS = _commands("log ln exp sin cos tan sinh cosh tanh arcsin arccos arctan dim")
LIMIT_FUNCTIONS = _commands("lim max min sup inf argmax argmin det")
"""The functions whose subscript stands below them where a formula is displayed."""

ACCENTS = _commands("hat bar tilde dot ddot")
BRACES = _commands("underbrace overbrace")
FRACTIONS = _commands("frac dfrac tfrac")
FONTS = _commands("mathbf boldsymbol mathbb mathcal mathrm")
SIZES = _commands("big bigl bigr Big Bigl Bigr bigg biggl biggr Bigg Biggl Biggr")

PAIRS = {
    "\\lVert": "\\rVert",
    "\\lvert": "\\rvert",
    "\\lfloor": "\\rfloor",
    "\\lceil": "\\rceil",
    "\\langle": "\\rangle",
}
"""Delimiters that come in pairs and become as tall as what they hold."""

DELIMITERS = {"(", ")", "[", "]", "|", "/", "."} | _commands(
    "{ } | lvert rvert lVert rVert vert Vert langle rangle lfloor rfloor lceil rceil"
)
"""What may follow `\\left`, `\\right` and the sizes; a full stop is none."""

ENVIRONMENTS = {
    "aligned": "align*",
    "cases": "cases",
    "matrix": "matrix",
    "pmatrix": "pmatrix",
    "bmatrix": "bmatrix",
    "vmatrix": "vmatrix",
}
"""The tables, each with the name under which `latex2mathml` knows it."""

ADVICE = {
    "\\over": r"write \frac{…}{…}",
    "\\overline": r"write \bar for a mean",
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
"""What to write instead of a command that is refused."""
