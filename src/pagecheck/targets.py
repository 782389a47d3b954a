"""Where the image of a figure leads: into the folder of figures, or it is an error."""

from __future__ import annotations

import re
from pathlib import Path

FIGURES = "figures"
"""The folder beside a page that holds its figures, and nothing else."""

_FIGURE = re.compile(rf"{FIGURES}/[a-z0-9]+(?:-[a-z0-9]+)*\.svg")


class TargetError(ValueError):
    """A target that leads out of the folder in which it must stay."""


def figure_file(page: Path, target: str) -> Path:
    """The file of a figure of a page, by its image's target: ``figures/sigmoid.svg``.

    Raises:
        TargetError: It is no SVG in the folder ``figures`` beside the page, or a link
            that leads out of it.
    """
    if not _FIGURE.fullmatch(target):
        raise TargetError(f"{target!r} is no {FIGURES}/NAME.svg, NAME in kebab-case")
    folder, file = (page.parent / FIGURES).resolve(), (page.parent / target).resolve()
    if not file.is_relative_to(folder):
        raise TargetError(f"{target!r} leads out of {folder}, to {file}")
    return file
