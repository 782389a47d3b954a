"""The site, built once and served, and pages of it opened in Chromium.

What a page complains about while it is open fails the test that opened it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from filelock import FileLock

from tests.conftest import chromium

from .built import ADDRESS, SitePage, build, resolver_rules, serving, walked_pages

if TYPE_CHECKING:
    from playwright.sync_api import (
        Browser,
        BrowserContext,
        ConsoleMessage,
        Locator,
        Page,
        Playwright,
        Request,
        Response,
    )

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 360, "height": 740}

PAPER = {"light": "rgb(255, 255, 255)", "dark": "rgb(30, 33, 41)"}
"""The colour behind the text in each palette, and behind what figures show."""

Open = Callable[..., "Page"]

SHIFT = """
window.moved = []
new PerformanceObserver(list => {
  for (const {value, sources} of list.getEntries()) moved.push(
    `${value}: ${sources.map(({node}) => node?.outerHTML ?? node?.data).join(" ")}`)
}).observe({type: "layout-shift", buffered: true})
"""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site: one build for all processes that test.

    With BUILT_SITE set, it is the site that lies there, whoever built it.
    """
    if built_elsewhere := os.environ.get("BUILT_SITE"):
        return Path(built_elsewhere).resolve()
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, built = shared / "site", shared / "site-built"
    with FileLock(shared / "site.lock"):
        if not built.exists():
            build(folder)
            built.touch()
    return folder


@pytest.fixture(scope="session")
def browser(site: Path, playwright: Playwright) -> Iterator[Browser]:
    """A Chromium that knows of no host but the site."""
    with (
        serving(site) as port,
        chromium(playwright, resolver_rules(port)) as running,
    ):
        yield running


@dataclass
class Visit:
    """A page of the site, opened once for all tests that look at it as it is.

    Attributes:
        page: Which page it is.
        shown: The page in the browser, wide and light when a test gets it.
        complaints: What it complained about since.
        requests: What it asked for when it was opened, itself first.
        moved: What of it moved then, and how much by the measure of layout shift.
    """

    page: SitePage
    shown: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)


@pytest.fixture(
    scope="session",
    params=[
        # One process has all tests of a page, so that it is opened only once.
        pytest.param(
            page,
            marks=[pytest.mark.walked, pytest.mark.xdist_group(f"site-{page}")],
            id=str(page),
        )
        for page in walked_pages()
    ],
)
def opened_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    context = browser.new_context(
        viewport=WIDE,
        color_scheme="light",
        permissions=["clipboard-read", "clipboard-write"],
    )
    visit = Visit(request.param, context.new_page())
    listen(context, visit.complaints.append)
    requests: list[str] = []
    visit.shown.on("request", lambda request: requests.append(request.url))
    visit.shown.goto(ADDRESS + visit.page.path)
    laid_out(visit.shown)
    visit.moved = visit.shown.evaluate("moved")
    visit.requests = requests.copy()
    yield visit
    context.close()


def expect(what: Page | Locator) -> Any:
    """What Playwright has by this name: only tests that expect something import it."""
    from playwright.sync_api import expect as playwright_expect

    return playwright_expect(what)


def laid_out(page: Page) -> None:
    """Wait until all of a page is laid out, which is done when there is time."""
    expect(page.locator("html.complete")).to_be_attached(timeout=60_000)
    page.evaluate("document.fonts.ready")


def colour(page: Page, scheme: Literal["light", "dark"]) -> None:
    """Set the reader's palette, and wait until the page has taken it."""
    page.emulate_media(color_scheme=scheme, media="screen")
    name = {"light": "default", "dark": "slate"}[scheme]
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", name)


@pytest.fixture
def visit(opened_page: Visit) -> Iterator[Visit]:
    """A page of each type in turn, in a browser; a complaint fails the test."""
    if opened_page.shown.viewport_size != WIDE:
        opened_page.shown.set_viewport_size(WIDE)
    colour(opened_page.shown, "light")
    yield opened_page
    complaints = opened_page.complaints.copy()
    opened_page.complaints.clear()
    assert complaints == []


def opener(browser: Browser, stack: ExitStack, complaints: list[str]) -> Open:
    """What opens a path of the site in a fresh profile, and hears complaints.

    Options are those of a browser context, and `expected`: what complaints say that
    the test means to cause.
    """

    def opened(path: str = "", *, expected: str = "$.", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": WIDE, **options})
        stack.callback(context.close)

        def complain(text: str) -> None:
            if not re.search(expected, text):
                complaints.append(text)

        listen(context, complain)
        page = context.new_page()
        page.goto(ADDRESS + path)
        return page

    return opened


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Open a path of the site in a fresh profile; any complaint fails the test."""
    complaints: list[str] = []
    with ExitStack() as stack:
        yield opener(browser, stack, complaints)
        assert complaints == []


@pytest.fixture(scope="module")
def kept_pages(browser: Browser) -> Iterator[tuple[Open, list[str]]]:
    complaints: list[str] = []
    with ExitStack() as stack:
        open_anew = opener(browser, stack, complaints)
        pages: dict[str, Page] = {}

        def kept(path: str = "", **options: Any) -> Page:
            key = f"{path} {options}"
            if key not in pages:
                pages[key] = open_anew(path, **options)
            return pages[key]

        yield kept, complaints


@pytest.fixture
def keep_page(kept_pages: tuple[Open, list[str]]) -> Iterator[Open]:
    """As open_page, but all tests of a module share a page, and leave it as it was.

    Opening costs a second and more of the processor's time. What a page complains about
    fails the test that has it then. An xdist_group keeps the module in one process.
    """
    kept, complaints = kept_pages
    yield kept
    heard = complaints.copy()
    complaints.clear()
    assert heard == []


def listen(context: BrowserContext, report: Callable[[str], None]) -> None:
    """Hear what no page may do: fail, warn, ask another host, break the policy.

    With KNOWN_COMPLAINTS set, what it matches is known of the builder of BUILT_SITE.
    """
    known = os.environ.get("KNOWN_COMPLAINTS", "$.")

    def complain(text: str) -> None:
        if not re.search(known, text):
            report(text)

    def asked(request: Request) -> None:
        if not request.url.startswith((ADDRESS, "data:", "blob:")):
            complain(f"asked another host: {request.url}")

    def answered(answer: Response) -> None:
        if answer.status >= 400:
            complain(f"status {answer.status}: {answer.url}")

    def failed(request: Request) -> None:
        # What a page was still loading when it was left is no failure.
        if request.failure != "net::ERR_ABORTED":
            complain(f"failed: {request.url} {request.failure}")

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complain(f"console: {message.text} ({message.location['url']})")

    context.add_init_script(SHIFT)
    context.add_init_script(
        "addEventListener('securitypolicyviolation', event => console.error("
        "`policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`))"
    )
    context.on("request", asked)
    context.on("response", answered)
    context.on("requestfailed", failed)
    context.on("weberror", lambda error: complain(f"script: {error.error}"))
    context.on("console", said)
