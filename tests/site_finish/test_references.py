"""Each citation leads to an entry of the bibliography, and each entry is cited."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown import Markdown

from site_finish.references import PLACE, Reference, read_references
from site_finish.settings import SiteError

LINK = re.compile(r"\]\(([^)\s]+)\)")
LITERATURE = ("https://doi.org/", "https://arxiv.org/")
ENTRY = """@article{kelley-1960,
  author = {Kelley, Henry J. and Ba, Jimmy}, year = {1960}, title = {Paths},
  journal = {ARS Journal 30}, doi = {10.2514/(8)}
}
"""


def unresolved(
    pages: dict[str, str], references: list[Reference]
) -> tuple[list[str], list[str]]:
    """Citations that lead to no entry or do not name it, and entries not cited."""
    entries = {f"#{r.key}": r for r in references}
    entries |= {r.address: r for r in references if r.address}
    wrong, cited = [], set()
    for path, page in pages.items():
        for number, line in enumerate(page.splitlines(), 1):
            for link in LINK.findall(line):
                target = re.sub(r".*/references\.md(?=#)", "", link)
                if target in entries:
                    entry = entries[target]
                    cited.add(entry.key)
                    surname = entry.authors[0].split(",")[0]
                    if surname not in line or entry.year not in line:
                        name = f"{surname} ({entry.year})"
                        wrong.append(f"{path}:{number}: {link} is cited without {name}")
                elif target != link or link.startswith(LITERATURE):
                    wrong.append(f"{path}:{number}: {link} is no entry; add it")
    return wrong, [r.key for r in references if r.key not in cited]


def read_all(root: Path, language: str) -> dict[str, str]:
    docs = root / "docs" / language
    return {
        path.relative_to(root).as_posix(): path.read_text("utf-8")
        for suffix in ("md", "ipynb")
        for path in sorted(docs.rglob(f"*.{suffix}"))
    }


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_citation_resolves_and_each_entry_is_cited(pytestconfig, language):
    root = pytestconfig.rootpath
    references = read_references(root / "docs/references.bib")
    wrong, uncited = unresolved(read_all(root, language), references)
    assert not wrong, "\n".join(wrong)
    assert uncited == []


@pytest.fixture
def reference(tmp_path: Path) -> Reference:
    (tmp_path / "references.bib").write_text(ENTRY)
    (reference,) = read_references(tmp_path / "references.bib")
    return reference


def test_an_entry_is_an_item_with_its_key_as_anchor(reference):
    assert reference.markdown == (
        "- <span id='kelley-1960'></span>Kelley, Henry J.; Ba, Jimmy (1960). *Paths*."
        " ARS Journal 30. [doi:10.2514/(8)](https://doi.org/10.2514/%288%29)."
    )


@pytest.mark.parametrize(
    ("line", "wrong", "uncited"),
    [
        ("[Kelley (1960)](../reference/references.md#kelley-1960)", 0, 0),
        ("Kelley, [1960](https://doi.org/10.2514/%288%29)", 0, 0),
        ("[a paper of 1960](https://doi.org/10.2514/%288%29)", 1, 0),
        ("[Kelley (1961)](https://doi.org/10.2514/%288%29)", 1, 0),
        ("[Ba (1960)](../reference/references.md#ba-1960)", 1, 1),
        ("[Ba (2015)](https://arxiv.org/abs/1412.6980)", 1, 1),
        ("Kelley (1960)", 0, 1),
    ],
)
def test_what_is_cited_is_an_entry(reference, line, wrong, uncited):
    found = unresolved({"a.md": line}, [reference])
    assert (len(found[0]), len(found[1])) == (wrong, uncited)


@pytest.mark.parametrize(
    "bibliography",
    [ENTRY.replace("journal", "volume"), ENTRY.replace("year", "date"), ENTRY * 2],
)
def test_an_entry_that_lacks_something_is_refused(tmp_path, bibliography):
    (tmp_path / "references.bib").write_text(bibliography)
    with pytest.raises(SiteError, match=r"references\.bib:\d+: "):
        read_references(tmp_path / "references.bib")


def test_a_link_to_another_file_is_refused(tmp_path):
    (tmp_path / "other.bib").write_text(ENTRY)
    (tmp_path / "references.bib").symlink_to("other.bib")
    with pytest.raises(SiteError, match="it is a link"):
        read_references(tmp_path / "references.bib")


def test_the_page_gets_the_list_and_no_other_page_does():
    def built(text: str) -> str:
        site = {"site_finish.markdown": {"docs": "docs/en"}}
        return Markdown(extensions=[*site], extension_configs=site).convert(text)

    page = built(f"# A\n\n{PLACE}\n")
    assert page.startswith("<h1>A</h1>\n<ul>\n<li><span id='")
    assert built("# B\n") == "<h1>B</h1>"
