"""Tables as browsers and screen readers want them.

A table stands in a box that scrolls; Material would put it there by a script, which
moves what is below. A class aligns the cells where Markdown takes a style, which the
site's policy forbids; a heading that is a formula has a name; a corner that says
nothing is no heading.
"""

import re

ALIGNMENT = re.compile(r'(<t[dh]) style="text-align: (left|center|right);"')
FORMULA_HEADING = re.compile(r'(<th[^>]*>)<math (alttext="([^"]*)")')
EMPTY_HEADING = re.compile(r"<th( [^>]*)?></th>")
TABLE = re.compile(r"<table>(.*?)</table>", re.DOTALL)
BOXED = r'<div class="table"><table class="cells">\1</table></div>'
SPOKEN = r'\1<span class="spoken">\3</span><math aria-hidden="true" \2'


def mended(html: str) -> str:
    """Mend the tables of a page."""
    html = ALIGNMENT.sub(r'\1 class="\2"', html)
    html = FORMULA_HEADING.sub(SPOKEN, html)
    html = TABLE.sub(BOXED, html)
    return EMPTY_HEADING.sub(r"<td\1></td>", html)
