"""The site is the same to the byte, whoever builds it, when and where."""

import gzip
import re
from pathlib import Path

import pytest

from .built import build

GENERATOR = re.compile(rb'<meta name="generator" content="([^"]+)">')


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site by ProperDocs, in another time zone, with another order of sets."""
    folder = tmp_path_factory.mktemp("properdocs")
    build(folder, "properdocs", PYTHONHASHSEED="7", TZ="Asia/Shanghai")
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): GENERATOR.sub(b"", file.read_bytes())
        for file in folder.rglob("*")
        if file.is_file()
    }


# One process has both tests, so that it is built only once.
@pytest.mark.xdist_group("reproducible")
def test_two_builds_are_the_same_but_for_the_name_of_the_program(
    site: Path, second: Path
):
    first, other = files(site), files(second)
    assert sorted(first) == sorted(other)
    assert [name for name in first if first[name] != other[name]] == []


@pytest.mark.xdist_group("reproducible")
@pytest.mark.parametrize("page", ["index.html", "en/index.html"])
def test_both_languages_are_built_by_the_program_that_was_called(
    site: Path, second: Path, page: str
):
    programs = [GENERATOR.search((each / page).read_bytes()) for each in (site, second)]
    assert b"ProperDocs" not in programs[0][1]
    assert b"ProperDocs" in programs[1][1]


def test_no_day_of_a_build_is_told(site: Path):
    for name in ("sitemap.xml", "en/sitemap.xml"):
        text = (site / name).read_bytes()
        assert text.startswith(b"<?xml")
        assert b"<loc>" in text
        assert b"lastmod" not in text
        assert gzip.decompress((site / f"{name}.gz").read_bytes()) == text
