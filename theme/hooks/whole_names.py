"""MkDocs hook: a name such as 2-3-1 or 4-4 is not cut in two at the end of a line.

A browser may break a line after each hyphen. A no-break hyphen would hide the name from
search and from what is copied; a class leaves the text alone.
"""

import re

# Code keeps its lines anyway, and a formula is no text.
APART = re.compile(r"(<(pre|math|script|style|svg)\b.*?</\2>)", re.DOTALL)
# In a text, that is, before the next tag begins, and no part of a longer word.
NAME = re.compile(r"(?<![\w.-])\d(?:-\d)+(?![\w.-]*\w)(?=[^<>]*(?:<|$))", re.ASCII)


def on_page_content(html: str, **_: object) -> str:
    """Keep the names in a page's text whole."""
    parts = APART.split(html)
    # Every third part is a text, then one that is apart, then the name of its tag.
    parts[::3] = [NAME.sub(r'<span class="whole">\g<0></span>', p) for p in parts[::3]]
    del parts[2::3]
    return "".join(parts)
