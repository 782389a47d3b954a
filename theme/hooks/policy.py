"""MkDocs hook, the last one: a Content Security Policy in every page.

Nothing may be loaded from another host, no script may run but those that the site was
built with, and no style may stand in a page. The same policy holds on all pages, since
instant navigation brings the scripts of one page into another.

`mkdocs serve` puts a script of its own into pages that it shows, which the policy would
not let run; there, pages have none.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.pages import Page

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",  # Material's icons are data
    "font-src": "data:",  # that of the formulas stands in the style sheet
    "connect-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
META = '<meta http-equiv="Content-Security-Policy" content="{}">'
CHARSET = '<meta charset="utf-8">'

SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
DATA = re.compile(r'\btype="application/(?:ld\+)?json"')
FORBIDDEN = re.compile(
    r"<[a-z][^<>]*?\s(?P<attribute>style|on[a-z]+)=[^<>]*>"
    r'|<[a-z][^<>]*?\s(?:href|src)="(?P<address>javascript:)[^<>]*>'
    r"|<(?P<element>style|base|iframe|object|embed)\b[^<>]*>"
)

_serving = False


def on_startup(command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    """Remember whether the site is served while it is written."""
    global _serving
    _serving = command == "serve"


def on_post_page(output: str, page: Page, **_: object) -> str:
    """Refuse what the policy would forbid, while its page is known."""
    if found := FORBIDDEN.search(output):
        raise PluginError(
            f"{page.file.src_uri}: the site's policy forbids {found[0]!r}. Use a class"
            " and theme/assets/css, or a script of theme/assets/js."
        )
    return output


def on_post_build(config: MkDocsConfig) -> None:
    """Write the policy into the pages of both languages."""
    if _serving or config.theme["language"] == "en":
        return  # the English site is built inside of the Chinese one, which does it
    site = Path(config.site_dir)
    pages = {file: file.read_text("utf-8") for file in sorted(site.rglob("*.html"))}
    meta = META.format(policy(pages.values()))
    for file, html in pages.items():
        if html.count(CHARSET) != 1:
            raise PluginError(f"{file} has no {CHARSET} for the policy to follow")
        file.write_text(html.replace(CHARSET, f"{CHARSET}\n{meta}"), "utf-8")


def policy(pages: Iterable[str]) -> str:
    """Return the policy under which the scripts of all of these pages run."""
    hashes = sorted({hash_of(code) for html in pages for code in inline_scripts(html)})
    sources = {**POLICY, "script-src": " ".join([POLICY["script-src"], *hashes])}
    return "; ".join(f"{name} {value}" for name, value in sources.items())


def inline_scripts(html: str) -> list[str]:
    """Return the code of the scripts that stand in a page."""
    return [
        script["code"]
        for script in SCRIPT.finditer(html)
        if " src=" not in script["attributes"] and not DATA.search(script["attributes"])
    ]


def hash_of(code: str) -> str:
    """Return what a policy calls a script: the hash of its text."""
    digest = hashlib.sha256(code.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
