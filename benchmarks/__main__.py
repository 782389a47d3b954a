"""The command line: ``benchmarks/run``, into ``docs/benchmarks.json``."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.environments import FOLDER, programs_of, versions_of
from benchmarks.machine import machine
from benchmarks.ours import CHECKED, OURS
from benchmarks.outcome import shown, size, weight
from benchmarks.pages import (
    EIGHT,
    ROOT,
    Source,
    read_pages,
    with_sentence,
    with_statement,
    with_wrong_number,
)
from benchmarks.peers import PEERS
from benchmarks.scaling import measure_growth
from benchmarks.tool import Tool
from benchmarks.usage import Usage, measure

RECORD = ROOT / "docs" / "benchmarks.json"
TOOLS = (OURS, CHECKED, *PEERS)
# What is tried first, so that nothing is made for the first time when it is measured.
TRIED = "recipes/activation-shapes"
EDITED = "recipes/activation-functions"

Edit = Callable[[Source], Source]
STAGES: dict[str, Edit | None] = {
    "cold": None,
    "no change": None,
    "prose edit": with_sentence,
    "code edit": with_statement,
}
MISTAKES: dict[str, Edit] = {
    "a wrong number": with_wrong_number,
    "code that fails": lambda page: with_statement(page, "1 / 0"),
}
"""What is done to a page, to see whether the build fails."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and record what was measured."""
    parser = argparse.ArgumentParser(prog="benchmarks/run", description=__doc__)
    names = [tool.name for tool in TOOLS]
    said = f"only these, and record nothing: {', '.join(names)}"
    parser.add_argument("--only", nargs="+", choices=names, metavar="TOOL", help=said)
    said = "how often everything is measured, %(default)s times by default"
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help=said)
    parser.add_argument("--pages", nargs="+", default=EIGHT, choices=EIGHT)
    said = "leave the growth with the number of pages as it is recorded"
    parser.add_argument("--no-scaling", action="store_true", help=said)
    options = parser.parse_args(arguments)
    start = time.monotonic()
    tools = [tool for tool in TOOLS if tool.name in (options.only or names)]
    record = measure_tools(tools, options.pages, options.repeat)
    if options.only:
        print(json.dumps(record, indent=1))
    else:
        known = json.loads(RECORD.read_text("utf-8")) if RECORD.is_file() else {}
        _write(record | {"scaling": known.get("scaling")})
        if not options.no_scaling:
            _write(record | {"scaling": measure_scaling()})
    _say(f"{(time.monotonic() - start) / 60:.0f} minutes in all")
    return 0


def _write(record: dict[str, Any]) -> None:
    text = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
    RECORD.write_text(text, encoding="utf-8")


def measure_tools(
    tools: Sequence[Tool], names: Sequence[str], repetitions: int
) -> dict[str, Any]:
    """Measure every tool, each in turn in each repetition."""
    folder = FOLDER / "projects"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    results = {tool.name: _try(tool, folder) for tool in tools}
    pages, loads = read_pages(names), []
    for repetition in range(repetitions):
        loads.append(round(os.getloadavg()[0], 1))
        for tool in tools:
            project = folder / f"{tool.told[0]}-{repetition}"
            for stage, usage in _stages(tool, project, pages):
                results[tool.name]["runs"].setdefault(stage, []).append(_rounded(usage))
            results[tool.name] |= _built(tool, project, pages)
            shutil.rmtree(project)
    return {
        "machine": machine(),
        "load": loads,
        "pages": list(names),
        "edited": EDITED if EDITED in names else names[0],
        "tools": results,
    }


def measure_scaling() -> dict[str, Any]:
    """Measure our build and the check with more and more pages."""
    folder = FOLDER / "scaling"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    growth = {}
    for number, usages in measure_growth(folder, programs_of(OURS), _variables(OURS)):
        for command, usage in usages.items():
            _say(f"{command} of {number} pages", usage)
        growth[str(number)] = {name: _rounded(each) for name, each in usages.items()}
    shutil.rmtree(folder)
    return growth


def _try(tool: Tool, folder: Path) -> dict[str, Any]:
    """Build one page, then with a mistake: does the build fail?"""
    project = folder / f"{tool.told[0]}-tried"
    (page,) = read_pages([TRIED])
    tool.write(project, [page])
    said = {"right": _build(tool, project, f"{tool.name}, one page")}
    for mistake, edit in MISTAKES.items():
        tool.write_page(project, edit(page))
        said[mistake] = _build(tool, project, f"{tool.name}, {mistake}")
    shutil.rmtree(project)
    fails = {name: usage.code != 0 for name, usage in said.items()}
    return {"versions": versions_of(tool), "fails": fails, "runs": {}}


def _stages(
    tool: Tool, project: Path, pages: Sequence[Source]
) -> Iterator[tuple[str, Usage]]:
    """Build the pages anew, again, and after an edit of one of them."""
    tool.write(project, pages)
    edited = next((each for each in pages if each.name == EDITED), pages[0])
    for stage, edit in STAGES.items():
        if edit is not None:
            edited = edit(edited)
            tool.write_page(project, edited)
        yield stage, _build(tool, project, f"{tool.name}, {stage}")


def _built(tool: Tool, project: Path, pages: Sequence[Source]) -> dict[str, Any]:
    """What has been built in the end."""
    site = project / tool.site
    files = {page.name: site / tool.address(page.name) for page in pages}
    there = {name: file for name, file in files.items() if file.is_file()}
    weights = {name: weight(file) for name, file in there.items()}
    outputs = {page.name: page.outputs for page in pages}
    return {
        "pages built": len(there),
        "size": size(site),
        "weights": {name: total for name, (total, _) in weights.items()},
        "hosts": sorted({host for _, hosts in weights.values() for host in hosts}),
        "outputs": sum(map(len, outputs.values())),
        "outputs shown": sum(shown(each, outputs[n]) for n, each in there.items()),
    }


def _build(tool: Tool, project: Path, what: str) -> Usage:
    commands = tool.commands(programs_of(tool))
    usages = [measure(each, project, _variables(tool)) for each in commands]
    total = usages[0]
    for usage in usages[1:]:
        total = total + usage
    _say(what, total)
    (FOLDER / "log").open("a", encoding="utf-8").write(f"== {what}\n{total.output}\n")
    return total


def _variables(tool: Tool) -> dict[str, str]:
    """What a tool finds in its environment; in CI, no run of a page would be kept."""
    left = {k: v for k, v in os.environ.items() if k not in ("CI", "VIRTUAL_ENV")}
    return left | tool.environment


def _rounded(usage: Usage) -> dict[str, float | int]:
    return {
        "wall": round(usage.wall, 2),
        "cpu": round(usage.cpu, 2),
        "memory": usage.memory,
        "code": usage.code,
    }


def _say(what: str, usage: Usage | None = None) -> None:
    """Say how far it is."""
    took = ""
    if usage is not None:
        took = f": {usage.cpu:.1f} s of the processor, {usage.wall:.1f} s by the clock"
        took += f", {usage.memory / 1e6:.0f} MB" + ", failed" * (usage.code != 0)
    print(what + took, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
