"""What the fresh interpreter of a page executes: ``python child.py JOB``.

The page's blocks run in its ``__main__``, as one file, each at the page's own lines.
After a block its figures are drawn and what the page binds to it is evaluated, which
leaves no trace in what comes after: the run is the script's. What each step gave is
appended to a file, a line of JSON each, and so survives what the page does to this
process.
"""

from __future__ import annotations

import codeop
import contextlib
import functools
import json
import os
import sys
import threading
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pagecheck.house import House

_LONGEST_MESSAGE = 10_000


class _Child:
    """The page's process."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.job, self.folder = job, Path(job["folder"])
        self.file = str(self.folder / "page.py")
        self.printed = 0
        self.compile = codeop.Compile()  # all that it has from __future__ goes on
        self.compile.flags = 0  # but code is taken whole
        self.main = types.ModuleType("__main__")
        self.names = self.main.__dict__
        self.names.update(__builtins__=__builtins__, __file__=self.file)

    def run(self) -> None:
        """Take the steps of the page's run, and tell what each gave."""
        sys.argv = [self.file]
        sys.path = [self.job["source"], *sys.path, self.job["ours"]]
        sys.modules["__main__"] = self.main
        sys.modules.update(dict.fromkeys(self.job["hidden"]))
        warnings.showwarning = _show_warning
        if self.job["draws"]:
            self._use_the_house_style()
        for kind, index, *texts in self.job["steps"]:
            if kind != "block":
                with self._aside():
                    self._tell(self._evaluate(kind, *texts))
                continue
            code, raises = texts
            found = self._run_block(code, self.job["lines"][index])
            with self._aside():
                self._tell({**found, "figures": self._figures()})
            if found["error"] not in (None, raises):
                os._exit(0)

    def _tell(self, what: dict[str, Any]) -> None:
        """Append a line to the file of results."""
        with (self.folder / "results").open("a", encoding="ascii") as file:
            file.write(json.dumps(what) + "\n")

    @functools.cached_property
    def house(self) -> House:
        """How figures look."""
        from pagecheck.house import House

        return House(**self.job["house"])

    def _use_the_house_style(self) -> None:
        import matplotlib

        matplotlib.rcdefaults()  # not what a user has set
        matplotlib.rcParams.update(self.house.rc)  # type: ignore[arg-type]
        self.house.register()

    def _run_block(self, code: str, first: int) -> dict[str, Any]:
        """Execute the code of a block, whose first line is that of the page."""
        error, message, offset = None, "", 0
        # Blank lines before it give its code the page's own line numbers.
        source = "\n" * (first - 1) + code
        try:
            exec(self.compile(source, self.file, "exec"), self.names)
        except BaseException as raised:
            error, message = type(raised).__name__, _last_line(raised)
            offset = _line_of(raised, self.file, first) - first
        for stream in (sys.stdout, sys.stderr):  # the page may have put others there
            with contextlib.suppress(Exception):
                stream.flush()
        with (self.folder / "output").open("rb") as file:
            file.seek(self.printed)
            printed = file.read()
        self.printed += len(printed)
        if self.printed > self.job["limits"]["bytes"]:
            threading.Event().wait()  # for what watches it, which will say so
        output = printed.decode(errors="surrogateescape")
        return {"output": output, "error": error, "message": message, "offset": offset}

    # -- what is done beside the page's code -------------------------------------------

    @contextlib.contextmanager
    def _aside(self) -> Iterator[None]:
        """Do something of which nothing is seen by the code that comes after it."""
        states = list(self._random_states())
        filters: list[Any] = warnings.filters  # type: ignore[assignment]
        before = filters[:]
        # Not by a function of warnings, which would forget what has been warned of.
        filters.insert(0, ("ignore", None, Warning, None, 0))
        try:
            yield
        finally:
            filters[:] = before
            for put_back, state in states:
                put_back(state)

    def _random_states(self) -> Iterator[tuple[Callable[[Any], object], Any]]:
        """What puts back the state of each source of random numbers, and that state."""
        known = [sys.modules.get(each) for each in ("random", "numpy.random", "torch")]
        for each in [*known, *self.names.values()]:
            is_module = isinstance(each, types.ModuleType)
            module = each.__name__ if is_module else type(each).__module__
            if module.split(".")[0] not in ("random", "numpy", "torch"):
                continue
            bits: Any = getattr(each, "bit_generator", None)
            if hasattr(bits, "state"):
                yield functools.partial(setattr, bits, "state"), bits.state
            for name in ("state", "_state", "_rng_state"):
                get = getattr(each, f"get{name}", None)
                if put_back := get and getattr(each, f"set{name}", None):
                    yield put_back, get()

    def _figures(self) -> list[dict[str, Any]]:
        """Draw, in each language, and close the figures that a block has left open."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is None or not pyplot.get_fignums():
            return []
        from pagecheck import svg

        def draw(figure: Any, table: dict[str, str] | None) -> dict[str, Any]:  # noqa: ANN401
            try:
                return {"svg": svg.draw(figure, self.house, table)}
            except Exception as error:
                return {"error": str(error) or type(error).__name__}

        texts = self.job["texts"].items()
        figures = [pyplot.figure(number) for number in pyplot.get_fignums()]
        drawn = [{name: draw(each, table) for name, table in texts} for each in figures]
        pyplot.close("all")
        return drawn

    def _evaluate(self, kind: str, text: str, expression: str = "") -> dict[str, str]:
        """The value of a bound expression or a claim; how a formula differs."""
        try:
            if kind == "formula":
                from pagecheck.formula.equality import differences

                return {"error": "; ".join(differences(text, expression, self.names))}
            one = value = eval(text, dict(self.names))
            with contextlib.suppress(ValueError, RuntimeError):  # several elements
                one = value.item() if hasattr(value, "item") else value
            is_number = isinstance(one, int | float) and not isinstance(one, bool)
            if is_number if kind == "number" else one is True:
                from pagecheck.vacuous import vacuity

                vacuous = vacuity(text, one, self.names, self.job["own"])
                return {"digits": repr(one), "vacuous": vacuous}
            said = f"it is {value!r:.60}"
            if kind == "number":
                said += ", no number"
            elif one is not False:
                said += f", of type {type(value).__name__}"
        except BaseException as error:
            said = _last_line(error)
        return {"error": said}


def _show_warning(
    message: Warning | str, category: type[Warning], *place: object, **rest: object
) -> None:
    """Show a warning as a page does: without path and line."""
    sys.stderr.write(f"{category.__name__}: {message}\n")


def _last_line(raised: BaseException) -> str:
    """An exception as the end of a traceback shows it: ``Type: message``."""
    lines = traceback.format_exception_only(raised)
    text = lines[-1] if isinstance(raised, SyntaxError) else "".join(lines)
    return text.rstrip("\n")[:_LONGEST_MESSAGE]


def _line_of(raised: BaseException, file: str, first: int) -> int:
    """The last line of the page that an exception has come through."""
    if isinstance(raised, SyntaxError) and raised.filename == file:
        return raised.lineno or first
    places = traceback.walk_tb(raised.__traceback__)
    lines = [line for frame, line in places if frame.f_code.co_filename == file]
    return lines[-1] if lines else first


if __name__ == "__main__":
    _Child(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))).run()
