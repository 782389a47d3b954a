"""Rule 3: a number in prose is bound to a value, or stands in its section's code."""

import pytest

from pagecheck.rules.numbers import NAMES

from ..conftest import problems_of

PAGE = """
# T {{ #t }}

{intro}

## One {{ #one }}

{prose}

```python
rate, best, n = 0.25, 6.8951, 1500
points = range(-10, 17)
print(0.411261)
```

<!--pytest-codeblocks:expected-output-->

```text
0.411261
```

## Two {{ #two }}

{other}

```python
other = 99.5
```
"""


def check(project, prose="Words.", intro="Words.", other="Words."):
    text = PAGE.format(prose=prose, intro=intro, other=other)
    subject = project(text, text)
    return [each for each in problems_of(subject) if " numbers: " in each]


@pytest.mark.parametrize(
    "prose",
    [
        "The loss is 6.90<!--= best-->.",
        "The loss is $6.90$<!--= best--> and **1,500**<!--= n--> points.",
        "A share of 25%<!--= rate-->, or 0.25.",
        "It prints 0.4113, from −10 to 17, 6.9 at best.",
        "In code, `range(-10, 17)`.",
        "共1500<!--= n-->个点，最好是6.9。",
        "Recipe 4-3 trains 2-3-1 in float32 with Python 3.11 and torch 2.13.0 (1999).",
        "第2步见食谱4-3，练习1。",
        "需要Python 3.11和UTF-8，从PyTorch 0.4起，是2D的。",
        "1. an item",
        "Call 112<!--pagecheck:number a telephone number-->.",
        "$w_{12} + x_1$",
        "| a |\n| --- |\n| 6.90<!--= best--> |",
    ],
)
def test_a_number_that_something_vouches_for_is_accepted(project, prose):
    assert check(project, prose) == []


@pytest.mark.parametrize(
    ("prose", "expected", "found"),
    [
        ("The loss is 6.91<!--= best-->.", "6.8951, the value of best", "6.91"),
        ("The loss is 6.89<!--= best-->.", "6.8951, the value of best", "6.89"),
        ("A share of 26%<!--= rate-->.", "0.25, the value of rate", "26%"),
        ("It prints 0.4112.", "a number that is bound", "0.4112"),
        ("From 10 to 16.", "a number that is bound", "10"),
        ("Up to 18.", "a number that is bound", "18"),
        ("The other section's 99.5.", "a number that is bound", "99.5"),
        ("In code, `range(-10, 18)`.", "a number that is bound", "18"),
        ("$x^{18}$", "a number that is bound", "18"),
        ("| a |\n| --- |\n| 6.9 |", "a number in a table to be bound", "6.9"),
        ("It is 7<!--= best-->.", "6.8951, the value of best", "7"),
        ("It is 7<!--= nothing-->.", "a number from <!--= nothing-->", "NameError"),
        ("![A curve of 18](figures/a.svg)", "a number that is bound", "18"),
        ("### Heading 18 { #h }", "a number that is bound", "18"),
    ],
)
def test_a_number_that_nothing_vouches_for_is_rejected(project, prose, expected, found):
    problems = check(project, prose)
    assert any(expected in each and found in each for each in problems), problems


def test_the_place_of_a_wrong_number_is_named(project):
    (problem,) = check(project, "Words.\n\nMore words, 18.")
    assert problem.startswith("9 numbers: ")


def test_the_introduction_speaks_of_the_page_s_end(project):
    assert check(project, intro="It is 99.5<!--= other-->.") == []
    assert len(check(project, intro="It is 99.5.")) == 1


@pytest.mark.parametrize(
    ("name", "matches"),
    [
        ("4-3", True),
        ("4.5", False),
        ("17", False),
        ("Python 3.11", True),
        ("Pythons 3.11", False),
        ("127.0.0.1", True),
        ("(1999)", True),
        ("(17)", False),
        ("Step 2", True),
        ("Step 2.5", False),
        ("Steps to 2", False),
        ("第12步", True),
        ("UTF-8", True),
        ("2D", True),
    ],
)
def test_names_are_told_from_quantities(name, matches):
    numbers = [
        p for p in NAMES.values() if p.search(f"x {name} y".replace("x 第", "第"))
    ]
    assert bool(numbers) is matches
