"""The READMEs: what they tell the reader to type exists, and both tell the same.

Their Python blocks run under pytest-codeblocks.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh.md")


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def commands(text: str) -> list[str]:
    """Return what a README tells to type, in fences and in the text."""
    fences = re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    inline = re.findall(r"`(make [a-z]+)`", text)
    return [line for fence in fences for line in fence.splitlines()] + inline


def fences(text: str) -> list[str]:
    return re.findall(r"^```\w+\n.*?^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", READMES)
def test_every_target_that_a_readme_names_is_in_the_makefile(name: str):
    targets = re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE)
    named = [
        command.removeprefix("make ")
        for command in commands(read(name))
        if command.startswith("make ")
    ]
    assert {"serve", "test"} <= set(named) <= set(targets)


def test_both_readmes_have_the_same_commands_and_code():
    first, second = (read(name) for name in READMES)
    assert commands(first) == commands(second)
    assert fences(first) == fences(second)


def test_the_commands_without_make_are_those_of_the_makefile():
    makefile = (
        read("Makefile").replace("$(BIN)/", "").replace("pip install --quiet", "")
    )
    for line in commands(read("README.md")):
        if line.startswith(".venv"):
            arguments = re.sub(
                r"^\.venv\\Scripts\\(?:python -m pip install)? ?", "", line
            )
            assert arguments in makefile, line


@pytest.mark.parametrize("name", READMES)
def test_every_file_that_a_readme_links_to_is_there(name: str):
    links = re.findall(r"\]\(([^)#]+)(?:#([a-z-]+))?\)", read(name))
    local = [(path, anchor) for path, anchor in links if "://" not in path]
    assert len(local) > 10
    for path, anchor in local:
        assert (ROOT / path).is_file(), path
        if anchor:
            assert f"{{ #{anchor} }}" in (ROOT / path).read_text("utf-8"), path


def test_both_readmes_link_to_the_same_places_and_to_each_other():
    first, second = (
        [
            path.replace("docs/zh/", "docs/en/").replace(".zh.md", ".md")
            for path in re.findall(r"\]\(([^)]+)\)", read(name))
        ]
        for name in READMES
    )
    assert first == second
    assert "(README.zh.md)" in read("README.md")
    assert "(README.md)" in read("README.zh.md")


@pytest.mark.parametrize("name", READMES)
def test_a_readme_shows_a_picture_that_is_small_and_says_what_it_shows(name: str):
    pictures = re.findall(r"!\[([^]]+)\]\(([^)]+)\)", read(name))
    assert len(pictures) == 1
    (_, path) = pictures[0]
    picture = (ROOT / path).read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 150_000
