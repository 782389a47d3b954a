"""Record: run pages and write anew what they show: outputs, figures, bound numbers.

Nothing is written before every page has run, and each file is then replaced whole, so
that an interrupted recording leaves every file either old or new. Words stay.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pagecheck.checks import Subject
from pagecheck.notebook import page_of, to_notebook
from pagecheck.numerals import rewrite, shows
from pagecheck.page import EXPECTED_OUTPUT, Block
from pagecheck.problem import Problem
from pagecheck.rules.figures import recorded_figure
from pagecheck.rules.numbers import to_decimal
from pagecheck.rules.outputs import printed_output, same_text
from pagecheck.rules.run import check_run


@dataclass(frozen=True)
class Change:
    """A file that a recording writes anew, and its old text (None: there was none)."""

    file: Path
    old: str | None
    new: str

    def diff(self, name: str) -> str:
        """What changes, as a unified diff; of a figure, only that it does."""
        if self.file.suffix == ".svg":
            return _drawn(name, self.old, self.new)
        if self.file.suffix == ".ipynb":
            return self._notebook_diff(name)
        return _unified(name, self.old or "", self.new)

    def _notebook_diff(self, name: str) -> str:
        """What changes in the page that a notebook is, or else that the file does."""
        before, after = page_of(self.old or "", self.file), page_of(self.new, self.file)
        drawn = [
            _drawn(target, before.figures.get(target), svg)
            for target, svg in after.figures.items()
            if svg != before.figures.get(target)
        ]
        changes = "".join([_unified(name, before.text, after.text), *drawn])
        return changes or f"writes {name} as Jupyter would\n"


def _unified(name: str, old: str, new: str) -> str:
    lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    return "".join(difflib.unified_diff(*lines, f"a/{name}", f"b/{name}"))


def _drawn(name: str, old: str | None, new: str) -> str:
    verb = "draws" if old is None else "draws anew"
    return f"{verb} {name} ({len(new.encode()):,} bytes)\n"


def record_page(subject: Subject) -> tuple[list[Change], list[Problem]]:
    """What recording a page would change; the problems that keep it from being so.

    Args:
        subject: The page.
    """
    page = subject.page
    problems = list(page.problems)
    for block, result in zip(page.blocks, subject.recording.blocks, strict=True):
        problems += check_run(page, block, result)
    if problems:
        return [], problems
    edits = [
        *_output_edits(subject),
        *_number_edits(subject, problems),
    ]
    new = page.text
    for start, end, text in sorted(edits, reverse=True):
        new = new[:start] + text + new[end:]
    figures = dict(_new_figures(subject, problems))
    if page.holds_figures:
        old, figures = _read(subject.file), {**page.figures, **figures}
        new = to_notebook(new, figures)
    else:
        old = page.text
    changes = [] if new == old else [Change(subject.file, old, new)]
    if not page.holds_figures:
        for target, svg in figures.items():
            file = subject.file.parent / target
            changes.append(Change(file, _read(file), svg))
    return changes, problems


def _output_edits(subject: Subject) -> Iterator[tuple[int, int, str]]:
    page = subject.page
    for block, result in zip(page.blocks, subject.recording.blocks, strict=True):
        printed, output = printed_output(block, result), block.output
        if output is None:
            if printed:
                yield block.end, block.end, _new_output(printed, block)
        elif not printed or _fence(printed) != "```":
            # All from the block's end to the end of the fence that held the output.
            if not same_text(output.text, printed):
                fence_end = page.text.find("\n", output.end)
                end = len(page.text) if fence_end < 0 else fence_end + 1
                yield block.end, end, _new_output(printed, block) if printed else ""
        elif not same_text(output.text, printed):
            yield output.start, output.end, _indented(printed, block)


def _new_output(printed: str, block: Block) -> str:
    fence = _fence(printed)
    lines = ["", f"<!--{EXPECTED_OUTPUT}-->", "", f"{fence}text"]
    head = "".join(f"{block.indent if line else ''}{line}\n" for line in lines)
    return f"{head}{_indented(printed, block)}{block.indent}{fence}\n"


def _fence(printed: str) -> str:
    """A fence that no line of an output closes."""
    runs = re.findall(r"^ *(`{3,})", printed, re.MULTILINE)
    return "`" * max([3, *(len(run) + 1 for run in runs)])


def _indented(text: str, block: Block) -> str:
    # Not splitlines: a form feed ends no line of a page.
    lines = re.findall(r"[^\n]*\n|[^\n]+$", text)
    return "".join(block.indent + line if line.strip() else line for line in lines)


def _number_edits(
    subject: Subject, problems: list[Problem]
) -> Iterator[tuple[int, int, str]]:
    page = subject.page
    for region in page.regions:
        for number in region.numbers:
            if number.binding is None:
                continue
            value = subject.recording.values[
                page.state_of(region.section), number.binding
            ]
            exact = to_decimal(value.digits) if value.digits is not None else None
            if exact is None:
                found = value.error or f"it is {value.digits}"
                expected = f"a number from <!--= {number.binding}-->"
            elif shows(number.number, exact):
                continue
            else:
                try:
                    text = rewrite(number.number, exact)
                    yield number.start, number.start + len(number.number.text), text
                    continue
                except ValueError as error:
                    expected, found = f"{number.number.text} to be {exact}", str(error)
            problems.append(
                Problem("numbers", page.path, number.line, expected, found, "edit it")
            )


def _new_figures(
    subject: Subject, problems: list[Problem]
) -> Iterator[tuple[str, str]]:
    """The figures to be recorded: the targets of their images, and what they show."""
    page = subject.page
    for block, result in zip(page.blocks, subject.recording.blocks, strict=True):
        if block.image is None or len(result.figures) != 1:
            continue  # the figures' rule says what is wrong
        drawn = result.figures[0][subject.language]
        if drawn.error is not None:
            expected, fix = "a figure that can be drawn", "mend it"
            line = block.image.line
            problems.append(
                Problem("figures", page.path, line, expected, drawn.error, fix)
            )
            continue
        target = block.image.target
        old = recorded_figure(page, target, subject.file.parent)
        if old is None or _differs(old, drawn.svg):
            yield target, drawn.svg


def _differs(old: str, new: str) -> bool:
    from pagecheck import svg

    try:
        return bool(svg.differences(old, new))
    except svg.FigureError:
        return True


def _read(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def write_changes(changes: Iterable[Change]) -> None:
    """Write files anew, each of them either wholly or not at all.

    Every new text is first written whole beside its file, then renamed over it: a full
    disk or an interrupt leaves the old file as it was.

    Raises:
        OSError: When a file cannot be written; those not yet renamed are as before.
    """
    changes = list(changes)
    with contextlib.ExitStack() as stack:
        written = [(stack.enter_context(_beside(change)), change) for change in changes]
        for temporary, change in written:
            os.replace(temporary, change.file)  # noqa: PTH105 (atomic, on every platform)


@contextlib.contextmanager
def _beside(change: Change) -> Iterator[Path]:
    """Write a file's new text beside it; whatever is left of that goes in the end."""
    folder = change.file.parent
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{change.file.name}.", dir=folder)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(change.new)
            file.flush()
            os.fsync(file.fileno())
        mode = change.file.stat().st_mode if change.file.exists() else 0o644
        temporary.chmod(mode & 0o777)
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)
