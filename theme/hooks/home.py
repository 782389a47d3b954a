"""MkDocs hook: the home page says in numbers what of the whole site the tests compare.

They are counted from the pages when the site is built, as on the verification page.
"""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from pagecheck.config import load_config
from pagecheck.page import read_page
from pagecheck.report import Counts, count, versions

KINDS = ("blocks", "numbers", "formulas", "figures")
WORDS = {
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


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put the counts at the foot of the home page."""
    if not page.is_homepage:
        return html
    target = files.get_file_from_path("about/verification.md")
    if target is None:
        raise PluginError("There is no page on verification to link to.")
    words = WORDS[str(config.theme["language"])]
    sources = [Path(file.abs_src_path or "") for file in files.documentation_pages()]
    settings = load_config(Path(config.config_file_path).parent)
    total = sum((count(read_page(source), settings) for source in sources), Counts())
    items = "".join(
        f"<li><strong>{getattr(total, kind):,}</strong> {words[kind]}</li>"
        for kind in KINDS
    )
    torch = versions(settings).get("torch")
    label = words["label"] + (words["torch"].format(torch) if torch else "")
    link = f'<a href="{target.url_relative_to(page.file)}">{words["why"]}</a>'
    facts = f'<ul class="facts" aria-label="{label}">{items}</ul>\n<p>{link}</p>'
    html = html.replace("<h1", '<h1 class="home"', 1)
    return f"{html}\n{facts}"
