"""Markdown as reStructuredText, as far as the pages' plain prose goes.

Inline markup of reStructuredText holds no other, so that of Markdown is flattened: code
in a link or in bold is text there. Mathematics is put aside while Markdown is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from textwrap import indent

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from pagecheck.spans import find_spans

_DISPLAYED = re.compile(r"(?ms)^\$\$\n(.*?)\n\$\$$")
_ASIDE = re.compile("\ue000(\\d+)\ue001")
_MARKUP = re.compile(r"([\\*`|_])")
_UNDERLINES = "=-~^"


def as_restructured(markdown: str) -> str:
    """A text of plain Markdown as reStructuredText."""
    formulas: list[str] = []

    def aside(formula: str) -> str:
        formulas.append(formula)
        return f"\ue000{len(formulas) - 1}\ue001"

    text = _DISPLAYED.sub(lambda found: aside(found[1]), markdown)
    paragraphs = re.split(r"(\n[ \t]*\n)", text)
    for number, paragraph in enumerate(paragraphs):
        for span in reversed(find_spans(paragraph)):
            if span.kind == "math":
                formula = aside(paragraph[slice(*span.inside)])
                paragraph = paragraph[: span.start] + formula + paragraph[span.end :]
        paragraphs[number] = paragraph
    tokens = MarkdownIt("commonmark").enable("table").parse("".join(paragraphs))
    return _blocks(SyntaxTreeNode(tokens).children, formulas)


def heading(title: str, level: int) -> str:
    """A heading with its underline."""
    return f"{title}\n{_UNDERLINES[level - 1] * max(4, len(title))}\n\n"


def _blocks(nodes: Sequence[SyntaxTreeNode], formulas: Sequence[str]) -> str:
    return "".join(_block(node, formulas) for node in nodes)


def _block(node: SyntaxTreeNode, formulas: Sequence[str]) -> str:
    match node.type:
        case "heading":
            title = _inline(node.children[0], formulas)
            return heading(title, int(node.tag.removeprefix("h")))
        case "paragraph":
            inline = node.children[0]
            if shown := _ASIDE.fullmatch(inline.content.strip()):
                return _directive("math", formulas[int(shown[1])])
            return _inline(inline, formulas) + "\n\n"
        case "fence" | "code_block":
            return _directive(f"code-block:: {node.info or 'text'}", node.content)
        case "bullet_list" | "ordered_list":
            return _list(node, formulas)
        case "blockquote":
            return indent(_blocks(node.children, formulas), "   ")
        case "table":
            return _table(node, formulas)
        case "html_block":  # a comment, or what only the site can show
            return ""
        case "hr":
            return "----\n\n"
    raise ValueError(f"no reStructuredText is known for Markdown's {node.type}")


def _directive(name: str, content: str) -> str:
    head = name if "::" in name else f"{name}::"
    return f".. {head}\n\n{indent(content.strip(chr(10)), '   ')}\n\n"


def _list(node: SyntaxTreeNode, formulas: Sequence[str]) -> str:
    first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else 0
    made = []
    for number, item in enumerate(node.children, first):
        mark = "- " if node.type == "bullet_list" else f"{number}. "
        text = indent(_blocks(item.children, formulas), " " * len(mark))
        made.append(mark + text[len(mark) :].rstrip() + "\n")
    return "\n".join(made) + "\n"


def _table(node: SyntaxTreeNode, formulas: Sequence[str]) -> str:
    rows = [row for part in node.children for row in part.children]
    lines = [".. list-table::", "   :header-rows: 1", ""]
    for row in rows:
        for number, cell in enumerate(row.children):
            mark = "     - " if number else "   * - "
            lines.append(mark + _inline(cell.children[0], formulas))
    return "\n".join(lines) + "\n\n"


def _inline(node: SyntaxTreeNode, formulas: Sequence[str]) -> str:
    """Inline markup; where it touches other text, an escaped blank stands between."""
    made, touches = "", False
    for marked, text in _pieces(node, formulas):
        apart = not made or made[-1].isspace() or text[:1].isspace()
        made += text if apart or not (marked or touches) else f"\\ {text}"
        touches = marked
    return made


def _pieces(
    node: SyntaxTreeNode, formulas: Sequence[str]
) -> Iterator[tuple[bool, str]]:
    """Pieces of text, each with whether it is marked up."""
    for child in node.children:
        match child.type:
            case "text":
                yield from _text(child.content, formulas)
            case "softbreak" | "hardbreak":
                yield False, " "
            case "code_inline":
                yield True, f"``{child.content}``"
            case "strong":
                yield True, f"**{_flat(child, formulas)}**"
            case "em":
                yield True, f"*{_flat(child, formulas)}*"
            case "link":
                words = _flat(child, formulas).replace("<", r"\<")
                yield True, f"`{words} <{child.attrs['href']}>`__"
            case "image" | "html_inline":
                continue
            case _:
                yield from _pieces(child, formulas)


def _text(content: str, formulas: Sequence[str]) -> Iterator[tuple[bool, str]]:
    """Text without markup, and the formulas that were put aside in it."""
    for number, piece in enumerate(_ASIDE.split(content)):
        if number % 2:
            yield True, f":math:`{formulas[int(piece)]}`"
        elif piece:
            yield False, _MARKUP.sub(r"\\\1", piece)


def _flat(node: SyntaxTreeNode, formulas: Sequence[str]) -> str:
    """The text of what is marked up already."""
    text = "".join(each.content for each in node.walk() if not each.children)
    return _MARKUP.sub(r"\\\1", _ASIDE.sub(lambda it: formulas[int(it[1])], text))
