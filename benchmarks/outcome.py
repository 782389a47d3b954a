"""What a tool has built: how much, what a reader fetches, and what of it is shown."""

from __future__ import annotations

import gzip
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_UNSEEN = re.compile(r"(?is)<(script|style)\b.*?</\1>|<!--.*?-->|<[^>]*>")


class _Resources(HTMLParser):
    """The addresses that a page has a browser fetch to show it."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take down what an element fetches."""
        values = {name: value or "" for name, value in attrs}
        address = values.get("src", "") if tag in ("script", "img") else ""
        if tag == "link" and {"stylesheet", "icon"} & {*values.get("rel", "").split()}:
            address = values.get("href", "")
        if address and not address.startswith("data:"):
            self.addresses.add(address)


def weight(page: Path) -> tuple[int, set[str]]:
    """What a page weighs with the style sheets, scripts and images that it names.

    Returns:
        Their bytes, each compressed with gzip, and the other hosts that it asks, of
        which nothing is counted.
    """
    text = page.read_text(encoding="utf-8")
    reader = _Resources()
    reader.feed(text)
    hosts = {urlsplit(each).netloc for each in reader.addresses} - {""}
    local = {urlsplit(each).path for each in reader.addresses if "//" not in each}
    files = {(page.parent / unquote(each)).resolve() for each in local}
    total = sum(_compressed(file) for file in files if file.is_file())
    return total + _compressed(page), hosts


def _compressed(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), compresslevel=9, mtime=0))


def size(site: Path) -> int:
    """The bytes of all files of a site."""
    return sum(file.stat().st_size for file in site.rglob("*") if file.is_file())


def shown(page: Path, outputs: list[str]) -> int:
    """How many of some outputs a built page shows, one after the other.

    Blanks aside, which HTML does not keep.
    """
    text = _squeezed(unescape(_UNSEEN.sub("", page.read_text(encoding="utf-8"))))
    here = found = 0
    for output in map(_squeezed, outputs):
        place = text.find(output, here)
        if place >= 0:
            here, found = place + len(output), found + 1
    return found


def _squeezed(text: str) -> str:
    return "".join(text.split())
