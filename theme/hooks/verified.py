"""MkDocs hook: at the foot of each page, what of it the tests compare.

The line is counted from the page itself, by the counter that the verification page
and `python -m pagecheck report` use, so that it cannot go stale.
"""

import os
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from pagecheck.config import load_config
from pagecheck.page import read_page
from pagecheck.report import count, versions

VERIFICATION = "about/verification.md"
WORDS = {
    "en": {
        "blocks": ("{} block", "{} blocks"),
        "numbers": ("{} number", "{} numbers"),
        "claims": ("{} claim", "{} claims"),
        "formulas": ("{} formula", "{} formulas"),
        "figures": ("{} figure", "{} figures"),
        "line": '{what} <a href="{link}">checked</a>{torch}.',
        "torch": " with torch {}",
        "comma": ", ",
    },
    "zh": {
        "blocks": ("{}个代码块",) * 2,
        "numbers": ("{}个数字",) * 2,
        "claims": ("{}条结论",) * 2,
        "formulas": ("{}个公式",) * 2,
        "figures": ("{}幅图",) * 2,
        "line": '本页的{what}已{torch}<a href="{link}">核对</a>。',
        "torch": "用torch {}",
        "comma": "、",
    },
}


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Say at the foot of a page what of it is checked, where anything is."""
    line = verified_line(page, config, files)
    return f'{html}\n<p class="verified">{line}</p>' if line else html


def verified_line(page: Page, config: MkDocsConfig, files: Files) -> str:
    """What of a page is checked, in the page's language; nothing where nothing is."""
    words = WORDS[str(config.theme["language"])]
    settings = load_config(Path(config.config_file_path).parent)
    counts = count(read_page(Path(page.file.abs_src_path or os.devnull)), settings)
    parts = [
        words[name][number > 1].format(f"{number:,}")
        for name in ("blocks", "numbers", "claims", "formulas", "figures")
        if (number := getattr(counts, name))
    ]
    target = files.get_file_from_path(VERIFICATION)
    if not parts or target is None:
        return ""
    torch = versions(settings).get("torch")
    return str(words["line"]).format(
        what=str(words["comma"]).join(parts),
        link=target.url_relative_to(page.file),
        torch=str(words["torch"]).format(torch) if torch else "",
    )
