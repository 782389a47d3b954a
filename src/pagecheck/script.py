"""A page as a script: its Python blocks, joined, run once by a fresh interpreter."""

from __future__ import annotations

import ast
import builtins
import contextlib
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import tokenize
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from pagecheck.config import Config
from pagecheck.page import Block, Page
from pagecheck.runs import FOLDER, environment, may_keep
from pagecheck.syntax import parse_code
from pagecheck.time_limit import STEP, TimeLimit

# The most of the processor's time that a script may take, in seconds.
SCRIPT_SECONDS = 180.0

_BETWEEN = "\n\n"
_SYNTAX_ERRORS = ("SyntaxError", "IndentationError", "TabError")
_runs: dict[str, ScriptRun] = {}
_locks: defaultdict[str, Lock] = defaultdict(Lock)
_OPTIONS = ("-I", "-B", "-X", "utf8", "-c")
# What stands in a script's output where one of its pieces ends; no page shows it.
_END = "\0"
# Run by the fresh interpreter: hides packages, and shows a warning as a page does. The
# statements of the script are those of one file, and run in its order: a piece with
# what is before it does what it would do as a script of its own.
_RUNNER = """
import ast, contextlib, json, sys, types, warnings

def show(message, category, *place, **rest):
    print(f"{category.__name__}: {message}")

script, lines, hidden, path = json.loads(sys.argv[1])
sys.argv = [script]
sys.path[:0] = path
sys.modules.update(dict.fromkeys(hidden))
warnings.showwarning = show
main = sys.modules["__main__"] = types.ModuleType("__main__")
main.__file__, main.__builtins__ = script, __builtins__
with open(script, encoding="utf-8") as file:
    source = file.read()
flags = compile(source, script, "exec").co_flags & 0xFFF0000  # its __future__s
body = ast.parse(source, script).body
with contextlib.redirect_stderr(sys.stdout):
    for first, next in zip(lines, lines[1:] + [float("inf")]):
        piece = ast.Module([e for e in body if first <= e.lineno < next], [])
        exec(compile(piece, script, "exec", flags), main.__dict__)
        print(end="\\0")
"""


@dataclass(frozen=True)
class ScriptRun:
    """What running a script gave.

    Attributes:
        outputs: What each of its pieces printed, warnings in their place.
        error: What it ended with, if it did not run to its end.
        line: The line of the script at which that happened; 0 where it is not known.
        seconds: How long it took, from the start of the interpreter to its end; 0 for
            a run that was kept.
    """

    outputs: tuple[str, ...]
    error: str = ""
    line: int = 0
    seconds: float = field(default=0.0, compare=False)

    @property
    def printed(self) -> str:
        """All that it printed."""
        return "".join(self.outputs)


def as_script(page: Page) -> str:
    """A page's Python blocks as one script that runs by itself.

    A block that must fail is wrapped in ``try``, and prints what the page shows.
    """
    return _BETWEEN.join(code for _, code in pieces(page))


def pieces(page: Page) -> Iterator[tuple[Block, str]]:
    """The Python blocks of a page, each with its code in a script."""
    blocks = [block for block in page.blocks if block.language == "python"]
    names = _names("\n".join(block.code for block in blocks))
    for block in blocks:
        yield block, block.code if block.raises is None else _caught(block, names)


def shown_error(block: Block) -> tuple[str, str]:
    """The full name of the error that a block ends with, and what is shown behind it.

    That is its message behind a colon, or nothing where an error has no message.
    """
    name = str(block.raises).split(".")[-1]
    output = block.output.text.rstrip() if block.output else ""
    shown = re.findall(rf"(?ms)^((?:\w+\.)*{name})(:.*)?\Z", output)
    return shown[0] if shown else (name, ":")


def page_line(page: Page, line: int) -> int:
    """The line of a page that a line of its script comes from."""
    blocks, codes = zip(*pieces(page), strict=True)
    for block, (start, code) in zip(blocks, _placed(codes), strict=True):
        if line < start + code.count("\n") + _BETWEEN.count("\n"):
            inside = line - start - (block.raises is not None)
            return int(block.line + min(max(inside, 0), block.code.count("\n") - 1))
    return 1


def run_script(
    codes: Sequence[str], hidden: Collection[str] = (), path: Collection[Path] = ()
) -> ScriptRun:
    """Run a script in a fresh interpreter, in an empty folder.

    Args:
        codes: The pieces that the script is joined from.
        hidden: The packages that it must not be able to import.
        path: The folders that it can import from, besides what is installed.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.py"
        file.write_text(_BETWEEN.join(codes), encoding="utf-8")
        lines = [line for line, _ in _placed(codes)]
        arguments = [str(file), lines, sorted(hidden), [str(p) for p in path]]
        start = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, *_OPTIONS, _RUNNER, json.dumps(arguments)],
            cwd=folder,
            env=os.environ | {"MPLBACKEND": "Agg"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        )
        try:
            stdout, stderr = _communicate(process)
        except TimeoutError as exceeded:
            return ScriptRun((), str(exceeded))
        seconds = time.monotonic() - start
        outputs = tuple(stdout.split(_END))
        if not process.returncode:
            return ScriptRun(outputs[:-1], seconds=seconds)
        place = re.compile(rf'File "{re.escape(str(file))}", line (\d+)')
        places = place.findall(stderr)
        last = (stderr.strip().splitlines() or [f"status {process.returncode}"])[-1]
        return ScriptRun(outputs, last, int(places[-1]) if places else 0, seconds)


def _communicate(process: subprocess.Popen[str]) -> tuple[str, str]:
    """What a process has written when it ends.

    Raises:
        TimeoutError: It has not ended within its limit of time, and been killed.
    """
    limit = TimeLimit(process.pid, SCRIPT_SECONDS)
    with process:
        try:
            while True:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    return process.communicate(timeout=STEP)
                if exceeded := limit.exceeded():
                    raise TimeoutError(exceeded)
        finally:
            process.kill()


def _placed(codes: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The pieces of a script, each with the script's line that it begins on."""
    line = 1
    for code in codes:
        yield line, code
        line += code.count("\n") + _BETWEEN.count("\n")


def imports(page: Page) -> Iterator[tuple[int, str]]:
    """The modules that a page imports, without what is below them, with their lines."""
    for block in page.blocks:
        if block.language != "python":
            continue
        try:
            tree = parse_code(block.code)
        except (SyntaxError, ValueError):  # running it says so
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names = [each.name for each in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            else:
                continue
            for name in names:
                yield block.line + node.lineno - 1, name.split(".")[0]


def script_run(page: Page, config: Config, keep: bool = True) -> ScriptRun:
    """What a page's script gives; twins, which differ in comments only, share a run.

    Of the project's own packages it can import those that the page does. Twins do not
    share a run that failed, so that each can say where on it that happened.

    Args:
        page: The page.
        config: The project's settings.
        keep: Whether a run of an earlier process will do, and this one is kept.
    """
    script, codes = as_script(page), [code for _, code in pieces(page)]
    if not script:
        return ScriptRun(())
    imported = {module for _, module in imports(page)}
    hidden = [each for each in config.own_packages if each not in imported]
    root = config.root if len(hidden) < len(config.own_packages) else None
    path = [root / "src"] if root else []
    try:
        code = ast.dump(parse_code(script))
        ends = [len(parse_code(each).body) for each in codes]
    except (SyntaxError, ValueError):
        return run_script(codes, hidden, path)  # which says what is wrong with it
    content = json.dumps([code, ends, hidden, environment(root)])
    key = hashlib.sha256(content.encode()).hexdigest()
    file = config.root / FOLDER / f"script-{key}.json"
    keep = keep and may_keep(page)
    with _locks[key]:
        for known in (key, key + script):
            if known in _runs:
                return _runs[known]
        outputs, confirmed = _read(file) if keep else (None, False)
        if outputs is not None and confirmed:
            run = ScriptRun(outputs)
        else:
            run = run_script(codes, hidden, path)
            if keep and not run.error:
                _write(file, run.outputs, confirmed=run.outputs == outputs)
        _runs[key + script if run.error else key] = run
        return run


def _names(code: str) -> set[str]:
    """The names that code uses, so that none of them is taken for another thing."""
    return set(re.findall(r"[^\W\d]\w*", code))


def _caught(block: Block, taken: Collection[str]) -> str:
    """A block that must fail, in a ``try`` that prints the error as the page shows it.

    Only the names of Python's own exceptions are sure to be known where it stands.
    """
    raises = str(block.raises)
    caught = raises if hasattr(builtins, raises) else "Exception"
    name = next(each for each in _free_names() if each not in taken)
    message = f"{name}.msg" if raises in _SYNTAX_ERRORS else name
    kind, rest = shown_error(block)
    if not rest:  # an error without a message
        return f'try:\n{_indented(block.code)}except {caught}:\n    print("{kind}")\n'
    # A message of several lines may end with empty ones, which no page shows.
    end = ".rstrip()" if "\n" in rest.rstrip() else ""
    return (
        f"try:\n{_indented(block.code)}except {caught} as {name}:\n"
        f'    print(f"{kind}: {{{message}}}"{end})\n'
    )


def _free_names() -> Iterator[str]:
    yield "error"
    number = 1
    while True:
        yield f"error_{number}"
        number += 1


def _indented(code: str) -> str:
    """Code one level deeper; the inside of a string of several lines stays as it is."""
    inside: set[int] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            inside.update(range(token.start[0] + 1, token.end[0] + 1))
    except (tokenize.TokenError, SyntaxError):
        pass  # the run says so
    lines = code.splitlines(keepends=True)
    return "".join(
        line if number in inside or not line.strip() else f"    {line}"
        for number, line in enumerate(lines, 1)
    )


def _read(file: Path) -> tuple[tuple[str, ...] | None, bool]:
    """What a kept run printed, and whether a second one has printed the same."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return tuple(map(str, content["outputs"])), bool(content["confirmed"])
    except (OSError, ValueError, KeyError, TypeError):  # absent, or cut short
        return None, False


def _write(file: Path, outputs: Sequence[str], confirmed: bool) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(f".{os.getpid()}")
    content = json.dumps({"outputs": outputs, "confirmed": confirmed})
    temporary.write_text(content, encoding="utf-8")
    temporary.replace(file)
