"""Rule 3: a number in prose is bound to a value, or stands in its section's code."""

import pytest

from pagecheck.rules.numbers import NAMES, vouched

from ..conftest import problems_of, subject

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
        "It prints 0.411261, up to 17; of 1500 points.",
        "It prints 0.41<!--= 0.411261-->.",
        "In code, `range(-10, 17)` and `range( -10,17 )`.",
        "共1500<!--= n-->个点，最好是6.9<!--= best-->，即0.15万<!--= n-->个。",
        "It is half<!--= 2 * rate-->, a quarter<!--= rate--> of it.",
        "是四分之一<!--= rate-->，是一半<!--= 2 * rate-->。",
        "It is 1/4<!--= rate-->, $\\frac{1}{4}$<!--= rate-->, ¼<!--= rate-->.",
        "It is $1 - z$<!--pagecheck:formula 1 - z-->.",
        "At $x = (0, 1)$<!--= points[10]--><!--= points[11]-->.",
        "Two points and 三个点 are only counted.",
        "Recipe 4-3 trains 2-3-1 in float32 with Python 3.11 and torch 2.13.0 (1999).",
        "第2步见食谱4-3，练习1。",
        "需要Python 3.11和UTF-8，从PyTorch 0.4起，是2D的。",
        "1. an item",
        "**1. A bold item.**",
        "Call 112<!--pagecheck:unchecked a telephone number-->.",
        "$w_{12} + x_1$",
        "| a |\n| --- |\n| 6.90<!--= best--> |",
    ],
)
def test_a_number_that_something_vouches_for_is_accepted(project, prose):
    assert check(project, prose) == []


UNKNOWN, COMMON = "a number that is bound", "one significant digit to be bound"
LITERAL = "an expression, or a number that the code of its section holds"


@pytest.mark.parametrize(
    ("prose", "expected", "found"),
    [
        ("The loss is 6.91<!--= best-->.", "6.8951, the value of best", "6.91"),
        ("The loss is 6.89<!--= best-->.", "6.8951, the value of best", "6.89"),
        ("A share of 26%<!--= rate-->.", "0.25, the value of rate", "26%"),
        ("It prints 0.4112.", UNKNOWN, "0.4112"),
        ("It prints 0.4113.", UNKNOWN, "0.4113"),  # rounded, so it is to be bound
        ("It is 0.250.", UNKNOWN, "0.250"),  # no code shows so many digits
        ("From 12 to 16.", UNKNOWN, "16"),
        ("From 10 to 17.", COMMON, "10"),
        ("A rate of $0.2$.", COMMON, "0.2"),
        ("From −10 to 17.", COMMON, "−10"),
        ("1,000 of them.", COMMON, "1,000"),
        ("Up to 18.", UNKNOWN, "18"),
        ("The other section's 99.5.", UNKNOWN, "99.5"),
        ("In code, `range(-10, 18)`.", UNKNOWN, "18"),
        ("In code, `range(17, -10)`.", COMMON, "-10"),
        ("In code, `range(-10, 1)`.", COMMON, "1"),
        ("$x^{18}$", UNKNOWN, "18"),
        ("Two thirds of it.", "a quantity in words to be bound", "Two thirds"),
        (
            "It is a tenfold rise.",
            "a quantity in words to be bound",
            "tenfold",
        ),
        ("大三倍。", "a quantity in words to be bound", "三倍"),
        ("大三倍<!--= rate-->。", "0.25, the value of rate", "三倍"),
        ("It is 1/3<!--= rate-->.", "0.25, the value of rate", "1/3"),
        ("It is 19<!--= 19-->.", LITERAL, "<!--= 19-->"),
        ("A range of 12-18.", UNKNOWN, "18"),
        ("隐藏层18个单元。", UNKNOWN, "18"),
        ("| a |\n| --- |\n| 6.9 |", "a number in a table to be bound", "6.9"),
        ("| a |\n| --- |\n| 1500 |", "a number in a table to be bound", "1500"),
        ("It is 7<!--= best-->.", "6.8951, the value of best", "7"),
        ("It is 7<!--= nothing-->.", "a number from <!--= nothing-->", "NameError"),
        ("![A curve of 18](figures/a.svg)", UNKNOWN, "18"),
        ("### Heading 18 { #h }", UNKNOWN, "18"),
    ],
)
def test_a_number_that_nothing_vouches_for_is_rejected(project, prose, expected, found):
    problems = check(project, prose)
    assert any(expected in each and found in each for each in problems), problems


def test_a_description_is_looked_up_on_the_whole_page_and_never_bound(project):
    def described(by):
        text = f"---\ndescription: Of {by}.\n---\n" + PAGE.lstrip().format(
            prose="Words.", intro="Words.", other="Words."
        )
        found = problems_of(project(text, text))
        return [each for each in found if " numbers: " in each]

    assert described("99.5") == described("1,500") == []
    assert UNKNOWN in described("99.6")[0]


def test_what_vouches_for_a_number_can_be_told(parse):
    page = parse("""
        5<!--= x-->, 112<!--pagecheck:unchecked no quantity-->, 2D, 17,
        $1$<!--pagecheck:formula 1-->
    """)
    kinds = [kind for _, kind in vouched(page, page.regions[0])]
    assert kinds == ["bound", "waived", "name", "looked up", "formula"]


@pytest.mark.parametrize(
    "prose",
    [
        "1. one\n2. two\n\nWords.\n\n1. one\n2. two",
        "1. one\n    1. in it\n    2. in it\n2. two",
        "### Step 1: one { #a }\n\n### Step 2: two { #b }\n\n**Exercise 1.** Words.",
        "### 第1步：甲 { #a }\n\n### 第2步：乙 { #b }\n\n**练习1。**做。",
    ],
)
def test_what_counts_up_is_accepted(project, prose):
    assert check(project, prose) == []


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ("1. one\n3. three", "2. / 3."),
        ("2. two", "1. / 2."),
        (
            "### Step 1: one { #a }\n\n### Step 3: two { #b }",
            "### Step 2: / ### Step 3:",
        ),
        ("**练习1。**做。\n\n**练习1。**做。", "**练习2。 / **练习1。"),
    ],
)
def test_what_does_not_count_up_is_rejected(project, prose, expected):
    assert any(expected in problem for problem in check(project, prose))


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
        ("12-18", False),
        ("n-1", False),
        ("x86-64", True),
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


@pytest.mark.parametrize(
    ("prose", "wrong"),
    [
        ("Of 2-3-1 and PyTorch 2.0, `2-3-1`, years (1999) and （1999）.", []),
        ("Of 2-4-1.", ["2-4-1"]),
        ("Of PyTorch 2.1, MkDocs 2.0.1 and 1.2.3.", ["PyTorch 2.1", "1.2.3"]),
        ("Of a year (1998).", ["1998"]),
        ("Of 4-3, Step 2, float32 and UTF-8.", ["4-3"]),
    ],
)
def test_where_names_are_listed_no_other_passes(project, tmp_path, prose, wrong):
    text = PAGE.format(prose=prose, intro="Words.", other="Words.")
    project(text, text)
    names = 'names = ["2-3-1", "PyTorch 2.0", "MkDocs 2.0.1", "1999"]\n'
    with (tmp_path / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(names)
    found = problems_of(subject(tmp_path))
    said = "7 numbers: one of the names that the setting names lists / "
    assert [e.removeprefix(said) for e in found if " numbers: " in e] == wrong
