"""What was made once is read again until anything changes that it is made of."""

from pathlib import Path

import pytest

from site_finish import kept


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kept, "CACHE", tmp_path)
    monkeypatch.delenv("CI", raising=False)
    return tmp_path


def made(value: object, *told: str) -> object:
    return kept.kept("a/thing", told, lambda: value)


def test_the_same_is_not_made_twice():
    assert made({"x": "中"}, "told") == {"x": "中"}
    assert made("other", "told") == {"x": "中"}


def test_what_is_made_of_something_else_is_made_anew():
    made(1, "a", "b")
    assert made(2, "ab", "") == 2
    assert made(3, "a", "b") == 3


def test_what_other_code_or_another_package_makes_is_made_anew(
    monkeypatch: pytest.MonkeyPatch,
):
    made(1)
    monkeypatch.setattr(kept, "_makers", lambda: "of tomorrow")
    assert made(2) == 2


def test_nothing_is_kept_that_was_not_made(folder: Path):
    assert made(None) is None
    assert made(1) == 1
    assert [file.name for file in (folder / "a").iterdir()] == ["thing.json"]


def test_in_ci_nothing_is_kept_and_nothing_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    made(1)
    monkeypatch.setenv("CI", "true")
    assert made(2) == 2
    monkeypatch.delenv("CI")
    assert made(3) == 1


def test_a_file_is_written_of_what_was_kept(tmp_path: Path):
    file = tmp_path / "a.png"
    for made in (b"\x89\x00", b"other"):
        kept.write_kept(file, "a", ["told"], lambda made=made: made)
        assert file.read_bytes() == b"\x89\x00"
