"""Rule 7: a page and its twin teach the same."""

import pytest

from pagecheck.page import parse_page, read_page
from pagecheck.rules.twins import check_twins

from ..conftest import GOOD, GOOD_ZH, problems_of

EXTRA = """
# T {{ #t }}

## One {{ #one }}

{heading}

{words}

<!--pagecheck:formula x-->

$$
{latex}
$$

{admonition}

{table}

{items}

```python
{code}
```
"""
ENGLISH = {
    "heading": "### Deeper { #deeper }",
    "words": "It has 3<!--= x--> parts, see [there](#one).",
    "latex": "y = x",
    "admonition": '!!! note "Note"',
    "table": "| a | b |\n| --- | --- |\n| c | d |",
    "items": "- one\n- two",
    "code": "x = 3  # three",
}
CHINESE = ENGLISH | {
    "heading": "### 深入 { #deeper }",
    "words": "共有3<!--= x-->部分，见[那里](#one)。",
    "admonition": '!!! note "注意"',
    "table": "| 甲 | 乙 |\n| --- | --- |\n| 丙 | 丁 |",
    "items": "- 一\n- 二",
    "code": "x = 3  # 三",
}


def check(project, chinese):
    subject = project(EXTRA.format(**ENGLISH), EXTRA.format(**chinese))
    return [each for each in problems_of(subject) if " twins: " in each]


def test_twins_that_agree_are_accepted(project):
    assert check(project, CHINESE) == []


@pytest.mark.parametrize(
    "change",
    [
        {"heading": "### 深入 { #other }"},
        {"heading": "#### 深入 { #deeper }"},
        {"words": "共有4<!--= x-->部分，见[那里](#one)。"},
        {"words": "共有3<!--= x + 0-->部分，见[那里](#one)。"},
        {"words": "共有3<!--= x-->部分，见[那里](#two)。"},
        {"words": "共有3<!--= x-->部分。"},
        {"words": "共有3<!--= x-->部分，见[那里](#one)。\n\n再来一段。"},
        {"latex": "y = -x"},
        {"admonition": '!!! warning "注意"'},
        {"table": "| 甲 | 乙 |\n| --- | --- |"},
        {"table": "| 甲 |\n| --- |\n| 丙 |"},
        {"items": "- 一"},
        {"items": "- 一\n- `x`"},
        {"items": "- 一\n- $x$"},
        {"items": "- 一\n- float32"},
        {"items": "- 一\n- 三分之一"},
        {"code": "x = 4"},
        {"code": "x = 3\ny = x"},
    ],
)
def test_twins_that_differ_are_rejected(project, change):
    assert check(project, CHINESE | change)


def test_the_cells_of_a_row_stand_in_the_same_order(project):
    table = "| {} | {} |\n| --- | --- |\n| `c` | 3<!--= x--> |"
    rows = {"table": table.format("a", "b")}, {"table": table.format("甲", "乙")}
    swapped = {
        "table": rows[1]["table"].replace("`c` | 3<!--= x-->", "3<!--= x--> | `c`")
    }
    turned = {"table": rows[1]["table"].replace("3<!--= x-->", "`d`的3<!--= x-->")}
    rows[0]["table"] = rows[0]["table"].replace("3<!--= x-->", "3<!--= x--> of `d`")
    for chinese, agree in ((turned, True), (swapped, False)):
        pages = EXTRA.format(**ENGLISH | rows[0]), EXTRA.format(**CHINESE | chinese)
        found = [each for each in problems_of(project(*pages)) if "cells" in each]
        assert (found == []) is agree


LISTING = """
```markdown
# A page {{ #page }}

{words} 3<!--= x-->.

`x`
```

````markdown
```toml
pages = {{ en = "{folder}" }}  # {comment}
```
````
"""


@pytest.mark.parametrize(
    ("words", "folder", "comment", "agree"),
    [
        ("共有", "docs", "页面", True),
        ("It has", "docs", "of pages", True),
        ("三分之一共有", "docs", "页面", False),
        ("共有4<!--= y-->和", "docs", "页面", False),
        ("共有", "pages", "页面", False),
    ],
)
def test_listings_are_compared_like_pages(project, words, folder, comment, agree):
    english = LISTING.format(words="It has", folder="docs", comment="of pages")
    chinese = LISTING.format(words=words, folder=folder, comment=comment)
    subject = project(
        EXTRA.format(**ENGLISH) + english, EXTRA.format(**CHINESE) + chinese
    )
    found = check_twins(
        read_page(subject.file.parent.parent / "zh" / "page.md"), subject.page, "zh"
    )
    assert (found == []) is agree
    assert all(each.line > 30 for each in found)


def test_a_listing_that_only_one_page_has_is_rejected(project):
    listing = LISTING.format(words="It has", folder="docs", comment="of pages")
    subject = project(EXTRA.format(**ENGLISH) + listing, EXTRA.format(**CHINESE))
    assert any("listings" in each for each in problems_of(subject))


def test_unbound_numbers_stand_in_the_same_order(project):
    english = ENGLISH | {"words": "From 3 to 4, see [there](#one)."}
    chinese = CHINESE | {"words": "从3到4，见[那里](#one)。"}
    code = {"code": "x = 3 + 4"}

    def twins(words):
        pair = (EXTRA.format(**english | code), EXTRA.format(**chinese | code | words))
        return [each for each in problems_of(project(*pair)) if " twins: " in each]

    assert twins({}) == []
    (found,) = twins({"words": "从4到3，见[那里](#one)。"})
    assert "the order of the unbound numbers" in found


def twins_of(project, english, chinese):
    """The problems of two pages of one section with these words."""
    head = "# T {{ #t }}\n\n{0}\n"
    subject = project(head.format(english), head.format(chinese))
    return [each for each in problems_of(subject) if " twins: " in each]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Three times<!--= x--> as large.", "是3<!--= x-->倍。"),
        ("Three times<!--= x--> as large.", "是三倍<!--= x-->。"),
        ("Half<!--= x--> of it.", "占一半<!--= x-->。"),
        ("Half<!--= x--> of it.", "占50%<!--= x-->。"),
        ("In 15,000<!--= x--> steps.", "共1.5万<!--= x-->步。"),
        ("A third<!--= x--> of it.", "占三分之一<!--= x-->。"),
        ("It is two thirds<!--= x-->.", "是2/3<!--= x-->。"),
        ("Call `f` and `g` in float32.", "在float32里先调用`g`再调用`f`，还是`f`。"),
        ("Float32 comes first.", "首先是float32。"),
        ("Both units do four things.", "两个单元做四件事。"),
        ("Two or three of them.", "其中两三个。"),
    ],
)
def test_what_says_the_same_is_accepted(project, english, chinese):
    assert twins_of(project, english, chinese) == []


@pytest.mark.parametrize(
    ("english", "chinese", "what"),
    [
        ("Three times<!--= x--> as large.", "是四倍<!--= x-->。", "numbers"),
        ("Half<!--= x--> of it.", "占三分之一<!--= x-->。", "numbers"),
        ("Twice<!--= x--> as large.", "很大。", "numbers"),
        ("In 15,000<!--= x--> steps.", "共1.5亿<!--= x-->步。", "numbers"),
        ("See [a](#a) and [b](#b).", "见[乙](#b)和[甲](#a)。", "links"),
        ("Call `f`.", "调用`g`。", "code"),
        ("It is $x - 1$.", "是$x + 1$。", "mathematics"),
        ("In float32.", "用float64。", "names with digits"),
        ("It is x².", "是x³。", "names with digits"),
        ("Five things happen.", "发生四件事。", "counting words"),
        ("In two of three rows.", "在四行中的三行。", "counting words"),
    ],
)
def test_what_says_something_else_is_rejected(project, english, chinese, what):
    assert f"the {what} of" in twins_of(project, english, chinese)[0]


def test_a_paragraph_that_has_lost_its_second_half_is_rejected(project):
    english = "A translation says all that the other page says, and nothing more. " * 4
    chinese = "译文要把另一页说的话全部说出来，而且不多说一句话。" * 4
    assert twins_of(project, english, chinese) == []
    assert (
        "the length of" in twins_of(project, english, chinese[: len(chinese) // 2])[0]
    )
    assert "the length of" in twins_of(project, english[:60], chinese)[0]


def test_a_comment_may_be_translated_and_a_string_not(project):
    assert check(project, CHINESE | {"code": "# 数\nx = 3"}) == []
    assert check(project, CHINESE | {"code": 'x = 3; s = "三"'})


def test_the_numbers_in_a_comment_stay(project):
    english = EXTRA.format(**ENGLISH | {"code": "x = 3  # at 0 it is 1/4"})

    def twins(comment):
        chinese = CHINESE | {"code": f"x = 3  # {comment}"}
        subject = project(english, EXTRA.format(**chinese))
        return [each for each in problems_of(subject) if " twins: " in each]

    assert twins("等于1/4（在0处）") == []
    (found,) = twins("在0处等于1/3")
    assert "the numbers in the comments of" in found


def test_a_missing_twin_is_rejected(project):
    found = problems_of(project(GOOD, None))
    assert "1 twins: a twin in the other language / no such file" in found


def test_a_twin_s_output_is_compared(project):
    found = problems_of(project(GOOD, GOOD_ZH.replace("3.14159\n```", "3.14158\n```")))
    assert any(" twins: the same blocks" in each for each in found)


@pytest.mark.parametrize(
    "words",
    [
        "## What to remember { #remember }",
        "This was never translated.",
        "- one of two",
        "![A straight line from left to right](figures/a.svg)",
        "| the best of all | the worst of all |\n| --- | --- |\n| 甲 | 乙 |",
        '!!! note "A word of warning"',
        "这里有一句 that nobody has ever translated 的话。",
    ],
)
def test_what_is_left_in_english_is_rejected(project, words):
    problems = language_of(project, "很好。\n\n" + words, "zh")
    assert any("in the page's language, zh" in each for each in problems)


@pytest.mark.parametrize(
    "words",
    [
        "### PyTorch { #pytorch }",
        "| ReLU | tanh | sigmoid |\n| --- | --- | --- |\n| 甲 | 乙 | 丙 |",
        "::: torch_recipes.activations",
        "`for x in xs` 与 $x$",
        "这是激活函数（activation function）。",
        "书名是《Deep Learning with PyTorch Step by Step》。",
        "报错说“too many values to unpack”。",
    ],
)
def test_names_code_and_quotations_may_be_english(project, words):
    assert language_of(project, "很好。\n\n" + words, "zh") == []


def test_what_is_left_in_chinese_is_rejected(project):
    words = "It has 这一段共有许多字却没有翻译过来 parts."
    assert "Chinese" in language_of(project, words, "en")[0]
    assert language_of(project, "The word for it is 激活函数.", "en") == []


def language_of(project, words, language):
    """What is wrong with the language of a page with these words."""
    text = f"# {'题' if language == 'zh' else 'T'} {{ #t }}\n\n{words}\n"
    page = parse_page(text)
    return [
        f"{each.expected} / {each.found}" for each in check_twins(page, page, language)
    ]


PLACE = '# T {{ #t }}\n\n<div class="explorer" data-explorer="{}"></div>\n'


def test_twins_have_the_same_places_for_scripts_to_fill():
    page, twin, other = (parse_page(PLACE.format(name)) for name in ("a", "a", "b"))
    assert [region.kind for region in page.regions] == ["heading", "html"]
    assert check_twins(page, twin, "en") == []
    assert check_twins(page, other, "en")
    assert check_twins(page, parse_page("# T { #t }\n"), "en")
