"""Rule 5: what a figure shows is what its block draws."""

from __future__ import annotations

import re
from pathlib import Path

from pagecheck.config import load_config
from pagecheck.page import Block, Page
from pagecheck.problem import Problem, record_command
from pagecheck.session import BlockResult
from pagecheck.svg_differences import FOLDER, differences, leave

# A figure lies beside its page and nowhere else: recording writes to this place.
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

    def problem(expected: str, found: str, mend: str) -> list[Problem]:
        line = block.image.line if block.image else block.line
        return [Problem("figures", page.path, line, expected, found, mend)]

    target = block.image.target if block.image else ""
    if block.image and figure_file(target, folder) is None:
        expected = "a figure's file to be figures/NAME.svg, NAME in kebab-case"
        return problem(expected, f"{target}, or a link elsewhere", "rename it")
    if result.not_reached or result.error is not None:
        return []
    if len(result.figures) > 1:
        found = f"{len(result.figures)} figures left open"
        mend = "draw the others in their own blocks"
        return problem("one figure a block", found, mend)
    if block.image is None:
        if not result.figures:
            return []
        image = "![what it shows](figures/NAME.svg) after the block"
        return problem(image, "a figure left open and no image", "add the image")
    if not result.figures:
        found = "the block leaves no figure open"
        return problem(f"the figure of {target}", found, "mend the block")
    drawn = result.figures[0][language]
    if drawn.error is not None:
        expected = f"{target} to be drawn in the page's language"
        return problem(expected, drawn.error, "mend what the block draws")
    recorded = recorded_figure(page, target, folder)
    record = record_command(page.path)
    if recorded is None:
        return problem(f"the file {target}", "no such file", record)
    if found := "; ".join(differences(recorded, drawn.svg)):
        root = load_config(folder).root
        name = f"{language}-{page.path.stem}-{Path(target).stem}"
        sheet = leave(recorded, drawn.svg, name, root / FOLDER).relative_to(root)
        found += f"; see both in {sheet}"
        return problem(f"{target} as the block draws it", found, record)
    return []


def figure_file(target: str, folder: Path) -> Path | None:
    """The file of a page's figure; None where its name or its place is not allowed."""
    file = folder / target
    held = file.resolve().parent == folder.resolve() / "figures"
    return file if held and _FIGURE_FILE.fullmatch(target) else None


def recorded_figure(page: Page, target: str, folder: Path) -> str | None:
    """The SVG that a page shows, a file's or its own; None where there is none.

    Args:
        page: The page.
        target: The target of the image.
        folder: The folder that the page lies in.
    """
    if page.holds_figures:
        return page.figures.get(target)
    file = figure_file(target, folder)
    try:
        return file.read_text(encoding="utf-8", errors="replace") if file else None
    except OSError:
        return None


def check_images(page: Page, folder: Path) -> list[Problem]:
    """The images of a page, drawn by no block of it, that are not there."""
    drawn = {block.image.target for block in page.blocks if block.image}
    mend = "correct the path, or put the image right after the block that draws it"
    found = "no such file, or an empty one"
    problems = []
    for image in (image for unit in page.units for image in unit.images):
        file, expected = folder / image.target, f"the image {image.target}"
        if image.target in drawn or (file.is_file() and file.stat().st_size):
            continue
        problems.append(
            Problem("figures", page.path, image.line, expected, found, mend)
        )
    return problems
