"""A page as a script."""

import ast
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from pagecheck.page import parse_page
from pagecheck.script import as_file, imports, pieces

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


def script(page):
    return "\n\n".join(code for _, code in pieces(page))


def run(page):
    """What a page's script prints."""
    command = [sys.executable, "-I", "-c", script(page)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_blocks_stand_in_order_and_prose_and_bash_are_left_out():
    text = (
        "# T { #t }\n\nwords\n\n```python\nx = 1\n```\n\n```bash\nls\n```\n\n"
        '!!! note "N"\n\n    ```python\n    if x:\n        y = 2\n    ```\n'
    )
    assert script(parse_page(text)) == "x = 1\n\n\nif x:\n    y = 2\n"
    assert script(parse_page("# T { #t }\n\n```bash\nls\n```\n")) == ""


def test_a_block_that_must_fail_prints_its_error_as_the_page_does():
    zero = "ZeroDivisionError: division by zero"
    json = "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)"
    wrong = []
    for code, error, output, before in (
        ("1 / 0", "ZeroDivisionError", zero, ""),
        ("{}['a']", "KeyError", "KeyError: 'a'", ""),
        ("assert False", "AssertionError", "AssertionError", ""),
        ("raise ValueError('a\\nb\\n')", "ValueError", "ValueError: a\nb", ""),
        ("compile('x =', 'f', 'exec')", "SyntaxError", "SyntaxError: invalid syntax",
         ""),
        ("class Own(Exception):\n    pass\nraise Own('no')", "Own", "Own: no", ""),
        ("import json\njson.loads('')", "json.JSONDecodeError", json, ""),
        ('print("""a\n  b\n""")\n1 / 0', "ZeroDivisionError", zero, "a\n  b\n\n"),
        ('x = f"""{1}\n  b\n"""\nprint(x)\n1 / 0', "ZeroDivisionError", zero,
         "1\n  b\n\n"),
        ("error = 3\n1 / 0", "ZeroDivisionError", zero, ""),
    ):  # fmt: skip
        made = page((code, error, before + output), "print('after')")
        if (printed := run(made)) != f"{before}{output}\nafter\n":
            wrong.append((code, printed))
    assert wrong == []


@given(st.text("ab\"' {}\\\n", max_size=30))
def test_a_string_of_several_lines_keeps_its_inside(text):
    code = f"x = '''{text}'''\n"
    try:
        (wanted,) = ast.parse(code).body
    except (SyntaxError, ValueError):
        return
    block = ast.parse(script(page((code, "NameError", "")))).body[0]
    assert ast.dump(block.body[0]) == ast.dump(wanted)


def test_the_lines_of_a_page_s_file_are_the_page_s():
    made = page("a = 1\nb = 2", ("{}[1]\n{}[2]", "KeyError", ""), "import c, d.e")
    lines, shown = as_file(made).splitlines(), made.text.splitlines()
    same = [line.strip() == other for line, other in zip(lines, shown, strict=False)]
    assert [shown[n] for n, is_same in enumerate(same) if is_same and shown[n]] == [
        *("a = 1", "b = 2", "{}[1]", "{}[2]", "import c, d.e")
    ]
    assert list(imports(made)) == [(len(lines), "c"), (len(lines), "d")]
