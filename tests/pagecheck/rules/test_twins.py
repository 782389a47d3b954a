"""Rule 7: a page and its twin teach the same."""

import pytest

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
        {"code": "x = 4"},
        {"code": "x = 3\ny = x"},
    ],
)
def test_twins_that_differ_are_rejected(project, change):
    assert check(project, CHINESE | change)


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


def test_a_comment_may_be_translated_and_a_string_not(project):
    assert check(project, CHINESE | {"code": "# 数\nx = 3"}) == []
    assert check(project, CHINESE | {"code": 'x = 3; s = "三"'})


def test_a_missing_twin_is_rejected(project):
    found = problems_of(project(GOOD, None))
    assert "1 twins: a twin in the other language / no such file" in found


def test_a_twin_s_output_is_compared(project):
    found = problems_of(project(GOOD, GOOD_ZH.replace("3.14159\n```", "3.14158\n```")))
    assert any(" twins: the same blocks" in each for each in found)


def test_a_paragraph_left_in_the_other_language_is_rejected(project):
    words = "This whole paragraph of 3<!--= x--> was never translated, see [it](#one)."
    found = check(project, CHINESE | {"words": words})
    assert found == []  # the English page is English
    english = EXTRA.format(**ENGLISH).replace(
        "It has", "这一段共有许多字却没有翻译过来"
    )
    found = problems_of(project(english, EXTRA.format(**CHINESE)))
    assert any("mostly Chinese" in each for each in found)
