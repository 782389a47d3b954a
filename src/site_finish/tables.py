"""Tables, and what is printed in columns, as readers want them.

A table stands in a box that scrolls; Material would put it there by a script, which
moves what is below. A class aligns the cells where Markdown takes a style, which the
site's policy forbids; a heading that is a formula has a name; a corner that says
nothing is no heading. An output in columns has a class: its lines are not wrapped.
"""

import re

ALIGNMENT = re.compile(r'(<t[dh]) style="text-align: (left|center|right);"')
FORMULA_HEADING = re.compile(r'(<th[^>]*>)<math (alttext="([^"]*)")')
EMPTY_HEADING = re.compile(r"<th( [^>]*)?></th>")
TABLE = re.compile(r"<table>(.*?)</table>", re.DOTALL)
OUTPUT = re.compile(
    r'(<div class="language-text highlight)("><pre>(?:<span></span>)?<code>)'
    r"(.*?)(?=</code>)",
    re.DOTALL,
)
GAP = re.compile(r"\S {2,}\S")
WIDEST = 100
BOXED = r'<div class="table"><table class="cells">\1</table></div>'
SPOKEN = r'\1<span class="spoken">\3</span><math aria-hidden="true" \2'


def mended(html: str) -> str:
    """Mend the tables of a page, and mark its outputs in columns."""
    html = ALIGNMENT.sub(r'\1 class="\2"', html)
    html = FORMULA_HEADING.sub(SPOKEN, html)
    html = TABLE.sub(BOXED, html)
    html = OUTPUT.sub(_in_columns, html)
    return EMPTY_HEADING.sub(r"<td\1></td>", html)


def _in_columns(output: re.Match[str]) -> str:
    """Mark an output of which two lines or more have gaps, and none is very long."""
    lines = output[3].split("\n")
    gaps = sum(bool(GAP.search(line)) for line in lines)
    columns = gaps > 1 and max(map(len, lines)) <= WIDEST
    return output[1] + (" columns" if columns else "") + output[2] + output[3]
