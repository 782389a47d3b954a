"""What is made of each built page by itself.

What is done to a page stands in one place, in order. What came out is kept in
`.cache/site_finish`, so that a page which was built again from the same source to the
same bytes is not finished anew.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from importlib.metadata import version

from site_finish import (
    counts,
    course,
    downloads,
    explorers,
    figures,
    lean,
    tables,
    thumbnails,
)
from site_finish.policy import FINISHED, refuse_active
from site_finish.published import refuse_html
from site_finish.settings import ROOT, Language, SitePage

CACHE = ROOT / ".cache" / "site_finish"
# What stands below the words of a page, by theme/main.html.
FOOT = '<p class="feedback">'


def finish(language: Language, checked: bool) -> None:
    """Finish the pages of a language, and write what lies beside them.

    Args:
        language: The language, all of which is built.
        checked: Whether the builder has refused pages with something in them that acts.
    """
    for page in language.pages:
        file = language.folder / page.file
        html = file.read_text("utf-8")
        if FINISHED.search(html):
            continue
        if not checked:
            refuse_html(page.source, page.uri, page.meta)
            refuse_active(_article(html)[1], page.source, page.uri)
        html, forms = _remembered(html, page, language)
        if page.is_home:
            html = thumbnails.pictured(html, page, language)
        file.write_text(html, "utf-8")
        downloads.write_forms(page, forms, language.folder)
    wrong = language.folder / "404.html"
    html = wrong.read_text("utf-8")
    if not FINISHED.search(html):
        wrong.write_text(lean.without(html), "utf-8")
    downloads.write_lists(language)


def finished(
    html: str, page: SitePage, language: Language
) -> tuple[str, dict[str, str]]:
    """Return a page as it is served, but for its policy.

    Args:
        html: What was built of it.
        page: Which page it is.
        language: Its language.

    Returns:
        The page, and the text of its other forms by their suffixes.
    """
    before, words, after = _article(html)
    words, start, foot = words.partition(FOOT)
    words = words.rstrip()
    words = tables.mended(figures.sized(words, page, language))
    if page.is_home:
        words = counts.with_facts(words, page, language)
    words = counts.with_line(words, page, language)
    words, forms = downloads.with_forms(words, page, language)
    words = explorers.led_to(words, language)
    words = course.placed(words, page, language)
    if foot:
        words += "\n" + start + foot
    return lean.without(before + words + after), forms


def _article(html: str) -> tuple[str, str, str]:
    """A page cut at the tags of the article, which holds all words of its source."""
    start = html.index(">", html.index("<article")) + 1
    end = html.rindex("</article>")
    return html[:start], html[start:end], html[end:]


def _remembered(
    html: str, page: SitePage, language: Language
) -> tuple[str, dict[str, str]]:
    """A page as `finished` returns it, or has returned it of the same before."""
    key = _key(html, page, language)
    file = CACHE / language.code / f"{page.uri}.json"
    if file.is_file():
        known, html_then, forms = json.loads(file.read_text("utf-8"))
        if known == key:
            return html_then, forms
    result = finished(html, page, language)
    file.parent.mkdir(parents=True, exist_ok=True)
    written = file.with_suffix(f".{os.getpid()}")  # others may build at the same time
    written.write_text(json.dumps([key, *result], ensure_ascii=False), "utf-8")
    written.replace(file)
    return result


def _key(html: str, page: SitePage, language: Language) -> str:
    """What a finished page depends on, in short."""
    told = [_code(), html, language.address, language.repository, str(language.offline)]
    told += [f"{one.uri} {one.title} {one.section}" for one in language.pages]
    told += [page.source.read_text("utf-8")]
    if page.is_home:  # it tells of all
        told += [one.source.read_text("utf-8") for one in language.pages]
    for _, source in figures.IMAGE.findall(html):
        file = figures.place(source, page, language)
        told.append(file.read_text("utf-8") if file.is_file() else "")
    return hashlib.sha256("\0".join(told).encode()).hexdigest()


@functools.cache
def _code() -> str:
    """What finishes pages: our code, the settings of the checks, and PyTorch's name."""
    digest = hashlib.sha256(version("torch").encode())
    files = [ROOT / "pyproject.toml"]
    for package in ("site_finish", "pagecheck"):
        files += sorted((ROOT / "src" / package).rglob("*.py"))
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()
