"""A tiny project with a page in two languages, to be broken in every way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from pagecheck.checks import Subject
from pagecheck.config import load_config
from pagecheck.page import Page, parse_page

SETTINGS = """
[tool.pagecheck]
pages = { zh = "docs/zh", en = "docs/en" }
needs = ["numpy", "matplotlib"]
run-bash = true
figure-texts = "texts.toml"
"""

GOOD = """
# Tiny { #tiny }

## One { #one }

The sum is 3.14<!--= total-->.

```python
total = 3.14159
print(total)
```

<!--pytest-codeblocks:expected-output-->

```text
3.14159
```
"""

GOOD_ZH = """
# 小页 { #tiny }

## 一 { #one }

总和是3.14<!--= total-->。

```python
total = 3.14159  # 圆周率
print(total)
```

<!--pytest-codeblocks:expected-output-->

```text
3.14159
```
"""


def markdown(text: str) -> str:
    """A page as a test writes it: indented in the test's body."""
    return dedent(text).lstrip("\n")


@pytest.fixture
def parse() -> Callable[[str], Page]:
    return lambda text: parse_page(markdown(text), Path("page.md"))


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Subject]:
    """Lay down a project; the subject of its English page."""

    def make(
        en: str = GOOD,
        zh: str | None = GOOD_ZH,
        texts: str = '[zh]\n"loss" = "损失"\n"step" = "步"\n',
    ) -> Subject:
        (tmp_path / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
        (tmp_path / "texts.toml").write_text(texts, encoding="utf-8")
        for language, text in (("en", en), ("zh", zh)):
            folder = tmp_path / "docs" / language
            folder.mkdir(parents=True, exist_ok=True)
            if text is not None:
                (folder / "page.md").write_text(markdown(text), encoding="utf-8")
        return subject(tmp_path)

    return make


def subject(root: Path, language: str = "en") -> Subject:
    """The page of a language, read anew."""
    load_config.cache_clear()
    return Subject(root / "docs" / language / "page.md", load_config(root))


def problems_of(page: Subject) -> list[str]:
    """What is wrong with a page, each as ``line rule: expected / found``."""
    found = [problem for check in page.checks() for problem in check.problems()]
    return [f"{p.line} {p.rule}: {p.expected} / {p.found}" for p in found]
