"""A Content Security Policy in every page, the last thing that is done to it.

Nothing may be loaded from another host, no script may run but those that the site was
built with, and no style may stand in a page. The same policy holds on all pages, since
instant navigation brings the scripts of one page into another.

A page's own words bring no script along, nor anything else that acts: what does is
refused by page and line. They all stand in the page's article. Where Jinja reads the
templates, what those hold gets a mark that no page can know, and what comes without it
anywhere in the page is refused as well.

`mkdocs serve` puts a script of its own into pages that it shows: there, any may run
that stands in a page.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Collection, Iterable
from html.parser import HTMLParser
from pathlib import Path

from jinja2.ext import Extension

from site_finish.published import place
from site_finish.settings import SiteError

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
FINISHED = re.compile(r'\n<meta http-equiv="Content-Security-Policy" content="[^"]*">')
CHARSET = '<meta charset="utf-8">'

SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
DATA = re.compile(r'\btype="application/(?:ld\+)?json"')
# What a template alone may put into a page.
MARKED = re.compile(r"(?i)<(?=(?:script|meta|link|form)\b)")
ELEMENTS = re.compile(
    r"(?i)<(?:script|meta|link|base|style|i?frame|frameset|fencedframe|portal|object"
    r"|embed|applet|form|set|animate\w*)\b[^<>]*>?"
)
ATTRIBUTES = re.compile(r"style|on.*|srcdoc|http-equiv")
ADDRESSES = ("href", "xlink:href", "src", "action", "formaction", "data")
# Without any of these no attribute can be one that is forbidden, whatever the tags are.
_NAME = r"""(?:style|on[^\s"'<>/=]*+|srcdoc|http-equiv)"""
MAY_ACT = re.compile(
    rf"""(?i)[\s/"']{_NAME}[\s/>]*="""
    # One without a value, after others with theirs.
    rf"""|<[a-z][^\s/>]*+(?:[\s/]++(?!{_NAME}[\s/>])[^\s"'<>/=]++"""
    r"""(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'>]++))?+)*+"""
    rf"""[\s/]++{_NAME}[\s/>]"""
    r"""|(?:href|src|action|data)\s*=\s*["']?(?!https?:)[^"'>/#.?]*[&:]"""
)
SCHEMES = re.compile(r"(?i)(?:javascript|vbscript|data):")
_UNSEEN = re.compile(r"[\0-\x20]+")  # what a browser leaves out of an address
_TAG = re.compile(r"(?=<[A-Za-z])")
# As MkDocs writes what `extra_javascript` names.
LISTED = re.compile(r'<(script src="(?P<path>[^"]*)" type="module"></script>)')

_mark = f"theme-{secrets.token_hex(16)}-"


class MarksOfTheTheme(Extension):
    """Marks the elements that stand in a template, before a page's words are there."""

    def preprocess(
        self, source: str, name: str | None, filename: str | None = None
    ) -> str:
        """Mark those of one template."""
        return MARKED.sub(f"<{_mark}", source)


def unmarked(html: str) -> str:
    """Return what a template gave, without the marks."""
    return html.replace(_mark, "")


def refuse_unmarked(html: str, scripts: Collection[str], file: Path, uri: str) -> None:
    """Refuse what stands in a page without a mark.

    Args:
        html: The page.
        scripts: The modules that the site's settings ask for.
        file: The page's source.
        uri: What messages call it.

    Raises:
        SiteError: With the page and the line.
    """

    def mark(script: re.Match[str]) -> str:
        known = re.sub(r"^(?:\.\.?/)+", "", script["path"]) in scripts
        return f"<{_mark}{script[1]}" if known else script[0]

    refuse_active(LISTED.sub(mark, html), file, uri)


def refuse_active(html: str, file: Path, uri: str) -> None:
    """Refuse what a page brings along by itself.

    Raises:
        SiteError: With the page and the line.
    """
    if found := forbidden(html):
        name = found.strip("<>").split()[0].rstrip("/>")
        where = place(file, uri, found, f"<{name}")
        raise SiteError(
            f"{where}: the site's policy forbids {found!r} in a page. Use a class and"
            " theme/assets/css, or a script of theme/assets/js."
        )


def forbidden(html: str) -> str | None:
    """Return the first tag in which something acts, or asks another host; else None."""
    if element := ELEMENTS.search(html):
        return element[0]
    if not MAY_ACT.search(html):  # as a rule, and many times as fast
        return None
    # Each tag by itself, too: where a comment or a <noscript> ends, a browser and this
    # parser may not agree.
    for piece in (html, *_TAG.split(html)):
        tags = _Tags()
        tags.feed(piece)
        tags.close()
        if tags.found:
            return tags.found
    return None


class _Tags(HTMLParser):
    """Finds a tag with an attribute that no tag may have."""

    found: str | None = None

    def handle_starttag(
        self, tag: str, attributes: list[tuple[str, str | None]]
    ) -> None:
        for name, value in attributes:
            address = name in ADDRESSES and SCHEMES.match(_UNSEEN.sub("", value or ""))
            if not self.found and (ATTRIBUTES.fullmatch(name) or address):
                self.found = self.get_starttag_text()


def with_policy(html: str, said: str, name: str) -> str:
    """Return a page with a policy, in the place of an earlier one."""
    html = FINISHED.sub("", html, count=1)
    if html.count(CHARSET) != 1:
        raise SiteError(f"{name} has no {CHARSET} for the policy to follow")
    return html.replace(CHARSET, f"{CHARSET}\n{META.format(said)}")


def policy(pages: Iterable[str], serving: bool = False) -> str:
    """Return the policy under which the scripts of all of these pages run."""
    if serving:
        hashes = ["'unsafe-inline'"]
    else:
        codes = {code for html in pages for code in inline_scripts(html)}
        hashes = sorted(map(hash_of, codes))
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
