"""One word for one thing, and no mistranslation."""

import re
import tomllib
from pathlib import Path

import pytest

from pagecheck.checked import CheckedPage
from pagecheck.config import Config, Never, load_config
from pagecheck.page import parse_page, read_page
from pagecheck.rules.terms import check_terms

FORBIDDEN = ["ReLu", "渐变", "装置"]
ENGLISH = {
    "NumPy": ["numpy"],
    "optimizer": ["optimiser"],
    "hidden unit": ["hidden neuron", "hidden neurons"],
}
CHINESE = {"学习率": ["学习速率"], "超参数": ["超参"], "死亡ReLU": ["死ReLU"]}


def problems(text, forbidden=(), preferred=None, quoting=()):
    config = Config(
        Path("/"),
        {"en": Path("/docs")},
        never=Never(tuple(forbidden), tuple(f"page.md#{each}" for each in quoting)),
        terms={"en": preferred or {}},
    )
    checked = CheckedPage(Path("/docs/page.md"), config)
    checked.__dict__["page"] = parse_page(text)
    return [each for check in check_terms(checked) for each in check.problems()]


def check(*arguments):
    return [f"{each.line} {each.found}" for each in problems(*arguments)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("渐变下降", ["1 渐变"]),
        ("梯度下降", []),
        ("a ReLu unit", ["1 ReLu"]),
        ("a ReLU unit and a PReLuX", []),
        ("一行\n\n`ReLu`的装置", ["3 ReLu", "3 装置"]),
        ("```python\nnn.ReLu()  # 渐变\n```", ["2 ReLu", "2 渐变"]),
        ("## 渐变 { #gradient }", ["1 渐变"]),
        ("| 渐变 | 渐变 |", ["1 渐变", "1 渐变"]),
        ("![渐变](a.svg)", ["1 渐变"]),
        ("<!--渐变-->", ["1 渐变"]),
    ],
)
def test_a_forbidden_term_is_found_wherever_it_stands(text, found):
    assert check(text, FORBIDDEN) == found


def test_only_the_sections_that_may_quote_a_term_may():
    page = (
        "# 勘误 { #errata }\n\n渐变\n\n## 一 { #one }\n\n渐变\n\n## 二 { #two }\n\n渐变"
    )
    assert check(page, FORBIDDEN) == ["3 渐变", "7 渐变", "11 渐变"]
    assert check(page, FORBIDDEN, None, ["one"]) == ["3 渐变", "11 渐变"]
    assert check(page, (), {"梯度": ["渐变"]}, ["one"]) == ["3 渐变", "11 渐变"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("an optimiser", ["1 optimiser"]),
        ("Optimiser first", ["1 Optimiser"]),
        ("an optimizer", []),
        ("one\n\n- two\n- an optimiser", ["4 optimiser"]),
        ("one\nan optimiser", ["2 optimiser"]),
        ("a hidden neuron, hidden neurons", ["1 hidden neuron", "1 hidden neurons"]),
        ("import numpy", ["1 numpy"]),
        ("NumPy and the optimisers", []),
        ("`numpy`, $numpy$, numpy.array, np_numpy", []),
        ("[docs](https://numpy.org/optimiser) <b class='optimiser'>x</b>", []),
        ("[x](#optimiser)\n\n## T { #optimiser }", []),
        ("It is 3<!--= numpy-->.", []),
        ("```python\nimport numpy  # an optimiser\n```", ["2 optimiser"]),
        ('```python\nx = "an optimiser"\n```', []),
        ("```python\nx = (\n# numpy\n```", ["3 numpy"]),
        ("| optimiser | b |", ["1 optimiser"]),
        ("![The optimiser](a.svg)", ["1 optimiser"]),
        ('!!! note "The optimiser"', ["1 optimiser"]),
        ("---\ndescription: An optimiser\n---", ["2 optimiser"]),
        ("<details>\n<summary>The optimiser</summary>\n</details>", ["2 optimiser"]),
    ],
)
def test_a_word_in_place_of_the_term_is_found_in_prose_and_comments(text, found):
    assert check(text, (), ENGLISH) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("把学习速率设为0.1", ["1 学习速率"]),
        ("把学习率设为0.1", []),
        ("超参数是选定的，超参也是", ["1 超参"]),
        ("死亡ReLU与死ReLU", ["1 死ReLU"]),
        ("代码里的`学习速率`", []),
        ("```python\nlr = 0.1  # 学习速率\n```", ["2 学习速率"]),
    ],
)
def test_a_piece_of_the_right_term_is_no_other_word(text, found):
    assert check(text, (), CHINESE) == found


def test_the_term_to_write_is_named():
    (problem,) = problems("an optimiser", (), ENGLISH)
    assert problem.expected == "optimizer"


@pytest.fixture
def config(request: pytest.FixtureRequest):
    return load_config(request.config.rootpath)


def test_the_project_forbids_the_mistranslations_but_where_the_errata_quote_them(
    config,
):
    assert "渐变" in config.never.terms
    errata = config.pages["zh"] / "reference/errata-code.md"
    assert config.sections_quoting_on(errata) == ("terms",)
    assert config.sections_quoting_on(config.pages["zh"] / "index.md") == ()


def test_the_texts_of_the_project_s_figures_keep_to_its_terms(config):
    texts = tomllib.loads((config.root / "docs/figure-texts.toml").read_text("utf-8"))
    for language, table in texts.items():
        for text in table.values():
            assert check(text, config.never.terms, config.terms[language]) == []


@pytest.mark.parametrize(("name", "language"), [("README", "en"), ("README.zh", "zh")])
def test_the_readmes_keep_to_the_terms(config, name, language):
    text = (config.root / f"{name}.md").read_text(encoding="utf-8")
    assert check(text, config.never.terms, config.terms.get(language)) == []


def test_what_the_project_says_instead_is_never_itself_refused(config):
    for language, table in config.terms.items():
        for term in table:
            assert check(term, config.never.terms, table) == [], (language, term)


def test_the_project_s_chinese_terms_are_those_of_its_glossary(config):
    glossary = read_page(config.pages["zh"] / "reference/notation.md")
    rows = [region.text for region in glossary.regions if region.kind == "row"]
    cells = [re.split(r" *\| *", row.strip("| "))[0] for row in rows]
    terms = {re.sub(r"^\[(.*)\]\(.*\)$", r"\1", cell) for cell in cells}
    assert set(config.terms["zh"]) - terms == set()
