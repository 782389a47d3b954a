"""Run it: ``python -m tests.mutants --number 500 --write docs/mutants.json``."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from tqdm import tqdm

from pagecheck.config import Config, load_config
from pagecheck.report import versions

from .kinds import HARMLESS_KINDS
from .places import Mutant, choose, places
from .trial import ROOT, noticed_in_a_copy

# What it ends with where a mistake was not noticed, or an alarm was false.
UNNOTICED = 3
INTERRUPTED = 130


def main() -> int:
    """Make the mistakes, print what notices each, and keep the counts."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutants", description=__doc__
    )
    parser.add_argument("--number", type=int, default=500, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", type=Path, metavar="FILE")
    options = parser.parse_args()
    config = load_config(ROOT)
    chosen = choose(places(config, options.seed), options.number, options.seed)
    # Those of one page one after the other: they share its run.
    chosen.sort(key=lambda mutant: config.root.joinpath(mutant.edits[0].file).stem)
    begun = time.monotonic()
    outcomes: list[tuple[Mutant, str | None]] = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            for outcome in tried(chosen, folder):
                outcomes.append(outcome)
        except KeyboardInterrupt:
            for worker in multiprocessing.active_children():
                worker.kill()  # and with it the pages that it runs
                worker.join()
    content = summary(outcomes, options.seed, config)
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    print(text, end="")
    took = f"{len(outcomes)} of {len(chosen)} in {time.monotonic() - begun:.0f} s"
    if len(outcomes) < len(chosen):
        print(f"interrupted: {took}; nothing is written", file=sys.stderr)
        return INTERRUPTED
    print(took, file=sys.stderr)
    if options.write:
        options.write.write_text(text, encoding="utf-8")
    return UNNOTICED if content["survivors"] or content["false alarms"] else 0


def tried(chosen: Sequence[Mutant], folder: str) -> Iterator[tuple[Mutant, str | None]]:
    """Each mutant, and what notices it, as soon as that is known."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(os.cpu_count(), context)
    # Ctrl-C is for this process, which ends the others: they are deaf from their start.
    interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)
    noticing = pool.map(noticed_in_a_copy, [folder] * len(chosen), chosen, chunksize=8)
    signal.signal(signal.SIGINT, interrupt)
    off = True if "CI" in os.environ else None
    with tqdm(total=len(chosen), unit="mutant", leave=False, disable=off) as bar:
        for number, (mutant, noticed) in enumerate(zip(chosen, noticing, strict=True)):
            bar.update()
            told = f"{number + 1}/{len(chosen)} {mutant}: {noticed or 'SURVIVES'}"
            with bar.external_write_mode():
                print(told, flush=True)
            yield mutant, noticed
    pool.shutdown()


def summary(
    outcomes: Iterable[tuple[Mutant, str | None]], seed: int, config: Config
) -> Mapping[str, Any]:
    """The outcome of a run: by kind, and with their place all that went wrong.

    A harmful change should be noticed, and survives where it is not; a harmless one
    should not be, and is a false alarm where it is.
    """
    harmful, harmless = [], []
    for each in outcomes:
        (harmless if each[0].kind in HARMLESS_KINDS else harmful).append(each)
    applied = Counter(mutant.kind for mutant, _ in harmful)
    caught = Counter(mutant.kind for mutant, noticed in harmful if noticed)
    return {
        "seed": seed,
        "applied": len(harmful),
        "caught": sum(caught.values()),
        "kinds": {
            kind: {"applied": applied[kind], "caught": caught[kind]}
            for kind in sorted(applied)
        },
        "survivors": _shown((m, n) for m, n in harmful if not n),
        "harmless": len(harmless),
        "false alarms": _shown((m, n) for m, n in harmless if n),
        "versions": versions(config),
    }


def _shown(outcomes: Iterable[tuple[Mutant, str | None]]) -> Sequence[str]:
    return sorted(f"{mutant}: {noticed or 'SURVIVES'}" for mutant, noticed in outcomes)


if __name__ == "__main__":
    sys.exit(main())
