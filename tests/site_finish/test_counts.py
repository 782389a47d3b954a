"""What the site says of what is checked is counted, and cannot be stale."""

import re
from pathlib import Path

import pytest

from pagecheck.config import load_config
from pagecheck.report import count_page, versions
from site_finish import counts
from site_finish.settings import ROOT, SitePage, read_language

CONFIG = load_config(ROOT)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_line_counts_what_the_report_counts(language):
    site = read_language(language, Path("site"), None)
    for page in site.pages:
        found = count_page(page.source, CONFIG)
        line = counts.verified_line(page, site)
        kinds = [getattr(found, name) for name in counts.KINDS]
        expected = [f"{each:,}" for each in kinds if each]
        said = re.sub(r"torch [\d.]+", "", line)
        assert re.findall(r"\d[\d,]*", said) == expected, page.uri
        assert (versions(CONFIG)["torch"] in line) is bool(expected), page.uri


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Words.\n", "$"),
        ("```python\nx = 1\n```\n", "1 block <a"),
        ("```python\nx = 1\n```\n\n```python\ny = 2\n```\n", "2 blocks <a"),
    ],
)
def test_the_line_is_that_of_the_page_as_it_is_now(tmp_path, text, line):
    file = tmp_path / "page.md"
    file.write_text(f"# T {{ #t }}\n\n{text}", encoding="utf-8")
    site = read_language("en", tmp_path, None)
    said = counts.verified_line(SitePage(file, "page.md", "page/", "T", "T"), site)
    assert re.match(line, said)


@pytest.mark.parametrize(
    ("language", "found", "label"),
    [
        ("en", {"torch": "9.9.9"}, "What the tests compare, with torch 9.9.9"),
        ("en", {}, "What the tests compare"),
        ("zh", {"torch": "9.9.9"}, "测试核对了什么（torch 9.9.9）"),
        ("zh", {}, "测试核对了什么"),
    ],
)
def test_the_home_page_names_the_torch_that_is_there(
    monkeypatch, language, found, label
):
    monkeypatch.setattr(counts, "versions", lambda config: found)
    site = read_language(language, Path("site"), None)
    html = counts.with_facts("<h1>T</h1>", site.pages[0], site)
    start = f'<h1 class="home">T</h1>\n<ul class="facts" aria-label="{label}">'
    assert html.startswith(start)
    assert 'href="about/verification/"' in html
