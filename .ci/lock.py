"""Write requirements.txt: every package that pyproject.toml leads to, with its hashes.

Usage: python .ci/lock.py [--upgrade] [--torch VERSION]

uv resolves for all platforms and Python versions at once. Left out is what makes each
build slow, and is asked for by others' extras alone. Two things are PyTorch's own.
The CUDA packages that its build on PyPI asks for on Linux are left out; the hashes of
its CPU builds, which lie on an index of their own, are added. So the one file serves
every platform, and pip installs it with ``--no-deps --require-hashes``.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.txt"
SETTINGS = ROOT / "pyproject.toml"
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
HEAD = f"""\
# Made by `make lock` from pyproject.toml; what runs here is what CI runs.
#     pip install --no-deps --require-hashes --requirement requirements.txt
# installs it, on Linux after torch's CPU build: --index-url {CPU_INDEX}
"""
GPU_ONLY = re.compile(r"cuda|nvidia|triton")
# jsonschema imports it where it is there, mkdocs-jupyter imports jsonschema, and each
# build would take two seconds more, in which its grammar is read.
SLOW = re.compile(r"rfc3987-syntax|lark")
ENTRY = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+).*\n(?:[ ]+.*\n)*", re.MULTILINE
)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def resolved(upgrade: bool, settings: str, before: str) -> str:
    """What uv makes of the settings; versions stay as before but for an upgrade."""
    uv = str(Path(sys.executable).with_name("uv"))
    command = [uv, "pip", "compile", "pyproject.toml", "--universal", "--all-extras"]
    command += ["--python-version", "3.11", "--fork-strategy", "fewest", "--quiet"]
    command += ["--generate-hashes", "--no-header", "--no-annotate"]
    command += ["--prerelease", "disallow"]
    command += ["--output-file", LOCK.name] + ["--upgrade"] * upgrade
    with tempfile.TemporaryDirectory() as folder:  # a run cut short changes nothing
        Path(folder, "pyproject.toml").write_text(settings, encoding="utf-8")
        Path(folder, LOCK.name).write_text(before, encoding="utf-8")
        subprocess.run(command, check=True, cwd=folder)
        return Path(folder, LOCK.name).read_text(encoding="utf-8")


def cpu_hashes(version: str, before: str) -> set[str]:
    """The hashes of the CPU builds of torch, by its index or by the file as it was.

    Raises:
        SystemExit: When neither knows them.
    """
    try:
        with urllib.request.urlopen(f"{CPU_INDEX}/torch/", timeout=30) as answer:
            page = answer.read().decode()
    except OSError as error:
        old = entries(before).get("torch", "")
        if f"torch=={version}" not in old:
            sys.exit(f"{CPU_INDEX}: {error}; the hashes of torch {version} are there")
        print(f"{CPU_INDEX}: {error}; torch's hashes stay", file=sys.stderr)
        return set(HASH.findall(old))
    wheel = rf"torch-{re.escape(version)}%2Bcpu-[^\"#]*#sha256=([0-9a-f]{{64}})"
    return set(re.findall(wheel, page)) or sys.exit(f"{CPU_INDEX}: no torch {version}")


def entries(text: str) -> dict[str, str]:
    """The entry of each package, by its name."""
    return {match["name"]: match[0] for match in ENTRY.finditer(text)}


def left_out(name: str) -> bool:
    """Whether a package is not to be installed, although another asks for it."""
    return bool(GPU_ONLY.match(name) or SLOW.fullmatch(name))


def main() -> None:
    """Write the file anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take newer versions")
    parser.add_argument("--torch", help="take this torch from now on")
    options = parser.parse_args()
    before = LOCK.read_text(encoding="utf-8") if LOCK.exists() else ""
    settings = SETTINGS.read_text(encoding="utf-8")
    if options.torch:
        settings = re.sub(r'"torch==[^"]+"', f'"torch=={options.torch}"', settings)
    text = ENTRY.sub(
        lambda entry: "" if left_out(entry["name"]) else entry[0],
        resolved(options.upgrade, settings, before),
    )
    torch = ENTRY.search(text, text.index("\ntorch==") + 1)
    if torch is None:
        sys.exit("pyproject.toml does not lead to torch")
    hashes = sorted(cpu_hashes(torch["version"], before) | set(HASH.findall(torch[0])))
    head = torch[0].partition("\n")[0].removesuffix(" \\")
    entry = " \\\n".join([head, *(f"    --hash=sha256:{e}" for e in hashes)]) + "\n"
    write(SETTINGS, settings)
    write(LOCK, HEAD + text.replace(torch[0], entry))


def write(file: Path, text: str) -> None:
    """Write a file as a whole, or not at all."""
    beside = file.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)


if __name__ == "__main__":
    main()
