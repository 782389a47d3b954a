"""The four recipes: each has the same form, is short, and has a solution that runs."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import zip_longest
from pathlib import Path

import pytest

from pagecheck.config import load_config
from pagecheck.files import read_page
from pagecheck.page import Page, parse_page

from .test_course import prose

ROOT = Path(__file__).parents[1]
CONFIG = load_config(ROOT)
# Read under the names that the items of pages have for them, and so read once.
PAGES = {
    f"{language}-{file.stem}": read_page(file, CONFIG.relative(file))
    for language, folder in CONFIG.pages.items()
    for file in sorted((folder / "recipes").glob("*.md"))
}
FORM = [
    "problem",
    "solution",
    "at-a-glance",
    "how-it-works",
    "when-it-goes-wrong",
    "remember",
    "exercises",
    "source",
]
LONGEST = {"en": 1550, "zh": 2500}
"""English words, Chinese characters."""
FOLD = re.compile(r"^<details markdown>$.*?^</details>$", re.DOTALL | re.MULTILINE)
UNIT = {"en": r"[^\W_][\w'’.,–-]*", "zh": "[\u4e00-\u9fff]"}


def length(page: Page, language: str) -> int:
    """The length of what a reader of the page has before him.

    Left out are headings, code, formulas, tables, captions and what is folded.
    """
    text = FOLD.sub("", page.text)
    return sum(len(re.findall(UNIT[language], part)) for _, part in prose(text))


def out_of_form(page: Page) -> list[str]:
    """Which section of a recipe is missing or out of place, with the page's line."""
    for section, slug in zip_longest(page.sections[1:], FORM):
        if section is None:
            return [f"{page.path}: {slug} is missing"]
        if section.slug != slug:
            due = slug or "no other section"
            return [f"{page.path}:{section.line}: {section.slug} where {due} is due"]
    return []


def solution(page: Page) -> tuple[str, str]:
    """The code of a recipe's solution without what is folded, and what it prints.

    Each line of the code has the number that it has on the page.
    """
    (number,) = [n for n, s in enumerate(page.sections) if s.slug == "solution"]
    folds = [fold.span() for fold in FOLD.finditer(page.text)]
    blocks = [
        block
        for block in page.blocks
        if block.section == number
        and not any(start < block.end < end for start, end in folds)
    ]
    shown = "".join(block.output.text for block in blocks if block.output)
    code = ""
    for block in blocks:
        code += "\n" * (block.line - 1 - code.count("\n")) + block.code + "\n"
    return code, shown


def run_alone(page: Page, folder: Path) -> tuple[str, str, str]:
    """What goes wrong in a recipe's solution by itself, what it prints, what is shown.

    Python names the page and its line for what goes wrong, as if the page were a file
    of code.
    """
    code, shown = solution(page)
    run = subprocess.run(
        [sys.executable, "-c", f"exec(compile({code!r}, {str(page.path)!r}, 'exec'))"],
        cwd=folder,
        env={"MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stderr, run.stdout, shown


@pytest.mark.parametrize("name", PAGES)
def test_a_recipe_has_the_form_of_all(name):
    assert not out_of_form(PAGES[name]), "\n".join(out_of_form(PAGES[name]))


@pytest.mark.parametrize("name", PAGES)
def test_a_recipe_is_short(name):
    language = name[:2]
    assert length(PAGES[name], language) <= LONGEST[language]


# Twins have the same code and outputs; one of them says it for both.
@pytest.mark.parametrize("name", [name for name in PAGES if name[:2] == "en"])
def test_a_solution_copied_alone_runs(name, tmp_path):
    error, printed, shown = run_alone(PAGES[name], tmp_path)
    assert not error, error
    assert printed == shown, f"{PAGES[name].path}: the solution prints other things"


def test_a_solution_that_needs_code_from_elsewhere_fails_with_page_and_line(tmp_path):
    page = """\
# A { #a }

```python
x = 1
```

## Solution { #solution }

<details markdown>

```python
y = 2
```

</details>

```python
print("begins")
print(x)
```

<!--pytest-codeblocks:expected-output-->

```text
begins
1
```
"""
    error, printed, _ = run_alone(parse_page(page, Path("a.md")), tmp_path)
    assert 'File "a.md", line 19' in error
    assert "NameError: name 'x' is not defined" in error
    assert printed == "begins\n"


def sections(*slugs):
    return "# A { #a }\n" + "".join(f"\n## A {{ #{slug} }}\n" for slug in slugs)


@pytest.mark.parametrize(
    ("slugs", "found"),
    [
        (FORM, []),
        (FORM[:-1], ["a.md: source is missing"]),
        (["solution", *FORM], ["a.md:3: solution where problem is due"]),
        ([*FORM, "more"], ["a.md:19: more where no other section is due"]),
    ],
)
def test_a_recipe_of_another_form_is_found(slugs, found):
    assert out_of_form(parse_page(sections(*slugs), Path("a.md"))) == found


def test_the_length_of_a_recipe_is_that_of_its_running_text():
    page = """\
# Not a title { #a }

Two words, `code`, $x$ and **2.5** [more](b.md).

![A caption](c.svg)

| A | table |
| - | ----- |
| of | words |

<details markdown>
<summary>A fold</summary>

Folded words.

</details>
"""
    assert length(parse_page(page, Path("a.md")), "en") == 5
    assert length(parse_page("两个字，`code`和more。", Path("a.md")), "zh") == 4


@pytest.mark.parametrize("language", LONGEST)
def test_relu_is_found_from_the_home_page(language):
    docs = load_config(ROOT).pages[language]
    home = (docs / "index.md").read_text("utf-8")
    assert "(recipes/activation-functions.md#at-a-glance)" in home
    rows = PAGES[f"{language}-activation-functions"].text.split("\n")
    call, beware = (row for row in rows if re.match(r"\| (\[ReLU\]|ReLU )", row))
    assert "`nn.ReLU()(x)`" in call
    assert "→" in call
    assert "(#dying-relu)" in beware
