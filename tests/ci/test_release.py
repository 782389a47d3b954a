"""A release: its zips are the same to the byte, its notes those of its version."""

import os
import subprocess
import sys
import zipfile

import pytest

from .scripts import ROOT, script

notes = script("release_notes").notes
CHANGELOG = """\
# Changelog

## [Unreleased]

- Later.

## [1.2.0] - 1999-12-31

### Added

- A page.

## [1.1.0] - 1999-12-30

## [1.0.0]
- First.
"""


def zipped(folder, target, *pattern):
    command = [sys.executable, ROOT / ".ci/zip.py", folder, target, *pattern]
    return subprocess.run(command, capture_output=True, encoding="utf-8")


def test_a_zip_is_the_same_whenever_and_in_whatever_order_files_were_made(tmp_path):
    names = ["b.txt", "a/页.ipynb", "a/c.txt"]
    for folder, order, time in (("one", names, 10**9), ("two", names[::-1], 10**8)):
        for name in order:
            file = tmp_path / folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"content of {name}", "utf-8")
            os.utime(file, (time, time))
        assert zipped(tmp_path / folder, tmp_path / f"{folder}.zip").returncode == 0
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(names)
        assert archive.read("a/页.ipynb").decode() == "content of a/页.ipynb"


def test_a_pattern_says_which_files_are_zipped(tmp_path):
    for name in ("folder/a/x.ipynb", "folder/x.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    zipped(tmp_path / "folder", tmp_path / "x.zip", "*.ipynb")
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        assert archive.namelist() == ["a/x.ipynb"]


def test_a_zip_of_nothing_is_refused(tmp_path):
    done = zipped(tmp_path, tmp_path / "x.zip", "*.ipynb")
    assert done.returncode == 1
    assert "no file *.ipynb to zip" in done.stderr
    assert not (tmp_path / "x.zip").exists()


def test_the_notes_are_the_section_of_the_version():
    assert notes(CHANGELOG, "1.2.0", "v1.2.0") == "### Added\n\n- A page.\n"
    assert notes(CHANGELOG, "1.0.0", None) == "- First.\n"


@pytest.mark.parametrize("version", ["1.1.0", "1.3.0", "1.2", "1020"])
def test_a_version_without_notes_is_not_released(version):
    with pytest.raises(ValueError, match=f"says nothing of {version}"):
        notes(CHANGELOG, version, None)


def test_a_tag_of_another_version_is_not_released():
    with pytest.raises(ValueError, match=r"tag is v1\.2\.1, but .* version 1\.2\.0"):
        notes(CHANGELOG, "1.2.0", "v1.2.1")


def test_the_changelog_has_a_place_for_what_is_not_released():
    assert "\n## [Unreleased]\n" in (ROOT / "CHANGELOG.md").read_text("utf-8")
