"""A claim holds: its expression is exactly True after the code of its section."""

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


def check(project, prose):
    text = PAGE.format(prose=prose)
    return [e for e in problems_of(project(text, text)) if " claims: " in e]


def test_claims_that_hold_in_their_section_are_accepted(project):
    prose = (
        "It is small.<!--pagecheck:claim x < 4-->\n\n"
        "It is small<!--pagecheck:claim max(values) < 4--> and odd.\n\n"
        "- An item.<!--pagecheck:claim x % 2 == 1-->\n\n"
        "| a |\n| --- |\n| small<!--pagecheck:claim x < 4--> |"
    )
    assert check(project, prose) == []


def test_claims_that_are_false_or_say_nothing_are_rejected(project):
    said = {
        **{"x > 3": "it is False", "x == 4": "it is False"},  # it is 4 later
        **{"x": "3", "values": "[1, 2, 3]", "[x < 4, False]": "[True, False]"},
        **{"y < 4": "NameError", "x <": "SyntaxError", "True": "names nothing"},
        **{"3 < 4": "names nothing", "x == x": "stays the same"},
        "len(values) >= 0": "stays the same",
    }
    claims = " ".join(f"So it is.<!--pagecheck:claim {claim}-->" for claim in said)
    problems = check(project, claims)
    for problem, (claim, found) in zip(problems, said.items(), strict=True):
        assert f"3 claims: {claim} to be True" in problem
        assert found in problem
