"""A formula equals what its directive names; inline mathematics needs one too."""

import pytest

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


@pytest.mark.parametrize(
    "prose",
    [
        "A name $x$, $\\eta$ or $\\hat{y}$.",
        "The step $-\\eta g$.",
        "Here $x = 3$<!--= x-->.",
        "Here $x - 1$<!--pagecheck:formula x - 1-->.",
        "Here $x - 1 = 2$<!--pagecheck:formula x - 1-->.",
        "A point $(0, 1)$<!--pagecheck:unchecked only names a place-->.",
        "Here $f(-z) = -f(z)$<!--pagecheck:unchecked a definition of odd-->.",
    ],
)
def test_inline_mathematics_that_something_vouches_for_is_accepted(project, prose):
    assert check(project, prose) == []


@pytest.mark.parametrize(
    ("prose", "found"),
    [
        ("The step $\\eta g$ forwards, $+\\eta x$.", "$+\\eta x$"),
        ("Here $x = 3$.", "$x = 3$"),
        ("Here $x = \\eta$.", "$x = \\eta$"),
        ("Here $x < g$.", "$x < g$"),
        ("Here $x + 1$.", "$x + 1$"),
        ("Here $x + 1$<!--pagecheck:formula x - 1-->.", "x + 1 to equal x - 1"),
        ("Here $x - 1 = 3$<!--pagecheck:formula x - 1-->.", "x - 1 = 3 to equal"),
    ],
)
def test_inline_mathematics_that_is_wrong_or_unfounded_is_rejected(
    project, prose, found
):
    problems = check(project, prose)
    assert problems
    assert all(found in each for each in problems)


def test_each_formula_of_a_paragraph_has_a_check_of_its_own(project):
    assert len(check(project, "Here $x + 1$ and $x + 2$ and $x + 1$.")) == 3
