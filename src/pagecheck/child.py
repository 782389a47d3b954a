"""What the fresh interpreter of a page executes: ``python -I child.py JOB``.

The page's blocks run in its ``__main__``, as one file, each at the page's own lines.
After a block its figures are drawn and what the page binds to it is evaluated, which
leaves no trace in what comes after: the run is the script's. What each step gave is
appended to a file, a line of JSON each, and so survives what the page does to this
process.

Where processes can fork, the page has one of its own, and this one looks after it: when
standard input ends, because the checker wants no more or is gone, it ends all that the
page has started and removes the page's folder.
"""

from __future__ import annotations
import __future__

import ast
import contextlib
import functools
import importlib.abc
import importlib.util
import json
import operator
import os
import shutil
import subprocess
import sys
import sysconfig
import threading
import time
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# What ``from __future__ import`` switches on for all the code below it.
_FUTURES = functools.reduce(
    operator.or_,
    [getattr(__future__, each).compiler_flag for each in __future__.all_feature_names],
)
_LONGEST_MESSAGE = 10_000
# The events that say that something outside the page is seen or done.
_OUTSIDE = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.f")
_ON_PATHS = ("open", "os.listdir", "os.scandir", "sqlite3.connect")
# The names by which code sees what no event tells of: the clock, what is said of files.
_UNTOLD = frozenset(
    [
        *("time", "datetime", "date", "timeit", "times", "stat", "lstat", "exists"),
        *("isfile", "isdir", "is_file", "is_dir", "getmtime", "getsize", "access"),
    ]
)
_SPAWNS = "multiprocessing.popen_"  # of which no event tells
# What libraries read of the system when they start; a run's name stands for it.
_SYSTEM = ("/dev/", "/proc/", "/sys/devices/system/", "/etc/ld.so", "/etc/localtime")
# The kinds of random generators that a page's names may hold: how their state is got.
_GENERATORS: dict[str, Callable[[Any], tuple[Callable[[Any], object], Any]]] = {
    "numpy.random._generator.Generator": lambda each: (
        functools.partial(setattr, each.bit_generator, "state"),
        each.bit_generator.state,
    ),
    "torch._C.Generator": lambda each: (each.set_state, each.get_state()),
    "random.Random": lambda each: (each.setstate, each.getstate()),
}


class _Child:
    """The page's process."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.job = job
        self.file, self.output = job["file"], Path(job["output"])
        self.process, self.printed = os.getpid(), 0
        self.flags, self.first = 0, True
        self.watching, self.saw = False, ""
        self.loaded: dict[str, types.ModuleType] = {}
        self.environment = dict(os.environ)
        self.main = types.ModuleType("__main__")
        self.names = self.main.__dict__
        self.names.update(__builtins__=__builtins__, __file__=self.file)

    def run(self) -> None:
        """Run the page's blocks, and tell what each did."""
        sys.argv, sys.path[:0] = [self.file], self.job["path"]
        sys.modules["__main__"] = self.main
        sys.modules.update(dict.fromkeys(self.job["hidden"]))
        sys.meta_path.insert(0, _HouseStyle(self))
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
        warnings.showwarning = _show_warning
        sys.addaudithook(self._notice)
        for task in self.job["tasks"]:
            runs = self._run_bash if task["language"] == "bash" else self._run_python
            result = runs(task)
            if os.getpid() != self.process:  # a fork that goes on with the page
                self._tell(forked=True)
                os._exit(0)
            with self._aside():
                self._tell(**result, figures=self._figures())
                for kind, *what in task["evaluate"]:
                    self._tell(**getattr(self, f"_{kind}")(*what))
            if result["error"] not in (None, (task["raises"] or "").split(".")[-1]):
                return
        modules = {name: vars(each) for name, each in list(sys.modules.items()) if each}
        files = {each.get("__file__") for each in modules.values()}
        saw = self.saw or next((n for n in modules if n.startswith(_SPAWNS)), "")
        self._tell(saw=saw, files=sorted(f for f in files if isinstance(f, str)))

    def _tell(self, **what: object) -> None:
        _tell(self.job, **what)

    # -- blocks ------------------------------------------------------------------------

    def _run_python(self, task: dict[str, Any]) -> dict[str, Any]:
        error, message, offset = None, "", 0
        line = self.job["lines"][task["index"]]
        # Blank lines before it give its code the page's own line numbers.
        source = "\n" * (line - 1) + task["code"]
        try:
            tree = ast.parse(source, self.file)
            if not self.first:
                _refuse_futures(tree, self.file)
            code = compile(source, self.file, "exec", self.flags, dont_inherit=True)
            self.flags |= code.co_flags & _FUTURES
            self.saw = self.saw or min(_UNTOLD & {*_names(tree)}, default="")
            self.first = self.first and not task["code"].strip()
            self.watching = True
            exec(code, self.names)
        except BaseException as raised:
            error, message = type(raised).__name__, _last_line(raised)
            offset = (_line_of(raised, self.file) or line) - line
        finally:
            self.watching = False
        result = {"error": error, "message": message, "offset": offset}
        return result | self._printed()

    def _run_bash(self, task: dict[str, Any]) -> dict[str, Any]:
        self.saw = self.saw or "a bash block"
        error, message, status = None, "", 0
        try:
            with self.output.open("ab") as output:
                status = subprocess.run(
                    ["bash", "-euo", "pipefail", "-c", task["code"]],
                    cwd=self.job["root"],
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    timeout=self.job["seconds"],
                    check=False,
                ).returncode
        except (OSError, subprocess.TimeoutExpired) as raised:
            error, message = type(raised).__name__, _last_line(raised)
        place = self._printed()
        if status:
            with self.output.open("rb") as file:
                file.seek(max(place["start"], place["end"] - _LONGEST_MESSAGE))
                lines = file.read().decode(errors="replace").strip().splitlines()
            error = "ExitStatus"
            message = f"it ended with {status}: {lines[-1] if lines else 'no output'}"
        return {"error": error, "message": message} | place

    def _printed(self) -> dict[str, int]:
        """Where in the page's output stands what has come since this was last asked."""
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):  # closed, or something else by now
                stream.flush()
        start, self.printed = self.printed, self.output.stat().st_size
        return {"start": start, "end": self.printed}

    # -- what is done beside the page's code -------------------------------------------

    @contextlib.contextmanager
    def _aside(self) -> Iterator[None]:
        """Do something of which nothing is seen by the code that comes after it."""
        states = list(self._random_states())
        registries = {name: dict(each) for name, each in _registries()}
        show, warnings.showwarning = warnings.showwarning, lambda *_, **__: None
        try:
            yield
        finally:
            for put_back, state in states:
                put_back(state)
            # A registry of another version than the filters' would count for none.
            probe: dict[Any, Any] = {}
            warnings.warn_explicit("", UserWarning, "", 1, registry=probe)
            for name, registry in _registries():
                registry.clear()
                registry.update(registries.get(name, {}), version=probe["version"])
            warnings.showwarning = show

    def _random_states(self) -> Iterator[tuple[Callable[[Any], object], Any]]:
        """What puts back the state of each source of random numbers, and that state."""
        if module := sys.modules.get("random"):
            yield module.setstate, module.getstate()
        if module := sys.modules.get("numpy.random"):
            yield module.set_state, module.get_state()
        if (module := sys.modules.get("torch")) and hasattr(module, "get_rng_state"):
            yield module.set_rng_state, module.get_rng_state()
        for value in list(self.names.values()):
            kind = f"{type(value).__module__}.{type(value).__name__}"
            if kind in _GENERATORS:
                yield _GENERATORS[kind](value)

    @contextlib.contextmanager
    def ours(self) -> Iterator[None]:
        """Import and use this package, which the page does not see."""
        theirs = _taken("pagecheck")
        sys.modules.update(self.loaded)
        sys.path.insert(0, self.job["ours"])
        try:
            yield
        finally:
            with contextlib.suppress(ValueError):
                sys.path.remove(self.job["ours"])
            self.loaded = _taken("pagecheck")
            sys.modules.update(theirs)

    def _figures(self) -> list[dict[str, Any]]:
        """Draw, in each language, and close the figures that a block has left open."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is None or not pyplot.get_fignums():
            return []
        texts = self.job["texts"].items()
        figures = [pyplot.figure(number) for number in pyplot.get_fignums()]
        with self.ours():
            drawn = [{name: _draw(f, table) for name, table in texts} for f in figures]
        pyplot.close("all")
        return drawn

    def _values(self, expression: str) -> dict[str, Any]:
        """The exact value of a bound expression: a number, or what holds one number."""
        try:
            value = eval(expression, dict(self.names))
            value = value.item() if hasattr(value, "item") else value
            if isinstance(value, bool) or not isinstance(value, int | float):
                return {"digits": None, "error": f"it is {value!r:.60}, no number"}
            return {"digits": repr(value), "vacuous": self._vacuous(expression, value)}
        except BaseException as error:
            return {"digits": None, "error": _last_line(error)}

    def _claims(self, expression: str) -> dict[str, Any]:
        """Whether a claim is exactly True: Python's, or one element of a tensor."""
        try:
            value = eval(expression, dict(self.names))
            one = value
            with contextlib.suppress(ValueError, RuntimeError):  # several elements
                one = value.item() if hasattr(value, "item") else value
            if one is not True:
                kind = "" if one is False else f", of type {type(value).__name__}"
                return {"holds": False, "error": f"it is {value!r:.60}{kind}"}
            return {"holds": True, "vacuous": self._vacuous(expression, one)}
        except BaseException as error:
            return {"holds": False, "error": _last_line(error)}

    def _vacuous(self, expression: str, value: float) -> str:
        with self.ours():
            from pagecheck.vacuous import vacuity

            return vacuity(expression, value, self.names, self.job["own"])

    def _formulas(self, latex: str, expression: str) -> dict[str, Any]:
        """How a formula differs; whatever an evaluation raises is told."""
        try:
            with self.ours():
                from pagecheck.formula.equality import differences

                return {"differ": differences(latex, expression, self.names)}
        except BaseException as error:
            return {"differ": [f"it cannot be evaluated: {_last_line(error)}"]}

    # -- what the page sees ------------------------------------------------------------

    def _notice(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take down the first thing that the page sees outside of its own."""
        if self.saw or not self.watching:
            return
        if event.startswith(_OUTSIDE):
            self.saw = event
        elif event in _ON_PATHS and isinstance(arguments[0], str | bytes | os.PathLike):
            path = os.path.abspath(os.fsdecode(arguments[0]))  # noqa: PTH100 (with ..)
            if not f"{path}{os.sep}".startswith(self._known):
                self.saw = f"{event} {path}"

    @functools.cached_property
    def _known(self) -> tuple[str, ...]:
        """What all paths begin with that a run's name, or its page, stands for."""
        known: list[str | Path] = [
            sys.prefix,
            sys.base_prefix,
            *sysconfig.get_paths().values(),
        ]
        known += [self.job["ours"], self.job["folder"], Path(self.job["root"]) / "src"]
        known += [Path.home() / ".cache" / "matplotlib"]
        return (*(f"{Path(each).absolute()}{os.sep}" for each in known), *_SYSTEM)


class _HouseStyle(importlib.abc.MetaPathFinder):
    """Gives matplotlib the house style when it is first imported."""

    def __init__(self, child: _Child) -> None:
        self.child = child

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:  # noqa: ANN401
        """Matplotlib's own place, and what is to be done once it is imported."""
        if name != "matplotlib":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def styled(module: types.ModuleType) -> None:
                execute(module)
                with self.child.ours():
                    from pagecheck.house import from_json, use

                    house = from_json(self.child.job["house"])
                    use(house)
                    module.rcdefaults()  # not what a user has set
                    module.rcParams.update(house.rc)
                    house.register()

            spec.loader.exec_module = styled  # type: ignore[method-assign]
        return spec


def _registries() -> list[tuple[str, dict[Any, Any]]]:
    """What has been warned of, by module, so that it is not again."""
    modules = [(name, vars(each)) for name, each in list(sys.modules.items()) if each]
    key = "__warningregistry__"
    return [(name, names[key]) for name, names in modules if key in names]


def _taken(package: str) -> dict[str, types.ModuleType]:
    """Take a package out of the modules that are loaded."""
    names = [name for name in sys.modules if name.split(".")[0] == package]
    return {name: sys.modules.pop(name) for name in names}


def _names(tree: ast.Module) -> Iterator[str]:
    """The names that code imports or asks an object for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (getattr(node, "module", "") or "").split(".")
            yield from (part for each in node.names for part in each.name.split("."))


def _refuse_futures(tree: ast.Module, file: str) -> None:
    """Refuse, as in one file, an import from the future below other code."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            said = "from __future__ imports must occur at the beginning of the file"
            raise SyntaxError(said, (file, node.lineno, node.col_offset + 1, None))


def _draw(figure: Any, table: dict[str, str] | None) -> dict[str, Any]:  # noqa: ANN401
    from pagecheck import svg

    try:
        return {"svg": svg.draw(figure, table)}
    except Exception as error:
        return {"error": str(error) or type(error).__name__}


def _show_warning(
    message: Warning | str, category: type[Warning], *place: object, **rest: object
) -> None:
    """Show a warning as a page does: without path and line."""
    with contextlib.suppress(ValueError):  # closed
        sys.stdout.flush()
    sys.stderr.write(f"{category.__name__}: {message}\n")


def _last_line(raised: BaseException) -> str:
    """An exception as the end of a traceback shows it: ``Type: message``."""
    if isinstance(raised, SyntaxError):
        return f"{type(raised).__name__}: {raised.msg}"
    shown = traceback.TracebackException.from_exception(raised)
    line = "".join(shown.format_exception_only()).rstrip("\n")
    return line if len(line) <= _LONGEST_MESSAGE else f"{line[:_LONGEST_MESSAGE]} …"


def _line_of(raised: BaseException, file: str) -> int | None:
    if isinstance(raised, SyntaxError) and raised.filename == file:
        return raised.lineno
    frames = traceback.extract_tb(raised.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == file]
    return lines[-1] if lines else None


def _tell(job: dict[str, Any], **what: object) -> None:
    """Append a line to the file of results."""
    line = json.dumps(what).encode() + b"\n"
    with Path(job["results"]).open("ab", buffering=0) as file:
        while line:
            line = line[file.write(line) :]


# -- the process that looks after the page's -------------------------------------------


def _fork(job: dict[str, Any]) -> bool:
    """Give the page a process of its own; whether this is the page's."""
    if not hasattr(os, "fork"):
        return _without_input()
    if sys.platform == "linux":  # what the page's children leave behind is ours too
        import ctypes

        set_child_subreaper = 36
        ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0)
    page = os.fork()
    if not page:
        return _without_input()
    _tell(job, process=page)
    threading.Thread(target=_tell_end, args=(job, page), daemon=True).start()
    while os.read(0, 1):
        pass
    _end_all()
    shutil.rmtree(job["folder"], ignore_errors=True)
    return False


def _without_input() -> bool:
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    return True


def _tell_end(job: dict[str, Any], page: int) -> None:
    """Tell how the page's process has ended, when it has."""
    with contextlib.suppress(OSError):
        status = os.waitstatus_to_exitcode(os.waitpid(page, 0)[1])
        _tell(job, ended=status)


def _end_all() -> None:
    """End all that the page has started, and what that has started."""
    import psutil

    this = psutil.Process()
    for _ in range(500):
        for process in this.children(recursive=True):
            with contextlib.suppress(psutil.Error):
                process.kill()
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.01)


if __name__ == "__main__":
    _job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    if _fork(_job):
        _Child(_job).run()
