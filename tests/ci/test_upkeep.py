"""The weekly job: what it judges, and that a fault shows."""

import re

import pytest
import yaml
from mkdocs.utils.yaml import yaml_load

from pagecheck.files import read_page

from .scripts import ROOT, script

drift, zensical = script("drift"), script("zensical")
HTML = (
    '<html lang="en"><h1 id="a">A &amp; b<a class="headerlink"></a></h1><math></math>'
)


@pytest.mark.parametrize("name", ["mkdocs.yml", "mkdocs.en.yml"])
def test_zensical_gets_the_settings_of_a_language_and_no_others(name):
    told = yaml.safe_load(zensical.settings(ROOT / name))
    own = yaml_load((ROOT / name).read_text("utf-8"))
    assert "INHERIT" not in told
    assert "hooks" not in told
    assert len(told["nav"]) == len(own["nav"])
    assert told["theme"]["custom_dir"] == "theme"
    assert len(told["theme"]["palette"]) == 3
    assert told["site_url"].endswith(
        ".localhost/en/" if ".en" in name else "localhost/"
    )
    assert ".ipynb" not in str(told["nav"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_on_maintenance_names_all_that_depends_on_mkdocs(language):
    page = read_page(ROOT / f"docs/{language}/about/maintenance.md")
    listed = re.sub(r"(?m)^\w+:", "", page.blocks[0].output.text).split()
    assert len(listed) > 15
    rows = [line for line in page.text.splitlines() if line.startswith("| ")]
    named = {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
    missing = set(listed) - named
    assert not missing, "each needs a row: what would it take to leave it?"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("", ""), []),
        (('lang="en"', 'lang="zh"'), ["its language is 'zh'"]),
        (("A &amp; b", "Home"), ["headed 'Home', not 'A & b'"]),
        (("<math></math>", "$x$"), ["0 formulas, not 1"]),
    ],
)
def test_a_fault_of_a_page_built_by_zensical_shows(tmp_path, change, fault):
    ours, theirs = tmp_path / "ours.html", tmp_path / "theirs.html"
    ours.write_text(HTML, "utf-8")
    theirs.write_text(HTML.replace(*change), "utf-8")
    assert zensical.faults(theirs, ours, "en") == fault


def test_a_page_that_zensical_did_not_build_shows(tmp_path):
    assert zensical.faults(tmp_path / "none", tmp_path / "none", "en") == ["missing"]


def test_the_pages_left_out_with_newer_versions_are_those_that_print_versions():
    torch = re.search(r"(?m)^torch==(\S+)", (ROOT / "requirements.txt").read_text())[1]
    printing = {
        file.name
        for file in (ROOT / "docs").rglob("*.md")
        for block in read_page(file).blocks
        if block.output and re.search(rf"torch {re.escape(torch)}\b", block.output.text)
    }
    assert printing == set(drift.TELL_VERSIONS)


def test_the_report_of_what_moved_holds_versions_failures_and_diff():
    found = {"torch": "9.9.9", "numpy": "8.8.8", "matplotlib": "7.7.7"}
    text = drift.report(found, 1, "page.md:3: [numbers]", "-1\n+2\n```text\n")
    assert "| torch | 2.13.0 | 9.9.9 |" in text
    assert "```text\npage.md:3: [numbers]\n```" in text
    assert "````diff\n-1\n+2\n```text\n````" in text
    assert text.index("````diff") < text.index("```text\npage.md")
    assert "Nothing" not in text


def test_the_report_of_what_moved_names_each_page_once():
    failed = (
        "FAILED docs/en/a.md::block at line 3 - x\nFAILED docs/en/a.md::block at line 9"
    )
    diff = "--- a/docs/zh/b.md\n+++ b/docs/zh/b.md\n-1\n+2\n"
    text = drift.report(dict.fromkeys(drift.NEWEST, "1"), 1, failed, diff)
    assert "differ\n\n- `docs/en/a.md`\n- `docs/zh/b.md`\n\n" in text


def test_the_report_says_so_where_nothing_moved():
    same = "0 files would change; --write writes them, 0 problems\n"
    text = drift.report(dict.fromkeys(drift.NEWEST, "1"), 0, "...\n3 passed\n", same)
    assert "## What recording would change\n\nNothing.\n" in text
    assert text.endswith("last printed digit\n\nNothing: 3 passed\n")
