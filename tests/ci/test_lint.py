"""`make lint`: it runs what it is said to run, and the prose is looked at."""

import re
import tomllib
from pathlib import Path

import pytest

from pagecheck.files import read_page
from pagecheck.page import parse_page

from .scripts import ROOT, script

prose = script("prose")


def linted(text: str, language: str = "zh", path: str = "page.md") -> list[str]:
    """What the linter says of a page, each with its line."""
    found = prose.problems(parse_page(text, Path(path)), language)
    return [f"{line} {said}" for line, said in found]


@pytest.mark.parametrize(
    "tool",
    [
        "ruff check",
        "ruff format --check",
        "mypy",
        "typos",
        "rumdl check",
        "python .ci/prose.py",
        "shellcheck .ci/run",
        "check-jsonschema",
        "zizmor",
    ],
)
def test_make_lint_runs(tool):
    makefile = (ROOT / "Makefile").read_text("utf-8")
    recipe = makefile.partition("\nlint: ")[2].partition("\n\n")[0]
    assert f"\t$(BIN)/{tool}" in recipe


SIGNS = [
    ("用 PyTorch训练", ["write “用P”, not “用 P”"]),
    ("用PyTorch 训练", ["write “h训”, not “h 训”"]),
    ("打印`loss` 的值", ["write “`的”, not “` 的”"]),
    ("等于 $x$。", ["write “于$”, not “于 $”"]),
    ("损失变小了,很好。", ["write “损失变小了，很好。”, not “损失变小了,很好。”"]),
    (
        "损失是多少?不知道。",
        ["write “损失是多少？不知道。”, not “损失是多少?不知道。”"],
    ),
    ("用PyTorch训练`nn.Linear`，损失是$L$。", []),
    ("哪个？、[哪些？](a.md)、别的", ["write “、”, not “？、”"] * 2),
    ("- 一项", []),
    ("4-1 激活函数", []),
    ("看`用 x 算,再打印`这一段。", []),
    ("```python\nprint(1)  # 用 PyTorch,打印\n```", []),
    ("<!--用 x 定义-->", []),
]


def test_punctuation_of_the_wrong_width_and_spaces_set_by_hand_are_found():
    for text, found in SIGNS:
        assert linted(f"# 标题\n\n{text}\n") == [f"3 {each}" for each in found], text


WORDS = [
    ("zh", "梯度下降与PReLuX", []),
    ("zh", "一行\n\n`ReLu`的渐变", ["3 ReLu", "3 渐变"]),
    ("en", "```python\nnn.ReLu()  # 渐变\n```", ["2 ReLu", "2 渐变"]),
    ("zh", "![渐变](a.svg)<!--渐变-->", ["1 渐变", "1 渐变"]),
    (
        "en",
        "Optimiser first, an optimizer, the optimisers",
        ["1 Optimiser", "1 optimisers"],
    ),
    ("en", "one\n\n- two\n- an optimiser\nimport numpy", ["4 optimiser", "5 numpy"]),
    ("en", "a hidden neuron, hidden neurons", ["1 hidden neuron", "1 hidden neurons"]),
    ("en", "`numpy`, $numpy$, numpy.array, np_numpy, [x](#optimiser)", []),
    ("en", "[docs](https://numpy.org/optimiser) <b class='optimiser'>x</b>", []),
    ("en", "## T { #optimiser }\n\nIt is 3<!--= numpy-->.", []),
    ("en", "```python\nimport numpy  # an optimiser\n```", ["2 optimiser"]),
    ("en", '```python\nx = "an optimiser"\n```', []),
    ("en", "| optimiser | ![The optimiser](a.svg) |", ["1 optimiser", "1 optimiser"]),
    ("en", "---\ndescription: An optimiser\n---", ["2 optimiser"]),
    ("en", "a Hessian, the hessian", ["1 hessian"]),
    ("zh", "超参数是选定的，超参也是", ["1 超参"]),
]


def test_a_word_in_place_of_the_term_is_found_in_prose_and_comments():
    for language, text, found in WORDS:
        said = re.findall(
            "(\\d+) write .*not “(.*)”", "\n".join(linted(text, language))
        )
        assert sorted(map(" ".join, said)) == found, text


def test_only_the_sections_that_may_quote_what_is_wrong_may():
    page = "## 一 { #one }\n\n渐变\n\n## 二 { #terms }\n\n渐变、激励函数"
    path, _, section = prose.LISTS["quoted-in"][1].partition("#")
    assert section in [each.slug for each in read_page(ROOT / path).sections]
    assert [each.split()[0] for each in linted(page)] == ["3", "7", "7"]
    assert [each.split()[0] for each in linted(page, path=path)] == ["3"]


LEFT = [
    ("zh", "## What to remember { #remember }", True),
    ("zh", "This was never translated.", True),
    ("zh", "![A straight line from left to right](figures/a.svg)", True),
    ("zh", "| the best of all | the worst of all |\n| --- | --- |\n| 甲 | 乙 |", True),
    ("zh", '!!! note "A word of warning"\n\n    甲', True),
    ("zh", "这里有一句 that nobody has ever translated 的话。", True),
    ("zh", "### PyTorch { #pytorch }", False),
    ("zh", "| ReLU | tanh | sigmoid |\n| --- | --- | --- |\n| 甲 | 乙 | 丙 |", False),
    ("zh", "`for x in xs`与$x$", False),
    ("zh", "这是激活函数（activation function）。", False),
    ("zh", "书名是《Deep Learning with PyTorch Step by Step》。", False),
    ("en", "It has 这一段共有许多字却没有翻译过来 parts.", True),
    ("en", "The word for it is 激活函数.", False),
]


def test_what_is_left_in_the_other_language_is_found():
    for language, text, is_left in LEFT:
        found = [each for each in linted(text, language) if "translate" in each]
        assert bool(found) is is_left, text


ENGLISH = "A translation says all that the other page says, and no more. " * 4
CHINESE = "译文要把另一页说的话全部说出来，而且不多说一句话。" * 4
LENGTHS = [
    (ENGLISH, CHINESE, 0),
    (ENGLISH, CHINESE[:50], 1),
    (f"{ENGLISH}\n\n{ENGLISH[:120]}", f"{CHINESE}\n\n{CHINESE}", 1),
    (f"{ENGLISH}<!--pagecheck:split-->\n\n{ENGLISH}", CHINESE + CHINESE, 0),
    ("One.", "译文要把另一页说的话全部说出来。", 0),
]


def test_a_long_paragraph_is_about_as_long_as_its_twin():
    for english, chinese, count in LENGTHS:
        pages = parse_page(english), parse_page(chinese)
        for page, twin in (pages, pages[::-1]):
            found = [said for _, said in prose.uneven(page, twin)]
            assert len(found) == count, (english, chinese)
            assert all(said.startswith("say as much as page.md:") for said in found)


def test_an_image_without_words_is_found():
    (found,) = linted("看![图](a.svg)和![ ](b.svg)。")
    assert found == "1 say in words what b.svg shows"


def test_the_prose_of_the_project_is_right(capsys):
    """All that `make lint` finds in prose, the tests find as well."""
    status = prose.main([])
    assert (capsys.readouterr().out, status) == ("", 0)


def test_the_texts_of_figures_and_the_terms_themselves_keep_to_the_terms():
    texts = tomllib.loads((ROOT / "docs/figure-texts.toml").read_text("utf-8"))
    said = [(each, text) for each, table in texts.items() for text in table.values()]
    said += [
        (each, term) for each, terms in prose.LISTS["terms"].items() for term in terms
    ]
    for language, text in said:
        assert [*prose.wrong_words(parse_page(text), language)] == [], text


def test_the_chinese_terms_are_those_of_the_glossary():
    glossary = read_page(ROOT / "docs/zh/reference/notation.md")
    rows = [region.text for region in glossary.regions if region.kind == "row"]
    cells = [re.split(r" *\| *", row.strip("| "))[0] for row in rows]
    terms = {re.sub(r"^\[(.*)\]\(.*\)$", r"\1", cell) for cell in cells}
    assert {*prose.LISTS["terms"]["zh"]} - terms == set()


def test_no_text_is_shown_in_another_order_than_it_is_read():
    kinds = {".py", ".js", ".css", ".html", ".svg", ".toml", ".yml", ".json", ".txt"}
    folders = [ROOT / each for each in (".ci", ".github", "docs", "src", "theme")]
    files = [*ROOT.glob("*.*"), *(f for each in folders for f in each.rglob("*"))]
    turning = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
    turned = [
        f"{file}:{number}"
        for file in files
        if file.suffix in kinds
        for number, line in enumerate(file.read_text("utf-8").split("\n"), 1)
        if turning.search(line)
    ]
    assert turned == []
