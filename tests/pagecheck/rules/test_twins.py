"""A page and its twin teach the same."""

from pagecheck.rules.twins import check_twins

from ..conftest import GOOD, GOOD_ZH, checked_page


def problems_of(checked):
    return [f"{p.line} {p.expected} / {p.found}" for p in check_twins(checked)]


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


def check(project, chinese, english=ENGLISH):
    subject = project(EXTRA.format(**english), EXTRA.format(**chinese))
    return problems_of(subject)


CHANGES = [
    {"heading": "### 深入 { #other }"},
    {"heading": "#### 深入 { #deeper }"},
    {"heading": "### 深入"},
    {"words": "共有4<!--= x-->部分，见[那里](#one)。"},
    {"words": "共有3<!--= x + 0-->部分，见[那里](#one)。"},
    {"words": "共有3<!--= x-->部分，见[那里](#two)。"},
    {"latex": "y = -x"},
    {"admonition": '!!! warning "注意"'},
    {"table": "| 甲 | 乙 |\n| --- | --- |"},
    {"table": "| 甲 |\n| --- |\n| 丙 |"},
    {"items": "- 一"},
    {"items": "- 一\n- `x`"},
    {"items": "- 一\n- $x$"},
    {"items": "- 一\n- float32"},
    {"items": "- 一\n- 一半<!--= x-->"},
    {"items": "- 一\n- 好<!--pagecheck:claim x > 1-->"},
    {"code": "x = 4"},
    {"code": "x = 3\ny = x"},
    {"code": 'x = 3; s = "三"'},
]


def test_twins_that_agree_are_accepted_and_those_that_differ_are_not(project):
    assert check(project, CHINESE) == []
    assert check(project, CHINESE | {"code": "# 数\nx = 3"}) == []
    for change in CHANGES:
        assert check(project, CHINESE | change), change


def test_the_numbers_in_a_comment_stay(project):
    english = ENGLISH | {"code": "x = 3  # at 0 it is 1/4"}
    for comment, agree in (("等于1/4（在0处）", True), ("在0处等于1/3", False)):
        found = check(project, CHINESE | {"code": f"x = 3  # {comment}"}, english)
        assert any("block" in each for each in found) is not agree


def test_the_cells_of_a_row_stand_in_the_same_order(project):
    table = "| {} | {} |\n| --- | --- |\n| {} | {} |"
    english = ENGLISH | {"table": table.format("a", "b", "`c`", "3<!--= x--> of `d`")}
    turned = table.format("甲", "乙", "`c`", "`d`的3<!--= x-->")
    swapped = table.format("甲", "乙", "3<!--= x-->", "`d`和`c`")
    assert check(project, CHINESE | {"table": turned}, english) == []
    first, second = check(project, CHINESE | {"table": swapped}, english)
    assert "cell 1, has: the number 3, = x / the code c" in first
    assert "cell 2, has: the code c / the number 3, = x" in second


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


def test_listings_are_compared_in_their_code_and_directives(project):
    english = LISTING.format(words="It has", folder="docs", comment="of pages")
    for words, folder, comment, agree in (
        ("共有", "docs", "页面", True),
        ("共有4<!--= y-->和", "docs", "页面", False),
        ("共有", "pages", "页面", False),
    ):
        chinese = LISTING.format(words=words, folder=folder, comment=comment)
        subject = project(
            EXTRA.format(**ENGLISH) + english, EXTRA.format(**CHINESE) + chinese
        )
        found = problems_of(subject)
        assert (found == []) is agree
        assert all("listing" in each for each in found)


def twins_of(project, english, chinese):
    """The problems of two pages of one section with these words."""
    head = "# T {{ #t }}\n\n{0}\n"
    subject = project(head.format(english), head.format(chinese))
    return problems_of(subject)


SAME = [
    ("Three times<!--= x--> as large.", "是3<!--= x-->倍。"),
    ("Half<!--= x--> of it.", "占50%<!--= x-->。"),
    ("In 15,000<!--= x--> steps.", "共1.5万<!--= x-->步。"),
    ("It is two thirds<!--= x-->.", "是2/3<!--= x-->。"),
    ("Call `f` and `g` in float32.", "在float32里先调用`g`再调用`f`，还是`f`。"),
    ("Float32 comes first.", "首先是float32。"),
]
DIFFERENT = [
    ("Three times<!--= x--> as large.", "是四倍<!--= x-->。", "the number 4"),
    ("Twice<!--= x--> as large.", "很大。", "no more"),
    ("In 15,000<!--= x--> steps.", "共1.5亿<!--= x-->步。", "the number 1.5E+8"),
    ("See [a](#a) and [b](#b).", "见[乙](#b)和[甲](#c)。", "the link #c"),
    ("Call `f`.", "调用`g`。", "the code g"),
    ("It is $x - 1$.", "是$x + 1$。", "the math x + 1"),
    ("It is x².", "是x³。", "the name x³"),
    ("So.<!--pagecheck:claim x-->", "所以。<!--pagecheck:claim y-->", "pagecheck:c"),
]


def test_words_may_differ_and_what_they_say_may_not(project):
    for english, chinese in SAME:
        assert twins_of(project, english, chinese) == [], english
    for english, chinese, what in DIFFERENT:
        (found,) = twins_of(project, english, chinese)
        assert f"has: {what}" in found


def test_no_paragraph_is_left_out(project):
    assert twins_of(project, "One.\n\nTwo.", "一。\n\n二。") == []
    for chinese in ("一。二。", "一。\n\n二。\n\n三。"):
        (found,) = twins_of(project, "One.\n\nTwo.", chinese)
        assert "paragraph" in found


def test_a_paragraph_is_split_or_joined_where_it_says_so(project):
    mark, parts = (
        "<!--pagecheck:split-->",
        "# T {{ #t }}\n\nOf 3<!--= x-->.{}\n\nAnd `y`.",
    )
    for said, agree in ((mark, True), ("", False)):
        page = project(parts.format(said), "# 题 { #t }\n\n共3<!--= x-->，还有`y`。")
        for checked in (page, checked_page(page.config.root, "zh")):
            found = [*check_twins(checked)]
            assert (found == []) is agree
            assert all(f"end the first with {mark}" in p.fix for p in found)


def test_a_missing_twin_is_rejected_and_an_output_is_compared(project):
    found = problems_of(project(GOOD, None))
    assert "1 a twin in the other language / no such file" in found
    found = problems_of(project(GOOD, GOOD_ZH.replace("3.14159\n```", "3.14158\n```")))
    assert any("block" in each for each in found)


def test_twins_have_the_same_places_for_scripts_to_fill(project):
    place = '<div class="explorer" data-explorer="{}"></div>'
    assert twins_of(project, place.format("a"), place.format("a")) == []
    assert twins_of(project, place.format("a"), place.format("b"))
