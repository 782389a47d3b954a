"""A number in prose is bound to an expression whose value it shows, or is a name."""

import pytest

from pagecheck.rules.numbers import vouched

from ..conftest import problems_of

NAMES = ("4-3", "2-3-1", "Python 3.11", "127.0.0.1", "(1999)")

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
    found = problems_of(project(text, text, settings=f"names = {[*NAMES]}\n"))
    return [each for each in found if " numbers: " in each]


@pytest.mark.parametrize(
    "prose",
    [
        "The loss is 6.90<!--= best-->.",
        "The loss is $6.90$<!--= best--> and **1,500**<!--= n--> points.",
        "In code, `range(-10, 17)` and `range( -10,17 )`; it prints `0.411261`.",
        "Write `f(0.1)` and `lr = 3`.",
        "共1500<!--= n-->个点，最好是6.9<!--= best-->，即0.15万<!--= n-->个。",
        "It is half<!--= 2 * rate-->, a quarter<!--= rate--> of it.",
        "是四分之一<!--= rate-->，是一半<!--= 2 * rate-->。",
        "It is 1/4<!--= rate-->, $\\frac{1}{4}$<!--= rate-->, ¼<!--= rate-->.",
        "It is $1 - z$<!--pagecheck:formula 1 - z-->.",
        "At $x = (0, 1)$<!--= points[10]--><!--= points[11]-->.",
        "Two points and 三个点 are only counted.",
        "Recipe 4-3 trains 2-3-1 in float32 with Python 3.11 (1999), Step 2, 第12步.",
        "UTF-8 and x86-64",
        "1. an item",
        "**1. A bold item.**",
        "Call 112<!--pagecheck:unchecked a telephone number-->.",
        "$w_{12} + x_1$",
        "| a |\n| --- |\n| 6.90<!--= best--> |",
    ],
)
def test_a_number_that_something_vouches_for_is_accepted(project, prose):
    assert check(project, prose) == []


UNBOUND = "a number that is bound, or a name that the settings list"


@pytest.mark.parametrize(
    ("prose", "expected", "found"),
    [
        ("The loss is 6.91<!--= best-->.", "6.8951, the value of best", "6.91"),
        ("The loss is 6.89<!--= best-->.", "6.8951, the value of best", "6.89"),
        ("A share of 26%<!--= rate-->.", "0.25, the value of rate", "26%"),
        ("It prints 0.411261.", UNBOUND, "0.411261"),
        ("From 12 to 16.", UNBOUND, "16"),
        ("A rate of $0.4$<!--= rate-->.", "0.25, the value of rate", "0.4"),
        ("1,000 of them.", UNBOUND, "1,000"),
        ("In code, `range(-10, 18)`.", UNBOUND, "18"),
        ("In code, `range( -10,16 )`.", UNBOUND, "16"),
        ("The other section's `99.5`.", UNBOUND, "99.5"),
        ("大三倍<!--= rate-->。", "0.25, the value of rate", "三倍"),
        ("It is 1/3<!--= rate-->.", "0.25, the value of rate", "1/3"),
        ("It is 19<!--= 19-->.", "<!--= 19-->", "names nothing"),
        ("It is 0<!--= 0 * rate-->.", "<!--= 0 * rate-->", "stays the same"),
        ("A range of 12-18.", UNBOUND, "18"),
        ("隐藏层18个单元。", UNBOUND, "18"),
        ("| a |\n| --- |\n| 1500 |", UNBOUND, "1500"),
        ("It is 7<!--= best-->.", "6.8951, the value of best", "7"),
        ("It is 7<!--= nothing-->.", "a number from <!--= nothing-->", "NameError"),
        ("![A curve of 18](figures/a.svg)", UNBOUND, "18"),
        ("### Heading 18 { #h }", UNBOUND, "18"),
        ("With 2-4-1 and PyTorch 2.1.", UNBOUND, "2.1"),
        ("A year (1998).", UNBOUND, "1998"),
    ],
)
def test_a_number_that_nothing_vouches_for_is_rejected(project, prose, expected, found):
    problems = check(project, prose)
    assert any(expected in each and found in each for each in problems), problems


def test_a_description_repeats_what_is_bound_on_the_page(project):
    def described(by):
        text = f"---\ndescription: Of {by}.\n---\n" + PAGE.lstrip().format(
            prose="It is 6.9<!--= best-->.", intro="Words.", other="Words."
        )
        found = problems_of(project(text, text))
        return [each for each in found if " numbers: " in each]

    assert described("6.9") == []
    assert UNBOUND in described("6.8951")[0]


def test_what_vouches_for_a_number_can_be_told(parse):
    page = parse("""
        5<!--= x-->, 112<!--pagecheck:unchecked no quantity here-->, UTF-8, 17,
        $1$<!--pagecheck:formula 1-->
    """)
    kinds = [kind for _, kind in vouched(page, page.regions[0], ())]
    assert kinds == ["bound", "unchecked", "name", "unbound", "formula"]


def test_the_place_of_a_wrong_number_is_named(project):
    (problem,) = check(project, "Words.\n\nMore words, 18.")
    assert problem.startswith("9 numbers: ")


def test_the_introduction_speaks_of_the_page_s_end(project):
    assert check(project, intro="It is 99.5<!--= other-->.") == []


@pytest.mark.parametrize(
    ("text", "is_name"),
    [
        ("4-3", True),
        ("4-30", False),
        ("14-3", False),
        ("4-3.5", False),
        ("Python 3.11", True),
        ("Pythons 3.11", False),
        ("Python 3.11.2", False),
        ("127.0.0.1", True),
        ("(1999)", True),
        ("1999", False),
        ("Step 12", True),
        ("Step 2.5", False),
        ("Steps to 2", False),
        ("第12步", True),
        ("Exercise 0", True),
        ("练习1", True),
        ("图1个", False),
        ("UTF-8", True),
        ("2D", True),
    ],
)
def test_a_name_is_a_word_of_its_own(parse, text, is_name):
    page = parse(f"A {text} b".replace("A 第", "第"))
    kinds = {kind for _, kind in vouched(page, page.regions[0], NAMES)}
    assert (kinds == {"name"}) is is_name


@pytest.mark.parametrize(
    ("text", "is_name"),
    [
        ("4-3", True),
        ("2-3-1", True),
        ("12-18", False),
        ("2.13.0", True),
        ("127.0.0.1:8000", True),
        ("1.000.000", False),
        ("(1999)", True),
        ("(17)", False),
    ],
)
def test_where_a_project_lists_no_names_these_are_some(parse, text, is_name):
    page = parse(f"A {text} b")
    kinds = {kind for _, kind in vouched(page, page.regions[0], ())}
    assert (kinds == {"name"}) is is_name
