"""A number in prose is bound to an expression whose value it shows, or is a name."""

from pagecheck.rules.numbers import unvouched

from ..conftest import problems_of

NAMES = ("4-3", "2-3-1", "Python 3.11", "127.0.0.1", "(1999)")

PAGE = """---
description: Of {by}.
---

# T {{ #t }}

It is 99.5<!--= other-->, at the page's end.

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

```python
other = 99.5
line = "a".center(20)
```
"""


ACCEPTED = [
    "The loss is $6.90$<!--= best--> and **1,500**<!--= n--> points.",
    "In code, `range(-10, 17)` and `range( -10,17 )`; it prints `0.411261`.",
    "Write `f(0.1)` and `lr = 3`, `center(20)` and `s.center(20)`.",
    "共1500<!--= n-->个点，最好是6.9<!--= best-->，即0.15万<!--= n-->个。",
    "It is half<!--= 2 * rate-->, 1/4<!--= rate--> of it, ¼<!--= rate-->.",
    "是四分之一<!--= rate-->，是一半<!--= 2 * rate-->。",
    "It is $1 - z$<!--pagecheck:formula 1 - z-->, $w_{12} + x_1$.",
    "At $x = (0, 1)$<!--= points[10]--><!--= points[11]-->.",
    "Two points and 三个点 are only counted.",
    "Recipe 4-3 trains 2-3-1 in float32 with Python 3.11 (1999), Step 2, 第12步.",
    "1. an item of UTF-8",
    "**1. A bold item.**",
    "Call 112<!--pagecheck:unchecked a telephone number-->.",
    "| a |\n| --- |\n| 6.90<!--= best--> |",
]
UNBOUND = "a number that is bound, or a name that the settings list"
REJECTED = [
    ("The loss is 6.91<!--= best-->.", "6.8951, the value of best", "6.91"),
    ("A share of 26%<!--= rate-->.", "0.25, the value of rate", "26%"),
    ("It prints 0.411261.", UNBOUND, "0.411261"),
    ("In code, `range(-10, 18)`.", UNBOUND, "18"),
    ("In code, `range( -10,16 )`.", UNBOUND, "16"),
    ("Without its sign, `range(10, 17)`.", UNBOUND, "17"),
    ("The other section's `99.5`.", UNBOUND, "99.5"),
    ("Not so: `center(30)`.", UNBOUND, "30"),
    ("Nor so: `s.center(40)`.", UNBOUND, "40"),
    ("大三倍<!--= rate-->。", "0.25, the value of rate", "三倍"),
    ("It is 1/3<!--= rate-->.", "0.25, the value of rate", "1/3"),
    ("It is 19<!--= 19-->.", "<!--= 19-->", "names nothing"),
    ("It is 0<!--= 0 * rate-->.", "<!--= 0 * rate-->", "stays the same"),
    ("A range of 12-17.", UNBOUND, "17"),
    ("隐藏层21个单元。", UNBOUND, "21"),
    ("| a |\n| --- |\n| 1500 |", UNBOUND, "1500"),
    ("It is 7<!--= nothing-->.", "a number from <!--= nothing-->", "NameError"),
    ("![A curve of 22](figures/a.svg)", UNBOUND, "22"),
    ("### Heading 23 { #h }", UNBOUND, "23"),
    ("With 2-4-1 and PyTorch 2.1, (1998).", UNBOUND, "2.1"),
    ("It is 2.**5**7<!--= n-->, 3\\.14.", UNBOUND, "14"),
]


def test_a_number_is_bound_or_a_name_or_quoted(project):
    """A description may repeat what is bound on the page."""

    def check(by, texts):
        text = PAGE.format(by=by, prose="\n\n".join(texts))
        found = problems_of(project(text, text, settings=f"names = {[*NAMES]}\n"))
        return text.split("\n"), [each for each in found if " numbers: " in each]

    assert check("6.90", ACCEPTED)[1] == []
    lines, found = check("6.8951", [text for text, *_ in REJECTED])
    for text, expected, shown in [("description: Of 6.8951.", UNBOUND, ""), *REJECTED]:
        place = f"{lines.index(text.split(chr(10))[-1]) + 1} numbers: "
        said = [each for each in found if each.startswith(place)]
        assert any(expected in each and shown in each for each in said), text


# Names where a project lists NAMES; what is no name.
LISTED = "4-3|Python 3.11|127.0.0.1|(1999)|Step 12|第12步|Exercise 0|练习1|UTF-8|2D"
NEITHER = "4-30|14-3|4-3.5|Pythons 3.11|1999|Step 2.5|Steps to 2|图1个|12-18|1.000.000"


def test_the_numbers_that_nothing_vouches_for_can_be_told(parse):
    page = parse("""
        5<!--= x-->, 112<!--pagecheck:unchecked no quantity here-->, UTF-8, 17,
        $1$<!--pagecheck:formula 1-->
    """)
    assert [n.text for n in unvouched(page, page.regions[0], ())] == ["17"]
    for texts, is_name in ((LISTED, True), (NEITHER, False)):
        for text in texts.split("|"):
            page = parse(f"A {text} b".replace("A 第", "第"))
            unbound = [*unvouched(page, page.regions[0], NAMES)]
            assert (unbound == []) is is_name, text
