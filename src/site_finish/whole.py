"""What needs all pages of the site, once each of them is finished."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from site_finish import (
    explorers,
    figures,
    glossary,
    math_font,
    offline,
    policy,
    preview,
    search,
    styles,
    touch_icon,
    wheel,
)
from site_finish.settings import ROOT, Language


def finish(site: Path, languages: Sequence[Language], serving: bool = False) -> None:
    """Finish a site whose pages are finished.

    Args:
        site: Its folder.
        languages: Its languages, the one at the root first.
        serving: Whether a program shows it to who writes, with a script of its own.
    """
    pages = {file: file.read_text("utf-8") for file in sorted(site.rglob("*.html"))}
    first, *others = languages
    figures.let_addresses_name_schemes(site)
    math_font.write_font(site, pages.values())
    touch_icon.write(site / touch_icon.FILE)
    (site / wheel.NAME).write_bytes(wheel.wheel(ROOT / "src" / wheel.PACKAGE))
    if first.address:
        preview.write(site / preview.FILE, first.checks.figures.palette)
    own: dict[str, dict[Path, str]] = {language.code: {} for language in languages}
    for file, html in pages.items():
        other = (one for one in others if file.is_relative_to(one.folder))
        own[next(other, first).code][file] = html
    said = policy.policy(pages.values(), serving)
    for language in languages:
        search.set_aside(language.folder)
        glossary.write_module(language, own[language.code].values())
        styles.write_colours(language.folder, language.checks)
        explorers.join_modules(language)
        if language.offline:
            offline.write_index(language)
            offline.write_script(language)
        sheets = styles.Sheets(language.folder)
        for file, html in own[language.code].items():
            made = html
            if not policy.FINISHED.search(html):
                made = html if serving else sheets.join(html, str(file))
                if language.offline:
                    made = offline.without_server(made, str(file))
            made = policy.with_policy(made, said, str(file))
            if made != html:
                file.write_text(made, "utf-8")
