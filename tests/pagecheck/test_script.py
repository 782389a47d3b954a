"""A page as a script."""

import ast
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagecheck.page import parse_page
from pagecheck.script import as_script, page_line

OUTPUT = "<!--pytest-codeblocks:expected-output-->"


def page(*blocks):
    """A page of blocks, each its code, or its code, its error and its output."""
    parts = ["# T { #t }\n"]
    for block in blocks:
        code, error, output = (block, "", "") if isinstance(block, str) else block
        if error:
            parts.append(f"<!--pytest.mark.xfail(raises={error}, strict=True)-->\n")
        parts.append(f"```python\n{code}\n```\n")
        if output:
            parts.append(f"{OUTPUT}\n\n```text\n{output}\n```\n")
    return parse_page("\n".join(parts))


def run(page):
    """What a page's script prints."""
    command = [sys.executable, "-I", "-c", as_script(page)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_blocks_are_joined_in_order_and_prose_and_bash_are_left_out():
    text = (
        "# T { #t }\n\nwords\n\n```python\nx = 1\n```\n\n```bash\nls\n```\n\n"
        "<details markdown>\n\n```python\ny = 2\n```\n\n</details>\n"
    )
    assert as_script(parse_page(text)) == "x = 1\n\n\ny = 2\n"


def test_a_page_without_python_is_an_empty_script():
    assert as_script(parse_page("# T { #t }\n\n```bash\nls\n```\n")) == ""


def test_an_indented_block_is_code_like_any_other():
    text = '!!! note "N"\n\n    ```python\n    if True:\n        x = 1\n    ```\n'
    assert as_script(parse_page(text)) == "if True:\n    x = 1\n"


@pytest.mark.parametrize(
    ("code", "error", "output"),
    [
        ("1 / 0", "ZeroDivisionError", "ZeroDivisionError: division by zero"),
        ("{}['a']", "KeyError", "KeyError: 'a'"),
        ("assert False", "AssertionError", "AssertionError"),
        ("raise ValueError('one\\ntwo\\n')", "ValueError", "ValueError: one\ntwo"),
        ("compile('x =', 'f', 'exec')", "SyntaxError", "SyntaxError: invalid syntax"),
        ("class Own(Exception):\n    pass\nraise Own('no')", "Own", "Own: no"),
        ("import json\njson.loads('')", "JSONDecodeError", None),
        ("import json\njson.loads('')", "json.JSONDecodeError", None),
        ("print('before')\nundefined", "NameError", None),
        ('print("""a\n  b\n""")\n1 / 0', "ZeroDivisionError", None),
        ('x = f"""{1}\n  b\n"""\nprint(x)\n1 / 0', "ZeroDivisionError", None),
        ("if True:\n\n    error = 1\n    1 / 0", "ZeroDivisionError", None),
    ],
)
def test_a_block_that_must_fail_prints_its_error_as_the_page_does(code, error, output):
    before, last = (
        "",
        {
            "JSONDecodeError": "json.decoder.JSONDecodeError: Expecting value: "
            "line 1 column 1 (char 0)",
            "NameError": "NameError: name 'undefined' is not defined",
            "ZeroDivisionError": "ZeroDivisionError: division by zero",
        }.get(error.split(".")[-1], ""),
    )
    if "print('before')" in code:
        before = "before\n"
    elif "a\n" in code:
        before = "a\n  b\n\n"
    elif 'f"' in code:
        before = "1\n  b\n\n"
    output = before + (output or last)
    assert run(page((code, error, output), "print('after')")) == f"{output}\nafter\n"


def test_the_error_s_name_is_none_that_the_page_uses():
    script = as_script(page("error = 3", ("1 / 0", "ZeroDivisionError", ""), "error"))
    assert "as error_1:" in script
    more = page("error = 3", ("1 / 0", "ZeroDivisionError", ""), "print(error)")
    assert run(more).endswith("\n3\n")


@given(st.text("ab\"' {}\\\n", max_size=30))
def test_a_string_of_several_lines_keeps_its_inside(text):
    code = f"x = '''{text}'''\n"
    try:
        (wanted,) = ast.parse(code).body
    except (SyntaxError, ValueError):
        return
    script = as_script(page((code, "NameError", "")))
    block = ast.parse(script).body[0]
    assert isinstance(block, ast.Try)
    assert ast.dump(block.body[0]) == ast.dump(wanted)


def test_a_line_of_the_script_is_traced_to_its_page():
    text = (
        "# T { #t }\n\n```python\na = 1\nb = 2\n```\n\nwords\n\n"
        "<!--pytest.mark.xfail(raises=KeyError, strict=True)-->\n\n"
        "```python\n{}[1]\n{}[2]\n```\n\n```python\nc = 3\n```\n"
    )
    found = parse_page(text)
    lines = as_script(found).splitlines()
    where = {lines[i - 1].strip(): page_line(found, i) for i in range(1, len(lines))}
    assert where["a = 1"] == 4
    assert where["b = 2"] == 5
    assert where["{}[1]"] == 13
    assert where["{}[2]"] == 14
    assert page_line(found, len(lines)) == 18
    assert page_line(found, 1000) == 1
