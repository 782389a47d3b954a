"""Leave out of pages what nobody sees.

The template's indentation, the marks on names, signs and blanks in code, which have the
colour of the text, the second of two marks of one colour, the full names of types on
the pages of the API (torch.Tensor for Tensor), and the escapes of Chinese in the
settings. What it buys, measured: a tenth of what is sent of pages, and the heaviest has
24.7 KB instead of 28.9, where 25 are the budget (tests/site/test_weight.py).
"""

import re
from html import unescape
from unicodedata import east_asian_width

FULL_NAME = re.compile(r'<span title="[^"]*">([^<]*)</span>')
PLAIN = re.compile(r'<span class="(?:n|o|p|w)">([^<]*)</span>|<span></span>')
# All of these have the colour of strings.
STRINGS = re.compile(r'(?:<span class="(?:s|s1|s2|sb|sc|si|ss)">[^<]*</span>){2,}')
BETWEEN = re.compile(r"</span><span[^>]*>")
# In JSON, and no half of a pair.
CHINESE = re.compile(r"\\u([3-9f][0-9a-f]{3})")
UNKNOWN = re.compile(
    r'(<label [^>]*) tabindex=""|(<input [^>]*type="checkbox"[^>]*) autocomplete="off"'
)
# Firefox fetches the next page beforehand, which the policy forbids it; the keys that
# Material finds by these, assets/js/site.js finds by the links at the page's foot.
NEIGHBOURS = re.compile(r'<\S*link rel="(?:prev|next)" [^>]*>')
BLOCK = re.compile(
    r'<div class="language-\w+ highlight(?="[^>]*>(<pre>.*?</pre>))', re.DOTALL
)
TAG = re.compile("<[^>]*>")
LONG = 25
BESIDE_BUTTONS = 72
"""How many letters a line has room for beside the buttons, of which two lines are."""
INDENTATION = re.compile(r"\s*\n\s*")


def without(output: str) -> str:
    """Return a page without them; what is between article tags keeps its lines."""
    output = UNKNOWN.sub(r"\1\2", output)
    before, start, rest = output.partition("<article")
    article, end, after = rest.rpartition("</article>")
    before = NEIGHBOURS.sub("", before)
    article = FULL_NAME.sub(r"\1", article)
    article = PLAIN.sub(r"\1", article)
    article = BLOCK.sub(told_by_shape, article)
    article = STRINGS.sub(lambda marks: BETWEEN.sub("", marks[0]), article)
    after = CHINESE.sub(lambda escape: chr(int(escape[1], 16)), after)
    return (
        INDENTATION.sub("\n", before)
        + start
        + article.rstrip()
        + end
        + INDENTATION.sub("\n", after)
    )


def told_by_shape(block: re.Match[str]) -> str:
    """Say of a block what assets/css/site.css asks.

    A long one may be cut in two on paper; one that begins with wide lines has them
    below its buttons, which outputs have none of.
    """
    lines = unescape(TAG.sub("", block[1])).split("\n")
    long = len(lines) - 1 > LONG
    wide = max(map(width, lines[:2])) > BESIDE_BUTTONS and "-text" not in block[0]
    return block[0] + " long" * long + " wide" * wide


def width(text: str) -> int:
    """How many Latin letters a text is as wide as."""
    return sum(1 + (east_asian_width(one) in "WF") for one in text)
