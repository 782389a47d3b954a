"""Tables, and what is printed in columns, as readers want them.

A table stands in a box that scrolls; Material would put it there by a script, which
moves what is below. A class aligns the cells where Markdown takes a style, which the
site's policy forbids; others name columns of words and of sentences, which have some
room even where other columns take most of it (assets/css/site.css). A heading that is a
formula has a name; a corner that says nothing is no heading. An output in columns has a
class: its lines are not wrapped.
"""

import re
from itertools import zip_longest

from site_finish.lean import width

ALIGNMENT = re.compile(r'(<t[dh]) style="text-align: (left|center|right);"')
FORMULA_HEADING = re.compile(r'(<th[^>]*>)<math (alttext="([^"]*)")')
EMPTY_HEADING = re.compile(r"<th( [^>]*)?></th>")
TABLE = re.compile(r"<table>(.*?)</table>", re.DOTALL)
OUTPUT = re.compile(
    r'(<div class="language-text highlight)("><pre>(?:<span></span>)?<code>)'
    r"(.*?)(?=</code>)",
    re.DOTALL,
)
ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)
CELL = re.compile(r'<td(?: class="(left|center|right)")?>(.*?)</td>', re.DOTALL)
TAG = re.compile(r"<[^>]*>")
KINDS = {72: "sentences", 24: "words"}
"""What a column is called by the width of its longest cell, in Latin letters."""
GAP = re.compile(r"\S {2,}\S")
WIDEST = 100
SPOKEN = r'\1<span class="spoken">\3</span><math aria-hidden="true" \2'


def mended(html: str) -> str:
    """Mend the tables of a page, and mark its outputs in columns."""
    html = ALIGNMENT.sub(r'\1 class="\2"', html)
    html = FORMULA_HEADING.sub(SPOKEN, html)
    html = TABLE.sub(_boxed, html)
    html = OUTPUT.sub(_in_columns, html)
    return EMPTY_HEADING.sub(r"<td\1></td>", html)


def _boxed(table: re.Match[str]) -> str:
    """Put a table into its box, and name its columns of words and of sentences."""
    rows = ROW.findall(table[1])
    cells = [[text for _, text in CELL.findall(row)] for row in rows]
    columns = zip_longest(*cells, fillvalue="")
    kinds = [_kind(max(map(_width, column))) for column in columns]

    def row(found: re.Match[str]) -> str:
        kind = iter(kinds)
        return CELL.sub(lambda cell: _cell(cell, next(kind)), found[0])

    named = ROW.sub(row, table[1])
    return f'<div class="table"><table class="cells">{named}</table></div>'


def _cell(cell: re.Match[str], kind: str) -> str:
    classes = " ".join(filter(None, [cell[1], kind]))
    return f'<td class="{classes}">{cell[2]}</td>' if classes else cell[0]


def _kind(wide: int) -> str:
    return next((kind for least, kind in KINDS.items() if wide > least), "")


def _width(cell: str) -> int:
    return width(TAG.sub("", cell))


def _in_columns(output: re.Match[str]) -> str:
    """Mark an output of which two lines or more have gaps, and none is very long."""
    lines = output[3].split("\n")
    gaps = sum(bool(GAP.search(line)) for line in lines)
    columns = gaps > 1 and max(map(len, lines)) <= WIDEST
    return output[1] + (" columns" if columns else "") + output[2] + output[3]
