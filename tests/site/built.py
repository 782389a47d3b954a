"""The built site on this machine: its pages, its files, and a server for them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from tests.conftest import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
ADDRESS = "http://recipes.localhost/"
"""The site's address in the tests' browser, whatever the server's port: each process
that tests has a server of its own, and all of them share one build."""

DOCS = {"zh": ROOT / "docs" / "zh", "en": ROOT / "docs" / "en"}
PREFIX = {"zh": "", "en": "en/"}


TYPES = {
    "": "home",
    "installation/": "text",
    "start/neural-network/": "start",
    "recipes/activation-functions/": "recipe",
    "recipes/basic-network/": "recipe, explorer",
    "xor/training/": "XOR, explorer",
    "labs/xor-training/": "lab",
    "reference/notation/": "table",
    "reference/errata/": "errata",
    "reference/api/": "API",
    "about/verification/": "verification",
}
"""A page of each type: what browsers look at in every run of the tests."""


@dataclass(frozen=True)
class SitePage:
    """A page of the site.

    Attributes:
        language: Its language.
        source: Its Markdown or its notebook.
        path: Where the site has it, below the site's address.
    """

    language: str
    source: Path
    path: str

    @property
    def name(self) -> str:
        """The path without the language."""
        return self.path.removeprefix(PREFIX[self.language])

    @property
    def twin(self) -> str:
        """The path of the same page in the other language."""
        return self.name if self.language == "en" else PREFIX["en"] + self.name

    def __str__(self) -> str:
        return f"{self.language}-{self.name.strip('/') or 'home'}"


def site_pages() -> list[SitePage]:
    """All pages, each next to its twin."""
    return sorted(
        (
            SitePage(language, source, PREFIX[language] + path_of(source, folder))
            for language, folder in DOCS.items()
            for source in folder.rglob("*")
            if source.suffix in (".md", ".ipynb")
        ),
        key=lambda page: (page.name, page.language),
    )


def walked_pages() -> list[SitePage]:
    """A page of each type in both languages; with EVERY_PAGE set, all of them."""
    pages = site_pages()
    if missing := TYPES.keys() - {page.name for page in pages}:
        raise ValueError(f"TYPES has what is no page: {', '.join(sorted(missing))}")
    return [page for page in pages if page.name in TYPES or "EVERY_PAGE" in os.environ]


def path_of(source: Path, docs: Path) -> str:
    """Where MkDocs puts a page."""
    parts = source.relative_to(docs).with_suffix("").parts
    if parts[-1] == "index":
        parts = parts[:-1]
    return "".join(f"{part}/" for part in parts)


def build(folder: Path, program: str = "mkdocs", **environment: str) -> None:
    """Build the whole site, as `make build` does, for the tests' address."""
    kept = os.environ.keys() - {"REPO_URL", "SOURCE_DATE_EPOCH"}
    subprocess.run(
        [sys.executable, "-m", program, "build", "--strict", "-q", "-d", folder],
        check=True,
        cwd=ROOT,
        env={
            **{name: os.environ[name] for name in kept},
            "SITE_URL": ADDRESS,
            "NO_MKDOCS_2_WARNING": "1",
            **environment,
        },
    )


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder as a plain host of static pages does, 404.html included."""

    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012, as the standard library has it
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
    }

    def send_error(
        self, code: int, message: str | None = None, explain: str | None = None
    ) -> None:
        folder = Path(self.directory)
        own = folder / "en" / "404.html"
        page = own if self.path.startswith("/en/") else folder / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = self.contents(page)
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def contents(self, page: Path) -> bytes:
        """What is sent of an HTML page."""
        return page.read_bytes()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what a page asked for is seen in the browser."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Take it that a browser which left in the middle meant to."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving(folder: Path, handler: type[Handler] = Handler) -> Iterator[int]:
    """Serve a folder on 127.0.0.1 at a free port, and give the port."""
    handle = partial(handler, directory=str(folder))
    with Server(("127.0.0.1", 0), handle) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@contextmanager
def browsing() -> Iterator[Browser]:
    """Build the site, and give a Chromium that knows of no other host."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
        with (
            serving(Path(folder)) as port,
            sync_playwright() as playwright,
            chromium(playwright, resolver_rules(port)) as browser,
        ):
            yield browser


def resolver_rules(port: int) -> str:
    """The option by which Chromium finds the site there, and no other host at all."""
    host = ADDRESS.split("/")[2]
    return f"--host-resolver-rules=MAP {host}:80 127.0.0.1:{port}, MAP * ~NOTFOUND"
