"""MkDocs hook: where in the course a page is, as the navigation has it."""

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

# What the course leads up to; from there on, pages are looked up.
AFTER = "reference/"
LINE = '<div class="part" data-search-exclude>{}</div>\n'
WORDS = {
    "en": "{section} · part {part} of {parts} of the course",
    "zh": "{section} · 全程第{part}部分，共{parts}部分",
}


def on_page_content(html: str, page: Page, config: MkDocsConfig, **_: object) -> str:
    """Say above a page's title which part of the course it is, if it is one."""
    place = part(page)
    if place is None or page.parent is None:
        return html
    words = WORDS[str(config.theme["language"])]
    said = words.format(section=page.parent.title, part=place[0], parts=place[1])
    return LINE.format(said) + html


def part(page: Page) -> tuple[int, int] | None:
    """Return which part of the course a page is, from 1 on, and how many it has.

    The course is all between the home page and the reference; other pages have none.
    """
    before, after = _others(page, "previous_page"), _others(page, "next_page")
    if page.is_homepage or any(_looked_up(other) for other in (page, *before)):
        return None
    parts = [other for other in after if not _looked_up(other)]
    number = sum(not other.is_homepage for other in before) + 1
    return number, number + len(parts)


def _others(page: Page, direction: str) -> list[Page]:
    """The pages on one side of a page, from the nearest on."""
    others: list[Page] = []
    while (other := getattr(others[-1] if others else page, direction)) is not None:
        others.append(other)
    return others


def _looked_up(page: Page) -> bool:
    return page.file.src_uri.startswith((AFTER, "about/"))
