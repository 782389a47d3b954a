import ast
import json
import re
import subprocess
from pathlib import Path

import nbformat
import pytest

from pagecheck.config import load_config
from pagecheck.directives import DIRECTIVE
from pagecheck.exports import (
    as_markdown,
    as_notebook,
    as_percent_script,
    install,
    show_figures,
)
from pagecheck.page import read_page
from pagecheck.script import pieces

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


def nowhere(target):
    return None


def somewhere(target):
    return f"https://example.org/{target}"


def svg(target):
    return f"<svg>{target}</svg>"


def test_prose_loses_what_only_the_site_can_show(parse):
    prose = [
        cell["source"]
        for cell in as_notebook(parse(PAGE), nowhere, svg)["cells"]
        if cell["cell_type"] == "markdown"
    ]
    assert prose == [
        "# A title\n\nThe value is 3; see this, that `c` and `[x](y)`.\n\n**Code**",
        "> **Mind**\n>\n> It fails.",
        "The end.",
    ]


def test_links_lead_where_the_page_is_known_to_be(parse):
    first = as_notebook(parse(PAGE), somewhere, svg)["cells"][0]["source"]
    assert "[that `c`](https://example.org/other.md#x)" in first


def test_a_notebook_holds_what_the_page_shows(parse):
    notebook = as_notebook(parse(PAGE), nowhere, svg)
    nbformat.validate(nbformat.from_dict(notebook))
    first, second = (c for c in notebook["cells"] if c["cell_type"] == "code")
    assert first["source"] == "x = 3\nprint(x)"
    assert [each["output_type"] for each in first["outputs"]] == [
        "stream",
        "display_data",
    ]
    assert first["outputs"][0]["text"] == "3\n"
    assert first["outputs"][1]["data"] == {
        "image/svg+xml": "<svg>figures/line.svg</svg>",
        "text/plain": "A straight line",
    }
    assert second["metadata"]["tags"] == ["raises-exception"]
    printed, error = second["outputs"]
    assert printed["text"] == "before\n"
    assert (error["ename"], error["evalue"]) == ("ValueError", "no")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ax.legend()", "ax.legend();"),
        ('ax.set(\n    title="ŷ"\n)  # 图', 'ax.set(\n    title="ŷ"\n);  # 图'),
        ('ax.set_title("预测")  # ŷ', 'ax.set_title("预测");  # ŷ'),
        ("ax.legend()\nprint(x)", "ax.legend()\nprint(x)"),
        ("x = 3", "x = 3"),
        ("for ax in axes:\n    ax.legend()", "for ax in axes:\n    ax.legend()"),
        ("ax.legend();", "ax.legend();"),
        ("ax.legend() ;  # 图", "ax.legend() ;  # 图"),
        ("ax.plot(x); ax.legend()", "ax.plot(x); ax.legend();"),
    ],
)
def test_a_notebook_shows_a_figure_and_not_what_its_last_call_returns(
    parse, code, expected
):
    page = parse(f"```python\n{code}\n```\n\n![A line](figures/line.svg)\n")
    (cell,) = as_notebook(page, nowhere, svg)["cells"]
    assert cell["source"] == expected


def test_a_first_cell_stands_before_all_others(parse):
    notebook = as_notebook(parse(PAGE), nowhere, svg, "import sys\n")
    nbformat.validate(nbformat.from_dict(notebook))
    assert notebook["cells"][0]["source"] == "import sys"
    counts = [c["execution_count"] for c in notebook["cells"] if "outputs" in c]
    assert counts == [1, 2, 3]
    script = as_percent_script(parse(PAGE), nowhere, "import sys\n")
    assert script.startswith("# %%\nimport sys\n\n# %% [markdown]\n")


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("import matplotlib.pyplot as plt", "plt.show()\n"),
        ("from matplotlib import pyplot as p", "p.show()\n"),
        ("import os as o", "import matplotlib.pyplot\n\nmatplotlib.pyplot.show()\n"),
    ],
)
def test_a_script_ends_by_showing_the_figures_it_has_drawn(parse, code, shown):
    block = f"```python\n{code}\n```\n\n"
    image = "![A line](figures/line.svg)\n"
    assert show_figures(parse(block)) == ""
    assert show_figures(parse(block + image)) == shown
    script = as_percent_script(parse(block + image), nowhere)
    assert script == f"# %%\n{code}\n\n# %%\n{shown}"


def test_what_is_there_is_not_installed(capfd):
    exec(install("pagecheck", "no-such-wheel.whl"), {})
    with pytest.raises(subprocess.CalledProcessError):
        exec(install("no_such_package", "no-such-wheel.whl"), {})
    assert "no-such-wheel.whl" in capfd.readouterr().err


def test_a_wheel_beside_is_found_from_the_folder_of_the_script():
    code = install("no_such_package", "../x.whl", beside=True)
    assert 'wheel = str(Path(__file__).parent / "../x.whl")\n' in code
    compile(code, "script", "exec")


def test_code_without_a_figure_stands_in_a_notebook_to_the_letter(parse):
    (cell,) = as_notebook(parse("```python\nx.grad()\n```\n"), nowhere, svg)["cells"]
    assert cell["source"] == "x.grad()"


def test_a_script_has_the_prose_as_comments_and_catches_what_must_fail(parse):
    script = as_percent_script(parse(PAGE), nowhere)
    assert script.startswith("# %% [markdown]\n# # A title\n#\n# The value is 3;")
    assert '\n# %%\ntry:\n    print("before")\n' in script


def test_plain_markdown_has_neither_front_matter_nor_directives(parse):
    markdown = as_markdown(parse(PAGE))
    assert markdown.startswith("# A title { #title }\n\nThe value is 3; see")
    assert "<!--" not in markdown


@pytest.mark.parametrize("file", PAGES, ids=lambda f: str(f.relative_to(ROOT / "docs")))
def test_every_page_is_taken_along_whole(file):
    page = read_page(file)
    script = ast.parse(as_percent_script(page, nowhere))
    code = "".join(each for _, each in pieces(page))
    assert ast.dump(script) == ast.dump(ast.parse(code + show_figures(page)))

    def read(target):
        if page.holds_figures:
            return page.figures[target]
        return (file.parent / target).read_text("utf-8")

    notebook = json.loads(json.dumps(as_notebook(page, nowhere, read)))
    nbformat.validate(nbformat.from_dict(notebook))
    blocks = [block for block in page.blocks if block.language == "python"]
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for cell, block in zip(cells, blocks, strict=True):
        code, taken = block.code.rstrip("\n"), cell["source"]
        ast.parse(taken)
        if block.image and taken != code:  # one semicolon more, and nothing else
            ends = [at for at, sign in enumerate(taken) if sign == ";"]
            assert code in [taken[:at] + taken[at + 1 :] for at in ends]
        else:
            assert taken == code
    for block, cell in zip(blocks, cells, strict=True):
        shown = "".join(
            each.get("text") or "\n".join(each.get("traceback", []))
            for each in cell["outputs"]
        )
        assert shown.rstrip() == (block.output.text.rstrip() if block.output else "")
    prose = "\n".join(c["source"] for c in notebook["cells"] if c not in cells)
    prose = re.sub(r"(?ms)^(`{3,})markdown$.*?^\1$", "", prose)  # listings show them
    assert not DIRECTIVE.search(re.sub(r"`[^`]+`", "", prose))
