"""What a figure shows is what its block draws, in the page's language."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from pagecheck.checked import Check, CheckedPage
from pagecheck.page import Block
from pagecheck.problem import Edit, Problem, record_command
from pagecheck.results import BlockResult
from pagecheck.svg_differences import FOLDER, differences, leave
from pagecheck.targets import TargetError, figure_file


def check_figures(checked: CheckedPage) -> Iterator[Check]:
    """Each figure that a block draws; the blocks that show none, and other images."""
    page, silent = checked.page, []
    for index, block in enumerate(page.blocks):
        if block.language == "python":
            if block.image is None:
                silent.append(index)
            else:
                wrong = partial(_wrong, checked, [index])
                yield Check("figures", block.image.line, 1, wrong)
    if silent:
        yield Check("figures", 1, 1, partial(_wrong, checked, silent))
    drawn = {block.image.target for block in page.blocks if block.image}
    images = [image for region in page.regions for image in region.images]
    if any(image.target not in drawn or not image.alt.strip() for image in images):
        yield Check("figures", 1, 2, partial(_wrong_images, checked, drawn))


def _wrong(checked: CheckedPage, blocks: list[int]) -> Iterator[Problem]:
    """How the figures after blocks differ from those that the blocks leave open."""
    for index in blocks:
        block, result = checked.page.blocks[index], checked.run.blocks[index]
        if result.not_reached or result.error is not None:
            continue
        line = block.image.line if block.image else block.line
        for expected, found, fix, svg in _differences(checked, block, result):
            problem = checked.problem("figures", line, expected, found, fix)
            if svg and block.image:
                problem = problem.with_edit(Edit(0, 0, svg, block.image.target))
            yield problem


def _differences(
    checked: CheckedPage, block: Block, result: BlockResult
) -> Iterator[tuple[str, str, str, str]]:
    """What is expected, what is found, what fixes it, and the figure to be recorded."""
    target, record = "", record_command(checked.page.path)
    if block.image is not None:
        target = block.image.target
        try:
            figure_file(checked.file, target)
        except TargetError as error:
            yield "a figure's file to be figures/NAME.svg", str(error), "rename it", ""
            return
    if len(result.figures) > 1:
        found = f"{len(result.figures)} figures left open"
        yield "one figure a block", found, "draw the others in their own blocks", ""
    elif not target:
        if result.figures:
            image = "![what it shows](figures/NAME.svg) after the block"
            yield image, "a figure left open and no image", "add the image", ""
    elif not result.figures:
        found = "the block leaves no figure open"
        yield f"the figure of {target}", found, "leave it open in the block", ""
    elif (drawn := result.figures[0][checked.language]).error is not None:
        expected = f"{target} to be drawn in the page's language"
        yield expected, drawn.error, "correct what the block draws", ""
    elif (recorded := _recorded(checked, target)) is None:
        yield f"the file {target}", "no such file", record, drawn.svg
    elif found := "; ".join(differences(recorded, drawn.svg)):
        root = checked.config.root
        name = f"{checked.language}-{checked.file.stem}-{Path(target).stem}"
        sheet = leave(recorded, drawn.svg, name, root / FOLDER).relative_to(root)
        expected = f"{target} as the block draws it"
        yield expected, f"{found}; see both in {sheet}", record, drawn.svg


def _recorded(checked: CheckedPage, target: str) -> str | None:
    """The SVG that a page shows, a file's or its own; None where there is none."""
    if checked.page.holds_figures:
        return checked.page.figures.get(target)
    try:
        file = figure_file(checked.file, target)
        return file.read_text(encoding="utf-8", errors="replace")
    except (TargetError, OSError):
        return None


def _wrong_images(checked: CheckedPage, drawn: set[str]) -> Iterator[Problem]:
    """The images that say nothing in words, and those that are not there."""
    for image in (i for region in checked.page.regions for i in region.images):
        if not image.alt.strip():
            expected, fix = "words that say what the image shows", "write them"
            yield checked.problem("figures", image.line, expected, "none", fix)
        file = checked.file.parent / image.target
        if image.target not in drawn and not (file.is_file() and file.stat().st_size):
            expected, found = (
                f"the image {image.target}",
                "no such file, or an empty one",
            )
            fix = "correct the path, or put the image after the block that draws it"
            yield checked.problem("figures", image.line, expected, found, fix)
