"""The site as its settings have it: two languages, each with its pages in order."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from posixpath import dirname, relpath
from typing import Any
from urllib.parse import urljoin

import yaml
from click import ClickException

from pagecheck.config import Config, load_config
from pagecheck.files import read_page
from pagecheck.page import FRONT_MATTER, Page

ROOT = Path(__file__).parents[2]
FILES = {"zh": "mkdocs.yml", "en": "mkdocs.en.yml"}
"""The settings of each language. The first one is served at the site's root."""
PREFIX = {"zh": "", "en": "en/"}
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # as fast as can be


class SiteError(ClickException):
    """What keeps the site from being built; whoever builds shows it without a trace."""


@dataclass(frozen=True)
class SitePage:
    """A page of the site.

    Attributes:
        source: Its Markdown or its notebook.
        uri: The same, below the folder of its language.
        url: Where it is served, below the address of its language.
        title: What the navigation calls it; its file where that gives it no name.
        section: The section of the navigation that it is in; its title for the first.
    """

    source: Path
    uri: str
    url: str
    title: str
    section: str

    @property
    def file(self) -> str:
        """Where it is built, below the folder of its language."""
        return self.url if self.url.endswith(".html") else f"{self.url}index.html"

    @property
    def is_home(self) -> bool:
        """Whether it is the first page of its language."""
        return self.url in ("", "index.html")

    @cached_property
    def read(self) -> Page:
        """The page as the tests read it."""
        return read_page(self.source)

    @cached_property
    def text(self) -> str:
        """Its Markdown, which of a notebook has to be made, front matter included."""
        if self.source.suffix == ".md":
            return self.source.read_text("utf-8")
        return self.read.text

    @cached_property
    def meta(self) -> dict[str, Any]:
        """What its front matter says."""
        front = FRONT_MATTER.match(self.text)
        return (yaml.load(front[1], _SafeLoader) or {}) if front else {}

    def link_to(self, target: str) -> str:
        """The way from the page to an address below that of the language."""
        way = relpath(target or ".", dirname(self.url) or ".")
        return f"{way}/" if target.endswith("/") else way


@dataclass(frozen=True)
class Language:
    """One language of the site.

    Attributes:
        code: What it is called in addresses and in HTML.
        folder: Where it is built.
        address: Where it is served; empty where nobody knows.
        name: The site's name in it.
        description: What the site is.
        repository: The address of the source, or empty.
        scripts: The modules that its settings ask for.
        pages: All pages in the order of the navigation.
        offline: Whether it opens without a server.
    """

    code: str
    folder: Path
    address: str
    name: str
    description: str
    repository: str
    scripts: tuple[str, ...]
    pages: tuple[SitePage, ...]
    offline: bool

    @property
    def root(self) -> str:
        """The way from the folder of the language to that of the whole site."""
        return "../" * PREFIX[self.code].count("/")

    @cached_property
    def checks(self) -> Config:
        """What pagecheck's settings are."""
        return load_config(ROOT)

    def page(self, uri: str) -> SitePage | None:
        """The page of a file, if there is one."""
        return next((page for page in self.pages if page.uri == uri), None)


def offline() -> bool:
    """Whether the site is to open from a folder, without a server."""
    return bool(os.environ.get("OFFLINE"))


def read_language(code: str, site: Path, address: str | None) -> Language:
    """Read the settings of a language.

    Args:
        code: Which one.
        site: The folder of the whole site.
        address: Where that is served; None or empty where nobody knows.
    """
    settings = _load(ROOT / FILES[code])
    docs = ROOT / settings["docs_dir"]
    without = offline()
    return Language(
        code=code,
        folder=site / PREFIX[code],
        address=urljoin(address, PREFIX[code]) if address and not without else "",
        name=settings["site_name"],
        description=settings["site_description"],
        repository=settings["repo_url"] or "",
        scripts=tuple(script["path"] for script in settings["extra_javascript"]),
        pages=tuple(
            SitePage(docs / uri, uri, _url(uri, without), title, section)
            for title, uri, section in _entries(settings["nav"])
        ),
        offline=without,
    )


def _entries(
    nav: list[dict[str, Any] | str], section: str = ""
) -> Iterator[tuple[str, ...]]:
    """The pages of a navigation: title, file and section."""
    for entry in nav:
        named = {entry: entry} if isinstance(entry, str) else entry
        for title, inside in named.items():
            if isinstance(inside, str):
                yield title, inside, section or title
            else:
                yield from _entries(inside, section or title)


def _url(uri: str, as_files: bool) -> str:
    stem = re.sub(r"\.\w+$", "", uri)
    if as_files:
        return f"{stem}.html"
    return re.sub(r"(?:^|/)index/$", "", f"{stem}/")


def _load(file: Path) -> dict[str, Any]:
    """The settings of a file over those that it inherits."""
    settings: dict[str, Any] = yaml.load(file.read_text("utf-8"), _Loader)
    if above := settings.pop("INHERIT", None):
        settings = {**_load(file.with_name(above)), **settings}
    return settings


class _Loader(_SafeLoader):  # type: ignore[misc]  # it has no types
    """Reads `!ENV NAME`, as MkDocs does."""


def _variable(loader: _Loader, node: yaml.ScalarNode) -> str | None:
    return os.environ.get(str(loader.construct_scalar(node)))


_Loader.add_constructor("!ENV", _variable)
