"""Lay down a page in both languages, true from its first minute.

Usage: python .ci/new_page.py FOLDER/NAME

The twins say the same and are under the contract at once: write on from there. Both
navigations get the page after the last one of its folder.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAME = re.compile(r"(?P<folder>[a-z][a-z-]*)/(?P<page>[a-z0-9]+(?:-[a-z0-9]+)*)")

BLOCK = """\
```python
import torch

numbers = torch.tensor([1.0, 2.0, 4.0], dtype=torch.float64)
mean = numbers.mean().item()
print(f"{mean:.4f}")
```

<!--pytest-codeblocks:expected-output-->

```text
2.3333
```
"""

ENGLISH = f"""\
---
description: Say in one sentence what a reader of this page will be able to do.
---

# @TITLE@ {{ #@ID@ }}

Say here what the reader will be able to do, and why it matters.

## A first result {{ #first-result }}

The mean of the tensor is 2.33<!--= mean-->: a number in the text is bound to the code.

{BLOCK}
## What to remember {{ #remember }}

- The one thing that a reader should take along.<!--pagecheck:claim mean > 2-->
"""

CHINESE = f"""\
---
description: 用一句话说明读者读完这一页能做到什么。
---

# 新的一页：@TITLE@ {{ #@ID@ }}

在这里说明读者将学会什么，以及为什么值得学。

## 第一个结果 {{ #first-result }}

这个张量的均值是2.33<!--= mean-->：正文里的数字要绑定到代码上。

{BLOCK}
## 要点 {{ #remember }}

- 读者应当带走的那一点。<!--pagecheck:claim mean > 2-->
"""


@dataclass(frozen=True)
class Language:
    """Where the pages of a language lie, and what a new one says.

    Attributes:
        docs: Its folder.
        settings: The file with its navigation.
        skeleton: The page, with its title and its id left open.
    """

    docs: str
    settings: str
    skeleton: str


LANGUAGES = (
    Language("docs/zh", "mkdocs.yml", CHINESE),
    Language("docs/en", "mkdocs.en.yml", ENGLISH),
)


def new_page(root: Path, name: str) -> list[Path]:
    """Write the twins and their entries; nothing, where anything is wrong.

    Args:
        root: The project's folder.
        name: The page, as ``recipes/batch-size``.

    Returns:
        The files written or changed.

    Raises:
        ValueError: When the name is malformed or taken, or its folder is in no
            navigation.
    """
    match = NAME.fullmatch(name)
    if match is None:
        raise ValueError(
            f"NAME={name}: expected a folder and a name of lower-case letters, digits "
            "and single hyphens, without an ending, as in NAME=recipes/batch-size"
        )
    title = match["page"].replace("-", " ").capitalize()
    files: dict[Path, str] = {}
    for language in LANGUAGES:
        page = root / language.docs / f"{name}.md"
        for taken in (page, page.with_suffix(".ipynb")):
            if taken.exists():
                raise ValueError(f"{taken.relative_to(root)} exists; take another name")
        text = language.skeleton.replace("@TITLE@", title)
        files[page] = text.replace("@ID@", match["page"])
        settings = root / language.settings
        label = re.search(r"(?m)^# (.*) \{", files[page])
        assert label is not None
        files[settings] = with_entry(
            settings.read_text(encoding="utf-8"), label[1], name, language.settings
        )
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    return list(files)


def with_entry(settings: str, title: str, name: str, file: str) -> str:
    """The settings with the page after the last one of its folder.

    Raises:
        ValueError: When the navigation has no page of that folder.
    """
    folder = name.partition("/")[0]
    entry = re.compile(rf"^(?P<indent> +- ).+: {folder}/[\w-]+\.(?:md|ipynb)$", re.M)
    entries = list(entry.finditer(settings))
    if not entries:
        there = sorted(
            set(re.findall(r"(?m)^ +- .+: ([a-z-]+)/[\w-]+\.\w+$", settings))
        )
        raise ValueError(
            f"NAME={name}: the nav of {file} has no page in {folder}/. It has some in "
            f"{', '.join(there)}; a new section is added by hand, in both files"
        )
    last = entries[-1]
    return (
        f"{settings[: last.end()]}\n{last['indent']}{title}: {name}.md"
        f"{settings[last.end() :]}"
    )


def main() -> None:
    """Write the page that the command line names."""
    if len(sys.argv) != 2:
        sys.exit("which page? make new-page NAME=recipes/batch-size")
    try:
        files = new_page(ROOT, sys.argv[1])
    except ValueError as error:
        sys.exit(str(error))
    for file in files:
        print(file.relative_to(ROOT))


if __name__ == "__main__":
    main()
