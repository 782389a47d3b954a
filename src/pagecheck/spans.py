"""What stands inside a text of Markdown, each thing with its place, in linear time.

Code, mathematics, comments, links and the like are told apart once, here, as
Python-Markdown tells them apart when it builds the site; whoever looks for numbers,
words or links looks at what is left.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

# Written instead of an invisible character: no letter, digit or space.
BLANK = "\x00"

_ATOM = re.compile(
    r"(?P<escape>\\[\\`*_{}\[\]()>#+.!$|-])"
    r"|(?P<comment><!--(?:.*?-->|.*))"
    r"|(?P<code>(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<math>(?<!\$)\$(?![\s$])(?:[^\\$`\n]|\\[^`\n])+(?<!\s)\$(?![\d$]))"
    r"|(?P<address><(?:[A-Za-z][\w+.-]*:|[\w.+-]+@)[^<>\s]*>"
    r"|(?<![\w.+-])(?:https?://[^\s<>)`]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+))"
    r"|(?P<tag></?[A-Za-z][^<>]*>)"
    r"|(?P<entity>&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,31});)",
    re.DOTALL,
)
_LINK = re.compile(
    r"!?\[(?P<text>[^\[\]]*)\]\( *(?P<target>(?:[^()\s<>\0]|\([^()\s<>\0]*\))*)"
    r"(?: +\"[^\"\n]*\")? *\)"
)
_ATTRIBUTES = re.compile(r"\{[^{}\n]*\}")
_HEADING_ATTRIBUTES = re.compile(r"\{ ?[:#.][^{}]*\} *$")


@dataclass(frozen=True)
class Span:
    """A piece of a text that is more than its characters.

    Attributes:
        kind: ``escape``, ``comment``, ``code``, ``math``, ``address``, ``tag``,
            ``entity``, ``link``, ``image`` or ``attributes``.
        start: Where it starts in the text.
        end: Where it ends.
        inside: Where what it holds starts and ends: the code, the LaTeX, a comment's
            content, the text of a link, the alternative text of an image.
        target: Where a link or an image leads.
    """

    kind: str
    start: int
    end: int
    inside: tuple[int, int]
    target: str = ""


@lru_cache(maxsize=1024)
def find_spans(text: str) -> tuple[Span, ...]:
    """Everything in a text that is more than its characters, in the text's order.

    Only links and images hold other spans. A comment in a code span is code.

    Args:
        text: A paragraph, a heading or the like; not a page.
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
    hidden = sorted((link.inside[1], link.end) for link in links)
    spans = [*links, *(each for each in atoms if not lies_in(each.start, hidden))]
    spans += [
        Span("attributes", span.end, match.end(), match.span())
        for span in spans
        if span.kind in ("link", "image", "code")
        and (match := _ATTRIBUTES.match(text, span.end))
    ]
    return tuple(sorted(spans, key=lambda span: (span.start, -span.end)))


def _atom(match: re.Match[str]) -> Span:
    """A span that holds no others."""
    kind, (start, end) = match.lastgroup or "", match.span()
    if kind == "code":
        ticks = len(match["ticks"])
        return Span(kind, start, end, (start + ticks, end - ticks))
    cut = {"math": (1, 1), "comment": (4, 3)}.get(kind, (0, 0))
    return Span(kind, start, end, (start + cut[0], end - cut[1]))


def lies_in(place: int, ranges: list[tuple[int, int]]) -> bool:
    """Whether a place lies in one of some ranges, which do not overlap."""
    index = bisect_left(ranges, (place + 1,)) - 1
    return index >= 0 and place < ranges[index][1]


def visible(text: str, dialects: Collection[str] = ("prose", "code", "math")) -> str:
    """A text with what a reader does not see blanked out, character by character.

    Args:
        text: The text.
        dialects: What to show of it: ``prose``, ``code`` and ``math``.
    """
    shown = list(text if "prose" in dialects else BLANK * len(text))
    ending = text.lstrip().startswith("#") and _HEADING_ATTRIBUTES.search(text)
    hidden = [ending.span()] if ending else []
    for span in find_spans(text):
        if span.kind in ("link", "image"):
            hidden.append((span.inside[1] + 1, span.end))
        elif span.kind in dialects:
            shown[span.start : span.end] = text[span.start : span.end]
            if "://" in text[span.start : span.end]:
                written = re.compile(r"\bhttps?://[^\s<>)`]+")
                found = written.finditer(text, span.start, span.end)
                hidden += [match.span() for match in found]
        elif span.kind != "escape":
            hidden.append((span.start, span.end))
    for start, end in hidden:
        shown[start:end] = BLANK * (end - start)
    return "".join(shown)


# -- what is refused inside a text -----------------------------------------------------

# What the site shows otherwise than it is meant: anywhere, and at a line's beginning.
_SYNTAX = {
    r"\[\^[^\[\]\s]+\]": "a footnote",
    r"~~": "~~struck~~ text",
    r"(?<!~)~[^~\s]+~(?!~)": "a ~subscript~",
    r"==(?=[^\s=])[^=\n]*[^\s=]==": "==marked== text",
    r"\^\^(?=\S)[^^\n]*\^\^": "^^inserted^^ text",
    r"\^\[|(?<!\^)\^[^\s^]+\^(?!\^)": "a ^superscript^ or a footnote",
    r"\+\+(?=\S)[^+\n]+(?:\+[^+\n]+)*\+\+": "++keys++",
    r"\{(?:\+\+|--|>>|==)": "critic markup",
    r"(?<![\w:]):[a-z][\w+-]*:(?![\w:])": "an :icon:",
    r"-{2,}8<-": "a snippet --8<--",
    r"\\[()\[\]]": r"mathematics or brackets between \( \) or \[ \]",
    r"\\[A-Za-z]{2,}": "LaTeX outside of mathematics",
    r"\(\d+\)!": "an annotation of code, (1)!",
    r"\[\[[A-Za-z][^\[\]\n]*\]\]|\{\{|\{%": "a wiki link or a macro",
    r"\]\(|\]\[": "a link by reference, or one that is none",
    r"\$(?!\d)": r"a dollar sign that is no formula's (write \$)",
    r"\\\n": "a line that ends with a backslash",
    r"\{:?[ ]*[.#][\w-][^{}\n]*\}": "an attribute list",
    r"<[!?]": "HTML that the contract does not know",
}
_BEGINNINGS = {
    r"#(?! |#{1,5} )|#+ [^{\n]*# *(?:\{.*)?$": "a heading that is none",
    r"`{3}|~{3}|\$\$": "a fence or a formula that is none",
    r"\|(?!.*\| *(?:<!--.*)?$)|(?=[^|\n]*\|)[ :|-]+$": "a table that is none",
    r"[=-]+ *$": "a heading underlined by === or ---",
    r">": "a quotation",
    r"(?:!!!|\?{3})(?!\+? [\w-]+(?: \".*\")? *$)": "an admonition that is none",
    r"=== *[\"'!+]": "a content tab",
    r"///|:::(?! [A-Za-z_][\w.]*$)": "a block that the site does not know",
    r"\*?\[[^\[\]]*\]:": "the definition of a link, a footnote or an abbreviation",
    r":( |$)": "a definition list",
    r"\[[ xX]\](\s|$)": "a task list",
    r"\[TOC\]": "a table of contents",
}
_IN_PROSE = [(re.compile(pattern), name) for pattern, name in _SYNTAX.items()]
_IN_LINES = [
    (re.compile(rf"(?m)^ *(?:(?:[-*+]|\d+\.) +)?(?:{pattern})"), name)
    for pattern, name in _BEGINNINGS.items()
]
_AFTER_TEXT = re.compile(r"\n *(?:(?:[-*+]|\d+[.)])\s|!!!|\?\?\?|:::|\|)")
_IN_LINES.append((_AFTER_TEXT, "a block right after a text"))
_DIRECTIVE = re.compile("<!--(= |pagecheck:|pytest)")
TAGS = ("a", "br", "kbd", "span")
_TAG = re.compile(
    rf"</?(?:{'|'.join(TAGS)})"
    r"(?:\s+(?:class|id|href|lang|rel|target)=\"[^\"<>]*\")*\s*/?>"
)
_ALLOWED_ATTRIBUTES = re.compile(
    r"\{:?(?: *(?:[.#][\w-]+"
    r"|(?:width|height|loading|target|rel)=(?:\"[^\"]*\"|[\w%-]+)))* *\}"
)
# Digits that a reader sees as one number although something stands between them.
_TORN = re.compile(
    r"\d[.,]?[\x00\[\]]+(?:[.,][\x00\[\]]+)?[.,]?\d"
    r"|\d[.,]?(\*{1,3}|_{1,3})\d[\d.,]*\1|(\*{1,3}|_{1,3})[\d.,]*\d\2[.,]?\d"
)


def refusals(text: str) -> Iterator[tuple[int, str, str]]:
    """What a text has that the site does not show as it is meant.

    Args:
        text: A paragraph, a heading or the like.

    Yields:
        The place, what was found there, and what to write instead.
    """
    spans = find_spans(text)
    plain = list(visible(text, ["prose"]))
    for span in spans:
        if span.kind in ("code", "math"):  # letters, so that no number is torn by them
            plain[span.start : span.end] = "x" * (span.end - span.start)
        if span.kind == "escape" and (meant := text[span.start + 1]) not in "()[]":
            plain[span.start : span.end] = BLANK + (meant if meant in ".\\" else "x")
    ending = text.lstrip().startswith("#") and _HEADING_ATTRIBUTES.search(text)
    if ending:
        plain[slice(*ending.span())] = " " * len(ending[0])
    prose = "".join(plain)
    for patterns, searched in ((_IN_PROSE, prose), (_IN_LINES, text)):
        for pattern, name in patterns:
            for match in pattern.finditer(searched):
                found = f"{name}: {match[0].strip()!r}"
                yield match.start(), found, "write it otherwise"
    for match in _TORN.finditer(prose):
        found = f"a number in pieces: {text[match.start() : match.end()]!r}"
        yield match.start(), found, "write the number in one piece"
    for span in spans:
        if fault := _fault(text, span):
            found = f"{fault}: {text[span.start : span.end][:60]!r}"
            yield span.start, found, "write it in Markdown, or as the character itself"


def _fault(text: str, span: Span) -> str | None:
    written = text[span.start : span.end]
    if span.kind == "comment" and not written.endswith("-->"):
        return "a comment that does not end"
    if span.kind == "comment":
        unwanted = "<!--" if _DIRECTIVE.match(written) else "[`$]|<!--"
        found = re.search(unwanted, written[4:])
        return f"a comment with {found[0]} in it" if found else None
    if span.kind == "tag" and not _TAG.match(written):
        return "HTML that the contract does not know"
    if span.kind == "entity":
        meant = html.unescape(written)
        around = text[max(span.start - 1, 0) : span.start] + text[span.end :][:1]
        if meant != written and (
            meant.isalnum() or re.search(r"[%.]|\d", meant + around)
        ):
            return "a character that may belong to a number, as an entity"
    if span.kind == "code" and re.search(r"\n *<[!/?A-Za-z]", written):
        return "a line in code that begins as HTML"
    if span.kind in ("link", "image") and written.endswith(('")', '" )')):
        return "a title, which few readers see"
    if span.kind == "attributes" and not _ALLOWED_ATTRIBUTES.fullmatch(written):
        return "attributes that the contract does not know"
    return None
