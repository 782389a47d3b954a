"""Print what CHANGELOG.md says of the version in pyproject.toml.

Usage: python .ci/release_notes.py

It fails when the changelog has nothing of it, and, where a tag is released, when the
tag is not of that version: so nothing is released by mistake.
"""

import os
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def notes(changelog: str, version: str, tag: str | None) -> str:
    """The section of a version, without its heading.

    Raises:
        ValueError: When there is none or it is empty, or the tag is another version's.
    """
    if tag is not None and tag != f"v{version}":
        raise ValueError(f"the tag is {tag}, but pyproject.toml has version {version}")
    heading = rf"^## \[?{re.escape(version)}\]?(?: [^\n]*)?\n(?P<text>.*?)(?=^## |\Z)"
    section = re.search(heading, changelog, re.MULTILINE | re.DOTALL)
    if section is None or not section["text"].strip():
        raise ValueError(
            f"CHANGELOG.md says nothing of {version}: right below “## [Unreleased]”, "
            f"which stays, put the heading “## [{version}] - ” with the day of the "
            "release"
        )
    return section["text"].strip() + "\n"


def main() -> None:
    """Print the notes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    by_tag = os.environ.get("GITHUB_REF_TYPE") == "tag"
    tag = os.environ["GITHUB_REF_NAME"] if by_tag else None
    try:
        text = notes(changelog, project["project"]["version"], tag)
    except ValueError as error:
        sys.exit(str(error))
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
