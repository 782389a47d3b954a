"""One word for one thing, and no mistranslation."""

import re
import tomllib
from pathlib import Path

import pytest

from pagecheck.checked import CheckedPage
from pagecheck.config import Config, Never, load_config
from pagecheck.files import read_page
from pagecheck.page import parse_page
from pagecheck.rules.terms import check_terms

NEVER = ["ReLu", "渐变"]
TERMS = {"NumPy": ["numpy"], "optimizer": ["optimiser"], "超参数": ["超参"]}
TERMS |= {"hidden unit": ["hidden neuron", "hidden neurons"]}


def check(text, never=NEVER, terms=TERMS, quoting=()):
    allowed = Never(tuple(never), tuple(f"page.md#{each}" for each in quoting))
    folders = {"en": Path("/docs")}
    config = Config(Path("/"), folders, never=allowed, terms={"en": terms})
    checked = CheckedPage(Path("/docs/page.md"), config)
    checked.__dict__["page"] = parse_page(text)
    return [f"{each.line} {each.found}" for each in check_terms(checked)]


FOUND = {
    "梯度下降, a ReLU unit and a PReLuX": [],
    "一行\n\n`ReLu`的渐变": ["3 ReLu", "3 渐变"],
    "```python\nnn.ReLu()  # 渐变\n```": ["2 ReLu", "2 渐变"],
    "![渐变](a.svg)<!--渐变-->": ["1 渐变", "1 渐变"],
    "Optimiser first, an optimizer, the optimisers": ["1 Optimiser"],
    "one\n\n- two\n- an optimiser\nimport numpy": ["4 optimiser", "5 numpy"],
    "a hidden neuron, hidden neurons": ["1 hidden neuron", "1 hidden neurons"],
    "`numpy`, $numpy$, numpy.array, np_numpy, [x](#optimiser)": [],
    "[docs](https://numpy.org/optimiser) <b class='optimiser'>x</b>": [],
    "## T { #optimiser }\n\nIt is 3<!--= numpy-->.": [],
    "```python\nimport numpy  # an optimiser\n```": ["2 optimiser"],
    '```python\nx = "an optimiser"\n```': [],
    "| optimiser | ![The optimiser](a.svg) |": ["1 optimiser", "1 optimiser"],
    "---\ndescription: An optimiser\n---": ["2 optimiser"],
    "超参数是选定的，超参也是": ["1 超参"],
}


def test_a_word_in_place_of_the_term_is_found_in_prose_and_comments():
    for text, found in FOUND.items():
        assert check(text) == found, text


def test_only_the_sections_that_may_quote_a_term_may():
    page = (
        "# 勘误 { #errata }\n\n渐变\n\n## 一 { #one }\n\n渐变\n\n## 二 { #two }\n\n渐变"
    )
    assert check(page) == ["3 渐变", "7 渐变", "11 渐变"]
    assert check(page, quoting=["one"]) == ["3 渐变", "11 渐变"]
    assert check(page, (), {"梯度": ["渐变"]}, ["one"]) == ["3 渐变", "11 渐变"]


@pytest.fixture
def config(request: pytest.FixtureRequest):
    return load_config(request.config.rootpath)


def test_the_project_s_other_texts_keep_to_its_terms(config):
    texts = tomllib.loads((config.root / "docs/figure-texts.toml").read_text("utf-8"))
    others = [(text, each) for each, table in texts.items() for text in table.values()]
    others += [((config.root / "README.md").read_text("utf-8"), "en")]
    others += [((config.root / "README.zh.md").read_text("utf-8"), "zh")]
    others += [(term, each) for each, table in config.terms.items() for term in table]
    for text, language in others:
        terms = config.terms.get(language, {})
        assert check(text, config.never.terms, terms) == [], text[:80]


def test_the_project_s_chinese_terms_are_those_of_its_glossary(config):
    glossary = read_page(config.pages["zh"] / "reference/notation.md")
    rows = [region.text for region in glossary.regions if region.kind == "row"]
    cells = [re.split(r" *\| *", row.strip("| "))[0] for row in rows]
    terms = {re.sub(r"^\[(.*)\]\(.*\)$", r"\1", cell) for cell in cells}
    assert set(config.terms["zh"]) - terms == set()
    errata = config.pages["zh"] / "reference/errata-code.md"
    assert "渐变" in config.never.terms
    assert config.sections_quoting_on(errata) == ("terms",)
