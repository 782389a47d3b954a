"""A page as a script."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagecheck import script as module
from pagecheck.page import parse_page
from pagecheck.script import as_script, page_line, run_script
from pagecheck.session import run_page

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
    run = run_script([as_script(page((code, error, output), "print('after')"))])
    assert run.error == ""
    assert run.printed == f"{output}\nafter\n"


def test_the_error_s_name_is_none_that_the_page_uses():
    script = as_script(page("error = 3", ("1 / 0", "ZeroDivisionError", ""), "error"))
    assert "as error_1:" in script
    assert run_script([script + "\nprint(error)\n"]).printed.endswith("\n3\n")


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


# -- running one -----------------------------------------------------------------------


def test_a_script_starts_fresh_and_sees_nothing_of_this_process():
    code = "import sys\nprint('pagecheck' in sys.modules, __name__, sys.argv[1:])"
    assert run_script([code]).printed == "False __main__ []\n"


def test_a_warning_is_printed_in_its_place_as_a_page_shows_it():
    code = "import warnings\nprint(1)\nwarnings.warn('careful')\nprint(2)\n"
    assert run_script([code]).printed == "1\nUserWarning: careful\n2\n"


def test_what_goes_to_the_other_stream_is_output_too():
    assert run_script(["import sys\nprint('é', file=sys.stderr)"]).printed == "é\n"


def test_pieces_run_as_one_file_and_each_has_its_own_output():
    codes = ["from __future__ import annotations\n\n\n", "def f(x: y):\n    return 2\n"]
    codes += [
        "print(f(1), end='')\n",
        "",
        "import sys\n\nprint(__file__ == sys.argv[0])",
    ]
    assert run_script(codes).outputs == ("", "", "2", "", "True\n")
    run = run_script(["print(1)\n", "print(2)\n1 / 0\n", "print(3)\n"])
    assert (run.outputs, run.line) == (("1\n", "2\n"), 5)


def test_an_import_from_the_future_in_a_later_piece_is_an_error_as_in_a_file():
    run = run_script(["print(1)\n", "from __future__ import annotations\n"])
    assert run.outputs == ("",)
    assert run.error.startswith("SyntaxError: from __future__ imports must occur")


def test_threads_that_wait_sleep_in_scripts_and_sessions():
    code = "import os\n\nprint(os.environ['OMP_WAIT_POLICY'])\n"
    assert run_script([code]).printed == "PASSIVE\n"
    assert run_page(page(code)).blocks[0].output == "PASSIVE\n"


def test_a_script_that_fails_says_where_and_why():
    run = run_script(["print(1)\n\n\ndef f():\n    1 / 0\n\n\nf()\n"])
    assert (run.printed, run.error, run.line) == (
        "1\n",
        "ZeroDivisionError: division by zero",
        5,
    )


def test_a_script_that_cannot_be_read_says_where_and_why():
    run = run_script(["x = 1\nx =\n"])
    assert (run.error, run.line) == ("SyntaxError: invalid syntax", 2)


def test_a_script_that_leaves_with_a_status_has_failed():
    assert run_script(["raise SystemExit(3)"]).error == "status 3"


def test_a_script_that_does_not_end_is_ended(monkeypatch):
    monkeypatch.setattr(module, "SCRIPT_SECONDS", 0.5)
    assert run_script(["while True:\n    pass"]).error == (
        "it had not ended after 0.5 seconds of processor time"
    )


def test_a_script_that_sleeps_is_ended_by_the_clock(monkeypatch):
    monkeypatch.setattr(module, "SCRIPT_SECONDS", 0.2)
    assert run_script(["import time\ntime.sleep(600)"]).error == (
        "it had not ended after 1 seconds by the clock"
    )


def test_a_hidden_package_cannot_be_imported():
    hidden = run_script(["import pagecheck.page"], hidden=["pagecheck"])
    assert "ModuleNotFoundError" in hidden.error
    assert run_script(["import pagecheck.page"]).error == ""


def test_a_package_of_the_project_can_be_imported_where_it_is_needed(tmp_path):
    (tmp_path / "tiny_package.py").write_text("x = 3\n", encoding="utf-8")
    code = "import tiny_package\nprint(tiny_package.x)"
    assert "ModuleNotFoundError" in run_script([code]).error
    assert run_script([code], path=[tmp_path]).printed == "3\n"
