"""What of the site the tests compare: a line on each page, numbers on the home page.

They are counted from the pages when the site is built, by the counter that the
verification page and `python -m pagecheck report` use, so that they cannot go stale.
"""

from dataclasses import asdict

from pagecheck.report import Counts, count, versions
from site_finish.kept import kept
from site_finish.settings import Language, SiteError, SitePage

VERIFICATION = "about/verification.md"
KINDS = ("blocks", "numbers", "claims", "formulas", "figures")
ON_THE_HOME_PAGE = ("blocks", "numbers", "formulas", "figures")
WORDS = {
    "en": {
        "blocks": ("{} block", "{} blocks"),
        "numbers": ("{} number", "{} numbers"),
        "claims": ("{} claim", "{} claims"),
        "formulas": ("{} formula", "{} formulas"),
        "figures": ("{} figure", "{} figures"),
    },
    "zh": {
        "blocks": ("{}个代码块",) * 2,
        "numbers": ("{}个数字",) * 2,
        "claims": ("{}条结论",) * 2,
        "formulas": ("{}个公式",) * 2,
        "figures": ("{}幅图",) * 2,
    },
}
LINE = {
    "en": '{what} <a href="{link}">checked</a>{torch}.',
    "zh": '本页的{what}已{torch}<a href="{link}">核对</a>。',
}
WITH = {"en": " with torch {}", "zh": "用torch {}"}
COMMA = {"en": ", ", "zh": "、"}
FACTS = {
    "en": {
        "blocks": "blocks of code run",
        "numbers": "numbers compared",
        "formulas": "formulas evaluated",
        "figures": "figures redrawn",
        "label": "What the tests compare",
        "torch": ", with torch {}",
        "why": "How this site is verified",
    },
    "zh": {
        "blocks": "个代码块运行过",
        "numbers": "个数字核对过",
        "formulas": "个公式求过值",
        "figures": "幅图重画过",
        "label": "测试核对了什么",
        "torch": "（torch {}）",
        "why": "本站如何验证",
    },
}


def with_facts(html: str, page: SitePage, language: Language) -> str:
    """Put the counts of all pages at the foot of the home page."""
    target = language.page(VERIFICATION)
    if target is None:
        raise SiteError("There is no page on verification to link to.")
    words = FACTS[language.code]
    total = sum((_count(each, language) for each in language.pages), Counts())
    items = "".join(
        f"<li><strong>{getattr(total, kind):,}</strong> {words[kind]}</li>"
        for kind in ON_THE_HOME_PAGE
    )
    torch = versions(language.checks).get("torch")
    label = words["label"] + (words["torch"].format(torch) if torch else "")
    link = f'<a href="{page.link_to(target.url)}">{words["why"]}</a>'
    facts = f'<ul class="facts" aria-label="{label}">{items}</ul>\n<p>{link}</p>'
    html = html.replace("<h1", '<h1 class="home"', 1)
    return f"{html}\n{facts}"


def _count(page: SitePage, language: Language) -> Counts:
    """What is verified on a page; the home page asks for that of all."""
    name = f"{language.code}/{page.uri}.counts"
    told = [page.source.read_text("utf-8")]
    counts = kept(name, told, lambda: asdict(count(page.read)))
    return Counts(**counts)


def with_line(html: str, page: SitePage, language: Language) -> str:
    """Say at the foot of a page what of it is checked, where anything is."""
    line = verified_line(page, language)
    return f'{html}\n<p class="verified">{line}</p>' if line else html


def verified_line(page: SitePage, language: Language) -> str:
    """What of a page is checked, in the page's language; nothing where nothing is."""
    words = WORDS[language.code]
    counts = _count(page, language)
    parts = [
        words[kind][number > 1].format(f"{number:,}")
        for kind in KINDS
        if (number := getattr(counts, kind))
    ]
    target = language.page(VERIFICATION)
    if not parts or target is None:
        return ""
    torch = versions(language.checks).get("torch")
    return LINE[language.code].format(
        what=COMMA[language.code].join(parts),
        link=page.link_to(target.url),
        torch=WITH[language.code].format(torch) if torch else "",
    )
