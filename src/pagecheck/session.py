"""Run a page: its Python blocks from top to bottom, in one namespace, in one process.

The process is forked from a server that has imported the heavy modules once, so that a
page costs its own code's time and starts as a fresh interpreter would: with random
state of its own, no figure open, and the warning filters of a new Python.
"""

from __future__ import annotations

import contextlib
import io
import linecache
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import threading
import traceback
import types
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TextIO, TypeVar

import pagecheck.waiting  # noqa: F401 (threads that wait sleep)
from pagecheck.formula.equality import differences
from pagecheck.formula.evaluate import RAISED
from pagecheck.page import Block, Formula, Page
from pagecheck.time_limit import STEP, TimeLimit

# The most of the processor's time that one block may take, in seconds.
BLOCK_SECONDS = 120.0
# What is added for starting a process that has to import the heavy modules.
START_SECONDS = 120.0

_Key = TypeVar("_Key")
# Held while a process starts: it hides the main module for that long.
_STARTING = threading.Lock()


@dataclass(frozen=True)
class Drawn:
    """A figure as SVG, or why it cannot be drawn."""

    svg: str = ""
    error: str | None = None


@dataclass(frozen=True)
class BlockResult:
    """What a block did.

    Attributes:
        output: All that it printed, warnings in their place.
        error: The name of the exception that it ended with, if it did.
        message: That exception as a reader sees it, ``Type: message``.
        offset: The line of the block at which it was raised, counted from 0.
        figures: The figures that it left open, each as SVG or, where it cannot be
            drawn, with the reason, by the language of its texts.
        not_reached: Whether a block before it failed, so that it did not run.
    """

    output: str = ""
    error: str | None = None
    message: str = ""
    offset: int = 0
    figures: tuple[Mapping[str, Drawn], ...] = ()
    not_reached: bool = False


@dataclass(frozen=True)
class Value:
    """The value of a bound expression: its exact digits, or why there is none."""

    digits: str | None
    error: str = ""


# What the texts of figures are called, by language; nothing where they stay.
FigureTexts = Mapping[str, Mapping[str, str] | None]
# A bound expression: the block that it is evaluated after, and its text.
ValueKey = tuple[int | None, str]
# A formula: the block that it is evaluated after, its LaTeX, what it must equal.
FormulaKey = tuple[int | None, str, str]


@dataclass
class Recording:
    """What running a page gave.

    Attributes:
        blocks: What each block did, in order.
        values: The value of each bound expression.
        formulas: How each displayed formula differs from what its directive names;
            none where the page did not get there.
    """

    blocks: list[BlockResult] = field(default_factory=list)
    values: dict[ValueKey, Value] = field(default_factory=dict)
    formulas: dict[FormulaKey, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Task:
    """A block to run, and what to evaluate after it."""

    code: str
    line: int
    values: tuple[ValueKey, ...]
    formulas: tuple[FormulaKey, ...]


def run_page(
    page: Page,
    preload: Sequence[str] = (),
    root: Path | None = None,
    twins: Sequence[Page] = (),
    figure_texts: FigureTexts | None = None,
    stop: Callable[[Block, BlockResult], bool] | None = None,
) -> Recording:
    """Run a page's blocks; evaluate its bound expressions and formulas.

    Args:
        page: The page to run.
        preload: The modules that the process has imported before.
        root: The project: bash blocks run in it, and its ``src`` can be imported.
        twins: Pages of the same code, whose expressions and formulas are evaluated too.
        figure_texts: What the texts of figures are called in each language that they
            are drawn in; nothing for the language of the code.
        stop: Whether what a block did is reason enough to run none after it.
    """
    recording = Recording()
    root = root or Path.cwd()
    values = _in_order(key for each in (page, *twins) for key in value_keys(each))
    formulas = _in_order(key for each in (page, *twins) for key in formula_keys(each))
    tasks = [
        _Task(
            block.code,
            block.line,
            tuple(key for key in values if key[0] == index),
            tuple(key for key in formulas if key[0] == index),
        )
        for index, block in enumerate(page.blocks)
        if block.language == "python"
    ]
    texts = {"": None} if figure_texts is None else figure_texts
    with _process(page, tasks, preload, root, texts) as process:
        failed = stopped = False
        tasks_left = iter(tasks)
        for block in page.blocks:
            stopped = stopped or _stops(stop, page.blocks, recording.blocks)
            if stopped or (failed and block.language == "python"):
                recording.blocks.append(BlockResult(not_reached=True))
                continue
            if block.language == "bash":
                recording.blocks.append(_run_bash(block, root))
                continue
            limit = BLOCK_SECONDS + (START_SECONDS if not recording.blocks else 0)
            result = _receive(process, limit)
            if not isinstance(result, BlockResult):
                result = BlockResult(error="Stopped", message=str(result))
            recording.blocks.append(result)
            lives = _receive_evaluated(process, next(tasks_left), recording)
            failed = not lives or (
                result.error is not None and not _is_expected(block, result)
            )
    for key in values:
        missing = Value(None, "the block before it did not run to its end")
        recording.values.setdefault(key, missing)
    return recording


def _stops(
    stop: Callable[[Block, BlockResult], bool] | None,
    blocks: Sequence[Block],
    results: Sequence[BlockResult],
) -> bool:
    """Whether the block that ran last is reason to stop."""
    return bool(stop and results and stop(blocks[len(results) - 1], results[-1]))


def value_keys(page: Page) -> Iterator[ValueKey]:
    """The bound expressions of a page, each with the block it is evaluated after."""
    for region in page.regions:
        for number in region.numbers:
            if number.binding is not None:
                yield page.state_of(region.section), number.binding


def formula_keys(page: Page) -> Iterator[FormulaKey]:
    """The formulas of a page that are compared with an expression."""
    for formula in page.formulas:
        if (key := formula_key(page, formula)) is not None:
            yield key


def formula_key(page: Page, formula: Formula) -> FormulaKey | None:
    """A formula, with the block it is evaluated after; None where it is notation."""
    if formula.expression is None:
        return None
    return page.state_after(formula.line), formula.latex, formula.expression


def _in_order(keys: Iterable[_Key]) -> list[_Key]:
    return list(dict.fromkeys(keys))


def _is_expected(block: Block, result: BlockResult) -> bool:
    return block.raises is not None and block.raises.split(".")[-1] == result.error


# -- the page's process ----------------------------------------------------------------


@dataclass(frozen=True)
class _Running:
    """The process that runs a page, and the pipe that its results come through."""

    process_id: int
    connection: Connection


@contextlib.contextmanager
def _process(
    page: Page,
    tasks: Sequence[_Task],
    preload: Sequence[str],
    root: Path,
    texts: FigureTexts,
) -> Iterator[_Running]:
    """Start the process that runs a page."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        context: Any = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([*preload, __name__])
    else:
        context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    arguments = (sender, str(page.path), page.text, tasks, preload, str(root), texts)
    process = context.Process(target=_run_blocks, args=arguments, daemon=True)
    with _STARTING, without_main():
        process.start()
    sender.close()
    try:
        yield _Running(process.pid, receiver)
    finally:
        process.kill()
        process.join()
        receiver.close()


@contextlib.contextmanager
def without_main() -> Iterator[None]:
    """Hide the main module, which multiprocessing would import again in the child."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _receive_evaluated(process: _Running, task: _Task, recording: Recording) -> bool:
    """Take in what is evaluated after a block, one by one; whether the process lives.

    What it was at when it ended, or did not end, is thus known.
    """
    if recording.blocks[-1].error == "Stopped":
        return False
    for value in task.values:
        found = _receive(process, BLOCK_SECONDS)
        if not isinstance(found, Value):
            recording.values[value] = Value(None, str(found))
            return False
        recording.values[value] = found
    for formula in task.formulas:
        differ = _receive(process, BLOCK_SECONDS)
        if not isinstance(differ, list):
            recording.formulas[formula] = [str(differ)]
            return False
        recording.formulas[formula] = differ
    return True


def _receive(
    process: _Running, seconds: float
) -> BlockResult | Value | list[str] | str:
    """A result of the process, or a sentence that says why there is none."""
    limit = TimeLimit(process.process_id, seconds)
    try:
        while not process.connection.poll(STEP):
            if exceeded := limit.exceeded():
                return exceeded
        done: BlockResult | Value | list[str] = process.connection.recv()
        return done
    except (EOFError, OSError):
        return "the process of the page ended while it ran"


def _run_blocks(
    sender: Connection,
    path: str,
    text: str,
    tasks: Sequence[_Task],
    preload: Sequence[str],
    root: str,
    texts: FigureTexts,
) -> None:
    """Run the blocks in order, in the process of the page, sending what each did."""
    # Where there is no fork server, the modules are not there yet.
    for module in preload:
        __import__(module)
    sys.path.insert(0, str(Path(root) / "src"))
    main = types.ModuleType("__main__")
    main.__dict__["__builtins__"] = __builtins__
    sys.modules["__main__"] = main
    linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)
    _be_fresh()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for task in tasks:
            sender.send(_run_block(task, path, main.__dict__, texts))
            for _, expression in task.values:
                sender.send(_evaluate(expression, main.__dict__))
            for _, latex, expression in task.formulas:
                sender.send(_compare(latex, expression, main.__dict__))
        os.chdir("/")
    sender.close()


def _be_fresh() -> None:
    """Take on the state of a fresh interpreter, and the house style for figures."""
    os.environ["MPLBACKEND"] = "Agg"
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    if "torch" in sys.modules:
        sys.modules["torch"].seed()
    warnings.resetwarnings()
    for action, category in (
        ("ignore", ResourceWarning),
        ("ignore", ImportWarning),
        ("ignore", PendingDeprecationWarning),
        ("ignore", DeprecationWarning),
    ):
        warnings.simplefilter(action, category)  # type: ignore[arg-type]
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
    warnings.showwarning = _show_warning
    if "matplotlib" in sys.modules:
        from pagecheck import svg

        sys.modules["matplotlib"].rcdefaults()  # not what a user has set
        sys.modules["matplotlib"].rcParams.update(svg.HOUSE_STYLE)
        svg.register_house()


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Show a warning as a page does: without path and line."""
    print(f"{category.__name__}: {message}")


def _run_block(
    task: _Task, path: str, namespace: dict[str, Any], texts: FigureTexts
) -> BlockResult:
    captured = io.StringIO()
    error, message, offset = None, "", 0
    with contextlib.redirect_stdout(captured), contextlib.redirect_stderr(captured):
        try:
            # Blank lines before it give its code the page's own line numbers.
            source = "\n" * (task.line - 1) + task.code
            exec(compile(source, path, "exec", dont_inherit=True), namespace)
        except KeyboardInterrupt:
            raise
        except BaseException as raised:
            error, message = type(raised).__name__, _last_line(raised)
            offset = (_line_of(raised, path) or task.line) - task.line
    figures = _open_figures(texts)
    return BlockResult(captured.getvalue(), error, message, offset, figures)


def _last_line(raised: BaseException) -> str:
    """An exception as the end of a traceback shows it: ``Type: message``."""
    shown = traceback.TracebackException.from_exception(raised)
    if isinstance(raised, SyntaxError):
        return f"{type(raised).__name__}: {raised.msg}"
    return "".join(shown.format_exception_only()).rstrip("\n")


def _line_of(raised: BaseException, path: str) -> int | None:
    if isinstance(raised, SyntaxError) and raised.filename == path:
        return raised.lineno
    frames = traceback.extract_tb(raised.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == path]
    return lines[-1] if lines else None


def _open_figures(texts: FigureTexts) -> tuple[dict[str, Drawn], ...]:
    """Draw, in each language, and close the figures that a block has left open."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None or not pyplot.get_fignums():
        return ()
    figures = [pyplot.figure(number) for number in pyplot.get_fignums()]
    drawn = [
        {language: _draw(figure, table) for language, table in texts.items()}
        for figure in figures
    ]
    pyplot.close("all")
    return tuple(drawn)


def _draw(figure: Any, table: Mapping[str, str] | None) -> Drawn:  # noqa: ANN401
    from pagecheck import svg

    try:
        return Drawn(svg.draw(figure, table))
    except Exception as error:
        return Drawn(error=str(error) or type(error).__name__)


def _evaluate(expression: str, namespace: dict[str, Any]) -> Value:
    """The exact value of a bound expression: a number, or what holds one number."""
    try:
        value = eval(expression, dict(namespace))
        value = value.item() if hasattr(value, "item") else value
        if isinstance(value, bool) or not isinstance(value, int | float):
            return Value(None, f"it is {value!r:.60}, no number")
        return Value(repr(value))
    except RAISED as error:
        return Value(None, _last_line(error))


def _compare(latex: str, expression: str, namespace: dict[str, Any]) -> list[str]:
    """How a formula differs; whatever an evaluation raises is told, not passed on."""
    try:
        return differences(latex, expression, namespace)
    except RAISED as error:
        return [f"it cannot be evaluated: {_last_line(error)}"]


# -- bash ------------------------------------------------------------------------------


def _run_bash(block: Block, root: Path) -> BlockResult:
    if block.unchecked is not None:
        return BlockResult()
    command = ["bash", "-euo", "pipefail", "-c", block.code]
    try:
        done = subprocess.run(
            command,
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=BLOCK_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return BlockResult("", type(error).__name__, _last_line(error))
    if done.returncode:
        last = (done.stdout.strip().splitlines() or ["no output"])[-1]
        message = f"it ended with {done.returncode}: {last}"
        return BlockResult(done.stdout, "ExitStatus", message)
    return BlockResult(done.stdout)
