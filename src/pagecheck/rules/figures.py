"""Rule 5: what a figure shows is what its block draws."""

from __future__ import annotations

import re
from pathlib import Path

from pagecheck.house import FigureError
from pagecheck.page import Block, Page
from pagecheck.problem import Problem, record_command
from pagecheck.session import BlockResult
from pagecheck.svg_differences import differences

_FIGURE_FILE = re.compile(r"figures/[a-z0-9]+(?:-[a-z0-9]+)*\.svg")


def check_figure(
    page: Page,
    block: Block,
    result: BlockResult,
    folder: Path,
    language: str,
) -> list[Problem]:
    """How the figure after a block differs from the figure that it leaves open.

    Args:
        page: The page.
        block: The block.
        result: What the block did.
        folder: The folder that the page lies in.
        language: The page's language, which the figure's texts are in.
    """
    if result.not_reached or result.error is not None:
        return []

    def problem(expected: str, found: str, fix: str) -> list[Problem]:
        line = block.image.line if block.image else block.line
        return [Problem("figures", page.path, line, expected, found, fix)]

    record = record_command(page.path)
    if len(result.figures) > 1:
        found = f"{len(result.figures)} figures left open"
        return problem(
            "one figure a block", found, "draw the others in their own blocks"
        )
    if block.image is None:
        if not result.figures:
            return []
        image = "![what it shows](figures/NAME.svg) after the block"
        return problem(image, "a figure left open and no image", "add the image")
    if not result.figures:
        found = "the block leaves no figure open"
        return problem(f"the figure of {block.image.target}", found, "mend the block")
    drawn = result.figures[0][language]
    if drawn.error is not None:
        expected = f"{block.image.target} to be drawn in the page's language"
        return problem(expected, drawn.error, "mend what the block draws")
    if not _FIGURE_FILE.fullmatch(block.image.target):
        expected = "a figure's file to be figures/NAME.svg, NAME in kebab-case"
        return problem(expected, block.image.target, "rename it")
    recorded = recorded_figure(page, block.image.target, folder)
    if recorded is None:
        return problem(f"the file {block.image.target}", "no such file", record)
    return [
        one
        for difference in _differences(recorded, drawn.svg)
        for one in problem(
            f"{block.image.target} as the block draws it", difference, record
        )
    ]


def recorded_figure(page: Page, target: str, folder: Path) -> str | None:
    """The SVG that a page shows, a file's or its own; None where there is none.

    Args:
        page: The page.
        target: The target of the image.
        folder: The folder that the page lies in.
    """
    if page.holds_figures:
        return page.figures.get(target)
    try:
        return (folder / target).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


def _differences(recorded: str, drawn: str) -> list[str]:
    try:
        return differences(recorded, drawn)
    except FigureError as error:
        return [str(error)]


def check_images(page: Page, folder: Path) -> list[Problem]:
    """The images of a page, drawn by no block of it, that are not there."""
    drawn = {block.image.target for block in page.blocks if block.image}
    problems = []
    for region in page.regions:
        for image in region.images:
            file = folder / image.target
            if image.target in drawn or (file.is_file() and file.stat().st_size):
                continue
            expected, found = (
                f"the image {image.target}",
                "no such file, or an empty one",
            )
            fix = (
                "correct the path, or put the image right after the block that draws it"
            )
            problems.append(
                Problem("figures", page.path, image.line, expected, found, fix)
            )
    return problems
