"""The system's Chromium, for every test that looks at something in a browser.

And for those that try many examples: none is judged by the time that it takes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

# Threads of OpenMP that wait sleep, and leave the processor to other tests.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
settings.register_profile("unhurried", settings(), deadline=None)
settings.load_profile("unhurried")

NAMES = ("chromium", "chromium-browser", "google-chrome")
"""What it is called; .ci/run looks for the same."""

OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str | None:
    """Where this machine has it, if it has one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def chromium(playwright: Playwright, *options: str) -> Iterator[Browser]:
    """A running Chromium; where there is none, skip, but never in CI."""
    path = chromium_path()
    if path is None:
        message = f"none of {', '.join(NAMES)} on the PATH; the browser tests need one"
        (pytest.fail if "CI" in os.environ else pytest.skip)(message)
    browser = playwright.chromium.launch(
        executable_path=path, args=[*OPTIONS, *options]
    )
    try:
        yield browser
    finally:
        browser.close()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    from playwright.sync_api import sync_playwright  # only where a test needs it

    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with chromium(playwright) as running:
        yield running
