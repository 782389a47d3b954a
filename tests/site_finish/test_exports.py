"""A page to take along: as a notebook, as a script, as Markdown."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from pagecheck.config import load_config
from pagecheck.files import read_page
from pagecheck.page import parse_page
from pagecheck.script import pieces
from site_finish import exports
from site_finish.exports import (
    as_markdown,
    as_percent_script,
    install,
    show_figures,
)

ROOT = Path(__file__).parents[2]
PAGES = load_config(ROOT).page_files()
PAGE = """
---
description: A page.
---

# A title { #title }

The value is 3<!--= x-->; see [this](#title), [that `c`](other.md#x) and `[x](y)`.

<details markdown>
<summary>Code</summary>

```python
x = 3
print(x)
```

<!--pytest-codeblocks:expected-output-->

```text
3
```

![A straight line](figures/line.svg)

</details>

!!! note "Mind"

    It fails.

<!--pytest.mark.xfail(raises=ValueError, strict=True)-->

```python
print("before")
raise ValueError("no")
```

<!--pytest-codeblocks:expected-output-->

```text
before
ValueError: no
```

The end.
"""


def parse(text):
    return parse_page(text.lstrip(), Path("page.md"))


def nowhere(target):
    return None


def as_notebook(page, address=nowhere, read=lambda target: f"<{target}>", first=""):
    """A page's notebook, valid and as Jupyter reads it."""
    from nbformat import v4, validate  # takes seconds, which collecting need not

    written = exports.as_notebook(page, address, read, first)
    notebook = v4.reads(written)
    validate(notebook)
    return notebook


def test_prose_loses_what_only_the_site_can_show_and_links_lead_where_they_can():
    cells = as_notebook(parse(PAGE)).cells
    assert [cell.source for cell in cells if cell.cell_type == "markdown"] == [
        "# A title\n\nThe value is 3; see this, that `c` and `[x](y)`.\n\n**Code**",
        "> **Mind**\n>\n> It fails.",
        "The end.",
    ]
    known = as_notebook(parse(PAGE), lambda target: f"https://example.org/{target}")
    assert "[that `c`](https://example.org/other.md#x)" in known.cells[0].source


def test_a_notebook_holds_what_the_page_shows():
    cells = as_notebook(parse(PAGE), first="import sys\n").cells
    assert cells[0].source == "import sys"
    _, first, second = (cell for cell in cells if cell.cell_type == "code")
    assert (first.source, first.execution_count) == ("x = 3\nprint(x)", 2)
    printed, drawn = first.outputs
    assert printed.text == "3\n"
    assert drawn.data == {
        "image/svg+xml": "<figures/line.svg>",
        "text/plain": "A straight line",
    }
    assert second.metadata.tags == ["raises-exception"]
    printed, error = second.outputs
    assert printed.text == "before\n"
    assert (error.ename, error.evalue) == ("ValueError", "no")


CALLS = {
    "ax.legend()": "ax.legend();",
    'ax.set(\n    title="ŷ"\n)  # 图': 'ax.set(\n    title="ŷ"\n);  # 图',
    'ax.set_title("预测")  # ŷ': 'ax.set_title("预测");  # ŷ',
    "ax.legend()\nprint(x)": "ax.legend()\nprint(x)",
    "x = 3": "x = 3",
    "for ax in axes:\n    ax.legend()": "for ax in axes:\n    ax.legend()",
    "ax.legend();": "ax.legend();",
    "ax.legend() ;  # 图": "ax.legend() ;  # 图",
    "ax.plot(x); ax.legend()": "ax.plot(x); ax.legend();",
    "# comments alone": "# comments alone",
}


def test_a_notebook_shows_a_figure_and_not_what_its_last_call_returns():
    for code, expected in CALLS.items():
        block = f"```python\n{code}\n```\n\n"
        (cell,) = as_notebook(parse(block + "![A line](figures/line.svg)\n")).cells
        assert cell.source == expected
        (cell,) = as_notebook(parse(block)).cells
        assert cell.source == code


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("import matplotlib.pyplot as plt", "plt.show()\n"),
        ("from matplotlib import pyplot as p", "p.show()\n"),
        ("import os as o", "import matplotlib.pyplot\n\nmatplotlib.pyplot.show()\n"),
    ],
)
def test_a_script_ends_by_showing_the_figures_it_has_drawn(code, shown):
    block = f"```python\n{code}\n```\n\n"
    image = "![A line](figures/line.svg)\n"
    assert show_figures(parse(block)) == ""
    assert show_figures(parse(block + image)) == shown
    script = as_percent_script(parse(block + image), nowhere)
    assert script == f"# %%\n{code}\n\n# %%\n{shown}"


def test_a_script_has_the_prose_as_comments_and_catches_what_must_fail():
    script = as_percent_script(parse(PAGE), nowhere, "import sys\n")
    start = "# %%\nimport sys\n\n# %% [markdown]\n# # A title\n#\n# The value is 3;"
    assert script.startswith(start)
    assert '\n# %%\ntry:\n    print("before")\n' in script


def test_what_is_there_is_not_installed(capfd):
    exec(install("pagecheck", "no-such-wheel.whl"), {})
    with pytest.raises(subprocess.CalledProcessError):
        exec(install("no_such_package", "no-such-wheel.whl"), {})
    assert "no-such-wheel.whl" in capfd.readouterr().err
    code = install("no_such_package", "../x.whl", beside=True)
    assert 'wheel = str(Path(__file__).parent / "../x.whl")\n' in code
    compile(code, "script", "exec")


def test_plain_markdown_has_neither_front_matter_nor_directives():
    markdown = as_markdown(parse(PAGE))
    assert markdown.startswith("# A title { #title }\n\nThe value is 3; see")
    assert "<!--" not in markdown


def test_every_page_is_taken_along_whole():
    for file in PAGES:
        page = read_page(file)
        blocks = [*pieces(page)]
        script = as_percent_script(page, nowhere).split("# %%\n")[1:]
        taken = [ast.dump(ast.parse(code)) for code in script[: len(blocks)]]
        assert taken == [ast.dump(ast.parse(code)) for _, code in blocks], file
        cells = as_notebook(page).cells
        code_cells = [cell for cell in cells if cell.cell_type == "code"]
        for cell, (block, _) in zip(code_cells, blocks, strict=True):
            ast.parse(cell.source)
            code = block.code.rstrip("\n")
            assert cell.source.replace(";", "") == code.replace(";", ""), file
            shown = "".join(
                each.get("text") or "\n".join(each.get("traceback", []))
                for each in cell.outputs
            )
            printed = block.output.text.rstrip() if block.output else ""
            assert shown.rstrip() == printed, file
        prose = "\n".join(c.source for c in cells if c not in code_cells)
        prose = re.sub(
            r"(?ms)^(`{3,})markdown$.*?^\1$", "", prose
        )  # listings show them
        said = re.sub(r"`[^`]+`", "", prose)
        assert not re.search("<!--(=|pagecheck:|pytest)", said), file
