"""A page is a script that needs nothing but what it says it needs."""

import pytest

from pagecheck.rules.standalone import check_standalone

from ..conftest import checked_text, problems_of


def page(*codes, words="", raises=""):
    """A page of blocks."""
    parts = [f"# T {{ #t }}\n\n{words}\n", raises]
    return "\n".join([*parts, *(f"```python\n{c}\n```\n" for c in codes)])


def check(text):
    checked = checked_text(text, needs=("numpy",))
    return [f"{p.line} {p.expected} / {p.found}" for p in check_standalone(checked)]


def test_a_page_is_a_script_that_announces_what_it_imports():
    for codes in (
        ["x = 1\nprint(x)", "print(x + 1)"],
        [],
        ["import math, numpy.linalg\nprint(math.pi)"],
        ["from __future__ import annotations\nx = 1", "def f(a: b): pass"],
    ):
        assert check(page(*codes)) == []
    for code, line in (
        ("import tiny_package.deep as deep", 7),
        ("x = 1\nfrom tiny_package import x", 8),
        ("def f():\n    import scipy", 8),
        ("import math, tiny_package", 7),
    ):
        (found,) = check(page(code))
        assert found.startswith(f"{line} a sentence before it that the page needs")


def test_what_is_no_python_is_no_part_of_a_script_though_it_must_fail():
    raises = "<!--pytest.mark.xfail(raises=SyntaxError, strict=True)-->\n"
    for code, line in (("x = = 2", 8), ("x = 1\nreturn x", 9)):
        (found,) = check(page(code, raises=raises))
        assert found.startswith(f"{line} the page's blocks, joined, to be one script")


def test_a_package_is_announced_in_backticks_before():
    code = "import tiny_package\nprint(tiny_package.x)"
    assert check(page(code, words="In a clone, with `tiny_package`.")) == []
    assert check(page(code, words="See `tiny_package.deep`.")) == []
    assert check(page(code, words="Here is tiny_package.")) != []
    assert check(page(code, words="Here is `tiny_package_2`.")) != []
    late = page(code) + "\nThat was `tiny_package`.\n"
    assert check(late) != []


def test_a_page_that_breaks_rules_1_or_2_is_not_told_so_twice(project):
    text = "# T { #t }\n\n```python\nx = = 2\n```\n"
    found = problems_of(project(text, text.replace("# T", "# 题")))
    assert [each.split()[1] for each in found] == ["run:"]


@pytest.mark.parametrize("deep", ["-" * 5_000 + "1", "(" * 250 + ")" * 250])
def test_code_that_python_cannot_read_for_its_depth_is_told_by_its_run(deep):
    assert check(page(f"x = {deep}", "print(1)")) == []
