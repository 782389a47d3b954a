"""Lint the prose of pages and READMEs: words, language, length, punctuation.

Usage: python .ci/prose.py [FILE…]

Without a file, all of the project's. A word that stands in place of a term is on the
lists in prose.toml. A long paragraph is about as long as the same one in the other
language. AutoCorrect tells punctuation of the wrong width in Chinese. There, no title
in a list ends with a mark of its own, and between Chinese and Latin text stands no
space: the site's style sheet sets that gap (`text-autospace`). Of code only the
comments are looked at, and those for words alone.
"""

import json
import re
import sys
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from tokenize import COMMENT

import autocorrect_py

from pagecheck.config import load_config
from pagecheck.files import read_page
from pagecheck.page import Page
from pagecheck.script import tokens
from pagecheck.spans import BLANK, visible

ROOT = Path(__file__).parents[1]
LISTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
SPACES = ("word", "punctuation", "bracket", "dash", "backticks", "dollar")
RULES = {
    **{f"space-{name}": 0 for name in SPACES},
    **{"fullwidth": 1, "halfwidth-word": 1, "halfwidth-punctuation": 1},
    **{"no-space-fullwidth": 1, "no-space-fullwidth-quote": 1, "spellcheck": 0},
}
autocorrect_py.load_config(json.dumps({"rules": RULES}))
HAN = "[\u3400-\u9fff]"
LATIN = rf"[A-Za-z0-9${BLANK}]"  # code is blank
GAP = re.compile(rf"{HAN} {LATIN}|(?<![0-9]-){LATIN} {HAN}")  # 4-1 激活函数
DOUBLE = re.compile(rf"[？！](?=[]{BLANK}]*、)")  # 什么？、怎样
# A dotted name has names of its own.
DOTTED = re.compile(r"\b_*+[A-Za-z](?:\w*?_|\w*+\.)[A-Za-z](?:[\w.]*\w)?", re.ASCII)
QUOTED = re.compile(r"[\"“][^\"“”]*[\"”]|《[^《》]*》|\[中文\]")  # the last leads there
# A word that no name is, and so many in a row that they say something.
WORD = re.compile(r"(?<![\w.-])[a-z]{2,}(?![\w-]|\.\w)", re.ASCII)
SENTENCE = re.compile(
    r"(?<![A-Za-z'’-])(?:['’-]*+[A-Za-z][A-Za-z'’-]*+[ ,]++){3,}[A-Za-z'’-]+"
)
# A paragraph is so many times as long as its twin at most; so many letters are as long
# as one Chinese character, and texts shorter than this are not compared.
DRIFT, CHARACTER, LONG = 1.6, 2.8, 160
WIDE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")

Problem = tuple[int, str]
"""A line, and what to do there."""


def problems(page: Page, language: str) -> Iterator[Problem]:
    """What is wrong with the prose of a page."""
    yield from wrong_words(page, language)
    for image in page.images:
        if not image.alt.strip():
            yield image.line, f"say in words what {image.target} shows"
    for region in page.regions:
        source = page.text[region.start : region.end]
        if region.kind != "html":
            prose = visible(source, ["prose"])
            if found := foreign(prose, region.kind, language):
                told = found.replace(BLANK, "")[:60]
                yield region.line, f"translate “{told}”"
        if language == "zh":
            for line, old, new in wrong_signs(source):
                yield region.line + line, f"write “{new}”, not “{old}”"


def wrong_words(page: Page, language: str) -> Iterator[Problem]:
    """Words in place of a term: some are wrong anywhere, others in prose and comments.

    The sections that quote what is wrong may do so.
    """
    never = dict.fromkeys(LISTS["never"], "a term of the glossary")
    terms = LISTS["terms"][language].items()
    instead = {word: term for term, words in terms for word in words}
    starts = [section.line for section in page.sections]
    numbers = page.line_numbers or range(1, page.text.count("\n") + 2)
    lines = zip(numbers, page.text.split("\n"), strict=False)
    for texts, meant in ((lines, never), (said(page), instead)):
        for line, text in texts:
            section = page.sections[bisect_right(starts, line) - 1]
            if f"{page.path.as_posix()}#{section.slug}" in LISTS["quoted-in"]:
                continue
            lowered = text.lower()
            for word in (word for word in meant if word.lower() in lowered):
                for match in in_place_of(meant[word], word).finditer(text):
                    if match[0] != meant[word]:  # Hessian, for hessian
                        yield line, f"write “{meant[word]}”, not “{match[0]}”"


def said(page: Page) -> Iterator[Problem]:
    """The lines of what a page says in words, and of its comments."""
    for region in page.regions:
        source = page.text[region.start : region.end]
        words = DOTTED.sub("", visible(source, ["prose"]))
        yield from enumerate(words.split("\n"), region.line)
    for block in page.blocks:
        for token in tokens(block.code):
            if token.type == COMMENT:
                yield block.line + token.start[0] - 1, token.string


@cache
def in_place_of(term: str, word: str) -> re.Pattern[str]:
    """A word as it is, where it is no part of the term: 超参 but not 超参数.

    One in Latin letters stands by itself; in lower case it may begin a sentence.
    """
    found = re.escape(word)
    if word.isascii():
        first = f"[{word[0]}{word[0].upper()}]" if word.islower() else found[0]
        found = rf"(?<![A-Za-z]){first}{re.escape(word[1:])}(?![A-Za-z])"
    before, part, after = (re.escape(each) for each in term.partition(word))
    if part and (before or after):
        found = f"(?<!{before}){found}|{found}(?!{after})"
    return re.compile(found)


def foreign(prose: str, kind: str, language: str) -> str:
    """What of a region is not in its page's language; nothing where all is."""
    if kind != "admonition":  # its title stands in quotes
        prose = QUOTED.sub(" ", prose)
    chinese, words = len(re.findall(HAN, prose)), len(WORD.findall(prose))
    if language != "zh":
        return prose.strip() if kind != "row" and chinese > min(words, 6) else ""
    if not chinese and words > (3 if kind == "row" else 1):
        return prose.strip()
    sentence = SENTENCE.search(prose)
    return sentence[0] if sentence else ""


def uneven(page: Page, twin: Page) -> Iterator[Problem]:
    """The long paragraphs that are much shorter or longer than their twins."""
    pairs = zip(lengths(page), lengths(twin), strict=False)
    for (line, one), (there, other) in pairs:
        if max(one, other) > LONG and not 1 / DRIFT < one / other < DRIFT:
            place = f"{twin.path}:{there}"
            yield line, f"say as much as {place}: {one:.0f} letters, not {other:.0f}"


def lengths(page: Page) -> list[tuple[int, float]]:
    """The line and the length of each paragraph, or of those that the twin has as one.

    In Latin letters: a Chinese character says more.
    """
    found: list[tuple[int, float]] = []
    for region in (each for each in page.regions if each.kind == "paragraph"):
        prose = visible(page.text[region.start : region.end], ["prose"])
        text = re.sub(rf"[{BLANK}\s]+", " ", prose)
        line, before = found.pop() if region.joined else (region.line, 1)
        wide = len(WIDE.findall(text))
        found.append((line, before + len(text) + (CHARACTER - 1) * wide))
    return found


def wrong_signs(source: str) -> Iterator[tuple[int, str, str]]:
    """Signs of the wrong width in Chinese, and gaps: line, what is, what should be."""
    shown = visible(source, ["prose", "math"])
    for gap in GAP.finditer(shown.rstrip(f" {BLANK}")):
        old = source[gap.start() : gap.end()]
        yield source.count("\n", 0, gap.start()), old, old.replace(" ", "")
    for mark in DOUBLE.finditer(shown):
        yield source.count("\n", 0, mark.start()), f"{mark[0]}、", "、"
    for found in autocorrect_py.lint_for(shown.replace(BLANK, ""), "md").lines:
        yield found.line - 1, found.old.strip(), found.new.strip()


def main(arguments: Sequence[str]) -> int:
    """Print what is wrong, a line each; 1 where anything is."""
    config = load_config(ROOT)
    pages = config.page_files()
    files = [Path(name).absolute() for name in arguments]
    status = 0
    for file in files or [*pages, *sorted(ROOT.glob("*.md"))]:
        page = read_page(file, config.relative(file))
        in_chinese = {"zh", ".zh"} & {*page.path.parts, *page.path.suffixes}
        found = [*problems(page, "zh" if in_chinese else "en")]
        for twin in config.twins_of(file).values() if file in pages else ():
            found += uneven(page, read_page(twin, config.relative(twin)))
        for line, told in found:
            print(f"{page.path}:{line}: {told}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
