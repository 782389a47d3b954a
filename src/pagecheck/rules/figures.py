"""What a figure shows is what its block draws, in the page's language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pagecheck.checked import CheckedPage
from pagecheck.files import figure_file
from pagecheck.page import Block
from pagecheck.problem import Edit, Problem, record_command
from pagecheck.results import BlockResult
from pagecheck.svg_differences import FOLDER, differences, leave


def check_figures(checked: CheckedPage) -> Iterator[Problem]:
    """Figures that blocks draw otherwise, or do not show."""
    page = checked.page
    for block, result in zip(page.blocks, checked.run.blocks, strict=True):
        if result.not_reached or result.error is not None:
            continue
        if told := _told(checked, block, result):
            line, edit = block.image.line if block.image else block.line, None
            if block.image and told[2] == record_command(page.path):
                drawn = result.figures[0][checked.language].svg
                edit = Edit(0, 0, drawn, block.image.target)
            yield checked.problem("figures", line, *told, edit)


def _told(
    checked: CheckedPage, block: Block, result: BlockResult
) -> tuple[str, str, str] | None:
    """What is expected of a block's figure, what is found, and what fixes it."""
    image, figures = block.image, result.figures
    if len(figures) > 1:
        found = f"{len(figures)} figures left open"
        return "one figure a block", found, "draw the others in their own blocks"
    if image is None:
        expected = "![what it shows](figures/NAME.svg) after the block"
        found = "a figure left open and no image"
        return (expected, found, "add the image") if figures else None
    if not figures:
        found = "the block leaves no figure open"
        return f"the figure of {image.target}", found, "leave it open in the block"
    drawn = figures[0][checked.language]
    if drawn.error is not None:
        expected = f"{image.target} to be drawn in the page's language"
        return expected, drawn.error, "correct what the block draws"
    try:
        file = figure_file(checked.file, image.target)
    except ValueError as error:
        return "a figure's file to be figures/NAME.svg", str(error), "rename it"
    shown = checked.page.figures.get(image.target)
    if not checked.page.holds_figures and file.is_file():
        shown = file.read_text(encoding="utf-8", errors="replace")
    fix = record_command(checked.page.path)
    if shown is None:
        return f"the file {image.target}", "no such file", fix
    if not (found := "; ".join(differences(shown, drawn.svg))):
        return None
    root = checked.config.root
    name = f"{checked.language}-{checked.file.stem}-{Path(image.target).stem}"
    sheet = leave(shown, drawn.svg, name, root / FOLDER).relative_to(root)
    return f"{image.target} as the block draws it", f"{found}; see both in {sheet}", fix
