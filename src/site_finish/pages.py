"""What is made of each built page by itself.

What is done to a page stands in one place, in order. What came out is kept, so that a
page which was built again from the same source to the same bytes is not finished anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

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
from site_finish.kept import kept
from site_finish.policy import FINISHED, refuse_active
from site_finish.published import refuse_html
from site_finish.settings import Language, SitePage

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
        told = _told(html, page, language)
        make = partial(finished, html, page, language)
        html, forms = kept(f"{language.code}/{page.uri}", told, make)
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


def _told(html: str, page: SitePage, language: Language) -> Iterator[str]:
    """What a finished page depends on."""
    yield from (html, language.address, language.repository, str(language.offline))
    for one in language.pages:
        yield f"{one.uri} {one.title} {one.section}"
        if page.is_home or one == page:  # the first one tells of all
            yield one.source.read_text("utf-8")
    for _, source in figures.IMAGE.findall(html):
        file = figures.place(source, page, language)
        yield file.read_text("utf-8") if file.is_file() else ""
