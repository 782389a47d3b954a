import os
from pathlib import Path

import pytest

from pagecheck import record
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

```python
print("new")
print("lines")
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

RECORDED = """# Tiny { #tiny }

## One { #one }

The sum is 3.14<!--= total-->, the share 25%<!--= share-->.

```python
total, share = 3.14159, 0.25
print(total)
```

<!--pytest-codeblocks:expected-output-->

```text
3.14159
```

```python
print("new")
print("lines")
```

<!--pytest-codeblocks:expected-output-->

```text
new
lines
```

!!! note "Note"

    ```python
    print("indented")
    ```

    <!--pytest-codeblocks:expected-output-->

    ```text
    indented
    ```

```python
x = 1
```

The end.
"""


def recorded(root, language="en"):
    changes, problems = record_page(checked_page(root, language))
    assert write_changes(changes, root / "new") == []
    return problems


def test_outputs_and_bound_numbers_are_written_anew_and_words_stay(project, tmp_path):
    project(STALE, None)
    assert recorded(tmp_path) == []
    text = (tmp_path / "docs/en/page.md").read_text(encoding="utf-8")
    assert text == RECORDED


def test_recording_twice_changes_nothing(project, tmp_path):
    project(STALE, None)
    recorded(tmp_path)
    assert record_page(checked_page(tmp_path)) == ([], [])


def test_a_recorded_page_passes_its_check(project, tmp_path):
    project(STALE, None)
    recorded(tmp_path)
    rest = [
        each for each in problems_of(checked_page(tmp_path)) if " twins: " not in each
    ]
    assert rest == []


def test_a_page_that_fails_is_left_as_it_is(project, tmp_path):
    project(STALE.replace("x = 1", "1 / 0"), None)
    before = (tmp_path / "docs/en/page.md").read_bytes()
    (problem,) = recorded(tmp_path)
    assert problem.found == "ZeroDivisionError: division by zero"
    assert (tmp_path / "docs/en/page.md").read_bytes() == before


def test_a_number_that_cannot_be_written_in_its_form_is_a_problem(project, tmp_path):
    project(STALE.replace("9.99<!--= total-->", "9<!--= total-->"), None)
    (problem,) = recorded(tmp_path)
    assert problem.expected == "3.14159, the value of total"


def test_line_ends_are_kept(project, tmp_path):
    project(STALE, None)
    file = tmp_path / "docs/en/page.md"
    file.write_bytes(markdown(STALE).replace("\n", "\r\n").encode())
    recorded(tmp_path)
    assert file.read_bytes() == RECORDED.replace("\n", "\r\n").encode()


def test_a_page_that_is_a_symbolic_link_stays_one(project, tmp_path):
    project(STALE, None)
    page, file = tmp_path / "docs/en/page.md", tmp_path / "elsewhere.md"
    page.rename(file)
    page.symlink_to(file)
    recorded(tmp_path)
    assert page.is_symlink()
    assert file.read_text(encoding="utf-8") == RECORDED


@pytest.mark.parametrize("edit", [lambda f: f.write_text("typed"), Path.unlink])
def test_what_was_typed_meanwhile_is_not_lost_and_the_twin_is_left_alone(
    project, tmp_path, edit
):
    project(STALE, STALE.replace("The", "这"))
    changes = [
        change
        for language in ("en", "zh")
        for change in record_page(checked_page(tmp_path, language))[0]
    ]
    files = [change.file for change in changes]
    before = files[1].read_bytes()
    edit(files[0])
    assert write_changes(changes, tmp_path / "new") == [files[0]]
    assert not files[0].exists() or files[0].read_text() == "typed"
    assert files[1].read_bytes() == before


def test_what_a_recording_that_was_killed_left_behind_goes(tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "stale").touch()
    write_changes(changes_of(tmp_path), tmp_path / "new")
    assert texts(tmp_path) == {"a.md": "new", "b.md": "new"}


def changes_of(folder):
    for name in ("a.md", "b.md"):
        (folder / name).write_text("old", encoding="utf-8")
    return [
        Change(name, folder / name, b"old", b"new" * 1000) for name in ("a.md", "b.md")
    ]


def texts(folder):
    return {
        file.name: file.read_text(encoding="utf-8")[:3] for file in folder.iterdir()
    }


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left")])
@pytest.mark.parametrize("call", [1, 2])
def test_an_interrupt_while_writing_leaves_every_page_as_it_was(
    tmp_path, monkeypatch, error, call
):
    changes, calls = changes_of(tmp_path), []

    def fail(handle: int) -> None:
        calls.append(handle)
        if len(calls) == call:
            raise error

    monkeypatch.setattr(record.os, "fsync", fail)
    with pytest.raises(type(error)):
        write_changes(changes, tmp_path / "new")
    assert texts(tmp_path) == {"a.md": "old", "b.md": "old"}


def test_an_interrupt_while_renaming_leaves_every_page_old_or_new(
    tmp_path, monkeypatch
):
    changes, replace, calls = changes_of(tmp_path), os.replace, []

    def fail(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) == 2:
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(record.os, "replace", fail)
    with pytest.raises(KeyboardInterrupt):
        write_changes(changes, tmp_path / "new")
    assert texts(tmp_path) == {"a.md": "new", "b.md": "old"}
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == "new" * 1000


def test_a_full_disk_leaves_the_old_page_whole(tmp_path):
    resource = pytest.importorskip("resource")
    (change, _) = changes_of(tmp_path)
    big = Change("a.md", change.file, change.old, b"new" * 100_000)
    pid = os.fork()
    if pid == 0:  # a limit on a file's size stands for the full disk
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        try:
            write_changes([big], tmp_path / "new")
        except OSError:
            os._exit(0)
        os._exit(1)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert texts(tmp_path) == {"a.md": "old", "b.md": "old"}


def test_what_two_runs_give_differently_is_not_written_down(project):
    page = project("# T { #t }\n\n```python\nprint(hash('seed'))\n```\n", None)
    changes, problems = record_page(page)
    assert changes == []
    (said,) = [str(each) for each in problems]
    assert "page.md:4: [run] expected the same from every run" in said
    assert "seed what it draws" in said


@pytest.mark.parametrize("code", ["print('a\\0b')", "print('\\ud800')"])
def test_what_no_page_can_show_is_not_written_down(project, code):
    page = project(f"# T {{ #t }}\n\n```python\n{code}\n```\n", None)
    changes, problems = record_page(page)
    assert changes == []
    assert len(problems) == 1
