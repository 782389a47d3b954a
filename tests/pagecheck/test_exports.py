import ast
import json
import re
from pathlib import Path

import nbformat
import pytest

from pagecheck.config import load_config
from pagecheck.directives import DIRECTIVE
from pagecheck.exports import as_markdown, as_notebook, as_percent_script
from pagecheck.page import read_page
from pagecheck.script import as_script

ROOT = Path(__file__).parents[2]
PAGES = [f for f in load_config(ROOT).page_files() if f.suffix == ".md"]
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
    ],
)
def test_a_notebook_shows_a_figure_and_not_what_its_last_call_returns(
    parse, code, expected
):
    page = parse(f"```python\n{code}\n```\n\n![A line](figures/line.svg)\n")
    (cell,) = as_notebook(page, nowhere, svg)["cells"]
    assert cell["source"] == expected


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
    script = as_percent_script(page, nowhere)
    assert ast.dump(ast.parse(script)) == ast.dump(ast.parse(as_script(page)))

    def read(target):
        return (file.parent / target).read_text("utf-8")

    notebook = json.loads(json.dumps(as_notebook(page, nowhere, read)))
    nbformat.validate(nbformat.from_dict(notebook))
    blocks = [block for block in page.blocks if block.language == "python"]
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for cell, block in zip(cells, blocks, strict=True):
        code, taken = block.code.rstrip("\n"), cell["source"]
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
