"""Recording: what is written, and that nothing is lost while it is."""

from pathlib import Path

import pytest

from pagecheck.record import Change, record_page, write_changes

from .conftest import checked_page, markdown, problems_of

STALE = """
# Tiny { #tiny }

## One { #one }

The sum is 9.99<!--= total-->, the share 10%<!--= share-->.

```python
total, share = 3.14159, 0.25
print(total)
```

!!! note "Note"

    ```python
    print("indented")
    ```

    <!--pytest-codeblocks:expected-output-->

    ```text
    old
    and longer
    ```

```python
x = 1
```

<!--pytest-codeblocks:expected-output-->

```text
nothing prints this
```

The end.
"""

OUTPUT = "\n<!--pytest-codeblocks:expected-output-->\n\n```text\n{}\n```\n"
RECORDED = markdown(STALE)
for old, new in (
    ("9.99<", "3.14<"),
    ("10%<", "25%<"),
    ("print(total)\n```\n", "print(total)\n```\n" + OUTPUT.format("3.14159")),
    ("    old\n    and longer\n", "    indented\n"),
    (OUTPUT.format("nothing prints this"), ""),
):
    assert old in RECORDED
    RECORDED = RECORDED.replace(old, new)


def recorded(root, language="en"):
    changes, problems = record_page(checked_page(root, language))
    assert write_changes(changes, root / "new") == []
    return problems


def test_outputs_and_bound_numbers_are_written_anew_and_words_stay(project, tmp_path):
    page = project(STALE, None).file
    assert recorded(tmp_path) == []
    assert page.read_text(encoding="utf-8") == RECORDED
    assert record_page(checked_page(tmp_path)) == ([], [])
    found = problems_of(checked_page(tmp_path))
    assert [each for each in found if " twins: " not in each] == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("x = 1", "1 / 0", "the block to run"),
        ("9.99<!--= total-->", "9<!--= total-->", "3.14159, the value of total"),
        ("x = 1", "print(hash('seed'))", "the same from every run"),
        ("x = 1", "print('a\\0b')", "an output that a page can show"),
        ("x = 1", "print('\\ud800')", "the block to run"),
    ],
)
def test_what_only_an_author_can_correct_is_told(project, old, new, expected):
    changes, (problem, *_) = record_page(project(STALE.replace(old, new), None))
    assert expected in problem.expected
    assert bool(changes) is ("total" in old or "show" in expected)


def test_line_ends_and_symbolic_links_stay(project, tmp_path):
    page, file = project(STALE, None).file, tmp_path / "elsewhere.md"
    file.write_bytes(markdown(STALE).replace("\n", "\r\n").encode())
    page.unlink()
    page.symlink_to(file)
    recorded(tmp_path)
    assert page.is_symlink()
    assert file.read_bytes() == RECORDED.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("edit", [lambda f: f.write_text("typed"), Path.unlink])
def test_what_was_typed_meanwhile_is_not_lost_and_the_twin_is_left_alone(
    project, tmp_path, edit
):
    project(STALE, STALE.replace("The", "这"))
    pages = [checked_page(tmp_path, language) for language in ("en", "zh")]
    changes = [change for page in pages for change in record_page(page)[0]]
    files = [change.file for change in changes]
    before = files[1].read_bytes()
    edit(files[0])
    assert write_changes(changes, tmp_path / "new") == [files[0]]
    assert not files[0].exists() or files[0].read_text() == "typed"
    assert files[1].read_bytes() == before


def changes_of(folder):
    for name in ("a.md", "b.md"):
        (folder / name).write_text("old", encoding="utf-8")
    return [
        Change(name, folder / name, b"old", b"new" * 1000) for name in ("a.md", "b.md")
    ]


@pytest.mark.parametrize(
    ("step", "error", "call", "texts"),
    [
        ("write_bytes", KeyboardInterrupt(), 2, ["old", "old"]),
        ("write_bytes", OSError(28, "No space left"), 1, ["old", "old"]),
        ("replace", KeyboardInterrupt(), 2, ["new" * 1000, "old"]),
    ],
)
def test_an_interrupt_leaves_every_page_old_or_new(
    tmp_path, monkeypatch, step, error, call, texts
):
    changes, whole, calls = changes_of(tmp_path), getattr(Path, step), []

    def fail(*args):
        calls.append(args)
        if len(calls) == call:
            raise error
        return whole(*args)

    monkeypatch.setattr(Path, step, fail)
    with pytest.raises(type(error)):
        write_changes(changes, tmp_path / "new")
    assert [change.file.read_text() for change in changes] == texts
    assert list((tmp_path / "new").iterdir()) == []
