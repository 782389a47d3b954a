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
from typing import Literal

Kind = Literal[
    "escape", "comment", "code", "math", "address", "tag", "entity", "link", "image",
    "attributes", "open",
]  # fmt: skip

# Written instead of an invisible character: no letter, digit or space.
BLANK = "\x00"

_NEXT = re.compile(r"[\\`$<&]|(?<![\w.+-])(?:https?://|[\w.+-]+@(?=[\w-]+\.\w))")
_ESCAPE = re.compile(r"\\[\\`*_{}\[\]()>#+.!$|-]")
_MATH = re.compile(r"(?<!\$)\$(?![\s$])((?:[^\\$`\n]|\\[^`\n])+)(?<!\s)\$(?![\d$])")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_AUTOLINK = re.compile(r"<(?:[A-Za-z][\w+.-]*:|[\w.+-]+@)[^<>\s]*>")
_ADDRESS = re.compile(r"https?://[^\s<>)`]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,31});")
_BRACKET = re.compile(r"!?\[|\]")
_TARGET = re.compile(
    r"\( *(?:<(?P<angle>[^<>\n]*)>|(?P<bare>(?:[^()\s<>]|\([^()\s<>]*\))*))"
    r"(?: +\"[^\"\n]*\")? *\)"
)
_ATTRIBUTES = re.compile(r"\{[^{}\n]*\}")
_HEADING_ATTRIBUTES = re.compile(r"\{ ?[:#.][^{}]*\} *$")


@dataclass(frozen=True)
class Span:
    """A piece of a text that is more than its characters.

    Attributes:
        kind: What it is; ``open`` is a comment that never ends.
        start: Where it starts in the text.
        end: Where it ends.
        inside: Where what it holds starts and ends: the code, the LaTeX, a comment's
            content, the text of a link, the alternative text of an image.
        target: Where a link or an image leads.
    """

    kind: Kind
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
    atoms = list(_atoms(text))
    links = list(_links(text, atoms))
    hidden = [(link.inside[1], link.end) for link in links]
    kept = [atom for atom in atoms if not lies_in(atom.start, hidden)]
    spans = sorted([*kept, *links], key=lambda span: (span.start, -span.end))
    lists = [
        Span("attributes", span.end, match.end(), match.span())
        for span in spans
        if span.kind in ("link", "image", "code")
        and (match := _ATTRIBUTES.match(text, span.end))
    ]
    return tuple(sorted([*spans, *lists], key=lambda span: (span.start, -span.end)))


def lies_in(place: int, ranges: list[tuple[int, int]]) -> bool:
    """Whether a place lies in one of some ranges, which do not overlap."""
    index = bisect_left(ranges, (place + 1,)) - 1
    return index >= 0 and place < ranges[index][1]


def _atoms(text: str) -> Iterator[Span]:
    """The spans that hold no others."""
    ticks = _runs_of_ticks(text)
    last_comment = text.rfind("-->")
    place = 0
    while match := _NEXT.search(text, place):
        start = match.start()
        span = _atom(text, start, ticks, last_comment)
        place = match.end() if span is None else span.end
        if span is None and text[start] == "`":
            place = start + _width(text, start)
        if span is not None:
            yield span


def _atom(
    text: str, start: int, ticks: dict[int, list[int]], last_comment: int
) -> Span | None:
    first = text[start]
    if first == "`":
        return _code(text, start, ticks)
    if text.startswith("<!--", start):
        if start + 4 > last_comment:
            return Span("open", start, len(text), (start, len(text)))
        end = text.find("-->", start + 4)
        return Span("comment", start, end + 3, (start + 4, end))
    kinds: tuple[tuple[str, Kind, re.Pattern[str]], ...] = (
        ("\\", "escape", _ESCAPE),
        ("$", "math", _MATH),
        ("<", "address", _AUTOLINK),
        ("<", "tag", _TAG),
        ("&", "entity", _ENTITY),
        (first if first not in "\\$<&" else "", "address", _ADDRESS),
    )
    for sign, kind, pattern in kinds:
        if sign == first and (match := pattern.match(text, start)):
            inside = match.span(1) if kind == "math" else match.span()
            return Span(kind, start, match.end(), inside)
    return None


def _runs_of_ticks(text: str) -> dict[int, list[int]]:
    """Where the runs of backticks of each length start."""
    runs: dict[int, list[int]] = {}
    for match in re.finditer("`+", text):
        runs.setdefault(len(match[0]), []).append(match.start())
    return runs


def _width(text: str, start: int) -> int:
    end = start
    while end < len(text) and text[end] == "`":
        end += 1
    return end - start


def _code(text: str, start: int, ticks: dict[int, list[int]]) -> Span | None:
    """The code span that begins with a run of backticks, if as long a run ends it."""
    if start and text[start - 1] == "`":  # an escaped one stands before
        return None
    width = _width(text, start)
    ends = ticks.get(width, [])
    index = bisect_left(ends, start + width + 1)
    if index == len(ends):
        return None
    return Span("code", start, ends[index] + width, (start + width, ends[index]))


def _links(text: str, atoms: list[Span]) -> Iterator[Span]:
    """The links and images, innermost first where a link holds an image."""
    covered = [(atom.start, atom.end) for atom in atoms]
    opened: list[re.Match[str]] = []
    past = 0
    found: list[Span] = []
    for match in _BRACKET.finditer(text):
        if match.start() < past or lies_in(match.start(), covered):
            continue
        if match[0] != "]":
            opened.append(match)
            continue
        opening = opened.pop() if opened else None
        target = _TARGET.match(text, match.end())
        if opening is None or target is None:
            continue
        past = target.end()
        leads = target["bare"] if target["angle"] is None else target["angle"]
        kind: Kind = "image" if opening[0] == "![" else "link"
        inside = (opening.end(), match.start())
        found.append(Span(kind, opening.start(), past, inside, leads))
    # An image in a link's text comes to its end, and so into the list, before the link.
    yield from sorted(found, key=lambda span: span.inside[1])


def visible(text: str, dialects: Collection[str] = ("prose", "code", "math")) -> str:
    """A text with what a reader does not see blanked out, character by character.

    Args:
        text: The text.
        dialects: What to show of it: ``prose``, ``code`` and ``math``.
    """
    shown = list(text if "prose" in dialects else BLANK * len(text))

    def put(start: int, end: int, written: str = "") -> None:
        shown[start:end] = written or BLANK * (end - start)

    if ending := _HEADING_ATTRIBUTES.search(text, max(text.rfind("{"), 0)):
        put(*ending.span())
    for span in find_spans(text):
        if span.kind in ("comment", "open", "address", "tag", "entity", "attributes"):
            put(span.start, span.end)
        elif span.kind in ("link", "image"):
            put(span.inside[1] + 1, span.end)
        elif span.kind in ("code", "math"):
            put(span.start, span.end)
            if span.kind in dialects:
                put(span.start, span.end, _without_addresses(text, span))
    return "".join(shown)


def _without_addresses(text: str, span: Span) -> str:
    written = text[span.start : span.end]
    if "://" not in written:
        return written
    return re.sub(r"\bhttps?://[^\s<>)`]+", lambda m: BLANK * len(m[0]), written)


# -- what is refused inside a text -----------------------------------------------------

_SYNTAX = [
    (re.compile(pattern), name)
    for pattern, name in [
        (r"\[\^[^\[\]\s]+\]", "a footnote"),
        (r"~~", "~~struck~~ text"),
        (r"(?<!~)~[^~\s]+~(?!~)", "a ~subscript~"),
        (r"==(?=[^\s=])[^=\n]*[^\s=]==", "==marked== text"),
        (r"\^\^(?=\S)[^^\n]*\^\^", "^^inserted^^ text"),
        (r"\+\+(?=\S)[^+\n]+(?:\+[^+\n]+)*\+\+", "++keys++"),
        (r"\{(?:\+\+|--|>>|==)", "critic markup"),
        (r"(?<![\w:]):[a-z][\w+-]*:(?![\w:])", "an :icon:"),
        (r"--8<--", "a snippet --8<--"),
        (r"\\[()\[\]]", r"mathematics or brackets between \( \) or \[ \]"),
        (r"\(\d+\)!", "an annotation of code, (1)!"),
        (r"\[\[[A-Za-z][^\[\]\n]*\]\]|\{\{|\{%", "a wiki link or a macro"),
        (r"\]\[", "a link by reference"),
        (r"\$(?!\d)", r"a dollar sign that is no formula's (write \$)"),
        (r"\\\n", r"a line that ends with a backslash"),
        (r"\{:?[ ]*[.#][\w-][^{}\n]*\}", "an attribute list"),
    ]
]  # fmt: skip
_DIRECTIVE = re.compile("<!--(= |pagecheck:|pytest)")
TAGS = ("a", "br", "img", "kbd", "span")
_NAME = re.compile(r"</?([A-Za-z][\w-]*)")
_UNWANTED = re.compile(r"[\s\"'](?:on\w+|style|hidden)\b", re.IGNORECASE)
_ALLOWED_ATTRIBUTES = re.compile(
    r"\{:?(?: *(?:[.#][\w-]+"
    r"|(?:width|height|loading|title|target|rel)=(?:\"[^\"]*\"|[\w%-]+)))* *\}"
)
# Digits that a reader sees as one number although something stands between them.
_TORN = re.compile(
    r"\d[.,]?[\x00\[\]]+(?:[.,][\x00\[\]]+)?[.,]?\d|\d[.,]?(\*{1,3}|_{1,3})\d[\d.,]*\1|(\*{1,3}|_{1,3})[\d.,]*\d\2[.,]?\d"
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
            plain[span.start : span.end] = BLANK + (meant if meant == "." else "x")
    if ending := _HEADING_ATTRIBUTES.search(text, max(text.rfind("{"), 0)):
        plain[slice(*ending.span())] = " " * len(ending[0])
    prose = "".join(plain)
    for pattern, name in _SYNTAX:
        for match in pattern.finditer(prose):
            yield match.start(), f"{name}: {match[0].strip()!r}", "write it otherwise"
    for match in _TORN.finditer(prose):
        found = f"a number in pieces: {text[match.start() : match.end()]!r}"
        yield match.start(), found, "write the number in one piece"
    for span in spans:
        if fault := _fault(text, span):
            found = f"{fault}: {text[span.start : span.end][:60]!r}"
            yield span.start, found, "write it in Markdown, or as the character itself"


def _fault(text: str, span: Span) -> str | None:
    written = text[span.start : span.end]
    if span.kind == "open":
        return "a comment that does not end"
    if span.kind == "comment":
        unwanted = "<!--" if _DIRECTIVE.match(written) else "[`$]|<!--"
        found = re.search(unwanted, written[4:])
        return f"a comment with {found[0]} in it" if found else None
    if span.kind == "tag":
        name = _NAME.match(written)
        if name is None or name[1].lower() not in TAGS or _UNWANTED.search(written):
            return "HTML that the contract does not know"
    if span.kind == "entity":
        meant = html.unescape(written)
        around = text[max(span.start - 1, 0) : span.start] + text[span.end :][:1]
        if meant == written:
            return None
        if meant.isalnum() or meant in "%." or re.search(r"\d", around):
            return "a character that may belong to a number, as an entity"
    if span.kind == "attributes" and not _ALLOWED_ATTRIBUTES.fullmatch(written):
        return "attributes that the contract does not know"
    return None
