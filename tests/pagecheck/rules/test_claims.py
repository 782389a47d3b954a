"""A claim holds: its expression is exactly True after the code of its section."""

import pytest

from ..conftest import problems_of

PAGE = """
# T {{ #t }}

{prose}

```python
x, values = 3, [1, 2, 3]
```

## Later {{ #later }}

Words.

```python
x = 4
```
"""


def check(project, prose, settings=""):
    text = PAGE.format(prose=prose)
    found = problems_of(project(text, text, settings=settings))
    return [each for each in found if " claims: " in each]


@pytest.mark.parametrize(
    "prose",
    [
        "It is small.<!--pagecheck:claim x < 4-->",
        "It is small<!--pagecheck:claim max(values) < 4--> and odd.",
        "- An item.<!--pagecheck:claim x % 2 == 1-->",
        "| a |\n| --- |\n| small<!--pagecheck:claim x < 4--> |",
    ],
)
def test_a_claim_that_holds_in_its_section_is_accepted(project, prose):
    assert check(project, prose) == []


@pytest.mark.parametrize(
    ("claim", "found"),
    [
        ("x > 3", "it is False"),
        ("x == 4", "it is False"),  # that is so in a later section
        ("x", "3"),  # merely truthy
        ("values", "[1, 2, 3]"),
        ("[x < 4, False]", "[True, False]"),
        ("y < 4", "NameError"),
        ("x <", "SyntaxError"),
        ("True", "names nothing"),
        ("3 < 4", "names nothing"),
        ("x == x", "stays the same"),
        ("len(values) >= 0", "stays the same"),
    ],
)
def test_a_claim_that_is_false_or_says_nothing_is_rejected(project, claim, found):
    (problem,) = check(project, f"So it is.<!--pagecheck:claim {claim}-->")
    assert f"3 claims: {claim} to be True" in problem
    assert found in problem


def test_each_of_two_claims_in_a_line_has_a_check_of_its_own(project):
    prose = "A.<!--pagecheck:claim x > 3--> B.<!--pagecheck:claim x > 4-->"
    assert len(check(project, prose)) == 2


@pytest.mark.parametrize(
    ("item", "accepted"),
    [
        ("Small.<!--pagecheck:claim x < 4-->", True),
        ("It is 3<!--= x-->.", True),
        ("It is small.", False),
    ],
)
def test_an_item_of_a_section_to_remember_carries_a_claim_or_a_number(
    project, item, accepted
):
    prose = f"## Remember {{ #remember }}\n\n- {item}"
    found = check(project, prose, settings='claimed = ["remember"]\n')
    assert (found == []) is accepted
    assert check(project, prose) == []
