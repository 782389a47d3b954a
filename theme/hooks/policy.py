"""MkDocs hook, the last one: a Content Security Policy in every page.

Nothing may be loaded from another host, no script may run but those that the site was
built with, and no style may stand in a page. The same policy holds on all pages, since
instant navigation brings the scripts of one page into another.

A page's own words bring no script along, nor anything else that acts: when templates
are read, what they hold gets a mark that no page can know; what comes without it is
refused by page and line, and the mark removed.

`mkdocs serve` puts a script of its own into pages that it shows, which the policy would
not let run; there, pages have none.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal

import jinja2
from jinja2.ext import Extension
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.pages import Page
from published import place

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
# What a template alone may put into a page.
MARKED = re.compile(r"(?i)<(?=(?:script|meta|link|form)\b)")
ELEMENTS = re.compile(
    r"(?i)<(?:script|meta|link|base|style|i?frame|frameset|fencedframe|portal|object"
    r"|embed|applet|form)\b[^<>]*>?"
)
ATTRIBUTES = re.compile(r"style|on.*|srcdoc|http-equiv")
ADDRESSES = ("href", "xlink:href", "src", "action", "formaction", "data")
SCHEMES = re.compile(r"(?i)[\s\0]*(?:javascript|vbscript|data)\s*:")
# As MkDocs writes what `extra_javascript` names.
LISTED = re.compile(r'<(script src="(?P<path>[^"]*)" type="module"></script>)')

_mark = f"theme-{secrets.token_hex(16)}-"
_serving = False


def on_startup(command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    """Remember whether the site is served while it is written."""
    global _serving
    _serving = command == "serve"


class MarksOfTheTheme(Extension):
    """Marks the elements that stand in a template, before a page's words are there."""

    def preprocess(
        self, source: str, name: str | None, filename: str | None = None
    ) -> str:
        """Mark those of one template."""
        return MARKED.sub(f"<{_mark}", source)


def on_env(env: jinja2.Environment, **_: object) -> None:
    """Let templates be marked as they are read."""
    env.add_extension(MarksOfTheTheme)


def on_post_template(output: str, template_name: str, **_: object) -> str:
    """Remove the marks from a page that no Markdown is behind, such as 404.html."""
    return output.replace(_mark, "")


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Refuse what a page brings along by itself, while its page is known."""
    listed = {str(script) for script in config.extra_javascript}

    def mark(script: re.Match[str]) -> str:
        known = re.sub(r"^(?:\.\.?/)+", "", script["path"]) in listed
        return f"<{_mark}{script[1]}" if known else script[0]

    output = LISTED.sub(mark, output)
    if found := forbidden(output):
        name = found.strip("<>").split()[0].rstrip("/>")
        raise PluginError(
            f"{place(page, found, f'<{name}')}: the site's policy forbids {found!r} in"
            " a page. Use a class and theme/assets/css, or a script of theme/assets/js."
        )
    return output.replace(_mark, "")


def forbidden(html: str) -> str | None:
    """Return the first tag in which something acts, or asks another host; else None."""
    if element := ELEMENTS.search(html):
        return element[0]
    tags = _Tags()
    tags.feed(html)
    tags.close()
    return tags.found


class _Tags(HTMLParser):
    """Finds a tag with an attribute that no tag may have."""

    found: str | None = None

    def handle_starttag(
        self, tag: str, attributes: list[tuple[str, str | None]]
    ) -> None:
        for name, value in attributes:
            address = name in ADDRESSES and SCHEMES.match(value or "")
            if not self.found and (ATTRIBUTES.fullmatch(name) or address):
                self.found = self.get_starttag_text()


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
