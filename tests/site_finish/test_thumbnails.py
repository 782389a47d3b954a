"""A figure that is shown small keeps its drawing, and no words or grid."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from site_finish.published import refuse_active
from site_finish.thumbnails import FIGURE, thumbnail

ROOT = Path(__file__).parents[2]
PAGES = {
    "recipes/activation-shapes.md": 2,
    "recipes/basic-network.md": 1,
    "recipes/tensor-differentiation.md": 2,
    "xor/walk-through.md": 2,
}
"""The pages that have an explorer, with the number of colours in their first figure."""


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_left_that_could_not_be_read(language: str, page: str):
    file = ROOT / "docs" / language / page
    target = FIGURE.search(file.read_text("utf-8"))[1]
    figure = (file.parent / target).read_text("utf-8")
    small, width, height = thumbnail(figure)
    refuse_active(small, target)
    root = ElementTree.fromstring(small)
    kinds = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert "text" not in kinds
    drawn = small.partition("</style>")[2]
    assert "var(--grid)" not in drawn
    assert len(set(re.findall(r'stroke="var\(--(c\d)\)"', drawn))) == PAGES[page]
    # Both schemes are in it, as in the figure.
    assert "prefers-color-scheme:dark" in small
    _, _, *box = (float(number) for number in root.get("viewBox").split())
    assert box == [pytest.approx(width, abs=0.01), pytest.approx(height, abs=0.01)]


def test_of_a_legend_nothing_is_left():
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><style>a{}</style>'
        '<path d="M0 0L9 9" stroke="var(--c0)"/>'
        '<path d="M2 2L5 2 5 5 2 5Z" fill="var(--paper)" fill-opacity="0.85"/>'
        '<g><path d="M3 3L4 3" stroke="var(--c0)"/><circle cx="4" cy="4" r="1"/></g>'
        '<path d="M6 6L7 7" stroke="var(--c1)"/></svg>'
    )
    small, *size = thumbnail(svg)
    assert re.findall(r' d="([^"]*)"|<circle', small) == ["M0 0L9 9", "M6 6L7 7"]
    assert ('viewBox="-2.00 -2.00 13.00 13.00"' in small, size) == (True, [13, 13])
