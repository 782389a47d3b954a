r"""A Markdown extension that turns LaTeX into MathML while the site is built.

`$…$` inside a line and `$$` on lines of their own become MathML, which browsers draw
without a script. `latex2mathml` does the conversion, but it never raises: what it does
not understand reaches the reader as raw LaTeX. So a formula passes through four hands:

1. `reader` knows every command that it lets through, and writes the formula again in
   the one form that `latex2mathml` converts rightly;
2. `latex2mathml` converts it;
3. `structure` and `spacing` make of the result what browsers draw as TeX would;
4. `guard` refuses whatever looks like a formula that was misunderstood.

Whatever is refused raises `FormulaError`: the build fails rather than the page. The
LaTeX itself stays with the formula, as an annotation and as its `alttext`.
"""

from pagecheck.mathml.conversion import mathml
from pagecheck.mathml.extension import DISPLAY_MATH, INLINE_MATH, MathMLExtension
from pagecheck.mathml.formula_error import FormulaError

__all__ = [
    "DISPLAY_MATH",
    "INLINE_MATH",
    "FormulaError",
    "MathMLExtension",
    "mathml",
]
