"""Run every page as other processors would, and say where one is not the same.

Usage: python .ci/portable.py [--only NAME] [PAGE…]

Which kernels compute depends on the processor and on the number of threads, and they
round the last digits otherwise. Each setting below holds some part of the libraries to
lesser instructions. In each, `pagecheck check` runs the pages, with no run kept and
no tolerance; twins of the same code share a run, and both are compared with it. Said
are, first, which calculations a setting changes at all on this machine, so that none
passes for tried that is not honoured; then every problem; and last a table of pages
and settings. The exit status is 1 where a page differs, 2 where a check did not end.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROBLEM = re.compile(r"^(?P<page>\S+):(?P<line>\d+): \[(?P<rule>[\w-]+)\]")
VERDICT = re.compile(r"^(?P<page>\S+): \d+ checks, (?:(?P<problems>\d+) problems|true)")

# NumPy says what it can be told to leave; its lowest kernels are compiled in.
FEATURES = """
from numpy._core import _multiarray_umath as core
print(*(each for each in core.__cpu_dispatch__ if core.__cpu_features__[each]))
"""
# Calculations that pages make, one for each kind of kernel, to the last bit.
CALCULATIONS = """
import hashlib, json, math
import numpy as np, torch

array = np.random.default_rng(0).standard_normal((97, 61))
single = torch.tensor(array, dtype=torch.float32)
long = torch.tensor(np.random.default_rng(0).random(300_001))
done = {
    "torch.linspace": torch.linspace(-10, 10, 1501),
    "torch.sigmoid": torch.sigmoid(single),
    "torch.softmax": torch.softmax(single, 1),
    "torch.exp": torch.exp(torch.tensor(array)),
    "torch.sum": long.sum(),
    "torch @": single @ single.T,
    "gelu": torch.nn.functional.gelu(single),
    "eigvalsh": torch.linalg.eigvalsh(torch.tensor(array.T @ array)),
    "numpy.exp": np.exp(array),
    "numpy.tanh": np.tanh(array),
    "numpy @": array @ array.T,
    "math.exp": [math.exp(each) for each in array.flat],
}
print(json.dumps({
    name: hashlib.sha256(np.ascontiguousarray(each).tobytes()).hexdigest()
    for name, each in done.items()
}))
"""


def threads(number: int) -> dict[str, str]:
    """The environment in which every library uses so many threads."""
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    return dict.fromkeys(names, str(number))


def settings(features: Sequence[str]) -> dict[str, dict[str, str]]:
    """What is tried, by name: the environment of each run.

    The full product of three levels of four parts and two numbers of threads would be
    162 runs. A page that hangs on one part shows where that part alone is changed, and
    no processor mixes the levels otherwise than the two that change all at once: one
    of the kind that most machines are, and one that has next to nothing. These two
    run on one thread, so that each level of torch's kernels is tried with both.

    Args:
        features: What NumPy finds on this machine beyond its lowest kernels.
    """
    beyond_avx2 = [each for each in features if each not in {"X86_V3", "AVX2", "FMA3"}]
    torch_avx2 = {"ATEN_CPU_CAPABILITY": "avx2"}
    torch_least = {"ATEN_CPU_CAPABILITY": "default"}
    # MKL_ENABLE_INSTRUCTIONS does the same on Intel's processors, and only there.
    libraries_avx2 = {"ONEDNN_MAX_CPU_ISA": "AVX2", "MKL_CBWR": "AVX2"}
    libraries_least = {"ONEDNN_MAX_CPU_ISA": "SSE41", "MKL_CBWR": "COMPATIBLE"}
    numpy_avx2 = {
        "NPY_DISABLE_CPU_FEATURES": " ".join(beyond_avx2),
        "OPENBLAS_CORETYPE": "Haswell",
    }
    # The mathematics of Python's floats, and of torch's lowest kernels, is the C
    # library's, which picks by the processor as well.
    numpy_least = {
        "NPY_DISABLE_CPU_FEATURES": " ".join(features),
        "OPENBLAS_CORETYPE": "Prescott",
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F",
    }
    return {
        "best": threads(2),
        "one-thread": threads(1),
        "torch-avx2": threads(2) | torch_avx2,
        "torch-least": threads(2) | torch_least,
        "mkl-onednn-least": threads(2) | libraries_least,
        "numpy-libm-least": threads(2) | numpy_least,
        "all-avx2": threads(1) | torch_avx2 | libraries_avx2 | numpy_avx2,
        "all-least": threads(1) | torch_least | libraries_least | numpy_least,
    }


def computed(environment: Mapping[str, str]) -> dict[str, str]:
    """A digest of each of the calculations, as made in an environment."""
    done = subprocess.run(
        [sys.executable, "-c", CALCULATIONS],
        env=os.environ | environment,
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    digests: dict[str, str] = json.loads(done.stdout)
    return digests


def checked(environment: Mapping[str, str], pages: Sequence[str]) -> tuple[int, str]:
    """What ``pagecheck check`` ends with and says in an environment."""
    done = subprocess.run(
        [sys.executable, "-m", "pagecheck", "check", *pages],
        cwd=ROOT,
        # With CI set, no run of another time is taken.
        env=os.environ | environment | {"CI": "1", "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    return done.returncode, done.stdout


def verdicts(said: str) -> dict[str, int]:
    """The pages that a check speaks of, each with its number of problems."""
    found = (VERDICT.match(line) for line in said.splitlines())
    return {each["page"]: int(each["problems"] or 0) for each in found if each}


def places(said: str) -> list[str]:
    """Where a check found a problem, ``page:line: [rule]``, each once."""
    found = (PROBLEM.match(line) for line in said.splitlines())
    return list(dict.fromkeys(each[0] for each in found if each))


def only_problems(said: str) -> str:
    """What a check says, without the pages on which there is nothing to mend."""
    lines = [(line, VERDICT.match(line)) for line in said.splitlines()]
    return "\n".join(line for line, page in lines if not page or page["problems"])


def unfinished(code: int, said: str) -> bool:
    """Whether a check did not come to a verdict on its pages that fits its status."""
    found = verdicts(said)
    return not found or code != (1 if any(found.values()) else 0)


def table(found: Mapping[str, Mapping[str, int]]) -> str:
    """Pages and settings: `=` where a page is the same, else the number of problems.

    Args:
        found: For each setting, the number of problems of each page.
    """
    pages = list(dict.fromkeys(page for each in found.values() for page in each))
    rows = [("page", *found)]
    rows += [
        (page, *(cell(each.get(page)) for each in found.values())) for page in pages
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def cell(problems: int | None) -> str:
    """What the table says of a page in one setting."""
    return "?" if problems is None else str(problems or "=")


def differing(found: Mapping[str, Iterable[str]]) -> list[str]:
    """Each place that differs, with the settings in which it does."""
    every = dict.fromkeys(place for each in found.values() for place in each)
    return [
        f"{place} {', '.join(name for name, each in found.items() if place in each)}"
        for place in every
    ]


def main() -> int:
    """Run the pages in each setting; 1 where one differs, 2 where a check broke."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", metavar="NAME", help="one setting, by its name")
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="by default, all")
    options = parser.parse_args()
    features = subprocess.run(
        [sys.executable, "-c", FEATURES],
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ).stdout.split()
    tried = settings(features)
    if options.only:
        if options.only not in tried:
            parser.error(f"--only {options.only}: give one of {', '.join(tried)}")
        tried = {options.only: tried[options.only]}
    own = computed(threads(2))
    numbers: dict[str, dict[str, int]] = {}
    problems: dict[str, list[str]] = {}
    broken = []
    for name, environment in tried.items():
        digests = computed(environment)
        changed = ", ".join(each for each in own if digests[each] != own[each])
        print(f"{name}: {' '.join(f'{k}={v!r}' for k, v in environment.items())}")
        print(
            f"    computes otherwise: {changed or 'nothing of what was tried'}",
            flush=True,
        )
        code, said = checked(environment, options.pages)
        numbers[name], problems[name] = verdicts(said), places(said)
        if unfinished(code, said):
            broken.append(name)
            print(f"    the check did not end well, with status {code}:\n{said}")
        elif code:
            print(only_problems(said))
        sys.stdout.flush()
    print("\n".join([table(numbers), *differing(problems)]))
    if broken:
        return 2
    return 1 if any(problems.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
