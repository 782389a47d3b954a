"""Where in the course a page is, as the navigation has it."""

from site_finish.settings import Language, SitePage

# Pages that are looked up, and no part of the course.
LOOKED_UP = ("reference/", "about/")
LINE = '<div class="part" data-search-exclude>{}</div>\n'
WORDS = {
    "en": "{section} · part {part} of {parts} of the course",
    "zh": "{section} · 全程第{part}部分，共{parts}部分",
}


def placed(html: str, page: SitePage, language: Language) -> str:
    """Say above a page's title which part of the course it is, if it is one."""
    parts = course(language)
    if page not in parts:
        return html
    said = WORDS[language.code].format(
        section=page.section, part=parts.index(page) + 1, parts=len(parts)
    )
    return html.replace("<h1", f"{LINE.format(said)}<h1", 1)


def course(language: Language) -> list[SitePage]:
    """The parts of the course: all pages after the home page but those looked up."""
    return [page for page in language.pages[1:] if not page.uri.startswith(LOOKED_UP)]
