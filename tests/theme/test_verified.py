"""The line at the foot of a page says what of it is checked, and cannot be stale."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import verified

from pagecheck.config import load_config
from pagecheck.report import count_page, versions

ROOT = Path(__file__).parents[2]
CONFIG = load_config(ROOT)
KINDS = ("blocks", "numbers", "claims", "formulas", "figures")
PAGES = [page for page in CONFIG.page_files() if page.suffix == ".md"]


def line_of(file, language, target="about/verification.md"):
    page = SimpleNamespace(file=SimpleNamespace(abs_src_path=str(file)))
    found = SimpleNamespace(url_relative_to=lambda page: "../verification/")
    files = SimpleNamespace(get_file_from_path={target: found}.get)
    root = str(ROOT / "mkdocs.yml")
    config = SimpleNamespace(theme={"language": language}, config_file_path=root)
    return verified.verified_line(page, config, files)


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(CONFIG.relative(file)))
def test_the_line_counts_what_the_report_counts(file):
    counts = count_page(file, CONFIG)
    line = line_of(file, CONFIG.language_of(file))
    kinds = [getattr(counts, name) for name in KINDS]
    expected = [f"{each:,}" for each in kinds if each]
    said = re.sub(r"torch [\d.]+", "", line)
    assert re.findall(r"\d[\d,]*", said) == expected
    assert (versions(CONFIG)["torch"] in line) is bool(expected)


def test_a_page_gains_a_block_and_the_line_says_so(tmp_path):
    file = tmp_path / "page.md"
    block = "```python\nx = 1\n```\n"
    file.write_text(f"# T {{ #t }}\n\n{block}", encoding="utf-8")
    assert line_of(file, "en").startswith("1 block <a")
    file.write_text(f"# T {{ #t }}\n\n{block}\n{block}", encoding="utf-8")
    assert line_of(file, "en").startswith("2 blocks <a")


def test_a_page_with_nothing_to_check_has_no_line(tmp_path):
    file = tmp_path / "page.md"
    file.write_text("# T { #t }\n\nWords.\n", encoding="utf-8")
    assert line_of(file, "en") == ""
