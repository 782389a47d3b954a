"""Run the pages with the newest torch, numpy and matplotlib, and say what moved.

Usage: python .ci/drift.py [--installed] [PAGE…]

An environment of its own, .cache/drift, gets what requirements.txt pins and then the
newest of the three. The pages and the package are tested under `--number-tolerance 1`;
drift.md tells the versions, what failed, and what recording would change. With
--installed nothing is fetched: the environment that runs this is tried.
"""

import argparse
import re
import subprocess
import sys
import venv
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
ENVIRONMENT = ROOT / ".cache" / "drift"
REPORT = ROOT / "drift.md"
NEWEST = ("torch", "numpy", "matplotlib")
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
TRIED = ("-m", "not browser", "--number-tolerance", "1")
# These print the versions, so that they would fail with any other.
TELL_VERSIONS = ("installation.md", "verification.md")
# As pytest's summary and a diff name a file.
FAILED = re.compile(r"(?m)^(?:FAILED|ERROR) ([^\s:]+)")
CHANGED = re.compile(r"(?m)^\+\+\+ b/(\S+)")
ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==.*\n(?:[ ]+.*\n)*", re.MULTILINE)


def install() -> Path:
    """An environment with the newest of the three and the pinned rest."""
    venv.create(ENVIRONMENT, with_pip=True, clear=True)
    python = next(ENVIRONMENT.glob("bin/python"), ENVIRONMENT / "Scripts/python.exe")
    pip = [python, "-m", "pip", "install", "--quiet"]
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    rest = ENVIRONMENT / "rest.txt"
    rest.write_text(
        ENTRY.sub(lambda e: "" if e["name"] in NEWEST else e[0], lock), encoding="utf-8"
    )
    index = ["--index-url", CPU_INDEX] if sys.platform == "linux" else []
    for arguments in (
        ["--no-deps", "--require-hashes", "--requirement", rest],
        [*index, "torch"],
        ["numpy", "matplotlib"],
        ["--no-deps", "--editable", ROOT],
    ):
        subprocess.run([*pip, *arguments], check=True)
    return python


def run(python: Path, *arguments: str) -> tuple[int, str]:
    """What a module of that environment says, and with which exit code."""
    done = subprocess.run(
        [python, "-m", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return done.returncode, done.stdout


def versions(python: Path) -> dict[str, str]:
    """The versions of the three that an environment has."""
    if python == Path(sys.executable):
        return {name: version(name) for name in NEWEST}
    code = "import importlib.metadata as m, sys; print(*map(m.version, sys.argv[1:]))"
    command = [python, "-c", code, *NEWEST]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    return dict(zip(NEWEST, said.stdout.split(), strict=True))


def report(found: dict[str, str], code: int, failures: str, diff: str) -> str:
    """What drift.md tells; where a test failed, an issue is opened with it."""
    pinned = re.findall(
        rf"(?m)^({'|'.join(NEWEST)})==(\S+)", (ROOT / "requirements.txt").read_text()
    )
    rows = [f"| {name} | {was} | {found[name].split('+')[0]} |" for name, was in pinned]
    named = FAILED.findall(failures) + CHANGED.findall(diff)
    return "\n".join(
        [
            "# What moved with the newest versions",
            "",
            "| package | pinned | newest |",
            "| --- | --- | --- |",
            *rows,
            "",
            "`make update-deps TORCH=…` takes a newer torch and records the pages.",
            "",
            "## Pages and tests that differ",
            "",
            *([f"- `{name}`" for name in sorted(set(named))] or ["None."]),
            "",
            # The short one first: an issue has no room for all failures of many pages.
            "## What recording would change",
            "",
            "Nothing." if diff.startswith("0 files ") else fenced("diff", diff),
            "",
            "## What failed, within one unit of the last printed digit",
            "",
            fenced("text", failures) if code else f"Nothing: {last_line(failures)}",
            "",
        ]
    )


def last_line(text: str) -> str:
    """What a program says at its end."""
    return text.strip().splitlines()[-1]


def fenced(language: str, text: str) -> str:
    """A fence longer than any in the text."""
    longest = max((len(ticks) for ticks in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def main() -> int:
    """Write drift.md; 1 where a page or a test no longer holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--installed", action="store_true", help="fetch nothing")
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="by default, all")
    options = parser.parse_args()
    python = Path(sys.executable) if options.installed else install()
    tried = options.pages or ["docs", "tests/torch_recipes"]
    left_out = [f"--ignore-glob=*/{name}" for name in TELL_VERSIONS]
    code, said = run(
        python,
        "pytest",
        *TRIED,
        *left_out,
        "-q",
        "-n",
        "auto",
        "--dist",
        "loadgroup",
        *tried,
    )
    _, diff = run(python, "pagecheck", "record", *options.pages)
    REPORT.write_text(report(versions(python), code, said, diff), encoding="utf-8")
    print(f"{REPORT.name}: {last_line(said)}")
    return min(code, 1)


if __name__ == "__main__":
    sys.exit(main())
