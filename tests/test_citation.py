"""CITATION.cff says of the project what the project says of itself."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
SAID = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_programs_can_read_it():
    schema = "vendor.citation-file-format"
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
    run = subprocess.run(
        [*check, ROOT / "CITATION.cff"], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout


def test_version_licences_and_authors_are_the_project_s():
    assert SAID["version"] == PROJECT["version"]
    assert SAID["license"] == [PROJECT["license"], "CC-BY-4.0"]
    (author,) = SAID["authors"]
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert author == {"name": re.search(r"\(c\) \d+ the (.*)", licence)[1]}


def test_its_title_is_that_of_the_site():
    settings = (ROOT / "mkdocs.en.yml").read_text("utf-8")
    assert f"\nsite_name: {SAID['title']}\n" in settings
