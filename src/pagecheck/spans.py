"""What stands inside a text of Markdown, each thing with its place, in linear time.

Code, mathematics, comments, links and the like are told apart once, here, as
Python-Markdown tells them apart when it builds the site; whoever looks for numbers,
words or links looks at what is left. What has a meaning there and is none of these is
refused.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

# Written instead of an invisible character: no letter, digit or space.
BLANK = "\x00"

_URL = r"https?://[^\s<>)`]+"
_ATOM = re.compile(
    r"(?P<escape>\\[`*_{}>#+.!$|-])"
    r"|(?P<comment><!--(?:.*?-->|.*))"
    r"|(?P<code>(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<math>(?<!\$)\$(?![\s$])(?:[^\\$`\n]|\\[^`\n])+(?<!\s)\$(?![\d$]))"
    r"|(?P<address><(?:[A-Za-z][\w+.-]*:|[\w.+-]+@)[^<>\s]*>"
    rf"|(?<![\w.+-])(?:{_URL}|[\w.+-]+@[\w-]+(?:\.[\w-]+)+))"
    r"|(?P<tag></?[A-Za-z][^<>]*>)"
    r"|(?P<entity>&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,31});)",
    re.DOTALL,
)
_LINK = re.compile(
    r"!?\[(?P<text>[^\[\]]*)\]\( *(?P<target>(?:[^()\s<>\0]|\([^()\s<>\0]*\))*) *\)"
)
_ATTRIBUTES = re.compile(
    r"\{:?(?: *(?:[.#][\w-]+"
    r"|(?:width|height|loading|target|rel)=(?:\"[^\"]*\"|[\w%-]+)))* *\}"
)
_HEADING_ID = re.compile(r"\{:? *(?:\.[\w-]+ *)*#([\w-]+) *(?:\.[\w-]+ *)*\}$")


@dataclass(frozen=True)
class Span:
    """A piece of a text that is more than its characters.

    Its kind is ``escape``, ``comment``, ``code``, ``math``, ``address``, ``tag``,
    ``entity``, ``link``, ``image``, ``attributes`` or a heading's ``id``.
    """

    kind: str
    start: int
    end: int
    # Where what it holds starts and ends: the code, the LaTeX, a comment's content, the
    # text of a link, the alternative text of an image, the id.
    inside: tuple[int, int]
    target: str = ""  # of a link or an image


@lru_cache(maxsize=1024)
def find_spans(text: str) -> tuple[Span, ...]:
    """All spans of a paragraph, a heading or the like, in its order.

    Only links and images hold other spans. A comment in a code span is code.
    """
    atoms = [_atom(match) for match in _ATOM.finditer(text)]
    masked = list(text)
    for each in atoms:
        sign = BLANK if each.kind in ("code", "math", "comment") else "x"
        masked[each.start : each.end] = sign * (each.end - each.start)
    links: list[Span] = []
    for _ in range(2):  # images, and links that hold them
        for found in _LINK.finditer("".join(masked)):
            kind = "image" if found[0][0] == "!" else "link"
            target = text[slice(*found.span("target"))].strip("<>")
            links.append(Span(kind, *found.span(), found.span("text"), target))
            masked[slice(*found.span())] = "x" * len(found[0])
    hidden = {place for link in links for place in range(link.inside[1], link.end)}
    spans = [*links, *(each for each in atoms if each.start not in hidden)]
    spans += [
        Span("attributes", span.end, match.end(), match.span())
        for span in spans
        if span.kind in ("link", "image", "code")
        and (match := _ATTRIBUTES.match(text, span.end))
    ]
    ending = _HEADING_ID.match(text, max(text.rfind("{"), 0))
    if ending and text.lstrip().startswith("#"):
        spans.append(Span("id", *ending.span(), ending.span(1)))
    return tuple(sorted(spans, key=lambda span: (span.start, -span.end)))


def _atom(match: re.Match[str]) -> Span:
    """A span that holds no others."""
    kind, (start, end) = match.lastgroup or "", match.span()
    cut = {"math": (1, 1), "comment": (4, 3)}.get(kind, (0, 0))
    if kind == "code":
        cut = (len(match["ticks"]),) * 2
    return Span(kind, start, end, (start + cut[0], end - cut[1]))


def visible(text: str, dialects: Collection[str] = ("prose", "code", "math")) -> str:
    """A text with all blanked that is no ``prose``, ``code`` or ``math``, as asked."""
    shown = list(text if "prose" in dialects else BLANK * len(text))
    hidden = []
    for span in find_spans(text):
        if span.kind in ("link", "image"):
            hidden.append((span.inside[1] + 1, span.end))
        elif span.kind in dialects:
            shown[span.start : span.end] = text[span.start : span.end]
            addresses = re.compile(_URL).finditer(text, span.start, span.end)
            hidden += [match.span() for match in addresses]
        elif span.kind != "escape":
            hidden.append((span.start, span.end))
    for start, end in hidden:
        shown[start:end] = BLANK * (end - start)
    return "".join(shown)


_STRANGE = "Markdown or HTML that the contract does not know"
# What is refused outside of spans, since the site shows it otherwise than it is meant,
# or not at all: footnotes, marks, icons, keys, annotations, macros, references, HTML.
_UNKNOWN = re.compile(
    r"[{}~^\\`\t]|\[(?![\d−-])|\](?=[\[(:])|\$(?!\d)|<(?!\s)|==|\+\+[^+\n]+(?:\+[^+\n]+)*\+\+"
    r"|(?<![\w:]):[a-z][\w+-]*:(?![\w:])|\(\d+\)!"
    # A number in pieces, between them emphasis or what nobody sees.
    r"|\d[.,]?\0+(?:[.,]\0+)?[.,]?\d|\d[.,]?(\*{1,3}|_{1,3})\d[\d.,]*\1"
    r"|(\*{1,3}|_{1,3})[\d.,]*\d\2[.,]?\d"
)
# At a line's beginning, blocks that are none: headings, quotations, boxes, definitions.
_BEGINNING = re.compile(
    r"(?m)^ *(?:(?:[-*+]|\d+\.) +)?(?:#(?! |#{1,5} )|#+ .*# *(?:\{|$)|>|[=-]+ *$"
    r"|:(?: |$)|///|(?:!!!|\?{3})(?!\+? [\w-]+(?: \".*\")? *$)|:::(?! [A-Za-z_][\w.]*$)"
    r"|\|(?!.*\| *(?:<!--.*)?$)|(?=[^|\n]*\|)[ :|-]+$)"
    r"|\n *(?:(?:[-*+]|\d+[.)])\s|!!!|\?\?\?|:::|\||<!--)"
)


def refusals(text: str) -> Iterator[tuple[int, str]]:
    """What a text has that the site shows otherwise than meant: where, and what."""
    plain = list(text)
    for span in find_spans(text):
        written = text[span.start : span.end]
        if span.kind in ("link", "image"):  # what stands in its text is searched
            plain[span.start : span.inside[0]] = BLANK * (span.inside[0] - span.start)
            plain[span.inside[1] : span.end] = BLANK * (span.end - span.inside[1])
        elif span.kind == "comment" or written == r"\.":
            plain[span.start : span.end] = BLANK * len(written)
        else:
            plain[span.start : span.end] = "x" * len(written)
        if fault := _fault(span.kind, written):
            yield span.start, fault
    for pattern, searched in ((_UNKNOWN, "".join(plain)), (_BEGINNING, text)):
        for match in pattern.finditer(searched):
            start = match.end() - len(match[0].lstrip(" \n"))
            written = text[start : start + 30].split("\n")[0]
            yield start, f"{_STRANGE}: {written!r}"


def _fault(kind: str, written: str) -> str:
    if kind == "comment" and not written.endswith("-->"):
        return "a comment that does not end"
    if kind == "tag":
        return f"{_STRANGE}: {written[:60]!r}"
    if kind == "entity" and re.fullmatch(r"\w|[%.,−-]", html.unescape(written)):
        return f"a character that may belong to a number, as an entity: {written}"
    if kind == "code" and re.search(r"\n *(?:<[!/?A-Za-z]|\*?\[[^\]\n]*\]:)", written):
        return f"a line in code that begins as HTML or as a reference: {written[:60]!r}"
    return ""
