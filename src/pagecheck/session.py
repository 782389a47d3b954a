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
import traceback
import types
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TextIO

from pagecheck.formula.equality import differences
from pagecheck.page import Block, Page

# The longest that one block may take, in seconds.
BLOCK_SECONDS = 60.0
# The longest that starting a process and importing the heavy modules may take.
START_SECONDS = 120.0


@dataclass(frozen=True)
class BlockResult:
    """What a block did.

    Attributes:
        output: All that it printed, warnings in their place.
        error: The name of the exception that it ended with, if it did.
        message: That exception as a reader sees it, ``Type: message``.
        line: The page's line at which that exception was raised.
        figures: The figures that it left open, as SVG.
        figure_error: Why a figure could not be drawn, if so.
        not_reached: Whether a block before it failed, so that it did not run.
    """

    output: str = ""
    error: str | None = None
    message: str = ""
    line: int = 0
    figures: tuple[str, ...] = ()
    figure_error: str | None = None
    not_reached: bool = False


@dataclass(frozen=True)
class Value:
    """The value of a bound expression: its exact digits, or why there is none."""

    digits: str | None
    error: str = ""


@dataclass
class Recording:
    """What running a page gave.

    Attributes:
        blocks: What each block did, in order.
        values: The value of each bound expression, by the block that it is evaluated
            after and its text.
        formulas: How each displayed formula, by its place among them, differs from
            what its directive names; none where the page did not get there.
    """

    blocks: list[BlockResult] = field(default_factory=list)
    values: dict[tuple[int | None, str], Value] = field(default_factory=dict)
    formulas: dict[int, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Task:
    """A block to run, and what to evaluate after it."""

    index: int
    code: str
    line: int
    expressions: tuple[str, ...]
    formulas: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True)
class _Done:
    """What a task gave."""

    result: BlockResult
    values: Mapping[str, Value]
    formulas: Mapping[int, list[str]]


def run_page(
    page: Page, preload: Sequence[str] = (), root: Path | None = None
) -> Recording:
    """Run a page's blocks and evaluate its bound expressions.

    Args:
        page: The page to run.
        preload: The modules that the process has imported before.
        root: Where bash blocks run; the current folder by default.
    """
    recording = Recording()
    expressions = _expressions_by_state(page)
    with _process(page, _tasks(page, expressions), preload) as connection:
        failed = False
        for index, block in enumerate(page.blocks):
            if block.language == "bash":
                recording.blocks.append(_run_bash(block, root or Path.cwd()))
                continue
            if failed:
                recording.blocks.append(BlockResult(not_reached=True))
                continue
            limit = BLOCK_SECONDS + (START_SECONDS if not recording.blocks else 0)
            done = _receive(connection, limit)
            if isinstance(done, str):
                stopped = BlockResult(error="Stopped", message=done, line=block.line)
                done = _Done(stopped, {}, {})
            result = done.result
            recording.blocks.append(result)
            recording.values |= {(index, text): v for text, v in done.values.items()}
            recording.formulas |= done.formulas
            failed = result.error is not None and not _is_expected(block, result)
    for state, texts in expressions.items():
        for text in texts:
            missing = Value(None, "the block before it did not run to its end")
            recording.values.setdefault((state, text), missing)
    return recording


def _is_expected(block: Block, result: BlockResult) -> bool:
    return block.raises is not None and block.raises.split(".")[-1] == result.error


def _expressions_by_state(page: Page) -> dict[int | None, list[str]]:
    """The bound expressions, by the block after which they are evaluated."""
    expressions: dict[int | None, list[str]] = {}
    for unit in page.units:
        for number in unit.numbers:
            if number.binding is not None:
                state = page.state_of(unit.section)
                expressions.setdefault(state, []).append(number.binding)
    return expressions


def _tasks(
    page: Page, expressions: Mapping[int | None, Sequence[str]]
) -> tuple[_Task, ...]:
    """The page's Python blocks, each with what is evaluated after it."""
    formulas: dict[int | None, list[tuple[int, str, str]]] = {}
    for index, formula in enumerate(page.formulas):
        if formula.expression is not None:
            state = page.state_after(formula.line)
            entry = (index, formula.latex, formula.expression)
            formulas.setdefault(state, []).append(entry)
    return tuple(
        _Task(
            index,
            block.code,
            block.line,
            tuple(expressions.get(index, ())),
            tuple(formulas.get(index, ())),
        )
        for index, block in enumerate(page.blocks)
        if block.language == "python"
    )


# -- the page's process ----------------------------------------------------------------


@contextlib.contextmanager
def _process(
    page: Page, tasks: Sequence[_Task], preload: Sequence[str]
) -> Iterator[Connection]:
    """Start the process that runs a page; the pipe that its results come through."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        context: Any = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([*preload, __name__])
    else:
        context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    arguments = (sender, str(page.path), page.text, tasks, preload)
    process = context.Process(target=_run_blocks, args=arguments, daemon=True)
    with _without_main():
        process.start()
    sender.close()
    try:
        yield receiver
    finally:
        process.kill()
        process.join()
        receiver.close()


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """Hide the main module, which multiprocessing would import again in the child."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _receive(connection: Connection, seconds: float) -> _Done | str:
    """A result of the process, or a sentence that says why there is none."""
    try:
        if not connection.poll(seconds):
            return f"it had not ended after {seconds:g} seconds"
        done: _Done = connection.recv()
        return done
    except (EOFError, OSError):
        return "the process of the page ended while it ran"


def _run_blocks(
    sender: Connection,
    path: str,
    text: str,
    tasks: Sequence[_Task],
    preload: Sequence[str],
) -> None:
    """Run the blocks in order, in the process of the page, sending what each did."""
    # Where there is no fork server, the modules are not there yet.
    for module in preload:
        __import__(module)
    main = types.ModuleType("__main__")
    main.__dict__["__builtins__"] = __builtins__
    sys.modules["__main__"] = main
    linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)
    _be_fresh()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for task in tasks:
            result = _run_block(task.code, task.line, path, main.__dict__)
            values = {each: _evaluate(each, main.__dict__) for each in task.expressions}
            formulas = {
                index: differences(latex, expression, main.__dict__)
                for index, latex, expression in task.formulas
            }
            sender.send(_Done(result, values, formulas))
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
    code: str, line: int, path: str, namespace: dict[str, Any]
) -> BlockResult:
    captured = io.StringIO()
    error, message, where = None, "", 0
    with contextlib.redirect_stdout(captured), contextlib.redirect_stderr(captured):
        try:
            # Blank lines before it give its code the page's own line numbers.
            source = "\n" * (line - 1) + code
            exec(compile(source, path, "exec", dont_inherit=True), namespace)
        except KeyboardInterrupt:
            raise
        except BaseException as raised:
            error, message = type(raised).__name__, _last_line(raised)
            where = _line_of(raised, path) or line
    figures, figure_error = _open_figures()
    return BlockResult(
        captured.getvalue(), error, message, where, figures, figure_error
    )


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


def _open_figures() -> tuple[tuple[str, ...], str | None]:
    """Draw and close the figures that a block has left open."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None or not pyplot.get_fignums():
        return (), None
    from pagecheck import svg

    try:
        numbers = pyplot.get_fignums()
        return tuple(svg.draw(pyplot.figure(number)) for number in numbers), None
    except Exception as error:
        return (), f"{type(error).__name__}: {error}"
    finally:
        pyplot.close("all")


def _evaluate(expression: str, namespace: dict[str, Any]) -> Value:
    """The exact value of a bound expression: a number, or what holds one number."""
    try:
        value = eval(expression, dict(namespace))
        value = value.item() if hasattr(value, "item") else value
        if isinstance(value, bool) or not isinstance(value, int | float):
            return Value(None, f"it is {value!r:.60}, no number")
        return Value(repr(value))
    except Exception as error:
        return Value(None, _last_line(error))


# -- bash ------------------------------------------------------------------------------


def _run_bash(block: Block, root: Path) -> BlockResult:
    if block.not_run is not None:
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
        return BlockResult("", type(error).__name__, _last_line(error), block.line)
    if done.returncode:
        last = (done.stdout.strip().splitlines() or ["no output"])[-1]
        message = f"it ended with {done.returncode}: {last}"
        return BlockResult(done.stdout, "ExitStatus", message, block.line)
    return BlockResult(done.stdout)
