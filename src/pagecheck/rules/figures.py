"""What a figure shows is what its block draws, in the page's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from pagecheck.checked import Check, CheckedPage
from pagecheck.page import Block
from pagecheck.problem import Edit, Problem, record_command
from pagecheck.results import Drawn
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


def _wrong(checked: CheckedPage, blocks: Sequence[int]) -> Iterator[Problem]:
    """How the figures after blocks differ from those that the blocks leave open."""
    for index in blocks:
        result = checked.run.blocks[index]
        if not result.not_reached and result.error is None:
            yield from _of_block(checked, checked.page.blocks[index], result.figures)


def _of_block(
    checked: CheckedPage, block: Block, figures: Sequence[Mapping[str, Drawn]]
) -> Iterator[Problem]:
    image = block.image
    problem = partial(checked.problem, "figures", image.line if image else block.line)
    if len(figures) > 1:
        found = f"{len(figures)} figures left open"
        yield problem(
            "one figure a block", found, "draw the others in their own blocks"
        )
    elif image is None:
        if figures:
            expected = "![what it shows](figures/NAME.svg) after the block"
            yield problem(expected, "a figure left open and no image", "add the image")
    elif not figures:
        expected, found = (
            f"the figure of {image.target}",
            "the block leaves no figure open",
        )
        yield problem(expected, found, "leave it open in the block")
    elif (drawn := figures[0][checked.language]).error is not None:
        expected = f"{image.target} to be drawn in the page's language"
        yield problem(expected, drawn.error, "correct what the block draws")
    else:
        try:
            expected, found = _compared(checked, image.target, drawn.svg)
        except TargetError as error:
            expected = "a figure's file to be figures/NAME.svg"
            yield problem(expected, str(error), "rename it")
        else:
            if found:
                told = problem(expected, found, record_command(checked.page.path))
                yield told.with_edit(Edit(0, 0, drawn.svg, image.target))


def _compared(checked: CheckedPage, target: str, drawn: str) -> tuple[str, str]:
    """What is expected of the figure that a page shows, and what is found, if wrong."""
    file, shown = figure_file(checked.file, target), checked.page.figures.get(target)
    if not checked.page.holds_figures and file.is_file():
        shown = file.read_text(encoding="utf-8", errors="replace")
    if shown is None:
        return f"the file {target}", "no such file"
    found = "; ".join(differences(shown, drawn))
    if found:
        root = checked.config.root
        name = f"{checked.language}-{checked.file.stem}-{Path(target).stem}"
        sheet = leave(shown, drawn, name, root / FOLDER).relative_to(root)
        found += f"; see both in {sheet}"
    return f"{target} as the block draws it", found


def _wrong_images(checked: CheckedPage, drawn: set[str]) -> Iterator[Problem]:
    """The images that say nothing in words, and those that are not there."""
    for image in (i for region in checked.page.regions for i in region.images):
        problem = partial(checked.problem, "figures", image.line)
        if not image.alt.strip():
            expected = "words that say what the image shows"
            yield problem(expected, "none", "write them")
        file = checked.file.parent / image.target
        if image.target not in drawn and not (file.is_file() and file.stat().st_size):
            found = "no such file, or an empty one"
            fix = "correct the path, or put the image after the block that draws it"
            yield problem(f"the image {image.target}", found, fix)
