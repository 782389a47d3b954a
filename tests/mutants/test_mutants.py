"""Mistakes made on purpose in a tiny project: each is noticed by a test, or is not."""

from pathlib import Path

import pytest

from pagecheck.config import load_config

from ..terminal import lines, on_a_terminal
from .kinds import HARMLESS_KINDS, TWIN_KINDS
from .places import Edit, Mutant, choose, places
from .trial import ROOT, noticed_by

PAGE = """# T {{ #t }}

{words} 12<!--= x-->, `{code}`, see [{there}](#one).

## One {{ #one }}

```python
x = 3 * 4  # a comment with words
print(x)
```

<!--pytest-codeblocks:expected-output-->

```text
12
```
"""


@pytest.fixture
def config(tmp_path: Path):
    """A tiny project in two languages, whose pages are true."""
    for language, words in (("zh", "值是"), ("en", "It is")):
        folder = tmp_path / "docs" / language
        folder.mkdir(parents=True)
        text = PAGE.format(
            words=words, code="x = 3", there="那里" if words == "值是" else "there"
        )
        if language == "zh":
            text = text.replace("# T ", "# 题 ").replace("## One", "## 一")
        (folder / "page.md").write_text(text, encoding="utf-8")
    settings = '[tool.pagecheck]\npages = { zh = "docs/zh", en = "docs/en" }\n'
    (tmp_path / "pyproject.toml").write_text(settings, encoding="utf-8")
    return load_config(tmp_path)


def mutant(config, old, new, language="en"):
    path = Path("docs") / language / "page.md"
    text = (config.root / path).read_text(encoding="utf-8")
    return Mutant("a kind", 1, (Edit(path, text.index(old), old, new),))


@pytest.mark.parametrize(
    ("old", "new", "noticed"),
    [
        ("12<", "13<", "twins"),
        ("3 * 4", "3 * 5", "twins"),
        ("12\n```", "13\n```", "twins"),
        ("#one }", "#two }", "twins"),
        ("](#one)", "](#ona)", "twins"),
        ("comment", "remark", None),
        ("It is", "So is", None),
    ],
)
def test_what_notices_a_change_is_told(config, old, new, noticed):
    before = (config.root / "docs/en/page.md").read_bytes()
    found = noticed_by(config, mutant(config, old, new))
    assert (noticed or "") in (found or "")
    assert (found is None) is (noticed is None)
    assert (config.root / "docs/en/page.md").read_bytes() == before


def test_a_change_of_the_package_is_noticed_by_its_tests(config):
    module, test = Path("src/tiny/area.py"), Path("tests/tiny/test_area.py")
    for file, text in (
        (module.with_name("__init__.py"), ""),
        (module, "def area(x):\n    return 3 * x\n"),
        (
            test,
            "from tiny.area import area\ndef test_area():\n    assert area(2) == 6\n",
        ),
    ):
        (config.root / file).parent.mkdir(parents=True, exist_ok=True)
        (config.root / file).write_text(text, encoding="utf-8")
    for new, noticed in (("4", f"{test}::test_area"), ("3.0", None)):
        edit = Edit(module, len("def area(x):\n    return "), "3", new)
        found = noticed_by(config, Mutant("a definition in src", 1, (edit,)))
        assert (found or "").startswith(noticed or ""), found
        assert (found is None) is (noticed is None)


def test_a_page_that_fails_already_is_refused(config):
    page = config.root / "docs/en/page.md"
    page.write_text(page.read_text("utf-8").replace("12<", "13<"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"correct the pages first: .*numbers"):
        noticed_by(config, mutant(config, "comment", "remark"))


def test_a_change_in_twins_is_made_in_both_alike(config):
    found = places(config, seed=0)["a digit in prose, in twins"]
    assert found
    for one in found:
        edits = one.edits
        assert {edit.file.parts[1] for edit in edits} == {"en", "zh"}
        assert len({(edit.old, edit.new) for edit in edits}) == 1
        assert noticed_by(config, one)


def test_as_many_of_each_kind_are_chosen_as_can_be_and_the_seed_decides(config):
    found = places(config, seed=0)
    chosen = choose(found, 8, seed=3)
    assert chosen == choose(found, 8, seed=3) != choose(found, 8, seed=4)
    assert {*TWIN_KINDS, *HARMLESS_KINDS} >= {"a digit in prose", "a word of a comment"}
    assert len({each.kind for each in chosen}) > 4


def test_an_interrupt_ends_with_one_line_and_writes_nothing(tmp_path):
    file = tmp_path / "mutants.json"
    status, shown = on_a_terminal(
        *("tests.mutants", "--number", "8", "--write", str(file)),
        cwd=ROOT,
        stop_at="0/8 [",
    )
    assert (status, "Traceback" in shown) == (130, False)
    assert lines(shown.rstrip())[-1].startswith("interrupted: 0 of 8 in ")
    assert not file.exists()
