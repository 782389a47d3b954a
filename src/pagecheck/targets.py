"""Where a target leads that a page, a notebook or a setting names.

Whoever reads or writes a file by a name that somebody else wrote asks here first: what
leads out of its folder, by ``..``, by an absolute path or by a link, is an error.
"""

from __future__ import annotations

import re
from pathlib import Path, PureWindowsPath

FIGURES = "figures"
"""The folder beside a page that holds its figures, and nothing else."""

_FIGURE = re.compile(rf"{FIGURES}/[a-z0-9]+(?:-[a-z0-9]+)*\.svg")


class TargetError(ValueError):
    """A target that leads out of the folder in which it must stay."""


def inside(folder: Path, target: str) -> Path:
    """The file or folder that a target names, without ``..`` and without links.

    Args:
        folder: The folder that must hold it.
        target: A path relative to the folder, with ``/`` between its parts.

    Raises:
        TargetError: It is no such path, or leads out of the folder.
    """
    if not target or "\0" in target or "\\" in target or PureWindowsPath(target).drive:
        raise TargetError(f"{target!r} is no path with / between its parts")
    root = folder.resolve()
    found = (root / target).resolve()
    if not found.is_relative_to(root):
        raise TargetError(f"{target!r} leads out of {folder}, to {found}")
    return found


def figure_file(page: Path, target: str) -> Path:
    """The file of a figure of a page, by its image's target: ``figures/sigmoid.svg``.

    Raises:
        TargetError: It is no SVG in the folder ``figures`` beside the page.
    """
    if not _FIGURE.fullmatch(target):
        raise TargetError(f"{target!r} is no {FIGURES}/NAME.svg, NAME in kebab-case")
    return inside(page.parent / FIGURES, target.removeprefix(f"{FIGURES}/"))
