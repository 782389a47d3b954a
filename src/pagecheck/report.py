"""What is verified: how many blocks, outputs, numbers, formulas and figures.

Everything that is counted here is checked by a rule; the suite fails where one check
does. What a rule takes on trust (a waiver, declared notation, a bash block that is not
run) is counted by itself.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pagecheck.config import Config
from pagecheck.page import Page, read_page
from pagecheck.rules.numbers import vouched


@dataclass(frozen=True)
class Counts:
    """What is verified on a page, or on several.

    Attributes:
        blocks: The blocks that are run.
        outputs: The outputs that are compared, expected exceptions among them.
        numbers: The numbers in prose that are compared.
        bound: How many of those are bound to an expression in place.
        formulas: The displayed formulas that are evaluated.
        figures: The figures that are drawn and compared.
        notation: The displayed formulas declared as notation: nothing to compute.
        waived: The numbers declared as no quantity.
        not_run: The bash blocks that are not run.
    """

    blocks: int = 0
    outputs: int = 0
    numbers: int = 0
    bound: int = 0
    formulas: int = 0
    figures: int = 0
    notation: int = 0
    waived: int = 0
    not_run: int = 0

    def __add__(self, other: Counts) -> Counts:
        mine, theirs = asdict(self), asdict(other)
        return Counts(**{name: mine[name] + theirs[name] for name in mine})


def count_page(file: Path, config: Config) -> Counts:
    """Count what is verified on a page; it is read, not run."""
    return count(read_page(file, config.relative(file)))


def count(page: Page) -> Counts:
    """Count what is verified on a page."""
    kinds = Counter(_kinds(page))
    return Counts(
        blocks=sum(block.unchecked is None for block in page.blocks),
        outputs=sum(block.output is not None for block in page.blocks),
        numbers=kinds["bound"] + kinds["looked up"],
        bound=kinds["bound"],
        formulas=sum(formula.expression is not None for formula in page.formulas),
        figures=sum(block.image is not None for block in page.blocks),
        notation=sum(f.unchecked is not None and not f.inline for f in page.formulas),
        waived=kinds["waived"],
        not_run=sum(block.unchecked is not None for block in page.blocks),
    )


def _kinds(page: Page) -> Iterator[str]:
    for region in page.regions:
        for _, kind in vouched(page, region):
            yield kind


def count_pages(config: Config, language: str) -> dict[str, Counts]:
    """Count what is verified on each page of a language, by its place in its folder."""
    folder = config.pages[language]
    return {
        file.relative_to(folder).as_posix(): count_page(file, config)
        for file in config.pages_in(language)
    }


def versions() -> dict[str, str]:
    """The versions of what pages run on."""
    found = {}
    for name in ("torch", "numpy", "matplotlib"):
        try:
            found[name] = version(name).split("+")[0]
        except PackageNotFoundError:
            continue
    return found


def to_table(counts: Mapping[Path, Counts]) -> str:
    """The counts as a table for a terminal, with their sum."""
    names = [field.name for field in fields(Counts)]
    rows = [(str(path), each) for path, each in counts.items()]
    rows.append(("total", sum(counts.values(), Counts())))
    width = max(len(name) for name, _ in rows)
    head = " ".join(f"{name.replace('_', ' '):>9}" for name in names)
    lines = [
        f"{name:<{width}} " + " ".join(f"{value:>9}" for value in asdict(each).values())
        for name, each in rows
    ]
    return "\n".join([f"{'':<{width}} {head}", *lines, _versions_line()])


def _versions_line() -> str:
    return ", ".join(f"{name} {number}" for name, number in versions().items())


def to_json(counts: Mapping[Path, Counts]) -> str:
    """The counts for a machine."""
    content = {
        "pages": {path.as_posix(): asdict(each) for path, each in counts.items()},
        "total": asdict(sum(counts.values(), Counts())),
        "versions": versions(),
    }
    return json.dumps(content, indent=2)
