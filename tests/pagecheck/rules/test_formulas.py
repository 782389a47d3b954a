"""A formula equals what its directive names; inline mathematics needs one too."""

from ..conftest import problems_of

PAGE = """
# T {{ #t }}

{prose}

<!--pagecheck:formula x - eta * g-->

$$
x - \\eta g
$$

```python
x, eta, g, loss = 3.0, 0.5, 4.0, 0.25
```
"""


def check(project, prose):
    text = PAGE.format(prose=prose)
    return [e for e in problems_of(project(text, text)) if " formulas: " in e]


def test_inline_mathematics_that_something_vouches_for_is_accepted(project):
    prose = (
        "A name $x$, $\\eta$ or $\\hat{y}$, $x = 3$<!--= x--> and "
        "$x - 1 = 2$<!--pagecheck:formula x - 1-->. A point $(0, 1)$"
        "<!--pagecheck:unchecked only names a place-->."
    )
    assert check(project, prose) == []


def test_inline_mathematics_that_is_wrong_or_unfounded_is_rejected(project):
    wrong = ["$\\eta x$", "$+\\eta x$", "$x = 3$", "$x = \\eta$", "$x < g$", "$x + 1$"]
    prose = f"Here {' and '.join(wrong)}, "
    prose += "$x + 2$<!--pagecheck:formula x - 1-->, $x + 1$."
    problems = check(project, prose)
    told = [*wrong, "x + 2 to equal x - 1", "$x + 1$"]  # each, even twice
    for problem, found in zip(problems, told, strict=True):
        assert found in problem
