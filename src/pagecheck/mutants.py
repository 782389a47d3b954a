"""Mutants: change one thing that a reader sees, and see whether the suite notices.

Each mutant changes one place of one file of a copy of the project: a digit in prose, a
sign in a formula, a curve of a figure. It is caught when a check of its page, of its
twin, or of whatever else can see it finds a problem. A survivor is a missing check, or
a change that no reader could call wrong: then the kind's definition leaves it out.

The kinds whose name ends in ``twins`` make the same change in every language, so that
the comparison of the twins cannot help.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import tokenize
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from io import StringIO
from itertools import pairwise
from pathlib import Path
from queue import SimpleQueue

from pagecheck.checks import Subject
from pagecheck.config import Config, ConfigError, load_config
from pagecheck.notebook import page_of, to_notebook
from pagecheck.numerals import find_numbers
from pagecheck.page import SUFFIXES, Page, parse_page, read_page
from pagecheck.report import versions
from pagecheck.rules.numbers import vouched

# The rules that run a page: they are asked last.
RUNNING = ("run", "outputs", "figures", "formulas", "numbers", "standalone")
# What a copy of a project does without.
_LEFT_BEHIND = shutil.ignore_patterns(
    *(".git", ".venv", ".cache", ".*_cache", ".hypothesis"),
    *("site", "__pycache__", "*.egg-info"),
)


@dataclass(frozen=True)
class Edit:
    """One place of one file, and what it is changed to."""

    file: Path  # relative to the project
    start: int
    old: str
    new: str


@dataclass(frozen=True)
class Mutant:
    """A change, by its kind; the same change in several languages is one mutant."""

    kind: str
    line: int
    edits: tuple[Edit, ...]

    def __str__(self) -> str:
        first = self.edits[0]
        return f"{first.file}:{self.line}: {self.kind}: {first.old!r} -> {first.new!r}"


@dataclass(frozen=True)
class Outcome:
    """A mutant, and the problem that caught it; none where it survived."""

    mutant: Mutant
    caught_by: str | None


# -- kinds of change -------------------------------------------------------------------

Change = tuple[int, str, str]  # where in the text, what stands there, what replaces it


def _other_digit(text: str, random_: random.Random) -> Change | None:
    digits = [match.start() for match in re.finditer(r"[0-9]", text)]
    if not digits:
        return None
    place = random_.choice(digits)
    other = random_.choice([d for d in "123456789" if d != text[place]])
    return place, text[place], other


def prose_digits(page: Page, random_: random.Random) -> Iterator[Change]:
    """A digit of a number in prose, a table, a heading, an alt text."""
    for unit in page.units:
        for number, _ in vouched(page, unit):
            change = _other_digit(number.number.text, random_)
            if change is not None:
                yield number.start + change[0], change[1], change[2]


def swapped_numbers(page: Page, random_: random.Random) -> Iterator[Change]:
    """Two different numbers of one paragraph, swapped."""
    for unit in page.units:
        numbers = [number for number, kind in vouched(page, unit) if kind != "name"]
        for one, other in pairwise(numbers):
            if one.number.value == other.number.value or one.line != other.line:
                continue
            middle = page.text[one.start + len(one.number.text) : other.start]
            old = one.number.text + middle + other.number.text
            yield one.start, old, other.number.text + middle + one.number.text


_MATH_CHANGES = {
    "+": "-",
    "-": "+",
    r"\le": "<",
    r"\ge": ">",
    ">": "<",
    "<": ">",
    r"\min": r"\max",
    r"\sigma": r"\tanh",
    r"\tanh": r"\sigma",
    r"\log": r"\exp",
}
_MATH_PLACE = re.compile(r"\\(?:le|ge|min|max|sigma|tanh|log)\b|[-+<>]|(?<![_\w])\d+")


def formula_tokens(page: Page, random_: random.Random) -> Iterator[Change]:
    """A sign, a relation, a number or a function of a displayed formula."""
    for formula in page.formulas:
        if formula.expression is None:
            continue
        start = page.text.find(formula.latex, _offset(page.text, formula.line))
        for match in _MATH_PLACE.finditer(formula.latex if start >= 0 else ""):
            if match[0].isdigit():
                new = str(int(match[0]) + random_.choice((1, 2)))
            elif (new := _MATH_CHANGES.get(match[0], "")) == "":
                continue
            yield start + match.start(), match[0], new


_CODE_CHANGES = {
    "+": "-",
    "-": "+",
    "*": "+",
    "/": "*",
    "<": ">",
    ">": "<",
    "==": "!=",
    "**": "*",
    "@": "*",
    "True": "False",
    "False": "True",
}


def code_tokens(page: Page, random_: random.Random) -> Iterator[Change]:
    """An operator or a number of a block's code."""
    for block in page.blocks:
        if block.language != "python" or block.indent:
            continue
        start = _offset(page.text, block.line)
        for place, old, new in _tokens(block.code, random_):
            yield start + place, old, new


def _tokens(code: str, random_: random.Random) -> Iterator[Change]:
    lines = [0]
    for line in code.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    previous = ""
    for token in tokenize.generate_tokens(StringIO(code).readline):
        place = lines[token.start[0] - 1] + token.start[1]
        if token.string in _CODE_CHANGES and previous != "(":
            yield place, token.string, _CODE_CHANGES[token.string]
        elif token.type == tokenize.NUMBER:
            change = _other_digit(token.string, random_)
            if change is not None:
                digits = token.string
                changed = digits[: change[0]] + change[2] + digits[change[0] + 1 :]
                yield place, digits, changed
        previous = token.string


def output_digits(page: Page, random_: random.Random) -> Iterator[Change]:
    """A digit of an output."""
    for block in page.blocks:
        if block.output is None:
            continue
        for number in find_numbers(block.output.text):
            start = page.text.find(block.output.text, block.output.start)
            change = _other_digit(number.text, random_)
            if start >= 0 and change is not None:
                yield start + number.start + change[0], change[1], change[2]


def heading_ids(page: Page, random_: random.Random) -> Iterator[Change]:
    """A letter of a heading's id."""
    for match in re.finditer(r"^#+ .*\{ #([\w-]+) \}$", page.text, re.MULTILINE):
        place = match.start(1) + random_.randrange(len(match[1]))
        old = page.text[place]
        yield place, old, "x" if old != "x" else "y"


def link_targets(page: Page, random_: random.Random) -> Iterator[Change]:
    """A letter of a link's target."""
    for match in re.finditer(r"\]\(([\w./#-]+\.md(?:#[\w-]+)?|#[\w-]+)\)", page.text):
        letters = [i for i, c in enumerate(match[1]) if c.isalpha()]
        place = match.start(1) + random_.choice(letters)
        old = page.text[place]
        yield place, old, "q" if old != "q" else "z"


def dropped_prose(page: Page, _: random.Random) -> Iterator[Change]:
    """A paragraph, a list item or a table row, left out."""
    for unit in page.units:
        if unit.kind in ("paragraph", "item", "row"):
            yield unit.start, page.text[unit.start : unit.end], ""


def dropped_alternatives(page: Page, _: random.Random) -> Iterator[Change]:
    """An image's alternative text, left out."""
    for match in re.finditer(r"!\[([^\[\]]+)\]\(", page.text):
        yield match.start(1), match[1], ""


PAGE_KINDS: dict[str, Callable[[Page, random.Random], Iterator[Change]]] = {
    "a digit in prose": prose_digits,
    "two numbers swapped": swapped_numbers,
    "a token of a formula": formula_tokens,
    "a token of code": code_tokens,
    "a digit in an output": output_digits,
    "a heading's id": heading_ids,
    "a link's target": link_targets,
    "prose left out": dropped_prose,
    "an alt text left out": dropped_alternatives,
}
# The kinds whose change is also made alike in every language.
TWIN_KINDS = (
    "a digit in prose",
    "two numbers swapped",
    "a token of a formula",
    "a token of code",
    "a digit in an output",
)


def figure_texts(svg: str, random_: random.Random) -> Iterator[Change]:
    """A letter or a digit of a figure's text: a tick label, a legend, a title."""
    for match in re.finditer(r"<text[^>]*>([^<]+)</text>", svg):
        places = [i for i, c in enumerate(match[1]) if c.isalnum()]
        if places:
            place = match.start(1) + random_.choice(places)
            old = svg[place]
            yield place, old, "7" if old != "7" else "4"


def figure_curves(svg: str, _: random.Random) -> Iterator[Change]:
    """A curve, a tick or a shape, moved by three units."""
    defs = svg.find("</defs>")
    for match in re.finditer(r'<path d="M([\d.]+) ([\d.]+)([^"]*)"', svg):
        if match.start() < defs or re.search(r"[HVZAhvza]", match[3]):
            continue
        points = re.sub(
            r"([\d.]+) ([\d.]+)",
            lambda point: f"{point[1]} {float(point[2]) + 3:.2f}",
            f"{match[1]} {match[2]}{match[3]}",
        )
        yield match.start(1), f"{match[1]} {match[2]}{match[3]}", points


def figure_colours(svg: str, _: random.Random) -> Iterator[Change]:
    """The colour of a curve or a shape, exchanged for another of the palette."""
    for match in re.finditer(r'(?:stroke|fill)="var\(--(c\d)\)"', svg):
        yield match.start(1), match[1], "c1" if match[1] != "c1" else "c0"


FIGURE_KINDS = {
    "a figure's text": figure_texts,
    "a figure's curve": figure_curves,
    "a figure's colour": figure_colours,
}


def _offset(text: str, line: int) -> int:
    """Where a line starts, counted from 1."""
    place = 0
    for _ in range(line - 1):
        place = text.index("\n", place) + 1
    return place


@cache
def _page(file: Path, path: Path) -> Page:
    return parse_page(read_page(file, path).text, path)  # places are in its own text


# -- candidates ------------------------------------------------------------------------


def candidates(config: Config, seed: int) -> dict[str, list[Mutant]]:
    """Every mutant of a project, by kind; the digits chosen by a seed."""
    random_ = random.Random(seed)
    found: dict[str, list[Mutant]] = {}
    for file in config.page_files():
        path = file.relative_to(config.root)
        page = _page(file, path)
        for kind, changes in PAGE_KINDS.items():
            for change in changes(page, random_):
                mutant = _mutant(kind, path, page.text, change)
                found.setdefault(kind, []).append(mutant)
    for file in _figures(config):
        path = file.relative_to(config.root)
        svg = file.read_text(encoding="utf-8")
        for kind, svg_changes in FIGURE_KINDS.items():
            for change in svg_changes(svg, random_):
                found.setdefault(kind, []).append(_mutant(kind, path, svg, change))
    for file in sorted((config.root / "src").rglob("*.py")):
        if _test_of(config.root, file) is not None:
            code = file.read_text(encoding="utf-8")
            path = file.relative_to(config.root)
            for change in _tokens_outside_docstrings(code, random_):
                mutant = _mutant("a definition in src", path, code, change)
                found.setdefault("a definition in src", []).append(mutant)
    for kind in TWIN_KINDS:
        in_twins = [_in_twins(each, config) for each in found.get(kind, [])]
        found[f"{kind}, in twins"] = [each for each in in_twins if each is not None]
    return found


def _mutant(kind: str, path: Path, text: str, change: Change) -> Mutant:
    start, old, new = change
    line = text.count("\n", 0, start) + 1
    return Mutant(kind, line, (Edit(path, start, old, new),))


def _figures(config: Config) -> list[Path]:
    return sorted(f for each in config.pages.values() for f in each.rglob("*.svg"))


def _tokens_outside_docstrings(code: str, random_: random.Random) -> Iterator[Change]:
    for place, old, new in _tokens(code, random_):
        line = code[code.rfind("\n", 0, place) + 1 : place]
        # A type hint says ``|`` and numbers nowhere; a default is seen by its tests.
        if not line.lstrip().startswith(("#", "import", "from")):
            yield place, old, new


def _in_twins(mutant: Mutant, config: Config) -> Mutant | None:
    """The same change in every twin, at the place that corresponds; None if unclear."""
    (edit,) = mutant.edits
    file = config.root / edit.file
    page = _page(file, edit.file)
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
    for ours, theirs in zip(page.units, twin.units, strict=False):
        if not ours.start <= edit.start < ours.end:
            continue
        for number in ours.numbers:
            length = len(number.number.text)
            if number.start <= edit.start < number.start + length:
                inside = edit.start - number.start
                for other in theirs.numbers:
                    same = other.number.text == number.number.text
                    if same and other.binding == number.binding:
                        start = other.start + inside
                        end = start + len(edit.old)
                        return start if twin.text[start:end] == edit.old else None
        return None
    pairs = [
        *((b.code, c.code) for b, c in zip(page.blocks, twin.blocks, strict=False)),
        *(
            (f.latex, g.latex)
            for f, g in zip(page.formulas, twin.formulas, strict=False)
        ),
        *(
            (b.output.text, c.output.text)
            for b, c in zip(page.blocks, twin.blocks, strict=False)
            if b.output and c.output
        ),
    ]
    start = end = 0
    for ours_text, theirs_text in pairs:
        start = page.text.find(ours_text)
        if start <= edit.start < start + len(ours_text) and ours_text == theirs_text:
            if page.text.count(ours_text) != 1 or twin.text.count(theirs_text) != 1:
                return None
            end = twin.text.find(theirs_text)
            return end + edit.start - start
    return None


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


# -- trials ----------------------------------------------------------------------------


def run_mutants(
    config: Config, mutants: Sequence[Mutant], workers: int = 2
) -> Iterator[Outcome]:
    """Apply each mutant to a copy of the project, and see what catches it.

    Raises:
        ConfigError: When the copy has a problem before anything is changed.
    """
    with tempfile.TemporaryDirectory() as folder:
        roots: SimpleQueue[Path] = SimpleQueue()
        for index in range(workers):
            roots.put(_copy(config, Path(folder) / str(index)))

        def trial(mutant: Mutant) -> Outcome:
            root = roots.get()
            try:
                return Outcome(mutant, _try(root, mutant))
            finally:
                roots.put(root)

        _refuse_problems(config, mutants, Path(folder) / "0")
        with ThreadPoolExecutor(max_workers=workers) as pool:
            yield from pool.map(trial, mutants)


def _copy(config: Config, root: Path) -> Path:
    shutil.copytree(config.root, root, ignore=_LEFT_BEHIND)
    return root


def _refuse_problems(config: Config, mutants: Sequence[Mutant], root: Path) -> None:
    """Refuse a project with a problem: every mutant of it would pass for caught."""
    pages = {page for mutant in mutants for page in _pages_of(root, mutant)}
    for page in sorted(pages):
        problem = _first_problem(root, [page])
        if problem is not None:
            raise ConfigError(f"mend the pages first: {problem}")


def _try(root: Path, mutant: Mutant) -> str | None:
    """What catches a mutant, if anything does; the copy is then as before."""
    before = {edit.file: (root / edit.file).read_bytes() for edit in mutant.edits}
    try:
        for edit in mutant.edits:
            changed = _changed(edit, before[edit.file].decode(), mutant)
            (root / edit.file).write_bytes(changed.encode())
        problem = _first_problem(root, _pages_of(root, mutant))
        return problem or _failing_test(root, mutant)
    finally:
        for file, content in before.items():
            (root / file).write_bytes(content)


def _changed(edit: Edit, content: str, mutant: Mutant) -> str:
    """What a file holds after an edit, which a notebook has as the page that it is."""
    notebook = page_of(content, edit.file) if edit.file.suffix == ".ipynb" else None
    text = notebook.text if notebook else content
    end = edit.start + len(edit.old)
    if text[edit.start : end] != edit.old:
        raise ConfigError(f"the place of a mutant is not there: {mutant}")
    changed = text[: edit.start] + edit.new + text[end:]
    return to_notebook(changed, notebook.figures) if notebook else changed


def _first_problem(root: Path, pages: Sequence[Path]) -> str | None:
    load_config.cache_clear()
    config = load_config(root)
    checks = [check for page in pages for check in Subject(page, config).checks()]
    for check in sorted(checks, key=lambda each: each.rule in RUNNING):
        for problem in check.problems():
            return f"{problem.path}:{problem.line}: {problem.rule}"
    return None


def _pages_of(root: Path, mutant: Mutant) -> list[Path]:
    """The pages that can see a mutant: changed ones, and those that show a figure."""
    pages: list[Path] = []
    for edit in mutant.edits:
        file = root / edit.file
        if file.suffix in SUFFIXES:
            pages.append(file)
        elif file.suffix == ".svg":
            pages += [
                page
                for page in sorted(file.parent.parent.glob("*.md"))
                if f"(figures/{file.name})" in page.read_text(encoding="utf-8")
            ]
    return pages


def _test_of(root: Path, source: Path) -> Path | None:
    """The tests of a module of the package that the pages teach."""
    test = root / "tests" / source.parent.name / f"test_{source.name}"
    beside = (root / "docs").is_dir() and source.parent.name != "pagecheck"
    return test if beside and test.is_file() else None


def _failing_test(root: Path, mutant: Mutant) -> str | None:
    source = root / mutant.edits[0].file
    test = _test_of(root, source) if source.suffix == ".py" else None
    if test is None:
        return None
    command = [
        sys.executable,
        "-B",
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    done = subprocess.run(
        [*command, "-o", f"pythonpath={root / 'src'}", str(test)],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    return failed[1] if failed and done.returncode else None


# -- the record ------------------------------------------------------------------------


def summary(outcomes: Sequence[Outcome], seed: int) -> dict[str, object]:
    """The outcome of a run, to be kept: by kind, and every survivor with its place."""
    applied = Counter(each.mutant.kind for each in outcomes)
    caught = Counter(each.mutant.kind for each in outcomes if each.caught_by)
    return {
        "seed": seed,
        "applied": len(outcomes),
        "caught": sum(caught.values()),
        "kinds": {
            kind: {"applied": applied[kind], "caught": caught[kind]}
            for kind in sorted(applied)
        },
        "survivors": [str(each.mutant) for each in outcomes if not each.caught_by],
        "versions": versions(),
    }


def to_json(content: Mapping[str, object]) -> str:
    """A record as it is kept in the repository."""
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def describe(outcome: Outcome) -> str:
    """One line about a mutant."""
    return f"{outcome.mutant}: {outcome.caught_by or 'SURVIVES'}"
