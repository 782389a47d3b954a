"""A small documentation of another subject, in two other languages, kept true."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SETTINGS = """
[tool.pagecheck]
pages = { en = "docs", de = "dokumente" }
needs = ["numpy", "matplotlib"]
claimed = ["summary"]
names = ["5-number summary"]
figure-texts = "texts.toml"
terms = { de = { Median = ["Zentralwert"] } }
"""

TEXTS = '[de]\n"hours of sleep" = "Stunden Schlaf"\n'

CODE = """\
```python
import numpy as np

hours = np.array([6.5, 7.0, 7.25, 8.0, 12.0])
print(hours.mean(), np.median(hours))
```

<!--pytest-codeblocks:expected-output-->

```text
?
```

"""

FIGURE = """\
```python
import matplotlib.pyplot as plt

fig, ax = plt.subplots(figsize=(4, 2), layout="constrained")
ax.plot(hours, 0 * hours, "o")
ax.set_xlabel("hours of sleep")
```

"""

PAGE = f"""\
# Mean and median {{ #mean-median }}

Part of the 5-number summary.

## One night too long {{ #night }}

{CODE}The mean of the 0<!--= hours.size--> nights is 0.0<!--= hours.mean()--> hours:

<!--pagecheck:formula x_bar := hours.mean() where x = hours, n = hours.size-->

$$
\\bar x = \\frac{{1}}{{n}} \\sum_{{i=1}}^n x_i
$$

{FIGURE}![Points on a line, one far to the right of the others.](figures/nights.svg)

## Summary {{ #summary }}

- One long night moves the mean more than the median.<!--pagecheck:claim \
hours.mean() - hours[:-1].mean() > np.median(hours) - np.median(hours[:-1])-->
"""

GERMAN = {
    "Mean and median": "Mittelwert und Median",
    "Part of the": "Ein Teil der",
    "One night too long": "Eine zu lange Nacht",
    "The mean of the": "Der Mittelwert der",
    " nights is ": " Nächte ist ",
    " hours:": " h:",
    "Points on a line, one far to the right of the others.": "Punkte auf einer Linie.",
    "## Summary": "## Zusammenfassung",
    "One long night moves the mean more than the median.": "Eine lange Nacht "
    "verschiebt den Mittelwert mehr als den Median.",
}
SEITE = PAGE
for english, german in GERMAN.items():
    assert english in SEITE
    SEITE = SEITE.replace(english, german)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, as its author leaves it after recording."""
    root = tmp_path_factory.mktemp("statistics")
    (root / "pyproject.toml").write_text(SETTINGS, "utf-8")
    (root / "texts.toml").write_text(TEXTS, "utf-8")
    for folder, text in (("docs", PAGE), ("dokumente", SEITE)):
        (root / folder).mkdir()
        (root / folder / "page.md").write_text(text, "utf-8")
    assert pagecheck(root, "record", "--write") == ""
    return root


def pagecheck(root: Path, *arguments: str) -> str:
    """What the command complains about."""
    command = [sys.executable, "-m", "pagecheck", *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_its_pages_are_recorded_and_true(project: Path):
    assert pagecheck(project, "check") == ""
    page, seite = (project / f / "page.md" for f in ("docs", "dokumente"))
    for text in (page.read_text("utf-8"), seite.read_text("utf-8")):
        assert "8.15 7.25\n" in text
        assert "5<!--= hours.size-->" in text
        assert "8.2<!--= hours.mean()-->" in text or "8.1<!--= hours" in text
    figures = [
        (each.parent / "figures/nights.svg").read_text() for each in (page, seite)
    ]
    assert ">hours of sleep<" in figures[0]
    assert ">Stunden Schlaf<" in figures[1]


WRONG = {
    "a number": ("docs", "5<!--= hours.size", "6<!--= hours.size", "[numbers]"),
    "an output": ("docs", "8.15 7.25", "8.15 7.52", "[outputs]"),
    "a formula": ("docs", r"\sum_{i=1}", r"\sum_{i=2}", "[formulas]"),
    "a claim": ("docs", "hours.mean() - hours[", "- hours.mean() - hours[", "[claims]"),
    "a figure": ("docs", '"o")', '"x")', "[figures]"),
    "a twin": ("dokumente", "\n## Zusammenfassung { #summary }", "", "[twins]"),
    "a term": ("dokumente", "als den Median", "als den Zentralwert", "[terms]"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_on_them_is_told(project: Path, kind: str):
    folder, old, new, rule = WRONG[kind]
    file = project / folder / "page.md"
    before = file.read_bytes()
    assert old in before.decode()
    file.write_bytes(before.decode().replace(old, new, 1).encode())
    try:
        assert rule in pagecheck(project, "check")
    finally:
        file.write_bytes(before)
