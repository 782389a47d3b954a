"""A small documentation of another subject, in two other languages, kept true."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SETTINGS = """
[tool.pagecheck]
pages = { en = "docs", de = "dokumente" }
needs = ["numpy", "matplotlib"]
names = ["5-number summary"]
figure-texts = "texts.toml"
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


# What is changed in which files, and what is told of it.
WRONG = [
    ("docs", "5<!--= hours.size", "6<!--= hours.size", "[numbers] expected 5"),
    ("docs", "8.15 7.25", "8.15 7.52", "[outputs]"),
    ("docs", r"\sum_{i=1}", r"\sum_{i=2}", "[formulas]"),
    ("docs", "hours.mean() - hours[", "- hours.mean() - hours[", "[claims]"),
    ("docs dokumente", '"o")', '"x")', "[figures] expected figures/nights.svg"),
    ("dokumente", "## Zusammenfassung { #summary }\n", "", "[twins] expected the same"),
]


def pagecheck(root: Path, *arguments: str) -> str:
    """What the command complains about."""
    command = [sys.executable, "-m", "pagecheck", *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_its_pages_are_recorded_and_true_and_what_is_wrong_on_them_is_told(
    tmp_path: Path,
):
    (tmp_path / "pyproject.toml").write_text(SETTINGS, "utf-8")
    (tmp_path / "texts.toml").write_text(TEXTS, "utf-8")
    pages = [tmp_path / folder / "page.md" for folder in ("docs", "dokumente")]
    for page, text in zip(pages, (PAGE, SEITE), strict=True):
        page.parent.mkdir()
        page.write_text(text, "utf-8")
    assert pagecheck(tmp_path, "record", "--write") == ""
    assert pagecheck(tmp_path, "check") == ""
    for text in (page.read_text("utf-8") for page in pages):
        assert "8.15 7.25\n" in text
        assert "5<!--= hours.size-->" in text
        assert "8.2<!--= hours.mean()-->" in text or "8.1<!--= hours" in text
    for page, label in zip(pages, ("hours of sleep", "Stunden Schlaf"), strict=True):
        assert f">{label}<" in (page.parent / "figures/nights.svg").read_text("utf-8")
    for folders, old, new, _ in WRONG:
        for file in (tmp_path / each / "page.md" for each in folders.split()):
            text = file.read_text("utf-8")
            assert old in text
            file.write_text(text.replace(old, new, 1), "utf-8")
    found = pagecheck(tmp_path, "check")
    assert [told for *_, told in WRONG if told not in found] == [], found
