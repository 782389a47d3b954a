"""What every page gives, and what is found wrong with broken copies: to be compared.

``python -m tests.yardstick FILE`` writes it all to a file before a change of pagecheck;
``python -m tests.yardstick NEW --since FILE`` afterwards breaks the pages in the same
places and prints the differences. Each is a fault of the change, or meant.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from pagecheck.checked import CheckedPage
from pagecheck.config import load_config
from pagecheck.rules import checks_of

from .mutants.places import Edit, Mutant, choose, places
from .mutants.trial import LEFT_BEHIND, ROOT, changed, pages_that_see

SEED = 0


def main() -> int:
    """Measure, and compare with what was measured before."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.yardstick", description=__doc__
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--since", type=Path, metavar="FILE")
    parser.add_argument("--broken", type=int, default=300, metavar="N")
    options = parser.parse_args()
    before = json.loads(options.since.read_text("utf-8")) if options.since else None
    if before:
        mutants = [_mutant(each) for each in before["mutants"]]
    else:
        found = places(load_config(ROOT), SEED)
        of_pages = {k: [m for m in v if _of_page(m)] for k, v in found.items()}
        chosen = choose(of_pages, options.broken, SEED)
        mutants = sorted(chosen, key=lambda m: m.edits[0].file.stem)
    now = measured(mutants)
    options.file.write_text(json.dumps(now, indent=1, ensure_ascii=False), "utf-8")
    told = list(differences(before, now, "")) if before else []
    print("\n".join(told) or f"{len(now['pages'])} pages, {len(mutants)} broken copies")
    return 1 if told else 0


def measured(mutants: Sequence[Mutant]) -> dict[str, Any]:
    """What each page gives, and the problems of each broken copy."""
    context = multiprocessing.get_context("spawn")
    files = [str(file.relative_to(ROOT)) for file in load_config(ROOT).page_files()]
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(os.cpu_count(), context) as pool,
    ):
        pages = dict(zip(files, pool.map(given, files), strict=True))
        broken = list(pool.map(partial(problems_in_a_copy, folder), mutants))
    return {"pages": pages, "mutants": [_json(m) for m in mutants], "broken": broken}


def given(file: str) -> dict[str, Any]:
    """What a page gives."""
    checked = CheckedPage(ROOT / file, load_config(ROOT), keep=False)
    run = checked.run
    return {
        "blocks": [
            [b.output, b.error, b.message, [_figure(figure) for figure in b.figures]]
            for b in run.blocks
        ],
        "values": sorted(
            [*map(str, k), v.digits, v.error] for k, v in run.values.items()
        ),
        "problems": _problems(checked),
    }


def _figure(figure: Mapping[str, Any]) -> dict[str, str]:
    return {
        language: hashlib.sha256(str(drawn.svg).encode()).hexdigest()
        for language, drawn in figure.items()
    }


def _problems(checked: CheckedPage) -> list[str]:
    return sorted(str(p) for check in checks_of(checked) for p in check.problems())


def problems_in_a_copy(folder: str, mutant: Mutant) -> list[str]:
    """What is found wrong in this process's copy of the project, once it is broken."""
    copy = Path(folder) / str(os.getpid())
    if not copy.is_dir():
        shutil.copytree(ROOT, copy, ignore=LEFT_BEHIND)
    config = load_config(copy)
    with changed(copy, mutant):
        pages = [CheckedPage(page, config) for page in pages_that_see(config, mutant)]
        return sorted(problem for page in pages for problem in _problems(page))


def differences(before: object, now: object, where: str) -> Iterator[str]:
    """Where two measurements differ, a line each."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in {**before, **now}:
            place = f"{where}/{key}"
            yield from differences(before.get(key), now.get(key), place)
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for index, (old, new) in enumerate(zip(before, now, strict=True)):
            yield from differences(old, new, f"{where}/{index}")
    elif before != now:
        yield f"{where}: {before!r:.300}\n    now {now!r:.300}"


def _of_page(mutant: Mutant) -> bool:
    return mutant.edits[0].file.suffix != ".py"


def _json(mutant: Mutant) -> list[Any]:
    edits = [[str(e.file), e.start, e.old, e.new, e.figure] for e in mutant.edits]
    return [mutant.kind, mutant.line, edits]


def _mutant(content: Iterable[Any]) -> Mutant:
    kind, line, edits = content
    return Mutant(kind, line, tuple(Edit(Path(file), *rest) for file, *rest in edits))


if __name__ == "__main__":
    raise SystemExit(main())
