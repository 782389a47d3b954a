"""A tiny project with a page in two languages, to be broken in every way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from pagecheck.checked import CheckedPage
from pagecheck.config import Config, load_config
from pagecheck.page import Page, parse_page
from pagecheck.rules import checks_of

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

GOOD_ZH = GOOD.replace("Tiny", "小页").replace("One", "一")
GOOD_ZH = GOOD_ZH.replace(
    "The sum is 3.14<!--= total-->.", "总和是3.14<!--= total-->。"
)
GOOD_ZH = GOOD_ZH.replace("3.14159\nprint", "3.14159  # 圆周率\nprint")


def markdown(text: str) -> str:
    """A page as a test writes it: indented in the test's body."""
    return dedent(text).lstrip("\n")


@pytest.fixture
def parse() -> Callable[[str], Page]:
    return lambda text: parse_page(markdown(text), Path("page.md"))


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., CheckedPage]:
    """Lay down a project; its English page, under check."""

    def make(
        en: str = GOOD,
        zh: str | None = GOOD_ZH,
        settings: str = "",
        texts: str = '[zh]\n"loss" = "损失"\n"step" = "步"\n',
    ) -> CheckedPage:
        (tmp_path / "pyproject.toml").write_text(SETTINGS + settings, encoding="utf-8")
        (tmp_path / "texts.toml").write_text(texts, encoding="utf-8")
        for language, text in (("en", en), ("zh", zh)):
            folder = tmp_path / "docs" / language
            folder.mkdir(parents=True, exist_ok=True)
            if text is not None:
                (folder / "page.md").write_text(markdown(text), encoding="utf-8")
        return checked_page(tmp_path)

    return make


def checked_page(root: Path, language: str = "en") -> CheckedPage:
    """The page of a language, read anew."""
    load_config.cache_clear()
    return CheckedPage(root / "docs" / language / "page.md", load_config(root))


def checked_text(text: str, **settings: object) -> CheckedPage:
    """A page under check that is in no file."""
    config = Config(Path("/"), {"en": Path("/docs")}, **settings)  # type: ignore[arg-type]
    checked = CheckedPage(Path("/docs/page.md"), config)
    checked.page = parse_page(text)
    return checked


def problems_of(page: CheckedPage) -> list[str]:
    """What is wrong with a page, each as ``line rule: expected / found``."""
    found = [problem for check in checks_of(page) for problem in check.problems()]
    return [f"{p.line} {p.rule}: {p.expected} / {p.found}" for p in found]
