"""Rule 8: every image has an alternative text that says what it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from pagecheck.page import COMMENT, Page
from pagecheck.problem import Problem

# The least that says what an image shows: so many words, so many Chinese characters.
MIN_WORDS = 4
MIN_CHARACTERS = 8

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_CODE = re.compile(r"(?P<ticks>`+)[^`]+(?P=ticks)")
_TAG = re.compile(r"<img\b(?P<attributes>[^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(?P<name>alt|src)\s*=\s*(["'])(?P<value>.*?)\2""")
_IMAGE = re.compile(r"!\[(?P<alt>[^\[\]]*)\]\((?P<target>[^()\s]+)\)")


@dataclass(frozen=True)
class _Image:
    line: int
    target: str
    alt: str | None


def check_alternatives(page: Page, language: str) -> list[Problem]:
    """The images of a page whose alternative text does not say what they show.

    It must have some words of the page's language, must not be the file's name, and
    must not be that of another image on the page.

    Args:
        page: The page.
        language: The language of the page.
    """
    problems = []
    seen: dict[str, str] = {}
    for image in _images(page):
        alt = " ".join((image.alt or "").split())
        fault = _fault(alt, image.target, language)
        if not fault and seen.setdefault(alt, image.target) != image.target:
            fault = f"the text of {seen[alt]}: {alt!r}"
        if fault:
            expected = f"an alternative text that says what {image.target} shows"
            fix = "say what one who cannot see the image should know"
            problems.append(
                Problem("alternatives", page.path, image.line, expected, fault, fix)
            )
    return problems


def _images(page: Page) -> Iterator[_Image]:
    """The images of a page, in Markdown or HTML, and what may be meant as one."""
    for region in page.regions:
        prose = page.text[region.start : region.end]
        for pattern in (COMMENT, _CODE):
            prose = pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), prose)
        for start, target, alt in _in_prose(prose):
            yield _Image(region.line + prose.count("\n", 0, start), target, alt)


def _in_prose(prose: str) -> Iterator[tuple[int, str, str | None]]:
    for match in _IMAGE.finditer(prose):
        yield match.start(), match["target"], match["alt"]
    for match in _TAG.finditer(prose):
        found = {each["name"]: each["value"] for each in _ATTRIBUTE.finditer(match[0])}
        yield match.start(), found.get("src", match[0]), found.get("alt")
    rest = _IMAGE.sub(lambda match: " " * len(match[0]), prose)
    for match in re.finditer(r"!\[", rest):
        yield match.start(), "the image, written ![text](file),", None


def _fault(alt: str, target: str, language: str) -> str:
    """What an alternative text lacks; nothing where it lacks nothing."""
    if not alt:
        return "none"
    name = PurePosixPath(target)
    if _plain(alt) in (_plain(name.name), _plain(name.stem)):
        return f"the file's name: {alt!r}"
    characters, words = len(_CHINESE.findall(alt)), len(_WORD.findall(alt))
    if language == "zh":
        few = characters < MIN_CHARACTERS
        return f"fewer than {MIN_CHARACTERS} Chinese characters: {alt!r}" if few else ""
    if characters > words:
        return f"a text that is mostly Chinese: {alt!r}"
    return f"fewer than {MIN_WORDS} words: {alt!r}" if words < MIN_WORDS else ""


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()
