"""Every place where a project can be changed, and a seeded choice among them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pagecheck.config import Config
from pagecheck.files import read_page
from pagecheck.page import Page, parse_page

from . import kinds
from .kinds import Change


@dataclass(frozen=True)
class Edit:
    """One place of one file, and what it is changed to.

    Attributes:
        file: The file, relative to the project.
        start: Where in it; of a notebook, in the page that it is read as.
        old: What stands there.
        new: What replaces it.
        figure: The image of the notebook's figure in whose SVG the place is.
    """

    file: Path
    start: int
    old: str
    new: str
    figure: str = ""


@dataclass(frozen=True)
class Mutant:
    """A change, by its kind; the same change in several languages is one mutant."""

    kind: str
    line: int
    edits: tuple[Edit, ...]

    def __str__(self) -> str:
        first = self.edits[0]
        figure = f" {first.figure}" if first.figure else ""
        place = f"{first.file}{figure}:{self.line}"
        return f"{place}: {self.kind}: {first.old!r} -> {first.new!r}"


def places(config: Config, seed: int) -> dict[str, list[Mutant]]:
    """Every mutant of a project, by kind; the digits chosen by a seed."""
    random_ = random.Random(seed)
    found: dict[str, list[Mutant]] = {}
    for mutant in _all(config, random_):
        found.setdefault(mutant.kind, []).append(mutant)
    for kind in kinds.TWIN_KINDS:
        in_twins = [_in_twins(each, config) for each in found.get(kind, [])]
        found[f"{kind}, in twins"] = [each for each in in_twins if each is not None]
    return found


def _all(config: Config, random_: random.Random) -> Iterator[Mutant]:
    for file in config.page_files():
        path = file.relative_to(config.root)
        page = _page(file, path)
        for kind, changes in (kinds.PAGE_KINDS | kinds.HARMLESS_KINDS).items():
            for change in changes(page, random_):
                yield _mutant(kind, path, page.text, change)
    for path, figure, svg in _figures(config):
        for kind, svg_changes in kinds.FIGURE_KINDS.items():
            for change in svg_changes(svg, random_):
                yield _mutant(kind, path, svg, change, figure)
    for file in sorted((config.root / "src").rglob("*.py")):
        if module_test(config.root, file) is not None:
            code = file.read_text(encoding="utf-8")
            for change in kinds.definitions(code, random_):
                path = file.relative_to(config.root)
                yield _mutant(kinds.DEFINITION_KIND, path, code, change)


def module_test(root: Path, source: Path) -> Path | None:
    """The tests of a module of the package that the pages teach."""
    test = root / "tests" / source.parent.name / f"test_{source.name}"
    beside = (root / "docs").is_dir() and source.parent.name != "pagecheck"
    return test if beside and test.is_file() else None


def _figures(config: Config) -> Iterator[tuple[Path, str, str]]:
    """Every recorded figure: its file, its image where that is a notebook, its SVG."""
    for folder in config.pages.values():
        for file in sorted(folder.rglob("*.svg")):
            yield file.relative_to(config.root), "", file.read_text(encoding="utf-8")
    for file in config.page_files():
        path = file.relative_to(config.root)
        for target, svg in read_page(file, path).figures.items():
            yield path, target, svg


def _mutant(
    kind: str, path: Path, text: str, change: Change, figure: str = ""
) -> Mutant:
    start, old, new = change
    line = text.count("\n", 0, start) + 1
    return Mutant(kind, line, (Edit(path, start, old, new, figure),))


@cache
def _page(file: Path, path: Path) -> Page:
    return parse_page(read_page(file, path).text, path)  # places are in its own text


# -- the same change in every language -------------------------------------------------


def _in_twins(mutant: Mutant, config: Config) -> Mutant | None:
    """The same change in every twin, at the place that corresponds; None if unclear.

    Of two pages each change is made once, from the page of the first language.
    """
    (edit,) = mutant.edits
    file = config.root / edit.file
    page = _page(file, edit.file)
    if config.language_of(file) != next(iter(config.pages)):
        return None
    edits = [edit]
    for twin_file in config.twins_of(file).values():
        if not twin_file.is_file():
            return None
        twin = _page(twin_file, twin_file.relative_to(config.root))
        start = _corresponding(page, twin, edit)
        if start is None:
            return None
        edits.append(Edit(twin.path, start, edit.old, edit.new))
    return Mutant(f"{mutant.kind}, in twins", mutant.line, tuple(edits))


def _corresponding(page: Page, twin: Page, edit: Edit) -> int | None:
    """Where in a twin the same text stands in the same role."""
    start = _in_prose(page, twin, edit)
    if start is None:
        start = _in_blocks(page, twin, edit)
    if start is None or twin.text[start : start + len(edit.old)] != edit.old:
        return None
    return start


def _in_prose(page: Page, twin: Page, edit: Edit) -> int | None:
    for ours, theirs in zip(page.regions, twin.regions, strict=False):
        if not ours.start <= edit.start < ours.end:
            continue
        for number in ours.numbers:
            length = len(number.text)
            if not number.start <= edit.start < number.start + length:
                continue
            for other in theirs.numbers:
                same = other.text == number.text
                if same and other.binding == number.binding:
                    return other.start + edit.start - number.start
    return None


def _in_blocks(page: Page, twin: Page, edit: Edit) -> int | None:
    """The place in a block, an output or a formula; comments may differ."""
    blocks = list(zip(page.blocks, twin.blocks, strict=False))
    formulas = zip(page.formulas, twin.formulas, strict=False)
    for one, other in blocks:
        lines = one.code.count("\n")
        first, line = one.line, page.text.count("\n", 0, edit.start) + 1
        if first <= line < first + lines and lines == other.code.count("\n"):
            return _in_line(page, twin, edit, other.line + line - first)
    pairs = [
        *((one.latex, other.latex) for one, other in formulas),
        *((b.output.text, c.output.text) for b, c in blocks if b.output and c.output),
    ]
    for ours, theirs in pairs:
        start = page.text.find(ours)
        if not start <= edit.start < start + len(ours) or ours != theirs:
            continue
        once = page.text.count(ours) == 1 == twin.text.count(theirs)
        return twin.text.find(theirs) + edit.start - start if once else None
    return None


def _in_line(page: Page, twin: Page, edit: Edit, line: int) -> int | None:
    """The same column of a twin's line, where both lines begin alike."""
    ours = page.text[page.text.rfind("\n", 0, edit.start) + 1 : edit.start] + edit.old
    start = kinds.offset(twin.text, line)
    same = twin.text.startswith(ours, start)
    return start + len(ours) - len(edit.old) if same else None


def choose(
    found: Mapping[str, Sequence[Mutant]], number: int, seed: int
) -> list[Mutant]:
    """So many mutants, as many of each kind as can be."""
    random_ = random.Random(seed)
    pools = {
        kind: random_.sample(list(each), len(each)) for kind, each in found.items()
    }
    chosen: list[Mutant] = []
    while len(chosen) < number and any(pools.values()):
        for pool in pools.values():
            if pool and len(chosen) < number:
                chosen.append(pool.pop())
    return chosen
