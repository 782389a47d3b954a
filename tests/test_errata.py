"""Every item of the errata says what kind of mistake it corrects, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LABELS = {
    "en": ["Wrong", "Outdated", "Misleading", "Damaged in our copy"],
    "zh": ["错误", "过时", "误导", "本站所用副本损坏"],
}
PAGES = ["errata.md", "errata-code.md"]


def labels(page: str, language: str) -> dict[str, list[str]]:
    """The labels at the heads of paragraphs, of each item by its id."""
    items = re.split(r"^## .*\{ #([\w-]+) \}$", page, flags=re.MULTILINE)
    label = re.compile(rf"^\*\*({'|'.join(LABELS[language])})\*\*", re.MULTILINE)
    return {
        name: label.findall(text)
        for name, text in zip(items[1::2], items[2::2], strict=True)
    }


def labels_of_site(root: Path, language: str, name: str) -> dict[str, list[str]]:
    return labels((root / "docs" / language / "reference" / name).read_text(), language)


@pytest.mark.parametrize("language", LABELS)
@pytest.mark.parametrize("name", PAGES)
def test_each_item_has_one_label(pytestconfig, language, name):
    found = labels_of_site(pytestconfig.rootpath, language, name)
    assert found
    assert {key: kinds for key, kinds in found.items() if len(kinds) != 1} == {}


@pytest.mark.parametrize("name", PAGES)
def test_an_item_has_the_same_label_in_both_languages(pytestconfig, name):
    numbers = [
        {
            key: [LABELS[language].index(kind) for kind in kinds]
            for key, kinds in labels_of_site(
                pytestconfig.rootpath, language, name
            ).items()
        }
        for language in LABELS
    ]
    assert numbers[0] == numbers[1]


def test_an_item_without_a_label_and_one_with_two_are_found():
    page = "## A { #a }\n\nText.\n\n## B { #b }\n\n**Wrong**: x\n\n**Outdated**: y\n"
    assert labels(page, "en") == {"a": [], "b": ["Wrong", "Outdated"]}
