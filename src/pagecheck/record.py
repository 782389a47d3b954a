"""Record: run pages and write anew what they show: outputs, figures, bound numbers.

What is written is what the rules say is wrong, where a run can tell what is right.
Words and claims stay. Nothing is written before every page has run, and only where a
file is still what was read; each file is then replaced whole, so that an interrupted
recording leaves every file either old or new.
"""

from __future__ import annotations

import difflib
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pagecheck.checked import CheckedPage
from pagecheck.notebook import page_of, to_notebook
from pagecheck.problem import Edit, Problem
from pagecheck.rules import RULES

# The rules that say what is to be written; a page that does not run is left alone.
_RECORDED = ("page", "run", "figures", "numbers")


@dataclass(frozen=True)
class Change:
    """A file that a recording writes anew, and its old content (None: there was none).

    Twins are of the same family: they are written together or not at all.
    """

    family: str
    file: Path
    old: bytes | None
    new: bytes

    def diff(self, name: str) -> str:
        """What changes, as a unified diff; of a figure, only that it does."""
        old, new = (self.old or b"").decode(errors="replace"), self.new.decode()
        if self.file.suffix == ".svg":
            return f"draws {name} ({len(self.new):,} bytes)\n"
        drawn = ""
        if self.file.suffix == ".ipynb":
            before, after = page_of(old, self.file), page_of(new, self.file)
            old, new = before.text, after.text
            for target, svg in after.figures.items():
                if svg != before.figures.get(target):
                    drawn += f"draws {target} ({len(svg.encode()):,} bytes)\n"
        lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
        text = "".join(difflib.unified_diff(*lines, f"a/{name}", f"b/{name}"))
        return text + drawn or f"writes {name} as Jupyter would\n"


def record_page(checked: CheckedPage) -> tuple[list[Change], list[Problem]]:
    """What recording a page would change; the problems that only an author can fix."""
    file = checked.file.resolve()  # what a symbolic link leads to
    before = {file: _content(file)}
    problems: list[Problem] = []
    for rule in _RECORDED:
        problems += RULES[rule](checked)
        if any(problem.rule in ("page", "run") for problem in problems):
            return [], [each for each in problems if each.edit is None]
    edits = {each.edit for each in problems if each.edit is not None}
    page, family = checked.page, checked.config.inside(checked.file)
    figures = {each.target: each.text for each in edits if each.target}
    text = _edited(page.text, [each for each in edits if not each.target])
    if page.holds_figures:
        text, figures = to_notebook(text, {**page.figures, **figures}), {}
    new = {file: text, **{file.parent / name: svg for name, svg in figures.items()}}
    changes = [
        Change(family, each, old, content.encode())
        for each, content in new.items()
        if (old := before.get(each, _content(each))) != content.encode()
    ]
    if changes and (line := _unsteady(checked)):
        expected, found = "the same from every run", "something else from a second one"
        return [], [checked.problem("run", line, expected, found, "seed what it draws")]
    return changes, [each for each in problems if each.edit is None]


def _unsteady(checked: CheckedPage) -> int:
    """Where a second run gives something else, which must not be written down; or 0."""
    run, again = checked.run, checked.another_run()
    pairs = zip(checked.page.blocks, run.blocks, again.blocks, strict=True)
    lines = [block.line for block, one, other in pairs if one != other]
    return 0 if run == again else min(lines, default=1)


def _content(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None


def _edited(text: str, edits: Iterable[Edit]) -> str:
    """A text with some of its pieces written anew, with the line ends that it has."""
    ends = "\r\n" if "\r\n" in text else "\n"
    for edit in sorted(edits, key=lambda each: each.start, reverse=True):
        written = edit.text.replace("\n", ends)
        text = text[: edit.start] + written + text[edit.end :]
    return text


def write_changes(changes: Iterable[Change], folder: Path) -> list[Path]:
    """Write files anew, each of them either wholly or not at all.

    Every new content is first written whole below ``folder``, then renamed over the old
    file: a full disk or an interrupt leaves that as it was.

    Returns:
        The files that have changed since they were read. Nothing of their family is
        written.

    Raises:
        OSError: When a file cannot be written; those not yet renamed are as before.
    """
    changes = list(changes)
    changed = [each for each in changes if _content(each.file) != each.old]
    families = {each.family for each in changed}
    written = [each for each in changes if each.family not in families]
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        files = [Path(temporary, str(number)) for number in range(len(written))]
        for file, change in zip(files, written, strict=True):
            file.write_bytes(change.new)
            if change.old is not None:
                shutil.copymode(change.file, file)
        for file, change in zip(files, written, strict=True):
            change.file.parent.mkdir(parents=True, exist_ok=True)
            file.replace(change.file)
    return [each.file for each in changed]
