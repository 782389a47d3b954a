"""What a page weighs on a first visit, and that it stands still while it comes."""

from __future__ import annotations

import gzip
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from .built import ADDRESS
from .conftest import NARROW, Open, Visit, laid_out
from .test_built import KILOBYTE, LIGHT

pytestmark = pytest.mark.browser


def size(site: Path, address: str) -> int:
    """The bytes that a server sends for an address of the site, compressed."""
    path = urlsplit(address).path.removeprefix("/")
    file = site / (path + "index.html" if path.endswith("/") or not path else path)
    return len(gzip.compress(file.read_bytes(), 9))


def test_a_page_is_light(opened_page: Visit, site: Path):
    page, *others = opened_page.requests
    assert page == ADDRESS + opened_page.page.path
    assert size(site, page) <= LIGHT * KILOBYTE
    others = [one for one in others if "/figures/" not in one]
    assert len({*others}) == len(others), "something is asked for twice"
    assert len(others) <= 12
    assert sum(size(site, one) for one in others) <= 110 * KILOBYTE


def test_nothing_moves_while_a_page_is_opened(opened_page: Visit, open_page: Open):
    # On a busy machine the font may be read after a formula is painted. What always
    # moves moves in every look.
    moved = opened_page.moved
    for _ in range(8):
        if not moved:
            break
        again = open_page(opened_page.page.path)
        laid_out(again)
        moved = again.evaluate("moved")
    assert moved == []


def test_nothing_moves_on_a_phone_when_figures_come(open_page: Open):
    page = open_page("recipes/activation-functions/", viewport=NARROW)
    page.evaluate("document.fonts.ready")
    for _ in range(12):
        page.mouse.wheel(0, 700)
        page.wait_for_timeout(30)
    assert page.evaluate("moved") == []


def test_figures_that_nobody_scrolled_to_are_printed(open_page: Open):
    page = open_page("en/recipes/activation-shapes/")
    waiting = "[...document.images].filter(one => !one.naturalWidth).length"
    assert page.evaluate(waiting) > 0
    page.pdf()
    assert page.evaluate(waiting) == 0
