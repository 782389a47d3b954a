"""What running a page gave, run once: for all rules, for all twins of the same code.

Within a process a run is kept in memory. Between processes it is kept in a folder,
under a name that stands for all that it depends on: the code and what is evaluated, the
project's ``src`` and this package, every installed version, the Python, the machine.
Whatever changes makes another name, so that a kept run is never a stale pass. A kept
run is used once a second one has given the same: what a page forgot to seed is found by
that. Nothing is kept in CI.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import platform
import sys
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import asdict
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from pagecheck import waiting
from pagecheck.config import Config
from pagecheck.page import Block, Page
from pagecheck.rules.twins import same_code
from pagecheck.session import (
    BlockResult,
    Drawn,
    FigureTexts,
    Recording,
    Value,
    formula_keys,
    run_page,
    value_keys,
)
from pagecheck.syntax import parse_code

# The modules through which a page can see files, the clock, the machine, other pages.
_OUTSIDE = frozenset(
    [
        *("pagecheck", "pathlib", "os", "io", "subprocess", "glob", "shutil", "socket"),
        *("urllib", "time", "datetime", "platform", "tempfile", "importlib", "sys"),
    ]
)
FOLDER = Path(".cache") / "pagecheck"

_runs: dict[str, Future[Recording]] = {}
_lock = Lock()


def recording_of(
    page: Page,
    twins: Sequence[Page],
    config: Config,
    keep: bool = True,
    languages: Collection[str] | None = None,
) -> Recording:
    """What running a page gives; twins of the same code share one run.

    Args:
        page: The page.
        twins: Its twins; those whose code is another are left out.
        config: The project's settings.
        keep: Whether a run of an earlier process will do, and this one is kept.
        languages: The languages that figures are drawn in; by default every one.
    """
    texts = {
        language: table
        for language, table in config.figure_tables.items()
        if languages is None or language in languages
    }
    family = [page, *(twin for twin in twins if same_code(page, twin))]
    family.sort(key=lambda each: str(each.path))
    key = _key(family, config, texts)
    with _lock:
        run = _runs.get(key)
        mine = run is None
        if run is None:
            run = _runs[key] = Future()
    if mine:
        try:
            run.set_result(
                _run(family, config, texts, key if keep and may_keep(page) else None)
            )
        except BaseException as error:
            run.set_exception(error)
            with _lock:
                del _runs[key]
            raise
    return run.result()


def may_keep(page: Page) -> bool:
    """Whether a page's run may be kept: not in CI, not where it can see more files."""
    return not (os.environ.get("CI") or any(_reads_more(each) for each in page.blocks))


def _reads_more(block: Block) -> bool:
    """Whether a block can see more than its run's name stands for: files, the clock."""
    if block.language == "bash":
        return block.unchecked is None
    try:
        nodes = list(ast.walk(parse_code(block.code)))
    except SyntaxError:
        return True
    modules = {a.name for n in nodes if isinstance(n, ast.Import) for a in n.names}
    modules |= {n.module or "" for n in nodes if isinstance(n, ast.ImportFrom)}
    opens = any(isinstance(n, ast.Name) and n.id == "open" for n in nodes)
    return opens or any(each.split(".")[0] in _OUTSIDE for each in modules)


def _run(
    family: Sequence[Page], config: Config, texts: FigureTexts, key: str | None
) -> Recording:
    """Run a page, or read a run that was kept; without a key nothing is kept."""
    if key is None:
        return _run_family(family, config, texts)
    file = config.root / FOLDER / f"{key}.json"
    kept, confirmed = _read(file)
    if kept is not None and confirmed:
        return kept
    recording = _run_family(family, config, texts)
    _write(file, recording, confirmed=recording == kept)
    return recording


def _run_family(
    family: Sequence[Page], config: Config, texts: FigureTexts
) -> Recording:
    return run_page(family[0], config.preload, config.root, family[1:], texts)


def _key(family: Sequence[Page], config: Config, texts: FigureTexts) -> str:
    """The name of a run: a digest of everything that its result depends on."""
    first = family[0]
    blocks = [(b.language, b.code, b.raises, b.unchecked) for b in first.blocks]
    values = sorted(repr(key) for page in family for key in value_keys(page))
    formulas = sorted(repr(key) for page in family for key in formula_keys(page))
    content = [blocks, sorted(set(values)), sorted(set(formulas)), config.preload]
    content.append(sorted(texts.items(), key=str))
    text = json.dumps([content, environment(config.root)], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def environment(root: Path | None) -> str:
    """A digest of what a run depends on: sources, versions, Python, machine.

    Args:
        root: The project whose ``src`` the run can import from; None where it cannot.
    """
    digest = hashlib.sha256()
    project = _sources(root / "src") if root else ()
    for file in (*project, *_sources(Path(__file__).parent)):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    machine = [sys.version, platform.platform(), platform.processor(), os.cpu_count()]
    settings = sorted(f"{k}={v}" for k, v in os.environ.items() if _matters(k))
    digest.update(json.dumps([installed(), machine, settings]).encode())
    return digest.hexdigest()


def _matters(variable: str) -> bool:
    """Whether a variable of the environment can change what a page gives."""
    starts = ("TORCH", "PYTORCH", "OMP", "MKL", "ATEN", "MPL", "PYTHON", "LC_", "LANG")
    matters = variable.startswith(starts) or variable.endswith("THREADS")
    return matters and variable != waiting.VARIABLE


@cache
def installed() -> list[str]:
    """Every installed distribution with its version, as its folder is called.

    Reading what each of them says of itself would take most of a second.
    """
    folders = [Path(each) for each in sys.path if Path(each).is_dir()]
    names = [file.name for folder in folders for file in folder.iterdir()]
    return sorted(each for each in names if each.endswith((".dist-info", ".egg-info")))


def _sources(folder: Path) -> Iterator[Path]:
    """All that a package has, its data too, and nothing that Python makes of it."""
    for file in sorted(folder.rglob("*")):
        made = file.suffix == ".pyc" or any(".egg-info" in each for each in file.parts)
        if file.is_file() and not made:
            yield file


def _write(file: Path, recording: Recording, confirmed: bool) -> None:
    content = {
        "confirmed": confirmed,
        "blocks": [asdict(block) for block in recording.blocks],
        "values": [[*key, asdict(value)] for key, value in recording.values.items()],
        "formulas": [[*key, found] for key, found in recording.formulas.items()],
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(f".{os.getpid()}")
    temporary.write_text(json.dumps(content), encoding="utf-8")
    temporary.replace(file)


def _drawn(figures: list[dict[str, dict[str, Any]]]) -> tuple[dict[str, Drawn], ...]:
    return tuple({name: Drawn(**each) for name, each in one.items()} for one in figures)


def _read(file: Path) -> tuple[Recording | None, bool]:
    """A kept run, and whether a second one has given the same."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        blocks = [
            BlockResult(**{**block, "figures": _drawn(block["figures"])})
            for block in content["blocks"]
        ]
        values = {(at, text): Value(**value) for at, text, value in content["values"]}
        formulas = {
            (at, latex, text): found for at, latex, text, found in content["formulas"]
        }
        return Recording(blocks, values, formulas), bool(content["confirmed"])
    except (OSError, ValueError, KeyError, TypeError):  # absent, or cut short
        return None, False
